# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routing tables and other operational replies as data."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.replies import operational, routes
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from support.examples import examples

ENVELOPE = (
    '<route-information xmlns="http://xml.juniper.net/junos/17.2R1/junos-routing"'
    ' xmlns:junos="http://xml.juniper.net/junos/17.2R1/junos">'
)

BGP = """
<rt junos:style="brief">
  <rt-destination>10.0.2.3/32</rt-destination>
  <rt-entry>
    <active-tag>*</active-tag><current-active/><last-active/>
    <protocol-name>BGP</protocol-name><preference>170</preference>
    <age junos:seconds="61">00:01:01</age>
    <metric>100</metric><local-preference>200</local-preference>
    <learned-from>172.31.4.76</learned-from>
    <as-path>?
    </as-path>
    <validation-state>unverified</validation-state>
    <nh><selected-next-hop/><via>gr-0/0/0.32771</via><mpls-label>Push 30</mpls-label></nh>
  </rt-entry>
</rt>
"""

STATIC = """
<rt junos:style="brief">
  <rt-destination>172.31.9.34/32</rt-destination>
  <rt-entry>
    <active-tag>*</active-tag><current-active/><last-active/>
    <protocol-name>Static</protocol-name><preference>5</preference>
    <age junos:seconds="61">00:01:01</age>
    <nh><nh-table>inet.0</nh-table></nh>
  </rt-entry>
</rt>
"""


def data(text: str) -> dict[str, Any]:
    return xml.table_to_data(xml.without_namespaces(etree.fromstring(text)))


CONTAINERS = st.sampled_from(["rt", "nh", "rt-entry"])
LEAVES = st.sampled_from(["via", "age"])
TEXTS = st.sampled_from(["10.0.0.0/8", " two\n  lines ", "0", "ä"])


@st.composite
def replies(draw: st.DrawFn, depth: int = 3) -> etree._Element:
    children = draw(st.lists(replies(depth=depth - 1), max_size=4)) if depth else []
    if not children and draw(st.booleans()):
        return etree.Element("current-active")
    made = etree.Element(draw(CONTAINERS if children else LEAVES), style="brief")
    if children:
        made.text = draw(st.sampled_from(["", "\n  "]))
        made.extend([etree.Comment("keepalive"), *children])
    else:
        made.text = draw(TEXTS)
    return made


@examples(100)
@given(reply=replies())
def test_large_replies_are_read_as_small_ones_are(reply: etree._Element) -> None:
    assert xml.table_to_data(reply) == xml.to_data(reply)


def table(name: str, *destinations: str) -> routes.RouteTable:
    reply = (
        f"{ENVELOPE}<!-- keepalive --><route-table><table-name>{name}</table-name>"
        f"<destination-count>{len(destinations)}</destination-count><hidden-route-count>1</hidden-route-count>"
        f"{''.join(destinations)}</route-table></route-information>"
    )
    return routes.parse_routes(data(reply))[name]


def hop(**values: Any) -> dict[str, Any]:
    return {"selected": False, "next_hop": None, "via": None, "label": None, "to_table": None, **values}


NOTHING = dict.fromkeys(["med", "local_preference", "label", "learned_from", "as_path", "via", "to_table", "next_hop"])


def test_a_vpn_route_over_a_tunnel() -> None:
    found = table("vn1.inet.0", BGP)
    assert (found["exists"], found["destinations"], found["hidden"]) == (True, 1, 1)
    assert found["routes"] == [
        {
            "prefix": "10.0.2.3/32",
            "protocol": "BGP",
            "preference": 170,
            "active": True,
            "med": 100,
            "local_preference": 200,
            "label": 30,
            "learned_from": "172.31.4.76",
            "as_path": "?",
            "via": "gr-0/0/0.32771",
            "to_table": None,
            "next_hop": None,
            "next_hops": [hop(selected=True, via="gr-0/0/0.32771", label=30)],
            "communities": [],
        }
    ]


def test_a_static_route_to_another_table() -> None:
    assert table("vn1.inet.0", STATIC)["routes"] == [
        {
            **NOTHING,
            "prefix": "172.31.9.34/32",
            "protocol": "Static",
            "preference": 5,
            "active": True,
            "to_table": "inet.0",
            "next_hops": [hop(to_table="inet.0")],
            "communities": [],
        }
    ]


def test_several_entries_of_a_destination_are_several_routes() -> None:
    second = "<rt-entry><protocol-name>Direct</protocol-name><preference>0</preference></rt-entry>"
    found = table("vn1.inet.0", BGP.replace("</rt-entry>", f"</rt-entry>{second}"), STATIC)
    assert [(one["protocol"], one["active"]) for one in found["routes"]] == [
        ("BGP", True),
        ("Direct", False),
        ("Static", True),
    ]


def test_of_several_next_hops_the_selected_one_is_told() -> None:
    other = "<nh><to>10.0.0.9</to><via>ge-0/0/1.0</via></nh><nh><selected-next-hop/>"
    found = table("vn1.inet.0", BGP.replace("<nh><selected-next-hop/>", other))
    assert found["routes"][0]["via"] == "gr-0/0/0.32771"


