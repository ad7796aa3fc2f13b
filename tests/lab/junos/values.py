# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that the router takes for a statement, and the form in which it keeps them.

Patterns and limits are the CLI's own, as published in the vendor's YANG modules.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

INSTANCE = re.compile(r"^((__.*__)|(all)|(.*[ ].*)|(\"\")|(.{129,}))$")
FILTER = re.compile(r"^((__.*)|(.{65,}))$")
ROUTE_TARGET = re.compile(r"^[a-z]+:[0-9.]+L?:[0-9]+$")
ROUTE_DISTINGUISHER = re.compile(r"^[0-9.]+L?:[0-9]+$")
TUNNEL = re.compile(r"^(?!all$)[a-zA-Z0-9_-]{1,63}$")
AS_NUMBER = re.compile(r"^[0-9]+(\.[0-9]+)?L?$")
MAX_DESCRIPTION = 255


class InvalidValueError(ValueError):
    """A value that the router refuses; the text is what it says."""


def accepted(kind: str, text: str) -> str:
    """The form in which the router keeps `text` for a statement of type `kind`.

    Raises InvalidValueError with the router's complaint.
    """
    if kind.startswith("{"):
        if text not in kind[1:-1].split("|"):
            raise InvalidValueError(f"invalid value '{text}'")
        return text
    return TYPES[kind](text)


def _string(text: str) -> str:
    if not text:
        raise InvalidValueError("missing argument")
    return text


def _unlike(pattern: re.Pattern[str], complaint: str) -> Callable[[str], str]:
    def take(text: str) -> str:
        if not text or pattern.match(text):
            raise InvalidValueError(complaint)
        return text

    return take


def _like(pattern: re.Pattern[str], complaint: str) -> Callable[[str], str]:
    def take(text: str) -> str:
        if not pattern.match(text):
            raise InvalidValueError(complaint)
        return text

    return take


def _integer(low: int, high: int) -> Callable[[str], str]:
    def take(text: str) -> str:
        if not text.isdigit() or not low <= int(text) <= high:
            raise InvalidValueError(f"number {text!r} out of range {low}..{high}")
        return str(int(text))

    return take


def _description(text: str) -> str:
    if len(text) > MAX_DESCRIPTION:
        raise InvalidValueError(f"length {len(text)} out of range 1..{MAX_DESCRIPTION}")
    return _string(text)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise InvalidValueError(f"invalid ip address or hostname: {text}") from None


def _ipv4_address(text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise InvalidValueError(f"invalid ip address: {text}") from None


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise InvalidValueError(f"invalid prefix: {text}") from None


def _route_prefix(text: str) -> str:
    return _network("0.0.0.0/0" if text == "default" else text)


def _interface_address(text: str) -> str:
    try:
        return str(ipaddress.ip_interface(text))
    except ValueError:
        raise InvalidValueError(f"invalid interface address: {text}") from None


TYPES: dict[str, Callable[[str], str]] = {
    "string": _string,
    "group-name": _string,
    "policy-name": _string,
    "table-name": _string,
    "description": _description,
    "instance-name": _unlike(INSTANCE, "must be a non-reserved string of 128 characters or less without spaces"),
    "instance-reference": _unlike(
        re.compile(r"^.*[ ].*$|^.{129,}$"),
        "must be a non-reserved string of 128 characters or less without spaces",
    ),
    "filter-name": _unlike(FILTER, "must be a non-reserved string of 64 characters or less"),
    "route-target": _like(ROUTE_TARGET, "use format 'target:x:y', x an AS number (L for 4 bytes) or an IP address"),
    "route-distinguisher": _like(
        ROUTE_DISTINGUISHER, "use format 'x:y', x an AS number (L for 4 bytes) or an IP address"
    ),
    "as-number": _like(AS_NUMBER, "invalid AS number"),
    "tunnel-name": _like(TUNNEL, "must be a string of 63 letters, digits, '-' or '_' at most, and not 'all'"),
    "uint16": _integer(0, 65535),
    "uint32": _integer(0, 4294967295),
    "address": _address,
    "ipv4-address": _ipv4_address,
    "prefix": _network,
    "filter-prefix": _network,
    "route-prefix": _route_prefix,
    "interface-address": _interface_address,
}
