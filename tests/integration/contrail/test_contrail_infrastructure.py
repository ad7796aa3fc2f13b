# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Control nodes and compute nodes as the API holds them, which takes any text for an address."""

from __future__ import annotations

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.transport import (
    HttpSettings,
    RequestsTransport,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.infrastructure import read_infrastructure
from contract.lab_server import running_server

FABRIC = ["default-domain", "default-project", "ip-fabric", "__default__"]
SYSTEM = ["default-global-system-config"]
SPEAKERS = {"c1": "10.0.0.1", "c2": "control2.example.org", "c3": None, "c4": "2001:DB8::0001"}


def test_what_is_no_address_is_left_out() -> None:
    with running_server() as server:
        for name, address in SPEAKERS.items():
            parameters = {"router_type": "control-node", "autonomous_system": 64512}
            parameters |= {} if address is None else {"address": address}
            parent = {"fq_name": [*FABRIC, name], "parent_type": "routing-instance"}
            server.store.create("bgp-router", {**parent, "bgp_router_parameters": parameters})
        for name, address in {"compute1": "10.0.0.11", "compute2": "compute2"}.items():
            parent = {"fq_name": [*SYSTEM, name], "parent_type": "global-system-config"}
            server.store.create("virtual-router", {**parent, "virtual_router_ip_address": address})

        found = read_infrastructure(ApiClient([server.url], RequestsTransport(HttpSettings())))

    assert sorted(found.control_nodes) == ["10.0.0.1", "2001:db8::1"]
    assert {each.name: each.address for each in found.computes} == {"compute1": "10.0.0.11", "compute2": ""}
    assert found.hidden == ()
