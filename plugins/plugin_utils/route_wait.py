# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a router's tables until nothing is missing, for the actions that wait for chains."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.utils.display import Display
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.tables import (
    missing_by_chain,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.handover import handed_over
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import visible

JsonDict = dict[str, Any]

REMINDER = 10.0
"""Seconds after which the same is said again, so that nobody takes the wait for a hang."""
MOST_SHOWN = 4

display = Display()


@dataclass(frozen=True)
class Wait:
    """The result of a wait: of the last look, what was missing then, and of which chains."""

    read: JsonDict
    missing: list[str]
    chains: list[str]
    seconds: float
    looks: int
    progress: list[JsonDict]

    @property
    def could_read(self) -> bool:
        """Return whether the tables could be read."""
        return "route_tables" in self.read

    def shown(self) -> JsonDict:
        """Return how long it took, as results carry it."""
        return {"seconds": round(self.seconds, 3), "looks": self.looks, "progress": self.progress}


@dataclass
class RouteWait:
    """Looks until the tables hold what is expected; with a timeout of 0 it looks once.

    ``timeout`` and ``interval`` are seconds. ``look`` takes the number of the look, from 1, and returns the result of
    ``vmx_info``.
    """

    router: str
    look: Callable[[int], JsonDict]
    expected: Iterable[Mapping[str, Any]]
    timeout: float = 0
    interval: float = 3
    _progress: list[JsonDict] = field(default_factory=list)
    _said: float = float("-inf")

    def carry_out(self) -> Wait:
        """Look, and say meanwhile what is still missing."""
        start, looks = time.monotonic(), 0
        while True:
            looks += 1
            read = self.look(looks)
            missing, chains = _missing(read, self.expected)
            passed = time.monotonic() - start
            self._tell(missing, passed)
            if not missing or passed >= self.timeout:
                return Wait(read, missing, chains, passed, looks, self._progress)
            time.sleep(min(self.interval, max(self.timeout - passed, 0)))

    def _tell(self, missing: list[str], passed: float) -> None:
        is_news = not self._progress or missing != self._progress[-1]["missing"]
        if is_news:
            self._progress.append({"seconds": round(passed, 3), "missing": missing})
        if missing and self.timeout and (is_news or passed - self._said >= REMINDER):
            display.display(f"{self.router}: after {passed:.1f} s still missing: {_shown(missing)}")
            self._said = passed


def _missing(read: JsonDict, expected: Iterable[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Return what is missing, and of which chains; tables that cannot be read are missing altogether."""
    if "route_tables" not in read:
        return [str(read.get("msg", "the tables could not be read"))], []
    missing = missing_by_chain(handed_over(read)["route_tables"], expected)
    return [visible(str(each)) for each in missing], list(dict.fromkeys(each.chain for each in missing))


def _shown(missing: list[str]) -> str:
    more = len(missing) - MOST_SHOWN
    return "; ".join(missing[:MOST_SHOWN]) + (f"; and {more} more" if more > 0 else "")
