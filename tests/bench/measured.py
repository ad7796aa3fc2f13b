# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module run as Ansible runs it, in a process of its own, with what it cost."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MODULES = "ansible_collections.opencontrail.service_chain.plugins.modules"


class ModuleFailedError(Exception):
    """A module that was measured failed; the message is its own."""


@dataclass(frozen=True)
class Run:
    """One run of a module: seconds from start to end by the clock and of CPU, peak memory in MB, and its result."""

    seconds: float
    cpu: float
    megabytes: float
    result: Mapping[str, Any]

    @property
    def requests(self) -> int:
        """How many requests the module made."""
        return int(self.result["requests"])


PEAK = """
import atexit, runpy, sys
module, arguments, figure = sys.argv[1:]

def note():
    with open("/proc/self/status") as status, open(figure, "w") as peak:
        peak.writelines(line.split()[1] for line in status if line.startswith("VmHWM:"))

atexit.register(note)
sys.argv[1:] = [arguments]
runpy.run_module(module, run_name="__main__")
"""
"""Runs a module and notes the most memory it had, in KB.

What the kernel tells a parent of its children counts the parent's own memory at the fork too.
"""


def cpu_of_children() -> float:
    """Return the seconds of CPU that all processes took that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_module(name: str, options: Mapping[str, Any]) -> Run:
    """Run a module of the collection with options. Raises ModuleFailedError."""
    arguments = {"ANSIBLE_MODULE_ARGS": {**options, "_ansible_check_mode": False, "_ansible_diff": False}}
    with tempfile.TemporaryDirectory() as directory:
        given, peak = Path(directory, "arguments.json"), Path(directory, "peak")
        given.write_text(json.dumps(arguments), encoding="utf-8")
        began, used = time.perf_counter(), cpu_of_children()
        done = subprocess.run(
            [sys.executable, "-c", PEAK, f"{MODULES}.{name}", str(given), str(peak)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT / ".cache")},
        )
        seconds, cpu = time.perf_counter() - began, cpu_of_children() - used
        kilobytes = int(peak.read_text() or 0) if peak.exists() else 0
    try:
        result = json.loads(done.stdout)
    except ValueError:
        raise ModuleFailedError(f"{name}: {done.stdout[-500:]}") from None
    if result.get("failed"):
        raise ModuleFailedError(f"{name}: {result['msg']}")
    return Run(seconds, cpu, kilobytes / 1024, result)
