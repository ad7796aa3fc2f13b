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

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from ..codec.codec import Pairs, get_path, is_empty, set_path
from ..codec.errors import InvalidValueError
from ..codec.field import Field
from ..codec.scope import Json, Reference, Value
from ..codec.values import FqName, joined, split_name
from ..kinds import OWNER_KEY
from ..kinds.config import Key, Query, Task
from ..kinds.entity import Entity, ReferenceField
from .owned import Subject, comes_back, overwritten

FREE, CREATE, UPDATE, ATTACH, DETACH, CLEAR, DELETE = 0, 10, 20, 30, 40, 50, 60
"""First level of each kind of action: ``FREE`` gives up what can be there once, ``CLEAR`` updates what left."""

Listing = tuple[str, str]
"""All objects of a kind, with one of their properties."""

HIGHEST_RANK = 9
"""Of all entities; a level of each kind of action for each rank."""


class Snapshot:
    """What is known of the server's objects.

    ``look`` answers with the stored object or ``None``, ``find`` with the objects that hold a value, ``everything``
    with all of a kind. What was asked for and never read is in ``unread``, ``unasked`` and ``unlisted``, so that the
    caller reads it and plans again.
    """

    def __init__(self) -> None:
        self._objects: dict[Key, Json] = {}
        self._found: dict[Query, list[Json]] = {}
        self._listed: dict[Listing, list[Json]] = {}
        self.unread: set[Key] = set()
        self.unasked: set[Query] = set()
        self.unlisted: set[Listing] = set()

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for has been read."""
        return not self.unread and not self.unasked and not self.unlisted

    def look(self, kind: str, fq_name: FqName) -> Json:
        """Return the stored object, ``None`` where there is none or it was not read yet."""
        key = (kind, tuple(fq_name))
        if key not in self._objects:
            self.unread.add(key)
            return None
        return self._objects[key]

    def find(self, query: Query) -> list[Json]:
        """Return the objects of a kind with a value in a field, none while they were not read yet."""
        if query not in self._found:
            self.unasked.add(query)
            return []
        return self._found[query]

    def everything(self, kind: str, property_: str) -> list[Json]:
        """Return all objects of a kind with one of their properties, none while they were not read yet."""
        listing = (kind, property_)
        if listing not in self._listed:
            self.unlisted.add(listing)
            return []
        return self._listed[listing]

    def knows(self, key: Key) -> bool:
        """Tell whether an object was read, be it there or not."""
        return key in self._objects

    def add(self, objects: Mapping[Key, Json]) -> None:
        """Take in what was read; ``None`` says that there is no such object."""
        self._objects.update(objects)
        self.unread -= set(objects)

    def add_found(self, found: Mapping[Query, list[Json]]) -> None:
        """Take in what was found."""
        self._found.update(found)
        self.unasked -= set(found)

    def add_listed(self, listed: Mapping[Listing, list[Json]]) -> None:
        """Take in what was listed."""
        self._listed.update(listed)
        self.unlisted -= set(listed)


@dataclass(frozen=True)
class DesiredObject:
    """An object and what is wanted of it.

    ``state`` is ``present``, ``absent``, or ``existing`` for an object that others own and that only has to
    be there. ``references`` are to be there, ``drops`` are not; those of ``exact`` are to be the only ones.
    ``guarded`` objects are deleted only if they carry the task's owner. ``leaving`` objects are updated after
    their references are gone. ``rewrite`` writes secrets that cannot be compared.
    ``places`` says where references were written, by ``OPTION NAME``, if not in a list of that option.
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
    leaving: bool = False
    rewrite: bool = False
    places: Mapping[str, str] = field(default_factory=dict)

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


