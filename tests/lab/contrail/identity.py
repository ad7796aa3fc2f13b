# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server puts into every object: identity, times and permissions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

from lab.contrail.schema import JsonDict

OWNER = "cloud-admin"
CLIENT: Mapping[str, str] = MappingProxyType({"owner": OWNER, "group": "cloud-admin-group"})
"""How a client's objects are signed."""

SERVER = {"owner": "contrail-api", "group": "admin"}
"""How objects are signed that the server makes along with a client's."""

FULL_ACCESS = 7
SHARED_ACCESS = 7
EXTERNAL_ACCESS = 5


class Clock:
    """The server's clock: naive UTC with microseconds, never the same time twice."""

    def __init__(self) -> None:
        self._last = datetime.min

    def now(self) -> str:
        """Return the time as the server writes it, like `2026-11-23T01:22:04.051997`."""
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        self._last = now if now > self._last else self._last + timedelta(microseconds=1)
        return self._last.isoformat(timespec="microseconds")


def new_uuid() -> str:
    """Return a fresh uuid as text."""
    return str(uuid.uuid4())


def uuid_halves(text: str) -> dict[str, int]:
    """Return a uuid as the two unsigned 64-bit numbers that `id_perms` holds."""
    number = uuid.UUID(text).int
    return {"uuid_mslong": number >> 64, "uuid_lslong": number & (2**64 - 1)}


def mac_address(text: str) -> str:
    """Return the MAC address the server derives from an interface's uuid.

    02 and the first five bytes of it.
    """
    digits = text.replace("-", "")[:10]
    return ":".join(["02", *(digits[position : position + 2] for position in range(0, 10, 2))])


def default_id_perms(*, user_visible: bool = True) -> JsonDict:
    """Return `id_perms` of an object that has neither uuid nor times yet."""
    return {
        "permissions": {
            "owner": CLIENT["owner"],
            "owner_access": FULL_ACCESS,
            "group": CLIENT["group"],
            "group_access": FULL_ACCESS,
            "other_access": FULL_ACCESS,
        },
        "uuid": None,
        "enable": True,
        "created": None,
        "last_modified": None,
        "description": None,
        "user_visible": user_visible,
        "creator": None,
    }


def default_perms2(owner: str = OWNER) -> JsonDict:
    """Return `perms2` of an object that belongs to `owner` and is shared with nobody."""
    return {"owner": owner, "owner_access": FULL_ACCESS, "global_access": 0, "share": []}


def created_id_perms(given: Any) -> JsonDict:
    """Return `id_perms` for a create request that gave these, of which the server heeds four fields."""
    id_perms = default_id_perms()
    for name in ("enable", "description", "user_visible", "creator"):
        if isinstance(given, dict) and name in given:
            id_perms[name] = given[name]
    return id_perms


def updated_id_perms(stored: JsonDict, given: Any) -> JsonDict:
    """Return `id_perms` for an update request that gave these, of which the server heeds three fields."""
    id_perms = dict(stored)
    for name in ("enable", "description", "user_visible"):
        if isinstance(given, dict) and name in given:
            id_perms[name] = given[name]
    return id_perms
