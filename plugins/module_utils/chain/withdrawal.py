# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking back the steering that a run has added to a router."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

JsonDict = dict[str, Any]

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


def _order(state: Mapping[str, Any]) -> dict[tuple[Any, Any, Any], int]:
    """Return priorities that put the terms of a state into the order that they have there."""
    return {
        (each["family"], each["name"], term): 10 * place
        for each in state.get("filters") or []
        for place, term in enumerate(each["terms"], start=1)
    }


def _place(term: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return term["family"], term["filter"], term["name"]
