# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The uuids that references in requests carry. Pure; the client knows the uuids.

A reference by name is enough for most kinds. For some the API server looks its target up by the uuid that was
sent, and answers with a status 500 (``KeyError: 'uuid'``) where there is none: the parent port of a port with a
VLAN tag, the ports and BGP VPNs of a logical router, the sub-cluster of a BGP router, the zone of a BGP service.
Without a name it answers so too. So all references carry both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..codec.scope import Json
from ..codec.values import FqName, joined, split_name
from ..kinds.config import Key

FindUuid = Callable[[Key], str]
"""Returns the uuid of an object, "" where it has none (yet)."""


def reference_key(kind: str, name: FqName | list[str]) -> Key:
    """Return an object by kind and name; some answers split the name of a route target at its colons."""
    return (kind, split_name(kind, joined(name)))


def identified(body: Mapping[str, Json], find: FindUuid) -> dict[str, Json]:
    """Return what a creation or update sends, each reference with the uuid of its target.

    A target without uuid is left to its name, so that the server says what is wrong with it.
    """
    return {
        field: [_identified(field, reference, find) for reference in value]
        if field.endswith("_refs") and isinstance(value, list)
        else value
        for field, value in body.items()
    }


def _identified(field: str, reference: Mapping[str, Json], find: FindUuid) -> dict[str, Json]:
    if "uuid" in reference:
        return dict(reference)
    uuid = find(reference_key(field.removesuffix("_refs").replace("_", "-"), reference["to"]))
    return {**reference, "uuid": uuid} if uuid else dict(reference)
