# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IP addresses and prefixes, in one short form each.

Both systems cut the bits of a prefix behind its length without a word, so a prefix that has some is refused: its
length or its address is wrong, and nobody can tell which.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Union

Address = Union[IPv4Address, IPv6Address]  # noqa: UP007 - ansible-test's pylint takes no | here
Network = Union[IPv4Network, IPv6Network]  # noqa: UP007

KNOWN_TEXTS = 4096
"""Of so many texts the normal form is kept: a configuration says the same addresses again and again."""


def address(text: Any) -> str:
    """Return an IPv4 or IPv6 address in its short form."""
    return _address(str(text))


@lru_cache(KNOWN_TEXTS)
def _address(text: str) -> str:
    try:
        # Neither system takes the zone of an address (fe80::1%eth0), which Python does.
        return str(ip_address("" if "%" in text else text.strip()))
    except ValueError:
        raise ValueError(f"{text!r} is not an IP address") from None


def address_of(version: int, text: Any) -> str:
    """Return an address of IP version 4 or 6 in its short form."""
    try:
        found = address(text)
    except ValueError:
        found = ""
    if not found or ip_address(found).version != version:
        raise ValueError(f"{str(text)!r} is not an IPv{version} address")
    return found


def prefix(text: Any) -> str:
    """Return ``network/length`` with IPv6 in its short form; an address alone is the prefix of that one host."""
    return _prefix(str(text))


@lru_cache(KNOWN_TEXTS)
def _prefix(text: str) -> str:
    network = _network(text)
    if ip_address(text.strip().partition("/")[0]) != network.network_address:
        raise ValueError(f"{text!r} has host bits set; the prefix is {network}")
    return str(network)


def prefix_with_length(text: Any) -> str:
    """Return a prefix whose length is given.

    Contrail's API has fields for the length of its own, and what lacks it there is nearly always a forgotten one.
    """
    found = prefix(text)
    if "/" not in str(text):
        raise ValueError(f"{str(text)!r} is not a prefix: add the length, as in 10.0.1.0/24")
    return found


def matched_prefix(text: Any) -> str:
    """Return the prefix that a router matches, as :func:`prefix` spells it: bits behind the length do not count."""
    return _matched_prefix(str(text))


@lru_cache(KNOWN_TEXTS)
def _matched_prefix(text: str) -> str:
    return str(_network(text))


def _network(text: str) -> Network:
    try:
        return ip_network("" if "%" in text else text.strip(), strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is not an IP prefix: write it as in 10.0.1.0/24 or 2001:db8::/64") from None
