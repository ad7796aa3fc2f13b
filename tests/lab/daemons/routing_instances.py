# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The routing instances that a set of networks and service chains needs, as plain data.

A chain A - S1 .. Sn - B stands on one service instance of A's and one of B's networks per service: `A |
RI(A,S1)   RI(B,S1) | RI(A,S2)   ..   RI(B,Sn) | B`, where | is a connection. RI(A,Si) re-originates B's
routes with the left service address of Si, RI(B,Si) A's with the right one; only the two at the ends carry
the networks' route targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network

from lab.daemons.objects import JsonDict, colons, listed, primary_instance, subnets
from lab.daemons.policies import ServiceChain
from lab.daemons.services import NAT, Service

INFORMATION = {4: "service_chain_information", 6: "ipv6_service_chain_information"}
IMPORT_EXPORT, IMPORT, EXPORT = None, "import", "export"


@dataclass
class WantedInstance:
    """A routing instance as it must be, but for its automatic route target.

    `targets` maps route targets to import, export or None (both); `information` maps the properties of
    INFORMATION to their values; `connections` are names of other routing instances. One of a service has its name
    and the side of it that the instance stands on.
    """

    name: str
    network: str
    targets: dict[str, str | None] = field(default_factory=dict)
    connections: set[str] = field(default_factory=set)
    information: dict[str, JsonDict] = field(default_factory=dict)
    service: str = ""
    side: str = ""


def common_targets(network: JsonDict) -> set[str]:
    """Return the route targets that a network both imports and exports."""
    return set(listed(network, "route_target_list", "route_target")) | (
        set(listed(network, "import_route_target_list", "route_target"))
        & set(listed(network, "export_route_target_list", "route_target"))
    )


def primary(network: JsonDict) -> WantedInstance:
    """Return a network's own routing instance."""
    common = common_targets(network)
    wanted = WantedInstance(primary_instance(network), colons(network["fq_name"]))
    wanted.targets = dict.fromkeys(common, IMPORT_EXPORT)
    for name, direction in (("import_route_target_list", IMPORT), ("export_route_target_list", EXPORT)):
        for target in listed(network, name, "route_target"):
            wanted.targets.setdefault(target, direction)
    return wanted


def connect(one: WantedInstance, other: WantedInstance) -> None:
    """Let two routing instances import each other's routes."""
    one.connections.add(other.name)
    other.connections.add(one.name)


@dataclass
class ChainBuilder:
    """Builds the service routing instances of one chain between two networks.

    `automatic` gives the automatic route target of a network's own routing instance.
    """

    chain: ServiceChain
    left: JsonDict
    right: JsonDict
    automatic: Mapping[str, str]

    def build(self, services: Iterable[Service], primaries: Mapping[str, WantedInstance]) -> list[WantedInstance]:
        """Return the chain's service instances, connected with one another and with both networks' own."""
        built: list[WantedInstance] = []
        before: WantedInstance | None = primaries[self.chain.left]
        for position, service in enumerate(services):
            near = self._instance(self.left, self.right, service, service.left)
            near.service, near.side = service.name, "left"
            if position == 0:
                self._take_targets(near, self.left)
            if before:
                connect(before, near)
            built.append(near)
            before = None
            if service.mode != NAT:
                mirrored = service.right if self.chain.direction == "<>" else {}
                before = self._instance(self.right, self.left, service, mirrored)
                before.service, before.side = service.name, "right"
                built.append(before)
        if before:
            self._take_targets(before, self.right)
            connect(before, primaries[self.chain.right])
        return built

    def _instance(
        self, network: JsonDict, far: JsonDict, service: Service, addresses: Mapping[int, str]
    ) -> WantedInstance:
        """Return the instance in a network that brings the far network's routes through a service."""
        short = f"service-{self.chain.identifier}-{service.name.replace(':', '_')}"
        wanted = WantedInstance(colons([*network["fq_name"], short]), colons(network["fq_name"]))
        for version, address in sorted(addresses.items()):
            wanted.information[INFORMATION[version]] = {
                "routing_instance": primary_instance(far),
                "prefix": [prefix for prefix in subnets(far) if ip_network(prefix).version == version],
                "service_chain_address": address,
                "service_instance": service.name,
                "source_routing_instance": primary_instance(network),
                "service_chain_id": self.chain.identifier,
                "sc_head": False,
                "retain_as_path": False,
            }
        return wanted

    def _take_targets(self, wanted: WantedInstance, network: JsonDict) -> None:
        """Let an instance at the end of the chain export to whoever imports its network's route targets."""
        wanted.targets = dict.fromkeys(common_targets(network), EXPORT)
        if (network.get("virtual_network_properties") or {}).get("allow_transit"):
            wanted.targets[self.automatic[primary_instance(network)]] = EXPORT
