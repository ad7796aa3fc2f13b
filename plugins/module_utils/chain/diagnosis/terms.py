# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which term of a router's filters takes the traffic that a chain wants, and which earlier one takes it before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...vmx.model.filter import Place
from ..preflight.term_order import EarlierTerms, PlacedTerm
from ..preflight.traffic import covers
from .evidence import BoundFilter, FilterTerm

TermKey = tuple[str, str, str]
"""A term: its family, filter and name."""

Wanted = Mapping[TermKey, tuple[Mapping[str, Any], str]]
"""What terms are to match, and the VRFs that they are to feed."""


@dataclass(frozen=True)
class FoundTerm:
    """The term that leads wanted traffic into its VRF, the earlier one that takes all of it before, and the interfaces
    that the filter is bound to; None for no such term."""

    term: str | None
    hidden_by: str | None = None
    interfaces: Sequence[str] = ()


def find_terms(filters: Mapping[Place, BoundFilter], wanted: Wanted) -> dict[TermKey, FoundTerm]:
    """Return for each wanted term the one that does its work; each filter is walked once."""
    by_place: dict[Place, list[TermKey]] = {}
    for key in wanted:
        by_place.setdefault(key[:2], []).append(key)
    found = {key: FoundTerm(None) for key in wanted}
    for place, keys in by_place.items():
        if place in filters:
            found.update(_found_in(filters[place], {key: wanted[key] for key in keys}))
    return found


def _found_in(bound: BoundFilter, wanted: Wanted) -> Iterator[tuple[TermKey, FoundTerm]]:
    feeding: dict[str | None, list[FilterTerm]] = {}
    for term in bound.terms:
        feeding.setdefault(term.vrf, []).append(term)
    led: dict[int, list[TermKey]] = {}
    for key, (values, vrf) in wanted.items():
        leading = next((term for term in feeding.get(vrf, ()) if covers(term.values, values)), None)
        if leading is not None:
            led.setdefault(id(leading), []).append(key)
    earlier = EarlierTerms()
    for term in bound.terms:
        for key in led.get(id(term), ()):
            hiding = earlier.hiding(wanted[key][0])
            yield key, FoundTerm(term.name, hiding.name if hiding is not None else None, bound.interfaces)
        if term.ends:
            earlier.add(PlacedTerm(term.name, term.values, term.vrf))
