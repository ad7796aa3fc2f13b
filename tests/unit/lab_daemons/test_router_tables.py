# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's side: its session with the control node, tunnels, and which routes it takes and shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lab.core.routes import RouteEntry, RouteTable
from lab.core.world import World
from lab.daemons.router_tables import RouterTables, session_of
from lab.daemons.router_view import view_of
from lab.junos.session import Session
from lxml import etree
from models.chain_objects import make_reference_objects
from models.vrf_configuration import REFERENCE_VRFS, VrfStatements, commit_vrfs

CONTROLLER = "172.31.4.76"


@pytest.fixture
def world(build: Any) -> World:
    """The reference scenario before its policy is attached."""
    made: World
    made, objects = build()
    make_reference_objects(objects)
    commit_vrfs(made.router, REFERENCE_VRFS)
    made.settle()
    return made


def tables(world: World) -> dict[str, RouteTable]:
    return {table.name: table for table in world.route_tables()}


def prefixes(table: RouteTable) -> list[str]:
    return [one.prefix for one in table.destinations]


def change(world: World, edit: Callable[[etree._Element], None]) -> None:
    """Run the router with its configuration changed."""
    configuration = etree.fromstring(etree.tostring(world.router.committed))
    edit(configuration)
    world.router.restore(etree.tostring(configuration, encoding="unicode"))


def merge(world: World, text: str) -> None:
    session = Session(world.router, 1, "lab")
    session.load(etree.fromstring(f"<configuration>{text}</configuration>"), "merge")
    session.commit()
    session.end()


def remove(path: str) -> Callable[[etree._Element], None]:
    def edit(configuration: etree._Element) -> None:
        for element in configuration.findall(path):
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)

    return edit


def fault(world: World) -> str | None:
    return session_of(view_of(world.router.inherited()), CONTROLLER).fault


def test_tables_without_vrfs(build: Any) -> None:
    world, _objects = build()
    found = tables(world)
    assert list(found) == ["inet.0", "inet.3"]
    assert prefixes(found["inet.0"]) == ["0.0.0.0/0", "172.31.0.0/20", "172.31.10.57/32"]
    assert found["inet.3"].destinations[-1].entries == (RouteEntry("Tunnel", 300, active=True, via="gr-0/0/0.32771"),)


def test_vpn_table_has_distinguishers_and_targets(world: World) -> None:
    (route,) = [one for one in tables(world)["bgp.l3vpn.0"].destinations if one.prefix.endswith(":10.0.1.3/32")]
    assert route.prefix.startswith("172.31.10.155:")
    assert "target:64512:1" in route.entries[0].communities


@pytest.mark.parametrize(
    ("lost", "reason"),
    [
        (".//protocols/bgp/group/neighbor", f"no BGP neighbor {CONTROLLER} is configured"),
        (".//protocols/bgp/group/family", f"BGP neighbor {CONTROLLER} has no family inet-vpn or inet6-vpn"),
        ("./interfaces/interface", "local address 172.31.10.57 is on no interface"),
        ("./apply-groups", f"no BGP neighbor {CONTROLLER} is configured"),
    ],
)
def test_session_needs_what_it_needs(world: World, lost: str, reason: str) -> None:
    change(world, remove(lost))
    assert fault(world) == reason
    assert world.established("vmx1") == frozenset()
    assert prefixes(tables(world)["vn1.inet.0"]) == ["172.31.9.34/32"]


def test_session_is_up_with_the_group_of_the_device_manager(world: World) -> None:
    assert fault(world) is None
    assert world.established("vmx1") == {CONTROLLER}


def test_routes_without_a_tunnel_to_their_compute_are_hidden(world: World) -> None:
    change(world, remove(".//dynamic-tunnel/destination-networks[name='172.31.10.155/32']"))
    table = tables(world)["vn1.inet.0"]
    assert prefixes(table) == ["172.31.9.34/32"]
    assert table.hidden == 3


def test_routes_without_tunnel_services_are_hidden(world: World) -> None:
    change(world, remove("./chassis"))
    assert tables(world)["vn2.inet.0"].hidden == 3


