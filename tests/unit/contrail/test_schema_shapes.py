# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values in the terms of the schema: what is written is stored as the API wants it, and found to be so."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.codecs import property_field
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.objects import ObjectParser
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.codec import get_path, set_path
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import (
    InvalidConfigError,
    InvalidValueError,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.data import KINDS
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.kinds import (
    SchemaScope,
    properties_of,
)
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from lab.contrail.validation import check_properties
from models.schema_values import SCHEMA, property_values
from support.examples import examples

PROPERTIES = [
    (kind, name)
    for kind in sorted(KINDS)
    for name in properties_of(kind)
    if name not in KINDS[kind]["read_only"] and not (kind != "project" and name in {"id_perms", "perms2"})
]


def canonical(kind: str, name: str, written: Any) -> Any:
    return property_field(kind, name).codec.normalise(written, Scope(), name)


@examples(400, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_written_is_read_back_and_a_second_run_changes_nothing(data: st.DataObject) -> None:
    kind, name = data.draw(st.sampled_from(PROPERTIES), label="property")
    field = property_field(kind, name)
    values = property_values(SCHEMA.kinds[kind], name)
    stored: dict[str, Any] = {}
    for step in ("first", "second"):
        try:
            wanted = canonical(kind, name, data.draw(values, label=step))
        except InvalidValueError as error:
            assume("is already" not in str(error))
            raise
        before = field.codec.decode(get_path(stored, field.api))
        after = field.codec.merge(wanted, before)
        if field.clean(after) == field.clean(before):
            continue
        set_path(stored, field.api, copy.deepcopy(field.codec.encode(after, get_path(stored, field.api))))
        check_properties(SCHEMA, SCHEMA.kinds[kind], stored, creating=False)

        found = field.codec.decode(get_path(stored, field.api))
        assert field.clean(found) == field.clean(after)
        assert field.clean(field.codec.merge(wanted, found)) == field.clean(found)


@pytest.mark.parametrize(
    ("kind", "name", "written", "message"),
    [
        ("virtual-network", "is_shared", "perhaps", "is_shared: 'perhaps' is neither true nor false"),
        ("virtual-network", "mac_aging_time", "soon", "mac_aging_time: 'soon' is not a whole number"),
        ("virtual-network", "mac_aging_time", True, "mac_aging_time: True (a boolean) is not a whole number"),
        ("virtual-network", "mac_aging_time", 86401, "mac_aging_time: 86401 is not from 0 to 86400"),
        ("logical-router", "logical_router_type", "vxlan", "'vxlan' is not one of snat-routing, vxlan-routing"),
        ("logical-router", "vxlan_network_identifier", 1.5, "1.5 (a fraction) is not a text: put it into quotes"),
        (
            "virtual-network",
            "virtual_network_properties",
            {"forward_mode": "l3"},
            "virtual_network_properties.forward_mode: there is no such field: did you mean forwarding_mode?",
        ),
        ("virtual-network", "virtual_network_properties", ["l3"], "['l3'] (a list) is not a dict: give allow_transit"),
        (
            "network-policy",
            "network_policy_entries",
            {"policy_rule": [{"rule_uuid": "x"}]},
            "network_policy_entries.policy_rule[0].rule_uuid: the server makes this; leave it out",
        ),
        (
            "routing-policy",
            "routing_policy_entries",
            {"term": [{"term_match_condition": {"prefix": [{"prefix": "10.0.0.0"}]}}]},
            "term[0].term_match_condition.prefix[0].prefix: '10.0.0.0' is not a prefix: add the length",
        ),
        ("virtual-network", "route_target_list", {"route_target": "64512:1"}, "is not a list: put it into [ ]"),
        (
            "virtual-network",
            "route_target_list",
            {"route_target": ["64512:1", "target:64512:1"]},
            "route_target_list.route_target[1]: target:64512:1 is already route_target_list.route_target[0]",
        ),
        ("address-group", "address_group_prefix", {"subnet": [{"ip": "10.0.0.0"}]}, "give ip_prefix and ip_prefix_len"),
        ("bgp-as-a-service", "bgpaas_ip_address", "10.0.0.300", "'10.0.0.300' is not an IP address"),
        ("virtual-network", "annotations", ["a"], "annotations: ['a'] (a list) is not a dict: give {KEY: TEXT}"),
    ],
)
def test_a_wrong_value_is_refused_where_it_stands(kind: str, name: str, written: Any, message: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        canonical(kind, name, written)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "name", "written", "same"),
    [
        ("virtual-network", "is_shared", True, "yes"),
        ("virtual-network", "mac_aging_time", 60, " 60 "),
        ("logical-router", "vxlan_network_identifier", "5", 5),
        ("global-system-config", "autonomous_system", 4200000000, "4200000000L"),
        (
            "virtual-network",
            "route_target_list",
            {"route_target": ["64512:1", "4200000000:9"]},
            {"route_target": ["target:4200000000L:9", "target:064512:1"]},
        ),
        ("bgp-as-a-service", "bgpaas_ip_address", "2001:db8::1", "2001:DB8:0:0::1"),
        (
            "address-group",
            "address_group_prefix",
            {"subnet": ["10.0.0.0/8", "10.9.0.0/16"]},
            {
                "subnet": [
                    {"ip_prefix": "10.9.0.0", "ip_prefix_len": "16"},
                    {"ip_prefix": "10.0.0.0", "ip_prefix_len": 8},
                ]
            },
        ),
        ("virtual-network", "annotations", {"a": "1"}, {"key_value_pair": [{"key": "a", "value": "1"}]}),
        ("virtual-network", "virtual_network_properties", {}, {"mirror_destination": False, "max_flows": 0}),
    ],
)
def test_two_ways_to_write_the_same_value(kind: str, name: str, written: Any, same: Any) -> None:
    field = property_field(kind, name)
    assert field.clean(canonical(kind, name, written)) == field.clean(canonical(kind, name, same))


def test_the_order_of_terms_matters_and_a_value_may_be_there_twice() -> None:
    field = property_field("routing-policy", "routing_policy_entries")
    terms = [
        {"term_action_list": {"action": "accept", "update": {"as_path": {"expand": {"asn_list": [64512, 64512]}}}}},
        {"term_action_list": {"action": "reject"}},
    ]
    wanted = canonical("routing-policy", "routing_policy_entries", {"term": terms})
    turned = canonical("routing-policy", "routing_policy_entries", {"term": terms[::-1]})

    assert field.clean(wanted) != field.clean(turned)


def test_an_entry_of_a_list_is_what_is_given_and_a_property_is_merged() -> None:
    field = property_field("security-group", "security_group_entries")
    stored: dict[str, Any] = {
        "policy_rule": [
            {
                "rule_uuid": "u1",
                "protocol": "tcp",
                "ethertype": "IPv4",
                "dst_ports": [{"start_port": 80, "end_port": 80}],
            }
        ]
    }
    wanted = canonical("security-group", "security_group_entries", {"policy_rule": [{"protocol": "udp"}]})
    after = field.codec.merge(wanted, field.codec.decode(stored))
    assert field.codec.encode(after, stored) == {"policy_rule": [{"rule_uuid": "u1", "protocol": "udp"}]}

    settings_field = property_field("virtual-network", "virtual_network_properties")
    stored = {"allow_transit": True, "forwarding_mode": "l3", "network_id": 7}
    wanted = canonical("virtual-network", "virtual_network_properties", {"forwarding_mode": "l2"})
    after = settings_field.codec.merge(wanted, settings_field.codec.decode(stored))
    assert settings_field.codec.encode(after, stored) == {**stored, "forwarding_mode": "l2"}


@pytest.mark.parametrize("given", [{"properties": {"display_name": "x"}}, {"unset": ["display_name"]}])
def test_what_the_server_makes_of_others_is_not_given(given: dict[str, Any]) -> None:
    written = {"name": "label=web", **given}
    with pytest.raises(InvalidConfigError, match=r"display_name(: the server makes this| cannot be unset)"):
        ObjectParser("tag", SchemaScope(), [], [], compare_secrets=False).parse([written], "present")


def test_a_subnet_of_any_kind_has_room() -> None:
    with pytest.raises(InvalidValueError, match=r"subnets\[0\].subnet: 10.0.0.0/31 has no room for a gateway"):
        canonical("network-ipam", "ipam_subnets", {"subnets": [{"subnet": "10.0.0.0/31"}]})
