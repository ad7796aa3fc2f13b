# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's state in a file, so that it survives a restart of the lab."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from lab.core.world import World

SAVE_DELAY = 0.2  # seconds; changes in between are saved together


class StateFile:
    """Loads a world's state from a file, and saves it there after changes."""

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._timer: asyncio.TimerHandle | None = None

    def load(self) -> None:
        """Take over what the file holds, if there is one. Raises ValueError for a file that is no state."""
        if not self._path.exists():
            return
        try:
            self._world.restore(json.loads(self._path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{self._path} holds no state of a lab: {error!r}") from error

    def follow(self) -> None:
        """Save a moment after each change from now on; needs a running event loop."""
        self._world.on_change.append(self._schedule)

    def save(self) -> None:
        """Write the file, whole or not at all."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(self._world.dump()), encoding="utf-8")
        unfinished.replace(self._path)

    def _schedule(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SAVE_DELAY, self.save)
