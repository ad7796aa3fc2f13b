# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd replies to operational requests: what routers of several releases say, as data with fixed keys."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.commit import checks
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.replies import operational, routes
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from lxml import etree


def data(text: str) -> dict[str, Any]:
    return xml.to_data(etree.fromstring(text))


def entries(*parts: str, destination: str = "<rt-destination>10.0.2.3/32</rt-destination>") -> list[routes.RouteRow]:
    inside = "".join(f"<rt-entry>{part}</rt-entry>" for part in parts)
    reply = (
        "<route-information><route-table><table-name>T</table-name><destination-count>1</destination-count>"
        f"<rt>{destination}{inside}</rt></route-table></route-information>"
    )
    return routes.parse_routes(data(reply))["T"]["routes"]


class TestRoutes:
    @pytest.mark.parametrize("tag", ["metric", "med"])
    def test_the_med_goes_by_two_names(self, tag: str) -> None:
        assert entries(f"<protocol-name>BGP</protocol-name><{tag}>0</{tag}>")[0]["med"] == 0

    def test_the_detail_style_keeps_the_length_apart(self) -> None:
        split = "<rt-destination>10.0.2.3</rt-destination><rt-prefix-length>32</rt-prefix-length>"
        assert entries("<active-tag>*</active-tag>", destination=split)[0]["prefix"] == "10.0.2.3/32"

    def test_the_detail_style_may_tell_the_local_preference_as_a_second_preference(self) -> None:
        (route,) = entries("<protocol-name>BGP</protocol-name><preference2>-201</preference2>")
        assert route["local_preference"] == 200
        (route,) = entries("<protocol-name>Static</protocol-name><preference2>-201</preference2>")
        assert route["local_preference"] is None

    def test_the_gateway_of_the_detail_style_is_who_it_was_learned_from(self) -> None:
        assert entries("<gateway>172.31.4.76</gateway>")[0]["learned_from"] == "172.31.4.76"

    def test_several_next_hops_share_the_load(self) -> None:
        (route,) = entries(
            "<nh><via>gr-0/0/0.32769</via><mpls-label>Push 20</mpls-label></nh>"
            "<nh><selected-next-hop/><via>gr-0/0/0.32770</via><mpls-label>Push 30, Push 300(top)</mpls-label></nh>"
        )
        assert (route["via"], route["label"]) == ("gr-0/0/0.32770", 30)
        assert [(one["via"], one["label"], one["selected"]) for one in route["next_hops"]] == [
            ("gr-0/0/0.32769", 20, False),
            ("gr-0/0/0.32770", 30, True),
        ]

    def test_several_paths_of_which_one_is_active(self) -> None:
        best, other = entries("<current-active/><active-tag>*</active-tag>", "<active-tag> </active-tag>")
        assert (best["active"], other["active"]) == (True, False)

    @pytest.mark.parametrize(("tag", "active"), [("*", True), ("@", True), ("#", False), ("", False)])
    def test_marks_of_activity(self, tag: str, active: bool) -> None:
        assert entries(f"<active-tag>{tag}</active-tag>")[0]["active"] is active

    def test_a_hidden_route_has_no_next_hop(self) -> None:
        (route,) = entries("<active-tag> </active-tag><protocol-name>BGP</protocol-name><nh-type>Unusable</nh-type>")
        assert (route["active"], route["via"], route["next_hops"]) == (False, None, [])

    def test_an_address_of_the_router_itself_has_an_interface(self) -> None:
        (route,) = entries(
            "<protocol-name>Local</protocol-name><nh><nh-local-interface>lo0.3</nh-local-interface></nh>"
        )
        assert (route["via"], route["next_hop"]) == ("lo0.3", None)

    @pytest.mark.parametrize(
        ("hop", "label"),
        [
            ("<nh><via>Tunnel Composite</via><mpls-label>Push 16</mpls-label></nh>", 16),
            ("<nh><via>Tunnel Composite</via></nh><vpn-label>51</vpn-label>", 51),
            ("<nh><mpls-label>Push 30</mpls-label></nh><vpn-label>51</vpn-label>", 30),
        ],
    )
    def test_the_label_of_a_udp_tunnel_may_stand_beside_the_next_hop(self, hop: str, label: int) -> None:
        assert entries(f"<protocol-name>BGP</protocol-name>{hop}")[0]["label"] == label

    @pytest.mark.parametrize("style", ["<as-path>AS path: 64512 ? </as-path>", ""])
    def test_the_as_path_stands_among_the_attributes_in_later_releases(self, style: str) -> None:
        attributes = (
            "<bgp-path-attributes><attr-as-path-effective><aspath-effective-string>AS path:</aspath-effective-string>"
            "<attr-value>64512 ?</attr-value></attr-as-path-effective></bgp-path-attributes>"
        )
        assert entries(f"{style}{attributes}")[0]["as_path"] == "64512 ?"

    def test_communities_of_both_kinds(self) -> None:
        (route,) = entries(
            "<communities><community>64512:7</community><extended-community>target:64512:1</extended-community>"
            "<extended-community>encapsulation:0L:2</extended-community></communities>"
        )
        assert route["communities"] == ["64512:7", "target:64512:1", "encapsulation:0L:2"]

    @pytest.mark.parametrize("reply", ["<route-information/>", "<route-information>\n</route-information>", "<ok/>"])
    def test_no_table_at_all(self, reply: str) -> None:
        assert routes.parse_routes(data(reply)) == {}


