# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports of the introspect servers, which refuse connections where a daemon is down or a copy stands by.

A socket that is bound and does not listen refuses, and keeps the port for when the daemon is back.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from lab.core.sockets import bound
from lab.core.world import World
from lab.introspect.daemons import AGENT, CONTROL, MONITOR, SCHEMA, introspect_servers
from lab.introspect.serving import IntrospectServer

PRODUCT_PORTS = {CONTROL: 8083, AGENT: 8085, SCHEMA: 8087, MONITOR: 8088}
STEP = 100
"""Agents and copies beyond the first are this many ports further on each."""
SHUTDOWN_SECONDS = 1.0

Listen = Callable[[int], socket.socket]
"""Makes a socket that listens on a port, any free one for 0."""


@dataclass
class Door:
    """The port of one server."""

    server: IntrospectServer
    listening: socket.socket
    context: ssl.SSLContext | None = None
    runner: web.AppRunner | None = None
    placeholder: socket.socket | None = None
    address: tuple[str, int] = ("", 0)

    async def open(self) -> None:
        """Serve."""
        if self.placeholder:
            self.placeholder.close()
            self.placeholder = None
            self.listening = socket.create_server(self.address)
        self.address = self.listening.getsockname()
        self.runner = web.AppRunner(
            self.server.application(), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, handle_signals=False
        )
        await self.runner.setup()
        await web.SockSite(self.runner, self.listening, ssl_context=self.context).start()

    async def close(self) -> None:
        """Refuse connections from now on; those that are there end."""
        await self.stop()
        self.placeholder = bound(*self.address)

    async def stop(self) -> None:
        """Give up the port."""
        if self.placeholder:
            self.placeholder.close()
            self.placeholder = None
        if self.runner:
            await self.runner.cleanup()
            self.runner = None


@dataclass
class Introspect:
    """All introspect servers of a world, on ports from `base` on (0: any free ones)."""

    world: World
    base: int
    listen: Listen
    context: ssl.SSLContext | None = None
    doors: list[Door] = field(default_factory=list)
    standing_by: dict[str, list[socket.socket]] = field(default_factory=dict)

    async def start(self) -> None:
        """Serve all daemons' pages."""
        for server, port in zip(introspect_servers(self.world), self._ports(), strict=True):
            self.doors.append(Door(server, self.listen(port), self.context))
            await self.doors[-1].open()
        for copy in range(1, self.world.site.standby + 1):
            for kind in (SCHEMA, MONITOR):
                listening = self.listen(self._port(kind, copy))
                address = listening.getsockname()
                listening.close()
                self.standing_by.setdefault(kind, []).append(bound(*address))

    async def stop(self) -> None:
        """Close all ports."""
        for door in self.doors:
            await door.stop()
        for sockets in self.standing_by.values():
            for one in sockets:
                one.close()

    async def apply_refusals(self) -> None:
        """Open and close ports as the faults want it."""
        for door in self.doors:
            refuses = door.server.refuses()
            if refuses and door.runner:
                await door.close()
            elif not refuses and not door.runner:
                await door.open()

    def urls(self) -> Mapping[str, Sequence[str] | Mapping[str, str]]:
        """Return where to ask: copies of the daemons that stand by come first, agents by compute node."""
        found: dict[str, list[str]] = {
            kind: [self._url(one.getsockname()) for one in self.standing_by.get(kind, ())]
            for kind in (SCHEMA, MONITOR, CONTROL)
        }
        agents = {}
        for door in self.doors:
            kind, _colon, compute = door.server.label.partition(":")
            if compute:
                agents[compute] = self._url(door.address)
            else:
                found[kind].append(self._url(door.address))
        return {**found, AGENT: agents}

    def _url(self, address: tuple[str, int]) -> str:
        return f"{'https' if self.context else 'http'}://{address[0]}:{address[1]}"

    def _ports(self) -> Iterator[int]:
        """Yield the ports in the order of the servers."""
        yield from (self._port(kind, 0) for kind in (SCHEMA, MONITOR, CONTROL))
        yield from (self._port(AGENT, place) for place in range(len(self.world.site.computes)))

    def _port(self, kind: str, place: int) -> int:
        return self.base + PRODUCT_PORTS[kind] + STEP * place if self.base else 0
