# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service instances and port tuples."""

from __future__ import annotations

from ..entity import Entity, Field, Name, Record, Records, ReferenceField, Scalar
from ..shapes import NamesByInterface, ShortName
from ..values import interface_type
from .parts import ANNOTATIONS, COMMON

SERVICE_INSTANCE = Entity(
    "service-instance",
    rank=2,
    fields=(
        Field(
            "interfaces",
            ("service_instance_properties", "interface_list"),
            Records(
                Record(
                    (
                        Field("type", (), Scalar(convert=interface_type), required=True),
                        Field("network", ("virtual_network",), Name("virtual-network"), required=True),
                    )
                ),
                ordered=True,
                unique=False,
            ),
            needed=True,
        ),
        Field(
            "ha_mode",
            ("service_instance_properties", "ha_mode"),
            Scalar(choices=("active-active", "active-standby")),
        ),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "template",
            "service_template_refs",
            "service-template",
            needed=True,
            fixed="a service instance keeps its template; delete the service instance and create it again",
        ),
    ),
    compound=(
        Field(
            "port_tuples",
            (),
            Records(
                Record(
                    (
                        Field("name", ("name",), ShortName(), required=True),
                        Field("ports", ("ports",), NamesByInterface("virtual-machine-interface"), required=True),
                    )
                ),
                key=("name",),
            ),
        ),
    ),
    related=("port_tuples", "instance_ip_refs"),
    purgeable=("port_tuples",),
)

PORT_TUPLE = Entity("port-tuple", rank=3, fields=ANNOTATIONS, related=("virtual_machine_interface_back_refs",))
