# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for objects of one kind beyond what it does for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.contrail.errors import ApiError
from lab.contrail.schema import JsonDict

if TYPE_CHECKING:
    from lab.contrail.store import Store


class KindHooks:
    """Does nothing; a kind with behaviour of its own has a subclass.

    Hooks refuse by raising `ApiError`; whatever the request has written by then is taken back. `new` and
    `changes` are the server's own copies of what was sent, checked against the schema, and may be changed;
    `stored` may not.
    """

    allowed_name_characters = ""
    """Characters that names of this kind may hold although names otherwise may not."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def refuse_delete(self, stored: JsonDict) -> None:
        """Refuse a delete before children and back references are looked at."""

    def looked_up(self, values: JsonDict, *, creating: bool) -> tuple[str, ...]:
        """Return the reference fields of a request whose targets the server reads by the uuid that is sent."""
        return ()

    def require_uuids(self, values: JsonDict, *, creating: bool) -> None:
        """Refuse a reference without uuid where the server looks up its target by that. Raises ApiError 500."""
        for field in self.looked_up(values, creating=creating):
            if any("uuid" not in reference for reference in values.get(field) or ()):
                raise server_error("KeyError: 'uuid'")

    def before_create(self, new: JsonDict) -> None:
        """Check and complete a new object.

        It has its uuid, parent and permissions, its references may lack uuids.
        """

    def after_create(self, new: JsonDict) -> None:
        """Do what follows on a create. Faults here are not the client's to see."""

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Check and complete an update; `changes` holds the named fields, references as whole lists."""

    def after_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Do what follows on an update; `stored` is the object as it was before."""

    def before_read(self, stored: JsonDict) -> None:
        """Do what the server does when an object is read by its uuid."""

    def before_delete(self, stored: JsonDict) -> None:
        """Check a delete, and clean up what would hinder it."""

    def after_delete(self, stored: JsonDict) -> None:
        """Do what follows on a delete."""

    def target(self, reference: JsonDict, kind: str) -> JsonDict:
        """Return the object a reference of a request means.

        A uuid counts more than a name here. Raises ApiError 500 as the server does if there is no such
        object.
        """
        if "to" not in reference and "uuid" not in reference:
            raise server_error("KeyError: 'to'")
        uuid = reference.get("uuid") or self.store.uuid_of(kind, reference["to"])
        found = self.store.get(uuid) if uuid else None
        if found is None:
            raise server_error(f"vnc_api.exceptions.NoIdError: Unknown id: {uuid}")
        return found


def merged(stored: JsonDict, changes: JsonDict) -> JsonDict:
    """Return an object as it will be after an update."""
    return {**stored, **changes}


def server_error(text: str) -> ApiError:
    """Return a server error with the last line of the server's traceback as text."""
    return ApiError(500, text)
