# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A NETCONF session byte by byte: any text in any pieces, replies that are none, and peers that stall at each stage."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

import asyncssh
import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.information import (
    Question,
    RouterReader,
    kept_sessions,
    reading,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import netconf, session
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.framing import (
    MARK,
    Deframer,
    framed,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.session import (
    Connection,
    NoReplyError,
    RouterError,
    Session,
    open_session,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.ssh import Opening
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.xml import element
from hypothesis import given
from hypothesis import strategies as st
from ncclient.manager import make_device_handler
from support.examples import examples
from support.module_run import ModuleFailedError, run_module

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
CONNECTION = Connection("vmx1", user="lab", password="secret", timeout=2)


@dataclass
class Peer:
    """The far end of a channel: answers each request with the next of ``replies``, cut at each of ``cuts``.

    A reply is the bytes inside of ``rpc-reply``; what is no reply is sent as it is where it begins with ``!``.
    """

    replies: list[bytes]
    cuts: list[int]
    chunked: bool = False
    closed: bool = False
    _arrived: Deframer = field(default_factory=Deframer)
    _waiting: list[bytes] = field(default_factory=list)
    _ready: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        capabilities = f"<capability>{BASE}</capability>" + (
            "<capability>urn:ietf:params:netconf:base:1.1</capability>" if self.chunked else ""
        )
        self._say(
            f'<hello xmlns="{BASE}"><capabilities>{capabilities}</capabilities><session-id>1</session-id></hello>'
            "]]>]]>\n".encode()
        )

    def _say(self, data: bytes) -> None:
        places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in self.cuts)})
        with self._ready:
            self._waiting += [data[start:end] for start, end in pairwise(places)]
            self._ready.notify()

    def settimeout(self, seconds: float) -> None:
        """Take the time to wait, which does not matter here."""

    def get_transport(self) -> None:
        """Return no transport."""

    def send(self, data: bytes) -> int:
        """Take what the client sends, and answer requests."""
        if self.closed:
            raise OSError("Socket is closed")
        for message in self._arrived.feed(data):
            if b"<hello" in message or b":hello" in message:
                self._arrived.chunked = self.chunked
                continue
            found = re.search(rb'message-id="([^"]+)"', message)
            assert found is not None
            reply = self.replies.pop(0)
            if reply.startswith(b"!"):
                self._say(reply[1:])
            else:
                whole = b'<rpc-reply xmlns="%b" message-id="%b">%b</rpc-reply>' % (BASE.encode(), found.group(1), reply)
                self._say(framed(whole, chunked=self.chunked))
        return len(data)

    def recv(self, _size: int) -> bytes:
        """Return the next piece; nothing at the end."""
        with self._ready:
            if not self._ready.wait_for(lambda: self._waiting or self.closed, timeout=0.2):
                raise TimeoutError
            return self._waiting.pop(0) if self._waiting else b""

    def close(self) -> None:
        """End the channel."""
        with self._ready:
            self.closed = True
            self._ready.notify()


@contextlib.contextmanager
def session_with(peer: Peer) -> Iterator[Session]:
    """Open a session with a peer: ours, PyEZ's and ncclient's code, and no network."""
    handler = make_device_handler({"name": "junos"})
    opening = Opening()
    opening.opened(peer.close)
    channel = netconf.ChannelSession(handler, opening, peer, CONNECTION.timeout)
    channel.greet(2)
    try:
        yield Session(CONNECTION, netconf.RouterDevice(CONNECTION, channel, handler))
    finally:
        channel.close()


def described(text: bytes) -> bytes:
    """Return a configuration with a VRF of this description."""
    return (
        b'<configuration xmlns="http://xml.juniper.net/xnm/1.1/xnm"><routing-instances><instance><name>vn1</name>'
        b"<description>%b</description></instance></routing-instances></configuration>" % text
    )


def description(opened: Session) -> str | None:
    found = opened.read_configuration(["routing-instances"])
    instance = found.find("routing-instances")
    return instance.children[0].value("description") if instance is not None else None


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40)


