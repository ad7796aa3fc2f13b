# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's Contrail API on a free port, in a thread of its own, for clients that block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web
from lab.contrail.api import Counters, create_app
from lab.contrail.fresh import fresh_store
from lab.contrail.store import Store
from lab.faults import Faults


@dataclass(frozen=True)
class LabServer:
    """A running server: where it listens, and what it holds."""

    host: str
    port: int
    store: Store
    counters: Counters
    faults: Faults

    @property
    def url(self) -> str:
        """Return the address of the server, without a slash at the end."""
        return f"http://{self.host}:{self.port}"


@contextmanager
def running_server() -> Iterator[LabServer]:
    """Run a fresh server until the block ends."""
    store, faults = fresh_store(), Faults()
    counters: Counters = {"contrail": {"reads": 0, "writes": 0}}
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(create_app(store, counters, faults))
    port = loop.run_until_complete(_listen(runner))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield LabServer("127.0.0.1", port, store, counters, faults)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listen(runner: web.AppRunner) -> int:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port: int = runner.addresses[0][1]
    return port
