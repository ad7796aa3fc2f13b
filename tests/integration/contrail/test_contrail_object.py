# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of any kind, in the API's own terms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from integration.contrail.bed import Controller, twelve_steps
from lab.contrail.schema import Kind
from models.schema_values import KINDS, SCHEMA, property_values
from support.examples import examples
from support.module_run import ModuleFailedError

Config = list[dict[str, Any]]
NETWORK: dict[str, Any] = {"kind": "virtual-network", "config": [{"name": "vn1"}, {"name": "vn2"}]}


def run(contrail: Controller, kind: str, config: Config, **options: Any) -> dict[str, Any]:
    return contrail.run("contrail_object", config, kind=kind, **options)


def routes(*prefixes: str) -> dict[str, Any]:
    return {"interface_route_table_routes": {"route": [{"prefix": prefix} for prefix in prefixes]}}


def rule(protocol: str) -> dict[str, Any]:
    return {
        "direction": ">",
        "protocol": protocol,
        "ethertype": "IPv4",
        "src_addresses": [{"subnet": "0.0.0.0/0"}],
        "dst_addresses": [{"security_group": "local"}],
        "src_ports": [{"start_port": 0, "end_port": 65535}],
        "dst_ports": [{"start_port": "22", "end_port": 22}],
    }


def zone(**data: Any) -> dict[str, Any]:
    return {"virtual_DNS_data": {"domain_name": "example.net", "record_order": "fixed", **data}}


def joins(name: str, **attr: Any) -> dict[str, Any]:
    return {"kind": "virtual-network", "name": name, "attr": attr or None}


HTTP = {"start_port": 80, "end_port": 80}


def services(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"service_group_firewall_service_list": {"firewall_service": list(entries)}}


def firewall(**endpoint: Any) -> dict[str, Any]:
    pass_all = {"simple_action": "pass"}
    return {"action_list": pass_all, "direction": "<>", "endpoint_1": {"any": True}, "endpoint_2": endpoint}


def tag(kind: str, value: str) -> dict[str, Any]:
    return {"name": f"{kind}={value}", "properties": {"tag_type_name": kind, "tag_value": value}}


def speaker(name: str, **parameters: Any) -> dict[str, Any]:
    known = {"address": "10.0.0.1", "autonomous_system": 64512}
    return {"name": name, "properties": {"bgp_router_parameters": {**known, **parameters}}}


def vmi(name: str) -> dict[str, Any]:
    return {"name": name, "references": [{"kind": "virtual-network", "name": "vn1"}]}


