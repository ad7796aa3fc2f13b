# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router modules cost, against a router of the lab in a process of its own.

Judged are counts, and seconds of CPU in ratios of one run on one machine. The clock is only noted, for a busy machine
moves it, except against a client that sleeps.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.commit import apply
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import vrf_plan as planning
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.session import (
    Connection,
    open_session,
)
from bench.conftest import Table
from bench.measured import ROOT, Run, cpu_of_children, run_module
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
    growth = made[MANY].cpu / made[FEW].cpu
    note = f"{made[MANY].cpu:.2f} s of CPU against {made[FEW].cpu:.2f} s; {made[MANY].seconds:.2f} s by the clock"
    within = [
        table.add("1,000 VRFs made: loads", rpcs.count("load-configuration"), 1),
        table.add("1,000 VRFs made: commits", len(made[MANY].result["commits"]), 1),
        table.add("1,000 VRFs made, CPU of that for 100", growth, MANY / FEW, note=note),
        table.add(
            "1,000 VRFs once more, CPU of that for 100",
            again[MANY].cpu / again[FEW].cpu,
            MANY / FEW,
            note=f"{again[MANY].cpu:.2f} s against {again[FEW].cpu:.2f} s",
        ),
        table.add("1,000 VRFs once more: requests", again[MANY].requests, 3),
    ]
    assert all(within)


def test_a_call_without_a_change_against_pyez_with_its_defaults(router: dict[str, Any], table: Table) -> None:
    merge(router, 1)
    connection = Connection(**router)
    request = planning.parse_request("merged", vrfs(1), [TAIL])
    seconds, used = [], []
    for _round in range(ROUNDS):
        began, spent = time.perf_counter(), time.process_time()
        outcome = apply.converge(lambda: open_session(connection), request, apply.CommitOrder(), check_mode=False)
        seconds.append(time.perf_counter() - began)
        used.append(time.process_time() - spent)
        assert not outcome.changed
    clock, cpu = stock_seconds(router)
    within = [
        table.add(
            "no change on one VRF, time of PyEZ with its defaults",
            min(seconds) / clock,
            0.5,
            note=f"{min(seconds):.3f} s against {clock:.3f} s, the best of {ROUNDS} each: PyEZ waits in ticks",
        ),
        table.add(
            "no change on one VRF, CPU of PyEZ with its defaults",
            min(used) / cpu,
            1.5,
            note=f"{min(used):.3f} s against {cpu:.3f} s",
        ),
    ]
    assert all(within)


def test_two_hundred_vrfs_in_a_playbook(lab: Lab, router: dict[str, Any], table: Table, tmp_path: Path) -> None:
    """A task costs what the playbook costs that has it beyond one that has it not.

    A script that ``command`` starts does what juniper.device does in the process of its module.
    """
    configured = vrfs(200)
    values = tmp_path / "values.json"
    values.write_text(json.dumps({"vrfs": configured, "filter": TAIL["name"]}), encoding="utf-8")
    script = [sys.executable, str(CALL.with_name("stock_template.py")), str(router["port"]), str(values)]
    login = {"VMX_USER": router["user"], "VMX_PASSWORD": router["password"]}
    module = {"opencontrail.service_chain.vmx_vrf": {**router, "config": configured, "filters": [TAIL]}}
    plays = {
        "start": {"ansible.builtin.meta": "noop"},
        "ours": module,
        "theirs": {"ansible.builtin.command": {"argv": script}, "environment": login},
    }
    for name, task in plays.items():
        play = {"hosts": "localhost", "gather_facts": False, "tasks": [task]}
        (tmp_path / f"{name}.yml").write_text(json.dumps([play]), encoding="utf-8")
    costs: dict[str, list[dict[str, float]]] = {"made": [], "no change": []}
    for _turn in range(3):
        start = cpu_of_a_play(tmp_path / "start.yml")
        used = {}
        for name in ("ours", "theirs"):
            lab.reset()
            used[name] = [cpu_of_a_play(tmp_path / f"{name}.yml") - start for _what in costs]
        for place, what in enumerate(costs):
            costs[what].append({name: both[place] for name, both in used.items()})
    ours, theirs = ({what: [one[name] for one in costs[what]] for what in costs} for name in ("ours", "theirs"))
    within = [
        table.add(
            f"200 VRFs {what}, CPU of the same with a template and PyEZ",
            min(ours[what]) / min(theirs[what]),
            0.8,
            note=f"{min(ours[what]):.2f} s against {min(theirs[what]):.2f} s",
        )
        for what in ours
    ]
    assert all(within)


def cpu_of_a_play(playbook: Path) -> float:
    """Return the seconds of CPU that a playbook takes."""
    before = cpu_of_children()
    program = Path(sys.executable).with_name("ansible-playbook")
    subprocess.run([str(program), str(playbook)], cwd=ROOT, check=True, capture_output=True)
    return cpu_of_children() - before


def stock_seconds(router: dict[str, Any]) -> tuple[float, float]:
    """Return the least that the same conversation takes, by the clock and of CPU, with PyEZ as it comes."""
    done = subprocess.run(
        [sys.executable, str(CALL), str(router["port"]), str(ROUNDS)],
        env={**os.environ, "VMX_USER": router["user"], "VMX_PASSWORD": router["password"]},
        capture_output=True,
        text=True,
        check=True,
    )
    rounds = [[float(one) for one in line.split()] for line in done.stdout.splitlines()]
    return min(one[0] for one in rounds), min(one[1] for one in rounds)
