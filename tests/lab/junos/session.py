# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One management session's view of the configuration databases: the shared candidate or a private copy."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.junos import tree
from lab.junos.checks import check
from lab.junos.compare import compare
from lab.junos.complaints import Complaint, RefusedError
from lab.junos.load import load

if TYPE_CHECKING:
    import datetime as dt

    from lxml import etree

    from lab.junos.router import Router

PRIVATE_OPENED = Complaint("uncommitted changes will be discarded on exit", severity="warning")


@dataclass
class PrivateCopy:
    """A private candidate and what it was made from."""

    base: etree._Element
    candidate: etree._Element


@dataclass(eq=False)
class Session:
    """A session of `user`; `session_id` is the process number that others see when it holds the lock."""

    router: Router
    session_id: int
    user: str
    since: dt.datetime = field(init=False)
    last_used: dt.datetime = field(init=False)
    private: PrivateCopy | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.since = self.last_used = self.router.clock()

    @property
    def candidate(self) -> etree._Element:
        """The candidate that this session works on."""
        return self.private.candidate if self.private else self.router.candidate

    def lock(self) -> None:
        """Take the exclusive lock. Raises RefusedError."""
        if self.private is not None:
            raise RefusedError(Complaint("private configuration database is open"))
        self.router.lock(self)

    def unlock(self) -> None:
        """Give the exclusive lock back. Raises RefusedError."""
        self.router.unlock(self)

    def open_private(self) -> None:
        """Open a private copy. Raises RefusedError while the lock is held or the shared candidate changed."""
        if self.router.locked_by is not None:
            raise RefusedError(self.router.denied())
        if self.private is not None:
            raise RefusedError(Complaint("private configuration database is already open"))
        if self.router.dirty:
            raise RefusedError(Complaint("shared configuration database modified"))
        committed = self.router.committed
        self.private = PrivateCopy(copy.deepcopy(committed), copy.deepcopy(committed))

    def close(self) -> None:
        """Close the database that was opened; private changes are lost."""
        self.private = None

    def load(self, document: etree._Element, action: str) -> list[Complaint]:
        """Load a plain document; the errors and warnings about it. Raises RefusedError when locked."""
        if self.private is None:
            self.router.admit(self)
            self.router.changed_at = self.router.clock()
        return load(self.candidate, document, action)

    def rollback(self, number: int) -> None:
        """Fill the candidate from the history. Raises RefusedError."""
        configuration = self.router.rollback(number)
        if self.private is not None:
            self.private = PrivateCopy(copy.deepcopy(self.router.committed), configuration)
            return
        self.router.admit(self)
        self.router.candidate = configuration
        self.router.changed_at = self.router.clock()

    def compare(self, number: int) -> str:
        """The candidate against the history in `show | compare` form. Raises RefusedError.

        A private copy is compared with what it was made from, whatever has been committed since.
        """
        if self.private is not None and number == 0:
            return compare(self.private.base, self.private.candidate)
        return compare(self.router.rollback(number), self.candidate)

    def check(self) -> None:
        """Check the candidate; that confirms a pending commit, too. Raises RefusedError with the faults."""
        if self.private is None:
            self.router.admit(self)
        self._refuse_faulty(self.candidate)
        self.router.confirm()

    def commit(self, *, log: str | None = None, confirm_seconds: float | None = None) -> bool:
        """Commit the candidate; False for a private copy without changes, of which nothing is made.

        Raises RefusedError with what is wrong; the candidate stays as it is then.
        """
        self.router.admit(self)
        if self.private is not None:
            return self._commit_private(log, confirm_seconds)
        self._refuse_faulty(self.router.candidate)
        self.router.commit(self.router.candidate, user=self.user, log=log, confirm_seconds=confirm_seconds)
        return True

    def _commit_private(self, log: str | None, confirm_seconds: float | None) -> bool:
        assert self.private is not None
        if confirm_seconds is not None:
            raise RefusedError(Complaint("commit confirmed is not allowed in a private configuration database"))
        if tree.equal(self.private.base, self.private.candidate):
            return False
        if self.router.dirty:
            raise RefusedError(Complaint("shared configuration database modified"))
        clashes = list(tree.conflicts(self.private.base, self.private.candidate, self.router.committed))
        if clashes:
            raise RefusedError(
                *(
                    Complaint(f"statement does not match patch; '{theirs}' != '{mine}'", path=tree.edit_path(path))
                    for path, theirs, mine in clashes
                ),
                Complaint("private edits conflict with what was committed since; use update to bring them together"),
            )
        merged = copy.deepcopy(self.router.committed)
        tree.merged_changes(self.private.base, self.private.candidate, merged)
        self._refuse_faulty(merged)
        self.router.commit(merged, user=self.user, log=log)
        self.router.discard()
        self.private = PrivateCopy(copy.deepcopy(merged), copy.deepcopy(merged))
        return True

    def _refuse_faulty(self, configuration: etree._Element) -> None:
        complaints = check(configuration)
        if complaints:
            raise RefusedError(*complaints)

    def end(self) -> None:
        """Leave: a private copy is dropped, and with the lock go the changes that were not committed."""
        self.close()
        if self.router.locked_by is self:
            self.router.discard()
            self.router.unlock(self)
