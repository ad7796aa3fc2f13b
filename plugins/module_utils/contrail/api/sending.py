# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to the servers of one controller: which of them is asked, who asks, and what is repeated."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..codec.errors import ApiError
from ..codec.scope import Json
from .login import Login
from .reply import Reply
from .tls import tls_cure
from .transport import ConnectionBrokenError, Transport

BACK_OFF = (0.2, 0.5, 1.0)
"""Seconds between attempts."""

_BUSY = {502, 503, 504}


class NoServerError(Exception):
    """No server answered.

    ``tls`` is the error of TLS behind that, if it is one; ``doubtful`` tells whether the request may have been carried
    out all the same.
    """

    def __init__(self, reason: str, tls: ssl.SSLError | None, *, doubtful: bool) -> None:
        super().__init__(reason)
        self.tls = tls
        self.doubtful = doubtful


class DoubtError(Exception):
    """A request that must not be repeated blindly may have been carried out."""

    def __init__(self, reason: str, tls: ssl.SSLError | None = None) -> None:
        super().__init__(reason)
        self.tls = tls


class _Tried:
    """The attempts of a request so far; ``doubtful``: it may have been carried out, though no answer says so."""

    def __init__(self, servers: int, end: float) -> None:
        self.servers = servers
        self.attempts = 0
        self.given_up: set[int] = set()
        self.doubtful = False
        self.reason = ""
        self.tls: ssl.SSLError | None = None
        self._slow: set[int] = set()
        self._end = end

    def note_busy(self, reply: Reply) -> bool:
        """Note a server that has no time; return whether the request reached it."""
        self.reason, self.tls, self.doubtful = f"HTTP {reply.status}", None, True
        return True

    def note_broken(self, server: int, broken: ConnectionBrokenError) -> bool:
        """Note a server that gave no answer; return whether the request may have reached it.

        One that said nothing for the whole time may be slow, and is asked once more.
        """
        self.reason, self.tls = str(broken), broken.tls
        self.doubtful = self.doubtful or broken.sent
        if broken.lasting and (not broken.silent or server in self._slow):
            self.given_up.add(server)
        elif broken.silent:
            self._slow.add(server)
        return broken.sent

    def enough(self, now: float) -> bool:
        """Return whether the request is not to be repeated any more."""
        late = self.attempts > self.servers and now >= self._end
        return late or self.attempts >= max(len(BACK_OFF) + 1, self.servers) or len(self.given_up) == self.servers


class Sender:
    """Sends requests with the headers of a login, to the first of several servers that answers.

    ``patience`` are the seconds after which a request is not repeated any more. What was silent once is not asked
    again: every further request fails at once, so that many of them do not wait one after the other.
    """

    def __init__(
        self,
        urls: Sequence[str],
        transport: Transport,
        login: Login,
        *,
        patience: float,
        sleep: Callable[[float], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.urls = [url.rstrip("/") for url in urls]
        self.login = login
        self.requests = 0
        self.writes = 0
        self._transport = transport
        self._patience = patience
        self._sleep = sleep
        self._clock = clock
        self._lock = threading.Lock()
        self._login_lock = threading.Lock()
        self._server = 0
        self._silent: NoServerError | None = None
        self._refused_login: ApiError | None = None

    @property
    def url(self) -> str:
        """The server that is asked first."""
        return self.urls[self._server]

    def send(self, method: str, path: str, body: Json, *, repeat: bool = True, writes: bool = False) -> Reply:
        """Send one request, to the next server and again where that is safe.

        Raises :class:`NoServerError` when no server answers, and without ``repeat`` :class:`DoubtError` as
        soon as the server may have carried the request out.
        """
        if self._silent is not None:
            raise NoServerError(str(self._silent), self._silent.tls, doubtful=False)
        tried = _Tried(len(self.urls), self._clock() + self._patience)
        logged_in_anew = False
        while True:
            server, reply = self._server, Reply(0)
            try:
                token = self._headers()
                reply = self._count(method, self.urls[server] + path, token, body, writes or not repeat)
                if reply.status == 401 and self.login.renewable and not logged_in_anew:
                    logged_in_anew = True
                    self._renew(token)
                    continue
                if reply.status not in _BUSY:
                    return replace(reply, doubtful=tried.doubtful)
                sent = tried.note_busy(reply)
            except ConnectionBrokenError as broken:
                sent = tried.note_broken(server, broken)
            if sent and not repeat:
                self._next_server(server, tried.given_up)
                raise DoubtError(tried.reason, tried.tls)
            tried.attempts += 1
            if tried.enough(self._clock()):
                if reply.status:
                    return replace(reply, doubtful=tried.doubtful)
                self._silent = NoServerError(tried.reason, tried.tls, doubtful=tried.doubtful)
                raise self._silent
            self._next_server(server, tried.given_up)
            if (round_ := tried.attempts - tried.servers) >= 0:
                self.pause(round_)

    def _count(self, method: str, url: str, token: Mapping[str, str], body: Json, write: bool) -> Reply:
        with self._lock:
            self.requests += 1
            self.writes += write
        headers = dict(token) if body is None else {**token, "Content-Type": "application/json"}
        reply = self._transport.send(method, url, headers, body)
        if reply.status < 300 and not reply.measured:
            raise ConnectionBrokenError("the answer does not say how long it is, so it may be cut", sent=True)
        return reply

    def _headers(self) -> dict[str, str]:
        with self._login_lock:
            if self._refused_login is not None:
                raise self._refused_login
            try:
                return self.login.headers(self._post)
            except ApiError as error:
                self._refused_login = error
                raise

    def _post(self, url: str, body: Mapping[str, Any]) -> Reply:
        """Send a login request; one that gets no answer, or 502, 503 or 504, is repeated."""
        end = self._clock() + self._patience
        attempt = 0
        while True:
            last = attempt == len(BACK_OFF) or self._clock() >= end
            try:
                reply = self._count("POST", url, {}, dict(body), False)
                if last or reply.status not in _BUSY:
                    return reply
            except ConnectionBrokenError as broken:
                if last or (broken.lasting and (attempt or not broken.silent)):
                    cure = tls_cure(broken.tls, "auth_url") if broken.tls is not None else "check auth_url"
                    raise ApiError(f"cannot log in: no answer from {url} ({broken}); {cure}", verb="log in") from None
            self.pause(attempt)
            attempt += 1

    def _renew(self, used: Mapping[str, str]) -> None:
        """Forget a login that was refused, unless another thread has already made a fresh one."""
        with self._login_lock:
            if self.login.headers(self._post) == used:
                self.login.forget()

    def _next_server(self, failed: int, given_up: set[int]) -> None:
        """Turn to the next server that may answer."""
        with self._lock:
            if self._server == failed:
                order = [(failed + step) % len(self.urls) for step in range(1, len(self.urls) + 1)]
                self._server = next((each for each in order if each not in given_up), order[0])

    def pause(self, attempt: int) -> None:
        """Wait before the next attempt."""
        self._sleep(BACK_OFF[min(attempt, len(BACK_OFF) - 1)])
