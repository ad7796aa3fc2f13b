# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many chains are read in bulk, and the broken ones among them are told each by its own fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from lab.fixture import Lab, running_lab
from models.many_chains import many_chains
from support.module_run import run_module

CHAINS = 50
MOST_REQUESTS = 12
MOST_PAGES = 14
"""Two of the schema transformer, two of each control node and agent, and their further pages: 64 and 100 in each."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab with all these chains; one policy is on one side only, one service has no port tuple."""
    with running_lab(tmp_path_factory.mktemp("lab"), "--no-hosts") as lab:
        model = many_chains(CHAINS)
        derived = asdict(derive(read_intent(**model)))
        contrail = {"api_url": [lab.contrail_url]}
        derived["instances"][7].pop("port_tuples")
        derived["policies"][3]["networks"].pop()
        for module, config in (
            ("contrail_vn", derived["networks"]),
            ("contrail_port", model["ports"]),
            ("contrail_service_template", derived["templates"]),
            ("contrail_service_instance", derived["instances"]),
            ("contrail_policy", derived["policies"]),
        ):
            run_module(module, {**contrail, "config": config})
        lab.settle()
        lab.settle()
        yield lab


def test_requests_do_not_grow_with_the_chains_and_each_broken_one_is_told(many: Lab) -> None:
    before = many.counters()
    options = {"api_url": [many.contrail_url], "intent": many_chains(CHAINS), "introspect": many.introspect}
    result = run_module("chain_diagnose", options)
    assert result["requests"] <= MOST_REQUESTS
    assert result["introspect_requests"] <= MOST_PAGES
    after = many.counters()
    assert after["contrail"]["writes"] == before["contrail"]["writes"]

    broken = {chain["name"]: chain["link"]["code"] for chain in result["chains"] if not chain["stands"]}
    assert broken == {"chain3": "policy-not-attached", "chain7": "no-port-tuple"}
    assert len(result["chains"]) == CHAINS
    assert [finding["code"] for finding in result["findings"]] == ["policy-not-attached", "no-port-tuple"]
