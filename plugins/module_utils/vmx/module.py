# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible of the modules that talk to a router: options in, result or one line of failure out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib

from ..collection_module import CollectionModule, unexpected
from ..values.handover import KEY, HandoverError, handed_over
from ..values.option_spec import OptionSpecs
from ..values.plain_text import place_unwritable, unwritable
from . import information
from .commit import apply, pending_commit
from .commit.checks import CHECK_OPTIONS, parse_checks
from .commit.confirmation import UnconfirmedError
from .model.field import ConfigError, checked, specifications
from .model.filter import filter_options, term_options
from .model.peering import GROUP_FIELDS, NEXT_HOP_FAMILIES, ROUTER_FIELDS, TUNNEL_FIELDS
from .model.values import prefix
from .model.vrf import VRF_FIELDS
from .plan.edit import RouterPlan
from .plan.peering_plan import PEERING_STATES, parse_peering_request, render_peering
from .plan.steering import ROLL_BACK, steering_options
from .plan.vrf_plan import READ_SECTIONS, STATES, parse_request, render
from .session import session as wire
from .session import xml
from .session.session import Connection, RouterError, Session

LOG_MAX = 400
"""Characters of a commit comment: Junos keeps 512, and the token that finds a lost commit stands behind it."""

CONFIRM_MAX = 65535
TOKEN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}")

CONNECTION_OPTIONS: OptionSpecs = {
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

COMMIT_OPTIONS: OptionSpecs = {
    "comment": {"type": "str"},
    "check_only": {"type": "bool", "default": False},
    "confirmed": {"type": "int"},
    "confirm": {"type": "str", "choices": ["here", "later"], "default": "here"},
    "checks": {"type": "dict", "options": CHECK_OPTIONS},
    "synchronize": {"type": "bool", "default": False},
    "full": {"type": "bool", "default": False},
}

VRF_OPTIONS: OptionSpecs = {
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
    **steering_options(),
    "planned": {"type": "dict", "options": {"route_distinguisher_id": {"type": "str"}}},
    "state": {"type": "str", "choices": list(STATES), "default": "merged"},
    "commit": {"type": "dict", "options": COMMIT_OPTIONS},
    "lock_timeout": {"type": "int", "default": 30},
}

PEERING_OPTIONS: OptionSpecs = {
    "config": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "mark": {"type": "bool"},
            **specifications(GROUP_FIELDS),
            "next_hop_self": {"type": "list", "elements": "str", "choices": list(NEXT_HOP_FAMILIES)},
            "tunnels": {"type": "dict", "options": specifications(TUNNEL_FIELDS)},
        },
    },
    "router": {"type": "dict", "options": specifications(ROUTER_FIELDS)},
    "state": {"type": "str", "choices": list(PEERING_STATES), "default": "merged"},
    "commit": {"type": "dict", "options": COMMIT_OPTIONS},
    "lock_timeout": {"type": "int", "default": 30},
}

DECISION_OPTIONS: OptionSpecs = {
    "token": {"type": "str", "required": True, "no_log": False},
    "state": {"type": "str", "choices": list(pending_commit.STATES), "default": "confirmed"},
    "checks": {"type": "dict", "options": CHECK_OPTIONS},
    "lock_timeout": {"type": "int", "default": 30},
}

INFO_OPTIONS: OptionSpecs = {
    "gather": {
        "type": "list",
        "elements": "str",
        "choices": list(information.SUBJECTS),
        "default": ["routes"],
    },
    "tables": {"type": "list", "elements": "str"},
    "filters": {"type": "list", "elements": "str"},
    "details": {"type": "bool", "default": False},
    "destinations": {"type": "list", "elements": "str", "default": []},
    "sections": {"type": "list", "elements": "str", "default": list(READ_SECTIONS)},
}


def vrf_main() -> None:
    """Run the module ``vmx_vrf``."""
    module = CollectionModule(argument_spec={**CONNECTION_OPTIONS, **VRF_OPTIONS}, supports_check_mode=True)
    _run(module, converge_vrfs)


