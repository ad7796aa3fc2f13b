# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports, their addresses and the machines that have them."""

from __future__ import annotations

from ..codec.codec import Pairs, Plural, Scalar
from ..codec.field import Field, Record
from ..codec.shapes import First
from ..codec.values import interface_type, mac_address
from .entity import Entity, ReferenceField
from .parts import (
    ADDRESS,
    ADDRESS_PAIRS,
    ANNOTATIONS,
    COMMON,
    DHCP_OPTIONS,
    ECMP_HASHING,
    FAT_FLOWS,
    HOST_ROUTES,
    MIRROR,
    flag,
    number,
    text,
)

VIRTUAL_MACHINE = Entity(
    "virtual-machine", rank=1, fields=ANNOTATIONS, related=("virtual_machine_interface_back_refs",)
)

PORT = Entity(
    "virtual-machine-interface",
    rank=2,
    fields=(
        Field(
            "mac",
            ("virtual_machine_interface_mac_addresses", "mac_address"),
            First(Scalar(convert=mac_address)),
        ),
        Field(
            "interface_type",
            ("virtual_machine_interface_properties", "service_interface_type"),
            Scalar(convert=interface_type),
        ),
        Field(
            "local_preference",
            ("virtual_machine_interface_properties", "local_preference"),
            Scalar(type="int"),
        ),
        Field(
            "allowed_address_pairs",
            ("virtual_machine_interface_allowed_address_pairs", "allowed_address_pair"),
            ADDRESS_PAIRS,
        ),
        flag("port_security", "port_security_enabled", default=True, aliases=("port_security_enabled",)),
        flag("disable_policy", "virtual_machine_interface_disable_policy"),
        text("device_owner", "virtual_machine_interface_device_owner"),
        number("max_flows", "virtual_machine_interface_properties", "max_flows", limits=(0, 1 << 32), default=0),
        number("vlan", "virtual_machine_interface_properties", "sub_interface_vlan_tag", limits=(0, 4094)),
        Field(
            "mirror",
            ("virtual_machine_interface_properties", "interface_mirror"),
            Record(
                (
                    text("direction", "traffic_direction", choices=("ingress", "egress", "both"), default="both"),
                    Field("to", ("mirror_to",), MIRROR),
                )
            ),
        ),
        Field("ecmp_hashing", ("ecmp_hashing_include_fields",), ECMP_HASHING),
        Field(
            "fat_flows",
            ("virtual_machine_interface_fat_flow_protocols", "fat_flow_protocol"),
            FAT_FLOWS,
            cleared=(),
        ),
        Field("dhcp_options", ("virtual_machine_interface_dhcp_option_list", "dhcp_option"), DHCP_OPTIONS),
        Field("host_routes", ("virtual_machine_interface_host_routes", "route"), HOST_ROUTES),
        flag("igmp", "igmp_enable", aliases=("igmp_enable",)),
        Field("bindings", ("virtual_machine_interface_bindings",), Pairs()),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "network",
            "virtual_network_refs",
            "virtual-network",
            needed=True,
            fixed="a port stays in its network; delete the port and create it in the other one",
        ),
        ReferenceField("virtual_machine", "virtual_machine_refs", "virtual-machine"),
        ReferenceField("parent_port", "virtual_machine_interface_refs", "virtual-machine-interface"),
        ReferenceField("security_groups", "security_group_refs", "security-group", many=True),
        ReferenceField("interface_route_tables", "interface_route_table_refs", "interface-route-table", many=True),
        ReferenceField("health_checks", "service_health_check_refs", "service-health-check", many=True),
        ReferenceField("qos_config", "qos_config_refs", "qos-config"),
        ReferenceField("tags", "tag_refs", "tag", many=True, aliases=("tag_refs",)),
        ReferenceField("port_tuples", "port_tuple_refs", "port-tuple", many=True, internal=True),
    ),
    compound=(Field("addresses", (), Plural(ADDRESS)),),
    related=("instance_ip_back_refs",),
    purgeable=("security_groups", "interface_route_tables", "health_checks", "tags"),
)

INSTANCE_IP = Entity(
    "instance-ip",
    rank=3,
    fields=(Field("address", ("instance_ip_address",), ADDRESS), *ANNOTATIONS),
    references=(
        ReferenceField("network", "virtual_network_refs", "virtual-network"),
        ReferenceField("port", "virtual_machine_interface_refs", "virtual-machine-interface"),
    ),
    related=("service_instance_ip", "service_health_check_ip"),
    exclusive=True,
)
