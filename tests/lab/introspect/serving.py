# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP servers behind the introspect pages: one personality for Python daemons, one for C++ daemons.

Neither asks who asks. A request that would change the daemon is refused with status 403 and counted, so that a
client that uses one is caught; one that the daemons have and the lab does not simulate gives 501.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from html import escape

from aiohttp import web

from lab.core.faults import Fault, Faults
from lab.introspect.asking import InvalidParameterError, Parameters, native_parameters, python_parameters
from lab.introspect.definitions import Daemon, Request, changing, daemon
from lab.introspect.writing import STYLESHEET, Answer, Writer

REQUEST_PREFIX = "Snh_"
HTML = {"Content-Type": "text/html; charset=UTF-8"}
NATIVE_NOT_FOUND = b"<html><body>404: no such page</body></html>".ljust(45) + b"\0"
"""What a C++ daemon answers for an unknown path: 46 bytes, the last of them a NUL."""

Page = Callable[[Parameters], Answer | None]
"""Makes the answer to a request from its parameters; None for no answer at all."""


@dataclass(frozen=True)
class Pages:
    """What a daemon serves: its kind (schema, svc_monitor, control, agent), its pages by request, its node's table.

    `label` names the daemon to faults: the kind, for agents with the compute node (`agent:compute1`).
    """

    kind: str
    label: str
    node: str
    pages: Mapping[str, Page]


