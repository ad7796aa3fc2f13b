# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many generated examples and cases a test tries: all of them in ``make test``, a fifth in ``make unit``.

The environment variable ``EXAMPLES`` decides: ``few``, or ``all`` as without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, TypeVar

from hypothesis import settings

T = TypeVar("T")

SHARE = 5 if os.environ.get("EXAMPLES") == "few" else 1
FEWEST = 5


def examples(most: int, **more: Any) -> settings:
    """Return the settings of a test that tries so many examples; ``more`` are other settings of hypothesis.

    No example has a time limit: machines that are busy are slow.
    """
    return settings(max_examples=min(most, max(FEWEST, most // SHARE)), deadline=None, **more)


def some(cases: Iterable[T], first: int = 0) -> list[T]:
    """Return all cases, or a share of them: every fifth from ``first`` on, at least one where there are any."""
    given = list(cases)
    return given[first % min(SHARE, len(given) or 1) :: SHARE]
