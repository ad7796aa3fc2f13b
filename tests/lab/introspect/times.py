# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Points of time as the C++ daemons write them."""

from __future__ import annotations

from datetime import datetime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def stamp(moment: datetime) -> str:
    """Return a moment in UTC: 2026-Nov-23 02:15:29.100200, whatever the locale."""
    return f"{moment.year}-{MONTHS[moment.month - 1]}-{moment:%d %H:%M:%S.%f}"
