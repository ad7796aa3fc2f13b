# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible of the modules that talk to a router: options in, result or one line of failure out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx import apply, xml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx import session as wire
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.field import (
    ConfigError,
    specifications,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.filter import (
    filter_options,
    term_options,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.operational import (
    parse_instances,
    parse_version,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import (
    STATES,
    Plan,
    Request,
    parse_request,
    render,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.routes import (
    absent_table,
    parse_routes,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import (
    Connection,
    RouterError,
    Session,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.vrf import VRF_FIELDS
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.xml import element

LOG_MAX = 400
"""Characters of a commit comment: Junos keeps 512, and the token that finds a lost commit stands behind
it."""

CONFIRM_MAX = 65535

CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "host": {"type": "str", "fallback": (env_fallback, ["VMX_HOST"])},
    "port": {"type": "int", "default": 830, "fallback": (env_fallback, ["VMX_PORT"])},
    "user": {"type": "str", "fallback": (env_fallback, ["VMX_USER"])},
    "password": {"type": "str", "no_log": True, "fallback": (env_fallback, ["VMX_PASSWORD"])},
    "ssh_private_key_file": {
        "type": "path",
        "no_log": False,
        "fallback": (env_fallback, ["VMX_SSH_PRIVATE_KEY_FILE"]),
    },
    "known_hosts_file": {"type": "path", "fallback": (env_fallback, ["VMX_KNOWN_HOSTS_FILE"])},
    "host_key_checking": {
        "type": "bool",
        "default": True,
        "fallback": (env_fallback, ["VMX_HOST_KEY_CHECKING"]),
    },
    "timeout": {"type": "int", "default": 120, "fallback": (env_fallback, ["VMX_TIMEOUT"])},
    "connect_timeout": {"type": "int", "default": 30, "fallback": (env_fallback, ["VMX_CONNECT_TIMEOUT"])},
}

COMMIT_OPTIONS: dict[str, dict[str, Any]] = {
    "comment": {"type": "str", "default": apply.CommitOrder.comment},
    "check_only": {"type": "bool", "default": False},
    "confirmed": {"type": "int"},
    "synchronize": {"type": "bool", "default": False},
}

VRF_OPTIONS: dict[str, dict[str, Any]] = {
    "config": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            **specifications(VRF_FIELDS),
            "steering": {"type": "list", "elements": "dict", "options": term_options()},
        },
    },
    "filters": {"type": "list", "elements": "dict", "options": filter_options()},
    "state": {"type": "str", "choices": list(STATES), "default": "merged"},
    "commit": {"type": "dict", "options": COMMIT_OPTIONS},
    "lock_timeout": {"type": "int", "default": 30},
}

INFO_OPTIONS: dict[str, dict[str, Any]] = {
    "gather": {
        "type": "list",
        "elements": "str",
        "choices": ["routes", "instances", "version", "commits"],
        "default": ["routes"],
    },
    "tables": {"type": "list", "elements": "str"},
}


def vrf_main() -> None:
    """Run the module ``vmx_vrf``."""
    module = AnsibleModule(argument_spec={**CONNECTION_OPTIONS, **VRF_OPTIONS}, supports_check_mode=True)
    _run(module, converge_vrfs)


def info_main() -> None:
    """Run the module ``vmx_info``."""
    module = AnsibleModule(argument_spec={**CONNECTION_OPTIONS, **INFO_OPTIONS}, supports_check_mode=True)
    _run(module, gather_facts)


def _run(module: AnsibleModule, work: Callable[[AnsibleModule], dict[str, Any]]) -> None:
    for library, trace in (
        ("junos-eznc", wire.PYEZ_IMPORT_ERROR),
        ("lxml", xml.LXML_IMPORT_ERROR),
        ("jxmlease", xml.JXMLEASE_IMPORT_ERROR),
    ):
        if trace:
            module.fail_json(msg=missing_required_lib(library), exception=trace)
    try:
        result = work(module)
    except ConfigError as error:
        module.fail_json(msg=str(error), path=error.path)
    except apply.UnconfirmedError as error:
        module.fail_json(msg=str(error), changed=True)
    except RouterError as error:
        module.fail_json(msg=str(error))
    else:
        module.exit_json(**result)


def connection_of(params: dict[str, Any]) -> Connection:
    """Return where to connect; the host is all that must be known."""
    if not params.get("host"):
        raise ConfigError("host", "is needed: the option, ansible_host in the inventory, or VMX_HOST")
    return Connection(**{name: params[name] for name in CONNECTION_OPTIONS})


def converge_vrfs(module: AnsibleModule) -> dict[str, Any]:
    """Carry out ``vmx_vrf`` and return its result."""
    params = module.params
    request = parse_request(params["state"], params["config"], params["filters"])
    order = _commit_order(params)
    if request.state == "rendered":
        return {"changed": False, "rendered": xml.to_text(render(request))}
    connection = connection_of(params)

    def sessions() -> AbstractContextManager[Session]:
        return wire.open_session(connection)

    if request.state == "gathered":
        found, rpcs = apply.gathered(sessions, request)
        return {"changed": False, "gathered": found, "rpcs": rpcs, "requests": len(rpcs)}
    outcome = apply.converge(sessions, request, order, check_mode=module.check_mode)
    for warning in (*outcome.planned.warnings, *outcome.warnings):
        module.warn(warning)
    return vrf_result(request, outcome)


def vrf_result(request: Request, outcome: apply.Outcome) -> dict[str, Any]:
    """Return the result of a state that compares with the router."""
    planned = outcome.planned
    result: dict[str, Any] = {
        "changed": outcome.changed,
        "before": planned.before,
        "after": planned.after,
        "commits": outcome.commits,
        "rpcs": outcome.rpcs,
        "requests": len(outcome.rpcs),
    }
    if request.state != "deleted":
        result["unmanaged"] = planned.unmanaged
    if outcome.diff:
        result["diff"] = {"prepared": outcome.diff + "\n"}
    elif outcome.changed:
        result["diff"] = computed_difference(planned)
    return result


def computed_difference(planned: Plan) -> dict[str, dict[str, list[Any]]]:
    """Return what differs between before and after, for a check mode that got no comparison from the
    router."""
    before, after = planned.before, planned.after
    return {
        "before": {kind: [one for one in before[kind] if one not in after[kind]] for kind in before},
        "after": {kind: [one for one in after[kind] if one not in before[kind]] for kind in after},
    }


def _commit_order(params: dict[str, Any]) -> apply.CommitOrder:
    given = {name: value for name, value in (params["commit"] or {}).items() if value is not None}
    order = apply.CommitOrder(**given, lock_timeout=params["lock_timeout"])
    if len(order.comment) > LOG_MAX or "\n" in order.comment:
        raise ConfigError("commit.comment", f"is one line of at most {LOG_MAX} characters")
    if order.confirmed is not None and not 1 <= order.confirmed <= CONFIRM_MAX:
        raise ConfigError("commit.confirmed", f"is a number of minutes from 1 to {CONFIRM_MAX}")
    if order.confirmed is not None and order.check_only:
        raise ConfigError("commit.confirmed", "has no meaning with check_only, which commits nothing")
    if order.lock_timeout < 0:
        raise ConfigError("lock_timeout", "is a number of seconds, 0 for a single try")
    return order


def gather_facts(module: AnsibleModule) -> dict[str, Any]:
    """Carry out ``vmx_info`` and return its result."""
    params = module.params
    wanted = params["gather"]
    found: dict[str, Any] = {"changed": False}
    with wire.open_session(connection_of(params)) as session:
        if "routes" in wanted:
            found["route_tables"] = route_tables(session, params["tables"])
        if "instances" in wanted:
            found["instances"] = parse_instances(
                session.ask(element("get-instance-information"), "read the routing instances")
            )
        if "version" in wanted:
            found["version"] = parse_version(
                session.ask(element("get-software-information"), "read the software version")
            )
        if "commits" in wanted:
            found["commits"] = [asdict(one) for one in session.commits()]
    for warning in session.warnings:
        module.warn(warning)
    return {**found, "requests": len(session.rpcs)}


def route_tables(session: Session, names: Sequence[str] | None) -> dict[str, dict[str, Any]]:
    """Return routing tables by name: those named, in one request each, or all."""
    if names is None:
        return parse_routes(session.ask(element("get-route-information"), "read the routing tables"))
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        request = element("get-route-information", element("table", text=name))
        tables = parse_routes(session.ask(request, f"read routing table {name}"))
        found[name] = tables.get(name, absent_table())
    return found
