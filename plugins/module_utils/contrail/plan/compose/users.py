# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting what others use, where the API server would let it go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...codec.values import FqName, joined
from ...kinds import PORT_TUPLE, SERVICE_INSTANCE
from ...kinds.config import Item, Key, Task, label
from ...kinds.entity import Entity
from ..snapshot import Snapshot
from ..stored import is_owned
from ..users import MENTIONS, WORKING_ON
from .composition import Composition, targets

MOST_USERS = 8
"""So many users does an error name."""


def refuse_used(entity: Entity, items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Refuse to delete objects that others use which stay, though the API server would not."""
    gone = {(entity.kind, item.fq_name) for item in items} | (task.leaving if task.check else frozenset())
    for item in items:
        key = (entity.kind, item.fq_name)
        stored = snapshot.look(*key)
        if stored is None or not is_owned(stored, task.owner):
            continue
        users = [*_naming(key, snapshot, gone), *_worked_on(key, snapshot, gone)]
        if users:
            more = f" and {len(users) - MOST_USERS} more" if len(users) > MOST_USERS else ""
            result.fault(
                f"{item.path}.name",
                f"{label(key)} is still in use: {', '.join(users[:MOST_USERS])}{more}; Contrail would delete it "
                "all the same, and what uses it would stop working. Change or delete that first, or set force: true",
            )


def _naming(key: Key, snapshot: Snapshot, gone: set[Key]) -> Iterator[str]:
    """Yield the objects that name one as text, with the places."""
    kind, name = key
    places: dict[Key, list[str]] = {}
    for mention in MENTIONS.get(kind, ()):
        for stored in snapshot.everything(mention.kind, mention.field):
            user = (mention.kind, tuple(stored["fq_name"]))
            if user not in gone:
                places.setdefault(user, []).extend(mention.places(stored, joined(name)))
    for user, found in sorted(places.items()):
        if found:
            yield f"{label(user)} names it in {' and '.join(dict.fromkeys(found))}"


def _worked_on(key: Key, snapshot: Snapshot, gone: set[Key]) -> Iterator[str]:
    """Yield what an object works on by a reference of its own."""
    kind, name = key
    if kind not in WORKING_ON:
        return
    target, words = WORKING_ON[kind]
    for other in targets(snapshot.look(kind, name), f"{target.replace('-', '_')}_refs"):
        if (target, other) not in gone and not _is_orphan(target, other, snapshot, gone):
            yield f"it {words} {label((target, other))}"


def _is_orphan(kind: str, name: FqName, snapshot: Snapshot, gone: set[Key]) -> bool:
    """Tell whether a port tuple has no service instance, or one that goes."""
    if kind != PORT_TUPLE.kind:
        return False
    service = (SERVICE_INSTANCE.kind, name[:-1])
    return service in gone or snapshot.look(*service) is None
