# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service chains that network policies ask for, and those that they ask for on one side only. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..codec.codec import get_path
from ..codec.scope import Json, Value
from ..codec.values import FqName, joined
from ..kinds import RULE
from ..kinds.config import Item
from .object_reader import names_in
from .polling import Never


@dataclass(frozen=True)
class PolicyChain:
    """A policy rule with services: their names, and the networks between which they stand."""

    services: tuple[str, ...]
    networks: tuple[FqName, ...]
    one_way: bool

    def places(self) -> Iterator[tuple[str, FqName]]:
        """Yield each service with each network in which it gets a routing instance."""
        return itertools.product(self.services, self.networks)

    def without(self, service: str, networks: Mapping[FqName, Json]) -> list[FqName]:
        """Return the networks that have no routing instance for a service of this chain."""
        return [name for name in self.networks if not has_service(networks.get(name), service)]


@dataclass(frozen=True)
class HalfChain:
    """A chain that one network asks for, and not the other one."""

    policy: FqName
    rule: Value
    having: FqName
    lacking: FqName
    ignored: bool

    def text(self) -> Never:
        """Say what is missing, and the cure."""
        where = f"{joined(self.lacking)} without a sequence, which counts for nothing" if self.ignored else ""
        attached = f"attached to {where}" if where else f"not attached to {joined(self.lacking)}"
        return Never(
            f"the chain through {', '.join(self.rule['services'])} between {joined(self.having)} and "
            f"{joined(self.lacking)} will never come up, because policy {joined(self.policy)} is {attached}: "
            "give both networks in networks of the policy"
        )


def halves_of(policy: Json) -> Iterator[HalfChain]:
    """Yield the chains of a stored policy for which it is attached to one network only."""
    on = set(attached(policy, "virtual_network_back_refs"))
    for rule in rules_of(policy):
        sides = [_networks(rule.get(side)) for side in ("source", "destination")]
        for left, right in itertools.product(*(sorted(side) for side in sides)):
            if rule.get("services") and left != right and len({left, right} & on) == 1:
                having, lacking = (left, right) if left in on else (right, left)
                ignored = lacking in names_in(policy, "virtual_network_back_refs")
                yield HalfChain(tuple(policy["fq_name"]), rule, having, lacking, ignored)


def attached(stored: Json, api: str) -> list[FqName]:
    """Return the names in a list of attachments of policies to networks; without a sequence one does not count."""
    return [
        tuple(reference["to"])
        for reference in get_path(stored, [api]) or []
        if "attr" not in reference or get_path(reference, ["attr", "sequence"])
    ]


def rules_of(policy: Json) -> list[Value]:
    """Return the rules of a stored policy in the shape of the module's options."""
    stored = get_path(policy, ["network_policy_entries", "policy_rule"]) or []
    return [RULE.decode(rule) for rule in stored]


def same_chain(one: Value, other: Value) -> bool:
    """Tell whether two rules ask for the same chain: the schema transformer compares what it is built of."""
    parts = ("services", "source", "destination", "direction", "protocol", "source_ports", "destination_ports")
    return bool(one.get("services")) and all(one.get(part) == other.get(part) for part in parts)


def chains_of(policy: Json) -> list[PolicyChain]:
    """Return the rules of a stored policy that make service chains, as far as it is attached."""
    return _chains_between(set(attached(policy, "virtual_network_back_refs")), rules_of(policy))


def described_by(item: Item) -> list[PolicyChain]:
    """Return the rules of an item's policy that make service chains, once it is attached as the item says."""
    on = {tuple(network["name"].split(":")) for network in item.compound.get("networks") or []}
    return _chains_between(on, item.values.get("rules") or [])


def _chains_between(on: set[FqName], rules: Iterable[Value]) -> list[PolicyChain]:
    chains = []
    for rule in rules:
        sides = [_networks(rule.get(side)) & on for side in ("source", "destination")]
        if rule.get("services") and all(sides):
            networks = tuple(sorted(sides[0] | sides[1]))
            chains.append(PolicyChain(tuple(rule["services"]), networks, rule.get("direction") == ">"))
    return chains


def _networks(addresses: Value) -> set[FqName]:
    words = {"any", "local"}
    return {
        tuple(item["network"].split(":"))
        for item in addresses or []
        if item.get("network") and item["network"] not in words
    }


def has_service(network: Json, service: str) -> bool:
    """Tell whether one of a network's routing instances is there for a service."""
    built_for = re.compile(f"service-[0-9a-f-]{{36}}-{re.escape(service.replace(':', '_'))}")
    return any(built_for.fullmatch(name[-1]) for name in names_in(network, "routing_instances"))
