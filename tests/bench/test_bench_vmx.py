# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the router modules are, against a router of the lab in a process of its own.

Planning is measured in seconds of CPU, everything else in ratios of one run on one machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.commit import apply
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import plan as planning
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.session import (
    Connection,
    open_session,
)
from bench.conftest import Table
from bench.measured import Run, run_module
from lab.fixture import Lab, running_lab
from lab.junos.running import PASSWORD, USER
from unit.vmx.scenario import TAIL, fresh, inherited, loaded

pytestmark = pytest.mark.bench

MANY, FEW = 1000, 100
ROUNDS = 7
CALL = Path(__file__).with_name("stock_pyez.py")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab"), "--no-hosts") as running:
        yield running


@pytest.fixture
def router(lab: Lab) -> dict[str, Any]:
    """Return the connection options of a router that is fresh."""
    lab.reset()
    return {
        "host": "127.0.0.1",
        "port": lab.netconf_port,
        "user": USER,
        "password": PASSWORD,
        "known_hosts_file": str(lab.known_hosts),
    }


def vrfs(count: int) -> list[dict[str, Any]]:
    """Return VRFs with a route and a steering term each."""
    return [
        {
            "name": f"vn{n:04}",
            "route_target": f"64512:{n + 1}",
            "table_label": True,
            "static_routes": [{"prefix": f"10.{n // 250}.{n % 250}.0/24", "next_table": "inet.0"}],
            "auto_export": ["inet"],
            "steering": [
                {"filter": TAIL["name"], "name": f"t{n:04}", "source": [f"10.{100 + n // 250}.{n % 250}.0/24"]}
            ],
        }
        for n in range(count)
    ]


def merge(router: dict[str, Any], count: int) -> Run:
    return run_module("vmx_vrf", {**router, "config": vrfs(count), "filters": [TAIL]})


def test_planning_a_thousand_vrfs(table: Table) -> None:
    request = planning.parse_request("merged", vrfs(MANY), [TAIL])
    own, seconds = fresh(), []
    for _round in range(2):
        effective = inherited(own)
        began = time.process_time()
        planned = planning.plan(request, own, effective)
        seconds.append(time.process_time() - began)
        own = loaded(own, planned.changes)
    assert planned.changes is None
    unwanted = planning.parse_request("deleted", [{"name": vrf["name"]} for vrf in vrfs(MANY)], [])
    effective = inherited(own)
    began = time.process_time()
    assert planning.plan(unwanted, own, effective).changes is not None
    deleting = time.process_time() - began
    within = [
        table.add("1,000 VRFs planned to be deleted", deleting, 2, unit=" s"),
        table.add("1,000 VRFs planned for a fresh router", seconds[0], 2, unit=" s"),
        table.add("1,000 VRFs planned where they are all there", seconds[1], 2, unit=" s"),
    ]
    assert all(within)


def test_a_thousand_vrfs_are_one_load_and_one_commit(lab: Lab, router: dict[str, Any], table: Table) -> None:
    made, again = {}, {}
    for count in (FEW, MANY):
        lab.reset()
        made[count] = merge(router, count)
        before = lab.counters()["junos"]
        again[count] = merge(router, count)
        after = lab.counters()["junos"]
        assert made[count].result["changed"]
        assert not again[count].result["changed"]
        assert after["locks"] == before["locks"]
        assert after["commits"] == before["commits"]
        assert after["sessions"] - before["sessions"] == 1
    rpcs = made[MANY].result["rpcs"]
    growth = made[MANY].seconds / made[FEW].seconds
    note = f"{made[MANY].seconds:.2f} s against {made[FEW].seconds:.2f} s"
    within = [
        table.add("1,000 VRFs made: loads", rpcs.count("load-configuration"), 1),
        table.add("1,000 VRFs made: commits", len(made[MANY].result["commits"]), 1),
        table.add("1,000 VRFs made, ratio to 100", growth, MANY / FEW, note=note),
        table.add(
            "1,000 VRFs once more, ratio to 100",
            again[MANY].seconds / again[FEW].seconds,
            MANY / FEW,
            note=f"{again[MANY].seconds:.2f} s against {again[FEW].seconds:.2f} s",
        ),
        table.add("1,000 VRFs once more: requests", again[MANY].requests, 3),
    ]
    assert all(within)


def test_a_call_without_a_change_against_pyez_with_its_defaults(router: dict[str, Any], table: Table) -> None:
    merge(router, 1)
    connection = Connection(**router)
    request = planning.parse_request("merged", vrfs(1), [TAIL])
    seconds = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        outcome = apply.converge(lambda: open_session(connection), request, apply.CommitOrder(), check_mode=False)
        seconds.append(time.perf_counter() - began)
        assert not outcome.changed
    ours, theirs = statistics.median(seconds), stock_seconds(router)
    note = f"{ours:.3f} s against {theirs:.3f} s"
    assert table.add("no change on one VRF, ratio to PyEZ with its defaults", ours / theirs, 0.5, note=note)


def stock_seconds(router: dict[str, Any]) -> float:
    """Return what the same conversation takes in a process that leaves PyEZ as it is."""
    done = subprocess.run(
        [sys.executable, str(CALL), str(router["port"]), str(ROUNDS)],
        env={**os.environ, "VMX_USER": router["user"], "VMX_PASSWORD": router["password"]},
        capture_output=True,
        text=True,
        check=True,
    )
    return statistics.median(float(one) for one in done.stdout.split())
