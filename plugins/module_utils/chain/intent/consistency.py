# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the values of the data model say about each other: checks that need more than one record."""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterable, Iterator, Mapping

from ...values import names
from ...values.faults import GIVEN_TWICE, VALUE_MISSING, Fault
from ...values.hints import nearest
from ...values.prefix_index import PrefixIndex, overlap
from ..findings.intent import (
    CHAINS_NOT_TOLD_APART,
    INTERFACES_DO_NOT_FIT,
    NAME_UNKNOWN,
    PREFIXES_OVERLAP,
    ROUTE_TARGET_MISSING,
    ROUTE_TARGET_OF_BOTH_SIDES,
    SERVICE_BETWEEN_OTHER_NETWORKS,
    SERVICE_IN_NO_CHAIN,
)
from .model import (
    CHAINS,
    NAT,
    NETWORKS,
    PORTS,
    ROUTERS,
    SERVICES,
    Chain,
    External,
    Filter,
    Intent,
    Router,
    Service,
    Side,
    family_of,
)
from .peering import contrail_bgp_router
from .servers import machine_faults

SIDES = ("left", "right")


def dangling_names(intent: Intent) -> Iterator[Fault]:
    """Find names of networks, services and routers that the model does not have."""
    for chain in intent.chains.values():
        yield from _dangling_in_chain(intent, chain)
    named = [
        (network, f"{SERVICES}.{service.name}.networks.{interface}")
        for service in intent.services.values()
        for interface, network in service.networks.items()
    ]
    named += [
        (network, f"{ROUTERS}.{router.name}.vrfs.{network}")
        for router in intent.routers.values()
        for network in router.vrfs
    ]
    for network, path in named:
        yield from _unknown("network", network, intent.networks, NETWORKS, path)
    for index, port in enumerate(intent.ports.values()):
        if ":" not in port.network:
            path = f"{PORTS}[{index}].network"
            yield from _unknown("network", port.network, intent.networks, NETWORKS, path)
            full_name = intent.networks[port.network].full_name if port.network in intent.networks else None
            if full_name not in {None, port.network}:
                yield Fault(path, f"network {port.network} is in a project of its own; write {full_name}", NAME_UNKNOWN)


def _dangling_in_chain(intent: Intent, chain: Chain) -> Iterator[Fault]:
    path = f"{CHAINS}.{chain.name}"
    for word, side, _far in chain.sides:
        yield from _unknown("network", side.network, intent.networks, NETWORKS, f"{path}.{word}.network")
        for external in side.external:
            for index, router in enumerate(external.routers):
                here = f"{external.path}.routers[{index}]"
                yield from _unknown("router", router, intent.routers, ROUTERS, here)
    for index, service in enumerate(chain.services):
        yield from _unknown("service", service, intent.services, SERVICES, f"{path}.services[{index}]")


def _unknown(kind: str, wanted: str, known: Iterable[str], variable: str, path: str) -> Iterator[Fault]:
    if wanted not in known:
        yield Fault(path, f"no {kind} '{wanted}' in {variable}{nearest(wanted, known)}", NAME_UNKNOWN)


