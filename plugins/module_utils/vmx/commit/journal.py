# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of a change to a router: its commits, what the router remarked, and the requests that it took."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from ..session.session import Session


class CommitNote(TypedDict):
    """The result's note on a commit: its log with the token, and whether it was or must be confirmed."""

    log: str
    token: str
    confirmed: bool
    pending: bool


@dataclass(kw_only=True)
class Journal:
    """The journal of a task; ``diff`` is the router's own comparison, None where it was not asked for one."""

    changed: bool = False
    diff: str | None = None
    commits: list[CommitNote] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rpcs: list[str] = field(default_factory=list)

    def add(self, session: Session) -> None:
        """Take over what a session leaves."""
        self.rpcs += session.rpcs
        self.warnings += [one for one in session.warnings if one not in self.warnings]

    def note_commit(self, log: str, token: str, *, confirmed: bool = False, pending: bool = False) -> None:
        """Say what there is to say about the commit that was made, in place of what was said before."""
        self.commits = [{"log": log, "token": token, "confirmed": confirmed, "pending": pending}]
