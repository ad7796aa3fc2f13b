# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan, on objects in memory: what it writes makes the next plan empty."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.codec import Plural, Scalar
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import InvalidConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.field import (
    Absence,
    Field,
    Record,
    ServerRules,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import (
    BGP_ROUTER,
    ENTITIES,
    NETWORK_POLICY,
    SERVICE_HEALTH_CHECK,
    SERVICE_INSTANCE,
    SERVICE_TEMPLATE,
    VIRTUAL_NETWORK,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import (
    Item,
    Task,
    parse_config,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.entity import (
    Entity,
    ReferenceField,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.actions import (
    ATTACH,
    CLEAR,
    CREATE,
    DELETE,
    DETACH,
    FREE,
    UPDATE,
    Plan,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.compose import compose
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.plan import make_plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.snapshot import Snapshot
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

PROJECT = ("default-domain", "default-project")
Objects = dict[tuple[str, tuple[str, ...]], dict[str, Any]]


def world(**objects: dict[str, Any]) -> Objects:
    """Return stored objects: a project, an IPAM and networks by name."""
    stored: Objects = {
        ("project", PROJECT): {"uuid": "u-project"},
        ("domain", PROJECT[:1]): {"uuid": "u-domain"},
        ("network-ipam", (*PROJECT, "default-network-ipam")): {"uuid": "u-ipam"},
        ("global-system-config", ("default-global-system-config",)): {"autonomous_system": 64512},
    }
    for name, body in objects.items():
        full = (*PROJECT, name)
        stored["virtual-network", full] = {"uuid": f"u-{name}", "fq_name": list(full), **body}
    return stored


def planned(entity: Entity, items: Sequence[Item], stored: Objects, task: Task) -> Plan:
    snapshot = Snapshot()
    while True:
        composition = compose(entity, items, snapshot, task)
        plan = make_plan(composition.wants, snapshot, task)
        if not snapshot.unread:
            break
        snapshot.add({key: stored.get(key) for key in snapshot.unread})
    plan.faults[:0] = composition.faults
    return plan


def plan_for(entity: Entity, config: list[dict[str, Any]], stored: Objects, **task: Any) -> Plan:
    return planned(entity, parse_config(entity, config, Scope()), stored, Task(**task))


def carried_out(plan: Plan, stored: Objects) -> Objects:
    """Do what the plan says as the server would: properties whole, null removes, references by name."""
    stored = copy.deepcopy(stored)
    for action in plan.actions:
        key = (action.kind, action.fq_name)
        if action.verb == "create":
            stored[key] = {**copy.deepcopy(action.payload), "uuid": f"u-{action.fq_name[-1]}"}
        elif action.verb == "delete":
            del stored[key]
        elif action.verb == "update":
            for name, value in action.payload.items():
                if value is None:
                    assert stored[key].get(name) is not None, "null for what is not stored would store a null"
                    del stored[key][name]
                else:
                    stored[key][name] = copy.deepcopy(value)
        elif action.verb == "annotate":
            pairs = {p["key"]: p["value"] for p in (stored[key].get("annotations") or {}).get("key_value_pair", [])}
            pairs.update(action.payload["set"])
            for name in action.payload["delete"]:
                del pairs[name]
            stored[key]["annotations"] = {"key_value_pair": [{"key": k, "value": v} for k, v in sorted(pairs.items())]}
        else:
            field = next(ref.api for ref in ENTITIES[action.kind].references if ref.kind == action.payload["kind"])
            references = stored[key].setdefault(field, [])
            references[:] = [ref for ref in references if ref["to"] != action.payload["name"]]
            if action.verb == "attach":
                references.append({"to": action.payload["name"], "attr": copy.deepcopy(action.payload["attr"])})
    return stored


FLAGS = st.booleans()
TARGETS = (
    st.lists(st.sampled_from(["64512:1", "target:64512:1", "64512:2", "10.0.0.1:3"]), max_size=3)
    .map(lambda items: [item for item in items if item.removeprefix("target:") == item or item[7:] not in items])
    .map(lambda items: list(dict.fromkeys(items)))
)
WANTED = st.fixed_dictionaries(
    {"name": st.just("n")},
    optional={
        "route_targets": TARGETS,
        "export_route_targets": TARGETS,
        "allow_transit": FLAGS,
        "shared": FLAGS,
        "port_security": FLAGS,
        "rpf": st.sampled_from(["enable", "disable"]),
        "forwarding_mode": st.sampled_from(["l2", "l3", ""]),
        "vxlan_network_identifier": st.integers(1, 9),
        "description": st.sampled_from(["", "text"]),
        "display_name": st.sampled_from(["", "n", "other"]),
        "annotations": st.dictionaries(st.sampled_from("abc"), st.sampled_from(["1", "2", None]), max_size=2),
        "subnets": st.lists(
            st.fixed_dictionaries(
                {"cidr": st.sampled_from(["10.0.1.0/24", "10.0.2.0/24", "2001:db8::/64"])},
                optional={
                    "enable_dhcp": FLAGS,
                    "allocate_from_start": FLAGS,
                    "dns_server": st.sampled_from(["192.0.2.1", "192.0.2.2"]),
                    "host_routes": st.lists(st.just({"prefix": "0.0.0.0/0", "next_hop": "10.0.1.9"}), max_size=1),
                },
            ),
            max_size=3,
            unique_by=lambda subnet: subnet["cidr"],
        ),
    },
)
NOTHING: st.SearchStrategy[Any] = st.sampled_from([None, [], {}])
STORED = st.fixed_dictionaries(
    {},
    optional={
        "route_target_list": st.none() | st.fixed_dictionaries({"route_target": NOTHING | st.just(["target:64512:2"])}),
        "virtual_network_properties": st.none()
        | st.fixed_dictionaries(
            {},
            optional={
                "allow_transit": st.none() | FLAGS,
                "rpf": st.none() | st.just("disable"),
                "vxlan_network_identifier": st.none() | st.just(7),
                "mirror_destination": st.just(False),
            },
        ),
        "is_shared": st.none() | FLAGS,
        "port_security_enabled": st.none() | FLAGS,
        "display_name": st.just("n"),
        "id_perms": st.just({"description": None, "enable": True}),
        "annotations": st.none()
        | st.just({"key_value_pair": [{"key": "a", "value": "1"}, {"key": "z", "value": "0"}]}),
        "network_ipam_refs": st.just(
            [
                {
                    "to": [*PROJECT, "default-network-ipam"],
                    "attr": {
                        "host_routes": None,
                        "ipam_subnets": [
                            {
                                "subnet": {"ip_prefix": "10.0.1.0", "ip_prefix_len": 24},
                                "subnet_uuid": "s1",
                                "default_gateway": "10.0.1.254",
                                "enable_dhcp": None,
                                "allocation_pools": [],
                                "alloc_unit": 1,
                            }
                        ],
                    },
                }
            ]
        ),
    },
)


@examples(150)
@given(WANTED, STORED)
def test_what_was_planned_and_done_needs_no_second_run(wanted: dict[str, Any], stored: dict[str, Any]) -> None:
    before = world(n=stored)
    plan = plan_for(VIRTUAL_NETWORK, [wanted], before)
    assert not plan.faults

    after = carried_out(plan, before)

    assert plan_for(VIRTUAL_NETWORK, [wanted], after).actions == []
    kept = after["virtual-network", (*PROJECT, "n")]
    if "subnets" not in wanted or any(subnet["cidr"] == "10.0.1.0/24" for subnet in wanted["subnets"]):
        references = stored.get("network_ipam_refs", [])
        uuids = [s.get("subnet_uuid") for ref in kept.get("network_ipam_refs", []) for s in ref["attr"]["ipam_subnets"]]
        assert not references or "s1" in uuids, "a subnet that stays keeps its uuid"


@examples(100)
@given(WANTED)
def test_what_was_created_needs_no_second_run(wanted: dict[str, Any]) -> None:
    before = world()
    plan = plan_for(VIRTUAL_NETWORK, [wanted], before)
    assert [action.verb for action in plan.actions] == ["create"]

    assert plan_for(VIRTUAL_NETWORK, [wanted], carried_out(plan, before)).actions == []


@examples(100)
@given(STORED)
def test_naming_an_object_and_nothing_else_changes_nothing(stored: dict[str, Any]) -> None:
    assert plan_for(VIRTUAL_NETWORK, [{"name": "n"}], world(n=stored)).actions == []


RULES = st.lists(
    st.fixed_dictionaries(
        {"source": st.just([{"network": "a"}]), "destination": st.sampled_from([[{"network": "b"}], [{"any": True}]])},
        optional={
            "protocol": st.sampled_from(["tcp", "UDP", "6"]),
            "destination_ports": st.sampled_from([[], ["80"], ["any"], ["1-9", "80"]]),
            "action": st.sampled_from(["pass", "deny"]),
            "log": FLAGS,
        },
    ),
    max_size=4,
)


@examples(100)
@given(RULES, RULES)
def test_rules_become_the_wanted_ones_and_those_that_stay_keep_their_uuid(
    first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    def distinct(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = []
        for rule in rules:
            try:
                parse_config(NETWORK_POLICY, [{"name": "p", "rules": [*kept, rule]}], Scope())
            except InvalidConfigError:
                continue
            kept.append(rule)
        return kept

    first, second = distinct(first), distinct(second)
    stored = world(a={}, b={})
    stored = carried_out(plan_for(NETWORK_POLICY, [{"name": "p", "rules": first}], stored), stored)
    key = ("network-policy", (*PROJECT, "p"))
    for number, rule in enumerate(stored[key].get("network_policy_entries", {}).get("policy_rule", [])):
        rule["rule_uuid"] = f"r{number}"

    after = carried_out(plan_for(NETWORK_POLICY, [{"name": "p", "rules": second}], stored), stored)

    assert plan_for(NETWORK_POLICY, [{"name": "p", "rules": second}], after).actions == []
    old, new = uuids_by_rule(stored[key]), uuids_by_rule(after[key])
    assert all(new[rule] == uuid for rule, uuid in old.items() if rule in new)
    minted = [uuid for uuid in new.values() if uuid is not None]
    assert len(minted) == len(set(minted))


def uuids_by_rule(policy: dict[str, Any]) -> dict[str, str | None]:
    entries = policy.get("network_policy_entries") or {}
    rules = [dict(rule) for rule in entries.get("policy_rule") or []]
    uuids = [rule.pop("rule_uuid", None) for rule in rules]
    return {json.dumps(rule, sort_keys=True): uuid for rule, uuid in zip(rules, uuids, strict=True)}


CREATED_TOGETHER = {"virtual-machine", "virtual-machine-interface", "instance-ip", "service-instance"}
"""Kinds of which one task creates objects that refer to each other in what is sent to create them."""


def test_levels_put_writes_in_the_order_that_the_server_needs() -> None:
    assert FREE < CREATE < UPDATE < ATTACH < DETACH < CLEAR < DELETE
    ranks = {kind: entity.rank for kind, entity in ENTITIES.items()}
    for entity in ENTITIES.values():
        for reference in entity.references:
            if {entity.kind, reference.kind} <= CREATED_TOGETHER and entity.kind != reference.kind:
                assert ranks[reference.kind] < entity.rank
        if entity.parent is not None:
            assert ranks[entity.parent] <= entity.rank


def test_a_second_want_for_the_same_object_is_merged() -> None:
    stored = world(a={}, b={})
    config = [{"name": name, "networks": [{"name": "a"}]} for name in ("p", "q")]

    plan = plan_for(NETWORK_POLICY, config, stored)

    assert [action.payload["name"][-1] for action in plan.actions if action.verb == "attach"] == ["p", "q"]
    assert [change.action for change in plan.changes if change.kind == "virtual-network"] == ["updated"]


@pytest.mark.parametrize("check", [True, False])
def test_planned_objects_count_in_check_mode_only(check: bool) -> None:
    task = {"check": check, "planned": frozenset({("virtual-network", (*PROJECT, "a"))})}

    plan = plan_for(NETWORK_POLICY, [{"name": "p", "networks": [{"name": "a"}]}], world(), **task)

    assert bool(plan.missing) is not check


def subnet(**fields: Any) -> dict[str, Any]:
    return {"subnets": [{"cidr": "10.0.0.0/24", **fields}]}


def subnets(*prefixes: str) -> dict[str, Any]:
    return {"subnets": [{"cidr": prefix} for prefix in prefixes]}


FAULTS: list[tuple[dict[str, Any], str]] = [
    (
        {"route_targets": ["64512:1", "target:64512:1"]},
        "route_targets[1]: target:64512:1 is already config[0].route_targets[0]",
    ),
    (
        subnets("10.0.0.0/16", "10.0.1.0/24"),
        "subnets[1].cidr: 10.0.1.0/24 overlaps config[0].subnets[0], 10.0.0.0/16",
    ),
    (subnets("10.0.0.0/24", "10.0.0.0/24"), "subnets[1]: 10.0.0.0/24 is already config[0].subnets[0]"),
    (subnets("10.0.0.1/24"), "subnets[0].cidr: '10.0.0.1/24' has host bits set; the prefix is 10.0.0.0/24"),
    (subnets("10.0.0.0/31"), "subnets[0].cidr: 10.0.0.0/31 has no room for a gateway and a port"),
    (subnets("2001:db8::/128"), "subnets[0].cidr: 2001:db8::/128 has no room for a gateway and a port"),
    (subnet(gateway="10.0.0.255"), "subnets[0].gateway: 10.0.0.255 is the first or last address of 10.0.0.0/24"),
    (subnet(allocation_unit=3), "subnets[0].allocation_unit: 3 is not a power of 2"),
    (
        subnet(allocation_unit=4, allocation_pools=[{"start": "10.0.0.10", "end": "10.0.0.13"}]),
        "subnets[0].allocation_pools[0]: 10.0.0.10 to 10.0.0.13 is not made of whole units of 4 addresses",
    ),
    (
        subnet(allocation_pools=[{"start": "10.0.0.255", "end": "10.0.0.255"}]),
        "subnets[0].allocation_pools[0]: 10.0.0.255 to 10.0.0.255 has no address that a port could have",
    ),
    (subnet(gateway="10.0.1.1"), "subnets[0].gateway: 10.0.1.1 is not an address of 10.0.0.0/24"),
    (
        subnet(allocation_pools=[{"start": "10.0.0.9", "end": "10.0.0.1"}]),
        "subnets[0].allocation_pools[0]: 10.0.0.9 comes after 10.0.0.1",
    ),
    ({"vxlan_network_identifier": 16777216}, "vxlan_network_identifier: 16777216 is not"),
    (
        {"policies": [{"name": "p"}, {"name": "default-project:p"}]},
        "policies[1]: default-project:p is already config[0].policies[0]",
    ),
    (
        {"policies": [{"name": "p", "sequence": {"major": -1}}]},
        "policies[0].sequence.major: -1 is not a sequence number",
    ),
    ({"annotations": {"k": {"x": 1}}}, "annotations.k: an annotation is a text"),
    ({"shared": True, "unset": ["shared"]}, "unset[0]: shared is given as well"),
    ({"unset": ["subnet"]}, "unset[0]: subnet cannot be unset; what can is "),
]


@pytest.mark.parametrize(("fields", "message"), FAULTS)
def test_faults_name_path_value_and_cure(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidConfigError) as caught:
        parse_config(VIRTUAL_NETWORK, [{"name": "a", **fields}], Scope())
    assert str(caught.value).startswith(f"config[0].{message}")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a", "default-project:a"], "config[1].name: default-project:a is already config[0]"),
        (["a:b:c:d"], "config[0].name: 'a:b:c:d' has too many parts"),
    ],
)
def test_names_are_right_and_there_once(names: list[str], message: str) -> None:
    with pytest.raises(InvalidConfigError) as caught:
        parse_config(VIRTUAL_NETWORK, [{"name": name} for name in names], Scope())
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"source": [{}]}, "rules[0].source[0]: give network, policy, subnet, subnets, local or any"),
        ({"source": [{"any": True, "local": True}]}, "rules[0].source[0]: give one of network, policy, local and any"),
        ({"destination_ports": ["90-80"]}, "rules[0].destination_ports[0]: '90-80' is not a range of ports"),
        ({"protocol": "https"}, "rules[0].protocol: 'https' is not a protocol"),
        ({"services": ["a:b:c:d"]}, "rules[0].services[0]: 'a:b:c:d' has too many parts"),
    ],
)
def test_faults_in_rules(rule: dict[str, Any], message: str) -> None:
    whole = {"source": [{"network": "a"}], "destination": [{"network": "b"}], **rule}
    with pytest.raises(InvalidConfigError) as caught:
        parse_config(NETWORK_POLICY, [{"name": "p", "rules": [whole]}], Scope())
    assert str(caught.value).startswith(f"config[0].{message}")


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InvalidConfigError) as caught:
        parse_config(VIRTUAL_NETWORK, [{"name": ""}, {"name": "a", "route_targets": ["x"], "unset": ["y"]}], Scope())
    assert len(caught.value.faults) == 3


