# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration as a tree: what identifies a statement, where it stands, how it is pruned and merged.

A configuration is an lxml tree of elements without namespaces, its root `configuration`. The only attribute
is `inactive="inactive"` or `protect="protect"`; inherited trees (groups.py) also carry `group`.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from lxml import etree

from lab.junos.order import unmoved
from lab.junos.schema import CONFIGURATION, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ORDERED = frozenset({"list", "leaf-list"})

Path = tuple[str, ...]
"""The words behind `edit` that lead to a statement: ("firewall", "family", "inet", "filter", "F")."""

Identity = tuple[str, str]
"""What makes a statement the same statement among its siblings: element name, and key or value."""


def empty() -> etree._Element:
    """A configuration without statements."""
    return etree.Element("configuration")


def plain(element: etree._Element) -> etree._Element:
    """A copy without namespaces, comments, white space around values, and without attributes of a reply."""
    copied = etree.Element(etree.QName(element).localname)
    for name, value in element.attrib.items():
        copied.set(etree.QName(name).localname, value)
    for child in element:
        if isinstance(child.tag, str) and not _is_annotation(child):
            copied.append(plain(child))
    if not len(copied):
        copied.text = (element.text or "").strip() or None
    return copied


def _is_annotation(element: etree._Element) -> bool:
    name = etree.QName(element)
    return name.localname == "comment" and "junos" in (name.namespace or "")


def key_of(element: etree._Element, statement: Statement) -> str:
    """The key of a list entry, "" where it has none."""
    return (element.findtext(statement.key) or "").strip()


def identity(element: etree._Element, statement: Statement) -> Identity:
    """What to look for among siblings to find this statement."""
    if statement.kind == "list":
        return str(element.tag), key_of(element, statement)
    if statement.kind == "leaf-list":
        return str(element.tag), (element.text or "").strip()
    return str(element.tag), ""


def children(element: etree._Element, statement: Statement) -> Iterator[tuple[etree._Element, Statement]]:
    """The statements below an element, without the key of a list entry."""
    for child in element:
        if statement.kind == "list" and child.tag == statement.key:
            continue
        known = statement.child(child)
        if known is not None:
            yield child, known


def find(parent: etree._Element, statement: Statement, wanted: Identity) -> etree._Element | None:
    """The statement of this identity below `parent`."""
    tag, name = wanted
    for sibling in parent.iterchildren(tag):
        if statement.kind == "list":
            if key_of(sibling, statement) == name:
                return sibling
        elif statement.kind != "leaf-list" or (sibling.text or "").strip() == name:
            return sibling
    return None


def insert(parent: etree._Element, child: etree._Element, statement: Statement) -> None:
    """Put a new child where the router shows it: statements in the schema's order, equals at the end."""
    place = statement.position(str(child.tag))
    sibling = parent[-1] if len(parent) else None
    while sibling is not None:
        is_key = statement.kind == "list" and sibling.tag == statement.key
        if is_key or statement.position(str(sibling.tag)) <= place:
            sibling.addnext(child)
            return
        sibling = sibling.getprevious()
    parent.insert(0, child)


def prune(element: etree._Element, statement: Statement) -> None:
    """Take away containers that hold nothing and mean nothing."""
    for child, known in list(children(element, statement)):
        if known.branches:
            prune(child, known)
            if known.kind == "box" and not len(child):
                element.remove(child)


def words(element: etree._Element, statement: Statement) -> Path:
    """The words of a statement in an edit path."""
    if statement.kind == "list":
        key = key_of(element, statement)
        return (key,) if "hidden" in statement.shape else (str(element.tag), key)
    return (str(element.tag),)


def edit_path(path: Iterable[str]) -> str:
    """A path as the router prints it: `[edit routing-instances vn1]`; names with a space stand in quotes."""
    said = (f'"{word}"' if " " in word else word for word in path)
    return f"[{' '.join(['edit', *said])}]"


