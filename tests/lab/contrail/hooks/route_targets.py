# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route targets as names and as values of lists.

Their form, and the range that the server keeps to itself.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from lab.contrail.errors import ApiError
from lab.contrail.hooks.autonomous_systems import check_autonomous_system, global_autonomous_system

if TYPE_CHECKING:
    from lab.contrail.store import Store

FORM = "Route target must be of the format 'target:<asn>:<number>' or 'target:<ip>:<number>'"
TWO_BYTE_RANGE = (8_000_000, 2**24)
FOUR_BYTE_RANGE = (8_000, 2**15)
"""Numbers that the server gives out itself under the global autonomous system, by the size of that number."""


def parsed(name: str) -> tuple[str, int]:
    """Return the administrator (number or address, as text) and the number. Raises ValueError."""
    prefix, administrator, number = name.split(":")
    if prefix != "target":
        raise ValueError(name)
    if administrator[-1:] in ("L", "l") and administrator[:-1].isdigit():
        administrator = administrator[:-1]
    if administrator.isdigit():
        return str(int(administrator)), int(number)
    return str(ip_address(administrator)), int(number)


def automatic_range(autonomous_system: int) -> tuple[int, int]:
    """Return the first and last number that the server gives out itself under an autonomous system."""
    return TWO_BYTE_RANGE if autonomous_system <= 0xFFFF else FOUR_BYTE_RANGE


def is_automatic(name: str, autonomous_system: int) -> bool:
    """Say whether a route target lies where the server gives out its own.

    Raises ValueError for a bad form.
    """
    administrator, number = parsed(name)
    first, last = automatic_range(autonomous_system)
    return administrator == str(autonomous_system) and first <= number <= last


def check_list(store: Store, value: Any) -> None:
    """Check a route target list of a request and bring its members to their plain form.

    Raises ApiError 400 for a number out of range. A malformed member is a server error without any useful
    text.
    """
    members = (value or {}).get("route_target") or []
    system = global_autonomous_system(store)
    for position, name in enumerate(members):
        try:
            administrator, number = parsed(name)
        except ValueError as error:
            raise ApiError(500, "Unsupported response type: <class 'int'>") from error
        if administrator.isdigit():
            check_autonomous_system(store, int(administrator))
        if is_automatic(name, system):
            first, last = automatic_range(system)
            raise ApiError(
                400,
                "Configured route target must use ASN that is different from global ASN or route target "
                f"value must be less than {first} and greater than {last}",
            )
        members[position] = f"target:{administrator}:{number}"
