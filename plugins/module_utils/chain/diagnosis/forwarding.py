# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links that Contrail makes itself: routing instances, the chain's state on control nodes, ports on compute nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...contrail.introspect.records import ChainOfRule, ChainState, XmppPeer
from ...values.finding import Finding
from ..findings.links import (
    CHAIN_DEGRADED,
    CHAIN_GROUP_DOWN,
    CHAIN_NOT_CREATED,
    CHAIN_PENDING,
    CHAIN_STATE_MISSING,
    CONNECTED_ROUTE_DOWN,
    CONTROL_NODES_DISAGREE,
    MEMBER_NOT_FORWARDING,
    NETWORKS_JOINED_DIRECTLY,
    SERVICE_ROUTING_INSTANCE_MISSING,
)
from .diagnosed_chain import DiagnosedChain, PortFacts
from .evidence import FqName, Way
from .objects_to_read import NETWORK, named_in

ACTIVE, DOWN, GROUP_DOWN, PENDING, DELETED = "active", "down", "group down", "pending", "deleted"
_WORST_FIRST = (DELETED, PENDING, DOWN, GROUP_DOWN, ACTIVE)
ESTABLISHED = "Established"


# --- routing instances ------------------------------------------------------------------------------------


def instances(case: DiagnosedChain) -> Iterator[Finding]:
    """Each network has a routing instance for each service, and the schema transformer says that the chain is made."""
    rule = rule_of(case)
    message = _message(case, rule)
    for word, network in case.networks.items():
        there = {name[-1] for name in named_in(case.objects.get(NETWORK, network), "routing_instances")}
        for position, service in enumerate(case.services):
            if word == "right" and case.is_nat(position):
                continue
            ending = "_".join(service)
            if not any(name.startswith("service-") and name.endswith(f"-{ending}") for name in there):
                values = {"network": case.shown(network), "service": case.shown(service), "message": message}
                where = f"routing-instance {':'.join(network)}:service-*-{ending}"
                yield Finding(SERVICE_ROUTING_INSTANCE_MISSING, where, values)
    if rule is not None and rule.created is False:
        yield Finding(CHAIN_NOT_CREATED, case.path, {"message": message})
    elif rule is not None and rule.error:
        yield Finding(CHAIN_DEGRADED, case.path, {"message": rule.error.strip()})


def rule_of(case: DiagnosedChain) -> ChainOfRule | None:
    """Return what the schema transformer says of the chain; of several rules the one that fares worst."""
    left, right = (":".join(name) for name in case.networks.values())
    services = tuple(":".join(name) for name in case.services)
    found = case.daemons.rules_by_ends.get((left, right, services), ())
    return min(found, key=lambda rule: (rule.created is True, not rule.error), default=None)


def _message(case: DiagnosedChain, rule: ChainOfRule | None) -> str:
    if case.daemons.rules is None:
        return "the schema transformer, which knows why, was not asked"
    if rule is None:
        return "the schema transformer knows no such chain"
    if rule.error:
        return f"the schema transformer says '{rule.error.strip()}'"
    if rule.created:
        return "the schema transformer says that the chain is made"
    return "the schema transformer sees the policy on one of the networks only"


def directness(case: DiagnosedChain) -> Iterator[Finding]:
    """The networks are not joined without a service."""
    left, right = (":".join(name) for name in case.networks.values())
    joined = case.daemons.joined
    if right in joined.get(left, ()) or left in joined.get(right, ()):
        yield Finding(NETWORKS_JOINED_DIRECTLY, case.path, {"left": case.shown(left), "right": case.shown(right)})


# --- the chain on the control nodes -------------------------------------------------------------------------


@dataclass(frozen=True)
class Hop:
    """One side of one service: where its port sits, and the network whose routes go through it."""

    service: FqName
    side: str
    near: FqName
    far: FqName

    @property
    def way(self) -> Way:
        """The key under which control nodes know it."""
        return ":".join(self.service), ":".join(self.near), ":".join(self.far)


def hops(case: DiagnosedChain) -> Iterator[Hop]:
    """Yield the sides of services by which control nodes lead routes: left ones, and right ones for the way back."""
    for service in case.services:
        for side in case.ways:
            yield Hop(service, side, case.networks[side], case.far(side))


def states(case: DiagnosedChain) -> Iterator[Finding]:
    """Control nodes lead the routes through each service: their state of it is active.

    What a control node says of the part that is down comes before what it says of parts that wait for it. Without a
    control node, the compute nodes are asked whether the ports forward.
    """
    if not case.daemons.states:
        for hop in hops(case):
            if not _forwarding(case, hop):
                yield _down(case, hop)
        return
    found = [(hop, _by_node(case, hop)) for hop in hops(case)]
    for state in _WORST_FIRST:
        for hop, by_node in found:
            best = max((_rank(each) for each in by_node.values()), default=0)
            if best == _WORST_FIRST.index(state):
                yield from _judged(case, hop, by_node, state)
    for hop, by_node in found:
        for node, each in by_node.items():
            if each.state != ACTIVE and any(other.state == ACTIVE for other in by_node.values()):
                values = {"state": each.state, "node": node, "network": case.shown(hop.near)}
                yield Finding(CONTROL_NODES_DISAGREE, node, {**values, "service": case.shown(hop.service)})
        yield from _members(case, hop)


