# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections of ``urllib3`` that keep a deadline at every step, and that notice an answer without an end.

Python's own HTTP client takes the end of the connection for the end of the headers, so what was cut inside them would
look like an answer without a body.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
from functools import partial
from typing import Any

from .deadline import BODY, CONNECTING, HANDSHAKE, HEAD, HEADERS, SENDING, STATUS, Deadline

try:
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.poolmanager import ProxyManager
except ImportError:  # modules say so before they connect
    HTTPAdapter = HTTPConnection = HTTPSConnection = object  # type: ignore[assignment,misc]

PIECE = 16384
"""Bytes that are sent at a time: one record of TLS, which takes a time of its own each."""


class _TimedReader(io.RawIOBase):
    """Reads from a socket, each time for as long as is left."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.left())
        size: int | None = self._raw.readinto(buffer)
        stage = self._deadline.stage
        if size == 0 and stage in HEAD:
            raise http.client.RemoteDisconnected("connection closed")
        if size and stage == STATUS and b"\n" in bytes(memoryview(buffer)[:size]):
            self._deadline.stage = HEADERS
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedSocket:
    """The stand-in for a socket that an answer reads from."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the reader of one answer."""
        self._deadline.stage = STATUS
        return io.BufferedReader(_TimedReader(self._sock, self._deadline))


class _Response(http.client.HTTPResponse):
    """An answer whose every part is read within the deadline."""

    def __init__(self, sock: socket.socket, *args: Any, deadline: Deadline, keep: bool, **kwargs: Any) -> None:
        super().__init__(_TimedSocket(sock, deadline), *args, **kwargs)  # type: ignore[arg-type]
        self._deadline = deadline
        self._keep = keep

    def begin(self) -> None:
        """Read status line and headers."""
        super().begin()
        self._deadline.stage = BODY
        self.will_close = self.will_close or not self._keep


def _acknowledge_at_once(connection: HTTPConnection) -> None:
    """Ask the kernel not to delay acknowledgements of the coming answer.

    The API server sends headers and body in two segments; with Nagle's algorithm on its side and delayed
    acknowledgements on ours each small answer on a kept-alive connection takes 44 ms, with this 1 to 5.
    The kernel forgets the setting, so it is made before each answer.
    """
    option = getattr(socket, "TCP_QUICKACK", None)
    if option is not None and connection.sock is not None:
        with contextlib.suppress(OSError, AttributeError):
            connection.sock.setsockopt(socket.IPPROTO_TCP, option, 1)


class _GuardedConnection(HTTPConnection):
    after_connecting = SENDING

    def __init__(self, *args: Any, deadline: Deadline, longest_connect: float, keep: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = deadline
        self._longest_connect = longest_connect
        self._gathered: list[bytes] | None = None
        self.response_class = partial(_Response, deadline=deadline, keep=keep)  # type: ignore[assignment]

    def _new_conn(self) -> socket.socket:
        self._deadline.stage = CONNECTING
        self.timeout = min(self._deadline.left(), self._longest_connect)
        made = super()._new_conn()
        self._deadline.stage = self.after_connecting
        made.settimeout(self._deadline.left())
        return made

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send head and body as one: two segments would wake the server twice, and wait for each other."""
        self._gathered = []
        try:
            super().request(*args, **kwargs)
        finally:
            gathered, self._gathered = self._gathered, None
        self.send(b"".join(gathered))

    def send(self, data: Any) -> None:
        """Send all, within the deadline whatever the peer takes at a time."""
        if self._gathered is not None:
            self._gathered.append(data)
            return
        if self.sock is None:
            self.connect()
        self._deadline.stage = SENDING
        for start in range(0, len(data), PIECE):
            self.sock.settimeout(self._deadline.left())
            super().send(data[start : start + PIECE])

    def getresponse(self, *args: Any, **kwargs: Any) -> Any:
        """Return the answer, whose body is still to be read."""
        self._deadline.stage = STATUS
        self.timeout = self._deadline.left()
        _acknowledge_at_once(self)
        return super().getresponse(*args, **kwargs)


class _GuardedTlsConnection(_GuardedConnection, HTTPSConnection):
    after_connecting = HANDSHAKE


class GuardedAdapter(HTTPAdapter):
    """Makes and keeps the connections of ``requests``, all with one deadline for each request.

    Without ``keep`` each request has a connection of its own.
    """

    def __init__(self, deadline: Deadline, longest_connect: float, connections: int, *, keep: bool) -> None:
        self._given: dict[str, Any] = {"deadline": deadline, "longest_connect": longest_connect, "keep": keep}
        super().__init__(pool_connections=4, pool_maxsize=connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of servers that are spoken to directly."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools()

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Return the pools of servers that are reached through a proxy."""
        manager = super().proxy_manager_for(*args, **kwargs)
        if isinstance(manager, ProxyManager):
            manager.pool_classes_by_scheme = self._pools()
        return manager

    def _pools(self) -> Any:
        return {
            "http": self._pool(HTTPConnectionPool, _GuardedConnection),
            "https": self._pool(HTTPSConnectionPool, _GuardedTlsConnection),
        }

    def _pool(self, pool: type[HTTPConnectionPool], connection: type[_GuardedConnection]) -> type[HTTPConnectionPool]:
        made = partial(connection, **self._given)
        return type(f"_Guarded{pool.__name__}", (pool,), {"ConnectionCls": staticmethod(made)})
