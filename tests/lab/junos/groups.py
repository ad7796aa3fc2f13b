# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inheritance: what `apply-groups` adds to a configuration.

A group's value for a statement that stands in the configuration already is hidden; entries of lists and
values of leaf-lists come together. Groups applied further down come before those applied further up; of those
in one `apply-groups` the first comes first. A name in angle brackets matches existing entries by pattern.
"""

from __future__ import annotations

import copy
import fnmatch
from typing import TYPE_CHECKING

from lab.junos.schema import CONFIGURATION, Statement
from lab.junos.tree import active, carrying, children, find, identity, insert, key_of

if TYPE_CHECKING:
    from lxml import etree

Source = tuple[str, "etree._Element"]
"""A group's name and its statement at the place that is looked at."""

MARK = "group"
"""The attribute that says from which group a statement comes."""

META = frozenset({"groups", "apply-groups", "apply-groups-except"})


def inherited(configuration: etree._Element) -> etree._Element:
    """A copy in which inherited statements stand in place, marked with their group; `groups` is gone."""
    result = copy.deepcopy(configuration)
    offered = {
        key_of(group, CONFIGURATION.children["groups"]): active(group) for group in result.iterchildren("groups")
    }
    for group in list(result.iterchildren("groups")):
        result.remove(group)
    _expand(result, CONFIGURATION, [], offered)
    return result


def effective(configuration: etree._Element) -> etree._Element:
    """What the router acts on: inherited statements without marks, and nothing that is deactivated."""
    result = active(inherited(active(configuration)))
    unmark(result)
    return result


def unmark(configuration: etree._Element) -> None:
    """Take away the marks that say from which group a statement comes."""
    for element in carrying(configuration, MARK):
        del element.attrib[MARK]


def _expand(
    element: etree._Element,
    statement: Statement,
    sources: list[Source],
    offered: dict[str, etree._Element],
) -> None:
    """Add to `element` what the groups in force here say; `offered` are all groups, at this same place."""
    excepted = {_text(child) for child in element.iterchildren("apply-groups-except")}
    applied = [(name, offered[name]) for name in _applied(element) if name in offered]
    in_force = applied + [source for source in sources if source[0] not in excepted and source not in applied]
    for child in [child for child in element if str(child.tag) in META]:
        element.remove(child)
    for name, source in in_force:
        _add(element, statement, name, source)
    for child, known in list(children(element, statement)):
        if known.branches:
            below = [(name, part) for name, source in in_force for part in _matching(source, statement, child, known)]
            elsewhere = {
                name: parts[0]
                for name, group in offered.items()
                if (parts := _matching(group, statement, child, known))
            }
            _expand(child, known, below, elsewhere)


def _applied(element: etree._Element) -> list[str]:
    return [_text(child) for child in element.iterchildren("apply-groups") if not child.get("inactive")]


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _add(element: etree._Element, statement: Statement, name: str, source: etree._Element) -> None:
    """Take in the group's statements that are missing here; those that are there are gone into later."""
    for child, known in children(source, statement):
        if str(child.tag) in META or "<" in identity(child, known)[1]:
            continue
        if find(element, known, identity(child, known)) is None:
            taken = copy.deepcopy(child)
            _reduce(taken, known)
            for part in taken.iter():
                part.set(MARK, name)
                part.attrib.pop("protect", "")
            insert(element, taken, statement)


def _reduce(element: etree._Element, statement: Statement) -> None:
    """Leave out what is not inherited: patterns, and orders to apply groups."""
    for child, known in list(children(element, statement)):
        if str(child.tag) in META or "<" in identity(child, known)[1]:
            element.remove(child)
        elif known.branches:
            _reduce(child, known)


def _matching(
    source: etree._Element, statement: Statement, child: etree._Element, known: Statement
) -> list[etree._Element]:
    """The group's statements that speak about `child`."""
    name = identity(child, known)
    return [
        candidate
        for candidate, other in children(source, statement)
        if candidate.tag == child.tag and _speaks_of(identity(candidate, other)[1], name[1])
    ]


def _speaks_of(pattern: str, name: str) -> bool:
    if pattern.startswith("<") and pattern.endswith(">"):
        return fnmatch.fnmatchcase(name, pattern[1:-1])
    return pattern == name
