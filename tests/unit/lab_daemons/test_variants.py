# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of scenarios beside the reference: figures worked out by hand from the rules of the control node."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lab.core.routes import RouteEntry, RouteTable
from lab.core.site import Guest, Site
from lab.core.world import World
from lxml import etree
from models.chain_objects import ChainObjects, full_name, make_reference_objects
from models.vrf_configuration import REFERENCE_VRFS, VrfStatements, commit_vrfs

BOTH = ("vn1", "vn2")


def table(world: World, name: str) -> RouteTable:
    return next(one for one in world.route_tables() if one.name == name)


def counts(world: World, name: str) -> tuple[int, int]:
    """Return destinations and routes, as the router's own heading has them."""
    found = table(world, name)
    return len(found.destinations), found.routes


def entries(world: World, name: str, prefix: str) -> tuple[RouteEntry, ...]:
    return next((one.entries for one in table(world, name).destinations if one.prefix == prefix), ())


def labels(world: World, name: str, prefix: str) -> set[int | None]:
    return {entry.label for entry in entries(world, name, prefix)}


def chain(world: World, objects: ChainObjects, *services: str, direction: str = "<>") -> None:
    objects.policy("p", "vn1", "vn2", services, direction)
    objects.attach("p", *BOTH)
    world.settle()


@pytest.fixture
def two_computes(site: Site) -> Site:
    """The site with a second compute node, where the second tuple runs; the router has a tunnel to it."""
    (router,) = site.routers
    configuration = etree.fromstring(router.configuration.encode())
    tunnel = configuration.find(".//dynamic-tunnel")
    assert tunnel is not None
    destination = etree.SubElement(tunnel, "destination-networks")
    etree.SubElement(destination, "name").text = "172.31.10.156/32"
    return replace(
        site,
        computes={**site.computes, "compute2": "172.31.10.156"},
        guests={
            **site.guests,
            "1-to-2-left-2": Guest("compute2", 30),
            "1-to-2-right-2": Guest("compute2", 34),
        },
        routers=(replace(router, configuration=etree.tostring(configuration, encoding="unicode")),),
    )


