# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects and the indexes over them, without any rule of the server.

Objects are mappings in the shape of an instance read with its references, without children, back references
and links. They are replaced on a write and never changed in place, so whoever holds one holds a snapshot.
Every change is noted until `commit`, and `rollback` takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lab.contrail.schema import JsonDict, Kind, Schema


class Database:
    """All objects by uuid, by kind and name, by parent and by what they refer to."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._objects: dict[str, JsonDict] = {}
        self._kinds: dict[str, Kind] = {}
        self._names: dict[str, dict[str, str]] = {}
        self._children: dict[str, dict[str, None]] = {}
        self._referrers: dict[str, dict[str, None]] = {}
        self._journal: list[tuple[str, JsonDict | None, Kind]] = []

    def __len__(self) -> int:
        return len(self._objects)

    def get(self, uuid: str) -> JsonDict | None:
        """Return the object of that uuid, or None."""
        return self._objects.get(uuid)

    def kind_of(self, uuid: str) -> Kind | None:
        """Return the kind of the object of that uuid, or None."""
        return self._kinds.get(uuid)

    def find(self, kind: str, fq_name: Iterable[str]) -> str | None:
        """Return the uuid of the object of that kind (with dashes) and name, or None.

        Elements may be split at colons.
        """
        return self._names.get(kind, {}).get(":".join(fq_name))

    def uuids(self, kind: str) -> list[str]:
        """Return the uuids of all objects of a kind, ordered by name as the server lists them."""
        names = self._names.get(kind, {})
        return [names[name] for name in sorted(names)]

    def all_uuids(self) -> list[str]:
        """Return all uuids, oldest object first."""
        return list(self._objects)

    def children(self, uuid: str, kind: str) -> list[JsonDict]:
        """Return the children of an object that are of a kind, oldest first."""
        return [
            self._objects[child] for child in self._children.get(uuid, ()) if self._kinds[child].name == kind
        ]

    def referrers(self, uuid: str, kind: str) -> Iterator[tuple[JsonDict, JsonDict]]:
        """Yield each object of a kind that refers to an object, with that reference."""
        for referrer in self._referrers.get(uuid, ()):
            if self._kinds[referrer].name != kind:
                continue
            found = self._objects[referrer]
            for field in self._kinds[referrer].references:
                for reference in found.get(field, ()):
                    if reference["uuid"] == uuid:
                        yield found, reference

    def put(self, kind: Kind, stored: JsonDict) -> None:
        """Insert an object, or replace the one of the same uuid."""
        uuid = stored["uuid"]
        self._journal.append((uuid, self._objects.get(uuid), kind))
        self._put(kind, stored)

    def remove(self, uuid: str) -> None:
        """Remove an object."""
        self._journal.append((uuid, self._objects[uuid], self._kinds[uuid]))
        self._remove(uuid)

    def commit(self) -> None:
        """Keep what was changed."""
        self._journal.clear()

    def rollback(self) -> None:
        """Take back what was changed since the last commit."""
        for uuid, before, kind in reversed(self._journal):
            if before is None:
                self._remove(uuid)
            else:
                self._put(kind, before)
        self._journal.clear()

    def _put(self, kind: Kind, stored: JsonDict) -> None:
        uuid = stored["uuid"]
        before = self._objects.get(uuid)
        if before is not None:
            self._forget_references(kind, before)
        self._objects[uuid] = stored
        self._kinds[uuid] = kind
        self._names.setdefault(kind.name, {})[":".join(stored["fq_name"])] = uuid
        if stored.get("parent_uuid"):
            self._children.setdefault(stored["parent_uuid"], {})[uuid] = None
        for target in self._targets(kind, stored):
            self._referrers.setdefault(target, {})[uuid] = None

    def _remove(self, uuid: str) -> None:
        stored, kind = self._objects.pop(uuid), self._kinds.pop(uuid)
        del self._names[kind.name][":".join(stored["fq_name"])]
        self._children.get(stored.get("parent_uuid") or "", {}).pop(uuid, None)
        self._forget_references(kind, stored)

    def _forget_references(self, kind: Kind, stored: JsonDict) -> None:
        for target in self._targets(kind, stored):
            self._referrers[target].pop(stored["uuid"], None)

    def _targets(self, kind: Kind, stored: JsonDict) -> set[str]:
        return {reference["uuid"] for field in kind.references for reference in stored.get(field, ())}
