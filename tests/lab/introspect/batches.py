# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control node's lists: chosen by a regular expression, 64 at a time, with a link to the next ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lab.introspect.asking import Parameters
from lab.introspect.serving import Page
from lab.introspect.writing import Message, Values

BATCH = 64
BETWEEN = "||"
Entry = tuple[str, Callable[[], Values]]
"""The key of an entry, which sorts it, and what makes its values: those of other batches are not made."""


@dataclass(frozen=True)
class Listing:
    """A list page: the message, the name of its list, and how entries are found for a search string."""

    message: str
    list_name: str
    find: Callable[[str], Iterable[Entry]]

    def pages(self, request: str) -> Mapping[str, Page]:
        """Return the page for the request, and for the one that goes on."""
        return {request: self._first, f"{request}Iterate": self._further}

    def _first(self, given: Parameters) -> Message:
        return self._batch("", given.get("search_string", ""))

    def _further(self, given: Parameters) -> Message:
        start, _between, search = given.get("iterate_info", "").partition(BETWEEN)
        return self._batch(start, search)

    def _batch(self, start: str, search: str) -> Message:
        entries = sorted((one for one in self.find(search) if one[0] >= start), key=lambda one: one[0])
        shown: Sequence[Entry] = entries[:BATCH]
        values: dict[str, object] = {self.list_name: [make() for _key, make in shown]}
        if len(entries) > BATCH:
            values["next_batch"] = f"{entries[BATCH][0]}{BETWEEN}{search}"
        return Message(self.message, values)


def searcher(pattern: str) -> Callable[[str], bool]:
    """Return what says whether a text is to be listed: all for no pattern, none for one that is none."""
    try:
        compiled = re.compile(pattern)
    except re.error:
        return lambda _text: False
    return lambda text: compiled.search(text) is not None
