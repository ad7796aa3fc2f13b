# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pieces that several kinds share."""

from __future__ import annotations

from collections.abc import Sequence

from ..codec.codec import Name, Pairs, Plural, Prefix, Scalar
from ..codec.field import Field, Record, Records
from ..codec.scope import Value
from ..codec.shapes import AddressPrefix, MirrorTarget, fold_sequence
from ..codec.values import address, community, mac_address, prefix, route_target

OWNER_KEY = "service_chain.owner"
"""The annotation that tells who made an object."""

TEXT = Scalar()
FLAG = Scalar(type="bool")
NUMBER = Scalar(type="int")
ADDRESS = Scalar(convert=address)
MAC_ADDRESS = Scalar(convert=mac_address)
PREFIX_TEXT = Scalar(convert=prefix)
COMMUNITIES = Plural(Scalar(convert=community))
ROUTE_TARGETS = Plural(Scalar(convert=route_target))


def flag(option: str, *api: str, default: bool | None = False, aliases: tuple[str, ...] = ()) -> Field:
    """Declare a boolean."""
    return Field(option, api, FLAG, default=default, aliases=aliases)


def text(option: str, *api: str, choices: Sequence[str] = (), default: Value = None, initial: Value = None) -> Field:
    """Declare a text."""
    return Field(option, api, Scalar(choices=tuple(choices)), default=default, initial=initial)


def number(option: str, *api: str, limits: tuple[int, int] | None = None, default: int | None = None) -> Field:
    """Declare a whole number, with its limits if the schema has any."""
    return Field(option, api, Scalar(type="int", limits=limits), default=default)


COMMON = (
    Field("display_name", ("display_name",), TEXT, named=True),
    Field("description", ("id_perms", "description"), TEXT, cleared=""),
    Field("annotations", ("annotations",), Pairs()),
)
ANNOTATIONS = (COMMON[-1],)

SEQUENCE = Field(
    "sequence",
    ("sequence",),
    Record((number("major", "major"), number("minor", "minor")), whole=True, fold=fold_sequence),
)
TIMER = Field(
    "timer",
    ("timer",),
    Record(
        (
            text("start", "start_time"),
            text("end", "end_time"),
            text("on_interval", "on_interval"),
            text("off_interval", "off_interval"),
        )
    ),
)
POLICY_ATTACHMENT = Record((SEQUENCE, TIMER))
FIRST_SEQUENCE = {"sequence": {"major": 0, "minor": 0}}

DHCP_OPTIONS = Records(
    Record(
        (
            Field("name", ("dhcp_option_name",), TEXT, required=True),
            text("value", "dhcp_option_value"),
            text("value_bytes", "dhcp_option_value_bytes"),
        )
    ),
    key=("name",),
)

HOST_ROUTES = Records(
    Record(
        (
            Field("prefix", ("prefix",), PREFIX_TEXT, required=True),
            Field("next_hop", ("next_hop",), ADDRESS, required=True),
        )
    ),
    key=("prefix",),
)

ECMP_HASHING = Record(
    (
        flag("configured", "hashing_configured"),
        flag("source_ip", "source_ip", default=True),
        flag("destination_ip", "destination_ip", default=True),
        flag("ip_protocol", "ip_protocol", default=True),
        flag("source_port", "source_port", default=True),
        flag("destination_port", "destination_port", default=True),
    )
)
"""The fields of a packet by which equal paths are chosen; looked at where ``configured``."""

FAT_FLOWS = Records(
    Record(
        (
            Field("protocol", ("protocol",), TEXT, required=True),
            number("port", "port", limits=(0, 65535), default=0),
            text("ignore_address", "ignore_address", choices=("none", "source", "destination"), default="none"),
            Field("source_prefix", ("source_prefix",), Prefix()),
            number("source_aggregate_length", "source_aggregate_prefix_length", limits=(0, 128)),
            Field("destination_prefix", ("destination_prefix",), Prefix()),
            number("destination_aggregate_length", "destination_aggregate_prefix_length", limits=(0, 128)),
        ),
        whole=True,
    )
)

MIRROR = MirrorTarget(
    (
        Field("analyzer", ("analyzer_name",), Name("service-instance")),
        Field("address", ("analyzer_ip_address",), ADDRESS),
        number("udp_port", "udp_port", limits=(0, 65535)),
        Field("mac", ("analyzer_mac_address",), MAC_ADDRESS),
        text("encapsulation", "encapsulation"),
        text("routing_instance", "routing_instance"),
        flag("juniper_header", "juniper_header", default=True),
        text("next_hop_mode", "nh_mode", choices=("dynamic", "static")),
        Field("vtep_address", ("static_nh_header", "vtep_dst_ip_address"), ADDRESS),
        Field("vtep_mac", ("static_nh_header", "vtep_dst_mac_address"), MAC_ADDRESS),
        number("vni", "static_nh_header", "vni", limits=(1, 16777215)),
        flag("nic_assisted", "nic_assisted_mirroring"),
        number("nic_assisted_vlan", "nic_assisted_mirroring_vlan", limits=(0, 4094)),
    ),
    whole=True,
)

ADDRESS_PAIRS = Records(
    Record(
        (
            Field("address", ("ip",), AddressPrefix(), required=True),
            Field("mac", ("mac",), MAC_ADDRESS),
            text("mode", "address_mode", choices=("active-active", "active-standby"), default="active-active"),
        ),
        whole=True,
    ),
    key=("address",),
)

MAC_ACTIONS = ("log", "alarm", "shutdown", "drop")
MAC_LIMIT = Record(
    (number("limit", "mac_limit"), text("action", "mac_limit_action", choices=MAC_ACTIONS, default="log"))
)
MAC_MOVE_LIMIT = Record(
    (
        number("limit", "mac_move_limit"),
        number("window", "mac_move_time_window", limits=(1, 60), default=10),
        text("action", "mac_move_limit_action", choices=MAC_ACTIONS, default="log"),
    )
)
