# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request to a server over HTTP, the same for the config API, Keystone and introspect.

A request has one deadline, an answer a limit; an answer that does not end is none; nothing is redirected.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import ssl
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ..codec.errors import ContrailError
from ..codec.scope import Json
from .body import BodyTooLongError, DamagedBodyError, read_body
from .deadline import CONNECTING, STATUS, UNSENT, Deadline
from .reply import Reply
from .tls import ssl_error_in, tls_reason

try:
    import requests
    import urllib3

    from .connection import GuardedAdapter

    REQUESTS_IMPORT_ERROR = None
    HAS_REQUESTS = True
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
    HAS_REQUESTS = False

MEGABYTE = 2**20

PIECE = 65536
"""Bytes that are read at a time."""

LONGEST_ERROR = 64 * 1024
"""Bytes that are read of an answer with an error status."""

_WITHOUT_BODY = frozenset({204, 304})


class ConnectionBrokenError(Exception):
    """No answer came, or none that is whole.

    ``sent`` tells whether the server may have seen the request, ``lasting`` whether another attempt at the
    same server is bound to fail in the same way, as with a certificate that is not trusted, or to take too long.
    ``refused`` tells that nobody listens, ``timed_out`` that the time was up, ``silent`` that until then not one byte
    of an answer had come. ``stage`` is how far the request had come, ``tls`` the error of TLS behind it.
    """

    def __init__(
        self,
        reason: str,
        *,
        sent: bool,
        lasting: bool = False,
        refused: bool = False,
        timed_out: bool = False,
        silent: bool = False,
        stage: str = "",
        tls: ssl.SSLError | None = None,
    ) -> None:
        super().__init__(reason)
        self.sent = sent
        self.lasting = lasting
        self.refused = refused
        self.timed_out = timed_out
        self.silent = silent
        self.stage = stage
        self.tls = tls


class AnswerTooLongError(ConnectionBrokenError):
    """The answer is longer than what is read of one; ``reply`` is the part that was."""

    def __init__(self, reason: str, reply: Reply) -> None:
        super().__init__(reason, sent=True, lasting=True)
        self.reply = reply


