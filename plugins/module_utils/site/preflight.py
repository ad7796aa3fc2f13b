# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible of the checks before a run: reads the controller, takes what was read of routers, and judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ..chain.design.derive import derive
from ..chain.findings import controller as controller_findings
from ..chain.findings import intent as intent_findings
from ..chain.findings import router as router_findings
from ..chain.findings.router import ROUTER_REFUSES
from ..chain.intent.read import read_intent
from ..chain.preflight.controller import FIELDS, NETWORK, OPERATOR_KINDS, ControllerChecks, ControllerFacts
from ..chain.preflight.judgement import LiveState, judge
from ..chain.preflight.router import RouterFacts
from ..contrail.api.client import ApiClient
from ..contrail.codec.errors import InvalidValueError
from ..contrail.codec.scope import Scope
from ..contrail.module import CONNECTION_SPEC, SCOPE_SPEC, new_module, run_look
from ..values.faults import IntentError
from ..values.finding import ERROR, REASON, WARNING, Finding, FindingKind
from ..values.handover import KEY, HandoverError, handed_over
from ..values.hints import near_misses
from ..values.option_spec import OptionSpec, OptionSpecs
from ..vmx.model.statement import Statement
from ..vmx.session.xml import JXMLEASE_IMPORT_ERROR, LXML_IMPORT_ERROR, parse_configuration
from .acceptance import refusals
from .infrastructure import read_infrastructure, read_permitted

XML_IMPORT_ERROR = LXML_IMPORT_ERROR or JXMLEASE_IMPORT_ERROR

VARIABLES = ("networks", "services", "routers", "chains", "ports", "groups")
"""The keys of an intent as a module takes it."""

MOST_NEAR_MISSES = 5
"""For so many missing objects names like theirs are looked for; each costs a list."""


def run_preflight_module() -> None:
    """Run the module that checks an intent before it is carried out; it fails where an error was found."""
    texts: OptionSpec = {"type": "list", "elements": "str", "default": []}
    spec: OptionSpecs = {
        "intent": {"type": "dict", "required": True},
        "routers": {"type": "dict", "default": {}},
        "managers": texts,
        "tolerate": texts,
        **SCOPE_SPEC,
        **CONNECTION_SPEC,
    }
    module = new_module(spec)
    if module.params["routers"] and XML_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("lxml and jxmlease"), exception=XML_IMPORT_ERROR)
    run_look(module, lambda client: preflight(module.params, client))


def preflight(params: Mapping[str, Any], client: ApiClient) -> dict[str, Any]:
    """Return ``findings`` as results show them, ``errors`` and ``cautions`` with a line for each, and the ``summary``.

    Raises ContrailError for a controller that does not answer, InvalidValueError for options that cannot be read.
    """
    for option, given, known in (("intent", params["intent"], VARIABLES), ("tolerate", params["tolerate"], _codes())):
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise InvalidValueError(
                f"{option}.{unknown[0]}", f"there is no such thing: {near_misses(unknown[0], known)}"
            )
    managers = [_address(text, f"managers[{index}]") for index, text in enumerate(params["managers"])]
    try:
        intent = read_intent(**params["intent"])
        derived = derive(intent)
    except IntentError as error:
        return _shown([fault.finding for fault in error.faults], params["tolerate"], [])
    refused = [
        fault
        for fault in refusals(intent, derived, params["intent"].get("ports"), planned=True)
        if fault.kind is not ROUTER_REFUSES
    ]
    if refused:
        return _shown([fault.finding for fault in refused], params["tolerate"], derived.summary)
    checks = ControllerChecks(intent, derived, Scope(params["domain"], params["project"]))
    routers = {name: router_facts(facts, f"routers.{name}") for name, facts in params["routers"].items()}
    client.require([(params["domain"], params["project"])])
    live = LiveState(read_controller(client, checks), routers, managers)
    return _shown(judge(intent, derived, checks, live), params["tolerate"], derived.summary)


def _codes() -> list[str]:
    """Return the codes of what can be tolerated: everything that can be found but faults of the data model itself."""
    return [
        kind.code
        for place in (intent_findings, controller_findings, router_findings)
        for kind in vars(place).values()
        if isinstance(kind, FindingKind) and kind.says != REASON
    ]


