# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Asking Contrail's daemons: any of master and standbys, every control node, the agent of a compute node."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from ...values.option_spec import OptionSpecs
from ..api.parallel import side_by_side
from ..api.reply import Reply
from ..codec.errors import ContrailError
from .errors import FAILED, NOT_IN_RELEASE, REFUSED, IntrospectError
from .pages import AGENT, CONTROL, DAEMONS, SCHEMA, SVC_MONITOR, Page, is_allowed
from .records import R
from .sandesh import parse
from .wire import HttpTransport, PageTransport, TlsSettings

T = TypeVar("T")

STANDBYS = (SCHEMA, SVC_MONITOR)
"""Daemons of which only the elected one listens."""

OPTIONS = {"schema": SCHEMA, "svc_monitor": SVC_MONITOR, "control": CONTROL, "agent": AGENT}
"""Under which option the addresses of a daemon are given."""


@dataclass(frozen=True)
class Limits:
    """So much of one answer is read: pages, and bytes over all of them; and for so many seconds pages are asked for."""

    pages: int = 1000
    bytes: int = 64 * 2**20
    seconds: float = 60


@dataclass(frozen=True)
class Answer(Generic[R]):
    """The records of all pages; ``truncated`` says why some may be missing, and is empty when none are."""

    url: str
    records: tuple[R, ...]
    pages: int
    truncated: str = ""


@dataclass(frozen=True)
class Hosts:
    """The addresses of daemons, by kind of daemon and by the name of a host (its URL, or its compute node)."""

    urls: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, daemon: str) -> Mapping[str, str]:
        """Return the addresses of a kind of daemon by name."""
        return self.urls.get(daemon, {})

    def __bool__(self) -> bool:
        return any(self.urls.values())


def read_hosts(options: Mapping[str, Any]) -> Hosts:
    """Return the addresses of the option ``introspect``; raises ContrailError for one that is none."""
    urls: dict[str, dict[str, str]] = {}
    for option, daemon in OPTIONS.items():
        given = options.get(option) or {}
        named = given if isinstance(given, Mapping) else {str(url): url for url in given}
        urls[daemon] = {
            str(name): _url(url, f"introspect.{option}{f'.{name}' if isinstance(given, Mapping) else ''}")
            for name, url in named.items()
        }
    return Hosts(urls)


def _url(value: Any, path: str) -> str:
    parts = urlsplit(str(value).strip())
    try:
        port = parts.port
    except ValueError:
        port = 0
    if "@" in parts.netloc:
        raise ContrailError(f"{path}: introspect knows no credentials; leave them out of the URL")
    if parts.scheme not in ("http", "https") or not parts.hostname or not port or parts.path.strip("/") or parts.query:
        raise ContrailError(f"{path}: '{value}' is not the URL of a daemon, as in http://HOST:8083")
    return f"{parts.scheme}://{parts.netloc}"


