# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adoption: what is derived from a data model, taken for what stands, gives the data model back."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.adoption import adopt
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.adoption.refused_parts import agreed
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope

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
    found = asdict(derive(read_intent(**model)))

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
         "policy web-to-db is left out: rule 2 applies no service"),
        (lambda c: c["instances"].pop(0), "policy web-to-db is left out: there is no service instance fw"),
        (lambda c: c["networks"][0]["config"]["policies"].clear(),
         "policy web-to-db is not attached to both of its networks; the site will attach it"),
        (lambda c: c["networks"][0]["config"]["policies"][0].update(sequence={"major": 4}),
         "policy web-to-db has another sequence on each network; the first one is taken"),
        (lambda c: c["templates"][0]["config"].update(version=1),
         "service fw is taken as existing: its template has version 1; the data model makes version 2"),
    ],
)  # fmt: skip
def test_what_the_data_model_cannot_say_is_told(spoil: Any, remark: str) -> None:
    contrail, routers = stands(deepcopy(TWO_CHAINS))
    spoil(contrail)

    assert remark in adopt(contrail, routers)["remarks"]


LEFT_OUT = "vmx1: term in of filter steer, which steers into VRF vrf-web, is left out: "


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"source": ["192.0.2.0/25", "198.51.100.0/24"]},
         "it has 2 values of source; the data model has a term for each source"),
        ({"source": []}, "it matches no source, so it steers whatever comes in by the interface"),
        ({"dscp": ["ef"]}, "it matches by dscp, for which the data model has no key"),
        ({"source_except": ["192.0.2.1/32"]}, "it matches by source_except, for which the data model has no key"),
        ({"protocol": ["udp"]},
         "no chain of its network would make exactly it; a chain steers each `match` from a source by a term of one "
         "name, with -1, -2 and so on at its end where there are several"),
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_described_is_told_and_nothing_is_put_beside_it(
    spoil: dict[str, Any], reason: str
) -> None:
    contrail, routers = stands(deepcopy(TWO_CHAINS))
    (vrf,) = (each for each in routers["vmx1"]["config"] if each["name"] == "vrf-web")
    vrf["steering"][0].update(spoil)

    found = adopt(contrail, routers)

    assert LEFT_OUT + reason in found["remarks"]
    assert found["service_chains"]["web-to-db"]["left"] == {"network": "web"}
    assert found["service_chains"]["web-to-db"]["right"] == TWO_CHAINS["chains"]["web-to-db"]["right"]


def test_the_selection_comes_from_the_term_and_not_from_the_wider_route() -> None:
    contrail, routers = stands(deepcopy(TWO_CHAINS))
    (vrf,) = (each for each in routers["vmx1"]["config"] if each["name"] == "vrf-web")
    vrf["steering"][0]["source"] = ["192.0.2.10/32"]

    found = adopt(contrail, routers)

    assert found["service_chains"]["web-to-db"]["left"]["external"] == [{"prefix": "192.0.2.10/32", "term": "in"}]
    assert found["remarks"] == [
        "vmx1: 192.0.2.10/32 has no static route of its own in VRF vrf-web (192.0.2.0/25 holds it); the site will add "
        "it",
    ]


def test_objects_of_another_project_are_only_referred_to() -> None:
    contrail, routers = stands(deepcopy(TWO_CHAINS))
    theirs = "default-domain:shared:oam"
    (oam,) = (each for each in contrail["networks"] if each["fq_name"] == full("oam"))
    oam["fq_name"] = theirs
    for instance in contrail["instances"]:
        for entry in instance["service_instance_properties"]["interface_list"]:
            if entry["virtual_network"] == full("oam"):
                entry["virtual_network"] = theirs

    found = adopt(contrail, routers)

    assert found["remarks"] == []
    assert found["service_chain_networks"]["oam"] == {
        "project": "shared",
        "existing": True,
        "subnets": [{"cidr": "10.9.0.0/24"}],
    }