STEPS: dict[str, tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]]] = {
    "interface-route-table": (
        [],
        {"name": "n", "properties": routes("10.1.0.0/16", "10.2.0.0/16")},
        {"name": "n", "properties": {**routes("10.2.0.0/16", "10.3.0.0/16"), "annotations": {"a": 1}}},
    ),
    "routing-policy": (
        [],
        {
            "name": "n",
            "properties": {
                "term_type": "vrouter",
                "routing_policy_entries": {
                    "term": [
                        {
                            "term_match_condition": {"protocol": ["bgp"], "prefix": [{"prefix": "10.0.0.0/8"}]},
                            "term_action_list": {"action": "accept", "update": {"local_pref": "200"}},
                        }
                    ]
                },
            },
        },
        {
            "name": "n",
            "properties": {
                "routing_policy_entries": {
                    "term": [
                        {"term_action_list": {"action": "reject"}},
                        {"term_action_list": {"update": {"as_path": {"expand": {"asn_list": [64512, 64512]}}}}},
                    ]
                }
            },
        },
    ),
    "service-health-check": (
        [],
        {
            "name": "n",
            "properties": {
                "service_health_check_properties": {"enabled": True, "monitor_type": "PING", "delay": 3, "timeout": 5}
            },
        },
        {"name": "n", "properties": {"service_health_check_properties": {"monitor_type": "BFD", "max_retries": 2}}},
    ),
    "bgp-as-a-service": (
        [],
        {
            "name": "n",
            "properties": {
                "autonomous_system": "4200000000L",
                "bgpaas_ip_address": "10.0.0.9",
                "bgpaas_session_attributes": {
                    "address_families": {"family": ["inet", "inet6"]},
                    "family_attributes": [{"address_family": "inet", "prefix_limit": {"maximum": 10}}],
                },
            },
        },
        {
            "name": "n",
            "properties": {
                "bgpaas_suppress_route_advertisement": True,
                "bgpaas_session_attributes": {"hold_time": 90, "address_families": {"family": ["inet6"]}},
            },
            "unset": ["bgpaas_ip_address", "bgpaas_session_attributes.family_attributes"],
        },
    ),
    "logical-router": (
        [NETWORK],
        {
            "name": "n",
            "properties": {
                "logical_router_type": "vxlan-routing",
                "vxlan_network_identifier": 5001,
                "configured_route_target_list": {"route_target": ["64512:1", "64512:2"]},
            },
            "references": [joins("vn1"), joins("vn2", logical_router_virtual_network_type="InternalVirtualNetwork")],
        },
        {
            "name": "n",
            "properties": {"configured_route_target_list": {"route_target": ["target:64512:3"]}},
            "references": [joins("vn1", logical_router_virtual_network_type="InternalVirtualNetwork")],
        },
    ),
    "security-group": (
        [],
        {"name": "n", "properties": {"security_group_entries": {"policy_rule": [rule("tcp"), rule("udp")]}}},
        {"name": "n", "properties": {"security_group_entries": {"policy_rule": [rule("udp"), rule("icmp")]}}},
    ),
    "forwarding-class": (
        [],
        {"name": "n", "properties": {"forwarding_class_id": 7, "forwarding_class_dscp": 10}},
        {"name": "n", "properties": {"forwarding_class_dscp": "12", "forwarding_class_mpls_exp": 1}},
    ),
    "qos-config": (
        [],
        {
            "name": "n",
            "parent": {"kind": "global-qos-config", "name": "default-global-qos-config"},
            "properties": {
                "qos_config_type": "vhost",
                "dscp_entries": {"qos_id_forwarding_class_pair": [{"key": 1, "forwarding_class_id": 2}]},
                "mpls_exp_entries": {"qos_id_forwarding_class_pair": [{"key": 3, "forwarding_class_id": 4}]},
            },
        },
        {
            "name": "n",
            "parent": {"kind": "global-qos-config", "name": "default-global-qos-config"},
            "properties": {
                "default_forwarding_class_id": 3,
                "dscp_entries": {
                    "qos_id_forwarding_class_pair": [
                        {"key": 9, "forwarding_class_id": 2},
                        {"key": 1, "forwarding_class_id": 5},
                    ]
                },
            },
            "unset": ["mpls_exp_entries"],
        },
    ),
    "domain": ([], {"name": "n"}, {"name": "n", "properties": {"display_name": "N", "id_perms": {"description": "d"}}}),
    "project": (
        [{"kind": "domain", "config": [{"name": "d"}]}],
        {"name": "d:n", "properties": {"quota": {"virtual_network": 5}}},
        {"name": "d:n", "properties": {"quota": {"subnet": 7}}, "unset": ["quota.virtual_network"]},
    ),
    "virtual-DNS": (
        [],
        {"name": "n", "properties": zone(default_ttl_seconds=60)},
        {"name": "n", "properties": zone(record_order="random", reverse_resolution=True)},
    ),
    "route-aggregate": (
        [],
        {
            "name": "n",
            "properties": {"aggregate_route_entries": {"route": ["10.0.0.0/8"]}, "aggregate_route_nexthop": "10.0.0.1"},
        },
        {"name": "n", "properties": {"aggregate_route_entries": {"route": ["10.0.0.0/8", "2001:DB8::/32"]}}},
    ),
    "route-target": ([], {"name": "64512:9"}, {"name": "target:64512:9", "properties": {"annotations": {"a": "b"}}}),
    "tag": (
        [],
        {"name": "label=web", "properties": {"tag_type_name": "label", "tag_value": "web"}},
        {"name": "label=web", "properties": {"id_perms": {"description": "d"}}},
    ),
    "physical-interface": (
        [{"kind": "physical-router", "config": [{"name": "r"}]}],
        {"name": "r:ge-0_0_1", "properties": {"display_name": "ge-0/0/1"}},
        {"name": "default-global-system-config:r:ge-0_0_1", "properties": {"ethernet_segment_identifier": "1:2"}},
    ),
    "loadbalancer-healthmonitor": (
        [],
        {"name": "n", "properties": {"loadbalancer_healthmonitor_properties": {"monitor_type": "TCP", "delay": 1}}},
        {"name": "n", "properties": {"loadbalancer_healthmonitor_properties": {"delay": 2}}},
    ),
    "service-group": (
        [],
        {"name": "n", "properties": services({"protocol": "tcp", "dst_ports": HTTP}, {"protocol": "UDP"})},
        {"name": "n", "properties": services({"protocol": "any"}, {"protocol": "tcp", "src_ports": HTTP})},
    ),
    "firewall-rule": (
        [
            {"kind": "tag", "config": [tag("application", "web"), tag("tier", "db")]},
            {"kind": "address-group", "config": [{"name": "ag"}]},
        ],
        {"name": "n", "properties": {**firewall(tags=["global:application=web"]), "service": {"protocol": "tcp"}}},
        {
            "name": "n",
            "properties": {
                **firewall(address_group="default-domain:default-project:ag"),
                "service": {"protocol": "udp", "protocol_id": 17, "dst_ports": HTTP},
            },
        },
    ),
    "firewall-rule with a group": (
        [{"kind": "service-group", "config": [{"name": "sg", "properties": {}}]}],
        {
            "name": "n",
            "properties": firewall(subnet="10.0.0.0/8"),
            "references": [{"kind": "service-group", "name": "sg"}],
        },
        {"name": "n", "properties": {**firewall(any=True), "direction": ">"}},
    ),
    "bgp-router": (
        [
            {"kind": "sub-cluster", "config": [{"name": "sc"}]},
            {"kind": "bgp-router", "config": [speaker("c1", router_type="control-node")]},
        ],
        {
            **speaker("n", autonomous_system=64999, vendor="Juniper"),
            "references": [{"kind": "sub-cluster", "name": "sc"}, {"kind": "bgp-router", "name": "c1"}],
        },
        speaker("n", autonomous_system=64998, cluster_id=7),
    ),
    "logical-router of ports": (
        [NETWORK, {"kind": "virtual-machine-interface", "config": [vmi("p1"), vmi("p2")]}],
        {"name": "n", "references": [{"kind": "virtual-machine-interface", "name": "p1"}]},
        {"name": "n", "references": [{"kind": "virtual-machine-interface", "name": "p2"}]},
    ),
    "bgp-as-a-service of ports": (
        [NETWORK, {"kind": "virtual-machine-interface", "config": [vmi("p1"), vmi("p2")]}],
        {
            "name": "n",
            "properties": {"autonomous_system": 64700, "bgpaas_shared": False},
            "references": [{"kind": "virtual-machine-interface", "name": "p1"}],
        },
        {"name": "n", "references": [{"kind": "virtual-machine-interface", "name": "p2"}]},
    ),
    "virtual-machine-interface": (
        [NETWORK, {"kind": "virtual-machine-interface", "config": [vmi("p1")]}],
        {
            **vmi("n"),
            "properties": {"virtual_machine_interface_properties": {"sub_interface_vlan_tag": 100}},
            "references": [*vmi("n")["references"], {"kind": "virtual-machine-interface", "name": "p1"}],
        },
        {
            **vmi("n"),
            "properties": {"virtual_machine_interface_mac_addresses": {"mac_address": ["02-00-00-00-00-AA"]}},
        },
    ),
    "global-vrouter-config": (
        [{"kind": "global-system-config", "config": [{"name": "default-global-system-config"}]}],
        {"name": "n", "properties": {"encapsulation_priorities": {"encapsulation": ["MPLSoGRE", "VXLAN"]}}},
        {"name": "n", "properties": {"encapsulation_priorities": {"encapsulation": ["VXLAN", "MPLSoGRE"]}}},
    ),
}


