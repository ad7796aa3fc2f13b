# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twelve steps for each kind: create, modify, delete; each checked, done, checked again, done again."""

from __future__ import annotations

from typing import Any

import pytest
from integration.contrail.bed import Controller, twelve_steps

NETWORKS = [
    {"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24"}]},
    {"name": "vn2", "subnets": [{"cidr": "10.0.2.0/24"}]},
    {"name": "vn3", "subnets": [{"cidr": "10.0.3.0/24"}]},
]
PORTS = [
    {"name": "left", "network": "vn1", "addresses": ["10.0.1.4"]},
    {"name": "right", "network": "vn2", "addresses": ["10.0.2.4"]},
    {"name": "spare", "network": "vn1", "addresses": ["10.0.1.9"]},
]
TEMPLATE = [{"name": "firewall", "mode": "in-network", "interfaces": ["left", "right"]}]
SERVICE = [
    {
        "name": "fw",
        "template": "firewall",
        "interfaces": [{"type": "left", "network": "vn1"}, {"type": "right", "network": "vn2"}],
        "port_tuples": [{"name": "t1", "ports": {"left": "left", "right": "right"}}],
    }
]
CONTROL_NODE = {"name": "c1", "address": "10.0.0.2", "autonomous_system": 64512, "router_type": "control-node"}
RULE = {"source": [{"network": "vn1"}], "destination": [{"network": "vn2"}]}

Step = tuple[str, list[dict[str, Any]]]