def test_two_equal_rules_are_refused_before_the_server_does() -> None:
    rule = {"source": [{"network": "a"}], "destination": [{"network": "b"}]}
    with pytest.raises(InvalidConfigError, match=r"rules\[1\]: the same is already config\[0\]\.rules\[0\]"):
        parse_config(NETWORK_POLICY, [{"name": "p", "rules": [rule, {**rule, "protocol": "any"}]}], Scope())


def test_a_new_object_says_what_it_lacks() -> None:
    plan = plan_for(SERVICE_TEMPLATE, [{"name": "t"}], world())

    assert [fault.path for fault in plan.faults] == ["config[0].mode", "config[0].interfaces"]


TEXT_A = Field("a", ("a",), Scalar())


@pytest.mark.parametrize(
    "declare",
    [
        lambda: Field(
            "a",
            ("a",),
            Scalar(),
            rules=ServerRules(immutable="no", append_only="no"),
        ),
        lambda: Field("a", ("a",), Scalar(), required=True, default_in_spec=True),
        lambda: Field(
            "a",
            ("a",),
            Scalar(),
            absence=Absence(needed=True, initial=1),
        ),
        lambda: ReferenceField("a", "policies", "network-policy"),
        lambda: ReferenceField("a", "a_refs", "network-policy", many=True, immutable="no"),
        lambda: ReferenceField("a", "a_refs", "network-policy", many=True, attr=Record(())),
        lambda: Entity(
            "virtual-network", 1, fields=(Field("a", ("a",), Scalar()), Field("b", ("b",), Scalar(), aliases=("a",)))
        ),
        lambda: Entity("virtual-network", 1, fields=(Field("name", ("a",), Plural(Scalar())),)),
        lambda: Entity("no-such-kind", 1),
        lambda: Entity("virtual-network", 1, purgeable=("a",)),
    ],
)
def test_contradictory_declarations_fail_at_once(declare: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        declare()


def test_routers_that_are_each_others_peers_are_created_before_they_are_joined() -> None:
    fabric = ("default-domain", "default-project", "ip-fabric", "__default__")
    stored: Objects = {("routing-instance", fabric): {"uuid": "u-fabric", "fq_name": list(fabric)}}
    routers: list[dict[str, Any]] = [
        {"name": "a", "address": "10.0.0.1", "autonomous_system": "64512", "peers": ["b"]},
        {"name": "b", "address": "10.0.0.2", "autonomous_system": "64513", "peers": [{"name": "a"}]},
    ]

    plan = plan_for(BGP_ROUTER, routers, stored)

    assert not plan.missing
    assert [(action.verb, action.fq_name[-1]) for action in plan.actions] == [
        ("create", "a"),
        ("create", "b"),
        ("attach", "a"),
        ("attach", "b"),
    ]
    assert all(action.payload["bgp_router_refs"] == [] for action in plan.actions if action.verb == "create")
    assert plan_for(BGP_ROUTER, routers, carried_out(plan, stored)).actions == []


def test_of_two_equal_entries_each_keeps_what_it_holds() -> None:
    network = ":".join((*PROJECT, "n"))
    pairs = {"allowed_address_pair": [{"ip": {"ip_prefix": "10.0.0.9", "ip_prefix_len": 32}}]}
    interfaces = [{"virtual_network": network, "allowed_address_pairs": pairs}, {"virtual_network": network}]
    name = (*PROJECT, "fw")
    template = ("service-template", ("default-domain", "t"))
    before = world(n={})
    before[template] = {
        "uuid": "t",
        "service_template_properties": {
            "version": 2,
            "interface_type": [{"service_interface_type": "left"}, {"service_interface_type": "right"}],
        },
    }
    before["service-instance", name] = {
        "uuid": "u",
        "fq_name": list(name),
        "service_instance_properties": {"interface_list": interfaces},
        "service_template_refs": [{"to": list(template[1]), "attr": None}],
    }
    wanted = [{"type": "left", "network": "n"}, {"type": "right", "network": "n"}]

    assert not plan_for(SERVICE_INSTANCE, [{"name": "fw", "interfaces": wanted}], before).actions


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ({"monitor": "HTTP"}, "target: is needed for HTTP: give a URL, as in http://local-ip/"),
        ({"monitor": "HTTP", "target": "10.0.0.1"}, "target: '10.0.0.1' is not a URL"),
        ({"target": "http://10.0.0.1/"}, "target: 'http://10.0.0.1/' is neither an address nor local-ip, which PING"),
        ({"monitor": "BFD", "target": "fw1"}, "target: 'fw1' is neither an address nor local-ip, which BFD needs"),
        ({"delay": 0}, "delay: is 0, and so is delay_microseconds"),
        ({"type": "vn-ip-list"}, "target_addresses: give it or all_addresses for the type vn-ip-list"),
        ({"target_addresses": ["10.0.0.1"]}, "target_addresses: is for the type vn-ip-list only"),
    ],
)
def test_a_health_check_has_something_to_check(check: dict[str, Any], message: str) -> None:
    (fault,) = plan_for(SERVICE_HEALTH_CHECK, [{"name": "h", **check}], world()).faults
    assert str(fault).startswith(f"config[0].{message}")


@pytest.mark.parametrize(
    "check",
    [
        {"monitor": "HTTP", "target": "http://local-ip:8080/"},
        {"target": "local-ip", "delay": 3},
        {"monitor": "BFD", "delay": 0, "delay_microseconds": 500000},
        {"type": "vn-ip-list", "monitor": "BFD", "target_addresses": ["10.0.0.1"]},
        {"type": "vn-ip-list", "monitor": "BFD", "all_addresses": True},
    ],
)
def test_a_health_check_that_can_work_is_made(check: dict[str, Any]) -> None:
    assert not plan_for(SERVICE_HEALTH_CHECK, [{"name": "h", **check}], world()).faults


@pytest.mark.parametrize("option", ["delay", "timeout", "max_retries", "delay_microseconds", "timeout_microseconds"])
def test_a_health_check_counts_from_0_on(option: str) -> None:
    with pytest.raises(InvalidConfigError, match=rf"config\[0\].{option}: -1 is not from 0 to"):
        parse_config(SERVICE_HEALTH_CHECK, [{"name": "h", option: -1}], Scope())
