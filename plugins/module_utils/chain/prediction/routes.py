# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the VRF tables of the routers must hold, worked out from a description of the site.

The rules are those of Contrail's control node: a port's addresses are announced with the port's label; a VRF's
static routes reach the networks that import its route targets; the first service of a chain offers every route of
the right network to whoever imports the left one's route targets, the last service the other way round, with all
attributes of the way to the service. What a chain brings into a network may travel on through the next chain, where
the network allows transit.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...vmx.replies.routes import RouteRow, RouteTable, RouteTables
from .site import (
    FAMILIES,
    FLAT_ADDRESSES_SINCE,
    HIGH,
    LOW,
    NAT,
    Address,
    Site,
    SiteNetwork,
    SitePort,
    SiteRouter,
    SiteService,
    SiteStatic,
    SiteVrf,
)
from .wanted_chains import EvaluatedChain, WantedChain, WantedChains, sides_needed, wanted_chains

GROUPS_SINCE = (5, 0)  # from here on a chain with one dead service withdraws as a whole
BGP_PREFERENCE = 170
ROUTER_LOCAL_PREFERENCE = 100
# What Junos takes no route for, nor for anything inside.
MARTIANS = {
    "inet": [ipaddress.ip_network(each) for each in ("0.0.0.0/8", "127.0.0.0/8", "192.0.0.0/24", "240.0.0.0/4")],
    "inet6": [ipaddress.ip_network(each) for each in ("::1/128", "fe80::/10")],
}
_INTERFACE, _CHAIN, _ROUTER = range(3)  # in this order the control node prefers what it learned otherwise alike


def med(local_preference: int) -> int:
    """Return the MED that Contrail derives from a local preference."""
    return {0: 0, HIGH: 100, LOW: 200}.get(local_preference, 2**32 - 1 - local_preference)


@dataclass(frozen=True)
class Way:
    """How a compute node or router is reached for a prefix; ``ports`` share the label (None: not known)."""

    next_hop: str | None
    local_preference: int
    med: int
    label: int | None = None
    ports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """A way to a prefix: where it comes from (``origin``), and the networks whose chains ``passed`` it on."""

    way: Way
    source: int
    origin: str | None
    passed: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[Any, ...]:
        """Sorts the best route first."""
        return (
            -self.way.local_preference,
            self.way.med,
            self.source,
            _hop_order(self.way.next_hop),
            len(self.passed),
            self.passed,
        )


def _hop_order(hop: str | None) -> tuple[int, int, str]:
    try:
        parsed = ipaddress.ip_address(hop or "")
    except ValueError:
        return 9, 0, hop or ""
    return parsed.version, int(parsed), ""


@dataclass(frozen=True)
class Prediction:
    """Tables by router and name, in the shape of ``vmx_info``'s ``route_tables``, and how each chain fares.

    A route has also ``ports`` (whose label it is), and one whose prefix nobody knows yet has no ``prefix`` but
    ``address_of``.
    """

    before: Mapping[str, RouteTables]
    after: Mapping[str, RouteTables]
    chains: tuple[EvaluatedChain, ...]


def predict(site: Site) -> Prediction:
    """Return the routers' VRF tables without any service chain (``before``) and with those that stand (``after``)."""
    wanted = wanted_chains(site)
    announced = _Announcements(site)
    chains = tuple(announced.judge(judged) for judged in wanted.chains)
    standing = [judged.chain for judged in chains if judged.reason is None]
    after = _Exchange(site, wanted, announced, standing)
    return Prediction(
        before=_Exchange(site, wanted, announced, []).router_tables(),
        after=after.router_tables(),
        chains=tuple(after.doubt(judged) for judged in chains),
    )


