# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IP protocols by name and number: those of Contrail's policies, and those of firewall filters on Junos.

Each system knows some names; every number is known to both. A name that the system does not know, and the other does,
is therefore given to it as a number.
"""

from __future__ import annotations

import re

from .hints import nearest

NUMBERS = {
    "icmp": 1, "igmp": 2, "ipip": 4, "tcp": 6, "egp": 8, "udp": 17, "dccp": 33, "ipv6": 41, "ipv6-encap": 41,
    "ipv6-route": 43, "routing": 43, "fragment": 44, "ipv6-frag": 44, "rsvp": 46, "gre": 47, "esp": 50, "ah": 51,
    "icmp6": 58, "icmpv6": 58, "ipv6-icmp": 58, "ipv6-nonxt": 59, "no-next-header": 59, "dstops": 60, "dstopts": 60,
    "ipv6-opts": 60, "hop-by-hop": 0, "ospf": 89, "pim": 103, "vrrp": 112, "pgm": 113, "sctp": 132, "mobility": 135,
    "udplite": 136,
}  # fmt: skip
"""The names that one of the systems takes, with the numbers that IANA gave them."""

POLICY_PROTOCOLS = ("any", "icmp", "icmp6", "tcp", "udp")
"""The names that every release of Contrail's API knows."""

MORE_PROTOCOLS = (
    *("ah", "dccp", "egp", "esp", "gre", "igmp", "ipv6-encap", "ipv6-frag", "ipv6-icmp", "ipv6-nonxt"),
    *("ipv6-opts", "ipv6-route", "ospf", "pgm", "rsvp", "sctp", "udplite", "vrrp"),
)
"""The names that newer releases of the API know besides."""

JUNOS_PROTOCOLS = (
    *("ah", "dstopts", "egp", "esp", "fragment", "gre", "hop-by-hop", "icmp", "icmp6", "igmp", "ipip", "ipv6"),
    *("no-next-header", "ospf", "pim", "routing", "rsvp", "sctp", "tcp", "udp", "vrrp"),
)
"""The names that Junos takes in filters of both families, and that it shows."""

HIGHEST = 255
_JUNOS_NAME_OF = {NUMBERS[name]: name for name in JUNOS_PROTOCOLS}
_NUMBER = re.compile(r"[0-9]{1,40}")
_RANGE = re.compile(r"[0-9]{1,3}-[0-9]{1,3}")


def policy_protocol(text: str | int) -> str:
    """Return a policy rule's protocol: a name that the API knows, or a number as text; ``pim`` gives ``103``."""
    written = str(text).strip().lower()
    if written in (*POLICY_PROTOCOLS, *MORE_PROTOCOLS):
        return written
    if written in NUMBERS:
        return str(NUMBERS[written])
    if _NUMBER.fullmatch(written) and int(written) <= HIGHEST:
        return str(int(written))
    known = ", ".join(POLICY_PROTOCOLS)
    near = nearest(written, NUMBERS)
    raise ValueError(f"{str(text)!r} is not a protocol: it is {known} or a number from 0 to 255{near}")


def junos_protocol(text: str | int) -> str:
    """Return an IP protocol by its name where Junos has one, else by number; ``6`` gives ``tcp``.

    A range is of numbers, ``1-6``.
    """
    return _junos_protocol(str(text).strip().lower())


def _junos_protocol(text: str) -> str:
    if text in JUNOS_PROTOCOLS:
        return text
    if text in NUMBERS:
        return _by_junos_name(NUMBERS[text])
    if _RANGE.fullmatch(text):
        low, high = (int(end) for end in text.split("-"))
        if low <= high <= HIGHEST:
            return f"{low}-{high}"
    if _NUMBER.fullmatch(text) and int(text) <= HIGHEST:
        return _by_junos_name(int(text))
    raise ValueError(
        f"{text!r} is not an IP protocol that Junos knows by name, nor a number up to 255 or a range of them"
        f"{nearest(text, NUMBERS, most=3)}"
    )


def _by_junos_name(number: int) -> str:
    return _JUNOS_NAME_OF.get(number, str(number))
