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
    ends: list[int] = []
    chains: list[list[Name]] = []
    for name in after:
        if name not in places:
            continue
        at = bisect.bisect_left(ends, places[name])
        chain = [*(chains[at - 1] if at else ()), name]
        ends[at : at + 1] = [places[name]]
        chains[at : at + 1] = [chain]
    return set(chains[-1]) if chains else set()
