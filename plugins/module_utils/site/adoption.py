# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible of an adoption: reads Contrail, takes what was read of routers, says what the site would do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ..chain.adoption import adopt
from ..chain.adoption.refused_parts import arguments
from ..chain.adoption.router_survey import survey
from ..chain.design.derive import derive
from ..chain.design.design import Design, RouterDesign
from ..chain.design.refusals import DERIVED
from ..chain.intent.model import CHAINS, Intent
from ..chain.intent.read import read_intent
from ..chain.preflight.controller import ControllerChecks
from ..chain.preflight.intent import request_of
from ..chain.preflight.judgement import LiveState, judge
from ..chain.preflight.router import RouterFacts
from ..contrail.any_kind.info import config_item
from ..contrail.api.client import ApiClient
from ..contrail.codec.errors import ContrailError
from ..contrail.codec.scope import Json, Scope
from ..contrail.codec.values import joined, split_name
from ..contrail.converge import Convergence
from ..contrail.kinds import ENTITIES
from ..contrail.kinds.config import Key, Task, parse_config
from ..contrail.module import CONNECTION_SPEC, SCOPE_SPEC, new_module, run_look
from ..contrail.plan.actions import Change
from ..values.finding import ERROR
from ..values.option_spec import OptionSpecs
from ..values.plain_text import visible
from ..vmx.model.field import ConfigError
from ..vmx.plan.edit import RouterPlan
from ..vmx.plan.vrf_plan import plan
from .preflight import XML_IMPORT_ERROR, line, read_controller, router_facts

NETWORK, TEMPLATE, INSTANCE, POLICY, PORT = (
    *("virtual-network", "service-template", "service-instance", "network-policy", "virtual-machine-interface"),
)
PORT_FIELDS = ("port_tuple_refs", "virtual_machine_interface_properties")


def run_adopt_module() -> None:
    """Run the module that describes the chains that stand."""
    spec: OptionSpecs = {
        "routers": {"type": "dict", "default": {}},
        "policies": {"type": "list", "elements": "str", "default": []},
        **SCOPE_SPEC,
        **CONNECTION_SPEC,
    }
    module = new_module(spec)
    if module.params["routers"] and XML_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("lxml and jxmlease"), exception=XML_IMPORT_ERROR)
    params = module.params

    def look(client: ApiClient) -> dict[str, Any]:
        routers = {name: router_facts(facts, f"routers.{name}") for name, facts in params["routers"].items()}
        found = adopt_site(client, routers, params["policies"], Scope(params["domain"], params["project"]))
        return {"adopted": {**found, "remarks": visible(found["remarks"])}}

    run_look(module, look)


def adopt_site(
    client: ApiClient, routers: Mapping[str, RouterFacts], policies: Sequence[str], scope: Scope
) -> dict[str, Any]:
    """Return what :func:`..chain.adoption.adopt` does, its remarks with what preflight and the site would say to it.

    Raises ContrailError for a controller that does not answer.
    """
    surveyed = {name: survey(facts.written, facts.effective) for name, facts in routers.items()}
    objects = read_chains(client, scope)
    found = adopt(objects, surveyed, policies=policies, domain=scope.domain, project=scope.project)
    if found[CHAINS]:
        intent = read_intent(**arguments(found))
        derived = derive(intent)
        remarks = [*left_alone(objects, derived, scope), *_objections(client, intent, derived, routers, scope)]
        found["remarks"] += dict.fromkeys(remarks)
    return found


# --- reading ----------------------------------------------------------------------------------------------------------


