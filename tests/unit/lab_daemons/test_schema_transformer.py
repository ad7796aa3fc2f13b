# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routing instances and route targets follow networks, policies and services."""

from __future__ import annotations

from typing import Any

import pytest
from lab.core.world import World
from models.chain_objects import PROJECT, ChainObjects, full_name, make_reference_objects


def targets(world: World, network: str, name: str | None = None) -> dict[str, Any]:
    item = world.store.find("routing-instance", [*PROJECT, network, name or network])
    assert item
    return {one["to"][0]: one["attr"]["import_export"] for one in item.get("route_target_refs", [])}


def service_instances(world: World) -> list[dict[str, Any]]:
    return [item for item in world.store.objects("routing-instance") if item["fq_name"][-1].startswith("service-")]


def target_objects(world: World) -> set[str]:
    return {item["fq_name"][0] for item in world.store.objects("route-target")}


@pytest.fixture
def chained(build: Any) -> tuple[World, ChainObjects]:
    """The reference scenario with its policy attached."""
    world, objects = build()
    make_reference_objects(objects)
    objects.policy("p", "vn1", "vn2", ["1-to-2"])
    objects.attach("p", "vn1", "vn2")
    world.settle()
    return world, objects


def test_fresh_networks_have_the_recorded_automatic_targets(build: Any) -> None:
    world, _objects = build()
    assert target_objects(world) == {f"target:64512:{number}" for number in range(8000000, 8000004)}


def test_network_has_its_own_and_an_automatic_target(build: Any) -> None:
    world, objects = build()
    objects.network("vn1", "10.0.1.0/24", ["64512:1"])
    world.settle()
    assert targets(world, "vn1") == {"target:64512:1": None, "target:64512:8000004": None}


def test_one_way_targets_keep_their_direction(build: Any) -> None:
    world, objects = build()
    objects.network(
        "vn1",
        "10.0.1.0/24",
        import_route_target_list={"route_target": ["target:64512:1", "target:64512:3"]},
        export_route_target_list={"route_target": ["target:64512:2", "target:64512:3"]},
    )
    world.settle()
    own = {name: way for name, way in targets(world, "vn1").items() if not name.endswith("8000004")}
    assert own == {"target:64512:1": "import", "target:64512:2": "export", "target:64512:3": None}


def test_changed_targets_leave_no_object_behind(build: Any) -> None:
    world, objects = build()
    network = objects.network("vn1", "10.0.1.0/24", ["64512:1"])
    world.settle()
    world.store.update(network, {"route_target_list": {"route_target": ["target:64512:9"]}})
    world.settle()
    assert "target:64512:9" in target_objects(world)
    assert "target:64512:1" not in target_objects(world)


def test_new_autonomous_system_numbers_anew(build: Any) -> None:
    world, objects = build()
    objects.network("vn1", "10.0.1.0/24")
    world.settle()
    system = world.store.find("global-system-config", ["default-global-system-config"])
    world.store.update(system["uuid"], {"autonomous_system": 64600})
    world.settle()
    assert list(targets(world, "vn1")) == ["target:64600:8000004"]
    assert not any(name.startswith("target:64512:") for name in target_objects(world))


def test_chain_is_two_service_instances_with_the_ends_targets(chained: tuple[World, ChainObjects]) -> None:
    world, _objects = chained
    left, right = service_instances(world)
    assert targets(world, "vn1", left["fq_name"][-1])["target:64512:1"] == "export"
    assert targets(world, "vn2", right["fq_name"][-1])["target:64512:2"] == "export"
    assert left["fq_name"][-1].endswith("-default-domain_default-project_1-to-2")
    assert left["service_chain_information"] == {
        "routing_instance": f"{full_name('vn2')}:vn2",
        "prefix": ["10.0.2.0/24"],
        "service_chain_address": "10.0.1.5",
        "service_instance": full_name("1-to-2"),
        "source_routing_instance": f"{full_name('vn1')}:vn1",
        "service_chain_id": world.schema_transformer.chains[0].chain.identifier,
        "sc_head": False,
        "retain_as_path": False,
    }


def test_detaching_removes_all_that_the_chain_made(chained: tuple[World, ChainObjects]) -> None:
    world, objects = chained
    objects.detach("p", "vn1")
    world.settle()
    assert service_instances(world) == []
    assert "target:64512:8000006" not in target_objects(world)
    primary = world.store.find("routing-instance", [*PROJECT, "vn1", "vn1"])
    assert primary is not None
    assert not primary.get("routing_instance_refs")


