# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of BGP: route targets, route distinguishers, autonomous systems and communities.

A route target or distinguisher is read once, and written in three ways: people, and the data model, write
``4200000000:1``; Contrail keeps ``target:4200000000:1``; Junos keeps ``target:4200000000L:1``, and a router takes
the number for one of two bytes without the L. Junos alone can keep a small number as one of four bytes (``10L:1``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .addresses import address_of

TWO_BYTES_MAX = 2**16 - 1
FOUR_BYTES_MAX = 2**32 - 1

# cfgm_common (get_bgp_rtgt_min_id, get_bgp_rtgt_max_id)
RESERVED_BEHIND_TWO_BYTES = range(8_000_000, 16_777_216 + 1)
RESERVED_BEHIND_FOUR_BYTES = range(8_000, 32_768 + 1)

WELL_KNOWN_COMMUNITIES = ("accept-own", "no-advertise", "no-export", "no-export-subconfed", "no-reoriginate")

_NUMBER = re.compile(r"[0-9]{1,40}")
_ADMINISTERED = re.compile(r"([0-9]{1,40})([Ll]?):([0-9]{1,40})|([0-9]+(?:\.[0-9]+){3}):([0-9]{1,40})")


@dataclass(frozen=True)
class _Administered:
    """A number that an autonomous system or the owner of an IPv4 address gave out (RFC 4360, 4364 and 5668)."""

    administrator: str
    number: int
    four_bytes: bool = False

    @property
    def plain(self) -> str:
        return f"{self.administrator}:{self.number}"

    @property
    def in_junos(self) -> str:
        return f"{self.administrator}{'L' if self.four_bytes else ''}:{self.number}"


def _administered(text: str, what: str, such_as: str) -> _Administered:
    match = _ADMINISTERED.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a {what}: write AS:NUMBER or ADDRESS:NUMBER, such as {such_as}")
    if match[4] is not None:
        try:
            found = _Administered(address_of(4, match[4]), int(match[5]))
        except ValueError:
            raise ValueError(f"{text!r} is not a {what}: {match[4]} is not an IPv4 address") from None
        limit = TWO_BYTES_MAX
    else:
        asn = int(match[1])
        if not 1 <= asn <= FOUR_BYTES_MAX:
            raise ValueError(f"{text!r} is not a {what}: an AS number is from 1 to {FOUR_BYTES_MAX}")
        found = _Administered(str(asn), int(match[3]), four_bytes=bool(match[2]) or asn > TWO_BYTES_MAX)
        limit = TWO_BYTES_MAX if found.four_bytes else FOUR_BYTES_MAX
    if found.number > limit:
        raise ValueError(f"{text!r} is not a {what}: the number behind {found.administrator} is at most {limit}")
    return found


def _target(text: Any) -> _Administered:
    return _administered(str(text).strip().removeprefix("target:"), "route target", "64512:1")


def route_target(text: Any) -> str:
    """Return a route target as people write it: ``64512:1``, ``4200000000:1`` or ``10.0.0.1:1``.

    ``target:`` may stand in front, and the L of Junos behind an autonomous system of four bytes.
    """
    return _target(text).plain


def contrail_route_target(text: Any) -> str:
    """Return a route target as Contrail keeps it: ``target:4200000000:1``."""
    return f"target:{_target(text).plain}"


def junos_route_target(text: Any) -> str:
    """Return a route target as Junos keeps it: ``target:4200000000L:1``."""
    return f"target:{_target(text).in_junos}"


def reserved_numbers(asn: int) -> range:
    """Return the numbers of route targets that Contrail's schema transformer hands out where this AS is its own."""
    return RESERVED_BEHIND_TWO_BYTES if asn <= TWO_BYTES_MAX else RESERVED_BEHIND_FOUR_BYTES


def in_reserved_range(target: str, global_asn: int | None) -> bool:
    """Tell whether a route target lies where Contrail allots its own, which the API refuses to users.

    ``global_asn`` is the AS of the global system configuration; with ``None`` (not known) every AS counts.
    """
    administrator, number = target.removeprefix("target:").split(":")
    if "." in administrator or (global_asn is not None and int(administrator) != global_asn):
        return False
    return int(number) in reserved_numbers(int(administrator))


def junos_route_distinguisher(text: Any) -> str:
    """Return a route distinguisher as Junos keeps it: ``64512:1``, ``4200000000L:1`` or ``172.31.10.57:3``."""
    return _administered(str(text).strip(), "route distinguisher", "172.31.10.57:3").in_junos


def as_number(text: Any) -> int:
    """Return the number of an autonomous system, 1 to 4294967295.

    ``64512``, ``4200000000``, ``4200000000L`` and the dotted form ``64086.59904`` (RFC 5396) are accepted.
    """
    high, dot, low = re.sub(r"[Ll]$", "", str(text).strip()).partition(".")
    parts = [high, low] if dot else [high]
    if all(_NUMBER.fullmatch(part) and (not dot or int(part) <= TWO_BYTES_MAX) for part in parts):
        number = (int(high) << 16) + int(low) if dot else int(high)
        if 1 <= number <= FOUR_BYTES_MAX:
            return number
    raise ValueError(f"{str(text)!r} is not an AS number: it is from 1 to {FOUR_BYTES_MAX}, or dotted, as in 1.10")


def community(text: Any) -> str:
    """Return a BGP community: ``64512:10``, or one of the well-known names."""
    written = str(text).strip()
    parts = written.split(":")
    if written in WELL_KNOWN_COMMUNITIES:
        return written
    if len(parts) == 2 and all(_NUMBER.fullmatch(part) and int(part) <= TWO_BYTES_MAX for part in parts):
        return ":".join(str(int(part)) for part in parts)
    known = ", ".join(WELL_KNOWN_COMMUNITIES)
    raise ValueError(
        f"{str(text)!r} is not a community: write two numbers up to {TWO_BYTES_MAX} as in 64512:10, or {known}"
    )
