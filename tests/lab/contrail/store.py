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
import json
import uuid as uuids
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pprint import pformat
from typing import Any, Literal

from lab.contrail import identity
from lab.contrail.database import Database
from lab.contrail.errors import ApiError, PartialWriteError, unknown_id
from lab.contrail.hooks import hooks_of
from lab.contrail.hooks.base import KindHooks
from lab.contrail.hooks.project import check_quota
from lab.contrail.schema import ROOT, JsonDict, Kind, load_schema
from lab.contrail.validation import check_complex, check_properties, check_references

Listener = Callable[[], None]
Operation = Literal["ADD", "DELETE"]

IDENTITY_FIELDS = frozenset({"uuid", "fq_name", "parent_type", "parent_uuid"})
INVALID_NAME_CHARACTERS = {":"}
DEFAULT_CHILDREN = ("namespace", "project", "virtual-network", "network-ipam")
"""Kinds of children that the server deletes along with their parent if they are called `default-<kind>`."""


class Store:
    """All objects of the server, and the rules for writing them.

    Objects are given out as the store holds them: in the shape of an instance read, `*_refs` included,
    children, back references and links not. They are snapshots that nobody may change. Methods that write
    raise `ApiError` when the server would refuse, and then have written nothing (except where the server,
    too, leaves half of it).
    """

    def __init__(self) -> None:
        self.schema = load_schema()
        self.clock = identity.Clock()
        self.agent_values: dict[str, str] = {}
        self.relaxed: set[tuple[str, str]] = set()
        self._database = Database(self.schema)
        self._positions: dict[tuple[str, str], list[str]] = {}
        self._listeners: list[Listener] = []
        self._depth = 0
        self._hooks: dict[str, KindHooks] = {}

    # Reading

    def objects(self, kind: str) -> list[JsonDict]:
        """Return all objects of a kind, ordered by name."""
        return [self._object(uuid) for uuid in self._database.uuids(kind)]

    def all_objects(self) -> list[tuple[str, JsonDict]]:
        """Return all objects with their kinds, oldest first."""
        return [(self.kind_of(uuid).name, self._object(uuid)) for uuid in self._database.all_uuids()]

    def get(self, uuid: str) -> JsonDict | None:
        """Return the object of that uuid, or None."""
        return self._database.get(uuid)

    def find(self, kind: str, fq_name: Iterable[str]) -> JsonDict | None:
        """Return the object of that kind and fully qualified name, or None."""
        uuid = self._database.find(kind, fq_name)
        return None if uuid is None else self._object(uuid)

    def uuid_of(self, kind: str, fq_name: Iterable[str]) -> str | None:
        """Return the uuid of the object of that kind and name, or None."""
        return self._database.find(kind, fq_name)

    def kind_of(self, uuid: str) -> Kind:
        """Return the kind of an object. Raises ApiError 404 if there is none of that uuid."""
        kind = self._database.kind_of(uuid)
        if kind is None:
            raise unknown_id(uuid)
        return kind

    def has(self, uuid: str) -> bool:
        """Say whether there is an object of that uuid."""
        return self._database.get(uuid) is not None

    def children(self, uuid: str, kind: str) -> list[JsonDict]:
        """Return the children of an object that are of a kind, oldest first."""
        return self._database.children(uuid, kind)

    def back_references(self, uuid: str, kind: str) -> list[JsonDict]:
        """Return the objects of a kind that refer to an object."""
        return [referrer for referrer, _ in self._database.referrers(uuid, kind)]

    def referrers(self, uuid: str, kind: str) -> Iterator[tuple[JsonDict, JsonDict]]:
        """Yield the objects of a kind that refer to an object, each with its reference."""
        return self._database.referrers(uuid, kind)

    # Writing

    def create(self, kind: str, body: JsonDict) -> JsonDict:
        """Create an object from the inner part of a create request and return it.

        Raises ApiError 400 for bad values, 404 for a missing parent, 409 for a name or uuid in use, and what
        the kind's own rules refuse.
        """
        declared = self.schema.kind(kind)
        new = copy.deepcopy(body)
        self._check_name(declared, new)
        self._check_values(declared, new, "create")
        self._prepare_identity(declared, new)
        self._prepare_parent(declared, new)
        self._check_targets(declared, new, f"create {new}")
        with self._transaction():
            new["uuid"] = new.get("uuid") or identity.new_uuid()
            self._stamp_new(new)
            hooks = self.hooks(declared.name)
            hooks.before_create(new)
            check_quota(self, declared, new)
            stored = self._shape_new(declared, new)
            self._database.put(declared, stored)
            self._link_back(declared, stored["uuid"], {}, stored)
            hooks.after_create(stored)
        return self._object(stored["uuid"])

    def insert(self, kind: str, body: JsonDict, *, user_visible: bool = True) -> JsonDict:
        """Create an object as the server creates its own: without checks, without the rules of its kind.

        `body` must hold fq_name and, unless parentless, parent_type; the rest is completed.
        """
        declared = self.schema.kind(kind)
        new = copy.deepcopy(body)
        self._prepare_parent(declared, new)
        with self._transaction():
            new["uuid"] = identity.new_uuid()
            new.setdefault("id_perms", identity.default_id_perms(user_visible=user_visible))
            new.setdefault("perms2", identity.default_perms2())
            self._stamp_new(new)
            stored = self._shape_new(declared, new)
            self._database.put(declared, stored)
            self._link_back(declared, stored["uuid"], {}, stored)
        return self._object(stored["uuid"])

    def update(self, uuid: str, body: JsonDict) -> None:
        """Update an object from the inner part of an update request: the named fields change, whole.

        Raises ApiError 404 for an unknown uuid, 400 for bad values, and what the kind's own rules refuse.
        """
        stored, declared = self._read(uuid), self.kind_of(uuid)
        changes = copy.deepcopy(body)
        self._check_values(declared, changes, "http_put")
        self._apply(declared, stored, changes)

    def delete(self, uuid: str) -> None:
        """Delete an object. Raises ApiError 404 if there is none, 409 if it has children or users."""
        if not self.has(uuid):
            raise ApiError(404, f"ID {uuid} does not exist")
        stored, declared = self._object(uuid), self.kind_of(uuid)
        hooks = self.hooks(declared.name)
        with self._transaction():
            hooks.refuse_delete(stored)
            self._check_unused(declared, stored)
            hooks.before_delete(stored)
            self._delete_default_children(declared, stored)
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
        stored, declared = self._read(uuid), self.kind_of(uuid)
        field = f"{self.schema.kind(reference_kind).object_type}_refs"
        references = [
            dict(reference) for reference in stored.get(field, ()) if reference["uuid"] != reference_uuid
        ]
        present = len(references) < len(stored.get(field, ()))
        changes: JsonDict = {}
        if operation == "ADD":
            added = {
                "to": list(self._object(reference_uuid)["fq_name"]),
                "uuid": reference_uuid,
                "attr": attr,
            }
            changes[field] = [*copy.deepcopy(references), copy.deepcopy(added)]
        elif present:
            changes[field] = copy.deepcopy(references)
        self._check_values(declared, changes, "ref-update")
        if field not in declared.references:
            changes.pop(field, None)
        self._apply(declared, stored, changes)

    def update_collection(self, uuid: str, updates: list[JsonDict]) -> None:
        """Change single entries of list and map properties.

        `updates` are as in a prop-collection-update request: field, operation (list: add, modify, delete;
        map: set, delete), value, position. Raises ApiError 404 for an unknown object, 400 for anything that
        does not fit.
        """
        if not self.has(uuid):
            raise ApiError(404, f"Object Not Found: {uuid}")
        stored, declared = self._object(uuid), self.kind_of(uuid)
        for request in updates:
            self._check_collection_request(declared, request)
        changes: JsonDict = {}
        positions: dict[str, list[str]] = {}
        for request in updates:
            field = request["field"]
            entries = self._entries(
                declared, uuid, changes.get(field, stored.get(field)), field, positions.get(field)
            )
            _change_entries(entries, request, declared.collections[field].key)
            changes[field] = {declared.collections[field].wrapper: [entry for _, entry in entries]}
            positions[field] = [position for position, _ in entries]
        self._apply(declared, stored, changes)
        for field, kept in positions.items():
            self._positions[uuid, field] = kept

    def collection_entries(self, uuid: str, field: str) -> list[tuple[str, JsonDict]]:
        """Return the entries of a list or map property with their positions (a map's keys)."""
        return self._entries(self.kind_of(uuid), uuid, self._object(uuid).get(field), field, None)

    def relax_reference(self, uuid: str, reference_uuid: str) -> None:
        """Let a reference no longer hinder the delete of what it refers to. Raises ApiError 404."""
        if not self.has(uuid):
            raise ApiError(404, f"uuid {uuid} not found")
        self.relaxed.add((uuid, reference_uuid))

    def replace(self, uuid: str, changes: JsonDict) -> None:
        """Change fields of an object as the server itself does: unchecked, without the rules of the kind."""
        declared, stored = self.kind_of(uuid), self._object(uuid)
        with self._transaction():
            self._write(declared, stored, changes)

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
            "relaxed": [list(pair) for pair in sorted(self.relaxed)],
            "positions": [[*key, list(value)] for key, value in sorted(self._positions.items())],
            "agent_values": dict(self.agent_values),
        }

    def restore(self, dump: JsonDict) -> None:
        """Take what `dump` returned in place of everything the store holds."""
        self._database = Database(self.schema)
        for kind, stored in dump["objects"]:
            self._database.put(self.schema.kind(kind), copy.deepcopy(stored))
        self._database.commit()
        self.relaxed = {(pair[0], pair[1]) for pair in dump["relaxed"]}
        self._positions = {(uuid, field): list(kept) for uuid, field, kept in dump["positions"]}
        self.agent_values = dict(dump["agent_values"])

    # Parts of create

    def hooks(self, kind: str) -> KindHooks:
        """Return the rules of a kind."""
        if kind not in self._hooks:
            self._hooks[kind] = hooks_of(kind)(self)
        return self._hooks[kind]

    def _check_name(self, declared: Kind, new: JsonDict) -> None:
        if not new.get("fq_name"):
            raise ApiError(400, "Bad Request, no fq_name in POST body")
        invalid = INVALID_NAME_CHARACTERS - set(self.hooks(declared.name).allowed_name_characters)
        if any(character in invalid for character in new["fq_name"][-1]):
            raise ApiError(400, f"Bad Request, name has one of invalid chars {invalid}")

    def _check_values(self, declared: Kind, values: JsonDict, request: str) -> None:
        try:
            check_properties(self.schema, declared, values, creating=request == "create")
        except ValueError as error:
            raise ApiError(400, f"Bad property in {request}: {error}") from error
        try:
            check_references(self.schema, declared, values)
        except ValueError as error:
            raise ApiError(400, f"Bad reference in {request}: {error}") from error

    def _prepare_identity(self, declared: Kind, new: JsonDict) -> None:
        fq_name = new["fq_name"]
        existing = self._database.find(declared.name, fq_name)
        if existing is not None:
            raise ApiError(409, f"{pformat(fq_name)} already exists with uuid: {existing}")
        _check_parent_type(declared, new)
        new["id_perms"] = identity.created_id_perms(new.get("id_perms"))
        new["perms2"] = self._new_perms2(declared, new)
        if new.get("display_name") is None:
            new["display_name"] = fq_name[-1]
        given = new.get("uuid")
        if given and given != str(uuids.UUID(given)):
            raise ApiError(400, f"Invalid UUID format: {given}")
        if given and self.has(given):
            raise ApiError(
                409, f"{given} already exists with fq_name: {pformat(self._object(given)['fq_name'])}"
            )

    def _new_perms2(self, declared: Kind, new: JsonDict) -> JsonDict:
        perms2 = identity.default_perms2(self._owner(declared, new))
        if isinstance(new.get("perms2"), dict):
            perms2.update(new["perms2"])
        return perms2

    def _owner(self, declared: Kind, new: JsonDict) -> str:
        """Return the owner of a new object: what it says, else its parent's, else the cloud administrator."""
        if declared.name == "project" and new.get("uuid"):
            return str(new["uuid"]).replace("-", "")
        if isinstance(new.get("perms2"), dict) and new["perms2"].get("owner"):
            return str(new["perms2"]["owner"])
        parent_name = new["fq_name"][:-1]
        if not parent_name:
            return identity.OWNER
        parent_type = new.get("parent_type") or self._only_parent(declared)
        if parent_type == "domain":
            return identity.OWNER
        parent = self.find(parent_type, parent_name)
        if parent is None:
            raise ApiError(404, f"Name{pformat(parent_name)} not found")
        return str(parent["perms2"]["owner"])

    @staticmethod
    def _only_parent(declared: Kind) -> str:
        if len(declared.parents) != 1:
            raise ApiError(
                400,
                f"Ambiguous parent to ensure permissiosn of {declared.object_type}, "
                f"please choose one parent type: {pformat(list(declared.parents))}",
            )
        return declared.parents[0]

    def _prepare_parent(self, declared: Kind, new: JsonDict) -> None:
        """Resolve the parent, if the request names its kind. Without that the object has no parent at all."""
        new.pop("parent_uuid", None)
        if new.get("parent_type") in (None, ROOT):
            new.pop("parent_type", None)
            return
        parent_type = self.schema.kind(new["parent_type"]).name
        parent_uuid = self._database.find(parent_type, new["fq_name"][:-1])
        if parent_uuid is None:
            raise ApiError(400, f"Parent {pformat(new['fq_name'][:-1])} type {parent_type} does not exist")
        new["parent_uuid"] = parent_uuid

    def _check_targets(self, declared: Kind, values: JsonDict, request: str) -> None:
        """Refuse references by name to what does not exist; those by uuid are not looked at."""
        for field, reference_type in declared.references.items():
            for reference in values.get(field) or ():
                if "uuid" in reference:
                    continue
                if self._database.find(reference_type.kind, reference["to"]) is None:
                    raise ApiError(400, f"Unknown reference in resource {request}.")

    def _stamp_new(self, new: JsonDict) -> None:
        now = self.clock.now()
        new["id_perms"] = {
            **new["id_perms"],
            "uuid": identity.uuid_halves(new["uuid"]),
            "created": now,
            "last_modified": now,
        }

    def _shape_new(self, declared: Kind, new: JsonDict) -> JsonDict:
        """Return the object that a completed create request makes.

        Known fields alone, and those that are set.
        """
        shaped = {name: new[name] for name in IDENTITY_FIELDS if new.get(name) is not None}
        for name in declared.properties:
            value = self._kept_value(declared, name, new.get(name))
            if value is not None:
                shaped[name] = value
        for name, reference_type in declared.references.items():
            references = [self._named(reference_type.kind, reference) for reference in new.get(name) or ()]
            if references:
                shaped[name] = _last_of_each(references)
        return shaped

    def _named(self, kind: str, reference: JsonDict) -> JsonDict:
        """Return a reference of a create request in full; its name counts, not its uuid."""
        if "to" not in reference:
            raise ApiError(500, "KeyError: 'to'")
        uuid = self._database.find(kind, reference["to"])
        if uuid is None:
            raise ApiError(500, f"vnc_api.exceptions.NoIdError: Unknown id: {reference['to']}")
        return self._full(uuid, reference)

    def _full(self, uuid: str, reference: JsonDict) -> JsonDict:
        return {"to": list(self._object(uuid)["fq_name"]), "attr": reference.get("attr"), "uuid": uuid}

    @staticmethod
    def _kept_value(declared: Kind, name: str, value: Any) -> Any:
        """Return a property as it is kept.

        Maps are ordered by key, empty maps and lists are not kept at all.
        """
        if value is None or name not in declared.collections:
            return value
        collection = declared.collections[name]
        entries = value.get(collection.wrapper) or []
        if collection.key is not None:
            by_key = {entry[collection.key]: entry for entry in entries}
            entries = [by_key[key] for key in sorted(by_key, key=str)]
        return {collection.wrapper: entries} if entries else None

    # Parts of update

    def _read(self, uuid: str) -> JsonDict:
        stored = self._database.get(uuid)
        if stored is None:
            raise unknown_id(uuid)
        return stored

    def _object(self, uuid: str) -> JsonDict:
        stored = self._database.get(uuid)
        assert stored is not None
        return stored

    def _apply(self, declared: Kind, stored: JsonDict, changes: JsonDict) -> None:
        """Write checked changes to an object, with the rules of its kind, and note the time."""
        self._check_targets(declared, changes, f"update {declared.object_type} {changes}")
        id_perms = identity.updated_id_perms(stored["id_perms"], changes.get("id_perms"))
        changes["id_perms"] = {**id_perms, "last_modified": self.clock.now()}
        if changes.get("perms2"):
            changes["perms2"] = {**stored["perms2"], **changes["perms2"]}
        with self._transaction():
            hooks = self.hooks(declared.name)
            hooks.before_update(stored, changes)
            self._write(declared, stored, changes)
            hooks.after_update(stored, changes)

    def _write(self, declared: Kind, stored: JsonDict, changes: JsonDict) -> None:
        new = dict(stored)
        emptied = None
        for name in declared.properties.keys() & changes.keys():
            value = self._kept_value(declared, name, changes[name])
            if changes[name] is None and name in declared.collections:
                emptied = name
            if value is None and (name in new or name in declared.collections):
                new.pop(name, None)
            else:
                new[name] = value
            self._positions.pop((stored["uuid"], name), None)
        for name in declared.references.keys() & changes.keys():
            new[name] = self._resolved(declared.references[name].kind, changes[name])
            if not new[name]:
                del new[name]
        self._database.put(declared, new)
        self._link_back(declared, stored["uuid"], stored, new)
        if emptied is not None:
            raise PartialWriteError(500, "TypeError: 'NoneType' object is not iterable")

    def _resolved(self, kind: str, references: list[JsonDict]) -> list[JsonDict]:
        """Return the references of an update request in full; a name counts more than a uuid."""
        full = []
        for reference in references:
            uuid = self._database.find(kind, reference["to"]) if "to" in reference else reference["uuid"]
            if uuid is None or not self.has(uuid):
                raise unknown_id(reference.get("uuid"))
            full.append(self._full(uuid, reference))
        return _last_of_each(full)

    def _link_back(self, declared: Kind, uuid: str, before: JsonDict, after: JsonDict) -> None:
        """Keep references between objects of one kind symmetric.

        What one side gains or loses, so does the other.
        """
        for name, reference_type in declared.references.items():
            if reference_type.kind != declared.name:
                continue
            old = {reference["uuid"] for reference in before.get(name, ())}
            new = {reference["uuid"]: reference for reference in after.get(name, ())}
            for target in old - new.keys() - {uuid}:
                self._set_back_link(declared, name, target, uuid, None)
            for target, reference in new.items():
                if target != uuid:
                    self._set_back_link(declared, name, target, uuid, self._full(uuid, reference))

    def _set_back_link(
        self, declared: Kind, field: str, target: str, uuid: str, link: JsonDict | None
    ) -> None:
        stored = self._database.get(target)
        if stored is None:
            return
        links = [reference for reference in stored.get(field, ()) if reference["uuid"] != uuid]
        changed = {**stored, field: [*links, link] if link else links}
        if not changed[field]:
            del changed[field]
        if changed != stored:
            changed["id_perms"] = {**stored["id_perms"], "last_modified": self.clock.now()}
            self._database.put(declared, changed)

    def _check_collection_request(self, declared: Kind, request: JsonDict) -> None:
        field, operation = str(request.get("field")), str(request.get("operation")).lower()
        if field not in declared.collections:
            raise ApiError(400, f'{field} neither "ListProperty" nor "MapProperty"')
        collection = declared.collections[field]
        value = request.get("value")
        try:
            check_complex(self.schema, self.schema.types[collection.entry_type], value)
        except ValueError as error:
            raise ApiError(400, str(error)) from error
        allowed = ("add", "modify", "delete") if collection.key is None else ("set", "delete")
        if operation not in allowed:
            raise ApiError(400, f"Unsupported operation {operation} in request {json.dumps(request)}")

    def _entries(
        self, declared: Kind, uuid: str, value: Any, field: str, positions: list[str] | None
    ) -> list[tuple[str, JsonDict]]:
        collection = declared.collections[field]
        entries = copy.deepcopy((value or {}).get(collection.wrapper) or [])
        if collection.key is not None:
            return [(entry[collection.key], entry) for entry in entries]
        kept = (
            positions or self._positions.get((uuid, field)) or [str(number) for number in range(len(entries))]
        )
        return list(zip(kept, entries, strict=True))

    # Parts of delete

    def _check_unused(self, declared: Kind, stored: JsonDict) -> None:
        uuid = stored["uuid"]
        for children in declared.children.values():
            if children.derived:
                continue
            present = [
                (children.kind, child["uuid"])
                for child in self.children(uuid, children.kind)
                if child["fq_name"][-1] != f"default-{children.kind}"
            ]
            if present:
                raise InUseError("Delete when children still present", present)
        for back_reference in declared.back_references.values():
            if back_reference.derived:
                continue
            present = [
                (back_reference.kind, referrer["uuid"])
                for referrer, _ in self.referrers(uuid, back_reference.kind)
                if (referrer["uuid"], uuid) not in self.relaxed
            ]
            if present:
                raise InUseError("Delete when resource still referred", list(dict.fromkeys(present)))

    def _delete_default_children(self, declared: Kind, stored: JsonDict) -> None:
        for children in declared.children.values():
            if children.derived or children.kind not in DEFAULT_CHILDREN:
                continue
            for child in self.children(stored["uuid"], children.kind):
                if child["fq_name"][-1] == f"default-{children.kind}":
                    self.delete(child["uuid"])

    def drop(self, uuid: str) -> None:
        """Remove an object together with all references to it, unasked; its children stay behind."""
        declared, stored = self.kind_of(uuid), self._object(uuid)
        self._link_back(declared, uuid, stored, {})
        for back_reference in [*declared.back_references.values()]:
            for referrer in self.back_references(uuid, back_reference.kind):
                self._forget_target(self.kind_of(referrer["uuid"]), referrer["uuid"], uuid)
        self._database.remove(uuid)
        self.relaxed = {pair for pair in self.relaxed if uuid not in pair}
        self._positions = {key: kept for key, kept in self._positions.items() if key[0] != uuid}

    def _forget_target(self, declared: Kind, referrer: str, uuid: str) -> None:
        changed = dict(self._object(referrer))
        for name in declared.references.keys() & changed.keys():
            changed[name] = [reference for reference in changed[name] if reference["uuid"] != uuid]
            if not changed[name]:
                del changed[name]
        self._database.put(declared, changed)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Take back all writes of the outermost request if it is refused."""
        self._depth += 1
        try:
            yield
        except PartialWriteError:
            if self._depth == 1:
                self._database.commit()
            raise
        except BaseException:
            if self._depth == 1:
                self._database.rollback()
            raise
        else:
            if self._depth == 1:
                self._database.commit()
        finally:
            self._depth -= 1


class InUseError(ApiError):
    """A delete refused because of other objects.

    `users` are their kinds and uuids, which clients see as links.
    """

    def __init__(self, reason: str, users: list[tuple[str, str]]) -> None:
        super().__init__(409, f"{reason}: {[f'/{kind}/{uuid}' for kind, uuid in users]}")
        self.reason = reason
        self.users = users


def _check_parent_type(declared: Kind, new: JsonDict) -> None:
    parent_type, fq_name = new.get("parent_type"), new["fq_name"]
    allowed = list(declared.parents)
    if parent_type:
        if parent_type not in allowed:
            raise ApiError(400, f"Invalid parent type: {parent_type}. Allowed types: {allowed}")
    elif len(allowed) > 1 and ROOT not in allowed:
        raise ApiError(400, f"Missing parent type: {parent_type}. Allowed types: {allowed}")
    elif len(allowed) == 1:
        parent_type = allowed[0]
    if parent_type in (ROOT, None):
        if len(fq_name) != 1:
            raise ApiError(400, f"Invalid fq-name of an object with no parent: {fq_name}")
    elif len(fq_name) < 2:
        raise ApiError(400, f"Invalid fq-name for object with parent_type {parent_type}: {fq_name}")


def _last_of_each(references: list[JsonDict]) -> list[JsonDict]:
    """Return references without repeated targets; of the repeated, the last counts."""
    return list({reference["uuid"]: reference for reference in references}.values())


def _change_entries(entries: list[tuple[str, JsonDict]], request: JsonDict, key: str | None) -> None:
    """Carry out one update of a collection on its entries, pairs of position and value."""
    operation, value = str(request["operation"]).lower(), request.get("value")
    position = str(request.get("position"))
    if value is not None and operation == "add":
        entries.append((identity.new_uuid(), value))
        return
    if value is not None and operation == "set" and key is not None:
        position = value[key]
    kept = [(at, entry) for at, entry in entries if at != position]
    if operation != "delete" and value is not None:
        kept.append((position, value))
    entries[:] = kept
