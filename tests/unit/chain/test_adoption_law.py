# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After an adoption the site changes nothing, or the adoption said what it would change.

Worlds that other tools made stand in the lab's Contrail and on the lab's router. What is adopted goes through the
modules' own planning against the same world.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.adoption.refused_parts import arguments
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.router import RouterFacts
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.converge import Convergence
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import ENTITIES
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import Task, parse_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import CONNECTION_SPEC, connect
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.adoption import adopt_site
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.edit import RouterPlan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.vrf_plan import (
    parse_request,
    plan,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.xml import parse_configuration
from contract.lab_server import LabServer, running_server
from hypothesis import HealthCheck, event, given
from lab.junos.groups import inherited
from lab.junos.router import Router
from lxml import etree
from models.found_worlds import (
    ODD_RULES,
    ODD_SERVICES,
    ODD_TERMS,
    ODD_VRFS,
    FoundChain,
    FoundSide,
    FoundTerm,
    FoundWorld,
    configuration,
    found_worlds,
    make_objects,
)
from support.examples import examples

SCOPE = Scope()
CONNECTION = {**{name: option.get("default") for name, option in CONNECTION_SPEC.items()}, "parallel": 1}
KINDS = {
    "networks": "virtual-network",
    "templates": "service-template",
    "instances": "service-instance",
    "policies": "network-policy",
}


class Place:
    """The lab's Contrail, and what it held before anything was made."""

    def __init__(self, server: LabServer) -> None:
        self.server = server
        self._empty = server.store.dump()

    def cleared(self) -> LabServer:
        """Return the server as it was."""
        self.server.store.restore(self._empty)
        return self.server


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """The lab's Contrail."""
    with running_server() as running:
        yield Place(running)


def facts_of(world: FoundWorld) -> RouterFacts:
    """Return what would be read of the router; raises where a router would not take the configuration."""
    router = Router(configuration(world))
    return RouterFacts(
        written=parse_configuration(etree.tostring(router.committed).decode()),
        effective=parse_configuration(etree.tostring(inherited(router.committed)).decode()),
    )


class Adoption:
    """A world, and what was adopted of it."""

    def __init__(self, place: Place, world: FoundWorld) -> None:
        server = place.cleared()
        make_objects(server.store, world)
        self.facts = facts_of(world)
        writes = server.counters["contrail"]["writes"]
        self.client: ApiClient = connect({**CONNECTION, "api_url": [server.url]})
        routers = {f"vmx{number}": self.facts for number in range(1, world.routers + 1)}
        self.found = adopt_site(self.client, routers, [], SCOPE)
        self.remarks = "\n".join(self.found["remarks"])
        self.derived = derive(read_intent(**arguments(self.found)))
        assert server.counters["contrail"]["writes"] == writes

    def changed_objects(self) -> Iterator[str]:
        """Yield the full names of what the modules of the site would change in Contrail."""
        for what, kind in KINDS.items():
            items = parse_config(ENTITIES[kind], self.derived.config(what), SCOPE)
            for change in Convergence(self.client, ENTITIES[kind], items, Task(check=True)).run():
                if change.action != "unchanged":
                    yield ":".join(change.fq_name)

    def planned_statements(self) -> RouterPlan | None:
        """Return what the module of the site would do on the router."""
        router = self.derived.routers.get("vmx1")
        if router is None or not (router.vrfs or router.filters):
            return None
        request = parse_request("merged", router.vrfs, router.filters)
        return plan(request, self.facts.written, self.facts.effective)


def shown(planned: RouterPlan, when: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in getattr(planned, when)["config"]}


FEW = examples(20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@FEW
@given(world=found_worlds(odd=True))
def test_the_site_changes_nothing_that_was_not_told(place: Place, world: FoundWorld) -> None:
    adoption = Adoption(place, world)
    for name in adoption.changed_objects():
        assert name in adoption.remarks
    planned = adoption.planned_statements()
    if planned is None:
        event("nothing of the router")
        return
    before, after = shown(planned, "before"), shown(planned, "after")
    assert before.keys() == after.keys()  # no VRF is made
    for name, vrf in after.items():
        assert vrf.get("steering") == before[name].get("steering")  # nothing is steered that was not, or otherwise
        assert vrf == before[name] or f"VRF {name}: " in adoption.remarks
    assert planned.before["filters"] == planned.after["filters"]
    assert planned.changes is None or "the site would change VRF" in adoption.remarks


@FEW
@given(world=found_worlds(odd=False))
def test_what_the_data_model_has_words_for_is_adopted_whole(place: Place, world: FoundWorld) -> None:
    adoption = Adoption(place, world)

    assert adoption.found["remarks"] == []
    assert list(adoption.changed_objects()) == []
    planned = adoption.planned_statements()
    assert planned is None or planned.changes is None
    chains = adoption.found["service_chains"]
    assert chains.keys() == {chain.name for chain in world.chains}
    found = {
        (chain[side]["network"], each["prefix"], len(each.get("routers", "1")))
        for chain in chains.values()
        for side in ("left", "right")
        for each in chain[side].get("external", ())
    }
    assert found == {(side.network, term.prefix, world.routers) for side in world.sides for term in side.terms}


def world_with(**odd: Any) -> FoundWorld:
    """Return a world of one chain with a prefix behind its left end; the rest is as ``odd`` says."""
    term = FoundTerm("198.51.100.0/26", "steer", odd.pop("term", ""))
    left = FoundSide("net0", 0, odd.pop("vrf", {}), (term,))
    plain: dict[str, Any] = {"direction": "<>", "legs": ("left", "right"), "shared_legs": False, "sequence": (0, 0)}
    rules = odd.pop("rules", ({"protocol": "any"},))
    service = odd.pop("service", {"mode": "in-network"})
    chain = FoundChain("chain0", left, FoundSide("net1", 1, {}, ()), rules, service=service, **plain)
    return FoundWorld((chain,), tail=True)


OF_ROUTES = {"no route", "routed only", "narrower", "host bits"}
"""Oddities of terms that show in the static route that belongs to them."""


@pytest.mark.parametrize(
    ("odd", "named"),
    [
        *(({"term": odd}, "198.51.100.0/" if odd in OF_ROUTES else "term steer") for odd in ODD_TERMS),
        *(({"vrf": odd}, "net0") for odd in ODD_VRFS if odd != {"label": False}),
        *(({"rules": odd}, "policy chain0") for odd in ODD_RULES),
        *(({"service": odd}, "service chain0-fw") for odd in ODD_SERVICES),
    ],
    ids=str,
)
def test_each_oddity_is_told(place: Place, odd: dict[str, Any], named: str) -> None:
    adoption = Adoption(place, world_with(**odd))

    assert any(named in remark for remark in adoption.found["remarks"]), adoption.found["remarks"]


def test_a_wider_route_back_widens_no_steering(place: Place) -> None:
    adoption = Adoption(place, world_with(term="narrower"))

    (external,) = adoption.found["service_chains"]["chain0"]["left"]["external"]
    assert external == {"prefix": "198.51.100.0/32", "term": "steer"}
    planned = adoption.planned_statements()
    assert planned is not None
    assert shown(planned, "after")["net0"]["steering"] == shown(planned, "before")["net0"]["steering"]
