# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed between a confirmed commit and its confirmation: the router takes the commit back."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from integration.vmx_bed import Bed, bed
from lab.junos.router import Router, now
from unit.vmx.scenario import TAIL, VN1, VN2

REFERENCE: dict[str, Any] = {"config": [VN1, VN2], "filters": [TAIL]}
ROOT = Path(__file__).parents[2]
RUN = "import json, sys; from support.module_run import run_module; run_module('vmx_vrf', json.load(sys.stdin))"
SPEED = 60
"""How much faster than ours the router's clock goes: a minute is a second."""


def hurry(router: Router, loop: asyncio.AbstractEventLoop) -> None:
    """Let a router's time go faster, that of its history and that of its timer."""
    begun = now()
    router.clock = lambda: begun + (now() - begun) * SPEED
    router.timer = lambda seconds, call: loop.call_later(seconds / SPEED, call)


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Bed]:
    with bed(tmp_path, []) as made:
        hurry(made.served.router, made.served.loop)
        yield made


def until(what: Callable[[], Any], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def killed_before_it_confirms(router: Bed, minutes: int) -> str:
    """Run vmx_vrf until its confirmed commit is made, and kill it; returns the commit's token."""
    second = {"server": "junos", "match": {"rpc": "^get-commit-information$"}, "kind": "slow"}
    router.faults.add([{**second, "seconds": 0, "times": 2}, {**second, "seconds": 20, "times": 1}])
    options = {**router.connection, **REFERENCE, "commit": {"confirmed": minutes}}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT / ".cache")])}
    process = subprocess.Popen([sys.executable, "-c", RUN], stdin=subprocess.PIPE, text=True, env=environment)
    assert process.stdin is not None
    with process.stdin:
        json.dump(options, process.stdin)
    try:
        until(lambda: router.served.ask(lambda: router.served.router.pending is not None))
        until(lambda: router.counted("sessions") == 2)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    router.faults.clear()
    log = router.served.ask(lambda: router.served.router.history[0].log)
    return str(log).rpartition("[")[2].rstrip("]")


@pytest.mark.parametrize("marks_pending", [True, False], ids=["newer", "older"])
def test_a_killed_run_is_taken_back_and_made_again(router: Bed, marks_pending: bool) -> None:
    router.served.router.marks_pending = marks_pending
    fresh = router.committed
    token = killed_before_it_confirms(router, minutes=2)
    assert router.committed != fresh
    until(lambda: router.committed == fresh, seconds=10)
    assert not router.is_locked
    assert not router.served.ask(lambda: router.served.router.dirty)
    assert "cannot be confirmed: it was taken back" in router.refused("vmx_commit", token=token)
    again = router.run("vmx_vrf", **REFERENCE, commit={"confirmed": 10})
    assert again["commits"][0]["confirmed"]
    assert again["commits"][0]["token"] != token
    assert router.served.ask(lambda: router.served.router.pending) is None
    assert not router.run("vmx_vrf", **REFERENCE)["changed"]


def test_a_killed_run_is_gone_on_with_while_there_is_time(router: Bed) -> None:
    token = killed_before_it_confirms(router, minutes=600)
    again = router.run("vmx_vrf", **REFERENCE, commit={"confirmed": 600})
    assert again["changed"]
    assert (again["commits"][0]["token"], again["commits"][0]["confirmed"]) == (token, True)
    assert router.served.ask(lambda: router.served.router.pending) is None