def peering_main() -> None:
    """Run the module ``vmx_peering``."""
    module = CollectionModule(argument_spec={**CONNECTION_OPTIONS, **PEERING_OPTIONS}, supports_check_mode=True)
    _run(module, converge_peering)


def commit_main() -> None:
    """Run the module ``vmx_commit``."""
    module = CollectionModule(argument_spec={**CONNECTION_OPTIONS, **DECISION_OPTIONS}, supports_check_mode=True)
    _run(module, decide_commit)


def info_main() -> None:
    """Run the module ``vmx_info``."""
    module = CollectionModule(argument_spec={**CONNECTION_OPTIONS, **INFO_OPTIONS}, supports_check_mode=True)
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
        refuse_unwritable(module.params)
        result = work(module)
    except ConfigError as error:
        module.fail_json(msg=str(error), path=error.path)
    except UnconfirmedError as error:
        module.fail_json(msg=str(error), changed=error.changed, commits=error.commits)
    except RouterError as error:
        module.fail_json(msg=str(error))
    except Exception as error:
        module.fail_json(msg=unexpected(error))
    module.exit_json(**result)


def refuse_unwritable(params: Mapping[str, Any]) -> None:
    """Raise :class:`ConfigError` for the first character of a task's input that cannot be sent to a router."""
    for name, value in params.items():
        found = place_unwritable(value, name) if name not in CONNECTION_OPTIONS else None
        if found is not None:
            place, character = found
            raise ConfigError(place, f"has the character {character}, which cannot be sent to a router; remove it")


def connection_of(params: dict[str, Any]) -> Connection:
    """Return where to connect; the host is all that must be known."""
    if not params.get("host"):
        raise ConfigError("host", "is needed: the option, ansible_host in the inventory, or VMX_HOST")
    return Connection(**{name: params[name] for name in CONNECTION_OPTIONS})


def converge_vrfs(module: AnsibleModule) -> dict[str, Any]:
    """Carry out ``vmx_vrf`` and return its result."""
    params = module.params
    planned = params["planned"] if module.check_mode else None
    request = parse_request(params["state"], params["config"], params["filters"], planned, _steering_given(params))
    order = commit_order(params, "opencontrail.service_chain.vmx_vrf")
    if request.state == "rendered":
        return {"changed": False, "rendered": xml.to_text(render(request))}
    if request.is_idle:
        nothing: dict[str, Any] = {"config": [], "filters": []}
        return outcome_result(request, apply.Outcome(RouterPlan(None, nothing, nothing)))
    return _carry_out(module, request, order)