class _Announcements:
    """What the vRouters announce: by network, each address with one way for each compute node."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._carried: dict[str, list[tuple[Address, int]]] = defaultdict(list)
        for service in site.services.values():
            self._carry(service)
        grouped: dict[tuple[str, str, str | None], list[tuple[SitePort, int]]] = defaultdict(list)
        self.family: dict[str, str] = {}
        for port in site.ports.values():
            if not port.up or port.network not in site.networks:
                continue
            own = {address.family for address in port.addresses}
            for address, preference in [
                *((each, LOW if each.key in port.silent else HIGH) for each in port.addresses),
                *self._carried[port.name],
            ]:
                if address.family in own:  # a vRouter announces nothing of a family that the port has no address in
                    self.family[address.key] = address.family
                    fixed = port.local_preference or preference
                    grouped[port.network, address.key, port.compute].append((port, fixed))
        self.ways: dict[str, dict[str, list[Way]]] = defaultdict(lambda: defaultdict(list))
        for (network, prefix, compute), sharing in grouped.items():
            self.ways[network][prefix].append(_shared_way(compute, sharing))

    def _carry(self, service: SiteService) -> None:
        """Note which ports carry the service's addresses, with which preference."""
        for ports in service.tuples:
            for side, name in ports.items():
                port = self._site.ports.get(name)
                for each in service.addresses.get(side, ()):
                    followed = each.tracking is not None and port is not None and each.tracking in port.silent
                    self._carried[name].append((each.address, LOW if followed else HIGH))

    def judge(self, judged: EvaluatedChain) -> EvaluatedChain:
        """Add why a chain is down though it was made: one of its services is not announced, from 5.0 on."""
        if judged.reason or self._site.release < GROUPS_SINCE:
            return judged
        first = self._site.services[judged.chain.services[0]]
        served = [family for family in FAMILIES if first.address("left", family)]
        dead = [next(self._dead(judged.chain, family), None) for family in served]
        if not all(dead):
            return judged
        return EvaluatedChain(judged.chain, f"nobody announces the {dead[0]}, so the whole chain is withdrawn")

    def lives(self, chain: WantedChain, family: str) -> bool:
        """Say whether a chain may offer routes of a family at all."""
        return self._site.release < GROUPS_SINCE or next(self._dead(chain, family), None) is None

    def _dead(self, chain: WantedChain, family: str) -> Iterator[str]:
        for name in chain.services:
            service = self._site.services[name]
            for side in sides_needed(service, chain):
                address = service.address(side, family)
                network = chain.left if side == "left" else chain.right
                if address is not None and not self.ways_to(network, address.address.key):
                    yield f"service address of {name} on its {side} side"

    def ways_to(self, network: str, address: str) -> list[Way]:
        """Return the best ways to a service address in a network, one for each compute node."""
        ways = self.ways.get(network, {}).get(address, [])
        best = max((way.local_preference for way in ways), default=0)
        return [way for way in ways if way.local_preference == best]


def _shared_way(compute: str | None, sharing: list[tuple[SitePort, int]]) -> Way:
    """Return the one way to an address on a compute node; ports that share it have a label of their own."""
    preference = max(preference for _port, preference in sharing)
    ports = tuple(port.short_name for port, _preference in sharing)
    label = sharing[0][0].label if len(sharing) == 1 else None
    return Way(compute, preference, med(preference), label, ports)


@dataclass
class _Outlet:
    """One end of a chain: it offers the routes of ``far`` to whoever imports ``targets``, and to ``near``."""

    near: SiteNetwork
    far: SiteNetwork
    family: str
    address: str
    ways: tuple[Way, ...]
    targets: frozenset[str]
    receivers: frozenset[str]
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def offer(self, candidates: Mapping[str, Route]) -> dict[str, tuple[str, ...]]:
        """Return the prefixes that are offered, each with the networks that it has passed."""
        return {
            prefix: (*route.passed, self.far.name)
            for prefix, route in candidates.items()
            if prefix != self.address
            and (route.origin == self.far.name or route.origin != self.near.name)
            and self.near.name not in route.passed
        }


