# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pieces that several kinds share."""

from __future__ import annotations

from collections.abc import Sequence

from ...values.identifiers import VXLAN_MAX
from ..codec.codec import Name, Pairs, Plural, Prefix, Scalar
from ..codec.field import Absence, Field, Record, Records
from ..codec.scope import Value
from ..codec.shapes import AddressPrefix, MirrorTarget, fold_sequence
from ..codec.values import address, community, mac_address, prefix, route_target
from .entity import ReferenceField

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


def flag(
    option: str, *api: str, default: bool | None = False, aliases: tuple[str, ...] = (), description: str = ""
) -> Field:
    """Declare a boolean."""
    return Field(option, api, FLAG, default=default, aliases=aliases, description=description)


def text(
    option: str,
    *api: str,
    choices: Sequence[str] = (),
    default: Value = None,
    initial: Value = None,
    description: str = "",
) -> Field:
    """Declare a text."""
    shape = Scalar(choices=tuple(choices))
    return Field(option, api, shape, default=default, absence=Absence(initial=initial), description=description)


def number(
    option: str,
    *api: str,
    limits: tuple[int, int] | None = None,
    default: int | None = None,
    description: str = "",
) -> Field:
    """Declare a whole number, with its limits if the schema has any."""
    return Field(option, api, Scalar(type="int", limits=limits), default=default, description=description)


COMMON = (
    Field(
        "display_name",
        ("display_name",),
        TEXT,
        absence=Absence(own_name=True),
        description="Name for display. An empty text makes it the object's name.",
    ),
    Field(
        "description",
        ("id_perms", "description"),
        TEXT,
        absence=Absence(cleared=""),
        description="Description of the object.",
    ),
    Field(
        "annotations",
        ("annotations",),
        Pairs(),
        description=(
            "Texts by key. The given keys are enforced and all others left alone; a key whose value is null is deleted."
        ),
    ),
)
ANNOTATIONS = (COMMON[-1],)

SEQUENCE = Field(
    "sequence",
    ("sequence",),
    Record(
        (
            number("major", "major", description="First number. Left out it is 0."),
            number("minor", "minor", description="Second number. Left out it is 0."),
        ),
        whole=True,
        fold=fold_sequence,
    ),
    description=(
        "Place of the policy among those of the network. Left out, a policy that is "
        "attached already keeps its place, and a new one gets 0.0."
    ),
)
TIMER = Field(
    "timer",
    ("timer",),
    Record(
        (
            text("start", "start_time", description="Start, as V(2030-01-31T00:00:00)."),
            text("end", "end_time", description="End, in the same form."),
            text("on_interval", "on_interval", description="How long it holds in a go, as V(08:00:00)."),
            text("off_interval", "off_interval", description="How long it then does not hold."),
        )
    ),
    description="When the policy holds.",
)
POLICY_ATTACHMENT = Record((SEQUENCE, TIMER))
FIRST_SEQUENCE = {"sequence": {"major": 0, "minor": 0}}

DHCP_OPTIONS = Records(
    Record(
        (
            Field(
                "name",
                ("dhcp_option_name",),
                TEXT,
                required=True,
                description="Name or number of the option, as V(interface-mtu) or V(26).",
            ),
            text("value", "dhcp_option_value", description="Value as text."),
            text(
                "value_bytes", "dhcp_option_value_bytes", description="Value as numbers of bytes, separated by blanks."
            ),
        )
    ),
    key=("name",),
)

HOST_ROUTES = Records(
    Record(
        (
            Field("prefix", ("prefix",), PREFIX_TEXT, required=True, description="Destination of the route."),
            Field("next_hop", ("next_hop",), ADDRESS, required=True, description="Address of the next hop."),
        )
    ),
    key=("prefix",),
)

ECMP_HASHING = Record(
    (
        flag(
            "configured", "hashing_configured", description="Whether these fields are used instead of the global ones."
        ),
        flag("source_ip", "source_ip", default=True, description="Whether the source address counts."),
        flag("destination_ip", "destination_ip", default=True, description="Whether the destination address counts."),
        flag("ip_protocol", "ip_protocol", default=True, description="Whether the protocol counts."),
        flag("source_port", "source_port", default=True, description="Whether the source port counts."),
        flag("destination_port", "destination_port", default=True, description="Whether the destination port counts."),
    )
)
"""The fields of a packet by which equal paths are chosen; looked at where ``configured``."""