def test_the_detail_style_keeps_the_length_apart() -> None:
    detail = BGP.replace("10.0.2.3/32", "10.0.2.3").replace(
        "<rt-entry>", "<rt-prefix-length>32</rt-prefix-length><rt-entry>", 1
    )
    assert table("vn1.inet.0", detail)["routes"][0]["prefix"] == "10.0.2.3/32"


@pytest.mark.parametrize("reply", ["<route-information/>", f"{ENVELOPE}</route-information>", "<output/>"])
def test_a_reply_without_tables_is_no_table(reply: str) -> None:
    assert routes.parse_routes(data(reply)) == {}
    assert routes.parse_routes({}) == {}


def test_the_commit_history_tells_a_pending_commit_by_its_marker_alone() -> None:
    head = "<commit-history><sequence-number>{}</sequence-number>"
    entry = head + "<user>ops</user><client>cli</client>{}</commit-history>"
    comment = "<comment>commit confirmed, rollback in 5mins</comment>"
    marker = "<commit-confirmed>rollback pending</commit-confirmed>"
    both = entry.format(0, comment + marker) + entry.format(1, comment)
    history = f"<commit-information>{both}</commit-information>"
    assert [one.pending for one in operational.parse_commits(data(history))] == [True, False]
    single = f"<commit-information>{entry.format(0, '<log>x [abc]</log>')}</commit-information>"
    assert [one.log for one in operational.parse_commits(data(single))] == ["x [abc]"]
    assert operational.parse_commits({}) == []


def test_the_version_of_one_or_several_routing_engines() -> None:
    one = (
        "<software-information><host-name>vmx1</host-name><product-model>vmx</product-model>"
        "<junos-version>17.2R1.13</junos-version></software-information>"
    )
    several = (
        "<multi-routing-engine-results><multi-routing-engine-item><re-name>re0</re-name>"
        f"{one}</multi-routing-engine-item></multi-routing-engine-results>"
    )
    expected = {"host_name": "vmx1", "model": "vmx", "version": "17.2R1.13"}
    assert operational.parse_version(data(one)) == expected
    assert operational.parse_version(data(several)) == expected


def test_an_old_release_tells_its_version_in_a_package() -> None:
    old = (
        "<software-information><host-name>r1</host-name><package-information><name>junos</name>"
        "<comment>JUNOS Base OS boot [12.3R6.6]</comment></package-information></software-information>"
    )
    assert operational.parse_version(data(old))["version"] == "12.3R6.6"


def test_instances_with_and_without_tables() -> None:
    reply = (
        "<instance-information><instance-core><instance-name>master</instance-name><instance-type>forwarding"
        "</instance-type><instance-rib><irib-name>inet.0</irib-name><irib-active-count>3</irib-active-count>"
        "<irib-holddown-count>0</irib-holddown-count><irib-hidden-count>0</irib-hidden-count></instance-rib>"
        "</instance-core><instance-core><instance-name>empty</instance-name><instance-type>vrf</instance-type>"
        "</instance-core></instance-information>"
    )
    assert operational.parse_instances(data(reply)) == [
        {
            "name": "master",
            "type": "forwarding",
            "tables": [{"name": "inet.0", "active": 3, "holddown": 0, "hidden": 0}],
        },
        {"name": "empty", "type": "vrf", "tables": []},
    ]


def test_errors_are_found_in_both_forms() -> None:
    netconf = (
        "<rpc-reply><commit-results><rpc-error><error-severity>warning</error-severity><error-message>\nw\n"
        "</error-message></rpc-error></commit-results><ok/></rpc-reply>"
    )
    old = '<reply xmlns:x="urn:x"><x:error><x:message>broken</x:message></x:error></reply>'
    assert xml.complaints(etree.fromstring(netconf)) == [("warning", "w")]
    assert xml.complaints(etree.fromstring(old)) == [("error", "broken")]


def test_comments_and_namespaces_of_a_configuration_are_dropped() -> None:
    text = (
        '<configuration xmlns="http://xml.juniper.net/xnm/1.1/xnm" xmlns:junos="urn:j"'
        ' junos:commit-seconds="1">'
        "<junos:comment>/* x */</junos:comment><!-- y -->"
        '<system inactive="inactive"><host-name>r</host-name></system>'
        '<routing-options junos:group="__contrail__"/></configuration>'
    )
    found = xml.parse_configuration(text)
    assert [child.tag for child in found.children] == ["system", "routing-options"]
    assert found.children[0].attributes == {"inactive": "inactive"}
    assert found.children[1].attributes == {"group": "__contrail__"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [("10.1.2.3", "10.1.2.0/24"), ("10.9.0.1", "10.0.0.0/8"), ("192.0.2.1", None), ("2001:db8::1", None)],
)
def test_the_best_route_is_the_most_specific_active_one(address: str, expected: str | None) -> None:
    known: list[routes.RouteRow] = [
        {"prefix": "10.0.0.0/8", "protocol": "BGP", "active": True},
        {"prefix": "10.1.2.0/24", "protocol": "BGP", "active": True},
        {"prefix": "10.1.2.3/32", "protocol": "BGP", "active": False},
    ]
    found = routes.best_route(known, address)
    assert (found["prefix"] if found else None) == expected
