# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network policies."""

from __future__ import annotations

from ...values.protocols import policy_protocol
from ..codec.codec import Name, Plural, Prefix, Scalar
from ..codec.field import Field, Record, Records, by_name
from ..codec.rule_text import read_rule
from ..codec.shapes import OnlyTrue, PortRanges, fold_address
from .entity import Entity
from .parts import COMMON, FLAG, MIRROR, POLICY_ATTACHMENT, TAGS

RULE_ADDRESSES = Records(
    Record(
        (
            Field(
                "network",
                ("virtual_network",),
                Name("virtual-network", words=("any", "local")),
                description="A virtual network, or V(any) or V(local).",
            ),
            Field(
                "policy",
                ("network_policy",),
                Name("network-policy"),
                description="A network policy; all networks that it is attached to are meant.",
            ),
            Field("subnet", ("subnet",), Prefix(), description="A prefix, alone or together with C(network)."),
            Field("subnets", ("subnet_list",), Plural(Prefix()), description="Several prefixes."),
            Field("local", (), FLAG, description="Whether the network that the policy is attached to is meant."),
            Field("any", (), FLAG, description="Whether every network is meant."),
        ),
        whole=True,
        fold=fold_address,
    )
)

RULE = Record(
    (
        Field(
            "direction",
            ("direction",),
            Scalar(choices=("<>", ">")),
            default="<>",
            default_in_spec=True,
            description="Whether the rule holds both ways or from source to destination only.",
        ),
        Field(
            "protocol",
            ("protocol",),
            Scalar(convert=policy_protocol),
            default="any",
            default_in_spec=True,
            description="V(any), V(icmp), V(icmp6), V(tcp), V(udp) or a protocol's number.",
        ),
        Field(
            "source",
            ("src_addresses",),
            RULE_ADDRESSES,
            required=True,
            aliases=("src_addresses",),
            description=(
                "Where traffic comes from. Each entry says one of V(network), V(policy), V(subnet), V(local), V(any)."
            ),
        ),
        Field(
            "destination",
            ("dst_addresses",),
            RULE_ADDRESSES,
            required=True,
            aliases=("dst_addresses",),
            description="Where traffic goes to, in the same form as the source.",
        ),
        Field(
            "source_ports",
            ("src_ports",),
            PortRanges(),
            default=[],
            default_in_spec=True,
            description="Ports, as numbers or ranges as in V(8000-8080). None means any.",
        ),
        Field(
            "destination_ports",
            ("dst_ports",),
            PortRanges(),
            default=[],
            default_in_spec=True,
            description="Ports, as numbers or ranges as in V(8000-8080). None means any.",
        ),
        Field(
            "action",
            ("action_list", "simple_action"),
            Scalar(choices=("pass", "deny")),
            default="pass",
            default_in_spec=True,
            aliases=("simple_action",),
            description="What happens to the traffic.",
        ),
        Field(
            "services",
            ("action_list", "apply_service"),
            Plural(Name("service-instance"), ordered=True),
            default=[],
            default_in_spec=True,
            aliases=("apply_service",),
            description=("Service instances that the traffic passes, in this order from source to destination."),
        ),
        Field(
            "mirror",
            ("action_list", "mirror_to"),
            MIRROR,
            aliases=("mirror_to",),
            description="Where traffic is copied to.",
        ),
        Field(
            "qos",
            ("action_list", "qos_action"),
            Name("qos-config"),
            aliases=("qos_action",),
            description="QoS configuration that marks the traffic.",
        ),
        Field(
            "log",
            ("action_list", "log"),
            FLAG,
            default=False,
            default_in_spec=True,
            description="Whether sessions that the rule matches are logged.",
        ),
        Field(
            "alert",
            ("action_list", "alert"),
            FLAG,
            default=False,
            default_in_spec=True,
            description="Whether the session is reported as an alert.",
        ),
        Field(
            "retain_as_path",
            ("action_list", "service_properties", "retain_as_path"),
            OnlyTrue(type="bool"),
            description=(
                "Whether routes keep their AS path where the services re-originate them, so that "
                "BGP finds loops. Contrail takes it from the first rule of a policy. Older "
                "releases, as 2005, refuse it."
            ),
        ),
        Field(
            "host_based_service",
            ("action_list", "host_based_service"),
            FLAG,
            default=False,
            default_in_spec=True,
            description="Whether the traffic passes the service on its own compute node.",
        ),
        Field(
            "ethertype",
            ("ethertype",),
            Scalar(choices=("IPv4", "IPv6")),
            description="Address family that the rule is for.",
        ),
        Field(
            "applications",
            ("application",),
            Plural(Scalar()),
            default=[],
            default_in_spec=True,
            description="Applications that the rule is for.",
        ),
    ),
    whole=True,
)

NETWORK_POLICY = Entity(
    "network-policy",
    rank=2,
    description="The policies.",
    named="Name of the policy.",
    fields=(
        Field(
            "rules",
            ("network_policy_entries", "policy_rule"),
            Records(RULE, ordered=True, shorthand=read_rule),
            aliases=("policy_rule",),
            description=(
                "The rules, in order. The list is enforced exactly, and what a rule leaves out "
                "has its default. Rules that stay keep their uuid.\n"
                "An entry is a dict, or a text as in V(vn1 <> vn2 tcp 80,443 via fw, dpi). That "
                "is C([pass|deny] SOURCE <>|> DESTINATION [PROTOCOL [PORTS]]) and then any of "
                "C(from PORTS) (of the source), C(via SERVICES), C(mirror SERVICE), C(qos NAME) "
                "and C(log). Source and destination are networks, subnets, C(SUBNET@NETWORK), "
                "C(policy=POLICY), C(local) or C(any), with commas between several."
            ),
        ),
        *COMMON,
    ),
    references=(TAGS,),
    compound=(
        Field(
            "networks",
            (),
            Records(
                Record(
                    (
                        Field(
                            "name",
                            ("name",),
                            Name("virtual-network"),
                            required=True,
                            description="Name of the network.",
                        ),
                        *POLICY_ATTACHMENT.fields,
                    )
                ),
                key=("name",),
                shorthand=by_name,
            ),
            description=(
                "Networks that the policy is attached to. They only ever add, unless "
                "O(purge_references) has V(networks). An entry is a name, or a dict with its "
                "sequence."
            ),
        ),
    ),
    related=("virtual_network_back_refs",),
    purgeable=("networks", "tags"),
)
