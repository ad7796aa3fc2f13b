# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which service chains the policies of a site ask for, and which of them Contrail can make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .site import NAT, Endpoint, Site, SiteRule, SiteService

IN_NETWORK = ("in-network", NAT)


@dataclass(frozen=True)
class WantedChain:
    """A service chain that is wanted: networks, direction, traffic and services; names in full."""

    left: str
    right: str
    both_ways: bool
    traffic: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class EvaluatedChain:
    """A chain that is asked for.

    ``reason`` says in words why it is down (None: it does), ``caution`` why its routes cannot be told for sure.
    """

    chain: WantedChain
    reason: str | None = None
    caution: str | None = None


@dataclass(frozen=True)
class WantedChains:
    """The chains, judged, and the pairs of networks that are joined without a service."""

    chains: tuple[EvaluatedChain, ...]
    joined: tuple[tuple[str, str], ...]


def wanted_chains(site: Site) -> WantedChains:
    """Return what all policies together ask for: it comes about when both networks' policies do."""
    attached: dict[str, list[str]] = {policy.name: list(policy.networks) for policy in site.policies}
    by_project: dict[str, list[str]] = {}
    for network in site.networks.values():
        by_project.setdefault(network.project, []).append(network.name)
    chains: dict[WantedChain, set[str]] = {}
    joins: dict[tuple[str, str], set[str]] = {}
    for policy in site.policies:
        for rule in policy.rules:
            for asking in policy.networks:
                for left, right in _pairs(rule, asking, attached, by_project, site):
                    if rule.services:
                        wanted = WantedChain(left, right, rule.both_ways, rule.traffic, rule.services)
                        chains.setdefault(wanted, set()).add(asking)
                    elif rule.passes:
                        joins.setdefault((min(left, right), max(left, right)), set()).add(asking)
    return WantedChains(
        tuple(EvaluatedChain(chain, _reason(site, chain, asking)) for chain, asking in chains.items()),
        tuple(pair for pair, asking in joins.items() if asking >= set(pair)),
    )


def _pairs(
    rule: SiteRule, asking: str, attached: Mapping[str, list[str]], by_project: Mapping[str, list[str]], site: Site
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of networks that a rule means to one of the networks that its policy is attached to."""

    def meant(ends: Iterable[Endpoint]) -> set[str]:
        found: set[str] = set()
        for end in ends:
            if end.kind == "local":
                found.add(asking)
            elif end.kind == "any":
                found.update(by_project.get(asking.rpartition(":")[0], ()))
            elif end.kind == "policy":
                found.update(attached.get(end.name, ()))
            else:
                found.add(end.name)
        return found & site.networks.keys()

    sources, destinations = meant(rule.sources), meant(rule.destinations)
    if asking in sources:
        yield from ((asking, other) for other in sorted(destinations - {asking}))
    if asking in destinations:
        yield from ((other, asking) for other in sorted(sources - {asking}))


def _reason(site: Site, chain: WantedChain, asking: set[str]) -> str | None:
    missing = [name for name in (chain.left, chain.right) if name not in asking]
    if missing:
        return f"no policy with this rule is attached to {', '.join(missing)}"
    for name in chain.services:
        service = site.services.get(name)
        reason = f"there is no service instance {name}" if service is None else _unfit(service, chain)
        if reason:
            return reason
    return None


def sides_needed(service: SiteService, chain: WantedChain) -> tuple[str, ...]:
    """Return the sides of a service that a chain cannot do without."""
    return ("left", "right") if chain.both_ways and service.mode != NAT else ("left",)


def _unfit(service: SiteService, chain: WantedChain) -> str | None:
    if service.mode not in IN_NETWORK:
        return f"service {service.name} has mode {service.mode}; routes are only predicted for in-network services"
    if not service.tuples:
        return f"service {service.name} has no port tuple"
    for side in sides_needed(service, chain):
        if not service.addresses.get(side):
            return f"service {service.name} has no service address on its {side} side"
    sides = set(sides_needed(service, chain))
    if not any(sides <= ports.keys() for ports in service.tuples):
        return f"no port tuple of service {service.name} has {' and '.join(sorted(sides))} ports"
    return None
