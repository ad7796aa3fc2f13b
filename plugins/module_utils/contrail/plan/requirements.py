# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an object needs beside itself: objects that it names, and what only the server's state can tell."""

from __future__ import annotations

from ..codec.codec import get_path, is_empty
from ..codec.scope import Json, Reference
from ..codec.values import FqName, split_name
from ..kinds.config import Key
from .actions import Plan
from .desired import DesiredObject
from .snapshot import Snapshot


def check_references(want: DesiredObject, stored: Json, snapshot: Snapshot, coming: set[Key], plan: Plan) -> None:
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


def check_constraints(want: DesiredObject, snapshot: Snapshot, plan: Plan) -> None:
    """Note what the server's state tells against a value."""
    for item in want.entity.fields:
        value = want.values.get(item.option)
        if item.rules.constraint is not None and not is_empty(value):
            plan.faults.extend(item.rules.constraint(value, snapshot.look, f"{want.path}.{item.where}"))
