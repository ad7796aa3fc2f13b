# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to empty a value, for every field of every kind: it works, or is refused with its path."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.objects import (
    ObjectParser,
    schema_entity,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import (
    InvalidConfigError,
    InvalidValueError,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import ENTITIES
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import Task
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.entity import Entity
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.actions import Plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.desired import DesiredObject
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.plan import make_plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.snapshot import Snapshot
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.data import (
    KINDS as SCHEMA_KINDS,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.kinds import (
    SchemaScope,
    properties_of,
)
from models.declared_values import full_item
from models.schema_values import SCHEMA, sample_property
from unit.contrail.test_declared_values import KINDS, Object, plan_of, stored_after

GOING_TOGETHER: dict[str, Object] = {
    "virtual-network": {"flat_ipams": ["b"], "route_targets": [], "import_route_targets": ["64512:2"]},
    "service-health-check": {"type": "vn-ip-list", "target": "10.0.0.9", "all_addresses": False},
}
"""Values of kinds that what is drawn for their other fields allows."""

Path = tuple[str | int, ...]
NOTHINGS: tuple[Any, ...] = ("", [], {}, None)


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of everything inside a value."""
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, content in inner:
        yield (*path, key)
        yield from paths(content, (*path, key))


def value_at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def with_value(value: Any, path: Path, new: Any) -> Any:
    """Return a copy of a value with another one at a path."""
    changed = copy.deepcopy(value)
    value_at(changed, path[:-1])[path[-1]] = new
    return changed


def accepted(entity: Entity, written: Object) -> Object | None:
    """Return an item as the module gets it, None where Ansible itself refuses it."""
    options = {"config": {"type": "list", "elements": "dict", "options": entity.item_spec()}}
    result = ArgumentSpecValidator(options).validate({"config": [copy.deepcopy(written)]})
    return None if result.error_messages else result.validated_parameters["config"][0]


def emptied_items(full: Object) -> Iterator[tuple[Path, Any, Object]]:
    """Yield items that empty one value each, with the path of what is emptied and what is put in its place."""
    for option in full:
        if option != "name":
            yield (option,), "", {"name": "n", "unset": [option]}
    for path in paths(full):
        if path[0] == "name":
            continue
        for nothing in NOTHINGS:
            option = str(path[0])
            yield path, nothing, {"name": "n", option: with_value(full, path, nothing)[option]}


def leaving_alone(entity: Entity) -> list[tuple[Path, Any]]:
    """Return what empties nothing: lists that only add, the one value there is, and a text for Ansible."""
    adding: list[tuple[Path, Any]] = [((item.option,), []) for item in entity.references if item.many]
    return [*adding, (("authentication", "type"), ""), (("password",), [])]


@pytest.mark.parametrize("kind", KINDS)
def test_every_way_to_empty_a_value_works_or_is_refused_with_its_path(kind: str) -> None:
    entity = ENTITIES[kind]
    full = {**full_item(entity), **GOING_TOGETHER.get(kind, {})}
    whole = accepted(entity, full)
    assert whole is not None
    plan = plan_of(entity, whole, None)
    assert not plan.faults
    stored = stored_after(entity, plan, None)
    for path, nothing, written in emptied_items(full):
        item = accepted(entity, written)
        if item is None:
            continue
        try:
            plan = plan_of(entity, item, stored)
        except InvalidConfigError as error:
            plan = Plan(faults=[InvalidValueError(fault.path, fault.text) for fault in error.faults])
        if plan.faults:
            assert all(fault.path.startswith("config[0].") for fault in plan.faults), plan.faults
            continue
        if nothing in ("", []) and (path, nothing) not in leaving_alone(entity):
            assert plan.actions or not full[str(path[0])], f"{written} does nothing"
        after = stored_after(entity, plan, stored)
        assert not plan_of(entity, item, after).actions, written


ONE_VALUE = {"attachment_address", "host_based_service_type", "address_mode"}
"""Fields with one value, which is the default, so that emptying it changes nothing."""


def planned(kind: str, name: str, written: Object, stored: Object | None) -> tuple[Entity, Plan]:
    """Plan one object of any kind by itself, for one of its properties; raises InvalidConfigError."""
    parser = ObjectParser(kind, SchemaScope(), [], [], compare_secrets=False)
    _unused, (item,) = parser.parse([written], "present")
    needless = {reference.option for reference in item.entity.references} if item.entity else set()
    entity = replace(schema_entity(kind, [name], []), parent_kind=item.entity.parent if item.entity else None)
    assert not needless & item.references.keys()
    snapshot = Snapshot()
    snapshot.add({(kind, item.fq_name): stored})
    return entity, make_plan([DesiredObject(entity, item.fq_name, item.path, values=item.values)], snapshot, Task())


def depth(kind: str) -> int:
    """Return how many parts the names of a kind have."""
    parents = SCHEMA_KINDS[kind]["parents"]
    return 1 if not parents or parents[0] is None else 1 + depth(parents[0])


def named(kind: str, **given: Any) -> Object:
    """Return an item for an object of a kind, under the first parent that it can have."""
    parents = SCHEMA_KINDS[kind]["parents"]
    name = "64512:1" if kind == "route-target" else "n"
    if not parents or parents[0] is None:
        return {"name": name, **given}
    parent = {"kind": parents[0], "name": ":".join("abcdefgh"[: depth(parents[0])])}
    return {"name": name, "parent": parent, **given}


def emptied_objects(kind: str, name: str, full: Any) -> Iterator[tuple[Path, str, Any, Object]]:
    """Yield objects that empty one value of a property each: path, way, what takes its place, the object."""
    for path in ((), *paths(full)):
        place = (name, *path)
        if not any(isinstance(key, int) for key in path):
            yield place, "unset", "", named(kind, unset=[".".join(map(str, place))])
        for nothing in NOTHINGS:
            yield place, "given", nothing, named(kind, properties=with_value({name: full}, place, nothing))


Trial = tuple[Path, str, str]


def without_effect(kind: str, name: str, variant: int, trials: set[Trial] | None = None) -> set[Trial]:
    """Empty everything inside a property in every way; return what of it was accepted and changed nothing.

    With ``trials`` only these are tried.
    """
    full = sample_property(SCHEMA.kinds[kind], name, variant)
    entity, plan = planned(kind, name, named(kind, properties={name: full}), None)
    stored = stored_after(entity, plan, None)
    found = set()
    for path, way, nothing, written in emptied_objects(kind, name, full):
        trial = (path, way, str(nothing))
        if trials is not None and trial not in trials:
            continue
        try:
            entity, plan = planned(kind, name, written, stored)
        except InvalidConfigError as error:
            plan = Plan(faults=[InvalidValueError(fault.path, fault.text) for fault in error.faults])
        if plan.faults:
            assert all(fault.path.startswith("config[0].") for fault in plan.faults), plan.faults
            continue
        if nothing in ("", []) and not plan.actions:
            found.add(trial)
        if not plan.actions:
            continue
        after = stored_after(entity, plan, stored)
        assert not planned(kind, name, written, after)[1].actions, f"{kind}: {written}"
    return found


@pytest.mark.parametrize("kind", sorted(SCHEMA_KINDS))
def test_every_property_of_any_kind_is_emptied_or_refuses_it_with_its_path(kind: str) -> None:
    writable = properties_of(kind).keys() - set(SCHEMA_KINDS[kind]["read_only"])
    if kind != "project":  # What all kinds have is looked at once.
        writable -= {"id_perms", "perms2", "annotations", "display_name"}
    for name in sorted(writable):
        found = without_effect(kind, name, 0)
        found = without_effect(kind, name, 1, found) if found else found
        assert not [trial for trial in found if trial[0][-1] not in ONE_VALUE]
