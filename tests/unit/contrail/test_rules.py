# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that can make no chain are refused, and those that match nothing or may make none warned of."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import NETWORK_POLICY
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import parse_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.rules import (
    Remark,
    RuleService,
    Surroundings,
    remarks,
)
from hypothesis import given
from hypothesis import strategies as st
from lab.core.site import read_site
from lab.core.world import World
from models.chain_objects import ANY_PORT, PROJECT, ChainObjects, full_name
from support.examples import examples


def service(mode: str, left: str, right: str = "") -> RuleService:
    sides = {"left": full_name(left), **({"right": full_name(right)} if right else {})}
    return RuleService(mode, sides)


SERVICES = {
    full_name(name): found
    for name, found in {
        "fw": service("in-network", "vn1", "vn2"),
        "dpi": service("in-network", "vn1", "vn2"),
        "other": service("in-network", "vn1", "vn3"),
        "nat": service("in-network-nat", "vn1", "vn2"),
        "nat3": service("in-network-nat", "vn1", "vn3"),
        "tr": service("transparent", "vn8", "vn9"),
        "tap": service("transparent", "vn8"),
        "one": service("in-network", "vn1"),
    }.items()
}


def remarked(*rules: Any, attached: str = "vn1 vn2") -> list[Remark]:
    """Return the remarks on the rules of a policy."""
    (item,) = parse_config(NETWORK_POLICY, [{"name": "p", "rules": list(rules)}], Scope())
    networks = frozenset(map(full_name, attached.split()))
    subnets = {full_name("vn1"): ["10.0.1.0/24"]}
    return list(remarks(item.values["rules"], "rules", Surroundings(SERVICES, networks, subnets)))


ERRORS = [
    ("deny vn1 <> vn2 via fw", "rules[0].action", "deny leads through no service"),
    ("any <> any via fw", "rules[0].destination[0].any", "name the network in which the last service ends"),
    ("vn1 <> any via fw", "rules[0].destination[0].any", "makes no chain"),
    ("local <> vn2 via fw", "rules[0].source[0].local", "makes no chain"),
    ("vn1 <> local via fw", "rules[0].destination[0].local", "makes no chain"),
    ("10.0.0.0/8 <> 10.1.0.0/16 via fw", "rules[0].source[0]", "say in which network, as in 10.0.0.0/8@NETWORK"),
    ("vn1 <> 10.1.0.0/16 via fw", "rules[0].destination[0]", "10.1.0.0/16 alone makes no chain"),
    ("policy=q <> vn2 via fw", "rules[0].source[0].policy", "name the network instead of a policy"),
    ("vn1 <> vn1 via fw", "rules[0].destination", "is the source itself"),
    ("vn2 <> vn1 via fw", "rules[0].services[0]", "the other way round"),
    ("vn1 <> vn3 via fw", "rules[0].services[0]", "fw stands between default-domain:default-project:vn1 and"),
    ("vn1 <> vn2 via fw, other", "rules[0].services[1]", "take a service instance that does"),
    ("vn3 <> vn2 via nat", "rules[0].services[0]", "take a service instance that does"),
    ("vn2 > vn1 via fw", "rules[0].services[0]", "the other way round"),
    ("vn1 <> vn2 via nat, fw", "rules[0].services[0]", "put it last"),
    ("vn1 <> vn2 via nat, nat3", "rules[0].services[0]", "put it last"),
    ("vn1 <> vn2 via one", "rules[0].services[0]", "has no right interface"),
    ("vn1 > vn2 via tap", "rules[0].services[0]", "has no right interface"),
]
GRE_WITH_PORTS = {"source": "vn1", "destination": "vn2", "protocol": 47, "destination_ports": [80]}
WARNINGS = [
    ("any <> vn2 via fw", "rules[0].source[0].any", "from every network of the project"),
    ("vn1 <> vn2 via fw, tr", "rules[0].services", "tr is transparent and the others are not"),
    ("vn1, vn3 <> vn2 via fw", "rules[0].services[0]", "only there a chain can work"),
    ("vn1 <> vn2 via nat3", "rules[0].services[0]", "only there a chain can work"),
    ("vn1 > vn2 via other", "rules[0].services[0]", "only there a chain can work"),
    ("vn1 <> vn2 any 80", "rules[0].destination_ports", "80 holds for TCP and UDP"),
    ("vn1 <> vn2 icmp 80", "rules[0].destination_ports", "icmp has no ports"),
    ("vn1 <> vn2 icmp6 from 80", "rules[0].source_ports", "icmp6 has no ports"),
    (
        {"source": "vn1", "destination": "vn2", "protocol": 47, "destination_ports": [80]},
        "rules[0].destination_ports",
        "",
    ),
    ("10.9.0.0/24@vn1 <> vn2", "rules[0].source[0]", "10.9.0.0/24 is in no subnet of"),
]
FINE: list[Any] = [
    "vn1 <> vn2 via fw",
    "vn1 > vn2 via fw",
    "vn1 <> vn2 via fw, dpi, nat",
    "vn1 <> vn2 tcp 80 via fw",
    "vn1 <> vn2 sctp 80 via fw",
    "vn1 <> vn2 via tr",
    "vn2 <> vn1 via tr",
    "vn1 > vn2 via one",
    "vn1 <> vn2 via unknown",
    "10.0.1.128/25@vn1 <> vn2 via fw",
    "any <> any",
    "deny vn1 <> vn1",
    "local <> any",
    "10.0.0.0/8 <> 10.1.0.0/16",
]


