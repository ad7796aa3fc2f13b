# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A NETCONF session with a router, over PyEZ: one method for each exchange, every failure one line.

Host keys are verified before anything secret is sent. A session that ends, in whatever way, first rolls back
what it loaded and gives back the lock that it took.
"""

from __future__ import annotations

import re
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, TypeAlias

from ..model.statement import Statement
from ..replies.operational import Commit, current_time, parse_commits
from . import netconf, xml
from .connection import Connection, DirtyError, LockedError, NoReplyError, RouterError
from .framing import MARK
from .xml import Element, element

try:
    from jnpr.junos.exception import (
        ConnectClosedError,
        RpcError,
        RpcTimeoutError,
    )
    from jnpr.junos.exception import PermissionError as RpcPermissionError
    from lxml.etree import LxmlError

    PYEZ_IMPORT_ERROR = None
except ImportError:
    PYEZ_IMPORT_ERROR = traceback.format_exc()

__all__ = ["Connection", "DirtyError", "LockedError", "NoReplyError", "RouterError", "Session", "open_session"]

LOCK_RETRY_SECONDS = 1.0
IN_FLIGHT = 16
"""Requests sent before their replies; it bounds what replies that came early take of the memory."""

CLOSE_SECONDS = 5
"""How long a session waits for the reply to its end; then it hangs up, which is an end as well."""

READ_CONFIGURATION = "read the configuration"

LOCKED = re.compile(r"locked by:?\s*(.*?)\s*(?:exclusive\b.*)?$")
"""What a router says while somebody else holds the configuration lock, with who that is."""

PROOF = "system"
"""The section that every router has which lets anybody log in.

