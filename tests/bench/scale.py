# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many objects of each kind, in the shape of the modules' options, all under one prefix of names."""

from __future__ import annotations

from typing import Any

JsonDict = dict[str, Any]
FIRST_TARGET = 20_000


def networks(prefix: str, count: int, *, target: int = FIRST_TARGET) -> list[JsonDict]:
    """Return networks, each with a subnet and a route target."""
    return [
        {
            "name": f"{prefix}-net-{number:05d}",
            "subnets": [{"cidr": f"10.{number >> 8}.{number & 255}.0/24"}],
            "route_targets": [f"64512:{target + number}"],
        }
        for number in range(count)
    ]


def policies(prefix: str, count: int) -> list[JsonDict]:
    """Return policies that lead the traffic between two networks each through a service each."""
    return [
        {
            "name": f"{prefix}-policy-{number:05d}",
            "rules": [
                {
                    "source": [{"network": left}],
                    "destination": [{"network": right}],
                    "services": [f"{prefix}-service-{number:05d}"],
                }
            ],
            "networks": [{"name": left}, {"name": right}],
        }
        for number in range(count)
        for left, right in [_sides(prefix, number)]
    ]


def template(prefix: str) -> list[JsonDict]:
    """Return the template of all services."""
    return [{"name": f"{prefix}-template", "interfaces": ["left", "right"], "mode": "in-network"}]


def ports(prefix: str, count: int) -> list[JsonDict]:
    """Return the left and the right port of each service."""
    return [
        {"name": f"{prefix}-{side}-{number:05d}", "network": network}
        for number in range(count)
        for side, network in zip(("left", "right"), _sides(prefix, number), strict=True)
    ]


def services(prefix: str, count: int) -> list[JsonDict]:
    """Return service instances with one port tuple each."""
    return [
        {
            "name": f"{prefix}-service-{number:05d}",
            "template": f"{prefix}-template",
            "interfaces": [{"type": "left", "network": left}, {"type": "right", "network": right}],
            "port_tuples": [
                {
                    "name": "1",
                    "ports": {side: f"{prefix}-{side}-{number:05d}" for side in ("left", "right")},
                }
            ],
        }
        for number in range(count)
        for left, right in [_sides(prefix, number)]
    ]


def everything(prefix: str, count: int) -> list[tuple[str, list[JsonDict]]]:
    """Return modules with their objects, in the order in which they are made: `count` networks, half as many chains."""
    chains = count // 2
    return [
        ("contrail_vn", networks(prefix, count)),
        ("contrail_port", ports(prefix, chains)),
        ("contrail_service_template", template(prefix)),
        ("contrail_service_instance", services(prefix, chains)),
        ("contrail_policy", policies(prefix, chains)),
    ]


def _sides(prefix: str, number: int) -> tuple[str, str]:
    return f"{prefix}-net-{2 * number:05d}", f"{prefix}-net-{2 * number + 1:05d}"