class Introspect:
    """Reads pages. Hosts are asked side by side; one host gets its requests one after the other."""

    def __init__(
        self, hosts: Hosts, transport: PageTransport, *, parallel: int = 8, limits: Limits | None = None
    ) -> None:
        self.hosts = hosts
        self.requests = 0
        self._transport = transport
        self._parallel = max(parallel, 1)
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._elected: dict[str, str] = {}

    def ask(self, url: str, page: Page[R], **values: Any) -> Answer[R]:
        """Return what one host answers, all pages of it; raises IntrospectError."""
        query = page.query(values)
        records: list[R] = []
        asked: set[str] = set()
        room = self._limits.bytes
        end = time.monotonic() + self._limits.seconds
        while query not in asked:
            if asked and time.monotonic() > end:
                reason = f"it takes longer than {self._limits.seconds:g} s"
                return Answer(url, tuple(records), len(asked), reason)
            if len(asked) == self._limits.pages:
                return Answer(url, tuple(records), len(asked), f"it has more than {self._limits.pages} pages")
            asked.add(query)
            reply = self._get(url, query, room)
            if len(reply.body) > room:
                return Answer(url, tuple(records), len(asked), f"it has more than {self._limits.bytes} bytes")
            room -= len(reply.body)
            messages = parsed(reply, f"{url}{query.partition('?')[0]}")
            records += page.read(messages)
            query = page.following(messages)
            if not query:
                return Answer(url, tuple(records), len(asked))
        return Answer(url, tuple(records), len(asked), "a page led back to an earlier one")

    def any_of(self, daemon: str, page: Page[R], **values: Any) -> Answer[R]:
        """Return what the first host of a daemon answers; standbys refuse. Raises IntrospectError if none answers."""
        failures: list[IntrospectError] = []
        urls = list(self.hosts.of(daemon).values())
        elected = self._elected.get(daemon)
        for url in sorted(urls, key=lambda each: each != elected):
            try:
                answer = self.ask(url, page, **values)
            except IntrospectError as error:
                failures.append(error)
                continue
            self._elected[daemon] = url
            return answer
        if not failures:
            raise IntrospectError(REFUSED, f"no address of a {daemon} is given")
        raise IntrospectError.of_all(failures)

    def side_by_side(self, work: Callable[[T], Any], hosts: Sequence[T]) -> list[Any]:
        """Return ``work`` of each host, several at a time; an IntrospectError stands in the place of a result."""

        def attempt(host: T) -> Any:
            try:
                return work(host)
            except IntrospectError as error:
                return error

        return side_by_side(attempt, hosts, self._parallel)

    def every(self, daemon: str, page: Page[R], **values: Any) -> dict[str, Answer[R] | IntrospectError]:
        """Return what each host of a daemon answers, by its name."""
        hosts = self.hosts.of(daemon)
        answers = self.side_by_side(lambda url: self.ask(url, page, **values), list(hosts.values()))
        return dict(zip(hosts, answers, strict=True))

    def _get(self, url: str, query: str, room: int) -> Reply:
        if not is_allowed(query):
            raise ValueError(f"{query} is not an allowed request")
        with self._lock:
            self.requests += 1
        return self._transport.get(url, query, room)


def parsed(reply: Reply, place: str) -> Any:
    """Return the messages of an answer; raises IntrospectError, which names the page."""
    if reply.status == 404:
        raise IntrospectError(NOT_IN_RELEASE, f"{place}: this release has no such page", status=404)
    if reply.status >= 300:
        target = f" and points to {reply.location}, which is not followed" if reply.location else ""
        message = f"{place}: the daemon answered with status {reply.status}{target}"
        raise IntrospectError(FAILED, message, status=reply.status)
    kinds = {name.lower(): value for name, value in reply.headers.items()}
    try:
        return parse(reply.body, kinds.get("content-type", ""))
    except IntrospectError as error:
        raise IntrospectError(error.reason, f"{place}: {error}") from None


def open_introspect(options: Mapping[str, Any] | None, parallel: int = 8) -> Introspect:
    """Return the reader for the option ``introspect``; raises ContrailError for what cannot be right."""
    given = {name: value for name, value in (options or {}).items() if value is not None}
    hosts = read_hosts(given)
    tls = TlsSettings(
        validate_certs=given.get("validate_certs", True),
        ca_file=given.get("ca_file", ""),
        client_cert=given.get("client_cert", ""),
        client_key=given.get("client_key", ""),
    )
    secure = any(url.startswith("https:") for daemon in DAEMONS for url in hosts.of(daemon).values())
    return Introspect(hosts, HttpTransport(tls if secure else None, given.get("timeout", 10)), parallel=parallel)


INTROSPECT_OPTIONS: OptionSpecs = {
    "schema": {"type": "list", "elements": "str"},
    "svc_monitor": {"type": "list", "elements": "str"},
    "control": {"type": "list", "elements": "str"},
    "agent": {"type": "dict"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_file": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
    "timeout": {"type": "float", "default": 10},
}
"""The option ``introspect`` of modules."""
