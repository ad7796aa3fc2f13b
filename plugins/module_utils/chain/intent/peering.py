# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a router's peering in the data model to what the modules take for its two ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from .model import Peering, Router
from .options import given

CONTRAIL_FAMILIES = {
    "inet": "inet",
    "inet-vpn": "inet-vpn",
    "inet6": "inet6",
    "inet6-vpn": "inet6-vpn",
    "evpn": "e-vpn",
    "route-target": "route-target",
}
"""What Contrail calls the address families of Junos; it knows no others."""

_GROUP = (
    "name", "local_address", "hold_time", "multihop", "families", "export_policies", "next_hop_self", "neighbors",
    "tunnels",
)  # fmt: skip
_FACTS = ("tunnel_services", "router_id", "route_distinguisher_id", "autonomous_system", "ipv6_tunneling")


def router_peering(router: Router) -> Mapping[str, Any]:
    """Return ``config`` and ``router`` of the module ``vmx_peering``; both are empty for a router without a peering.

    What is made is marked, so that a removal can tell it from what others made.
    """
    if router.peering is None:
        return {"config": [], "router": {}}
    options = given(asdict(router.peering))
    group = {key: options[key] for key in _GROUP if key in options}
    kind = router.peering.type or _certain_type(router.peering)
    return {
        "config": [{**group, **({"type": kind} if kind else {}), "mark": True}],
        "router": {key: options[key] for key in _FACTS if key in options},
    }


def contrail_bgp_router(router: Router) -> Mapping[str, Any] | None:
    """Return the item of ``contrail_bgp_router`` for a router; None where the data model has none made."""
    peering = router.peering
    if peering is None or peering.bgp_router is None:
        return None
    return {
        "name": peering.bgp_router.name or router.name,
        "address": peering.local_address,
        "identifier": peering.router_id or peering.local_address,
        "autonomous_system": str(peering.autonomous_system),
        "router_type": "router",
        "vendor": peering.bgp_router.vendor,
        "families": [CONTRAIL_FAMILIES[each] for each in peering.families if each in CONTRAIL_FAMILIES],
        "control_nodes": True,
    }


def _certain_type(peering: Peering) -> str | None:
    """Return the type of the BGP group where the numbers of autonomous systems leave no doubt."""
    numbers = {neighbor.peer_as for neighbor in peering.neighbors}
    own = peering.autonomous_system
    return "external" if own is not None and numbers.isdisjoint({None, own}) else None
