# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adoption: what is derived from a data model, taken for what stands, gives the data model back."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.adoption import adopt
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent import read_intent

HERE = "default-domain:default-project"

TWO_CHAINS: dict[str, Any] = {
    "networks": {
        "web": {"subnets": [{"cidr": "10.1.0.0/24", "allocate_from_start": False}], "route_target": "64512:101"},
        "db": {"subnets": [{"cidr": "10.2.0.0/24", "gateway": "10.2.0.9"}], "route_targets": ["64512:102", "64512:9"]},
        "lab": {"subnets": [{"cidr": "2001:db8::/64"}], "route_target": "64512:103", "allow_transit": True},
        "oam": {"subnets": [{"cidr": "10.9.0.0/24"}]},
    },
    "services": {
        "fw": {
            "mode": "in-network",
            "template": "three-legs",
            "interfaces": ["management", "left", "right"],
            "networks": {"management": "oam"},
            "members": [{"management": "fw-m", "left": "fw-l", "right": "fw-r", "name": "a"}],
            "ha": "active-active",
        },
        "nat": {
            "mode": "in-network-nat",
            "template": "nat-template",
            "members": [{"left": "nat-l", "right": "nat-r", "name": "n"}],
        },
    },
    "routers": {
        "vmx1": {
            "filters": [{"name": "steer", "interfaces": ["ge-0/0/0.0"], "default_term": "rest"}],
            "vrfs": {"web": {"name": "vrf-web", "route_distinguisher": "10.0.0.1:7"}},
            "mark": True,
        },
    },
    "chains": {
        "web-to-db": {
            "left": {"network": "web", "external": [{"prefix": "192.0.2.0/25", "term": "in"}]},
            "right": {"network": "db", "external": [{"prefix": "192.0.2.128/25", "term": "out"}]},
            "services": ["fw"],
            "match": [{"protocol": "tcp", "destination_ports": [443]}],
            "sequence": {"major": 3},
        },
        "web-to-lab": {
            "left": {"network": "web"},
            "right": {"network": "lab"},
            "services": ["nat"],
            "direction": "forward",
        },
    },
}


def full(name: str) -> str:
    return f"{HERE}:{name}"


