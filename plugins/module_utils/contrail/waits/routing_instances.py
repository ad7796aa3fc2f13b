# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait for the routing instances of service chains.

The schema transformer makes a routing instance for each service in each network of a chain, named
``service-<chain uuid>-<service name, parts joined by _>``.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from ..codec.codec import get_path
from ..codec.scope import Json
from ..codec.values import FqName, joined
from ..kinds import NETWORK_POLICY, SERVICE_INSTANCE, VIRTUAL_NETWORK
from ..kinds.config import Item, Key
from ..plan.snapshot import Snapshot
from .object_reader import ObjectReader, by_name, names_in
from .policy_chains import (
    HalfChain,
    PolicyChain,
    attached,
    chains_of,
    described_by,
    halves_of,
    has_service,
    rules_of,
    same_chain,
)


class ServiceRoutingInstances:
    """The wait for the routing instances that the schema transformer makes for a policy's services."""

    FIELDS: Mapping[str, Sequence[str]] = {
        NETWORK_POLICY.kind: ("network_policy_entries", "virtual_network_back_refs"),
        VIRTUAL_NETWORK.kind: ("network_policy_refs", "routing_instances"),
        SERVICE_INSTANCE.kind: ("service_template_refs",),
        "service-template": ("service_template_properties",),
    }
    """What is read, by kind."""

    def __init__(self, reader: ObjectReader, items: Sequence[Item], before: Snapshot) -> None:
        self._reader = reader
        self._items = items
        self._own = {item.fq_name for item in items}
        self._stored_before = [before.look(NETWORK_POLICY.kind, item.fq_name) for item in items]
        self._nat: dict[str, bool] = {}

    def appear(self) -> list[str]:
        """Say in which networks a service of the policies has no routing instance yet, or one that has to go.

        Where only one of a rule's networks has the policy, the schema transformer never builds the chain, and says
        nothing. Where none has it nothing is expected. With NAT, or in one direction, one routing instance is enough.
        """
        own = self._policies(self._own)
        halves = [half for policy in own.values() for half in halves_of(policy)]
        chains = [chain for policy in own.values() for chain in chains_of(policy)]
        earlier = self._earlier()
        ends = {name for half in halves for name in (half.having, half.lacking)}
        networks = self._networks(ends | {name for chain in chains for name in chain.networks} | _networks_of(earlier))
        going = earlier - {place for chain in chains for place in chain.places()}
        policies = {**own, **self._policies(_others(halves, going, networks) - self._own)}
        hopeless, more = _one_sided(halves, networks, policies)
        chains = more + chains
        going = _without_kept(going - {place for chain in more for place in chain.places()}, networks, policies, own)
        return [*hopeless, *self._lacking(chains, networks), *_still_there(going, networks)]

    def vanish(self) -> list[str]:
        """Say in which networks a service of the deleted policies still has a routing instance.

        What an interrupted run has detached or deleted is known from the items, as far as they describe it.
        """
        described = [chain for item in self._items for chain in described_by(item)]
        going = self._earlier() | {place for chain in described for place in chain.places()}
        networks = self._networks(_networks_of(going))
        policies = self._policies(_others([], going, networks) - self._own)
        return _still_there(_without_kept(going, networks, policies, self._own), networks)

    def _lacking(self, chains: Iterable[PolicyChain], networks: Mapping[FqName, Json]) -> list[str]:
        """Say which services of chains have no routing instance where they need one, and what to check."""
        found = [(chain, service, chain.without(service, networks)) for chain in chains for service in chain.services]
        partly = [chain for chain, _service, names in found if 0 < len(names) < len(chain.networks)]
        self._note_nat({service for chain in partly if not chain.one_way for service in chain.services})
        return [
            f"service {service} has no routing instance in {', '.join(map(joined, names))}; check that the schema "
            "transformer runs, and that the service instance has its service addresses"
            for chain, service, names in found
            if names and (len(names) == len(chain.networks) or not self._one_is_enough(chain))
        ]

    def _one_is_enough(self, chain: PolicyChain) -> bool:
        """Tell whether the services of a chain need a routing instance on one side only."""
        return chain.one_way or any(self._nat.get(service) for service in chain.services)

    def _note_nat(self, services: Iterable[str]) -> None:
        """Take note whether services have an in-network-nat template; they leave no trace on their right side then."""
        unknown = {tuple(service.split(":")): service for service in services if service not in self._nat}
        stored = by_name(self._reader.read([(SERVICE_INSTANCE.kind, name) for name in unknown], self.FIELDS))
        template_of = {
            service: name for key, service in unknown.items() for name in names_in(stored[key], "service_template_refs")
        }
        needs: list[Key] = [("service-template", name) for name in template_of.values()]
        templates = by_name(self._reader.read(needs, self.FIELDS))
        path = ["service_template_properties", "service_mode"]
        for service, name in template_of.items():
            self._nat[service] = get_path(templates[name], path) == "in-network-nat"

    def _earlier(self) -> set[tuple[str, FqName]]:
        """Return the services and networks of which the policies made routing instances before the task wrote."""
        return {place for policy in self._stored_before for chain in chains_of(policy) for place in chain.places()}

    def _policies(self, names: Iterable[FqName]) -> dict[FqName, Json]:
        """Return the stored policies of these names; ``None`` for those that are not there."""
        return by_name(self._reader.read([(NETWORK_POLICY.kind, name) for name in names], self.FIELDS))

    def _networks(self, names: Iterable[FqName]) -> dict[FqName, Json]:
        """Return networks with their policies and routing instances, all in one listing."""
        return by_name(self._reader.read([(VIRTUAL_NETWORK.kind, name) for name in names], self.FIELDS))


