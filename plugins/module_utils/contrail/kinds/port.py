# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports, their addresses and the machines that have them."""

from __future__ import annotations

from ..codec.codec import Pairs, Plural, Scalar
from ..codec.field import Absence, Field, Record
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
    TAGS,
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
    description="The ports.",
    named="Name of the port.",
    fields=(
        Field(
            "mac",
            ("virtual_machine_interface_mac_addresses", "mac_address"),
            First(Scalar(convert=mac_address)),
            description="MAC address of the port. Left out, the server chooses one when the port is made.",
        ),
        Field(
            "interface_type",
            ("virtual_machine_interface_properties", "service_interface_type"),
            Scalar(convert=interface_type),
            description=(
                "Part that the port plays in a service, V(management), V(left), V(right), "
                "V(other) or V(otherN).\n"
                "M(opencontrail.service_chain.contrail_service_instance) sets it by itself."
            ),
        ),
        Field(
            "local_preference",
            ("virtual_machine_interface_properties", "local_preference"),
            Scalar(type="int"),
            description=(
                "Preference of the routes to this port, where the higher one wins. With two "
                "machines of a service it makes one of them the active one. Without it Contrail "
                "finds out by itself."
            ),
        ),
        Field(
            "allowed_address_pairs",
            ("virtual_machine_interface_allowed_address_pairs", "allowed_address_pair"),
            ADDRESS_PAIRS,
            description=(
                "Addresses beyond its own that the port may use. The list is enforced exactly.\n"
                "Not for ports in a port tuple. On these svc-monitor replaces them by those of "
                "the service instance's interface, so any others are refused."
            ),
        ),
        flag(
            "port_security",
            "port_security_enabled",
            default=True,
            aliases=("port_security_enabled",),
            description="Whether the port may only send from its own addresses.",
        ),
        flag(
            "disable_policy",
            "virtual_machine_interface_disable_policy",
            description="Whether policies do not hold for the port.",
        ),
        text("device_owner", "virtual_machine_interface_device_owner", description="What the port belongs to."),
        number(
            "max_flows",
            "virtual_machine_interface_properties",
            "max_flows",
            limits=(0, 1 << 32),
            default=0,
            description="Number of flows that the port may have; V(0) is any number.",
        ),
        number(
            "vlan",
            "virtual_machine_interface_properties",
            "sub_interface_vlan_tag",
            limits=(0, 4094),
            description="VLAN of a sub-interface of O(config[].parent_port).",
        ),
        Field(
            "mirror",
            ("virtual_machine_interface_properties", "interface_mirror"),
            Record(
                (
                    text(
                        "direction",
                        "traffic_direction",
                        choices=("ingress", "egress", "both"),
                        default="both",
                        description="Which traffic is copied.",
                    ),
                    Field("to", ("mirror_to",), MIRROR, description="Where it is copied to."),
                )
            ),
            description="Where traffic of the port is copied to. Keys that are left out stay as they are.",
        ),
        Field(
            "ecmp_hashing",
            ("ecmp_hashing_include_fields",),
            ECMP_HASHING,
            description=(
                "By which fields of a packet one of several equal paths is chosen. Keys that are "
                "left out stay as they are."
            ),
        ),
        Field(
            "fat_flows",
            ("virtual_machine_interface_fat_flow_protocols", "fat_flow_protocol"),
            FAT_FLOWS,
            absence=Absence(cleared=()),
            description="Protocols whose flows are merged into one. The list is enforced exactly.",
        ),
        Field(
            "dhcp_options",
            ("virtual_machine_interface_dhcp_option_list", "dhcp_option"),
            DHCP_OPTIONS,
            description="Options that DHCP gives out. The list is enforced exactly.",
        ),
        Field(
            "host_routes",
            ("virtual_machine_interface_host_routes", "route"),
            HOST_ROUTES,
            description="Routes that DHCP gives out. The list is enforced exactly.",
        ),
        flag("igmp", "igmp_enable", aliases=("igmp_enable",), description="Whether IGMP is spoken."),
        Field(
            "bindings",
            ("virtual_machine_interface_bindings",),
            Pairs(),
            description=(
                "Bindings by key, as V(vnic_type). The given keys are enforced and all others "
                "left alone; a key whose value is null is deleted."
            ),
        ),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "network",
            "virtual_network_refs",
            "virtual-network",
            needed=True,
            immutable="a port stays in its network; delete the port and create it in the other one",
            description="Virtual network of the port. A new port needs it, and a port cannot leave it.",
        ),
        ReferenceField(
            "virtual_machine",
            "virtual_machine_refs",
            "virtual-machine",
            description=("Name of the virtual machine that the port belongs to. It is created if it does not exist."),
        ),
        ReferenceField(
            "parent_port",
            "virtual_machine_interface_refs",
            "virtual-machine-interface",
            description="Port of which this is a sub-interface.",
        ),
        ReferenceField(
            "security_groups",
            "security_group_refs",
            "security-group",
            many=True,
            description=(
                "Security groups of the port. They only ever add, unless O(purge_references) has V(security_groups)."
            ),
        ),
        ReferenceField(
            "interface_route_tables",
            "interface_route_table_refs",
            "interface-route-table",
            many=True,
            description=(
                "Interface route tables of the port. They only ever add, unless "
                "O(purge_references) has V(interface_route_tables).\n"
                "For a port in a port tuple give them in C(sides) of the service instance. svc-"
                "monitor detaches all others, so they are refused."
            ),
        ),
        ReferenceField(
            "health_checks",
            "service_health_check_refs",
            "service-health-check",
            many=True,
            description=(
                "Health checks of the port. They only ever add, unless O(purge_references) has "
                "V(health_checks). Port tuples as with O(config[].interface_route_tables)."
            ),
        ),
        ReferenceField("qos_config", "qos_config_refs", "qos-config", description="QoS configuration."),
        TAGS,
        ReferenceField("port_tuples", "port_tuple_refs", "port-tuple", many=True, internal=True),
    ),
    compound=(
        Field(
            "addresses",
            (),
            Plural(ADDRESS),
            description=(
                "Fixed addresses of the port. The list is enforced exactly, and an empty list "
                "takes all addresses away.\n"
                "Left out, a port without any address gets one that the server chooses."
            ),
        ),
    ),
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
