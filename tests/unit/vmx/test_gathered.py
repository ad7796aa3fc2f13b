# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is gathered can be given back, whatever the router has, and tells nothing that is not in effect."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model import filter as steer
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model import peering
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model import vrf as routing
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import ConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.gathered import gather
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.module import PEERING_OPTIONS, VRF_OPTIONS
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import peering_plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import vrf_plan as planning
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from hypothesis import given, note
from hypothesis import strategies as st
from lxml import etree
from models.junos_configurations import Junos, Node
from support.examples import examples
from unit.vmx.scenario import inherited, plan, text

SEEDS = st.integers(0, 2**32 - 1)


def configuration(router: Node) -> Statement:
    """Return a configuration as it is read; show it where a test fails."""
    note(etree.tostring(router, pretty_print=True, encoding="unicode"))
    return xml.to_statement(router)


def taken(options: dict[str, Any], given_back: dict[str, Any]) -> dict[str, Any]:
    """Return a task's input with defaults, as the module gets it; fail where the module refuses it."""
    checked = ArgumentSpecValidator(options).validate(given_back)
    assert checked.error_messages == []
    return dict(checked.validated_parameters)


@examples(80)
@given(seed=SEEDS)
def test_any_vrfs_and_filters_can_be_given_back(seed: int) -> None:
    own = configuration(Junos(seed).vpn_gateway())
    found = gather(own, [], inherited(own))
    if not found["config"]:
        return
    given_back = taken(VRF_OPTIONS, {"config": found["config"], "filters": found["filters"], "state": "merged"})
    assert text(plan(own, "merged", given_back["config"], given_back["filters"]).changes) == ""


@examples(80)
@given(seed=SEEDS)
def test_every_vrf_and_every_steering_term_is_told_and_nothing_that_is_deactivated(seed: int) -> None:
    own = configuration(Junos(seed).vpn_gateway())
    live = own.in_effect()
    found = gather(own, [])
    told = {vrf["name"] for vrf in found["config"]}
    steering = {
        (term["family"], term["filter"], term["name"]) for vrf in found["config"] for term in vrf.get("steering", [])
    }
    in_effect = {one.name for one in routing.instances(live)}
    for one in routing.instances(own):
        if one.value("instance-type") == "vrf":
            left = [key for key in found["unmanaged"] if key.endswith(f"routing-instances {one.name}")]
            assert one.name in told or left
            assert one.name in in_effect or one.name not in told
    names = {one.name for one in routing.instances(own) if one.value("instance-type") == "vrf"}
    live_terms = {
        (*place, term.name)
        for place, holder in steer.filters(live)
        for term in holder.all("term")
        if steer.target_vrf(term) in names
    }
    for place, holder in steer.filters(own):
        for term in holder.all("term"):
            if steer.target_vrf(term) in names:
                key = f"firewall family {place[0]} filter {place[1]} term {term.name}"
                assert (*place, term.name) in steering or {key, f"inactive: {key}"} & set(found["unmanaged"])
    assert steering <= live_terms


def _leaves(statement: Statement) -> set[tuple[str, ...]]:
    """Return the tags that lead to each leaf in effect."""
    if not statement.children:
        return {(statement.tag,)}
    return {(statement.tag, *way) for child in statement.children if child.is_active for way in _leaves(child)}


def _lost(there: Statement | None, said: Statement | None, unmanaged: Any) -> set[tuple[str, ...]]:
    """Return what the router has and what is neither said nor left as unmanaged."""
    assert there is not None
    left = _told(unmanaged, there.tag) if unmanaged is not None else set()
    return _leaves(there) - left - (_leaves(said) if said is not None else set())


def _told(data: Any, tag: str) -> set[tuple[str, ...]]:
    """Return the same of what is unmanaged."""
    if isinstance(data, list):
        return {way for one in data for way in _told(one, tag)}
    if isinstance(data, dict):
        return {(tag, *way) for key, inner in data.items() for way in _told(inner, key)}
    return {(tag,)}


@examples(60)
@given(seed=SEEDS)
def test_no_statement_of_a_vrf_or_of_its_terms_is_lost(seed: int) -> None:
    live = configuration(Junos(seed).vpn_gateway()).in_effect()
    found = gather(live, [])
    if not found["config"]:
        return
    filters = [{"name": one["name"], "family": one["family"], "default_term": "the-rest"} for one in found["filters"]]
    given_back = taken(VRF_OPTIONS, {"config": found["config"], "filters": filters, "state": "rendered"})
    rendered = planning.render(planning.parse_request("rendered", given_back["config"], given_back["filters"]))
    for vrf in found["config"]:
        there, said = (routing.instance(tree, vrf["name"]) for tree in (live, rendered))
        assert _lost(there, said, found["unmanaged"].get(f"routing-instances {vrf['name']}")) <= {("instance", "name")}
        for term in vrf.get("steering", []):
            place = (term["family"], term["filter"], term["name"])
            there, said = (
                tree.find("firewall", "family", place[0], ("filter", place[1]), ("term", place[2]))
                for tree in (live, rendered)
            )
            left = found["unmanaged"].get("firewall family {} filter {} term {}".format(*place))
            assert _lost(there, said, left) == set()


