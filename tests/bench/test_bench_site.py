# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the whole site costs that changes nothing: tasks, requests, and CPU in ratios of one machine.

``SERVICE_CHAIN_BENCH_OTHER`` names another checkout, with ``make setup`` done in it: its playbooks are then run on the
same lab, in turns with ours, and the CPU compared. Without it only counts are, with those that release 1.0.0 had.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from bench.conftest import Table
from bench.measured import cpu_of_children
from lab.fixture import Lab, running_lab
from models.many_chains import many_chains, variables_of

pytestmark = pytest.mark.bench

ROOT = Path(__file__).resolve().parents[2]
OTHER = os.environ.get("SERVICE_CHAIN_BENCH_OTHER", "")
RELEASE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("release_1_0_0.yml").read_text(encoding="utf-8"))
FEW, MANY = 1, 100
TABLES_OF_A_CHAIN = 2
READS, RPCS, TASKS = 14, 16, 45
"""What a run on one chain may cost, and one on many beside its tables."""


@dataclass(frozen=True)
class Cost:
    """What one run cost: tasks, requests that read from Contrail, requests to the router, seconds of CPU."""

    tasks: int
    reads: int
    rpcs: int
    cpu: float


@dataclass(frozen=True)
class Site:
    """A lab on which so many chains stand."""

    lab: Lab
    chains: int

    def run(self, playbook: str, *arguments: str, root: Path = ROOT) -> Cost:
        """Run a playbook of a checkout, which must change nothing; the lab's own CPU does not count."""
        before, used = self.lab.counters(), cpu_of_children()
        output = self._played(playbook, arguments, root)
        cpu, after = cpu_of_children() - used, self.lab.counters()
        assert after["contrail"]["writes"] == before["contrail"]["writes"], output
        assert after["junos"]["commits"] == before["junos"]["commits"], output
        return Cost(
            output.count("\nTASK ["),
            after["contrail"]["reads"] - before["contrail"]["reads"],
            after["junos"]["rpcs"] - before["junos"]["rpcs"],
            cpu,
        )

    def make(self) -> None:
        """Make the chains."""
        self._played("site.yml", (), ROOT)

    def _played(self, playbook: str, arguments: tuple[str, ...], root: Path) -> str:
        variables = self.lab.directory / "variables.json"  # which is more than a command line may hold
        variables.write_text(json.dumps(variables_of(many_chains(self.chains))), encoding="utf-8")
        own = root / ".venv" / "bin" / "ansible-playbook"
        program = own if own.exists() else Path(sys.executable).with_name("ansible-playbook")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        done = subprocess.run(
            [str(program), playbook, "--limit", "localhost,routers", "--extra-vars", f"@{variables}", *arguments],
            cwd=root,
            env=environment | {"SERVICE_CHAIN_LAB_DIRECTORY": str(self.lab.directory), "ANSIBLE_NOCOLOR": "1"},
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stdout[-3000:]
        return done.stdout


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Site]]:
    """Labs with one chain and with many."""
    with (
        running_lab(tmp_path_factory.mktemp("few"), "--no-hosts") as few,
        running_lab(tmp_path_factory.mktemp("many"), "--no-hosts") as many,
    ):
        found = {FEW: Site(few, FEW), MANY: Site(many, MANY)}
        for site in found.values():
            site.make()
        yield found


def test_a_run_without_a_change(sites: dict[int, Site], table: Table) -> None:
    few, many = (sites[count].run("site.yml") for count in (FEW, MANY))
    then, then_many = RELEASE["chains"][FEW], RELEASE["chains"][MANY]
    tables = TABLES_OF_A_CHAIN * MANY
    within = [
        table.add("no change: tasks", few.tasks, TASKS, note=f"1.0.0: {RELEASE['tasks']}"),
        table.add("no change, 1 chain: reads of Contrail", few.reads, READS, note=f"1.0.0: {then['reads']}"),
        table.add("no change, 1 chain: RPCs", few.rpcs, RPCS, note=f"1.0.0: {then['rpcs']}"),
        table.add("no change, 100 chains: reads of Contrail", many.reads, READS, note=f"1.0.0: {then_many['reads']}"),
        table.add(
            "no change, 100 chains: RPCs beside one for each table",
            many.rpcs - tables,
            RPCS,
            note=f"1.0.0: {then_many['rpcs'] - tables}",
        ),
        table.add(
            "no change: CPU at 100 chains, of that at 1",
            many.cpu / few.cpu,
            1.3,
            note=f"{many.cpu:.1f} s against {few.cpu:.1f} s; 1.0.0: 2.1",
        ),
    ]
    assert all(within)


@pytest.mark.skipif(not OTHER, reason="SERVICE_CHAIN_BENCH_OTHER names no other checkout")
@pytest.mark.parametrize(
    ("playbook", "limit"),
    [
        ("site.yml", 0.2),
        ("playbooks/verify.yml", 0.35),
        ("playbooks/diagnose.yml", 0.35),
        ("playbooks/preflight.yml", 0.35),
    ],
)
def test_cpu_of_another_checkout(sites: dict[int, Site], table: Table, playbook: str, limit: float) -> None:
    site = sites[FEW]
    ours, theirs = [], []
    for _turn in range(2):
        ours.append(site.run(playbook).cpu)
        theirs.append(site.run(playbook, root=Path(OTHER)).cpu)
    note = f"{min(ours):.1f} s against {min(theirs):.1f} s"
    assert table.add(f"{playbook} without a change, CPU of {OTHER}", min(ours) / min(theirs), limit, note=note)
