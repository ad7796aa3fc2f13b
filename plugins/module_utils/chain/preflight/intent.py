# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of a consistent intent by itself."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from ...values import names
from ...values.bgp import TWO_BYTES_MAX, in_reserved_range
from ...values.finding import Finding
from ...values.prefix_index import PrefixIndex, overlap
from ...vmx.model.field import ConfigError
from ...vmx.model.filter import Term
from ...vmx.plan.vrf_plan import Request, parse_request
from ..design.design import Design, RouterDesign
from ..design.hosts import dhcp_host_routes
from ..design.origins import Origins
from ..findings.intent import (
    EXTERNAL_HOLDS_ROUTER,
    FILTER_WITHOUT_TAIL,
    GUEST_ROUTES_NOT_SET,
    ROUTE_TARGET_MAYBE_RESERVED,
    ROUTE_TARGET_SHARED,
    ROUTE_TARGETS_ASYMMETRIC,
    STEERING_HIDDEN,
    STEERING_NAME_TOO_LONG,
    STEERING_REDUNDANT,
    SUBNETS_OVERLAP,
    TRANSIT_NOT_ALLOWED,
)
from ..findings.router import ROUTER_REFUSES
from ..intent.consistency import filters_for, routers_of
from ..intent.model import NETWORKS, ROUTERS, SERVICES, Chain, Intent, Network
from .route_targets import all_targets
from .term_order import EarlierTerms, PlacedTerm
from .traffic import holds


def intent_findings(intent: Intent, derived: Design) -> Iterator[Finding]:
    """Yield what is wrong with an intent that :func:`..intent.read_intent` has taken.

    :param derived: what :func:`..derive.derive` makes of it.
    """
    yield from _overlapping_subnets(intent)
    yield from _asymmetric_targets(intent)
    yield from _shared_targets(intent)
    yield from _maybe_reserved(intent)
    yield from _transit(intent)
    yield from _guest_routes(intent)
    yield from _externals(intent)
    origins = Origins(intent)
    for router, described in derived.routers.items():
        unusable = list(_unusable_names(described, origins, router))
        yield from unusable
        if unusable or not described.vrfs:
            continue
        try:
            request = request_of(described)
        except ConfigError as error:
            path, option = origins.of_option(router, described, error.path)
            reason = f"{option}: {error.reason}" if option else error.reason
            yield Finding(ROUTER_REFUSES, path, {"reason": reason})
        else:
            yield from _hidden_terms(request, origins, router)


def request_of(described: RouterDesign) -> Request:
    """Return what the module ``vmx_vrf`` is asked for one router; raises ConfigError for what it would refuse."""
    if not described.vrfs and not described.filters:
        return Request("merged", (), ())
    return parse_request("merged", described.vrfs, described.filters, described.peering["router"])


# --- networks -------------------------------------------------------------------------------------


def _overlapping_subnets(intent: Intent) -> Iterator[Finding]:
    """Subnets that overlap within a network, or with the network at the other end of a chain."""
    for network in intent.networks.values():
        for (_first, one), (number, other) in itertools.combinations(enumerate(network.subnets), 2):
            if overlap(one.cidr, other.cidr):
                values = {"subnet": other.cidr, "other": one.cidr, "network": network.name}
                yield Finding(SUBNETS_OVERLAP, f"{NETWORKS}.{network.name}.subnets[{number}].cidr", values)
    pairs = {(chain.left.network, chain.right.network) for chain in intent.present_chains}
    for left, right in sorted(pairs):
        index = PrefixIndex((subnet.cidr, left) for subnet in intent.networks[left].subnets)
        for number, subnet in enumerate(intent.networks[right].subnets):
            for cidr, label in index.overlapping(subnet.cidr):
                values = {"subnet": subnet.cidr, "other": cidr, "network": label}
                yield Finding(SUBNETS_OVERLAP, f"{NETWORKS}.{right}.subnets[{number}].cidr", values)


def _asymmetric_targets(intent: Intent) -> Iterator[Finding]:
    ends = {side.network for chain in intent.present_chains for side in (chain.left, chain.right)}
    for network in intent.networks.values():
        imported, exported = set(network.import_route_targets), set(network.export_route_targets)
        one_way = sorted((imported ^ exported) - set(network.route_targets))
        if network.name in ends and one_way:
            word = "import_route_targets" if imported - exported else "export_route_targets"
            yield Finding(
                ROUTE_TARGETS_ASYMMETRIC, f"{NETWORKS}.{network.name}.{word}", {"targets": ", ".join(one_way)}
            )


def _shared_targets(intent: Intent) -> Iterator[Finding]:
    """Route targets that networks of different chains have in common; those at the ends of one chain are faults."""
    first: dict[str, str] = {}
    paired = {frozenset((chain.left.network, chain.right.network)) for chain in intent.present_chains}
    for network in intent.networks.values():
        for target in network.route_targets:
            owner = first.setdefault(target, network.name)
            if owner != network.name and frozenset((owner, network.name)) not in paired:
                where = f"{NETWORKS}.{network.name}.route_target"
                yield Finding(ROUTE_TARGET_SHARED, where, {"target": target, "other": owner})


