# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the data model with Ansible itself, and what each host of the inventory has as variables after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from models.many_chains import many_chains, variables_of
from support.designed import ROUTER, designed, inventory_of

GROUPS = {"routers": ["vmx1", "other"], "endpoints": ["pc1", "pc2"], "service_guests": ["vm1"]}


def model() -> dict[str, Any]:
    """Return a data model with two endpoints, a service VM and a text that looks like a template."""
    made = many_chains(1)
    for side, host in (("left", "pc1"), ("right", "pc2")):
        external = made["chains"]["chain0"][side]["external"]
        made["chains"]["chain0"][side]["external"] = [{**external[0], "host": host}]
    made["services"]["fw0"]["members"][0]["host"] = "vm1"
    made["routers"]["vmx1"]["vrfs"] = {"left0": {"description": {"__ansible_unsafe": "{{ nothing }}"}}}
    return made


def test_each_host_has_what_follows_for_it(tmp_path: Path) -> None:
    run = designed(tmp_path, inventory_of(variables_of(model()), GROUPS))
    assert run.status == 0, run.output
    expected = model()
    expected["routers"]["vmx1"]["vrfs"]["left0"]["description"] = "{{ nothing }}"
    design = derive(read_intent(**expected))
    router = design.routers["vmx1"]
    assert run.shown["localhost"]["contrail_objects_networks"] == design.networks
    assert run.shown["localhost"]["service_chain_guests"] == design.guests
    assert run.shown["vmx1"] == dict(
        zip(ROUTER, (router.vrfs, router.filters, router.peering["config"], router.tables), strict=True)
    )
    assert run.shown["other"] == {name: [] for name in ROUTER}
    for host in ("pc1", "vm1"):
        assert run.shown[host]["service_endpoints_routes"] == design.hosts[host]
        assert run.shown[host]["service_endpoints_forwarding"] == design.forwarding.get(host, [])


def test_a_run_that_is_limited_to_one_router_has_its_variables(tmp_path: Path) -> None:
    shown = {"routers": ROUTER}
    run = designed(tmp_path, inventory_of(variables_of(model()), GROUPS), "--limit", "vmx1", shown=shown)
    assert run.status == 0, run.output
    assert [vrf["name"] for vrf in run.shown["vmx1"]["vmx_gateway_vrfs"]] == ["left0", "right0"]


def test_every_fault_is_a_line_and_no_play_follows(tmp_path: Path) -> None:
    variables = variables_of(model()) | {"service_chain_network": {}, "vmx_gateway_steering": "later"}
    variables["service_chains"]["chain0"]["services"] = ["fw1"]
    run = designed(tmp_path, inventory_of(variables, GROUPS))
    assert run.status != 0
    for line in (
        "service_chain_network: is not a variable of the playbooks; did you mean service_chain_networks?",
        "vmx_gateway_steering: later is neither with_vrf nor after_verify",
        "service_chains.chain0.services[0]: no service 'fw1' in service_chain_services; did you mean fw0?",
    ):
        assert line in run.output
    assert "Show the variables" not in run.output
    assert not run.shown


def test_a_run_that_begins_behind_the_check_says_so(tmp_path: Path) -> None:
    run = designed(tmp_path, inventory_of(variables_of(model()), GROUPS), "--start-at-task", "ansible.builtin.copy")
    assert run.status != 0
    assert "this run has not checked the data model" in run.output
    assert "run the playbook without --start-at-task" in run.output
