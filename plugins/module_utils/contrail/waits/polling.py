# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting with patience: how long, how often to look, and what is told of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..codec.errors import WaitTimeoutError
from ..codec.scope import Value

Pending = Callable[[], Sequence[str]]
"""Says what is still missing, in words; nothing when the wait is over."""


class Never(str):
    """Something missing that no wait can bring."""

    __slots__ = ()


@dataclass
class PollResult:
    """The course of a wait: its seconds, the number of looks, and what was missing each time that it changed."""

    seconds: float = 0.0
    looks: int = 0
    progress: list[dict[str, Value]] = field(default_factory=list)

    def as_result(self) -> dict[str, Value]:
        """Return what a module's result says of the wait."""
        return {"seconds": round(self.seconds, 3), "looks": self.looks, "progress": self.progress}


@dataclass(frozen=True)
class PollPolicy:
    """The limits of a wait: seconds in all, and between two looks; ``tell`` gets the progress."""

    timeout: float = 60
    interval: float = 1
    tell: Callable[[str], None] = lambda text: None

    def wait(
        self,
        pending: Pending,
        waited: PollResult | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> PollResult:
        """Look until nothing is pending; raises WaitTimeoutError with what still is, at once if it can never come.

        ``waited`` is an earlier wait of the same task, to which this one is added.
        """
        waited = waited or PollResult()
        start = clock()
        before = waited.seconds
        last: list[str] | None = None
        while True:
            missing = list(pending())
            passed = clock() - start
            waited.seconds = before + passed
            waited.looks += 1
            if missing != last:
                waited.progress.append({"seconds": round(waited.seconds, 3), "missing": missing})
                self.tell(f"after {waited.seconds:.1f} s: {'; '.join(missing) or 'all is there'}")
            last = missing
            if not missing:
                return waited
            hopeless = [text for text in missing if isinstance(text, Never)]
            if hopeless:
                raise WaitTimeoutError(f"there is nothing to wait for: {'; '.join(hopeless)}", waited.as_result())
            if passed >= self.timeout:
                raise WaitTimeoutError(f"after {self.timeout:g} s {'; '.join(missing)}", waited.as_result())
            sleep(min(self.interval, max(self.timeout - passed, 0)))
