# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links on the routers: VRFs, BGP, tunnels, steering, static routes, the routes of the chain and their labels."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...values.finding import Finding
from ...vmx.replies.operational import BgpPeer, DynamicTunnel
from ...vmx.replies.routes import RouteRow
from ..findings.links import (
    BGP_SESSION_DOWN,
    BGP_SESSION_PARTLY_DOWN,
    FILTER_NOT_BOUND,
    GUEST_SILENT,
    LABEL_MISMATCH,
    NETWORK_WITHOUT_ROUTE_TARGET,
    NEXT_HOP_UNRESOLVED,
    NO_TUNNEL_TO_COMPUTE,
    ROUTE_NOT_LEARNED,
    ROUTE_TARGET_NOT_EXPORTED,
    ROUTE_TARGET_NOT_IMPORTED,
    STATIC_ROUTE_MISSING,
    STEERING_TERM_HIDDEN,
    STEERING_TERM_MISSING,
    VRF_NOT_THERE,
)
from ..intent.model import family_of
from ..verification.tables import missing_routes
from .diagnosed_chain import DiagnosedChain, RouterSide, normal_targets, targets_of
from .evidence import RouterEvidence
from .forwarding import hops
from .objects_to_read import NETWORK

UNANSWERED = {"local_preference": 100, "med": 200}
"""What Contrail announces an address with as long as nobody answers for it."""


# --- VRFs ---------------------------------------------------------------------------------------------------


def route_targets(case: DiagnosedChain) -> Iterator[Finding]:
    """Each VRF imports and exports a route target of its network."""
    for facts, sides in case.facts("vrfs"):
        for side in sides:
            values = {"vrf": side.vrf, "network": case.shown(side.network)}
            vrf = (facts.vrfs or {}).get(side.vrf)
            if vrf is None:
                yield Finding(VRF_NOT_THERE, f"{facts.name}: routing-instances", values)
                continue
            targets = targets_of(case.objects.get(NETWORK, side.network))
            if not targets:
                where = f"virtual-network {':'.join(side.network)}"
                yield Finding(NETWORK_WITHOUT_ROUTE_TARGET, where, values)
                continue
            yield from _unlike(facts, side, vrf, targets, values)


def _unlike(
    facts: RouterEvidence, side: RouterSide, vrf: Mapping[str, Any], targets: set[str], values: Mapping[str, Any]
) -> Iterator[Finding]:
    """Yield the directions in which VRF and network do not agree; what policies import is not known here."""
    where = f"{facts.name}: routing-instances {side.vrf}"
    for way, kind in (("import", ROUTE_TARGET_NOT_IMPORTED), ("export", ROUTE_TARGET_NOT_EXPORTED)):
        own = vrf.get(f"{way}_route_targets") or [vrf.get("route_target")]
        known = normal_targets([str(each) for each in own if each])
        if not vrf.get(f"{way}_policies") and not known & targets:
            shown = {"targets": ", ".join(sorted(targets)), f"{way}s": ", ".join(sorted(known)) or "nothing"}
            yield Finding(kind, where, {**values, **shown})


def statics(case: DiagnosedChain) -> Iterator[Finding]:
    """Each VRF has a static route to each prefix that enters there."""
    for facts, sides in case.facts("vrfs"):
        for side in sides:
            vrf = (facts.vrfs or {}).get(side.vrf) or {}
            there = {str(route["prefix"]) for route in vrf.get("static_routes") or ()}
            for external in side.externals:
                if external.prefix not in there:
                    values = {"vrf": side.vrf, "prefix": external.prefix}
                    yield Finding(STATIC_ROUTE_MISSING, f"{facts.name}: routing-instances {side.vrf}", values)


# --- BGP and tunnels ------------------------------------------------------------------------------------------


def sessions(case: DiagnosedChain) -> Iterator[Finding]:
    """The router has a BGP session with a control node; that it has none with another one is a warning."""
    for facts, _sides in case.facts("peers"):
        known = set(case.objects.control_nodes)
        peers = [peer for peer in facts.peers or () if peer["address"] in known]
        if not peers:  # nobody says which peers are control nodes; those of the router's own AS are
            peers = [peer for peer in facts.peers or () if peer.get("type") in ("internal", None)]
        down = [peer for peer in peers if not peer["established"]]
        shown = ", ".join(_session(case, facts, peer) for peer in down) or "none is configured"
        if len(down) == len(peers):
            yield Finding(BGP_SESSION_DOWN, f"{facts.name}: protocols bgp", {"sessions": shown})
        elif down:
            yield Finding(BGP_SESSION_PARTLY_DOWN, f"{facts.name}: protocols bgp", {"sessions": shown})