A router with ``rfc-compliant`` leaves ``<configuration>`` out where it has nothing in it (Juniper's documents), others
do not; so an empty reply counts as an empty configuration only where this section can be read.
"""

NOT_MADE = re.compile(r"\bis protected\b|cannot be (?:changed|modified|deleted|renamed|moved)|was not (?:made|changed)")
"""What a router says in a warning where it leaves out a part of what is loaded, and takes the rest."""

PyezDevice: TypeAlias = Any

ReplyReader: TypeAlias = "Callable[[Element], dict[str, Any]]"
"""What makes plain data of an operational reply."""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def tries_within(seconds: float) -> int:
    """Return how often to try something that is tried again every :data:`LOCK_RETRY_SECONDS`, at least once."""
    return max(1, int(seconds / LOCK_RETRY_SECONDS) + 1)


@dataclass
class Session:
    """An open session. ``rpcs`` names what was sent, ``warnings`` collects what the router only remarked."""

    connection: Connection
    device: PyezDevice
    sleep: Callable[[float], None] = time.sleep
    rpcs: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _locked: bool = False
    _private: bool = False
    _loaded: bool = False

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back, give the lock back, close; what fails here is a warning, for the work itself is done or lost.

        A task that is out of time, or interrupted, hangs up: the router then discards what was not committed and frees
        the lock.
        """
        if error is not None and not isinstance(error, (Exception, SystemExit)):
            self.abandon()
            self._hang_up()
            return
        try:
            if isinstance(error, NoReplyError):
                self.abandon()
            self.release()
        except RouterError as failure:
            self.warnings.append(str(failure))
        finally:
            self._close()

    def release(self) -> None:
        """Undo what was not committed, then unlock.

        Where the candidate cannot be rolled back it must not be unlocked either: the end of a session that holds
        the lock does both, while unlocking alone would leave our edits to the next one who commits.
        """
        if self._loaded:
            self.discard()
        if self._private:
            self._private = False
            self.execute(element("close-configuration"), "close the private copy")
        if self._locked:
            self.unlock()

    def _close(self) -> None:
        self.device.timeout = CLOSE_SECONDS
        try:
            self.device.close()
        except Exception as error:  # the library raises anything on a dead transport
            self.warnings.append(f"closing the session with {self.connection}: {_one_line(str(error))}")
            self._hang_up()

    def _hang_up(self) -> None:
        """End the transport, which the library keeps open when the request to close got no reply."""
        transport = getattr(getattr(self.device, "_conn", None), "_session", None)
        if transport is not None:
            with suppress(Exception):
                transport.close()

    @property
    def is_over(self) -> bool:
        """Return whether the connection has ended, so that nothing can be asked any more."""
        return not getattr(getattr(self.device, "session", None), "connected", True)

    def abandon(self) -> None:
        """Leave everything to the end of the session: after a lost reply nothing more is to be said in it."""
        self._locked = self._private = self._loaded = False

    def source_address(self) -> str | None:
        """Return the address that this machine's end of the session has, None where it goes through a proxy command."""
        transport = getattr(getattr(self.device, "_conn", None), "_session", None)
        channel = getattr(getattr(transport, "transport", None), "sock", None)
        try:
            name = channel.getsockname() if channel is not None else None
        except (AttributeError, OSError):
            return None
        return str(name[0]) if isinstance(name, tuple) else None

    # --- exchanges ---

    def execute(self, rpc: Element, attempt: str) -> Element | None:
        """Send one request and return the reply's content, None where it is empty; ``attempt`` says what it is for.

        Raises :class:`NoReplyError` where nothing tells whether the request was carried out, and
        :class:`RouterError` where the router refused it.
        """
        self.rpcs.append(str(rpc.tag))
        failed = f"cannot {attempt} on router {self.connection}"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the library warns of errors that it does not know, and raises them
                reply = self.device.execute(rpc)
        except RpcTimeoutError:
            raise NoReplyError(f"{failed}: no reply within {self.connection.timeout} s") from None
        except ConnectClosedError:
            raise NoReplyError(f"{failed}: {self._fault() or 'the router closed the connection'}") from None
        except RpcPermissionError as error:
            raise RouterError(
                f"{failed}: user {self.connection.user} lacks the permission ({_one_line(error.message or '')})"
            ) from None
        except RpcError as error:
            self._judge(_complaints_of(error), failed)
            return self._read(xml.content(error.rsp) if error.rsp is not None else None)
        except LxmlError as error:
            raise NoReplyError(f"{failed}: the reply is no XML: {_one_line(str(error))}") from None
        except Exception as error:  # what the libraries let through from sockets
            raise NoReplyError(f"{failed}: {type(error).__name__}: {_one_line(str(error))}") from None
        return self._read(None if reply is True or reply is None else reply)

    def execute_all(self, requests: Iterable[tuple[Element, str]]) -> Iterator[Element | RouterError | None]:
        """Send requests one upon the other, :data:`IN_FLIGHT` at most before their replies, which come in their order.

        Each request is given with what it is for. Yields for each what :meth:`execute` returns, or the error of what
        the router refused, which costs the others nothing. Raises :class:`NoReplyError`: no later reply comes then.
        """
        under_way: deque[tuple[Element, str]] = deque()
        for rpc, attempt in requests:
            if len(under_way) == IN_FLIGHT:
                yield self._outcome(*under_way.popleft())
            self.device.send_ahead(rpc)
            under_way.append((rpc, attempt))
        while under_way:
            yield self._outcome(*under_way.popleft())

    def _outcome(self, rpc: Element, attempt: str) -> Element | RouterError | None:
        try:
            return self.execute(rpc, attempt)
        except NoReplyError:
            raise
        except RouterError as error:
            return error

    def _fault(self) -> str | None:
        """Return what ended the session, where the library does not tell."""
        return getattr(getattr(self.device, "session", None), "fault", None)

    def _read(self, reply: Element | None) -> Element | None:
        """Return a reply; warn of what in it was no text, and where."""
        session = getattr(self.device, "session", None)
        if getattr(session, "marked", False) and session is not None:
            session.marked = False
            places = xml.marked_places(reply) if reply is not None else []
            warning = (
                f"router {self.connection} sent what is no text (not UTF-8, or control characters), which is read as"
                f" {MARK}: {'; '.join(places) or 'in no statement'}"
            )
            self.warnings += [warning] if warning not in self.warnings else []
        return reply

    def _change(self, rpc: Element, attempt: str) -> None:
        """Send a request whose success is silence, and look into the reply for what client libraries overlook."""
        reply = self.execute(rpc, attempt)
        if reply is not None:
            self._judge(xml.complaints(reply), f"cannot {attempt} on router {self.connection}")

    def _judge(self, complaints: Sequence[tuple[str, str]], failed: str) -> None:
        errors = [_one_line(message) for severity, message in complaints if severity != "warning"]
        if errors:
            raise RouterError(f"{failed}: {'; '.join(dict.fromkeys(errors))}")
        remarks = dict.fromkeys(_one_line(message) for _severity, message in complaints)
        self.warnings += [one for one in remarks if one not in self.warnings]

    def read_configuration(self, sections: Sequence[str], *, inherited: bool = False) -> Statement:
        """Return sections of the committed configuration, as written or (``inherited``) with groups applied.

        What a group gives carries the attribute ``group`` with its name. Raises :class:`RouterError` for a reply that
        holds no configuration.
        """
        (found,) = self._configurations(sections, inherited)
        return found

    def read_configurations(self, sections: Sequence[str]) -> tuple[Statement, Statement]:
        """Return sections of the committed configuration as written and with groups applied; see above."""
        own, effective = self._configurations(sections, False, True)
        return own, effective

    def _configurations(self, sections: Sequence[str], *inherited: bool) -> list[Statement]:
        requests = [(_configuration_request(sections, inherited=one), READ_CONFIGURATION) for one in inherited]
        found = [self._statement(reply) for reply in list(self.execute_all(requests))]
        proof = _configuration_request((PROOF,), inherited=True)
        if None in found and self._statement(self.execute(proof, READ_CONFIGURATION)) is None:
            raise RouterError(
                f"cannot read the configuration on router {self.connection}: the reply holds no configuration, so"
                " nothing can be said of what is there; run the task again"
            )
        return [one if one is not None else Statement("configuration") for one in found]

    def _statement(self, reply: Element | RouterError | None) -> Statement | None:
        """Return a configuration, None where it is empty; raise for another answer."""
        if isinstance(reply, RouterError):
            raise reply
        found = xml.to_statement(reply) if reply is not None else None
        if found is not None and found.tag != "configuration":
            raise RouterError(
                f"cannot read the configuration on router {self.connection}: the reply holds {found.tag} in its place"
            )
        return found

    def ask(self, rpc: Element, attempt: str, read: ReplyReader = xml.to_data) -> dict[str, Any]:
        """Send an operational request and return the reply as plain data, empty where there is none."""
        reply = self.execute(rpc, attempt)
        return read(reply) if reply is not None else {}

    def ask_all(
        self, requests: Sequence[tuple[Element, str]], read: ReplyReader = xml.to_data
    ) -> Iterator[dict[str, Any]]:
        """Send operational requests, each with what it is for, and yield the replies as plain data.

        Raises the first error only when all that are under way have been answered, so that the session stays usable.
        """
        refused: RouterError | None = None
        for reply in self.execute_all(requests):
            if isinstance(reply, RouterError):
                refused = refused or reply
            elif refused is None:
                yield read(reply) if reply is not None else {}
        if refused is not None:
            raise refused

    def commits(self) -> list[Commit]:
        """Return the commit history, newest first. A router that can be asked has at least the commit that let it."""
        found = parse_commits(self.ask(element("get-commit-information"), "read the commit history"))
        if not found:
            raise RouterError(
                f"cannot read the commit history on router {self.connection}: the reply has no entry, which"
                " does not tell whether a confirmed commit is pending"
            )
        return found

    def clock(self) -> str:
        """Return the router's own time, such as ``2026-01-31 12:00:00 UTC``; empty where it does not tell."""
        try:
            reply = self.ask(element("get-system-uptime-information"), "read the clock")
        except NoReplyError:
            raise
        except RouterError:
            return ""
        return current_time(reply)

    def are_equal(self, one: int, other: int) -> bool | None:
        """Return whether two configurations of the history (0: the newest) are the same, None where it is not told."""
        request = element(
            "get-rollback-information", element("rollback", text=str(one)), element("compare", text=str(other))
        )
        try:
            reply = self.execute(request, f"compare rollback {one} with {other}")
        except NoReplyError:
            raise
        except RouterError:
            return None
        found = reply.find(".//configuration-output") if reply is not None else None
        return not (found.text or "").strip() if found is not None else None

    def lock(self, timeout: float) -> None:
        """Take the exclusive lock, trying for ``timeout`` seconds while somebody else holds it.

        Raises :class:`LockedError` with the holder, and at once :class:`DirtyError` where uncommitted
        changes lie in the candidate: they are somebody's work.
        """
        failed = f"cannot lock the configuration of router {self.connection}"
        tries = tries_within(timeout)
        for attempt in range(tries):
            try:
                self._change(element("lock-configuration"), "lock the configuration")
            except RouterError as error:
                holder = LOCKED.search(str(error))
                if re.search(r"database modified", str(error)):
                    raise DirtyError(
                        f"{failed}: uncommitted changes lie in the candidate configuration;"
                        " whose they are must commit them or roll them back"
                    ) from None
                if holder is None:
                    raise
                if attempt == tries - 1:
                    raise LockedError(
                        f"{failed}: locked by {holder.group(1)}; tried for {timeout:g} s (lock_timeout)"
                    ) from None
                self.sleep(LOCK_RETRY_SECONDS)
            else:
                self._locked = True
                return

    def unlock(self) -> None:
        """Give the exclusive lock back; what is still in the candidate stays there."""
        self._locked = False
        self._change(element("unlock-configuration"), "unlock the configuration")

    def open_private(self) -> None:
        """Open a private copy of the configuration, to be thrown away with the session."""
        self._change(element("open-configuration", element("private")), "open a private copy of the configuration")
        self._private = True
        self.warnings = [one for one in self.warnings if "discarded on exit" not in one]

    def load(self, changes: Statement) -> None:
        """Merge a document of edits into the candidate."""
        self._loaded = True
        load = element("load-configuration", xml.to_element(changes), format="xml", action="merge")
        self._change(load, "load the changes")
        undone = [one for one in self.warnings if NOT_MADE.search(one)]
        if undone:
            raise RouterError(
                f"cannot load the changes on router {self.connection}: {'; '.join(undone)}. A part of the change was"
                " not made, so nothing is committed"
            )

    def load_rollback(self, number: int) -> None:
        """Fill the candidate with an earlier configuration: 0 is what is committed, 1 what was before it."""
        self._loaded = True
        request = element("load-configuration", compare="rollback", rollback=str(number))
        self._change(request, f"load rollback {number}")

    def difference(self) -> str:
        """Return ``show | compare`` of the candidate, empty where it equals what is committed."""
        request = element("get-configuration", compare="rollback", rollback="0", format="text")
        reply = self.execute(request, "compare the candidate")
        text = reply.findtext(".//configuration-output") if reply is not None else None
        if text is None:
            raise RouterError(
                f"cannot compare the candidate on router {self.connection}: the reply holds no comparison"
            )
        return text.strip("\n")

    def check(self) -> None:
        """Have the router check the candidate; this also confirms a confirmed commit that is pending."""
        self._change(element("commit-configuration", element("check")), "check the changes (commit check)")

    def commit(self, log: str, *, confirmed: int | None = None, synchronize: bool = False, full: bool = False) -> None:
        """Commit the candidate.

        ``confirmed`` is the number of minutes until the router takes it back by itself, ``synchronize`` commits on
        both routing engines, ``full`` has every daemon evaluate the whole configuration.
        """
        parts = [element("log", text=log)]
        if confirmed is not None:
            parts += [element("confirmed"), element("confirm-timeout", text=str(confirmed))]
        parts += [element(name) for name, wanted in (("synchronize", synchronize), ("full", full)) if wanted]
        self._change(element("commit-configuration", *parts), "commit the changes")
        self._loaded = False

    def discard(self) -> None:
        """Roll the candidate back to what is committed."""
        self._loaded = False
        self._change(element("load-configuration", compare="rollback", rollback="0"), "roll back the candidate")


def _configuration_request(sections: Sequence[str], *, inherited: bool) -> Element:
    return element(
        "get-configuration",
        element("configuration", *(element(section) for section in sections)),
        database="committed",
        **({"inherit": "inherit", "groups": "groups"} if inherited else {}),
    )


def _complaints_of(error: Any) -> list[tuple[str, str]]:
    """Return severity and message of everything that PyEZ found in a reply."""
    found = [
        (str(one.get("severity") or "error").strip(), _with_place(one))
        for one in (error.errs if isinstance(error.errs, list) else [])
        if one.get("message")
    ]
    return found or [("error", _one_line(str(error.message or error)))]


def _with_place(complaint: dict[str, Any]) -> str:
    message = _one_line(str(complaint["message"]))
    place = " ".join(str(complaint[key]).strip() for key in ("edit_path", "bad_element") if complaint.get(key))
    return f"{place}: {message}" if place and complaint.get("severity") != "warning" else message


@contextmanager
def open_session(
    connection: Connection, opener: Callable[[Connection], PyezDevice] = netconf.open_device
) -> Iterator[Session]:
    """Open a session for the time of a with statement."""
    with Session(connection, opener(connection)) as session:
        yield session
