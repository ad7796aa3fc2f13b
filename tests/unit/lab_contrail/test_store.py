# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the lab's store writes, refuses, remembers and forgets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from lab.contrail.errors import ApiError
from lab.contrail.store import Store

JsonDict = dict[str, Any]
Make = Callable[..., JsonDict]
PROJECT = ["default-domain", "default-project"]
SESSION: JsonDict = {"session": [{"uuid": None, "attributes": []}]}


def _read(store: Store, item: JsonDict) -> JsonDict:
    found = store.get(item["uuid"])
    assert found is not None
    return found


def test_a_network_comes_with_its_routing_instance(store: Store, make: Make) -> None:
    network = make("virtual-network", "n")
    assert [child["fq_name"][-1] for child in store.children(network["uuid"], "routing-instance")] == ["n"]


def test_a_deleted_network_takes_its_routing_instance_along(store: Store, make: Make) -> None:
    network = make("virtual-network", "n")
    store.delete(network["uuid"])
    assert store.find("routing-instance", [*network["fq_name"], "n"]) is None


def test_a_refused_write_leaves_nothing(store: Store, make: Make) -> None:
    project = store.find("project", PROJECT)
    assert project is not None
    store.update(project["uuid"], {"quota": {"logical_router": 0}})
    before = store.dump()
    with pytest.raises(ApiError, match="quota limit") as refusal:
        make("logical-router", "r", logical_router_type="vxlan-routing")
    assert refusal.value.status == 412
    assert store.dump() == before


def test_numbers_of_networks_are_used_again(store: Store, make: Make) -> None:
    first = make("virtual-network", "a")
    store.delete(first["uuid"])
    assert make("virtual-network", "b")["virtual_network_network_id"] == first["virtual_network_network_id"]


def test_an_update_replaces_a_property_whole(store: Store, make: Make) -> None:
    network = make("virtual-network", "n", virtual_network_properties={"rpf": "enable", "forwarding_mode": "l3"})
    store.update(network["uuid"], {"virtual_network_properties": {"rpf": "disable"}})
    assert _read(store, network)["virtual_network_properties"] == {"rpf": "disable"}


def test_an_update_moves_the_time(store: Store, make: Make) -> None:
    network = make("virtual-network", "n")
    store.update(network["uuid"], {"display_name": "n"})
    assert _read(store, network)["id_perms"]["last_modified"] > network["id_perms"]["last_modified"]


def test_a_null_clears_a_property_and_then_is_kept(store: Store, make: Make) -> None:
    network = make("virtual-network", "n", mac_aging_time=300)
    store.update(network["uuid"], {"mac_aging_time": None})
    assert "mac_aging_time" not in _read(store, network)
    store.update(network["uuid"], {"mac_aging_time": None})
    assert _read(store, network)["mac_aging_time"] is None


def test_a_null_clears_annotations_and_is_a_server_error(store: Store, make: Make) -> None:
    pairs = [{"key": "b", "value": "1"}, {"key": "a", "value": "2"}]
    network = make("virtual-network", "n", annotations={"key_value_pair": pairs})
    assert [pair["key"] for pair in network["annotations"]["key_value_pair"]] == ["a", "b"]
    with pytest.raises(ApiError) as refusal:
        store.update(network["uuid"], {"annotations": None})
    assert refusal.value.status == 500
    assert "annotations" not in _read(store, network)


def test_an_unknown_field_is_dropped(store: Store, make: Make) -> None:
    assert "frob" not in make("virtual-network", "n", frob=1)


def test_an_unknown_field_inside_a_property_is_refused(make: Make) -> None:
    with pytest.raises(ApiError, match="does not have field frob"):
        make("virtual-network", "n", virtual_network_properties={"frob": 1})


def test_peering_is_seen_from_both_sides(store: Store) -> None:
    instance = [*PROJECT, "ip-fabric", "__default__"]
    one, two = (
        store.create("bgp-router", {"fq_name": [*instance, name], "parent_type": "routing-instance"}) for name in "ab"
    )
    store.update_reference(one["uuid"], "bgp-router", two["uuid"], "ADD", SESSION)
    assert _read(store, two)["bgp_router_refs"][0] == {
        "to": one["fq_name"],
        "attr": SESSION,
        "uuid": one["uuid"],
    }
    store.delete(one["uuid"])
    assert "bgp_router_refs" not in _read(store, two)


