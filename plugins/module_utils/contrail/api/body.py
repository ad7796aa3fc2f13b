# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The body of an answer, read in bounded memory, however much the server sends or packs into it. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

_PLAIN = frozenset({"", "identity"})
_GZIP = frozenset({"gzip", "x-gzip"})


class BodyTooLongError(Exception):
    """There is more than is read; ``start`` is the part that was."""

    def __init__(self, limit: int, start: bytes) -> None:
        super().__init__(f"it is longer than {size(limit)}")
        self.start = start


class DamagedBodyError(Exception):
    """The body is packed in a way that cannot be undone."""


def size(count: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count} bytes"


def read_body(pieces: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Return the whole body, unpacked.

    ``encoding`` is what the header Content-Encoding says, ``limit`` the bytes that are read at the most, counted when
    they are unpacked. Raises BodyTooLongError and DamagedBodyError.
    """
    name = encoding.strip().lower()
    if name in _PLAIN:
        return _joined(pieces, limit)
    if name in _GZIP:
        return _joined(_unzipped(pieces, limit), limit)
    raise DamagedBodyError(f"it is packed as '{name[:40]}', which was not asked for")


def _joined(pieces: Iterable[bytes], limit: int) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limit:
            raise BodyTooLongError(limit, bytes(body))
    return bytes(body)


def _unzipped(pieces: Iterable[bytes], limit: int) -> Iterable[bytes]:
    """Yield what pieces unpack to, each time at most one byte more than the limit."""
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for piece in pieces:
            yield unpacking.decompress(piece, limit + 1)
    except zlib.error:
        raise DamagedBodyError("it says that it is gzip, and is not") from None
    if not unpacking.eof:
        raise DamagedBodyError("its gzip data has no end")
