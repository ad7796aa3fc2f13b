# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports of TCP, UDP and SCTP, and ranges of them.

Contrail has a word for all of them, ``any``; Junos has none, and matches any port where none is named.
"""

from __future__ import annotations

import re
from typing import Any

HIGHEST_PORT = 2**16 - 1
_RANGE = re.compile(r"([0-9]{1,40})(?:-([0-9]{1,40}))?")


def port_range(text: Any) -> str:
    """Return a port or a range of ports, ``80`` or ``8000-8080``; a range of one is that port."""
    match = _RANGE.fullmatch(str(text).strip())
    ends = (int(match[1]), int(match[2] or match[1])) if match is not None else (-1, -1)
    if not all(0 <= end <= HIGHEST_PORT for end in ends):
        raise ValueError(
            f"{str(text)!r} is not a port: write a number from 0 to {HIGHEST_PORT}, or two as in 8000-8080"
        )
    low, high = ends
    if low > high:
        raise ValueError(f"{str(text)!r} is not a range of ports: {low} is more than {high}, turn them round")
    return str(low) if low == high else f"{low}-{high}"


def policy_port_range(text: Any) -> str:
    """Return a port or a range as Contrail's policies have it: ``any`` for -1, -1--1 and 0-65535 too."""
    if str(text).strip() in ("any", "-1", "-1--1"):
        return "any"
    found = port_range(text)
    return "any" if found == f"0-{HIGHEST_PORT}" else found
