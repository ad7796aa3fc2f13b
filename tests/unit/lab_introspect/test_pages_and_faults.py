# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages show of a chain that is up, and of each fault that can be ordered; the router shows the same."""

from __future__ import annotations

from typing import Any

import pytest
from lab.core.routes import RouteTable
from lab.core.world import World
from lxml import etree
from models.chain_objects import ChainObjects, full_name
from models.reference_world import reference_world
from support.lab_pages import ask, page

VN1, VN2, SERVICE = full_name("vn1"), full_name("vn2"), full_name("1-to-2")
TABLE1, TABLE2 = f"{VN1}:vn1.inet.0", f"{VN2}:vn2.inet.0"
AGENT = "agent:compute1"
LEFT, RIGHT = "1-to-2-left", "1-to-2-right"


def fault(world: World, server: str, kind: str, match: dict[str, str] | None = None, **more: Any) -> None:
    world.set_faults([{"server": server, "kind": kind, "match": match or {}, **more}])


def states(world: World) -> dict[str, tuple[str, str]]:
    """Return state and reason of the chain's services by network, for IPv4."""
    tree = page(world, "control", "/Snh_ShowServiceChainReq?search_string=")
    return {
        (one.findtext("src_virtual_network") or "").rpartition(":")[2]: (
            one.findtext("state") or "",
            one.findtext("pending_reason") or "",
        )
        for one in tree.iter("ShowServicechainInfo")
        if one.findtext("family") == "inet"
    }


def chain(world: World) -> tuple[str, str | None]:
    """Return what the schema transformer says of the chain: created, and the message."""
    one = page(world, "schema", "/Snh_ServiceChainList?sc_name=").find(".//ServiceChain")
    assert one is not None
    return one.findtext("created") or "", one.findtext("error_msg")


def control_routes(world: World, table: str) -> dict[str, etree._Element]:
    """Return the best path to each prefix of a table of the control node."""
    tree = page(world, "control", f"/Snh_ShowRouteReq?routing_table={table}")
    return {
        one.findtext("prefix") or "": path
        for one in tree.iter("ShowRoute")
        if (path := one.find(".//ShowRoutePath")) is not None
    }


def router_table(world: World, name: str) -> RouteTable:
    return next(one for one in world.route_tables() if one.name == name)


def by_bgp(world: World, name: str) -> set[str]:
    """Return the prefixes that the router's table has by BGP."""
    table = router_table(world, name)
    return {one.prefix for one in table.destinations if any(entry.protocol == "BGP" for entry in one.entries)}


def interface(world: World, port: str) -> etree._Element:
    uuid = ChainObjects(world.store).uuid("virtual-machine-interface", port)
    found = page(world, AGENT, f"/Snh_ItfReq?uuid={uuid}").find(".//ItfSandeshData")
    assert found is not None
    return found


def neighbor(world: World, name: str) -> etree._Element | None:
    tree = page(world, "control", f"/Snh_BgpNeighborReq?search_string={name}")
    return tree.find(".//BgpNeighborResp")


def test_a_chain_that_is_up_shows_alike_everywhere(world: World) -> None:
    assert chain(world) == ("true", None)
    assert states(world) == {"vn1": ("active", ""), "vn2": ("active", "")}
    far = control_routes(world, TABLE1)["10.0.2.3/32"]
    assert far.findtext("protocol") == "ServiceChain"
    assert (far.findtext("next_hop"), far.findtext("label")) == ("172.31.10.155", "30")
    assert [one.text for one in far.iterfind("origin_vn_path//element")] == [VN2]
    assert interface(world, LEFT).findtext("label") == "30"
    (label,) = page(world, AGENT, "/Snh_MplsReq?label=30").iter("MplsSandeshData")
    assert label.findtext("nh//itf") == interface(world, LEFT).findtext("name")
    assert "10.0.2.3/32" in by_bgp(world, "vn1.inet.0")


def test_the_agent_leads_to_the_service_and_to_the_router(world: World) -> None:
    vrf = page(world, AGENT, f"/Snh_VrfListReq?name={VN1}:vn1").find(".//VrfSandeshData")
    assert vrf is not None
    number = vrf.findtext("ucindex")
    (near,) = page(world, AGENT, f"/Snh_Inet4UcRouteReq?vrf_index={number}&src_ip=10.0.2.3&prefix_len=32").iter("nh")
    assert near.findtext(".//type") == "interface"
    assert near.findtext(".//itf") == interface(world, LEFT).findtext("name")
    (far,) = page(world, AGENT, f"/Snh_Inet4UcRouteReq?vrf_index={number}&src_ip=172.31.9.34&prefix_len=32").iter("nh")
    assert (far.findtext(".//type"), far.findtext(".//dip")) == ("tunnel", "172.31.10.57")
    services = page(world, AGENT, "/Snh_VrfListReq?name=:service-")
    assert [one.findtext("vn") for one in services.iter("VrfSandeshData")] == ["N/A", "N/A"]


def test_a_policy_on_one_network_gives_no_chain_and_no_message(world: World) -> None:
    ChainObjects(world.store).detach("p", "vn2")
    world.settle()
    assert chain(world) == ("false", None)
    assert states(world) == {}


