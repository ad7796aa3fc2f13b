# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible: options in, one result or one line of failure out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib
from ansible.module_utils.common.yaml import HAS_YAML, yaml_dump

from ..collection_module import CollectionModule, unexpected
from ..values.option_spec import OptionSpec, OptionSpecs
from ..values.plain_text import on_one_line, place_unwritable
from .api.client import ApiClient
from .api.login import BasicLogin, Login, NoLogin, TokenLogin, is_v2, keystone_login
from .api.transport import HAS_REQUESTS, MEGABYTE, REQUESTS_IMPORT_ERROR, HttpSettings, RequestsTransport
from .codec.errors import ContrailError, InvalidConfigError, InvalidValueError
from .codec.scope import Scope
from .codec.values import joined
from .converge import Convergence
from .kinds import ENTITIES
from .kinds.config import Item, Task, check_purge, parse_config, parse_planned
from .kinds.entity import Entity
from .plan.actions import Change, changes_by_object
from .waits.wait_option import Waiting


def _from_environment(*names: str) -> OptionSpec:
    return {"type": "str", "fallback": (env_fallback, list(names))}


CONNECTION_SPEC: OptionSpecs = {
    "api_url": {
        "type": "list",
        "elements": "str",
        "required": True,
        "fallback": (env_fallback, ["CONTRAIL_API_URL"]),
    },
    "auth": {"type": "str", "choices": ["none", "basic", "keystone"], "default": "none"},
    "username": _from_environment("OS_USERNAME"),
    "password": _from_environment("OS_PASSWORD") | {"no_log": True},
    "project_name": _from_environment("OS_PROJECT_NAME", "OS_TENANT_NAME"),
    "user_domain_name": _from_environment("OS_USER_DOMAIN_NAME") | {"default": "Default"},
    "project_domain_name": _from_environment("OS_PROJECT_DOMAIN_NAME") | {"default": "Default"},
    "auth_url": _from_environment("OS_AUTH_URL"),
    "token": _from_environment("OS_TOKEN") | {"no_log": True},
    "application_credential_id": _from_environment("OS_APPLICATION_CREDENTIAL_ID"),
    "application_credential_secret": _from_environment("OS_APPLICATION_CREDENTIAL_SECRET") | {"no_log": True},
    "ca_file": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "timeout": {"type": "int", "default": 60},
    "reply_limit": {"type": "int", "default": 64},
    "parallel": {"type": "int", "default": 8},
}

LONGEST_TIMEOUT = 86400
"""Seconds; nobody waits for a reply for more than a day, and sockets take no number that is much greater."""

LARGEST_REPLY = 2**20
"""Megabytes; more than any machine holds."""

SCOPE_SPEC: OptionSpecs = {
    "domain": {"type": "str", "default": "default-domain"},
    "project": {"type": "str", "default": "default-project"},
}

CONFIG_SPEC: OptionSpecs = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    **SCOPE_SPEC,
    "planned": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "kind": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
    },
    "purge_references": {"type": "list", "elements": "str", "default": []},
    "unset": {"type": "list", "elements": "str", "default": []},
    "owner": {"type": "str"},
    "force": {"type": "bool", "default": False},
}


Preparation = Callable[[Mapping[str, Any], bool], tuple[Entity, list[Item], Task]]
"""Reads a module's options; the flag says that it only checks. Raises ContrailError."""


TUPLES_SPEC: OptionSpecs = {option: {"type": "bool", "default": False} for option in ("sweep_orphans", "move_ports")}


