# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conversation that carries a plan to a router: read without a lock, and only then lock, load, compare, commit.

Where nothing is to change, three reads are all that is sent: the commit history, and the configuration without and with
its groups. Where something is, one load and one commit take everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from ..model.field import ConfigError
from ..model.statement import Statement
from ..plan.edit import RouterPlan
from ..replies.operational import Commit
from ..session.session import NoReplyError, RouterError, Session
from .checks import NO_CHECKS, Checks
from .confirmation import (
    OpenSession,
    UnconfirmedError,
    await_turn,
    call_of,
    confirm,
    lock_in_turn,
    new_token,
    pending_error,
    pending_of,
    position,
    token_of,
)
from .journal import Journal


class Wanted(Protocol):
    """The wish of a task: the sections of the configuration that it must see, and what it makes of them."""

    @property
    def state(self) -> str:
        """The state that the task asks for."""

    @property
    def read_sections(self) -> tuple[str, ...]:
        """The sections to read."""

    def plan(self, own: Statement, effective: Statement | None) -> RouterPlan:
        """Return what turns the configuration into what is wanted."""

    def gather(self, own: Statement, effective: Statement | None = None) -> Mapping[str, Any]:
        """Return what the configuration holds in the shape of a task's input."""

    def unmanaged(self, own: Statement, effective: Statement | None = None) -> Mapping[str, Any]:
        """Return, by its place, what no task can say of that, and what is deactivated."""


