# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from the intent for machines: the routes of endpoints and service guests, and who must forward."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...values.faults import VALUE_MISSING, Fault, IntentError
from ...values.prefix_index import overlap
from ..findings.intent import HOST_ROUTES_CONTRADICT
from ..intent.consistency import routers_of
from ..intent.model import NAT, SERVICES, Chain, External, Intent, Member, Network, Service, Side, Subnet, family_of
from .design import DhcpRoute, HostRouteOptions, ServiceGuest, SourceRoute

_IP = {"inet": "ipv4", "inet6": "ipv6"}


@dataclass(frozen=True)
class _Route:
    """A route of a host of the inventory; ``path`` is the value that asks for it."""

    host: str
    prefix: str
    via: str
    path: str


class _Reach:
    """The prefixes behind each network while some chains are up."""

    def __init__(self, intent: Intent, chains: Iterable[Chain]) -> None:
        self._intent = intent
        self.chains = tuple(chains)
        self._externals: dict[str, dict[str, None]] = {}
        self._onward: dict[str, list[str]] = {}
        for chain in self.chains:
            for word, near, far in chain.sides:
                entering = self._externals.setdefault(near.network, {})
                entering.update(dict.fromkeys(external.prefix for external in near.external))
                if word == "left" or intent.returns(chain):
                    self._onward.setdefault(near.network, []).append(far.network)

    def externals(self, network: str) -> tuple[str, ...]:
        """Return the prefixes behind routers that enter a network, by whichever chain."""
        return tuple(self._externals.get(network, ()))

    def behind(self, name: str, seen: frozenset[str]) -> Iterator[str]:
        """Yield the prefixes of a network: its subnets, what enters there, what it passes on from networks not seen."""
        network = self._intent.networks[name]
        yield from (subnet.cidr for subnet in network.subnets)
        yield from self.externals(name)
        if network.properties.get("allow_transit"):
            for onward in self._onward.get(name, ()):
                if onward not in seen:
                    yield from self.behind(onward, seen | {onward})


def host_routes(intent: Intent) -> dict[str, list[HostRouteOptions]]:
    """Return by host of the inventory its routes: ``[{prefix, via, state}]``.

    What only chains with ``state: absent`` ask for is absent.

    :raises IntentError: for two routes of a host that contradict each other, and for a prefix no gateway leads to.
    """
    hosts: dict[str, dict[str, HostRouteOptions]] = {}
    for route in _routes(intent, intent.present_chains):
        wanted: HostRouteOptions = {"prefix": route.prefix, "via": route.via, "state": "present"}
        existing = hosts.setdefault(route.host, {}).setdefault(route.prefix, wanted)
        if existing["via"] != route.via:
            reason = f"host {route.host} reaches {route.prefix} via {existing['via']} already, not via {route.via}"
            raise IntentError([Fault(route.path, reason, HOST_ROUTES_CONTRADICT)])
    if intent.absent_chains:
        for route in _routes(intent, intent.chains.values()):
            unwanted: HostRouteOptions = {"prefix": route.prefix, "via": route.via, "state": "absent"}
            hosts.setdefault(route.host, {}).setdefault(route.prefix, unwanted)
    return {host: list(routes.values()) for host, routes in hosts.items()}


def host_sources(intent: Intent) -> dict[str, list[SourceRoute]]:
    """Return by host of the inventory what arrives there without a route back: ``[{prefix, via}]``.

    Packets from the prefix arrive by the interface that leads to the next hop. Of such kind are the packets of a chain
    that leads one way, at its far end, and those from networks that a service guest may answer by either side.
    """
    hosts: dict[str, list[SourceRoute]] = {}
    for host, prefix, via in _sources(intent, _Reach(intent, intent.present_chains)):
        source: SourceRoute = {"prefix": prefix, "via": via}
        of_host = hosts.setdefault(host, [])
        if source not in of_host:
            of_host.append(source)
    return hosts


