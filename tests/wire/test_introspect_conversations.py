# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact requests to daemons, and what becomes of every kind of answer."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.reply import Reply
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import ContrailError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect import pages
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.errors import (
    FAILED,
    INVALID_INPUT,
    NO_RESPONSE,
    NOT_IN_RELEASE,
    NOT_UNDERSTOOD,
    REFUSED,
    TLS,
    UNREACHABLE,
    IntrospectError,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.reader import (
    Answer,
    Hosts,
    Introspect,
    Limits,
    open_introspect,
    read_hosts,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.wire import (
    HttpTransport,
    TlsSettings,
)
from lab.core.tls import make_certificates
from wire.raw_api import Wire, served

ONE, TWO = "http://one:8083", "http://two:8083"
STYLESHEET = '<?xml-stylesheet type="text/xsl" href="/universal_parse.xsl"?>'


def neighbors(*names: str, following: str = "", link: str = "BgpNeighborReqIterate") -> Reply:
    """A page of a control node's neighbours."""
    peers = "".join(
        f'<BgpNeighborResp><peer type="string" identifier="1">{name}</peer></BgpNeighborResp>' for name in names
    )
    batch = f'<next_batch type="string" identifier="2" link="{link}">{following}</next_batch>' if following else ""
    body = (
        f'{STYLESHEET}<BgpNeighborListResp type="sandesh"><neighbors type="list" identifier="1">'
        f'<list type="struct" size="{len(names)}">{peers}</list></neighbors>{batch}'
        '<more type="bool" identifier="0">false</more></BgpNeighborListResp>'
    )
    return Reply(200, body.encode(), {"Content-Type": "text/xml"})


def interfaces(*names: str, following: str = "") -> Reply:
    """A page of an agent's ports, in two messages."""
    half = len(names) // 2
    messages = "".join(
        '<ItfResp type="sandesh"><itf_list type="list" identifier="1"><list type="struct" size="1">'
        + "".join(f'<ItfSandeshData><name type="string" identifier="2">{name}</name></ItfSandeshData>' for name in part)
        + '</list></itf_list><more type="bool" identifier="0">true</more></ItfResp>'
        for part in (names[:half], names[half:])
    )
    pagination = (
        '<Pagination type="sandesh"><req type="struct" identifier="1"><PageReqData>'
        f'<next_page type="string" identifier="2" link="PageReq">{following}</next_page></PageReqData></req>'
        '<more type="bool" identifier="0">false</more></Pagination>'
    )
    body = f'{STYLESHEET}<__ItfResp_list type="slist">{messages}{pagination}</__ItfResp_list>'
    return Reply(200, body.encode(), {"Content-Type": "text/xml"})


class Script:
    """A transport that plays a conversation: URL and answer for each request; an exception is raised."""

    def __init__(self, *exchanges: tuple[str, Reply | Exception]) -> None:
        self.exchanges = list(exchanges)

    def get(self, url: str, query: str, limit: int) -> Reply:
        assert self.exchanges, f"nothing more was to be asked, but: {url}{query}"
        expected, answer = self.exchanges.pop(0)
        assert url + query == expected
        if isinstance(answer, Exception):
            raise answer
        return Reply(answer.status, answer.body[: limit + 1], answer.headers)


def reading(*exchanges: tuple[str, Reply | Exception], limits: Limits | None = None, **hosts: list[str]) -> Introspect:
    given = read_hosts(hosts or {"schema": [ONE, TWO], "control": [ONE, TWO], "agent": {"compute1": ONE}})
    return Introspect(given, Script(*exchanges), parallel=1, limits=limits)


def names(answer: Answer[Any]) -> list[str]:
    return [record.name for record in answer.records]


# --- what is asked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "values", "query"),
    [
        (pages.CHAINS_OF_RULES, {}, "/Snh_ServiceChainList"),
        (pages.KNOWN_NETWORKS, {"vn_name": "d:p:a b+c&d/e"}, "/Snh_VnList?vn_name=d%3Ap%3Aa%20b%2Bc%26d%2Fe"),
        (
            pages.CHAIN_STATES,
            {"search_string": "d:p:v.1:service-(x)"},
            "/Snh_ShowServiceChainReq?search_string=d%3Ap%3Av%5C.1%3Aservice-%5C%28x%5C%29",
        ),
        (
            pages.ROUTES,
            {"routing_table": "d:p:v:v.inet.0", "prefix": "10.0.1.4/32", "count": 5},
            "/Snh_ShowRouteReq?routing_table=d%3Ap%3Av%3Av.inet.0&prefix=%5E10%5C.0%5C.1%5C.4%2F32%24&count=5",
        ),
        (
            pages.ROUTES_ROUND_A_PREFIX,
            {"prefix": "10.0.1.4/32", "shorter_match": True, "longer_match": False},
            "/Snh_ShowRouteReq?prefix=10.0.1.4%2F32&shorter_match=1&longer_match=0",
        ),
        (pages.INTERFACES, {"uuid": "u1", "name": None}, "/Snh_ItfReq?uuid=u1"),
        (pages.NODE_STATUS, pages.NODE_STATUS_TABLE, "/Snh_SandeshUVECacheReq?tname=NodeStatus"),
    ],
)
def test_requests_are_written_as_daemons_read_them(page: pages.Page[Any], values: dict[str, Any], query: str) -> None:
    ordered = {name: values[name] for name in values}
    assert page.query(ordered) == query


def test_a_parameter_that_the_request_does_not_have_is_never_sent() -> None:
    with pytest.raises(ValueError, match="VnList has no vnname"):
        pages.KNOWN_NETWORKS.query({"vnname": "vn1"})


def test_only_requests_that_read_are_allowed() -> None:
    assert all(pages.is_allowed(page.query({})) for page in pages.PAGES)
    for query in ("/Snh_SandeshLoggingParamsSet?enable=0", "/Snh_DeleteAllFlowRecords", "/index.html", "/Snh_"):
        assert not pages.is_allowed(query)
    assert not [name for name in pages.ALLOWED if any(word in name for word in ("Set", "Clear", "Delete", "Update"))]


# --- pages ------------------------------------------------------------------------------------------------


def test_a_control_nodes_pages_are_followed_to_the_last() -> None:
    reader = reading(
        (f"{ONE}/Snh_BgpNeighborReq", neighbors("a", "b", following="c||x&amp;y")),
        (f"{ONE}/Snh_BgpNeighborReqIterate?x=c%7C%7Cx%26y", neighbors("c")),
    )
    answer = reader.ask(ONE, pages.NEIGHBORS)
    assert (names(answer), answer.pages, answer.truncated) == (["a", "b", "c"], 2, "")
    assert reader.requests == 2


def test_a_link_to_another_request_is_not_followed() -> None:
    reader = reading((f"{ONE}/Snh_BgpNeighborReq", neighbors("a", following="x", link="ClearBgpNeighborReq")))
    assert names(reader.ask(ONE, pages.NEIGHBORS)) == ["a"]


def test_an_agents_pages_are_followed_and_their_messages_collected() -> None:
    following = "table:db.interface.0,begin:100,end:199,"
    quoted = "table%3Adb.interface.0%2Cbegin%3A100%2Cend%3A199%2C"
    reader = reading(
        (f"{ONE}/Snh_ItfReq", interfaces("tap1", "tap2", "tap3", following=following)),
        (f"{ONE}/Snh_PageReq?x={quoted}", interfaces("tap4")),
    )
    assert names(reader.ask(ONE, pages.INTERFACES)) == ["tap1", "tap2", "tap3", "tap4"]


def test_too_many_pages_are_cut_and_that_is_said() -> None:
    reader = reading(
        (f"{ONE}/Snh_BgpNeighborReq", neighbors("a", following="1")),
        (f"{ONE}/Snh_BgpNeighborReqIterate?x=1", neighbors("b", following="2")),
        limits=Limits(pages=2),
    )
    answer = reader.ask(ONE, pages.NEIGHBORS)
    assert (names(answer), answer.truncated) == (["a", "b"], "it has more than 2 pages")


def test_too_many_bytes_are_cut_and_that_is_said() -> None:
    first = neighbors("a", following="1")
    reader = reading(
        (f"{ONE}/Snh_BgpNeighborReq", first),
        (f"{ONE}/Snh_BgpNeighborReqIterate?x=1", neighbors("b")),
        limits=Limits(bytes=len(first.body) + 10),
    )
    answer = reader.ask(ONE, pages.NEIGHBORS)
    assert names(answer) == ["a"]
    assert "bytes" in answer.truncated


def test_pages_that_lead_in_a_circle_end() -> None:
    reader = reading(
        (f"{ONE}/Snh_BgpNeighborReq", neighbors("a", following="1")),
        (f"{ONE}/Snh_BgpNeighborReqIterate?x=1", neighbors("b", following="1")),
    )
    answer = reader.ask(ONE, pages.NEIGHBORS)
    assert (names(answer), answer.truncated) == (["a", "b"], "a page led back to an earlier one")


# --- hosts ------------------------------------------------------------------------------------------------

CHAINS = Reply(
    200,
    b'<ServiceChainListResp type="sandesh"><service_chains type="list" identifier="1"><list type="struct" size="0">'
    b"</list></service_chains></ServiceChainListResp>",
    {"Content-Type": "text/xsl"},
)


def test_a_standby_refuses_and_the_elected_one_is_asked_first_from_then_on() -> None:
    reader = reading(
        (f"{ONE}/Snh_ServiceChainList", IntrospectError(REFUSED, f"{ONE}: connection refused")),
        (f"{TWO}/Snh_ServiceChainList", CHAINS),
        (f"{TWO}/Snh_VnList", Reply(200, b'<VnListResp type="sandesh"></VnListResp>')),
    )
    assert reader.any_of(pages.SCHEMA, pages.CHAINS_OF_RULES).url == TWO
    assert reader.any_of(pages.SCHEMA, pages.KNOWN_NETWORKS).records == ()


def test_when_no_host_answers_all_reasons_are_told() -> None:
    reader = reading(
        (f"{ONE}/Snh_ServiceChainList", IntrospectError(REFUSED, f"{ONE}: connection refused")),
        (f"{TWO}/Snh_ServiceChainList", Reply(500, b"<html>")),
    )
    with pytest.raises(IntrospectError) as caught:
        reader.any_of(pages.SCHEMA, pages.CHAINS_OF_RULES)
    assert f"{ONE}: connection refused; {TWO}/Snh_ServiceChainList: the daemon answered with status 500" in str(
        caught.value
    )


def test_every_control_node_is_asked_and_a_failure_hides_no_answer() -> None:
    reader = reading(
        (f"{ONE}/Snh_BgpNeighborReq", IntrospectError(REFUSED, "refused")),
        (f"{TWO}/Snh_BgpNeighborReq", neighbors("a")),
    )
    answers = reader.every(pages.CONTROL, pages.NEIGHBORS)
    assert isinstance(answers[ONE], IntrospectError)
    assert isinstance(answers[TWO], Answer)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"control": ["ctrl1:8083"]},
            "introspect.control: 'ctrl1:8083' is not the URL of a daemon, as in http://HOST:8083",
        ),
        ({"control": ["http://ctrl1"]}, "introspect.control: 'http://ctrl1' is not"),
        ({"schema": ["http://c:8087/Snh_X"]}, "introspect.schema: 'http://c:8087/Snh_X' is not"),
        (
            {"agent": {"compute1": "http://me:secret@c:8085"}},
            "introspect.agent.compute1: introspect knows no credentials",
        ),
    ],
)
def test_an_address_that_is_none_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ContrailError) as caught:
        read_hosts(options)
    assert str(caught.value).startswith(message)
    assert "secret" not in str(caught.value)


