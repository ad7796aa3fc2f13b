# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One chain with everything that was read about it, under the names by which steps ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...contrail.codec.scope import Scope
from ...values.faults import IntentError
from ...values.reading import route_target
from ..design.derive import entries_behind, steering_terms, vrf_of
from ..design.design import ExpectedRoutes
from ..intent.model import CHAINS, NAT, Chain, External, Intent
from .evidence import Evidence, FqName, RouterEvidence, Stored
from .objects_to_read import ADDRESS, NETWORK, PORT, SERVICE, TUPLE, named_in
from .terms import FoundTerm, TermKey, Wanted, find_terms

SIDES = ("left", "right")


@dataclass(frozen=True)
class PortFacts:
    """A port of a service: its side (None: it does not say), network, machine, and its addresses by whether they are
    service addresses."""

    name: FqName
    uuid: str
    side: str | None
    network: FqName | None
    machine: FqName | None
    own: tuple[str, ...]
    shared: tuple[str, ...]


@dataclass(frozen=True)
class RouterSide:
    """A side of the chain behind a router: its word, its VRF, and the external prefixes that enter there."""

    word: str
    network: FqName
    vrf: str
    externals: tuple[External, ...]


@dataclass(frozen=True)
class Setting:
    """The setting of all chains: intent, design, names, what was read, and parsed steering terms.

    ``terms`` are by router those that the data model asks for: by (family, filter, name) values and VRF. ``expected``
    is by router and chain what ``derive`` says that the chain brings into the router's tables.
    """

    intent: Intent
    scope: Scope
    evidence: Evidence
    terms: Mapping[str, Wanted]
    expected: Mapping[str, Mapping[str, Sequence[ExpectedRoutes]]]

    @cached_property
    def steering(self) -> Mapping[str, Mapping[TermKey, FoundTerm]]:
        """Return the terms that do the work of the wanted ones, by router; only of routers whose filters were read."""
        return {
            name: find_terms(facts.filters, self.terms.get(name, {}))
            for name, facts in self.evidence.routers.items()
            if facts.filters is not None
        }


