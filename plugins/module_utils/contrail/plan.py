# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: what has to be done so that the server holds what is wanted.

Pure: from wanted objects and a snapshot of stored ones to a list of actions in levels, and for each object
what it was and what it will be. Actions of one level do not depend on each other.

The order follows from the server's rules: references go before what they point at, a port's interface type
is set before the port enters a tuple (svc-monitor fails otherwise) and cleared after it left, objects are
created parents and targets first and deleted in reverse.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .config import Key, Task
from .entities import OWNER_KEY
from .entity import Entity, Field, Json, Pairs, Reference, ReferenceField, Value, bury, dig, is_empty
from .errors import InvalidValueError
from .values import FqName, joined

DETACH, UPDATE, DELETE, CREATE, ATTACH = 0, 10, 20, 30, 40
"""First level of each kind of action."""

_HIGHEST_RANK = 9


class Snapshot:
    """What is known of the server's objects.

    ``look`` answers with the stored object or ``None``; what was asked for and never read is in ``unread``,
    so that the caller reads it and plans again.
    """

    def __init__(self) -> None:
        self._objects: dict[Key, Json] = {}
        self.unread: set[Key] = set()

    def look(self, kind: str, fq_name: FqName) -> Json:
        """Return the stored object, ``None`` where there is none or it was not read yet."""
        key = (kind, tuple(fq_name))
        if key not in self._objects:
            self.unread.add(key)
            return None
        return self._objects[key]

    def knows(self, key: Key) -> bool:
        """Tell whether an object was read, be it there or not."""
        return key in self._objects

    def add(self, objects: Mapping[Key, Json]) -> None:
        """Take in what was read; ``None`` says that there is no such object."""
        self._objects.update(objects)
        self.unread -= set(objects)


@dataclass(frozen=True)
class Want:
    """An object and what is wanted of it.

    ``state`` is ``present``, ``absent``, or ``existing`` for an object that others own and that only has to
    be there. ``references`` are to be there, ``drops`` are not; those of ``exact`` are to be the only ones.
    ``guarded`` objects are deleted only if they carry the task's owner.
    """

    entity: Entity
    fq_name: FqName
    path: str
    state: str = "present"
    values: Mapping[str, Value] = field(default_factory=dict)
    references: Mapping[str, dict[str, Value]] = field(default_factory=dict)
    drops: Mapping[str, frozenset[str]] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    guarded: bool = True

    @property
    def key(self) -> Key:
        """The object by kind and name."""
        return (self.entity.kind, self.fq_name)


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
    """What becomes of one object: ``action`` is created, updated, deleted, unchanged or kept."""

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


def make_plan(wants: Iterable[Want], snapshot: Snapshot, task: Task) -> Plan:
    """Compare what is wanted with what is stored.

    With ``snapshot.unread`` not empty afterwards the plan is provisional: read, then plan again.
    """
    plan = Plan()
    merged = _merge(wants, plan.faults)
    coming = {want.key for want in merged if want.state == "present"}
    if task.check:
        coming |= task.planned
    for want in merged:
        stored = snapshot.look(*want.key)
        if not snapshot.knows(want.key):
            continue
        if want.state == "absent":
            _plan_absent(want, stored, task, plan)
        elif stored is None and want.state == "present":
            _plan_create(want, task, plan)
        elif stored is None:
            _plan_unborn(want, coming, plan)
        else:
            _plan_update(want, stored, task, plan)
        if want.state != "absent":
            _check_references(want, stored, snapshot, coming, plan)
            _check_constraints(want, snapshot, plan)
    plan.actions.sort(key=lambda action: action.level)
    return plan


def is_owned(stored: Json, owner: str) -> bool:
    """Tell whether a task may delete an object: without an owner any, else those that carry it."""
    return not owner or Pairs().decode(dig(stored, ["annotations"])).get(OWNER_KEY) == owner


def _merge(wants: Iterable[Want], faults: list[InvalidValueError]) -> list[Want]:
    """Make one of all wants that concern the same object."""
    merged: dict[Key, Want] = {}
    for want in wants:
        known = merged.get(want.key)
        if known is None:
            merged[want.key] = want
            continue
        for option in set(known.values) & set(want.values):
            if known.values[option] != want.values[option] and known.values[option] and want.values[option]:
                faults.append(
                    InvalidValueError(
                        want.path,
                        f"{want.entity.kind} {joined(want.fq_name)} cannot have {option} "
                        f"{want.values[option]}: {known.path} gives it {known.values[option]}",
                    )
                )
        states = {known.state, want.state}
        merged[want.key] = replace(
            known,
            state=next(state for state in ("absent", "present", "existing") if state in states),
            values={**want.values, **{key: text for key, text in known.values.items() if not is_empty(text)}}
            if known.values
            else want.values,
            references=_join(known.references, want.references),
            drops={
                option: known.drops.get(option, frozenset()) | want.drops.get(option, frozenset())
                for option in {**known.drops, **want.drops}
            },
            exact=known.exact | want.exact,
        )
    return list(merged.values())