@pytest.mark.parametrize("kind", STEPS)
def test_each_change_is_foretold_made_once_and_found_made(contrail: Controller, kind: str) -> None:
    before, created, modified = STEPS[kind]
    for earlier in before:
        contrail.run("contrail_object", **earlier)

    twelve_steps(contrail, "contrail_object", [created], [modified], kind=kind.partition(" ")[0])


def parents_of(contrail: Controller, kind: Kind) -> tuple[str, list[str]]:
    """Make what objects of a kind stand under; return the kind of the parent and its name."""
    parent = next(name for name in ("project", "domain", *kind.parents) if name in kind.parents)
    if parent == "config-root":
        return "", []
    usual = {
        "project": ["default-domain", "default-project"],
        "domain": ["default-domain"],
        "global-system-config": ["default-global-system-config"],
    }
    if parent in usual:
        return parent, usual[parent]
    declared = SCHEMA.kinds[parent]
    above, name = parents_of(contrail, declared)
    full = [*name, f"the-{parent}"]

    def make() -> None:
        if contrail.world.store.find(parent, full) is None:
            contrail.world.store.create(parent, {"fq_name": full, **({"parent_type": above} if above else {})})

    contrail.on_loop(make)
    return parent, full


NOT_AT_RANDOM = {
    "access-control-list",
    "bgp-router",
    "config-root",
    "global-system-config",
    "instance-ip",
    "loadbalancer-healthmonitor",
    "network-ipam",
    "network-policy",
    "project",
    "route-target",
    "routing-instance",
    "virtual-machine-interface",
    "virtual-network",
}
"""Kinds of which the server wants more than the schema says, or whose objects the daemons make and remove."""