def long_form(rule: Any) -> Any:
    if isinstance(rule, str):
        return rule
    return {**rule, "source": [{"network": rule["source"]}], "destination": [{"network": rule["destination"]}]}


@pytest.mark.parametrize(("rule", "path", "message"), ERRORS)
def test_a_rule_that_can_make_no_chain_is_an_error(rule: Any, path: str, message: str) -> None:
    found = [remark for remark in remarked(rule, attached="") if remark.error]
    assert any(remark.path == path and message in remark.message for remark in found), found


@pytest.mark.parametrize(("rule", "path", "message"), WARNINGS)
def test_a_rule_that_may_not_do_what_it_seems_to_is_warned_of(rule: Any, path: str, message: str) -> None:
    (remark,) = remarked(long_form(rule), attached="")
    assert (remark.path, remark.error) == (path, False)
    assert message in remark.message


@pytest.mark.parametrize("rule", FINE)
def test_of_a_rule_that_works_nothing_is_said(rule: Any) -> None:
    assert remarked(rule) == []


def test_a_chain_needs_its_policy_on_both_networks() -> None:
    (remark,) = remarked("vn1 <> vn2 via fw", attached="vn1")
    assert (remark.path, remark.error) == ("rules[0]", False)
    assert f"is attached to {full_name('vn2')}, too" in remark.message
    assert remarked("vn1 <> vn2 via fw", attached="") == []
    assert remarked("vn1 <> vn2", attached="vn1") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("deny vn1 <> vn2", "vn1 <> vn2 via fw"),
        ("vn1 <> vn2 via fw", "vn1 <> vn2 tcp 80 via dpi"),
        ("vn1 <> vn2", "vn2 <> vn1 udp"),
        ("vn1 <> vn2", "vn2 > vn1"),
        ("any <> any", "vn1 <> vn2 tcp"),
        ("vn1 <> vn2 tcp 80,443", "vn1 <> vn2 tcp 80"),
        ("vn1 <> vn2 tcp 80", "vn2 > vn1 tcp from 80"),
        ("vn1 > vn2", "10.0.1.0/24@vn1 > vn2"),
        ("vn1, vn3 <> vn2", "vn1 <> vn2"),
    ],
)
def test_a_rule_after_one_that_matches_all_of_it_is_warned_of(first: str, second: str) -> None:
    found = [remark for remark in remarked(first, second) if remark.path == "rules[1]"]
    assert [(remark.error, "rules[0] matches all of it" in remark.message) for remark in found] == [(False, True)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("vn1 <> vn2 tcp 80 via fw", "vn1 <> vn2"),
        ("deny vn1 <> vn2 tcp 22", "vn1 <> vn2 via fw"),
        ("vn1 > vn2", "vn1 <> vn2"),
        ("vn1 > vn2", "vn2 > vn1"),
        ("10.0.1.0/24@vn1 <> vn2", "vn1 <> vn2"),
        ("10.0.0.0/8 <> vn2", "vn1 <> vn2"),
        ("vn1 <> vn2 tcp 80", "vn1 <> vn2 tcp from 80"),
        ("vn1 <> vn2 udp", "vn1 <> vn2 tcp"),
        ("vn1 <> vn2", "vn1, vn3 <> vn2"),
    ],
)
def test_a_rule_that_still_matches_something_is_not(first: str, second: str) -> None:
    assert [remark for remark in remarked(first, second) if remark.path == "rules[1]"] == []


