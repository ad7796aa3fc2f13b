# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects and the indexes over them, without any rule of the server.

Objects are mappings in the shape of an instance read with its references, without children, back references
and links. They are replaced on a write and never changed in place, so whoever holds one holds a snapshot.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from lab.contrail.errors import PartialWriteError, unknown_id
from lab.contrail.schema import JsonDict, Kind


class Database:
    """All objects by uuid, by kind and name, by parent and by what they refer to."""

    def __init__(self) -> None:
        self._objects: dict[str, JsonDict] = {}
        self._kinds: dict[str, Kind] = {}
        self._uuids: dict[str, dict[str, str]] = {}
        self._names: dict[str, list[str]] = {}
        self._children: dict[str, dict[str, None]] = {}
        self._referrers: dict[str, dict[str, None]] = {}
        self._journal: list[tuple[str, JsonDict | None, Kind]] = []
        self._depth = 0

    def get(self, uuid: str) -> JsonDict | None:
        """Return the object of that uuid, or None."""
        return self._objects.get(uuid)

    def read(self, uuid: str) -> JsonDict:
        """Return the object of that uuid. Raises ApiError 404 if there is none."""
        if uuid not in self._objects:
            raise unknown_id(uuid)
        return self._objects[uuid]

    def kind_of(self, uuid: str) -> Kind:
        """Return the kind of the object of that uuid. Raises ApiError 404 if there is none."""
        if uuid not in self._kinds:
            raise unknown_id(uuid)
        return self._kinds[uuid]

    def find(self, kind: str, fq_name: Iterable[str]) -> str | None:
        """Return the uuid of the object of that kind (with dashes) and name, or None.

        Elements of the name may be split at colons, or not.
        """
        return self._uuids.get(kind, {}).get(":".join(fq_name))

    def uuids(self, kind: str) -> list[str]:
        """Return the uuids of all objects of a kind, ordered by name as the server lists them."""
        return [self._uuids[kind][name] for name in self._names.get(kind, ())]

    def count(self, kind: str) -> int:
        """Return how many objects of a kind there are."""
        return len(self._names.get(kind, ()))

    def all_uuids(self) -> list[str]:
        """Return all uuids, oldest object first."""
        return list(self._objects)

    def children(self, uuid: str, kind: str) -> list[JsonDict]:
        """Return the children of an object that are of a kind, oldest first."""
        uuids = self._children.get(uuid, ())
        return [self._objects[child] for child in uuids if self._kinds[child].name == kind]

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

    def all_referrers(self, uuid: str) -> list[str]:
        """Return the uuids of all objects that refer to an object."""
        return list(self._referrers.get(uuid, ()))

    def put(self, kind: Kind, stored: JsonDict) -> None:
        """Insert an object, or replace the one of the same uuid."""
        self._note(stored["uuid"], kind)
        self._put(kind, stored)

    def remove(self, uuid: str) -> None:
        """Remove an object; its children stay."""
        self._note(uuid, self._kinds[uuid])
        self._remove(uuid)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Take back all writes since the outermost transaction began if it is left by an exception."""
        self._depth += 1
        try:
            yield
        except PartialWriteError:
            raise
        except BaseException:
            if self._depth == 1:
                self._roll_back()
            raise
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._journal.clear()

    def _note(self, uuid: str, kind: Kind) -> None:
        if self._depth:
            self._journal.append((uuid, self._objects.get(uuid), kind))

    def _roll_back(self) -> None:
        for uuid, before, kind in reversed(self._journal):
            if before is not None:
                self._put(kind, before)
            elif uuid in self._objects:
                self._remove(uuid)

    def _put(self, kind: Kind, stored: JsonDict) -> None:
        uuid, name = stored["uuid"], ":".join(stored["fq_name"])
        before = self._objects.get(uuid)
        if before is None:
            self._uuids.setdefault(kind.name, {})[name] = uuid
            insort(self._names.setdefault(kind.name, []), name)
        else:
            self._forget_references(kind, before)
        self._objects[uuid] = stored
        self._kinds[uuid] = kind
        if stored.get("parent_uuid"):
            self._children.setdefault(stored["parent_uuid"], {})[uuid] = None
        for target in _targets(kind, stored):
            self._referrers.setdefault(target, {})[uuid] = None

    def _remove(self, uuid: str) -> None:
        stored, kind = self._objects.pop(uuid), self._kinds.pop(uuid)
        name = ":".join(stored["fq_name"])
        del self._uuids[kind.name][name]
        self._names[kind.name].remove(name)
        self._children.get(stored.get("parent_uuid") or "", {}).pop(uuid, None)
        self._forget_references(kind, stored)

    def _forget_references(self, kind: Kind, stored: JsonDict) -> None:
        for target in _targets(kind, stored):
            self._referrers[target].pop(stored["uuid"], None)


def _targets(kind: Kind, stored: JsonDict) -> set[str]:
    return {reference["uuid"] for field in kind.references for reference in stored.get(field, ())}
