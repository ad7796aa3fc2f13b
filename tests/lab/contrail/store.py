# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of the config API server, and what writing them means.

A `Store` is the server without HTTP: it takes what a request body holds, checks and completes it as the
server does, and keeps it. The HTTP surface and the lab's own daemons use it alike; only writes from outside
are announced to listeners.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from lab.contrail import creation, identity, removal
from lab.contrail import property_collections as collections
from lab.contrail.database import Database
from lab.contrail.errors import ApiError, PartialWriteError, unknown_id
from lab.contrail.hooks import hooks_of
from lab.contrail.hooks.base import KindHooks
from lab.contrail.hooks.project import check_quota
from lab.contrail.links import Links
from lab.contrail.schema import JsonDict, Kind, load_schema
from lab.contrail.validation import check_properties, check_references

Listener = Callable[[], None]
Operation = Literal["ADD", "DELETE"]

IDENTITY_FIELDS = ("uuid", "fq_name", "parent_type", "parent_uuid")


class Store:
    """All objects of the server, and the rules for writing them.

    Objects are given out as the store holds them: in the shape of an instance read, `*_refs` included,
    children, back references and links not. They are snapshots that nobody may change. Methods that write
    raise `ApiError` when the server would refuse, and then have written nothing (except where the server,
    too, leaves half of it). A new store is empty; `fresh.fresh_store` returns one as a server starts with.
    `generation` goes up whenever everything in the store is replaced.
    """

    def __init__(self) -> None:
        self.schema = load_schema()
        self.agent_values: dict[str, str] = {}
        self._clock = identity.Clock()
        self._listeners: list[Listener] = []
        self.generation = 0
        self._hooks: dict[str, KindHooks] = {}
        self._clear()

    def _clear(self) -> None:
        self.generation += 1
        self._database = Database()
        self._links = Links(self._database, self._clock)
        self._relaxed: set[tuple[str, str]] = set()
        self._writes: Counter[str] = Counter()
        self._positions: dict[tuple[str, str], list[str]] = {}

    # Reading

    def objects(self, kind: str) -> list[JsonDict]:
        """Return all objects of a kind, ordered by name."""
        return [self._database.read(uuid) for uuid in self._database.uuids(kind)]

    def count(self, kind: str) -> int:
        """Return how many objects of a kind there are."""
        return self._database.count(kind)

    def all_objects(self) -> list[tuple[str, JsonDict]]:
        """Return all objects with their kinds, oldest first."""
        return [(self.kind_of(uuid).name, self._database.read(uuid)) for uuid in self._database.all_uuids()]

    def get(self, uuid: str) -> JsonDict | None:
        """Return the object of that uuid, or None."""
        return self._database.get(uuid)

    def find(self, kind: str, fq_name: Iterable[str]) -> JsonDict | None:
        """Return the object of that kind and fully qualified name, or None."""
        uuid = self._database.find(kind, fq_name)
        return None if uuid is None else self._database.read(uuid)

    def uuid_of(self, kind: str, fq_name: Iterable[str]) -> str | None:
        """Return the uuid of the object of that kind and name, or None."""
        return self._database.find(kind, fq_name)

    def kind_of(self, uuid: str) -> Kind:
        """Return the kind of an object. Raises ApiError 404 if there is none of that uuid."""
        return self._database.kind_of(uuid)

    def has(self, uuid: str) -> bool:
        """Say whether there is an object of that uuid."""
        return self._database.get(uuid) is not None

    def writes_of(self, uuid: str) -> int:
        """Return how often an object was written; that another of its kind refers to it now is no write of its own."""
        return self._writes[uuid]

    def children(self, uuid: str, kind: str) -> list[JsonDict]:
        """Return the children of an object that are of a kind, oldest first."""
        return self._database.children(uuid, kind)

    def back_references(self, uuid: str, kind: str) -> list[JsonDict]:
        """Return the objects of a kind that refer to an object."""
        return [referrer for referrer, _unused in self._database.referrers(uuid, kind)]

    def referrers(self, uuid: str, kind: str) -> Iterator[tuple[JsonDict, JsonDict]]:
        """Yield the objects of a kind that refer to an object, each with its reference."""
        return self._database.referrers(uuid, kind)

    def collection_entries(self, uuid: str, field: str) -> collections.Entries:
        """Return the entries of a list or map property with their positions (a map's keys)."""
        return self._entries(uuid, field, self._database.read(uuid).get(field))

    def hooks(self, kind: str) -> KindHooks:
        """Return the rules of a kind."""
        if kind not in self._hooks:
            self._hooks[kind] = hooks_of(kind)(self)
        return self._hooks[kind]

    # Writing, as clients do

    def create(self, kind: str, body: JsonDict, author: Mapping[str, str] = identity.CLIENT) -> JsonDict:
        """Create an object from the inner part of a create request and return it.

        `author` is how it is signed: owner and group of its `id_perms`. Raises ApiError 400 for bad values, 404
        for a missing parent, 409 for a name or uuid in use, and what the kind's own rules refuse.
        """
        return self._create(kind, body, author)

    def update(self, uuid: str, body: JsonDict) -> None:
        """Update an object from the inner part of an update request: the named fields change, whole.

        Raises ApiError 404 for an unknown uuid, 400 for bad values, and what the kind's own rules refuse.
        """
        stored, declared = self._database.read(uuid), self.kind_of(uuid)
        changes = copy.deepcopy(body)
        self._check_values(declared, changes, "http_put")
        self._apply(declared, stored, changes)

    def delete(self, uuid: str) -> None:
        """Delete an object. Raises ApiError 404 if there is none, 409 if it has children or users."""
        if not self.has(uuid):
            raise ApiError(404, f"ID {uuid} does not exist")
        stored, declared = self._database.read(uuid), self.kind_of(uuid)
        hooks = self.hooks(declared.name)
        hooks.refuse_delete(stored)
        removal.check_unused(self._database, declared, stored, self._relaxed)
        with self._database.transaction():
            hooks.before_delete(stored)
            for child in removal.default_children(self._database, declared, stored):
                self.delete(child)
            self.drop(uuid)
            hooks.after_delete(stored)

    def update_reference(
        self, uuid: str, reference_kind: str, reference_uuid: str, operation: Operation, attr: Any = None
    ) -> None:
        """Add a reference (or replace its attribute), or delete it; no other reference is touched.

        A reference that the schema does not have in this direction is passed over silently. Raises ApiError
        404 for an unknown object, 400 for a bad attribute.
        """
        if operation == "ADD" and not self.has(reference_uuid):
            raise unknown_id(reference_uuid)
        stored, declared = self._database.read(uuid), self.kind_of(uuid)
        field = f"{self.schema.kind(reference_kind).object_type}_refs"
        changes: JsonDict = {}
        if field in declared.references:
            kept = [reference for reference in stored.get(field, ()) if reference["uuid"] != reference_uuid]
            changes[field] = copy.deepcopy(kept)
        if field in changes and operation == "ADD":
            added = {"to": list(self._database.read(reference_uuid)["fq_name"]), "uuid": reference_uuid}
            changes[field].append({**added, "attr": copy.deepcopy(attr)})
        self._check_values(declared, changes, "ref-update")
        self._apply(declared, stored, changes)

    def update_collection(self, uuid: str, updates: list[JsonDict]) -> None:
        """Change single entries of list and map properties.

        `updates` are as in a prop-collection-update request: field, operation (list: add, modify, delete;
        map: set, delete), value, position. Raises ApiError 404 for an unknown object, 400 for anything that
        does not fit.
        """
        if not self.has(uuid):
            raise ApiError(404, f"Object Not Found: {uuid}")
        stored, declared = self._database.read(uuid), self.kind_of(uuid)
        for request in updates:
            collections.check_request(self.schema, declared, request)
        entries: dict[str, collections.Entries] = {}
        for request in updates:
            field = request["field"]
            present = entries.get(field) or self._entries(uuid, field, stored.get(field))
            entries[field] = collections.changed_entries(declared.collections[field], present, request)
        changes: JsonDict = {
            field: {declared.collections[field].wrapper: [value for _unused, value in changed]}
            for field, changed in entries.items()
        }
        self._apply(declared, stored, changes)
        for field, changed in entries.items():
            self._positions[uuid, field] = [position for position, _unused in changed]

    def relax_reference(self, uuid: str, reference_uuid: str) -> None:
        """Let a reference no longer hinder the delete of what it refers to. Raises ApiError 404."""
        if not self.has(uuid):
            raise ApiError(404, f"uuid {uuid} not found")
        self._relaxed.add((uuid, reference_uuid))

    # Writing, as the server itself does

    def create_along(self, kind: str, body: JsonDict) -> JsonDict:
        """Create an object that comes with another: checked like a client's, but signed by the server."""
        return self._create(kind, body, identity.SERVER)

    def insert(self, kind: str, body: JsonDict, *, user_visible: bool = True) -> JsonDict:
        """Create an object of a fresh server: without checks, without the rules of its kind.

        `body` must hold fq_name and, unless parentless, parent_type; the rest is completed.
        """
        declared = self.schema.kind(kind)
        new = copy.deepcopy(body)
        creation.resolve_parent(self._database, self.schema, new)
        new.setdefault("id_perms", identity.default_id_perms(user_visible=user_visible))
        new.setdefault("perms2", identity.default_perms2())
        self._stamp(new)
        with self._database.transaction():
            self._put_new(declared, new)
        return self._database.read(new["uuid"])

    def replace(self, uuid: str, changes: JsonDict) -> None:
        """Change fields of an object unchecked, without the rules of its kind."""
        with self._database.transaction():
            self._write(self.kind_of(uuid), self._database.read(uuid), changes)

    def drop(self, uuid: str) -> None:
        """Remove an object together with all references to it, unasked; its children stay behind."""
        with self._database.transaction():
            self._links.mirror(self.kind_of(uuid), uuid, self._database.read(uuid), {})
            self._links.forget(uuid)
            self._database.remove(uuid)
        self._relaxed = {pair for pair in self._relaxed if uuid not in pair}
        self._positions = {key: kept for key, kept in self._positions.items() if key[0] != uuid}

    # Listening

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` after each write from outside."""
        self._listeners.append(listener)

    def announce(self) -> None:
        """Tell the listeners that there was a write from outside."""
        for listener in self._listeners:
            listener()

    # Keeping

    def dump(self) -> JsonDict:
        """Return everything the store holds, as JSON can hold it."""
        return {
            "objects": [[kind, copy.deepcopy(stored)] for kind, stored in self.all_objects()],
            "relaxed": [list(pair) for pair in sorted(self._relaxed)],
            "positions": [[*key, list(value)] for key, value in sorted(self._positions.items())],
            "agent_values": dict(self.agent_values),
        }

    def restore(self, dump: Mapping[str, Any]) -> None:
        """Take what `dump` returned in place of everything the store holds."""
        self._clear()
        for kind, stored in dump["objects"]:
            self._database.put(self.schema.kind(kind), copy.deepcopy(stored))
        self._relaxed = {(pair[0], pair[1]) for pair in dump["relaxed"]}
        self._positions = {(uuid, field): list(kept) for uuid, field, kept in dump["positions"]}
        self.agent_values = dict(dump["agent_values"])

    # Parts of the above

    def _create(self, kind: str, body: JsonDict, author: Mapping[str, str]) -> JsonDict:
        declared = self.schema.kind(kind)
        hooks = self.hooks(declared.name)
        new = copy.deepcopy(body)
        creation.check_name(new, allowed=hooks.allowed_name_characters)
        self._check_values(declared, new, "create")
        creation.complete_identity(self._database, declared, new)
        creation.resolve_parent(self._database, self.schema, new)
        self._links.check_targets(declared, new, f"create {new}")
        new["id_perms"]["permissions"].update(author)
        self._stamp(new)
        hooks.require_uuids(new, creating=True)
        with self._database.transaction():
            hooks.before_create(new)
            check_quota(self, declared, new)
            stored = self._put_new(declared, new)
            hooks.after_create(stored)
        return self._database.read(new["uuid"])

    def _check_values(self, declared: Kind, values: JsonDict, request: str) -> None:
        try:
            check_properties(self.schema, declared, values, creating=request == "create")
        except ValueError as error:
            raise ApiError(400, f"Bad property in {request}: {error}") from error
        try:
            check_references(self.schema, declared, values)
        except ValueError as error:
            raise ApiError(400, f"Bad reference in {request}: {error}") from error

    def _stamp(self, new: JsonDict) -> None:
        """Give a new object its uuid, if it has none, and its times."""
        new["uuid"] = new.get("uuid") or identity.new_uuid()
        now = self._clock.now()
        halves = identity.uuid_halves(new["uuid"])
        new["id_perms"] = {**new["id_perms"], "uuid": halves, "created": now, "last_modified": now}

    def _put_new(self, declared: Kind, new: JsonDict) -> JsonDict:
        """Keep of a completed body the fields that the schema has and that are set."""
        stored: JsonDict = {name: new[name] for name in IDENTITY_FIELDS if new.get(name) is not None}
        for name in declared.properties:
            value = collections.kept_value(declared, name, new.get(name))
            if value is not None:
                stored[name] = value
        stored.update(self._links.created(declared, new))
        self._database.put(declared, stored)
        self._writes[stored["uuid"]] += 1
        self._links.mirror(declared, stored["uuid"], {}, stored)
        return stored

    def _apply(self, declared: Kind, stored: JsonDict, changes: JsonDict) -> None:
        """Write checked changes to an object, with the rules of its kind, and note the time."""
        self._links.check_targets(declared, changes, f"update {declared.object_type} {changes}")
        id_perms = identity.updated_id_perms(stored["id_perms"], changes.get("id_perms"))
        changes["id_perms"] = {**id_perms, "last_modified": self._clock.now()}
        if changes.get("perms2"):
            changes["perms2"] = {**stored["perms2"], **changes["perms2"]}
        hooks = self.hooks(declared.name)
        hooks.require_uuids(changes, creating=False)
        with self._database.transaction():
            hooks.before_update(stored, changes)
            self._write(declared, stored, changes)
            hooks.after_update(stored, changes)

    def _write(self, declared: Kind, stored: JsonDict, changes: JsonDict) -> None:
        """Put changes into an object.

        A null clears a property; on one that is not set it is kept as a null. On a map or list property it
        clears, and then is a server error.
        """
        new = dict(stored)
        broken = False
        for name in declared.properties.keys() & changes.keys():
            value = collections.kept_value(declared, name, changes[name])
            broken = broken or (changes[name] is None and name in declared.collections)
            if value is None and (name in new or name in declared.collections):
                new.pop(name, None)
            else:
                new[name] = value
            self._positions.pop((stored["uuid"], name), None)
        for name in declared.references.keys() & changes.keys():
            new[name] = self._links.updated(declared.references[name].kind, changes[name])
            if not new[name]:
                del new[name]
        self._database.put(declared, new)
        self._writes[stored["uuid"]] += 1
        self._links.mirror(declared, stored["uuid"], stored, new)
        if broken:
            raise PartialWriteError(500, "TypeError: 'NoneType' object is not iterable")

    def _entries(self, uuid: str, field: str, value: Any) -> collections.Entries:
        collection = self.kind_of(uuid).collections[field]
        return collections.entries_of(collection, value, self._positions.get((uuid, field)))