FAT_FLOWS = Records(
    Record(
        (
            Field("protocol", ("protocol",), TEXT, required=True, description="Name or number of the protocol."),
            number("port", "port", limits=(0, 65535), default=0, description="Port; V(0) is any."),
            text(
                "ignore_address",
                "ignore_address",
                choices=("none", "source", "destination"),
                default="none",
                description="The address that does not count.",
            ),
            Field("source_prefix", ("source_prefix",), Prefix(), description="Source addresses that are merged."),
            number(
                "source_aggregate_length",
                "source_aggregate_prefix_length",
                limits=(0, 128),
                description="Prefix length to which source addresses are merged.",
            ),
            Field(
                "destination_prefix",
                ("destination_prefix",),
                Prefix(),
                description="Destination addresses that are merged.",
            ),
            number(
                "destination_aggregate_length",
                "destination_aggregate_prefix_length",
                limits=(0, 128),
                description="Prefix length to which destination addresses are merged.",
            ),
        ),
        whole=True,
    )
)

MIRROR = MirrorTarget(
    (
        Field(
            "analyzer", ("analyzer_name",), Name("service-instance"), description="The service instance that analyzes."
        ),
        Field("address", ("analyzer_ip_address",), ADDRESS, description="Address of an analyzer outside."),
        number("udp_port", "udp_port", limits=(0, 65535), description="UDP port of the analyzer."),
        Field("mac", ("analyzer_mac_address",), MAC_ADDRESS, description="MAC address of the analyzer."),
        text("encapsulation", "encapsulation", description="Encapsulation of what is mirrored."),
        text("routing_instance", "routing_instance", description="Routing instance in which the analyzer is."),
        flag(
            "juniper_header",
            "juniper_header",
            default=True,
            description="Whether what is mirrored gets Juniper's header.",
        ),
        text(
            "next_hop_mode",
            "nh_mode",
            choices=("dynamic", "static"),
            description="Whether the analyzer is found by routes, or at a VTEP that is given.",
        ),
        Field(
            "vtep_address",
            ("static_nh_header", "vtep_dst_ip_address"),
            ADDRESS,
            description="Address of the VTEP, for V(static).",
        ),
        Field(
            "vtep_mac",
            ("static_nh_header", "vtep_dst_mac_address"),
            MAC_ADDRESS,
            description="MAC address behind the VTEP, for V(static).",
        ),
        number(
            "vni",
            "static_nh_header",
            "vni",
            limits=(1, VXLAN_MAX),
            description="VXLAN network identifier, for V(static).",
        ),
        flag("nic_assisted", "nic_assisted_mirroring", description="Whether the network card mirrors."),
        number(
            "nic_assisted_vlan",
            "nic_assisted_mirroring_vlan",
            limits=(0, 4094),
            description="VLAN to which the network card mirrors.",
        ),
    ),
    whole=True,
)

ADDRESS_PAIRS = Records(
    Record(
        (
            Field("address", ("ip",), AddressPrefix(), required=True, description="The address, or a prefix."),
            Field(
                "mac",
                ("mac",),
                MAC_ADDRESS,
                description="MAC address that goes with it. Left out, it is the port's own.",
            ),
            text(
                "mode",
                "address_mode",
                choices=("active-active", "active-standby"),
                default="active-active",
                description="Whether one port has the address at a time, or all share its traffic.",
            ),
        ),
        whole=True,
    ),
    key=("address",),
)

MAC_ACTIONS = ("log", "alarm", "shutdown", "drop")
MAC_LIMIT = Record(
    (
        number("limit", "mac_limit", description="The number of addresses; V(0) is any number."),
        text(
            "action",
            "mac_limit_action",
            choices=MAC_ACTIONS,
            default="log",
            description="What happens beyond the limit.",
        ),
    )
)
MAC_MOVE_LIMIT = Record(
    (
        number("limit", "mac_move_limit", description="The number of moves; V(0) is any number."),
        number(
            "window",
            "mac_move_time_window",
            limits=(1, 60),
            default=10,
            description="Seconds in which moves are counted.",
        ),
        text(
            "action",
            "mac_move_limit_action",
            choices=MAC_ACTIONS,
            default="log",
            description="What happens beyond the limit.",
        ),
    )
)

TAGS = ReferenceField(
    "tags",
    "tag_refs",
    "tag",
    many=True,
    aliases=("tag_refs",),
    description=(
        "Tags of the object, V(TYPE=VALUE) for a global one and V(PROJECT:TYPE=VALUE) for one of a project. They only "
        "ever add, unless O(purge_references) has V(tags)."
    ),
)
