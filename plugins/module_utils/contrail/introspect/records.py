# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""What is read from introspect pages, as declarations: which fields, under which names, of which type.

A field that a page lacks is unset (None, or an empty tuple for lists); fields that are not declared stay in
``unknown``. Names that changed between releases are given one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

R = TypeVar("R", bound="PageRecord")


def text(value: Any) -> str | None:
    """Read a text; an empty one is unset."""
    return None if value is None or value == "" else str(value)


def number(value: Any) -> int | None:
    """Read a number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(value: Any) -> bool | None:
    """Read a boolean."""
    return value if isinstance(value, bool) else None


def texts(value: Any) -> tuple[str, ...]:
    """Read a list of texts; a single text is a list of one, as older releases wrote some."""
    return tuple(str(each) for each in value) if isinstance(value, list) else ((str(value),) if value else ())


def one(kind: type[R]) -> Callable[[Any], R]:
    """Return the reader of a structure."""
    return lambda value: kind.read(value if isinstance(value, Mapping) else {})


def many(kind: type[R]) -> Callable[[Any], tuple[R, ...]]:
    """Return the reader of a list of structures."""
    return lambda value: tuple(kind.read(each) for each in value or () if isinstance(each, Mapping))


def told(read: Callable[[Any], Any], *names: str) -> Any:
    """Declare a field: how it is read, and its name on the page, the newest first.

    Dataclasses call it where they would call ``field``, which pylint does not see.
    """
    return field(default=read(None), metadata={"read": read, "names": names})  # pylint: disable=invalid-field-call


@dataclass(frozen=True)
class PageRecord:
    """The base of all records: ``unknown`` has the fields of the page that no declaration names."""

    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def read(cls: type[R], data: Mapping[str, Any]) -> R:
        """Return the record that a structure of a page holds."""
        declared = [each for each in fields(cls) if "read" in each.metadata]
        values = {
            each.name: each.metadata["read"](
                next((data[name] for name in each.metadata["names"] if name in data), None)
            )
            for each in declared
        }
        known = {name for each in declared for name in each.metadata["names"]}
        return cls(unknown={name: value for name, value in data.items() if name not in known}, **values)


# --- schema transformer and service monitor ---------------------------------------------------------------


@dataclass(frozen=True)
class ChainOfRule(PageRecord):
    """A chain that the schema transformer understood from a rule; ``error`` is the last thing it found missing.

    Made (``created``) with an error means that a part of it does not stand. Not made without an error means that
    only one of the two networks has the policy.
    """

    name: str | None = told(text, "sc_name")
    left: str | None = told(text, "left_virtual_network")
    right: str | None = told(text, "right_virtual_network")
    direction: str | None = told(text, "direction")
    protocol: str | None = told(text, "protocol")
    services: tuple[str, ...] = told(texts, "service_list")
    created: bool | None = told(flag, "created")
    error: str | None = told(text, "error_msg")


@dataclass(frozen=True)
class ConnectedInstance(PageRecord):
    """A routing instance, the chain that it is of, and the instances that it is connected with."""

    name: str | None = told(text, "name")
    chain: str | None = told(text, "service_chain")
    connections: tuple[str, ...] = told(texts, "connections")


@dataclass(frozen=True)
class KnownNetwork(PageRecord):
    """A network as the schema transformer knows it: its policies, and the networks it is joined with directly."""

    name: str | None = told(text, "name")
    policies: tuple[str, ...] = told(texts, "policies")
    connections: tuple[str, ...] = told(texts, "connections")
    instances: tuple[str, ...] = told(texts, "routing_instances")


@dataclass(frozen=True)
class KnownService(PageRecord):
    """A service instance as the service monitor knows it; it tells something only of version 1."""

    name: str | None = told(text, "name")
    type: str | None = told(text, "si_type")
    state: str | None = told(text, "si_state")


# --- control node -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoutePath(PageRecord):
    """A path to a prefix, the best one first in its route."""

    protocol_text: str | None = told(text, "protocol")
    source: str | None = told(text, "source")
    next_hop: str | None = told(text, "next_hop")
    label: int | None = told(number, "label")
    local_preference: int | None = told(number, "local_preference")
    med: int | None = told(number, "med")
    communities: tuple[str, ...] = told(texts, "communities")
    flags: tuple[str, ...] = told(texts, "flags")
    origin_network: str | None = told(text, "origin_vn")
    network_path: tuple[str, ...] = told(texts, "origin_vn_path")
    replicated: bool | None = told(flag, "replicated")
    primary_table: str | None = told(text, "primary_table")
    encapsulations: tuple[str, ...] = told(texts, "tunnel_encap")

    @property
    def protocol(self) -> str | None:
        """The protocol without what newer releases put behind it in brackets."""
        return self.protocol_text.split()[0] if self.protocol_text else None


@dataclass(frozen=True)
class TableRoute(PageRecord):
    """A prefix with its paths; without prefix it stands for none at all."""

    prefix: str | None = told(text, "prefix")
    paths: tuple[RoutePath, ...] = told(many(RoutePath), "paths")


@dataclass(frozen=True)
class ControlNodeTable(PageRecord):
    """A part of a table; the same table may go on in the next page."""

    name: str | None = told(text, "routing_table_name")
    instance: str | None = told(text, "routing_instance")
    deleted: bool | None = told(flag, "deleted")
    routes: tuple[TableRoute, ...] = told(many(TableRoute), "routes")


@dataclass(frozen=True)
class ConnectedRoute(PageRecord):
    """The route to a service address, by which a chain goes on or ends."""

    address: str | None = told(text, "service_chain_addr")
    route: TableRoute = told(one(TableRoute), "connected_rt")  # noqa: RUF009 - records are frozen


@dataclass(frozen=True)
class ChainState(PageRecord):
    """The state of one side of one service on a control node, in one address family.

    ``state`` is ``active``, ``down``, ``group down``, ``pending`` or ``deleted``; ``instance`` the service routing
    instance, ``connected_instance`` that in which the service's port sits.
    """

    source_network: str | None = told(text, "src_virtual_network")
    destination_network: str | None = told(text, "dest_virtual_network")
    service: str | None = told(text, "service_instance")
    family: str | None = told(text, "family")
    instance: str | None = told(text, "src_rt_instance")
    connected_instance: str | None = told(text, "connected_rt_instance")
    destination_instance: str | None = told(text, "dest_rt_instance")
    address: str | None = told(text, "service_chain_addr")
    state: str | None = told(text, "state")
    pending_reason: str | None = told(text, "pending_reason")
    chain: str | None = told(text, "service_chain_id")
    connected: ConnectedRoute = told(one(ConnectedRoute), "connected_route")  # noqa: RUF009 - records are frozen


@dataclass(frozen=True)
class Neighbor(PageRecord):
    """A BGP peer or, with ``encoding`` XMPP, a compute node of a control node."""

    name: str | None = told(text, "peer")
    address: str | None = told(text, "peer_address")
    encoding: str | None = told(text, "encoding")
    router_type: str | None = told(text, "router_type")
    state: str | None = told(text, "state")
    admin_down: bool | None = told(flag, "admin_down")
    last_error: str | None = told(text, "last_error")
    last_event: str | None = told(text, "last_event")
    configured_families: tuple[str, ...] = told(texts, "configured_address_families")
    negotiated_families: tuple[str, ...] = told(texts, "negotiated_address_families")
    flaps: int | None = told(number, "flap_count")


@dataclass(frozen=True)
class ControlNodeInstance(PageRecord):
    """A routing instance with its route targets; ``network_index`` 0 is one that is not known yet."""

    name: str | None = told(text, "name")
    network: str | None = told(text, "virtual_network")
    network_index: int | None = told(number, "vn_index")
    imports: tuple[str, ...] = told(texts, "import_target")
    exports: tuple[str, ...] = told(texts, "export_target")
    deleted: bool | None = told(flag, "deleted")


# --- vRouter agent ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Interface(PageRecord):
    """A port on its compute node; ``active`` is ``Active`` or names the reasons why it is not."""

    name: str | None = told(text, "name")
    uuid: str | None = told(text, "uuid")
    instance: str | None = told(text, "vrf_name")
    active: str | None = told(text, "active")
    ipv4_active: str | None = told(text, "ipv4_active")
    ipv6_active: str | None = told(text, "ip6_active")
    health_check_active: str | None = told(text, "health_check_active")
    label: int | None = told(number, "label")
    network: str | None = told(text, "vn_name")
    address: str | None = told(text, "ip_addr")
    admin_state: str | None = told(text, "admin_state")

    @property
    def is_active(self) -> bool:
        """Return whether the port forwards; one whose page does not say so is not."""
        return self.active == "Active"

    @property
    def is_healthy(self) -> bool:
        """Return whether no health check has failed; where none is asked for, all is well."""
        return self.health_check_active in (None, "Active")


@dataclass(frozen=True)
class HealthCheckResult(PageRecord):
    """The result of a health check on one port."""

    interface: str | None = told(text, "vm_interface")
    address: str | None = told(text, "health_check_ip")
    active: bool | None = told(flag, "active")
    running: bool | None = told(flag, "running")


@dataclass(frozen=True)
class HealthCheck(PageRecord):
    """A health check and the ports that it watches."""

    uuid: str | None = told(text, "uuid")
    name: str | None = told(text, "name")
    results: tuple[HealthCheckResult, ...] = told(many(HealthCheckResult), "inst_list")


@dataclass(frozen=True)
class XmppPeer(PageRecord):
    """A control node as an agent sees it."""

    address: str | None = told(text, "controller_ip")
    state: str | None = told(text, "state")
    last_event: str | None = told(text, "last_event")
    flaps: int | None = told(number, "flap_count")


@dataclass(frozen=True)
class AgentInstance(PageRecord):
    """A routing instance as an agent numbers it."""

    name: str | None = told(text, "name")
    index: int | None = told(number, "ucindex")
    network: str | None = told(text, "vn")


@dataclass(frozen=True)
class AgentNextHop(PageRecord):
    """The next hop of a path on an agent: ``type`` is tunnel, interface, composite, discard, ..."""

    type: str | None = told(text, "type")
    destination: str | None = told(text, "dip")
    interface: str | None = told(text, "itf")
    tunnel: str | None = told(text, "tunnel_type")


@dataclass(frozen=True)
class AgentPath(PageRecord):
    """A path of an agent's route."""

    peer: str | None = told(text, "peer")
    label: int | None = told(number, "label")
    next_hop: AgentNextHop = told(one(AgentNextHop), "nh")  # noqa: RUF009 - records are frozen
    unresolved: str | None = told(text, "unresolved")
    networks: tuple[str, ...] = told(texts, "dest_vn_list", "dest_vn")


@dataclass(frozen=True)
class AgentRoute(PageRecord):
    """A route of an agent."""

    address: str | None = told(text, "src_ip")
    length: int | None = told(number, "src_plen")
    instance: str | None = told(text, "src_vrf")
    paths: tuple[AgentPath, ...] = told(many(AgentPath), "path_list")


@dataclass(frozen=True)
class LabelUse(PageRecord):
    """The use of an MPLS label on an agent."""

    label: int | None = told(number, "label")
    next_hop: AgentNextHop = told(one(AgentNextHop), "nh")  # noqa: RUF009 - records are frozen


# --- every daemon -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DaemonConnection(PageRecord):
    """A connection of a daemon to another one."""

    type: str | None = told(text, "type")
    name: str | None = told(text, "name")
    servers: tuple[str, ...] = told(texts, "server_addrs")
    status: str | None = told(text, "status")
    description: str | None = told(text, "description")


@dataclass(frozen=True)
class ProcessStatus(PageRecord):
    """The status that a daemon reports of itself."""

    module: str | None = told(text, "module_id")
    state: str | None = told(text, "state")
    connections: tuple[DaemonConnection, ...] = told(many(DaemonConnection), "connection_infos")
    description: str | None = told(text, "description")