def _join(first: Mapping[str, dict[str, Value]], second: Mapping[str, dict[str, Value]]) -> dict[str, dict[str, Value]]:
    return {option: {**first.get(option, {}), **second.get(option, {})} for option in {**first, **second}}


def _plan_absent(want: Want, stored: Json, task: Task, plan: Plan) -> None:
    kind, fq_name = want.key
    if stored is None:
        plan.changes.append(Change(kind, fq_name, "", "unchanged"))
    elif want.guarded and not is_owned(stored, task.owner):
        plan.changes.append(Change(kind, fq_name, stored["uuid"], "kept"))
    else:
        level = DELETE + _HIGHEST_RANK - want.entity.rank
        plan.actions.append(Action(level, "delete", kind, fq_name, stored["uuid"]))
        plan.changes.append(Change(kind, fq_name, stored["uuid"], "deleted", before=_shown_stored(want.entity, stored)))


def _plan_unborn(want: Want, coming: set[Key], plan: Plan) -> None:
    """Plan for an object that should exist: it is an error, or an earlier step will have made it."""
    kind, fq_name = want.key
    if not any(want.references.values()) and not any(want.values.values()):
        return
    if want.key in coming:
        after = dict(want.values)
        for reference in want.entity.references:
            if reference.option in want.references:
                after[reference.option] = _shown_references(reference, want.references[reference.option])
        plan.changes.append(Change(kind, fq_name, "", "updated", after=after))
    else:
        plan.missing.append(Reference(kind, fq_name, want.path))


def _plan_create(want: Want, task: Task, plan: Plan) -> None:
    kind, fq_name = want.key
    entity = want.entity
    values = {option: value for option, value in want.values.items() if not is_empty(value)}
    for item in entity.fields:
        if item.initial is not None:
            values.setdefault(item.option, item.initial)
    if task.owner:
        values["annotations"] = {OWNER_KEY: task.owner, **(values.get("annotations") or {})}
    lacking = [item.option for item in entity.fields if item.needed and is_empty(values.get(item.option))]
    lacking += [item.option for item in entity.references if item.needed and not want.references.get(item.option)]
    for option in lacking:
        plan.faults.append(
            InvalidValueError(
                f"{want.path}.{option}",
                f"is needed, for {kind} {joined(fq_name)} does not exist and would be created",
            )
        )
    body: dict[str, Json] = {"fq_name": list(fq_name)}
    if entity.parent is not None:
        body["parent_type"] = entity.parent
    after: dict[str, Value] = {}
    for item in entity.fields:
        if item.option in values:
            merged = item.codec.merge(values[item.option], None)
            after[item.option] = item.shown(merged)
            bury(body, item.api, item.codec.encode(merged, None))
    for reference in entity.references:
        targets = want.references.get(reference.option)
        if targets:
            after[reference.option] = _shown_references(reference, targets)
            body[reference.api] = [
                {"to": name.split(":"), "attr": reference.encode(attr, None)} for name, attr in targets.items()
            ]
    plan.actions.append(Action(CREATE + entity.rank, "create", kind, fq_name, "", body))
    plan.changes.append(Change(kind, fq_name, "", "created", after=after))


def _plan_update(want: Want, stored: Json, task: Task, plan: Plan) -> None:
    kind, fq_name = want.key
    uuid = stored["uuid"]
    before: dict[str, Value] = {}
    after: dict[str, Value] = {}
    properties: dict[str, Json] = {}
    for item, old, new in _changed_values(want, stored, plan.faults):
        before[item.option], after[item.option] = item.shown(old), item.shown(new)
        if isinstance(item.codec, Pairs):
            plan.actions.append(Action(UPDATE + 1, "annotate", kind, fq_name, uuid, _map_update(item, old, new)))
        else:
            _set_property(properties, stored, item, new)
    if properties:
        plan.actions.append(Action(UPDATE, "update", kind, fq_name, uuid, properties))
    for reference in want.entity.references:
        attach, detach = _changed_references(want, reference, stored, plan.faults, task)
        if not attach and not detach:
            continue
        old_references = reference.decode(stored.get(reference.api))
        before[reference.option] = _shown_references(reference, old_references)
        kept = {name: attr for name, attr in old_references.items() if name not in detach}
        after[reference.option] = _shown_references(reference, {**kept, **attach})
        attrs = {joined(item["to"]): item.get("attr") for item in stored.get(reference.api) or []}
        for name in detach:
            payload = {"kind": reference.kind, "name": name.split(":"), "attr": None}
            plan.actions.append(Action(DETACH, "detach", kind, fq_name, uuid, payload))
        for name, attr in attach.items():
            payload = {
                "kind": reference.kind,
                "name": name.split(":"),
                "attr": reference.encode(attr, attrs.get(name)),
            }
            plan.actions.append(Action(ATTACH, "attach", kind, fq_name, uuid, payload))
    changed = bool(before or after)
    if changed or want.state == "present":
        plan.changes.append(Change(kind, fq_name, uuid, "updated" if changed else "unchanged", before, after))