def test_two_services_give_the_first_left_and_the_last_right_label(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    objects.service("fw2", *BOTH)
    commit_vrfs(world.router, REFERENCE_VRFS)
    chain(world, objects, "1-to-2", "fw2")
    fw2_right = next(path.label for path in world.vrouters.paths() if path.prefix == "10.0.2.5/32")
    assert counts(world, "vn1.inet.0") == counts(world, "vn2.inet.0") == (12, 12)
    assert labels(world, "vn1.inet.0", "10.0.2.3/32") == {30}
    assert labels(world, "vn2.inet.0", "10.0.1.3/32") == {fw2_right}
    assert fw2_right not in (22, 26, 30, 34)


def test_service_between_other_networks_is_not_found_where_the_chain_looks(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    objects.network("middle", "10.0.3.0/24")
    objects.service("fw2", "middle", "middle")
    commit_vrfs(world.router, REFERENCE_VRFS)
    chain(world, objects, "1-to-2", "fw2")
    assert counts(world, "vn1.inet.0") == (8, 8)
    assert counts(world, "vn2.inet.0") == (4, 4)


def test_two_tuples_on_two_computes_share_the_load(build: Any, two_computes: Site) -> None:
    world, objects = build(two_computes)
    make_reference_objects(objects)
    objects.port_tuple("1-to-2", *BOTH, "-2")
    commit_vrfs(world.router, REFERENCE_VRFS)
    chain(world, objects, "1-to-2")
    assert counts(world, "vn1.inet.0") == counts(world, "vn2.inet.0") == (10, 16)
    ways = entries(world, "vn1.inet.0", "10.0.2.3/32")
    assert [one.via for one in ways] == ["gr-0/0/0.32771", "gr-0/0/0.32772"]
    assert [one.active for one in ways] == [True, False]


def test_two_tuples_on_one_compute_have_one_label_together(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    objects.port_tuple("1-to-2", *BOTH, "-2")
    commit_vrfs(world.router, REFERENCE_VRFS)
    chain(world, objects, "1-to-2")
    (way,) = entries(world, "vn1.inet.0", "10.0.2.3/32")
    assert way.label not in {22, 26, 30, 34}
    assert labels(world, "vn1.inet.0", "10.0.1.6/32") == {way.label}  # the service address


def test_policy_on_one_network_changes_nothing(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    commit_vrfs(world.router, REFERENCE_VRFS)
    objects.policy("p", *BOTH, ["1-to-2"])
    objects.attach("p", "vn2")
    world.settle()
    assert counts(world, "vn1.inet.0") == counts(world, "vn2.inet.0") == (4, 4)
    assert full_name("vn1") in world.state()["chains"][0]["reason"]


def test_flat_service_addresses_never_reach_the_tables(build: Any) -> None:
    world, objects = build(release="5.0")
    make_reference_objects(objects)
    commit_vrfs(world.router, REFERENCE_VRFS)
    world.settle()
    assert counts(world, "vn1.inet.0") == counts(world, "vn2.inet.0") == (3, 3)
    chain(world, objects, "1-to-2")
    assert counts(world, "vn1.inet.0") == counts(world, "vn2.inet.0") == (6, 6)


def test_nat_brings_routes_to_the_left_only(build: Any) -> None:
    world, objects = build()
    objects.network("vn1", "10.0.1.0/24", ["64512:1"])
    objects.network("vn2", "10.0.2.0/24", ["64512:2"])
    objects.port("vm1", "vn1", "vm1")
    objects.port("vm2", "vn2", "vm2")
    objects.service("1-to-2", *BOTH, mode="in-network-nat")
    commit_vrfs(world.router, REFERENCE_VRFS)
    chain(world, objects, "1-to-2")
    assert counts(world, "vn1.inet.0") == (8, 8)
    assert counts(world, "vn2.inet.0") == (4, 4)


def test_one_way_chain_brings_routes_to_the_left_only(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    commit_vrfs(world.router, REFERENCE_VRFS)
    chain(world, objects, "1-to-2", direction=">")
    assert counts(world, "vn1.inet.0") == (8, 8)
    assert counts(world, "vn2.inet.0") == (4, 4)


def test_one_way_route_targets_break_the_chain_twice(build: Any) -> None:
    world, objects = build()
    objects.network("vn1", "10.0.1.0/24", ["64512:1"])
    objects.network(
        "vn2",
        "10.0.2.0/24",
        import_route_target_list={"route_target": ["target:64512:2"]},
        export_route_target_list={"route_target": ["target:64512:22"]},
    )
    objects.port("vm1", "vn1", "vm1")
    objects.port("vm2", "vn2", "vm2")
    objects.service("1-to-2", *BOTH)
    mirrored = VrfStatements("vn2", "64512:22", "64512:2", ("172.31.8.198/32",))
    commit_vrfs(world.router, [REFERENCE_VRFS[0], mirrored])
    chain(world, objects, "1-to-2")
    assert counts(world, "vn1.inet.0") == (7, 7)
    assert counts(world, "vn2.inet.0") == (4, 4)
    assert entries(world, "vn1.inet.0", "172.31.8.198/32") == ()


def test_plain_pass_policy_brings_the_router_nothing(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    commit_vrfs(world.router, REFERENCE_VRFS)
    chain(world, objects)
    assert counts(world, "vn1.inet.0") == (4, 4)


def test_transit_network_hands_on_what_came_through_another_chain(build: Any) -> None:
    world, objects = build()
    for number in (1, 2, 3):
        transit = {"virtual_network_properties": {"allow_transit": True}} if number == 2 else {}
        objects.network(f"vn{number}", f"10.0.{number}.0/24", [f"64512:{number}"], **transit)
    objects.port("vm3", "vn3", "vm3")
    objects.service("first", "vn1", "vn2")
    objects.service("second", "vn2", "vn3")
    for name, left, right in (("first", "vn1", "vn2"), ("second", "vn2", "vn3")):
        objects.policy(name, left, right, [name])
        objects.attach(name, left, right)
    world.settle()
    commit_vrfs(world.router, [REFERENCE_VRFS[0]])
    assert entries(world, "vn1.inet.0", "10.0.3.3/32")
    world.store.update(objects.uuid("virtual-network", "vn2"), {"virtual_network_properties": {"allow_transit": False}})
    world.settle()
    assert not entries(world, "vn1.inet.0", "10.0.3.3/32")


@pytest.mark.parametrize("release", ["4.0", "5.0"])
def test_dead_guest_withdraws_its_side_or_since_5_0_the_whole_chain(build: Any, release: str) -> None:
    world, objects = build(release=release)
    make_reference_objects(objects)
    commit_vrfs(world.router, REFERENCE_VRFS)
    chain(world, objects, "1-to-2")
    world.set_guests_down({"1-to-2-left"})
    assert not entries(world, "vn1.inet.0", "10.0.2.3/32")
    assert bool(entries(world, "vn2.inet.0", "10.0.1.3/32")) is (release == "4.0")


def test_port_without_a_machine_is_not_announced(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    commit_vrfs(world.router, REFERENCE_VRFS)
    world.store.update(objects.uuid("virtual-machine-interface", "vm1"), {"virtual_machine_refs": []})
    world.settle()
    assert not entries(world, "vn1.inet.0", "10.0.1.3/32")


def test_port_without_an_address_of_its_own_announces_no_service_address(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    commit_vrfs(world.router, REFERENCE_VRFS)
    own = world.store.find("instance-ip", ["1-to-2-left"])
    world.store.delete(own["uuid"])
    world.settle()
    assert not entries(world, "vn1.inet.0", "10.0.1.5/32")


def test_second_port_of_a_named_machine_is_on_the_same_compute(build: Any, two_computes: Site) -> None:
    world, objects = build(two_computes)
    make_reference_objects(objects)
    objects.port_tuple("1-to-2", *BOTH, "-2")
    objects.port("management", "vn1", "1-to-2-2")
    (path,) = [one for one in world.vrouters.paths() if one.prefix == "10.0.1.6/32"]
    assert path.next_hop == "172.31.10.156"


def test_labels_stay_while_ports_do(build: Any) -> None:
    world, objects = build()
    objects.network("vn1", "10.0.1.0/24")
    for name in ("a", "b", "c"):
        objects.port(name, "vn1", name)
    before = {path.prefix: path.label for path in world.vrouters.paths()}
    assert sorted(before.values()) == [
        18,
        38,
        42,
    ]  # a step of four, around the labels that the site gave away
    world.store.delete(world.store.find("instance-ip", ["a"])["uuid"])
    world.store.delete(objects.uuid("virtual-machine-interface", "a"))
    after = {path.prefix: path.label for path in world.vrouters.paths()}
    assert after == {prefix: label for prefix, label in before.items() if prefix in after}
