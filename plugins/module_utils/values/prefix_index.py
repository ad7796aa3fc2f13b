# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prefixes that can be asked which of them overlap another one, without comparing it to each."""

from __future__ import annotations

import ipaddress
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator


def overlap(one: str, other: str) -> bool:
    """Return whether two prefixes have an address in common."""
    first, second = ipaddress.ip_network(one), ipaddress.ip_network(other)
    return first.version == second.version and first.overlaps(second)


class PrefixIndex:
    """Prefixes with a label each."""

    def __init__(self, labelled: Iterable[tuple[str, str]]) -> None:
        """:param labelled: pairs of a prefix and its label."""
        self._labels: dict[tuple[int, int, int], list[tuple[str, str]]] = {}
        for prefix, label in labelled:
            network = ipaddress.ip_network(prefix)
            key = (network.version, network.prefixlen, int(network.network_address))
            self._labels.setdefault(key, []).append((prefix, label))
        self._lengths = sorted({key[:2] for key in self._labels})
        self._starts = sorted((version, start, length) for version, length, start in self._labels)

    def overlapping(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield the prefixes (with their labels) that hold ``prefix`` or part of it.

        Of two prefixes that overlap one holds the other: the holders are looked up by length, the held lie
        together in order of their first address.
        """
        network = ipaddress.ip_network(prefix)
        first, last = int(network.network_address), int(network.broadcast_address)
        for version, length in self._lengths:
            if version == network.version and length <= network.prefixlen:
                start = first >> (network.max_prefixlen - length) << (network.max_prefixlen - length)
                yield from self._labels.get((version, length, start), ())
        low = bisect_left(self._starts, (network.version, first, 0))
        high = bisect_right(self._starts, (network.version, last, network.max_prefixlen))
        for version, start, length in self._starts[low:high]:
            if length > network.prefixlen:
                yield from self._labels[version, length, start]
