# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a router is, how to log in, and what can go wrong on the way to it."""

from __future__ import annotations

from dataclasses import dataclass, field


class RouterError(Exception):
    """A router, or the way to it, said no; the text is one line that names the router and what was attempted."""


class NotConnectedError(Exception):
    """A router cannot be reached; the text is the reason alone, in one line."""


class LockedError(RouterError):
    """Somebody else holds the configuration lock."""


class DirtyError(RouterError):
    """Somebody's uncommitted changes lie in the candidate configuration."""


class NoReplyError(RouterError):
    """A request was sent and its reply never came: it may have been carried out."""


@dataclass(frozen=True)
class Connection:
    """The address of a router and its login; ``timeout`` (of one request) and ``connect_timeout`` are in seconds."""

    host: str
    port: int = 830
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ssh_private_key_file: str | None = None
    known_hosts_file: str | None = None
    host_key_checking: bool = True
    timeout: int = 120
    connect_timeout: int = 30

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
