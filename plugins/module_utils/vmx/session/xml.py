# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Between XML and what the pure parts work on: statements for configuration, plain data for operational replies."""

from __future__ import annotations

import re
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from ..model.statement import Statement
from .framing import MARK

try:
    from lxml import etree

    LXML_IMPORT_ERROR = None
except ImportError:
    LXML_IMPORT_ERROR = traceback.format_exc()

try:
    import jxmlease

    JXMLEASE_IMPORT_ERROR = None
except ImportError:
    JXMLEASE_IMPORT_ERROR = traceback.format_exc()

with suppress(ImportError):  # reported by the session, which needs it as well
    from ncclient.operations.rpc import RPCError
    from ncclient.xml_ import qualify

if TYPE_CHECKING:
    Element: TypeAlias = etree._Element
else:
    Element = Any

PLACES_MAX = 5
"""How many places of marked characters are named."""

_HARMLESS_ATTRIBUTES = frozenset({"inactive", "group", "protect"})


def element(tag: str, *children: Element, text: str | None = None, **attributes: str) -> Element:
    """Return an element; an underscore in the name of an attribute stands for a hyphen."""
    made = etree.Element(tag, {name.replace("_", "-"): value for name, value in attributes.items()})
    made.text = text
    made.extend(children)
    return made


def to_element(statement: Statement) -> Element:
    """Return a statement as XML."""
    made = etree.Element(statement.tag, statement.attributes)
    made.text = statement.text
    made.extend(to_element(child) for child in statement.children)
    return made


def to_statement(source: Element) -> Statement:
    """Return XML as a statement: namespaces, comments and outer white space dropped, ``inactive``, ``group`` and
    ``protect`` kept."""
    children = [to_statement(child) for child in source if isinstance(child.tag, str)]
    text = (source.text or "").strip()
    return Statement(
        tag=_local(source.tag),
        text=text if text and not children else None,
        children=[child for child in children if child.tag != "comment"],
        attributes={_local(name): str(value) for name, value in source.items() if _local(name) in _HARMLESS_ATTRIBUTES},
    )


def parse_configuration(text: str | bytes) -> Statement:
    """Return the statements of a configuration in native Junos XML."""
    encoded = text.encode() if isinstance(text, str) else text
    return to_statement(etree.fromstring(encoded, etree.XMLParser(resolve_entities=False, no_network=True)))


def to_text(statement: Statement) -> str:
    """Return a statement as indented XML text."""
    rendered: str = etree.tostring(to_element(statement), pretty_print=True, encoding="unicode")
    return rendered


def to_data(reply: Element) -> dict[str, Any]:
    """Return an operational reply as plain data.

    A container is a dict, a repeated element a list, a leaf its text with white space at both ends removed; a
    container without content is an empty text. Attributes are left out.
    """
    parsed = jxmlease.parse_etree(reply)
    return {str(tag): _plain(node) for tag, node in parsed.items()}


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(tag): _plain(inner) for tag, inner in node.items()}
    if isinstance(node, list):
        return [_plain(inner) for inner in node]
    return re.sub(r"\s+", " ", str(node)).strip()


def table_to_data(reply: Element) -> dict[str, Any]:
    """Return what :func:`to_data` returns, for replies with thousands of elements: jxmlease takes 20 times as long."""
    return {str(reply.tag): _content_of(reply)}


def _content_of(part: Element) -> Any:
    children = [child for child in part if isinstance(child.tag, str)]
    if not children:
        text = part.xpath("string()") if len(part) else part.text  # with a comment in it, its text is in parts
        return " ".join(str(text or "").split())
    found: dict[str, list[Any]] = {}
    for child in children:
        found.setdefault(child.tag, []).append(_content_of(child))
    return {tag: values if len(values) > 1 else values[0] for tag, values in found.items()}


def read_reply(text: str) -> Element:
    """Return the ``rpc-reply`` of a text, names without namespaces.

    Raises lxml's errors for what is no XML, and ncclient's for the errors and warnings of NETCONF in a reply without
    ``ok``, with the reply around them.
    """
    reply = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    found = [] if reply.find(qualify("ok")) is not None else list(reply.iter(qualify("rpc-error")))
    if len(found) > 1:
        raise RPCError(reply, errs=[RPCError(one) for one in found])
    if found:
        raise RPCError(found[0])
    return without_namespaces(reply)


def without_namespaces(part: Element) -> Element:
    """Return an element with all that is in it, each name without its namespace."""
    for inner in part.iter(etree.Element):
        if inner.tag[0] == "{":
            inner.tag = _local(inner.tag)
    return part


def complaints(reply: Element) -> list[tuple[str, str]]:
    """Return the errors and warnings that a reply carries inside, as severity and message.

    Both forms count: ``rpc-error`` of NETCONF and ``error``/``warning`` of the Junos XML protocol, which
    client libraries take for success.
    """
    found: list[tuple[str, str]] = []
    for part in reply.getroottree().getroot().iter():
        tag = _local(part.tag) if isinstance(part.tag, str) else ""
        if tag == "rpc-error":
            found.append((_leaf(part, "error-severity") or "error", _leaf(part, "error-message")))
        elif tag in ("error", "warning") and _leaf(part, "message"):
            found.append((tag, _leaf(part, "message")))
    return found


def content(part: Element) -> Element | None:
    """Return what the reply that an element is part of holds beside its warnings, without namespaces; None for nothing.

    Client libraries raise an error for a reply with a warning, whatever else stands in it.
    """
    reply = part.getroottree().getroot()
    without_namespaces(reply)
    return next((one for one in reply if isinstance(one.tag, str) and one.tag not in ("rpc-error", "ok")), None)


def marked_places(reply: Element) -> list[str]:
    """Return where in a reply characters are marked, as paths of names, the first :data:`PLACES_MAX` of them."""
    marked = [one for one in reply.iter() if isinstance(one.tag, str) and MARK in f"{one.text or ''}{one.tail or ''}"]
    places = [f"{_path(one)} {' '.join((one.text or '').split())!r}" for one in marked[:PLACES_MAX]]
    return places + ([f"and {len(marked) - PLACES_MAX} more"] if len(marked) > PLACES_MAX else [])


def _path(part: Element) -> str:
    steps = []
    for one in (*reversed(list(part.iterancestors())), part):
        name = _leaf(one, "name")
        steps.append(f"{_local(one.tag)} {name}" if name and one is not part else _local(one.tag))
    return " ".join(step for step in steps if step not in ("rpc-reply", "configuration"))


def _leaf(holder: Element, tag: str) -> str:
    found = next((one for one in holder if isinstance(one.tag, str) and _local(one.tag) == tag), None)
    return " ".join((found.text or "").split()) if found is not None else ""


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]
