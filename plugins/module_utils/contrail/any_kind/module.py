# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible of the modules that take any kind of the schema.

Apart from :mod:`.module`, so that the modules of one kind do not carry the schema.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from ...values.option_spec import OptionSpec, OptionSpecs
from ..api.client import ApiClient
from ..codec.errors import InvalidConfigError, InvalidValueError
from ..kinds.config import Item, Task, parse_planned
from ..kinds.entity import Entity
from ..module import CONFIG_SPEC, CONNECTION_SPEC, SCOPE_SPEC, new_module, run_look, run_task
from ..schema.data import KINDS
from ..schema.kinds import SchemaScope, kind_named, reference_field
from .info import InfoRequest, read_objects
from .objects import ITEM_SPEC, ObjectParser, exposed_secrets, purged_kinds


def run_object_module() -> None:
    """Run the module that converges objects of any kind."""
    spec: OptionSpecs = {
        "kind": {"type": "str", "required": True},
        "config": {"type": "list", "elements": "dict", "required": True, "options": ITEM_SPEC},
        "update_password": {"type": "str", "choices": ["always", "on_create"], "default": "on_create", "no_log": False},
        **CONFIG_SPEC,
        **CONNECTION_SPEC,
    }
    run_task(new_module(spec), _prepare, _exposed)


def _exposed(params: Mapping[str, Any]) -> set[str]:
    with contextlib.suppress(InvalidConfigError):
        return exposed_secrets(_kind(params), params["config"])
    return set()


def _prepare(params: Mapping[str, Any], check: bool) -> tuple[Entity, list[Item], Task]:
    scope = SchemaScope(params["domain"], params["project"])
    kind = _kind(params)
    purge = purged_kinds(kind, params["purge_references"])
    parser = ObjectParser(kind, scope, params["unset"], purge, compare_secrets=params["update_password"] == "always")
    entity, items = parser.parse(params["config"], params["state"])
    planned = parse_planned(params["planned"], scope, tuple(KINDS))
    task = Task(
        state=params["state"],
        scope=scope,
        owner=params["owner"] or "",
        purge=frozenset(map(reference_field, purge)),
        planned=planned["present"],
        leaving=planned["absent"],
        force=params["force"],
        check=check,
    )
    return entity, items, task


def _kind(params: Mapping[str, Any]) -> str:
    try:
        return kind_named(params["kind"])
    except ValueError as error:
        raise InvalidConfigError([InvalidValueError("kind", str(error))]) from None


def run_info_module() -> None:
    """Run the module that reads objects of any kind."""
    names: OptionSpec = {"type": "list", "elements": "str"}
    spec: OptionSpecs = {
        "kind": {"type": "str", "required": True},
        "names": names,
        "uuids": names,
        "parent": {"type": "str"},
        "fields": {**names, "default": []},
        "children": {**names, "default": []},
        "back_references": {**names, "default": []},
        "filters": {"type": "dict", "default": {}},
        "count": {"type": "bool", "default": False},
        "as_config": {"type": "bool", "default": False},
        **SCOPE_SPEC,
        **CONNECTION_SPEC,
    }
    module = new_module(spec)

    def look(client: ApiClient) -> dict[str, Any]:
        params = module.params
        request = InfoRequest(
            kind=_kind(params),
            scope=SchemaScope(params["domain"], params["project"]),
            names=params["names"],
            uuids=params["uuids"],
            parent=params["parent"] or "",
            fields=params["fields"],
            children=params["children"],
            back_references=params["back_references"],
            filters=params["filters"],
            count=params["count"],
            as_config=params["as_config"],
        )
        return read_objects(client, request)

    run_look(module, look)
