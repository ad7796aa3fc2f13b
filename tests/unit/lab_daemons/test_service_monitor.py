# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service addresses come, change and go with the ports that carry them."""

from __future__ import annotations

from typing import Any

from lab.core.world import World
from models.chain_objects import PROJECT, ChainObjects, make_reference_objects


def service_addresses(world: World) -> dict[str, dict[str, Any]]:
    """Return service addresses by side and family: left-v4."""
    return {
        item["fq_name"][0][37:]: item for item in world.store.objects("instance-ip") if item.get("service_instance_ip")
    }


def carriers(address: dict[str, Any]) -> set[str]:
    return {one["to"][-1] for one in address["virtual_machine_interface_refs"]}


def test_release_4_0_takes_addresses_of_the_networks(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    world.settle()
    found = service_addresses(world)
    assert {name: item["instance_ip_address"] for name, item in found.items()} == {
        "left-v4": "10.0.1.5",
        "right-v4": "10.0.2.5",
    }
    left = found["left-v4"]
    assert left["instance_ip_mode"] == "active-active"
    assert left["instance_ip_secondary"] is True
    assert carriers(left) == {"1-to-2-left"}
    assert [one["to"][-1] for one in left["virtual_network_refs"]] == ["vn1"]


def test_newer_releases_take_addresses_outside_every_network(build: Any) -> None:
    world, objects = build(release="5.0")
    make_reference_objects(objects)
    world.settle()
    found = service_addresses(world)
    assert found["left-v4"]["instance_ip_address"] == "0.255.255.252"
    assert found["right-v4"]["instance_ip_address"] == "0.255.255.251"
    assert set(found) == {"left-v4", "left-v6", "right-v4", "right-v6"}


def test_instance_refers_to_its_addresses_by_side(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    world.settle()
    instance = world.store.find("service-instance", [*PROJECT, "1-to-2"])
    assert {one["to"][0][37:]: one["attr"] for one in instance["instance_ip_refs"]} == {
        "left-v4": {"interface_type": "left"},
        "right-v4": {"interface_type": "right"},
    }


def test_all_tuples_share_one_address_a_side(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    world.settle()
    objects.port_tuple("1-to-2", "vn1", "vn2", "-2")
    world.settle()
    assert carriers(service_addresses(world)["right-v4"]) == {"1-to-2-right", "1-to-2-right-2"}


def test_second_look_changes_nothing(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    world.settle()
    assert not world.service_monitor.reconcile()
    assert not world.schema_transformer.reconcile()


def leave_tuple(world: World, objects: ChainObjects, port: str) -> None:
    port_tuple = world.store.find("port-tuple", [*PROJECT, "1-to-2", "tuple"])
    assert port_tuple
    uuid = objects.uuid("virtual-machine-interface", port)
    world.store.update_reference(uuid, "port-tuple", port_tuple["uuid"], "DELETE")
    world.settle()


def test_address_goes_when_its_last_port_leaves(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    world.settle()
    leave_tuple(world, objects, "1-to-2-left")
    assert set(service_addresses(world)) == {"right-v4"}


def test_service_address_does_not_hold_its_port_back(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    world.settle()
    own = world.store.find("instance-ip", ["1-to-2-left"])
    world.store.delete(own["uuid"])
    world.store.delete(objects.uuid("virtual-machine-interface", "1-to-2-left"))
    world.settle()
    assert set(service_addresses(world)) == {"right-v4"}


def test_addresses_go_with_the_instance(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    world.settle()
    world.store.delete(objects.uuid("service-instance", "1-to-2"))
    world.settle()
    assert service_addresses(world) == {}


def test_exhausted_network_is_reported_and_does_not_stop_the_rest(build: Any) -> None:
    world, objects = build()
    objects.network("small", "10.0.9.0/29")
    objects.network("vn2", "10.0.2.0/24")
    for number in range(3):  # with the port that follows all that a /29 has to give
        objects.port(f"filler{number}", "small", f"filler{number}")
    objects.service("fw", "small", "vn2")
    world.settle()
    assert set(service_addresses(world)) == {"right-v4"}
    assert "exhausted" in world.service_monitor.errors[0]