def test_a_port_without_type_is_named(world: World) -> None:
    port = ChainObjects(world.store).uuid("virtual-machine-interface", RIGHT)
    world.store.update(port, {"virtual_machine_interface_properties": {}})
    world.settle()
    assert chain(world) == ("false", f"Right interface not found for {SERVICE}:tuple")


@pytest.mark.parametrize(
    ("server", "kind", "match"),
    [
        ("guest", "down", {"port": LEFT}),
        ("agent", "interface", {"port": LEFT}),
        ("agent", "health_check", {"port": LEFT}),
    ],
)
def test_a_port_that_is_down_takes_its_side_of_the_chain_down(
    world: World, server: str, kind: str, match: dict[str, str]
) -> None:
    fault(world, server, kind, match)
    assert states(world) == {"vn1": ("down", ""), "vn2": ("active", "")}
    assert "10.0.1.4/32" not in control_routes(world, TABLE1)
    assert "10.0.2.3/32" not in by_bgp(world, "vn1.inet.0")
    shown = interface(world, LEFT)
    down = shown.findtext("health_check_active") if kind == "health_check" else shown.findtext("active")
    assert str(down).startswith("Inactive")
    world.clear_faults()
    assert states(world)["vn1"] == ("active", "")


def test_since_5_0_the_other_side_is_down_with_its_group(late_world: World) -> None:
    fault(late_world, "guest", "down", {"port": LEFT})
    assert states(late_world) == {"vn1": ("down", ""), "vn2": ("group down", "")}


def test_an_interface_is_down_for_the_reason_that_is_ordered(world: World) -> None:
    fault(world, "agent", "interface", {"port": RIGHT}, reason="vrf-null")
    assert interface(world, RIGHT).findtext("l2_active") == "L2 Inactive < vrf-null  >"
    assert interface(world, RIGHT).findtext("label") == "-1"


def test_a_silent_guest_stays_at_the_low_preference(world: World) -> None:
    fault(world, "guest", "silent", {"port": LEFT})
    own = control_routes(world, TABLE1)
    assert [own[one].findtext("local_preference") for one in ("10.0.1.4/32", "10.0.1.5/32")] == ["100", "200"]
    (entry,) = next(
        one for one in router_table(world, "vn1.inet.0").destinations if one.prefix == "10.0.1.4/32"
    ).entries
    assert (entry.med, entry.local_preference) == (200, 100)
    assert states(world)["vn1"] == ("active", "")


def test_an_agent_with_another_label_differs_from_the_control_node(world: World) -> None:
    fault(world, "agent", "label", {"port": LEFT}, label=77)
    assert interface(world, LEFT).findtext("label") == "77"
    assert control_routes(world, TABLE1)["10.0.1.5/32"].findtext("label") == "30"
    assert len(page(world, AGENT, "/Snh_MplsReq?label=30").findall(".//MplsSandeshData")) == 0


@pytest.mark.parametrize("kind", ["disconnected", "down"])
def test_an_agent_without_session_takes_all_its_routes_away(world: World, kind: str) -> None:
    fault(world, "agent", kind, {"compute": "compute1"})
    assert neighbor(world, "compute1") is None
    assert states(world) == {"vn1": ("down", ""), "vn2": ("down", "")}
    assert by_bgp(world, "vn1.inet.0") == set()
    assert page(world, AGENT, "/Snh_AgentXmppConnectionStatusReq").findtext(".//state") == "Active"
    assert page(world, AGENT, "/Snh_SandeshUVECacheReq?x=NodeStatus").findtext(".//state") == "Non-Functional"


def test_without_a_service_address_the_chain_is_not_created(world: World) -> None:
    fault(world, "monitor", "no_address", {"service": SERVICE, "side": "right"})
    assert chain(world) == ("false", f"No ip address found for interface {full_name(RIGHT)}")
    assert states(world) == {}
    world.clear_faults()
    assert chain(world) == ("true", None)


def test_a_service_monitor_that_is_held_back_makes_no_address(world: World) -> None:
    fault(world, "monitor", "held")
    objects = ChainObjects(world.store)
    objects.service("fw2", "vn1", "vn2")
    objects.policy("q", "vn1", "vn2", ["fw2"])
    objects.attach("q", "vn1", "vn2")
    world.settle()
    said = {one.chain.services: one.error for one in world.schema_transformer.chains}
    assert said[full_name("fw2"),] == f"No ip address found for interface {full_name('fw2-left')}"


def test_a_schema_transformer_that_is_held_back_does_not_see_what_comes(world: World) -> None:
    fault(world, "schema", "held")
    ChainObjects(world.store).detach("p", "vn1", "vn2")
    world.settle()
    assert chain(world) == ("true", None)
    world.clear_faults()
    assert page(world, "schema", "/Snh_ServiceChainList").find(".//ServiceChain") is None


def test_a_message_of_the_schema_transformer_leaves_no_routing_instance(world: World) -> None:
    fault(world, "schema", "message", {"service": SERVICE}, reason="out of sorts")
    assert chain(world) == ("false", "out of sorts")
    names = [one.text or "" for one in page(world, "schema", "/Snh_RoutingInstanceList").iter("name")]
    assert not [one for one in names if ":service-" in one]