class IntrospectServer(ABC):
    """Answers the requests for one daemon's pages."""

    native: bool

    def __init__(self, pages: Pages, faults: Faults, counters: MutableMapping[str, int]) -> None:
        self._pages = pages
        self._faults = faults
        self._counters = counters
        self._writer = Writer(self.native, pages.node)

    def application(self) -> web.Application:
        """Return an application that serves the pages."""
        app = web.Application()
        app.add_routes([web.get("/{path:.*}", self._serve)])
        return app

    @property
    def label(self) -> str:
        """What faults call the daemon."""
        return self._pages.label

    def refuses(self) -> bool:
        """Say whether a fault keeps the daemon from listening: the page server's own, or that of its agent."""
        if self._faults.condition("introspect", "refused", daemon=self.label):
            return True
        kind, _colon, compute = self.label.partition(":")
        return kind == "agent" and self._faults.condition("agent", "down", compute=compute) is not None

    @property
    def _daemon(self) -> Daemon:
        return daemon(self._pages.kind)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path, _mark, query = request.raw_path.partition("?")
        name = path.lstrip("/")
        asked = name.removeprefix(REQUEST_PREFIX)
        self._counters["requests"] += 1
        fault = self._faults.take("introspect", daemon=self._pages.label, request=asked)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault and fault.kind == "drop":
            if request.transport:
                request.transport.abort()
            return web.Response()
        elif fault and fault.kind == "status":
            return web.Response(status=fault.status, text=fault.body or "Internal Server Error", headers=HTML)
        elif fault and fault.kind == "no_response":
            return _heading(f'No Response for Sandesh Request "{asked}"')
        if name in ("", "index.html"):
            return web.Response(body=self._index().encode(), headers={"Content-Type": "text/html"})
        if name.endswith(".xml"):
            return self._form(name, request)
        return await self._answer(request, asked if asked != name else "", query, fault)

    async def _answer(self, request: web.Request, name: str, query: str, fault: Fault | None) -> web.StreamResponse:
        if name in changing():
            self._counters["writes"] += 1
            return web.Response(status=403, text=f"Snh_{name} changes the daemon: the lab refuses it\n")
        page = self._pages.pages.get(name)
        known = self._daemon.find(name) or self._followed(name)
        if known is None:
            return self._not_found(request)
        if page is None:
            return web.Response(status=501, text=f"the lab does not simulate Snh_{name}\n")
        answered = self._page(request, known, page, query)
        if isinstance(answered, web.Response):
            return answered
        pieces = [piece.encode() for piece in self._writer.pieces(answered)]
        if fault and fault.kind == "truncated":
            whole = b"".join(pieces)
            pieces = [whole[: len(whole) // 2]]
        return await self._send(request, pieces)

    def _followed(self, name: str) -> Request | None:
        """Return the request that a page links to for its next part, which no form shows."""
        return Request(name, {"iterate_info": "string"}) if name in self._pages.pages else None

    @abstractmethod
    def _page(self, request: web.Request, known: Request, page: Page, query: str) -> Answer | web.Response:
        """Return what a page says, or what the daemon answers instead."""

    @abstractmethod
    async def _send(self, request: web.Request, pieces: list[bytes]) -> web.StreamResponse:
        """Send an answer."""

    @abstractmethod
    def _index(self) -> str:
        """Return the page that lists the modules."""

    @abstractmethod
    def _form(self, name: str, request: web.Request) -> web.Response:
        """Return a module's requests as a page."""

    @abstractmethod
    def _not_found(self, request: web.Request) -> web.Response:
        """Return the answer for what is not there."""

    def _module(self, name: str) -> str | None:
        """Return a module's form page; None if the daemon has no such module."""
        module = name.removesuffix(".xml")
        if module not in self._daemon.modules:
            return None
        forms = "".join(f"{_form_of(one)}\n" for one in self._daemon.modules[module])
        return f'{STYLESHEET}\n<{module} type="rlist">\n{forms}</{module}>\n'


class PythonServer(IntrospectServer):
    """A Python daemon: schema transformer or service monitor."""

    native = False

    def _page(self, request: web.Request, known: Request, page: Page, query: str) -> Answer | web.Response:
        try:
            answer = page(python_parameters(known, query))
        except InvalidParameterError:
            return _heading("Invalid data provided in Sandesh Request")
        except Exception:  # whatever a handler trips over, the daemon's HTTP server answers so
            return _error_page(request, 500, "Internal Server Error", "Internal Server Error")
        return answer or _heading(f'No Response for Sandesh Request "{known.name}"')

    async def _send(self, request: web.Request, pieces: list[bytes]) -> web.StreamResponse:
        return web.Response(body=b"".join(pieces), headers={"Content-Type": "text/xsl"})

    def _index(self) -> str:
        listed = "".join(f'<a href="{one}.xml">{one}</a><br/>' for one in self._daemon.modules)
        return _index_page(self._daemon.name, listed)

    def _form(self, name: str, request: web.Request) -> web.Response:
        form = self._module(name)
        if form is None:
            return _heading(f'Invalid Sandesh Request "{escape(name)}"')
        return web.Response(body=form.encode(), headers={"Content-Type": "text/xsl"})

    def _not_found(self, request: web.Request) -> web.Response:
        return _error_page(request, 404, "Not Found", f"Not found: &#039;{escape(request.path)}&#039;")


class NativeServer(IntrospectServer):
    """A C++ daemon: control node or vRouter agent."""

    native = True

    def _page(self, request: web.Request, known: Request, page: Page, query: str) -> Answer | web.Response:
        return page(native_parameters(known, query)) or self._not_found(request)

    async def _send(self, request: web.Request, pieces: list[bytes]) -> web.StreamResponse:
        headers = {"Content-Type": "text/xml"}
        if len(pieces) == 1:
            return web.Response(body=pieces[0], headers=headers)
        response = web.StreamResponse(headers=headers)
        response.enable_chunked_encoding()
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
        await response.write_eof()
        return response

    def _index(self) -> str:
        listed = "".join(f'<a href="{one}.xml">{one}.xml</a><br/>' for one in self._daemon.modules)
        return _index_page(self._daemon.name, listed)

    def _form(self, name: str, request: web.Request) -> web.Response:
        form = self._module(name)
        if form is None:
            return self._not_found(request)
        return web.Response(body=form.encode(), headers={"Content-Type": "text/xml"})

    def _not_found(self, request: web.Request) -> web.Response:
        return web.Response(status=404, body=NATIVE_NOT_FOUND, headers={"Content-Type": "text/html"})


def _heading(text: str) -> web.Response:
    """Return what Python daemons answer, with status 200, where they have no page."""
    return web.Response(text=f"<h3>{text}</h3>", headers=HTML)


def _index_page(name: str, listed: str) -> str:
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{name}</title></head>'
        f"<body><h1>Modules for {name}</h1>{listed}</body></html>"
    )


def _form_of(request: Request) -> str:
    fields = "".join(f'<{name} type="{kind}">0</{name}>' for name, kind in request.fields.items())
    return f'<{request.name} type="sandesh">\n{fields}</{request.name}>'


def _error_page(request: web.Request, status: int, title: str, said: str) -> web.Response:
    """Return an error page as the HTTP library of the Python daemons words it."""
    asked = escape(f"{request.scheme}://{request.host}{request.raw_path}")
    page = (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n'
        f"<html><head><title>Error: {status} {title}</title></head><body><h1>Error: {status} {title}</h1>"
        f"<p>Sorry, the requested URL <tt>&#039;{asked}&#039;</tt> caused an error:</p>"
        f"<pre>{said}</pre></body></html>\n"
    )
    return web.Response(status=status, text=page, headers=HTML)
