# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for physical routers."""

from __future__ import annotations

import base64
import hashlib

from lab.contrail.hooks.base import KindHooks
from lab.contrail.identity import new_uuid
from lab.contrail.schema import JsonDict

BLOCK = 16
"""Length in bytes of a cipher block."""


class PhysicalRouterHooks(KindHooks):
    """Keeps no password as it was given."""

    def before_create(self, new: JsonDict) -> None:
        """Encrypt the password of a new router."""
        _encrypt(new)

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Encrypt the password of an update; the same password never looks the same again."""
        _encrypt(changes)


def _encrypt(values: JsonDict) -> None:
    """Replace a password by something of the length and alphabet of its cipher text."""
    credentials = values.get("physical_router_user_credentials")
    if not credentials or not credentials.get("password"):
        return
    password = credentials["password"].encode()
    blocks = len(password) // BLOCK + 1
    noise = hashlib.shake_256(new_uuid().encode() + password).digest(blocks * BLOCK)
    credentials["password"] = base64.b64encode(noise).decode()
    values["physical_router_encryption_type"] = "local"