def _networks_of(places: Iterable[tuple[str, FqName]]) -> set[FqName]:
    return {name for _service, name in places}


def _others(
    halves: Iterable[HalfChain], going: Iterable[tuple[str, FqName]], networks: Mapping[FqName, Json]
) -> set[FqName]:
    """Return the policies that may ask for the other half of a chain, or keep what a task's policies give up."""
    lacking = {name for half in halves for name in attached(networks.get(half.lacking), "network_policy_refs")}
    keeping = {name for place in _networks_of(going) for name in names_in(networks.get(place), "network_policy_refs")}
    return lacking | keeping


def _one_sided(
    halves: Sequence[HalfChain], networks: Mapping[FqName, Json], policies: Mapping[FqName, Json]
) -> tuple[list[str], list[PolicyChain]]:
    """Return what to say of chains that one of their networks asks for and the other does not, and other chains.

    The others are those for which another policy of that network asks, by an equal rule.
    """
    texts: list[str] = []
    chains: list[PolicyChain] = []
    for half in halves:
        theirs = attached(networks.get(half.lacking), "network_policy_refs")
        if any(same_chain(half.rule, rule) for name in theirs for rule in rules_of(policies.get(name))):
            ends = tuple(sorted([half.having, half.lacking]))
            chains.append(PolicyChain(tuple(half.rule["services"]), ends, half.rule.get("direction") == ">"))
        else:
            texts.append(half.text())
    return texts, chains


def _without_kept(
    going: set[tuple[str, FqName]],
    networks: Mapping[FqName, Json],
    policies: Mapping[FqName, Json],
    own: Container[FqName],
) -> set[tuple[str, FqName]]:
    """Return of the routing instances that have to go those that no other policy on the same networks keeps.

    The schema transformer makes one routing instance for a service in a network, for whom ever.
    """
    others = {name for place in _networks_of(going) for name in names_in(networks.get(place), "network_policy_refs")}
    kept = [chain for name in others if name not in own for chain in chains_of(policies.get(name))]
    return going - {place for chain in kept for place in chain.places()}


def _still_there(going: Iterable[tuple[str, FqName]], networks: Mapping[FqName, Json]) -> list[str]:
    return [
        f"service {service} still has a routing instance in {joined(name)}; check that the schema transformer runs"
        for service, name in sorted(going)
        if has_service(networks.get(name), service)
    ]
