# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of services that OpenStack boots: what is derived for them, and what is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError

MODEL: dict[str, Any] = {
    "networks": {
        "mgmt": {"subnets": [{"cidr": "10.0.9.0/24"}]},
        "vn1": {"subnets": [{"cidr": "10.0.1.0/24"}], "route_target": "64512:1"},
        "vn2": {"subnets": [{"cidr": "10.0.2.0/24"}], "route_target": "64512:2"},
    },
    "services": {
        "fw": {
            "interfaces": ["management", "left", "right"],
            "networks": {"management": "mgmt"},
            "members": [
                {
                    "right": "fw-right",
                    "left": "fw-left",
                    "management": "fw-mgmt",
                    "server": {"image": "router", "flavor": "m1.small", "addresses": {"left": "10.0.1.4"}},
                }
            ],
        }
    },
    "routers": {"vmx1": {"address": "172.31.10.57", "filters": [{"name": "f"}]}},
    "chains": {
        "c": {
            "left": {"network": "vn1", "external": ["172.31.9.34/32"]},
            "right": {"network": "vn2", "external": ["172.31.8.198/32"]},
            "services": ["fw"],
        }
    },
}


def changed(**server: Any) -> dict[str, Any]:
    """Return the model with other values of its server; None takes one out."""
    model = copy.deepcopy(MODEL)
    values = model["services"]["fw"]["members"][0]["server"]
    values.update(server)
    return model


def refusals(model: dict[str, Any]) -> list[str]:
    """Return what is wrong with a model, line by line."""
    with pytest.raises(IntentError) as refused:
        read_intent(**model)
    return str(refused.value).splitlines()


def test_ports_stand_in_the_order_of_the_templates_interfaces() -> None:
    (machine,) = derive(read_intent(**MODEL)).machines
    assert machine["name"] == "fw-1"
    assert [(port["name"], port["network"]) for port in machine["ports"]] == [
        ("fw-mgmt", "mgmt"),
        ("fw-left", "vn1"),
        ("fw-right", "vn2"),
    ]
    assert machine["ports"][1] == {"name": "fw-left", "network": "vn1", "address": "10.0.1.4"}


def test_the_guest_is_led_to_what_lies_beyond_its_networks() -> None:
    (machine,) = derive(read_intent(**MODEL)).machines
    assert machine["routes"] == [
        {"prefix": "172.31.9.34/32", "via": "10.0.1.1"},
        {"prefix": "172.31.8.198/32", "via": "10.0.2.1"},
    ]
    assert machine["forwarding"] == ["ipv4"]


def test_ports_that_openstack_makes_are_planned_and_not_expected_of_others() -> None:
    derived = derive(read_intent(**MODEL))
    planned = [each["name"] for each in derived.planned if each["kind"] == "virtual-machine-interface"]
    assert planned == ["fw-right", "fw-left", "fw-mgmt"]
    assert derived.existing == {}


def test_machines_of_a_chain_that_goes_are_to_go() -> None:
    model = copy.deepcopy(MODEL)
    model["chains"]["c"]["state"] = "absent"
    derived = derive(read_intent(**model))
    assert derived.machines == []
    assert [machine["name"] for machine in derived.absent.machines] == ["fw-1"]


def test_a_member_without_server_is_booted_by_nobody() -> None:
    model = copy.deepcopy(MODEL)
    del model["services"]["fw"]["members"][0]["server"]
    derived = derive(read_intent(**model))
    assert derived.machines == []
    assert set(derived.existing["virtual-machine-interface"]) == {"fw-left", "fw-right", "fw-mgmt"}


@pytest.mark.parametrize(
    ("server", "line"),
    [
        ({"image": None}, "server.image: is required"),
        ({"flavour": "m1.small"}, "server.flavour: unknown key; did you mean flavor?"),
        ({"addresses": {"left": "10.0.2.4"}}, "server.addresses.left: 10.0.2.4 is in no subnet of vn1 (10.0.1.0/24)"),
        (
            {"addresses": {"lft": "10.0.1.4"}},
            "server.addresses.lft: is no interface of the service; did you mean left?",
        ),
        (
            {"port_security": False, "security_groups": ["open"]},
            "server.security_groups: security groups need port security; leave one of the two out",
        ),
    ],
)
def test_a_server_that_cannot_be_booted_is_refused_with_its_path(server: dict[str, Any], line: str) -> None:
    assert refusals(changed(**server)) == [f"service_chain_services.fw.members[0].{line}"]


def test_a_booted_member_is_no_host_of_the_inventory() -> None:
    model = copy.deepcopy(MODEL)
    model["services"]["fw"]["members"][0]["host"] = "fw"
    (line,) = refusals(model)
    assert line.startswith("service_chain_services.fw.members[0].host: fw is booted within the run")


def test_two_members_are_two_servers_with_addresses_of_their_own() -> None:
    model = copy.deepcopy(MODEL)
    first = model["services"]["fw"]["members"][0]
    second = copy.deepcopy(first) | {"left": "l2", "right": "r2", "management": "m2"}
    second["server"]["name"] = "fw-1"
    model["services"]["fw"]["members"].append(second)
    path = "service_chain_services.fw.members"
    assert refusals(model) == [
        f"{path}[1].server.name: 'fw-1' is the server of {path}[0] already",
        f"{path}[1].server.addresses.left: 10.0.1.4 is already used by {path}[0].server.addresses.left",
    ]


def test_a_port_is_made_by_one_of_contrail_and_openstack() -> None:
    ports = [{"name": "fw-left", "network": "vn1"}]
    (line,) = refusals({**MODEL, "ports": ports})
    assert line.endswith("left: port 'fw-left' is in contrail_objects_ports as well")
