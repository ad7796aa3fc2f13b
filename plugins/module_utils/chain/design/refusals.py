# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of Contrail that follow from the data model, through the parsing of the modules that will get them.

Pure Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...contrail.codec.errors import InvalidConfigError
from ...contrail.codec.scope import Scope
from ...contrail.kinds import ENTITIES
from ...contrail.kinds.config import parse_config
from ...contrail.kinds.entity import Entity
from ...contrail.plan.rehearsal import rehearse
from ...values.faults import Fault
from ..intent.model import CHAINS, NETWORKS, ROUTERS, SERVICES
from .design import Design

DERIVED: Mapping[str, tuple[str, str]] = {
    "networks": (NETWORKS, "virtual-network"),
    "templates": (SERVICES, "service-template"),
    "instances": (SERVICES, "service-instance"),
    "policies": (CHAINS, "network-policy"),
    "bgp_routers": (ROUTERS, "bgp-router"),
}
"""What is derived for Contrail: the variable that it comes from, and its kind."""

EVERY_LIST = tuple(DERIVED)

_ITEM = re.compile(r"config\[(?P<place>[0-9]+)\]\.?(?P<rest>.*)", re.DOTALL)


def refused_objects(
    derived: Design, scope: Scope, lists: Iterable[str] = EVERY_LIST, *, planned: bool = False
) -> Iterator[Fault]:
    """Yield what modules would refuse of some lists of a design.

    The path is that of the variable, and ends where the data model does; the text says which option of the module.
    """
    for what in lists:
        variable, kind = DERIVED[what]
        for place, rest, reason in refused(ENTITIES[kind], derived.config(what), scope, planned=planned):
            name = str(derived.config(what)[place]["name"]).rpartition(":")[2]
            yield Fault(f"{variable}.{name}", f"{kind}: {rest}: {reason}" if rest else f"{kind}: {reason}")


def refused(
    entity: Entity, items: Sequence[Mapping[str, Any]], scope: Scope, *, planned: bool = False
) -> Iterator[tuple[int, str, str]]:
    """Yield the place of each item that is refused, the path below it, and why.

    ``planned``: also what only planning finds, as in check mode on a controller that has nothing yet.
    """
    faults: Sequence[Fault]
    try:
        parsed = parse_config(entity, items, scope)
        faults = rehearse(entity, parsed, scope) if planned else []
    except InvalidConfigError as error:
        faults = error.faults
    for fault in faults:
        match = _ITEM.fullmatch(fault.path)
        place, rest = (int(match["place"]), match["rest"]) if match else (0, fault.path)
        yield place, rest, fault.text.replace(f"config[{place}].", "")