def run_config_module(entity: Entity, wait_for: str = "", more: OptionSpecs | None = None) -> None:
    """Run a module that converges objects of one kind.

    ``wait_for`` names what the module's ``wait`` option can wait for; without it there is no such option.
    ``more`` is the spec of options that only this module has.
    """
    spec: OptionSpecs = {
        "config": {"type": "list", "elements": "dict", "required": True, "options": entity.item_spec()},
        **CONFIG_SPEC,
        **CONNECTION_SPEC,
        **(more or {}),
    }
    if wait_for:
        spec["wait"] = {
            "type": "dict",
            "options": {
                "for": {"type": "str", "choices": [wait_for], "default": wait_for},
                "timeout": {"type": "float", "default": 60},
                "interval": {"type": "float", "default": 1},
            },
        }

    def prepare(params: Mapping[str, Any], check: bool) -> tuple[Entity, list[Item], Task]:
        scope = Scope(params["domain"], params["project"])
        items = parse_config(entity, params["config"], scope, params["unset"])
        return entity, items, task_of(entity, params, scope, tuple(ENTITIES), check=check)

    run_task(new_module(spec), prepare)


def task_of(entity: Entity, params: Mapping[str, Any], scope: Scope, kinds: Sequence[str], *, check: bool) -> Task:
    """Return what the options of a module ask of all items alike; ``kinds`` are those that can be planned."""
    planned = parse_planned(params["planned"], scope, kinds)
    return Task(
        state=params["state"],
        scope=scope,
        owner=params["owner"] or "",
        purge=check_purge(entity, params["purge_references"]),
        planned=planned["present"],
        leaving=planned["absent"],
        force=params["force"],
        check=check,
        sweep_orphans=params.get("sweep_orphans", False),
        move_ports=params.get("move_ports", False),
    )


def _refuse_unwritable(config: Any) -> None:
    """Raise InvalidConfigError for a character that the API's stores cannot keep, wherever it stands."""
    place = place_unwritable(config, "config")
    if place is not None:
        path, found = place
        raise InvalidConfigError(
            [InvalidValueError(path, f"has the character {found}, which Contrail cannot keep; leave it out")]
        )


def run_task(
    module: AnsibleModule, prepare: Preparation, exposed: Callable[[Mapping[str, Any]], set[str]] | None = None
) -> None:
    """Converge the items that ``prepare`` reads from the options, then end the module.

    ``exposed`` finds secrets in the options that Ansible would not mask.
    """
    convergence: Convergence | None = None
    client: ApiClient | None = None
    try:
        params = module.params
        if exposed is not None:
            module.no_log_values.update(exposed(params))
        _refuse_unwritable(params["config"])
        entity, items, task = prepare(params, module.check_mode)
        client = connect(params)
        waiting = Waiting(client, items, params["wait"], module.log) if params.get("wait") else None
        settle = waiting.settle if waiting is not None and task.state == "present" else None
        also_read = waiting.fields if waiting is not None else {}
        convergence = Convergence(client, entity, items, task, settle=settle, also_read=also_read)
        changes = convergence.run()
        for text in convergence.warnings:
            module.warn(text)
        result = _result(module, changes)
        if waiting is not None and not module.check_mode:
            kept = {change.fq_name for change in changes if change.action == "kept"}
            result.update(waiting.finish(task.state, convergence.snapshot, kept, convergence.fields))
        module.exit_json(**result, requests=client.requests)
    except ContrailError as error:
        fail(module, str(error), error.facts(), client, convergence)
    except Exception as error:
        fail(module, unexpected(error), {}, client, convergence)


def run_look(module: AnsibleModule, look: Callable[[ApiClient], dict[str, Any]]) -> None:
    """Connect, look, and end the module with what ``look`` returns; whatever goes wrong is one line.

    Each of ``errors`` in the result is a line of a failure.
    """
    client: ApiClient | None = None
    try:
        client = connect(module.params)
        result = {**look(client), "changed": False, "requests": client.requests}
    except InvalidValueError as error:
        fail(module, on_one_line(str(error)), {}, client, None)
    except ContrailError as error:
        fail(module, str(error), error.facts(), client, None)
    except Exception as error:
        fail(module, unexpected(error), {}, client, None)
    if result.get("errors"):
        module.fail_json(msg="\n".join(result["errors"]), **result)
    module.exit_json(**result)


