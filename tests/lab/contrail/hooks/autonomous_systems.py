# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Autonomous system numbers: the global one, and the range that is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.contrail.errors import ApiError
from lab.contrail.schema import JsonDict

if TYPE_CHECKING:
    from lab.contrail.store import Store


def global_configuration(store: Store) -> JsonDict:
    """Return the global system configuration."""
    (configuration,) = store.objects("global-system-config")
    return configuration


def global_autonomous_system(store: Store) -> int:
    """Return the global autonomous system number."""
    return int(global_configuration(store).get("autonomous_system") or 0)


def check_autonomous_system(store: Store, number: int, *, four_byte: bool | None = None) -> None:
    """Refuse a number that needs four bytes unless that is enabled. Raises ApiError 400.

    `four_byte` is what the same request says about that; without it, or if it says no, the stored
    configuration counts.
    """
    allowed = four_byte or bool(global_configuration(store).get("enable_4byte_as"))
    limit, text = (0xFFFFFFFF, "0xFFFFFFFF") if allowed else (0xFFFF, "0xFFFF")
    if not 1 <= number <= limit:
        raise ApiError(400, f"ASN out of range, should be between 1-{text}")