@examples(60)
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=3),
    cuts=st.lists(st.integers(0, 2000), max_size=10),
    chunked=st.booleans(),
)
def test_any_text_in_any_pieces_is_read_the_same(texts: list[str], cuts: list[int], chunked: bool) -> None:
    peer = Peer([described(escape(text).encode()) for text in texts], cuts, chunked)
    with session_with(peer) as opened:
        assert [description(opened) for _text in texts] == [text.strip() or None for text in texts]
        assert opened.warnings == []


@pytest.mark.parametrize("shift", range(4))
def test_a_long_reply_with_umlauts_in_pieces_of_a_buffer(shift: int) -> None:
    text = "x" * shift + "Standort Zürich Süd " * 2000
    reply = described(text.encode())
    with session_with(Peer([reply], list(range(0, len(reply) + 200, 4096)))) as opened:
        assert description(opened) == text.strip()


@pytest.mark.parametrize("sent", ["Zürich".encode("latin-1"), b"Z\x1brich", b"Z&#27;rich"])
def test_what_is_no_text_is_read_on_with_a_mark_and_told(sent: bytes) -> None:
    with session_with(Peer([described(sent), described(b"fine")], [])) as opened:
        assert description(opened) == f"Z{MARK}rich"
        assert opened.warnings == [
            "router vmx1:830 sent what is no text (not UTF-8, or control characters), which is read as"
            f" {MARK}: routing-instances instance vn1 description 'Z{MARK}rich'"
        ]
        assert description(opened) == "fine"
        assert len(opened.warnings) == 1


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (b"!no XML]]>]]>", "the reply is no XML: Start tag expected"),
        (b"!]]>]]>", "the reply is no XML"),
        (b"!<rpc-reply/>]]>]]>", "Could not find 'message-id'"),
        (b'!<rpc-reply message-id="7"/>]]>]]>', "Unknown 'message-id': 7"),
        (b"<configuration><a></configuration>", "the reply is no XML: Opening and ending tag mismatch"),
        (b"<a>" * 5000 + b"</a>" * 5000, "the reply is no XML: Excessive depth in document: 256"),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", "the reply is no XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>", "the reply is no XML"),
    ],
)
def test_a_reply_that_is_none_is_told_at_once(reply: bytes, message: str) -> None:
    begun = time.monotonic()
    with session_with(Peer([reply], [])) as opened, pytest.raises(NoReplyError) as caught:
        opened.read_configuration(["interfaces"])
    assert str(caught.value).startswith("cannot read the configuration on router vmx1:830: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - begun < CONNECTION.timeout


def test_chunks_that_are_none_are_told_at_once() -> None:
    with session_with(Peer([b"!<rpc-reply/>"], [], chunked=True)) as opened, pytest.raises(NoReplyError) as caught:
        opened.read_configuration(["interfaces"])
    assert "the reply cannot be read: a chunk begins with" in str(caught.value)


def test_a_request_that_the_router_does_not_take_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0

    def full(_peer: Peer, _data: bytes) -> int:
        nonlocal tried
        tried += 1
        time.sleep(0.1)
        raise TimeoutError

    with session_with(Peer([], [])) as opened:
        monkeypatch.setattr(Peer, "send", full)
        with pytest.raises(NoReplyError, match="no reply within 2 s"):
            opened.read_configuration(["interfaces"])
        before = tried
        with pytest.raises(NoReplyError):  # a part of the first may be out, so nothing is sent after it
            list(opened.execute_all(asked(3)))
    assert tried == before


def test_an_error_of_a_library_at_sending_ahead_is_told_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def stalled(_peer: Peer, _data: bytes) -> int:
        raise EOFError("key exchange")

    with session_with(Peer([], [])) as opened:
        monkeypatch.setattr(Peer, "send", stalled)
        with pytest.raises(NoReplyError, match="cannot read version 0 on router vmx1:830: EOFError: key exchange"):
            list(opened.execute_all(asked(2)))


# --- requests that are sent ahead ---


@dataclass
class Slow(Peer):
    """A peer that begins to answer only when so many requests have come, as over a long way."""

    least: int = 1
    held: list[bytes] = field(default_factory=list)
    requests: int = 0

    def _say(self, data: bytes) -> None:
        if b"<hello" in data:
            super()._say(data)
            return
        self.requests += 1
        self.held.append(data)
        if self.requests >= self.least:
            super()._say(b"".join(self.held))
            self.held = []


def version(name: str) -> bytes:
    return b"<software-information><host-name>%b</host-name></software-information>" % name.encode()


REFUSED = b"<rpc-error><error-severity>error</error-severity><error-message>syntax error</error-message></rpc-error>"


def asked(count: int) -> list[tuple[Any, str]]:
    return [(element("get-software-information"), f"read version {number}") for number in range(count)]


@examples(40)
@given(
    names=st.lists(st.sampled_from(["a", "b", "é", None]), min_size=1, max_size=3 * session.IN_FLIGHT),
    cuts=st.lists(st.integers(0, 3000), max_size=6),
    chunked=st.booleans(),
)
def test_replies_come_in_the_order_of_requests_that_are_under_way_together(
    names: list[str | None], cuts: list[int], chunked: bool
) -> None:
    replies = [version(name) if name else REFUSED for name in names]
    peer = Slow(replies, cuts, chunked, least=min(len(names), session.IN_FLIGHT))
    with session_with(peer) as opened:
        found = list(opened.execute_all(asked(len(names))))
        assert opened.rpcs == ["get-software-information"] * len(names)
    for number, (name, reply) in enumerate(zip(names, found, strict=True)):
        if name is None:
            assert str(reply) == f"cannot read version {number} on router vmx1:830: syntax error"
        else:
            assert not isinstance(reply, RouterError)
            assert reply is not None
            assert reply.findtext("host-name") == name


def test_a_router_that_answers_nothing_is_asked_for_a_window_of_requests_at_most() -> None:
    peer = Slow([version("a")] * 100, [], least=101)
    with session_with(peer) as opened, pytest.raises(NoReplyError, match=r"version 0 on .*: no reply within 2 s"):
        list(opened.execute_all(asked(100)))
    assert peer.requests == session.IN_FLIGHT


def test_a_connection_that_ends_under_way_is_told_by_the_first_request_without_a_reply() -> None:
    with session_with(Peer([version("a"), b"!no XML]]>]]>", version("c")], [])) as opened:
        replies = opened.execute_all(asked(3))
        assert not isinstance(next(replies), RouterError)
        with pytest.raises(NoReplyError, match="cannot read version 1 on router vmx1:830: the reply is no XML"):
            next(replies)


def test_all_are_answered_before_the_refusal_of_one_is_raised() -> None:
    with session_with(Peer([version("a"), REFUSED, version("c"), version("later")], [])) as opened:
        with pytest.raises(RouterError, match="cannot read version 1 on router vmx1:830: syntax error"):
            list(opened.ask_all(asked(3)))
        (later,) = opened.ask_all(asked(1))
        assert later["software-information"]["host-name"] == "later"


@dataclass
class Sessions:
    """Opens a session for each peer, one after the other."""

    peers: list[Peer]
    opened: int = 0

    @contextlib.contextmanager
    def open(self, _connection: Connection) -> Iterator[Session]:
        with session_with(self.peers[self.opened]) as one:
            self.opened += 1
            yield one


def test_a_reader_keeps_its_session_from_look_to_look() -> None:
    sessions = Sessions([Peer([version("a"), version("b"), version("c")], [])])
    with RouterReader(CONNECTION, sessions.open) as reader:
        found = [reader.look(["version"], Question())["version"]["host_name"] for _look in range(3)]
    assert (found, sessions.opened, reader.requests) == (["a", "b", "c"], 1, 3)


def test_a_reader_opens_a_session_anew_that_ended_between_two_looks() -> None:
    first = Peer([version("a")], [])
    sessions = Sessions([first, Peer([version("b")], [])])
    with RouterReader(CONNECTION, sessions.open) as reader:
        reader.look(["version"], Question())
        first.close()
        assert reader.look(["version"], Question())["version"]["host_name"] == "b"
    assert sessions.opened == 2


def test_a_reader_goes_on_after_a_refusal_and_after_a_lost_reply() -> None:
    first = Peer([REFUSED, version("a"), b"!no XML]]>]]>"], [])
    sessions = Sessions([first, Peer([version("b")], [])])
    with RouterReader(CONNECTION, sessions.open) as reader:
        with pytest.raises(RouterError, match="syntax error"):
            reader.look(["version"], Question())
        assert reader.look(["version"], Question())["version"]["host_name"] == "a"
        assert reader.look(["version"], Question())["version"]["host_name"] == "b"
    assert sessions.opened == 2


def test_a_router_that_gives_no_answer_is_not_asked_twice() -> None:
    sessions = Sessions([Slow([version("a")], [], least=2), Peer([version("b")], [])])
    with RouterReader(CONNECTION, sessions.open) as reader, pytest.raises(NoReplyError, match="no reply within 2 s"):
        reader.look(["version"], Question())
    assert sessions.opened == 1


class OutOfTimeError(BaseException):
    """What Ansible raises in a task that is out of time derives from no ordinary exception."""


@contextlib.contextmanager
def whole(peer: Peer) -> Iterator[Session]:
    """Open a session with a peer and end it as modules do."""
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(stack.enter_context(session_with(peer)))


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_task_that_is_out_of_time_asks_nothing_more(is_kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    peer = Peer([version("a"), b"<ok/>", b"<ok/>"], [])
    monkeypatch.setattr(RouterReader.__init__, "__defaults__", (lambda _connection: whole(peer),))
    with contextlib.ExitStack() as stack:
        stack.enter_context(pytest.raises(OutOfTimeError))
        if is_kept:
            stack.enter_context(kept_sessions())
        with reading(CONNECTION) as reader:
            reader.look(["version"], Question())
            raise OutOfTimeError
    assert peer.replies == [b"<ok/>", b"<ok/>"]


def test_what_was_read_is_not_lost_where_the_router_refuses_to_close_a_private_copy() -> None:
    sessions = Sessions([Peer([b"<ok/>", REFUSED], []), Peer([version("b")], [])])
    with RouterReader(CONNECTION, sessions.open) as reader:
        assert reader.look(["candidate"], Question())["candidate"]["state"] == "clean"
        assert ["syntax error" in warning for warning in reader.warnings] == [True]
        assert reader.look(["version"], Question())["version"]["host_name"] == "b"
    assert sessions.opened == 2


# --- peers that stall ---


class Open(asyncssh.SSHServer):
    """A server that lets everybody in."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        return True


class Undecided(Open):
    """A server that never says whether it takes a password."""

    async def validate_password(self, username: str, password: str) -> bool:
        await asyncio.sleep(60)
        return False


async def silent(process: Any) -> None:
    """Take a channel and say nothing."""
    await process.stdin.read()


async def trickling(process: Any) -> None:
    """Say hello, and answer a request with a byte at a time, without an end."""
    process.stdout.write(f'<hello xmlns="{BASE}"><capabilities/><session-id>1</session-id></hello>]]>]]>'.encode())
    with contextlib.suppress(asyncssh.Error, OSError):
        while True:
            await asyncio.sleep(0.2)
            process.stdout.write(b"x")


@dataclass
class Stalls:
    """Servers in a loop of their own, each of which stalls at a stage."""

    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    ends: list[Callable[[], object]] = field(default_factory=list)

    def serve(self, server: type[asyncssh.SSHServer], talk: Any) -> int:
        """Serve SSH and return the port."""

        async def listen() -> asyncssh.SSHAcceptor:
            key = asyncssh.generate_private_key("ssh-ed25519")
            return await asyncssh.create_server(
                server, "127.0.0.1", 0, server_host_keys=[key], process_factory=talk, encoding=None, line_editor=False
            )

        acceptor = asyncio.run_coroutine_threadsafe(listen(), self.loop).result(timeout=10)
        self.ends.append(acceptor.close)
        port: int = acceptor.get_port()
        return port

    def stop_after(self, size: int, port: int) -> int:
        """Serve what another port serves, of which only so many bytes come through; return the port."""

        async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, back = await asyncio.open_connection("127.0.0.1", port)

            async def up() -> None:
                while data := await reader.read(4096):
                    back.write(data)

            task = asyncio.ensure_future(up())
            if size:
                writer.write(await there.readexactly(size))
            await task
            back.close()
            writer.close()

        async def listen() -> asyncio.Server:
            return await asyncio.start_server(relay, "127.0.0.1", 0)

        server = asyncio.run_coroutine_threadsafe(listen(), self.loop).result(timeout=10)
        self.ends.append(server.close)
        found: int = server.sockets[0].getsockname()[1]
        return found


async def rest() -> None:
    """Stop what still runs in the loop."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture
def stalls() -> Iterator[Stalls]:
    made = Stalls()
    thread = threading.Thread(target=made.loop.run_forever, daemon=True)
    thread.start()
    yield made
    for end in made.ends:
        made.loop.call_soon_threadsafe(end)
    asyncio.run_coroutine_threadsafe(rest(), made.loop).result(timeout=10)
    made.loop.call_soon_threadsafe(made.loop.stop)
    thread.join(timeout=10)


MARGIN = 2.5


def test_a_peer_that_stalls_is_left_in_time_and_the_stage_is_named(
    stalls: Stalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CLOSE_SECONDS", 0.2)
    served = stalls.serve(Open, silent)
    stages = {f"the SSH key exchange {size}": stalls.stop_after(size, served) for size in (0, 7, 25, 300, 900)}
    stages["the login of user lab"] = stalls.serve(Undecided, silent)
    stages["the NETCONF hello"] = served
    stages["reply"] = stalls.serve(Open, trickling)

    def attempt(port: int) -> tuple[str, float]:
        begun = time.monotonic()
        connection = Connection(
            "127.0.0.1", port, "lab", "secret", host_key_checking=False, timeout=1, connect_timeout=2
        )
        with pytest.raises(RouterError) as caught, open_session(connection) as opened:
            opened.commits()
        return str(caught.value), time.monotonic() - begun

    with ThreadPoolExecutor(len(stages)) as pool:
        results = dict(zip(stages, pool.map(attempt, stages.values()), strict=True))
    for stage, (message, seconds) in results.items():
        assert seconds < 3 + MARGIN, (stage, seconds)
        if stage == "reply":
            assert message.endswith("no reply within 1 s")
        else:
            assert message.endswith(f"no answer within 2 s (connect_timeout) during {stage.rstrip(' 0123456789')}"), (
                stage
            )
        assert "refused" not in message


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no SSH server answers there, or it closes the connection at once"),
        (b"", "no SSH server answers there, or it closes the connection at once"),
        (b"SSH-1.5-old\r\n", "Incompatible version (1.5 instead of 2.0) (during the SSH key exchange)"),
        (b"SSH-2.0-odd\r\n" + b"\0" * 100, "Invalid packet blocking (during the SSH key exchange)"),
    ],
)
def test_a_port_on_which_something_else_answers_is_one_line(
    said: bytes, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with server.accept()[0] as accepted:
                accepted.sendall(said)
                accepted.recv(4096)

        thread = threading.Thread(target=answer)
        thread.start()
        connection = Connection("127.0.0.1", server.getsockname()[1], "lab", "p", connect_timeout=5)
        with pytest.raises(RouterError) as caught, open_session(connection):
            pass
        thread.join(timeout=5)
    assert message in str(caught.value)
    assert capfd.readouterr().err == ""


WANTED = [{"name": "vn1", "route_target": "64512:1"}]
MODULES: dict[str, dict[str, Any]] = {
    "vmx_vrf": {"config": WANTED},
    "vmx_peering": {"config": [{"name": "contrail", "neighbors": [{"address": "172.31.4.76"}]}]},
    "vmx_commit": {"token": "00000000-00000000"},
    "vmx_info": {"gather": ["routes", "bgp"]},
}


@pytest.mark.parametrize("name", MODULES)
def test_every_module_leaves_a_peer_that_does_not_finish_its_reply(
    stalls: Stalls, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CLOSE_SECONDS", 0.2)
    options = {
        **{"host": "127.0.0.1", "port": stalls.serve(Open, trickling), "user": "lab", "password": "secret"},
        **{"host_key_checking": False, "timeout": 1},
    }
    begun = time.monotonic()
    with pytest.raises(ModuleFailedError, match=r"no reply within 1 s"):
        run_module(name, {**options, **MODULES[name]})
    assert time.monotonic() - begun < 1 + MARGIN