def _changed_values(want: Want, stored: Json, faults: list[InvalidValueError]) -> Iterator[tuple[Field, Value, Value]]:
    """Yield each field that changes, with its canonical value before and after."""
    for item in want.entity.fields:
        if item.option not in want.values:
            continue
        wanted = want.values[item.option]
        before = item.codec.decode(dig(stored, item.api))
        faults.extend(item.check(wanted, before, f"{want.path}.{item.option}"))
        after = item.codec.merge(wanted, before)
        if item.clean(after) != item.clean(before):
            yield item, before, after


def _set_property(properties: dict[str, Json], stored: Json, item: Field, value: Value) -> None:
    """Put a changed value into the properties of a PUT, each of which replaces the stored one whole.

    An emptied property is sent as null; it was stored, or nothing would have changed.
    """
    top = item.api[0]
    if top not in properties:
        properties[top] = copy.deepcopy(stored.get(top))
    if is_empty(value):
        leaf = item.cleared if item.cleared is not None else ([] if top.endswith("_refs") else None)
    else:
        leaf = item.codec.encode(value, dig(stored, item.api))
    if not isinstance(properties[top], dict) and len(item.api) > 1:
        properties[top] = {}
    bury(properties, item.api, leaf)
    if is_empty(properties.get(top)) and not top.endswith("_refs"):
        properties[top] = None


def _map_update(item: Field, before: Value, after: Value) -> Json:
    """Return the single keys to set and to delete; nobody else's keys are written."""
    old, new = item.codec.clean(before), item.codec.clean(after)
    return {
        "field": item.api[0],
        "set": {key: text for key, text in new.items() if old.get(key) != text},
        "delete": [key for key in old if key not in new],
    }


def _changed_references(
    want: Want, reference: ReferenceField, stored: Json, faults: list[InvalidValueError], task: Task
) -> tuple[dict[str, Value], list[str]]:
    """Return the references to add, with their attribute, and those to take away."""
    if reference.option not in want.references and reference.option not in want.drops:
        return {}, []
    before = reference.decode(stored.get(reference.api))
    wanted = want.references.get(reference.option, {})
    drops = want.drops.get(reference.option, frozenset())
    given = reference.option in want.references
    exact = given and (not reference.many or reference.option in want.exact)
    attach = {
        name: attr for name, attr in wanted.items() if name not in before or not reference.same(attr, before[name])
    }
    detach = [name for name in before if name not in wanted and (exact or name in drops)]
    if reference.fixed and before and (attach or detach):
        faults.append(
            InvalidValueError(
                f"{want.path}.{reference.option}",
                f"{', '.join(before)} cannot be changed to {', '.join(wanted) or 'nothing'}: {reference.fixed}",
            )
        )
    return attach, detach


def _check_references(want: Want, stored: Json, snapshot: Snapshot, coming: set[Key], plan: Plan) -> None:
    """Note every object that is named and does not exist.

    What a stored reference points at exists; a name that is stored as text proves nothing.
    """
    needed: list[Reference] = []
    for item in want.entity.fields:
        if is_empty(want.values.get(item.option)):
            continue
        proven: set[FqName] = set()
        if item.api[0].endswith("_refs"):
            before = item.codec.decode(dig(stored, item.api))
            proven = {reference.fq_name for reference in item.codec.references(before, "")}
        path = f"{want.path}.{item.option}"
        named = item.codec.references(want.values[item.option], path)
        needed += [reference for reference in named if reference.fq_name not in proven]
    for field_ in want.entity.references:
        proven_names = set(field_.decode(dig(stored, [field_.api])))
        for index, name in enumerate(want.references.get(field_.option, {})):
            if name not in proven_names:
                place = f"[{index}].name" if field_.many else ""
                path = f"{want.path}.{field_.option}{place}"
                needed.append(Reference(field_.kind, tuple(name.split(":")), path))
    if stored is None and want.entity.parent is not None and want.state == "present":
        needed.append(Reference(want.entity.parent, want.fq_name[:-1], f"{want.path}.name"))
    for reference in needed:
        key = (reference.kind, reference.fq_name)
        if key not in coming and snapshot.look(*key) is None:
            plan.missing.append(reference)


def _check_constraints(want: Want, snapshot: Snapshot, plan: Plan) -> None:
    for item in want.entity.fields:
        value = want.values.get(item.option)
        if item.constraint is not None and not is_empty(value):
            plan.faults.extend(item.constraint(value, snapshot.look, f"{want.path}.{item.option}"))


def _shown_references(reference: ReferenceField, targets: Mapping[str, Value]) -> Value:
    """Return references as a diff shows them: one name, or names with what the references carry."""
    if not reference.many:
        return next(iter(targets), None)
    default = reference.attr_default or {}
    return [{"name": name, **(attr or default)} if reference.attr else name for name, attr in targets.items()]


def _shown_stored(entity: Entity, stored: Json) -> dict[str, Value]:
    """Return what an object holds in declared fields."""
    shown: dict[str, Value] = {}
    for item in entity.fields:
        value = item.clean(item.codec.decode(dig(stored, item.api)))
        if value is not None and not (item.named and value == stored["fq_name"][-1]):
            shown[item.option] = value
    for reference in entity.references:
        targets = reference.decode(stored.get(reference.api))
        if targets:
            shown[reference.option] = _shown_references(reference, targets)
    return shown


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