KINDS: dict[str, tuple[str, str, list[Step], list[dict[str, Any]], list[dict[str, Any]]]] = {
    "network": (
        "contrail_vn",
        "virtual-network",
        [],
        [
            {
                "name": "n",
                "subnets": [{"cidr": "10.9.0.0/24", "gateway": "10.9.0.1", "enable_dhcp": True}],
                "route_targets": ["64512:1", "10.1.1.1:5"],
                "allow_transit": True,
                "rpf": "disable",
                "description": "first",
                "annotations": {"a": "1", "b": "2"},
            }
        ],
        [
            {
                "name": "n",
                "subnets": [
                    {"cidr": "10.9.1.0/24", "host_routes": [{"prefix": "0.0.0.0/0", "next_hop": "10.9.1.9"}]},
                    {"cidr": "10.9.0.0/24", "dns_server": "10.9.0.7", "enable_dhcp": False},
                ],
                "route_targets": ["64512:2"],
                "export_route_targets": ["64512:3"],
                "allow_transit": False,
                "vxlan_network_identifier": 77,
                "shared": True,
                "annotations": {"a": None, "c": "3"},
                "unset": ["description", "rpf"],
            }
        ],
    ),
    "policy": (
        "contrail_policy",
        "network-policy",
        [("contrail_vn", NETWORKS)],
        [{"name": "n", "rules": [RULE], "networks": [{"name": "vn1"}, {"name": "vn2"}]}],
        [
            {
                "name": "n",
                "rules": [
                    {**RULE, "protocol": "TCP", "destination_ports": ["80", "8000-8080"], "direction": ">"},
                    RULE,
                    {"source": [{"any": True}], "destination": [{"subnet": "10.0.0.0/8"}], "action": "deny"},
                ],
                "networks": [{"name": "vn1", "sequence": {"major": 3, "minor": 1}}, {"name": "vn3"}],
                "display_name": "N",
            }
        ],
    ),
    "template": (
        "contrail_service_template",
        "service-template",
        [],
        [{"name": "n", "mode": "in-network", "interfaces": ["left", "right"]}],
        [
            {
                "name": "n",
                "mode": "in-network-nat",
                "interfaces": ["management", "left", "right"],
                "type": "analyzer",
            }
        ],
    ),
    "port": (
        "contrail_port",
        "virtual-machine-interface",
        [("contrail_vn", NETWORKS)],
        [{"name": "n", "network": "vn1", "addresses": ["10.0.1.5"], "virtual_machine": "m1"}],
        [
            {
                "name": "n",
                "network": "vn1",
                "addresses": ["10.0.1.6", "10.0.1.7"],
                "virtual_machine": "m2",
                "mac": "02-00-00-00-00-AA",
                "interface_type": "other1",
            }
        ],
    ),
    "service": (
        "contrail_service_instance",
        "service-instance",
        [("contrail_vn", NETWORKS), ("contrail_port", PORTS), ("contrail_service_template", TEMPLATE)],
        [{**SERVICE[0], "name": "n"}],
        [
            {
                "name": "n",
                "ha_mode": "active-standby",
                "port_tuples": [
                    {"name": "t1", "ports": {"left": "spare", "right": "right"}},
                    {"name": "t2", "ports": {"left": "left"}},
                ],
            }
        ],
    ),
    "whole network": (
        "contrail_vn",
        "virtual-network",
        [
            ("contrail_global_config", [{"enable_4byte_as": True}]),
            ("contrail_ipam", [{"name": "own"}]),
            ("contrail_routing_policy", [{"name": "rp1"}, {"name": "rp2"}]),
        ],
        [
            {
                "name": "n",
                "subnets": [
                    {
                        "cidr": "10.9.0.0/24",
                        "name": "first",
                        "ipam": "own",
                        "allocation_pools": [{"start": "10.9.0.10", "end": "10.9.0.20"}],
                        "dns_nameservers": ["10.0.0.2", "10.0.0.1"],
                        "dhcp_options": [{"name": "interface-mtu", "value": "1400"}],
                    },
                    {"cidr": "2001:DB8::/64", "allocate_from_start": True},
                ],
                "import_route_targets": ["64512:1"],
                "export_route_targets": ["64512:2", "4200000000L:5"],
                "multi_policy_service_chains": True,
                "address_allocation_mode": "user-defined-subnet-only",
                "ecmp_hashing": {"configured": True, "source_port": False},
                "fat_flows": [{"protocol": "tcp", "port": 80, "source_prefix": "10.0.0.0/8"}],
                "mac_limit": {"limit": 10, "action": "drop"},
                "provider": {"physical_network": "physnet1", "segmentation_id": 100},
                "port_security": False,
                "flood_unknown_unicast": True,
                "routing_policies": ["rp1"],
            }
        ],
        [
            {
                "name": "n",
                "subnets": [
                    {
                        "cidr": "10.9.0.0/24",
                        "ipam": "own",
                        "dhcp_options": [],
                        "allocation_pools": [
                            {"start": "10.9.0.10", "end": "10.9.0.20"},
                            {"start": "10.9.0.30", "end": "10.9.0.40"},
                        ],
                    },
                ],
                "import_route_targets": [],
                "multi_policy_service_chains": False,
                "ecmp_hashing": {"source_ip": False},
                "fat_flows": [],
                "mac_learning": True,
                "mac_aging_time": 0,
                "unset": ["provider", "address_allocation_mode", "mac_limit", "flood_unknown_unicast"],
                "routing_policies": [{"name": "rp1", "sequence": 7}, {"name": "rp2", "sequence": 8}],
            }
        ],
    ),
    "flat network": (
        "contrail_vn",
        "virtual-network",
        [
            ("contrail_ipam", [{"name": "f1", "subnet_method": "flat-subnet", "subnets": [{"cidr": "172.16.0.0/24"}]}]),
            ("contrail_ipam", [{"name": "f2", "subnet_method": "flat-subnet", "subnets": [{"cidr": "172.17.0.0/24"}]}]),
        ],
        [{"name": "n", "forwarding_mode": "l3", "flat_ipams": ["f1"]}],
        [
            {
                "name": "n",
                "forwarding_mode": "l3",
                "flat_ipams": ["f2", "f1"],
                "subnets": [{"cidr": "10.9.0.0/24"}],
                "address_allocation_mode": "flat-subnet-preferred",
            }
        ],
    ),
    "ipam": (
        "contrail_ipam",
        "network-ipam",
        [],
        [
            {
                "name": "n",
                "subnet_method": "flat-subnet",
                "subnets": [{"cidr": "172.16.0.0/24", "gateway": "172.16.0.1"}],
                "dns_method": "tenant-dns-server",
                "dns_servers": ["10.0.0.2", "10.0.0.1"],
            }
        ],
        [
            {
                "name": "n",
                "subnets": [{"cidr": "172.16.1.0/24"}, {"cidr": "172.16.0.0/24", "enable_dhcp": False}],
                "dns_method": "default-dns-server",
                "dns_servers": [],
                "dhcp_options": [{"name": "domain-name", "value": "example.org"}],
                "host_routes": [{"prefix": "10.0.0.0/8", "next_hop": "172.16.0.9"}],
            }
        ],
    ),
    "policy in words": (
        "contrail_policy",
        "network-policy",
        [
            ("contrail_vn", NETWORKS),
            ("contrail_service_template", TEMPLATE),
            ("contrail_port", PORTS),
            ("contrail_service_instance", SERVICE),
        ],
        [{"name": "n", "rules": ["vn1 <> vn2 tcp 80,443 via fw", "vn1,vn3 > any"], "networks": ["vn1", "vn2"]}],
        [
            {
                "name": "n",
                "rules": [
                    "deny 10.0.1.0/24@vn1 > policy=n udp 53 from 1024-65535 log",
                    "vn1 <> vn2 tcp 80,443 mirror fw",
                    {
                        "source": [{"network": "vn1"}, {"subnets": ["10.3.0.0/24", "10.4.0.0/24"]}],
                        "destination": [{"local": True}],
                        "mirror": {"address": "10.0.0.9", "udp_port": 8099, "juniper_header": False},
                        "alert": True,
                    },
                ],
                "networks": [{"name": "vn1", "timer": {"start": "2030-01-31T00:00:00"}}, "vn3"],
            }
        ],
    ),
    "template of version 1": (
        "contrail_service_template",
        "service-template",
        [],
        [{"name": "n", "version": 1, "mode": "transparent", "interfaces": ["left", "right"], "image": "fw"}],
        [
            {
                "name": "n",
                "version": 1,
                "flavor": "m1.small",
                "scaling": True,
                "availability_zone": True,
                "ordered_interfaces": True,
                "interfaces": ["management", {"type": "left", "shared_ip": True, "static_routes": True}, "right"],
                "unset": ["image"],
            }
        ],
    ),
    "whole port": (
        "contrail_port",
        "virtual-machine-interface",
        [
            ("contrail_vn", NETWORKS),
            ("contrail_interface_route_table", [{"name": "irt"}]),
            ("contrail_health_check", [{"name": "hc"}]),
        ],
        [
            {
                "name": "n",
                "network": "vn1",
                "allowed_address_pairs": [{"address": "10.0.1.50", "mode": "active-standby"}],
                "port_security": False,
                "bindings": {"vnic_type": "direct", "host_id": "compute1"},
                "interface_route_tables": ["irt"],
                "fat_flows": [{"protocol": "udp", "port": 53}],
                "local_preference": 200,
            }
        ],
        [
            {
                "name": "n",
                "network": "vn1",
                "allowed_address_pairs": [{"address": "10.0.1.0/24", "mac": "02-00-00-00-00-01"}],
                "bindings": {"vnic_type": None, "vif_type": "vrouter"},
                "health_checks": ["hc"],
                "fat_flows": [],
                "mirror": {"direction": "ingress", "to": {"address": "10.0.0.9", "udp_port": 8099}},
                "unset": ["port_security", "interface_route_tables", "local_preference"],
            }
        ],
    ),
    "bgp router": (
        "contrail_bgp_router",
        "bgp-router",
        [("contrail_bgp_router", [CONTROL_NODE, {**CONTROL_NODE, "name": "c2", "address": "10.0.0.3"}])],
        [
            {
                "name": "n",
                "address": "10.0.0.1",
                "autonomous_system": 64600,
                "vendor": "Juniper",
                "control_nodes": True,
                "authentication": {"keys": [{"id": 0, "key": "first-shared-secret"}]},
            }
        ],
        [
            {
                "name": "n",
                "address": "10.0.0.9",
                "identifier": "10.0.0.9",
                "families": ["inet-vpn", "route-target"],
                "hold_time": 30,
                "peers": [
                    {
                        "name": "c1",
                        "families": ["inet-vpn"],
                        "hold_time": 20,
                        "family_attributes": [{"family": "inet-vpn", "prefix_limit": 1000}],
                    },
                    "c2",
                ],
                "unset": ["authentication"],
            }
        ],
    ),
    "physical router": (
        "contrail_physical_router",
        "physical-router",
        [
            ("contrail_vn", NETWORKS),
            ("contrail_bgp_router", [{**CONTROL_NODE, "name": "vmx", "router_type": "router"}]),
        ],
        [{"name": "n", "management_address": "10.0.0.1", "username": "lab", "password": "a-router-password"}],
        [
            {
                "name": "n",
                "management_address": "10.0.0.2",
                "dataplane_address": "10.0.0.2",
                "password": "a-router-password",
                "managed": False,
                "role": "spine",
                "autonomous_systems": [64512],
                "service_ports": ["si-0/0/0"],
                "bgp_router": "vmx",
                "networks": ["vn1"],
            }
        ],
    ),
    "health check": (
        "contrail_health_check",
        "service-health-check",
        [],
        [{"name": "n", "enabled": True, "target": "local-ip", "delay": 3, "timeout": 5, "max_retries": 2}],
        [{"name": "n", "enabled": False, "monitor": "HTTP", "target": "http://10.0.0.1/", "http_method": "GET"}],
    ),
    "interface route table": (
        "contrail_interface_route_table",
        "interface-route-table",
        [],
        [{"name": "n", "routes": [{"prefix": "192.168.0.0/16", "communities": ["no-export", "64512:007"]}]}],
        [{"name": "n", "routes": [{"prefix": "10.0.0.0/8"}, {"prefix": "192.168.0.0/16"}]}],
    ),
    "routing policy": (
        "contrail_routing_policy",
        "routing-policy",
        [],
        [{"name": "n", "terms": [{"match": {"protocols": ["bgp"]}, "local_preference": 150, "action": "accept"}]}],
        [
            {
                "name": "n",
                "terms": [
                    {
                        "match": {
                            "prefixes": [{"prefix": "10.0.0.0/8", "type": "orlonger"}],
                            "communities": ["64512:100"],
                            "match_all_communities": True,
                        },
                        "med": 10,
                        "as_path_expand": [64512, 64512],
                        "add_communities": ["64512:200"],
                        "set_extended_communities": ["target:64512:1"],
                    },
                    {"action": "reject"},
                ],
            }
        ],
    ),
    "route aggregate": (
        "contrail_route_aggregate",
        "route-aggregate",
        [],
        [{"name": "n", "routes": ["10.0.0.0/8"], "next_hop": "10.0.1.4"}],
        [{"name": "n", "routes": ["10.0.0.0/8", "2001:DB8::/32"], "unset": ["next_hop"]}],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_change_is_foretold_made_once_and_found_made(contrail: Controller, kind: str) -> None:
    module, _unused, before, created, modified = KINDS[kind]
    for earlier, config in before:
        contrail.run(earlier, config)

    twelve_steps(contrail, module, created, modified)


@pytest.mark.parametrize("kind", KINDS)
def test_deleting_what_was_never_there_is_no_change(contrail: Controller, kind: str) -> None:
    result = contrail.run(KINDS[kind][0], [{"name": "never"}], state="absent")

    assert result["changed"] is False
    assert contrail.writes == 0
    assert result["objects"][0]["action"] == "unchanged"


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_owner_deletes(contrail: Controller, kind: str) -> None:
    module, _option, before, created, _modified = KINDS[kind]
    for earlier, config in before:
        contrail.run(earlier, config)
    contrail.run(module, created, owner="chain-a")
    contrail.settle()
    written = contrail.writes

    kept = contrail.run(module, created, state="absent", owner="chain-b")

    assert contrail.writes == written
    assert kept["changed"] is False
    assert kept["objects"] == [{**kept["objects"][0], "action": "kept"}]
    contrail.settle()
    assert contrail.run(module, created, state="absent", owner="chain-a")["changed"] is True


@pytest.mark.usefixtures("both_ways")
def test_a_chain_is_built_and_taken_down_without_leaving_anything(contrail: Controller) -> None:
    chain: list[Step] = [
        ("contrail_vn", NETWORKS[:2]),
        ("contrail_port", PORTS[:2]),
        ("contrail_service_template", TEMPLATE),
        ("contrail_service_instance", SERVICE),
        (
            "contrail_policy",
            [
                {
                    "name": "p",
                    "rules": [{**RULE, "services": ["fw"]}],
                    "networks": [{"name": "vn1"}, {"name": "vn2"}],
                }
            ],
        ),
    ]
    waits: dict[str, dict[str, Any]] = {
        "contrail_service_instance": {"for": "service_addresses", "timeout": 10, "interval": 0.02},
        "contrail_policy": {"for": "service_routing_instances", "timeout": 10, "interval": 0.02},
    }
    counted = {kind: len(contrail.info(kind)) for kind in ALL_KINDS}

    for module, config in chain:
        waiting: dict[str, Any] = {"wait": waits[module]} if module in waits else {}
        result = contrail.run(module, config, **waiting)
        if module == "contrail_service_instance":
            assert set(result["service_addresses"]["default-domain:default-project:fw"]) >= {"left", "right"}
    routing_instances = [
        item["name"] for item in contrail.info("routing-instance", parent="default-domain:default-project:vn1")
    ]
    assert any(name.startswith("service-") for name in routing_instances)

    for module, config in reversed(chain):
        waiting = {"wait": waits[module]} if module in waits else {}
        contrail.run(module, config, state="absent", **waiting)
    assert {kind: len(contrail.info(kind)) for kind in ALL_KINDS} == counted


def test_nobody_waits_for_the_end_of_a_chain_that_is_kept(contrail: Controller) -> None:
    services: list[tuple[str, list[dict[str, Any]]]] = [
        ("contrail_vn", NETWORKS[:2]),
        ("contrail_port", PORTS[:2]),
        ("contrail_service_template", TEMPLATE),
    ]
    for module, config in [*services, ("contrail_service_instance", SERVICE)]:
        contrail.run(module, config)
    networks = [{"name": "vn1"}, {"name": "vn2"}]
    policy = [{"name": "p", "rules": [{**RULE, "services": ["fw"]}], "networks": networks}]
    contrail.run("contrail_policy", policy, wait={"timeout": 10, "interval": 0.02})

    result = contrail.run("contrail_policy", policy, state="absent", owner="x", wait={"timeout": 0.2, "interval": 0.1})

    assert [item["action"] for item in result["objects"]] == ["kept"]


ALL_KINDS = (
    "virtual-network",
    "network-policy",
    "service-template",
    "service-instance",
    "port-tuple",
    "virtual-machine",
    "virtual-machine-interface",
    "instance-ip",
    "routing-instance",
)


def test_check_mode_on_an_empty_controller_takes_planned_objects_for_there(contrail: Controller) -> None:
    planned = [
        {"kind": "virtual-network", "name": "vn1"},
        {"kind": "virtual_network", "name": "vn2"},
        {"kind": "virtual-machine-interface", "name": "left"},
        {"kind": "virtual-machine-interface", "name": "right"},
        {"kind": "service-template", "name": "firewall"},
    ]

    result = contrail.run("contrail_service_instance", SERVICE, check=True, planned=planned)

    assert result["changed"] is True
    assert [(item["kind"], item["action"]) for item in result["objects"]] == [
        ("service-instance", "created"),
        ("port-tuple", "created"),
        ("virtual-machine-interface", "updated"),
        ("virtual-machine-interface", "updated"),
    ]
    assert contrail.writes == 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_as_config_is_found_unchanged_by_the_module(contrail: Controller, kind: str) -> None:
    module, of_kind, steps, created, modified = KINDS[kind]
    for earlier, config in steps:
        contrail.run(earlier, config)
    for config in (created, modified):
        made = contrail.run(module, config)
        contrail.settle()
        (read,) = contrail.info(of_kind, names=[made["objects"][0]["fq_name"]], as_config=True)
        assert set(read["config"]) - {"name"}, read
        assert contrail.run(module, [read["config"]])["changed"] is False
