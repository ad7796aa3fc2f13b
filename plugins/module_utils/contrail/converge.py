# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bringing the server to what a task wants: read, plan, write, in as few requests as that takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .client import ApiClient
from .compose import compose
from .config import Item, Key, Task
from .entities import ENTITIES
from .entity import Entity, Reference
from .errors import AlreadyExistsError, ContrailError, InvalidConfigError
from .plan import Action, Change, Plan, Snapshot, make_plan
from .values import joined

READ_FIELDS = {kind: entity.read_fields for kind, entity in ENTITIES.items()}

MOST_NAMES = 8
"""So many existing names does an error list when none is like the missing one."""


class Convergence:
    """One task's way from its items to the server's state.

    ``settled`` holds what became of each object that was written, also when a later write failed.
    """

    def __init__(self, client: ApiClient, entity: Entity, items: Sequence[Item], task: Task) -> None:
        self._client = client
        self._entity = entity
        self.items = items
        self._task = task
        self.settled: dict[Key, Change] = {}
        self.snapshot = Snapshot()

    def run(self) -> list[Change]:
        """Plan and, unless the task only checks, write; return what became of each object.

        When an object that was to be created has meanwhile been created by somebody else, everything is
        read and planned once more. Raises ContrailError.
        """
        plan = self.plan()
        if self._task.check:
            return plan.changes
        try:
            self._write(plan)
        except AlreadyExistsError:
            self.snapshot = Snapshot()
            plan = self.plan()
            self._write(plan)
        return [self.settled.get((change.kind, change.fq_name), change) for change in plan.changes]

    def plan(self) -> Plan:
        """Read what the plan needs, round by round, until it needs nothing more; raise what is wrong."""
        while True:
            composition = compose(self._entity, self.items, self.snapshot, self._task)
            plan = make_plan(composition.wants, self.snapshot, self._task)
            if not self.snapshot.unread:
                break
            self.snapshot.add(self._client.read(self.snapshot.unread, READ_FIELDS))
        faults = [*composition.faults, *plan.faults]
        if faults:
            raise InvalidConfigError(faults)
        if plan.missing:
            raise self._missing(plan.missing)
        return plan

    def _missing(self, references: Sequence[Reference]) -> ContrailError:
        """Say which names lead nowhere, and what was perhaps meant."""
        unique = {(reference.kind, reference.fq_name): reference for reference in reversed(references)}
        lines = [self._missing_line(reference) for reference in reversed(unique.values())]
        first = references[0]
        return ContrailError("; ".join(lines), kind=first.kind, fq_name=joined(first.fq_name), verb="find")

    def _missing_line(self, reference: Reference) -> str:
        line = f"{reference.path}: there is no {reference.kind} {joined(reference.fq_name)}"
        close, names = self._client.near_misses(reference.kind, reference.fq_name)
        if close:
            return f"{line}; did you mean {' or '.join(close)}?"
        where = joined(reference.fq_name[:-1]) or "the server"
        if not names:
            return f"{line}, and {where} has none at all; create it first"
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        return f"{line}; {where} has {', '.join(names[:MOST_NAMES])}{more}"

    def _write(self, plan: Plan) -> None:
        changes = {(change.kind, change.fq_name): change for change in plan.changes}

        def done(action: Action, uuid: str, changed: bool) -> None:
            change = changes.get((action.kind, action.fq_name))
            if change is not None and (changed or action.verb == "delete"):
                what = change.action if changed else "unchanged"
                self.settled[change.kind, change.fq_name] = replace(change, uuid=uuid, action=what)

        for level in plan.levels():
            self._client.apply(level, done)
