# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service instances and port tuples."""

from __future__ import annotations

from ..codec.codec import Name, Plural, Scalar
from ..codec.field import Absence, Field, Record, Records
from ..codec.shapes import MaxInstances, PortsByInterface, ShortName
from ..codec.values import count, interface_type, prefix
from .entity import Entity, ReferenceField
from .parts import ADDRESS, ADDRESS_PAIRS, ANNOTATIONS, COMMON, FLAG, TEXT
from .service_side import ATTACHED_TO_SIDES, ROUTING_POLICY

PLACED_POLICY = Record(
    (
        Field("name", ("name",), Name("routing-policy"), required=True, description="Name of the routing policy."),
        Field(
            "sequence",
            ("sequence",),
            Scalar(type="int", convert=count),
            description="Place of the routing policy on this side. Left out, it is the place in the list.",
        ),
    )
)

SIDE_DESCRIPTIONS = {
    "interface_route_tables": "Interface route tables, whose routes lead to the ports of this side.",
    "health_checks": "Service health checks of the ports of this side.",
    "routing_policies": "Routing policies for the routes that the service re-originates, on left or right.",
    "route_aggregates": "Route aggregates, on left or right.",
}

SIDE = Record(
    (
        Field(
            "type",
            ("type",),
            Scalar(convert=interface_type),
            required=True,
            description="The side, one of the interface types.",
        ),
        *(
            Field(
                option,
                (option,),
                Records(PLACED_POLICY, key=("name",)) if entity is ROUTING_POLICY else Plural(Name(entity.kind)),
                description=SIDE_DESCRIPTIONS[option],
            )
            for option, entity in ATTACHED_TO_SIDES.items()
        ),
    )
)

SERVICE_INSTANCE = Entity(
    "service-instance",
    rank=2,
    description="The service instances.",
    named="Name of the service instance.",
    fields=(
        Field(
            "interfaces",
            ("service_instance_properties", "interface_list"),
            Records(
                Record(
                    (
                        Field(
                            "type",
                            (),
                            Scalar(convert=interface_type),
                            required=True,
                            description="Type of the interface, one of the template's.",
                        ),
                        Field(
                            "network",
                            ("virtual_network",),
                            Name("virtual-network"),
                            required=True,
                            description="Virtual network that the interface is in.",
                        ),
                        Field(
                            "allowed_address_pairs",
                            ("allowed_address_pairs", "allowed_address_pair"),
                            ADDRESS_PAIRS,
                            description=(
                                "Addresses that the ports of this interface share. svc-monitor puts them on all "
                                "these ports, and takes others away from them, so they belong here and not on the "
                                "ports.\n"
                                "With one of the mode V(active-standby) the service address follows that one of "
                                "the machines which has it, so that one machine works at a time.\n"
                                "The list is enforced exactly; left out, it is left alone."
                            ),
                        ),
                        Field(
                            "address",
                            ("ip_address",),
                            ADDRESS,
                            description=(
                                "Address that all machines share on this interface. For templates of version 1."
                            ),
                        ),
                        Field(
                            "static_routes",
                            ("static_routes", "route"),
                            Records(
                                Record(
                                    (
                                        Field(
                                            "prefix",
                                            ("prefix",),
                                            Scalar(convert=prefix),
                                            required=True,
                                            description="The destination.",
                                        ),
                                        Field("next_hop", ("next_hop",), ADDRESS, description="The next hop."),
                                    )
                                ),
                                key=("prefix",),
                            ),
                            description="Routes through this interface. For templates of version 1.",
                        ),
                    )
                ),
                ordered=True,
                unique=False,
            ),
            absence=Absence(needed=True),
            description=(
                "The network of each interface. A new service instance needs them. They are "
                "stored in the order of the template, whatever the order here."
            ),
        ),
        Field(
            "ha_mode",
            ("service_instance_properties", "ha_mode"),
            Scalar(choices=("active-active", "active-standby")),
            description="Whether all virtual machines of the service work at a time, or one of them.",
        ),
        Field(
            "max_instances",
            ("service_instance_properties", "scale_out"),
            MaxInstances(type="int", convert=count),
            description="Number of virtual machines that svc-monitor makes. For templates of version 1.",
        ),
        Field(
            "auto_scale",
            ("service_instance_properties", "scale_out", "auto_scale"),
            FLAG,
            default=False,
            description="Whether their number may change by itself. For templates of version 1.",
        ),
        Field(
            "availability_zone",
            ("service_instance_properties", "availability_zone"),
            TEXT,
            description="Availability zone in which they are started. For templates of version 1.",
        ),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "template",
            "service_template_refs",
            "service-template",
            needed=True,
            immutable="a service instance keeps its template; delete the service instance and create it again",
            description=(
                "Service template, as V(NAME) or V(DOMAIN:NAME). A new service instance needs it, "
                "and it cannot be changed."
            ),
        ),
    ),
    compound=(
        Field(
            "port_tuples",
            (),
            Records(
                Record(
                    (
                        Field(
                            "name",
                            ("name",),
                            ShortName(),
                            required=True,
                            description="Name of the port tuple within its service instance.",
                        ),
                        Field(
                            "ports",
                            ("ports",),
                            PortsByInterface(),
                            required=True,
                            description=(
                                "A port for each interface type. A port is in the network of its interface, and "
                                "in one port tuple only.\n"
                                "Each is the name of a port, or a dict with one of C(name), C(uuid), C(address) "
                                "and C(server).\n"
                                "C(address) finds the port that has the address in the network of the interface. "
                                "C(server) finds the port that the virtual machine has there; it is the name of "
                                "the virtual machine object (for which OpenStack takes the server's uuid) or else "
                                "its display name. Beside these two, C(network) names another network to look in.\n"
                                "What is not found, or fits several ports, is an error; nothing is written then."
                            ),
                        ),
                    )
                ),
                key=("name",),
            ),
            description=(
                "The virtual machines that do the service; two or more share the load.\n"
                "The ports of a port tuple that is named are enforced exactly. Port tuples that "
                "are not named are left alone, unless V(port_tuples) is in O(purge_references)."
            ),
        ),
        Field(
            "sides",
            (),
            Records(SIDE, key=("type",)),
            description=(
                "What is attached to the sides of the service instance. The objects exist "
                "already, and it is they that refer to the service instance.\n"
                "The lists add. With V(sides) in O(purge_references) each list that is given for "
                "a side is exact."
            ),
        ),
    ),
    related=(
        "port_tuples",
        "instance_ip_refs",
        *(f"{entity.kind.replace('-', '_')}_back_refs" for entity in ATTACHED_TO_SIDES.values()),
    ),
    purgeable=("port_tuples", "sides"),
)

PORT_TUPLE = Entity("port-tuple", rank=3, fields=ANNOTATIONS, related=("virtual_machine_interface_back_refs",))
