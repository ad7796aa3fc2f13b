# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Terms of one filter in their order: which earlier one hides a later one."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .traffic import Values, covers

_Key = tuple[int, int, int]


@dataclass(frozen=True)
class PlacedTerm:
    """A term that ends what matches it; ``vrf`` is where it leads (None: nowhere, it accepts or discards)."""

    name: str
    values: Values
    vrf: str | None


class EarlierTerms:
    """Terms that stand before others, by the prefixes of their sources, so that a thousand are soon looked through."""

    def __init__(self) -> None:
        self._by_source: dict[_Key, list[PlacedTerm]] = {}
        self._anywhere: list[PlacedTerm] = []
        self._lengths: set[tuple[int, int]] = set()

    def add(self, term: PlacedTerm) -> None:
        """Take a term into account for those that follow."""
        sources = term.values.get("source") or ()
        if not sources:
            self._anywhere.append(term)
        for source in sources:
            network = ipaddress.ip_network(source)
            key = (network.version, network.prefixlen, int(network.network_address))
            self._by_source.setdefault(key, []).append(term)
            self._lengths.add(key[:2])

    def hiding(self, values: Values) -> PlacedTerm | None:
        """Return an earlier term that takes all traffic of a term with these values, None where there is none."""
        return next((term for term in self._candidates(values) if covers(term.values, values)), None)

    def _candidates(self, values: Any) -> Iterator[PlacedTerm]:
        """Yield the terms that hold the first source of a term; what covers it is among them."""
        yield from self._anywhere
        for source in list(values.get("source") or ())[:1]:
            network = ipaddress.ip_network(source)
            start, bits = int(network.network_address), network.max_prefixlen
            for version, length in sorted(self._lengths):
                if version == network.version and length <= network.prefixlen:
                    held = start >> (bits - length) << (bits - length)
                    yield from self._by_source.get((version, length, held), ())