class Transport(Protocol):
    """Sends one request and returns the answer, whatever its status; raises ConnectionBrokenError."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: Json) -> Reply:
        """Send ``body`` as JSON, or no body for ``None``."""


@dataclass(frozen=True)
class HttpSettings:
    """The settings of connections: seconds for a whole answer, bytes of one, connections to keep, and TLS.

    ``proxies`` says whether the proxies of the environment are used, ``keep`` whether connections are.
    """

    timeout: float = 60
    connect_timeout: float = 10
    connections: int = 8
    longest_reply: int = 64 * MEGABYTE
    validate_certs: bool = True
    ca_file: str = ""
    client_cert: str = ""
    client_key: str = ""
    proxies: bool = True
    keep: bool = True


class RequestsTransport:
    """Kept-alive connections by ``requests``; safe to use from several threads."""

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._deadline = Deadline()
        self._session = requests.Session()
        # The environment is asked once here, not for each request, where it would take a quarter of the time;
        # and never for credentials, which requests would take from .netrc.
        self._session.trust_env = False
        self._proxies: dict[str, dict[str, str]] = {}
        _check_files(settings)
        self._verify: bool | str = (settings.ca_file or _system_authorities()) if settings.validate_certs else False
        if not settings.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        if settings.client_cert:
            self._session.cert = (settings.client_cert, settings.client_key or settings.client_cert)
        longest_connect = min(settings.connect_timeout, settings.timeout)
        connections = max(settings.connections, 1)
        adapter = GuardedAdapter(self._deadline, longest_connect, connections, keep=settings.keep)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: Json) -> Reply:
        """Send one request; see :class:`Transport`."""
        return self.exchange(method, url, headers, body, self._settings.longest_reply)

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: Json, limit: int) -> Reply:
        """Send one request and read an answer of at most ``limit`` bytes.

        An answer with an error status whose body breaks off counts as an answer without a body: the API
        server sends such a 403. Raises AnswerTooLongError for more bytes.
        """
        data = None if body is None else json.dumps(body).encode()
        self._deadline.start(self._settings.timeout)
        try:
            response = self._session.request(
                method,
                url,
                headers={"Accept": "application/json", "Accept-Encoding": "gzip", **headers},
                data=data,
                timeout=self._settings.timeout,
                verify=self._verify,
                proxies=self._proxies_to(url),
                allow_redirects=False,
                stream=True,
            )
        except _FAILURES as error:
            raise self._broken(error) from None
        try:
            return self._read(response, limit)
        finally:
            response.close()

    def _read(self, response: requests.Response, limit: int) -> Reply:
        headers, status = response.headers, response.status_code
        chunked = "chunked" in headers.get("Transfer-Encoding", "").lower()
        length = headers.get("Content-Length", "").strip()
        measured = chunked or length.isdecimal() or status in _WITHOUT_BODY
        pieces = _Pieces(response)
        try:
            body = read_body(pieces, headers.get("Content-Encoding", ""), limit if status < 400 else LONGEST_ERROR)
            if not chunked and length.isdecimal() and pieces.size < int(length[:20]) and status not in _WITHOUT_BODY:
                raise ConnectionResetError
        except BodyTooLongError as error:
            reply = Reply(status, error.start, headers, measured=measured)
            if status >= 400:
                return reply
            raise AnswerTooLongError(f"the answer is not read to its end: {error}", reply) from None
        except DamagedBodyError as error:
            raise ConnectionBrokenError(f"the answer cannot be read: {error}", sent=True, lasting=True) from None
        except _FAILURES as error:
            if status < 400:
                raise self._broken(error) from None
            body = b""
        return Reply(status, body, headers, measured=measured)

    def _broken(self, error: Exception) -> ConnectionBrokenError:
        """Return what became of a request: in a few words, with the stage that it had reached."""
        stage = self._deadline.stage
        sent = stage not in UNSENT
        nested = _nested(error)
        tls = ssl_error_in(error)
        if any(isinstance(each, TimeoutError) for each in nested):
            longest = min(self._settings.connect_timeout, self._settings.timeout)
            seconds = longest if stage == CONNECTING else self._settings.timeout
            reason = f"timed out after {seconds:g} s, {stage}"
            return ConnectionBrokenError(
                reason, sent=sent, lasting=True, timed_out=True, silent=stage == STATUS, stage=stage
            )
        if tls is not None:
            return ConnectionBrokenError(tls_reason(tls), sent=sent, lasting=True, stage=stage, tls=tls)
        if sent:
            return ConnectionBrokenError(_ending(nested, stage), sent=True, stage=stage)
        refused = any(isinstance(each, ConnectionRefusedError) for each in nested)
        # Not the network's fault: a file with certificates that cannot be read as such, a URL that is none.
        lasting = not any(isinstance(each, urllib3.exceptions.HTTPError) for each in nested)
        return ConnectionBrokenError(_reason(error), sent=False, lasting=lasting, refused=refused, stage=stage)

    def _proxies_to(self, url: str) -> dict[str, str]:
        """Return the proxies that the environment has for a server."""
        if not self._settings.proxies:
            return {}
        server = "/".join(url.split("/", 3)[:3])
        if server not in self._proxies:
            self._proxies[server] = requests.utils.get_environ_proxies(server)
        return self._proxies[server]

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class _Pieces:
    """The body of an answer as it comes, and how many bytes have come; read once."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.size = 0

    def __iter__(self) -> Any:
        for piece in self._response.raw.stream(PIECE, decode_content=False):
            self.size += len(piece)
            yield piece


_FAILURES: tuple[type[Exception], ...] = (OSError, ValueError, http.client.HTTPException)
if HAS_REQUESTS:
    _FAILURES = (*_FAILURES, requests.exceptions.RequestException, urllib3.exceptions.HTTPError)


def _check_files(settings: HttpSettings) -> None:
    """Raise ContrailError for a file that is not there."""
    for option in ("ca_file", "client_cert", "client_key"):
        path = getattr(settings, option)
        if path and not Path(path).exists():
            raise ContrailError(f"{option}: there is no {path}")


def _system_authorities() -> bool | str:
    """Return what the environment names as the file of authorities to trust; True is the usual ones."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True


def _nested(error: BaseException) -> list[BaseException]:
    """Return an exception and those that it holds, as requests and urllib3 nest them."""
    found: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, BaseException) and not any(each is other for other in found):
            found.append(each)
            waiting += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
    return found


def _ending(nested: Sequence[BaseException], stage: str) -> str:
    """Return how an answer ended that is not whole."""
    closed = (ConnectionError, http.client.IncompleteRead)
    strange = any(isinstance(each, http.client.HTTPException) and not isinstance(each, closed) for each in nested)
    return "the answer is no HTTP" if strange else f"the connection was closed, {stage}"


def _reason(error: BaseException) -> str:
    """Reduce an exception of requests, which nests others, to the few words that matter."""
    match = re.search(r"\[Errno -?\d+\] ([^'\")]+)", str(error))
    return match.group(1).strip() if match else type(error).__name__
