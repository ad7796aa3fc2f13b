# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task's ``timeout`` interrupts a change of a router in the worker: it ends at once, and leaves no lock."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from integration.vmx_bed import Bed, bed
from unit.vmx.scenario import TAIL, VN1, VN2

CHANGE: dict[str, Any] = {"config": [VN1, VN2], "filters": [TAIL]}
PATIENCE = 1.0
"""Seconds after which the task is out of time."""
SLOW = 6
"""Seconds that the router takes for one reply."""


class OutOfTimeError(BaseException):
    """What Ansible raises in the worker is an error of this kind as well, which no module catches by mistake."""


@pytest.fixture(scope="module")
def router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with bed(tmp_path_factory.mktemp("router"), []) as served:
        yield served


@contextmanager
def task_timeout(seconds: float) -> Iterator[None]:
    """Interrupt the block as Ansible does: by an exception in the handler of SIGALRM."""

    def interrupt(*_unused: object) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    "rpc", ["get-configuration", "lock-configuration", "load-configuration", "commit-configuration"]
)
def test_a_change_that_is_out_of_time_ends_and_leaves_no_lock(router: Bed, rpc: str) -> None:
    router.reset()
    router.faults.add([{"server": "junos", "kind": "slow", "seconds": SLOW, "match": {"rpc": rpc}}])
    began = time.monotonic()
    with pytest.raises(OutOfTimeError), task_timeout(PATIENCE):
        router.run("vmx_vrf", **CHANGE)
    assert time.monotonic() - began < SLOW
    deadline = time.monotonic() + SLOW + 10
    while router.is_locked and time.monotonic() < deadline:  # until the router has read that the session is over
        time.sleep(0.1)
    assert not router.is_locked
    router.faults.clear()
    router.run("vmx_vrf", **CHANGE)
    assert router.run("vmx_vrf", **CHANGE)["changed"] is False
