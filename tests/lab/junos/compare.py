# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The difference of two configurations as `show | compare` prints it.

A hunk for each statement with direct changes: `[edit PATH]`, then lines marked `+`, `-`, or `!` for what
has moved or changed its activity; unmarked lines show the neighbours in lists whose order counts.
"""

from __future__ import annotations

import collections
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.junos.order import unmoved
from lab.junos.schema import CONFIGURATION, Statement
from lab.junos.text import entry_lines, heading, shown
from lab.junos.tree import Identity, Path, children, edit_path, equal, identity, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

Member = tuple["etree._Element", Statement]


@dataclass
class Item:
    """What stands as one thing in a level: a statement, a block list as a whole, a leaf-list as a whole."""

    name: Identity
    members: list[Member]
    prefix: str = ""

    @functools.cached_property
    def lines(self) -> list[str]:
        """The item in text form."""
        element, statement = self.members[0]
        if "block" in statement.shape and not self.grouped:
            return entry_lines(element, statement)
        return shown(self.members, self.prefix)

    @property
    def grouped(self) -> bool:
        """True for a block list."""
        return "block" in self.members[0][1].shape and self.name[1] == ""

    @property
    def ordered(self) -> bool:
        """True for an entry of a list whose order the router shows."""
        statement = self.members[0][1]
        return statement.kind == "list" and "hidden" not in statement.shape and not self.grouped

    @property
    def braced(self) -> bool:
        """True where the item is shown with braces."""
        return self.lines[-1].endswith("}")

    @property
    def deep(self) -> bool:
        """True where changes below are shown on a level of their own, not as a change of the whole item."""
        element, statement = self.members[0]
        if self.grouped or self.braced:
            return True
        if not statement.branches or "line" in statement.shape or (statement.kind == "free" and not len(element)):
            return False
        return not any("hidden" in child.shape for child in statement.children.values())

    @property
    def inactive(self) -> bool:
        """True for a deactivated statement."""
        return not self.grouped and self.members[0][0].get("inactive") is not None

    @property
    def protected(self) -> bool:
        """True for a protected statement."""
        return not self.grouped and self.members[0][0].get("protect") is not None

    @property
    def path(self) -> Path:
        """The words that the item adds to an edit path."""
        if self.grouped:
            return (self.members[0][1].name,)
        said = words(*self.members[0])
        return (*self.prefix.split(), *(said[1:] if "block" in self.members[0][1].shape else said))

    @property
    def outline(self) -> str:
        """The item in one line, its contents left out."""
        if not self.braced:
            return self.lines[0]
        return f"{self.prefix}{heading(*self.members[0])} {{ ... }}"


def compare(old: etree._Element, new: etree._Element) -> str:
    """The difference as text: a newline alone where there is none, else with a newline in front."""
    lines = list(_level(_items([(old, CONFIGURATION)]), _items([(new, CONFIGURATION)]), ()))
    return "\n" + "".join(line + "\n" for line in lines)


def _items(members: list[Member]) -> list[Item]:
    """The items below a statement, or those of a block list, whose entries are the members themselves."""
    element, statement = members[0]
    found: list[Item] = []
    for child, known in children(element, statement):
        _take(found, child, known, "")
    return found


def _take(found: list[Item], child: etree._Element, known: Statement, prefix: str) -> None:
    if "joined" in known.shape:
        for grandchild, below in children(child, known):
            _take(found, grandchild, below, f"{known.name} ")
        return
    together = known.kind == "leaf-list" or "block" in known.shape
    if together and found and found[-1].name == (str(child.tag), ""):
        found[-1].members.append((child, known))
        return
    found.append(Item((str(child.tag), "") if together else identity(child, known), [(child, known)], prefix))


def _below(item: Item) -> list[Item]:
    if item.grouped:
        return [Item(identity(entry, known), [(entry, known)]) for entry, known in item.members]
    return _items(item.members)


def _level(old: list[Item], new: list[Item], path: Path) -> Iterator[str]:
    """The hunk of one level, if it has direct changes, then those of the levels below."""
    before = {item.name: item for item in old}
    steps = list(_steps(old, new))
    lines: list[str] = []
    deeper: list[tuple[Item, Item]] = []
    for number, (mark, item) in enumerate(steps):
        if mark in ("+", "-"):
            lines += _marked(mark, item, path)
            continue
        earlier = before[item.name]
        same = _same(earlier, item)
        shown_as_change = _changes(earlier, item, mark, path) if mark == "!" or not same else []
        if not shown_as_change and _beside_change(steps, number):
            lines.append(_line(" ", item.outline, path))
        lines += shown_as_change
        if not same and earlier.deep and item.deep:
            deeper.append((earlier, item))
    if lines:
        yield edit_path(path)
        yield from lines
    for earlier, item in deeper:
        yield from _level(_below(earlier), _below(item), (*path, *item.path))


def _changes(earlier: Item, item: Item, mark: str, path: Path) -> list[str]:
    """What an item that is on both sides shows of its own: its move, its activity, its value."""
    if earlier.inactive != item.inactive:
        word = "inactive" if item.inactive else "active"
        return [_line("!", f"{word}: {item.outline.replace('inactive: ', '', 1)}", path)]
    if earlier.protected != item.protected:
        word = "protect" if item.protected else "unprotect"
        return [_line("!", f"{word}: {item.outline.replace('protect: ', '', 1)}", path)]
    if mark == "!":
        return [_line("!", item.outline, path)]
    if earlier.deep and item.deep:
        return []
    return _marked("-", earlier, path) + _marked("+", item, path)


def _same(earlier: Item, item: Item) -> bool:
    if len(earlier.members) != len(item.members):
        return False
    return all(equal(one[0], other[0]) for one, other in zip(earlier.members, item.members, strict=True))


def _steps(old: list[Item], new: list[Item]) -> Iterator[tuple[str, Item]]:
    """Each item of both sides once, in order: kept " ", gone "-", new "+", moved "!"."""
    was, now = {item.name for item in old}, {item.name for item in new}
    kept = unmoved([item.name for item in old], [item.name for item in new])
    left = collections.deque(old)
    for item in new:
        if item.name in kept:
            while (passed := left.popleft()).name != item.name:
                if passed.name not in now:
                    yield "-", passed
            yield " ", item
        else:
            yield "!" if item.name in was else "+", item
    yield from (("-", item) for item in left if item.name not in now)


def _beside_change(steps: list[tuple[str, Item]], number: int) -> bool:
    """True for an entry next to one of its list that is new or has moved."""
    item = steps[number][1]
    neighbours = [steps[at] for at in (number - 1, number + 1) if 0 <= at < len(steps)]
    return item.ordered and any(mark in ("+", "!") and other.name[0] == item.name[0] for mark, other in neighbours)


def _marked(mark: str, item: Item, path: Path) -> list[str]:
    return [_line(mark, line, path) for line in item.lines]


def _line(mark: str, text: str, path: Path) -> str:
    return f"{mark}{' ' * (len(path) + 2)}{text}"
