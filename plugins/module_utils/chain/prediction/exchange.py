# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control node's part: routes that networks and chains pass on to each other."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .announcements import Announcements, Way
from .site import (
    FAMILIES,
    NAT,
    Site,
    SiteNetwork,
    SiteRouter,
    SiteVrf,
)
from .wanted_chains import EvaluatedChain, WantedChain, WantedChains

ROUTER_LOCAL_PREFERENCE = 100
_INTERFACE, _CHAIN, _ROUTER = range(3)  # in this order the control node prefers what it learned otherwise alike


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
            hop_order(self.way.next_hop),
            len(self.passed),
            self.passed,
        )


def hop_order(hop: str | None) -> tuple[int, int, str]:
    """Return what sorts next hops: addresses by their number, others behind them."""
    try:
        parsed = ipaddress.ip_address(hop or "")
    except ValueError:
        return 9, 0, hop or ""
    return parsed.version, int(parsed), ""


@dataclass
class Outlet:
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


class Exchange:
    """The networks' tables, exchanged until nothing changes."""

    def __init__(self, site: Site, wanted: WantedChains, announced: Announcements, standing: list[WantedChain]) -> None:
        self.site = site
        self.announced = announced
        self.family = dict(announced.family)
        self._read_targets(wanted)
        self.outlets = [outlet for chain in standing for outlet in self._outlets_of(chain)]
        self._looping = [outlet for outlet in self.outlets if outlet.far.name in outlet.receivers]
        # network -> prefix -> who brought the routes (-1: they are no chain's) -> routes
        self._tables: dict[str, dict[str, dict[int, list[Route]]]] = {name: {} for name in site.networks}
        self._add_announced()
        self._add_statics()
        self._settle()

    def _read_targets(self, wanted: WantedChains) -> None:
        networks = self.site.networks
        imports = {name: network.targets | network.imports | {network.own_target} for name, network in networks.items()}
        for one, other in wanted.joined:
            imports[one] |= networks[other].all_exports
            imports[other] |= networks[one].all_exports
        self._importers: dict[str, set[str]] = defaultdict(set)
        self._owners: dict[str, set[str]] = defaultdict(set)
        self.exporters: dict[str, list[str]] = defaultdict(list)
        for name, targets in imports.items():
            for target in targets:
                self._importers[target].add(name)
            for target in networks[name].all_exports:
                self.exporters[target].append(name)
                if target in targets:
                    self._owners[target].add(name)

    def _importing(self, targets: Iterable[str]) -> set[str]:
        return {name for target in targets for name in self._importers.get(target, ())}

    def _outlets_of(self, chain: WantedChain) -> Iterable[Outlet]:
        """Yield the ends of a chain, for each family that is served."""
        networks, services = self.site.networks, self.site.services
        left, right = networks[chain.left], networks[chain.right]
        ends = [("left", left, right, services[chain.services[0]])]
        if chain.both_ways and services[chain.services[-1]].mode != NAT:
            ends.append(("right", right, left, services[chain.services[-1]]))
        for side, near, far, service in ends:
            for family in FAMILIES:
                address = service.address(side, family)
                if address is None or not self.announced.lives(chain, family):
                    continue
                ways = self.announced.ways_to(near.name, address.address.key)
                targets = near.common | ({near.own_target} if near.transit else frozenset())
                receivers = frozenset({near.name, *self._importing(targets)})
                if ways:
                    yield Outlet(near, far, family, address.address.key, tuple(ways), targets, receivers)

    def _add(self, network: str, prefix: str, bringer: int, routes: list[Route]) -> None:
        self._tables[network].setdefault(prefix, {}).setdefault(bringer, []).extend(routes)

    def _add_announced(self) -> None:
        for name, prefixes in self.announced.ways.items():
            receivers = {name, *self._importing(self.site.networks[name].all_exports)}
            for prefix, ways in prefixes.items():
                routes = [Route(way, _INTERFACE, name) for way in ways]
                for receiver in receivers:
                    self._add(receiver, prefix, -1, routes)

    def _add_statics(self) -> None:
        for router in self.site.routers:
            way = Way(router.address, ROUTER_LOCAL_PREFERENCE, 0)
            for vrf in router.vrfs:
                if vrf.table_label:
                    self._add_statics_of(router, vrf, way)

    def _add_statics_of(self, router: SiteRouter, vrf: SiteVrf, way: Way) -> None:
        known = {name for target in vrf.exports for name in self._owners.get(target, ())}
        for receiver in self._importing(vrf.exports):
            own = receiver if vrf.exports & self.site.networks[receiver].all_exports else None
            origin = next(iter(known)) if len(known) == 1 else own
            for static in vrf.statics:
                if static.family in router.families:
                    self.family[static.prefix] = static.family
                    self._add(receiver, static.prefix, -1, [Route(way, _ROUTER, origin)])

    def _settle(self) -> None:
        """Let the chains offer what their far networks hold until no network's routes change any more.

        A route does not pass a network twice, so there are no more rounds than networks.
        """
        by_far: dict[str, list[int]] = defaultdict(list)
        for index, outlet in enumerate(self.outlets):
            by_far[outlet.far.name].append(index)
        known: dict[str, dict[str, dict[str, Route]]] = {}
        pending = set(by_far)
        for _round in range(len(self.site.networks) + 2):
            fresh = {name: self._candidates(name) for name in pending}
            moved = [name for name in sorted(pending) if fresh[name] != known.get(name)]
            known |= fresh
            pending = set()
            for index in (index for name in moved for index in by_far[name]):
                outlet = self.outlets[index]
                offered = outlet.offer(known[outlet.far.name][outlet.family])
                if offered != outlet.offered:
                    self._replace(index, offered)
                    pending |= outlet.receivers & by_far.keys()
            if not pending:
                return

    def _candidates(self, network: str) -> dict[str, dict[str, Route]]:
        """Return by family the best routes of a network that its chains may offer elsewhere."""
        transit = self.site.networks[network].transit
        found: dict[str, dict[str, Route]] = {family: {} for family in FAMILIES}
        for prefix, brought in self._tables[network].items():
            best = min((route for routes in brought.values() for route in routes), key=lambda route: route.rank)
            if transit or best.origin == network:
                found[self.family[prefix]][prefix] = best
        return found

    def _replace(self, index: int, offered: dict[str, tuple[str, ...]]) -> None:
        """Put what an end of a chain offers into the receivers' tables, in place of what it offered before."""
        outlet = self.outlets[index]
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
        pairs = {(outlet.near.name, outlet.far.name) for outlet in self.outlets}
        if not {(left, right), (right, left)} <= pairs:
            return None
        return next((prefix for prefix in self._imported(left, right) if prefix in self._imported(right, left)), None)

    def _imported(self, network: str, other: str) -> dict[str, None]:
        """Return the prefixes that a network has by no chain, and that its chains may offer to the other one."""
        transit = self.site.networks[network].transit
        found: dict[str, None] = {}
        for prefix, brought in self._tables[network].items():
            origins = {route.origin for route in brought.get(-1, ())}
            if origins - {other} and (transit or network in origins):
                found[prefix] = None
        return found


def _offered_routes(outlet: Outlet, passed: tuple[str, ...]) -> list[Route]:
    return [Route(way, _CHAIN, outlet.far.name, passed) for way in outlet.ways]
