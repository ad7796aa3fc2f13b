# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking back the steering that a run has added to a router."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JsonDict = dict[str, Any]

# Ansible's own mask for secrets in results.
MASK = "********"


def withdrawal(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[JsonDict]:
    """Return the ``config`` that, with state ``replaced``, takes out the steering terms of one change.

    :param before: state before the change, ``{config, filters}`` as ``vmx_vrf`` returns it.
    :param after: state after it.
    :returns: the VRFs that got terms, as they are after the change but with the terms from before; the
        terms that stay keep their order.
    :raises ValueError: if a secret's text hides part of a name.
    """
    old_terms = {vrf["name"]: list(vrf.get("steering") or []) for vrf in before.get("config") or []}
    order = {
        (each["family"], each["name"], term): 10 * place
        for each in before.get("filters") or []
        for place, term in enumerate(each["terms"], start=1)
    }
    taken_back: list[JsonDict] = []
    for vrf in after.get("config") or []:
        stay = old_terms.get(vrf["name"], [])
        known = [_place(term) for term in stay]
        if all(_place(term) in known for term in vrf.get("steering") or []):
            continue
        if MASK in repr(vrf):
            raise ValueError(f"VRF {vrf['name']} shows a secret's mask; take its steering terms out by hand")
        steering = [{**term, "priority": order.get(_place(term), 100)} for term in stay]
        taken_back.append({**vrf, "steering": steering})
    return taken_back


def _place(term: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return term["family"], term["filter"], term["name"]
