# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's Contrail API on free ports, in a thread of its own, for clients that block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from lab.contrail.access import Gate, OpenGate, TokenGate
from lab.contrail.api import Counters, create_app
from lab.contrail.fresh import fresh_store
from lab.contrail.store import Store
from lab.core.faults import Faults
from lab.core.site import read_site
from lab.core.world import World
from lab.keystone.directory import Directory
from lab.keystone.server import create_keystone

NEVER = 86400.0
RELEASE = "2011"
"""A release of the line that was recorded: service addresses come from 0.0.0.0/8."""


@dataclass(frozen=True)
class LabServer:
    """A running server: where it listens, and what it holds."""

    host: str
    port: int
    store: Store
    counters: Counters
    faults: Faults
    directory: Directory = field(default_factory=lambda: Directory(read_site().people))
    settle: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        """Return the address of the server, without a slash at the end."""
        return f"http://{self.host}:{self.port}"


@contextmanager
def running_server(*, mode: str = OpenGate.mode, daemons: bool = False) -> Iterator[LabServer]:
    """Run a fresh server until the block ends.

    With another `mode` than no-auth it wants tokens, and a Keystone runs beside it. With `daemons` the service
    monitor and the schema transformer act whenever `settle` is called.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def call(function: Callable[[], Any]) -> Any:
        async def run() -> Any:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), loop).result()

    world = World(read_site().of_release(RELEASE), daemon_delay=NEVER) if daemons else None
    store = world.store if world else fresh_store()
    faults = Faults()
    counters: Counters = {"contrail": {"reads": 0, "writes": 0}}
    directory = Directory(read_site().people)
    gate: Gate = OpenGate() if mode == OpenGate.mode else TokenGate(directory, mode, store)
    runners = [web.AppRunner(create_app(store, counters, faults, gate))]
    if mode != OpenGate.mode:
        runners.append(web.AppRunner(create_keystone(directory)))
    ports = [asyncio.run_coroutine_threadsafe(_listen(runner), loop).result() for runner in runners]
    directory.url = f"http://127.0.0.1:{ports[-1]}"
    settle = (lambda: call(world.settle)) if world else (lambda: None)
    try:
        yield LabServer("127.0.0.1", ports[0], store, counters, faults, directory, settle)
    finally:
        for runner in runners:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listen(runner: web.AppRunner) -> int:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port: int = runner.addresses[0][1]
    return port
