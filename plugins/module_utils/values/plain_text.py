# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What no text may hold that goes to a controller, a router or a file, and how texts from there are shown.

Pure Python.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# The control characters and other code points that XML 1.0 cannot hold (line breaks and tabs it can), those that look
# like nothing (C1), and those that show a text in another order than it is read in (Unicode TR36, 3.2).
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def unwritable(text: str) -> str | None:
    """Return the first character of a text that cannot be written, as ``U+0000``; ``None`` where all can."""
    found = _UNWRITABLE.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


def as_json(value: Any) -> str | None:
    """Return data as a text of JSON, ``None`` for what JSON cannot hold."""
    try:
        return json.dumps(value, default=str)
    except (TypeError, ValueError, RecursionError):
        return None


def is_plain(written: str) -> bool:
    """Tell from a text of JSON that no text in it holds anything but printable ASCII, line breaks and tabs.

    To look through one long text takes a tenth of the time of a walk through the data.
    """
    return _PERHAPS_NOT_PLAIN.search(written) is None


_PERHAPS_NOT_PLAIN = re.compile(r"\\[ubfr]|\x7f")


def place_unwritable(value: Any, path: str) -> tuple[str, str] | None:
    """Return where in data the first character stands that cannot be written, and which; ``None`` where all can.

    A key counts as standing where its mapping does.
    """
    written = as_json(value)
    return None if written is not None and is_plain(written) else _place_unwritable(value, path)


def _place_unwritable(value: Any, path: str) -> tuple[str, str] | None:
    if isinstance(value, str):
        found = unwritable(value)
        return (path, found) if found is not None else None
    parts: list[tuple[Any, str]] = []
    if isinstance(value, Mapping):
        for key, inner in value.items():
            found = unwritable(str(key))
            if found is not None:
                return path, found
            parts.append((inner, f"{path}.{key}"))
    elif isinstance(value, (list, tuple)):
        parts = [(inner, f"{path}[{index}]") for index, inner in enumerate(value)]
    return next((place for inner, where in parts if (place := _place_unwritable(inner, where)) is not None), None)


LONGEST_WORD = 255
"""Characters of a name that a message shows; no name that is meant for people is longer."""


def on_one_line(text: str) -> str:
    """Return a text for a message: white space is one space, and what cannot be seen is written as an escape.

    Of a word that is longer than any name the beginning is left, with its length.
    """
    return escaped(" ".join(map(_shortened, text.split())))


def _shortened(word: str) -> str:
    return word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}... ({len(word)} characters)"


def in_short(text: str) -> str:
    """Return a text for a message whose words have an end: what is longer than 255 characters is cut."""
    return _LONG_WORD.sub(r"\1...", text)


def escaped(text: str) -> str:
    """Return a text with escapes, such as ``\\n``, for what cannot be seen."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


_LONG_WORD = re.compile(r"(\S{255})\S{32,}")

# What a terminal obeys (C0 and C1 of ECMA-48 but line breaks and tabs), what begins a line for some that read a text
# (NEL, U+2028, U+2029), what shows a text in another order or not at all (Unicode TR36, 3.2: marks of direction, spaces
# without width, tags; not the joiners, which some scripts need), and what cannot be written.
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(value: Any) -> Any:
    """Return data as it may be shown: in every text, keys too, what a terminal would obey is written as an escape.

    Line breaks and tabs stay. A carriage return before a line break goes.
    """
    if isinstance(value, str):
        # Without the tags that Ansible puts on texts, for these cannot follow a text that is another one.
        return _visible_text(value) if _OBEYED.search(value) else value
    if isinstance(value, Mapping):
        return {visible(key): visible(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [visible(inner) for inner in value]
    return value


def _visible_text(text: str) -> str:
    return _OBEYED.sub(_escape, text.replace("\r\n", "\n"))


def _escape(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode()
