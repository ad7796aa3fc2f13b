# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations in text form and `set` commands, read into the documents that load.py takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from lab.junos.complaints import Complaint, RefusedError, syntax_error
from lab.junos.schema import CONFIGURATION, UNIVERSAL, Statement
from lab.junos.tree import empty, find

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|/\*.*?\*/|#[^\n]*|([{};\[\]])|((?:[^\s"{};\[\]#]|(?<=\S)#)+)', re.DOTALL)
XML_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")
PREFIXES = {
    "inactive:": ("inactive", "inactive"),
    "active:": ("active", "active"),
    "replace:": ("replace", "replace"),
    "delete:": ("delete", "delete"),
    "protect:": ("protect", "protect"),
    "unprotect:": ("unprotect", "unprotect"),
}
MARKS = {
    "delete": ("delete", "delete"),
    "deactivate": ("inactive", "inactive"),
    "activate": ("active", "active"),
    "protect": ("protect", "protect"),
    "unprotect": ("unprotect", "unprotect"),
}
SKIPPED = "error recovery ignores input until this point"


OPENING, CLOSING = "\0[", "\0]"
BRACKETS = {"[": OPENING, "]": CLOSING}
"""Brackets around the values of a list, which no quoted value can be taken for."""


@dataclass(frozen=True)
class Token:
    """A word or a piece of punctuation; a quoted word is never punctuation or a prefix."""

    text: str
    quoted: bool = False

    def means(self, punctuation: str) -> bool:
        """True for this punctuation."""
        return not self.quoted and self.text == punctuation

    @property
    def word(self) -> str:
        """The text, or what stands for a bracket that is no quoted value."""
        return self.text if self.quoted else BRACKETS.get(self.text, self.text)


@dataclass
class Spot:
    """Where words are read: below `element`; in the braces of a block list (`block`) its keys come first."""

    element: etree._Element
    statement: Statement
    block: Statement | None = None


class UnknownWordError(Exception):
    """A word that means nothing where it stands."""

    def __init__(self, word: str) -> None:
        super().__init__(word.replace("\0", ""))


def tokens(text: str) -> Iterator[Token]:
    """The words and punctuation of a configuration in text form, without comments."""
    for match in TOKEN.finditer(text):
        quoted, punctuation, word = match.groups()
        if quoted is not None:
            yield Token(re.sub(r"\\(.)", r"\1", quoted), quoted=True)
        elif punctuation or word:
            yield Token(punctuation or word)


# Words


def descend(spot: Spot, words: list[str], *, deleting: bool = False) -> Spot:
    """Follow words down from a spot, making what they name; the last thing named is the spot that comes back.

    Raises UnknownWordError. With `deleting`, keys and values may be missing at the end.
    """
    rest = list(words)
    named = spot
    while rest:
        named = _step(spot, rest, deleting=deleting)
        spot = named if named.statement.branches else spot
    return named


def _step(spot: Spot, rest: list[str], *, deleting: bool) -> Spot:
    if spot.block is not None:
        return _entry(spot.element, spot.block, rest.pop(0))
    word = rest[0]
    known = spot.statement.children.get(word) or UNIVERSAL.get(word)
    if known is not None and "hidden" not in known.shape and word != "*":
        rest.pop(0)
        return _named(spot, known, rest, deleting=deleting)
    for child in spot.statement.children.values():
        if "hidden" in child.shape and (child.kind == "list" or spot.element.find(child.name) is None):
            rest.pop(0)
            return _entry(spot.element, child, word) if child.kind == "list" else _value(spot, child, word)
    if spot.statement.kind == "free" or "*" in spot.statement.children:
        return _free(spot, rest)
    raise UnknownWordError(word)


def _first(spot: Spot, words: list[str]) -> Spot:
    """The statement that words begin with; a keyword that is repeated for each of its children is none by itself."""
    rest = list(words)
    named = _step(spot, rest, deleting=True)
    while "joined" in named.statement.shape and rest:
        named = _step(named, rest, deleting=True)
    return named


def _named(spot: Spot, known: Statement, rest: list[str], *, deleting: bool) -> Spot:
    """The statement whose keyword has just been read."""
    if known.kind == "list":
        return _list(spot, known, rest, deleting=deleting)
    if known.kind in ("leaf", "leaf-list"):
        return _leaf(spot, known, rest, deleting=deleting)
    return Spot(_child(spot.element, known.name), known)


