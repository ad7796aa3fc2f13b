# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The intent: what networks, services, routers and chains a site wants, as typed records.

Every record here has been read by :mod:`.schema`; :func:`.intent.read_intent` makes the whole of them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

NETWORKS = "service_chain_networks"
SERVICES = "service_chain_services"
ROUTERS = "service_chain_routers"
CHAINS = "service_chains"
PORTS = "contrail_objects_ports"

NAT = "in-network-nat"
"""The mode of a service that hides the addresses of its left side."""


def family_of(prefix_or_address: str) -> str:
    """Return ``inet`` or ``inet6``, the Junos family of a prefix or an address."""
    return "inet6" if ":" in prefix_or_address else "inet"


@dataclass(frozen=True)
class Pool:
    """Addresses from ``start`` to ``end`` that the controller may give out."""

    start: str
    end: str


@dataclass(frozen=True)
class DhcpHostRoute:
    """A route that DHCP tells the guests of a subnet."""

    prefix: str
    next_hop: str


@dataclass(frozen=True)
class Subnet:
    """A subnet of a virtual network; ``gateway`` is always known, given or computed."""

    cidr: str
    gateway: str
    allocate_from_start: bool
    dns_server: str | None
    enable_dhcp: bool | None
    allocation_pools: tuple[Pool, ...]
    host_routes: tuple[DhcpHostRoute, ...]
    ipam: str | None

    @property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """The prefix as a network."""
        return ipaddress.ip_network(self.cidr)


@dataclass(frozen=True)
class Network:
    """A virtual network; one that is ``existing`` is only referred to. ``route_targets`` go both ways.

    ``dhcp_routes``: whether DHCP tells its guests the routes to what enters by its chains; none leaves that alone.
    """

    name: str
    domain: str | None
    project: str | None
    existing: bool
    subnets: tuple[Subnet, ...]
    route_targets: tuple[str, ...]
    import_route_targets: tuple[str, ...]
    export_route_targets: tuple[str, ...]
    properties: Mapping[str, Any]
    dhcp_routes: bool | None = None

    @property
    def full_name(self) -> str:
        """The name as modules take it: with project and domain where they are given."""
        return qualify(self.name, self.project, self.domain)

    @property
    def targets_both_ways(self) -> tuple[str, ...]:
        """The route targets that go both ways, those included that are imported and exported one by one."""
        one_by_one = [each for each in self.import_route_targets if each in self.export_route_targets]
        return tuple(dict.fromkeys([*self.route_targets, *one_by_one]))

    @property
    def families(self) -> tuple[str, ...]:
        """The address families of the subnets; ``inet`` when there is no subnet."""
        return tuple(sorted({family_of(subnet.cidr) for subnet in self.subnets})) or ("inet",)

    def gateway(self, family: str, inside: str | None = None) -> str | None:
        """Return the gateway of the subnet that holds ``inside``, else of the first subnet of ``family``."""
        of_family = [subnet for subnet in self.subnets if family_of(subnet.cidr) == family]
        if inside is not None:
            holding = [subnet for subnet in of_family if ipaddress.ip_address(inside) in subnet.network]
            of_family = holding or of_family
        return of_family[0].gateway if of_family else None


@dataclass(frozen=True)
class Template:
    """The service template that an instance is made from; an ``existing`` one is only referred to."""

    name: str
    existing: bool


@dataclass(frozen=True)
class Server:
    """The virtual machine that OpenStack boots for a member; what is none is left to OpenStack.

    ``addresses`` are those of its ports by interface. ``user_data`` is cloud-init's text, none for the derived one.
    """

    name: str | None
    image: str
    flavor: str
    addresses: Mapping[str, str]
    key_name: str | None
    availability_zone: str | None
    config_drive: bool | None
    security_groups: tuple[str, ...] | None
    port_security: bool | None
    user_data: str | None


@dataclass(frozen=True)
class Member:
    """One virtual machine of a service: its port tuple, and the inventory host it is reached as.

    With a ``server`` OpenStack makes the ports and boots the machine; else both are there, or made by others.
    """

    name: str
    ports: Mapping[str, str]
    host: str | None
    server: Server | None = None


@dataclass(frozen=True)
class Service:
    """A service instance with its members, which share the load."""

    name: str
    domain: str | None
    project: str | None
    existing: bool
    mode: str
    type: str
    virtualization: str
    template: Template
    interfaces: tuple[str, ...]
    networks: Mapping[str, str]
    members: tuple[Member, ...]
    ha: str | None

    @property
    def full_name(self) -> str:
        """The name as modules take it: with project and domain where they are given."""
        return qualify(self.name, self.project, self.domain)


@dataclass(frozen=True)
class Filter:
    """A firewall filter that steers; ``default`` is its tail: ``accept``, or ``none`` where it has one."""

    name: str
    family: str
    interfaces: tuple[str, ...]
    default: str
    default_term: str | None
    before: str | None


@dataclass(frozen=True)
class Vrf:
    """The settings of a router's VRF beyond the derived ones: name, route distinguisher, interfaces, ..."""

    network: str
    name: str
    description: str | None
    route_distinguisher: str | None
    interfaces: tuple[str, ...]
    table_label: bool


@dataclass(frozen=True)
class Multihop:
    """BGP sessions may cross other routers: ``ttl`` says how many, Junos's own limit where it is none."""

    ttl: int | None