NETWORKS = ("vn1", "vn2", "vn3")
ENDS = st.sampled_from([*NETWORKS, "any", "local", "policy=q", "10.0.0.0/8", "10.0.1.0/24@vn1"])


@examples(25)
@given(ENDS, ENDS, st.sampled_from(["<>", ">"]), st.sets(st.sampled_from(NETWORKS), min_size=1))
def test_what_is_refused_or_passes_without_a_word_fares_so_in_the_schema_transformer(
    source: str, destination: str, direction: str, attached: set[str]
) -> None:
    rule = f"{source} {direction} {destination} via fw"
    found = remarked(rule, attached=" ".join(sorted(attached)))
    (item,) = parse_config(NETWORK_POLICY, [{"name": "p", "rules": [rule]}], Scope())
    field = next(field for field in NETWORK_POLICY.fields if field.option == "rules")
    world = World(read_site())
    objects = ChainObjects(world.store)
    for number, name in enumerate(NETWORKS, start=1):
        objects.network(name, f"10.0.{number}.0/24")
    objects.service("fw", "vn1", "vn2")
    entries = {"policy_rule": field.codec.encode(item.values["rules"], None)}
    for policy in ("p", "q"):
        body = {"fq_name": [*PROJECT, policy], "parent_type": "project", "network_policy_entries": entries}
        world.store.create("network-policy", body if policy == "p" else {**body, "network_policy_entries": None})
    for name in attached:
        objects.attach("p", name)
    world.settle()

    made = [state.chain for state in world.schema_transformer.chains if state.created]
    if not found and attached >= {"vn1", "vn2"}:
        assert [(chain.left, chain.right) for chain in made] == [(full_name("vn1"), full_name("vn2"))]
    if any(remark.error and not remark.path.startswith("rules[0].services") for remark in found):
        assert made == []
    if any("until the policy" in remark.message for remark in found):
        assert made == []


def test_any_as_an_end_asks_for_the_chains_that_were_recorded() -> None:
    world = World(read_site())
    objects = ChainObjects(world.store)
    for number, name in enumerate(("vn1", "vn2", "vn3"), start=1):
        objects.network(name, f"10.0.{number}.0/24")
    objects.service("fw", "vn1", "vn2")
    address = [{"virtual_network": "any"}]
    rule = {
        "direction": "<>",
        "protocol": "any",
        "src_addresses": address,
        "dst_addresses": address,
        "src_ports": ANY_PORT,
        "dst_ports": ANY_PORT,
        "action_list": {"simple_action": "pass", "apply_service": [full_name("fw")]},
    }
    body = {"fq_name": [*PROJECT, "p"], "parent_type": "project", "network_policy_entries": {"policy_rule": [rule]}}
    world.store.create("network-policy", body)
    for name in ("vn1", "vn2"):
        objects.attach("p", name)
    world.settle()

    # A chain from every network of the project to each that the policy is on, none of which came up.
    asked = {(one.chain.left[-3:], one.chain.right[-3:], one.created) for one in world.schema_transformer.chains}
    assert {one for one in asked if one[0].startswith("vn")} == {
        (left, right, False) for left in ("vn1", "vn2", "vn3") for right in ("vn1", "vn2") if left != right
    }