def _list(spot: Spot, known: Statement, rest: list[str], *, deleting: bool) -> Spot:
    if not rest and "block" in known.shape and not deleting:
        return Spot(spot.element, spot.statement, block=known)
    if not rest and deleting:
        return Spot(etree.SubElement(spot.element, known.name), known)
    if not rest:
        raise UnknownWordError(known.name)
    key = rest.pop(-1 if "last" in known.shape else 0)
    return _entry(spot.element, known, key)


def _leaf(spot: Spot, known: Statement, rest: list[str], *, deleting: bool) -> Spot:
    if not rest:
        if not deleting:
            raise UnknownWordError(known.name)
        return Spot(etree.SubElement(spot.element, known.name), known)
    if known.kind == "leaf-list" and rest[0] == OPENING:
        end = rest.index(CLOSING) if CLOSING in rest else len(rest)
        values, rest[: end + 1] = rest[1:end], []
        return [_value(spot, known, value) for value in values][-1]
    return _value(spot, known, rest.pop(0))


def _child(parent: etree._Element, name: str) -> etree._Element:
    there = parent.find(name)
    return etree.SubElement(parent, name) if there is None else there


def _entry(parent: etree._Element, known: Statement, key: str) -> Spot:
    entry = find(parent, known, (known.name, key))
    if entry is None:
        entry = etree.SubElement(parent, known.name)
        etree.SubElement(entry, known.key).text = key
    return Spot(entry, known)


def _value(spot: Spot, known: Statement, value: str) -> Spot:
    element = None if known.kind == "leaf-list" else spot.element.find(known.name)
    if element is None:
        element = etree.SubElement(spot.element, known.name)
    element.text = value
    return Spot(element, known)


def _free(spot: Spot, rest: list[str]) -> Spot:
    """Words that no table knows: `a;` is a statement, `a b;` one with a value, more of them a path."""
    if not XML_NAME.match(rest[0]):
        raise UnknownWordError(rest[0])
    name = rest.pop(0)
    if len(rest) == 1:
        return _value(spot, Statement(name, "leaf"), rest.pop(0))
    return Spot(_child(spot.element, name), Statement(name, "free"))


# Text


@dataclass
class _Text:
    """Reads statements in braces."""

    pending: list[Token]
    complaints: list[Complaint] = field(default_factory=list)
    at: int = 0
    whole_statements: bool = False
    """Whether what is to be deleted is the statement that a line begins with, rather than the last that it names."""

    def block(self, spot: Spot) -> None:
        """Read statements up to the closing brace, or to the end."""
        words: list[Token] = []
        while self.at < len(self.pending):
            token = self.pending[self.at]
            self.at += 1
            if token.means("}"):
                return
            if token.means(";") or token.means("{"):
                self._statement(spot, words, opens=token.means("{"))
                words = []
            else:
                words.append(token)

    def _statement(self, spot: Spot, words: list[Token], *, opens: bool) -> None:
        marks = []
        while words and not words[0].quoted and words[0].text in PREFIXES:
            marks.append(PREFIXES[words[0].text])
            words = words[1:]
        spoken = [word.word for word in words]
        if opens and len(spoken) == 2 and _free_list(spot, spoken[0]):
            below: Spot | None = _entry(spot.element, Statement(spoken[0], "list", own={"*": FREE}), spoken[1])
        else:
            below = self._descend(spot, spoken, deleting=PREFIXES["delete:"] in marks)
        if below is None:
            self._skip(opens=opens)
            return
        for mark in marks:
            below.element.set(*mark)
        if opens:
            self.block(below)

    def _descend(self, spot: Spot, words: list[str], *, deleting: bool) -> Spot | None:
        try:
            if deleting and self.whole_statements:
                return _first(spot, words)
            return descend(spot, words, deleting=deleting)
        except UnknownWordError as error:
            self.complaints.append(syntax_error(str(error)))
            return None

    def _skip(self, *, opens: bool) -> None:
        """Leave out what follows a word that is not known."""
        depth = int(opens)
        while depth and self.at < len(self.pending):
            depth += self.pending[self.at].means("{") - self.pending[self.at].means("}")
            self.at += 1
        self.complaints.append(Complaint(SKIPPED, bad_element="}" if opens else ";"))


FREE = Statement("*", "free")


def _free_list(spot: Spot, word: str) -> bool:
    """True where `word KEY {` opens an entry of a list that no table knows."""
    unknown = word not in spot.statement.children and spot.block is None
    return unknown and (spot.statement.kind == "free" or "*" in spot.statement.children)


def from_text(text: str) -> tuple[etree._Element, list[Complaint]]:
    """The document that a configuration in text form means, and what could not be read of it."""
    reader = _Text(list(tokens(text)))
    document = empty()
    reader.block(Spot(document, CONFIGURATION))
    return document, reader.complaints


