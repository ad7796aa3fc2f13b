# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual networks, their IPAMs and their routing instances."""

from __future__ import annotations

from ..entity import Entity, Field, Name, Prefix, Record, Records, ReferenceField, Scalar
from ..shapes import Subnets, outside_reserved_range
from ..values import prefix, vxlan_identifier
from .parts import ADDRESS, COMMON, FIRST_SEQUENCE, FLAG, ROUTE_TARGETS, SEQUENCE

NETWORK_IPAM = Entity("network-ipam", rank=0)

SUBNET = Record(
    (
        Field("cidr", ("subnet",), Prefix(), required=True),
        Field(
            "gateway",
            ("default_gateway",),
            ADDRESS,
            fixed="the server cannot move a subnet's gateway; take the subnet out, then add it anew",
        ),
        Field("dns_server", ("dns_server_address",), ADDRESS),
        Field("enable_dhcp", ("enable_dhcp",), FLAG, default=True),
        Field("allocate_from_start", ("addr_from_start",), FLAG, default=False),
        Field(
            "allocation_pools",
            ("allocation_pools",),
            Records(
                Record(
                    (
                        Field("start", ("start",), ADDRESS, required=True),
                        Field("end", ("end",), ADDRESS, required=True),
                    )
                ),
                key=("start", "end"),
            ),
            growing="the server cannot take a pool from a subnet; list it too, or make the subnet anew",
        ),
        Field(
            "host_routes",
            ("host_routes", "route"),
            Records(
                Record(
                    (
                        Field("prefix", ("prefix",), Scalar(convert=prefix), required=True),
                        Field("next_hop", ("next_hop",), ADDRESS, required=True),
                    )
                ),
                key=("prefix",),
            ),
        ),
        Field("ipam", ("ipam",), Name("network-ipam")),
    )
)

VIRTUAL_NETWORK = Entity(
    "virtual-network",
    rank=1,
    fields=(
        Field("subnets", ("network_ipam_refs",), Subnets(SUBNET, key=("cidr",))),
        Field(
            "route_targets",
            ("route_target_list", "route_target"),
            ROUTE_TARGETS,
            aliases=("route_target_list",),
            constraint=outside_reserved_range,
        ),
        Field(
            "import_route_targets",
            ("import_route_target_list", "route_target"),
            ROUTE_TARGETS,
            aliases=("import_route_target_list",),
            constraint=outside_reserved_range,
        ),
        Field(
            "export_route_targets",
            ("export_route_target_list", "route_target"),
            ROUTE_TARGETS,
            aliases=("export_route_target_list",),
            constraint=outside_reserved_range,
        ),
        Field("allow_transit", ("virtual_network_properties", "allow_transit"), FLAG, default=False),
        Field(
            "forwarding_mode",
            ("virtual_network_properties", "forwarding_mode"),
            Scalar(choices=("l2_l3", "l2", "l3")),
        ),
        Field(
            "rpf",
            ("virtual_network_properties", "rpf"),
            Scalar(choices=("enable", "disable")),
            default="enable",
        ),
        Field(
            "vxlan_network_identifier",
            ("virtual_network_properties", "vxlan_network_identifier"),
            Scalar(type="int", convert=vxlan_identifier),
        ),
        Field("shared", ("is_shared",), FLAG, default=False),
        Field("external", ("router_external",), FLAG, default=False, aliases=("router_external",)),
        Field(
            "multi_policy_service_chains",
            ("multi_policy_service_chains_enabled",),
            FLAG,
            default=False,
            aliases=("multi_policy_service_chains_enabled",),
        ),
        Field(
            "port_security",
            ("port_security_enabled",),
            FLAG,
            default=True,
            aliases=("port_security_enabled",),
        ),
        Field("flood_unknown_unicast", ("flood_unknown_unicast",), FLAG, default=False),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "policies",
            "network_policy_refs",
            "network-policy",
            many=True,
            attr=SEQUENCE,
            attr_default=FIRST_SEQUENCE,
            aliases=("network_policy_refs",),
        ),
    ),
    purgeable=("policies",),
)

ROUTING_INSTANCE = Entity("routing-instance", rank=2)