def test_teardown_leaves_the_fresh_state(chained: tuple[World, ChainObjects]) -> None:
    world, objects = chained
    objects.detach("p", "vn1", "vn2")
    world.settle()
    store = world.store
    store.delete(objects.uuid("network-policy", "p"))
    for port in ("1-to-2-left", "1-to-2-right"):
        store.update(objects.uuid("virtual-machine-interface", port), {"port_tuple_refs": []})
    port_tuple = store.find("port-tuple", [*PROJECT, "1-to-2", "tuple"])
    assert port_tuple
    store.delete(port_tuple["uuid"])
    store.delete(objects.uuid("service-instance", "1-to-2"))
    world.settle()
    for item in store.objects("instance-ip"):
        store.delete(item["uuid"])
    for item in store.objects("virtual-machine-interface"):
        store.delete(item["uuid"])
    for name in ("vn1", "vn2"):
        store.delete(objects.uuid("virtual-network", name))
    world.settle()
    assert target_objects(world) == {f"target:64512:{number}" for number in range(8000000, 8000004)}


def test_policy_on_one_network_makes_nothing_and_says_which_is_missing(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    objects.policy("p", "vn1", "vn2", ["1-to-2"])
    objects.attach("p", "vn1")
    world.settle()
    (state,) = world.schema_transformer.chains
    assert service_instances(world) == []
    assert not state.created
    assert state.reason == f"no policy with this rule is attached to {full_name('vn2')}"


def test_policy_without_sequence_does_not_count(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    policy = objects.policy("p", "vn1", "vn2", ["1-to-2"])
    for name in ("vn1", "vn2"):
        uuid = objects.uuid("virtual-network", name)
        world.store.update_reference(uuid, "network-policy", policy, "ADD", {"timer": None})
    world.settle()
    assert world.schema_transformer.chains == []


@pytest.mark.parametrize(("end", "created"), [("src_addresses", {"vn1", "vn3"}), ("dst_addresses", set())])
def test_chain_comes_from_every_network_of_the_project_and_goes_to_none(
    build: Any, end: str, created: set[str]
) -> None:
    world, objects = build()
    make_reference_objects(objects)
    objects.network("vn3", "10.0.3.0/24")
    policy = objects.policy("p", "vn1", "vn2", ["1-to-2"])
    entries = world.store.get(policy)["network_policy_entries"]
    rule = {**entries["policy_rule"][0], end: [{"virtual_network": "any"}]}
    world.store.update(policy, {"network_policy_entries": {"policy_rule": [rule]}})
    objects.attach("p", "vn1", "vn2", "vn3")
    world.settle()
    assert {one.chain.left for one in world.schema_transformer.chains if one.created} == set(map(full_name, created))


def test_nat_has_no_instance_on_the_right(build: Any) -> None:
    world, objects = build()
    objects.network("vn1", "10.0.1.0/24", ["64512:1"])
    objects.network("vn2", "10.0.2.0/24", ["64512:2"])
    objects.service("nat", "vn1", "vn2", mode="in-network-nat")
    objects.policy("p", "vn1", "vn2", ["nat"])
    objects.attach("p", "vn1", "vn2")
    world.settle()
    assert [item["fq_name"][2] for item in service_instances(world)] == ["vn1"]


def test_one_way_chain_brings_nothing_back(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    objects.policy("p", "vn1", "vn2", ["1-to-2"], direction=">")
    objects.attach("p", "vn1", "vn2")
    world.settle()
    informed = {item["fq_name"][2]: "service_chain_information" in item for item in service_instances(world)}
    assert informed == {"vn1": True, "vn2": False}


def test_transit_network_exports_what_its_chain_brings_to_itself(build: Any) -> None:
    world, objects = build()
    objects.network("vn1", "10.0.1.0/24", ["64512:1"], virtual_network_properties={"allow_transit": True})
    objects.network("vn2", "10.0.2.0/24", ["64512:2"])
    objects.service("fw", "vn1", "vn2")
    objects.policy("p", "vn1", "vn2", ["fw"])
    objects.attach("p", "vn1", "vn2")
    world.settle()
    left = service_instances(world)[0]
    assert targets(world, "vn1", left["fq_name"][-1])["target:64512:8000004"] == "export"


def test_state_taken_up_by_a_new_world_is_left_as_it_is(chained: tuple[World, ChainObjects], build: Any) -> None:
    world, _objects = chained
    other, _unused = build()
    other.restore(world.dump())
    assert other.dump()["contrail"] == world.dump()["contrail"]
