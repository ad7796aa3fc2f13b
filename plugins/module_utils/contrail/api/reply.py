# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server answered, and what it says in it. Pure.

Nothing is taken for an empty answer but an empty list under the key that was asked for.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, NoReturn

LONGEST_TEXT = 400
"""Characters of a server's own words that an error shows."""

LONGEST_TITLE = 60
"""Characters of a page's title, or of the name of a server's software, that an error shows."""

DEEPEST = 100
"""Levels of lists and objects that JSON may have; what Contrail stores has about ten."""

MOST_DIGITS = 100
"""Digits that a number may have; Contrail's have 20."""

_OTHERS = bytes(set(range(256)) - set(b'[]{}"'))


class UnreadableReplyError(ValueError):
    """An answer is not what the server sends to such a request; ``str(error)`` says what it is instead."""


@dataclass(frozen=True)
class Reply:
    """An HTTP answer.

    ``body`` is empty where the connection broke after the headers of an error. ``doubtful`` says that an earlier
    attempt at the same request got no answer and may have been carried out. ``measured`` says that the answer told how
    long it is, so that it is known to be whole.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    doubtful: bool = False
    measured: bool = True

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """Return a header whatever its case, "" where it is missing."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")

    @property
    def location(self) -> str:
        """The address that a redirect points to, "" where it points nowhere."""
        return self.header("Location") if 300 <= self.status < 400 else ""

    def json(self) -> Any:
        """Return the body as JSON; raises UnreadableReplyError, which says what the body is instead."""
        if not self.body.strip():
            raise UnreadableReplyError("nothing")
        try:
            document = json.loads(self.body, parse_int=_integer, parse_float=_real, parse_constant=_no_number)
        except UnreadableReplyError:
            raise
        except RecursionError:
            raise UnreadableReplyError(_TOO_DEEP) from None
        except ValueError:
            raise UnreadableReplyError(_not_json(self)) from None
        if _is_deep(self.body):
            raise UnreadableReplyError(_TOO_DEEP)
        return document

    def object(self, key: str = "") -> dict[str, Any]:
        """Return the body as a JSON object that has a key; raises UnreadableReplyError."""
        document = self.json()
        if not isinstance(document, dict):
            raise UnreadableReplyError(f"{_kind_of(document)} instead of a JSON object")
        if key and key not in document:
            raise UnreadableReplyError(f"{_keys_of(document)} instead of JSON with {key}")
        return document

    def nothing(self) -> None:
        """Check that the body is empty; raises UnreadableReplyError."""
        if self.body.strip():
            try:
                found = _kind_of(self.json())
            except UnreadableReplyError as error:
                found = str(error)
            raise UnreadableReplyError(f"{found} instead of an empty body")


_TOO_DEEP = f"JSON with more than {DEEPEST} levels"


def described(reply: Reply) -> str:
    """Return in a few words what kind of server an answer comes from."""
    try:
        what = _kind_of(reply.json())
    except UnreadableReplyError as error:
        what = str(error)
    software = " ".join(reply.header("Server").split())[:LONGEST_TITLE]
    return f"HTTP {reply.status} with {what}" + (f" (Server: {software})" if software else "")


def redirected(reply: Reply, url: str, option: str) -> str:
    """Return what is said of a redirect, which is never followed: it would carry the login to another server."""
    target = f" and points to {reply.location}" if reply.location else ""
    return f"{url} answered HTTP {reply.status}{target}, which is not followed; give in {option} the server itself"


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise UnreadableReplyError(f"JSON with a number of {len(digits)} digits")
    return int(digits)


def _real(digits: str) -> float:
    number = float(digits)
    return _no_number(digits[:LONGEST_TITLE]) if math.isinf(number) else number


def _no_number(text: str) -> NoReturn:
    raise UnreadableReplyError(f"JSON with {text}, which is no number")


def _is_deep(body: bytes) -> bool:
    """Tell whether JSON has too many levels: innermost pairs of brackets are taken out, level by level.

    A walk through the values would take several times as long as the parser.
    """
    unescaped = body.replace(rb"\\", b"").replace(rb"\"", b"")
    brackets = re.sub(b'"[^"]+"', b"", unescaped.translate(None, _OTHERS).replace(b'""', b""))
    for _level in range(DEEPEST):
        if not brackets:
            return False
        brackets = _without_innermost(brackets)
    return bool(brackets)


def _without_innermost(brackets: bytes) -> bytes:
    return brackets.replace(b"[]", b"").replace(b"{}", b"")


def _kind_of(document: Any) -> str:
    if isinstance(document, dict):
        return _keys_of(document)
    if isinstance(document, list):
        return "a list"
    if document is None:
        return "null"
    if isinstance(document, str):
        return "a text"
    return "true or false" if isinstance(document, bool) else "a number"


def _keys_of(document: Mapping[str, Any]) -> str:
    names = [str(name)[:LONGEST_TITLE] for name in list(document)[:3]]
    more = ", ..." if len(document) > len(names) else ""
    return f"JSON with {', '.join(names)}{more}" if names else "an empty JSON object"


def _not_json(reply: Reply) -> str:
    text = reply.body[:100_000].decode("utf-8", "replace")
    if ("html" in reply.header("Content-Type").lower() and "<" in text) or re.search(r"<(!doctype )?html", text, re.I):
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        words = " ".join(unescape(title.group(1)).split())[:LONGEST_TITLE] if title else ""
        return "a page of HTML" + (f" titled '{words}'" if words else "")
    return "something that is not JSON"


def plain_text(body: str) -> str:
    """Return the message inside an error body: plain text, an HTML page's ``<pre>``, or Keystone's JSON."""
    text = body.strip()
    if text.startswith("{"):
        with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
            text = str(json.loads(text)["error"]["message"])
    elif "<" in text and re.search(r"<(html|pre|!doctype)", text, re.IGNORECASE):
        pre = re.search(r"<pre>(.*?)</pre>", text, re.IGNORECASE | re.DOTALL)
        bare = pre.group(1) if pre else re.sub(r"(?s)<(style|script|title).*?</\1>|<[^>]*>", " ", text)
        text = unescape(bare)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Traceback"):
        lines = lines[-1:]
    text = " ".join(" ".join(lines).split())
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."
