# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Confirmed commits: whose is pending, what became of ours, and how it is confirmed.

Every commit of this collection carries a token at the end of its log text, ``[3f1c0a9b-8d7e1f00]``. The first half says
which call made it, so that a second run of the same call knows its own commit; the second half is random.

Whether a confirmed commit still waits is marked in the history of newer releases only. Older ones keep the comment
``commit confirmed, rollback in 5mins`` whether or not it was confirmed by a commit check. So ours are confirmed by a
commit, which makes an entry of its own, and nothing is taken for confirmed because a mark is absent.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from ..replies.operational import Commit, confirm_minutes
from ..session.session import LOCK_RETRY_SECONDS, LOCKED, DirtyError, NoReplyError, RouterError, Session, tries_within
from .checks import Checks, failures
from .journal import CommitNote

OpenSession = Callable[[], AbstractContextManager[Session]]

_TOKEN = re.compile(r"\[([0-9a-f]{8}-[0-9a-f]{8})\]$")
_CONFIRMS = "confirmation of "
_AUTOMATIC = re.compile(r"automatic rollback|(?:not |un)confirmed", re.IGNORECASE)
"""What the router's own remark says of an entry that a confirmed commit has left which ran out, if it says anything."""

ROLLED_BACK_BY = ("root", "other")
"""User and client of the entry that the router itself makes when a confirmed commit runs out."""

ROLLBACK_EARLY = dt.timedelta(seconds=5)
ROLLBACK_LATE = dt.timedelta(minutes=10)
"""How long before and after its time a rollback may be entered: 35 s late was seen, and a busy one is slower."""

SETTLED_AFTER = dt.timedelta(minutes=2)
"""So long after its time a confirmed commit that is still the newest was confirmed; else it would be rolled back."""

CONFIRM_TRIES = 2
"""How many sessions try to confirm; the second one learns what became of a confirmation without a reply."""


class UnconfirmedError(RouterError):
    """A commit was made, and the router takes it back, or did so.

    ``changed`` says whether it is in effect now; ``commits`` is what a result says of it.
    """

    def __init__(self, message: str, *, changed: bool = True) -> None:
        super().__init__(message)
        self.changed = changed
        self.commits: list[CommitNote] = []


def call_of(request: object) -> str:
    """Return the half of the token that is the same for the same request (any value whose ``repr`` says it all)."""
    return hashlib.sha256(repr(request).encode()).hexdigest()[:8]


def new_token(call: str) -> str:
    """Return the token of a new commit of this call."""
    return f"{call}-{uuid.uuid4().hex[:8]}"


def token_of(commit: Commit) -> str | None:
    """Return the token in the log text of a commit, None where this collection did not make it."""
    found = _TOKEN.search(commit.log)
    return found.group(1) if found else None


def pending_of(history: Sequence[Commit]) -> Commit | None:
    """Return the confirmed commit that waits for its confirmation, or may do so."""
    return next((one for one in history if one.pending is not False), None)


def is_of_call(commit: Commit, call: str) -> bool:
    """Return whether this very call made the commit, in an earlier run."""
    return (token_of(commit) or "").startswith(f"{call}-")


def read_history(session: Session) -> list[Commit]:
    """Return the commit history, newest first.

    Where it does not say whether its newest commit was confirmed, the router's clock is asked: long after its time a
    commit that was not confirmed would have been taken back.
    """
    history = session.commits()
    newest = history[0] if history else None
    if newest is None or newest.pending is not None:
        return history
    made, now = _moment(newest.time), _moment(session.clock())
    minutes = confirm_minutes(newest) or 0
    if made is None or now is None or now <= made + dt.timedelta(minutes=minutes) + SETTLED_AFTER:
        return history
    return [replace(newest, pending=False), *history[1:]]


def _moment(text: str) -> dt.datetime | None:
    """Return a time as routers print it, without its zone, which is the same for all times of a router."""
    try:
        return dt.datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None


def pending_error(session: Session, pending: Commit, *, why: str = "") -> RouterError:
    """Return the refusal of any change while a confirmed commit waits: a commit, and even a check, confirms it."""
    token = token_of(pending)
    cure = (
        f"confirm it or roll it back with vmx_commit and token {token}, or wait until it is rolled back"
        if token
        else "confirm it or wait until it is rolled back"
    )
    state = "is" if pending.pending else "may be"
    unknown = "" if pending.pending else ", and its history does not say whether it was confirmed"
    return RouterError(
        f"a confirmed commit of user {pending.user} {state} pending on router {session.connection} since {pending.time}"
        f" ({pending.comment}; {pending.log or 'no log text'}){unknown}{why}; {cure}"
    )


def await_turn(session: Session, call: str, timeout: float) -> list[Commit]:
    """Return the commit history, in which nothing is pending but what this call itself has left.

    Another run of this collection confirms within seconds, so that is waited for, ``timeout`` seconds at most;
    somebody else's confirmed commit raises :class:`RouterError` at once.
    """
    tries = tries_within(timeout)
    for attempt in range(tries):
        history = read_history(session)
        pending = pending_of(history)
        if pending is None or is_of_call(pending, call):
            return history
        if token_of(pending) is None or attempt == tries - 1:
            raise pending_error(session, pending)
        session.sleep(LOCK_RETRY_SECONDS)
    raise AssertionError("unreachable: the last try returns or raises")


