# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of the field and their one canonical form: names, route targets, prefixes, ports, addresses.

Each function takes what a user may write and returns the form in which values are compared, shown and
sent; it raises :class:`ValueError` with a text that names the value and the cure.
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Sequence

from ...values import names
from ...values.subnets import exact_network

FqName = names.FqName
short_name = names.short_name
interface_type = names.interface_type

# cfgm_common (get_bgp_rtgt_min_id, get_bgp_rtgt_max_id): the schema transformer hands these numbers of the
# system's own AS out by itself, and the API refuses them to users.
RESERVED_TWO_BYTE_AS = range(8_000_000, 16_777_216 + 1)
RESERVED_FOUR_BYTE_AS = range(8_000, 32_768 + 1)

WELL_KNOWN_COMMUNITIES = ("accept-own", "no-advertise", "no-export", "no-export-subconfed", "no-reoriginate")

ADDRESS_FAMILIES = (
    *("inet", "inet-labeled", "inet-vpn", "inet6", "inet6-vpn", "inet-mvpn", "e-vpn", "erm-vpn"),
    "route-target",
)

_NUMBER = re.compile(r"[0-9]+")


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


def route_target(text: str) -> str:
    """Return the canonical form ``target:ADMINISTRATOR:NUMBER``.

    ``64512:1``, ``target:64512:1``, ``4200000000L:1`` and ``10.1.1.1:5`` are accepted. The API itself answers
    a malformed route target with a status 500 that says nothing, so it is checked here (RFC 4360: a two-byte
    AS leaves 32 bits for the number; a four-byte AS or an IPv4 address leaves 16).
    """
    parts = str(text).strip().split(":")
    if len(parts) == 3 and parts[0] == "target":
        parts = parts[1:]
    if len(parts) != 2:
        raise ValueError(f"'{text}' is not a route target: write ASN:NUMBER, as in 64512:1")
    administrator, number = parts
    if not _NUMBER.fullmatch(number):
        raise ValueError(f"'{text}' is not a route target: '{number}' is not a number")
    try:
        administrator, limit = str(ipaddress.IPv4Address(administrator)), 0xFFFF
    except ValueError:
        digits = administrator[:-1] if administrator[-1:] in {"L", "l"} else administrator
        if not _NUMBER.fullmatch(digits) or not 1 <= int(digits) <= 0xFFFFFFFF:
            raise ValueError(
                f"'{text}' is not a route target: '{administrator}' is neither an AS number from 1 to "
                "4294967295 nor an IPv4 address"
            ) from None
        administrator = str(int(digits))
        limit = 0xFFFFFFFF if int(digits) <= 0xFFFF and digits == parts[0] else 0xFFFF
    if int(number) > limit:
        raise ValueError(
            f"'{text}' is not a route target: {number} is more than {limit}, the largest number after {administrator}"
        )
    return f"target:{administrator}:{int(number)}"


def in_reserved_range(target: str, global_asn: int | None) -> bool:
    """Tell whether a canonical route target lies where the system allots its own.

    ``global_asn`` is the AS of the global system configuration; with ``None`` (not known) every AS counts.
    """
    administrator, number = target.split(":")[1:]
    if not _NUMBER.fullmatch(administrator):
        return False
    if global_asn is not None and int(administrator) != global_asn:
        return False
    reserved = RESERVED_TWO_BYTE_AS if int(administrator) <= 0xFFFF else RESERVED_FOUR_BYTE_AS
    return int(number) in reserved


def prefix(text: str) -> str:
    """Return ``network/length`` with IPv6 compressed; host bits are refused, which the server would cut."""
    if "/" not in str(text):
        raise ValueError(f"'{text}' is not a prefix: add the length, as in 10.0.1.0/24")
    try:
        ipaddress.ip_network(str(text).strip(), strict=False)
    except ValueError:
        raise ValueError(f"'{text}' is not a prefix: write it as in 10.0.1.0/24 or 2001:db8::/64") from None
    return str(exact_network(str(text)))