def test_vrf_without_table_label_tells_the_control_node_nothing(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    commit_vrfs(
        world.router,
        [
            REFERENCE_VRFS[0],
            VrfStatements("vn2", "64512:2", "64512:2", ("172.31.8.198/32",), table_label=False),
        ],
    )
    objects.policy("p", "vn1", "vn2", ["1-to-2"])
    objects.attach("p", "vn1", "vn2")
    world.settle()
    assert "172.31.8.198/32" not in prefixes(tables(world)["vn1.inet.0"])
    assert "172.31.9.34/32" in prefixes(tables(world)["vn2.inet.0"])


def test_inactive_vrf_has_no_table(world: World) -> None:
    def deactivate(configuration: etree._Element) -> None:
        instance = configuration.find("routing-instances/instance[name='vn1']")
        assert instance is not None
        instance.set("inactive", "inactive")

    change(world, deactivate)
    assert "vn1.inet.0" not in tables(world)


def test_static_route_with_a_better_preference_wins(world: World) -> None:
    merge(
        world,
        "<routing-instances><instance><name>vn1</name><routing-options><static><route><name>10.0.1.3/32</name>"
        "<next-table>inet.0</next-table></route></static></routing-options></instance></routing-instances>",
    )
    (route,) = [one for one in tables(world)["vn1.inet.0"].destinations if one.prefix == "10.0.1.3/32"]
    assert [(one.protocol, one.active) for one in route.entries] == [("Static", True), ("BGP", False)]


def test_policies_import_and_export_targets_through_communities(build: Any) -> None:
    world, objects = build()
    make_reference_objects(objects)
    merge(
        world,
        """
        <policy-options>
          <policy-statement><name>take</name><term><name>1</name>
            <from><protocol>bgp</protocol><community>one</community></from><then><accept/></then></term>
          </policy-statement>
          <policy-statement><name>give</name><term><name>1</name>
            <then><community><add/><community-name>one</community-name></community><accept/></then></term>
          </policy-statement>
          <community><name>one</name><members>target:64512:1</members></community>
        </policy-options>
        <routing-instances><instance><name>vn1</name><instance-type>vrf</instance-type>
          <vrf-import>take</vrf-import><vrf-export>give</vrf-export><vrf-table-label/>
        </instance></routing-instances>
        """,
    )
    world.settle()
    (vrf,) = view_of(world.router.inherited()).vrfs
    assert (vrf.imports, vrf.exports) == (frozenset({"target:64512:1"}), frozenset({"target:64512:1"}))
    assert "10.0.1.3/32" in prefixes(tables(world)["vn1.inet.0"])


def test_auto_export_leaks_between_vrfs_that_take_each_others_targets(world: World) -> None:
    commit_vrfs(world.router, [VrfStatements("both", "64512:1", "64512:3", ("172.31.9.99/32",))])
    assert "172.31.9.34/32" in prefixes(tables(world)["both.inet.0"])
    assert "172.31.9.99/32" not in prefixes(tables(world)["vn1.inet.0"])


def test_ages_count_from_when_a_route_was_first_there(world: World) -> None:
    moment = [100.0]
    builder = RouterTables(CONTROLLER, lambda: moment[0])
    view = view_of(world.router.inherited())

    def ages(tables: list[RouteTable]) -> set[int]:
        (table,) = [one for one in tables if one.name == "inet.0"]
        return {entry.age_seconds for one in table.destinations for entry in one.entries}

    first = builder.build(view, [])
    assert ages(first) == {0}
    moment[0] = 130.0
    assert (ages(first), ages(builder.build(view, []))) == ({30}, {30})


def test_tables_are_kept_until_something_changes(world: World) -> None:
    kept = world.route_tables()
    assert world.route_tables() is kept
    changes: list[Callable[[], object]] = [
        world.settle,
        lambda: commit_vrfs(world.router, REFERENCE_VRFS),
        lambda: world.set_guests_down(["1-to-2-left"]),
        lambda: world.set_faults([{"server": "router", "kind": "session_down"}]),
        world.clear_faults,
        world.schedule,
        world.reset,
    ]
    for change in changes:
        before = world.route_tables()
        change()
        assert world.route_tables() is not before


def test_tables_show_what_a_fault_disturbs_from_then_on(world: World) -> None:
    assert "10.0.1.3/32" in prefixes(tables(world)["vn1.inet.0"])
    world.set_faults([{"server": "router", "kind": "session_down"}])
    assert "10.0.1.3/32" not in prefixes(tables(world)["vn1.inet.0"])
    world.clear_faults()
    assert "10.0.1.3/32" in prefixes(tables(world)["vn1.inet.0"])