def read_chains(client: ApiClient, scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """Return the objects of the project's chains, and those that they name, as an adoption takes them."""
    within = {"parent_fq_name_str": f"{scope.domain}:{scope.project}"}
    policies = client.list_objects(POLICY, {**within, "fields": ",".join(ENTITIES[POLICY].read_fields)})
    rules = [
        rule for policy in policies for rule in (policy.get("network_policy_entries") or {}).get("policy_rule") or ()
    ]
    instances = _named(client, INSTANCE, (name for rule in rules for name in _services(rule)))
    templates = _named(
        client, TEMPLATE, (joined(each["to"]) for one in instances for each in one.get("service_template_refs") or ())
    )
    networks = _named(client, NETWORK, [*_networks_of_rules(rules), *_networks_of_instances(instances)])
    ports = client.list_objects(PORT, {**within, "fields": ",".join(PORT_FIELDS)})
    return {
        "networks": [_item(NETWORK, each) for each in networks],
        "templates": [_item(TEMPLATE, each) for each in templates],
        "instances": [
            {**_item(INSTANCE, each), "service_instance_properties": each.get("service_instance_properties")}
            for each in instances
        ],
        "policies": [_item(POLICY, each) for each in sorted(policies, key=lambda each: joined(each["fq_name"]))],
        "ports": [_port(each) for each in sorted(ports, key=lambda each: joined(each["fq_name"]))],
    }


def _services(rule: Mapping[str, Any]) -> Sequence[str]:
    return (rule.get("action_list") or {}).get("apply_service") or ()


def _networks_of_rules(rules: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for rule in rules:
        if _services(rule):
            for side in ("src_addresses", "dst_addresses"):
                yield from (str(each.get("virtual_network") or "") for each in rule.get(side) or ())


def _networks_of_instances(instances: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for instance in instances:
        properties = instance.get("service_instance_properties") or {}
        yield from (str(each.get("virtual_network") or "") for each in properties.get("interface_list") or ())


def _named(client: ApiClient, kind: str, names: Iterable[str]) -> list[dict[str, Json]]:
    """Return the objects of a kind that have these full names; names that are none are passed over."""
    depth = 2 if kind == TEMPLATE else 3
    keys: set[Key] = {(kind, parts) for name in names if len(parts := split_name(kind, name)) == depth}
    found = client.read(keys, {kind: ENTITIES[kind].read_fields})
    return [each for _key, each in sorted(found.items()) if each is not None]


def _item(kind: str, stored: Mapping[str, Json]) -> dict[str, Any]:
    return {"fq_name": joined(stored["fq_name"]), "config": config_item(kind, stored)}


def _port(stored: Mapping[str, Json]) -> dict[str, Any]:
    return {
        "fq_name": joined(stored["fq_name"]),
        "port_tuple_refs": [{"name": joined(each["to"])} for each in stored.get("port_tuple_refs") or ()],
        "virtual_machine_interface_properties": stored.get("virtual_machine_interface_properties"),
    }


# --- what is not described, and left alone ---------------------------------------------------------------------------

ELSEWHERE = frozenset(("name", "policies", "networks"))
"""Options of objects that the data model says in another place."""

SUBNET_KEYS = frozenset(
    (
        *("cidr", "name", "gateway", "dns_server", "enable_dhcp", "allocate_from_start", "allocation_pools"),
        *("host_routes", "ipam", "allocation_unit"),
    )
)


ADOPTED = ("networks", "templates", "instances", "policies")
"""The lists of derived objects that an adoption finds; peerings are the routers' own affair."""


def left_alone(objects: Mapping[str, Sequence[Mapping[str, Any]]], derived: Design, scope: Scope) -> Iterator[str]:
    """Yield what the described objects have besides, a line for each object."""
    for what in ADOPTED:
        kind = DERIVED[what][1]
        stand = {item["fq_name"]: item["config"] for item in objects[what]}
        for made in derived.config(what):
            name = joined(scope.name(kind, made["name"]))
            more = sorted(_unsaid(stand.get(name, {}), made))
            if more:
                yield (
                    f"{kind} {name} also has {', '.join(more)}, for which the data model has no key; the site leaves"
                    " that alone"
                )


def _unsaid(stands: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[str]:
    yield from (key for key, value in stands.items() if value and key not in made and key not in ELSEWHERE)
    subnets = stands.get("subnets") or ()
    yield from {f"subnets.{key}" for each in subnets for key, value in each.items() if value and key not in SUBNET_KEYS}


# --- what the site would say and do -----------------------------------------------------------------------------------


def _objections(
    client: ApiClient, intent: Intent, derived: Design, routers: Mapping[str, RouterFacts], scope: Scope
) -> Iterator[str]:
    """Yield what stands against the site with an adopted intent, and what it would change."""
    checks = ControllerChecks(intent, derived, scope)
    live = LiveState(read_controller(client, checks), routers)
    for finding in judge(intent, derived, checks, live):
        if finding.kind.severity == ERROR:
            yield f"preflight will refuse: {line(finding)}"
    yield from planned_objects(client, derived, scope)
    for name, facts in routers.items():
        if name in derived.routers:
            yield from planned_statements(name, derived.routers[name], facts)


def planned_objects(client: ApiClient, derived: Design, scope: Scope) -> Iterator[str]:
    """Yield what the site would change of Contrail's objects, a line each, and what it could not."""
    for what in ADOPTED:
        kind = DERIVED[what][1]
        if not derived.config(what):
            continue
        try:
            items = parse_config(ENTITIES[kind], derived.config(what), scope)
            task = Task(scope=scope, check=True)
            changes = Convergence(client, ENTITIES[kind], items, task).run()
        except ContrailError as error:
            yield f"the site could not carry out its {what}: {error}"
        else:
            yield from map(_change_line, (each for each in changes if each.action != "unchanged"))


def _change_line(change: Change) -> str:
    where = f"{change.kind} {joined(change.fq_name)}"
    if change.action != "updated":
        return f"the site would change {where}, which is to be {change.action}"
    return f"the site would change {where}: {_differences(change.before, change.after)}"


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return in words what differs: of lists the entries that come and go, else both values."""
    found: list[str] = []
    for key in dict.fromkeys([*before, *after]):
        was, becomes = before.get(key), after.get(key)
        if was == becomes:
            continue
        if isinstance(was or [], list) and isinstance(becomes or [], list):
            gone = [each for each in was or [] if each not in (becomes or [])]
            new = [each for each in becomes or [] if each not in (was or [])]
            words = [f"{verb} {_shown(each)}" for verb, each in (("loses", gone), ("gets", new)) if each]
            found.append(f"{key} {' and '.join(words) or 'in another order'}")
        else:
            found.append(f"{key} from {_shown(was)} to {_shown(becomes)}")
    return "; ".join(found)


def _shown(value: Any) -> str:
    return "nothing" if value in (None, [], {}, "") else json.dumps(value, default=str)


def planned_statements(router: str, described: RouterDesign, facts: RouterFacts) -> Iterator[str]:
    """Yield what the site would change on a router, a line each, or why it could not."""
    try:
        wanted = request_of(described)
        if not wanted.vrfs and not wanted.filters:
            return
        made = plan(wanted, facts.written, facts.effective)
    except ConfigError as error:
        yield f"{router}: the site could not carry it out: {error}"
        return
    if made.changes is not None:
        yield from (f"{router}: the site would change {words}" for words in _statement_changes(made))


def _statement_changes(made: RouterPlan) -> Iterator[str]:
    for kind, word in (("config", "VRF"), ("filters", "filter")):
        before = {(each["name"], each.get("family")): each for each in made.before[kind]}
        for each in made.after[kind]:
            was = before.get((each["name"], each.get("family")), {})
            if each != was:
                yield f"{word} {each['name']}: {_differences(was, each)}"
