# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service templates."""

from __future__ import annotations

from typing import Any

from ..codec.codec import Scalar
from ..codec.field import Field, Record, Records
from ..codec.values import interface_type
from .entity import Entity, ReferenceField
from .parts import COMMON, TEXT, flag

USERS = "service_instance_back_refs"
"""While these are there svc-monitor keeps to what the template was, so it cannot change."""


def _by_type(written: str) -> dict[str, Any]:
    """Read an interface that is only its type."""
    return {"type": written}


def _property(option: str, name: str, codec: Scalar, **nature: Any) -> Field:
    return Field(option, ("service_template_properties", name), codec, frozen_by=USERS, **nature)


SERVICE_TEMPLATE = Entity(
    "service-template",
    rank=1,
    fields=(
        _property("version", "version", Scalar(type="int", choices=(1, 2)), default=1, initial=2),
        _property(
            "mode",
            "service_mode",
            Scalar(choices=("transparent", "in-network", "in-network-nat")),
            needed=True,
            aliases=("service_mode",),
        ),
        _property(
            "type",
            "service_type",
            Scalar(choices=("firewall", "analyzer", "source-nat", "loadbalancer")),
            initial="firewall",
            aliases=("service_type",),
        ),
        _property(
            "virtualization",
            "service_virtualization_type",
            Scalar(choices=("virtual-machine", "network-namespace", "vrouter-instance", "physical-device")),
            default="virtual-machine",
            initial="virtual-machine",
            aliases=("service_virtualization_type",),
        ),
        Field(
            "interfaces",
            ("service_template_properties", "interface_type"),
            Records(
                Record(
                    (
                        Field("type", ("service_interface_type",), Scalar(convert=interface_type), required=True),
                        flag("shared_ip", "shared_ip"),
                        flag("static_routes", "static_route_enable", aliases=("static_route_enable",)),
                    )
                ),
                key=("type",),
                ordered=True,
                shorthand=_by_type,
            ),
            needed=True,
            frozen_by=USERS,
            aliases=("interface_type",),
        ),
        _property("image", "image_name", TEXT, aliases=("image_name",)),
        _property("flavor", "flavor", TEXT),
        _property("scaling", "service_scaling", Scalar(type="bool"), default=False, aliases=("service_scaling",)),
        _property(
            "availability_zone",
            "availability_zone_enable",
            Scalar(type="bool"),
            default=False,
            aliases=("availability_zone_enable",),
        ),
        _property("ordered_interfaces", "ordered_interfaces", Scalar(type="bool"), default=False),
        _property("instance_data", "instance_data", TEXT),
        _property("vrouter_instance_type", "vrouter_instance_type", Scalar(choices=("libvirt-qemu", "docker"))),
        flag("managed", "service_config_managed"),
        *COMMON,
    ),
    references=(ReferenceField("appliance_set", "service_appliance_set_refs", "service-appliance-set"),),
    related=(USERS,),
)