@examples(80)
@given(seed=SEEDS)
def test_any_peering_can_be_given_back(seed: int) -> None:
    own = configuration(Junos(seed).bgp_router())
    request = peering_plan.parse_peering_request("gathered", None, None)
    found = request.gather(own, own)
    if not found["config"] and not found["router"]:
        return
    given_back = taken(PEERING_OPTIONS, {**found, "state": "merged"})
    again = peering_plan.parse_peering_request("merged", given_back["config"], given_back["router"])
    assert text(again.plan(own, own).changes) == ""


@examples(60)
@given(seed=SEEDS)
def test_every_peering_is_told_without_what_is_deactivated_and_without_secrets(seed: int) -> None:
    own = configuration(Junos(seed).bgp_router())
    request = peering_plan.parse_peering_request("gathered", None, None)
    told, unmanaged = {one["name"]: one for one in request.gather(own)["config"]}, request.unmanaged(own)
    live = {one.name for one in peering.bgp_groups(own.in_effect())}
    for group in peering.bgp_groups(own):
        place = f"protocols bgp group {group.name}"
        assert group.name in told or {place, f"inactive: {place}"} & set(unmanaged)
    for tunnel in peering.tunnels(own):
        place = f"routing-options dynamic-tunnels {tunnel.name}"
        assert "tunnels" in told.get(tunnel.name or "", {}) or {place, f"inactive: {place}"} & set(unmanaged)
    assert set(told) <= live
    assert "$9$" not in repr(unmanaged)
    for name, one in told.items():
        holder = peering.bgp_group(own.in_effect(), name)
        assert holder is not None
        addresses = {neighbor.name for neighbor in holder.all("neighbor")}
        assert {neighbor["address"] for neighbor in one.get("neighbors", [])} <= addresses


# --- what Junos keeps, and what a task is told of it ------------------------------------------------------------------


def router(instance: str = "", term: str = "", family: str = "inet") -> Statement:
    """Return a router with a VRF, and a filter whose term ``t1`` has these conditions."""
    steer_it = "<then><routing-instance><routing-instance-name>vn1</routing-instance-name></routing-instance></then>"
    filters = (
        f"<filter><name>f</name><term><name>t1</name><from>{term}</from>{steer_it}</term></filter>" if term else ""
    )
    return xml.parse_configuration(
        "<configuration><routing-options><route-distinguisher-id>10.0.0.1</route-distinguisher-id></routing-options>"
        f"<firewall><family><{family}>{filters}</{family}></family></firewall>"
        "<routing-instances><instance><name>vn1</name><instance-type>vrf</instance-type>"
        f"{instance}</instance></routing-instances></configuration>"
    )


@pytest.mark.parametrize(
    ("term", "option", "told"),
    [
        ("<source-address><name>10.1.2.3/8</name></source-address>", "source", ["10.0.0.0/8"]),
        ("<source-port>http</source-port><source-port>ftp-data</source-port>", "source_ports", ["80", "20"]),
        ("<destination-port>1024-65535</destination-port>", "destination_ports", ["1024-65535"]),
        ("<dscp>101110</dscp><dscp>0x2e</dscp><dscp>b101110</dscp><dscp>46</dscp>", "dscp", ["ef"]),
        ("<dscp>000010</dscp><dscp>10</dscp>", "dscp", ["2", "af11"]),
        ("<protocol>6</protocol><protocol>tcp</protocol><protocol>50-51</protocol>", "protocol", ["tcp", "50-51"]),
        ("<next-header>icmpv6</next-header><next-header>mobility</next-header>", "protocol", ["icmp6", "135"]),
        ("<traffic-class>0x2E</traffic-class>", "dscp", ["ef"]),
    ],
)
def test_a_spelling_of_the_router_is_told_as_a_task_gives_it(term: str, option: str, told: list[str]) -> None:
    family = "inet6" if "next-header" in term or "traffic-class" in term else "inet"
    found = gather(router(term=term, family=family), [])
    assert found["config"][0]["steering"] == [
        {"filter": "f", "family": family, "name": "t1", "priority": 10, option: told}
    ]
    assert found["unmanaged"] == {}


