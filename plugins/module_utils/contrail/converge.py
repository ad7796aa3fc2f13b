# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bringing the server to what a task wants: read, plan, write, in as few requests as that takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ..values.hints import did_you_mean, listed
from .api.client import ApiClient
from .codec.errors import AlreadyExistsError, ApiError, ContrailError, InvalidConfigError, StillInUseError
from .codec.scope import Reference
from .codec.values import joined
from .kinds import ENTITIES, PORT_TUPLE
from .kinds.config import Item, Key, Task
from .kinds.entity import Entity
from .plan.absence_proof import projects_to_find
from .plan.actions import DETACH, Action, Change, Plan
from .plan.compose import compose, is_composed
from .plan.compose.composition import Composition, FailedSearch
from .plan.compose.orphans import Orphans
from .plan.daemon_owned import ALSO_READ, loses_attributes
from .plan.desired import DesiredObject
from .plan.plan import make_plan
from .plan.snapshot import Snapshot

READ_FIELDS = {kind: entity.read_fields for kind, entity in ENTITIES.items()}

LOOK_EVERY, QUIET_LOOKS, MOST_LOOKS = 1.0, 2, 10
"""Seconds between looks at what a daemon replaces; so many looks without a difference end it, so many are the most."""

Compose = Callable[[Snapshot], Composition]


