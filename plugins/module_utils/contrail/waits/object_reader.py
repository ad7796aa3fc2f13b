# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a look reads, in one listing of each kind and none where the task has just read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..api.client import ApiClient
from ..codec.codec import get_path
from ..codec.scope import Json
from ..codec.values import FqName
from ..kinds.config import Key
from ..plan.snapshot import Snapshot


class ObjectReader:
    """Reads objects for a look: those that the task has read itself, until it looks again, then from the server.

    ``known`` is what the task has read, by kind with ``fields``; give it only where the task has written nothing since.
    """

    def __init__(
        self, client: ApiClient, known: Snapshot | None = None, fields: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._client = client
        self._known = known
        self._fields = fields or {}

    def read(self, needs: Iterable[Key], fields: Mapping[str, Sequence[str]]) -> dict[Key, Json]:
        """Read objects by kind and name, ``fields`` of each kind; ``None`` for those that do not exist."""
        wanted = set(needs)
        known = {key: self._known.look(*key) for key in wanted if self._knows(key, fields)} if self._known else {}
        left = wanted - set(known)
        return {**known, **(self._client.read(left, fields) if left else {})}

    def _knows(self, key: Key, fields: Mapping[str, Sequence[str]]) -> bool:
        read = self._fields.get(key[0], ())
        return self._known is not None and self._known.knows(key) and set(fields.get(key[0], ())) <= set(read)

    def again(self) -> None:
        """Read everything from the server from now on."""
        self._known = None


def names_in(stored: Json, api: str) -> list[FqName]:
    """Return the names that a list of references, or of children, of a stored object holds."""
    return [tuple(reference["to"]) for reference in get_path(stored, [api]) or []]


def by_name(objects: Mapping[Key, Json]) -> dict[FqName, Json]:
    """Return objects of one kind by their names."""
    return {key[1]: stored for key, stored in objects.items()}
