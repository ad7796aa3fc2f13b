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
                    {"source": [{"any": True}], "destination": [{"subnet": "10.0.0.9/8"}], "action": "deny"},
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
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_change_is_foretold_made_once_and_found_made(contrail: Controller, kind: str) -> None:
    module, _, before, created, modified = KINDS[kind]
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
    module, _, before, created, _ = KINDS[kind]
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
        waiting = {"wait": waits[module]} if module in waits else {}
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
    services = [("contrail_vn", NETWORKS[:2]), ("contrail_port", PORTS[:2]), ("contrail_service_template", TEMPLATE)]
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