def _address(text: str, path: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise InvalidValueError(path, f"'{text}' is not an IP address") from None


def _shown(found: Sequence[Finding], tolerate: Sequence[str], summary: Sequence[str]) -> dict[str, Any]:
    shown = [
        ({**each.shown(), "severity": WARNING} if each.kind.code in tolerate else each.shown(), line(each))
        for each in found
    ]
    lines = {
        severity: list(dict.fromkeys(text for values, text in shown if values["severity"] == severity))
        for severity in (ERROR, WARNING)
    }
    findings = [values for values, _text in shown]
    return {"findings": findings, "errors": lines[ERROR], "cautions": lines[WARNING], "summary": summary}


def line(finding: Finding) -> str:
    """Return a finding in one line: where, what, the cure where the message does not say it, and the code."""
    cure = "" if finding.kind.says == REASON else f"; {finding.shown()['cure']}"
    return f"{finding}{cure} [{finding.kind.code}]"


TOLD: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("configuration", "bgp", "best_routes", "session", "candidate", "pending_commit"), Mapping),
    "route_tables": Mapping,
    "tunnels": list,
}
"""What ``vmx_info`` returns under which type."""

NOT_TOLD = "is not what vmx_info returned"


def told_of_router(result: Any, path: str) -> Mapping[str, Any]:
    """Return the result of ``vmx_info`` as that module made it. Raises InvalidValueError."""
    try:
        told = handed_over(result)
    except HandoverError as error:
        raise InvalidValueError(f"{path}.{KEY}", str(error).partition(": ")[2]) from None
    if not isinstance(told, Mapping):
        raise InvalidValueError(path, NOT_TOLD)
    for part, shape in TOLD.items():
        if told.get(part) is not None and not isinstance(told[part], shape):
            raise InvalidValueError(f"{path}.{part}", NOT_TOLD)
    peers = (told.get("bgp") or {"peers": []}).get("peers")
    if not isinstance(peers, list) or not all(isinstance(peer, Mapping) for peer in peers):
        raise InvalidValueError(f"{path}.bgp.peers", NOT_TOLD)
    return told


def read_configuration(text: Any, path: str) -> Statement:
    """Return the statements of a configuration. Raises InvalidValueError."""
    try:
        return parse_configuration(text if isinstance(text, str) else "")
    except (ValueError, SyntaxError) as error:
        raise InvalidValueError(path, f"is no configuration in XML: {error}") from None


def router_facts(facts: Mapping[str, Any], path: str) -> RouterFacts:
    """Return the facts of one router from the result of ``vmx_info``."""
    facts = told_of_router(facts, path)
    configuration = facts.get("configuration")
    if not isinstance(configuration, Mapping):
        raise InvalidValueError(path, "has no configuration; gather it with vmx_info")
    bgp = facts.get("bgp")
    return RouterFacts(
        written=read_configuration(configuration.get("written"), f"{path}.configuration.written"),
        effective=read_configuration(configuration.get("effective"), f"{path}.configuration.effective"),
        pending=facts.get("pending_commit"),
        candidate=facts.get("candidate") or {},
        peers=tuple(bgp["peers"]) if bgp else None,
        best_routes=facts.get("best_routes"),
        session=facts.get("session") or {},
    )


def read_controller(client: ApiClient, checks: ControllerChecks) -> ControllerFacts:
    """Return what the checks need: in lists of each kind, side by side, and what those lead to."""
    fields = {kind: list(names) for kind, names in FIELDS.items()}
    objects, hidden = read_permitted(client, checks.needs(), fields, OPERATOR_KINDS)
    facts = ControllerFacts(objects)
    facts.objects |= client.read(checks.more_needs(facts), fields)
    shrinking = checks.shrinking(facts)
    if shrinking:
        kept = {NETWORK: [*FIELDS[NETWORK], "instance_ip_back_refs"]}
        facts.objects |= client.read({(NETWORK, name) for name in shrinking}, kept)
    for kind, name in checks.missing(facts)[:MOST_NEAR_MISSES]:
        close, _all_names = client.near_misses(kind, name)
        facts.near[kind, name] = close
    infrastructure = read_infrastructure(client)
    facts.control_nodes = infrastructure.control_nodes
    facts.speakers = infrastructure.speakers
    facts.computes = {each.address: each.machines for each in infrastructure.computes if each.address}
    facts.hidden = (*hidden, *infrastructure.hidden)
    return facts