def make_plan(wants: Iterable[DesiredObject], snapshot: Snapshot, task: Task) -> Plan:
    """Compare what is wanted with what is stored.

    With the snapshot not ``complete`` afterwards the plan is provisional: read, then plan again.
    """
    plan = Plan()
    merged = _merge(wants, plan.faults)
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
                _plan_create(want, new(want.entity.kind), task, plan)
        elif stored is None:
            _plan_missing(want, coming, plan)
        else:
            _plan_update(subject, plan)
        if want.state != "absent":
            _check_references(want, stored, snapshot, coming, plan)
            _check_constraints(want, snapshot, plan)
            plan.faults.extend(overwritten(subject))
    plan.actions.sort(key=lambda action: action.level)
    return plan


def is_owned(stored: Json, owner: str) -> bool:
    """Tell whether a task may delete an object: without an owner any, else those that carry it."""
    return not owner or Pairs().decode(get_path(stored, ["annotations"])).get(OWNER_KEY) == owner


def _merge(wants: Iterable[DesiredObject], faults: list[InvalidValueError]) -> list[DesiredObject]:
    """Make one of all wants that concern the same object."""
    merged: dict[Key, DesiredObject] = {}
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
            leaving=known.leaving and want.leaving,
            rewrite=known.rewrite or want.rewrite,
        )
    return list(merged.values())


def _join(first: Mapping[str, dict[str, Value]], second: Mapping[str, dict[str, Value]]) -> dict[str, dict[str, Value]]:
    return {option: {**first.get(option, {}), **second.get(option, {})} for option in {**first, **second}}


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