class _Exchange:
    """The networks' tables, exchanged until nothing changes."""

    def __init__(
        self, site: Site, wanted: WantedChains, announced: _Announcements, standing: list[WantedChain]
    ) -> None:
        self._site = site
        self._announced = announced
        self._family = dict(announced.family)
        self._read_targets(wanted)
        self._outlets = [outlet for chain in standing for outlet in self._outlets_of(chain)]
        self._looping = [outlet for outlet in self._outlets if outlet.far.name in outlet.receivers]
        # network -> prefix -> who brought the routes (-1: they are no chain's) -> routes
        self._tables: dict[str, dict[str, dict[int, list[Route]]]] = {name: {} for name in site.networks}
        self._add_announced()
        self._add_statics()
        self._settle()

    def _read_targets(self, wanted: WantedChains) -> None:
        networks = self._site.networks
        imports = {name: network.targets | network.imports | {network.own_target} for name, network in networks.items()}
        for one, other in wanted.joined:
            imports[one] |= networks[other].all_exports
            imports[other] |= networks[one].all_exports
        self._importers: dict[str, set[str]] = defaultdict(set)
        self._owners: dict[str, set[str]] = defaultdict(set)
        self._exporters: dict[str, list[str]] = defaultdict(list)
        for name, targets in imports.items():
            for target in targets:
                self._importers[target].add(name)
            for target in networks[name].all_exports:
                self._exporters[target].append(name)
                if target in targets:
                    self._owners[target].add(name)

    def _importing(self, targets: Iterable[str]) -> set[str]:
        return {name for target in targets for name in self._importers.get(target, ())}

    def _outlets_of(self, chain: WantedChain) -> Iterable[_Outlet]:
        """Yield the ends of a chain, for each family that is served."""
        networks, services = self._site.networks, self._site.services
        left, right = networks[chain.left], networks[chain.right]
        ends = [("left", left, right, services[chain.services[0]])]
        if chain.both_ways and services[chain.services[-1]].mode != NAT:
            ends.append(("right", right, left, services[chain.services[-1]]))
        for side, near, far, service in ends:
            for family in FAMILIES:
                address = service.address(side, family)
                if address is None or not self._announced.lives(chain, family):
                    continue
                ways = self._announced.ways_to(near.name, address.address.key)
                targets = near.common | ({near.own_target} if near.transit else frozenset())
                receivers = frozenset({near.name, *self._importing(targets)})
                if ways:
                    yield _Outlet(near, far, family, address.address.key, tuple(ways), targets, receivers)

    def _add(self, network: str, prefix: str, bringer: int, routes: list[Route]) -> None:
        self._tables[network].setdefault(prefix, {}).setdefault(bringer, []).extend(routes)

    def _add_announced(self) -> None:
        for name, prefixes in self._announced.ways.items():
            receivers = {name, *self._importing(self._site.networks[name].all_exports)}
            for prefix, ways in prefixes.items():
                routes = [Route(way, _INTERFACE, name) for way in ways]
                for receiver in receivers:
                    self._add(receiver, prefix, -1, routes)

    def _add_statics(self) -> None:
        for router in self._site.routers:
            way = Way(router.address, ROUTER_LOCAL_PREFERENCE, 0)
            for vrf in router.vrfs:
                if vrf.table_label:
                    self._add_statics_of(router, vrf, way)

    def _add_statics_of(self, router: SiteRouter, vrf: SiteVrf, way: Way) -> None:
        known = {name for target in vrf.exports for name in self._owners.get(target, ())}
        for receiver in self._importing(vrf.exports):
            own = receiver if vrf.exports & self._site.networks[receiver].all_exports else None
            origin = next(iter(known)) if len(known) == 1 else own
            for static in vrf.statics:
                if static.family in router.families:
                    self._family[static.prefix] = static.family
                    self._add(receiver, static.prefix, -1, [Route(way, _ROUTER, origin)])

    def _settle(self) -> None:
        """Let the chains offer what their far networks hold until no network's routes change any more.

        A route does not pass a network twice, so there are no more rounds than networks.
        """
        by_far: dict[str, list[int]] = defaultdict(list)
        for index, outlet in enumerate(self._outlets):
            by_far[outlet.far.name].append(index)
        known: dict[str, dict[str, dict[str, Route]]] = {}
        pending = set(by_far)
        for _round in range(len(self._site.networks) + 2):
            fresh = {name: self._candidates(name) for name in pending}
            moved = [name for name in sorted(pending) if fresh[name] != known.get(name)]
            known |= fresh
            pending = set()
            for index in (index for name in moved for index in by_far[name]):
                outlet = self._outlets[index]
                offered = outlet.offer(known[outlet.far.name][outlet.family])
                if offered != outlet.offered:
                    self._replace(index, offered)
                    pending |= outlet.receivers & by_far.keys()
            if not pending:
                return

    def _candidates(self, network: str) -> dict[str, dict[str, Route]]:
        """Return by family the best routes of a network that its chains may offer elsewhere."""
        transit = self._site.networks[network].transit
        found: dict[str, dict[str, Route]] = {family: {} for family in FAMILIES}
        for prefix, brought in self._tables[network].items():
            best = min((route for routes in brought.values() for route in routes), key=lambda route: route.rank)
            if transit or best.origin == network:
                found[self._family[prefix]][prefix] = best
        return found

    def _replace(self, index: int, offered: dict[str, tuple[str, ...]]) -> None:
        """Put what an end of a chain offers into the receivers' tables, in place of what it offered before."""
        outlet = self._outlets[index]
        for receiver in outlet.receivers:
            table = self._tables[receiver]
            for prefix in outlet.offered:
                del table[prefix][index]
                if not table[prefix]:
                    del table[prefix]
            for prefix, passed in offered.items():
                self._add(receiver, prefix, index, _offered_routes(outlet, passed))
        outlet.offered = offered

    def doubt(self, judged: EvaluatedChain) -> EvaluatedChain:
        """Add to a chain that its routes go round in it, where the networks' targets make it so.

        Which of two lasting states the control node then comes to depends on the order of events.
        """
        if judged.reason is not None:
            return judged
        ends = {judged.chain.left, judged.chain.right}
        for outlet in self._looping:
            if {outlet.near.name, outlet.far.name} == ends:
                back = f"{outlet.far.name} imports a route target of {outlet.near.name}"
                text = f"{back}, so its routes come back to it through the chain and the tables may differ"
                return replace(judged, caution=text)
        shared = self._offered_by_both(judged.chain.left, judged.chain.right)
        if shared:
            both = f"{judged.chain.left} and {judged.chain.right} both have {shared} from elsewhere"
            text = f"{both}, so either may pass it on to the other through the chain and the tables may differ"
            return replace(judged, caution=text)
        return judged

    def _offered_by_both(self, left: str, right: str) -> str | None:
        """Return a prefix that each end of a chain has from elsewhere and could offer to the other, if there is one."""
        pairs = {(outlet.near.name, outlet.far.name) for outlet in self._outlets}
        if not {(left, right), (right, left)} <= pairs:
            return None
        return next((prefix for prefix in self._imported(left, right) if prefix in self._imported(right, left)), None)

    def _imported(self, network: str, other: str) -> dict[str, None]:
        """Return the prefixes that a network has by no chain, and that its chains may offer to the other one."""
        transit = self._site.networks[network].transit
        found: dict[str, None] = {}
        for prefix, brought in self._tables[network].items():
            origins = {route.origin for route in brought.get(-1, ())}
            if origins - {other} and (transit or network in origins):
                found[prefix] = None
        return found

    # --- the routers' tables ------------------------------------------------------------------------------

    def router_tables(self) -> dict[str, dict[str, RouteTable]]:
        """Return by router and table name the tables of its VRFs."""
        offering: dict[str, list[_Outlet]] = defaultdict(list)
        for outlet in self._outlets:
            for target in outlet.targets:
                offering[target].append(outlet)
        return {router.name: self._tables_of(router, offering) for router in self._site.routers}

    def _tables_of(self, router: SiteRouter, offering: Mapping[str, list[_Outlet]]) -> dict[str, RouteTable]:
        leaking: dict[str, list[SiteVrf]] = defaultdict(list)
        for vrf in router.vrfs:
            for target in vrf.exports if vrf.auto_export else ():
                leaking[target].append(vrf)
        tables: dict[str, RouteTable] = {}
        for vrf in router.vrfs:
            rows = [_static_row(static) for static in vrf.statics]
            sources = {each.name: each for target in vrf.imports for each in leaking.get(target, ())}
            for source in sources.values():
                if source is not vrf:
                    shared = source.auto_export & vrf.auto_export
                    rows += [_static_row(static) for static in source.statics if static.family in shared]
            rows += self._learned_rows(vrf)
            outlets = {id(outlet): outlet for target in vrf.imports for outlet in offering.get(target, ())}
            for outlet in outlets.values():
                for prefix in outlet.offered:
                    rows += [self._learned_row(prefix, way) for way in outlet.ways]
            tables |= self._by_table(router, vrf, rows)
        return tables

    def _learned_rows(self, vrf: SiteVrf) -> list[RouteRow]:
        exporters = dict.fromkeys(name for target in vrf.imports for name in self._exporters.get(target, ()))
        return [
            self._learned_row(prefix, way)
            for name in exporters
            for prefix, ways in self._announced.ways.get(name, {}).items()
            for way in ways
        ]

    def _learned_row(self, prefix: str, way: Way) -> RouteRow:
        known = not prefix.startswith("?")
        return {
            "prefix": prefix if known else None,
            "address_of": None if known else prefix[1:],
            "family": self._family[prefix],
            "protocol": "BGP",
            "preference": BGP_PREFERENCE,
            "active": False,
            "med": way.med,
            "local_preference": way.local_preference,
            "label": way.label,
            "ports": list(way.ports),
            "to_table": None,
            "next_hop": way.next_hop,
        }

    def _by_table(self, router: SiteRouter, vrf: SiteVrf, rows: list[RouteRow]) -> dict[str, RouteTable]:
        by_family: dict[str, dict[str, list[RouteRow]]] = {family: {} for family in FAMILIES}
        for row in rows:
            family = row["family"]
            carried = row["protocol"] != "BGP" or (family in router.families and not self._is_martian(row))
            if carried:
                key = row["prefix"] or f"?{row['address_of']}"
                by_family[family].setdefault(key, []).append(row)
        return {
            f"{vrf.name}.{family}.0": _table(destinations) for family, destinations in by_family.items() if destinations
        }

    def _is_martian(self, row: RouteRow) -> bool:
        if row["prefix"] is None:  # of what nobody knows, only service addresses of 0.0.0.0/8 are sure to be
            service = (row["address_of"] or "").startswith("service address")
            return service and row["family"] == "inet" and self._site.release >= FLAT_ADDRESSES_SINCE
        network = ipaddress.ip_network(row["prefix"])
        return any(network.subnet_of(martian) for martian in MARTIANS[row["family"]])  # type: ignore[arg-type]


