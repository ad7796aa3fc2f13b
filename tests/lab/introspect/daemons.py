# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which daemons of a world serve introspect pages, and what each of them is connected to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from lab.core.world import World
from lab.introspect.agent_pages import AgentPages
from lab.introspect.control_pages import ControlPages
from lab.introspect.monitor_pages import MonitorPages
from lab.introspect.schema_pages import SchemaPages
from lab.introspect.serving import IntrospectServer, NativeServer, Page, Pages, PythonServer
from lab.introspect.status_page import Connection, Process

SCHEMA, MONITOR, CONTROL, AGENT = "schema", "svc_monitor", "control", "agent"
CONTROLLER = "controller"
MODULES = {SCHEMA: "contrail-schema", MONITOR: "contrail-svc-monitor", CONTROL: "contrail-control"}
NODES = {SCHEMA: "ObjectConfigNode", MONITOR: "ObjectConfigNode", CONTROL: "ObjectBgpRouter", AGENT: "ObjectVRouter"}


def agent_label(compute: str) -> str:
    """Return what faults call the agent of a compute node."""
    return f"{AGENT}:{compute}"


def introspect_servers(world: World) -> Iterator[IntrospectServer]:
    """Yield the servers of all daemons: schema transformer, service monitor, control node, then the agents."""
    configuration = partial(_configuration, world)
    for kind, pages in ((SCHEMA, SchemaPages(world).pages()), (MONITOR, MonitorPages(world).pages())):
        status = Process(CONTROLLER, MODULES[kind], configuration).pages()
        yield _server(PythonServer, world, kind, kind, {**pages, **status})
    status = Process(CONTROLLER, MODULES[CONTROL], partial(_control, world), native=True).pages()
    yield _server(NativeServer, world, CONTROL, CONTROL, {**ControlPages(world).pages(), **status})
    for compute in world.site.computes:
        status = Process(compute, "contrail-vrouter-agent", partial(_agent, world, compute), native=True).pages()
        pages = AgentPages(world, compute).pages()
        yield _server(NativeServer, world, AGENT, agent_label(compute), {**pages, **status})


def _server(
    personality: type[IntrospectServer], world: World, kind: str, label: str, pages: Mapping[str, Page]
) -> IntrospectServer:
    return personality(Pages(kind, label, NODES[kind], pages), world.faults, world.counters["introspect"])


def _configuration(world: World) -> Iterator[Connection]:
    """Yield what the daemons of a configuration node are connected to."""
    address = world.site.controller
    yield Connection("Zookeeper", "Zookeeper", f"{address}:2181")
    yield Connection("Database", "Cassandra", f"{address}:9161")
    yield Connection("ApiServer", "ApiServer", f"{address}:8082")
    yield Connection("Database", "RabbitMQ", f"{address}:5672")


def _control(world: World) -> Iterator[Connection]:
    address = world.site.controller
    yield Connection("Database", "Cassandra", f"{address}:9041", description="Established Cassandra connection")
    yield Connection("Database", "RabbitMQ", f"{address}:5672", description="RabbitMQ connection established")


def _agent(world: World, compute: str) -> Iterator[Connection]:
    up = world.vrouters.connected(compute)
    address = world.site.controller
    said = "OpenSent" if up else "Connect"
    yield Connection("XMPP", f"control-node:{address}", f"{address}:5269", up, said)
