# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of the server's objects, and what has still to be read."""

from __future__ import annotations

from collections.abc import Mapping

from ..codec.scope import Json
from ..codec.values import FqName
from ..kinds.config import Key, Query

Listing = tuple[str, str]
"""All objects of a kind, with one of their properties."""


class Snapshot:
    """The facts about the server's objects.

    ``look`` answers with the stored object or ``None``, ``find`` with the objects that hold a value, ``everything``
    with all of a kind. What was asked for and never read is in ``unread``, ``unasked`` and ``unlisted``, so that the
    caller reads it and plans again.
    """

    def __init__(self) -> None:
        self._objects: dict[Key, Json] = {}
        self._found: dict[Query, list[Json]] = {}
        self._listed: dict[Listing, list[Json]] = {}
        self.unread: set[Key] = set()
        self.unasked: set[Query] = set()
        self.unlisted: set[Listing] = set()

    @property
    def complete(self) -> bool:
        """Return whether everything that was asked for has been read."""
        return not self.unread and not self.unasked and not self.unlisted

    def look(self, kind: str, fq_name: FqName) -> Json:
        """Return the stored object, ``None`` where there is none or it was not read yet."""
        key = (kind, tuple(fq_name))
        if key not in self._objects:
            self.unread.add(key)
            return None
        return self._objects[key]

    def find(self, query: Query) -> list[Json]:
        """Return the objects of a kind with a value in a field, none while they were not read yet."""
        if query not in self._found:
            self.unasked.add(query)
            return []
        return self._found[query]

    def everything(self, kind: str, property_: str) -> list[Json]:
        """Return all objects of a kind with one of their properties, none while they were not read yet."""
        listing = (kind, property_)
        if listing not in self._listed:
            self.unlisted.add(listing)
            return []
        return self._listed[listing]

    def knows(self, key: Key) -> bool:
        """Tell whether an object was read, be it there or not."""
        return key in self._objects

    def add(self, objects: Mapping[Key, Json]) -> None:
        """Take in what was read; ``None`` says that there is no such object."""
        self._objects.update(objects)
        self.unread -= set(objects)

    def add_found(self, found: Mapping[Query, list[Json]]) -> None:
        """Take in what was found."""
        self._found.update(found)
        self.unasked -= set(found)

    def add_listed(self, listed: Mapping[Listing, list[Json]]) -> None:
        """Take in what was listed."""
        self._listed.update(listed)
        self.unlisted -= set(listed)

    def add_nothing(self) -> None:
        """Take in that there is nothing of all that was asked for."""
        self.add(dict.fromkeys(self.unread))
        self.add_found({query: [] for query in self.unasked})
        self.add_listed({listing: [] for listing in self.unlisted})
