# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects that do not exist: what is sent to create them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..codec.codec import get_path, is_empty, set_path
from ..codec.errors import InvalidValueError
from ..codec.scope import Json, Value
from ..codec.values import joined, split_name
from ..kinds import OWNER_KEY
from ..kinds.config import Key, Task
from ..kinds.entity import ReferenceField
from .actions import ATTACH, CREATE, Action, Change, Plan
from .desired import DesiredObject
from .properties import check_together


def plan_create(want: DesiredObject, new: frozenset[Key], task: Task, plan: Plan) -> None:
    """Plan to create an object; what it refers to among ``new`` ones of its kind is attached afterwards."""
    kind, fq_name = want.key
    entity = want.entity
    values = _given_or_initial(want, task.owner)
    plan.faults += _lacking(want, values)
    body: dict[str, Json] = {"fq_name": list(fq_name)}
    if entity.parent is not None:
        body["parent_type"] = entity.parent
    after: dict[str, Value] = {}
    for item in entity.fields:
        if item.option in values:
            merged = item.codec.merge(values[item.option], None)
            after[item.option] = item.shown(merged)
            set_path(body, item.api, item.codec.encode(merged, get_path(body, item.api)))
    check_together(want, values, None, plan)
    for reference in entity.references:
        if targets := want.references.get(reference.option):
            after[reference.option] = reference.shown(targets)
            body[reference.api], later = _entries(reference, targets, new)
            for entry in later:
                payload = {"kind": reference.kind, "name": entry["to"], "attr": entry["attr"]}
                plan.actions.append(Action(ATTACH, "attach", kind, fq_name, "", payload))
    plan.actions.append(Action(CREATE + entity.rank, "create", kind, fq_name, "", body))
    plan.changes.append(Change(kind, fq_name, "", "created", after=after))


def _given_or_initial(want: DesiredObject, owner: str) -> dict[str, Value]:
    """Return the values of a new object, with the mark of its owner."""
    values = {option: value for option, value in want.values.items() if not is_empty(value)}
    for item in want.entity.fields:
        if item.absence.initial is not None and item.option not in want.values:
            values.setdefault(item.option, item.absence.initial)
    if owner:
        values["annotations"] = {OWNER_KEY: owner, **(values.get("annotations") or {})}
    return values


def _lacking(want: DesiredObject, values: Mapping[str, Value]) -> Iterator[InvalidValueError]:
    """Yield what the object cannot be created without."""
    entity = want.entity
    lacking = [item.where for item in entity.fields if item.needed and is_empty(values.get(item.option))]
    lacking += [item.where for item in entity.references if item.needed and not want.references.get(item.option)]
    for where in lacking:
        reason = f"is needed, for {entity.kind} {joined(want.fq_name)} does not exist and would be created"
        yield InvalidValueError(f"{want.path}.{where}", reason)


def _entries(
    reference: ReferenceField, targets: Mapping[str, Value], new: frozenset[Key]
) -> tuple[list[Json], list[Json]]:
    """Return references as they are sent with the object, and those that can only be attached later."""
    entries: list[Json] = [
        {"to": list(split_name(reference.kind, name)), "attr": reference.encode(attr, None)}
        for name, attr in targets.items()
    ]
    later = [entry for entry in entries if (reference.kind, tuple(entry["to"])) in new]
    return [entry for entry in entries if entry not in later], later