def lock_in_turn(session: Session, timeout: float) -> list[Commit]:
    """Take the lock at a time when no confirmed commit is pending, and return the commit history.

    The lock is not held while another run confirms, for a held lock refuses the confirmation.
    """
    tries = tries_within(timeout)
    for attempt in range(tries):
        session.lock(max(0.0, timeout - attempt * LOCK_RETRY_SECONDS))
        history = read_history(session)
        pending = pending_of(history)
        if pending is None:
            return history
        if token_of(pending) is None or attempt == tries - 1:
            raise pending_error(session, pending)
        session.unlock()
        session.sleep(LOCK_RETRY_SECONDS)
    raise AssertionError("unreachable: the last try returns or raises")


def position(history: Sequence[Commit], token: str) -> int | None:
    """Return the place of a commit in the history, 0 for the newest; None where it is not there."""
    return next((place for place, one in enumerate(history) if token_of(one) == token), None)


def newer_than(history: Sequence[Commit], place: int) -> list[Commit]:
    """Return the commits that stand on the one at this place, its own confirmation left out, newest first."""
    confirmation = f"{_CONFIRMS}{token_of(history[place])}"
    return [one for one in history[:place] if one.log != confirmation]


def was_taken_back(session: Session, history: Sequence[Commit], place: int, *, confirmed: bool = False) -> bool:
    """Return whether the router took the confirmed commit at this place back.

    Its own entry then follows directly, because any other commit would have confirmed it. That entry has no log text
    and is made by the router itself, at the time when the commit ran out; at another time the configurations decide.
    ``confirmed`` says that the commit is known to be a confirmed one, even if the history has no comment about it.
    """
    if not place:
        return False
    commit, after = history[place], history[place - 1]
    minutes = confirm_minutes(commit)
    if (minutes is None and not confirmed) or confirm_minutes(after) is not None:
        return False
    if _AUTOMATIC.search(after.comment):
        return True
    if (after.user, after.client) != ROLLED_BACK_BY or after.log:
        return False
    made, entered = _moment(commit.time), _moment(after.time)
    if made is not None and entered is not None and minutes is not None:
        due = made + dt.timedelta(minutes=minutes)
        if due - ROLLBACK_EARLY <= entered <= due + ROLLBACK_LATE:
            return True
    return session.are_equal(place - 1, place + 1) is not False


def confirm(
    open_session: OpenSession, token: str, checks: Checks, lock_timeout: float, note: Callable[[Session], None]
) -> None:
    """Confirm a confirmed commit from a new session, which proves that the router can still be reached.

    The confirmation is a commit under the lock, which activates nobody else's edits and leaves an entry in the history;
    where such edits lie in the candidate it is a commit check. ``note`` is given each session that was used. Raises
    :class:`UnconfirmedError` where the commit stays pending, for the checks or for another reason, or was taken back.
    """
    for attempt in range(CONFIRM_TRIES):
        try:
            with open_session() as session:
                try:
                    _confirm_in(session, token, checks, lock_timeout)
                finally:
                    note(session)
        except UnconfirmedError:
            raise
        except RouterError as error:
            if attempt == CONFIRM_TRIES - 1:
                raise UnconfirmedError(f"{error}; the commit {token} may still be unconfirmed") from None
        else:
            return


def _confirm_in(session: Session, token: str, checks: Checks, lock_timeout: float) -> None:
    history = session.commits()
    place = position(history, token)
    if place == 0 or (place is not None and history[place].pending):
        found = failures(session, checks)
        if found:
            raise UnconfirmedError(
                f"the commit {token} on router {session.connection} is left unconfirmed: {'; '.join(found)}"
            )
        _send_confirmation(session, token, lock_timeout)
        history = session.commits()
        place = position(history, token)
    if place is None:
        raise UnconfirmedError(f"the commit {token} is not in the history of router {session.connection}")
    if history[place].pending:
        raise UnconfirmedError(f"the commit {token} on router {session.connection} is still unconfirmed")
    if was_taken_back(session, history, place, confirmed=True):
        raise UnconfirmedError(
            f"the commit {token} was not confirmed in time, and router {session.connection} has taken it back",
            changed=False,
        )


def _send_confirmation(session: Session, token: str, lock_timeout: float) -> None:
    """Commit what is committed, once more, unless a newer commit has done so before the lock was had."""
    try:
        session.lock(lock_timeout)
    except DirtyError:
        _check(session, lock_timeout)
        return
    if position(session.commits(), token) == 0:
        session.commit(f"{_CONFIRMS}{token}")
    session.unlock()


def _check(session: Session, lock_timeout: float) -> None:
    """Run a commit check, again while somebody else holds the lock for a moment."""
    tries = tries_within(lock_timeout)
    for attempt in range(tries):
        try:
            session.check()
        except RouterError as error:
            if isinstance(error, NoReplyError) or not LOCKED.search(str(error)) or attempt == tries - 1:
                raise
            session.sleep(LOCK_RETRY_SECONDS)
        else:
            return