def connect(params: Mapping[str, Any]) -> ApiClient:
    """Return a client for a task's connection options; raises ContrailError for options that do not fit."""
    urls = [url.strip() for url in params["api_url"] if url.strip()]
    for url in urls:
        if not url.startswith(("http://", "https://")):
            raise ContrailError(f"api_url: '{url}' is not a URL: write it as in http://HOST:8082")
        if "@" in url:
            # Not shown, for what stands before the @ is mostly a password.
            raise ContrailError("api_url: give credentials in username and password, not in the URL")
    if not urls:
        raise ContrailError("api_url is empty: give the config API's URL, as in http://HOST:8082")
    for option, most in (("timeout", LONGEST_TIMEOUT), ("reply_limit", LARGEST_REPLY)):
        if not 1 <= params[option] <= most:
            raise ContrailError(f"{option}: {params[option]} is out of range, give a number from 1 to {most}")
    settings = HttpSettings(
        timeout=params["timeout"],
        longest_reply=params["reply_limit"] * MEGABYTE,
        connections=params["parallel"],
        validate_certs=params["validate_certs"],
        ca_file=params["ca_file"] or "",
        client_cert=params["client_cert"] or "",
        client_key=params["client_key"] or "",
    )
    return ApiClient(
        urls, RequestsTransport(settings), _login(params), parallel=params["parallel"], patience=params["timeout"]
    )


def _login(params: Mapping[str, Any]) -> Login:
    if params["auth"] == "none":
        return NoLogin()
    if params["auth"] == "basic":
        _need(params, "username", "password")
        return BasicLogin(params["username"], params["password"])
    if params["token"]:
        return TokenLogin(params["token"])
    _need(params, "auth_url")
    credential = params["application_credential_id"] and not is_v2(params["auth_url"])
    _need(
        params,
        *(["application_credential_secret"] if credential else ["username", "password", "project_name"]),
    )
    return keystone_login(
        params["auth_url"],
        username=params["username"] or "",
        password=params["password"] or "",
        project_name=params["project_name"] or "",
        user_domain_name=params["user_domain_name"],
        project_domain_name=params["project_domain_name"],
        application_credential_id=params["application_credential_id"] or "",
        application_credential_secret=params["application_credential_secret"] or "",
    )


def _need(params: Mapping[str, Any], *names: str) -> None:
    """Check that options of a way to log in are given."""
    for name in names:
        if not params[name]:
            raise ContrailError(
                f"auth is {params['auth']}, which needs {name}: give it, or set the environment variable "
                f"OS_{name.upper()}"
            )


def new_module(spec: OptionSpecs) -> AnsibleModule:
    """Return the module of a task; ends it where a Python package is missing."""
    module = CollectionModule(argument_spec=spec, supports_check_mode=True)
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    return module


def _result(module: AnsibleModule, changes: Sequence[Change]) -> dict[str, Any]:
    before, after = changes_by_object(changes)
    result: dict[str, Any] = {
        "changed": bool(before),
        "objects": [_shown(change) for change in changes],
        "before": before,
        "after": after,
    }
    if module._diff:
        result["diff"] = {"before": _as_yaml(before), "after": _as_yaml(after)}
    return result


def _shown(change: Change) -> dict[str, str]:
    return {
        "kind": change.kind,
        "fq_name": joined(change.fq_name),
        "uuid": change.uuid,
        "action": change.action,
    }


def _as_yaml(objects: Mapping[str, Any]) -> Any:
    """Return objects as YAML text, without those that are not there."""
    # Through JSON, or values that are one object would come out as YAML anchors and aliases.
    there = {name: json.loads(json.dumps(values)) for name, values in objects.items() if values is not None}
    if not there:
        return ""
    return yaml_dump(there, default_flow_style=False, sort_keys=False) if HAS_YAML else there


def fail(
    module: AnsibleModule,
    message: str,
    facts: Mapping[str, Any],
    client: ApiClient | None,
    convergence: Convergence | None,
) -> None:
    """Fail in one line; what had already been written is in the result."""
    written = convergence.written if convergence is not None else []
    module.fail_json(
        msg=message,
        **facts,
        changed=any(change.action != "unchanged" for change in written),
        objects=[_shown(change) for change in written],
        requests=client.requests if client is not None else 0,
    )
