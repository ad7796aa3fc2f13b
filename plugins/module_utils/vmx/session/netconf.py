# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A NETCONF session over a channel, for ncclient and PyEZ: bytes in, replies out, every fault said at once.

ncclient's own session decodes what arrives piece by piece, and so fails on a character that two pieces share; it drops
a reply that is no XML without a word, and waits for it.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from contextlib import suppress
from typing import Any

from . import framing, ssh, xml
from .connection import Connection, NotConnectedError, RouterError
from .xml import Element

try:
    from jnpr.junos import Device
    from ncclient.capabilities import Capabilities
    from ncclient.manager import Manager, make_device_handler
    from ncclient.operations.errors import TimeoutExpiredError
    from ncclient.operations.third_party.juniper.rpc import ExecuteRpc
    from ncclient.transport.errors import TransportError
    from ncclient.transport.session import NetconfBase
    from ncclient.transport.session import Session as NcclientSession
    from ncclient.xml_ import parse_root
except ImportError:  # reported by the session, which needs them as well
    Device = NcclientSession = object

READ_BYTES = 65536
POLL_SECONDS = 0.5
"""How often the reader looks whether the session is to end, while nothing arrives."""

END_SECONDS = 5


class ChannelSession(NcclientSession):  # type: ignore[misc]
    """ncclient's session over a channel that is open.

    ``fault`` says what ended it, ``marked`` that a reply held bytes or characters that are no text, see
    :func:`framing.readable`.
    """

    def __init__(self, handler: Any, opening: ssh.Opening, channel: Any, timeout: float) -> None:
        super().__init__(Capabilities(handler.get_capabilities()))
        self._device_handler = handler
        self._opening = opening
        self._channel = channel
        self._timeout = timeout
        self._closing = threading.Event()
        self._connected = True
        self.fault: str | None = None
        self.marked = False
        channel.settimeout(POLL_SECONDS)

    @property
    def transport(self) -> Any:
        """The transport of the channel."""
        return self._channel.get_transport()

    def greet(self, seconds: float) -> None:
        """Exchange hellos, and read from then on."""
        self._post_connect(seconds)

    def send(self, message: str) -> None:
        """Send a message; raises ncclient's errors, that of a reply in time where the router does not take it."""
        if not self.connected:
            raise TransportError("the session is over")
        waiting = memoryview(framing.framed(message.encode(), chunked=self._is_chunked))
        deadline = time.monotonic() + self._timeout
        while waiting:
            try:
                sent = self._channel.send(waiting[:READ_BYTES].tobytes())
            except TimeoutError:
                if time.monotonic() > deadline:
                    self._connected = False  # a part of the message may be out, so nothing can follow it
                    raise TimeoutExpiredError("the router does not take the request") from None
                continue
            except OSError as error:
                self._connected = False
                raise TransportError(str(error)) from None
            if not sent:
                self._connected = False
                raise TransportError("the router closed the connection")
            waiting = waiting[sent:]

    @property
    def _is_chunked(self) -> bool:
        return bool(self._base == NetconfBase.BASE_11)

    def run(self) -> None:
        """Read until the session ends. Called in a thread of its own."""
        deframer = framing.Deframer()
        try:
            while not self._closing.is_set():
                with suppress(TimeoutError):
                    data = self._channel.recv(READ_BYTES)
                    if not data:
                        break
                    deframer.chunked = self._is_chunked
                    for message in deframer.feed(data):
                        self._take(message)
            if not self._closing.is_set():
                self._fail("the router closed the connection")
        except framing.FramingError as error:
            self._fail(f"the reply cannot be read: {error}")
        except Exception as error:  # whatever ends the reader must reach who waits for a reply
            self._fail(f"{type(error).__name__}: {error}")

    def _take(self, message: bytes) -> None:
        """Hand a message to who waits for it."""
        text, marked = framing.readable(message)
        self.marked = self.marked or marked
        try:
            parse_root(text.strip())
        except Exception as error:  # of the parser, which has many
            if not isinstance(self._device_handler.handle_raw_dispatch(text), str):
                self._fail(f"the reply is no XML: {error}")
                return
        self._dispatch_message(text.strip())

    def _fail(self, fault: str) -> None:
        self.fault = self.fault or fault
        self._connected = False
        self._dispatch_error(TransportError(fault))
        self._opening.close()

    def close(self) -> None:
        """End the connection; what it is not ready for is left to its end."""
        self._closing.set()
        self._connected = False
        self._opening.close()
        if self.is_alive() and self is not threading.current_thread():
            self.join(END_SECONDS)