SUMMARY = """
<bgp-information>
  <group-count>1</group-count><peer-count>2</peer-count><down-peer-count>1</down-peer-count>
  <bgp-rib><name>bgp.l3vpn.0</name><total-prefix-count>5</total-prefix-count>
    <active-prefix-count>4</active-prefix-count></bgp-rib>
  <bgp-peer><peer-address>172.31.4.76</peer-address><peer-as>64512</peer-as><flap-count>3</flap-count>
    <elapsed-time>2w3d 4:05:06</elapsed-time><peer-state>{state}</peer-state></bgp-peer>
  <bgp-peer><peer-address>172.31.4.77</peer-address><peer-as>64512</peer-as><flap-count>0</flap-count>
    <elapsed-time>12</elapsed-time><peer-state>Connect</peer-state></bgp-peer>
</bgp-information>
"""

NEIGHBORS = """
<bgp-information>
  <bgp-peer>
    <peer-address>172.31.4.76+179</peer-address><peer-as>64512</peer-as>
    <local-address>172.31.10.57+60123</local-address><local-as>64512</local-as>
    <peer-group>contrail</peer-group><peer-cfg-rti>master</peer-cfg-rti><peer-type>Internal</peer-type>
    <peer-state>{state}</peer-state><last-error>Cease</last-error>
    <bgp-option-information><holdtime>90</holdtime></bgp-option-information>
    <active-holdtime>30</active-holdtime><nlri-type-session>inet-vpn-unicast route-target</nlri-type-session>
    <bgp-rib><name>bgp.l3vpn.0</name><active-prefix-count>4</active-prefix-count></bgp-rib>
    <bgp-rib><name>vn1.inet.0</name><received-prefix-count>2</received-prefix-count></bgp-rib>
  </bgp-peer>
</bgp-information>
"""


class TestBgp:
    @pytest.mark.parametrize("state", ["Established", "Establ", "5/5/5/0"])
    def test_a_session_that_is_up_is_told_in_one_word(self, state: str) -> None:
        bgp = operational.parse_bgp(data(SUMMARY.format(state=state)), data(NEIGHBORS.format(state=state)))
        up, down = bgp["peers"]
        assert (up["state"], up["established"]) == ("Established", True)
        assert (down["address"], down["state"], down["established"]) == ("172.31.4.77", "Connect", False)

    def test_both_replies_come_together_by_address(self) -> None:
        bgp = operational.parse_bgp(data(SUMMARY.format(state="x")), data(NEIGHBORS.format(state="Established")))
        peer = bgp["peers"][0]
        assert (peer["address"], peer["local_address"], peer["flaps"]) == ("172.31.4.76", "172.31.10.57", 3)
        assert (peer["hold_time"], peer["elapsed"], peer["type"]) == (30, "2w3d 4:05:06", "internal")
        assert peer["families"] == ["inet-vpn-unicast", "route-target"]
        assert [(rib["name"], rib["active"], rib["received"]) for rib in peer["tables"]] == [
            ("bgp.l3vpn.0", 4, None),
            ("vn1.inet.0", None, 2),
        ]
        assert (bgp["tables"][0]["total"], bgp["tables"][0]["active"]) == (5, 4)

    def test_a_router_without_bgp(self) -> None:
        assert operational.parse_bgp({}, {}) == {"peers": [], "tables": []}
        assert operational.parse_bgp(data("<output>BGP is not running</output>"), {})["peers"] == []


