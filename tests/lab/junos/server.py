# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's NETCONF server over SSH: framing, sessions, faults."""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING, Protocol

import asyncssh
from lxml import etree

from lab.junos import replies
from lab.junos.complaints import Complaint, syntax_error
from lab.junos.rpcs import Answer, Operations, local
from lab.junos.session import Session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, MutableMapping

    from lab.junos.router import Router

LOG = logging.getLogger(__name__)
SUBSYSTEM = "netconf"
COMMANDS = frozenset({"netconf", "xml-mode netconf need-trailer"})
"""Commands that start a session where a client does not ask for the subsystem."""

FIRST_SESSION = 4711
END = replies.END.encode()
CHUNK = 65536


class Fault(Protocol):
    """What goes wrong with an RPC: `slow` (by `seconds`), `drop`, `drop_after`, `rpc_error` (says `body`)."""

    kind: str
    body: str
    seconds: float


class Faults(Protocol):
    """Asked before each RPC what is to go wrong with it."""

    def take(self, server: str, **attributes: str) -> Fault | None:
        """The fault for this request, if any."""


class NoFaults:
    """Nothing goes wrong."""

    def take(self, server: str, **attributes: str) -> Fault | None:
        """No fault."""
        return None


class Login(asyncssh.SSHServer):
    """Password and public-key login."""

    def __init__(self, users: Mapping[str, str], authorized_keys: Mapping[str, str]) -> None:
        self._users = users
        self._authorized_keys = authorized_keys

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Keep the connection: the keys of a user are handed to it."""
        self._connection = conn

    def begin_auth(self, username: str) -> bool:
        """Everybody must authenticate."""
        if username in self._authorized_keys:
            self._connection.set_authorized_keys(asyncssh.import_authorized_keys(self._authorized_keys[username]))
        return True

    def password_auth_supported(self) -> bool:
        """Passwords are taken."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """True for a known user with the right password."""
        return self._users.get(username) == password


class Management:
    """All management sessions of a router. `counters` counts sessions, rpcs, locks and commits."""

    def __init__(self, router: Router, counters: MutableMapping[str, int], faults: Faults | None = None) -> None:
        self.router = router
        self.counters = counters
        self.faults = faults or NoFaults()
        self._ids = itertools.count(FIRST_SESSION)
        self._connections: dict[str, asyncssh.SSHServerConnection] = {}

    async def serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        """One SSH channel from its start to its end."""
        if process.subsystem != SUBSYSTEM and process.command not in COMMANDS:
            process.exit(self._print(process))
            return
        connection = process.get_extra_info("connection")
        session = Session(self.router, next(self._ids), process.get_extra_info("username"))
        self._connections[str(session.session_id)] = connection
        self._count("sessions")
        try:
            process.stdout.write(replies.hello(session.session_id, session.user).encode())
            await self._converse(process, session)
        except (asyncssh.Error, ConnectionError):
            pass  # the client went away; what it left is cleared below
        finally:
            session.end()
            del self._connections[str(session.session_id)]
            process.exit(0)

    def _print(self, process: asyncssh.SSHServerProcess[bytes]) -> int:
        """Carry out a CLI command; the exit status."""
        asked = etree.Element("command", {"format": "text"})
        asked.text = process.command or ""
        printed = self.router.operational(self.router, asked)
        if printed is None:
            process.stderr.write(b"error: unknown command\n")
            return 1
        process.stdout.write((printed.text or "").lstrip("\n").encode())
        return 0

    async def _converse(self, process: asyncssh.SSHServerProcess[bytes], session: Session) -> None:
        operations = Operations(session, self.counters)
        async for message in _messages(process):
            rpc = _parsed(message)
            if rpc is None:
                process.stdout.write(_malformed(self.router.version))
                continue
            if local(rpc) == "hello":
                continue
            if not await self._answer(process, operations, rpc):
                return

    async def _answer(
        self, process: asyncssh.SSHServerProcess[bytes], operations: Operations, rpc: etree._Element
    ) -> bool:
        """Answer one rpc; False where the session ends."""
        self._count("rpcs")
        inner = next((child for child in rpc if isinstance(child.tag, str)), None)
        name = "" if inner is None else local(inner)
        fault = self.faults.take("junos", router=self.router.host_name, rpc=name)
        kind = "" if fault is None else fault.kind
        if fault is not None and kind == "slow":
            await asyncio.sleep(fault.seconds)
        if kind == "drop":
            process.get_extra_info("connection").abort()
            return False
        if fault is not None and kind == "rpc_error":
            answer = Answer(replies.rpc_error(Complaint(fault.body)))
        elif inner is None or local(rpc) != "rpc":
            answer = Answer(replies.rpc_error(syntax_error(local(rpc))))
        else:
            answer = _carried_out(operations, inner)
        if kind == "drop_after":
            process.get_extra_info("connection").abort()
            return False
        if answer.kills is not None:
            answer = self._kill(answer.kills)
        process.stdout.write(_reply(rpc, answer.body, self.router.version))
        await process.stdout.drain()
        return not answer.closes

    def hang_up(self) -> None:
        """End all sessions at once, as a router does that goes down."""
        for connection in list(self._connections.values()):
            connection.abort()

    def _kill(self, session_id: str) -> Answer:
        connection = self._connections.get(session_id)
        if connection is None:
            return Answer(replies.rpc_error(Complaint(f"no such session: {session_id}", tag="invalid-value")))
        connection.abort()
        return Answer(replies.OK)

    def _count(self, what: str) -> None:
        self.counters[what] = self.counters.get(what, 0) + 1


def _carried_out(operations: Operations, operation: etree._Element) -> Answer:
    """The answer; a fault of the lab itself is logged before it ends the session."""
    try:
        return operations.answer(operation)
    except Exception:
        LOG.exception("cannot carry out %s", etree.tostring(operation, encoding="unicode")[:1000])
        raise


async def _messages(process: asyncssh.SSHServerProcess[bytes]) -> AsyncIterator[bytes]:
    """The framed messages of a client until it hangs up."""
    waiting = bytearray()
    scanned = 0
    while chunk := await process.stdin.read(CHUNK):
        waiting += chunk
        while (end := waiting.find(END, max(0, scanned - len(END)))) >= 0:
            yield bytes(waiting[:end])
            del waiting[: end + len(END)]
            scanned = 0
        scanned = len(waiting)


def _parsed(message: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=False)
    try:
        return etree.fromstring(message.strip(), parser)
    except etree.XMLSyntaxError:
        return None


def _attributes(rpc: etree._Element) -> dict[str, str]:
    """The attributes of an rpc, declarations of their namespaces included, as they are to be echoed."""
    prefixes = {uri: prefix for prefix, uri in rpc.nsmap.items() if prefix}
    shown: dict[str, str] = {}
    for name, given in rpc.attrib.items():
        qualified, value = etree.QName(name), str(given)
        if qualified.namespace is None:
            shown[qualified.localname] = value
        elif qualified.namespace in prefixes:
            shown[f"xmlns:{prefixes[qualified.namespace]}"] = qualified.namespace
            shown[f"{prefixes[qualified.namespace]}:{qualified.localname}"] = value
    return shown


def _reply(rpc: etree._Element, body: str, version: str) -> bytes:
    return replies.envelope(_attributes(rpc), body, version).encode()


def _malformed(version: str) -> bytes:
    return replies.envelope(
        {}, replies.rpc_error(Complaint("malformed message", tag="malformed-message")), version
    ).encode()


async def serve(
    management: Management,
    *,
    host: str,
    port: int,
    host_key: asyncssh.SSHKey | str,
    users: Mapping[str, str],
    authorized_keys: Mapping[str, str] | None = None,
) -> asyncssh.SSHAcceptor:
    """Serve a router's NETCONF on `host`:`port` (0: any free port) until the acceptor is closed.

    `host_key` is a private key or the path of one; `users` maps names to passwords, `authorized_keys` names
    to lines in OpenSSH form. Raises OSError where the port is taken.
    """
    management.router.timer = asyncio.get_running_loop().call_later
    return await asyncssh.create_server(
        lambda: Login(users, authorized_keys or {}),
        host,
        port,
        server_host_keys=[host_key],
        process_factory=management.serve,
        encoding=None,
        line_editor=False,
    )
