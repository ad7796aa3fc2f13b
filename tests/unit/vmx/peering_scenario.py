# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference's peering as the input of ``vmx_peering``, for a router that no device manager owns."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import peering_plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.edit import RouterPlan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from unit.vmx.scenario import inherited

NAME = "_contrail_asn-64512"
POLICY = "_contrail_ibgp_export_policy"

PEERING: dict[str, Any] = {
    "name": NAME,
    "type": "internal",
    "local_address": "172.31.10.57",
    "hold_time": 90,
    "families": ["inet-vpn", "inet6-vpn", "evpn", "route-target"],
    "export_policies": [POLICY],
    "next_hop_self": ["inet-vpn", "inet6-vpn"],
    "neighbors": [{"address": "172.31.4.76", "peer_as": 64512}],
    "tunnels": {
        "source_address": "172.31.10.57",
        "encapsulation": "gre",
        "destinations": ["172.31.10.155/32", "172.31.10.57/32", "172.31.4.76/32"],
    },
}
ROUTER: dict[str, Any] = {
    "tunnel_services": [{"fpc": 0, "pic": 0}],
    "router_id": "172.31.10.57",
    "route_distinguisher_id": "172.31.10.57",
    "autonomous_system": 64512,
}


def peering(**values: Any) -> dict[str, Any]:
    """Return the peering with other values; None leaves an option out."""
    made = {**deepcopy(PEERING), **values}
    return {name: value for name, value in made.items() if value is not None}


def router_of(text: str) -> Statement:
    """Return a router with these sections of configuration."""
    return xml.parse_configuration(f"<configuration>{text}</configuration>")


def plan(own: Statement, state: str, config: Any = None, router: Any = None) -> RouterPlan:
    """Return the plan of a call against a router."""
    return peering_plan.parse_peering_request(state, config, router).plan(own, inherited(own))


def peered() -> Statement:
    """Return a router as the reference's peering leaves it, without any configuration group."""
    request = peering_plan.parse_peering_request("rendered", [PEERING], ROUTER)
    return peering_plan.render_peering(request)
