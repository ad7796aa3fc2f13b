# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hints of known names that are like one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

LIKENESS = 0.6
"""From which likeness on, of 0 to 1, a name is told as one that was perhaps meant."""

MOST_NAMES = 8
"""So many names does a message list when none is like the wrong one."""


def like(name: str, known: Iterable[str], most: int = 3, likeness: float = LIKENESS) -> list[str]:
    """Return the known names that are most like ``name``, the best one first."""
    return difflib.get_close_matches(name, sorted(known), n=most, cutoff=likeness)


def nearest(name: str, known: Iterable[str], most: int = 1) -> str:
    """Return ``; did you mean X or Y?`` for the known names most like ``name``, or nothing when none is like it."""
    close = like(name, known, most)
    return f"; {did_you_mean(close)}" if close else ""


def did_you_mean(close: Iterable[str]) -> str:
    """Return the question after names that were perhaps meant: ``did you mean a or b?``."""
    return f"did you mean {' or '.join(close)}?"


def listed(names: Sequence[str]) -> str:
    """Return the first of some names, and how many more there are."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"{', '.join(names[:MOST_NAMES])}{more}"


def near_misses(text: str, known: Iterable[str]) -> str:
    """Return what was perhaps meant by a wrong word, as the end of a sentence: ``did you mean a or b?``."""
    names = sorted(known)
    by_key = {name.lower().replace("_", "-"): name for name in names}
    close = like(text.lower().replace("_", "-"), by_key)
    if close:
        return did_you_mean(by_key[key] for key in close)
    return f"there is {listed(names) or 'none'}"
