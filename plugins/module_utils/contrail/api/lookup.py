# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How objects are looked up in few requests, whatever their number. Pure; the client asks.

There are three ways. Few names fit into the URL of a list. Objects whose uuids are known from others that
refer to them are asked for in bulk, with the uuids in a body, which has room for thousands. Many names under
one parent are found by listing all its children, page by page, unless the pages show that most of them are
not wanted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from ..codec.scope import Json
from ..codec.values import FqName, joined
from ..kinds.config import Key, Query

NAMES_PER_REQUEST = 5500
"""Characters of names in one list request; the API server's HTTP server takes lines of 8 KB, fields included."""

UUIDS_PER_REQUEST = 2500
"""Uuids in one bulk request; the API server takes bodies of 1,024,000 bytes."""

MANY_NAMES = 100
"""From so many names under one parent on, all its children are listed instead."""

PAGE = 2500
"""Objects in one page of a list, which a server answers in about a quarter of a second."""

LEAST_SHARE = 0.5
"""So much of a page must be wanted for the next page to be worth asking for.

A list costs the server the same for each object, however it was asked for (about 0.1 ms). Pages of children
are ordered by uuid, that is, by chance, so the first is a fair sample of the others.
"""


@dataclass(frozen=True)
class Lookup:
    """Some objects of a kind, by name, and the way to find them.

    With ``parent`` its children are listed; with ``uuids`` these are asked for; else the names are.
    """

    kind: str
    names: tuple[str, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    uuids: tuple[str, ...] = ()

    def by_names(self, found: Sequence[Mapping[str, Json]] = ()) -> list[Lookup]:
        """Return the lookups by name of what was not found."""
        known = {joined(item["fq_name"]) for item in found}
        left = [name for name in self.names if name not in known]
        return [Lookup(self.kind, tuple(batch), self.parameters) for batch in batches(left)]

    def is_sparse(self, page: Sequence[Mapping[str, Json]]) -> bool:
        """Tell whether so little of a page of children is wanted that the rest is better asked for by name.

        A comma separates names in a list request, so a name that has one cannot be asked for.
        """
        if any("," in name for name in self.names):
            return False
        wanted = set(self.names)
        hits = sum(joined(item["fq_name"]) in wanted for item in page)
        return hits < LEAST_SHARE * len(page)


def lookups(
    kind: str, names: Sequence[FqName], parameters: Mapping[str, str], uuids: Mapping[Key, str]
) -> list[Lookup]:
    """Return the lookups that together find the named objects of a kind.

    ``uuids`` are those known from references, ``parameters`` those of a list request.
    """
    by_parent: dict[FqName, list[FqName]] = {}
    for name in names:
        by_parent.setdefault(name[:-1], []).append(name)
    found: list[Lookup] = []
    rest: list[FqName] = []
    for parent, children in by_parent.items():
        texts = tuple(joined(name) for name in children)
        if parent and (len(texts) >= MANY_NAMES or any("," in text for text in texts)):
            found.append(Lookup(kind, texts, parameters, parent=joined(parent)))
        else:
            rest += children
    named = batches([joined(name) for name in rest])
    if len(named) > 1:
        known = [name for name in rest if (kind, name) in uuids]
        for start in range(0, len(known), UUIDS_PER_REQUEST):
            part = known[start : start + UUIDS_PER_REQUEST]
            texts = tuple(joined(name) for name in part)
            found.append(Lookup(kind, texts, parameters, uuids=tuple(uuids[kind, name] for name in part)))
        named = batches([joined(name) for name in rest if (kind, name) not in uuids])
    return [*found, *(Lookup(kind, tuple(batch), parameters) for batch in named)]


def is_long(asked: Sequence[Lookup]) -> bool:
    """Tell whether lookups take several requests by name."""
    return sum(not (one.parent or one.uuids) for one in asked) > 1


def searches(
    queries: Sequence[Query], fields: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield list requests, by kind and field, that together bring what queries ask for.

    A comma would separate two filters; objects of such texts, and of very many, are listed without one.
    """
    by_field: dict[tuple[str, str], list[str]] = {}
    for kind, name, text in queries:
        by_field.setdefault((kind, name), []).append(text)
    for (kind, name), texts in by_field.items():
        read = {"fields": ",".join(dict.fromkeys([*fields.get(kind, ()), name]))}
        if name == "uuid":
            for batch in batches(texts):
                yield kind, name, {"obj_uuids": ",".join(batch), **read}
        elif len(texts) >= MANY_NAMES or any("," in text for text in texts):
            yield kind, name, read
        else:
            for batch in batches([f"{name}=={json.dumps(text)}" for text in texts]):
                yield kind, name, {"filters": ",".join(batch), **read}


def mentioned(stored: Mapping[str, Json]) -> Iterator[tuple[Key, str]]:
    """Yield the objects that a stored one refers to, is referred to by, or has as children, with their uuids."""
    for name, value in stored.items():
        if not isinstance(value, list) or not name.endswith("s"):
            continue
        kind = re.sub(r"(_back_refs|_refs|s)$", "", name).replace("_", "-")
        for item in value:
            if isinstance(item, dict) and "to" in item and "uuid" in item:
                yield (kind, tuple(item["to"])), str(item["uuid"])


def batches(names: Sequence[str]) -> list[list[str]]:
    """Split names into lists that fit into a request line."""
    made: list[list[str]] = []
    room = 0
    for name in names:
        size = len(quote(name, safe=":")) + 1
        if not made or size > room:
            made.append([])
            room = NAMES_PER_REQUEST
        made[-1].append(name)
        room -= size
    return made


def query_string(parameters: Mapping[str, str]) -> str:
    """Return the query of a list URL."""
    return urlencode(parameters, safe=":,", quote_via=quote)