def inconsistencies(intent: Intent, groups: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    """Find what cannot be carried out as it is written. Every name in ``intent`` must lead somewhere.

    :param groups: the inventory's groups with their hosts; hosts are not checked when it is empty.
    """
    yield from _port_faults(intent)
    yield from _dhcp_faults(intent)
    for service in intent.services.values():
        yield from _interface_faults(service)
        yield from _member_faults(service)
    service_faults = list(_service_faults(intent))
    yield from service_faults
    if not service_faults:  # what follows asks for the networks of interfaces, which chains give
        yield from machine_faults(intent)
    yield from _prefix_faults(intent)
    for chain in intent.chains.values():
        for word, side, _far in chain.sides:
            steered = word == "left" or intent.returns(chain)
            for external in side.external:
                yield from _external_faults(intent, side, external, steered=steered)
    for chain in intent.present_chains:
        yield from _route_target_faults(intent, chain)
        yield from _order_faults(intent, chain)
    yield from _rival_faults(intent)
    for router in intent.routers.values():
        yield from _router_faults(intent, router)
    yield from _bgp_router_faults(intent)
    if groups:
        yield from _inventory_faults(intent, groups)


def _port_faults(intent: Intent) -> Iterator[Fault]:
    """Addresses outside the port's network, and addresses given twice."""
    taken: dict[tuple[str, str], str] = {}
    networks = {network.full_name: network for network in intent.networks.values()}
    for index, port in enumerate(intent.ports.values()):
        network = networks.get(port.network)
        subnets = network.subnets if network else ()
        for position, given in enumerate(port.addresses):
            path = f"{PORTS}[{index}].addresses[{position}]"
            if subnets and not any(ipaddress.ip_address(given) in subnet.network for subnet in subnets):
                within = ", ".join(subnet.cidr for subnet in subnets)
                yield Fault(path, f"{given} is in no subnet of {port.network} ({within})")
            owner = taken.setdefault((port.network, given), port.name)
            if owner != port.name:
                yield Fault(path, f"{given} is the address of port {owner} already", GIVEN_TWICE)


def _dhcp_faults(intent: Intent) -> Iterator[Fault]:
    """Networks of somebody else whose guests DHCP is to tell our routes."""
    for network in intent.networks.values():
        if network.existing and network.dhcp_routes is not None:
            path = f"{NETWORKS}.{network.name}.dhcp_routes"
            yield Fault(path, "cannot be carried out: the network is `existing`, so its subnets are left alone")


def _interface_faults(service: Service) -> Iterator[Fault]:
    """Interfaces without a network, and networks without an interface."""
    path = f"{SERVICES}.{service.name}"
    for side in SIDES:
        if side not in service.interfaces:
            yield Fault(
                f"{path}.interfaces",
                f"has no {side}; a chain enters and leaves by left and right",
                INTERFACES_DO_NOT_FIT,
            )
    for interface in service.interfaces:
        if interface not in SIDES and interface not in service.networks:
            yield Fault(
                f"{path}.networks.{interface}", f"is required: the network of interface {interface}", VALUE_MISSING
            )
    for interface in service.networks:
        here = f"{path}.networks.{interface}"
        if interface in SIDES:
            yield Fault(here, "comes from the chain; leave it out", INTERFACES_DO_NOT_FIT)
        elif interface not in service.interfaces:
            yield Fault(
                here, f"is no interface of the service{nearest(interface, service.interfaces)}", INTERFACES_DO_NOT_FIT
            )


def _member_faults(service: Service) -> Iterator[Fault]:
    """Services without members, members with one name, and ports that do not fit the interfaces."""
    path = f"{SERVICES}.{service.name}.members"
    if not service.members and not service.existing:
        yield Fault(path, "is required: at least one {left: PORT, right: PORT}", VALUE_MISSING)
    names: set[str] = set()
    for index, member in enumerate(service.members):
        here = f"{path}[{index}]"
        if member.name in names:
            yield Fault(f"{here}.name", f"'{member.name}' is the name of an earlier member", GIVEN_TWICE)
        names.add(member.name)
        for interface in service.interfaces:
            if interface not in member.ports:
                yield Fault(f"{here}.{interface}", "is required: the name of a port", VALUE_MISSING)
        for interface in member.ports:
            if interface not in service.interfaces:
                yield Fault(
                    f"{here}.{interface}",
                    "is no interface of the service (see its `interfaces`)",
                    INTERFACES_DO_NOT_FIT,
                )


def _service_faults(intent: Intent) -> Iterator[Fault]:
    """Services that stand in no chain, ports of two members, templates of two kinds."""
    standing = {service for chain in intent.chains.values() for service in chain.services}
    used: dict[str, str] = {}
    templates: dict[str, Service] = {}
    for service in intent.services.values():
        path = f"{SERVICES}.{service.name}"
        if service.name not in standing:
            yield Fault(
                path,
                f"stands in no chain of {CHAINS}; to remove it, give its chain `state: absent`",
                SERVICE_IN_NO_CHAIN,
            )
        for index, member in enumerate(service.members):
            for interface, port in member.ports.items():
                here = f"{path}.members[{index}].{interface}"
                first_use = used.setdefault(port, here)
                if first_use != here:
                    yield Fault(here, f"port '{port}' is already used by {first_use}", GIVEN_TWICE)
        first = templates.setdefault(service.template.name, service)
        for key in ("mode", "type", "virtualization", "interfaces"):
            if getattr(first, key) != getattr(service, key):
                reason = f"differs from {first.name}, which has the same template '{service.template.name}'"
                yield Fault(f"{path}.{key}", reason, INTERFACES_DO_NOT_FIT)


def _order_faults(intent: Intent, chain: Chain) -> Iterator[Fault]:
    """Services that translate addresses and have another one behind them."""
    for index, name in enumerate(chain.services[:-1]):
        if intent.services[name].mode == NAT:
            reason = f"{name} translates addresses ({NAT}), and nothing leads from it to a further service: put it last"
            yield Fault(f"{CHAINS}.{chain.name}.services[{index}]", reason)


def _prefix_faults(intent: Intent) -> Iterator[Fault]:
    """Chains with one network on both sides, and external prefixes that overlap what they must not."""
    subnets = PrefixIndex(
        (subnet.cidr, network.name) for network in intent.networks.values() for subnet in network.subnets
    )
    for chain in intent.chains.values():
        if chain.left.network == chain.right.network:
            path = f"{CHAINS}.{chain.name}.right.network"
            yield Fault(path, f"is the network of the left side as well ({chain.left.network})", PREFIXES_OVERLAP)
        for near, far in itertools.product(chain.left.external, chain.right.external):
            if overlap(near.prefix, far.prefix):
                yield Fault(
                    f"{far.path}.prefix", f"{far.prefix} overlaps {near.prefix} of the left side", PREFIXES_OVERLAP
                )
        for external in (*chain.left.external, *chain.right.external):
            for cidr, network in subnets.overlapping(external.prefix):
                yield Fault(
                    f"{external.path}.prefix",
                    f"{external.prefix} overlaps {cidr} of network {network}",
                    PREFIXES_OVERLAP,
                )


def _rival_faults(intent: Intent) -> Iterator[Fault]:
    """Services between two pairs of networks, and chains that a router or Contrail cannot tell apart."""
    between: dict[frozenset[str], Chain] = {}
    standing: dict[str, Chain] = {}
    for chain in intent.present_chains:
        path = f"{CHAINS}.{chain.name}"
        ends = (chain.left.network, chain.right.network)
        for index, service in enumerate(chain.services):
            other = standing.setdefault(service, chain)
            if (other.left.network, other.right.network) != ends:
                reason = f"'{service}' stands in {other.name} between other networks; it has one on each side"
                yield Fault(f"{path}.services[{index}]", reason, SERVICE_BETWEEN_OTHER_NETWORKS)
        rival = between.setdefault(frozenset(ends), chain)
        if rival is chain:
            continue
        if any(side.external for each in (rival, chain) for side in (each.left, each.right)):
            # The router learns every prefix once for each chain and would use one of them for all traffic.
            reason = f"{rival.name} joins the same networks; chains for a router need a pair of networks each"
            yield Fault(f"{path}.left.network", reason, CHAINS_NOT_TOLD_APART)
        elif rival.sequence == chain.sequence:
            reason = (
                f"is equal to that of {rival.name}, which connects the same networks; their order would be undefined"
            )
            yield Fault(f"{path}.sequence", reason, CHAINS_NOT_TOLD_APART)


def _route_target_faults(intent: Intent, chain: Chain) -> Iterator[Fault]:
    """Sides without a symmetric route target, or with a common one, where a router takes part."""
    if not (chain.left.external or chain.right.external):
        return
    left, right = (intent.networks[side.network] for side in (chain.left, chain.right))
    for network in (left, right):
        if not network.targets_both_ways:
            reason = f"is required: chain {chain.name} passes a router, whose VRF imports and exports it"
            yield Fault(f"{NETWORKS}.{network.name}.route_target", reason, ROUTE_TARGET_MISSING)
    if left is not right:
        for target in sorted(set(left.targets_both_ways) & set(right.targets_both_ways)):
            yield Fault(
                f"{NETWORKS}.{right.name}.route_target",
                f"{target} is also the route target of {left.name}",
                ROUTE_TARGET_OF_BOTH_SIDES,
            )


def _router_faults(intent: Intent, router: Router) -> Iterator[Fault]:
    """Filters and VRFs with one name, and VRFs of networks without a route target."""
    path = f"{ROUTERS}.{router.name}"
    filters: set[tuple[str, str]] = set()
    for index, filter_ in enumerate(router.filters):
        if (filter_.family, filter_.name) in filters:
            reason = f"'{filter_.name}' is the name of an earlier filter"
            yield Fault(f"{path}.filters[{index}].name", reason, GIVEN_TWICE)
        filters.add((filter_.family, filter_.name))
    names: dict[str, str] = {}
    for vrf in router.vrfs.values():
        if not intent.networks[vrf.network].targets_both_ways:
            reason = f"is required: router {router.name} has a VRF for it"
            yield Fault(f"{NETWORKS}.{vrf.network}.route_target", reason, ROUTE_TARGET_MISSING)
        owner = names.setdefault(vrf.name, vrf.network)
        if owner != vrf.network:
            yield Fault(f"{path}.vrfs.{vrf.network}.name", f"'{vrf.name}' is the VRF of {owner} already", GIVEN_TWICE)
    yield from _vrf_faults(router)


def _vrf_faults(router: Router) -> Iterator[Fault]:
    """Interfaces and route distinguishers of two VRFs of a router; one of them can have each."""
    holders: dict[str, str] = {}
    for vrf in router.vrfs.values():
        path = f"{ROUTERS}.{router.name}.vrfs.{vrf.network}"
        single = {f"{path}.interfaces[{place}]": one for place, one in enumerate(vrf.interfaces)}
        if vrf.route_distinguisher is not None:
            single[f"{path}.route_distinguisher"] = vrf.route_distinguisher
        for place, value in single.items():
            owner = holders.setdefault(value, vrf.network)
            if owner != vrf.network:
                yield Fault(place, f"{value} is in the VRF of {owner} already; it can be in one only", GIVEN_TWICE)


def _bgp_router_faults(intent: Intent) -> Iterator[Fault]:
    """Routers that Contrail would be told of under one name."""
    owners: dict[str, str] = {}
    for router in intent.routers.values():
        made = contrail_bgp_router(router)
        if made is not None and (owner := owners.setdefault(made["name"], router.name)) != router.name:
            path = f"{ROUTERS}.{router.name}.peering.bgp_router.name"
            yield Fault(path, f"'{made['name']}' is already used by router {owner}", GIVEN_TWICE)


def routers_of(intent: Intent, external: External) -> tuple[Router, ...]:
    """Return the routers that an external prefix lies behind: those it names, else the only one there is."""
    return tuple(intent.routers[each] for each in external.routers or tuple(intent.routers))


def filters_for(router: Router, external: External) -> tuple[Filter, ...]:
    """Return the filters of a router that can steer an external prefix (one, in a consistent model)."""
    return tuple(
        each for each in router.filters if each.family == external.family and external.filter in {None, each.name}
    )


def _external_faults(intent: Intent, side: Side, external: External, *, steered: bool) -> Iterator[Fault]:
    """External prefixes whose router, filter, VRF name or next hop is not clear."""
    if not intent.routers:
        yield Fault(f"{external.path}.prefix", f"needs a router, and {ROUTERS} has none", VALUE_MISSING)
    if not external.routers and len(intent.routers) > 1:
        reason = f"is required: there are {len(intent.routers)} routers ({', '.join(intent.routers)})"
        yield Fault(f"{external.path}.routers", reason, VALUE_MISSING)
        return
    if external.next_hop is not None and family_of(external.next_hop) != external.family:
        reason = f"{external.next_hop} is of another address family than {external.prefix}"
        yield Fault(f"{external.path}.next_hop", reason)
    for router in routers_of(intent, external):
        path = f"{ROUTERS}.{router.name}"
        if steered:
            yield from _filter_faults(router, external)
        if external.host and external.next_hop is None and external.family not in router.addresses:
            key = "address" if external.family == "inet" else "address6"
            yield Fault(f"{path}.{key}", f"is required: the next hop for the routes of {external.host}", VALUE_MISSING)
        if not names.fits(names.instance_name, side.network) and side.network not in router.vrfs:
            reason = "is required: the network's name is none that Junos takes"
            yield Fault(f"{path}.vrfs.{side.network}.name", reason, VALUE_MISSING)


def _filter_faults(router: Router, external: External) -> Iterator[Fault]:
    fitting = filters_for(router, external)
    of_family = [each.name for each in router.filters if each.family == external.family]
    if not of_family:
        reason = f"has no filter of family {external.family}, which {external.path} needs"
        yield Fault(f"{ROUTERS}.{router.name}.filters", reason, VALUE_MISSING)
    elif len(fitting) > 1:
        reason = f"is required: router {router.name} has {', '.join(of_family)}"
        yield Fault(f"{external.path}.filter", reason, VALUE_MISSING)
    elif not fitting:
        reason = f"no filter '{external.filter}' of family {external.family} on router {router.name}"
        yield Fault(f"{external.path}.filter", reason + nearest(str(external.filter), of_family), NAME_UNKNOWN)


def _inventory_faults(intent: Intent, groups: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    """Hosts that the inventory's groups do not have."""
    members_of = {group: frozenset(groups.get(group, ())) for group in ("routers", "endpoints", "service_guests")}

    def missing(group: str, host: str | None, path: str) -> Iterator[Fault]:
        members = members_of[group]
        if host is not None and host not in members:
            reason = f"no host '{host}' in the inventory group {group}{nearest(host, members)}"
            yield Fault(path, reason, NAME_UNKNOWN)

    for router in intent.routers:
        yield from missing("routers", router, f"{ROUTERS}.{router}")
    for chain in intent.chains.values():
        for external in (*chain.left.external, *chain.right.external):
            yield from missing("endpoints", external.host, f"{external.path}.host")
    for service in intent.services.values():
        for index, member in enumerate(service.members):
            path = f"{SERVICES}.{service.name}.members[{index}].host"
            yield from missing("service_guests", member.host, path)
