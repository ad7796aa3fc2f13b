# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stored object holds, and whose it is."""

from __future__ import annotations

from ..codec.codec import Pairs, get_path
from ..codec.scope import Json, Value
from ..kinds import OWNER_KEY
from ..kinds.entity import Entity


def is_owned(stored: Json, owner: str) -> bool:
    """Tell whether a task may delete an object: without an owner any, else those that carry it."""
    return not owner or Pairs().decode(get_path(stored, ["annotations"])).get(OWNER_KEY) == owner


def stored_values(entity: Entity, stored: Json) -> dict[str, Value]:
    """Return what an object holds in declared fields, by option and without secrets."""
    shown: dict[str, Value] = {}
    for item in entity.fields:
        value = item.clean(item.codec.decode(get_path(stored, item.api)))
        if value is not None and not (item.absence.own_name and value == stored["fq_name"][-1]):
            shown[item.option] = item.shown(value)
    for reference in entity.references:
        targets = reference.decode(stored.get(reference.api))
        if targets:
            shown[reference.option] = reference.shown(targets)
    return shown
