# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a configuration has of VRFs and filters, in the shape of a task's input."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..model import filter as steer
from ..model import vrf as routing
from ..model.filter import Place
from ..model.gathered import TermPlace
from ..model.statement import Statement


def overview(configuration: Statement, names: Iterable[str], places: Iterable[Place]) -> Mapping[str, Any]:
    """Return VRFs and filters in effect, for ``before`` and ``after``: filters with the order of their terms."""
    configuration = configuration.in_effect()
    steering = _steering_by_vrf(configuration)
    vrfs = [_gather_vrf(configuration, name, steering) for name in dict.fromkeys(names)]
    for vrf in vrfs:
        for term in vrf.get("steering", []) if vrf else []:
            del term["priority"]
    shown = [
        {
            "name": place[1],
            "family": place[0],
            "interfaces": steer.bound_units(configuration, place),
            "terms": [term.name for term in holder.all("term")],
        }
        for place in sorted(set(places))
        if (holder := steer.find_filter(configuration, place)) is not None
    ]
    return {"config": [vrf for vrf in vrfs if vrf], "filters": shown}


def config_without_terms(
    configuration: Statement, goes: Mapping[str, Collection[TermPlace]]
) -> list[Mapping[str, Any]]:
    """Return the ``config`` that, with state ``replaced``, takes steering terms out of VRFs and leaves all else.

    ``goes`` has the terms by VRF; a VRF that has none of them is not in the result.
    """
    configuration = configuration.in_effect()
    steering = _steering_by_vrf(configuration)
    found: list[Mapping[str, Any]] = []
    for name, places in goes.items():
        vrf = _gather_vrf(configuration, name, steering)
        kept = [term for term in vrf.get("steering", ()) if _place_of(term) not in places]
        if len(kept) < len(vrf.get("steering", ())):
            found.append({**vrf, "steering": kept})
    return found


def _place_of(term: Mapping[str, Any]) -> TermPlace:
    return term["family"], term["filter"], term["name"]


def _steering_by_vrf(configuration: Statement) -> dict[str, list[Mapping[str, Any]]]:
    """Return all steering terms by the VRF they feed, with a priority that says their place in the filter."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for place, holder in steer.filters(configuration):
        for n, term in enumerate(holder.all("term")):
            fed = steer.target_vrf(term)
            if fed is not None:
                found.setdefault(fed, []).append(steer.present_term(term, place, 10 * (n + 1)))
    return found


def _gather_vrf(
    configuration: Statement, name: str, steering: Mapping[str, list[Mapping[str, Any]]]
) -> Mapping[str, Any]:
    holder = routing.instance(configuration, name)
    if holder is None:
        return {}
    shown = routing.present_vrf(routing.read_vrf(holder))
    return {**shown, "steering": steering[name]} if name in steering else shown