class RouterDevice(Device):  # type: ignore[misc]
    """PyEZ's device over a session that is open.

    Requests may be sent ahead: a router carries them out and answers in their order (RFC 6241, section 4.4), so what
    is under way needs no round trip of its own.
    """

    def __init__(self, connection: Connection, session: ChannelSession, handler: Any) -> None:
        host = f"[{connection.host}]" if ":" in connection.host else connection.host
        super().__init__(host=host, user=connection.user, ssh_config=os.devnull, gather_facts=False)
        self._conn = Manager(session, handler, timeout=connection.timeout)
        self._nc_transform = self.transform
        self.connected = True
        self.session = session
        self._handler = handler
        self._ahead: dict[Element, ExecuteRpc | Exception] = {}

    def send_ahead(self, rpc: Element) -> None:
        """Send a request whose reply ``execute`` returns, given the same element; what fails now fails there."""
        try:
            self._ahead[rpc] = self._sent(rpc)
        except Exception as error:  # paramiko raises what it likes
            self._ahead[rpc] = error

    def _sent(self, rpc: Element) -> ExecuteRpc:
        return ExecuteRpc(self.session, self._handler, async_mode=True).request(rpc)

    def _rpc_reply(self, rpc_cmd_e: Element, ignore_warning: bool = False, filter_xml: None = None) -> Element:
        """Return the reply to a request, sent ahead or now; raises ncclient's errors. Called by PyEZ's ``execute``."""
        request = self._ahead.pop(rpc_cmd_e, None) or self._sent(rpc_cmd_e)
        if isinstance(request, Exception):
            raise request
        if not request.event.wait(self.timeout):
            raise TimeoutExpiredError("no reply in time")
        if request.error is not None:
            raise request.error
        return xml.read_reply(request.reply.xml)

    def close(self) -> None:
        """End the session, and the connection whatever becomes of the request to."""
        try:
            super().close()
        finally:
            self.session.close()


def open_device(connection: Connection) -> RouterDevice:
    """Open a PyEZ device that has gathered no facts; raises :class:`RouterError`.

    All of it, from the look-up of the name to the router's hello, takes ``connect_timeout`` seconds at most.
    """
    opening = ssh.Opening()
    outcome: queue.SimpleQueue[RouterDevice | BaseException] = queue.SimpleQueue()

    def attempt() -> None:
        try:
            outcome.put(_open_device(connection, opening))
        except BaseException as error:  # handed to who waits
            outcome.put(error)

    threading.Thread(target=attempt, daemon=True, name="vmx-open").start()
    try:
        found = outcome.get(timeout=connection.connect_timeout)
    except queue.Empty:
        found = NotConnectedError(ssh.stalled(connection, opening.stage))
    except BaseException:
        opening.close()
        raise
    if isinstance(found, BaseException):
        opening.close()
        raise RouterError(f"cannot connect to router {connection}: {_reason(opening, found)}") from None
    return found


def _open_device(connection: Connection, opening: ssh.Opening) -> RouterDevice:
    channel = ssh.open_channel(connection, opening)
    handler = make_device_handler({"name": "junos"})
    session = ChannelSession(handler, opening, channel, connection.timeout)
    opening.begin("the NETCONF hello")
    session.greet(connection.connect_timeout + ssh.PATIENCE_SECONDS)
    return RouterDevice(connection, session, handler)


def _reason(opening: ssh.Opening, error: BaseException) -> str:
    """Return why there is no connection, in one line."""
    if isinstance(error, NotConnectedError):
        return " ".join(str(error).split())
    if isinstance(error, (EOFError, ConnectionError)):
        return f"it closed the connection during {opening.stage}"
    text = " ".join(str(error).split())
    if "protocol banner" in text:
        return "no SSH server answers there, or it closes the connection at once; is the port right?"
    return f"{text or type(error).__name__} (during {opening.stage})"
