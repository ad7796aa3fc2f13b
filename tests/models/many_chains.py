# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A data model of many chains, each between networks of its own and through a service of its own."""

from __future__ import annotations

from typing import Any

FIRST_PORT_ADDRESS = 4
"""In a network's subnet, of the first member's port; the next members' follow."""


def many_chains(count: int, *, router: str = "vmx1") -> dict[str, Any]:
    """Return the data model of ``count`` chains on one router, with one filter for all.

    Chain ``chainN`` leads from ``leftN`` (10.1.N.0/24, 198.18.N.0/24 behind the router) through ``fwN`` to ``rightN``
    (10.2.N.0/24, 198.19.N.0/24); from the 256th on the second octets are others. Every third service has two members,
    with ports ``fwN-left``, ``fwN-right`` and ``fwN-2-left``, ``fwN-2-right``.

    :returns: ``networks``, ``services``, ``routers``, ``chains`` and ``ports``, as ``read_intent`` takes them.
    """
    numbers = range(count)
    sides = [(side, second, number) for number in numbers for side, second in (("left", 1), ("right", 2))]
    machines = {number: [f"fw{number}"] + ([f"fw{number}-2"] if number % 3 == 0 else []) for number in numbers}
    return {
        "networks": {
            f"{side}{number}": {
                "subnets": [{"cidr": f"{octets(10, second, number)}.0/24"}],
                "route_target": f"64512:{10_000 * second + number}",
            }
            for side, second, number in sides
        },
        "services": {
            f"fw{number}": {
                "members": [{"left": f"{machine}-left", "right": f"{machine}-right"} for machine in machines[number]]
            }
            for number in numbers
        },
        "routers": {router: {"address": "172.31.10.57", "filters": [{"name": "steer", "interfaces": ["ge-0/0/0.0"]}]}},
        "chains": {
            f"chain{number}": {
                "left": {"network": f"left{number}", "external": [{"prefix": f"{octets(198, 18, number)}.0/24"}]},
                "right": {"network": f"right{number}", "external": [{"prefix": f"{octets(198, 19, number)}.0/24"}]},
                "services": [f"fw{number}"],
            }
            for number in numbers
        },
        "ports": [
            {
                "name": f"{machine}-{side}",
                "network": f"{side}{number}",
                "addresses": [f"{octets(10, second, number)}.{FIRST_PORT_ADDRESS + member}"],
                "virtual_machine": machine,
            }
            for side, second, number in sides
            for member, machine in enumerate(machines[number])
        ],
    }


def octets(first: int, second: int, number: int) -> str:
    """Return the first three octets of the network of a number; every 256 networks take two second octets on."""
    return f"{first}.{second + 2 * (number // 256)}.{number % 256}"


def variables_of(model: dict[str, Any]) -> dict[str, Any]:
    """Return a data model as the variables that an inventory has for it."""
    return {
        "service_chain_networks": model["networks"],
        "service_chain_services": model["services"],
        "service_chain_routers": model["routers"],
        "service_chains": model["chains"],
        "contrail_objects_ports": model["ports"],
    }
