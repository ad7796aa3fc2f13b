# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the pure checks of the preflight take, and how that grows."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.controller import (
    ControllerChecks,
    ControllerFacts,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.judgement import (
    LiveState,
    judge,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.router import RouterFacts
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from bench.conftest import Table
from unit.vmx.scenario import FILTER, fresh, inherited

JsonDict = dict[str, Any]
MANY, HALF = 1_000, 500
LIMIT_SECONDS, LIMIT_GROWTH = 5.0, 2.6


def site(count: int) -> JsonDict:
    """Return the data model of a site with so many chains, each between two networks of its own, all by one router."""
    model: JsonDict = {"networks": {}, "services": {}, "chains": {}, "ports": []}
    for number in range(count):
        high, low = number >> 8, number & 255
        for side, octet, offset in (("left", 10, 0), ("right", 11, 20_000)):
            name = f"net-{side}-{number}"
            model["networks"][name] = {
                "subnets": [f"{octet}.{high}.{low}.0/24"],
                "route_target": f"64512:{10_000 + offset + number}",
            }
            model["ports"].append({"name": f"{side}-{number}", "network": name})
        model["services"][f"service-{number}"] = {
            "members": [{"left": f"left-{number}", "right": f"right-{number}", "host": f"guest-{number}"}]
        }
        model["chains"][f"chain-{number}"] = {
            "left": {"network": f"net-left-{number}", "external": [f"12.{high}.{low}.0/24"]},
            "right": {"network": f"net-right-{number}", "external": [f"13.{high}.{low}.0/24"]},
            "services": [f"service-{number}"],
        }
    router = {"address": "172.31.10.57", "filters": [{"name": FILTER, "interfaces": ["ge-0/0/0.0"]}]}
    return {**model, "routers": {"vmx1": router}}


def seconds_for(count: int) -> tuple[float, float]:
    """Return how long reading and deriving take, and how long the checks, on a controller that has nothing yet."""
    model = site(count)
    own = fresh()
    facts = RouterFacts(own, inherited(own))
    began = time.process_time()
    intent = read_intent(**model)
    derived = derive(intent)
    read = time.process_time()
    checks = ControllerChecks(intent, derived, Scope())
    live = LiveState(ControllerFacts(dict.fromkeys(checks.needs())), {"vmx1": facts})
    assert judge(intent, derived, checks, live) == []
    return read - began, time.process_time() - read


@pytest.mark.bench
def test_a_thousand_chains_are_checked_in_seconds(table: Table) -> None:
    seconds_for(50)
    half, whole = seconds_for(HALF), seconds_for(MANY)
    growth = whole[1] / half[1]
    within = [
        table.add("1,000 chains read and derived", whole[0], LIMIT_SECONDS, unit=" s"),
        table.add("1,000 chains checked, controller and router included", whole[1], LIMIT_SECONDS, unit=" s"),
        table.add("1,000 chains checked, ratio to 500", growth, LIMIT_GROWTH, note=f"{half[1]:.2f} s for 500"),
    ]
    assert all(within)
