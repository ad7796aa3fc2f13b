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
from .entity import Entity, ReferenceField
from .parts import COMMON, FLAG, MIRROR, POLICY_ATTACHMENT

RULE_ADDRESSES = Records(
    Record(
        (
            Field("network", ("virtual_network",), Name("virtual-network", words=("any", "local"))),
            Field("policy", ("network_policy",), Name("network-policy")),
            Field("subnet", ("subnet",), Prefix()),
            Field("subnets", ("subnet_list",), Plural(Prefix())),
            Field("local", (), FLAG),
            Field("any", (), FLAG),
        ),
        whole=True,
        fold=fold_address,
    )
)

RULE = Record(
    (
        Field("direction", ("direction",), Scalar(choices=("<>", ">")), default="<>", default_in_spec=True),
        Field("protocol", ("protocol",), Scalar(convert=policy_protocol), default="any", default_in_spec=True),
        Field("source", ("src_addresses",), RULE_ADDRESSES, required=True, aliases=("src_addresses",)),
        Field("destination", ("dst_addresses",), RULE_ADDRESSES, required=True, aliases=("dst_addresses",)),
        Field("source_ports", ("src_ports",), PortRanges(), default=[], default_in_spec=True),
        Field("destination_ports", ("dst_ports",), PortRanges(), default=[], default_in_spec=True),
        Field(
            "action",
            ("action_list", "simple_action"),
            Scalar(choices=("pass", "deny")),
            default="pass",
            default_in_spec=True,
            aliases=("simple_action",),
        ),
        Field(
            "services",
            ("action_list", "apply_service"),
            Plural(Name("service-instance"), ordered=True),
            default=[],
            default_in_spec=True,
            aliases=("apply_service",),
        ),
        Field("mirror", ("action_list", "mirror_to"), MIRROR, aliases=("mirror_to",)),
        Field("qos", ("action_list", "qos_action"), Name("qos-config"), aliases=("qos_action",)),
        Field("log", ("action_list", "log"), FLAG, default=False, default_in_spec=True),
        Field("alert", ("action_list", "alert"), FLAG, default=False, default_in_spec=True),
        Field("retain_as_path", ("action_list", "service_properties", "retain_as_path"), OnlyTrue(type="bool")),
        Field("host_based_service", ("action_list", "host_based_service"), FLAG, default=False, default_in_spec=True),
        Field("ethertype", ("ethertype",), Scalar(choices=("IPv4", "IPv6"))),
        Field("applications", ("application",), Plural(Scalar()), default=[], default_in_spec=True),
    ),
    whole=True,
)

NETWORK_POLICY = Entity(
    "network-policy",
    rank=2,
    fields=(
        Field(
            "rules",
            ("network_policy_entries", "policy_rule"),
            Records(RULE, ordered=True, shorthand=read_rule),
            aliases=("policy_rule",),
        ),
        *COMMON,
    ),
    references=(ReferenceField("tags", "tag_refs", "tag", many=True, aliases=("tag_refs",)),),
    compound=(
        Field(
            "networks",
            (),
            Records(
                Record((Field("name", ("name",), Name("virtual-network"), required=True), *POLICY_ATTACHMENT.fields)),
                key=("name",),
                shorthand=by_name,
            ),
        ),
    ),
    related=("virtual_network_back_refs",),
    purgeable=("networks", "tags"),
)
