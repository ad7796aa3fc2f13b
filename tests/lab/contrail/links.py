# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References between objects: how requests name them, and how they are kept."""

from __future__ import annotations

from lab.contrail.database import Database
from lab.contrail.errors import ApiError, unknown_id
from lab.contrail.identity import Clock
from lab.contrail.schema import JsonDict, Kind


class Links:
    """Resolves references of requests, keeps those between objects of one kind symmetric, and drops them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def check_targets(self, declared: Kind, values: JsonDict, request: str) -> None:
        """Refuse references by name to what does not exist (400); those by uuid are not looked at."""
        for field, reference_type in declared.references.items():
            for reference in values.get(field) or ():
                if "uuid" in reference:
                    continue
                if self._database.find(reference_type.kind, reference["to"]) is None:
                    raise ApiError(400, f"Unknown reference in resource {request}.")

    def created(self, declared: Kind, new: JsonDict) -> JsonDict:
        """Return the references of a create request in full, by field; names count, not uuids."""
        found = {}
        for field, reference_type in declared.references.items():
            references = [self._named(reference_type.kind, reference) for reference in new.get(field) or ()]
            if references:
                found[field] = _last_of_each(references)
        return found

    def updated(self, kind: str, references: list[JsonDict]) -> list[JsonDict]:
        """Return the references to a kind of an update request in full; a name counts more than a uuid."""
        full = []
        for reference in references:
            named = "to" in reference
            uuid = self._database.find(kind, reference["to"]) if named else reference["uuid"]
            if uuid is None or self._database.get(uuid) is None:
                raise unknown_id(reference.get("uuid"))
            full.append(self.full(uuid, reference.get("attr")))
        return _last_of_each(full)

    def full(self, uuid: str, attribute: object) -> JsonDict:
        """Return a reference as it is kept."""
        return {"to": list(self._database.read(uuid)["fq_name"]), "attr": attribute, "uuid": uuid}

    def mirror(self, declared: Kind, uuid: str, before: JsonDict, after: JsonDict) -> None:
        """Do on the other side what changed between `before` and `after` in references to the own kind."""
        for field, reference_type in declared.references.items():
            if reference_type.kind != declared.name:
                continue
            old = {reference["uuid"] for reference in before.get(field, ())}
            new = {reference["uuid"]: reference["attr"] for reference in after.get(field, ())}
            for target in old - new.keys() - {uuid}:
                self._set_mirrored(declared, field, target, uuid, None)
            for target in new.keys() - {uuid}:
                self._set_mirrored(declared, field, target, uuid, self.full(uuid, new[target]))

    def forget(self, uuid: str) -> None:
        """Remove all references to an object."""
        for referrer in self._database.all_referrers(uuid):
            declared, changed = self._database.kind_of(referrer), dict(self._database.read(referrer))
            for field in declared.references.keys() & changed.keys():
                changed[field] = [reference for reference in changed[field] if reference["uuid"] != uuid]
                if not changed[field]:
                    del changed[field]
            self._database.put(declared, changed)

    def _named(self, kind: str, reference: JsonDict) -> JsonDict:
        if "to" not in reference:
            raise ApiError(500, "KeyError: 'to'")
        uuid = self._database.find(kind, reference["to"])
        if uuid is None:
            raise ApiError(500, f"vnc_api.exceptions.NoIdError: Unknown id: {reference['to']}")
        return self.full(uuid, reference.get("attr"))

    def _set_mirrored(self, declared: Kind, field: str, target: str, uuid: str, link: JsonDict | None) -> None:
        stored = self._database.get(target)
        if stored is None:
            return
        links = [reference for reference in stored.get(field, ()) if reference["uuid"] != uuid]
        changed = {**stored, field: [*links, link] if link else links}
        if not changed[field]:
            del changed[field]
        if changed != stored:
            changed["id_perms"] = {**stored["id_perms"], "last_modified": self._clock.now()}
            self._database.put(declared, changed)


def _last_of_each(references: list[JsonDict]) -> list[JsonDict]:
    """Return references without repeated targets; of the repeated, the last counts."""
    return list({reference["uuid"]: reference for reference in references}.values())
