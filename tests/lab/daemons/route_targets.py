# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Automatic route targets: which numbers are theirs, which are taken, which is next."""

from __future__ import annotations

from collections.abc import Iterable

from lab.daemons.objects import JsonDict, ObjectStore, autonomous_system, colons, references

FIRST_NUMBER = 8_000_000  # with a two-byte AS number; a four-byte one leaves room for less
FIRST_NUMBER_4_BYTE = 8_000


class RouteTargets:
    """The route-target objects of the routing instances.

    Keeps every automatic target with its instance for as long as the instance lives, and deletes targets,
    automatic or not, that an instance used and none uses any more.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._used: set[str] = set()

    def automatic(self, instance: JsonDict | None, taken: Iterable[str]) -> str:
        """Return an instance's automatic target: the one it has, or the lowest number that is not `taken`."""
        for reference in references(instance or {}, "route-target"):
            name = colons(reference["to"])
            own = (reference.get("attr") or {}).get("import_export") is None  # a transit network's is exported
            if own and self.is_automatic(name):
                return name
        taken = set(taken)
        number = self._first_number()
        while (name := f"target:{autonomous_system(self._store)}:{number}") in taken:
            number += 1
        return name

    def is_automatic(self, name: str) -> bool:
        """Say whether a target is in the range that the system numbers itself."""
        _target, administrator, number = name.split(":")
        return administrator == str(autonomous_system(self._store)) and int(number) >= self._first_number()

    def ensure(self, name: str) -> bool:
        """Make the object of a target; say whether it had to be made."""
        if self._store.find("route-target", [name]):
            return False
        self._store.create("route-target", {"fq_name": [name]})
        return True

    def collect(self, used: set[str]) -> bool:
        """Delete the targets that were in use the last time and are not now; say whether there were any."""
        unused, self._used = self._used - used, used
        changed = False
        for name in sorted(unused):
            target = self._store.find("route-target", [name])
            if target and not self._store.back_references(target["uuid"], "routing-instance"):
                self._store.delete(target["uuid"])
                changed = True
        return changed

    def _first_number(self) -> int:
        return FIRST_NUMBER if autonomous_system(self._store) < 2**16 else FIRST_NUMBER_4_BYTE
