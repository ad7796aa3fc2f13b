# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small pieces that operational replies are built of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from lab.junos.replies import JUNOS
from lab.junos.router import stamp

if TYPE_CHECKING:
    import datetime as dt

    from lab.core.routes import RouteTable


def leaf(parent: etree._Element, name: str, value: object) -> etree._Element:
    """A child with a text."""
    element = etree.SubElement(parent, name)
    element.text = str(value)
    return element


def with_seconds(element: etree._Element, seconds: int) -> etree._Element:
    """The element, with the number behind its text as an attribute."""
    element.set(f"{{{JUNOS}}}seconds", str(seconds))
    return element


def put_moment(parent: etree._Element, at: dt.datetime) -> etree._Element:
    """Put a moment into the parent, and give that back."""
    with_seconds(leaf(parent, "date-time", stamp(at)), int(at.timestamp()))
    return parent


def put_length(parent: etree._Element, span: dt.timedelta) -> None:
    """Put a length of time into the parent."""
    seconds = int(span.total_seconds())
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    with_seconds(leaf(parent, "time-length", clock), seconds)


def counts(table: RouteTable) -> dict[str, int]:
    """How many destinations and routes a table has, by the names of the reply's elements."""
    return {
        "destination-count": len(table.destinations),
        "total-route-count": table.routes + table.hidden,
        "active-route-count": sum(entry.active for one in table.destinations for entry in one.entries),
        "holddown-route-count": 0,
        "hidden-route-count": table.hidden,
    }


def put_counts(parent: etree._Element, table: RouteTable) -> None:
    """Put a table's name and counts into the parent."""
    leaf(parent, "table-name", table.name)
    for name, value in counts(table).items():
        leaf(parent, name, value)