def walk(
    element: etree._Element, statement: Statement = CONFIGURATION, path: Path = ()
) -> Iterator[tuple[etree._Element, Statement, Path]]:
    """Every statement below an element with its own path, in order."""
    for child, known in children(element, statement):
        here = (*path, *words(child, known))
        yield child, known, here
        if known.branches:
            yield from walk(child, known, here)


def active(configuration: etree._Element) -> etree._Element:
    """A copy without the statements that are deactivated."""
    kept = copy.deepcopy(configuration)
    for element in carrying(kept, "inactive"):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return kept


def carrying(root: etree._Element, attribute: str) -> list[etree._Element]:
    """The elements of a tree that carry this attribute."""
    return [element for element in root.iter() if element.get(attribute) is not None]


def equal(one: etree._Element, other: etree._Element) -> bool:
    """True where two configurations are the same, orders included."""
    return etree.tostring(one, method="c14n") == etree.tostring(other, method="c14n")


def merged_changes(
    base: etree._Element, mine: etree._Element, theirs: etree._Element, statement: Statement = CONFIGURATION
) -> None:
    """Carry into `theirs` what `mine` has changed since `base`; all three are the same statement."""
    if base.get("inactive") != mine.get("inactive"):
        _copy_activity(mine, theirs)
    if (base.text or "").strip() != (mine.text or "").strip() and not statement.branches:
        theirs.text = mine.text
    for child, known in list(children(base, statement)):
        wanted = identity(child, known)
        there = find(theirs, known, wanted)
        if there is not None and find(mine, known, wanted) is None:
            theirs.remove(there)
    for child, known in list(children(mine, statement)):
        wanted = identity(child, known)
        there, before = find(theirs, known, wanted), find(base, known, wanted)
        if there is None and (before is None or not equal(before, child)):
            insert(theirs, copy.deepcopy(child), statement)
        elif there is not None:
            merged_changes(before if before is not None else etree.Element(child.tag), child, there, known)
    _carry_order(base, mine, theirs, statement)


def conflicts(
    base: etree._Element,
    mine: etree._Element,
    theirs: etree._Element,
    statement: Statement = CONFIGURATION,
    path: Path = (),
) -> Iterator[tuple[Path, str, str]]:
    """What `mine` and `theirs` have both changed since `base`, and not alike: the path, their value, my value.

    A statement that they have taken away and in which I have changed something counts with an empty value.
    """
    if not statement.branches:
        was, ours, other = ((one.text or "").strip() for one in (base, mine, theirs))
        if len({was, ours, other}) == 3:
            yield path, other, ours
        return
    for child, known in children(mine, statement):
        wanted = identity(child, known)
        before, there = find(base, known, wanted), find(theirs, known, wanted)
        here = (*path, *words(child, known))
        if there is not None:
            yield from conflicts(before if before is not None else etree.Element(child.tag), child, there, known, here)
        elif before is not None and not equal(before, child):
            yield here, "", here[-1]


def _copy_activity(source: etree._Element, target: etree._Element) -> None:
    if source.get("inactive"):
        target.set("inactive", "inactive")
    else:
        target.attrib.pop("inactive", "")


def _carry_order(base: etree._Element, mine: etree._Element, theirs: etree._Element, statement: Statement) -> None:
    """Put the entries that `mine` has moved or put in before others to the same places in `theirs`."""
    for tag in {str(child.tag) for child, known in children(mine, statement) if known.kind in ORDERED}:
        wanted = [_name(child, statement) for child in mine.iterchildren(tag)]
        kept = unmoved([_name(child, statement) for child in base.iterchildren(tag)], wanted)
        entries = {_name(child, statement): child for child in theirs.iterchildren(tag)}
        for name, following in reversed(list(zip(wanted, [*wanted[1:], None], strict=True))):
            if name in kept or name not in entries:
                continue
            if following in entries:
                entries[following].addprevious(entries[name])
            elif (last := list(theirs.iterchildren(tag))[-1]) is not entries[name]:
                last.addnext(entries[name])


def _name(element: etree._Element, statement: Statement) -> Identity:
    known = statement.child(element)
    return identity(element, known) if known is not None else (str(element.tag), "")
