# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP surface of the config API server.

Success is always 200. Refusals are plain text, except for the few that are whole HTML pages. Links are built
from the Host that the client asked.
"""

from __future__ import annotations

import asyncio
import html
import json
import logging
from collections.abc import Callable, MutableMapping
from http import HTTPStatus
from typing import Any, cast

from aiohttp import web

from lab.contrail import actions, selection
from lab.contrail.access import (
    READ,
    WRITE,
    BodylessDenialError,
    Caller,
    Gate,
    OpenGate,
    UnauthorizedError,
    check_access,
    has_access,
)
from lab.contrail.errors import ApiError
from lab.contrail.removal import InUseError
from lab.contrail.schema import JsonDict, Kind
from lab.contrail.segments import in_two_segments
from lab.contrail.store import Store
from lab.core.faults import Fault, Faults

Counters = MutableMapping[str, MutableMapping[str, int]]

LOG = logging.getLogger(__name__)
HTML = "text/html"
PAGE = """
    <!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
    <html>
        <head>
            <title>Error: {status}</title>
            <style type="text/css">
              html {{background-color: #eee; font-family: sans;}}
              body {{background-color: #fff; border: 1px solid #ddd;
                    padding: 15px; margin: 15px;}}
              pre {{background-color: #eee; border: 1px solid #ddd; padding: 5px;}}
            </style>
        </head>
        <body>
            <h1>Error: {status}</h1>
            <p>Sorry, the requested URL <tt>{url}</tt>
               caused an error:</p>
            <pre>{message}</pre>
        </body>
    </html>
"""
MAX_BODY = 1_024_000
CALLER = web.RequestKey("caller", Caller)
UNAUTHORIZED = {
    "error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}
}
READING_POSTS = frozenset(
    {"/fqname-to-id", "/id-to-fqname", "/list-bulk-collection", "/obj-cache", "/fetch-records", "/db-check"}
)


def create_app(
    store: Store, counters: Counters, faults: Faults, gate: Gate | None = None, *, segmented: bool = False
) -> web.Application:
    """Return the application that serves `store` to whom `gate` lets in; without one, to everybody.

    `counters["contrail"]` has `reads` and `writes`, which are counted up by request: successful or refused,
    every POST that creates or changes, PUT and DELETE is a write; all else is a read. `faults` is asked
    before each request. With `segmented` answers go out in two segments (lab.contrail.segments).
    """
    server = _Server(store, counters, faults, gate or OpenGate())
    app = web.Application(client_max_size=8 * MAX_BODY, middlewares=[in_two_segments] if segmented else ())
    app.router.add_route("*", "/{path:.*}", server.answer)
    return app


class _Server:
    """Answers requests out of one store."""

    def __init__(self, store: Store, counters: Counters, faults: Faults, gate: Gate) -> None:
        self.store = store
        self.gate = gate
        self.counters = counters
        self.faults = faults
        kinds = store.schema.kinds.values()
        self.collections = {kind.collection_path: kind for kind in kinds}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Count a request, let a fault strike it, and put refusals into the server's words."""
        wrote = _is_write(request)
        counts = self.counters.setdefault("contrail", {})
        name = "writes" if wrote else "reads"
        counts[name] = counts.get(name, 0) + 1
        fault = self.faults.take("contrail", method=request.method, path=request.path_qs)
        if fault is not None and fault.kind == "status":
            return _text(fault.status, fault.body)
        if fault is not None and fault.kind == "drop":
            return _dropped(request)
        if fault is not None and fault.kind == "expire":
            self.gate.expire()
        await _delay(fault)
        response = await self._answer_if_admitted(request)
        if wrote:
            self.store.announce()
        if fault is not None and fault.kind == "drop_after":
            return _dropped(request)
        return response

    async def _answer_if_admitted(self, request: web.Request) -> web.StreamResponse:
        try:
            request[CALLER] = self.gate.admit(request.method, request.path, request.headers)
        except BodylessDenialError:
            return await _bodyless_denial(request)
        except UnauthorizedError as error:
            return _unauthorized(request, error)
        except ApiError as error:
            return _text(error.status, error.message)
        return await self._answer_or_refusal(request)

    async def _answer_or_refusal(self, request: web.Request) -> web.Response:
        try:
            return await self._dispatch(request)
        except InUseError as error:
            links = [_url(request, kind, uuid) for kind, uuid in error.users]
            return _text(error.status, f"{error.reason}: {links}")
        except ApiError as error:
            return _page(request, error) if error.page else _text(error.status, error.message)
        except (AttributeError, KeyError, TypeError, ValueError):
            LOG.debug("%s %s", request.method, request.path_qs, exc_info=True)
            return _text(500, "Internal Server Error")

    async def _dispatch(self, request: web.Request) -> web.Response:
        """Find what a path means, and do it."""
        if request.path == "/":
            return _only(request, {"GET": self._home})
        if (request.method, request.path) in (*actions.ACTIONS, actions.BULK_LIST, actions.MODE):
            return await self._act(request)
        if request.path in actions.PATHS:
            raise ApiError(405, "Method not allowed.")
        kind = self.collections.get(request.path[1:])
        if kind is not None:
            if request.method == "POST":
                return await self._create(request, kind)
            return self._list(request, kind)
        name, _unused, uuid = request.path[1:].partition("/")
        kind = self.store.schema.kinds.get(name)
        if kind is None or not uuid or "/" in uuid:
            raise ApiError(404, actions.missing_path(request.path))
        return await self._instance(request, kind, uuid)

    async def _instance(self, request: web.Request, kind: Kind, uuid: str) -> web.Response:
        if request.method == "PUT":
            return await self._update(request, kind, uuid)
        return _only(
            request,
            {
                "GET": lambda asked: self._read(asked, kind, uuid),
                "DELETE": lambda asked: self._delete(asked, kind, uuid),
            },
        )

    def _home(self, request: web.Request) -> web.Response:
        base = _base(request)
        links = [{"link": {**link, "href": f"{base}{link['href']}"}} for link in actions.home_links(self.store)]
        return _json({"href": base, "links": links})

    async def _create(self, request: web.Request, kind: Kind) -> web.Response:
        body = (await _body(request))[kind.name]
        caller = request[CALLER]
        parent = self.store.find(body.get("parent_type") or "", (body.get("fq_name") or [])[:-1])
        if parent is not None:
            check_access(caller, parent, WRITE)
        stored = self.store.create(kind.name, body, caller.signature)
        answer: JsonDict = {name: stored[name] for name in selection.ALWAYS_SHOWN if name in stored}
        answer["name"] = stored["fq_name"][-1]
        return _json({kind.name: self._linked(request, kind, answer)})

    def _read(self, request: web.Request, kind: Kind, uuid: str) -> web.Response:
        self.store.hooks(kind.name).before_read(self._of_kind(kind, uuid))
        stored = self._of_kind(kind, uuid)
        check_access(request[CALLER], stored, READ)
        tag = f'"{stored["id_perms"]["last_modified"]}"'
        given = request.headers.get("If-None-Match")
        if given is not None and given.strip('"') == tag.strip('"'):
            return web.Response(status=304)
        if "fields" in request.query:
            wanted = set(request.query["fields"].split(","))
            named = {*selection.ALWAYS_SHOWN, "id_perms", "perms2", *wanted}
            answer = {name: value for name, value in stored.items() if name in named}
            answer.update(selection.relatives(self.store, kind, uuid, wanted))
        else:
            answer = {**stored, **selection.relatives(self.store, kind, uuid, self._wanted(request, kind))}
        answer["name"] = stored["fq_name"][-1]
        if "exclude_hrefs" not in request.query:
            answer = self._linked(request, kind, answer)
        return _json({kind.name: answer}, {"ETag": tag})

    @staticmethod
    def _wanted(request: web.Request, kind: Kind) -> set[str]:
        wanted: set[str] = set()
        if "exclude_children" not in request.query:
            wanted |= kind.children.keys()
        if "exclude_back_refs" not in request.query:
            wanted |= kind.back_references.keys()
        return wanted

    async def _update(self, request: web.Request, kind: Kind, uuid: str) -> web.Response:
        document = await _body(request)
        if not document or not document[kind.name]:
            return _text(200, "")
        body = document[kind.name]
        if "perms2" in body and "owner" not in body["perms2"]:
            raise ApiError(400, "owner in perms2 must be present")
        self._check_writable(request, uuid)
        self.store.update(uuid, body)
        return _json({kind.name: {"uuid": uuid, "href": _url(request, kind.name, uuid)}})

    def _delete(self, request: web.Request, kind: Kind, uuid: str) -> web.Response:
        if not self.store.has(uuid):
            raise ApiError(404, f"ID {uuid} does not exist")
        self._of_kind(kind, uuid)
        self._check_writable(request, uuid)
        self.store.delete(uuid)
        return _text(200, "")

    def _list(self, request: web.Request, kind: Kind) -> web.Response:
        if request.method not in ("GET", "HEAD"):
            raise ApiError(405, "Method not allowed.")
        chosen = selection.from_query(self.store, kind, request.query)
        return self._listed(request, kind, chosen, with_links="exclude_hrefs" not in request.query)

    def _listed(
        self, request: web.Request, kind: Kind, chosen: selection.Selection, *, with_links: bool
    ) -> web.Response:
        caller = request[CALLER]
        found, marker = selection.select(self.store, kind, chosen)
        found = [stored for stored in found if has_access(caller, stored, READ)]
        if chosen.count:
            return _json({kind.collection_path: {"count": len(found)}})
        entries = [selection.shown(self.store, kind, stored, chosen) for stored in found]
        if with_links:
            for entry in entries:
                entry["href"] = _url(request, kind.name, entry["uuid"])
        answer: JsonDict = {
            kind.collection_path: [{kind.name: entry} for entry in entries] if chosen.detail else entries
        }
        if chosen.paged:
            answer["marker"] = marker
        return _json(answer)

    async def _list_in_bulk(self, request: web.Request) -> web.Response:
        body = await _body(request)
        kind = actions.known_kind(self.store, body.get("type"))
        chosen = selection.from_body(body)
        return self._listed(request, kind, chosen, with_links=not body.get("exclude_hrefs"))

    async def _act(self, request: web.Request) -> web.Response:
        if (request.method, request.path) == actions.BULK_LIST:
            return await self._list_in_bulk(request)
        if (request.method, request.path) == actions.MODE:
            return _json({"aaa-mode": self.gate.mode})
        body = await _body(request) if request.method == "POST" else dict(request.query)
        if _is_write(request):
            self._check_writable(request, str(body.get("uuid")))
        answer = actions.ACTIONS[request.method, request.path](self.store, body)
        self._check_found(request, body, answer)
        return _text(200, "") if answer is None else _json(answer)

    def _check_writable(self, request: web.Request, uuid: str) -> None:
        """Refuse a write to an object that the caller may not write to; whether there is one is not said here."""
        stored = self.store.get(uuid)
        if stored is not None:
            check_access(request[CALLER], stored, WRITE)

    def _check_found(self, request: web.Request, body: JsonDict, answer: JsonDict | None) -> None:
        """Refuse the answer to a lookup of an object that the caller may not read."""
        stored = self.store.get(str((answer or {}).get("uuid") or body.get("uuid")))
        if stored is not None and not _is_write(request):
            check_access(request[CALLER], stored, READ)

    def _of_kind(self, kind: Kind, uuid: str) -> JsonDict:
        if self.store.kind_of(uuid).name != kind.name:
            raise ApiError(404, f"No {kind.name} object found for id {uuid}")
        stored = self.store.get(uuid)
        assert stored is not None
        return stored

    def _linked(self, request: web.Request, kind: Kind, shown: JsonDict) -> JsonDict:
        """Return what is shown of an object with the links to it, its parent and all it names."""
        linked = {**shown, "href": _url(request, kind.name, shown["uuid"])}
        if "parent_uuid" in shown:
            linked["parent_href"] = _url(request, shown["parent_type"], shown["parent_uuid"])
        for name in shown.keys() & kind.relatives.keys():
            target = kind.relatives[name]
            linked[name] = [{**link, "href": _url(request, target, link["uuid"])} for link in shown[name]]
        return linked


def _is_write(request: web.Request) -> bool:
    if request.method in ("PUT", "DELETE"):
        return True
    return request.method == "POST" and request.path not in READING_POSTS


def _only(request: web.Request, methods: dict[str, Callable[[web.Request], web.Response]]) -> web.Response:
    method = "GET" if request.method == "HEAD" else request.method
    if method not in methods:
        raise ApiError(405, "Method not allowed.")
    return methods[method](request)


async def _body(request: web.Request) -> JsonDict:
    """Return the JSON document of a request; anything else is a server error."""
    raw = await request.read()
    if len(raw) > MAX_BODY:
        raise ApiError(413, "Request entity too large", page=True)
    if request.content_type != "application/json":
        raise TypeError(request.content_type)
    return cast(JsonDict, json.loads(raw))


async def _delay(fault: Fault | None) -> None:
    if fault is not None and fault.kind == "slow":
        await asyncio.sleep(fault.seconds)


async def _bodyless_denial(request: web.Request) -> web.StreamResponse:
    """Announce 21 bytes of refusal and close the connection instead of sending them."""
    await request.read()
    headers = {"Content-Type": "text/plain", "Content-Length": "21"}
    response = web.StreamResponse(status=403, reason="Permission Denied", headers=headers)
    response.force_close()
    await response.prepare(request)
    await response.write_eof()
    if request.transport is not None:
        request.transport.close()
    return response


def _unauthorized(request: web.Request, error: UnauthorizedError) -> web.Response:
    """Return the 401 of Keystone's middleware, or the page of the server's own password check."""
    if error.page:
        response = _page(request, ApiError(401, "Access denied"))
    else:
        response = _json(UNAUTHORIZED)
        response.set_status(401)
    response.headers["WWW-Authenticate"] = error.challenge
    return response


def _dropped(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def _url(request: web.Request, kind: str, uuid: str) -> str:
    return f"{_base(request)}/{kind}/{uuid}"


def _json(document: Any, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(body=json.dumps(document).encode(), content_type="application/json", headers=headers)


def _text(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type=HTML, charset="UTF-8")


def _page(request: web.Request, error: ApiError) -> web.Response:
    """Return a refusal as the page that the server's framework makes when nobody makes a better one."""
    status = f"{error.status} {HTTPStatus(error.status).phrase}"
    url = html.escape(f"'{request.url}'", quote=False).replace("'", "&#039;")
    return _text(error.status, PAGE.format(status=status, url=url, message=html.escape(error.message)))
