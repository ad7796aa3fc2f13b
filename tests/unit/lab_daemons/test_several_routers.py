# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two routers as peers of one control node: what each learns, and faults that are of one of them."""

from __future__ import annotations

from typing import Any

import pytest
from lab.core.site import DEFAULT_SITE, read_site
from lab.core.world import World
from lab.introspect.neighbors import neighbors
from models.chain_objects import ChainObjects, make_reference_objects
from models.vrf_configuration import REFERENCE_VRFS, VrfStatements, commit_vrfs

FIRST, SECOND = "172.31.9.34/32", "172.31.8.198/32"


@pytest.fixture
def world() -> World:
    """The reference chain, its left prefix behind vmx1, its right one behind vmx2; both have the VRFs of both sides."""
    made = World(read_site(DEFAULT_SITE.parent / "sites" / "several.yml"))
    objects = ChainObjects(made.store)
    make_reference_objects(objects)
    left, right = REFERENCE_VRFS
    commit_vrfs(made.routers["vmx1"], [left, VrfStatements("vn2", right.imports, right.exports)])
    commit_vrfs(made.routers["vmx2"], [VrfStatements("vn1", left.imports, left.exports), right])
    objects.policy("p", "vn1", "vn2", ["1-to-2"])
    objects.attach("p", "vn1", "vn2")
    made.settle()
    return made


def learned(world: World, router: str, name: str) -> set[str]:
    """Return the prefixes that a router has by BGP in a table; an empty table is not shown."""
    return {
        one.prefix
        for table in world.route_tables(router)
        if table.name == name
        for one in table.destinations
        for entry in one.entries
        if entry.protocol == "BGP"
    }


def fault(world: World, kind: str, **match: str) -> None:
    world.set_faults([{"server": "router", "kind": kind, "match": match}])


def states(world: World) -> dict[str, Any]:
    return {one.name: (one.address, one.values()["state"]) for one in neighbors(world) if one.encoding == "BGP"}


def test_what_one_router_tells_reaches_the_other_through_the_chain_alone(world: World) -> None:
    assert FIRST in learned(world, "vmx2", "vn2.inet.0")
    assert FIRST not in learned(world, "vmx2", "vn1.inet.0")
    assert SECOND in learned(world, "vmx1", "vn1.inet.0")
    assert SECOND not in learned(world, "vmx1", "vn2.inet.0")


def test_the_control_node_shows_both_with_their_own_addresses(world: World) -> None:
    assert states(world) == {"vmx1": ("172.31.10.57", "Established"), "vmx2": ("172.31.10.58", "Established")}


@pytest.mark.parametrize("kind", ["session_down", "down"])
def test_a_session_that_one_router_loses_takes_its_routes_alone(world: World, kind: str) -> None:
    fault(world, kind, router="vmx2")
    assert {name: state for name, (_address, state) in states(world).items()} == {
        "vmx1": "Established",
        "vmx2": "Active",
    }
    assert learned(world, "vmx2", "vn1.inet.0") == set()
    assert SECOND not in learned(world, "vmx1", "vn1.inet.0")
    assert "10.0.2.3/32" in learned(world, "vmx1", "vn1.inet.0")


def test_a_fault_without_a_name_is_of_all_routers(world: World) -> None:
    fault(world, "unresolved", address="172.31.10.155")
    assert learned(world, "vmx1", "vn1.inet.0") == learned(world, "vmx2", "vn1.inet.0") == set()
    world.clear_faults()
    fault(world, "unresolved", address="172.31.10.155", router="vmx1")
    assert learned(world, "vmx1", "vn1.inet.0") == set()
    assert learned(world, "vmx2", "vn1.inet.0")


def test_each_router_keeps_a_configuration_of_its_own_over_a_restart(world: World) -> None:
    kept = world.dump()
    again = World(world.site)
    again.restore(kept)
    for name, router in world.routers.items():
        assert again.routers[name].text() == router.text()
    assert world.routers["vmx1"].text() != world.routers["vmx2"].text()
