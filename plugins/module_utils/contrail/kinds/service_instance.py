# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service instances and port tuples."""

from __future__ import annotations

from ..codec.codec import Name, Plural, Scalar
from ..codec.field import Field, Record, Records
from ..codec.shapes import MaxInstances, PortsByInterface, ShortName
from ..codec.values import count, interface_type, prefix
from .entity import Entity, ReferenceField
from .parts import ADDRESS, ADDRESS_PAIRS, ANNOTATIONS, COMMON, FLAG, TEXT
from .side import ATTACHED_TO_SIDES, ROUTING_POLICY

PLACED_POLICY = Record(
    (
        Field("name", ("name",), Name("routing-policy"), required=True),
        Field("sequence", ("sequence",), Scalar(type="int", convert=count)),
    )
)

SIDE = Record(
    (
        Field("type", ("type",), Scalar(convert=interface_type), required=True),
        *(
            Field(
                option,
                (option,),
                Records(PLACED_POLICY, key=("name",)) if entity is ROUTING_POLICY else Plural(Name(entity.kind)),
            )
            for option, entity in ATTACHED_TO_SIDES.items()
        ),
    )
)

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
                        Field(
                            "allowed_address_pairs",
                            ("allowed_address_pairs", "allowed_address_pair"),
                            ADDRESS_PAIRS,
                        ),
                        Field("address", ("ip_address",), ADDRESS),
                        Field(
                            "static_routes",
                            ("static_routes", "route"),
                            Records(
                                Record(
                                    (
                                        Field("prefix", ("prefix",), Scalar(convert=prefix), required=True),
                                        Field("next_hop", ("next_hop",), ADDRESS),
                                    )
                                ),
                                key=("prefix",),
                            ),
                        ),
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
        Field(
            "max_instances",
            ("service_instance_properties", "scale_out"),
            MaxInstances(type="int", convert=count),
        ),
        Field("auto_scale", ("service_instance_properties", "scale_out", "auto_scale"), FLAG, default=False),
        Field("availability_zone", ("service_instance_properties", "availability_zone"), TEXT),
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
                        Field("ports", ("ports",), PortsByInterface(), required=True),
                    )
                ),
                key=("name",),
            ),
        ),
        Field("sides", (), Records(SIDE, key=("type",))),
    ),
    related=(
        "port_tuples",
        "instance_ip_refs",
        *(f"{entity.kind.replace('-', '_')}_back_refs" for entity in ATTACHED_TO_SIDES.values()),
    ),
    purgeable=("port_tuples", "sides"),
)

PORT_TUPLE = Entity("port-tuple", rank=3, fields=ANNOTATIONS, related=("virtual_machine_interface_back_refs",))
