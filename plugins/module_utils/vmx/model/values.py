# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the values of a router configuration are spelled (see :mod:`...values`), and what Junos alone has.

Pure Python. Every function takes what a user or a router wrote and returns the form that Junos keeps, or raises
:class:`ValueError` with a text that says what is wrong and what is right. Limits are those of Juniper's YANG.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ...values import addresses, bgp, names, ports
from ...values.hints import nearest

HOLD_TIME_MAX = 2**16 - 1
HOPS_MAX = 255

_DSCP_BITS = re.compile(r"b[01]{1,6}|[01]{6}")
_DSCP_HEX = re.compile(r"0x[0-9a-f]{1,2}")

PORTS = {
    "afs": 1483, "bgp": 179, "biff": 512, "bootpc": 68, "bootps": 67, "cmd": 514, "cvspserver": 2401, "dhcp": 67,
    "domain": 53, "eklogin": 2105, "ekshell": 2106, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20, "http": 80,
    "https": 443, "ident": 113, "imap": 143, "kerberos-sec": 88, "klogin": 543, "kpasswd": 761, "krb-prop": 754,
    "krbupdate": 760, "kshell": 544, "ldap": 389, "ldp": 646, "login": 513, "mobileip-agent": 434, "mobilip-mn": 435,
    "msdp": 639, "netbios-dgm": 138, "netbios-ns": 137, "netbios-ssn": 139, "nfsd": 2049, "nntp": 119, "ntalk": 518,
    "ntp": 123, "pop3": 110, "pptp": 1723, "printer": 515, "radacct": 1813, "radius": 1812, "rip": 520, "rkinit": 2108,
    "smtp": 25, "snmp": 161, "snmptrap": 162, "snpp": 444, "socks": 1080, "ssh": 22, "sunrpc": 111, "syslog": 514,
    "tacacs": 49, "tacacs-ds": 65, "talk": 517, "telnet": 23, "tftp": 69, "timed": 525, "who": 513, "xdmcp": 177,
    "zephyr-clt": 2103, "zephyr-hm": 2104,
}  # fmt: skip
"""The names that Junos takes for a port in a firewall filter, with the numbers that its documentation gives them."""


DSCP_END = 64
DSCP_NAMES = {
    "be": 0,
    **{f"cs{n}": 8 * n for n in range(1, 8)},
    **{f"af{n}{drop}": 8 * n + 2 * drop for n in range(1, 5) for drop in range(1, 4)},
    "ef": 46,
}
"""The names that Junos takes for a DSCP."""

_DSCP_NAME_OF = {number: name for name, number in DSCP_NAMES.items()}


instance_name = names.instance_name
filter_name = names.filter_name
label = names.policy_name
unit = names.logical_interface
table = names.routing_table
tunnel_name = names.tunnel_name
address = addresses.address
prefix = addresses.prefix
matched_prefix = addresses.matched_prefix
route_target = bgp.junos_route_target
route_distinguisher = bgp.junos_route_distinguisher
port = ports.port_range


def known(normalise: Callable[[str], str], text: str) -> str:
    """Return a router's spelling in normal form, or as it is where nothing here would have written it."""
    try:
        return normalise(text)
    except ValueError:
        return text


def description(text: str) -> str:
    """Check a description."""
    if len(text) > 255 or text != text.strip() or re.search(r"[\n\r\t]", text):
        raise ValueError("a description is one line of at most 255 characters, without space at its ends")
    return text


def show_route_target(text: str) -> str:
    """Return a router's route target as users and Contrail spell it: without ``target:`` and without a
    needless L."""
    bare = text.removeprefix("target:")
    administrator, colon, number = bare.partition(":")
    digits = administrator.removesuffix("L")
    return f"{digits}{colon}{number}" if digits.isdigit() and int(digits) > bgp.TWO_BYTES_MAX else bare


def route_prefix(text: str) -> str:
    """Return the destination of a route on a router, as :func:`prefix` spells it; ``0/0`` and ``default`` are one."""
    return matched_prefix("0.0.0.0/0" if text in ("default", "0/0") else text)


def family_of(text: str) -> str:
    """Return ``inet`` or ``inet6`` for a prefix or address in normal form."""
    return "inet6" if ":" in text else "inet"


def next_hop(text: str) -> str:
    """Return the next hop of a static route: an address, or the logical interface of a point-to-point link."""
    try:
        return address(text)
    except ValueError:
        pass
    try:
        return unit(text)
    except ValueError:
        raise ValueError(f"{text!r} is no next hop: an IP address, or a logical interface such as gr-0/0/0.1") from None


def is_address(text: str) -> bool:
    """Return whether a next hop in normal form is an address, rather than an interface."""
    return not names.fits(unit, text)


def table_family(text: str) -> str:
    """Return the family of a table that :func:`table` accepts."""
    return text.rpartition(".")[0].rpartition(".")[2]


def table_instance(text: str) -> str:
    """Return the routing instance of a table, empty for a table of the main instance; its name may have dots."""
    return text.rpartition(".")[0].rpartition(".")[0]


def matched_port(text: str) -> str:
    """Return the port or ports that a router matches, as :func:`port` spells them; ``http`` gives ``80``."""
    return str(PORTS[text]) if text in PORTS else port(text)


def dscp(text: str) -> str:
    """Return a DSCP: its name where RFC 2474, 2597 or 3246 gives it one, else the number.

    ``46``, ``0x2e``, ``b101110`` and the six bits ``101110`` give ``ef``.
    """
    word = text.strip().lower()
    if _DSCP_BITS.fullmatch(word):
        word = str(int(word.removeprefix("b"), 2))
    elif _DSCP_HEX.fullmatch(word):
        word = str(int(word, 16))
    if word in DSCP_NAMES:
        return word
    if word == "cs0":
        return "be"
    if word.isascii() and word.isdigit() and int(word) < DSCP_END:
        return _DSCP_NAME_OF.get(int(word), str(int(word)))
    raise ValueError(
        f"{text!r} is not a DSCP: a number from 0 to 63 or a name such as ef{nearest(word, DSCP_NAMES, most=3)}"
    )


def ipv4_address(text: str) -> str:
    """Return an IPv4 address, such as the identifiers of a router."""
    return addresses.address_of(4, text)


def as_number(text: str) -> str:
    """Return the number of an autonomous system in plain notation; ``1.10`` (RFC 5396) gives ``65546``."""
    return str(bgp.as_number(text))


def hold_time(text: str) -> str:
    """Return a BGP hold time in seconds: 0, or 3 to 65535 (RFC 4271)."""
    if text.isascii() and text.isdigit() and (int(text) == 0 or 3 <= int(text) <= HOLD_TIME_MAX):
        return str(int(text))
    raise ValueError(f"{text!r} is not a hold time: 0, or 3 to {HOLD_TIME_MAX} seconds")


def hops(text: str) -> str:
    """Return how many routers a BGP session may cross (``ttl`` of multihop), 1 to 255."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= HOPS_MAX:
        return str(int(text))
    raise ValueError(f"{text!r} is not a time to live from 1 to {HOPS_MAX}")


def bandwidth(text: str) -> str:
    """Return the bandwidth of a tunnel PIC, ``1g`` to ``400g``."""
    if re.fullmatch(r"[1-9][0-9]{0,2}g", text.strip()):
        return text.strip()
    raise ValueError(f"{text!r} is not a bandwidth for tunnels, such as 1g or 10g")
