# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the Contrail modules are, in ratios of one run on one machine.

A module is measured from the start of its process to its end. The official client's loop is measured on a
part of the networks and scaled to all, for it takes the same time for each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from bench import scale
from bench.conftest import URL, Table
from bench.measured import Run, run_module
from bench.official import OfficialLoop
from contract.lab_server import running_server

pytestmark = pytest.mark.bench

MANY = 1000
FEW = 100
SAMPLE = 100
CROWD = 50_000


def run(url: str, module: str, config: list[scale.JsonDict], state: str = "present") -> Run:
    return run_module(module, {"api_url": [url], "config": config, "state": state})


@contextmanager
def removed_afterwards(url: str, *parts: tuple[str, list[scale.JsonDict]]) -> Iterator[None]:
    try:
        yield
    finally:
        for module, config in reversed(parts):
            run(url, module, config, "absent")


def test_a_thousand_networks(url: str, prefix: str, table: Table) -> None:
    official = OfficialLoop(url)
    sample = scale.networks(f"{prefix}-official", SAMPLE, target=90_000)
    wanted = scale.networks(prefix, MANY)
    with removed_afterwards(url, ("contrail_vn", wanted), ("contrail_vn", sample)):
        loop_creates = official.create(sample) * MANY / SAMPLE
        loop_compares = official.compare(sample) * MANY / SAMPLE
        created = run(url, "contrail_vn", wanted)
        again = run(url, "contrail_vn", wanted)

    note = f"{created.seconds:.2f} s against {loop_creates:.1f} s (of {SAMPLE}, scaled)"
    within = [
        table.add(
            "1,000 networks created, ratio to the official client", created.seconds / loop_creates, 0.25, note=note
        )
    ]
    note = f"{again.seconds:.2f} s against {loop_compares:.1f} s (of {SAMPLE}, scaled)"
    within.append(
        table.add("no change, ratio to its loop of read and compare", again.seconds / loop_compares, 0.05, note=note)
    )
    within.append(table.add("no change, requests", again.requests, 4))
    within.append(table.add("peak memory, creating", created.megabytes, 150, unit=" MB"))
    within.append(table.add("peak memory, no change", again.megabytes, 150, unit=" MB"))
    assert again.result["changed"] is False
    assert all(within)


def test_whole_chains(url: str, prefix: str, table: Table) -> None:
    parts = scale.everything(prefix, MANY)
    with removed_afterwards(url, *parts):
        first = [run(url, *part) for part in parts]
        second = [run(url, *part) for part in parts]

    took = sum(one.seconds for one in first), sum(one.seconds for one in second)
    counts = ", ".join(f"{module[9:]} {one.requests}" for (module, _unused), one in zip(parts, second, strict=True))
    note = f"first run {took[0]:.1f} s, second {took[1]:.1f} s; {counts}"
    requests_made = sum(one.requests for one in second)
    within = [table.add("1,000 networks, 500 chains, second run, requests", requests_made, 12, note=note)]
    within.append(
        table.add("peak memory of any of these", max(one.megabytes for one in (*first, *second)), 150, unit=" MB")
    )
    assert not any(one.result["changed"] for one in second)
    assert all(within)


@pytest.mark.parametrize("again", [False, True], ids=["created", "no change"])
def test_time_grows_linearly(url: str, prefix: str, table: Table, again: bool) -> None:
    """The second half of the way from a hundred to a thousand takes no longer than the first; best of three."""
    seconds = {}
    half = (FEW + MANY) // 2
    for count in (FEW, half, MANY):
        wanted = scale.networks(f"{prefix}-{count}", count)
        tries = []
        for _turn in range(1 if again else 3):
            with removed_afterwards(url, ("contrail_vn", wanted)):
                tries.append(run(url, "contrail_vn", wanted))
                if again:
                    tries = [run(url, "contrail_vn", wanted) for _turn in range(3)]
        seconds[count] = min(one.seconds for one in tries)

    growth = (seconds[MANY] - seconds[half]) / (seconds[half] - seconds[FEW])
    what = f"{'no change' if again else 'created'}, 550 to 1,000 networks against 100 to 550"
    note = ", ".join(f"{count}: {seconds[count]:.2f} s" for count in seconds)
    assert table.add(what, growth, 1.15, note=note)


@pytest.mark.skipif(bool(os.environ.get(URL)), reason="fifty thousand networks are made in a lab alone")
def test_one_network_among_fifty_thousand(prefix: str, table: Table) -> None:
    wanted = scale.networks(prefix, 1)
    with running_server() as server:
        project = ["default-domain", "default-project"]
        for number in range(CROWD):
            body = {"fq_name": [*project, f"crowd-{number:05d}"], "parent_type": "project"}
            server.store.insert("virtual-network", body)
        run(server.url, "contrail_vn", wanted)
        plain = min(_time_of_one_read(server.url, wanted[0]["name"]) for _unused in range(5))
        rounds = [(_time_of_a_start(), run(server.url, "contrail_vn", wanted)) for _turn in range(5)]

    best = min(look.seconds for _unused, look in rounds)
    start = min(seconds for seconds, _unused in rounds)
    note = f"{best:.2f} s, of which Python, Ansible and requests take {start:.2f} s to start, the server {plain:.3f} s"
    within = [table.add("one network among 50,000, requests", max(look.requests for _unused, look in rounds), 3)]
    what = "one network among 50,000, beyond start and server"
    within.append(table.add(what, best - start - plain, 0.3, unit=" s", note=note))
    assert all(within)


def _time_of_one_read(url: str, name: str) -> float:
    began = time.perf_counter()
    query = f"fq_names=default-domain:default-project:{name}&detail=true"
    requests.get(f"{url}/virtual-networks?{query}", timeout=60).raise_for_status()
    return time.perf_counter() - began


def _time_of_a_start() -> float:
    """Return what every module pays that speaks HTTP: a process with Ansible's and requests' code."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import ansible.module_utils.basic, requests"], check=True)
    return time.perf_counter() - began
