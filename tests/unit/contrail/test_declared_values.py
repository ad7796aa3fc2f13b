# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any value of any field of any kind: what is written passes the schema, and is found to be so afterwards."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import InvalidConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import ENTITIES
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import Task, parse_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.entity import Entity
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.actions import Plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.desired import DesiredObject
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.plan import make_plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.snapshot import Snapshot
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from lab.contrail.schema import load_schema
from lab.contrail.validation import check_properties, check_references
from models.declared_values import items
from support.examples import examples

SCHEMA = load_schema()
KINDS = sorted(kind for kind, entity in ENTITIES.items() if entity.fields and kind != "port-tuple")
EXAMPLES = 16
Object = dict[str, Any]


def plan_of(entity: Entity, written: Object, stored: Object | None) -> Plan:
    """Plan one item by itself; objects that it refers to are taken to be there."""
    (item,) = parse_config(entity, [written], Scope())
    want = DesiredObject(
        entity, item.fq_name, item.path, values=item.values, references=item.references, exact=item.exact
    )
    snapshot = Snapshot()
    snapshot.add({want.key: stored})
    return make_plan([want], snapshot, Task())


def stored_after(entity: Entity, plan: Plan, stored: Object | None) -> Object | None:
    """Do what a plan says, as the server would, with the lab's checks of what is sent."""
    kind = SCHEMA.kinds[entity.kind]
    after = copy.deepcopy(stored)
    for action in plan.actions:
        payload = copy.deepcopy(action.payload)
        if action.verb == "create":
            check_properties(SCHEMA, kind, payload, creating=True)
            check_references(SCHEMA, kind, payload)
            after = {**payload, "uuid": "u"}
            continue
        assert after is not None
        if action.verb == "update":
            check_properties(SCHEMA, kind, payload, creating=False)
            for name, value in payload.items():
                assert value is not None or after.get(name) is not None, "null for nothing would be stored"
                after[name] = value
        elif action.verb == "annotate":
            pairs = {
                pair["key"]: pair["value"] for pair in (after.get(payload["field"]) or {}).get("key_value_pair", [])
            }
            pairs = {key: text for key, text in {**pairs, **payload["set"]}.items() if key not in payload["delete"]}
            after[payload["field"]] = {"key_value_pair": [{"key": k, "value": v} for k, v in sorted(pairs.items())]}
        else:
            field = f"{payload['kind'].replace('-', '_')}_refs"
            others = [reference for reference in after.get(field) or [] if reference["to"] != payload["name"]]
            new = [{"to": payload["name"], "attr": payload["attr"]}] if action.verb == "attach" else []
            check_references(SCHEMA, kind, {field: new})
            after[field] = others + new
    return after


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_compares_equal_when_it_is_read_back(kind: str) -> None:
    entity = ENTITIES[kind]

    @examples(EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(st.lists(items(entity), min_size=2, max_size=2))
    def check(steps: list[Object]) -> None:
        stored: Object | None = None
        for written in steps:
            try:
                plan = plan_of(entity, written, stored)
            except InvalidConfigError as error:
                assume("already" not in str(error) and "not both" not in str(error))
                raise
            assume(not plan.faults)
            stored = stored_after(entity, plan, stored)
            again = plan_of(entity, written, stored)
            assert again.actions == []
            assert not again.faults

    check()


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_can_be_unset_and_stays_unset(kind: str) -> None:
    entity = ENTITIES[kind]
    options = [field.option for field in entity.fields if not (field.needed or field.internal or field.required)]
    clearable = [
        option for option in options if not next(f for f in entity.fields if f.option == option).rules.immutable
    ]

    @examples(EXAMPLES // 2, suppress_health_check=list(HealthCheck))
    @given(items(entity))
    def check(written: Object) -> None:
        try:
            plan = plan_of(entity, written, None)
        except InvalidConfigError:
            assume(False)
        assume(not plan.faults)
        stored = stored_after(entity, plan, None)
        unset = {"name": "n", "unset": clearable}
        stored = stored_after(entity, plan_of(entity, unset, stored), stored)
        assert plan_of(entity, unset, stored).actions == []

    check()
