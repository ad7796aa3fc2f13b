# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can stand on a side of a service instance.

Each refers to the service instance, with the side in the attribute of the reference.
"""

from __future__ import annotations

from ..entity import Entity, Field, Plural, Record, Records, ReferenceField, Scalar
from ..shapes import NumberText
from ..values import community
from .parts import ADDRESS, COMMON, COMMUNITIES, NUMBER, PREFIX_TEXT, TEXT, flag, number, text

_ON_A_SIDE = ReferenceField(
    "service_instances",
    "service_instance_refs",
    "service-instance",
    many=True,
    attr=Record((Field("interface_type", ("interface_type",), Scalar()),)),
    attr_default={},
    internal=True,
)
_WITH_PLACES = ReferenceField(
    "service_instances",
    "service_instance_refs",
    "service-instance",
    many=True,
    attr=Record(
        (
            Field("left_sequence", ("left_sequence",), NumberText()),
            Field("right_sequence", ("right_sequence",), NumberText()),
        )
    ),
    attr_default={},
    internal=True,
)

_CHECK = "service_health_check_properties"

SERVICE_HEALTH_CHECK = Entity(
    "service-health-check",
    rank=3,
    fields=(
        flag("enabled", _CHECK, "enabled"),
        Field(
            "type",
            (_CHECK, "health_check_type"),
            Scalar(choices=("link-local", "end-to-end", "segment")),
            initial="link-local",
            aliases=("health_check_type",),
        ),
        Field(
            "monitor",
            (_CHECK, "monitor_type"),
            Scalar(choices=("PING", "HTTP", "BFD")),
            initial="PING",
            aliases=("monitor_type",),
        ),
        Field("target", (_CHECK, "url_path"), TEXT, aliases=("url_path",)),
        text("http_method", _CHECK, "http_method"),
        text("expected_codes", _CHECK, "expected_codes"),
        number("delay", _CHECK, "delay"),
        number("delay_microseconds", _CHECK, "delayUsecs", default=0),
        number("timeout", _CHECK, "timeout"),
        number("timeout_microseconds", _CHECK, "timeoutUsecs", default=0),
        number("max_retries", _CHECK, "max_retries"),
        *COMMON,
    ),
    references=(_ON_A_SIDE,),
)

ROUTES = Records(
    Record(
        (
            Field("prefix", ("prefix",), PREFIX_TEXT, required=True),
            text("next_hop", "next_hop"),
            text("next_hop_type", "next_hop_type", choices=("service-instance", "ip-address")),
            Field("communities", ("community_attributes", "community_attribute"), COMMUNITIES, default=[]),
        ),
        whole=True,
    ),
    key=("prefix",),
)

INTERFACE_ROUTE_TABLE = Entity(
    "interface-route-table",
    rank=3,
    fields=(Field("routes", ("interface_route_table_routes", "route"), ROUTES), *COMMON),
    references=(_ON_A_SIDE,),
)

ROUTE_TABLE = Entity("route-table", rank=0, fields=(Field("routes", ("routes", "route"), ROUTES), *COMMON))


def _communities(option: str, kind: str, change: str, codec: Plural) -> Field:
    return Field(option, ("term_action_list", "update", kind, change, "community"), codec, default=[])


EXTENDED = Plural(TEXT)

TERM = Record(
    (
        Field(
            "match",
            ("term_match_condition",),
            Record(
                (
                    Field(
                        "protocols",
                        ("protocol",),
                        Plural(
                            Scalar(
                                choices=(
                                    *("xmpp", "service-chain", "interface", "interface-static"),
                                    *("service-interface", "bgpaas", "bgp", "static", "aggregate", "direct"),
                                    *("pim", "evpn", "ospf", "ospf3"),
                                )
                            )
                        ),
                        default=[],
                    ),
                    Field(
                        "prefixes",
                        ("prefix",),
                        Records(
                            Record(
                                (
                                    Field("prefix", ("prefix",), PREFIX_TEXT, required=True),
                                    text(
                                        "type", "prefix_type", choices=("exact", "longer", "orlonger"), default="exact"
                                    ),
                                ),
                                whole=True,
                            )
                        ),
                        default=[],
                    ),
                    Field("communities", ("community_list",), Plural(Scalar(convert=community)), default=[]),
                    flag("match_all_communities", "community_match_all"),
                    Field("extended_communities", ("extcommunity_list",), EXTENDED, default=[]),
                    flag("match_all_extended_communities", "extcommunity_match_all"),
                    Field("as_path", ("as_path",), Plural(NUMBER, ordered=True, repeats=True), default=[]),
                    text("family", "family", choices=("inet", "inet-vpn", "evpn")),
                    number("local_preference", "local_pref"),
                ),
                whole=True,
            ),
            default={},
        ),
        text("action", "term_action_list", "action", choices=("accept", "reject", "next")),
        number("local_preference", "term_action_list", "update", "local_pref"),
        number("med", "term_action_list", "update", "med"),
        Field(
            "as_path_expand",
            ("term_action_list", "update", "as_path", "expand", "asn_list"),
            Plural(NUMBER, ordered=True, repeats=True),
            default=[],
        ),
        _communities("add_communities", "community", "add", COMMUNITIES),
        _communities("remove_communities", "community", "remove", COMMUNITIES),
        _communities("set_communities", "community", "set", COMMUNITIES),
        _communities("add_extended_communities", "extcommunity", "add", EXTENDED),
        _communities("remove_extended_communities", "extcommunity", "remove", EXTENDED),
        _communities("set_extended_communities", "extcommunity", "set", EXTENDED),
    ),
    whole=True,
)

ROUTING_POLICY = Entity(
    "routing-policy",
    rank=3,
    fields=(
        Field("terms", ("routing_policy_entries", "term"), Records(TERM, ordered=True), aliases=("term",)),
        text("term_type", "term_type", choices=("vrouter", "network-device"), default="vrouter"),
        *COMMON,
    ),
    references=(_WITH_PLACES,),
)

ROUTE_AGGREGATE = Entity(
    "route-aggregate",
    rank=3,
    fields=(
        Field("routes", ("aggregate_route_entries", "route"), Plural(PREFIX_TEXT)),
        Field("next_hop", ("aggregate_route_nexthop",), ADDRESS),
        *COMMON,
    ),
    references=(_ON_A_SIDE,),
)

ATTACHED_TO_SIDES = {
    "interface_route_tables": INTERFACE_ROUTE_TABLE,
    "health_checks": SERVICE_HEALTH_CHECK,
    "routing_policies": ROUTING_POLICY,
    "route_aggregates": ROUTE_AGGREGATE,
}
"""The kinds by the option that lists their objects on a side."""