class DiagnosedChain:
    """One chain."""

    def __init__(self, setting: Setting, chain: Chain) -> None:
        self.setting = setting
        self.chain = chain
        self.objects = setting.evidence.objects
        self.daemons = setting.evidence.daemons
        self._tuples: dict[FqName, dict[FqName, list[PortFacts]]] = {}

    # --- names ---

    @property
    def path(self) -> str:
        """The path of the chain in the data model."""
        return f"{CHAINS}.{self.chain.name}"

    def shown(self, name: FqName | str) -> str:
        """Return a full name as short as domain and project allow."""
        parts = tuple(name.split(":")) if isinstance(name, str) else name
        own = (self.setting.scope.domain, self.setting.scope.project)
        return ":".join(parts[2:] if parts[:2] == own and len(parts) > 2 else parts)

    @cached_property
    def policy(self) -> FqName:
        """The full name of the chain's policy."""
        return self.setting.scope.name("network-policy", self.chain.full_name)

    @cached_property
    def networks(self) -> dict[str, FqName]:
        """The full names of the networks, by side."""
        networks = self.setting.intent.networks
        return {
            word: self.setting.scope.name(NETWORK, networks[side.network].full_name)
            for word, side, _far in self.chain.sides
        }

    @cached_property
    def services(self) -> list[FqName]:
        """The full names of the services, in order."""
        services = self.setting.intent.services
        return [self.setting.scope.name(SERVICE, services[name].full_name) for name in self.chain.services]

    def far(self, word: str) -> FqName:
        """Return the network on the other end."""
        return self.networks["right" if word == "left" else "left"]

    @cached_property
    def returns(self) -> bool:
        """Return whether the way back goes through the services too."""
        return self.chain.direction == "both" and not self.is_nat(len(self.services) - 1)

    def is_nat(self, position: int) -> bool:
        """Return whether the service at a position translates addresses, and so has no instance on its right."""
        return self.setting.intent.services[self.chain.services[position]].mode == NAT

    @property
    def ways(self) -> tuple[str, ...]:
        """The sides whose routes lead through the services: both, or the left one only."""
        return SIDES if self.returns else SIDES[:1]

    # --- services and their ports ---

    def needed_sides(self, position: int) -> tuple[str, ...]:
        """Return the sides on which the service at a position must have a port."""
        one_way = self.chain.direction != "both" or self.is_nat(position)
        return SIDES[:1] if one_way else SIDES

    def tuples(self, service: FqName) -> dict[FqName, list[PortFacts]]:
        """Return the ports of a service by port tuple."""
        if service not in self._tuples:
            self._tuples[service] = self._read_tuples(service)
        return self._tuples[service]

    def _read_tuples(self, service: FqName) -> dict[FqName, list[PortFacts]]:
        stored = self.objects.get(SERVICE, service)
        return {
            name: [self._port(port) for port in named_in(self.objects.get(TUPLE, name), f"{_field(PORT)}_back_refs")]
            for name in sorted(named_in(stored, "port_tuples"))
        }

    def ports(self, service: FqName, side: str) -> list[PortFacts]:
        """Return the ports of a service on one side."""
        return [port for ports in self.tuples(service).values() for port in ports if port.side == side]

    def _port(self, name: FqName) -> PortFacts:
        stored = self.objects.get(PORT, name) or {}
        properties: Any = stored.get("virtual_machine_interface_properties") or {}
        addresses = [self.objects.get(ADDRESS, each) or {} for each in named_in(stored, f"{_field(ADDRESS)}_back_refs")]
        known = [(str(each["instance_ip_address"]), each) for each in addresses if each.get("instance_ip_address")]
        return PortFacts(
            name=name,
            uuid=str(stored.get("uuid") or ""),
            side=properties.get("service_interface_type") or None,
            network=next(iter(named_in(stored, f"{_field(NETWORK)}_refs")), None),
            machine=next(iter(named_in(stored, "virtual_machine_refs")), None),
            own=tuple(address for address, each in known if not each.get("service_instance_ip")),
            shared=tuple(address for address, each in known if each.get("service_instance_ip")),
        )

    # --- routers ---

    @cached_property
    def routers(self) -> dict[str, tuple[RouterSide, ...]]:
        """The routers that prefixes of the chain are behind, with the sides that they serve."""
        intent = self.setting.intent
        found: dict[str, tuple[RouterSide, ...]] = {}
        for router in intent.routers.values():
            behind: dict[str, list[External]] = {}
            for _chain, word, _side, external in entries_behind(intent, [self.chain], router):
                behind.setdefault(word, []).append(external)
            sides = tuple(
                RouterSide(word, self.networks[word], vrf_of(router, side.network).name, tuple(behind[word]))
                for word, side, _far in self.chain.sides
                if word in behind
            )
            if sides:
                found[router.name] = sides
        return found

    def facts(self, subject: str) -> Iterator[tuple[RouterEvidence, tuple[RouterSide, ...]]]:
        """Yield the routers of the chain of which a subject (an attribute of their facts) was read."""
        for name, sides in self.routers.items():
            facts = self.setting.evidence.routers.get(name)
            if facts is not None and getattr(facts, subject) is not None:
                yield facts, sides

    def wanted_terms(self, router: str) -> Iterator[tuple[TermKey, Mapping[str, Any], str]]:
        """Yield the steering terms of the chain on a router: (family, filter, name), what they match, and their VRF."""
        intent = self.setting.intent
        known = self.setting.terms.get(router, {})
        seen: set[TermKey] = set()
        for chain, word, _side, external in entries_behind(intent, [self.chain], intent.routers[router]):
            if word in self.ways:
                for term in steering_terms(chain, word, intent.routers[router], external):
                    key = (term["family"], term["filter"], term["name"])
                    if key in known and key not in seen:
                        seen.add(key)
                        yield key, *known[key]

    def expected(self, router: str) -> Sequence[ExpectedRoutes]:
        """Return what the chain must bring into the tables of a router."""
        return self.setting.expected.get(router, {}).get(self.chain.name, ())


def _field(kind: str) -> str:
    return kind.replace("-", "_")


def targets_of(network: Stored | None) -> set[str]:
    """Return the route targets that a network both imports and exports, as ``64512:1``."""
    both, imports, exports = (
        _targets((network or {}).get(key))
        for key in ("route_target_list", "import_route_target_list", "export_route_target_list")
    )
    return both | (imports & exports)


def _targets(listed: Any) -> set[str]:
    return normal_targets((listed or {}).get("route_target") or ())


def normal_targets(written: Sequence[str]) -> set[str]:
    """Return route targets in their one spelling; what nobody can write, such as target:0:0, is left out."""
    found: set[str] = set()
    for each in written:
        try:
            found.add(route_target(each, ""))
        except IntentError:
            continue
    return found
