# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport on real sockets: broken bodies, kept connections, certificates that are not checked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.transport import (
    ConnectionBrokenError,
    HttpSettings,
    RequestsTransport,
)


@contextmanager
def server(*answers: bytes, connections: int = 1) -> Iterator[tuple[str, list[bytes]]]:
    """Serve connections one after the other; each answers requests with `answers` and is then closed."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen: list[bytes] = []

    def serve() -> None:
        for _unused in range(connections):
            connection, _unused = listener.accept()
            with connection:
                for answer in answers:
                    seen.append(connection.recv(65536))
                    connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", seen
    finally:
        listener.close()
        thread.join(2)


@pytest.fixture
def transport() -> Iterator[RequestsTransport]:
    made = RequestsTransport(HttpSettings(timeout=2))
    yield made
    made.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def test_a_403_whose_body_never_comes_is_a_403(transport: RequestsTransport) -> None:
    with server(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 21\r\n\r\n") as (url, _unused):
        reply = transport.send("GET", url, {}, None)

    assert (reply.status, reply.body) == (403, b"")


def test_a_good_answer_that_breaks_off_is_no_answer(transport: RequestsTransport) -> None:
    with (
        server(b"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{") as (url, _unused),
        pytest.raises(ConnectionBrokenError) as caught,
    ):
        transport.send("GET", url, {}, None)

    assert caught.value.sent is True


def test_one_connection_serves_many_requests(transport: RequestsTransport) -> None:
    with server(OK, OK, OK, connections=1) as (url, seen):
        for number in range(3):
            assert transport.send("GET", f"{url}/{number}", {}, None).status == 200

    assert [request.split(b" ")[1] for request in seen] == [b"/0", b"/1", b"/2"]


def test_a_request_that_was_never_sent_says_so(transport: RequestsTransport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    with pytest.raises(ConnectionBrokenError, match="Connection refused") as caught:
        transport.send("POST", f"http://127.0.0.1:{port}", {}, {})

    assert caught.value.sent is False


def test_a_request_without_an_answer_may_have_been_done(transport: RequestsTransport) -> None:
    with server(b"") as (url, _unused), pytest.raises(ConnectionBrokenError) as caught:
        transport.send("POST", url, {}, {})

    assert caught.value.sent is True


def test_credentials_of_the_user_s_netrc_are_not_sent(
    transport: RequestsTransport, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n")
    monkeypatch.setenv("NETRC", str(netrc))

    with server(OK) as (url, seen):
        transport.send("GET", url, {}, None)

    assert b"Authorization" not in seen[0]


@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="a setting of Linux")
def test_acknowledgements_are_not_delayed(transport: RequestsTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    options: list[tuple[int, int]] = []
    plain: Callable[..., None] = socket.socket.setsockopt

    def note(self: socket.socket, level: int, option: int, value: int) -> None:
        options.append((level, option))
        plain(self, level, option, value)

    monkeypatch.setattr(socket.socket, "setsockopt", note)
    with server(OK, OK) as (url, _unused):
        transport.send("GET", url, {}, None)
        transport.send("GET", url, {}, None)

    assert options.count((socket.IPPROTO_TCP, socket.TCP_QUICKACK)) == 2
