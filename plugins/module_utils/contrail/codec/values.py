# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of values that Contrail takes (see :mod:`...values`), and what Contrail alone has: full names.

Each function takes what a user may write and returns the form in which values are compared, shown and
sent; it raises :class:`ValueError` with a text that names the value and the cure.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...values import addresses, bgp, identifiers, names, ports

FqName = names.FqName
short_name = names.short_name
interface_type = names.interface_type
address = addresses.address
address_prefix = addresses.prefix
prefix = addresses.prefix_with_length
route_target = bgp.contrail_route_target
in_reserved_range = bgp.in_reserved_range
reserved_numbers = bgp.reserved_numbers
autonomous_system = bgp.as_number
community = bgp.community
port_range = ports.policy_port_range
mac_address = identifiers.mac_address
uuid_text = identifiers.uuid_text
vxlan_identifier = identifiers.vxlan_identifier

ADDRESS_FAMILIES = (
    *("inet", "inet-labeled", "inet-vpn", "inet6", "inet6-vpn", "inet-mvpn", "e-vpn", "erm-vpn"),
    "route-target",
)


def full_name(text: str, container: Sequence[str]) -> FqName:
    """Complete a name from its container: ``vn1`` in (domain, project), ``project:vn1``, or all three parts.

    ``container`` is the default parent's fully qualified name; parts on the left of ``text`` replace it.
    """
    parts = names.name_parts(text, len(container) + 1)
    return (*container[: len(container) + 1 - len(parts)], *parts)


def joined(fq_name: Sequence[str]) -> str:
    """Return a fully qualified name as users write it: ``domain:project:name``."""
    return ":".join(fq_name)


def split_name(kind: str, text: str) -> FqName:
    """Return the parts of a full name; the colons in the name of a route target separate no parts."""
    return (text,) if kind == "route-target" else tuple(text.split(":"))


def fits_address(text: str) -> bool:
    """Tell whether a text is an IPv4 or IPv6 address."""
    return names.fits(address, text)


def count(number: int) -> int:
    """Return a number from 1 on."""
    if number < 1:
        raise ValueError(f"{number} is too few: give 1 or more")
    return number
