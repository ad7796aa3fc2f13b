# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks of the checkout against a lab, as a user does: ``ansible-playbook`` on the lab's inventory."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.fixture import Lab
from support.leaks import refuse_leaking_files, refuse_leaks

ROOT = Path(__file__).resolve().parents[2]
PATH_MAX = 200
WITHOUT_HOSTS = ("--skip-tags", "computes,endpoints")
"""For tests of what Contrail and the routers do: compute nodes and hosts take a quarter of a run's time."""


@dataclass(frozen=True)
class Run:
    """What one run of ansible-playbook said."""

    status: int
    output: str

    @property
    def changed(self) -> dict[str, int]:
        """Changed tasks for each host, from the recap."""
        recap = re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", self.output, re.MULTILINE)
        return {host: int(count) for host, count in recap}


def play(lab: Lab, playbook: str, *arguments: str, **variables: Any) -> Run:
    """Run a playbook of the checkout against ``lab``; neither its output nor a file that it wrote may hold a secret."""
    done = subprocess.run(
        _command(playbook, arguments, variables),
        cwd=ROOT,
        env=_environment(lab),
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in done.stdout, done.stdout
    assert "[DEPRECATION WARNING]" not in done.stdout, done.stdout
    refuse_leaks(done.stdout, f"the output of {playbook}")
    refuse_leaking_files(lab.directory)
    for value in variables.values():  # files that a run was asked to write elsewhere
        if isinstance(value, str) and len(value) < PATH_MAX and Path(value).is_file():
            refuse_leaks(Path(value).read_text(encoding="utf-8"), value)
    return Run(done.returncode, done.stdout)


def kill_when(condition: Callable[[], bool], lab: Lab, playbook: str, *arguments: str, **variables: Any) -> None:
    """Run a playbook, and end all its processes by SIGKILL once the condition holds, as a machine that fails would.

    Ansible's workers have sessions of their own, so the processes are told by what stands in their environment.
    """
    mark = f"PLAYBOOK_RUN={uuid.uuid4()}"
    running = subprocess.Popen(
        _command(playbook, arguments, variables),
        cwd=ROOT,
        env=_environment(lab) | dict([mark.split("=")]),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    try:
        while not condition():
            assert running.poll() is None, (
                f"{playbook} ended with status {running.returncode} before it could be killed"
            )
            time.sleep(0.05)
    finally:
        for process in _marked(mark.encode()):
            os.kill(process, signal.SIGKILL)
        running.wait()


def _marked(mark: bytes) -> list[int]:
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # it ended meanwhile, or is somebody else's
            if mark in environment.read_bytes().split(b"\0"):
                found.append(int(environment.parent.name))
    return found


def _environment(lab: Lab) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    return environment | {"SERVICE_CHAIN_LAB_DIRECTORY": str(lab.directory), "NO_COLOR": "1", "ANSIBLE_NOCOLOR": "1"}


def _command(playbook: str, arguments: Sequence[str], variables: Mapping[str, Any]) -> list[str]:
    extra = ["--extra-vars", json.dumps(variables)] if variables else []
    return [str(Path(sys.executable).with_name("ansible-playbook")), playbook, *arguments, *extra]


def passed(run: Run) -> Run:
    """Return ``run`` if it ended well, else show what it printed."""
    assert run.status == 0, run.output
    return run