class Convergence:
    """One task's way from its items to the server's state.

    ``fields`` is what is read of each kind of object, ``also_read`` included where the kind is read at all.
    ``settle`` is called where members of a service are exchanged, when the new ones are in and before the
    old ones leave; it raises ContrailError if they must not yet.
    """

    def __init__(
        self,
        client: ApiClient,
        entity: Entity,
        items: Sequence[Item],
        task: Task,
        *,
        settle: Callable[[], None] | None = None,
        also_read: Mapping[str, Sequence[str]] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._entity = entity
        self.items = items
        self._task = task
        self._settle = settle
        self._sleep = sleep
        self.fields = _with(_read_fields(entity, task), also_read or {})
        self._swept: dict[Key, Change] = {}
        self._settled: dict[Key, Change] = {}
        self._wants: Sequence[DesiredObject] = ()
        self.snapshot = Snapshot()
        self.warnings: list[str] = []

    @property
    def written(self) -> list[Change]:
        """The results of each object that was written, also when a later write failed."""
        return [*self._swept.values(), *self._settled.values()]

    def run(self) -> list[Change]:
        """Plan and, unless the task only checks, write; return what became of each object.

        Where the server turns out to have changed since it was read (what was to be created is there, what
        was to be changed is gone, what was to be deleted has got users) everything is read and planned once
        more. Raises ContrailError.
        """
        swept = self._sweep() if self._task.sweep_orphans else []
        plan = self.plan()
        if self._task.check:
            return swept + plan.changes
        try:
            self._write(plan, self._settled)
        except ApiError as error:
            if not self._is_race(error):
                raise
            self.snapshot = Snapshot()
            again = self.plan()
            if isinstance(error, StillInUseError) and _is_part(again, plan):
                raise
            plan = again
            self._write(plan, self._settled)
        if loses_attributes(plan.actions, self._wants, self.snapshot.look):
            self._write_until_kept()
        return swept + _outcome(plan, self._settled)

    def _write_until_kept(self) -> None:
        """Look until a daemon that replaces what was written has come to its end, and write again what it took away."""
        quiet = 0
        for _look in range(MOST_LOOKS):
            self._sleep(LOOK_EVERY)
            self.snapshot = Snapshot()
            plan = self.plan()
            quiet = 0 if plan.actions else quiet + 1
            if quiet == QUIET_LOOKS:
                return
            self._write(plan, {})

    def _is_race(self, error: ApiError) -> bool:
        """Tell whether a write may have failed because somebody else wrote since everything was read.

        New users of what is to be deleted are only worth a look where the task can take them away.
        """
        if isinstance(error, StillInUseError):
            return is_composed(self._entity, self._task.state)
        gone = error.status == 404 and error.verb in {"update", "annotate", "attach"}
        return gone or isinstance(error, AlreadyExistsError)

    def plan(self) -> Plan:
        """Read what the plan needs, round by round, until it needs nothing more; raise what is wrong."""
        plan = self._plan(lambda snapshot: compose(self._entity, self.items, snapshot, self._task))
        if self._task.state == "absent":
            scope = self._task.scope
            self._client.require(projects_to_find(self._entity, self.items, self.snapshot.look, scope))
        return plan

    def _plan(self, composed: Compose) -> Plan:
        while True:
            composition = composed(self.snapshot)
            self._wants = composition.wants
            plan = make_plan(composition.wants, self.snapshot, self._task)
            if self.snapshot.complete:
                break
            self._look()
        self.warnings = composition.warnings
        faults = [*composition.faults, *plan.faults]
        if faults:
            raise InvalidConfigError(faults)
        if composition.unfound or plan.missing:
            raise self._missing(composition.unfound, plan.missing)
        return plan

    def _look(self) -> None:
        """Read what was asked for and is not known yet."""
        if self.snapshot.unread:
            self.snapshot.add(self._client.read_part(self.snapshot.unread, self.fields))
        if self.snapshot.unasked:
            self.snapshot.add_found(self._client.find(self.snapshot.unasked, self.fields))
        for kind, property_ in sorted(self.snapshot.unlisted):
            found = self._client.list_objects(kind, {"fields": property_})
            self.snapshot.add_listed({(kind, property_): found})

    def _sweep(self) -> list[Change]:
        """Delete the port tuples whose service instance is gone; in check mode only plan on without them."""
        scope = self._task.scope
        self._client.require([(scope.domain, scope.project)])
        fields = {"fields": ",".join(PORT_TUPLE.read_fields)}
        orphans = Orphans.among(
            self._client.list_objects(PORT_TUPLE.kind, fields),
            self._client.list_objects("service-instance", {"parent_fq_name_str": f"{scope.domain}:{scope.project}"}),
            scope,
        )
        self.snapshot.add(orphans.stored)
        plan = self._plan(lambda snapshot: orphans.compose(snapshot, self._task))
        if self._task.check:
            self.snapshot.add(orphans.without(self.snapshot, self._task))
            return plan.changes
        self._write(plan, self._swept)
        self.snapshot = Snapshot()
        return _outcome(plan, self._swept)

    def _missing(self, unfound: Sequence[FailedSearch], references: Sequence[Reference]) -> ContrailError:
        """Say which names lead nowhere, and what was perhaps meant."""
        unique = {(reference.kind, reference.fq_name): reference for reference in reversed(references)}
        lines = [self._unfound_line(search) for search in unfound]
        lines += [self._missing_line(reference) for reference in reversed(unique.values())]
        if references:
            kind, name = references[0].kind, joined(references[0].fq_name)
        else:
            kind, name = unfound[0].kind, unfound[0].text
        return ContrailError("; ".join(lines), kind=kind, fq_name=name, verb="find")

    def _missing_line(self, reference: Reference) -> str:
        line = f"{reference.path}: there is no {reference.kind} {joined(reference.fq_name)}"
        close, names = self._client.near_misses(reference.kind, reference.fq_name)
        where = joined(reference.fq_name[:-1]) or "the server"
        return f"{line}{_hint(close, names, where)}"

    def _unfound_line(self, search: FailedSearch) -> str:
        close, texts = self._client.near_texts(search.kind, search.text, search.fields, search.network)
        return f"{search.path}: {search.message}{_hint(close, texts, search.network or 'the server')}"

    def _write(self, plan: Plan, settled: dict[Key, Change]) -> None:
        """Carry the plan out level by level, noting what became of each object in ``settled``."""
        changes = {(change.kind, change.fq_name): change for change in plan.changes}

        def done(action: Action, uuid: str, changed: bool) -> None:
            change = changes.get((action.kind, action.fq_name))
            if change is not None and (changed or action.verb == "delete"):
                what = change.action if changed else "unchanged"
                settled[change.kind, change.fq_name] = replace(change, uuid=uuid, action=what)

        settle = self._settle if _exchanges_members(plan) else None
        for level in plan.levels():
            if settle is not None and level[0].level >= DETACH:
                settle()
                settle = None
            self._client.apply(level, done)


def _outcome(plan: Plan, settled: dict[Key, Change]) -> list[Change]:
    return [settled.get((change.kind, change.fq_name), change) for change in plan.changes]


def _exchanges_members(plan: Plan) -> bool:
    """Tell whether ports enter port tuples and others leave."""
    verbs = {
        action.verb
        for action in plan.actions
        if action.verb in {"attach", "detach"} and action.payload["kind"] == PORT_TUPLE.kind
    }
    return len(verbs) == 2


def _is_part(plan: Plan, other: Plan) -> bool:
    """Tell whether a plan only does what another plan did too."""
    known = {(action.verb, action.kind, action.fq_name, str(action.payload)) for action in other.actions}
    return all((action.verb, action.kind, action.fq_name, str(action.payload)) in known for action in plan.actions)


def _hint(close: Sequence[str], names: Sequence[str], where: str) -> str:
    """Return what a message adds to something that is not there: what is like it, or all that is there."""
    if close:
        return f"; {did_you_mean(close)}"
    if not names:
        return f", and {where} has none at all; create it first"
    return f"; {where} has {listed(names)}"


def _read_fields(entity: Entity, task: Task) -> dict[str, tuple[str, ...]]:
    """Return the API fields to read of each kind: of the task's own, those that its entity declares.

    An entity that is not composed knows other objects by name alone, but where it is deleted, what goes with
    it is found by what the collection's own entity reads.
    """
    own = entity.read_fields
    if task.state == "absent":
        own = tuple(dict.fromkeys([*own, *READ_FIELDS.get(entity.kind, ())]))
    elif not entity.composed:
        return {**ALSO_READ, entity.kind: own}
    return {**READ_FIELDS, entity.kind: own}


def _with(fields: Mapping[str, tuple[str, ...]], more: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {kind: tuple(dict.fromkeys([*fields.get(kind, ()), *more.get(kind, ())])) for kind in {**fields, **more}}
