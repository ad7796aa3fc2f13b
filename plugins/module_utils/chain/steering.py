# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steering taken back from chains that do not stand, and steering held back until they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

JsonDict = dict[str, Any]
Place = tuple[str, str, str]
"""Where a steering term is: address family, filter and name."""

# Ansible's own mask for secrets in results.
MASK = "********"


def withdrawal(
    before: Mapping[str, Any], after: Mapping[str, Any], terms: Iterable[Mapping[str, Any]] | None = None
) -> list[JsonDict]:
    """Return the ``config`` that, with state ``replaced``, takes out the steering terms of one change.

    :param before: state before the change, ``{config, filters}`` as ``vmx_vrf`` returns it.
    :param after: state after it.
    :param terms: ``{filter, family, name}`` of the terms to take out, if the change added them; all that it added, if
        null.
    :returns: the VRFs that got such terms, as they are after the change but with the terms from before, or without
        those of ``terms``; the terms that stay keep their order.
    :raises ValueError: if a secret's text hides part of a name.
    """
    old_terms = {vrf["name"]: list(vrf.get("steering") or []) for vrf in before.get("config") or []}
    goes = None if terms is None else {_place(term) for term in terms}
    order = _order(before if goes is None else after)
    taken_back: list[JsonDict] = []
    for vrf in after.get("config") or []:
        old, now = old_terms.get(vrf["name"], []), vrf.get("steering") or []
        known = {_place(term) for term in old}
        added = {_place(term) for term in now} - known
        leaving = added if goes is None else added & goes
        if not leaving:
            continue
        stay = old if goes is None else [term for term in now if _place(term) not in leaving]
        if MASK in repr(vrf):
            raise ValueError(f"VRF {vrf['name']} shows a secret's mask; take its steering terms out by hand")
        steering = [{**term, "priority": order.get(_place(term), 100)} for term in stay]
        taken_back.append({**vrf, "steering": steering})
    return taken_back


def held_back(
    config: Iterable[Mapping[str, Any]],
    standing: Mapping[str, Any],
    terms: Iterable[Mapping[str, Any]] | None = None,
) -> list[JsonDict]:
    """Return a ``config`` of ``vmx_vrf`` that neither adds nor changes steering terms.

    :param config: the VRFs as they are to be.
    :param standing: state of the router, ``{config, filters}`` as ``vmx_vrf`` gathers it.
    :param terms: ``{filter, family, name}`` of the terms to hold back; all, if null.
    :returns: the VRFs, where a term that is held back is as the router has it, or is missing as it is there. It has the
        priority that it is to have.
    :raises ValueError: if a secret's text hides part of a name.
    """
    stand = {vrf["name"]: vrf.get("steering") or () for vrf in standing.get("config") or ()}
    held = None if terms is None else {_place(term) for term in terms}
    kept: list[JsonDict] = []
    for vrf in config:
        there = {_place(term): term for term in stand.get(vrf["name"], ())}
        steering: list[Mapping[str, Any]] = []
        for term in vrf.get("steering") or ():
            if held is not None and _place(term) not in held:
                steering.append(term)
            elif _place(term) in there:
                steering.append(_as_it_stands(term, there[_place(term)]))
        kept.append({**vrf, "steering": steering} if vrf.get("steering") is not None else {**vrf})
    return kept


def _as_it_stands(term: Mapping[str, Any], there: Mapping[str, Any]) -> Mapping[str, Any]:
    if MASK in repr(there):
        raise ValueError(f"steering term {term['name']} shows a secret's mask; take the secret's text out of its names")
    return {**there, **({"priority": term["priority"]} if "priority" in term else {})}


def _order(state: Mapping[str, Any]) -> dict[Place, int]:
    """Return priorities that put the terms of a state into the order that they have there."""
    return {
        (each["family"], each["name"], term): 10 * place
        for each in state.get("filters") or []
        for place, term in enumerate(each["terms"], start=1)
    }


def _place(term: Mapping[str, Any]) -> Place:
    return term.get("family") or "inet", term["filter"], term["name"]
