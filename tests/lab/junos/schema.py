# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of configuration statements (statements.txt) as a tree that can be walked beside a document.

A statement knows how its element is keyed, ordered and shown; everything else in this package asks it instead
of knowing statements by name.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

KINDS = frozenset({"box", "presence", "list", "leaf", "leaf-list", "flag", "free"})
TYPED = frozenset({"list", "leaf", "leaf-list"})
SHAPES = frozenset({"hidden", "block", "joined", "inline", "action", "line", "last"})
INDENT = 2


@dataclass(frozen=True)
class Statement:
    """One configuration statement: its kind, value type, display shape and children.

    `own` are the children as the table gives them, `children` with those of the sets that are taken in.
    """

    name: str
    kind: str
    value: str = "string"
    shape: frozenset[str] = frozenset()
    key: str = "name"
    own: dict[str, Statement] = field(default_factory=dict, compare=False)
    sets: dict[str, Statement] = field(default_factory=dict, compare=False, repr=False)

    @functools.cached_property
    def children(self) -> dict[str, Statement]:
        """The statements that may stand below this one, in the order in which the router shows them."""
        merged: dict[str, Statement] = {}
        for name, child in self.own.items():
            if name.startswith("use "):
                merged.update(self.sets[name[4:]].children)
            else:
                merged[name] = child
        return merged

    def child(self, element: etree._Element) -> Statement | None:
        """The statement that this element below us is, or None where the router knows none of that name."""
        tag = str(element.tag)
        if self.kind in ("leaf", "leaf-list", "flag"):
            return None
        if (known := UNIVERSAL.get(tag)) is not None:
            return known
        if self.kind == "free":
            return _guessed(element)
        return self.children.get(tag) or (_guessed(element) if "*" in self.children else None)

    def position(self, tag: str) -> int:
        """Where a child of this name stands among its siblings; unknown ones stand last."""
        return self._positions.get(tag, len(self._positions))

    @functools.cached_property
    def _positions(self) -> dict[str, int]:
        names = [*(["version", "groups"] if self.name == "configuration" else []), *UNIVERSAL]
        names += [name for name in self.children if name not in names]
        return {name: number for number, name in enumerate(names)}

    @property
    def branches(self) -> bool:
        """True where child statements may stand below."""
        return self.kind in ("box", "presence", "list", "free")


def _guessed(element: etree._Element) -> Statement:
    """What an element under a free statement looks like to be."""
    if element.find("name") is not None:
        return Statement(str(element.tag), "list", own={"*": ANYTHING})
    if len(element):
        return Statement(str(element.tag), "free")
    if (element.text or "").strip():
        return Statement(str(element.tag), "leaf")
    return Statement(str(element.tag), "free")


ANYTHING = Statement("*", "free")
UNIVERSAL: dict[str, Statement] = {
    "apply-groups": Statement("apply-groups", "leaf-list", "group-name"),
    "apply-groups-except": Statement("apply-groups-except", "leaf-list", "group-name"),
    "apply-macro": Statement(
        "apply-macro",
        "list",
        own={
            "data": Statement(
                "data",
                "list",
                shape=frozenset({"hidden", "inline"}),
                own={"value": Statement("value", "leaf", shape=frozenset({"hidden"}))},
            )
        },
    ),
}


class SchemaError(ValueError):
    """The table of statements does not read as its own head describes it."""


def parse(text: str) -> Statement:
    """The statement `configuration` of a table in the form of statements.txt."""
    sets: dict[str, Statement] = {}
    stack: list[Statement] = []
    for number, line in _lines(text):
        words = line.split()
        if words[0] == "define":
            sets[words[1]] = Statement(words[1], "box", sets=sets)
            stack = [sets[words[1]]]
            continue
        depth = (len(line) - len(line.lstrip())) // INDENT
        if not 0 < depth <= len(stack):
            raise SchemaError(f"line {number}: nested wrongly: {line.strip()}")
        del stack[depth:]
        if words[0] == "use":
            stack[-1].own["use " + words[1]] = stack[-1]
            continue
        statement = _statement(words, sets, number)
        stack[-1].own[statement.name] = statement
        stack.append(statement)
    return sets["configuration"]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def _statement(words: list[str], sets: dict[str, Statement], number: int) -> Statement:
    name, kind, *rest = words
    if kind not in KINDS:
        raise SchemaError(f"line {number}: no such kind: {kind}")
    value = rest.pop(0) if kind in TYPED else "string"
    keys = [word[4:] for word in rest if word.startswith("key=")]
    shape = frozenset(word for word in rest if not word.startswith("key="))
    if shape - SHAPES:
        raise SchemaError(f"line {number}: no such display flag: {', '.join(sorted(shape - SHAPES))}")
    return Statement(name, kind, value, shape, keys[0] if keys else "name", sets=sets)


CONFIGURATION = parse((Path(__file__).parent / "statements.txt").read_text(encoding="utf-8"))