def forwarding_hosts(intent: Intent) -> dict[str, list[str]]:
    """Return by host of the inventory the address families (``ipv4``, ``ipv6``) that it must forward."""
    found: dict[str, set[str]] = {}
    for guest in service_guests(intent):
        if guest["host"] is not None:
            found.setdefault(guest["host"], set()).update(guest["forwarding"])
    return {host: sorted(families) for host, families in found.items()}


def service_guests(intent: Intent) -> list[ServiceGuest]:
    """Return each member of a service that stands: ``{service, member, host, routes, forwarding}``.

    ``routes`` are ``[{prefix, via}]``; ``host`` is null for a guest that Ansible does not reach.
    """
    guests: dict[tuple[str, str], ServiceGuest] = {}
    reach = _Reach(intent, intent.present_chains)
    for chain in intent.present_chains:
        families = {family for side in (chain.left, chain.right) for family in intent.networks[side.network].families}
        families |= {external.family for side in (chain.left, chain.right) for external in side.external}
        for service, member in _members(intent, chain):
            routes: list[SourceRoute] = [
                {"prefix": prefix, "via": via}
                for prefix, via in _member_routes(intent, reach, chain, member)
                if via is not None
            ]
            guest = guests.setdefault(
                (service.name, member.name),
                {"service": service.name, "member": member.name, "host": member.host, "routes": [], "forwarding": []},
            )
            guest["routes"] += [route for route in routes if route not in guest["routes"]]
            guest["forwarding"] = sorted({*guest["forwarding"], *(_IP[family] for family in families)})
    return list(guests.values())


def dhcp_host_routes(intent: Intent, network: Network, subnet: Subnet) -> list[DhcpRoute]:
    """Return the routes that DHCP is to tell the guests of a subnet: its own, and those of the network's chains.

    The latter lead to the prefixes behind the routers that enter the network; IPv4 alone, for DHCPv6 has no routes.
    """
    routes: list[DhcpRoute] = [{"prefix": route.prefix, "next_hop": route.next_hop} for route in subnet.host_routes]
    if not network.dhcp_routes or family_of(subnet.cidr) != "inet":
        return routes
    told = {ipaddress.ip_network(route["prefix"]) for route in routes}
    entering = [
        external.prefix
        for chain in intent.present_chains
        for side in (chain.left, chain.right)
        for external in side.external
        if side.network == network.name and external.family == "inet"
    ]
    return routes + [
        {"prefix": prefix, "next_hop": subnet.gateway}
        for prefix in dict.fromkeys(entering)
        if ipaddress.ip_network(prefix) not in told
    ]


def _routes(intent: Intent, chains: Iterable[Chain]) -> Iterator[_Route]:
    reach = _Reach(intent, chains)
    for chain in reach.chains:
        yield from _endpoint_routes(intent, chain)
        yield from _guest_routes(intent, reach, chain)


def _endpoint_routes(intent: Intent, chain: Chain) -> Iterator[_Route]:
    """Yield the routes of endpoints, which reach the far side's prefixes through the router."""
    for word, near, far in chain.sides:
        if word == "right" and not intent.returns(chain):
            continue
        for external in near.external:
            if external.host is None:
                continue
            via = _next_hop(intent, external)
            for other in far.external:
                if other.family == external.family:
                    yield _Route(external.host, other.prefix, via, f"{external.path}.host")


def _sources(intent: Intent, reach: _Reach) -> Iterator[tuple[str, str, str]]:
    """Yield (host, prefix, next hop)."""
    for chain in reach.chains:
        if chain.direction == "forward" and not _translates(intent, chain):
            yield from _one_way_sources(intent, chain)
        _beyond, either_way = _behind_sides(intent, reach, chain)
        for _service, member in _members(intent, chain):
            for word, side, _far in chain.sides:
                leg = _leg(intent, side, member.ports.get(word))
                for prefix in sorted(either_way):
                    subnet = leg.get(family_of(prefix))
                    if member.host is not None and subnet is not None:
                        yield member.host, prefix, subnet.gateway


