# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found, through the data model's own checks: what they refuse is left out, and told with path and reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...contrail.codec.scope import Scope
from ...values.faults import Fault, IntentError
from ...values.finding import ERROR
from ..design.derive import derive
from ..design.refusals import refused_objects
from ..intent.model import CHAINS, NETWORKS, ROUTERS, SERVICES
from ..intent.read import read_intent
from ..preflight.intent import intent_findings
from .described import DescribedExternal, DescribedSide, Draft

_EXTERNAL = re.compile(r"(left|right)\.external\[([0-9]+)\]")


def arguments(draft: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the variables as :func:`..intent.read_intent` takes them."""
    words = {"networks": NETWORKS, "services": SERVICES, "routers": ROUTERS, "chains": CHAINS}
    return {word: draft[variable] for word, variable in words.items()}


def agreed(draft: Draft, remarks: list[str], scope: Scope) -> Draft:
    """Return what the data model and the modules take of a draft; add a remark for each thing that is left out."""
    while faults := _faults(draft, scope):
        for fault in faults:
            remarks.append(f"left out: {fault}")
        left_out = [_left_out(draft, fault.path) for fault in faults]
        if not any(left_out):
            draft[CHAINS].clear()
        _sweep(draft)
    return draft


def _faults(draft: Draft, scope: Scope) -> list[Fault]:
    """Return what the data model, or a module that gets what follows from it, refuses."""
    try:
        intent = read_intent(**arguments(draft))
        derived = derive(intent)
    except IntentError as error:
        return list(error.faults)
    found = [each for each in intent_findings(intent, derived) if each.kind.severity == ERROR]
    faults = [Fault(each.where, str(each).removeprefix(f"{each.where}: "), each.kind) for each in found]
    return [*faults, *refused_objects(derived, scope, ("networks", "instances", "policies"))]


def _left_out(draft: Draft, path: str) -> bool:
    """Leave out what a path leads to, with all that needs it; tell whether anything was."""
    variable, name, rest = _place(draft, path)
    if variable == CHAINS:
        found = _EXTERNAL.match(rest)
        if found is None:
            return draft[CHAINS].pop(name, None) is not None
        external = draft[CHAINS][name][found[1]].get("external") or []
        index = int(found[2])
        if index >= len(external) or external[index] is None:
            return False
        external[index] = None  # the places of the others must not move yet
        return True
    if variable == ROUTERS:
        return _without_router(draft, name)
    if variable in (NETWORKS, SERVICES):
        needing = [chain for chain, described in draft[CHAINS].items() if name in _needs(draft, described, variable)]
        for chain in needing:
            del draft[CHAINS][chain]
        return bool(needing)
    return False


def _place(draft: Draft, path: str) -> tuple[str, str, str]:
    """Return variable and name that a path begins with, and the rest of it; names may have dots."""
    for variable, entries in draft.items():
        fitting = [name for name in entries if f"{path}.".startswith(f"{variable}.{name}.")]
        if fitting:
            name = max(fitting, key=len)
            return variable, name, path[len(variable) + len(name) + 2 :]
    return "", "", ""


def _needs(draft: Draft, chain: Mapping[str, Any], variable: str) -> set[str]:
    """Return the networks, or the services, that a chain needs."""
    services = set(chain["services"])
    if variable == SERVICES:
        return services
    ends = {chain[side]["network"] for side in ("left", "right")}
    return ends.union(*((draft[SERVICES].get(each) or {}).get("networks", {}).values() for each in services))


def _externals(draft: Draft) -> Iterator[tuple[DescribedSide, list[DescribedExternal]]]:
    for chain in draft[CHAINS].values():
        for side in ("left", "right"):
            yield chain[side], [each for each in chain[side].get("external") or () if each is not None]


def _without_router(draft: Draft, name: str) -> bool:
    """Leave out a router with what is behind it."""
    if draft[ROUTERS].pop(name, None) is None:
        return False
    for chain in draft[CHAINS].values():
        for side in ("left", "right"):
            if "external" in chain[side]:
                chain[side]["external"] = [_elsewhere(each, name) for each in chain[side]["external"]]
    return True


def _elsewhere(external: DescribedExternal | None, router: str) -> DescribedExternal | None:
    """Return an external prefix as it is behind other routers, None where there is no other.

    Lists keep their length, for the places of the others must not move yet.
    """
    if external is None:
        return None
    routers = [each for each in external.get("routers", ()) if each != router]
    return {**external, "routers": routers} if routers else None


def _sweep(draft: Draft) -> None:
    """Take out what nothing needs any more."""
    for side, externals in _externals(draft):
        side["external"] = [*externals]
        if not externals:
            del side["external"]
    chains = list(draft[CHAINS].values())
    for variable in (SERVICES, NETWORKS):
        needed = _union(_needs(draft, chain, variable) for chain in chains)
        draft[variable] = {name: each for name, each in draft[variable].items() if name in needed}
    behind = [each for _side, externals in _externals(draft) for each in externals]
    used = _union(set(each.get("routers", draft[ROUTERS])) for each in behind)
    draft[ROUTERS] = {name: _router(draft, each) for name, each in draft[ROUTERS].items() if name in used}


def _router(draft: Draft, router: Mapping[str, Any]) -> Mapping[str, Any]:
    vrfs = {network: vrf for network, vrf in router.get("vrfs", {}).items() if network in draft[NETWORKS]}
    rest = {key: value for key, value in router.items() if key != "vrfs"}
    return {**rest, "vrfs": vrfs} if vrfs else rest


def _union(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)
