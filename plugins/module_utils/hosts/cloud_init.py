# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User data for cloud-init that sets the routes of a guest that Ansible does not reach, at each of its boots."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .forwarding import FORWARDING
from .persistence import patient_script
from .plan import read_name, read_routes
from .routes import HostRoute

# cloud-init runs every program in this directory at the end of each boot, the first one included: on any image that has
# cloud-init, whatever its init system, its network manager and the names of its interfaces.
DIRECTORY = "/var/lib/cloud/scripts/per-boot"

# What a host that forwards IPv6 needs to listen to router advertisements as before.
_STILL_LISTEN = [
    "for listens in /proc/sys/net/ipv6/conf/*/accept_ra; do",
    '  [ "$(cat "$listens")" != 1 ] || echo 2 >"$listens"',
    "done",
]


def cloud_config(routes: Any, *, forwarding: Iterable[str] = (), name: str = "service-chain") -> str:
    """Return user data (``#cloud-config``) that writes a script for each boot.

    :param routes: ``[{prefix, via, dev (may be left out)}]``; what is ``state: absent`` is left out.
    :param forwarding: ``ipv4`` and ``ipv6`` that the guest is to forward.
    :raises IntentError: for a bad value.
    """
    script = [
        "#!/bin/sh",
        f"# {read_name(name)}: routes and forwarding, set anew at each boot.",
        *_forwarding(set(forwarding)),
        *patient_script(HostRoute(each.prefix, each.via, each.dev) for each in read_routes(routes) if each.present),
    ]
    lines = [
        "#cloud-config",
        "write_files:",
        f"  - path: {DIRECTORY}/90-{name}",
        '    permissions: "0755"',
        "    content: |",
        *(f"      {line}" for line in script),
    ]
    return "".join(f"{line}\n" for line in lines)


def _forwarding(families: set[str]) -> list[str]:
    listening = _STILL_LISTEN if "ipv6" in families else []
    return [*listening, *(f"echo 1 >/proc/sys/{FORWARDING[family]}" for family in sorted(families))]