def _session(case: DiagnosedChain, facts: RouterEvidence, peer: BgpPeer) -> str:
    """Return a session that is down in words, with what both ends say."""
    reasons = [peer.get("last_error")]
    addresses = case.setting.intent.routers[facts.name].addresses.values()
    for known in case.daemons.neighbors.values():
        reasons += [each.last_error for each in known if each.encoding != "XMPP" and each.address in addresses]
    told = "; ".join(dict.fromkeys(reason for reason in reasons if reason and reason != "None"))
    return f"{peer['address']} {peer.get('state') or 'not established'}{f' ({told})' if told else ''}"


def computes_of(case: DiagnosedChain) -> list[str]:
    """Return the addresses of the compute nodes that the outer services run on, as far as anybody tells."""
    outer = ((case.services[0], "left"), (case.services[-1], "right"))
    ports = [port for service, word in outer for port in case.ports(service, word)]
    homes = [home for port in ports if port.machine and (home := case.objects.homes.get(port.machine))]
    found = {home.address for home in homes if home.address}
    for hop in hops(case):
        for by_way in case.daemons.states_by_way.values() if (hop.service, hop.side) in outer else ():
            for state in by_way.get(hop.way, ()):
                found |= {path.next_hop for path in state.connected.route.paths if path.next_hop}
    return sorted(found)


def tunnels(case: DiagnosedChain) -> Iterator[Finding]:
    """A dynamic tunnel is configured to each compute node of the chain."""
    for facts, _sides in case.facts("tunnels"):
        for compute in computes_of(case):
            if not _tunnels_to(facts, compute):
                yield Finding(NO_TUNNEL_TO_COMPUTE, f"{facts.name}: dynamic-tunnels", {"compute": compute})


def next_hops(case: DiagnosedChain) -> Iterator[Finding]:
    """Each of these tunnels is up."""
    for facts, _sides in case.facts("tunnels"):
        for compute in computes_of(case):
            made = [each for each in _tunnels_to(facts, compute) if _holds(each.get("destination"), compute)]
            if any(each.get("state") in ("Up", None) for each in made):
                continue
            states = ", ".join(str(each["state"]) for each in made)
            reason = f"its tunnel is {states}" if made else "its tunnel is configured, but does not come up"
            hidden = sum(table.get("hidden") or 0 for table in (facts.tables or {}).values())
            values = {"compute": compute, "reason": f"{reason}; {hidden} routes are hidden" if hidden else reason}
            yield Finding(NEXT_HOP_UNRESOLVED, f"{facts.name}: dynamic-tunnels", values)


def _tunnels_to(facts: RouterEvidence, compute: str) -> list[DynamicTunnel]:
    return [each for each in facts.tunnels or () if _holds(each.get("network"), compute)]


def _holds(prefix: Any, address: str) -> bool:
    """Return whether a prefix, or nothing, holds an address."""
    return bool(prefix) and ipaddress.ip_address(address) in ipaddress.ip_network(str(prefix), strict=False)


# --- steering -------------------------------------------------------------------------------------------------


def steering(case: DiagnosedChain) -> Iterator[Finding]:
    """A term sends each side's traffic into its VRF, no earlier one takes it, and the filter is bound."""
    for facts, _sides in case.facts("filters"):
        router = case.setting.intent.routers[facts.name]
        for (family, name, term), values, vrf in case.wanted_terms(facts.name):
            where = f"{facts.name}: firewall family {family} filter {name} term {term}"
            found = case.setting.steering[facts.name][family, name, term]
            if found.term is None:
                shown = {"filter": name, "source": ", ".join(values.get("source") or ("anywhere",)), "vrf": vrf}
                yield Finding(STEERING_TERM_MISSING, where, shown)
                continue
            if found.hidden_by is not None:
                yield Finding(STEERING_TERM_HIDDEN, where, {"term": found.term, "by": found.hidden_by})
            wanted = next((each for each in router.filters if (each.family, each.name) == (family, name)), None)
            for interface in wanted.interfaces if wanted else ():
                if interface not in found.interfaces:
                    shown = {"filter": name, "interface": interface}
                    yield Finding(FILTER_NOT_BOUND, f"{facts.name}: interfaces {interface} family {family}", shown)


# --- tables ---------------------------------------------------------------------------------------------------