def address(text: str) -> str:
    """Return an IPv4 or IPv6 address in its short form."""
    try:
        return str(ipaddress.ip_address(str(text).strip()))
    except ValueError:
        raise ValueError(f"'{text}' is not an IP address") from None


def fits_address(text: str) -> bool:
    """Tell whether a text is an IPv4 or IPv6 address."""
    return names.fits(address, text)


def mac_address(text: str) -> str:
    """Return a MAC address as six lower-case pairs with colons; the server stores any text at all."""
    digits = re.sub(r"[:.\-]", "", str(text)).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        raise ValueError(f"'{text}' is not a MAC address: write it as in 02:00:00:00:00:01")
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def uuid_text(text: str) -> str:
    """Return a uuid in the form that the API takes: lower case, with dashes."""
    try:
        return str(uuid.UUID(str(text).strip()))
    except ValueError:
        raise ValueError(f"'{text}' is not a uuid") from None


def address_prefix(text: str) -> str:
    """Return a prefix; an address alone stands for itself, as in ``10.0.1.9/32``."""
    return prefix(text) if "/" in str(text) else prefix(f"{address(text)}/{ipaddress.ip_address(text).max_prefixlen}")


def port_range(text: str | int) -> str:
    """Return ``"80"``, ``"8000-8080"`` or ``"any"``; -1, 0-65535 and -1--1 are all written ``any``."""
    written = str(text).strip()
    if written in {"any", "-1", "-1--1", "0-65535"}:
        return "any"
    first, dash, last = written.partition("-")
    bounds = (first, last if dash else first)
    if not all(_NUMBER.fullmatch(bound) and int(bound) <= 0xFFFF for bound in bounds):
        raise ValueError(f"'{text}' is not a port: write a number from 0 to 65535, or two as in 8000-8080")
    low, high = (int(bound) for bound in bounds)
    if low > high:
        raise ValueError(f"'{text}' is not a range of ports: {low} is more than {high}, turn them round")
    return str(low) if low == high else f"{low}-{high}"


def count(number: int) -> int:
    """Return a number from 1 on."""
    if number < 1:
        raise ValueError(f"{number} is too few: give 1 or more")
    return number


def vxlan_identifier(number: int) -> int:
    """Return a VXLAN network identifier, 1 to 16777215."""
    if not 1 <= number <= 0xFFFFFF:
        raise ValueError(f"{number} is not a VXLAN network identifier: it is from 1 to 16777215")
    return number


def autonomous_system(text: str | int) -> int:
    """Return the number of an autonomous system, 1 to 4294967295.

    ``64512``, ``4200000000``, ``4200000000L`` and the dotted form ``64086.59904`` (RFC 5396) are accepted.
    """
    high, dot, low = str(text).strip().removesuffix("L").partition(".")
    parts = [high, low] if dot else [high]
    if all(_NUMBER.fullmatch(part) and (not dot or int(part) <= 0xFFFF) for part in parts):
        number = (int(high) << 16) + int(low) if dot else int(high)
        if 1 <= number <= 0xFFFFFFFF:
            return number
    raise ValueError(f"'{text}' is not an autonomous system: it is a number from 1 to 4294967295, or as in 1.10")


def community(text: str) -> str:
    """Return a BGP community: ``64512:10``, or one of the well-known names."""
    written = str(text).strip()
    parts = written.split(":")
    if written in WELL_KNOWN_COMMUNITIES:
        return written
    if len(parts) == 2 and all(_NUMBER.fullmatch(part) and int(part) <= 0xFFFF for part in parts):
        return ":".join(str(int(part)) for part in parts)
    known = ", ".join(WELL_KNOWN_COMMUNITIES)
    raise ValueError(f"'{text}' is not a community: write two numbers up to 65535 as in 64512:10, or {known}")
