# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan is made of: actions in levels, and what becomes of each object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..codec.errors import InvalidValueError
from ..codec.scope import Json, Reference, Value
from ..codec.values import FqName, joined

FREE, CREATE, UPDATE, ATTACH, DETACH, CLEAR, DELETE = 0, 10, 20, 30, 40, 50, 60
"""First level of each kind of action: ``FREE`` gives up what can be there once, ``CLEAR`` updates what left."""


HIGHEST_RANK = 9
"""Of all entities; a level of each kind of action for each rank."""


@dataclass(frozen=True)
class Action:
    """One write.

    ``payload`` depends on the verb: ``create`` the object, ``update`` the properties that change,
    ``annotate`` ``{"field", "set": {...}, "delete": [...]}``, ``attach`` and ``detach`` ``{"kind", "name",
    "attr"}`` of the reference, ``delete`` nothing.
    """

    level: int
    verb: str
    kind: str
    fq_name: FqName
    uuid: str
    payload: Json = None


@dataclass(frozen=True)
class Change:
    """The change of one object: ``action`` is created, updated, deleted, unchanged or kept."""

    kind: str
    fq_name: FqName
    uuid: str
    action: str
    before: Mapping[str, Value] = field(default_factory=dict)
    after: Mapping[str, Value] = field(default_factory=dict)


@dataclass
class Plan:
    """Actions in the order of their levels, changes in the order of the configuration, and what is wrong."""

    actions: list[Action] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    faults: list[InvalidValueError] = field(default_factory=list)
    missing: list[Reference] = field(default_factory=list)

    def levels(self) -> list[list[Action]]:
        """Return the actions grouped by level, in order."""
        numbers = sorted({action.level for action in self.actions})
        return [[action for action in self.actions if action.level == number] for number in numbers]


def changes_by_object(changes: Sequence[Change]) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return before and after of all objects that change, by ``kind name``; one that is not there is null."""
    before: dict[str, Value] = {}
    after: dict[str, Value] = {}
    for change in changes:
        if change.action in {"created", "updated", "deleted"}:
            name = f"{change.kind} {joined(change.fq_name)}"
            before[name] = None if change.action == "created" else dict(change.before)
            after[name] = None if change.action == "deleted" else dict(change.after)
    return before, after