# --- answers that are errors ------------------------------------------------------------------------------

HTML = {"Content-Type": "text/html; charset=UTF-8"}


@pytest.mark.parametrize(
    ("reply", "reason", "words"),
    [
        (Reply(404, b"<html>not found</html>", HTML), NOT_IN_RELEASE, "this release has no such page"),
        (Reply(500, b"<html>Traceback</html>", HTML), FAILED, "status 500"),
        (
            Reply(200, b'<h3>No Response for Sandesh Request "StObjectReq"</h3>', HTML),
            NO_RESPONSE,
            'No Response for Sandesh Request "StObjectReq"',
        ),
        (Reply(200, b"<html><body>Log in</body></html>", HTML), NOT_UNDERSTOOD, "HTML"),
        (Reply(200, b"<html><body>Log in</body></html>"), NOT_UNDERSTOOD, "no introspect page, but html"),
        (
            Reply(
                200,
                b'<ErrorResp type="sandesh"><resp type="string">   Invalid Input !!!   </resp></ErrorResp>',
            ),
            INVALID_INPUT,
            "Invalid Input !!!",
        ),
        (Reply(200, b""), NOT_UNDERSTOOD, "no XML"),
        (Reply(200, STYLESHEET.encode() + b'<VnListResp type="sandesh"><vn_names'), NOT_UNDERSTOOD, "no XML"),
        (
            Reply(
                200,
                b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><VnListResp type="sandesh">&d;</VnListResp>',
            ),
            NOT_UNDERSTOOD,
            "document type",
        ),
        (
            Reply(200, b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><VnListResp type="sandesh"/>'),
            NOT_UNDERSTOOD,
            "document type",
        ),
    ],
)
def test_every_error_is_told_from_an_empty_list(reply: Reply, reason: str, words: str) -> None:
    with pytest.raises(IntrospectError) as caught:
        reading((f"{ONE}/Snh_VnList", reply)).ask(ONE, pages.KNOWN_NETWORKS)
    assert caught.value.reason == reason
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{ONE}/Snh_VnList: ")
    assert "\n" not in str(caught.value)


def test_a_list_without_entries_is_an_answer() -> None:
    answer = reading((f"{ONE}/Snh_ServiceChainList", CHAINS)).ask(ONE, pages.CHAINS_OF_RULES)
    assert (answer.records, answer.truncated) == ((), "")


# --- the wire ---------------------------------------------------------------------------------------------


class Daemon(BaseHTTPRequestHandler):
    """Answers as told: ``body``, after ``pause``; notes what it was asked."""

    asked: ClassVar[list[tuple[str, str | None, int]]] = []
    body: ClassVar[bytes] = CHAINS.body
    pause: ClassVar[float] = 0
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Connection"], self.client_address[1]))
        self.send_response(200)
        self.send_header("Content-Type", "text/xsl")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        for start in range(0, len(self.body), 100):
            time.sleep(self.pause)
            try:
                self.wfile.write(self.body[start : start + 100])
            except OSError:
                return

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def daemon(body: bytes = CHAINS.body, pause: float = 0, context: ssl.SSLContext | None = None) -> Iterator[str]:
    Daemon.asked, Daemon.body, Daemon.pause = [], body, pause
    server = ThreadingHTTPServer(("127.0.0.1", 0), Daemon)
    server.handle_error = lambda *_request: None  # type: ignore[method-assign]
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http{'s' if context else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def alone(url: str, transport: HttpTransport) -> Introspect:
    return Introspect(Hosts({pages.SCHEMA: {url: url}}), transport)


def test_each_request_has_a_connection_of_its_own() -> None:
    with daemon() as url:
        reader = alone(url, HttpTransport())
        for _each in range(2):
            reader.ask(url, pages.CHAINS_OF_RULES)
    assert [(path, connection) for path, connection, _port in Daemon.asked] == [("/Snh_ServiceChainList", "close")] * 2
    assert len({port for _path, _connection, port in Daemon.asked}) == 2


def test_nobody_listening_is_refused() -> None:
    with daemon() as url:
        pass
    with pytest.raises(IntrospectError) as caught:
        alone(url, HttpTransport()).ask(url, pages.CHAINS_OF_RULES)
    assert (caught.value.reason, str(caught.value)) == (REFUSED, f"{url}: connection refused")


@pytest.mark.parametrize("pause", [1.0, 0.1], ids=["silent", "slow"])
def test_an_answer_that_does_not_come_in_time_is_given_up(pause: float) -> None:
    with daemon(b" " * 2000, pause) as url:
        started = time.monotonic()
        with pytest.raises(IntrospectError) as caught:
            alone(url, HttpTransport(timeout=0.3)).ask(url, pages.CHAINS_OF_RULES)
    assert time.monotonic() - started < 2
    told = f"{url}: no answer within 0.3 s (reading the body)"
    assert (caught.value.reason, str(caught.value)) == (UNREACHABLE, told)


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    with daemon(b"<" + b"a" * 2**20) as url:
        answer = Introspect(Hosts(), HttpTransport(), limits=Limits(bytes=1000)).ask(url, pages.CHAINS_OF_RULES)
    assert answer.truncated == "it has more than 1000 bytes"


def test_a_certificate_of_a_stranger_and_a_missing_own_one_are_tls_failures(tmp_path: Path) -> None:
    made = make_certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.server)
    context.load_verify_locations(made.authority)
    context.verify_mode = ssl.CERT_REQUIRED
    own = {"ca_file": str(made.authority), "client_cert": str(made.client)}
    with daemon(context=context) as url:
        for settings in (TlsSettings(), TlsSettings(ca_file=own["ca_file"]), TlsSettings(validate_certs=False)):
            with pytest.raises(IntrospectError) as caught:
                alone(url, HttpTransport(settings)).ask(url, pages.CHAINS_OF_RULES)
            assert caught.value.reason == TLS, caught.value
        answered = open_introspect({"schema": [url], **own}).any_of(pages.SCHEMA, pages.CHAINS_OF_RULES)
        unchecked = alone(url, HttpTransport(TlsSettings(validate_certs=False, client_cert=own["client_cert"])))
        assert unchecked.ask(url, pages.CHAINS_OF_RULES).records == answered.records == ()


def test_a_certificate_file_that_is_not_there_is_named_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(ContrailError, match=r"introspect\.ca_file: there is no /nowhere/ca\.pem"):
        open_introspect({"schema": ["https://c:8087"], "ca_file": "/nowhere/ca.pem"})
    empty = tmp_path / "empty.pem"
    empty.touch()
    with pytest.raises(ContrailError, match=r"introspect\.client_cert: .* cannot be used"):
        open_introspect({"schema": ["https://c:8087"], "client_cert": str(empty)})


ONE_NEIGHBOR = neighbors("a").body


def cuts(answer: bytes) -> list[int]:
    """Return every class of places at which an answer can be cut."""
    head = answer.index(b"\r\n\r\n")
    return [0, 4, 9, 11, 12, 17, 20, head - 1, head + 1, head + 2, head + 3, head + 4, head + 90, len(answer) - 1]


@pytest.mark.parametrize("framing", ["length", "chunks", "neither"])
def test_a_page_that_is_cut_anywhere_is_never_an_empty_list(framing: str) -> None:
    head = {
        "length": f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(ONE_NEIGHBOR)}\r\n\r\n".encode(),
        "chunks": b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n",
        "neither": b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n",
    }[framing]
    chunked = f"{len(ONE_NEIGHBOR):x}\r\n".encode() + ONE_NEIGHBOR + b"\r\n0\r\n\r\n"
    whole = head + (chunked if framing == "chunks" else ONE_NEIGHBOR)
    for place in [*cuts(whole), len(whole)]:

        def send(_number: int, connection: socket.socket, answer: bytes, place: int = place) -> bool:
            connection.sendall(answer[:place])
            return False

        wire = Wire(lambda _method, _target, _body: whole, send)
        with served(wire.serve) as address:
            try:
                answer = Introspect(Hosts(), HttpTransport(timeout=2)).ask(f"http://{address}", pages.NEIGHBORS)
            except IntrospectError as error:
                assert place < len(whole), error
                assert error.reason in {UNREACHABLE, NOT_UNDERSTOOD}, error
            else:
                assert names(answer) == ["a"], (framing, place)


