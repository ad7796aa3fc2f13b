# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several requests at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def side_by_side(function: Callable[[Any], Any], items: Sequence[Any], workers: int) -> list[Any]:
    """Return what a function makes of each item, with at most so many of them under way at a time.

    Where one fails, those under way are waited for. Where the task is out of time or interrupted, nothing is.
    """
    if len(items) < 2 or workers == 1:
        return [function(item) for item in items]
    pool = ThreadPoolExecutor(min(workers, len(items)))
    try:
        done = list(pool.map(function, items))
    except BaseException as error:
        pool.shutdown(wait=isinstance(error, Exception), cancel_futures=True)
        raise
    pool.shutdown()
    return done
