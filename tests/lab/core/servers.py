# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's servers: config API, Keystone, NETCONF, introspect, control server, on loopback, from one event loop."""

from __future__ import annotations

import json
import os
import ssl
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from lab.contrail.access import Gate, LocalAdminGate, OpenGate, TokenGate
from lab.contrail.api import create_app
from lab.core.control import create_control
from lab.core.sockets import LOOPBACK, listening
from lab.core.tls import Certificates, make_certificates
from lab.core.world import World
from lab.hosts.namespaces import LabHosts
from lab.introspect.doors import Introspect
from lab.junos.door import Door, host_key
from lab.junos.server import Management
from lab.keystone.directory import Directory
from lab.keystone.server import create_keystone
from lab.openstack.api import catalog, create_openstack

HOST_KEY = "ssh_host_ed25519_key"


@dataclass(frozen=True)
class Ports:
    """The ports to listen on; 0 takes any free one. `introspect` is added to the daemons' ports in the product.

    `netconf` is that of the first router; each further one takes the next port.
    """

    contrail: int = 18082
    netconf: int = 18830
    control: int = 18080
    keystone: int = 15000
    local_admin: int = 18095
    openstack: int = 18774
    introspect: int = 10000


@dataclass(frozen=True)
class Manner:
    """How the config API answers: `aaa_mode` and TLS, and whether clients must show a certificate.

    TLS and certificates count for the introspect pages as well, which nobody needs to log in to.
    With `segmented` it answers as slowly as the recorded server's HTTP server does (lab.contrail.segments).
    With `openstack` there are Keystone, Nova, Neutron and Glance beside it, whatever the mode.
    """

    mode: str = "no-auth"
    tls: bool = False
    demand_certificate: bool = False
    segmented: bool = False
    openstack: bool = False


@dataclass(frozen=True)
class Ready:
    """Where the servers listen: what ready.json holds. URLs are empty for servers that were not asked for.

    `netconf_ports` has a port by router, in the order of the site file.
    `openstack` has `auth_url`, `region_name` and by service `compute_url`, `network_url`, `image_url`, or is empty.
    `introspect` has URLs: lists for `schema`, `svc_monitor` and `control`, and for `agent` one by compute node.
    """

    contrail_url: str
    netconf_ports: dict[str, int]
    control_url: str
    pid: int
    keystone_url: str = ""
    local_admin_url: str = ""
    openstack: dict[str, str] = field(default_factory=dict)
    introspect: dict[str, Any] = field(default_factory=dict)