@dataclass(frozen=True)
class BgpNeighbor:
    """A control node that a router peers with; what is none is that of the BGP group."""

    address: str
    peer_as: int | None
    description: str | None
    hold_time: int | None
    local_address: str | None
    multihop: Multihop | None = None


@dataclass(frozen=True)
class Tunnels:
    """Dynamic tunnels to the compute and control nodes in ``destinations``."""

    destinations: tuple[str, ...]
    source_address: str | None
    encapsulation: str | None


@dataclass(frozen=True)
class TunnelService:
    """A PIC that does tunnels."""

    fpc: int
    pic: int
    bandwidth: str | None


@dataclass(frozen=True)
class BgpRouter:
    """A router as Contrail knows it: the other end of its sessions. Without ``name`` it has that of the router."""

    name: str | None
    vendor: str


@dataclass(frozen=True)
class Peering:
    """A router's BGP sessions with control nodes, and what they need: tunnels and facts of the whole router.

    ``bgp_router`` is none where somebody else tells Contrail of the router.
    """

    name: str
    type: str | None
    local_address: str
    neighbors: tuple[BgpNeighbor, ...]
    families: tuple[str, ...]
    hold_time: int | None
    export_policies: tuple[str, ...]
    next_hop_self: tuple[str, ...]
    tunnels: Tunnels | None
    autonomous_system: int | None
    router_id: str | None
    route_distinguisher_id: str | None
    tunnel_services: tuple[TunnelService, ...]
    ipv6_tunneling: bool | None
    bgp_router: BgpRouter | None
    multihop: Multihop | None = None


@dataclass(frozen=True)
class Router:
    """A vMX, named as in the inventory. ``addresses`` (by family) are its side of the endpoints' subnet."""

    name: str
    addresses: Mapping[str, str]
    filters: tuple[Filter, ...]
    vrfs: Mapping[str, Vrf]
    mark: bool | None
    peering: Peering | None = None


@dataclass(frozen=True)
class External:
    """A prefix behind the router that enters the chain on one side."""

    prefix: str
    term: str | None
    priority: int | None
    routers: tuple[str, ...]
    filter: str | None
    host: str | None
    next_hop: str | None
    path: str

    @property
    def family(self) -> str:
        """``inet`` or ``inet6``."""
        return family_of(self.prefix)


@dataclass(frozen=True)
class Side:
    """The left or right end of a chain: a network and the external prefixes that enter there."""

    network: str
    external: tuple[External, ...]


@dataclass(frozen=True)
class Match:
    """Traffic that a chain takes, read from left to right."""

    protocol: str
    source: str | None
    destination: str | None
    source_ports: tuple[int | str, ...]
    destination_ports: tuple[int | str, ...]

    @property
    def mirrored(self) -> Match:
        """The same traffic on its way back."""
        return Match(self.protocol, self.destination, self.source, self.destination_ports, self.source_ports)

    @property
    def is_any(self) -> bool:
        """Return whether all traffic matches."""
        return self == Match.everything()

    @classmethod
    def everything(cls) -> Match:
        """Return the match of all traffic."""
        return cls("any", None, None, (), ())


@dataclass(frozen=True)
class Chain:
    """Services in order between two networks."""

    name: str
    domain: str | None
    project: str | None
    left: Side
    right: Side
    services: tuple[str, ...]
    direction: str
    match: tuple[Match, ...]
    sequence: tuple[int, int]
    present: bool

    @property
    def full_name(self) -> str:
        """The name of its policy as modules take it."""
        return qualify(self.name, self.project, self.domain)

    @property
    def sides(self) -> tuple[tuple[str, Side, Side], ...]:
        """The two sides as (word, near, far)."""
        return (("left", self.left, self.right), ("right", self.right, self.left))


@dataclass(frozen=True)
class Port:
    """A port (virtual machine interface) that we or OpenStack make; ``network`` is named as modules take it."""

    name: str
    network: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Intent:
    """The whole data model, checked."""

    networks: Mapping[str, Network]
    services: Mapping[str, Service]
    routers: Mapping[str, Router]
    chains: Mapping[str, Chain]
    ports: Mapping[str, Port]

    @cached_property
    def present_chains(self) -> tuple[Chain, ...]:
        """The chains that are to stand."""
        return tuple(chain for chain in self.chains.values() if chain.present)

    def network_of(self, service: Service, interface: str) -> Network:
        """Return the network of a service's interface: its own, or that of the chain's side, a standing chain first.

        The service must stand in a chain.
        """
        chain = self._chain_of_service[service.name]
        ends = {"left": chain.left.network, "right": chain.right.network}
        return self.networks[ends.get(interface) or service.networks[interface]]

    @cached_property
    def _chain_of_service(self) -> Mapping[str, Chain]:
        """Each service's first chain, a standing one first."""
        found: dict[str, Chain] = {}
        for chain in (*self.present_chains, *self.absent_chains):
            for name in chain.services:
                found.setdefault(name, chain)
        return found

    def returns(self, chain: Chain) -> bool:
        """Return whether the way back goes through the services too; behind NAT it ends at the last one."""
        return chain.direction == "both" and self.services[chain.services[-1]].mode != NAT

    @cached_property
    def absent_chains(self) -> tuple[Chain, ...]:
        """The chains that are to go."""
        return tuple(chain for chain in self.chains.values() if not chain.present)


def qualify(short: str, project: str | None, domain: str | None) -> str:
    """Return ``short``, ``project:short`` or ``domain:project:short``."""
    return ":".join(part for part in (domain, project, short) if part is not None)