@pytest.mark.parametrize(
    ("kind", "reason", "state"),
    [
        ("down", "", ("down", "")),
        ("group_down", "", ("group down", "")),
        ("pending", "Service chain address is invalid", ("pending", "Service chain address is invalid")),
    ],
)
def test_chains_stand_as_ordered(world: World, kind: str, reason: str, state: tuple[str, str]) -> None:
    fault(world, "control", kind, {"network": VN1}, reason=reason)
    assert states(world) == {"vn1": state, "vn2": ("active", "")}
    assert "10.0.2.3/32" not in by_bgp(world, "vn1.inet.0")
    assert "10.0.1.3/32" in by_bgp(world, "vn2.inet.0")
    if kind == "pending":
        (one,) = page(world, "control", "/Snh_ShowServiceChainReq?search_string=pending").iter("ShowServicechainInfo")
        assert one.findtext("connected_route//prefix") == ""


def test_an_entry_can_be_missing_though_the_chain_is_created(world: World) -> None:
    fault(world, "control", "missing", {"service": SERVICE})
    assert chain(world) == ("true", None)
    assert states(world) == {}
    assert by_bgp(world, "vn1.inet.0") == {"10.0.1.3/32", "10.0.1.4/32", "10.0.1.5/32"}


def test_a_route_can_be_missing_infeasible_or_stale(world: World) -> None:
    for kind, flags in (("no_route", None), ("infeasible", "NoTunnelEncap"), ("stale", "Stale")):
        fault(world, "control", kind, {"table": TABLE1, "prefix": "10.0.1.3/32"})
        path = control_routes(world, TABLE1).get("10.0.1.3/32")
        assert (None if path is None else path.findtext("flags//element")) == flags
        assert ("10.0.1.3/32" in by_bgp(world, "vn1.inet.0")) == (kind == "stale")
        world.clear_faults()


def test_a_session_that_is_down_is_down_at_both_ends(world: World) -> None:
    router = world.site.routers[0].name
    up = neighbor(world, router)
    assert up is not None
    assert up.findtext("state") == "Established"
    fault(world, "router", "session_down")
    down = neighbor(world, router)
    assert down is not None
    assert (down.findtext("state"), down.findtext("send_state")) == ("Active", "not advertising")
    assert world.established(router) == frozenset()
    assert by_bgp(world, "vn1.inet.0") == set()
    assert "172.31.9.34/32" not in control_routes(world, TABLE1)


def test_a_router_that_does_not_import_a_target_shows_no_interest(world: World) -> None:
    groups = page(world, "control", "/Snh_ShowRtGroupReq?search_string=target:64512:").iter("ShowRtGroupInfo")
    asking = {one.findtext("rtarget") for one in groups if one.find("peers_interested//element") is not None}
    assert asking == {"target:64512:1", "target:64512:2"}


def test_a_next_hop_that_is_not_resolved_hides_the_routes(world: World) -> None:
    shown = router_table(world, "vn1.inet.0")
    fault(world, "router", "unresolved", {"address": "172.31.10.155"})
    left = router_table(world, "vn1.inet.0")
    assert by_bgp(world, "vn1.inet.0") == set()
    assert left.hidden == shown.routes - left.routes
    assert states(world)["vn1"] == ("active", "")


def test_faults_that_make_no_sense_are_refused(world: World) -> None:
    for wrong in (
        {"server": "control", "kind": "sideways"},
        {"server": "guest", "kind": "down", "match": {"name": LEFT}},
        {"server": "guest", "kind": "down", "match": {"port": LEFT}, "times": 2},
    ):
        with pytest.raises(ValueError, match=r"no such fault|no such attribute|times has no meaning"):
            world.set_faults([wrong])
    assert states(world)["vn1"] == ("active", "")


def test_requests_fail_as_ordered(world: World) -> None:
    world.set_faults(
        [
            {"server": "introspect", "kind": kind, "match": {"daemon": "schema", "request": name}, "times": 1, **more}
            for kind, name, more in (
                ("status", "VnList", {"status": 500}),
                ("no_response", "ServiceChainList", {}),
                ("truncated", "RoutingInstanceList", {}),
            )
        ]
    )
    asked = ("/Snh_VnList", "/Snh_ServiceChainList", "/Snh_RoutingInstanceList")
    failed, none, cut = ask(world, "schema", *asked)
    assert failed.status == 500
    assert none.body == b'<h3>No Response for Sandesh Request "ServiceChainList"</h3>'
    whole = ask(world, "schema", *asked)
    assert [one.status for one in whole] == [200, 200, 200]
    assert whole[2].body.startswith(cut.body)
    assert len(cut.body) < len(whole[2].body)


def test_protocols_say_how_routes_came_since_1910() -> None:
    paths = control_routes(reference_world("2011"), TABLE1)
    assert {path.findtext("protocol") for path in paths.values()} == {
        "XMPP (interface)",
        "XMPP (service-interface)",
        "ServiceChain (service-interface)",
        "BGP",
    }
