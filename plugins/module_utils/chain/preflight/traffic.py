# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which traffic a term of a firewall filter takes: whether it covers another term's, and whether it takes a flow.

Terms are values as the package ``vmx`` reads them: prefixes, protocols, ports and DSCPs by option; an
option that is empty or missing matches everything.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...values.prefix_index import overlap

Values = Mapping[str, Any]

ADDRESSES = ("source", "destination")
PORTS = ("source_ports", "destination_ports")
WORDS = ("protocol", "dscp")


def holds(outer: str, inner: str) -> bool:
    """Return whether every address of prefix ``inner`` is in prefix ``outer``."""
    first, second = ipaddress.ip_network(outer), ipaddress.ip_network(inner)
    return first.version == second.version and second.subnet_of(first)  # type: ignore[arg-type]


def covers(earlier: Values, later: Values) -> bool:
    """Return whether ``earlier`` surely matches every packet that ``later`` matches.

    Decided item by item: two prefixes of the earlier term that only together hold one of the later are not seen.
    """
    return (
        all(_covers_addresses(earlier, later, option) for option in ADDRESSES)
        and all(_each_within(later.get(option), earlier.get(option), _port_within) for option in PORTS)
        and all(_each_within(later.get(option), earlier.get(option), str.__eq__) for option in WORDS)
    )


def _covers_addresses(earlier: Values, later: Values, option: str) -> bool:
    wanted: Sequence[str] = later.get(option) or ()
    if not _each_within(wanted, earlier.get(option), lambda inner, outer: holds(outer, inner)):
        return False
    given_up = later.get(f"{option}_except") or ()
    excepted = [
        one
        for one in earlier.get(f"{option}_except") or ()
        if not wanted or any(overlap(one, prefix) for prefix in wanted)
    ]
    return all(any(holds(other, one) for other in given_up) for one in excepted)


def _each_within(inner: Iterable[str] | None, outer: Iterable[str] | None, fits: Any) -> bool:
    allowed = list(outer or ())
    if not allowed:
        return True
    wanted = list(inner or ())
    return bool(wanted) and all(any(fits(one, other) for other in allowed) for one in wanted)


def _range(ports: str) -> tuple[int, int]:
    first, _dash, last = str(ports).partition("-")
    return int(first), int(last or first)


def _port_within(inner: str, outer: str) -> bool:
    (first, last), (low, high) = _range(inner), _range(outer)
    return low <= first and last <= high


@dataclass(frozen=True)
class Flow:
    """Packets from one address to others; port None stands for any that the sender likes."""

    source: str
    destinations: tuple[str, ...]
    protocol: str
    source_port: int | None = None
    destination_port: int | None = None


def takes(term: Values, flow: Flow) -> bool:
    """Return whether some packet of a flow matches a term."""
    return (
        _takes_address(term, "source", [flow.source])
        and _takes_address(term, "destination", flow.destinations)
        and (not term.get("protocol") or flow.protocol in term["protocol"])
        and _takes_port(term.get("source_ports"), flow.source_port)
        and _takes_port(term.get("destination_ports"), flow.destination_port)
    )


def _takes_address(term: Values, option: str, addresses: Iterable[str]) -> bool:
    def inside(address: str, prefixes: Iterable[str]) -> bool:
        return any(holds(prefix, address) for prefix in prefixes)

    prefixes = term.get(option) or ()
    return any(
        (not prefixes or inside(address, prefixes)) and not inside(address, term.get(f"{option}_except") or ())
        for address in addresses
    )


def _takes_port(ranges: Iterable[str] | None, port: int | None) -> bool:
    known = [_range(one) for one in ranges or ()]
    return port is None or not known or any(low <= port <= high for low, high in known)
