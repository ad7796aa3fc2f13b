# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..codec.codec import Scalar
from ..codec.field import Absence, Field, Record, Records, ServerRules
from ..codec.values import interface_type
from .entity import Entity, ReferenceField
from .parts import COMMON, TEXT, flag

USERS = "service_instance_back_refs"
"""While these are there svc-monitor keeps to what the template was, so it cannot change."""


def _by_type(written: str) -> Mapping[str, str]:
    """Read an interface that is only its type."""
    return {"type": written}


def _property(option: str, name: str, codec: Scalar, **nature: Any) -> Field:
    return Field(
        option, ("service_template_properties", name), codec, rules=ServerRules(immutable_while=USERS), **nature
    )


SERVICE_TEMPLATE = Entity(
    "service-template",
    rank=1,
    description="The service templates.",
    named="Name of the template, as V(NAME) or V(DOMAIN:NAME).",
    fields=(
        _property(
            "version",
            "version",
            Scalar(type="int", choices=(1, 2)),
            default=1,
            absence=Absence(initial=2),
            description=(
                "Version of the template. Version 2 works with port tuples; with version 1 "
                "machines are started from O(config[].image). A new template has 2 if nothing is "
                "said."
            ),
        ),
        _property(
            "mode",
            "service_mode",
            Scalar(choices=("transparent", "in-network", "in-network-nat")),
            absence=Absence(needed=True),
            aliases=("service_mode",),
            description=(
                "How the service stands in the way of traffic. V(in-network) routes, V(in-"
                "network-nat) routes and translates addresses, V(transparent) bridges. A new "
                "template needs it."
            ),
        ),
        _property(
            "type",
            "service_type",
            Scalar(choices=("firewall", "analyzer", "source-nat", "loadbalancer")),
            absence=Absence(initial="firewall"),
            aliases=("service_type",),
            description="Type of the service. A new template is a V(firewall) if nothing is said.",
        ),
        _property(
            "virtualization",
            "service_virtualization_type",
            Scalar(choices=("virtual-machine", "network-namespace", "vrouter-instance", "physical-device")),
            default="virtual-machine",
            absence=Absence(initial="virtual-machine"),
            aliases=("service_virtualization_type",),
            description=("What the service runs in. A new template has V(virtual-machine) if nothing is said."),
        ),
        Field(
            "interfaces",
            ("service_template_properties", "interface_type"),
            Records(
                Record(
                    (
                        Field(
                            "type",
                            ("service_interface_type",),
                            Scalar(convert=interface_type),
                            required=True,
                            description="Type of the interface.",
                        ),
                        flag(
                            "shared_ip",
                            "shared_ip",
                            description="Whether all machines of a service share one address there.",
                        ),
                        flag(
                            "static_routes",
                            "static_route_enable",
                            aliases=("static_route_enable",),
                            description="Whether service instances may give static routes there.",
                        ),
                    )
                ),
                key=("type",),
                ordered=True,
                shorthand=_by_type,
            ),
            absence=Absence(needed=True),
            rules=ServerRules(immutable_while=USERS),
            aliases=("interface_type",),
            description=(
                "The interfaces in their order. An entry is a type (V(management), V(left), "
                "V(right), V(other) or V(otherN)), or a dict. A new template needs them."
            ),
        ),
        _property(
            "image", "image_name", TEXT, aliases=("image_name",), description="Image of the machines, for version 1."
        ),
        _property("flavor", "flavor", TEXT, description="Flavor of the machines, for version 1."),
        _property(
            "scaling",
            "service_scaling",
            Scalar(type="bool"),
            default=False,
            aliases=("service_scaling",),
            description="Whether service instances may have several machines, for version 1.",
        ),
        _property(
            "availability_zone",
            "availability_zone_enable",
            Scalar(type="bool"),
            default=False,
            aliases=("availability_zone_enable",),
            description="Whether service instances may choose an availability zone, for version 1.",
        ),
        _property(
            "ordered_interfaces",
            "ordered_interfaces",
            Scalar(type="bool"),
            default=False,
            description="Whether the order of the interfaces counts.",
        ),
        _property("instance_data", "instance_data", TEXT, description="Data for the instances."),
        _property(
            "vrouter_instance_type",
            "vrouter_instance_type",
            Scalar(choices=("libvirt-qemu", "docker")),
            description="How the vRouter runs instances.",
        ),
        flag("managed", "service_config_managed", description="Whether the configuration of the service is managed."),
        *COMMON,
    ),
    references=(
        ReferenceField(
            "appliance_set",
            "service_appliance_set_refs",
            "service-appliance-set",
            description="Set of service appliances, for V(physical-device) and load balancers.",
        ),
    ),
    related=(USERS,),
)
