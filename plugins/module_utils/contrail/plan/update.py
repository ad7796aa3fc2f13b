# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects that exist: what changes of their properties and references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..codec.codec import Pairs
from ..codec.errors import InvalidValueError
from ..codec.scope import Json, Value
from ..codec.values import joined, split_name
from ..kinds.entity import ReferenceField
from .actions import ATTACH, CLEAR, DETACH, FREE, UPDATE, Action, Change, Plan
from .daemon_owned import Subject, comes_back
from .desired import DesiredObject
from .properties import changed_values, check_together, map_update, send_secrets_along, set_property


def plan_update(subject: Subject, plan: Plan) -> None:
    """Plan what changes of an object that exists."""
    want, stored = subject.want, subject.stored
    kind, fq_name = want.key
    uuid = stored["uuid"]
    level = CLEAR if want.leaving else UPDATE
    before: dict[str, Value] = {}
    after: dict[str, Value] = {}
    properties: dict[str, Json] = {}
    for item, old, new in changed_values(want, stored, plan.faults):
        before[item.option], after[item.option] = item.shown(old), item.shown(new)
        if isinstance(item.codec, Pairs):
            plan.actions.append(Action(level + 1, "annotate", kind, fq_name, uuid, map_update(item, old, new)))
        else:
            set_property(properties, stored, item, new)
    send_secrets_along(want, stored, properties, plan.faults)
    if before:
        check_together(want, want.values, stored, plan)
    if properties:
        plan.actions.append(Action(level, "update", kind, fq_name, uuid, properties))
    for reference in want.entity.references:
        attach, detach = _changed_references(subject, reference, plan.faults)
        if attach or detach:
            old_references = reference.decode(stored.get(reference.api))
            before[reference.option] = reference.shown(old_references)
            kept = {name: attr for name, attr in old_references.items() if name not in detach}
            after[reference.option] = reference.shown({**kept, **attach})
            plan.actions += _reference_actions(want, stored, reference, attach, detach)
    changed = bool(before or after)
    if changed or want.state == "present":
        plan.changes.append(Change(kind, fq_name, uuid, "updated" if changed else "unchanged", before, after))


def _reference_actions(
    want: DesiredObject, stored: Json, reference: ReferenceField, attach: Mapping[str, Value], detach: Iterable[str]
) -> Iterator[Action]:
    """Yield what takes references away and adds others."""
    attrs = {joined(item["to"]): item.get("attr") for item in stored.get(reference.api) or []}
    for name in detach:
        payload = {"kind": reference.kind, "name": list(split_name(reference.kind, name)), "attr": None}
        yield Action(DETACH if reference.many else FREE, "detach", *want.key, stored["uuid"], payload)
    for name, attr in attach.items():
        payload = {
            "kind": reference.kind,
            "name": list(split_name(reference.kind, name)),
            "attr": reference.encode(attr, attrs.get(name)),
        }
        yield Action(ATTACH, "attach", *want.key, stored["uuid"], payload)


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
