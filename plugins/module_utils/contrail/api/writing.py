# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writing objects. A write whose answer is lost or cannot be read is brought to a known end.

Changes and deletions are repeated, for their result is the same; a creation is looked up by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..codec.errors import ApiError
from ..codec.scope import Json
from ..kinds.config import Key
from ..plan.actions import Action
from . import failures, sending
from .reference_uuids import identified, reference_key
from .reply import Reply, UnreadableReplyError, plain_text
from .sending import DoubtError, NoServerError, Sender

_DUPLICATE = re.compile(r"already exists with uuid: ([0-9a-f-]{36})")


class Writer:
    """Carries out actions with the requests of a sender.

    ``uuids`` are those known by now, of which note is taken here too; ``name_of`` finds the names of those who use an
    object.
    """

    def __init__(self, sender: Sender, uuids: dict[Key, str], name_of: failures.NameOf) -> None:
        self._sender = sender
        self._uuids = uuids
        self._name_of = name_of
        self._verbs: dict[str, Callable[[Action], tuple[str, bool]]] = {
            "create": self._create,
            "update": self._update,
            "annotate": self._annotate,
            "attach": self._attach,
            "detach": self._detach,
            "delete": self._delete,
        }

    def carry_out(self, action: Action) -> tuple[str, bool]:
        """Return the object's uuid, and whether this changed anything; raises ApiError."""
        return self._verbs[action.verb](action)

    def _create(self, action: Action) -> tuple[str, bool]:
        uuid = self._post(action)
        self._uuids[reference_key(action.kind, action.fq_name)] = uuid
        return uuid, True

    def _post(self, action: Action) -> str:
        path, body = f"/{action.kind}s", {action.kind: identified(action.payload, self._uuid_for_reference)}
        attempt = 0
        while True:
            try:
                uuid = self._created(self._sender.send("POST", path, body, repeat=False), action, attempt)
            except NoServerError as error:
                raise failures.unreachable(error, action, self._sender.urls) from None
            except (DoubtError, UnreadableReplyError) as doubt:
                uuid = self.uuid_of(action)
                if not uuid and attempt == len(sending.BACK_OFF):
                    raise self._undone(doubt, action) from None
            if uuid:
                return uuid
            self._sender.pause(attempt)
            attempt += 1

    def _created(self, reply: Reply, action: Action, attempt: int) -> str:
        """Return the uuid that a creation answers; raises UnreadableReplyError where it was perhaps carried out."""
        duplicate = _DUPLICATE.search(plain_text(reply.text)) if attempt and reply.status == 409 else None
        if duplicate:
            # The attempt whose answer was lost came to its end after the look.
            return duplicate.group(1)
        if reply.status >= 300:
            raise self._refused(reply, action)
        return _uuid_in(reply.object(action.kind)[action.kind])

    def uuid_of(self, action: Action) -> str:
        """Return the uuid under which an object of this name exists by now, "" for none; raises ApiError."""
        query = {"type": action.kind, "fq_name": list(action.fq_name)}
        doubtful = action.verb == "create"
        try:
            reply = self._sender.send("POST", "/fqname-to-id", query)
        except NoServerError as error:
            failed = NoServerError(str(error), error.tls, doubtful=doubtful)
            raise failures.unreachable(failed, action, self._sender.urls) from None
        if reply.status == 404:
            return ""
        if reply.status >= 300:
            raise self._refused(reply, action, doubtful=doubtful)
        try:
            return _uuid_in(reply.object("uuid"))
        except UnreadableReplyError as error:
            raise failures.unreadable(error, action, self._sender.url, reply.status) from None

    def _update(self, action: Action) -> tuple[str, bool]:
        body = {action.kind: identified(action.payload, self._uuid_for_reference)}
        return self._write(
            "PUT", f"/{action.kind}/{action.uuid}", body, action, lambda reply: reply.object(action.kind)
        )

    def _annotate(self, action: Action) -> tuple[str, bool]:
        name = action.payload["field"]
        updates = [
            {"field": name, "operation": "set", "value": {"key": key, "value": text}, "position": key}
            for key, text in action.payload["set"].items()
        ]
        updates += [{"field": name, "operation": "delete", "position": key} for key in action.payload["delete"]]
        return self._write(
            "POST", "/prop-collection-update", {"uuid": action.uuid, "updates": updates}, action, Reply.nothing
        )

    def _attach(self, action: Action) -> tuple[str, bool]:
        """Add a reference; an object without uuid was created a moment ago."""
        uuid = action.uuid or self._uuid_for_reference(reference_key(action.kind, action.fq_name))
        return self._update_reference(replace(action, uuid=uuid), "ADD")

    def _detach(self, action: Action) -> tuple[str, bool]:
        return self._update_reference(action, "DELETE", gone=True)

    def _update_reference(self, action: Action, operation: str, *, gone: bool = False) -> tuple[str, bool]:
        target = self._uuid_for_reference(reference_key(action.payload["kind"], action.payload["name"]))
        body = _reference_update(action, operation, target)
        return self._write("POST", "/ref-update", body, action, lambda reply: _uuid_in(reply.object("uuid")), gone=gone)

    def _uuid_for_reference(self, key: Key) -> str:
        """Return the uuid of what a reference names: as read, as created a moment ago, else as the server knows it."""
        uuid = self._uuids.get(key) or self.uuid_of(Action(0, "find", *key, ""))
        if uuid:
            self._uuids[key] = uuid
        return uuid

    def _delete(self, action: Action) -> tuple[str, bool]:
        self._uuids.pop(reference_key(action.kind, action.fq_name), None)
        return self._write("DELETE", f"/{action.kind}/{action.uuid}", None, action, Reply.nothing, gone=True)

    def _write(
        self,
        method: str,
        path: str,
        body: Json,
        action: Action,
        check: Callable[[Reply], object],
        *,
        gone: bool = False,
    ) -> tuple[str, bool]:
        """Send a write that may be repeated, and hold its answer to what the server sends.

        With ``gone`` a 404 means that it is done: by an attempt of ours whose answer was lost, or by
        somebody else.
        """
        attempt = 0
        while True:
            try:
                reply = self._sender.send(method, path, body, writes=True)
            except NoServerError as error:
                raise failures.unreachable(error, action, self._sender.urls) from None
            if gone and reply.status == 404:
                return action.uuid, reply.doubtful or attempt > 0
            if reply.status >= 300:
                raise self._refused(reply, action)
            try:
                check(reply)
            except UnreadableReplyError as error:
                if attempt == len(sending.BACK_OFF):
                    raise self._undone(error, action) from None
            else:
                return action.uuid, True
            self._sender.pause(attempt)
            attempt += 1

    def _refused(self, reply: Reply, action: Action, *, doubtful: bool = False) -> ApiError:
        cure = self._sender.login.cure
        return failures.refused(reply, action, self._sender.url, cure, self._name_of, doubtful=doubtful)

    def _undone(self, doubt: DoubtError | UnreadableReplyError, action: Action) -> ApiError:
        """Return the error for a write of which nobody knows what became of it."""
        if isinstance(doubt, DoubtError):
            return failures.unreachable(doubt, action, self._sender.urls)
        return failures.unreadable(doubt, action, self._sender.url, 200)


def _uuid_in(answer: Json) -> str:
    """Return the uuid that an answer holds; raises UnreadableReplyError."""
    uuid = answer.get("uuid") if isinstance(answer, dict) else None
    if not isinstance(uuid, str) or not uuid:
        raise UnreadableReplyError("JSON without a uuid")
    return uuid


def _reference_update(action: Action, operation: str, target: str) -> dict[str, Json]:
    reference = action.payload
    body = {
        "type": action.kind,
        "uuid": action.uuid,
        "ref-type": reference["kind"],
        "ref-fq-name": list(reference["name"]),
        **({"ref-uuid": target} if target else {}),
        "operation": operation,
    }
    return {**body, "attr": reference["attr"]} if operation == "ADD" else body
