# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's servers: config API, Keystone, NETCONF, introspect, control server, on loopback, from one event loop."""

from __future__ import annotations

import json
import os
import socket
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
from aiohttp import web

from lab.contrail.access import Gate, LocalAdminGate, OpenGate, TokenGate
from lab.contrail.api import create_app
from lab.control import create_control
from lab.introspect.doors import Introspect
from lab.junos.server import serve
from lab.keystone.directory import Directory
from lab.keystone.server import create_keystone
from lab.openstack.api import catalog, create_openstack
from lab.tls import Certificates, make_certificates
from lab.world import World

LOOPBACK = "127.0.0.1"
HOST_KEY = "ssh_host_ed25519_key"


class PortTakenError(RuntimeError):
    """A port that a server needs is in use; the message says which, and what to do."""


@dataclass(frozen=True)
class Ports:
    """The ports to listen on; 0 takes any free one. `introspect` is added to the daemons' ports in the product."""

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

    `openstack` has `auth_url`, `region_name` and by service `compute_url`, `network_url`, `image_url`, or is empty.
    `introspect` has URLs: lists for `schema`, `svc_monitor` and `control`, and for `agent` one by compute node.
    """

    contrail_url: str
    netconf_port: int
    control_url: str
    pid: int
    keystone_url: str = ""
    local_admin_url: str = ""
    openstack: dict[str, str] = field(default_factory=dict)
    introspect: dict[str, Any] = field(default_factory=dict)


class Servers:
    """All servers of a world.

    `directory` keeps the router's host key, known_hosts, ready.json, and with TLS the certificates in `tls`.
    """

    def __init__(
        self, world: World, directory: Path, reset_hosts: Callable[[], None], manner: Manner | None = None
    ) -> None:
        self._world = world
        self._manner = manner or Manner()
        self._directory = directory
        self._reset_hosts = reset_hosts
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
            netconf = await self._serve_netconf(ports.netconf)
            introspect = await self._serve_introspect(ports.introspect, certificates)
            application = create_control(world, self._reset_hosts, introspect.apply_refusals)
            control = await self._serve_http(application, ports.control, "--control-port")
        except BaseException:
            await self.stop()
            raise
        ready = Ready(
            contrail_url=f"{'https' if certificates else 'http'}://{LOOPBACK}:{contrail}",
            netconf_port=netconf,
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
            self._world, base, lambda port: _listen(port, "--introspect-port-base"), self._context(certificates)
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
        listening = _listen(port, option)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._running.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listening, ssl_context=context).start()
        return int(listening.getsockname()[1])

    async def _serve_netconf(self, port: int) -> int:
        key = _host_key(self._directory / HOST_KEY)
        with _listen(port, "--netconf-port") as probe:
            port = int(probe.getsockname()[1])
        acceptor = await serve(
            self._world.router,
            host=LOOPBACK,
            port=port,
            host_key=key,
            users=self._world.site.router.users,
            counters=self._world.counters["junos"],
            faults=self._world.faults,
        )
        self._running.push_async_callback(acceptor.wait_closed)
        self._running.callback(acceptor.close)
        public = key.export_public_key().decode().split()
        (self._directory / "known_hosts").write_text(f"[{LOOPBACK}]:{port} {public[0]} {public[1]}\n", encoding="utf-8")
        return port


def _listen(port: int, option: str) -> socket.socket:
    """Return a socket that listens on a port of the loopback. Raises PortTakenError."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise PortTakenError(
            f"port {port} cannot be had ({error.strerror}): another lab may be running; "
            f"stop it, or choose another port with {option} (0: any free one)"
        ) from error


def _host_key(path: Path) -> asyncssh.SSHKey:
    """Return the router's host key, made at the first start and kept."""
    if not path.exists():
        key = asyncssh.generate_private_key("ssh-ed25519")
        path.touch(mode=0o600)
        key.write_private_key(str(path))
    return asyncssh.read_private_key(str(path))
