# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site of the lab's inventory as it stands after one run of site.yml: made once for all tests and all workers."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lab.fixture import Lab
from support.held_state import held
from support.playbook_run import Run, passed, play

SNAPSHOTS = "snapshots"
"""Where in a lab's directory the playbooks keep what they have seen of routers."""


@dataclass(frozen=True)
class StandingSite:
    """What came of the run that made the site: what it said, and how often it asked the lab for what.

    `directory` has the state of the lab (`Lab.keep`) and what the run left on the controller; `empty` is what the lab
    held before (`held`).
    """

    directory: Path
    run: Run
    counters: dict[str, dict[str, int]]
    empty: dict[str, Any]

    def put_back(self, lab: Lab) -> None:
        """Let the site stand in a lab with the default site, whatever was there."""
        lab.restore(self.directory / "state")
        shutil.rmtree(lab.directory / SNAPSHOTS, ignore_errors=True)
        shutil.copytree(self.directory / SNAPSHOTS, lab.directory / SNAPSHOTS)


def standing_site(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> StandingSite:
    """Let the site stand in a lab, and return what came of the run that made it.

    The first test of all workers that asks for it runs site.yml in its lab; for the others its state is restored.
    """
    directory = _shared_by_workers(tmp_path_factory) / "standing-site"
    directory.mkdir(exist_ok=True)
    with _alone_in(directory):
        if not (directory / "run.json").exists():
            _make(lab, directory)
    told = json.loads((directory / "run.json").read_text(encoding="utf-8"))
    site = StandingSite(directory, Run(0, told["output"]), told["counters"], told["empty"])
    site.put_back(lab)
    return site


def _make(lab: Lab, directory: Path) -> None:
    lab.reset()
    shutil.rmtree(lab.directory / SNAPSHOTS, ignore_errors=True)
    empty = held(lab)
    run = passed(play(lab, "site.yml", "-vvv"))  # so much may be said, and no secret be in it
    lab.keep(directory / "state")
    shutil.copytree(lab.directory / SNAPSHOTS, directory / SNAPSHOTS)
    told = {"output": run.output, "counters": lab.counters(), "empty": empty}
    (directory / "run.json").write_text(json.dumps(told), encoding="utf-8")


def _shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of the session; each worker of pytest-xdist has one of its own below it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Let one process at a time work in a directory."""
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
