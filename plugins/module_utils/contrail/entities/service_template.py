# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service templates."""

from __future__ import annotations

from ..entity import Entity, Field, Scalar
from ..shapes import InterfaceTypes
from .parts import COMMON

SERVICE_TEMPLATE = Entity(
    "service-template",
    rank=1,
    fields=(
        Field(
            "version",
            ("service_template_properties", "version"),
            Scalar(type="int", choices=(1, 2)),
            initial=2,
        ),
        Field(
            "mode",
            ("service_template_properties", "service_mode"),
            Scalar(choices=("transparent", "in-network", "in-network-nat")),
            needed=True,
            aliases=("service_mode",),
        ),
        Field(
            "type",
            ("service_template_properties", "service_type"),
            Scalar(choices=("firewall", "analyzer", "source-nat", "loadbalancer")),
            initial="firewall",
            aliases=("service_type",),
        ),
        Field(
            "virtualization",
            ("service_template_properties", "service_virtualization_type"),
            Scalar(choices=("virtual-machine", "network-namespace", "vrouter-instance", "physical-device")),
            default="virtual-machine",
            initial="virtual-machine",
            aliases=("service_virtualization_type",),
        ),
        Field("interfaces", ("service_template_properties", "interface_type"), InterfaceTypes(), needed=True),
        *COMMON,
    ),
)