def _plan_create(want: DesiredObject, new: frozenset[Key], task: Task, plan: Plan) -> None:
    """Plan to create an object; what it refers to among ``new`` ones of its kind is attached afterwards."""
    kind, fq_name = want.key
    entity = want.entity
    values = {option: value for option, value in want.values.items() if not is_empty(value)}
    for item in entity.fields:
        if item.absence.initial is not None and item.option not in want.values:
            values.setdefault(item.option, item.absence.initial)
    if task.owner:
        values["annotations"] = {OWNER_KEY: task.owner, **(values.get("annotations") or {})}
    lacking = [item.where for item in entity.fields if item.absence.needed and is_empty(values.get(item.option))]
    lacking += [item.where for item in entity.references if item.needed and not want.references.get(item.option)]
    for where in lacking:
        plan.faults.append(
            InvalidValueError(
                f"{want.path}.{where}",
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
            set_path(body, item.api, item.codec.encode(merged, get_path(body, item.api)))
    _check_together(want, values, None, plan)
    for reference in entity.references:
        targets = want.references.get(reference.option)
        if targets:
            after[reference.option] = reference.shown(targets)
            entries = [
                {"to": list(split_name(reference.kind, name)), "attr": reference.encode(attr, None)}
                for name, attr in targets.items()
            ]
            later = [entry for entry in entries if (reference.kind, tuple(entry["to"])) in new]
            body[reference.api] = [entry for entry in entries if entry not in later]
            for entry in later:
                payload = {"kind": reference.kind, "name": entry["to"], "attr": entry["attr"]}
                plan.actions.append(Action(ATTACH, "attach", kind, fq_name, "", payload))
    plan.actions.append(Action(CREATE + entity.rank, "create", kind, fq_name, "", body))
    plan.changes.append(Change(kind, fq_name, "", "created", after=after))


def _plan_update(subject: Subject, plan: Plan) -> None:
    want, stored = subject.want, subject.stored
    kind, fq_name = want.key
    uuid = stored["uuid"]
    level = CLEAR if want.leaving else UPDATE
    before: dict[str, Value] = {}
    after: dict[str, Value] = {}
    properties: dict[str, Json] = {}
    for item, old, new in _changed_values(want, stored, plan.faults):
        before[item.option], after[item.option] = item.shown(old), item.shown(new)
        if isinstance(item.codec, Pairs):
            plan.actions.append(Action(level + 1, "annotate", kind, fq_name, uuid, _map_update(item, old, new)))
        else:
            _set_property(properties, stored, item, new)
    _send_secrets_along(want, stored, properties, plan.faults)
    if before:
        _check_together(want, want.values, stored, plan)
    if properties:
        plan.actions.append(Action(level, "update", kind, fq_name, uuid, properties))
    for reference in want.entity.references:
        attach, detach = _changed_references(subject, reference, plan.faults)
        if not attach and not detach:
            continue
        old_references = reference.decode(stored.get(reference.api))
        before[reference.option] = reference.shown(old_references)
        kept = {name: attr for name, attr in old_references.items() if name not in detach}
        after[reference.option] = reference.shown({**kept, **attach})
        attrs = {joined(item["to"]): item.get("attr") for item in stored.get(reference.api) or []}
        for name in detach:
            payload = {"kind": reference.kind, "name": list(split_name(reference.kind, name)), "attr": None}
            first = DETACH if reference.many else FREE
            plan.actions.append(Action(first, "detach", kind, fq_name, uuid, payload))
        for name, attr in attach.items():
            payload = {
                "kind": reference.kind,
                "name": list(split_name(reference.kind, name)),
                "attr": reference.encode(attr, attrs.get(name)),
            }
            plan.actions.append(Action(ATTACH, "attach", kind, fq_name, uuid, payload))
    changed = bool(before or after)
    if changed or want.state == "present":
        plan.changes.append(Change(kind, fq_name, uuid, "updated" if changed else "unchanged", before, after))


def _changed_values(
    want: DesiredObject, stored: Json, faults: list[InvalidValueError]
) -> Iterator[tuple[Field, Value, Value]]:
    """Yield each field that changes, with its canonical value before and after."""
    for item in want.entity.fields:
        if item.option not in want.values:
            continue
        wanted = want.values[item.option]
        before = item.codec.decode(get_path(stored, item.api))
        faults.extend(item.check(wanted, before, f"{want.path}.{item.where}"))
        after = item.codec.merge(wanted, before)
        if item.is_write_only:
            changes = is_empty(wanted) != is_empty(before) or (want.rewrite and not is_empty(wanted))
        else:
            changes = item.clean(after) != item.clean(before)
        if changes:
            faults.extend(_immutable_now(want, item, before, after, stored))
            yield item, before, after


def _immutable_now(
    want: DesiredObject, item: Field, before: Value, after: Value, stored: Json
) -> Iterator[InvalidValueError]:
    """Yield why a value cannot change while others refer to the object."""
    users = [joined(reference["to"]) for reference in stored.get(item.rules.immutable_while) or []]
    if users:
        yield InvalidValueError(
            f"{want.path}.{item.where}",
            f"{item.shown(before)} cannot be changed to {item.shown(after)} while "
            f"{item.rules.immutable_while.removesuffix('_back_refs').replace('_', '-')} {', '.join(users)} uses "
            f"{want.entity.kind} {joined(want.fq_name)}: delete that first, or give the new one another name",
        )


def _send_secrets_along(
    want: DesiredObject, stored: Json, properties: dict[str, Json], faults: list[InvalidValueError]
) -> None:
    """Send a secret again when the property that holds it is written; what was read is not the secret."""
    for item in want.entity.fields:
        if not item.is_write_only or item.api[0] not in properties or is_empty(get_path(stored, item.api)):
            continue
        if item.option in want.values:
            _set_property(properties, stored, item, want.values[item.option])
        else:
            faults.append(
                InvalidValueError(
                    f"{want.path}.{item.where}",
                    "is needed to change what is stored with it, for the server does not give it back",
                )
            )


def _check_together(want: DesiredObject, values: Mapping[str, Value], stored: Json, plan: Plan) -> None:
    """Hold all values that an object will have to what they must be together."""
    if want.entity.together is None:
        return
    result = {}
    for item in want.entity.fields:
        before = item.codec.decode(get_path(stored, item.api))
        result[item.option] = item.codec.merge(values[item.option], before) if item.option in values else before
    plan.faults.extend(want.entity.together(result, want.path))


def _set_property(properties: dict[str, Json], stored: Json, item: Field, value: Value) -> None:
    """Put a changed value into the properties of a PUT, each of which replaces the stored one whole.

    An emptied property is sent as null; it was stored, or nothing would have changed.
    """
    top = item.api[0]
    if top not in properties:
        properties[top] = copy.deepcopy(stored.get(top))
    if is_empty(value) and not top.endswith("_refs"):
        leaf = item.absence.cleared
    else:
        leaf = item.codec.encode(value, get_path(properties, item.api))
    if not isinstance(properties[top], dict) and len(item.api) > 1:
        properties[top] = {}
    set_path(properties, item.api, leaf)
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
    subject: Subject, reference: ReferenceField, faults: list[InvalidValueError]
) -> tuple[dict[str, Value], list[str]]:
    """Return the references to add, with their attribute, and those to take away.

    What is only superfluous stays where a daemon would put it back.
    """
    want, stored = subject.want, subject.stored
    if reference.option not in want.references and reference.option not in want.drops:
        return {}, []
    before = reference.decode(stored.get(reference.api))
    wanted = want.references.get(reference.option, {})
    drops = want.drops.get(reference.option, frozenset())
    given = reference.option in want.references
    exact = given and (not reference.many or reference.option in want.exact)
    attach = {
        name: reference.complete(attr, before.get(name))
        for name, attr in wanted.items()
        if name not in before or not reference.same(attr, before[name])
    }
    left = [name for name in before if name not in wanted]
    detach = [name for name in left if name in drops or (exact and not comes_back(subject, reference, name))]
    if reference.immutable and before and (attach or detach):
        faults.append(
            InvalidValueError(
                f"{want.path}.{reference.where}",
                f"{', '.join(before)} cannot be changed to {', '.join(wanted) or 'nothing'}: {reference.immutable}",
            )
        )
    return attach, detach


def _check_references(want: DesiredObject, stored: Json, snapshot: Snapshot, coming: set[Key], plan: Plan) -> None:
    """Note every object that is named and does not exist.

    What a stored reference points at exists; a name that is stored as text proves nothing.
    """
    needed: list[Reference] = []
    for item in want.entity.fields:
        if is_empty(want.values.get(item.option)):
            continue
        proven: set[FqName] = set()
        if item.api[0].endswith("_refs"):
            before = item.codec.decode(get_path(stored, item.api))
            proven = {reference.fq_name for reference in item.codec.references(before, "")}
        path = f"{want.path}.{item.where}"
        named = item.codec.references(want.values[item.option], path)
        needed += [reference for reference in named if reference.fq_name not in proven]
    for field_ in want.entity.references:
        proven_names = set(field_.decode(get_path(stored, [field_.api])))
        for index, name in enumerate(want.references.get(field_.option, {})):
            if name not in proven_names:
                place = f"[{index}].name" if field_.many else ""
                path = want.places.get(f"{field_.option} {name}", f"{want.path}.{field_.where}{place}")
                needed.append(Reference(field_.kind, split_name(field_.kind, name), path))
    if stored is None and want.entity.parent is not None and want.state == "present":
        needed.append(Reference(want.entity.parent, want.fq_name[:-1], f"{want.path}.name"))
    for reference in needed:
        key = (reference.kind, reference.fq_name)
        if key not in coming and snapshot.look(*key) is None:
            plan.missing.append(reference)


def _check_constraints(want: DesiredObject, snapshot: Snapshot, plan: Plan) -> None:
    for item in want.entity.fields:
        value = want.values.get(item.option)
        if item.rules.constraint is not None and not is_empty(value):
            plan.faults.extend(item.rules.constraint(value, snapshot.look, f"{want.path}.{item.where}"))


def stored_values(entity: Entity, stored: Json) -> dict[str, Value]:
    """Return what an object holds in declared fields, by option and without secrets."""
    shown: dict[str, Value] = {}
    for item in entity.fields:
        value = item.clean(item.codec.decode(get_path(stored, item.api)))
        if value is not None and not (item.absence.own_name and value == stored["fq_name"][-1]):
            shown[item.option] = item.shown(value)
    for reference in entity.references:
        targets = reference.decode(stored.get(reference.api))
        if targets:
            shown[reference.option] = reference.shown(targets)
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
