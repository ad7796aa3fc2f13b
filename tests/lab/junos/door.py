# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The NETCONF ports of the site's routers; that of a router that is down refuses connections."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from lab.core.faults import Faults
from lab.core.site import RouterData
from lab.core.sockets import LOOPBACK, bound, listening
from lab.junos.server import Management, serve


@dataclass
class Door:
    """The port of one router, any free one as long as `port` is 0."""

    data: RouterData
    management: Management
    faults: Faults
    key: asyncssh.SSHKey
    port: int
    acceptor: asyncssh.SSHAcceptor | None = field(default=None, init=False)
    placeholder: socket.socket | None = field(default=None, init=False)

    @property
    def known_host(self) -> str:
        """The line of the router's host key in known_hosts."""
        kind, public = self.key.export_public_key().decode().split()[:2]
        return f"[{LOOPBACK}]:{self.port} {kind} {public}\n"

    async def open(self) -> None:
        """Serve. Raises PortTakenError."""
        self._release()
        with listening(self.port, "--netconf-port") as probe:
            self.port = int(probe.getsockname()[1])
        self.acceptor = await serve(
            self.management, host=LOOPBACK, port=self.port, host_key=self.key, users=self.data.users
        )

    async def stop(self) -> None:
        """Give up the port; sessions end."""
        self._release()
        if self.acceptor:
            self.acceptor.close()
            self.management.hang_up()
            await self.acceptor.wait_closed()
            self.acceptor = None

    async def apply_refusal(self) -> None:
        """Open or close the port as the faults want it."""
        down = self.faults.condition("router", "down", router=self.data.name) is not None
        if down and self.acceptor:
            await self.stop()
            self.placeholder = bound(LOOPBACK, self.port)
        elif not down and not self.acceptor:
            await self.open()

    def _release(self) -> None:
        if self.placeholder:
            self.placeholder.close()
            self.placeholder = None


def host_key(path: Path) -> asyncssh.SSHKey:
    """Return a router's host key, made at the first start and kept."""
    if not path.exists():
        key = asyncssh.generate_private_key("ssh-ed25519")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        key.write_private_key(str(path))
    return asyncssh.read_private_key(str(path))
