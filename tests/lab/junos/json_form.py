# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration in JSON, as the router writes it since release 16.1 and as it takes it.

A container is an object, a list an array of objects, a leaf-list an array of texts, a leaf a text and a statement
without a value `[null]`. What marks a statement stands beside it: `"@": {"inactive": true}` in an object,
`"@leaf": {...}` for a leaf. Older clients put everything in arrays, and the value of a leaf in `{"data": ...}`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lxml import etree

from lab.junos.complaints import RefusedError, syntax_error
from lab.junos.schema import CONFIGURATION, Statement
from lab.junos.tree import empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ATTRIBUTES = frozenset(
    {"inactive", "active", "protect", "unprotect", "delete", "replace", "operation", "insert", "name"}
)


# Writing


def to_json(configuration: etree._Element) -> str:
    """A configuration as the router prints it."""
    return json.dumps({"configuration": _object(configuration, CONFIGURATION)}, indent=4, ensure_ascii=False)


def _object(element: etree._Element, statement: Statement) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if marks := _marks(element):
        shown["@"] = marks
    for name in dict.fromkeys(str(child.tag) for child in element):
        alike = element.findall(name)
        below = _key(name) if statement.kind == "list" and name == statement.key else statement.child(alike[0])
        kind = below if below is not None else Statement(name, "free")
        shown[name] = _shown(alike, kind)
        noted = [_marks(one) for one in alike]
        if kind.kind in ("leaf", "leaf-list", "flag") and any(noted):
            shown[f"@{name}"] = noted if kind.kind == "leaf-list" else noted[0]
    return shown


def _key(name: str) -> Statement:
    return Statement(name, "leaf")


def _shown(alike: list[etree._Element], statement: Statement) -> Any:
    if statement.kind == "list":
        return [_object(one, statement) for one in alike]
    if statement.kind == "leaf-list":
        return [one.text or "" for one in alike]
    if statement.kind == "leaf":
        return alike[0].text or ""
    if statement.kind == "flag" or (not len(alike[0]) and not alike[0].attrib):
        return [None]
    return _object(alike[0], statement)


def _marks(element: etree._Element) -> dict[str, Any]:
    return {str(name): True if value == name else str(value) for name, value in element.attrib.items()}


# Reading


def from_json(text: str) -> etree._Element:
    """The document that a configuration in JSON means; raises RefusedError for what is none."""
    try:
        given = json.loads(text)
        inside = given["configuration"]
    except (ValueError, KeyError, TypeError):
        raise RefusedError(syntax_error("json")) from None
    document = empty()
    for one in _listed(inside):
        _fill(document, one)
    return document


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _fill(element: etree._Element, value: Any) -> None:
    """Put what a value says below an element."""
    if value is None or value is True:
        return
    if not isinstance(value, dict):
        element.text = str(value)
        return
    _mark(element, value.get("@") or value.get("attributes") or {})
    for name, inner in value.items():
        if name == "data" and not isinstance(inner, (dict, list)):
            element.text = str(inner)
        elif not name.startswith("@") and name != "attributes":
            _children(element, name, inner, value.get(f"@{name}"))


def _children(element: etree._Element, name: str, value: Any, marks: Any) -> None:
    noted = list(_listed(marks)) if marks is not None else []
    for place, one in enumerate(_listed(value)):
        try:
            child = etree.SubElement(element, name)
        except ValueError:
            raise RefusedError(syntax_error(name)) from None
        _fill(child, one)
        if place < len(noted):
            _mark(child, noted[place] or {})


def _mark(element: etree._Element, marks: Any) -> None:
    for name, said in _pairs(marks):
        plain = name.rpartition(":")[2]
        if plain in ATTRIBUTES and said is not False:
            element.set(plain, plain if said is True or said == "true" else str(said))


def _pairs(marks: Any) -> Iterator[tuple[str, Any]]:
    parts: Iterable[Any] = _listed(marks)
    for part in parts:
        if isinstance(part, dict):
            yield from part.items()
