# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What preflight accepts, every module carries out: on a controller that answers, and on a router's configuration."""

from __future__ import annotations

from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.intent import (
    intent_findings,
    request_of,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.acceptance import refusals
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.finding import ERROR
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import vrf_plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.peering_plan import (
    parse_peering_request,
)
from hypothesis import HealthCheck, event, given
from integration.contrail.bed import Controller
from models.nearly_valid import nearly_valid_models
from support.examples import examples
from unit.vmx.scenario import fresh, inherited


def accepted(model: dict[str, Any]) -> bool:
    """Return whether preflight finds no error in a model, before it asks any system; every path must lead somewhere."""
    try:
        intent = read_intent(**model)
        design = derive(intent)
    except IntentError as error:
        assert all(fault.path for fault in error.faults)
        return False
    faults = list(refusals(intent, design, model["ports"], planned=True))
    for fault in faults:
        assert "config[" not in fault.path, fault
    errors = [each for each in intent_findings(intent, design) if each.kind.severity == ERROR]
    return not faults and not errors


@examples(120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(model=nearly_valid_models())
def test_what_preflight_accepts_every_module_carries_out(contrail: Controller, model: dict[str, Any]) -> None:
    event("accepted" if accepted(model) else "refused")
    if not accepted(model):
        return
    design = derive(read_intent(**model))
    contrail.reset()
    for module, config in (
        ("contrail_vn", design.networks),
        ("contrail_port", model["ports"]),
        ("contrail_service_template", design.templates),
        ("contrail_service_instance", design.instances),
        ("contrail_policy", design.policies),
        ("contrail_bgp_router", design.bgp_routers),
    ):
        contrail.run(module, config=[dict(item) for item in config])
    router = design.routers["vmx1"]
    own = fresh()
    vrf_plan.plan(request_of(router), own, inherited(own))
    if router.peering["config"]:
        parse_peering_request("merged", router.peering["config"], router.peering["router"]).plan(own, inherited(own))