def routes(case: DiagnosedChain) -> Iterator[Finding]:
    """The tables have what the chain brings into them."""
    for facts, _sides in case.facts("tables"):
        for line in missing_routes(facts.tables or {}, case.expected(facts.name)):
            yield Finding(ROUTE_NOT_LEARNED, f"{facts.name}: {line.partition(' ')[0]}", {"missing": line})


def labels(case: DiagnosedChain) -> Iterator[Finding]:
    """Routes through the chain push the label of the port that they lead to."""
    for facts, sides in case.facts("tables"):
        for side in sides:
            if side.word not in case.ways:
                continue
            service = case.services[0 if side.word == "left" else -1]
            wanted = _labels(case, facts, side)
            for route in _through(case, facts, side) if wanted else ():
                if route.get("label") is not None and route["label"] not in wanted:
                    shown = " or ".join(map(str, sorted(wanted)))
                    values = {"prefix": route["prefix"], "label": route["label"], "wanted": shown}
                    place = f"{facts.name}: {_table(side, str(route['prefix']))}"
                    yield Finding(LABEL_MISMATCH, place, {**values, "side": side.word, "service": case.shown(service)})


def _labels(case: DiagnosedChain, facts: RouterEvidence, side: RouterSide) -> set[int]:
    """Return the labels of the ports that a side leads to: as their agents have them, else as their own routes say.

    Ports that share an address on one compute node share a label for it besides their own, which only the route to
    this address tells. Empty where one of the ports is not known.
    """
    service = case.services[0 if side.word == "left" else -1]
    found: set[int] = set()
    homes: list[str] = []
    shared: dict[str, None] = {}
    for port in case.ports(service, side.word):
        home, known = case.daemons.ports.get(port.uuid, ("", None))
        label = known.label if known is not None else None
        own = [] if label is not None else _labels_of_addresses(facts, side, [*port.own, *port.shared])
        if label is None and not own:
            return set()
        if label is None or label >= 0:
            found |= {label} if label is not None else set(own)
            homes.append(home)
            shared |= dict.fromkeys(port.shared)
    return found if len(set(homes)) == len(homes) else found | set(_labels_of_addresses(facts, side, list(shared)))


def _labels_of_addresses(facts: RouterEvidence, side: RouterSide, addresses: Sequence[str]) -> list[int]:
    return [
        label
        for address in addresses
        for route in _routes(facts, side, address)
        if (label := route.get("label")) is not None and _is_host(route, address)
    ]


def _through(case: DiagnosedChain, facts: RouterEvidence, side: RouterSide) -> Iterator[RouteRow]:
    """Yield the routes of a side's tables that the chain brought: those to the far network and what is behind it."""
    far = case.chain.right if side.word == "left" else case.chain.left
    subnets = [subnet.network for subnet in case.setting.intent.networks[far.network].subnets]
    behind = {external.prefix for external in far.external}
    for family in ("inet", "inet6"):
        for route in _table_routes(facts, f"{side.vrf}.{family}.0"):
            prefix = ipaddress.ip_network(str(route["prefix"]))
            inside = any(prefix.version == each.version and prefix.subnet_of(each) for each in subnets)  # type: ignore[arg-type]
            if route.get("protocol") == "BGP" and (inside or str(route["prefix"]) in behind):
                yield route


def guests(case: DiagnosedChain) -> Iterator[Finding]:
    """The ports of the services have been answered for; while they have not, their own addresses say so."""
    for facts, sides in case.facts("tables"):
        for side in sides:
            service = case.services[0 if side.word == "left" else -1]
            for port in case.ports(service, side.word):
                for address in port.own:
                    for route in _routes(facts, side, address):
                        if all(route.get(key) == value for key, value in UNANSWERED.items()):
                            values = {"prefix": route["prefix"], "port": case.shown(port.name)}
                            yield Finding(GUEST_SILENT, f"{facts.name}: {_table(side, address)}", values)


def _table(side: RouterSide, prefix: str) -> str:
    return f"{side.vrf}.{family_of(prefix)}.0"


def _table_routes(facts: RouterEvidence, name: str) -> Sequence[RouteRow]:
    return ((facts.tables or {}).get(name) or {}).get("routes") or ()


def _routes(facts: RouterEvidence, side: RouterSide, address: str) -> Iterator[RouteRow]:
    """Yield the BGP routes of a side's table to one address."""
    for route in _table_routes(facts, _table(side, address)):
        if route.get("protocol") == "BGP" and _is_host(route, address):
            yield route


def _is_host(route: RouteRow, address: str) -> bool:
    return str(route["prefix"]).partition("/")[0] == address
