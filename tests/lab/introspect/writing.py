# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How introspect answers are written: one line of XML without declaration, behind a stylesheet instruction.

Python daemons leave out every field that is None; C++ daemons write every field that is not optional, empty if
need be, and end each message with `more`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.introspect.definitions import Field, structures

STYLESHEET = '<?xml-stylesheet type="text/xsl" href="/universal_parse.xsl"?>'
Values = Mapping[str, Any]
NOTHING: Values = {}
NATIVE_ESCAPES = str.maketrans({"&": "&amp;", "'": "&apos;", "<": "&lt;", ">": "&gt;"})
PYTHON_ESCAPES = NATIVE_ESCAPES | str.maketrans({'"': "&quot;"})


@dataclass(frozen=True)
class Message:
    """A message: the name of its definition, and the values of its fields.

    Structures are mappings, lists are sequences, scalars are bool, int or str. `more` says whether another
    message of the same kind follows; None is for messages that do not tell.
    """

    name: str
    values: Values = field(default_factory=dict)
    more: bool | None = False


@dataclass(frozen=True)
class Messages:
    """Several messages in one answer, wrapped in a list that is named after the first."""

    parts: Sequence[Message]

    @property
    def wrapper(self) -> str:
        """The name of the element around the messages."""
        return f"__{self.parts[0].name}_list"


Answer = Message | Messages


@dataclass(frozen=True)
class Writer:
    """Writes answers as a daemon of a language does. `node` is what the daemon's node is an object of."""

    native: bool
    node: str

    def pieces(self, answer: Answer) -> Iterator[str]:
        """Yield the text of an answer, a piece for each message."""
        if isinstance(answer, Message):
            yield STYLESHEET + self._message(answer)
            return
        yield f'{STYLESHEET}<{answer.wrapper} type="slist">'
        for part in answer.parts:
            yield self._message(part)
        yield f"</{answer.wrapper}>"

    def _message(self, message: Message) -> str:
        tells = self.native and message.more is not None
        more = f'<more type="bool" identifier="0">{_scalar(message.more)}</more>' if tells else ""
        return f'<{message.name} type="sandesh">{self._fields(message.name, message.values)}{more}</{message.name}>'

    def _fields(self, structure: str, values: Values) -> str:
        known = structures()[structure]
        if len(values) > len(known) or any(name not in {one.name for one in known} for name in values):
            raise KeyError(f"{structure} has no field {sorted(set(values) - {one.name for one in known})}")
        return "".join(self._field(one, values.get(one.name)) for one in known)

    def _field(self, one: Field, value: Any) -> str:
        if value is None and (one.optional or not self.native):
            return ""
        attributes = one.attributes.replace('"NODE"', f'"{self.node}"')
        kind = one.of if one.shape == "scalar" else one.shape
        return (
            f'<{one.name} type="{kind}" identifier="{one.identifier}"{attributes}>'
            f"{self._content(one, value)}</{one.name}>"
        )

    def _content(self, one: Field, value: Any) -> str:
        if one.shape == "scalar":
            return self._text(_default(one.of) if value is None else value)
        if one.shape == "struct":
            return self._structure(one.of, value or NOTHING)
        items = value or ()
        kind = "struct" if one.holds_structures else one.of
        if one.holds_structures:
            content = "".join(self._structure(one.of, item) for item in items)
        else:
            content = "".join(f"<element>{self._text(item)}</element>" for item in items)
        return f'<list type="{kind}" size="{len(items)}">{content}</list>'

    def _text(self, value: Any) -> str:
        return _scalar(value).translate(NATIVE_ESCAPES if self.native else PYTHON_ESCAPES)

    def _structure(self, name: str, values: Values) -> str:
        return f"<{name}>{self._fields(name, values)}</{name}>"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _default(kind: str) -> Any:
    if kind == "bool":
        return False
    return "" if kind == "string" else 0