def _rank(state: ChainState) -> int:
    """Return how well a service fares; one in a state that is not known fares worst."""
    return _WORST_FIRST.index(state.state) if state.state in _WORST_FIRST else 0


def _by_node(case: DiagnosedChain, hop: Hop) -> dict[str, ChainState]:
    """Return by control node the state of a service's side, the worst of its families; nothing where it is unknown."""
    families = _families(case)
    found: dict[str, ChainState] = {}
    for node, by_way in case.daemons.states_by_way.items():
        fitting = [each for each in by_way.get(hop.way, ()) if each.family is None or each.family in families]
        if fitting:
            found[node] = min(fitting, key=_rank)
    return found


def _families(case: DiagnosedChain) -> set[str]:
    networks = case.setting.intent.networks
    ends = (case.chain.left, case.chain.right)
    return {family for end in ends for family in networks[end.network].families}


def _judged(case: DiagnosedChain, hop: Hop, by_node: Mapping[str, ChainState], state: str) -> Iterator[Finding]:
    node = max(by_node, key=lambda each: _rank(by_node[each]), default="")
    values = {"service": case.shown(hop.service), "network": case.shown(hop.near)}
    if state == PENDING:
        reason = by_node[node].pending_reason or "it does not say for what"
        yield Finding(CHAIN_PENDING, node, {**values, "reason": reason})
    elif state == DOWN:
        yield _down(case, hop)
    elif state == GROUP_DOWN:
        yield Finding(CHAIN_GROUP_DOWN, node, values)
    elif state == DELETED:
        ends = {"near": case.shown(hop.near), "far": case.shown(hop.far)}
        yield Finding(CHAIN_STATE_MISSING, case.path, {**values, **ends})


# --- ports on compute nodes -----------------------------------------------------------------------------------


def _down(case: DiagnosedChain, hop: Hop) -> Finding:
    reasons = [reason for port in case.ports(hop.service, hop.side) for reason in _why_silent(case, port)]
    unknown = "its compute node, which knows why, was not asked"
    if case.daemons.interfaces:
        unknown = "the compute nodes that were asked see nothing wrong with its port"
    values = {
        "service": case.shown(hop.service),
        "network": case.shown(hop.near),
        "reason": "; ".join(dict.fromkeys(reasons)) or unknown,
    }
    return Finding(CONNECTED_ROUTE_DOWN, f"service-instance {':'.join(hop.service)}", values)


def _forwarding(case: DiagnosedChain, hop: Hop) -> bool:
    """Return whether a port of a service's side forwards, as far as compute nodes say."""
    ports = case.ports(hop.service, hop.side)
    return not ports or any(not list(_why_silent(case, port)) for port in ports)


def _members(case: DiagnosedChain, hop: Hop) -> Iterator[Finding]:
    """Yield the ports of a service of several members that do not forward, while others do."""
    ports = case.ports(hop.service, hop.side)
    silent = {port.name: list(_why_silent(case, port)) for port in ports}
    if any(silent.values()) and not all(silent.values()):
        for name, reasons in silent.items():
            if reasons:
                values = {"service": case.shown(hop.service), "reason": "; ".join(reasons)}
                yield Finding(MEMBER_NOT_FORWARDING, f"virtual-machine-interface {':'.join(name)}", values)


def _why_silent(case: DiagnosedChain, port: PortFacts) -> Iterator[str]:
    """Yield why the address of a port is not announced, as far as objects and the agents that answer tell."""
    shown = case.shown(port.name)
    if port.machine is None:
        yield f"port {shown} has no virtual machine"
        return
    if port.uuid not in case.daemons.ports:
        for compute, failure in _agents_that_failed(case, port):
            yield f"the agent of {compute} does not answer ({failure})"
        return
    home, interface = case.daemons.ports[port.uuid]
    if not _connected(case.daemons.controllers.get(home)):
        yield f"the agent of {home} has no session with a control node"
    if not interface.is_active:
        yield f"port {shown} is {_spaced(interface.active)} on {home}"
    if not interface.is_healthy:
        yield f"a health check of port {shown} fails on {home}"


def _agents_that_failed(case: DiagnosedChain, port: PortFacts) -> Iterator[tuple[str, str]]:
    """Yield the compute nodes that a port may be on and whose agent did not answer."""
    home = case.objects.homes.get(port.machine) if port.machine is not None else None
    for name, failure in case.daemons.silent_agents.items():
        if home is None or name in (home.name, home.address):
            yield name, failure


def _connected(peers: Sequence[XmppPeer] | None) -> bool:
    return peers is None or any(peer.state == ESTABLISHED for peer in peers)


def _spaced(active: str | None) -> str:
    return " ".join((active or "not active").split())
