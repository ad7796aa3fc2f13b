# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which entries of a list have kept their places."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

Name = TypeVar("Name", bound="Hashable")


def unmoved(before: Sequence[Name], after: Sequence[Name]) -> set[Name]:
    """The names on both sides that need not move: a longest run of them whose order is the same."""
    places = {name: number for number, name in enumerate(before)}
    ends: list[int] = []  # the lowest last place of a run of each length
    lasts: list[Name] = []  # and the name that stands there
    previous: dict[Name, Name | None] = {}
    for name in after:
        if name not in places:
            continue
        at = bisect.bisect_left(ends, places[name])
        previous[name] = lasts[at - 1] if at else None
        ends[at : at + 1] = [places[name]]
        lasts[at : at + 1] = [name]
    kept: set[Name] = set()
    last = lasts[-1] if lasts else None
    while last is not None:
        kept.add(last)
        last = previous[last]
    return kept