def _offered_routes(outlet: _Outlet, passed: tuple[str, ...]) -> list[Route]:
    return [Route(way, _CHAIN, outlet.far.name, passed) for way in outlet.ways]


def _static_row(static: SiteStatic) -> RouteRow:
    return {
        "prefix": static.prefix,
        "address_of": None,
        "family": static.family,
        "protocol": "Static",
        "preference": static.preference,
        "active": False,
        "med": None,
        "local_preference": None,
        "label": None,
        "ports": [],
        "to_table": static.to_table,
        "next_hop": ", ".join(static.next_hops) or None,
    }


def _table(destinations: dict[str, list[RouteRow]]) -> RouteTable:
    """Return a table with its routes in order, the active one of each destination first."""
    routes: list[RouteRow] = []
    for key in sorted(destinations, key=_prefix_order):
        ordered = sorted(destinations[key], key=_row_order)
        for position, row in enumerate(ordered):
            shown = row.copy()
            del shown["family"]
            shown["active"] = position == 0
            routes.append(shown)
    return {"exists": True, "destinations": len(destinations), "routes": routes}


def _prefix_order(prefix: str) -> tuple[int, int, int, str]:
    if prefix.startswith("?"):
        return 9, 0, 0, prefix
    network = ipaddress.ip_network(prefix)
    return network.version, int(network.network_address), network.prefixlen, ""


def _row_order(row: RouteRow) -> tuple[Any, ...]:
    return (
        row["preference"],
        -(row["local_preference"] or 0),
        row["med"] or 0,
        _hop_order(row["next_hop"]),
        row["label"] or 0,
        row["ports"],
    )