class Servers:
    """All servers of a world.

    `directory` keeps the routers' host keys, known_hosts, ready.json, and with TLS the certificates in `tls`.
    """

    def __init__(self, world: World, directory: Path, hosts: LabHosts, manner: Manner | None = None) -> None:
        self._world = world
        self._manner = manner or Manner()
        self._directory = directory
        self._hosts = hosts
        self._running = AsyncExitStack()

    async def start(self, ports: Ports) -> Ready:
        """Listen; when this returns, all servers answer and ready.json says where. Raises PortTakenError."""
        world = self._world
        certificates = make_certificates(self._directory / "tls") if self._manner.tls else None
        keystone = local_admin = 0
        try:
            gate: Gate = OpenGate()
            openstack: dict[str, str] = {}
            directory = Directory(world.site.people)
            if self._manner.openstack or self._manner.mode != OpenGate.mode:
                keystone = await self._serve_http(create_keystone(directory), ports.keystone, "--keystone-port")
                directory.url = f"http://{LOOPBACK}:{keystone}"
            if self._manner.openstack:
                openstack = await self._serve_openstack(directory, ports.openstack)
            if self._manner.mode != OpenGate.mode:
                gate = TokenGate(directory, self._manner.mode, world.store)
                local_admin = await self._serve_contrail(
                    LocalAdminGate(*world.site.people.local_admin, self._manner.mode),
                    ports.local_admin,
                    "--local-admin-port",
                )
            contrail = await self._serve_contrail(gate, ports.contrail, "--contrail-port", certificates)
            routers = await self._serve_netconf(ports.netconf)
            introspect = await self._serve_introspect(ports.introspect, certificates)

            async def apply_refusals() -> None:
                await introspect.apply_refusals()
                for door in routers:
                    await door.apply_refusal()

            application = create_control(world, self._hosts, apply_refusals)
            control = await self._serve_http(application, ports.control, "--control-port")
        except BaseException:
            await self.stop()
            raise
        ready = Ready(
            contrail_url=f"{'https' if certificates else 'http'}://{LOOPBACK}:{contrail}",
            netconf_ports={door.data.name: door.port for door in routers},
            control_url=f"http://{LOOPBACK}:{control}",
            pid=os.getpid(),
            keystone_url=f"http://{LOOPBACK}:{keystone}/v3" if keystone else "",
            local_admin_url=f"http://{LOOPBACK}:{local_admin}" if local_admin else "",
            openstack=openstack,
            introspect=dict(introspect.urls()),
        )
        file = self._directory / "ready.json"
        file.write_text(json.dumps(asdict(ready)) + "\n", encoding="utf-8")
        self._running.callback(file.unlink, missing_ok=True)
        return ready

    async def stop(self) -> None:
        """Close all servers and their connections."""
        await self._running.aclose()

    async def _serve_contrail(
        self, gate: Gate, port: int, option: str, certificates: Certificates | None = None
    ) -> int:
        world = self._world
        segmented = self._manner.segmented
        app = create_app(world.store, world.counters, world.faults, gate, segmented=segmented)
        return await self._serve_http(app, port, option, self._context(certificates))

    async def _serve_introspect(self, base: int, certificates: Certificates | None) -> Introspect:
        introspect = Introspect(
            self._world, base, lambda port: listening(port, "--introspect-port-base"), self._context(certificates)
        )
        self._running.push_async_callback(introspect.stop)
        await introspect.start()
        return introspect

    def _context(self, certificates: Certificates | None) -> ssl.SSLContext | None:
        return certificates.server_context(demand=self._manner.demand_certificate) if certificates else None

    async def _serve_openstack(self, directory: Directory, port: int) -> dict[str, str]:
        """Listen for Nova, Neutron and Glance, tell Keystone, and return what ready.json says of them."""
        world = self._world
        app = create_openstack(world.cloud, directory, world.faults, world.counters["openstack"])
        url = f"http://{LOOPBACK}:{await self._serve_http(app, port, '--openstack-port')}"
        directory.catalog = catalog(url, world.site.openstack.region)
        endpoints = {f"{one['type']}_url": str(one["endpoints"][0]["url"]) for one in directory.catalog}
        return {"auth_url": f"{directory.url}/v3", "region_name": world.site.openstack.region, **endpoints}

    async def _serve_http(
        self, app: web.Application, port: int, option: str, context: ssl.SSLContext | None = None
    ) -> int:
        taken = listening(port, option)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._running.push_async_callback(runner.cleanup)
        await web.SockSite(runner, taken, ssl_context=context).start()
        return int(taken.getsockname()[1])

    async def _serve_netconf(self, first: int) -> list[Door]:
        """Listen for all routers, on ports from `first` on (0: any free ones), and write known_hosts."""
        world = self._world
        doors = []
        for place, data in enumerate(world.site.routers):
            counters = world.router_counters[data.name]
            management = Management(world.routers[data.name], counters, world.faults)
            key = host_key(self._directory / "routers" / data.name / HOST_KEY)
            door = Door(data, management, world.faults, key, first + place if first else 0)
            self._running.push_async_callback(door.stop)
            await door.open()
            doors.append(door)
        known_hosts = "".join(door.known_host for door in doors)
        (self._directory / "known_hosts").write_text(known_hosts, encoding="utf-8")
        return doors
