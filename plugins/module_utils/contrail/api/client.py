# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Contrail config API, spoken over any transport, so that tests can state the exact conversation."""

from __future__ import annotations

import difflib
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from ..config import Key, Query
from ..entity import Json
from ..errors import AlreadyExistsError, ApiError, StillInUseError
from ..plan import Action
from ..values import FqName, joined
from .identify import identified, reference_key
from .login import Login, NoLogin
from .lookup import PAGE, Lookup, batches, is_long, lookups, mentioned, query_string, searches
from .reply import Reply, plain_text
from .tls import tls_cure
from .transport import ConnectionBrokenError, Transport

BACK_OFF = (0.2, 0.5, 1.0)
"""Seconds between attempts."""

MOST_USERS = 5
"""So many users of an object does an error name."""

_BUSY = {502, 503, 504}

_DUPLICATE = re.compile(r"already exists with uuid: ([0-9a-f-]{36})")


class ApiClient:
    """Objects, by kind and name, of the Contrail config API.

    ``urls`` are the API servers; when one does not answer, the next is asked. What may be repeated is:
    reads, changes and deletions always, for their result is the same; a creation only after a look whether
    it happened. A status 500 is not repeated: the server answers so to requests that it will never take.
    """

    def __init__(
        self,
        urls: Sequence[str],
        transport: Transport,
        login: Login | None = None,
        *,
        parallel: int = 8,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._urls = [url.rstrip("/") for url in urls]
        self._transport = transport
        self._login: Login = login or NoLogin()
        self._sleep = sleep
        self._lock = threading.Lock()
        self._login_lock = threading.Lock()
        self._server = 0
        self._uuids: dict[Key, str] = {}
        self.parallel = max(parallel, 1)
        self.requests = 0
        self.writes = 0
        self._verbs: dict[str, Callable[[Action], tuple[str, bool]]] = {
            "create": self._create,
            "update": self._update,
            "annotate": self._annotate,
            "attach": self._attach,
            "detach": self._detach,
            "delete": self._delete,
        }

    # Reading

    def read(self, needs: Iterable[Key], fields: Mapping[str, Sequence[str]]) -> dict[Key, Json]:
        """Read objects by kind and name; those that do not exist are ``None`` in the result.

        ``fields`` are the API fields to read, by kind. The lists of all kinds are asked for side by side.
        """
        found: dict[Key, Json] = {}
        left = set(needs)
        while left:
            found |= self.read_part(left, fields)
            left -= found.keys()
        return found

    def read_part(self, needs: Iterable[Key], fields: Mapping[str, Sequence[str]]) -> dict[Key, Json]:
        """Read like ``read``, but perhaps not all: what is left out is to be asked for again.

        Left out are kinds that take several requests by name, as long as there are others. Those may refer
        to their objects, and with the uuids they take one request.
        """
        by_kind: dict[str, list[FqName]] = {}
        for kind, name in sorted(set(needs)):
            by_kind.setdefault(kind, []).append(name)
        asked = {kind: lookups(kind, by_kind[kind], _fields(fields.get(kind)), self._uuids) for kind in by_kind}
        short = {kind: parts for kind, parts in asked.items() if not is_long(parts)} or asked
        found: dict[Key, Json] = {(kind, name): None for kind in short for name in by_kind[kind]}
        # Some lists split the name of a route target at its colons, so names are compared as texts.
        keys = {(kind, joined(name)): (kind, name) for kind, name in found}
        parts = [part for kind in short for part in short[kind]]
        for part, objects in zip(parts, self._side_by_side(self._look_up, parts), strict=True):
            for item in objects:
                self._note_uuids(part.kind, item)
                key = keys.get((part.kind, joined(item["fq_name"])))
                if key is not None:
                    found[key] = item
        return found

    def find(self, queries: Iterable[Query], fields: Mapping[str, Sequence[str]]) -> dict[Query, list[dict[str, Json]]]:
        """Return the objects that hold a text in a field, by query; the uuid counts as a field.

        ``fields`` are the API fields to read, by kind. The server ignores a filter that it does not
        understand, so each answer is looked through.
        """
        found: dict[Query, list[dict[str, Json]]] = {query: [] for query in queries}
        lists = list(searches(sorted(found), fields))
        for (kind, field, _unused), objects in zip(lists, self._side_by_side(self._run_search, lists), strict=True):
            for item in objects:
                self._note_uuids(kind, item)
                query = (kind, field, str(item.get(field)))
                if query in found:
                    found[query].append(item)
        return found

    def _note_uuids(self, kind: str, item: Mapping[str, Json]) -> None:
        """Take note of the uuids of an object that was read, and of those that it names."""
        self._uuids.update({reference_key(*key): uuid for key, uuid in mentioned(item)})
        if item.get("uuid"):
            self._uuids[reference_key(kind, item["fq_name"])] = str(item["uuid"])

    def _run_search(self, search: tuple[str, str, Mapping[str, str]]) -> list[dict[str, Json]]:
        return self.list_objects(search[0], search[2])

    def list_objects(self, kind: str, parameters: Mapping[str, str]) -> list[dict[str, Json]]:
        """Return all objects of a kind that ``parameters`` select, page by page."""
        return [item for objects, _unused in self._pages(kind, parameters) for item in objects]

    def list_named(self, kind: str, names: Sequence[FqName], parameters: Mapping[str, str]) -> list[dict[str, Json]]:
        """Return those of the named objects of a kind that exist."""
        asked = lookups(kind, names, parameters, self._uuids)
        found = [item for objects in self._side_by_side(self._look_up, asked) for item in objects]
        wanted = {joined(name) for name in names}
        return [item for item in found if joined(item["fq_name"]) in wanted]

    def list_identified(self, kind: str, uuids: Sequence[str], parameters: Mapping[str, str]) -> list[dict[str, Json]]:
        """Return those of the objects of a kind with these uuids that exist."""
        parts = [{"obj_uuids": ",".join(batch), **parameters} for batch in batches(uuids)]
        found = self._in_bulk(kind, uuids, parameters) if len(parts) > 1 else None
        if found is None:
            lists = self._side_by_side(lambda part: self._list(kind, part), parts)
            found = [item for objects in lists for item in objects]
        return found

    def count_objects(self, kind: str, parameters: Mapping[str, str]) -> int:
        """Return how many objects of a kind ``parameters`` select."""
        answer = self._get(f"/{kind}s?{query_string({**parameters, 'count': 'true'})}", "count", kind) or {}
        return int(answer[f"{kind}s"]["count"])

    def name_of(self, uuid: str) -> Key | None:
        """Return kind and name of the object with a uuid, ``None`` where there is none to be found."""
        try:
            reply = self._send("POST", "/id-to-fqname", {"uuid": uuid})
        except _NoServerError:
            return None
        answer = reply.json() if reply.status < 300 else None
        return (answer["type"].replace("_", "-"), tuple(answer["fq_name"])) if answer else None

    def near_misses(self, kind: str, fq_name: FqName) -> tuple[list[str], list[str]]:
        """Return the names like a missing one, and all names, among the objects with the same parent."""
        parameters = {"parent_fq_name_str": joined(fq_name[:-1])} if len(fq_name) > 1 else {}
        parent = list(fq_name[:-1])
        objects = self.list_objects(kind, parameters)
        names = {item["fq_name"][-1] for item in objects if item["fq_name"][:-1] == parent}
        return _close(fq_name[-1], names)

    def near_texts(self, kind: str, text: str, fields: Sequence[str], network: str) -> tuple[list[str], list[str]]:
        """Return the texts like one that was not found, and all texts, in fields of the objects of a kind.

        With ``network`` only objects that refer to that network count.
        """
        objects = self.list_objects(kind, {"fields": ",".join([*fields, "virtual_network_refs"])})
        texts = {
            str(item[field][-1] if field == "fq_name" else item[field])
            for item in objects
            if not network or network in [joined(ref["to"]) for ref in item.get("virtual_network_refs") or []]
            for field in fields
            if item.get(field)
        }
        return _close(text, texts)

    # Writing

    def apply(self, actions: Sequence[Action], done: Callable[[Action, str, bool], None]) -> None:
        """Carry out actions that do not depend on each other, several at a time.

        ``done(action, uuid, changed)`` is called for each that succeeded; ``changed`` is false where the
        server already was as wanted. All are tried, then the first failure is raised.
        """
        outcomes = self._side_by_side(self._attempt(done), actions)
        for failure in outcomes:
            if failure is not None:
                raise failure

    def _attempt(self, done: Callable[[Action, str, bool], None]) -> Callable[[Action], ApiError | None]:
        def attempt(action: Action) -> ApiError | None:
            try:
                uuid, changed = self._verbs[action.verb](action)
            except ApiError as failure:
                return failure
            with self._lock:
                done(action, uuid, changed)
            return None

        return attempt

    def _create(self, action: Action) -> tuple[str, bool]:
        uuid, changed = self._post_object(action)
        self._uuids[reference_key(action.kind, action.fq_name)] = uuid
        return uuid, changed

    def _post_object(self, action: Action) -> tuple[str, bool]:
        path, body = f"/{action.kind}s", {action.kind: identified(action.payload, self._uuid_for_reference)}
        attempt = 0
        while True:
            try:
                reply = self._send("POST", path, body, repeat=False)
            except _NoServerError as error:
                raise self._unreachable(error, action) from None
            except _DoubtError as doubt:
                known = self._uuid_of(action)
                if known:
                    return known, True
                if attempt == len(BACK_OFF):
                    raise self._unreachable(doubt, action) from None
                self._pause(attempt)
                attempt += 1
                continue
            duplicate = _DUPLICATE.search(plain_text(reply.text)) if attempt and reply.status == 409 else None
            if duplicate:
                # The attempt whose answer was lost came to its end after the look.
                return duplicate.group(1), True
            if reply.status >= 300:
                raise self._failure(reply, action)
            return str(reply.json()[action.kind]["uuid"]), True

    def _uuid_of(self, action: Action) -> str:
        """Return the uuid under which an object of this name exists by now, "" for none."""
        query = {"type": action.kind, "fq_name": list(action.fq_name)}
        try:
            reply = self._send("POST", "/fqname-to-id", query)
        except _NoServerError as error:
            raise self._unreachable(error, action) from None
        return str(reply.json()["uuid"]) if reply.status < 300 else ""

    def _update(self, action: Action) -> tuple[str, bool]:
        body = {action.kind: identified(action.payload, self._uuid_for_reference)}
        return self._write("PUT", f"/{action.kind}/{action.uuid}", body, action)

    def _uuid_for_reference(self, key: Key) -> str:
        """Return the uuid of what a reference names: as read, as created a moment ago, else as the server knows it."""
        uuid = self._uuids.get(key) or self._uuid_of(Action(0, "find", *key, ""))
        if uuid:
            self._uuids[key] = uuid
        return uuid

    def _annotate(self, action: Action) -> tuple[str, bool]:
        name = action.payload["field"]
        updates = [
            {"field": name, "operation": "set", "value": {"key": key, "value": text}, "position": key}
            for key, text in action.payload["set"].items()
        ]
        updates += [{"field": name, "operation": "delete", "position": key} for key in action.payload["delete"]]
        return self._write("POST", "/prop-collection-update", {"uuid": action.uuid, "updates": updates}, action)

    def _attach(self, action: Action) -> tuple[str, bool]:
        """Add a reference; an object without uuid was created a moment ago."""
        uuid = action.uuid or self._uuid_for_reference(reference_key(action.kind, action.fq_name))
        return self._update_reference(replace(action, uuid=uuid), "ADD")

    def _detach(self, action: Action) -> tuple[str, bool]:
        return self._update_reference(action, "DELETE", gone=True)

    def _update_reference(self, action: Action, operation: str, *, gone: bool = False) -> tuple[str, bool]:
        target = self._uuid_for_reference(reference_key(action.payload["kind"], action.payload["name"]))
        return self._write("POST", "/ref-update", _reference_update(action, operation, target), action, gone=gone)

    def _delete(self, action: Action) -> tuple[str, bool]:
        self._uuids.pop(reference_key(action.kind, action.fq_name), None)
        return self._write("DELETE", f"/{action.kind}/{action.uuid}", None, action, gone=True)

    def _write(self, method: str, path: str, body: Json, action: Action, *, gone: bool = False) -> tuple[str, bool]:
        """Send a write that may be repeated.

        With ``gone`` a 404 means that it is done: by an attempt of ours whose answer was lost, or by
        somebody else.
        """
        try:
            reply = self._send(method, path, body, writes=True)
        except _NoServerError as error:
            raise self._unreachable(error, action) from None
        if gone and reply.status == 404:
            return action.uuid, reply.doubtful
        if reply.status >= 300:
            raise self._failure(reply, action)
        return action.uuid, True

    # One request

    def _look_up(self, lookup: Lookup) -> list[dict[str, Json]]:
        """Return what a lookup finds, and perhaps other objects; what it missed is asked for by name."""
        found: list[dict[str, Json]] = []
        if lookup.uuids:
            found = self._in_bulk(lookup.kind, lookup.uuids, lookup.parameters) or []
            if len(found) == len(lookup.uuids):
                return found
        elif lookup.parent:
            children = {"parent_fq_name_str": lookup.parent, **lookup.parameters}
            for objects, is_last in self._pages(lookup.kind, children):
                found += objects
                if is_last:
                    return found
                if lookup.is_sparse(objects):
                    break
        else:
            return self._list(lookup.kind, {"fq_names": ",".join(lookup.names), **lookup.parameters})
        return [*found, *(item for rest in lookup.by_names(found) for item in self._look_up(rest))]

    def _pages(self, kind: str, parameters: Mapping[str, str]) -> Iterator[tuple[list[dict[str, Json]], bool]]:
        """Yield the pages of a list, each with whether it is the last."""
        marker: str | None = ""
        while marker is not None:
            page = {**parameters, "exclude_hrefs": "true", "page_marker": marker, "page_limit": str(PAGE)}
            answer = self._get(f"/{kind}s?{query_string(page)}", "list", kind) or {}
            marker = answer.get("marker")
            yield _listed(kind, answer), marker is None

    def _list(self, kind: str, parameters: Mapping[str, str]) -> list[dict[str, Json]]:
        answer = self._get(f"/{kind}s?{query_string({**parameters, 'exclude_hrefs': 'true'})}", "list", kind)
        return _listed(kind, answer or {})

    def _in_bulk(self, kind: str, uuids: Sequence[str], parameters: Mapping[str, str]) -> list[dict[str, Json]] | None:
        """Return the objects of these uuids that exist, ``None`` where the server refuses such a request.

        With roles a user may be allowed to read objects, but not to send a POST.
        """
        body = {"type": kind, "obj_uuids": ",".join(uuids), "exclude_hrefs": True, **parameters}
        if "detail" in body:
            body["detail"] = True
        try:
            reply = self._send("POST", "/list-bulk-collection", body)
        except _NoServerError as error:
            raise self._unreachable(error, Action(0, "list", kind, (), "")) from None
        return _listed(kind, reply.json() or {}) if reply.status < 300 else None

    def _get(self, path: str, verb: str, kind: str) -> Json:
        action = Action(0, verb, kind, (), "")
        try:
            reply = self._send("GET", path, None)
        except _NoServerError as error:
            raise self._unreachable(error, action) from None
        if reply.status >= 300:
            raise self._failure(reply, action)
        try:
            return reply.json()
        except ValueError:
            raise ApiError(
                f"cannot {verb} {kind}: {self._urls[self._server]} answered with something that is not JSON; "
                "is api_url the config API (as in http://HOST:8082)?",
                kind=kind,
                verb=verb,
                status=reply.status,
            ) from None

    def _send(self, method: str, path: str, body: Json, *, repeat: bool = True, writes: bool = False) -> Reply:
        """Send one request, to the next server and again where that is safe.

        Raises :class:`_NoServerError` when no server answers, and without ``repeat`` :class:`_DoubtError` as
        soon as the server may have carried the request out.
        """
        attempts = max(len(BACK_OFF) + 1, len(self._urls))
        logged_in_anew = doubtful = False
        attempt = 0
        while True:
            server = self._server
            reason, tls = "", None
            try:
                token = self._headers()
                reply = self._count(method, self._urls[server] + path, token, body, writes or not repeat)
                if reply.status == 401 and self._login.renewable and not logged_in_anew:
                    logged_in_anew = True
                    self._renew(token)
                    continue
                if reply.status not in _BUSY:
                    return replace(reply, doubtful=doubtful)
                reason, sent = f"HTTP {reply.status}", True
            except ConnectionBrokenError as broken:
                reason, tls, sent, reply = str(broken), broken.tls, broken.sent, Reply(0)
                if broken.lasting:
                    attempts = len(self._urls)
            doubtful = doubtful or sent
            if sent and not repeat:
                self._next_server(server)
                raise _DoubtError(reason)
            attempt += 1
            if attempt >= attempts:
                if reply.status:
                    return reply
                raise _NoServerError(reason, tls)
            self._next_server(server)
            if attempt >= len(self._urls):
                self._pause(attempt - len(self._urls))

    def _count(self, method: str, url: str, token: Mapping[str, str], body: Json, write: bool) -> Reply:
        with self._lock:
            self.requests += 1
            self.writes += write
        headers = dict(token) if body is None else {**token, "Content-Type": "application/json"}
        return self._transport.send(method, url, headers, body)

    def _headers(self) -> dict[str, str]:
        with self._login_lock:
            return self._login.headers(self._post)

    def _post(self, url: str, body: Mapping[str, Any]) -> Reply:
        """Send a login request; one that gets no answer, or 502, 503 or 504, is repeated."""
        attempt = 0
        while True:
            last = attempt == len(BACK_OFF)
            try:
                reply = self._count("POST", url, {}, dict(body), False)
                if last or reply.status not in _BUSY:
                    return reply
            except ConnectionBrokenError as broken:
                if last or broken.lasting:
                    cure = f"; {tls_cure(broken.tls, 'auth_url')}" if broken.tls is not None else ""
                    raise ApiError(f"cannot log in: no answer from {url} ({broken}){cure}", verb="log in") from None
            self._pause(attempt)
            attempt += 1

    def _renew(self, used: Mapping[str, str]) -> None:
        """Forget a login that was refused, unless another thread has already made a fresh one."""
        with self._login_lock:
            if self._login.headers(self._post) == used:
                self._login.forget()

    def _next_server(self, failed: int) -> None:
        with self._lock:
            if self._server == failed:
                self._server = (failed + 1) % len(self._urls)

    def _pause(self, attempt: int) -> None:
        self._sleep(BACK_OFF[min(attempt, len(BACK_OFF) - 1)])

    def _side_by_side(self, function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        if len(items) < 2 or self.parallel == 1:
            return [function(item) for item in items]
        with ThreadPoolExecutor(min(self.parallel, len(items))) as pool:
            return list(pool.map(function, items))

    # Errors

    def _unreachable(self, error: _NoServerError | _DoubtError, action: Action) -> ApiError:
        servers = ", ".join(self._urls)
        cure = "check api_url, and that the config API runs there"
        if isinstance(error, _NoServerError) and error.tls is not None:
            cure = tls_cure(error.tls, "api_url")
        return ApiError(
            f"cannot {_phrase(action)}: no answer from {servers} ({error}); {cure}",
            kind=action.kind,
            fq_name=joined(action.fq_name),
            verb=action.verb,
        )

    def _failure(self, reply: Reply, action: Action) -> ApiError:
        """Turn an error status into one line with the server's own words and, where it is known, the cure."""
        text = plain_text(reply.text)
        facts: dict[str, Any] = {
            "kind": action.kind,
            "fq_name": joined(action.fq_name),
            "status": reply.status,
            "verb": action.verb,
            "text": text,
        }
        says = f"HTTP {reply.status}" + (f", {text}" if text else "")
        message = f"cannot {_phrase(action)}: {says}"
        if reply.status == 409 and action.verb == "delete":
            users = _users(text)
            if users:
                names = ", ".join(self._user_name(kind, uuid) for kind, uuid in users[:MOST_USERS])
                more = f" and {len(users) - MOST_USERS} more" if len(users) > MOST_USERS else ""
                return StillInUseError(
                    f"cannot {_phrase(action)}: HTTP 409, still used by {names}{more}; delete or detach that first",
                    **facts,
                )
        if reply.status == 409 and action.verb == "create" and "already exists with uuid" in text:
            return AlreadyExistsError(message, **facts)
        cure = self._login.cure if reply.status == 401 else _CURES.get(reply.status, "")
        return ApiError(message.rstrip(".") + cure if cure else message, **facts)

    def _user_name(self, kind: str, uuid: str) -> str:
        known = self.name_of(uuid)
        return f"{kind} {joined(known[1]) if known else uuid}"


_CURES = {
    403: "; the user's role may not do this, give one that may (or project and domain that it owns)",
    413: "; split config into several tasks",
}


class _NoServerError(Exception):
    """No server answered; ``tls`` is the error of TLS behind that, if it is one."""

    def __init__(self, reason: str, tls: ssl.SSLError | None) -> None:
        super().__init__(reason)
        self.tls = tls


class _DoubtError(Exception):
    """A request that must not be repeated blindly may have been carried out."""


def _phrase(action: Action) -> str:
    """Return what an action does, in words."""
    what = f"{action.kind} {joined(action.fq_name)}".strip()
    if action.verb in {"attach", "detach"}:
        other = f"{action.payload['kind']} {joined(action.payload['name'])}"
        return f"attach {other} to {what}" if action.verb == "attach" else f"detach {other} from {what}"
    return f"{action.verb} {what}"


def _reference_update(action: Action, operation: str, target: str) -> dict[str, Json]:
    reference = action.payload
    body = {
        "type": action.kind,
        "uuid": action.uuid,
        "ref-type": reference["kind"],
        "ref-fq-name": list(reference["name"]),
        **({"ref-uuid": target} if target else {}),
        "operation": operation,
    }
    return {**body, "attr": reference["attr"]} if operation == "ADD" else body


def _fields(names: Sequence[str] | None) -> dict[str, str]:
    """Return the parameter of a list request for the fields to read, none for the names alone."""
    return {"fields": ",".join(names)} if names else {}


def _listed(kind: str, answer: Mapping[str, Json]) -> list[dict[str, Json]]:
    """Return the objects of a list answer, in detail or not."""
    return [item.get(kind, item) for item in answer.get(f"{kind}s") or []]


def _close(text: str, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the texts that are like one, and all of them in order."""
    known = sorted(texts)
    return difflib.get_close_matches(text, known, n=3, cutoff=0.6), known


def _users(text: str) -> list[tuple[str, str]]:
    """Return the objects that a refused deletion names: ``Delete when ...: ['http://H/KIND/UUID', ...]``."""
    if "Delete when" not in text:
        return []
    urls = re.findall(r"https?://[^'\"\s]+", text)
    parts = [url.rstrip(".").split("/") for url in urls]
    return [(part[-2], part[-1]) for part in parts if len(part[-1]) == 36]
