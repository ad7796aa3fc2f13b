# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible of what is looked at before a removal: who else uses what goes, and what earlier runs left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ..chain.design.derive import derive
from ..chain.design.design import Design, RouterDesign
from ..chain.intent.model import Intent
from ..chain.intent.read import read_intent
from ..chain.removal.objects import FIELDS, INSTANCE, LISTS, POLICY, ROUTE_TABLE, TUPLE, Key, ObjectFacts, ObjectRemoval
from ..chain.removal.router import RouterRemoval
from ..contrail.api.client import ApiClient
from ..contrail.codec.errors import InvalidConfigError, InvalidValueError
from ..contrail.codec.scope import Scope
from ..contrail.codec.values import joined
from ..contrail.module import CONNECTION_SPEC, SCOPE_SPEC, new_module, run_look
from ..values.faults import IntentError
from ..values.finding import ERROR, WARNING, Finding
from ..values.hints import near_misses
from ..values.option_spec import OptionSpecs
from .preflight import VARIABLES, XML_IMPORT_ERROR, line, router_facts

MODEL, ORPHANS = "data_model", "orphans"


def run_removal_module() -> None:
    """Run the module that looks before a removal; it fails where others use what goes."""
    spec: OptionSpecs = {
        "intent": {"type": "dict", "required": True},
        "routers": {"type": "dict", "default": {}},
        "remove": {"type": "list", "elements": "str", "choices": [MODEL, ORPHANS], "default": [MODEL]},
        "leave_used": {"type": "bool", "default": False},
        "owner": {"type": "str", "default": ""},
        **SCOPE_SPEC,
        **CONNECTION_SPEC,
    }
    module = new_module(spec)
    if module.params["routers"] and XML_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("lxml and jxmlease"), exception=XML_IMPORT_ERROR)

    run_look(module, lambda client: look(module.params, client))


def look(params: Mapping[str, Any], client: ApiClient) -> dict[str, Any]:
    """Return what goes, what is kept and what was found, as the module returns it.

    Raises ContrailError for a controller that does not answer, InvalidValueError for options that cannot be read.
    """
    removal = _removal(params)
    facts = read_objects(client, removal)
    found, used = _settled(removal, facts, leave=params["leave_used"])
    findings = [*found, *removal.addresses_finding(facts), *removal.others_finding(facts)]
    kept = [f"{kind} {joined(name)}" for kind, name in used]
    routers: dict[str, Any] = {}
    for router, described in removal.derived.routers.items():
        given = params["routers"].get(router)
        routers[router], uses, of_peering = _router(removal, router, described, given, leave=params["leave_used"])
        kept += [f"{router}: VRF {name}" for name in uses] + [f"{router}: peering" for _finding in of_peering]
        findings += [finding for of_vrf in uses.values() for finding in of_vrf] + of_peering
    swept = [*removal.orphan_tuples(facts), *(removal.left_addresses(facts) if removal.of_orphans else ())]
    orphans = removal.orphans(facts)
    return {
        **_shown(findings, leave=params["leave_used"]),
        "kept": kept if params["leave_used"] else [],
        "goes": _goes(removal, used),
        "swept": {
            **{
                name: [{"name": joined(key[1])} for key in orphans if key[0] == kind and key not in used]
                for name, kind in LISTS.items()
            },
            "addresses": [{"name": joined(name)} for kind, name in swept if kind != TUPLE],
        },
        "orphans": [
            *(f"{kind} {joined(name)}" for kind, name in [*orphans, *swept]),
            *(f"{router}: VRF {vrf['name']}" for router, going in routers.items() for vrf in going["swept"]),
            *(
                f"{router}: peering {one['name']}"
                for router, going in routers.items()
                for one in going["peerings"]
                if one not in _marked(removal.derived.routers[router])
            ),
        ],
        "routers": routers,
    }


def _removal(params: Mapping[str, Any]) -> ObjectRemoval:
    unknown = sorted(set(params["intent"]) - set(VARIABLES))
    if unknown:
        reason = f"there is no such thing: {near_misses(unknown[0], VARIABLES)}"
        raise InvalidValueError(f"intent.{unknown[0]}", reason)
    if ORPHANS in params["remove"] and not params["owner"]:
        raise InvalidValueError("owner", "is needed to tell orphans from what belongs to others")
    unknown = sorted(set(params["routers"]) - set(params["intent"].get("routers") or {}))
    if unknown:
        raise InvalidValueError(f"routers.{unknown[0]}", "the intent has no such router")
    intent, derived = _understood(params["intent"])
    scope = Scope(params["domain"], params["project"])
    of_model, of_orphans = (what in params["remove"] for what in (MODEL, ORPHANS))
    return ObjectRemoval(intent, derived, scope, params["owner"], of_model, of_orphans)