def test_adding_a_reference_keeps_the_others(store: Store, make: Make) -> None:
    network, one, two = (
        make("virtual-network", "n"),
        make("network-policy", "one"),
        make("network-policy", "two"),
    )
    sequence = {"sequence": {"major": 0, "minor": 0}}
    for policy in (one, two, one):
        store.update_reference(network["uuid"], "network-policy", policy["uuid"], "ADD", sequence)
    assert {link["uuid"] for link in _read(store, network)["network_policy_refs"]} == {
        one["uuid"],
        two["uuid"],
    }
    store.update_reference(network["uuid"], "network-policy", one["uuid"], "DELETE")
    assert [link["uuid"] for link in _read(store, network)["network_policy_refs"]] == [two["uuid"]]


def test_a_reference_in_the_wrong_direction_does_nothing(store: Store, make: Make) -> None:
    instance, policy = make("service-instance", "si"), make("routing-policy", "rp")
    store.update_reference(instance["uuid"], "routing-policy", policy["uuid"], "ADD")
    assert store.back_references(policy["uuid"], "service-instance") == []


def test_what_is_referred_to_cannot_be_deleted_unless_relaxed(store: Store, make: Make) -> None:
    network, policy = make("virtual-network", "n"), make("network-policy", "p")
    store.update_reference(network["uuid"], "network-policy", policy["uuid"], "ADD", None)
    with pytest.raises(ApiError, match="Delete when resource still referred"):
        store.delete(policy["uuid"])
    store.relax_reference(network["uuid"], policy["uuid"])
    store.delete(policy["uuid"])
    assert "network_policy_refs" not in _read(store, network)


def test_a_service_instance_leaves_its_port_tuples_behind(store: Store, make: Make) -> None:
    instance = make("service-instance", "si")
    name = [*instance["fq_name"], "pt"]
    store.create("port-tuple", {"fq_name": name, "parent_type": "service-instance"})
    store.delete(instance["uuid"])
    assert store.find("port-tuple", name) is not None


def test_only_writes_from_outside_are_announced(store: Store, make: Make) -> None:
    heard: list[int] = []
    store.subscribe(lambda: heard.append(1))
    make("virtual-network", "n")
    assert heard == []
    store.announce()
    assert heard == [1]


def test_a_dump_brings_everything_back(store: Store, make: Make) -> None:
    port = make(
        "virtual-machine-interface",
        "p",
        virtual_network_refs=[{"to": make("virtual-network", "n")["fq_name"]}],
    )
    add = {
        "operation": "add",
        "field": "virtual_machine_interface_fat_flow_protocols",
        "value": {"protocol": "tcp"},
    }
    store.update_collection(port["uuid"], [add])
    dump = json.loads(json.dumps(store.dump()))
    other = Store()
    other.restore(dump)
    assert other.dump() == dump
    assert other.find("virtual-network", [*PROJECT, "n"]) == store.find("virtual-network", [*PROJECT, "n"])
    assert other.back_references(port["virtual_network_refs"][0]["uuid"], "virtual-machine-interface") == [
        store.get(port["uuid"])
    ]


def test_a_snapshot_does_not_change_with_the_store(store: Store, make: Make) -> None:
    network = make("virtual-network", "n")
    store.update(network["uuid"], {"display_name": "other"})
    assert network["display_name"] == "n"


def test_passwords_are_not_kept_as_given(store: Store) -> None:
    credentials = {"username": "root", "password": "very secret"}
    body = {
        "fq_name": ["default-global-system-config", "vmx"],
        "parent_type": "global-system-config",
        "physical_router_user_credentials": credentials,
    }
    router = store.create("physical-router", body)
    assert "very secret" not in json.dumps(router)
    assert router["physical_router_encryption_type"] == "local"
