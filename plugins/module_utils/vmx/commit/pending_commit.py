# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A commit that an earlier task made and that waits: it is confirmed, or taken back, by its token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from ..replies.operational import Commit
from ..session.session import NoReplyError, RouterError, Session
from .apply import look_up, preview, refuse_foreign_edits
from .checks import NO_CHECKS, Checks
from .confirmation import (
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
from .journal import Journal

STATES = ("confirmed", "rolled_back")
_TAKES_BACK = "rollback of "


@dataclass(frozen=True)
class CommitDecision:
    """The decision on the commit with this ``token``; ``lock_timeout`` is in seconds."""

    state: str
    token: str
    checks: Checks = NO_CHECKS
    lock_timeout: float = 30.0


@dataclass
class DecidedCommit(Journal):
    """The commit after the decision; ``commit`` is as the history has it, ``diff`` what a rollback changes."""

    commit: dict[str, Any]


def resolve(open_session: OpenSession, wanted: CommitDecision, *, check_mode: bool) -> DecidedCommit:
    """Confirm a commit or take it back; raises :class:`RouterError` where that cannot be."""
    if wanted.state == "confirmed":
        return _confirm(open_session, wanted, check_mode=check_mode)
    return _take_back(open_session, wanted, check_mode=check_mode)


def _find(session: Session, history: Sequence[Commit], token: str) -> int:
    place = position(history, token)
    if place is None:
        raise RouterError(f"no commit with token {token} is in the history of router {session.connection}")
    return place


def _confirm(open_session: OpenSession, wanted: CommitDecision, *, check_mode: bool) -> DecidedCommit:
    with open_session() as session:
        history = read_history(session)
        place = _find(session, history, wanted.token)
        gone = was_taken_back(session, history, place) or _taken_back_by_us(history, place)
    decided = DecidedCommit(asdict(history[place]), changed=history[place].pending is not False)
    decided.commit["pending"] = decided.changed
    decided.add(session)
    if gone:
        raise RouterError(
            f"the commit {wanted.token} on router {session.connection} cannot be confirmed:"
            f" it was taken back, {history[place - 1].time}"
        )
    if decided.changed and not check_mode:
        try:
            confirm(open_session, wanted.token, wanted.checks, wanted.lock_timeout, decided.add)
        except UnconfirmedError as error:
            if error.changed:
                deadline = f"the router takes it back ({history[place].comment}, since {history[place].time})"
                raise UnconfirmedError(f"{error}; {deadline}", changed=False) from None
            raise
        decided.commit["pending"] = False
    return decided


def _taken_back_by_us(history: Sequence[Commit], place: int) -> bool:
    newer = newer_than(history, place)
    return bool(newer) and newer[-1].log.startswith(f"{_TAKES_BACK}{token_of(history[place])} ")


def _take_back(open_session: OpenSession, wanted: CommitDecision, *, check_mode: bool) -> DecidedCommit:
    token = new_token(call_of(wanted))
    log = f"{_TAKES_BACK}{wanted.token} [{token}]"
    lost: NoReplyError | None = None
    with open_session() as session:
        history = read_history(session)
        place = _find(session, history, wanted.token)
        decided = DecidedCommit(asdict(history[place]))
        decided.commit["pending"] = history[place].pending is not False
        if not was_taken_back(session, history, place) and not _taken_back_by_us(history, place):
            _refuse_buried(session, history, place, wanted.token)
            decided.changed = True
            if check_mode:
                decided.diff = preview(session, partial(session.load_rollback, place + 1))
            else:
                _load_what_was_before(session, wanted, history, decided, place)
                try:
                    session.commit(log)
                except NoReplyError as error:
                    lost = error
                    session.abandon()
                decided.note_commit(log, token)
                decided.commit["pending"] = False
    decided.add(session)
    if lost is not None:
        look_up(open_session, token, lost, decided)
    return decided


def _refuse_buried(session: Session, history: Sequence[Commit], place: int, token: str) -> None:
    newer = newer_than(history, place)
    if newer:
        raise RouterError(
            f"the commit {token} on router {session.connection} cannot be rolled back: {len(newer)} newer"
            f" commit{'s stand' if len(newer) > 1 else ' stands'} on it, the last by {newer[0].user} at {newer[0].time}"
        )


def _load_what_was_before(
    session: Session, wanted: CommitDecision, history: Sequence[Commit], decided: DecidedCommit, place: int
) -> None:
    """Fill the locked candidate with what was there before the commit at this place.

    No commit check is made: it would confirm the commit that is to go.
    """
    session.lock(wanted.lock_timeout)
    now = session.commits()
    if [_entry(one) for one in now] != [_entry(one) for one in history]:
        raise RouterError(f"somebody has committed on router {session.connection} just now; run the task again")
    refuse_foreign_edits(session)
    session.load_rollback(place + 1)
    decided.diff = session.difference()


def _entry(commit: Commit) -> tuple[str, str, str, str]:
    return commit.user, commit.client, commit.time, commit.log