LOOKUP_WAITS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds to wait before each look for a commit whose reply never came."""

LOOKUP_SECONDS = 60.0
"""After so long no further look is begun: a router that does not answer now is not looked at for minutes."""


class LostCommitError(UnconfirmedError):
    """A commit was sent, its reply never came, and the router does not tell what became of it."""


@dataclass(frozen=True)
class CommitOrder:
    """The way to commit. ``confirmed`` is in minutes, ``lock_timeout`` in seconds.

    ``confirm`` says who confirms: ``here`` this call, after ``checks``; ``later`` another task, by the token.
    """

    comment: str = "opencontrail.service_chain.vmx_vrf"
    check_only: bool = False
    confirmed: int | None = None
    confirm: str = "here"
    checks: Checks = NO_CHECKS
    synchronize: bool = False
    full: bool = False
    lock_timeout: float = 30.0


@dataclass
class Outcome(Journal):
    """The outcome of a request, and what was planned for it."""

    planned: RouterPlan


def read_configurations(session: Session, request: Wanted) -> tuple[Statement, Statement]:
    """Return the committed configuration as it is written, and with its groups applied."""
    return session.read_configurations(request.read_sections)


def plan_in_turn(session: Session, request: Wanted, call: str, timeout: float) -> tuple[Sequence[Commit], RouterPlan]:
    """Return the commit history, and the plan from what is committed.

    There is no lock yet, so that a commit may fall between the two readings of the configuration. That they contradict
    each other is then no fault of the request: an error counts only when the history has stayed as it was.
    """
    history = await_turn(session, call, timeout)
    while True:
        try:
            return history, request.plan(*read_configurations(session, request))
        except ConfigError:
            read_before, history = history, await_turn(session, call, timeout)
            if history == read_before:
                raise


def gathered(
    open_session: OpenSession, request: Wanted, warn: Callable[[str], object] = lambda _warning: None
) -> tuple[dict[str, Any], list[str]]:
    """Return what a router has in the shape of a task's input, with what no task can say as ``unmanaged``, and the
    requests that took. ``warn`` is given what the router only remarked."""
    with open_session() as session:
        own, effective = read_configurations(session, request)
    for warning in session.warnings:
        warn(warning)
    return {**request.gather(own, effective), "unmanaged": request.unmanaged(own, effective)}, session.rpcs


def converge(open_session: OpenSession, request: Wanted, order: CommitOrder, *, check_mode: bool) -> Outcome:
    """Make the router what the request wants.

    In check mode (of Ansible) nothing is locked and nothing checked by the router; a private copy shows the
    difference where the router gives one. Raises :class:`RouterError`, as :class:`UnconfirmedError` where a commit was
    made that the router takes back.
    """
    call = call_of(request)
    token = new_token(call)
    log = f"{order.comment} [{token}]"
    lost: NoReplyError | None = None
    with open_session() as session:
        history, planned = plan_in_turn(session, request, call, order.lock_timeout)
        outcome = Outcome(planned)
        waiting = pending_of(history)
        if outcome.planned.changes is None:
            pass
        elif waiting is not None:
            raise pending_error(session, waiting, why=", and the configuration has changed since")
        elif check_mode:
            outcome.changed = True
            outcome.diff = preview(session, partial(session.load, outcome.planned.changes))
        elif prepare(session, request, order, history, outcome):
            try:
                session.commit(log, confirmed=order.confirmed, synchronize=order.synchronize, full=order.full)
            except NoReplyError as error:
                lost = error
                session.abandon()
            outcome.note_commit(log, token, pending=order.confirmed is not None)
    outcome.add(session)
    if waiting is not None:
        return resume(open_session, waiting, order, outcome, hands_off=check_mode or order.check_only)
    if lost is not None:
        look_up(open_session, token, lost, outcome)
    if outcome.commits and order.confirmed is not None and order.confirm == "here":
        finish(open_session, order, outcome, f"the router takes it back within {order.confirmed} minutes")
    return outcome


def resume(
    open_session: OpenSession, waiting: Commit, order: CommitOrder, outcome: Outcome, *, hands_off: bool
) -> Outcome:
    """Go on where an earlier run of the same call stopped: its commit is active and waits to be confirmed.

    That is reported as a change, for without the confirmation there is none.
    """
    outcome.changed = True
    outcome.note_commit(waiting.log, token_of(waiting) or "", pending=True)
    if hands_off or order.confirm == "later":
        outcome.warnings.append(
            f"the commit of an earlier run ({waiting.log}) is still pending, {waiting.comment} since {waiting.time}"
        )
    else:
        finish(open_session, order, outcome, f"the router takes it back ({waiting.comment}, since {waiting.time})")
    return outcome


def finish(open_session: OpenSession, order: CommitOrder, outcome: Outcome, deadline: str) -> None:
    """Confirm the commit of an outcome, see :func:`confirmation.confirm`; ``deadline`` says when it is taken back."""
    (commit,) = outcome.commits
    try:
        confirm(open_session, commit["token"], order.checks, order.lock_timeout, outcome.add)
    except UnconfirmedError as error:
        told = UnconfirmedError(f"{error}; {deadline}" if error.changed else str(error), changed=error.changed)
        told.commits = [{**commit, "pending": error.changed}]
        raise told from None
    outcome.note_commit(commit["log"], commit["token"], confirmed=True)


def preview(session: Session, load: Callable[[], object]) -> str | None:
    """Return the router's comparison after a load into a private copy.

    None where the router gives none, such as beside others' edits.
    """
    try:
        session.open_private()
    except RouterError:
        return None
    load()
    return session.difference()


def refuse_foreign_edits(session: Session) -> None:
    """Raise :class:`RouterError` where somebody has edited the candidate, which is locked, and not committed it."""
    if session.difference():
        raise RouterError(
            f"uncommitted changes lie in the candidate configuration of router {session.connection};"
            " whose they are must commit them or roll them back"
        )


def prepare(session: Session, request: Wanted, order: CommitOrder, history: Sequence[Commit], outcome: Outcome) -> bool:
    """Lock, load, compare and check; returns whether something is left to commit.

    What was committed between the first look at the ``history`` and the lock is planned for anew.
    """
    if lock_in_turn(session, order.lock_timeout) != history:
        outcome.planned = request.plan(*read_configurations(session, request))
    if outcome.planned.changes is None:
        return False
    refuse_foreign_edits(session)
    session.load(outcome.planned.changes)
    outcome.diff = session.difference()
    outcome.changed = bool(outcome.diff)
    if outcome.changed:
        session.check()
    return outcome.changed and not order.check_only


def look_up(
    open_session: OpenSession,
    token: str,
    lost: NoReplyError,
    outcome: Journal,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Find out, in new sessions, what became of a commit whose reply never came.

    It went through where the history has it. It did not where the history has not, although the lock that it was made
    under is free: then :class:`RouterError` says so. Where neither can be told, :class:`LostCommitError` is raised.
    """
    begun = time.monotonic()
    for wait in LOOKUP_WAITS:
        if time.monotonic() - begun > LOOKUP_SECONDS:
            break
        if wait:
            sleep(wait)
        try:
            with open_session() as session:
                found = position(session.commits(), token) is not None
                if not found:
                    session.lock(0)
                    found = position(session.commits(), token) is not None
        except RouterError:
            continue
        outcome.add(session)
        if not found:
            raise RouterError(f"{lost}; the commit was not carried out: it is not in the history, and the lock is free")
        outcome.warnings.append(f"{lost}; the commit history shows that it went through")
        return
    error = LostCommitError(
        f"{lost}; no commit with {token} in its log was found afterwards, it may still come: see show system commit"
    )
    error.commits = outcome.commits
    raise error
