# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Contrail modules cost: counts, and ratios of one run on one machine.

Where the wait for a server is what is saved, the clock is compared with that of the official client's loop, on a part
of the networks and scaled to all, for it takes the same time for each. All else is seconds of CPU, from the start of a
module's process to its end; a busy machine does not move them.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bench import scale
from bench.conftest import URL, Table
from bench.measured import Run, cpu_of_children, run_module
from bench.official import OfficialLoop
from contract.lab_server import running_server
from lab.fixture import running_lab

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


def test_networks_on_a_server_that_answers_at_once(prefix: str, table: Table, tmp_path: Path) -> None:
    """Where there is no wait to save, what counts is the work for each network; the start of a process is left out."""
    ratios = []
    with running_lab(tmp_path, "--no-hosts", "--daemon-delay", "86400") as lab:
        official = OfficialLoop(lab.contrail_url)
        for turn in range(3):
            few = run(lab.contrail_url, "contrail_vn", scale.networks(f"{prefix}-{turn}-few", 20))
            many = run(lab.contrail_url, "contrail_vn", scale.networks(f"{prefix}-{turn}-many", 320))
            theirs = official.create(scale.networks(f"{prefix}-{turn}-official", 300, target=90_000))
            ratios.append((many.seconds - few.seconds) / theirs)
    note = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    what = "300 networks created on a quick server, of the official client"
    assert table.add(what, statistics.median(ratios), 0.7, note=note)


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
    """The second half of the way from a hundred to a thousand takes no more CPU than the first; best of three."""
    used = {}
    half = (FEW + MANY) // 2
    for count in (FEW, half, MANY):
        wanted = scale.networks(f"{prefix}-{count}", count)
        tries = []
        for _turn in range(1 if again else 3):
            with removed_afterwards(url, ("contrail_vn", wanted)):
                tries.append(run(url, "contrail_vn", wanted))
                if again:
                    tries = [run(url, "contrail_vn", wanted) for _turn in range(3)]
        used[count] = min(one.cpu for one in tries)

    growth = (used[MANY] - used[half]) / (used[half] - used[FEW])
    what = f"{'no change' if again else 'created'}, 550 to 1,000 networks against 100 to 550"
    note = ", ".join(f"{count}: {used[count]:.2f} s" for count in used)
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
        rounds = [(_cpu_of_a_start(), run(server.url, "contrail_vn", wanted)) for _turn in range(5)]

    best = min(look.cpu for _unused, look in rounds)
    start = min(used for used, _unused in rounds)
    note = f"{best:.2f} s of CPU, of which Python, Ansible and requests take {start:.2f} s to start"
    within = [table.add("one network among 50,000, requests", max(look.requests for _unused, look in rounds), 3)]
    within.append(table.add("one network among 50,000, CPU beyond the start", best - start, 0.3, unit=" s", note=note))
    assert all(within)


def _cpu_of_a_start() -> float:
    """Return what every module pays that speaks HTTP: a process with Ansible's and requests' code."""
    used = cpu_of_children()
    subprocess.run([sys.executable, "-c", "import ansible.module_utils.basic, requests"], check=True)
    return cpu_of_children() - used
