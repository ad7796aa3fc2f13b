# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""From the body of an introspect page to data.

A page is one message (``<VnListResp type="sandesh">``) or a list of them (``type="slist"``); a message has fields
that say their type. Python daemons leave out a field without a value, C++ daemons write it empty; both are unset here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import INVALID_INPUT, NO_RESPONSE, NOT_UNDERSTOOD, IntrospectError

LONGEST_TEXT = 200
"""Characters of a daemon's own words that an error shows."""

_NUMBERS = frozenset({"byte", "i16", "i32", "i64", "u16", "u32", "u64"})
_STYLESHEET = re.compile(rb"^\s*<\?xml-stylesheet[^>]*\?>")
_HEADING = re.compile(r"^\s*<h3>(.*?)</h3>", re.DOTALL)


@dataclass(frozen=True)
class Message:
    """One message: its name, its fields, and ``links``, the requests that its texts are meant for, by field."""

    name: str
    data: Mapping[str, Any]
    links: Mapping[str, str]


def parse(body: bytes, content_type: str = "") -> list[Message]:
    """Return the messages of a page.

    :raises IntrospectError: for an error that the daemon wrote with status 200, and for anything that is no page.
    """
    body = body.rstrip(b"\0 \r\n")
    if heading := _HEADING.match(body[:1000].decode("utf-8", "replace")):
        raise IntrospectError(NO_RESPONSE, _shown(heading.group(1)))
    if "html" in content_type.lower():
        raise IntrospectError(NOT_UNDERSTOOD, f"a page of HTML instead of data: {_shown(_text_of(body))}")
    root = _tree(_STYLESHEET.sub(b"", body, count=1))
    several = root.get("type") == "slist"
    try:
        messages = [_message(each) for each in (root if several else [root])]
    except RecursionError:
        raise IntrospectError(NOT_UNDERSTOOD, "XML that is nested too deep") from None
    for message in messages:
        if message.name == "ErrorResp":
            raise IntrospectError(INVALID_INPUT, _shown(str(message.data.get("resp") or "ErrorResp")))
    return messages


class _NoDoctype(ET.TreeBuilder):
    """Builds a tree; a page has no document type, and one that has could bring entities along."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse a document type, before anything that it declares is used."""
        raise IntrospectError(NOT_UNDERSTOOD, "a document type declaration, which no introspect page has")


def _tree(body: bytes) -> ET.Element:
    parser = ET.XMLParser(target=_NoDoctype(), encoding="utf-8")
    try:
        parser.feed(body)
        root = parser.close()
    except ET.ParseError as error:
        raise IntrospectError(NOT_UNDERSTOOD, f"no XML ({error}): {_shown(_text_of(body))}") from None
    if not isinstance(root, ET.Element):
        raise IntrospectError(NOT_UNDERSTOOD, "no XML: an empty answer")
    if root.get("type") not in ("sandesh", "slist"):
        raise IntrospectError(NOT_UNDERSTOOD, f"XML that is no introspect page, but {root.tag}")
    return root


def _message(element: ET.Element) -> Message:
    links = {child.tag: child.get("link", "") for child in element.iter() if child.get("link")}
    return Message(element.tag, _fields(element), links)


def _fields(holder: ET.Element | None) -> Mapping[str, Any]:
    """Return the fields of a message or a structure that have a value."""
    values = {child.tag: _value(child) for child in (holder if holder is not None else ())}
    return {name: value for name, value in values.items() if value is not None}


def _value(element: ET.Element) -> Any:
    kind = element.get("type", "")
    first = next(iter(element), None)
    if kind == "struct":
        return _fields(first)
    if kind in ("list", "set"):
        return list(_entries(first))
    if kind == "map":
        parts = list(first) if first is not None else []
        value = first.get("value", "") if first is not None else ""
        return {key.text or "": _entry(entry, value) for key, entry in zip(parts[::2], parts[1::2], strict=False)}
    return _scalar(kind, element.text)


def _entries(holder: ET.Element | None) -> Iterator[Any]:
    if holder is not None:
        yield from (_entry(entry, holder.get("type", "")) for entry in holder)


def _entry(element: ET.Element, kind: str) -> Any:
    """Return an entry of a list or a map: the fields of a structure, or what ``<element>`` holds."""
    return _fields(element) if kind == "struct" else _scalar(kind, element.text)


def _scalar(kind: str, text: str | None) -> Any:
    """Return a value by its type; a number that is none stays the text that was sent."""
    if not text:
        return None
    if kind == "bool":
        return text.strip() in ("true", "1")
    if kind in _NUMBERS and re.fullmatch(r"\s*-?[0-9]{1,40}\s*", text):
        return int(text)
    return text


def _text_of(body: bytes) -> str:
    return re.sub(r"<[^>]*>", " ", body[: 10 * LONGEST_TEXT].decode("utf-8", "replace"))


def _shown(text: str) -> str:
    """Return the words of a daemon as part of one line."""
    line = " ".join(text.replace("&quot;", '"').split())
    return line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT]}..."
