# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identifiers: uuids, MAC addresses, and numbers of VXLAN networks."""

from __future__ import annotations

import re
import uuid
from typing import Any

VXLAN_MAX = 2**24 - 1


def uuid_text(text: Any) -> str:
    """Return a uuid in the form that the API takes: lower case, with dashes."""
    try:
        return str(uuid.UUID(str(text).strip()))
    except ValueError:
        raise ValueError(f"{str(text)!r} is not a uuid") from None


def mac_address(text: Any) -> str:
    """Return a MAC address as six lower-case pairs with colons; Contrail's server stores any text at all."""
    digits = re.sub(r"[:.\-]", "", str(text)).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        raise ValueError(f"{str(text)!r} is not a MAC address: write it as in 02:00:00:00:00:01")
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def vxlan_identifier(number: int) -> int:
    """Return a VXLAN network identifier, 1 to 16777215."""
    if not 1 <= number <= VXLAN_MAX:
        raise ValueError(f"{number} is not a VXLAN network identifier: it is from 1 to {VXLAN_MAX}")
    return number