def test_a_redirect_is_not_followed_and_named() -> None:
    moved = Reply(302, b"", {"Location": "http://elsewhere/"})
    with pytest.raises(IntrospectError, match="status 302 and points to http://elsewhere/, which is not followed"):
        reading((f"{ONE}/Snh_VnList", moved)).ask(ONE, pages.KNOWN_NETWORKS)


@pytest.mark.parametrize(
    "body",
    [
        b'<VnListResp type="sandesh">' + b'<a type="struct"><b>' * 100_000 + b"</b></a>" * 100_000 + b"</VnListResp>",
        b'<VnListResp type="sandesh"><more type="i32">' + b"9" * 5000 + b"</more></VnListResp>",
    ],
    ids=["deep", "digits"],
)
def test_pages_without_measure_are_one_line_or_read(body: bytes) -> None:
    try:
        reading((f"{ONE}/Snh_VnList", Reply(200, body))).ask(ONE, pages.KNOWN_NETWORKS)
    except IntrospectError as error:
        assert error.reason == NOT_UNDERSTOOD
        assert "\n" not in str(error)


def test_pages_that_take_too_long_together_are_cut_and_that_is_said() -> None:
    reader = reading((f"{ONE}/Snh_BgpNeighborReq", neighbors("a", following="1")), limits=Limits(seconds=0))
    answer = reader.ask(ONE, pages.NEIGHBORS)
    assert (names(answer), answer.truncated) == (["a"], "it takes longer than 0 s")
