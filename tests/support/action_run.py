# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs action plugins of the collection without a playbook, in a process beside the tests (``action_worker``)."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
CHECKOUT = TESTS.parent / ".cache"
SWITCH = "service_chain_in_process"


def run_action(
    name: str,
    options: Mapping[str, Any],
    *,
    in_process: bool | None,
    variables: Mapping[str, Any] | None = None,
    collections: Path = CHECKOUT,
    times: int = 1,
    process_environment: Mapping[str, str] | None = None,
    **keywords: Any,
) -> dict[str, Any]:
    """Run an action of the collection, so many times in one worker; returns what ``action_worker.carried_out`` does.

    Keywords are those of a task, such as ``check_mode`` or ``environment``. The host is this machine with a local
    connection, unless variables say otherwise.
    """
    request = {
        "action": f"opencontrail.service_chain.{name}",
        "options": dict(options),
        "variables": {**({} if in_process is None else {SWITCH: in_process}), **(variables or {})},
        "times": times,
        "keywords": keywords,
        "environment": {**os.environ, **(process_environment or {})},
    }
    own = {name: value for name, value in (process_environment or {}).items() if name.startswith("ANSIBLE_")}
    process = _worker(collections, tuple(own.items()))
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(request) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    assert "error" not in answer, answer["error"]
    return answer


@cache
def _worker(collections: Path, configuration: tuple[tuple[str, str], ...]) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, "-m", "support.action_worker"],
        env={**os.environ, **dict(configuration), "PYTHONPATH": path, "ANSIBLE_COLLECTIONS_PATH": str(collections)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.kill)
    return process