def _understood(given: Mapping[str, Any]) -> tuple[Intent, Design]:
    try:
        intent = read_intent(**given)
        return intent, derive(intent)
    except IntentError as error:
        faults = [InvalidValueError(fault.finding.where, _reason(fault.finding)) for fault in error.faults]
        raise InvalidConfigError(faults) from None


def _reason(finding: Finding) -> str:
    return finding.shown()["message"]


def read_objects(client: ApiClient, removal: ObjectRemoval) -> ObjectFacts:
    """Return what a removal has to know of a controller: a few lists, and what goes with all that hangs on it."""
    client.require([(removal.scope.domain, removal.scope.project)])
    policies = client.list_objects(POLICY, {"fields": "network_policy_entries"})
    instances = client.list_objects(INSTANCE, {"fields": "service_instance_properties"})
    route_tables = client.list_objects(ROUTE_TABLE, {"fields": "routes"})
    listed = {}
    if removal.of_orphans:
        listed = {
            kind: [
                stored
                for place in places
                for stored in client.list_objects(kind, {"parent_fq_name_str": place, "fields": "annotations"})
                if joined(stored["fq_name"][:-1]) == place
            ]
            for kind, places in removal.containers().items()
        }
        listed[TUPLE] = client.list_objects(TUPLE, {"fields": "annotations,parent_uuid"})
    facts = ObjectFacts(policies=policies, instances=instances, route_tables=route_tables, listed=listed)
    facts.objects |= client.read(removal.needs(facts), FIELDS)
    facts.objects |= client.read(removal.more_needs(facts), FIELDS)
    return facts


def _settled(removal: ObjectRemoval, facts: ObjectFacts, *, leave: bool) -> tuple[list[Finding], list[Key]]:
    """Return the findings and what others use. What is left uses other things in turn, which are left with it."""
    found: list[Finding] = []
    used: list[Key] = []
    going = removal.going(facts)
    while uses := removal.uses(facts, going):
        found += [finding for of_key in uses.values() for finding in of_key]
        used += uses
        if not leave:
            break
        going = [key for key in going if key not in uses]
    return found, used


def _goes(removal: ObjectRemoval, used: Iterable[Key]) -> dict[str, list[int]]:
    """Return by list the places of what goes, in the data model's own lists.

    Places and not names: so the tasks that delete take the same descriptions as those that made. Ports that OpenStack
    made go with their machines; they stand behind those of the data model.
    """
    left = set(used)
    goes = {
        name: [place for place, key in enumerate(keys) if removal.of_model and key not in left | removal.booted]
        for name, keys in removal.named.items()
    }
    return {**goes, "machines": removal.machines_going(left)}


def _router(
    removal: ObjectRemoval, name: str, described: RouterDesign, given: Any, *, leave: bool
) -> tuple[dict[str, Any], dict[str, list[Finding]], list[Finding]]:
    """Return what goes on a router, what others use of its VRFs there, and of its peering; one that was not looked at
    is taken at its word."""
    named = [vrf["name"] for vrf in (*described.vrfs, *described.absent.vrfs)]
    if given is None:
        places = list(range(len(named))) if removal.of_model else []
        peerings = _marked(described) if removal.of_model else []
        return {"vrfs": places, "swept": [], "replaced": [], "peerings": peerings}, {}, []
    facts = router_facts(given, f"routers.{name}")
    router = RouterRemoval(
        removal.intent.routers[name], described, facts.written, facts.effective, removal.of_model, removal.of_orphans
    )
    uses: dict[str, list[Finding]] = {}
    going = router.going
    while more := router.uses(going):
        uses |= more
        if not leave:
            break
        going = [vrf for vrf in going if vrf not in more]
    of_peering = router.peering_uses(going)
    try:
        replaced = router.unsteered([vrf for vrf in named if vrf in uses]) if leave else []
    except ValueError as error:
        raise InvalidValueError(f"routers.{name}", str(error)) from None
    return (
        {
            "vrfs": [place for place, vrf in enumerate(named) if removal.of_model and vrf not in uses],
            "swept": [{"name": vrf} for vrf in router.orphans if vrf not in uses],
            "replaced": replaced,
            "peerings": [] if of_peering else [{"name": one, "mark": True} for one in router.peerings],
        },
        uses,
        of_peering,
    )


def _marked(described: RouterDesign) -> list[dict[str, Any]]:
    """Return the peering of the data model as it is deleted: only where it carries our mark."""
    return [{"name": one["name"], "mark": True} for one in described.peering["config"]]


def _shown(found: Sequence[Finding], *, leave: bool) -> dict[str, Any]:
    shown = [{**each.shown(), "severity": WARNING} if leave else each.shown() for each in found]
    lines = {
        severity: [line(each) for each, values in zip(found, shown, strict=True) if values["severity"] == severity]
        for severity in (ERROR, WARNING)
    }
    return {"findings": shown, "errors": lines[ERROR], "cautions": lines[WARNING]}
