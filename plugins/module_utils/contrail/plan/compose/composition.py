# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What composing items results in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...codec.codec import get_path
from ...codec.errors import InvalidValueError
from ...codec.scope import Json, Value
from ...codec.values import FqName, joined
from ...kinds.entity import Entity
from ..desired import DesiredObject


@dataclass(frozen=True)
class FailedSearch:
    """Something that was searched for by a text and is not there.

    ``message`` says so; the texts in ``fields`` of the objects of ``kind`` are what it could have been,
    with ``network`` only of those in that network.
    """

    path: str
    message: str
    text: str
    kind: str
    fields: tuple[str, ...]
    network: str = ""


@dataclass
class Composition:
    """The objects that a task is about, what is wrong with the items or may be, and what could not be found."""

    wants: list[DesiredObject] = field(default_factory=list)
    faults: list[InvalidValueError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unfound: list[FailedSearch] = field(default_factory=list)

    def fault(self, path: str, message: str) -> None:
        """Note what is wrong at a place of the configuration."""
        self.faults.append(InvalidValueError(path, message))


def targets(stored: Json, api: str) -> list[FqName]:
    """Return the names in a stored list of references, back-references or children."""
    return [tuple(reference["to"]) for reference in get_path(stored, [api]) or []]


def dropped(entity: Entity, names: Iterable[FqName], path: str, option: str, target: FqName) -> list[DesiredObject]:
    """Return objects that others own, without their reference to a target."""
    drops = {option: frozenset({joined(target)})}
    return [DesiredObject(entity, name, path, "existing", drops=drops) for name in names]


def held(entity: Entity, name: FqName, path: str, option: str, target: FqName, *, attr: Value = None) -> DesiredObject:
    """Return an object that others own, with a reference to a target."""
    return DesiredObject(entity, name, path, "existing", references={option: {joined(target): attr}})
