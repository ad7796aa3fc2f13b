# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports, their addresses and the machines that have them."""

from __future__ import annotations

from ..entity import Entity, Field, Plural, ReferenceField, Scalar
from ..shapes import First
from ..values import interface_type, mac_address
from .parts import ADDRESS, ADDRESS_PAIRS, ANNOTATIONS, COMMON

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
        ReferenceField("port_tuples", "port_tuple_refs", "port-tuple", many=True, internal=True),
    ),
    compound=(Field("addresses", (), Plural(ADDRESS)),),
    related=("instance_ip_back_refs",),
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
