# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that stall or never end, at every stage: the request ends in time and in bounded memory, and says where."""

from __future__ import annotations

import gzip
import re
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api import reading, sending
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.transport import (
    AnswerTooLongError,
    ConnectionBrokenError,
    HttpSettings,
    RequestsTransport,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import ApiError
from support.module_run import ModuleFailedError, run_module
from wire.raw_api import Store, Wire, drip, http, send_all, served, told

PAUSE = 0.03
MARGIN = 2.0
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"


def _read(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)


def silent(connection: socket.socket) -> None:
    """Take everything and say nothing."""
    while connection.recv(65536):
        pass


def dripping(start: bytes, rest: bytes) -> Callable[[socket.socket], None]:
    """Return a server that sends the start of an answer at once, and the rest byte by byte without an end."""

    def serve(connection: socket.socket) -> None:
        with suppress(OSError):
            _read(connection)
            connection.sendall(start)
            while True:
                drip(connection, rest, PAUSE)

    return serve


def continuing(connection: socket.socket) -> None:
    """Say for ever that the answer is to come."""
    with suppress(OSError):
        _read(connection)
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            time.sleep(PAUSE)


STALLS: dict[str, tuple[str, Callable[[socket.socket], None], str]] = {
    "accept": ("http", silent, "waiting for the status line"),
    "handshake": ("https", silent, "the TLS handshake"),
    "handshake, byte by byte": ("https", dripping(b"", b"\x16"), "the TLS handshake"),
    "status line": ("http", dripping(b"HTTP/1.", b"1"), "waiting for the status line"),
    "interim answers": ("http", continuing, "reading the headers"),
    "headers": ("http", dripping(b"HTTP/1.1 200 OK\r\n", b"X-Filler: x\r\n"), "reading the headers"),
    "body": ("http", dripping(HEAD, b" "), "reading the body"),
    "chunks": (
        "http",
        dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        "reading the body",
    ),
}


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds + MARGIN


@pytest.mark.parametrize("stage", STALLS)
def test_a_request_ends_in_time_and_says_at_which_stage(stage: str) -> None:
    scheme, serve, where = STALLS[stage]
    transport = RequestsTransport(HttpSettings(timeout=0.4))
    with served(serve) as address, in_time(0.4), pytest.raises(ConnectionBrokenError) as caught:
        transport.send("GET", f"{scheme}://{address}/", {}, None)
    assert str(caught.value) == f"timed out after 0.4 s, {where}"
    assert caught.value.sent is (where != "the TLS handshake")


def test_a_large_request_that_is_not_taken_ends_in_time() -> None:
    def serve(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with suppress(OSError):
            while connection.recv(16):
                time.sleep(PAUSE)

    transport = RequestsTransport(HttpSettings(timeout=0.4))
    with served(serve) as address, in_time(0.4), pytest.raises(ConnectionBrokenError, match="sending the request"):
        transport.send("POST", f"http://{address}/", {}, {"text": "x" * 20_000_000})


INTENT = {"networks": {"vn1": {"subnets": [{"cidr": "10.0.1.0/24"}], "route_target": "64512:1"}}}
MODULES: dict[str, tuple[str, dict[str, Any]]] = {
    "contrail_vn": ("status line", {"config": [{"name": "vn1"}]}),
    "contrail_policy": ("headers", {"config": [{"name": "p"}], "state": "absent"}),
    "contrail_object": ("body", {"kind": "virtual-network", "config": [{"name": "vn1"}], "state": "absent"}),
    "contrail_info": ("handshake", {"kind": "virtual-network"}),
    "chain_preflight": ("chunks", {"intent": INTENT}),
    "chain_removal": ("interim answers", {"intent": INTENT}),
    "chain_diagnose": ("body", {"intent": INTENT}),
}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_ends_in_time(module: str) -> None:
    stage, options = MODULES[module]
    scheme, serve, where = STALLS[stage]
    again = 2 if where == "waiting for the status line" else 1
    with served(serve) as address, in_time(again), pytest.raises(ModuleFailedError) as caught:
        run_module(module, {"api_url": [f"{scheme}://{address}"], "timeout": 1, **options})
    message = caught.value.result["msg"]
    assert f"(timed out after 1 s, {where})" in message
    assert "\n" not in message


def test_many_writes_do_not_wait_for_a_silent_server_one_after_the_other() -> None:
    store = Store()

    def send(number: int, connection: socket.socket, answer: bytes) -> bool:
        if wire.asked[number][0] != "POST":
            return send_all(connection, answer)
        connection.sendall(HEAD)
        silent(connection)
        return False

    wire = Wire(store.answer, send)
    config = [{"name": f"vn{number}"} for number in range(40)]
    with served(wire.serve) as address, in_time(4), pytest.raises(ModuleFailedError, match="may have been done"):
        run_module("contrail_vn", {"api_url": [f"http://{address}"], "timeout": 1, "config": config, "parallel": 4})


@pytest.mark.parametrize("stage", ["headers", "body"])
def test_a_keystone_that_stalls_is_named(stage: str) -> None:
    _scheme, serve, where = STALLS[stage]
    login = {"auth": "keystone", "username": "u", "password": "an-odd-word", "project_name": "p"}
    config = [{"name": f"vn{number}"} for number in range(3)]
    with served(serve) as address, in_time(1), pytest.raises(ModuleFailedError) as caught:
        options = {"api_url": ["http://127.0.0.1:9"], "auth_url": f"http://{address}/v3", "timeout": 1, **login}
        run_module("contrail_vn", {**options, "config": config})
    assert caught.value.result["msg"] == (
        f"cannot log in: no answer from http://{address}/v3/auth/tokens (timed out after 1 s, {where}); check auth_url"
    )


# --- memory -----------------------------------------------------------------------------------------------


def bomb(connection: socket.socket) -> None:
    packing = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    packed = b"".join([*(packing.compress(b" " * 2**20) for _megabyte in range(60)), packing.flush()])
    with suppress(OSError):
        _read(connection)
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
        connection.sendall(head.encode() + packed)


def endless(connection: socket.socket) -> None:
    with suppress(OSError):
        _read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        while True:
            connection.sendall(b" " * 65536)


@pytest.mark.parametrize("serve", [bomb, endless], ids=["packed", "endless"])
def test_an_answer_that_is_too_long_is_not_kept(serve: Callable[[socket.socket], None]) -> None:
    transport = RequestsTransport(HttpSettings(timeout=10, longest_reply=2**20))
    with served(serve) as address:
        tracemalloc.start()
        try:
            with pytest.raises(AnswerTooLongError, match="not read to its end: it is longer than 1 MB"):
                transport.send("GET", f"http://{address}/", {}, None)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 20 * 2**20


def test_a_packed_answer_is_unpacked() -> None:
    packed = gzip.compress(b'{"virtual-networks": []}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    wire = Wire(lambda _method, _target, _body: head + packed)
    with served(wire.serve) as address:
        reply = RequestsTransport(HttpSettings()).send("GET", f"http://{address}/", {}, None)
    assert reply.object("virtual-networks") == {"virtual-networks": []}


@pytest.mark.parametrize(
    ("markers", "words"), [(["a", "a"], "the page marker 'a' again"), ([7], "a page marker that is")]
)
def test_a_list_that_does_not_lead_on_is_an_error(
    markers: list[Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = iter([*markers, *markers])
    wire = Wire(lambda _method, _target, _body: told({"virtual-networks": [], "marker": next(pages)}))
    with served(wire.serve) as address, pytest.raises(ApiError, match=re.escape(words)):
        ApiClient([f"http://{address}"], RequestsTransport(HttpSettings())).list_objects("virtual-network", {})
    assert len(wire.asked) == len(markers)


def test_a_list_with_ever_new_pages_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PAGES", 5)
    wire = Wire(lambda _method, target, _body: told({"virtual-networks": [], "marker": target[-200:] + "x"}))
    with served(wire.serve) as address, pytest.raises(ApiError, match="more than 5 pages"):
        ApiClient([f"http://{address}"], RequestsTransport(HttpSettings())).list_objects("virtual-network", {})


# --- what else may answer ---------------------------------------------------------------------------------


SECRET = "a-token-for-nobody-else"


def test_a_redirect_is_not_followed_and_no_token_goes_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "BACK_OFF", (0.0,))
    other = Wire(Store().answer)
    with served(other.serve) as target:
        location = f"http://{target}/virtual-networks"
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
        wire = Wire(lambda _method, _target, _body: moved)
        with served(wire.serve) as address, pytest.raises(ModuleFailedError) as caught:
            options = {"auth": "keystone", "token": SECRET, "kind": "virtual-network"}
            run_module("contrail_info", {"api_url": [f"http://{address}"], **options})
    assert caught.value.result["msg"] == (
        f"cannot list virtual-network: http://{address} answered HTTP 307 and points to {location}, which is not "
        "followed; give in api_url the server itself"
    )
    assert other.asked == []
    assert [SECRET.encode() in head for head in wire.headers] == [True]


def test_a_redirect_of_keystone_is_not_followed() -> None:
    other = Wire(Store().answer)
    with served(other.serve) as target:
        moved = f"HTTP/1.1 302 Found\r\nLocation: http://{target}/\r\nContent-Length: 0\r\n\r\n".encode()
        wire = Wire(lambda _method, _target, _body: moved)
        with served(wire.serve) as address, pytest.raises(ModuleFailedError) as caught:
            login = {"auth": "keystone", "username": "u", "password": "an-odd-word", "project_name": "p"}
            options = {"api_url": ["http://127.0.0.1:9"], "auth_url": f"http://{address}/v3", **login}
            run_module("contrail_info", {"kind": "virtual-network", **options})
    assert f"cannot log in: http://{address}/v3 answered HTTP 302 and points to http://{target}/" in str(caught.value)
    assert other.asked == []


WRONG = {
    "another service": (
        http(b"Not found: '/virtual-networks'", "404 Not Found", "text/html"),
        http(b'{"versions": {"values": []}}', "300 Multiple Choices"),
        "HTTP 300 with JSON with versions (Server: raw)",
    ),
    "a web interface": (
        http(b"<html><title>404</title></html>", "404 Not Found", "text/html"),
        http(b"<html><title>Contrail Web UI</title></html>", kind="text/html"),
        "HTTP 200 with a page of HTML titled 'Contrail Web UI' (Server: raw)",
    ),
    "Contrail's analytics": (
        http(b"404", "404 Not Found", "text/html"),
        told({"href": "x", "links": [{"link": {"name": "analytics", "rel": "collection"}}]}),
        "HTTP 200 with JSON with href, links (Server: raw)",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_server_that_is_no_config_api_is_named_by_what_it_answers(case: str) -> None:
    missing, home, told_of_it = WRONG[case]
    wire = Wire(lambda _method, target, _body: home if target == "/" else missing)
    with served(wire.serve) as address, pytest.raises(ModuleFailedError) as caught:
        run_module("contrail_vn", {"api_url": [f"http://{address}"], "config": [{"name": "vn1"}]})
    message = str(caught.value)
    assert f"http://{address} is no Contrail config API: it answered HTTP 404" in message
    assert f"and to GET / {told_of_it}; give api_url as in http://HOST:8082" in message


def test_a_kind_that_a_release_does_not_have_is_told_from_a_wrong_server() -> None:
    store = Store()
    missing = http(b"Not found: '/x'", "404 Not Found", "text/html")
    wire = Wire(lambda method, target, body: store.answer(method, target, body) if target == "/" else missing)
    with served(wire.serve) as address, pytest.raises(ModuleFailedError, match="has no virtual-network"):
        run_module("contrail_info", {"api_url": [f"http://{address}"], "kind": "virtual-network"})
