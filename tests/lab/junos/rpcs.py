# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RPCs of a management session: names and arguments on one side, sessions and databases on the other."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lxml import etree

from lab.junos import replies, text, tree
from lab.junos.compare import compare
from lab.junos.complaints import Complaint, RefusedError, syntax_error
from lab.junos.elements import leaf, with_seconds
from lab.junos.groups import inherited, unmark
from lab.junos.json_form import from_json, to_json
from lab.junos.load import ACTIONS, load
from lab.junos.operational import NAMESPACES
from lab.junos.reading import from_commands, from_patch, from_text
from lab.junos.router import stamp
from lab.junos.selection import selected
from lab.junos.session import PRIVATE_OPENED

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence

    from lab.junos.router import Commit
    from lab.junos.session import Session

DEFAULT_CONFIRM_MINUTES = 10
ROLLBACKS = range(50)
HOLDERS = {
    "xml": "configuration",
    "text": "configuration-text",
    "set": "configuration-set",
    "json": "configuration-json",
    "patch": "configuration-patch",
}
"""The element that carries the configuration of each format."""


@dataclass
class Answer:
    """The body of a reply; `closes` says that the session ends behind it, `kills` which other one does."""

    body: str = ""
    closes: bool = False
    kills: str | None = None


@dataclass
class Operations:
    """What one session may ask for. `counters` counts locks and commits."""

    session: Session
    counters: MutableMapping[str, int]
    table: dict[str, Callable[[etree._Element], Answer]] = field(init=False)

    def __post_init__(self) -> None:
        self.table = {
            "lock-configuration": self._lock_configuration,
            "unlock-configuration": self._unlock_configuration,
            "lock": self._lock,
            "unlock": self._unlock,
            "open-configuration": self._open_configuration,
            "close-configuration": self._close_configuration,
            "load-configuration": self._load_configuration,
            "get-configuration": self._get_configuration,
            "get": self._get,
            "get-config": self._get_config,
            "edit-config": self._edit_config,
            "discard-changes": self._discard_changes,
            "validate": self._validate,
            "commit-configuration": self._commit_configuration,
            "commit": self._commit,
            "get-commit-information": self._get_commit_information,
            "get-commit-revision-information": self._get_commit_revision_information,
            "get-rollback-information": self._get_rollback_information,
            "close-session": self._close_session,
            "request-end-session": self._close_session,
            "kill-session": self._kill_session,
        }

    def answer(self, operation: etree._Element) -> Answer:
        """Carry out one operation, an element as it came, in whatever namespaces."""
        name = local(operation)
        try:
            if name in self.table:
                return self.table[name](operation)
            return self._operational(operation)
        except RefusedError as refused:
            return Answer(replies.rpc_errors(refused.complaints))
        finally:
            self.session.last_used = self.session.router.clock()

    def _operational(self, operation: etree._Element) -> Answer:
        router = self.session.router
        asked = tree.plain(operation)
        asked.text = (operation.text or "").strip() or None
        result = router.operational(router, asked)
        if result is None:
            raise RefusedError(syntax_error(local(operation)))
        return Answer(replies.fragment(result, router.version, NAMESPACES.get(str(result.tag))))

    # Locks and databases

    def _take_lock(self) -> None:
        self.session.lock()
        self.counters["locks"] = self.counters.get("locks", 0) + 1

    def _lock_configuration(self, _operation: etree._Element) -> Answer:
        self._take_lock()
        return Answer()

    def _unlock_configuration(self, _operation: etree._Element) -> Answer:
        self.session.unlock()
        return Answer()

    def _lock(self, operation: etree._Element) -> Answer:
        _candidate_only(operation, "target")
        self._take_lock()
        return Answer(replies.OK)

    def _unlock(self, operation: etree._Element) -> Answer:
        _candidate_only(operation, "target")
        self.session.unlock()
        return Answer(replies.OK)

    def _open_configuration(self, operation: etree._Element) -> Answer:
        kinds = [local(child) for child in operation]
        if kinds != ["private"]:
            raise RefusedError(syntax_error(kinds[0] if kinds else "open-configuration"))
        self.session.open_private()
        return Answer(replies.rpc_error(PRIVATE_OPENED))

    def _close_configuration(self, _operation: etree._Element) -> Answer:
        self.session.close()
        return Answer(replies.OK)

    # Loading

    def _load_configuration(self, operation: etree._Element) -> Answer:
        if operation.get("rollback") is not None:
            self.session.rollback(_rollback_number(operation.get("rollback", "")))
            return Answer(replies.results("load-configuration-results", replies.OK))
        action = operation.get("action", "merge")
        if action not in ACTIONS:
            raise RefusedError(syntax_error(action))
        documents, complaints = _documents(operation, action)
        loaded = self._loaded(documents, action, complaints)
        return Answer(replies.results("load-configuration-results", loaded))

    def _loaded(self, documents: list[etree._Element], action: str, unread: Sequence[Complaint] = ()) -> str:
        complaints = list(unread)
        for document in documents:
            complaints += self.session.load(document, action)
        failed = any(complaint.severity == "error" for complaint in complaints)
        return replies.rpc_errors(complaints) + ("" if failed else replies.OK)

    def _edit_config(self, operation: etree._Element) -> Answer:
        _candidate_only(operation, "target")
        config = find(operation, "config")
        inner = find(config, "configuration") if config is not None else None
        if inner is None:
            raise RefusedError(syntax_error("config"))
        default = _text(operation, "default-operation") or "merge"
        action = "override" if default == "replace" else "replace"
        option = _text(operation, "test-option")
        if option in ("test-only", "test-then-set"):
            self._test(tree.plain(inner), action)
        if option == "test-only":
            return Answer(replies.OK)
        return Answer(self._loaded([tree.plain(inner)], action))

    def _test(self, document: etree._Element, action: str) -> None:
        trial = load(copy.deepcopy(self.session.candidate), copy.deepcopy(document), action)
        errors = [complaint for complaint in trial if complaint.severity == "error"]
        if errors:
            raise RefusedError(*errors)

    def _discard_changes(self, _operation: etree._Element) -> Answer:
        self.session.rollback(0)
        return Answer(replies.OK)

    # Reading

    def _get_configuration(self, operation: etree._Element) -> Answer:
        if operation.get("compare") == "rollback":
            number = _rollback_number(operation.get("rollback", "0"))
            return Answer(_output(self.session.compare(number)))
        wanted = find(operation, "configuration")
        committed = operation.get("database") == "committed"
        source = self.session.router.committed if committed else self.session.candidate
        if operation.get("inherit") in ("inherit", "defaults"):
            source = inherited(source)
            if operation.get("groups") != "groups":
                unmark(source)
        chosen = selected(source, tree.plain(wanted)) if wanted is not None else source
        form = operation.get("format", "xml").lower()
        if form == "text":
            changed = f"## Last changed: {stamp(self.session.router.changed_at)}\n"
            return Answer(_in_namespace("configuration-text", changed + text.render(chosen)))
        if form == "set":
            return Answer(_in_namespace("configuration-set", "".join(f"{line}\n" for line in text.set_lines(chosen))))
        if form == "json":
            return Answer(escape(to_json(chosen)) + "\n")
        if form != "xml":
            raise RefusedError(syntax_error(form))
        return Answer(replies.configuration(chosen, self._marks(committed=committed)))

    def _marks(self, *, committed: bool) -> dict[str, str]:
        router = self.session.router
        if committed:
            entry = router.history[0]
            return {
                "commit-seconds": str(int(entry.at.timestamp())),
                "commit-localtime": stamp(entry.at),
                "commit-user": entry.user,
            }
        return {
            "changed-seconds": str(int(router.changed_at.timestamp())),
            "changed-localtime": stamp(router.changed_at),
        }

    def _get_config(self, operation: etree._Element) -> Answer:
        source_element = find(operation, "source")
        name = local(source_element[0]) if source_element is not None and len(source_element) else "running"
        if name not in ("running", "candidate"):
            raise RefusedError(syntax_error(name))
        return self._filtered(operation, committed=name == "running")

    def _get(self, operation: etree._Element) -> Answer:
        """The running configuration; the state of the router is asked for by operations of their own."""
        return self._filtered(operation, committed=True)

    def _filtered(self, operation: etree._Element, *, committed: bool) -> Answer:
        source = self.session.router.committed if committed else self.session.candidate
        wanted = find(operation, "filter")
        if wanted is not None:
            if wanted.get("type", "subtree") != "subtree":
                raise RefusedError(Complaint("only subtree filters are supported", tag="operation-not-supported"))
            inner = find(wanted, "configuration")
            source = selected(source, tree.plain(inner)) if inner is not None else tree.empty()
        body = replies.configuration(source, self._marks(committed=committed))
        return Answer(replies.results("data", body))

    # Committing

    def _validate(self, operation: etree._Element) -> Answer:
        _candidate_only(operation, "source")
        self.session.check()
        return Answer(replies.OK)

    def _commit_configuration(self, operation: etree._Element) -> Answer:
        try:
            if find(operation, "check") is not None:
                self.session.check()
                return Answer(_committed("<commit-check-success/>\n") + replies.OK)
            private = self.session.private is not None
            changed = self._commit_now(operation, unit=60)
        except RefusedError as refused:
            if any(complaint.tag == "lock-denied" for complaint in refused.complaints):
                raise
            return Answer(replies.results("commit-results", replies.rpc_errors(refused.complaints)))
        if not changed:
            return Answer(replies.results("commit-results", "") + replies.OK)
        loaded = "<load-success/>\n" if private else ""
        return Answer(_committed("<commit-success/>\n", loaded) + replies.OK)

    def _commit(self, operation: etree._Element) -> Answer:
        self._commit_now(operation, unit=1)
        return Answer(replies.OK)

    def _commit_now(self, operation: etree._Element, unit: int) -> bool:
        """Commit with the arguments of the operation; a confirm-timeout counts in `unit` seconds."""
        if find(operation, "at-time") is not None:
            raise RefusedError(Complaint("commit at a time is not supported", bad_element="at-time"))
        seconds = None
        if find(operation, "confirmed") is not None:
            given = _text(operation, "confirm-timeout")
            if given is not None and not (given.isdigit() and 1 <= int(given) <= 65535 * 60 // unit):
                raise RefusedError(Complaint(f"invalid value '{given}'", bad_element="confirm-timeout"))
            seconds = float(given) * unit if given else DEFAULT_CONFIRM_MINUTES * 60.0
        changed = self.session.commit(log=_text(operation, "log"), confirm_seconds=seconds)
        self.counters["commits"] = self.counters.get("commits", 0) + changed
        return changed

    def _get_commit_information(self, _operation: etree._Element) -> Answer:
        router = self.session.router
        root = etree.Element("commit-information")
        for number, entry in enumerate(router.history):
            one = etree.SubElement(root, "commit-history")
            leaf(one, "sequence-number", number)
            _put_commit(one, entry)
            if router.marks_pending and router.pending is not None and router.pending.commit is entry:
                leaf(one, "commit-confirmed", "rollback pending")
        return Answer(replies.fragment(root, router.version))

    def _get_commit_revision_information(self, _operation: etree._Element) -> Answer:
        router = self.session.router
        root = etree.Element("commit-revision-information")
        newest = router.history[0]
        _put_commit(root, newest)
        leaf(root, "revision", f"re0-{int(newest.at.timestamp())}-{router.commits}")
        return Answer(replies.fragment(root, router.version))

    def _get_rollback_information(self, operation: etree._Element) -> Answer:
        number = _rollback_number(_text(operation, "rollback") or "0")
        router = self.session.router
        against = _text(operation, "compare")
        if against is not None:
            shown = compare(router.rollback(number), router.rollback(_rollback_number(against)))
        else:
            shown = text.render(router.rollback(number))
        return Answer(replies.results("rollback-information", _output(shown)))

    # Sessions

    def _close_session(self, _operation: etree._Element) -> Answer:
        return Answer(replies.OK, closes=True)

    def _kill_session(self, operation: etree._Element) -> Answer:
        return Answer(replies.OK, kills=_text(operation, "session-id") or "")


def _put_commit(parent: etree._Element, entry: Commit) -> None:
    """Put what the history knows about a commit into the parent."""
    leaf(parent, "user", entry.user)
    leaf(parent, "client", entry.client)
    with_seconds(leaf(parent, "date-time", stamp(entry.at)), int(entry.at.timestamp()))
    for name, value in (("comment", entry.comment), ("log", entry.log)):
        if value:
            leaf(parent, name, value)


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def find(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of this name, in whatever namespace."""
    for child in element:
        if isinstance(child.tag, str) and local(child) == name:
            return child
    return None


def _text(element: etree._Element, name: str) -> str | None:
    child = find(element, name)
    return None if child is None else (child.text or "").strip()


def _candidate_only(operation: etree._Element, role: str) -> None:
    holder = find(operation, role)
    if holder is None or not len(holder) or local(holder[0]) != "candidate":
        raise RefusedError(syntax_error(local(holder[0]) if holder is not None and len(holder) else role))


def _rollback_number(given: str) -> int:
    if not given.isdigit() or int(given) not in ROLLBACKS:
        raise RefusedError(Complaint(f"invalid rollback value '{given}'", bad_element=given))
    return int(given)


def _documents(operation: etree._Element, action: str) -> tuple[list[etree._Element], list[Complaint]]:
    """The documents that a load carries, as plain trees, and what could not be read of them."""
    form = action if action in ("set", "patch") else operation.get("format", "xml")
    holder = HOLDERS.get(form)
    carried = None if holder is None else find(operation, holder)
    if carried is None and form == "patch":
        carried = find(operation, HOLDERS["text"])
    if carried is None:
        raise RefusedError(Complaint(f"no configuration in format {form}", bad_element=form))
    if form == "xml":
        return [tree.plain(carried)], []
    if form == "set":
        return from_commands(carried.text or ""), []
    if form == "json":
        return [from_json(carried.text or "")], []
    if form == "patch":
        return from_patch(carried.text or "")
    document, complaints = from_text(carried.text or "")
    return [document], complaints


def _output(shown: str) -> str:
    inner = f"<configuration-output>{escape(shown)}</configuration-output>\n"
    return replies.results("configuration-information", inner)


def _in_namespace(name: str, content: str) -> str:
    return f'<{name} xmlns="{replies.XNM}">\n{escape(content)}</{name}>\n'


def _committed(result: str, before: str = "") -> str:
    engine = f'{before}<routing-engine junos:style="normal">\n<name>re0</name>\n{result}</routing-engine>\n'
    return replies.results("commit-results", engine)
