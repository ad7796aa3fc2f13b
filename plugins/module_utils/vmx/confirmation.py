# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Confirmed commits: whose is pending, what became of ours, and how it is confirmed.

Every commit of this collection carries a token at the end of its log text, ``[3f1c0a9b-8d7e1f00]``. The first half says
which call made it, so that a second run of the same call knows its own commit; the second half is random.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.checks import Checks, failures
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.operational import Commit
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import (
    LOCK_RETRY_SECONDS,
    LOCKED,
    NoReplyError,
    RouterError,
    Session,
    tries_within,
)

OpenSession = Callable[[], AbstractContextManager[Session]]

_TOKEN = re.compile(r"\[([0-9a-f]{8}-[0-9a-f]{8})\]$")
ROLLED_BACK_BY = ("root", "other")
"""User and client of the entry that the router itself makes when a confirmed commit runs out."""

CONFIRM_TRIES = 2
"""How many sessions try to confirm; the second one learns what became of a confirmation without a reply."""


class UnconfirmedError(RouterError):
    """A commit was made, and the router takes it back, or did so.

    ``changed`` says whether it is in effect now; ``commits`` is what a result says of it.
    """

    def __init__(self, message: str, *, changed: bool = True) -> None:
        super().__init__(message)
        self.changed = changed
        self.commits: list[dict[str, Any]] = []


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
    """Return the confirmed commit that waits for its confirmation."""
    return next((one for one in history if one.pending), None)


def is_of_call(commit: Commit, call: str) -> bool:
    """Whether this very call made the commit, in an earlier run."""
    return (token_of(commit) or "").startswith(f"{call}-")


def pending_error(session: Session, pending: Commit, *, why: str = "") -> RouterError:
    """Return the refusal of any change while a confirmed commit waits: a commit, and even a check, confirms it."""
    token = token_of(pending)
    cure = (
        f"confirm it or roll it back with vmx_commit and token {token}, or wait until it is rolled back"
        if token
        else "confirm it or wait until it is rolled back"
    )
    return RouterError(
        f"a confirmed commit of user {pending.user} is pending on router {session.connection} since {pending.time}"
        f" ({pending.comment}; {pending.log or 'no log text'}){why}; {cure}"
    )


def await_turn(session: Session, call: str, timeout: float) -> list[Commit]:
    """Return the commit history, in which nothing is pending but what this call itself has left.

    Another run of this collection confirms within seconds, so that is waited for, ``timeout`` seconds at most;
    somebody else's confirmed commit raises :class:`RouterError` at once.
    """
    tries = tries_within(timeout)
    for attempt in range(tries):
        history = session.commits()
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
        session.lock(timeout)
        history = session.commits()
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


def was_taken_back(history: Sequence[Commit], place: int) -> bool:
    """Whether the router took the confirmed commit at this place back.

    Its own entry then follows directly, because any other commit would have confirmed it.
    """
    after = history[place - 1] if place else None
    return after is not None and (after.user, after.client) == ROLLED_BACK_BY


def confirm(
    open_session: OpenSession, token: str, checks: Checks, lock_timeout: float, note: Callable[[Session], None]
) -> None:
    """Confirm a confirmed commit from a new session, which proves that the router can still be reached.

    The confirmation is a commit check: it makes no entry of its own and activates nobody else's edits. ``note`` is
    given each session that was used. Raises :class:`UnconfirmedError` where the commit stays pending, for the checks or
    for another reason, or was taken back.
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
    if place is not None and history[place].pending:
        found = failures(session, checks)
        if found:
            raise UnconfirmedError(
                f"the commit {token} on router {session.connection} is left unconfirmed: {'; '.join(found)}"
            )
        _check(session, lock_timeout)
        history = session.commits()
        place = position(history, token)
    if place is None:
        raise UnconfirmedError(f"the commit {token} is not in the history of router {session.connection}")
    if history[place].pending:
        raise UnconfirmedError(f"the commit {token} on router {session.connection} is still unconfirmed")
    if was_taken_back(history, place):
        raise UnconfirmedError(
            f"the commit {token} was not confirmed in time, and router {session.connection} has taken it back",
            changed=False,
        )


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