def _one_way_sources(intent: Intent, chain: Chain) -> Iterator[tuple[str, str, str]]:
    """Yield what arrives at the far end of a chain that leads one way: no route back was asked for there."""
    for external in chain.right.external:
        for other in chain.left.external:
            if external.host is not None and other.family == external.family:
                yield external.host, other.prefix, _next_hop(intent, external)


def _translates(intent: Intent, chain: Chain) -> bool:
    """Return whether a service changes the source of packets, so that the far end does not see whose they are."""
    return any(intent.services[name].mode == NAT for name in chain.services)


def _next_hop(intent: Intent, external: External) -> str:
    return external.next_hop or routers_of(intent, external)[0].addresses[external.family]


def _members(intent: Intent, chain: Chain) -> Iterator[tuple[Service, Member]]:
    for name in chain.services:
        for member in intent.services[name].members:
            yield intent.services[name], member


def _guest_routes(intent: Intent, reach: _Reach, chain: Chain) -> Iterator[_Route]:
    """Yield the routes of service guests that are hosts of the inventory."""
    for service, member in _members(intent, chain):
        if member.host is None:
            continue
        path = f"{SERVICES}.{service.name}.members[{service.members.index(member)}].host"
        for prefix, via in _member_routes(intent, reach, chain, member):
            if via is None:
                side = chain.left if prefix in {each.prefix for each in chain.left.external} else chain.right
                reason = f"network {side.network} has no {family_of(prefix)} subnet, so no gateway to {prefix}"
                raise IntentError([Fault(path, reason, VALUE_MISSING)])
            yield _Route(member.host, prefix, via, path)


def _member_routes(intent: Intent, reach: _Reach, chain: Chain, member: Member) -> Iterator[tuple[str, str | None]]:
    """Yield (prefix, next hop) for all that lies beyond the two subnets that a member has a leg in.

    Each goes through the gateway of its side; none, where a prefix of the chain itself has no gateway of its family.
    Chains that lead one way need both sides too: a guest that checks where packets come from drops those whose source
    it would answer through another interface.
    """
    legs = [_leg(intent, side, member.ports.get(word)) for word, side, _far in chain.sides]
    connected = [subnet.cidr for leg in legs for subnet in leg.values()]
    beyond, either_way = _behind_sides(intent, reach, chain)
    for (_word, side, _far), leg, prefixes in zip(chain.sides, legs, beyond, strict=True):
        own = [external.prefix for external in side.external]
        for prefix in dict.fromkeys([*own, *(each for each in prefixes if each not in either_way)]):
            subnet = leg.get(family_of(prefix))
            if any(overlap(cidr, prefix) for cidr in connected) or (subnet is None and prefix not in own):
                continue
            yield prefix, subnet.gateway if subnet else None


def _behind_sides(intent: Intent, reach: _Reach, chain: Chain) -> tuple[list[list[str]], set[str]]:
    """Return the prefixes behind the left and the right side, and those behind both.

    Where transit networks make a ring, nothing says which way round a guest is to go.
    """
    ends = frozenset({chain.left.network, chain.right.network})
    beyond = [list(reach.behind(side.network, ends)) for _word, side, _far in chain.sides]
    return beyond, set(beyond[0]) & set(beyond[1])


def _leg(intent: Intent, side: Side, port: str | None) -> dict[str, Subnet]:
    """Return by family the subnet that a port is in: that of its address where it is known, else the first one."""
    known = intent.ports.get(port or "")
    addresses = [ipaddress.ip_address(each) for each in (known.addresses if known else ())]
    found: dict[str, Subnet] = {}
    subnets = intent.networks[side.network].subnets
    holding = [subnet for subnet in subnets if any(address in subnet.network for address in addresses)]
    for subnet in (*holding, *subnets):
        found.setdefault(family_of(subnet.cidr), subnet)
    return found
