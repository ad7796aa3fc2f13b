# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PollPolicy, on a clock that only moves while it sleeps."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import WaitTimeoutError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.waits.polling import (
    PollPolicy,
    PollResult,
)


class Clock:
    """Time as the wait sees it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def wait(patience: PollPolicy, answers: Iterable[list[str]], waited: PollResult | None = None) -> PollResult:
    clock = Clock()
    left = iter(answers)
    return patience.wait(lambda: next(left), waited, sleep=clock.sleep, clock=clock)


def test_progress_tells_each_change_once() -> None:
    told: list[str] = []

    waited = wait(PollPolicy(10, 2, told.append), [["a", "b"], ["a", "b"], ["b"], []])

    assert waited.as_result() == {
        "seconds": 6.0,
        "looks": 4,
        "progress": [
            {"seconds": 0.0, "missing": ["a", "b"]},
            {"seconds": 4.0, "missing": ["b"]},
            {"seconds": 6.0, "missing": []},
        ],
    }
    assert told == ["after 0.0 s: a; b", "after 4.0 s: b", "after 6.0 s: all is there"]


def test_the_last_look_is_at_the_end_of_the_time() -> None:
    with pytest.raises(WaitTimeoutError, match=r"^after 5 s still this$") as caught:
        wait(PollPolicy(5, 2), [["still this"]] * 9)

    assert caught.value.facts() == {
        "verb": "wait",
        "waited": {"seconds": 5.0, "looks": 4, "progress": [{"seconds": 0.0, "missing": ["still this"]}]},
    }


def test_without_time_there_is_one_look() -> None:
    assert wait(PollPolicy(0, 1), [[]]).looks == 1
    with pytest.raises(WaitTimeoutError):
        wait(PollPolicy(0, 1), [["a"]])


def test_a_second_wait_of_a_task_adds_to_the_first() -> None:
    first = wait(PollPolicy(10, 1), [["a"], []])

    both = wait(PollPolicy(10, 1), [["b"], ["b"], []], first)

    assert (both.seconds, both.looks) == (3.0, 5)
    assert [entry["missing"] for entry in both.progress] == [["a"], [], ["b"], []]
