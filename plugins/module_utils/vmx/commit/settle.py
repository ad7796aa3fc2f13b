# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settling a commit that an earlier task made: it is confirmed, or taken back, by its token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ..replies.operational import Commit
from ..session.session import NoReplyError, RouterError, Session
from .apply import look_up
from .checks import NO_CHECKS, Checks
from .confirmation import (
    CommitNote,
    OpenSession,
    UnconfirmedError,
    call_of,
    confirm,
    new_token,
    newer_than,
    position,
    read_history,
    token_of,
    was_taken_back,
)

STATES = ("confirmed", "rolled_back")
_TAKES_BACK = "rollback of "


@dataclass(frozen=True)
class Settlement:
    """What is wanted for the commit with this ``token``; ``lock_timeout`` is in seconds."""

    state: str
    token: str
    checks: Checks = NO_CHECKS
    lock_timeout: float = 30.0


@dataclass
class Settled:
    """What became of it; ``commit`` is the commit as the history has it, ``diff`` what a rollback changes."""

    commit: dict[str, Any] = field(default_factory=dict)
    changed: bool = False
    diff: str | None = None
    commits: list[CommitNote] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rpcs: list[str] = field(default_factory=list)

    def add(self, session: Session) -> None:
        """Take over what a session leaves."""
        self.rpcs += session.rpcs
        self.warnings += [one for one in session.warnings if one not in self.warnings]


def settle(open_session: OpenSession, wanted: Settlement, *, check_mode: bool) -> Settled:
    """Confirm a commit or take it back; raises :class:`RouterError` where that cannot be."""
    if wanted.state == "confirmed":
        return _confirm(open_session, wanted, check_mode=check_mode)
    return _take_back(open_session, wanted, check_mode=check_mode)


def _find(session: Session, history: Sequence[Commit], token: str) -> int:
    place = position(history, token)
    if place is None:
        raise RouterError(f"no commit with token {token} is in the history of router {session.connection}")
    return place


def _confirm(open_session: OpenSession, wanted: Settlement, *, check_mode: bool) -> Settled:
    with open_session() as session:
        history = read_history(session)
        place = _find(session, history, wanted.token)
        gone = was_taken_back(session, history, place) or _taken_back_by_us(history, place)
    settled = Settled(asdict(history[place]), changed=history[place].pending is not False)
    settled.commit["pending"] = settled.changed
    settled.add(session)
    if gone:
        raise RouterError(
            f"the commit {wanted.token} on router {session.connection} cannot be confirmed:"
            f" it was taken back, {history[place - 1].time}"
        )
    if settled.changed and not check_mode:
        try:
            confirm(open_session, wanted.token, wanted.checks, wanted.lock_timeout, settled.add)
        except UnconfirmedError as error:
            if error.changed:
                deadline = f"the router takes it back ({history[place].comment}, since {history[place].time})"
                raise UnconfirmedError(f"{error}; {deadline}", changed=False) from None
            raise
        settled.commit["pending"] = False
    return settled


def _taken_back_by_us(history: Sequence[Commit], place: int) -> bool:
    newer = newer_than(history, place)
    return bool(newer) and newer[-1].log.startswith(f"{_TAKES_BACK}{token_of(history[place])} ")


def _take_back(open_session: OpenSession, wanted: Settlement, *, check_mode: bool) -> Settled:
    token = new_token(call_of(wanted))
    log = f"{_TAKES_BACK}{wanted.token} [{token}]"
    lost: NoReplyError | None = None
    with open_session() as session:
        history = read_history(session)
        place = _find(session, history, wanted.token)
        settled = Settled(asdict(history[place]))
        settled.commit["pending"] = history[place].pending is not False
        if not was_taken_back(session, history, place) and not _taken_back_by_us(history, place):
            _refuse_buried(session, history, place, wanted.token)
            settled.changed = True
            if check_mode:
                settled.diff = _preview(session, place)
            else:
                _load_what_was_before(session, wanted, history, settled, place)
                try:
                    session.commit(log)
                except NoReplyError as error:
                    lost = error
                    session.abandon()
                settled.commits = [{"log": log, "token": token, "confirmed": False, "pending": False}]
                settled.commit["pending"] = False
    settled.add(session)
    if lost is not None:
        look_up(open_session, token, lost, settled)
    return settled


def _refuse_buried(session: Session, history: Sequence[Commit], place: int, token: str) -> None:
    newer = newer_than(history, place)
    if newer:
        raise RouterError(
            f"the commit {token} on router {session.connection} cannot be rolled back: {len(newer)} newer"
            f" commit{'s stand' if len(newer) > 1 else ' stands'} on it, the last by {newer[0].user} at {newer[0].time}"
        )


def _preview(session: Session, place: int) -> str | None:
    """Return what a rollback would change, from a private copy; None where the router gives none."""
    try:
        session.open_private()
    except RouterError:
        return None
    session.load_rollback(place + 1)
    return session.difference()


def _load_what_was_before(
    session: Session, wanted: Settlement, history: Sequence[Commit], settled: Settled, place: int
) -> None:
    """Fill the locked candidate with what was there before the commit at this place.

    No commit check is made: it would confirm the commit that is to go.
    """
    session.lock(wanted.lock_timeout)
    now = session.commits()
    if [_entry(one) for one in now] != [_entry(one) for one in history]:
        raise RouterError(f"somebody has committed on router {session.connection} just now; run the task again")
    if session.difference():
        raise RouterError(
            f"uncommitted changes lie in the candidate configuration of router {session.connection};"
            " whose they are must commit them or roll them back"
        )
    session.load_rollback(place + 1)
    settled.diff = session.difference()


def _entry(commit: Commit) -> tuple[str, str, str, str]:
    return commit.user, commit.client, commit.time, commit.log