class TestFilters:
    def test_a_filter_without_a_counter(self) -> None:
        inside = "<filter-information><filter-name>F</filter-name></filter-information>"
        reply = f"<firewall-information>{inside}</firewall-information>"
        assert operational.parse_filters(data(reply)) == {"F": {"exists": True, "counters": []}}

    def test_several_counters(self) -> None:
        counters = "".join(
            f"<counter><counter-name>c{n}</counter-name><packet-count>{n}</packet-count><byte-count>{n}</byte-count></counter>"
            for n in (1, 2)
        )
        reply = (
            "<firewall-information><filter-information><filter-name>F</filter-name>"
            f"{counters}</filter-information></firewall-information>"
        )
        assert [one["packets"] for one in operational.parse_filters(data(reply))["F"]["counters"]] == [1, 2]

    def test_no_filter_at_all(self) -> None:
        assert operational.parse_filters({}) == {}


class TestTunnels:
    def test_several_tunnels_below_a_network_and_a_network_without(self) -> None:
        text = (
            "\n*- Signal Tunnels #- PFE-down\nTable: inet.3       \n\nDestination-network: 10.0.0.0/24\n"
            "Tunnel to: 10.0.0.1/32 State: Up\n  Reference count: 4\n  Next-hop type: gre\n"
            "    Source address: 10.9.9.9\n    Next hop: gr-0/0/10.32769\n      State: Up\n"
            "Tunnel to: 10.0.0.2/32 State: Dn\n\nDestination-network: 10.0.1.0/24\n"
        )
        first, second, third = operational.parse_tunnels(text)
        assert first == {
            "table": "inet.3",
            "network": "10.0.0.0/24",
            "destination": "10.0.0.1/32",
            "state": "Up",
            "references": 4,
            "encapsulation": "gre",
            "source_address": "10.9.9.9",
            "via": "gr-0/0/10.32769",
        }
        assert (second["destination"], second["state"], second["via"]) == ("10.0.0.2/32", "Dn", None)
        assert (third["network"], third["destination"]) == ("10.0.1.0/24", None)

    def test_a_udp_tunnel_with_a_next_hop_that_has_counts_of_its_own(self) -> None:
        text = (
            "*- Signal Tunnels #- PFE-down\nTable: inet.3\n\nDestination-network: 192.168.1.2/32\n"
            "Tunnel to: 192.168.1.2/32\n  Reference count: 4\n  Next-hop type: UDP (BGP-Signal)\n"
            "    Source address: 192.168.1.6 Tunnel Id: 1\n    Next hop: tunnel-composite, 0xccd8990, nhid 644\n"
            "      Reference count: 1\n      Ingress Route: 192.168.1.2/32, via metric 2\n"
            "      Traffic Statistics: Packets 2, Bytes 168\n      State: Up\n"
        )
        (tunnel,) = operational.parse_tunnels(text)
        assert tunnel == {
            "table": "inet.3",
            "network": "192.168.1.2/32",
            "destination": "192.168.1.2/32",
            "state": "Up",
            "references": 4,
            "encapsulation": "udp",
            "source_address": "192.168.1.6",
            "via": "tunnel-composite",
        }

    def test_a_router_without_tunnels(self) -> None:
        assert operational.parse_tunnels("") == []


def test_the_history_of_a_router_with_one_commit() -> None:
    reply = (
        "<commit-information><commit-history><sequence-number>0</sequence-number></commit-history></commit-information>"
    )
    (commit,) = operational.parse_commits(data(reply))
    assert (commit.number, commit.user, commit.pending) == (0, "", False)


# --- several routing instances, several routing engines ---------------------------------------------------------------


def peer(address: str, state: str, *, instance: str = "", tables: Sequence[str] = (), flaps: int = 0) -> str:
    named = f"<peer-cfg-rti>{instance}</peer-cfg-rti>" if instance else ""
    ribs = "".join(f"<bgp-rib><name>{table}</name></bgp-rib>" for table in tables)
    return (
        f"<bgp-peer><peer-address>{address}</peer-address><flap-count>{flaps}</flap-count>{named}"
        f"<peer-state>{state}</peer-state>{ribs}</bgp-peer>"
    )


def bgp(*peers: str) -> dict[str, Any]:
    return data(f"<bgp-information>{''.join(peers)}</bgp-information>")


