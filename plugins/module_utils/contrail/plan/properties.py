# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Properties that change: what is sent, and why some cannot."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

from ..codec.codec import get_path, is_empty, set_path
from ..codec.errors import InvalidValueError
from ..codec.field import Field
from ..codec.scope import Json, Value
from ..codec.values import joined
from .actions import Plan
from .desired import DesiredObject


def changed_values(
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


def send_secrets_along(
    want: DesiredObject, stored: Json, properties: dict[str, Json], faults: list[InvalidValueError]
) -> None:
    """Send a secret again when the property that holds it is written; what was read is not the secret."""
    for item in want.entity.fields:
        if not item.is_write_only or item.api[0] not in properties or is_empty(get_path(stored, item.api)):
            continue
        if item.option in want.values:
            set_property(properties, stored, item, want.values[item.option])
        else:
            faults.append(
                InvalidValueError(
                    f"{want.path}.{item.where}",
                    "is needed to change what is stored with it, for the server does not give it back",
                )
            )


def check_together(want: DesiredObject, values: Mapping[str, Value], stored: Json, plan: Plan) -> None:
    """Hold all values that an object will have to what they must be together."""
    if want.entity.together is None:
        return
    result = {}
    for item in want.entity.fields:
        before = item.codec.decode(get_path(stored, item.api))
        result[item.option] = item.codec.merge(values[item.option], before) if item.option in values else before
    plan.faults.extend(want.entity.together(result, want.path))


def set_property(properties: dict[str, Json], stored: Json, item: Field, value: Value) -> None:
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


def map_update(item: Field, before: Value, after: Value) -> Json:
    """Return the single keys to set and to delete; nobody else's keys are written."""
    old, new = item.codec.clean(before), item.codec.clean(after)
    return {
        "field": item.api[0],
        "set": {key: text for key, text in new.items() if old.get(key) != text},
        "delete": [key for key in old if key not in new],
    }
