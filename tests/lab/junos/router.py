# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's configuration databases: candidate, running, history, exclusive lock and confirmed commits.

Nothing here reads or writes outside of memory; time comes from `clock`, and `timer` (if set) is asked to
call back when a confirmed commit runs out.
"""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from lxml import etree

from lab.junos import text, tree
from lab.junos.complaints import Complaint, RefusedError
from lab.junos.groups import effective
from lab.junos.load import load

if TYPE_CHECKING:
    from collections.abc import Callable

HISTORY = 50
"""Rollback 0 to 49 are kept."""


class Holder(Protocol):
    """Who may hold the exclusive lock: a management session."""

    session_id: int
    user: str
    since: dt.datetime
    last_used: dt.datetime


class Cancellable(Protocol):
    """What a timer gives back."""

    def cancel(self) -> object:
        """Forget the call."""


@dataclass
class Commit:
    """One entry of the history; `comment` is the router's own remark, `log` the user's.

    `in_effect` is what the configuration comes to, once somebody has asked.
    """

    configuration: etree._Element
    user: str
    client: str
    at: dt.datetime
    log: str | None = None
    comment: str | None = None
    in_effect: etree._Element | None = None


@dataclass
class Pending:
    """A confirmed commit that waits: what stood before it, and the timer that brings it back."""

    commit: Commit
    before: etree._Element
    deadline: dt.datetime
    alarm: Cancellable | None = None


def now() -> dt.datetime:
    """The time in UTC."""
    return dt.datetime.now(dt.timezone.utc)


@dataclass(eq=False)
class Router:
    """A router that starts with the configuration `initial` (XML text).

    Raises RefusedError where it would not load that configuration. `operational` answers operational RPCs
    (None: no such RPC). `on_commit` is called after each change of the running configuration. `marks_pending` says
    whether the history marks a confirmed commit that waits; older releases leave it at the comment.
    """

    initial: str
    host_name: str = field(default="vmx1", kw_only=True)
    version: str = field(default="17.2R1.13", kw_only=True)
    operational: Callable[[Router, etree._Element], etree._Element | None] = field(
        default=lambda _router, _rpc: None, kw_only=True
    )
    clock: Callable[[], dt.datetime] = field(default=now, kw_only=True)
    marks_pending: bool = field(default=True, kw_only=True)
    timer: Callable[[float, Callable[[], None]], Cancellable] | None = field(default=None, init=False)
    on_commit: list[Callable[[], None]] = field(default_factory=list, init=False)
    locked_by: Holder | None = field(default=None, init=False)
    pending: Pending | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()
        self.commits = 0
        self._begin(self.initial)

    def reset(self) -> None:
        """Go back to the initial configuration; forget history, lock and confirmed commit."""
        self._stop_waiting()
        self.locked_by = None
        self._begin(self.initial)
        self._tell()

    def restore(self, configuration: str) -> None:
        """Run with this configuration (XML text), as after a boot; the history starts anew."""
        self._stop_waiting()
        self._begin(configuration)
        self._tell()

    def _begin(self, configuration: str) -> None:
        root = tree.empty()
        etree.SubElement(root, "version").text = self.version
        document = tree.plain(etree.fromstring(configuration.encode()))
        for version in document.findall("version"):
            document.remove(version)
        errors = [one for one in load(root, document, "merge") if one.severity == "error"]
        if errors:
            raise RefusedError(*errors)
        self.history = [Commit(root, "root", "other", self.clock(), comment=None)]
        self.discard()

    @property
    def name(self) -> str:
        """The configured host name."""
        return self.inherited().findtext("system/host-name") or self.host_name

    @property
    def committed(self) -> etree._Element:
        """The running configuration, groups not expanded."""
        return self.history[0].configuration

    def inherited(self) -> etree._Element:
        """What the running configuration comes to: groups expanded, without deactivated statements.

        The tree is kept until the next commit; it is to be read only.
        """
        newest = self.history[0]
        if newest.in_effect is None:
            newest.in_effect = effective(newest.configuration)
        return newest.in_effect

    def text(self) -> str:
        """The running configuration in text form."""
        return text.render(self.committed)

    @property
    def dirty(self) -> bool:
        """True where the shared candidate holds changes that are not committed."""
        return not tree.equal(self.candidate, self.committed)

    def discard(self) -> None:
        """Make the candidate equal to the running configuration (rollback 0)."""
        self.candidate = copy.deepcopy(self.committed)
        self.changed_at = self.clock()

    def rollback(self, number: int) -> etree._Element:
        """A copy of the configuration of this rollback number. Raises RefusedError where there is none."""
        if not 0 <= number < len(self.history):
            raise RefusedError(Complaint(f"could not open configuration file: rollback {number} does not exist"))
        return copy.deepcopy(self.history[number].configuration)

    def lock(self, holder: Holder) -> None:
        """Give the exclusive lock. Raises RefusedError where it is held or the candidate has changes."""
        if self.locked_by is not None:
            raise RefusedError(self.denied())
        if self.dirty:
            raise RefusedError(Complaint("configuration database modified"))
        self.locked_by = holder

    def unlock(self, holder: Holder) -> None:
        """Take the lock back; changes stay in the candidate. Raises RefusedError for who does not hold it."""
        if self.locked_by is not holder:
            raise RefusedError(Complaint("Configuration database is not open"))
        self.locked_by = None

    def denied(self) -> Complaint:
        """What somebody hears who comes while the lock is held."""
        holder = self.locked_by
        assert holder is not None
        idle = int((self.clock() - holder.last_used).total_seconds())
        clock = f"{idle // 3600:02}:{idle // 60 % 60:02}:{idle % 60:02}"
        since = f"on since {stamp(holder.since)}, idle {clock}"
        return Complaint(
            "\nconfiguration database locked by:\n"
            f"  {holder.user} terminal  (pid {holder.session_id}) {since}\n"
            "      exclusive \n",
            tag="lock-denied",
            info=(("session-id", str(holder.session_id)),),
        )

    def admit(self, holder: Holder) -> None:
        """Let pass who may change or commit now. Raises RefusedError while another holds the lock."""
        if self.locked_by is not None and self.locked_by is not holder:
            raise RefusedError(self.denied())

    def commit(
        self,
        configuration: etree._Element,
        *,
        user: str,
        client: str = "netconf",
        log: str | None = None,
        confirm_seconds: float | None = None,
    ) -> None:
        """Run with `configuration`, which has passed its checks, and put it in front of the history.

        With `confirm_seconds` it is taken back unless a commit or commit check comes in that time.
        """
        before = self.committed if self.pending is None else self.pending.before
        self.confirm()
        self.commits += 1
        entry = Commit(copy.deepcopy(configuration), user, client, self.clock(), log)
        self.history = [entry, *self.history][:HISTORY]
        if confirm_seconds is not None:
            self._wait_for_confirmation(entry, before, confirm_seconds)
        self._tell()

    def _wait_for_confirmation(self, entry: Commit, before: etree._Element, seconds: float) -> None:
        entry.comment = f"commit confirmed, rollback in {max(1, round(seconds / 60))}mins"
        self.pending = Pending(entry, before, entry.at + dt.timedelta(seconds=seconds))
        if self.timer is not None:
            self.pending.alarm = self.timer(seconds, self.take_back)

    def confirm(self) -> None:
        """Keep what a confirmed commit has brought."""
        self._stop_waiting()

    def take_back(self) -> None:
        """Bring back what stood before the confirmed commit that nobody has confirmed."""
        pending = self.pending
        if pending is None:
            return
        untouched = not self.dirty
        self._stop_waiting()
        entry = Commit(copy.deepcopy(pending.before), "root", "other", self.clock())
        self.history = [entry, *self.history][:HISTORY]
        if untouched:
            self.discard()
        self._tell()

    def _stop_waiting(self) -> None:
        if self.pending is not None and self.pending.alarm is not None:
            self.pending.alarm.cancel()
        self.pending = None

    def _tell(self) -> None:
        for listener in self.on_commit:
            listener()


def stamp(moment: dt.datetime) -> str:
    """A time as the router prints it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")
