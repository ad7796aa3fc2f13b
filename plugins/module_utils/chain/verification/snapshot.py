# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots: a router's tables at one moment, as they are kept in a file."""

from __future__ import annotations

import itertools
import json
from datetime import datetime
from typing import Any

from ...vmx.replies.routes import RouteTables
from .tables import compared_routes, table_lines


def snapshot_text(router: str, taken: datetime, tables: RouteTables) -> str:
    """Return the file with a router's tables: JSON with ``router``, ``taken`` (ISO 8601) and ``tables``."""
    content = {"router": router, "taken": taken.isoformat(), "tables": tables}
    return json.dumps(content, indent=4, sort_keys=True) + "\n"


def read_snapshot(text: str) -> dict[str, Any]:
    """Return what :func:`snapshot_text` wrote, ``{router, taken, tables}``.

    Empty for any other text: a file that was cut off or edited, or has another layout, is as good as none.
    """
    try:
        found = json.loads(text)
        datetime.fromisoformat(found["taken"])
        table_lines(found["tables"])
        compared_routes([], itertools.chain.from_iterable(table["routes"] for table in found["tables"].values()))
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
    return dict(found)


def shown_time(taken: str) -> str:
    """Return the time of a snapshot as reports show it: ``2026-01-31 10:00:00 UTC``."""
    return f"{taken[:19].replace('T', ' ')} UTC"
