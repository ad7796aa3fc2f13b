# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read, for all chains at once. What was not is None, or has no entry, and is never taken for empty."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from ...contrail.introspect.records import ChainOfRule, ChainState, Interface, KnownNetwork, Neighbor, XmppPeer
from ...vmx.model import filter as steer
from ...vmx.model import filter_effect
from ...vmx.model import vrf as routing
from ...vmx.model.filter import Place
from ...vmx.model.statement import Statement
from ...vmx.replies.operational import BgpPeer, DynamicTunnel
from ...vmx.replies.routes import RouteTables

FqName = tuple[str, ...]
Key = tuple[str, FqName]
Stored = Mapping[str, Any]


Way: TypeAlias = "tuple[str | None, str | None, str | None]"
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Compute:
    """A compute node: its name, its address ("" where it has none), and the full names of its virtual machines."""

    name: str
    address: str
    machines: frozenset[FqName]


@dataclass(frozen=True)
class Objects:
    """Contrail's objects by kind and full name, None for those that do not exist; compute nodes and control nodes.

    ``hidden`` are the kinds of these that the user may not read.
    """

    stored: Mapping[Key, Stored | None]
    computes: Sequence[Compute] = ()
    control_nodes: Sequence[str] = ()
    hidden: Sequence[str] = ()

    def get(self, kind: str, name: FqName) -> Stored | None:
        """Return an object, None where there is none."""
        return self.stored.get((kind, name))

    @cached_property
    def homes(self) -> Mapping[FqName, Compute]:
        """The compute nodes by virtual machine."""
        return {machine: compute for compute in self.computes for machine in compute.machines}

    def names(self, kind: str) -> Iterator[FqName]:
        """Yield the names of the objects of a kind that exist."""
        return (name for (its, name), stored in self.stored.items() if its == kind and stored is not None)


@dataclass(frozen=True)
class Daemons:
    """The answers of daemons.

    ``rules`` and ``networks`` are the schema transformer's; ``states`` and ``neighbors`` by control node,
    ``interfaces`` and ``controllers`` by compute node. ``silent_agents`` say by compute node why its agent does not
    answer, ``failures`` in one line each what else was not read, or not to its end.
    """

    rules: Sequence[ChainOfRule] | None = None
    networks: Sequence[KnownNetwork] | None = None
    states: Mapping[str, Sequence[ChainState]] = field(default_factory=dict)
    neighbors: Mapping[str, Sequence[Neighbor]] = field(default_factory=dict)
    interfaces: Mapping[str, Sequence[Interface]] = field(default_factory=dict)
    controllers: Mapping[str, Sequence[XmppPeer]] = field(default_factory=dict)
    silent_agents: Mapping[str, str] = field(default_factory=dict)
    failures: Sequence[str] = ()

    @cached_property
    def rules_by_ends(self) -> Mapping[tuple[str | None, str | None, tuple[str, ...]], Sequence[ChainOfRule]]:
        """The schema transformer's chains by left and right network and services."""
        return _grouped(self.rules or (), lambda rule: (rule.left, rule.right, rule.services))

    @cached_property
    def joined(self) -> Mapping[str | None, Sequence[str]]:
        """The networks that a network is joined with directly."""
        return {network.name: network.connections for network in self.networks or ()}

    @cached_property
    def states_by_way(self) -> Mapping[str, Mapping[Way, Sequence[ChainState]]]:
        """The states of chains by control node, and by service, near and far network."""
        return {
            node: _grouped(states, lambda each: (each.service, each.source_network, each.destination_network))
            for node, states in self.states.items()
        }

    @cached_property
    def ports(self) -> Mapping[str | None, tuple[str, Interface]]:
        """The ports of all compute nodes by uuid, each with its compute node."""
        return {port.uuid: (compute, port) for compute, known in self.interfaces.items() for port in known}


@dataclass(frozen=True)
class FilterTerm:
    """A term as a filter has it: what it matches, whether it ends that, and the VRF that it feeds (None: none)."""

    name: str
    values: Mapping[str, Any]
    ends: bool
    vrf: str | None


@dataclass(frozen=True)
class BoundFilter:
    """A filter with its terms in their order, and the interfaces whose input passes it."""

    terms: Sequence[FilterTerm]
    interfaces: Sequence[str]


@dataclass(frozen=True)
class RouterEvidence:
    """The facts read from a router, None if not read: configuration (VRFs, filters), tables, BGP peers, tunnels."""

    name: str
    vrfs: Mapping[str, Mapping[str, Any]] | None = None
    filters: Mapping[Place, BoundFilter] | None = None
    tables: RouteTables | None = None
    peers: Sequence[BgpPeer] | None = None
    tunnels: Sequence[DynamicTunnel] | None = None


@dataclass(frozen=True)
class Evidence:
    """Everything that was read."""

    objects: Objects
    daemons: Daemons = field(default_factory=Daemons)
    routers: Mapping[str, RouterEvidence] = field(default_factory=dict)


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def router_facts(name: str, told: Mapping[str, Any], configuration: Statement | None) -> RouterEvidence:
    """Return the facts of a router.

    :param told: what ``vmx_info`` returned: ``route_tables``, ``bgp`` and ``tunnels``, those that were read.
    :param configuration: the configuration in effect, where that was read.
    """
    bgp = told.get("bgp")
    configuration = None if configuration is None else configuration.in_effect()
    return RouterEvidence(
        name=name,
        vrfs=None if configuration is None else _vrfs(configuration),
        filters=None if configuration is None else _filters(configuration),
        tables=told.get("route_tables"),
        peers=None if bgp is None else list(bgp.get("peers") or ()),
        tunnels=told.get("tunnels"),
    )


def _vrfs(configuration: Statement) -> dict[str, Mapping[str, Any]]:
    return {
        holder.name or "": routing.present_vrf(routing.read_vrf(holder))
        for holder in routing.instances(configuration)
        if holder.value("instance-type") == routing.INSTANCE_TYPE
    }


def _filters(configuration: Statement) -> dict[Place, BoundFilter]:
    return {
        place: BoundFilter(
            [
                FilterTerm(term.name or "", one.values, one.ends_its_values, one.vrf)
                for term in holder.all("term")
                for one in filter_effect.verdicts(term, place[0], filter_effect.finder(place[0], configuration))
                if one.reach is not filter_effect.Reach.NOTHING
            ],
            steer.bound_units(configuration, place),
        )
        for place, holder in steer.filters(configuration)
    }
