# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: what has to be done so that the server holds what is wanted.

Pure: from wanted objects and a snapshot of stored ones to a list of actions in levels, and for each object
what it was and what it will be. Actions of one level do not depend on each other.

The order follows from the server's rules: references go before what they point at, a port's interface type
is set before the port enters a tuple (svc-monitor fails otherwise) and cleared after it left, objects are
created parents and targets first and deleted in reverse. What is new comes before what is old goes, so that
a member of a service or a policy is exchanged without a moment that has neither; only what can be there once
(an address, the one target of a reference) is freed first.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ..codec.scope import Json, Reference
from ..kinds.config import Key, Task
from .actions import DELETE, FREE, HIGHEST_RANK, Action, Change, Plan
from .create import plan_create
from .daemon_owned import Subject, overwritten
from .desired import DesiredObject, merge
from .requirements import check_constraints, check_references
from .snapshot import Snapshot
from .stored import is_owned, stored_values
from .update import plan_update


def make_plan(wants: Iterable[DesiredObject], snapshot: Snapshot, task: Task) -> Plan:
    """Compare what is wanted with what is stored.

    With the snapshot not ``complete`` afterwards the plan is provisional: read, then plan again.
    """
    plan = Plan()
    merged = merge(wants, plan.faults)
    coming = {want.key for want in merged if want.state == "present"}
    if task.check:
        coming |= task.planned

    @cache
    def new(kind: str) -> frozenset[Key]:
        """Return what comes of a kind and is not there yet."""
        return frozenset(key for key in coming if key[0] == kind and snapshot.look(*key) is None)

    for want in merged:
        stored = snapshot.look(*want.key)
        if not snapshot.knows(want.key):
            continue
        subject = Subject(want, stored, snapshot.look, merged, task)
        if want.state == "absent":
            _plan_absent(want, stored, task, plan)
        elif stored is None and want.state == "present":
            if snapshot.complete:  # else it is planned once more when everything has been read
                plan_create(want, new(want.entity.kind), task, plan)
        elif stored is None:
            _plan_missing(want, coming, plan)
        else:
            plan_update(subject, plan)
        if want.state != "absent":
            check_references(want, stored, snapshot, coming, plan)
            check_constraints(want, snapshot, plan)
            plan.faults.extend(overwritten(subject))
    plan.actions.sort(key=lambda action: action.level)
    return plan


def _plan_absent(want: DesiredObject, stored: Json, task: Task, plan: Plan) -> None:
    kind, fq_name = want.key
    if stored is None:
        plan.changes.append(Change(kind, fq_name, "", "unchanged"))
    elif want.guarded and not is_owned(stored, task.owner):
        plan.changes.append(Change(kind, fq_name, stored["uuid"], "kept"))
    else:
        level = FREE if want.entity.exclusive else DELETE + HIGHEST_RANK - want.entity.rank
        plan.actions.append(Action(level, "delete", kind, fq_name, stored["uuid"]))
        plan.changes.append(Change(kind, fq_name, stored["uuid"], "deleted", before=stored_values(want.entity, stored)))


def _plan_missing(want: DesiredObject, coming: set[Key], plan: Plan) -> None:
    """Plan for an object that should exist: it is an error, or an earlier step will have made it."""
    kind, fq_name = want.key
    if not any(want.references.values()) and not any(want.values.values()):
        return
    if want.key in coming:
        after = dict(want.values)
        for reference in want.entity.references:
            if reference.option in want.references:
                after[reference.option] = reference.shown(want.references[reference.option])
        plan.changes.append(Change(kind, fq_name, "", "updated", after=after))
    else:
        plan.missing.append(Reference(kind, fq_name, want.path))