# Commands


def from_commands(text: str) -> list[etree._Element]:
    """The documents that `set`, `delete`, `activate`, `deactivate`, `insert` and `rename` mean, in order.

    Consecutive `set` commands make one document. Raises RefusedError for a command that cannot be read.
    """
    documents: list[etree._Element] = []
    adding: etree._Element | None = None
    for line in text.splitlines():
        words = [token.word for token in tokens(line)]
        if not words:
            continue
        if words[0] == "set" and adding is not None:
            document = adding
        else:
            document = empty()
            documents.append(document)
        adding = document if words[0] == "set" else None
        try:
            _command(document, words[0], words[1:])
        except UnknownWordError as error:
            raise RefusedError(syntax_error(str(error))) from None
    return documents


def _command(document: etree._Element, verb: str, words: list[str]) -> None:
    start = Spot(document, CONFIGURATION)
    if verb == "set":
        descend(start, words)
    elif verb in MARKS:
        descend(start, words, deleting=verb == "delete").element.set(*MARKS[verb])
    elif verb == "insert" and len(words) > 3 and words[-3] in ("before", "after"):
        entry = descend(start, words[:-3]).element
        entry.set("insert", words[-3])
        entry.set("name", words[-1])
    elif verb == "rename" and len(words) > 3 and words[-3] == "to":
        entry = descend(start, words[:-3]).element
        entry.set("rename", "rename")
        entry.set("name", words[-1])
    else:
        raise UnknownWordError(verb)


# Patches

HUNK = re.compile(r"^\[edit ?(.*)\]$")


def from_patch(text: str) -> tuple[list[etree._Element], list[Complaint]]:
    """The documents that a patch means (what `show | compare` prints): what goes first, then what comes."""
    complaints: list[Complaint] = []
    documents = [empty(), empty()]
    for words, lines in _hunks(text):
        for document, source in zip(documents, (_leaving(lines), _coming(lines)), strict=True):
            try:
                spot = descend(Spot(document, CONFIGURATION), words)
            except UnknownWordError as error:
                complaints.append(syntax_error(str(error)))
                continue
            reader = _Text(list(tokens("\n".join(source))), whole_statements=True)
            reader.block(spot)
            complaints += reader.complaints
    return documents, complaints


def _hunks(text: str) -> Iterator[tuple[list[str], list[tuple[str, str]]]]:
    """The path of each hunk, and its lines with their sign."""
    words: list[str] | None = None
    lines: list[tuple[str, str]] = []
    for line in text.splitlines():
        head = HUNK.match(line.strip())
        if head is not None:
            if words is not None:
                yield words, lines
            words, lines = [token.text for token in tokens(head.group(1))], []
        elif line.strip() and words is not None:
            sign = line[0] if line[0] in "+-!" else " "
            lines.append((sign, line[1:].strip() if sign != " " else line.strip()))
    if words is not None:
        yield words, lines


def _leaving(lines: list[tuple[str, str]]) -> Iterator[str]:
    """What a hunk takes away, as statements to delete in the blocks that they stand in."""
    depth = 0
    for sign, line in lines:
        if sign == " " and not line.endswith("{ ... }"):
            yield line
        elif sign == "-":
            if depth == 0 and line != "}":
                yield from _deletions(line.removesuffix("{").strip().removesuffix(";").removeprefix("inactive: "))
            depth += line.endswith("{")
            depth -= line == "}"


def _deletions(statement: str) -> Iterator[str]:
    """A statement as one to delete; each value of a list is one of its own."""
    words = list(tokens(statement))
    ends = [place for place, word in enumerate(words) if word.means("[") or word.means("]")]
    if len(ends) == 2 and ends[0] == 1:
        for value in words[ends[0] + 1 : ends[1]]:
            yield f"delete: {words[0].text} {_quoted(value)};"
    else:
        yield f"delete: {statement};"


def _quoted(word: Token) -> str:
    escaped = word.text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if word.quoted else word.text


def _coming(lines: list[tuple[str, str]]) -> Iterator[str]:
    """What a hunk adds, activates or deactivates, in the blocks that it stands in; nothing says where a move leads."""
    for sign, line in lines:
        if sign == "+" or (sign == " " and not line.endswith("{ ... }")):
            yield line
        elif sign == "!":
            statement = line.removesuffix("{ ... }").removesuffix(";").strip()
            if statement.partition(" ")[0] in PREFIXES:
                yield f"{statement};"
