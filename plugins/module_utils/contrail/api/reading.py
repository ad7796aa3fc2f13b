# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading objects: lists of every sort, page by page, in bulk and by name.

An answer is the list that was asked for, with objects that have a name and a uuid, or an error; never silently nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...values.hints import like
from ..codec.errors import ApiError, ContrailError
from ..codec.scope import Json
from ..codec.values import FqName, joined
from ..kinds.config import Key, Query
from ..plan.actions import Action
from . import failures
from .lookup import PAGE, Lookup, batches, is_long, lookups, mentioned, query_string, searches
from .parallel import side_by_side
from .reference_uuids import reference_key
from .reply import Reply, UnreadableReplyError, described
from .sending import NoServerError, Sender

MOST_PAGES = 4000
"""Pages of one list; ten million objects."""


class ApiReader:
    """Reads objects, by kind and name, with the requests of a sender."""

    def __init__(self, sender: Sender, parallel: int) -> None:
        self.parallel = max(parallel, 1)
        self._sender = sender
        self._uuids: dict[Key, str] = {}

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
        for part, objects in zip(parts, self._each(self._look_up, parts), strict=True):
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
        for (kind, field, _unused), objects in zip(lists, self._each(self._run_search, lists), strict=True):
            for item in objects:
                self._note_uuids(kind, item)
                query = (kind, field, str(item.get(field)))
                if query in found:
                    found[query].append(item)
        return found

    def _note_uuids(self, kind: str, item: Mapping[str, Json]) -> None:
        """Take note of the uuids of an object that was read, and of those that it names."""
        self._uuids.update({reference_key(*key): uuid for key, uuid in mentioned(item)})
        self._uuids[reference_key(kind, item["fq_name"])] = str(item["uuid"])

    def _run_search(self, search: tuple[str, str, Mapping[str, str]]) -> list[dict[str, Json]]:
        return self.list_objects(search[0], search[2])

    def list_objects(self, kind: str, parameters: Mapping[str, str]) -> list[dict[str, Json]]:
        """Return all objects of a kind that ``parameters`` select, page by page."""
        return [item for objects, _unused in self._pages(kind, parameters) for item in objects]

    def list_named(self, kind: str, names: Sequence[FqName], parameters: Mapping[str, str]) -> list[dict[str, Json]]:
        """Return those of the named objects of a kind that exist."""
        asked = lookups(kind, names, parameters, self._uuids)
        found = [item for objects in self._each(self._look_up, asked) for item in objects]
        wanted = {joined(name) for name in names}
        return [item for item in found if joined(item["fq_name"]) in wanted]

    def list_identified(self, kind: str, uuids: Sequence[str], parameters: Mapping[str, str]) -> list[dict[str, Json]]:
        """Return those of the objects of a kind with these uuids that exist."""
        parts = [{"obj_uuids": ",".join(batch), **parameters} for batch in batches(uuids)]
        found = self._in_bulk(kind, uuids, parameters) if len(parts) > 1 else None
        if found is None:
            lists = self._each(lambda part: self._list(kind, part), parts)
            found = [item for objects in lists for item in objects]
        return found

    def count_objects(self, kind: str, parameters: Mapping[str, str]) -> int:
        """Return how many objects of a kind ``parameters`` select."""
        action = Action(0, "count", kind, (), "")
        answer = self._get(f"/{kind}s?{query_string({**parameters, 'count': 'true'})}", action)
        counted = answer[f"{kind}s"]
        if not isinstance(counted, dict) or not isinstance(counted.get("count"), int):
            raise failures.unreadable(UnreadableReplyError(f"{kind}s without a count"), action, self._sender.url, 200)
        return int(counted["count"])

    def name_of(self, uuid: str) -> Key | None:
        """Return kind and name of the object with a uuid, ``None`` where there is none to be found."""
        try:
            reply = self._sender.send("POST", "/id-to-fqname", {"uuid": uuid})
            answer = reply.object("type") if reply.status < 300 else {}
        except (NoServerError, UnreadableReplyError):
            return None
        kind, name = answer.get("type"), answer.get("fq_name")
        if not isinstance(kind, str) or not isinstance(name, list) or not _is_name(name):
            return None
        return kind.replace("_", "-"), tuple(name)

    def require(self, projects: Iterable[FqName]) -> None:
        """Check that projects are there, as proof that an empty answer about what is in them can be believed.

        Raises ContrailError.
        """
        needs = [("project", name) for name in projects]
        for (_kind, name), stored in self.read(needs, {}).items():
            if stored is None:
                raise ContrailError(
                    f"there is no project {joined(name)} (or this user has no permission to read it), "
                    "so its objects cannot be checked; check domain, project and api_url",
                    kind="project",
                    fq_name=joined(name),
                    verb="find",
                )

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
        action = Action(0, "list", kind, (), "")
        marker: str | None = ""
        seen: set[str] = set()
        while marker is not None:
            seen.add(marker)
            page = {**parameters, "exclude_hrefs": "true", "page_marker": marker, "page_limit": str(PAGE)}
            answer = self._get(f"/{kind}s?{query_string(page)}", action)
            marker = answer.get("marker")
            self._check_marker(marker, seen, action)
            yield self._listed(action, answer), marker is None

    def _check_marker(self, marker: Json, seen: set[str], action: Action) -> None:
        """Raise ApiError for the marker of a next page that does not lead on."""
        fault = ""
        if marker is not None and not isinstance(marker, str):
            fault = "a page marker that is no text"
        elif marker in seen:
            fault = f"the page marker '{marker}' again, so that the list would never end"
        elif len(seen) >= MOST_PAGES:
            fault = f"more than {MOST_PAGES} pages"
        if fault:
            raise failures.unreadable(UnreadableReplyError(fault), action, self._sender.url, 200)

    def _list(self, kind: str, parameters: Mapping[str, str]) -> list[dict[str, Json]]:
        action = Action(0, "list", kind, (), "")
        answer = self._get(f"/{kind}s?{query_string({**parameters, 'exclude_hrefs': 'true'})}", action)
        return self._listed(action, answer)

    def _in_bulk(self, kind: str, uuids: Sequence[str], parameters: Mapping[str, str]) -> list[dict[str, Json]] | None:
        """Return the objects of these uuids that exist, ``None`` where the server refuses such a request.

        With roles a user may be allowed to read objects, but not to send a POST.
        """
        action = Action(0, "list", kind, (), "")
        body = {"type": kind, "obj_uuids": ",".join(uuids), "exclude_hrefs": True, **parameters}
        if "detail" in body:
            body["detail"] = True
        try:
            reply = self._sender.send("POST", "/list-bulk-collection", body)
        except NoServerError as error:
            raise failures.unreachable(error, action, self._sender.urls) from None
        return self._listed(action, self._understood(reply, action)) if reply.status < 300 else None

    def _get(self, path: str, action: Action) -> dict[str, Json]:
        """Return a list answer, which has the key of its kind."""
        try:
            reply = self._sender.send("GET", path, None)
        except NoServerError as error:
            raise failures.unreachable(error, action, self._sender.urls) from None
        if reply.status == 404:
            raise self._unknown(reply, action)
        if reply.status >= 300:
            raise failures.refused(reply, action, self._sender.url, self._sender.login.cure, self.name_of)
        return self._understood(reply, action)

    def _understood(self, reply: Reply, action: Action) -> dict[str, Json]:
        try:
            return reply.object(f"{action.kind}s")
        except UnreadableReplyError as error:
            raise failures.unreadable(error, action, self._sender.url, reply.status) from None

    def _unknown(self, reply: Reply, action: Action) -> ApiError:
        """Say why a server does not know a kind: it is another server, or another release."""
        url = self._sender.url
        try:
            home = self._sender.send("GET", "/", None)
        except NoServerError as error:
            return failures.no_config_api(url, action, reply, f"nothing ({error})")
        try:
            if failures.is_config_api(home.object("links")):
                return failures.unknown_kind(url, action, reply)
        except UnreadableReplyError:
            pass
        return failures.no_config_api(url, action, reply, described(home))

    def _listed(self, action: Action, answer: Mapping[str, Json]) -> list[dict[str, Json]]:
        """Return the objects of a list answer, in detail or not."""
        objects = answer[f"{action.kind}s"]
        if isinstance(objects, list):
            found = [each.get(action.kind, each) if isinstance(each, dict) else each for each in objects]
            if all(_is_object(each) for each in found):
                return found
        fault = UnreadableReplyError(f"{action.kind}s that are not all objects with a name and a uuid")
        raise failures.unreadable(fault, action, self._sender.url, 200)

    def _each(self, function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        return side_by_side(function, items, self.parallel)


def _is_object(stored: Json) -> bool:
    """Tell whether an entry of a list has what every object has, and its references the names of objects."""
    if not isinstance(stored, dict) or not isinstance(stored.get("uuid"), str) or not _is_name(stored.get("fq_name")):
        return False
    return all(_are_references(value) for field, value in stored.items() if field.endswith("_refs"))


def _are_references(value: Json) -> bool:
    """Tell whether a value is a list of references; there may be none."""
    if value is None:
        return True
    return isinstance(value, list) and all(isinstance(each, dict) and _is_name(each.get("to")) for each in value)


def _is_name(name: Json) -> bool:
    return isinstance(name, list) and bool(name) and all(isinstance(part, str) for part in name)


def _fields(names: Sequence[str] | None) -> dict[str, str]:
    """Return the parameter of a list request for the fields to read, none for the names alone."""
    return {"fields": ",".join(names)} if names else {}


def _close(text: str, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the texts that are like one, and all of them in order."""
    known = sorted(texts)
    return like(text, known), known
