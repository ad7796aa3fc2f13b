# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nova.conf as oslo.config reads it: options of sections, some with several values; edited without touching the rest.

What oslo.config does that INI parsers do not: a section may come again and its options then add up, a value goes on
in lines that begin with blanks, ``:`` divides as ``=`` does, and nothing after a value is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..values.secrets import HIDDEN, is_secret_option

# Values by option by section. A section's option without values is one that must not be there.
Options = Mapping[str, Mapping[str, "list[str]"]]


class NovaConfError(ValueError):
    """A text that oslo.config would refuse; the message says the line and why, never what stands there."""


@dataclass(frozen=True)
class Assignment:
    """One value: lines ``first`` to before ``end`` (counted from 0) give ``option`` of ``section`` its ``value``."""

    section: str
    option: str
    value: str
    first: int
    end: int


@dataclass(frozen=True)
class Header:
    """A line that begins a section."""

    section: str
    line: int


def read_entries(text: str) -> list[Assignment | Header]:
    """Read a file. Raises NovaConfError for what oslo.config refuses."""
    entries: list[Assignment | Header] = []
    section = "DEFAULT"
    going_on: Assignment | None = None
    for number, line in enumerate(_lines(text)):
        content = line.rstrip()
        if content[:1] in (" ", "\t"):
            if going_on is None:
                raise NovaConfError(f"line {number + 1} is indented, but there is no value before it that could go on")
            going_on = entries[-1] = replace(going_on, value=f"{going_on.value}\n{content.lstrip()}", end=number + 1)
            continue
        going_on = None
        if not content or content[0] in "#;":
            continue
        if content[0] == "[":
            section = _section_name(content, number)
            entries.append(Header(section, number))
            continue
        option, value = _split(content, number)
        going_on = Assignment(section, option, value, number, number + 1)
        entries.append(going_on)
    return entries


def values(text: str, section: str, option: str) -> list[str]:
    """Return what a file gives an option, in order; of an option with one value the last counts."""
    return [one.value for one in _assignments(text, section, option)]


def with_options(text: str, options: Options) -> str:
    """Return a file whose options have exactly the values given, all other lines as they were.

    A line whose value stays is not touched. A changed value stands where the old one stood; a new one after its
    siblings, else after the option's commented default, else at the end of its section. Raises NovaConfError.
    """
    for section, wanted in options.items():
        for option, given in wanted.items():
            text = _with_values(text, section, option, given)
            if values(text, section, option) != list(given):
                raise NovaConfError(f"no line of a nova.conf can give [{section}] {option} the value wanted")
    return text


def difference(before: str, after: str) -> list[str]:
    """Return the options that differ between two files, as lines of a diff; values of secrets are hidden."""
    was, is_now = _by_option(before), _by_option(after)
    lines = []
    for key in [*was, *(key for key in is_now if key not in was)]:
        old, new = was.get(key, []), is_now.get(key, [])
        lines += [_shown("-", key, value) for value in old if value not in new]
        lines += [_shown("+", key, value) for value in new if value not in old]
        if sorted(old) == sorted(new) and old != new:
            lines += [_shown("~", key, value) for value in new]
    return lines


def differing(before: str, after: str) -> set[tuple[str, str]]:
    """Return section and option of all options that differ between two files."""
    was, is_now = _by_option(before), _by_option(after)
    return {key for key in {*was, *is_now} if was.get(key) != is_now.get(key)}


def _lines(text: str) -> list[str]:
    """Split where oslo.config does, at line feeds only, and keep them."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _section_name(content: str, number: int) -> str:
    if not content.endswith("]"):
        raise NovaConfError(f"line {number + 1} begins a section, but has no ] at its end")
    if len(content) == 2:
        raise NovaConfError(f"line {number + 1} begins a section without a name")
    return content[1:-1]


def _split(content: str, number: int) -> tuple[str, str]:
    found = re.search("[:=]", content)
    if found is None:
        raise NovaConfError(f"line {number + 1} is neither a section nor an option with a value")
    option = content[: found.start()].strip()
    if not option:
        raise NovaConfError(f"line {number + 1} has a value, but no option before it")
    return option, _unquoted(content[found.end() :].strip())


def _unquoted(value: str) -> str:
    return value[1:-1] if value and value[0] == value[-1] and value[0] in "\"'" else value


def _same(section: str) -> str:
    """Return the form in which oslo.config compares section names."""
    return section if section == "DEFAULT" else section.lower()


def _assignments(text: str, section: str, option: str) -> list[Assignment]:
    return [
        one
        for one in read_entries(text)
        if isinstance(one, Assignment) and one.option == option and _same(one.section) == _same(section)
    ]


def _by_option(text: str) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for one in read_entries(text):
        if isinstance(one, Assignment):
            found.setdefault((_same(one.section), one.option), []).append(one.value)
    return found


def _shown(sign: str, key: tuple[str, str], value: str) -> str:
    section, option = key
    return f"{sign}[{section}] {option} = {HIDDEN if is_secret_option(option) else value}"


def _with_values(text: str, section: str, option: str, wanted: list[str]) -> str:
    found = _assignments(text, section, option)
    if [one.value for one in found] == wanted:
        return text
    lines = _lines(text)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    place = _place(lines, found, section, option)
    new = [f"{option} = {_quoted(value)}{ending}" for value in wanted[len(found) :]]
    if new and place is None:
        gap = [ending] if lines and lines[-1].strip() else []
        lines += [*gap, f"[{section}]{ending}", *new]
    elif new and place is not None:
        lines[place:place] = new
    for index in reversed(range(len(found))):
        one = found[index]
        if index >= len(wanted):
            del lines[one.first : one.end]
        elif one.value != wanted[index]:
            start = re.match(r"[^:=]*[:=][ \t]*", lines[one.first])
            before = start[0] if start else f"{option} = "
            lines[one.first : one.end] = [f"{before}{_quoted(wanted[index])}{ending}"]
    return "".join(lines)


def _place(lines: list[str], found: list[Assignment], section: str, option: str) -> int | None:
    """Return before which line a new value goes, or None where the section is not there."""
    if found:
        return found[-1].end
    text = "".join(lines)
    entries = read_entries(text)
    begin = _same("DEFAULT") == _same(section)
    inside = list(_lines_of(entries, section, len(lines), begin))
    commented = re.compile(rf"[#;]\s?{re.escape(option)}\s*[:=]")
    for number in inside:
        if commented.match(lines[number]):
            return number + 1
    ends = [one.end for one in entries if isinstance(one, Assignment) and _same(one.section) == _same(section)]
    heads = [one.line + 1 for one in entries if isinstance(one, Header) and _same(one.section) == _same(section)]
    return max(ends + heads, default=None)


def _lines_of(entries: list[Assignment | Header], section: str, count: int, begin: bool) -> Iterator[int]:
    """Yield the numbers of the lines in a section; ``begin`` says that it stands open before any header."""
    heads = [Header("DEFAULT", -1)] if begin else []
    heads += [one for one in entries if isinstance(one, Header)]
    for index, head in enumerate(heads):
        if _same(head.section) == _same(section):
            end = heads[index + 1].line if index + 1 < len(heads) else count
            yield from range(head.line + 1, end)


def _quoted(value: str) -> str:
    """Write a value so that it is read back: quotes where blanks or quotes at its ends would be lost."""
    if value != value.strip() or _unquoted(value) != value:
        return f'"{value}"'
    return value
