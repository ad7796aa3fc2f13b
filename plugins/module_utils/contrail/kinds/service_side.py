# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can stand on a side of a service instance.

Each refers to the service instance, with the side in the attribute of the reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..codec.codec import Plural, Scalar
from ..codec.errors import InvalidValueError
from ..codec.field import Absence, Field, Record, Records
from ..codec.scope import Value
from ..codec.shapes import NumberText, OnlyTrue
from ..codec.values import community, fits_address
from .entity import Entity, ReferenceField
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
_SECONDS = (0, 2**31 - 1)
_MICROSECONDS = (0, 999_999)
OF_ADDRESSES = "vn-ip-list"
OWN_ADDRESS = "local-ip"
"""What stands for the address of the port that is checked."""


def _possible_check(values: Mapping[str, Value], path: str) -> Iterator[InvalidValueError]:
    """Refuse a check without anything to check, or with what its monitor does not understand."""
    target, monitor = str(values.get("target") or ""), values.get("monitor")
    if monitor == "HTTP" and not target:
        yield InvalidValueError(f"{path}.target", f"is needed for HTTP: give a URL, as in http://{OWN_ADDRESS}/")
    elif monitor == "HTTP" and not target.startswith(("http://", "https://")):
        yield InvalidValueError(f"{path}.target", f"'{target}' is not a URL: write it as in http://{OWN_ADDRESS}/")
    elif monitor != "HTTP" and target and target != OWN_ADDRESS and not fits_address(target):
        yield InvalidValueError(
            f"{path}.target", f"'{target}' is neither an address nor {OWN_ADDRESS}, which {monitor} needs"
        )
    if values.get("delay") == 0 and not values.get("delay_microseconds"):
        yield InvalidValueError(f"{path}.delay", "is 0, and so is delay_microseconds: give the time between two checks")
    listed = [option for option in ("target_addresses", "all_addresses") if values.get(option)]
    if values.get("type") == OF_ADDRESSES and len(listed) != 1:
        yield InvalidValueError(f"{path}.target_addresses", f"give it or all_addresses for the type {OF_ADDRESSES}")
    elif listed and values.get("type") != OF_ADDRESSES:
        yield InvalidValueError(f"{path}.{listed[0]}", f"is for the type {OF_ADDRESSES} only")


SERVICE_HEALTH_CHECK = Entity(
    "service-health-check",
    rank=3,
    description="The health checks.",
    named="Name of the health check.",
    fields=(
        flag("enabled", _CHECK, "enabled", description="Whether it runs."),
        Field(
            "type",
            (_CHECK, "health_check_type"),
            Scalar(choices=("link-local", "end-to-end", "segment", OF_ADDRESSES)),
            absence=Absence(initial="link-local"),
            aliases=("health_check_type",),
            description=(
                "Whether the next hop, the path through the service, or each segment is checked, "
                "or with V(vn-ip-list) addresses in a network (in releases that have it). A new "
                "one is V(link-local) if nothing is said."
            ),
        ),
        Field(
            "monitor",
            (_CHECK, "monitor_type"),
            Scalar(choices=("PING", "HTTP", "BFD")),
            absence=Absence(initial="PING"),
            aliases=("monitor_type",),
            description="How it checks. A new one is V(PING) if nothing is said.",
        ),
        Field(
            "target",
            (_CHECK, "url_path"),
            TEXT,
            aliases=("url_path",),
            description=(
                "What is checked, as an address or V(local-ip). For V(HTTP) a URL is needed, as "
                "V(http://local-ip:8080/)."
            ),
        ),
        Field(
            "target_addresses",
            (_CHECK, "target_ip_list", "ip_address"),
            Plural(ADDRESS),
            aliases=("target_ip_list",),
            description="Addresses that are checked, for the type V(vn-ip-list).",
        ),
        Field(
            "all_addresses",
            (_CHECK, "target_ip_all"),
            OnlyTrue(type="bool"),
            aliases=("target_ip_all",),
            description="Whether all addresses of the network are checked, for the type V(vn-ip-list).",
        ),
        text("http_method", _CHECK, "http_method", description="HTTP method."),
        text("expected_codes", _CHECK, "expected_codes", description="HTTP status that is expected."),
        number("delay", _CHECK, "delay", limits=_SECONDS, description="Seconds between two checks."),
        number(
            "delay_microseconds",
            _CHECK,
            "delayUsecs",
            limits=_MICROSECONDS,
            default=0,
            description="Microseconds that are added to it.",
        ),
        number("timeout", _CHECK, "timeout", limits=_SECONDS, description="Seconds after which a check has failed."),
        number(
            "timeout_microseconds",
            _CHECK,
            "timeoutUsecs",
            limits=_MICROSECONDS,
            default=0,
            description="Microseconds that are added to it.",
        ),
        number(
            "max_retries",
            _CHECK,
            "max_retries",
            limits=_SECONDS,
            description="Number of failures after which the port is down.",
        ),
        *COMMON,
    ),
    references=(_ON_A_SIDE,),
    together=_possible_check,
)

ROUTES = Records(
    Record(
        (
            Field("prefix", ("prefix",), PREFIX_TEXT, required=True, description="Destination of the route."),
            text("next_hop", "next_hop", description="Next hop, in the form that its type wants."),
            text(
                "next_hop_type",
                "next_hop_type",
                choices=("service-instance", "ip-address"),
                description="What the next hop is.",
            ),
            Field(
                "communities",
                ("community_attributes", "community_attribute"),
                COMMUNITIES,
                default=[],
                description="Communities of the route, as V(64512:10) or V(no-export).",
            ),
        ),
        whole=True,
    ),
    key=("prefix",),
)

