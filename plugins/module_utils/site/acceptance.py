# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules would refuse of what a site gives them, found by their own parsing before anything is written.

Everything that follows from the data model, and the ports that are given beside it, goes through the same parsers as in
the modules that carry it out: so nothing is refused halfway.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..chain.design.design import Design, RouterDesign
from ..chain.design.origins import Origins
from ..chain.design.refusals import refused, refused_objects
from ..chain.findings.router import ROUTER_REFUSES
from ..chain.intent.model import PORTS, ROUTERS, Intent
from ..chain.preflight.intent import request_of
from ..contrail.codec.scope import Scope
from ..contrail.kinds import ENTITIES
from ..values.faults import KEY_UNKNOWN, Fault
from ..values.hints import nearest
from ..values.option_spec import OptionSpecs
from ..values.reading import shown_key
from ..vmx.model.field import ConfigError
from ..vmx.model.statement import Statement
from ..vmx.plan.peering_plan import parse_peering_request

PORT = "virtual-machine-interface"


def refusals(intent: Intent, derived: Design, ports: Any = (), *, planned: bool = False) -> Iterator[Fault]:
    """Yield what modules would refuse of a design and of the given ports.

    The path is that of the data model, and ends where the data model does; the text says which option of the module.

    :param planned: also what only a plan finds. It takes as long as the design itself, so it is left to preflight.
    """
    yield from _refused_ports(list(ports or ()), planned=planned)
    yield from refused_objects(derived, Scope(), planned=planned)
    origins = Origins(intent)
    for name, described in derived.routers.items():
        yield from _refused_statements(origins, name, described)


def _refused_statements(origins: Origins, router: str, described: RouterDesign) -> Iterator[Fault]:
    peering = described.peering
    try:
        request_of(described)
    except ConfigError as error:
        path, option = origins.of_option(router, described, error.path)
        yield Fault(path, f"{option}: {error.reason}" if option else error.reason, ROUTER_REFUSES)
    try:
        if peering["config"] or peering["router"]:
            request = parse_peering_request("merged", peering["config"], peering["router"])
            request.plan(Statement("configuration"), None)
    except ConfigError as error:
        option = error.path.removeprefix("config[0]").removeprefix("router").lstrip(".")
        yield Fault(f"{ROUTERS}.{router}.peering" + (f".{option}" if option else ""), error.reason, ROUTER_REFUSES)


# --- ports, which are given in the module's own words -----------------------------------------------------------------


def _refused_ports(ports: Sequence[Any], *, planned: bool) -> Iterator[Fault]:
    entity = ENTITIES[PORT]
    spec = entity.item_spec()
    unknown = [
        fault
        for place, item in enumerate(ports)
        if isinstance(item, Mapping)
        for fault in _unknown_keys(item, spec, f"{PORTS}[{place}]")
    ]
    yield from unknown
    if unknown or not all(isinstance(item, Mapping) for item in ports):
        return
    converted: dict[int, Mapping[str, Any]] = {}
    for place, item in enumerate(ports):
        reasons, converted[place] = _converted(item, spec)
        if reasons:
            del converted[place]
            yield from (Fault(f"{PORTS}[{place}]", reason) for reason in reasons)
    places = list(converted)
    for number, rest, reason in refused(entity, list(converted.values()), Scope(), planned=planned):
        yield Fault(f"{PORTS}[{places[number]}]" + (f".{rest}" if rest else ""), reason)


def _unknown_keys(item: Mapping[str, Any], spec: OptionSpecs, path: str) -> Iterator[Fault]:
    for key, value in item.items():
        here = f"{path}.{shown_key(key)}"
        if key not in spec:
            yield Fault(here, f"unknown key{nearest(shown_key(key), spec)}", KEY_UNKNOWN)
            continue
        options = spec[key].get("options")
        for place, part in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if options and isinstance(part, Mapping):
                yield from _unknown_keys(part, options, here if place is None else f"{here}[{place}]")


def _converted(item: Mapping[str, Any], spec: OptionSpecs) -> tuple[list[str], Mapping[str, Any]]:
    """Return what Ansible says to an item, and the item as the module gets it."""
    try:
        result = ArgumentSpecValidator(spec).validate(dict(item))
    except (TypeError, AttributeError, ValueError, OverflowError):
        return ["has a value of a type that the module does not take"], item
    return list(result.error_messages), result.validated_parameters
