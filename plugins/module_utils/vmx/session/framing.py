# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NETCONF messages in a stream of bytes: both framings, and text from bytes of whatever encoding. Pure Python.

The end of a message is looked for in bytes, because what arrives at once may end inside a character. NETCONF 1.0 ends a
message by ``]]>]]>`` (RFC 4742), 1.1 cuts it into chunks with their lengths (RFC 6242).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

END = b"]]>]]>"
LAST_CHUNK = b"\n##\n"

MESSAGE_MAX = 64 * 1024 * 1024
"""Bytes of the longest message that is taken: a hundred thousand routes, and no more than its tree has room for."""

MARK = "\N{REPLACEMENT CHARACTER}"
"""What stands where a router sent a byte or a character that XML does not have."""

_CHUNK_HEAD = re.compile(rb"\s*#(?:(#)|([1-9][0-9]{0,9}))\n")
_CHUNK_HEAD_MAX = 32
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]+)|([0-9]+));")


class FramingError(ValueError):
    """The bytes are no NETCONF message, or a longer one than is accepted."""


@dataclass
class Deframer:
    """Cuts a stream of bytes into messages, whatever pieces it arrives in.

    ``chunked`` says that the messages are framed as in NETCONF 1.1; it may change between two messages.
    """

    chunked: bool = False
    limit: int = MESSAGE_MAX
    _waiting: bytearray = field(default_factory=bytearray)
    _message: bytearray = field(default_factory=bytearray)
    _scanned: int = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the messages that are complete with these bytes. Raises :class:`FramingError`."""
        self._waiting += data
        while (message := self._take_chunked() if self.chunked else self._take_delimited()) is not None:
            yield message
        if len(self._waiting) + len(self._message) > self.limit:
            raise FramingError(f"it is longer than {self.limit // (1024 * 1024)} MiB; ask for less at once")

    def _take_delimited(self) -> bytes | None:
        end = self._waiting.find(END, max(0, self._scanned - len(END) + 1))
        if end < 0:
            self._scanned = len(self._waiting)
            return None
        message = bytes(self._waiting[:end])
        del self._waiting[: end + len(END)]
        self._scanned = 0
        return message

    def _take_chunked(self) -> bytes | None:
        """Return the next message, None where it is not complete; its complete chunks are kept apart."""
        while (head := _CHUNK_HEAD.match(self._waiting)) is not None:
            if head.group(1):
                message = bytes(self._message)
                del self._waiting[: head.end()]
                self._message.clear()
                return message
            length = int(head.group(2))
            if length + len(self._message) > self.limit:
                raise FramingError(f"it is longer than {self.limit // (1024 * 1024)} MiB; ask for less at once")
            if len(self._waiting) < head.end() + length:
                return None
            self._message += self._waiting[head.end() : head.end() + length]
            del self._waiting[: head.end() + length]
        begun = self._waiting[:_CHUNK_HEAD_MAX].lstrip()
        if len(begun) >= _CHUNK_HEAD_MAX - 1 or (begun and not re.fullmatch(rb"#(?:#|[1-9][0-9]{0,9})?", begun)):
            raise FramingError(f"a chunk begins with {bytes(begun[:12])!r}")
        return None


def framed(message: bytes, *, chunked: bool) -> bytes:
    """Return a message with its end, as it is sent."""
    return b"\n#%d\n%b%b" % (len(message), message, LAST_CHUNK) if chunked else message + END


def readable(message: bytes) -> tuple[str, bool]:
    """Return a message as text that an XML parser takes, and whether something in it had to be marked.

    Junos stores what it is given, so that a description may hold Latin-1 or control characters; each such byte,
    character or reference (``&#27;``) becomes :data:`MARK`. The XML declaration goes, for its encoding is not that of
    the text any more.
    """
    try:
        text, marked = message.decode(), False
    except UnicodeDecodeError:
        text, marked = message.decode(errors="replace"), True
    declaration = _DECLARATION.match(text)
    text, characters = _ILLEGAL.subn(MARK, text[declaration.end() :] if declaration else text)
    found = 0

    def legal(reference: re.Match[str]) -> str:
        nonlocal found
        if _is_legal(reference):
            return reference.group()
        found += 1
        return MARK

    text = _REFERENCE.sub(legal, text) if "&#" in text else text
    return text, marked or bool(characters or found)


def _is_legal(reference: re.Match[str]) -> bool:
    digits = reference.group(1) or reference.group(2)
    if len(digits.lstrip("0")) > 7:
        return False
    point = int(digits, 16 if reference.group(1) else 10)
    return point <= 0x10FFFF and not _ILLEGAL.match(chr(point))