INTERFACE_ROUTE_TABLE = Entity(
    "interface-route-table",
    rank=3,
    description="The tables.",
    named="Name of the interface route table.",
    fields=(
        Field(
            "routes",
            ("interface_route_table_routes", "route"),
            ROUTES,
            description="The routes. The list is enforced exactly.",
        ),
        *COMMON,
    ),
    references=(_ON_A_SIDE,),
)

ROUTE_TABLE = Entity("route-table", rank=0, fields=(Field("routes", ("routes", "route"), ROUTES), *COMMON))


def _communities(option: str, kind: str, change: str, codec: Plural, description: str) -> Field:
    place = ("term_action_list", "update", kind, change, "community")
    return Field(option, place, codec, default=[], description=description)


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
                        description="Where routes come from.",
                    ),
                    Field(
                        "prefixes",
                        ("prefix",),
                        Records(
                            Record(
                                (
                                    Field("prefix", ("prefix",), PREFIX_TEXT, required=True, description="The prefix."),
                                    text(
                                        "type",
                                        "prefix_type",
                                        choices=("exact", "longer", "orlonger"),
                                        default="exact",
                                        description="Whether only the prefix fits, longer ones, or both.",
                                    ),
                                ),
                                whole=True,
                            )
                        ),
                        default=[],
                        description="Their prefixes.",
                    ),
                    Field(
                        "communities",
                        ("community_list",),
                        Plural(Scalar(convert=community)),
                        default=[],
                        description="Their communities.",
                    ),
                    flag(
                        "match_all_communities",
                        "community_match_all",
                        description="Whether they have to have all of the communities.",
                    ),
                    Field(
                        "extended_communities",
                        ("extcommunity_list",),
                        EXTENDED,
                        default=[],
                        description="Their extended communities.",
                    ),
                    flag(
                        "match_all_extended_communities",
                        "extcommunity_match_all",
                        description="Whether they have to have all of the extended communities.",
                    ),
                    Field(
                        "as_path",
                        ("as_path",),
                        Plural(NUMBER, ordered=True, repeats=True),
                        default=[],
                        description="Their AS path, for V(network-device).",
                    ),
                    text(
                        "family",
                        "family",
                        choices=("inet", "inet-vpn", "evpn"),
                        description="Their address family, for V(network-device).",
                    ),
                    number(
                        "local_preference", "local_pref", description="Their local preference, for V(network-device)."
                    ),
                ),
                whole=True,
            ),
            default={},
            description="Which routes the term is for; all that is given has to fit.",
        ),
        text(
            "action",
            "term_action_list",
            "action",
            choices=("accept", "reject", "next"),
            description="What happens to them.",
        ),
        number(
            "local_preference",
            "term_action_list",
            "update",
            "local_pref",
            description="Local preference that they get.",
        ),
        number("med", "term_action_list", "update", "med", description="MED that they get."),
        Field(
            "as_path_expand",
            ("term_action_list", "update", "as_path", "expand", "asn_list"),
            Plural(NUMBER, ordered=True, repeats=True),
            default=[],
            description="Autonomous systems that are put in front of their AS path.",
        ),
        _communities("add_communities", "community", "add", COMMUNITIES, description="Communities that they get."),
        _communities(
            "remove_communities", "community", "remove", COMMUNITIES, description="Communities that they lose."
        ),
        _communities(
            "set_communities",
            "community",
            "set",
            COMMUNITIES,
            description="Communities that they have instead of their own.",
        ),
        _communities(
            "add_extended_communities",
            "extcommunity",
            "add",
            EXTENDED,
            description="Extended communities that they get.",
        ),
        _communities(
            "remove_extended_communities",
            "extcommunity",
            "remove",
            EXTENDED,
            description="Extended communities that they lose.",
        ),
        _communities(
            "set_extended_communities",
            "extcommunity",
            "set",
            EXTENDED,
            description="Extended communities that they have instead of their own.",
        ),
    ),
    whole=True,
)

ROUTING_POLICY = Entity(
    "routing-policy",
    rank=3,
    description="The policies.",
    named="Name of the routing policy.",
    fields=(
        Field(
            "terms",
            ("routing_policy_entries", "term"),
            Records(TERM, ordered=True),
            aliases=("term",),
            description=(
                "The terms, in order. The list is enforced exactly, and what a term leaves out has its default."
            ),
        ),
        text(
            "term_type",
            "term_type",
            choices=("vrouter", "network-device"),
            default="vrouter",
            description="Who acts on it.",
        ),
        *COMMON,
    ),
    references=(_WITH_PLACES,),
)

ROUTE_AGGREGATE = Entity(
    "route-aggregate",
    rank=3,
    description="The aggregates.",
    named="Name of the route aggregate.",
    fields=(
        Field(
            "routes",
            ("aggregate_route_entries", "route"),
            Plural(PREFIX_TEXT),
            description=(
                "The prefixes that are announced in place of what they contain. The list is enforced exactly."
            ),
        ),
        Field(
            "next_hop",
            ("aggregate_route_nexthop",),
            ADDRESS,
            description=(
                "Address of the next hop.\n"
                "Not for an aggregate on a side of a service instance. There the schema "
                "transformer sets it to the service address, so any other value is refused."
            ),
        ),
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