def _maybe_reserved(intent: Intent) -> Iterator[Finding]:
    """Route targets of a 4-byte AS that its controller gives out; which AS that is, only the controller tells."""
    for network in intent.networks.values():
        for target in all_targets(network):
            administrator = target.partition(":")[0]
            long = administrator.isdigit() and int(administrator) > TWO_BYTES_MAX
            if long and in_reserved_range(target, None):
                where = f"{NETWORKS}.{network.name}.route_targets"
                yield Finding(ROUTE_TARGET_MAYBE_RESERVED, where, {"target": target})


def _transit(intent: Intent) -> Iterator[Finding]:
    """Networks in the middle of two chains that leave open whether the ends are to reach each other."""
    at: dict[str, list[tuple[Chain, str]]] = {}
    for chain in intent.present_chains:
        for _word, near, far in chain.sides:
            at.setdefault(near.network, []).append((chain, far.network))
    for name, chains in at.items():
        ends = list(dict.fromkeys(far for _chain, far in chains))
        if len(ends) > 1 and "allow_transit" not in intent.networks[name].properties:
            values = {
                "network": name,
                "left": ends[0],
                "right": " and ".join(ends[1:]),
                "chains": ", ".join(chain.name for chain, _far in chains),
            }
            yield Finding(TRANSIT_NOT_ALLOWED, f"{NETWORKS}.{name}.allow_transit", values)


# --- services and what stands behind the router --------------------------------------------------------


def _guest_routes(intent: Intent) -> Iterator[Finding]:
    """Members of services that nobody gives the routes to the external prefixes."""
    for chain in intent.present_chains:
        prefixes = [
            external.prefix
            for side in (chain.left, chain.right)
            for external in side.external
            if not _is_told(intent, intent.networks[side.network], external.prefix)
        ]
        for name in chain.services if prefixes else ():
            service = intent.services[name]
            silent = [member for member in service.members if member.host is None]
            if silent:
                values = {"members": ", ".join(member.name for member in silent), "prefixes": ", ".join(prefixes)}
                yield Finding(GUEST_ROUTES_NOT_SET, f"{SERVICES}.{name}.members", values)


def _is_told(intent: Intent, network: Network, prefix: str) -> bool:
    """Return whether DHCP tells the guests of a network a route to a prefix."""
    routes = [route for subnet in network.subnets for route in dhcp_host_routes(intent, network, subnet)]
    return any(holds(route["prefix"], prefix) for route in routes)


def _externals(intent: Intent) -> Iterator[Finding]:
    """External prefixes that hold the router, and filters of theirs without a tail."""
    tailless: set[tuple[str, str, str]] = set()
    for chain in intent.present_chains:
        for external in (*chain.left.external, *chain.right.external):
            for router in routers_of(intent, external):
                own = router.addresses.get(external.family)
                if own is not None and holds(external.prefix, own):
                    values = {"prefix": external.prefix, "address": own, "router": router.name}
                    yield Finding(EXTERNAL_HOLDS_ROUTER, f"{external.path}.prefix", values)
                for each in filters_for(router, external):
                    if each.default == "none" and each.before is None:
                        tailless.add((router.name, each.family, each.name))
    for router in intent.routers.values():
        for index, each in enumerate(router.filters):
            if (router.name, each.family, each.name) in tailless:
                path = f"{ROUTERS}.{router.name}.filters[{index}].default"
                yield Finding(FILTER_WITHOUT_TAIL, path, {"filter": each.name})


# --- steering ---------------------------------------------------------------------------------------


def _unusable_names(described: RouterDesign, origins: Origins, router: str) -> Iterator[Finding]:
    """Names that were made for steering terms and that Junos does not take."""
    for vrf in described.vrfs:
        for term in vrf.get("steering", ()):
            if not names.fits(names.filter_name, term["name"]):
                where = origins.of_term(router, term["family"], term["filter"], term["name"])
                yield Finding(STEERING_NAME_TOO_LONG, f"{where}.term", {"term": repr(term["name"])})


def _hidden_terms(request: Request, origins: Origins, router: str) -> Iterator[Finding]:
    """Terms that never match, because one that stands before them takes all their traffic."""
    by_filter: dict[tuple[str, str], list[Term]] = {}
    for term in request.terms:
        by_filter.setdefault(term.place, []).append(term)
    for terms in by_filter.values():
        earlier = EarlierTerms()
        for term in sorted(terms, key=lambda one: (one.priority, one.name)):
            hider = earlier.hiding(term.values)
            if hider is not None:
                kind = STEERING_REDUNDANT if hider.vrf == term.vrf else STEERING_HIDDEN
                values = {"term": term.name, "filter": term.filter, "router": router, "earlier": hider.name}
                where = origins.of_term(router, *term.place, term.name)
                yield Finding(kind, f"{where}.prefix", {**values, "vrf": hider.vrf})
            earlier.add(PlacedTerm(term.name, term.values, term.vrf))
