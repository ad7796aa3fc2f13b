# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects that the official client made, with all its nulls and defaults, are found as they are meant."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from integration.contrail.bed import Controller

vnc_api = pytest.importorskip("vnc_api.vnc_api")

PROJECT = ["default-domain", "default-project"]


@pytest.fixture
def official(contrail: Controller) -> Any:
    """The official client, connected to the lab."""
    url = urlsplit(contrail.url)
    return vnc_api.VncApi(api_server_host=url.hostname, api_server_port=url.port, auth_type="noauth")


def make_network(official: Any, name: str, prefix: str) -> Any:
    project = official.project_read(PROJECT)
    network = vnc_api.VirtualNetwork(
        name,
        project,
        virtual_network_properties=vnc_api.VirtualNetworkType(forwarding_mode="l3", rpf="enable"),
        route_target_list=vnc_api.RouteTargetList(["target:64512:77"]),
        router_external=False,
        port_security_enabled=True,
    )
    subnet = vnc_api.IpamSubnetType(subnet=vnc_api.SubnetType(prefix, 24), default_gateway=prefix[:-1] + "1")
    ipam = official.network_ipam_read([*PROJECT, "default-network-ipam"])
    network.add_network_ipam(ipam, vnc_api.VnSubnetsType([subnet]))
    official.virtual_network_create(network)
    return network


def unchanged(contrail: Controller, module: str, config: list[dict[str, Any]]) -> None:
    written = contrail.writes
    for check in (True, False):
        result = contrail.run(module, config, check=check)
        assert result["changed"] is False, result["diff"]
    assert contrail.writes == written


def test_a_network(contrail: Controller, official: Any) -> None:
    make_network(official, "vn1", "10.77.0.0")

    unchanged(
        contrail,
        "contrail_vn",
        [
            {
                "name": "vn1",
                "subnets": [
                    {
                        "cidr": "10.77.0.0/24",
                        "gateway": "10.77.0.1",
                        "enable_dhcp": True,
                        "allocate_from_start": False,
                        "allocation_pools": [],
                        "host_routes": [],
                    }
                ],
                "route_targets": ["64512:77"],
                "import_route_targets": [],
                "forwarding_mode": "l3",
                "allow_transit": False,
                "rpf": "enable",
                "external": False,
                "shared": False,
                "port_security": True,
                "flood_unknown_unicast": False,
                "multi_policy_service_chains": False,
                "annotations": {},
            }
        ],
    )


def test_a_policy_and_its_attachment(contrail: Controller, official: Any) -> None:
    networks = [make_network(official, f"vn{n}", f"10.{n}.0.0") for n in (1, 2)]
    addresses = [vnc_api.AddressType(virtual_network=":".join([*PROJECT, f"vn{n}"])) for n in (1, 2)]
    rule = vnc_api.PolicyRuleType(
        direction="<>",
        protocol="any",
        src_addresses=addresses[:1],
        dst_addresses=addresses[1:],
        src_ports=[vnc_api.PortType(-1, -1)],
        dst_ports=[vnc_api.PortType(80, 80)],
        action_list=vnc_api.ActionListType(simple_action="pass"),
    )
    project = official.project_read(PROJECT)
    policy = vnc_api.NetworkPolicy("p", project, network_policy_entries=vnc_api.PolicyEntriesType([rule]))
    official.network_policy_create(policy)
    for network in networks:
        network.add_network_policy(policy, vnc_api.VirtualNetworkPolicyType(vnc_api.SequenceType(1, 0)))
        official.virtual_network_update(network)

    unchanged(
        contrail,
        "contrail_policy",
        [
            {
                "name": "p",
                "rules": [
                    {"source": [{"network": "vn1"}], "destination": [{"network": "vn2"}], "destination_ports": [80]}
                ],
                "networks": [{"name": "vn1", "sequence": {"major": 1}}, {"name": "vn2"}],
            }
        ],
    )


def test_a_service_with_its_template_ports_and_tuple(contrail: Controller, official: Any) -> None:
    networks = {n: make_network(official, n, f"10.{n[-1]}.0.0") for n in ("vn1", "vn2")}
    project = official.project_read(PROJECT)
    types = [vnc_api.ServiceTemplateInterfaceType(service_interface_type=side) for side in ("left", "right")]
    template = vnc_api.ServiceTemplate(
        "fw",
        official.domain_read(PROJECT[:1]),
        service_template_properties=vnc_api.ServiceTemplateType(
            version=2, service_mode="in-network", service_type="firewall", interface_type=types
        ),
    )
    official.service_template_create(template)
    names = [":".join([*PROJECT, name]) for name in networks]
    service = vnc_api.ServiceInstance(
        "s1",
        project,
        service_instance_properties=vnc_api.ServiceInstanceType(
            interface_list=[vnc_api.ServiceInstanceInterfaceType(virtual_network=name) for name in names]
        ),
    )
    service.set_service_template(template)
    official.service_instance_create(service)
    port_tuple = vnc_api.PortTuple("t1", service)
    official.port_tuple_create(port_tuple)
    for side, network in zip(("left", "right"), networks.values(), strict=True):
        port = vnc_api.VirtualMachineInterface(
            side,
            project,
            virtual_machine_interface_properties=vnc_api.VirtualMachineInterfacePropertiesType(side),
        )
        port.set_virtual_network(network)
        port.add_port_tuple(port_tuple)
        official.virtual_machine_interface_create(port)
    contrail.settle()

    unchanged(
        contrail,
        "contrail_service_template",
        [
            {
                "name": "fw",
                "version": 2,
                "mode": "in-network",
                "type": "firewall",
                "virtualization": "virtual-machine",
                "interfaces": ["left", "right"],
            }
        ],
    )
    unchanged(
        contrail,
        "contrail_service_instance",
        [
            {
                "name": "s1",
                "template": "fw",
                "interfaces": [{"type": "right", "network": "vn2"}, {"type": "left", "network": "vn1"}],
                "port_tuples": [{"name": "t1", "ports": {"left": "left", "right": "right"}}],
            }
        ],
    )
    unchanged(contrail, "contrail_port", [{"name": "left", "network": "vn1", "addresses": []}])


def test_what_a_module_wrote_the_official_client_reads(contrail: Controller, official: Any) -> None:
    contrail.run(
        "contrail_vn",
        [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24"}], "route_targets": ["64512:1"], "allow_transit": True}],
    )

    network = official.virtual_network_read([*PROJECT, "vn1"])

    assert network.get_route_target_list().get_route_target() == ["target:64512:1"]
    assert network.get_virtual_network_properties().get_allow_transit() is True
    assert network.get_parent_fq_name() == PROJECT