NEIGHBORS_OF_THREE = (
    peer("10.0.0.1+179", "Established", instance="master"),
    peer("10.0.0.1", "Active", instance="vn1"),
    peer("10.0.0.1", "Established", instance="left.right"),
)
SUMMARY_OF_THREE = (
    peer("10.0.0.1", "1/1/1/0", tables=["bgp.l3vpn.0", "vn1.inet.0"], flaps=1),
    peer("10.0.0.1", "Active", flaps=2),
    peer("10.0.0.1", "2/2/2/0", tables=["left.right.inet.0"], flaps=3),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_peers_of_one_address_in_several_instances_are_kept_apart(order: Sequence[int]) -> None:
    found = operational.parse_bgp(bgp(*(SUMMARY_OF_THREE[n] for n in order)), bgp(*NEIGHBORS_OF_THREE))["peers"]
    told = {(one["instance"], one["established"], one["flaps"]) for one in found}
    assert told == {("master", True, 1), ("vn1", False, 2), ("left.right", True, 3)}


def test_what_a_summary_does_not_tell_apart_is_told_of_no_peer() -> None:
    down = [peer("10.0.0.1", "Active", flaps=n) for n in (1, 2)]
    named = [peer("10.0.0.1", "Active", instance=name) for name in ("vn1", "vn2")]
    found = operational.parse_bgp(bgp(*down), bgp(*named))["peers"]
    assert [(one["instance"], one["state"], one["elapsed"]) for one in found] == [
        ("vn1", "Active", None),
        ("vn2", "Active", None),
    ]


REPLIES: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "commits": (
        "<commit-information><commit-history><sequence-number>0</sequence-number><user>lab</user></commit-history>"
        "</commit-information>",
        operational.parse_commits,
    ),
    "clock": (
        "<system-uptime-information><current-time><date-time>2026-01-31 12:00:00 UTC</date-time></current-time>"
        "</system-uptime-information>",
        operational.current_time,
    ),
    "version": ("<software-information><host-name>r</host-name></software-information>", operational.parse_version),
    "instances": (
        "<instance-information><instance-core><instance-name>vn1</instance-name></instance-core></instance-information>",
        operational.parse_instances,
    ),
    "bgp": (
        f"<bgp-information>{peer('10.0.0.1', 'Active')}</bgp-information>",
        lambda reply: operational.parse_bgp(reply, reply),
    ),
    "filters": (
        "<firewall-information><filter-information><filter-name>F</filter-name></filter-information>"
        "</firewall-information>",
        operational.parse_filters,
    ),
    "routes": (
        "<route-information><route-table><table-name>T</table-name></route-table></route-information>",
        routes.parse_routes,
    ),
    "ping": (
        "<ping-results><probe-results-summary><responses-received>1</responses-received></probe-results-summary>"
        "</ping-results>",
        checks.answered,
    ),
}


@pytest.mark.parametrize("subject", REPLIES)
def test_a_router_with_two_routing_engines_tells_the_same(subject: str) -> None:
    reply, read = REPLIES[subject]
    item = "<multi-routing-engine-item><re-name>{}</re-name>{}</multi-routing-engine-item>"
    items = item.format("re0", reply) + item.format("re1", reply)
    several = f"<multi-routing-engine-results>{items}</multi-routing-engine-results>"
    assert read(data(reply))
    assert read(data(several)) == read(data(reply))


COUNTED = """
<firewall-information>
  <filter-information><filter-name>F-ge-0/0/0.0-i</filter-name>
    <counter><counter-name>c-ge-0/0/0.0-i</counter-name><packet-count>3</packet-count><byte-count>30</byte-count></counter>
  </filter-information>
  <filter-information><filter-name>F-xe-0/0/0:1.100-i</filter-name>
    <counter><counter-name>c-xe-0/0/0:1.100-i</counter-name><packet-count>4</packet-count><byte-count>40</byte-count></counter>
  </filter-information>
  <filter-information><filter-name>ge-0/0/1.0-i</filter-name>
    <counter><counter-name>c-ge-0/0/1.0-i</counter-name><packet-count>5</packet-count><byte-count>50</byte-count></counter>
    <counter><counter-name>other-ge-0/0/1.0-i</counter-name><packet-count>9</packet-count></counter>
  </filter-information>
  <filter-information><filter-name>F-more</filter-name></filter-information>
</firewall-information>
"""


def test_a_filter_is_found_by_the_names_that_it_has_for_interfaces_and_in_lists() -> None:
    known = operational.parse_filters(data(COUNTED))
    found = operational.find_filter(known, "F", {"ge-0/0/1.0-i": {"F", "G"}}, {"c"})
    assert (found["exists"], found["counters"]) == (True, [{"name": "c", "packets": 12, "bytes": 120}])
    assert {one["name"] for one in found["instances"]} == {"F-ge-0/0/0.0-i", "F-xe-0/0/0:1.100-i", "ge-0/0/1.0-i"}
    assert operational.find_filter(known, "F-more", {}, ()) == {"exists": True, "counters": []}
    assert operational.find_filter(known, "E", {"ge-0/0/1.0-i": {"F"}}, ()) == operational.absent_filter()