def _steering_given(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options about steering that is there, with an earlier result as that task made it."""
    given = {name: params[name] for name in steering_options()}
    if given[ROLL_BACK] is not None:
        try:
            change = handed_over(given[ROLL_BACK]["change"])
        except HandoverError as error:
            raise ConfigError(f"{ROLL_BACK}.change.{KEY}", str(error).partition(": ")[2]) from None
        given[ROLL_BACK] = {**given[ROLL_BACK], "change": change}
    return given


def converge_peering(module: AnsibleModule) -> dict[str, Any]:
    """Carry out ``vmx_peering`` and return its result."""
    params = module.params
    request = parse_peering_request(params["state"], params["config"], params["router"])
    order = commit_order(params, "opencontrail.service_chain.vmx_peering")
    if request.state == "rendered":
        return {"changed": False, "rendered": xml.to_text(render_peering(request))}
    return _carry_out(module, request, order)


def _carry_out(module: AnsibleModule, request: apply.Wanted, order: apply.CommitOrder) -> dict[str, Any]:
    """Read, and where the state asks for it change, a router; returns the module's result."""
    connection = connection_of(module.params)

    def sessions() -> AbstractContextManager[Session]:
        return wire.open_session(connection)

    if request.state == "gathered":
        found, rpcs = apply.gathered(sessions, request, module.warn)
        unmanaged = found.pop("unmanaged")
        return {"changed": False, "gathered": found, "unmanaged": unmanaged, "rpcs": rpcs, "requests": len(rpcs)}
    outcome = apply.converge(sessions, request, order, check_mode=module.check_mode)
    for warning in (*outcome.planned.warnings, *outcome.warnings):
        module.warn(warning)
    return outcome_result(request, outcome)


def outcome_result(request: apply.Wanted, outcome: apply.Outcome) -> dict[str, Any]:
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


def computed_difference(planned: RouterPlan) -> dict[str, dict[str, Any]]:
    """Return what differs between before and after, for a check mode that got no comparison from the router."""
    before, after = planned.before, planned.after
    return {
        "before": {kind: _without(before[kind], after[kind]) for kind in before},
        "after": {kind: _without(after[kind], before[kind]) for kind in after},
    }


def _without(shown: Any, other: Any) -> Any:
    """Return the entries of a list, or of a dict, that the other one does not have like this."""
    if isinstance(shown, dict):
        return {name: value for name, value in shown.items() if other.get(name) != value}
    return [one for one in shown if one not in other]


def commit_order(params: dict[str, Any], module_name: str) -> apply.CommitOrder:
    """Return how to commit; the comment is the module's name where none is given."""
    given = {name: value for name, value in (params["commit"] or {}).items() if value is not None}
    checks = parse_checks(given.pop("checks", None), "commit.checks")
    order = apply.CommitOrder(**{"comment": module_name, **given}, checks=checks, lock_timeout=params["lock_timeout"])
    if len(order.comment) > LOG_MAX or re.search(r"[\n\r\t]", order.comment) or unwritable(order.comment):
        raise ConfigError("commit.comment", f"is one line of at most {LOG_MAX} characters, none of them for control")
    if order.confirmed is not None and not 1 <= order.confirmed <= CONFIRM_MAX:
        raise ConfigError("commit.confirmed", f"is a number of minutes from 1 to {CONFIRM_MAX}")
    if order.confirmed is not None and order.check_only:
        raise ConfigError("commit.confirmed", "has no meaning with check_only, which commits nothing")
    if order.confirmed is None and order.confirm == "later":
        raise ConfigError("commit.confirm", "later has a meaning only with confirmed, which says how long to wait")
    if checks.wanted and order.confirm == "later":
        raise ConfigError("commit.checks", "are run by the task that confirms; give them to vmx_commit")
    if checks.wanted and order.confirmed is None:
        raise ConfigError("commit.checks", "need confirmed: a commit that is final at once is not checked afterwards")
    _refuse_negative(order.lock_timeout)
    return order


def _refuse_negative(lock_timeout: float) -> None:
    if lock_timeout < 0:
        raise ConfigError("lock_timeout", "is a number of seconds, 0 for a single try")


def decide_commit(module: AnsibleModule) -> dict[str, Any]:
    """Carry out ``vmx_commit`` and return its result."""
    params = module.params
    _refuse_negative(params["lock_timeout"])
    if not TOKEN.fullmatch(params["token"]):
        raise ConfigError("token", "is the token of a commit, as in commits[0].token of the result that made it")
    connection = connection_of(params)
    wanted = pending_commit.CommitDecision(
        params["state"], params["token"], parse_checks(params["checks"], "checks"), params["lock_timeout"]
    )
    decided = pending_commit.resolve(lambda: wire.open_session(connection), wanted, check_mode=module.check_mode)
    for warning in decided.warnings:
        module.warn(warning)
    result = {
        "changed": decided.changed,
        "commit": decided.commit,
        "commits": decided.commits,
        "rpcs": decided.rpcs,
        "requests": len(decided.rpcs),
    }
    return {**result, "diff": {"prepared": decided.diff + "\n"}} if decided.diff else result


def gather_facts(module: AnsibleModule) -> dict[str, Any]:
    """Carry out ``vmx_info`` and return its result."""
    params = module.params
    question = information.Question(
        params["tables"],
        params["filters"],
        params["details"],
        [
            checked(prefix, destination, f"destinations[{place}]")
            for place, destination in enumerate(params["destinations"])
        ],
        params["sections"],
    )
    with information.reading(connection_of(params)) as reader:
        told, sent = len(reader.warnings), reader.requests
        found = reader.look(params["gather"], question)
    for warning in reader.warnings[told:]:
        module.warn(warning)
    return {"changed": False, **found, "requests": reader.requests - sent}
