# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties that are lists or maps of entries, which requests may change one entry at a time.

An entry has a position: in a map its key, in a list a number or, if it was added alone, a uuid.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from lab.contrail.errors import ApiError
from lab.contrail.identity import new_uuid
from lab.contrail.schema import Collection, JsonDict, Kind, Schema
from lab.contrail.validation import check_complex

Entries = list[tuple[str, JsonDict]]
"""Positions and values."""

LIST_OPERATIONS = frozenset({"add", "modify", "delete"})
MAP_OPERATIONS = frozenset({"set", "delete"})


def kept_value(declared: Kind, name: str, value: Any) -> Any:
    """Return a property as it is kept: maps are ordered by key, empty maps and lists are not kept (None)."""
    if value is None or name not in declared.collections:
        return value
    collection = declared.collections[name]
    entries = value.get(collection.wrapper) or []
    if collection.key is not None:
        by_key = {entry[collection.key]: entry for entry in entries}
        entries = [by_key[key] for key in sorted(by_key, key=str)]
    return {collection.wrapper: entries} if entries else None


def check_request(schema: Schema, declared: Kind, request: JsonDict) -> None:
    """Refuse (400) a request for a property that is no collection, a bad value or an unknown operation."""
    field, operation = str(request.get("field")), str(request.get("operation")).lower()
    if field not in declared.collections:
        raise ApiError(400, f'{field} neither "ListProperty" nor "MapProperty"')
    collection = declared.collections[field]
    try:
        check_complex(schema, schema.types[collection.entry_type], request.get("value"))
    except ValueError as error:
        raise ApiError(400, str(error)) from error
    if operation not in (LIST_OPERATIONS if collection.key is None else MAP_OPERATIONS):
        raise ApiError(400, f"Unsupported operation {operation} in request {json.dumps(request)}")


def entries_of(collection: Collection, value: Any, positions: list[str] | None) -> Entries:
    """Return the entries of a kept value, a list's at the positions noted for it (None: numbers)."""
    entries = copy.deepcopy((value or {}).get(collection.wrapper) or [])
    if collection.key is not None:
        return [(entry[collection.key], entry) for entry in entries]
    return list(zip(positions or map(str, range(len(entries))), entries, strict=positions is not None))


def changed_entries(collection: Collection, entries: Entries, request: JsonDict) -> Entries:
    """Return the entries after a checked request."""
    operation, value = str(request["operation"]).lower(), request.get("value")
    if operation == "add" and value is not None:
        return [*entries, (new_uuid(), value)]
    position = str(request.get("position"))
    if operation == "set" and value is not None and collection.key is not None:
        position = str(value[collection.key])
    kept = [(at, entry) for at, entry in entries if at != position]
    return kept if operation == "delete" or value is None else [*kept, (position, value)]