@pytest.mark.parametrize(
    ("instance", "told", "unmanaged"),
    [
        (
            "<vrf-import>p</vrf-import><vrf-target><community>target:64512:1</community></vrf-target>",
            {"import_policies": ["p"]},
            {"vrf-target": {"community": "target:64512:1"}},
        ),
        (
            "<vrf-target><community>target:64512:1</community><import>target:64512:2</import></vrf-target>",
            {"import_route_targets": ["64512:2"]},
            {"vrf-target": {"community": "target:64512:1"}},
        ),
        (
            "<vrf-target><community>origin:64512:1</community></vrf-target>",
            {},
            {"vrf-target": {"community": "origin:64512:1"}},
        ),
        (
            "<interface><name>lo0.1</name></interface><interface inactive='inactive'><name>lo0.2</name></interface>",
            {"interfaces": ["lo0.1"]},
            {"inactive: interface": {"name": "lo0.2"}},
        ),
        (
            "<routing-options><static><route><name>10.0.0.0/8</name><next-hop>gr-0/0/0.1</next-hop><preference>"
            "<metric-value>0</metric-value></preference></route><route inactive='inactive'><name>0.0.0.0/0</name>"
            "<discard/></route></static></routing-options>",
            {"static_routes": [{"prefix": "10.0.0.0/8", "next_hop": ["gr-0/0/0.1"], "preference": 0}]},
            {"routing-options": {"static": {"inactive: route": {"name": "0.0.0.0/0", "discard": ""}}}},
        ),
        (
            "<routing-options><auto-export><family><inet><disable/><unicast/></inet><inet6><unicast/></inet6></family>"
            "</auto-export></routing-options>",
            {"auto_export": ["inet6"]},
            {"routing-options": {"auto-export": {"family": {"inet": {"disable": "", "unicast": ""}}}}},
        ),
    ],
)
def test_what_no_option_says_is_left_as_unmanaged(instance: str, told: Any, unmanaged: Any) -> None:
    found = gather(router(instance), [])
    assert found["config"] == [{"name": "vn1", "table_label": False, **told}]
    assert found["unmanaged"] == {"routing-instances vn1": unmanaged}


def test_a_term_that_would_match_other_traffic_without_its_other_conditions_is_not_told_as_steering() -> None:
    found = gather(router(term="<source-prefix-list><name>nets</name></source-prefix-list>"), [])
    assert found["config"] == [{"name": "vn1", "table_label": False}]
    assert found["filters"] == []
    assert list(found["unmanaged"]) == ["firewall family inet filter f term t1"]


@pytest.mark.parametrize(
    ("deactivated", "place"),
    [
        (("routing-instances",), "inactive: routing-instances vn1"),
        (("routing-instances", ("instance", "vn1")), "inactive: routing-instances vn1"),
        (("firewall", "family", "inet"), "inactive: firewall family inet filter f term t1"),
        (
            ("firewall", "family", "inet", ("filter", "f"), ("term", "t1")),
            "inactive: firewall family inet filter f term t1",
        ),
    ],
)
def test_what_is_deactivated_is_told_as_such(deactivated: Any, place: str) -> None:
    own = router(term="<protocol>tcp</protocol>")
    found = own.find(*deactivated)
    assert found is not None
    found.attributes["inactive"] = "inactive"
    gathered = gather(own, [])
    assert place in gathered["unmanaged"]
    assert gathered["filters"] == []
    assert not any("steering" in vrf for vrf in gathered["config"])


def test_a_deactivated_statement_is_not_written_to_and_not_counted() -> None:
    own = router("<interface inactive='inactive'><name>lo0.2</name></interface>", "<protocol>tcp</protocol>")
    assert plan(own, "merged", [{"name": "vn1", "interfaces": ["lo0.1"]}]).before["config"][0].get("interfaces") is None
    with pytest.raises(ConfigError, match=r"config\[0\]: interface lo0.2 is deactivated on the router"):
        plan(own, "merged", [{"name": "vn1", "interfaces": ["lo0.1", "lo0.2"]}])
    added = text(plan(own, "merged", [{"name": "vn1", "interfaces": ["lo0.1"]}]).changes)
    assert "lo0.1" in added
    assert "lo0.2" not in added


def test_a_deactivated_peering_is_not_in_effect_before_a_change() -> None:
    own = xml.parse_configuration(
        "<configuration><protocols><bgp><group inactive='inactive'><name>other</name><type>internal</type></group>"
        "</bgp></protocols></configuration>"
    )
    request = peering_plan.parse_peering_request("deleted", [{"name": "other"}], None)
    assert request.plan(own, own).before["config"] == []
    assert peering_plan.parse_peering_request("gathered", None, None).gather(own)["config"] == []


def test_what_a_group_gives_is_told_as_inherited_and_not_made_again() -> None:
    own = router("<vrf-target><community>target:64512:1</community></vrf-target>")
    given = "<vrf-table-label/><description>of a group</description>"
    group = xml.parse_configuration(
        f"<groups><name>g</name><routing-instances><instance><name>vn1</name>{given}</instance></routing-instances></groups>"
    )
    own.children.insert(0, group)
    found = gather(own, [], inherited(own))
    assert found["config"] == [{"name": "vn1", "route_target": "64512:1", "table_label": True}]
    assert found["unmanaged"] == {
        "inherited: routing-instances vn1": {"vrf-table-label": "", "description": "of a group"}
    }
    assert text(plan(own, "merged", found["config"]).changes) == ""
