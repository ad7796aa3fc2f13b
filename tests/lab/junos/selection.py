# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subtree filters: which part of a configuration a reader asks for."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from lxml import etree

from lab.junos.schema import CONFIGURATION, Statement
from lab.junos.tree import children, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def selected(source: etree._Element, wanted: etree._Element) -> etree._Element:
    """The part of `source` that the filter document `wanted` (`configuration`, plain) asks for.

    An element without children asks for all of that statement; the key of a list entry, for that entry; an
    empty key, for the keys alone.
    """
    if not len(wanted):
        return copy.deepcopy(source)
    return _part(source, CONFIGURATION, wanted)


def _part(source: etree._Element, statement: Statement, wanted: etree._Element) -> etree._Element:
    part = etree.Element(str(source.tag))
    for name, value in source.attrib.items():
        part.set(name, value)
    if statement.kind == "list":
        etree.SubElement(part, statement.key).text = key_of(source, statement)
    for child, known in children(source, statement):
        for taken in _taken(child, known, [one for one in wanted if one.tag == child.tag]):
            part.append(taken)
    return part


def _taken(child: etree._Element, statement: Statement, wishes: list[etree._Element]) -> Iterator[etree._Element]:
    """The statement itself, once, as far as any of the wishes asks for it."""
    parts: list[etree._Element] = []
    for wish in wishes:
        if statement.kind in ("leaf", "leaf-list", "flag"):
            if not (wish.text or "").strip() or (wish.text or "").strip() == (child.text or "").strip():
                yield copy.deepcopy(child)
                return
            continue
        inner = [one for one in wish if statement.kind != "list" or one.tag != statement.key]
        if statement.kind == "list":
            key = wish.find(statement.key)
            if key is not None and (key.text or "").strip() not in ("", key_of(child, statement)):
                continue
            if key is not None and not (key.text or "").strip() and not inner:
                parts.append(_part(child, statement, etree.Element("nothing")))
                continue
        if not inner:
            yield copy.deepcopy(child)
            return
        part = _part(child, statement, wish)
        named = statement.kind == "list" and wish.find(statement.key) is not None
        if named or len(part) > (statement.kind == "list"):
            parts.append(part)
    if parts:
        yield _united(parts)


def _united(parts: list[etree._Element]) -> etree._Element:
    """Several parts of one statement as one; what they share stands once."""
    first, *rest = parts
    present = {etree.tostring(child) for child in first}
    for part in rest:
        for child in part:
            if etree.tostring(child) not in present:
                present.add(etree.tostring(child))
                first.append(child)
    return first