ASKED_MORE = {"route-aggregate", "virtual-machine-interface"}
"""Kinds for which more is read than the object: what the daemons make of it."""


@examples(40, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_value_of_any_kind_is_read_back_as_it_was_written(contrail: Controller, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(KINDS.keys() - NOT_AT_RANDOM)), label="kind")
    declared = SCHEMA.kinds[kind]
    contrail.reset()
    parent, name = parents_of(contrail, declared)
    written = [key for key in declared.properties if key not in {"id_perms", "perms2"}]
    values = {key: property_values(declared, key) for key in data.draw(st.sets(st.sampled_from(written), max_size=4))}
    item: dict[str, Any] = {"name": "n", "parent": {"kind": parent, "name": ":".join(name)} if parent else None}

    for step in ("created", "changed"):
        properties = data.draw(st.fixed_dictionaries({}, optional=values), label=step)
        try:
            run(contrail, kind, [{**item, "properties": properties}])
        except ModuleFailedError as failure:
            accepted = (
                *("the server makes this", "names a tag after", "requires at least", "must be created"),
                *("is already", "it is only given when", "route target"),
            )
            assume(not any(text in str(failure) for text in accepted))
            raise
        for _run in ("second", "third"):
            contrail.settle()
            again = run(contrail, kind, [{**item, "properties": properties}])
            assert again["changed"] is False
            assert kind in ASKED_MORE or again["requests"] == 1


