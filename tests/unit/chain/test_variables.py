# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of variables that are nearly right."""

from __future__ import annotations

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.variables import (
    VARIABLES,
    misspelt,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.design import problems


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("service_chain", "service_chains"),
        ("services_chains", "service_chains"),
        ("service_chain_network", "service_chain_networks"),
        ("service_chains_routers", "service_chain_routers"),
        ("service_chain_tolerate", "service_chain_tolerated"),
        ("service_chain_teardown_leave_use", "service_chain_teardown_leave_used"),
    ],
)
def test_a_name_that_is_nearly_right_is_told_with_the_right_one(given: str, meant: str) -> None:
    line = f"{given}: is not a variable of the playbooks; did you mean {meant}?"
    assert misspelt([given, "ansible_host"]) == [line]
    assert problems({}, [given]) == [line]


def test_right_names_and_names_of_others_are_left_alone() -> None:
    own = ["service_chain_customer", "service_machines_cloud", "service_endpoints_routes", "services", "vmx_gateway_x"]
    assert misspelt([*VARIABLES, *own]) == []


def test_the_facts_that_a_run_keeps_on_the_control_node_are_not_taken_for_mistakes() -> None:
    kept = ["started", "failure", "failure_is_wait", "preflight", "removal", "gathered", "read", "diagnosis", "adopted"]
    kept += ["routers_read", "router_state", "router_facts", "teardown", "looked_at"]
    assert misspelt(f"service_chain_{name}" for name in kept) == []
