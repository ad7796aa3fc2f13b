# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trusted host keys in the form of OpenSSH's known_hosts, judged as ssh judges them (sshd(8), SSH_KNOWN_HOSTS FORMAT).

A line that cannot be read is passed over, for it says nothing about the other routers. Host certificates are not
supported, so that ``@cert-authority`` lines count for nothing, as they do in ssh for a host that shows a plain key.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

REVOKED = "@revoked"
AUTHORITY = "@cert-authority"
SSH_PORT = 22

with suppress(ImportError):  # reported by the session, which needs it as well
    from paramiko import HostKeys


class KeyVerdict(Enum):
    """The verdict of the files on a key that a router has shown."""

    TRUSTED = "trusted"
    REVOKED = "revoked"
    CHANGED = "changed"
    OTHER_TYPE = "other type"
    ONLY_AUTHORITY = "only authority"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class KnownKey:
    """A line of known_hosts: whose key it is (patterns, hashed names), its type and its bytes, and where it stands."""

    marker: str | None
    hosts: tuple[str, ...]
    kind: str
    key: bytes
    place: str

    def is_of(self, names: Iterable[str]) -> bool:
        """Return whether the line is about one of these names (``vmx1``, ``[vmx1]:830``)."""
        return any(_match(name.lower(), self.hosts) for name in names)


@dataclass(frozen=True)
class Judgement:
    """A verdict, and the place of the line that decides it, if one does."""

    verdict: KeyVerdict
    place: str = ""
    kinds: tuple[str, ...] = ()


def read_known_hosts(files: Iterable[Path]) -> list[KnownKey]:
    """Return the lines of these files that can be read; files that do not exist have none."""
    found = []
    for file in files:
        if not file.is_file():
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            known = parse_line(line, f"{file}:{number}")
            if known is not None:
                found.append(known)
    return found


def parse_line(line: str, place: str = "") -> KnownKey | None:
    """Return what a line says, None where it says nothing (empty, a comment, damaged, an unknown marker)."""
    fields = line.split()
    if not fields or fields[0].startswith("#"):
        return None
    marker = fields.pop(0) if fields[0].startswith("@") else None
    if marker not in (None, REVOKED, AUTHORITY) or len(fields) < 3:
        return None
    hosts, kind, encoded = fields[:3]
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not key.startswith(len(kind).to_bytes(4, "big") + kind.encode()):
        return None
    return KnownKey(marker, tuple(hosts.split(",")), kind, key, place)


def names_of(host: str, port: int, alias: str | None = None) -> tuple[str, ...]:
    """Return the names by which ssh looks for a host, the first of which decides; an alias stands alone.

    They are in lower case, as ssh hashes and compares them.
    """
    if alias:
        return (alias.lower(),)
    host = host.lower()
    return (host,) if port == SSH_PORT else (f"[{host}]:{port}", host)


def judge(known: Sequence[KnownKey], names: Sequence[str], kind: str, key: bytes) -> Judgement:
    """Return what the lines say about a key (``kind`` is its type) that the host of these names has shown.

    Where the name with the port is not known, a key of the name without port counts if it is the same.
    """
    about = [one for one in known if one.is_of(names)]
    revoked = next((one for one in about if one.marker == REVOKED and one.key == key), None)
    if revoked:
        return Judgement(KeyVerdict.REVOKED, revoked.place)
    plain = [one for one in about if one.marker is None]
    for name in names:
        of_name = [one for one in plain if one.is_of([name])]
        if any(one.key == key for one in of_name):
            return Judgement(KeyVerdict.TRUSTED)
        if any(one.kind == kind for one in of_name):
            break
    first = [one for one in plain if one.is_of(names[:1])] or plain
    other = next((one for one in first if one.kind == kind), None)
    if other:
        return Judgement(KeyVerdict.CHANGED, other.place)
    if first:
        return Judgement(KeyVerdict.OTHER_TYPE, first[0].place, tuple(dict.fromkeys(one.kind for one in first)))
    authority = next((one for one in about if one.marker == AUTHORITY), None)
    return Judgement(KeyVerdict.ONLY_AUTHORITY, authority.place) if authority else Judgement(KeyVerdict.UNKNOWN)


def known_kinds(known: Sequence[KnownKey], names: Sequence[str]) -> list[str]:
    """Return the types of the keys that are known of a host, which it should be asked for first."""
    return list(dict.fromkeys(one.kind for one in known if one.marker is None and one.is_of(names)))


def _match(name: str, patterns: Sequence[str]) -> bool:
    """Return whether patterns with ``*`` and ``?`` mean a name; none that begins with ``!`` may match."""
    found = False
    for pattern in patterns:
        if pattern.startswith("!") and _is_like(name, pattern[1:]):
            return False
        found = found or _is_like(name, pattern)
    return found


def _is_like(name: str, pattern: str) -> bool:
    if pattern.startswith("|1|"):
        try:
            return HostKeys.hash_host(name, pattern) == pattern
        except (AssertionError, IndexError, ValueError):  # a damaged salt
            return False
    escaped = re.escape(pattern.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(escaped, name) is not None
