# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conversation that carries a plan to a router: read without a lock, and only then lock, load, compare,
commit.

Where nothing is to change, two reads are all that is sent. Where something is, one load and one commit take
everything.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import Plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import (
    NoReplyError,
    RouterError,
    Session,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.statement import Statement

OpenSession = Callable[[], AbstractContextManager[Session]]


class Wanted(Protocol):
    """What a task asks for, whatever it is about: which sections of the configuration it must see, and what it
    makes of them."""

    @property
    def read_sections(self) -> tuple[str, ...]:
        """The sections to read."""

    def plan(self, own: Statement, effective: Statement | None) -> Plan:
        """Return what turns the configuration into what is wanted."""

    def gather(self, own: Statement) -> dict[str, Any]:
        """Return what the configuration holds in the shape of a task's input."""


LOOKUP_TRIES = 6
LOOKUP_SECONDS = 5.0
"""How often, and how far apart, the commit history is searched for a commit whose reply never came."""


class LostCommitError(RouterError):
    """A commit was sent, its reply never came, and the history does not tell what became of it."""


class UnconfirmedError(RouterError):
    """A confirmed commit was made and could not be confirmed; the router takes it back when its time is
    over."""


@dataclass(frozen=True)
class CommitOrder:
    """How to commit. ``confirmed`` is in minutes; ``lock_timeout`` in seconds."""

    comment: str = "opencontrail.service_chain.vmx_vrf"
    check_only: bool = False
    confirmed: int | None = None
    synchronize: bool = False
    lock_timeout: float = 30.0


@dataclass
class Outcome:
    """What came of a request; ``diff`` is the router's own comparison, None where it was not asked for
    one."""

    planned: Plan
    changed: bool = False
    diff: str | None = None
    commits: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rpcs: list[str] = field(default_factory=list)

    def add(self, session: Session) -> None:
        """Take over what a session that has ended leaves."""
        self.rpcs += session.rpcs
        self.warnings += [one for one in session.warnings if one not in self.warnings]


def read_configurations(session: Session, request: Wanted) -> tuple[Statement, Statement]:
    """Return the committed configuration as it is written, and with its groups applied."""
    own = session.read_configuration(request.read_sections)
    return own, session.read_configuration(request.read_sections, inherited=True)


def gathered(open_session: OpenSession, request: Wanted) -> tuple[dict[str, Any], list[str]]:
    """Return what a router has in the shape of a task's input, and the requests that took."""
    with open_session() as session:
        own = session.read_configuration(request.read_sections)
    return request.gather(own), session.rpcs


def converge(open_session: OpenSession, request: Wanted, order: CommitOrder, *, check_mode: bool) -> Outcome:
    """Make the router what the request wants.

    In check mode (of Ansible) nothing is locked and nothing checked by the router; a private copy shows the
    difference where the router gives one.
    """
    token = uuid.uuid4().hex[:12]
    log = f"{order.comment} [{token}]"
    lost: NoReplyError | None = None
    with open_session() as session:
        own, effective = read_configurations(session, request)
        outcome = Outcome(request.plan(own, effective))
        if outcome.planned.changes is not None and check_mode:
            outcome.changed = True
            outcome.diff = preview(session, outcome.planned.changes)
        elif outcome.planned.changes is not None:
            prepare(session, request, order, own, outcome)
            if outcome.changed and not order.check_only:
                try:
                    session.commit(log, confirmed=order.confirmed, synchronize=order.synchronize)
                except NoReplyError as error:
                    lost = error
                    session.abandon()
    outcome.add(session)
    if not outcome.changed or check_mode or order.check_only:
        return outcome
    if lost is not None:
        look_up(open_session, token, lost, outcome)
    elif order.confirmed is not None:
        confirm(open_session, token, order.confirmed, outcome)
    outcome.commits.append({"log": log, "token": token, "confirmed": order.confirmed is not None})
    return outcome


def preview(session: Session, changes: Statement) -> str | None:
    """Return the router's comparison from a private copy; None where it gives none, such as beside others'
    edits."""
    try:
        session.open_private()
    except RouterError:
        return None
    session.load(changes)
    return session.difference()


def prepare(session: Session, request: Wanted, order: CommitOrder, own: Statement, outcome: Outcome) -> None:
    """Lock, load, compare and check; leaves ``outcome.changed`` true where something is left to commit.

    What was committed between the first read and the lock is planned for anew.
    """
    session.lock(order.lock_timeout)
    refuse_pending(session)
    now = session.read_configuration(request.read_sections)
    if now != own:
        outcome.planned = request.plan(now, session.read_configuration(request.read_sections, inherited=True))
    if outcome.planned.changes is None:
        return
    if session.difference():
        raise RouterError(
            f"uncommitted changes lie in the candidate configuration of router {session.connection};"
            " whose they are"
            " must commit them or roll them back"
        )
    session.load(outcome.planned.changes)
    outcome.diff = session.difference()
    outcome.changed = bool(outcome.diff)
    if outcome.changed:
        session.check()


def refuse_pending(session: Session) -> None:
    """Raise while a confirmed commit waits: any commit, and even a commit check, would confirm it."""
    pending = next((one for one in session.commits() if one.pending), None)
    if pending is not None:
        raise RouterError(
            f"a confirmed commit of user {pending.user} is pending on router {session.connection}"
            f" since {pending.time}"
            f" ({pending.comment}; {pending.log or 'no log text'}); confirm it or wait until it is"
            " rolled back"
        )


def look_up(
    open_session: OpenSession,
    token: str,
    lost: NoReplyError,
    outcome: Outcome,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Search the history for a commit whose reply never came, in a new session; raises
    :class:`LostCommitError`."""
    for attempt in range(LOOKUP_TRIES):
        if attempt:
            sleep(LOOKUP_SECONDS)
        try:
            with open_session() as session:
                found = any(token in one.log for one in session.commits())
        except RouterError:
            continue
        outcome.add(session)
        if found:
            outcome.warnings.append(f"{lost}; the commit history shows that it went through")
            return
    raise LostCommitError(
        f"{lost}; no commit with {token} in its log was found afterwards, it may still come: see show system commit"
    )


def confirm(open_session: OpenSession, token: str, minutes: int, outcome: Outcome) -> None:
    """Confirm our confirmed commit from a new session, which proves that the router can still be reached.

    The confirmation is a commit check: it makes no entry of its own and activates nobody else's edits.
    """
    deadline = f"the router takes the change back within {minutes} minutes"
    try:
        with open_session() as session:
            if any(one.pending and token in one.log for one in session.commits()):
                session.check()
            still = any(one.pending for one in session.commits())
    except RouterError as error:
        raise UnconfirmedError(f"{error}; {deadline}") from None
    outcome.add(session)
    if still:
        raise UnconfirmedError(f"the commit on router {session.connection} is still unconfirmed; {deadline}")
