# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From terms and routes of routers to what is behind them.

Which traffic enters a chain is what the terms take; a static route of the VRF says how it comes back. A prefix is
taken over where the data model would make exactly the terms that are there. A term that it would not make is left out,
and with it what it steers: nothing is put beside it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...values.protocols import junos_protocol
from ..design.derive import derived_term, steered_traffic, usual_priority
from ..intent.model import Chain, Match, family_of
from .described import DescribedExternal
from .objects import Item, Known, bare, given, targets_both_ways

MATCHED_KEYS = ("source", "destination", "protocol", "source_ports", "destination_ports")
TERM_KEYS = frozenset(("filter", "family", "name", "priority", "counter", *MATCHED_KEYS))
"""What of a term the data model can say, or (the counter) leaves alone without an effect on traffic."""

TrafficKey = tuple[str, str, str, frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class Entry:
    """A prefix behind a router that enters a chain on a side, and the terms that steer it, if there are any."""

    router: str
    network: str
    prefix: str
    chain: Chain
    word: str
    terms: tuple[Item, ...]
    matches: tuple[Match, ...]
    base: str | None

    @property
    def place(self) -> tuple[str, str]:
        """Family and name of the filter; only where there are terms."""
        return str(self.terms[0].get("family") or "inet"), str(self.terms[0]["filter"])


@dataclass
class Gateway:
    """The part of one router that serves the networks of the chains: VRFs, the terms that feed these, filters."""

    name: str
    gathered: Item
    known: Known
    networks: Iterable[str]
    vrfs: dict[str, Item] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hindrances = list(self.gathered.get("hindrances") or ())
        self._owners = {
            target: network
            for network in self.networks
            for target in targets_both_ways(self.known.networks.get(network, {}))
        }
        self._find_vrfs()

    def _tell(self, words: str) -> None:
        self.known.remarks.append(f"{self.name}: {words}")

    # --- VRFs ---

    def _find_vrfs(self) -> None:
        """Find the VRF of each network; what cannot be one is told, where it matters to the chains."""
        hindered = {each["vrf"]: each["reason"] for each in self._hindrances if not each.get("term")}
        found: dict[str, list[Item]] = {}
        for vrf in self.gathered.get("config") or ():
            network = self._owners.get(vrf_target(vrf) or "")
            related = network or next((self._owners[each] for each in _targets(vrf) if each in self._owners), None)
            reason = hindered.get(vrf["name"]) or self._unfit(vrf)
            if reason is None and network is not None:
                found.setdefault(network, []).append(vrf)
            elif reason is not None and (related or self._steers(vrf)):
                self._tell(f"VRF {vrf['name']} is left out: {reason}")
        there = {vrf["name"] for vrf in self.gathered.get("config") or ()}
        for each in self._hindrances:
            if not each.get("term") and each["vrf"] not in there and self._owners.keys() & set(each["targets"]):
                self._tell(f"VRF {each['vrf']} is left out: {each['reason']}")
        for network, vrfs in found.items():
            if len(vrfs) > 1:
                names = " and ".join(str(vrf["name"]) for vrf in vrfs)
                self._tell(f"VRFs {names} are left out: both have a route target of {self.known.short(network)}")
            else:
                self.vrfs[network] = vrfs[0]

    def _steers(self, vrf: Item) -> bool:
        return bool(vrf.get("steering")) or any(each["vrf"] == vrf["name"] for each in self._hindrances)

    def _unfit(self, vrf: Item) -> str | None:
        """Return why a VRF cannot be described, if it cannot."""
        policies = [*(vrf.get("import_policies") or ()), *(vrf.get("export_policies") or ())]
        if policies:
            return f"policies ({', '.join(map(str, policies))}) choose its routes, so its network is not known"
        if vrf_target(vrf) is None and _targets(vrf):
            return "it imports and exports different route targets"
        return None

    # --- what enters ---

    def find_entries(
        self, chains: Mapping[str, tuple[Chain, bool]], ends: Mapping[str, Sequence[tuple[str, str]]]
    ) -> None:
        """Find the prefixes that enter the chains here.

        :param chains: by policy its chain, and whether the way back passes the services.
        :param ends: by network the policies that end in it, each with the side.
        """
        for network, vrf in self.vrfs.items():
            self._enter(network, vrf, [(chains[policy][0], word, chains[policy][1]) for policy, word in ends[network]])

    def _enter(self, network: str, vrf: Item, sides: Sequence[tuple[Chain, str, bool]]) -> None:
        terms = self._usable_terms(vrf)
        routes = {
            str(route["prefix"]): route for route in vrf.get("static_routes") or () if _is_prefix(str(route["prefix"]))
        }
        routed = [prefix for prefix, route in routes.items() if route.get("next_table") == f"{family_of(prefix)}.0"]
        sources = list(dict.fromkeys(key[0] for key in terms))
        before = len(self.entries)
        for prefix in dict.fromkeys([*routed, *sources]):
            if prefix in routes and prefix not in routed:
                continue
            for chain, word, returns in sides:
                if (word == "left" or returns) and self._steered(network, prefix, chain, word, terms):
                    break
        entered = {entry.prefix for entry in self.entries[before:]}
        idle = [(chain, word) for chain, word, returns in sides if word == "right" and not returns]
        for prefix in routed if idle else ():
            if prefix not in entered and not any(_overlap(prefix, key[0]) for key in terms):
                self.entries.append(Entry(self.name, network, prefix, *idle[0], (), (), None))
                entered.add(prefix)
        self._tell_routes(vrf, routed, entered, routes)
        self._tell_terms(vrf, terms, routes)
        if entered:
            self._tell_asides(vrf, [route for route in routes if route not in routed])

    def _tell_asides(self, vrf: Item, elsewhere: Sequence[str]) -> None:
        """Tell what a VRF that is taken over, and its terms, have besides."""
        name = vrf["name"]
        if elsewhere:
            self._tell(f"VRF {name} also has static routes to {', '.join(elsewhere)}, which are left alone")
        taken = {(*entry.place, term["name"]) for entry in self.entries for term in entry.terms}
        for each in self.gathered.get("asides") or ():
            words = f"also has {each['what']}, for which the data model has no key; the site leaves that alone"
            if each["vrf"] == name and not each.get("term"):
                self._tell(f"VRF {name} {words}")
            elif each["vrf"] == name and (each["family"], each["filter"], each["term"]) in taken:
                self._tell(f"term {each['term']} of filter {each['filter']} {words}")

    def _usable_terms(self, vrf: Item) -> dict[TrafficKey, Item]:
        """Return by what they take the terms that feed a VRF and can be described; tell of the others."""
        hindered = {
            (each["filter"], each["family"], each["term"]): each["reason"]
            for each in self._hindrances
            if each["vrf"] == vrf["name"] and each.get("term")
        }
        terms = {
            (term["filter"], term.get("family") or "inet", term["name"]): term for term in vrf.get("steering") or ()
        }
        found: dict[TrafficKey, Item] = {}
        for place in dict.fromkeys([*terms, *hindered]):
            reason = hindered.get(place) or unfit_term(terms[place])
            key = term_key(terms[place]) if reason is None else None
            if key is not None and key in found:
                reason = f"it takes the same as term {found[key]['name']}"
            if reason is not None:
                self._leave(vrf, place[2], place[0], reason)
            elif key is not None:
                found[key] = terms[place]
        return found

    def _leave(self, vrf: Item, term: Any, filter_: Any, reason: str) -> None:
        self._tell(f"term {term} of filter {filter_}, which steers into VRF {vrf['name']}, is left out: {reason}")

    def _steered(self, network: str, prefix: str, chain: Chain, word: str, terms: dict[TrafficKey, Item]) -> bool:
        """Take over a prefix where the terms are there that the data model would make for it; tell whether it was."""
        wanted = list(steered_traffic(chain, word, prefix))
        keys = [match_key(source, match) for _suffix, source, match in wanted]
        found = [terms[key] for key in keys if key in terms]
        if not wanted or len(found) < len(keys):
            return False
        names = [str(term["name"]) for term in found]
        base = names[0].removesuffix(wanted[0][0]) if wanted[0][0] else names[0]
        places = {(term["filter"], term.get("family") or "inet") for term in found}
        if names != [f"{base}{suffix}" for suffix, _source, _match in wanted] or len(places) > 1:
            return False
        for key in keys:
            del terms[key]
        matches = tuple(match for _suffix, _source, match in wanted)
        self.entries.append(Entry(self.name, network, prefix, chain, word, tuple(found), matches, base))
        return True

    def _tell_routes(self, vrf: Item, routed: Sequence[str], entered: set[str], routes: Mapping[str, Item]) -> None:
        for prefix in sorted(entered - set(routes)):
            held = next((f" ({each} holds it)" for each in routed if _holds(each, prefix)), "")
            self._tell(f"{prefix} has no static route of its own in VRF {vrf['name']}{held}; the site will add it")
        for prefix in routed:
            if prefix not in entered and not any(_holds(prefix, each) for each in entered):
                self._tell(
                    f"the static route to {prefix} in VRF {vrf['name']} is left out: no term that can be described"
                    " steers from there"
                )

    def _tell_terms(self, vrf: Item, terms: Mapping[TrafficKey, Item], routes: Mapping[str, Item]) -> None:
        """Tell of the terms that no chain accounts for."""
        for key, term in terms.items():
            elsewhere = routes.get(key[0])
            if elsewhere is not None and elsewhere.get("next_table") != f"{family_of(key[0])}.0":
                reason = f"the VRF's static route to {key[0]} leads elsewhere than to {family_of(key[0])}.0"
            else:
                reason = (
                    "no chain of its network would make exactly it; a chain steers each `match` from a source by a term"
                    " of one name, with -1, -2 and so on at its end where there are several"
                )
            self._leave(vrf, term["name"], term["filter"], reason)

    # --- the router as the data model has it ---

    @property
    def serves(self) -> bool:
        """Return whether anything of the chains is behind the router."""
        return bool(self.entries)

    @property
    def _used(self) -> list[tuple[str, str]]:
        return list(dict.fromkeys(entry.place for entry in self.entries if entry.terms))

    @property
    def _has_own_order(self) -> bool:
        """Return whether the terms stand in an order that usual priorities and their names would not give."""
        for place in self._used:
            terms = [
                (int(term.get("priority") or 0), usual_priority(match), str(term["name"]))
                for entry in self.entries
                if entry.terms and entry.place == place
                for term, match in zip(entry.terms, entry.matches, strict=True)
            ]
            usual = [each[1:] for each in sorted(terms)]
            if usual != sorted(usual):
                return True
        return False

    def steering(self, entry: Entry) -> DescribedExternal:
        """Return what the data model says of the terms of an entry."""
        if not entry.terms:
            return {}
        rivals = [name for family, name in self._used if family == entry.place[0]]
        found: DescribedExternal = {}
        if entry.base is not None and entry.base != derived_term(entry.chain, entry.prefix):
            found["term"] = entry.base
        if len(rivals) > 1:
            found["filter"] = entry.place[1]
        if self._has_own_order and entry.terms[0].get("priority") is not None:
            found["priority"] = entry.terms[0]["priority"]
        return found

    def ordered_entries(self) -> Iterator[Entry]:
        """Yield the entries, those with terms first, in the order of these."""
        yield from sorted(
            self.entries, key=lambda entry: (not entry.terms, entry.terms[0].get("priority", 0) if entry.terms else 0)
        )

    @property
    def described(self) -> Item:
        """The router as the data model has it."""
        used = {entry.network: self.vrfs[entry.network] for entry in self.entries}
        marks = [bool(vrf.get("mark")) for vrf in used.values()]
        filters = {(each.get("family") or "inet", each["name"]): each for each in self.gathered.get("filters") or ()}
        return given(
            {
                "filters": [_filter(filters[place]) for place in sorted(self._used) if place in filters],
                "vrfs": given({self.known.key(network): self._vrf(network, vrf) for network, vrf in used.items()}),
                "mark": True if marks and all(marks) else None,
            }
        )

    def _vrf(self, network: str, vrf: Item) -> Item:
        name = vrf["name"] if vrf["name"] != self.known.key(network) else None
        return given(
            {
                "name": name,
                "description": vrf.get("description"),
                "route_distinguisher": vrf.get("route_distinguisher"),
                "interfaces": list(vrf.get("interfaces") or ()),
                "table_label": None if vrf.get("table_label") else False,
            }
        )


def _filter(given_: Item) -> Item:
    plain = {"family": "inet", "default_term": "default"}
    told = ("name", "family", "interfaces", "default_term")
    shown = {key: given_[key] for key in told if given_.get(key) and plain.get(key) != given_[key]}
    if given_.get("default") == "accept":
        return shown
    return {**{key: value for key, value in shown.items() if key != "default_term"}, "default": "none"}


def vrf_target(vrf: Item) -> str | None:
    """Return the route target that a VRF both imports and exports; one equal target for each direction is that, too."""
    if vrf.get("route_target"):
        return bare(vrf["route_target"])
    imported, exported = (
        [bare(each) for each in vrf.get(key) or ()] for key in ("import_route_targets", "export_route_targets")
    )
    return imported[0] if len(imported) == 1 and imported == exported else None


def _targets(vrf: Item) -> list[str]:
    every = [
        vrf.get("route_target"),
        *(vrf.get("import_route_targets") or ()),
        *(vrf.get("export_route_targets") or ()),
    ]
    return [bare(each) for each in every if each]


def unfit_term(term: Item) -> str | None:
    """Return why the data model has no words for a term, if it has none."""
    more = sorted(key for key, value in term.items() if key not in TERM_KEYS and value)
    if more:
        return f"it matches by {' and '.join(more)}, for which the data model has no key"
    for key, most in (("source", "each source"), ("destination", "one destination"), ("protocol", "one protocol")):
        values = term.get(key) or ()
        if len(values) > 1:
            return f"it has {len(values)} values of {key}; the data model has a term for {most}"
    if not term.get("source"):
        return "it matches no source, so it steers whatever comes in by the interface"
    if not _is_prefix(str(term["source"][0])):
        return f"its source {term['source'][0]} has bits set behind its length"
    return None


def term_key(term: Item) -> TrafficKey:
    """Return what a term takes, in one form."""
    source, destination, protocol = ((term.get(key) or [""])[0] for key in ("source", "destination", "protocol"))
    ports = (frozenset(map(str, term.get(key) or ())) for key in ("source_ports", "destination_ports"))
    return (str(source), str(destination), _protocol(str(protocol) or "any"), *ports)  # type: ignore[return-value]


def match_key(source: str, match: Match) -> TrafficKey:
    """Return what the term takes that is made for a match, in the form of :func:`term_key`."""
    ports = (frozenset(map(str, each)) for each in (match.source_ports, match.destination_ports))
    return (source, match.destination or "", _protocol(match.protocol), *ports)  # type: ignore[return-value]


def _protocol(word: str) -> str:
    try:
        return junos_protocol(word)
    except ValueError:
        return word


def _is_prefix(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _holds(outer: str, inner: str) -> bool:
    """Tell whether a prefix holds another one."""
    first, second = ipaddress.ip_network(outer), ipaddress.ip_network(inner)
    return first.version == second.version and second.subnet_of(first)  # type: ignore[arg-type]


def _overlap(prefix: str, other: str) -> bool:
    return _holds(prefix, other) or _holds(other, prefix)
