# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's table pages: 100 entries at a time, in one list of messages that ends with the links to other parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lab.introspect.asking import Parameters, integer
from lab.introspect.writing import Answer, Message, Messages, Values

PAGE = 100
INVALID = Message("ErrorResp", {"resp": "   Invalid Input !!!   "})


@dataclass(frozen=True)
class Table:
    """A table of the agent: the message and list that show it, and how its entries are chosen.

    `find` gives the entries that fit the filters of a request, None where they make no sense.
    """

    message: str
    list_name: str
    find: Callable[[Parameters], Sequence[Values] | None]


@dataclass(frozen=True)
class AgentTables:
    """Pages through tables; `named` finds a table by its name."""

    named: Callable[[str], Table | None]

    def first(self, name: str, filters: Parameters) -> Answer:
        """Return the first part of a table."""
        return self._part(name, filters, 0, PAGE - 1)

    def part(self, key: str) -> Answer:
        """Return the part that a link asks for: `table:NAME,begin:N,end:N,filter:value,...`; -1 asks for all."""
        given = dict(_pairs(key))
        name = given.pop("table", "")
        begin, end = integer(given.pop("begin", "0")), integer(given.pop("end", "0"))
        return self._part(name, given, begin, end)

    def _part(self, name: str, filters: Parameters, begin: int, end: int) -> Answer:
        table = self.named(name)
        entries = table.find(filters) if table else None
        if table is None or entries is None:
            return INVALID
        whole = begin < 0
        if whole:
            begin, end = 0, len(entries) - 1
        shown = entries[begin : end + 1]
        parts = [shown[place : place + PAGE] for place in range(0, len(shown), PAGE)] or [[]]
        said = ",".join(f"{key}:{value}" for key, value in filters.items())

        def link(first: int, last: int) -> str:
            return f"table:{name},begin:{first},end:{last},{said}"

        last = begin + len(shown) - 1
        links: dict[str, Any] = {
            "prev_page": link(max(begin - PAGE, 0), begin - 1) if begin > 0 else "",
            "next_page": link(last + 1, last + PAGE) if last + 1 < len(entries) else "",
            "first_page": link(0, PAGE - 1),
            "all": link(-1, -1),
            "table_size": len(entries),
            "entries": f"{begin}-{last}/{len(entries)}",
        }
        return Messages(
            [
                *(Message(table.message, {table.list_name: part}, more=True) for part in parts),
                Message("Pagination", {"req": links}),
            ]
        )


def _pairs(key: str) -> list[tuple[str, str]]:
    """Return the names and values of a link; values may hold colons."""
    parted = (part.partition(":") for part in key.split(",") if part)
    return [(name, value) for name, _colon, value in parted]