def test_one_equal_target_for_each_direction_is_that_target() -> None:
    contrail, routers = stands(deepcopy(TWO_CHAINS))
    config = contrail["networks"][0]["config"]
    config.update(route_targets=[], import_route_targets=["64512:101"], export_route_targets=["64512:101"])
    (vrf,) = (each for each in routers["vmx1"]["config"] if each["name"] == "vrf-web")
    del vrf["route_target"]
    vrf.update(import_route_targets=["64512:101"], export_route_targets=["64512:101"])

    found = adopt(contrail, routers)

    assert found["remarks"] == []
    assert found["service_chains"] == TWO_CHAINS["chains"]
    assert "route_target" not in found["service_chain_networks"]["web"]


@pytest.mark.parametrize("ports", [["0-65535"], ["0-4095"], ["80"]])
def test_ports_beside_any_protocol_are_all_where_heat_means_all(ports: list[str]) -> None:
    contrail, routers = stands(deepcopy(TWO_CHAINS))
    (policy,) = (each for each in contrail["policies"] if each["fq_name"] == full("web-to-lab"))
    policy["config"]["rules"][0]["source_ports"] = ports

    found = adopt(contrail, routers)

    told = {"0-65535": 0, "0-4095": 1, "80": 1}[ports[0]]
    assert len(found["remarks"]) == told and all(ports[0] in remark for remark in found["remarks"])
    assert ("web-to-lab" in found["service_chains"]) == (ports != ["80"])


def test_what_the_data_model_refuses_is_left_out_with_path_and_reason() -> None:
    contrail, routers = stands(deepcopy(TWO_CHAINS))
    contrail["networks"][0]["config"]["route_targets"] = ["64512:8000001"]

    found = adopt(contrail, routers)

    assert list(found["service_chains"]) == ["web-to-lab"] or found["service_chains"] == {}
    assert any(
        remark.startswith("left out: service_chain_networks.web.route_target: 64512:8000001 lies in the range")
        for remark in found["remarks"]
    )


def test_an_order_of_terms_that_names_do_not_give_is_kept_by_priorities() -> None:
    model = deepcopy(TWO_CHAINS)
    model["chains"]["web-to-db"]["left"]["external"] = [
        {"prefix": "192.0.2.0/26", "term": "z", "priority": 10},
        {"prefix": "192.0.2.64/26", "term": "a", "priority": 20},
    ]
    model["chains"]["web-to-db"]["right"]["external"][0]["priority"] = 30

    assert adopted(model)["service_chains"] == model["chains"]


def test_what_is_left_out_with_a_router_takes_no_other_prefix_along() -> None:
    prefixes = [("192.0.2.0/24", "bad"), ("198.51.100.1/24", "good"), ("203.0.113.0/24", "good")]
    external = [{"prefix": prefix, "routers": [router]} for prefix, router in prefixes]
    filters = {"good": "f", "bad": "__f"}
    draft: dict[str, Any] = {
        "service_chain_networks": {
            name: {"subnets": [{"cidr": f"10.{number}.0.0/24"}], "route_target": f"64512:{number}"}
            for number, name in enumerate(("left", "right"), start=1)
        },
        "service_chain_services": {"fw": {"mode": "in-network", "members": [{"left": "fw-l", "right": "fw-r"}]}},
        "service_chain_routers": {
            router: {"filters": [{"name": name, "interfaces": ["ge-0/0/0.0"]}]} for router, name in filters.items()
        },
        "service_chains": {
            "c": {
                "left": {"network": "left", "external": external},
                "right": {"network": "right"},
                "services": ["fw"],
            }
        },
    }
    remarks: list[str] = []
    found = agreed(draft, remarks, Scope("default-domain", "default-project"))
    assert found["service_chains"]["c"]["left"]["external"] == [{"prefix": "203.0.113.0/24", "routers": ["good"]}]
    assert list(found["service_chain_routers"]) == ["good"]
    assert len(remarks) == 2