@pytest.mark.parametrize(
    ("kind", "item", "message"),
    [
        ("virtual-dns-recrod", {"name": "x"}, "kind: there is no kind 'virtual-dns-recrod': did you mean virtual-DNS-"),
        (
            "service-instance",
            {"name": "x", "references": [{"kind": "routing-policy", "name": "p"}]},
            "config[0].references[0].kind: service-instance does not refer to routing-policy, it is the other way "
            "round: give kind: routing-policy, and in its references {kind: service-instance, name: ...}",
        ),
        (
            "service-instance",
            {"name": "x", "references": [{"kind": "port-tuple", "name": "fw:t"}]},
            "it is its parent: give kind: port-tuple, and parent: {kind: service-instance, name: ...}",
        ),
        (
            "interface-route-table",
            {"name": "x", "references": [{"kind": "service-instance", "name": "fw", "attr": {"interface": "left"}}]},
            "config[0].references[0].attr.interface: there is no such field: did you mean interface_type?",
        ),
        (
            "interface-route-table",
            {"name": "x", "references": [{"kind": "service-instance", "name": "fw"}]},
            "config[0].references[0]: there is no service-instance default-domain:default-project:fw, and "
            "default-domain:default-project has none at all; create it first",
        ),
        (
            "logical-interface",
            {"name": "x"},
            "config[0].name: logical-interface is a child of physical-interface or physical-router: say of which by "
            "parent: {kind, name}",
        ),
        (
            "logical-interface",
            {"name": "x", "parent": {"name": "r"}},
            "config[0].parent.kind: is needed: logical-interface is a child of physical-interface or physical-router",
        ),
        (
            "logical-interface",
            {"name": "x", "parent": {"kind": "project", "name": "p"}},
            "config[0].parent.kind: logical-interface is no child of project: it is a child of physical-interface or",
        ),
        ("port-tuple", {"name": "t"}, "'t' does not say which service-instance it is in: give SERVICE-INSTANCE:t"),
        (
            "port-tuple",
            {"name": "t", "parent": {"name": "fw"}},
            "config[0].name: there is no service-instance default-domain:default-project:fw",
        ),
        ("domain", {"name": "d", "parent": {"name": "x"}}, "config[0].parent: domain has no parent; leave it out"),
        (
            "interface-route-table",
            {"name": "x", "properties": {"interface_route_tables_routes": {}}},
            "has no such property: did you mean interface_route_table_routes?",
        ),
        (
            "interface-route-table",
            {"name": "x", "properties": {"service_instance_refs": []}},
            "references stand under references, as {kind: service-instance, name: ...}",
        ),
        (
            "interface-route-table",
            {"name": "x", "unset": ["interface_route_table_routes.rout"]},
            "config[0].unset[0]: interface_route_table_routes.rout leads nowhere: interface_route_table_routes has no "
            "rout; did you mean route?",
        ),
        ("security-group", {"name": "x", "properties": {"security_group_id": 8000001}}, "the server makes this"),
        (
            "virtual-machine-interface",
            {"name": "x"},
            "config[0].references: is needed, for virtual-machine-interface default-domain:default-project:x does not "
            "exist and would be created",
        ),
        (
            "physical-router",
            {"name": "x", "properties": {"physical_router_user_credentials": {"password": "router-word"}}},
            "config[0].properties.physical_router_user_credentials.password: is a secret, which would be logged: give "
            "it as config[0].secrets.physical_router_user_credentials.password",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_nothing_is_written(
    contrail: Controller, kind: str, item: dict[str, Any], message: str
) -> None:
    with pytest.raises(ModuleFailedError) as caught:
        run(contrail, kind, [item])

    assert message in str(caught.value)
    assert contrail.writes == 0


def test_an_object_of_the_official_client_is_the_same_object(contrail: Controller) -> None:
    stored = {
        "fq_name": ["default-domain", "default-project", "n"],
        "parent_type": "project",
        "interface_route_table_routes": {
            "route": [
                {"prefix": "10.1.0.0/16", "next_hop": None, "next_hop_type": None, "community_attributes": None},
                {"prefix": "10.2.0.0/16", "next_hop": None, "community_attributes": {"community_attribute": []}},
            ]
        },
    }
    contrail.on_loop(lambda: contrail.world.store.create("interface-route-table", stored))

    result = run(contrail, "interface-route-table", [{"name": "n", "properties": routes("10.2.0.0/16", "10.1.0.0/16")}])

    assert result["changed"] is False
    assert contrail.writes == 0


def test_references_add_and_are_exact_where_they_are_purged(contrail: Controller) -> None:
    contrail.run("contrail_object", **NETWORK)
    lr = {"name": "lr", "properties": {"logical_router_type": "vxlan-routing"}}

    def networks() -> set[str]:
        stored = contrail.find("logical-router", "lr")
        return {reference["to"][-1] for reference in (stored or {})["virtual_network_refs"]}

    run(contrail, "logical-router", [{**lr, "references": [joins("vn1")]}])
    (internal,) = networks() - {"vn1"}
    run(contrail, "logical-router", [{**lr, "references": [joins("vn2")]}])
    assert networks() == {"vn1", "vn2", internal}
    run(contrail, "logical-router", [{**lr, "references": [joins("vn2")]}], purge_references=["virtual-network"])
    assert networks() == {"vn2", internal}
    run(contrail, "logical-router", [{**lr, "references": []}], purge_references=["virtual_network"])
    assert networks() == {internal}


def test_a_password_is_never_shown_and_changes_only_when_it_has_to(contrail: Controller) -> None:
    def router(username: str | None, password: str | None) -> Config:
        return [
            {
                "name": "r",
                "properties": {"physical_router_user_credentials": {"username": username}},
                "secrets": {"physical_router_user_credentials": {"password": password}},
            }
        ]

    def cipher() -> str:
        stored = contrail.find("physical-router", "default-global-system-config", "r")
        return str((stored or {})["physical_router_user_credentials"]["password"])

    results = [run(contrail, "physical-router", router("u", "hidden-word"))]
    first = cipher()
    results.append(run(contrail, "physical-router", router("u", "hidden-word")))
    assert results[-1]["changed"] is False
    assert cipher() == first
    results.append(run(contrail, "physical-router", router("v", "hidden-word")))
    assert cipher() != first
    with pytest.raises(ModuleFailedError, match="password: is needed"):
        run(contrail, "physical-router", router("w", None))
    results.append(run(contrail, "physical-router", router("v", "hidden-word"), update_password="always"))
    assert results[-1]["changed"] is True
    results.append(run(contrail, "physical-router", router(None, None), state="absent"))

    assert "hidden-word" not in json.dumps(results)
    assert first not in json.dumps(results)


def test_deleting_a_service_takes_its_tuples_along(contrail: Controller) -> None:
    contrail.run("contrail_service_template", [{"name": "st", "mode": "in-network", "interfaces": ["left", "right"]}])
    si = {
        "name": "fw",
        "properties": {"service_instance_properties": {"interface_list": [{"virtual_network": ""}]}},
        "references": [{"kind": "service-template", "name": "st"}],
    }
    run(contrail, "service-instance", [si])
    run(contrail, "port-tuple", [{"name": "fw:t1"}, {"name": "t2", "parent": {"name": "fw"}}])

    result = run(contrail, "service-instance", [{"name": "fw"}], state="absent")

    assert {item["fq_name"].split(":")[-1] for item in result["objects"]} == {"fw", "t1", "t2"}
    assert contrail.info("port-tuple") == []


def test_objects_of_one_kind_that_refer_to_each_other_are_made_in_order(contrail: Controller) -> None:
    config: Config = [
        {"name": "a", "references": [{"kind": "virtual-network", "name": "b"}]},
        {"name": "b", "references": [{"kind": "virtual-network", "name": "c"}]},
        {"name": "c"},
    ]

    assert run(contrail, "virtual-network", config)["changed"] is True
    assert run(contrail, "virtual-network", config)["changed"] is False


def test_bindings_of_others_stay(contrail: Controller) -> None:
    port = {"name": "p", "references": [{"kind": "virtual-network", "name": "vn1"}]}
    contrail.run("contrail_object", **NETWORK)
    run(contrail, "virtual-machine-interface", [{**port, "properties": bindings(host_id="h1", vif_type="vrouter")}])

    run(contrail, "virtual-machine-interface", [{"name": "p", "properties": bindings(host_id="h2")}])

    stored = contrail.find("virtual-machine-interface", "p")
    assert stored is not None
    pairs = stored["virtual_machine_interface_bindings"]["key_value_pair"]
    assert {pair["key"]: pair["value"] for pair in pairs} == {"host_id": "h2", "vif_type": "vrouter"}


def bindings(**pairs: str) -> dict[str, Any]:
    return {"virtual_machine_interface_bindings": pairs}


def test_planned_objects_of_any_kind_count_in_check_mode(contrail: Controller) -> None:
    config: Config = [
        {"name": "n", "references": [{"kind": "service-instance", "name": "fw", "attr": {"interface_type": "left"}}]}
    ]
    planned = [{"kind": "service_instance", "name": "fw"}]

    assert run(contrail, "interface-route-table", config, check=True, planned=planned)["changed"] is True
    with pytest.raises(ModuleFailedError, match="there is no service-instance"):
        run(contrail, "interface-route-table", config, planned=planned)
