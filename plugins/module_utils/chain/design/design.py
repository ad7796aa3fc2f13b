# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from the data model, by the system that gets it.

What a module takes as an item of its ``config`` is a mapping of that module's options (:data:`Options`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

Options = Mapping[str, Any]
"""Options of a module or a role, by name."""


class PlannedObject(TypedDict):
    """An object of Contrail that is to exist."""

    kind: str
    name: str


class HostRouteOptions(TypedDict):
    """A route of a host; ``state`` is ``present`` or ``absent``."""

    prefix: str
    via: str
    state: str


class SourceRoute(TypedDict):
    """A prefix whose packets arrive by the interface that leads to ``via``, or are to be sent there."""

    prefix: str
    via: str


class DhcpRoute(TypedDict):
    """A route that DHCP gives to the guests of a subnet."""

    prefix: str
    next_hop: str


class ServiceGuest(TypedDict):
    """A member of a service, as a host; ``host`` is null for a guest that Ansible does not reach."""

    service: str
    member: str
    host: str | None
    routes: list[SourceRoute]
    forwarding: list[str]


class CopiedRoutes(TypedDict):
    """The routes of ``table`` within the prefixes ``within``."""

    table: str
    within: list[str]


class _ChainTable(TypedDict):
    table: str
    chain: str


class ExpectedRoutes(_ChainTable, total=False):
    """The routes that a chain brings into a table of a router.

    ``prefixes`` must be there, learned by BGP; ``copies``, too, wherever they come from; and at least one route
    within ``any_within``.
    """

    prefixes: list[str]
    copies: CopiedRoutes
    any_within: list[str]


class SteeringPlace(TypedDict):
    """The place of a steering term."""

    filter: str
    family: str
    name: str


class SteeringTerm(SteeringPlace, total=False):
    """A steering term, as an item of ``steering`` of ``vmx_vrf``."""

    priority: int
    source: list[str]
    destination: list[str]
    protocol: list[str]
    source_ports: list[int | str]
    destination_ports: list[int | str]


@dataclass(frozen=True)
class DeletedObjects:
    """Objects of chains with ``state: absent`` that no other chain needs."""

    policies: Sequence[Options]
    instances: Sequence[Options]
    templates: Sequence[Options]
    machines: Sequence[Options]


@dataclass(frozen=True)
class DeletedStatements:
    """The statements that a router has only for chains with ``state: absent``.

    ``vrfs`` and ``filters`` are deleted; ``replaced`` are VRFs that are kept with less in them.
    """

    vrfs: Sequence[Options]
    filters: Sequence[Options]
    replaced: Sequence[Options]


@dataclass(frozen=True)
class RouterDesign:
    """The design of one router.

    ``peering``: ``config`` and ``router`` of ``vmx_peering``; ``vrfs`` and ``filters``: ``config`` and ``filters`` of
    ``vmx_vrf``; ``tables``: names of route tables; ``expected``: what :func:`..verification.tables.missing_routes`
    waits for; ``steering``: by chain that is to be up the places ``{filter, family, name}`` of its terms (a term may
    serve several chains).
    """

    peering: Options
    vrfs: Sequence[Options]
    filters: Sequence[Options]
    absent: DeletedStatements
    tables: Sequence[str]
    expected: Sequence[ExpectedRoutes]
    steering: Mapping[str, Sequence[SteeringPlace]]


@dataclass(frozen=True)
class Design:
    """Everything that follows from the data model.

    ``networks``, ``templates``, ``instances``, ``policies``, ``bgp_routers``: ``config`` of the Contrail modules for
    what is to exist; ``machines``: the servers that OpenStack boots, as the role ``service_machines`` takes them;
    ``planned``: ``{kind, name}`` of all that is to exist; ``existing``: by kind the names of what others
    must have made.

    ``hosts``: by inventory host ``{prefix, via, state}``; ``forwarding``: by inventory host the address families that
    it must forward; ``sources``: by inventory host ``{prefix, via}``, whose packets arrive there without a route back
    (:func:`.hosts.host_sources`); ``guests``: ``{service, member, host, routes, forwarding}`` of all service VMs, also
    of those that are no hosts of the inventory; ``summary``: a line for each chain.
    """

    networks: Sequence[Options]
    templates: Sequence[Options]
    instances: Sequence[Options]
    policies: Sequence[Options]
    machines: Sequence[Options]
    absent: DeletedObjects
    planned: Sequence[PlannedObject]
    existing: Mapping[str, Sequence[str]]
    bgp_routers: Sequence[Options]
    routers: Mapping[str, RouterDesign]
    hosts: Mapping[str, Sequence[HostRouteOptions]]
    forwarding: Mapping[str, Sequence[str]]
    sources: Mapping[str, Sequence[SourceRoute]]
    guests: Sequence[ServiceGuest]
    summary: Sequence[str]

    def config(self, kind: str) -> Sequence[Options]:
        """Return the list for Contrail of a name: networks, templates, instances, policies or bgp_routers."""
        found: Sequence[Options] = getattr(self, kind)
        return found
