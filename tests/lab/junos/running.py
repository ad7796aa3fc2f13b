# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A served router in a thread of its own, for clients that block: tests, and people at a prompt."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import asyncssh

from lab.junos.operational import Operational
from lab.junos.router import Router
from lab.junos.server import Management, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lab.core.routes import RouteTables
    from lab.junos.server import Faults

INITIAL = (Path(__file__).parent / "initial.xml").read_text(encoding="utf-8")
USER, PASSWORD = "lab", "lab-router-password"
LOOPBACK = "127.0.0.1"


@dataclass
class Running:
    """A router that listens on `port` of the loopback; `known_hosts` is the line of its host key."""

    router: Router
    loop: asyncio.AbstractEventLoop
    port: int = 0
    known_hosts: str = ""
    counters: dict[str, int] = field(default_factory=dict)

    def ask(self, question: Callable[[], object]) -> object:
        """Call something in the server's thread, and give back what it returns."""
        answer: concurrent.futures.Future[object] = concurrent.futures.Future()
        self.loop.call_soon_threadsafe(lambda: answer.set_result(question()))
        return answer.result(timeout=10)


@contextlib.contextmanager
def running(
    tables: RouteTables = list,
    *,
    initial: str = INITIAL,
    faults: Faults | None = None,
    authorized_keys: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Serve a router with this initial configuration and these routing tables until the block is left.

    `authorized_keys` names to lines in OpenSSH form, beside the password of USER.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    served = Running(Router(initial, operational=Operational(tables)), loop)
    key = asyncssh.generate_private_key("ssh-ed25519")
    try:
        acceptor = asyncio.run_coroutine_threadsafe(_serve(served, key, faults, authorized_keys), loop).result(
            timeout=10
        )
        served.port = acceptor.get_port()
        public = key.export_public_key().decode().strip()
        served.known_hosts = f"[{LOOPBACK}]:{served.port} {public}\n"
        yield served
        asyncio.run_coroutine_threadsafe(_close(acceptor), loop).result(timeout=10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


async def _serve(
    served: Running, key: asyncssh.SSHKey, faults: Faults | None, authorized_keys: Mapping[str, str] | None
) -> asyncssh.SSHAcceptor:
    return await serve(
        Management(served.router, served.counters, faults),
        host=LOOPBACK,
        port=0,
        host_key=key,
        users={USER: PASSWORD},
        authorized_keys=authorized_keys,
    )


async def _close(acceptor: asyncssh.SSHAcceptor) -> None:
    acceptor.close()
    await asyncio.sleep(0)
