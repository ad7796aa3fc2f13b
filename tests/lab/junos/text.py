# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration in the router's text form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lab.junos.schema import CONFIGURATION, Statement
from lab.junos.tree import children, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

TAB = "    "
PLAIN = re.compile(r"^[^\s\"{}\[\];#&|()<>?*$\\]+$|^\*$|^<\*>$")


def quoted(value: str) -> str:
    """A value as the text form writes it: in quotes where it holds anything special."""
    if PLAIN.match(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def render(configuration: etree._Element, statement: Statement = CONFIGURATION) -> str:
    """The text form of a configuration, each line ended."""
    return "".join(line + "\n" for line in body(configuration, statement))


def body(element: etree._Element, statement: Statement) -> list[str]:
    """The lines that stand between the braces of a statement."""
    lines: list[str] = []
    for group in _groups(element, statement):
        lines += shown(group, f"{statement.name} " if "joined" in statement.shape else "")
    return lines


def shown(group: list[tuple[etree._Element, Statement]], prefix: str = "") -> list[str]:
    """The lines of a statement, or of the entries of a list or values of a leaf-list that stand together."""
    element, statement = group[0]
    if statement.kind == "leaf-list":
        values = [quoted(value.text or "") for value, _unused in group]
        text = values[0] if len(values) == 1 else f"[ {' '.join(values)} ]"
        return [f"{_off(element)}{prefix}{statement.name} {text};"]
    if statement.kind == "list" and "block" in statement.shape:
        inner = [line for entry, known in group for line in entry_lines(entry, known)]
        return [f"{prefix}{statement.name} {{", *(TAB + line for line in inner), "}"]
    return [line for entry, known in group for line in entry_lines(entry, known, prefix)]


def entry_lines(element: etree._Element, statement: Statement, prefix: str = "") -> list[str]:
    """The lines of one statement alone."""
    head = f"{_off(element)}{prefix}{heading(element, statement)}"
    if statement.kind == "free" and not len(element) and element.text:
        return [f"{head} {quoted(element.text)};"]
    if not statement.branches:
        return [head + ";"]
    if "joined" in statement.shape:
        return [_off(element) + line for line in body(element, statement)]
    lines = body(element, statement)
    tail = _one_line(element, statement, lines)
    if tail is not None:
        return [f"{head} {tail};" if tail else head + ";"]
    return [head + " {", *(TAB + line for line in lines), "}"]


def heading(element: etree._Element, statement: Statement) -> str:
    """Keyword, key and value of a statement, as far as they are shown."""
    bare = "hidden" in statement.shape
    if statement.kind == "list":
        key = quoted(key_of(element, statement))
        if "last" in statement.shape:
            return str(element.tag)
        return key if bare or "block" in statement.shape else f"{element.tag} {key}"
    if statement.kind in ("leaf", "leaf-list"):
        value = quoted((element.text or "").strip())
        return value if bare else f"{element.tag} {value}"
    return str(element.tag)


def _one_line(element: etree._Element, statement: Statement, lines: list[str]) -> str | None:
    """What follows the heading on the same line; "" for nothing, None where the body needs braces."""
    if "line" in statement.shape:
        words = [line.rstrip(";") for line in lines]
        return " ".join(words + [quoted(key_of(element, statement))] * ("last" in statement.shape))
    if not lines:
        return ""
    if len(lines) != 1:
        return None
    child, known = next(children(element, statement))
    if "action" in statement.shape and not len(child) and known.kind in ("flag", "presence"):
        return lines[0].rstrip(";")
    if "inline" in statement.shape and known.kind != "list" and not lines[0].startswith(("inactive:", "protect:")):
        return lines[0].rstrip(";")
    return None


def _off(element: etree._Element) -> str:
    return ("protect: " if element.get("protect") else "") + ("inactive: " if element.get("inactive") else "")


def _groups(element: etree._Element, statement: Statement) -> list[list[tuple[etree._Element, Statement]]]:
    """The children, those of one block list and of one leaf-list together."""
    groups: list[list[tuple[etree._Element, Statement]]] = []
    for child, known in children(element, statement):
        together = known.kind == "leaf-list" or "block" in known.shape
        if together and groups and groups[-1][0][1].name == known.name:
            groups[-1].append((child, known))
        else:
            groups.append([(child, known)])
    return groups


def set_lines(configuration: etree._Element) -> list[str]:
    """The configuration as `set` commands, with `deactivate` and `protect` for what is inactive and protected."""
    return list(_commands(configuration, CONFIGURATION, ()))


def _commands(element: etree._Element, statement: Statement, path: tuple[str, ...]) -> Iterator[str]:
    for child, known in children(element, statement):
        here = (*path, *_command_words(child, known))
        whole = "line" in known.shape
        below = list(_commands(child, known, here)) if known.branches and not whole else []
        if not below:
            yield " ".join(["set", *here])
        yield from below
        if child.get("inactive"):
            yield " ".join(["deactivate", *here])
        if child.get("protect"):
            yield " ".join(["protect", *here])


def _command_words(element: etree._Element, statement: Statement) -> tuple[str, ...]:
    if "line" in statement.shape:
        return (entry_lines(element, statement)[0].removeprefix(_off(element)).rstrip(";"),)
    if statement.kind == "list" and "block" in statement.shape:
        return statement.name, quoted(key_of(element, statement))
    return tuple(heading(element, statement).split(" ", 1))