def stands(model: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what would be read of Contrail and the routers once a data model has been carried out."""
    found = derive(read_intent(**model))

    def rule(given: dict[str, Any]) -> dict[str, Any]:
        ends = {
            side: [{**end, "network": full(end["network"])} for end in given[side]]
            for side in ("source", "destination")
        }
        return {**given, **ends, "services": [full(name) for name in given["services"]]}

    attached: dict[str, list[dict[str, Any]]] = {}
    for policy in found["policies"]:
        for network in policy["networks"]:
            attached.setdefault(network["name"], []).append({**network, "name": full(policy["name"])})
    templates = {each["name"]: each for each in found["templates"]}

    def sides(instance: dict[str, Any]) -> list[dict[str, str]]:
        by_type = {each["type"]: full(each["network"]) for each in instance["interfaces"]}
        return [{"virtual_network": by_type[each]} for each in templates[instance["template"]]["interfaces"]]

    def ports() -> Iterator[dict[str, Any]]:
        for instance in found["instances"]:
            for port_tuple in instance["port_tuples"]:
                for interface, port in port_tuple["ports"].items():
                    yield {
                        "fq_name": full(port),
                        "port_tuple_refs": [{"name": full(f"{instance['name']}:{port_tuple['name']}")}],
                        "virtual_machine_interface_properties": {"service_interface_type": interface},
                    }

    contrail = {
        "networks": [
            {"fq_name": full(each["name"]), "config": {**each, "policies": attached.get(each["name"], [])}}
            for each in found["networks"]
        ],
        "templates": [
            {
                "fq_name": f"default-domain:{each['name']}",
                "config": {**each, "interfaces": [{"type": interface} for interface in each["interfaces"]]},
            }
            for each in found["templates"]
        ],
        "instances": [
            {
                "fq_name": full(each["name"]),
                "config": {"template": f"default-domain:{each['template']}", "ha_mode": each.get("ha_mode")},
                "service_instance_properties": {"interface_list": sides(each)},
            }
            for each in found["instances"]
        ],
        "policies": [
            {"fq_name": full(each["name"]), "config": {"rules": [rule(one) for one in each["rules"]]}}
            for each in found["policies"]
        ],
        "ports": list(ports()),
    }
    routers = {
        name: {"config": router["vrfs"], "filters": [{"family": "inet", **each} for each in router["filters"]]}
        for name, router in found["routers"].items()
    }
    return contrail, routers


def adopted(model: dict[str, Any]) -> dict[str, Any]:
    contrail, routers = stands(model)
    return adopt(contrail, routers)


def test_what_was_carried_out_is_described_as_it_was() -> None:
    found = adopted(TWO_CHAINS)

    assert found["remarks"] == []
    again = {
        "networks": found["service_chain_networks"],
        "services": found["service_chain_services"],
        "routers": found["service_chain_routers"],
        "chains": found["service_chains"],
    }
    assert derive(read_intent(**again)) == derive(read_intent(**TWO_CHAINS))
    assert found["service_chains"] == TWO_CHAINS["chains"]
    assert found["service_chain_services"] == TWO_CHAINS["services"]
    assert found["service_chain_routers"] == TWO_CHAINS["routers"]


def test_only_the_policies_that_are_named_are_adopted() -> None:
    contrail, routers = stands(TWO_CHAINS)

    found = adopt(contrail, routers, policies=["web-to-lab", "nothing"])

    assert list(found["service_chains"]) == ["web-to-lab"]
    assert set(found["service_chain_networks"]) == {"web", "lab"}
    assert found["remarks"] == ["there is no policy nothing"]


@pytest.mark.parametrize(
    ("spoil", "remark"),
    [
        (lambda c: c["policies"][0]["config"]["rules"].append({"source": [], "destination": [], "services": []}),
         "policy web-to-db is left out: its rules join several networks, or differ in their services"),
        (lambda c: c["instances"].pop(0), "policy web-to-db is left out: there is no service instance fw"),
        (lambda c: c["networks"][0]["config"]["policies"].clear(),
         "policy web-to-db is not attached to both of its networks; the site will attach it"),
        (lambda c: c["networks"][0]["config"]["policies"][0].update(sequence={"major": 4}),
         "policy web-to-db has another sequence on each network; the first one is taken"),
        (lambda c: c["templates"][0]["config"].update(version=1),
         "service fw is taken as existing: the data model makes services of version 2, in-network"),
    ],
)  # fmt: skip
def test_what_the_data_model_cannot_say_is_told(spoil: Any, remark: str) -> None:
    contrail, routers = stands(deepcopy(TWO_CHAINS))
    spoil(contrail)

    assert remark in adopt(contrail, routers)["remarks"]


def test_a_term_with_several_sources_and_one_without_a_route_are_told() -> None:
    contrail, routers = stands(deepcopy(TWO_CHAINS))
    (vrf,) = (each for each in routers["vmx1"]["config"] if each["name"] == "vrf-web")
    vrf["steering"][0]["source"].append("198.51.100.0/24")

    assert adopt(contrail, routers)["remarks"] == [
        "vmx1: term in has several sources; the site will write a term for each",
        "vmx1: 198.51.100.0/24 has no static route in its VRF; the site will add it",
    ]


def test_an_order_of_terms_that_names_do_not_give_is_kept_by_priorities() -> None:
    model = deepcopy(TWO_CHAINS)
    model["chains"]["web-to-db"]["left"]["external"] = [
        {"prefix": "192.0.2.0/26", "term": "z", "priority": 10},
        {"prefix": "192.0.2.64/26", "term": "a", "priority": 20},
    ]
    model["chains"]["web-to-db"]["right"]["external"][0]["priority"] = 30

    assert adopted(model)["service_chains"] == model["chains"]
