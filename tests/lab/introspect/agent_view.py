# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A compute node as its agent sees it: interfaces, VRFs, routes with their next hops, labels, health checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address

from lab.core.world import World
from lab.daemons.objects import JsonDict, colons, primary_instance, references
from lab.daemons.paths import BGP, Path, host_prefix
from lab.daemons.vrouters import Port

FABRIC = "default-domain:default-project:ip-fabric:__default__"
FIRST_INTERFACE = 3  # behind the interfaces of the node itself
LOCAL = "LocalVmPort"


@dataclass(frozen=True)
class Interface:
    """A port's interface; `label` is -1 while it is down, `vrf` empty if it has none."""

    port: Port
    index: int
    label: int
    vrf: str

    @property
    def name(self) -> str:
        """The name of the tap interface, from the port's uuid."""
        return f"tap{self.port.item['uuid'][:11]}"

    @property
    def network(self) -> str:
        """The name of the port's network, empty if it has none."""
        return colons(self.port.networks[0]["fq_name"]) if self.port.networks else ""

    @property
    def inactive(self) -> str | None:
        """Why the interface is down; None if it is up."""
        if self.port.inactive:
            return self.port.inactive
        return None if self.vrf else "vrf-null"

    @property
    def mac(self) -> str:
        """The port's MAC address."""
        addresses = self.port.item.get("virtual_machine_interface_mac_addresses") or {}
        return str((addresses.get("mac_address") or [""])[0])

    def addresses(self, version: int) -> list[str]:
        """Return the port's own addresses of an IP version."""
        own = (one["instance_ip_address"] for one in self.port.addresses if not one.get("instance_ip_secondary"))
        return [one for one in own if ip_address(one).version == version]


@dataclass(frozen=True)
class NextHop:
    """Where a label or a route leads: `interfaces` here (several are a composite), or a tunnel to an address."""

    interfaces: tuple[Interface, ...] = ()
    tunnel_to: str = ""
    encapsulation: str = ""

    @property
    def key(self) -> str:
        """A text that is the same for the same next hop."""
        return self.tunnel_to or ",".join(one.name for one in self.interfaces)


@dataclass(frozen=True)
class RoutePath:
    """A way to a prefix, from the control node or (`LocalVmPort`) known to the agent itself."""

    peer: str
    label: int
    next_hop: NextHop
    preference: int
    network: str


class AgentView:
    """One compute node in one state of a world."""

    def __init__(self, world: World, compute: str) -> None:
        self._world = world
        self.compute = compute
        self.address = world.site.computes[compute]
        self.connected = world.vrouters.connected(compute)

    @cached_property
    def interfaces(self) -> list[Interface]:
        """The interfaces of the ports on the node."""
        vrouters = self._world.vrouters
        ports = [port for port in vrouters.ports() if port.guest.compute == self.compute]
        return [
            Interface(port, index, vrouters.programmed_label(port) if port.inactive is None else -1, self._vrf(port))
            for index, port in enumerate(ports, FIRST_INTERFACE)
        ]

    def _vrf(self, port: Port) -> str:
        """Return the VRF of a port: its network's own instance, if the control node knows of it."""
        names = (primary_instance(network) for network in port.networks)
        return next((name for name in names if name in self._world.look().routing.instances), "")

    @cached_property
    def vrfs(self) -> dict[str, str]:
        """The VRFs of the node and their networks; those of services have none."""
        found = {FABRIC: "default-domain:default-project:ip-fabric"}
        for interface in self.interfaces:
            if interface.vrf:
                found[interface.vrf] = interface.network
                services = self._services(interface.port)
                for standing in self._world.look().routing.standings:
                    told = standing.information
                    if told.source == interface.vrf and told.service in services:
                        found[told.service_instance] = "N/A"
        return found

    def _services(self, port: Port) -> set[str]:
        """Return the service instances that a port is of, by the tuples that it is in."""
        return {colons(reference["to"][:-1]) for reference in references(port.item, "port-tuple")}

    def routes(self, vrf: str) -> Iterator[tuple[str, list[RoutePath]]]:
        """Yield the prefixes of a VRF and the ways to them."""
        local = self._local_paths(vrf)
        learned = self._world.look().routing.tables.get(vrf, {}) if self.connected else {}
        for prefix in dict.fromkeys((*learned, *local)):
            paths = [self._learned(path) for path in learned.get(prefix, ())[:1]]
            yield prefix, [*paths, *local.get(prefix, ())]

    def _local_paths(self, vrf: str) -> dict[str, list[RoutePath]]:
        found: dict[str, list[RoutePath]] = {}
        for interface in self.interfaces:
            if interface.vrf == vrf and interface.port.announced:
                for item in interface.port.addresses:
                    preference = self._world.vrouters.preference(interface.port, item)
                    path = RoutePath(LOCAL, interface.label, NextHop((interface,)), preference, interface.network)
                    found.setdefault(host_prefix(item["instance_ip_address"]), []).append(path)
        return found

    def _learned(self, path: Path) -> RoutePath:
        if path.next_hop == self.address:
            hop = NextHop(self._behind(path.label))
        else:
            hop = NextHop(tunnel_to=path.next_hop, encapsulation="MPLSoGRE" if path.protocol == BGP else "MPLSoUDP")
        return RoutePath(self._world.site.controller, path.label, hop, path.local_preference, path.origin or "")

    def _behind(self, label: int) -> tuple[Interface, ...]:
        """Return the interfaces that a label of this node leads to, as it was announced; several share an address."""
        own = tuple(one for one in self.interfaces if one.port.label == label)
        return own or self._sharing().get(label, ())

    def _sharing(self) -> dict[int, tuple[Interface, ...]]:
        """Return the labels of addresses that several ports share, and their interfaces."""
        own = {one.port.label for one in self.interfaces}
        found = {}
        for path in self._world.vrouters.paths():
            if path.next_hop == self.address and path.label not in own:
                address = path.prefix.partition("/")[0]
                found[path.label] = tuple(
                    one
                    for one in self.interfaces
                    if any(item["instance_ip_address"] == address for item in one.port.addresses)
                )
        return found

    def labels(self) -> Iterator[tuple[int, NextHop]]:
        """Yield the labels that the node itself has, and where they lead."""
        for interface in self.interfaces:
            if interface.label >= 0:
                yield interface.label, NextHop((interface,))
        for label, interfaces in self._sharing().items():
            yield label, NextHop(interfaces)

    def health_checks(self) -> Iterator[tuple[JsonDict, list[Interface]]]:
        """Yield the health checks of the node's ports, and the interfaces that each is run on."""
        for item in self._world.store.objects("service-health-check"):
            checked = [
                one
                for one in self.interfaces
                if any(ref["uuid"] == item["uuid"] for ref in references(one.port.item, "service-health-check"))
            ]
            if checked:
                yield item, checked
