# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users are told of a request that failed: what, why in the server's own words, and the cure. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..codec.errors import AlreadyExistsError, ApiError, StillInUseError
from ..codec.values import joined
from ..kinds.config import Key
from ..plan.actions import Action
from .reply import Reply, UnreadableReplyError, plain_text, redirected
from .sending import DoubtError, NoServerError
from .tls import tls_cure

MOST_USERS = 5
"""So many users of an object does an error name."""

_CURES = {
    403: "; the user's role may not do this, give one that may (or project and domain that it owns)",
    413: "; split config into several tasks",
}

_READS = frozenset({"list", "count", "find"})

_DOUBT = "it may have been done all the same: run again to see"

_BUSY = frozenset({502, 503, 504})
"""Statuses with which something on the way answers, perhaps after the server has done what was asked."""


class NameOf(Protocol):
    """Finds kind and name of the object with a uuid; None where there is none."""

    def __call__(self, uuid: str, /) -> Key | None:
        """Return kind and name."""


def phrase(action: Action) -> str:
    """Return what an action does, in words."""
    what = f"{action.kind} {joined(action.fq_name)}".strip()
    if action.verb in {"attach", "detach"}:
        other = f"{action.payload['kind']} {joined(action.payload['name'])}"
        return f"attach {other} to {what}" if action.verb == "attach" else f"detach {other} from {what}"
    return f"{action.verb} {what}"


def unreachable(error: NoServerError | DoubtError, action: Action, urls: Sequence[str]) -> ApiError:
    """Return the error for a request that no server answered."""
    cure = "check api_url, and that the config API runs there"
    if error.tls is not None:
        cure = tls_cure(error.tls, "api_url")
    if isinstance(error, DoubtError) or (error.doubtful and action.verb not in _READS):
        cure = f"{_DOUBT}; {cure}"
    return ApiError(
        f"cannot {phrase(action)}: no answer from {', '.join(urls)} ({error}); {cure}",
        kind=action.kind,
        fq_name=joined(action.fq_name),
        verb=action.verb,
    )


def unreadable(error: UnreadableReplyError, action: Action, url: str, status: int) -> ApiError:
    """Return the error for an answer that is not what the config API sends."""
    doubt = "" if action.verb in _READS else f"; {_DOUBT}"
    return ApiError(
        f"cannot {phrase(action)}: {url} answered with {error}; is api_url the config API (as in http://HOST:8082)?"
        f"{doubt}",
        kind=action.kind,
        fq_name=joined(action.fq_name),
        verb=action.verb,
        status=status,
    )


def no_config_api(url: str, action: Action, reply: Reply, answered: str) -> ApiError:
    """Return the error for a server that does not know the first thing that a config API knows."""
    return ApiError(
        f"cannot {phrase(action)}: {url} is no Contrail config API: it answered HTTP {reply.status}"
        f"{_words(reply)}, and to GET / {answered}; give api_url as in http://HOST:8082",
        kind=action.kind,
        verb=action.verb,
        status=reply.status,
    )


def unknown_kind(url: str, action: Action, reply: Reply) -> ApiError:
    """Return the error for a config API that has no such kind."""
    return ApiError(
        f"cannot {phrase(action)}: the config API at {url} has no {action.kind} (HTTP {reply.status}); its release is "
        "older or newer than the kind",
        kind=action.kind,
        verb=action.verb,
        status=reply.status,
    )


def refused(
    reply: Reply, action: Action, url: str, cure_of_401: str, name_of: NameOf, *, doubtful: bool = False
) -> ApiError:
    """Turn an error status into one line with the server's own words and, where it is known, the cure.

    ``doubtful`` tells that the action may have been carried out all the same.
    """
    text = plain_text(reply.text)
    facts: dict[str, Any] = {
        "kind": action.kind,
        "fq_name": joined(action.fq_name),
        "status": reply.status,
        "verb": action.verb,
        "text": text,
    }
    if 300 <= reply.status < 400:
        return ApiError(f"cannot {phrase(action)}: {redirected(reply, url, 'api_url')}", **facts)
    message = f"cannot {phrase(action)}: HTTP {reply.status}{_words(reply)}"
    if reply.status == 409 and action.verb == "delete":
        found = users(text)
        if found:
            names = ", ".join(_user_name(kind, uuid, name_of) for kind, uuid in found[:MOST_USERS])
            more = f" and {len(found) - MOST_USERS} more" if len(found) > MOST_USERS else ""
            return StillInUseError(
                f"cannot {phrase(action)}: HTTP 409, still used by {names}{more}; delete or detach that first",
                **facts,
            )
    if reply.status == 409 and action.verb == "create" and "already exists with uuid" in text:
        return AlreadyExistsError(message, **facts)
    cure = cure_of_401 if reply.status == 401 else _CURES.get(reply.status, "")
    if doubtful or (reply.status in _BUSY and action.verb not in _READS):
        cure = f"{cure}; {_DOUBT}"
    if not cure and url.startswith("http:") and "HTTPS" in text:
        cure = "; the server speaks TLS, give api_url with https"
    return ApiError(message.rstrip(".") + cure if cure else message, **facts)


def users(text: str) -> list[tuple[str, str]]:
    """Return the objects that a refused deletion names: ``Delete when ...: ['http://H/KIND/UUID', ...]``."""
    if "Delete when" not in text:
        return []
    urls = re.findall(r"https?://[^'\"\s]+", text)
    parts = [url.rstrip(".").split("/") for url in urls]
    return [(part[-2], part[-1]) for part in parts if len(part[-1]) == 36]


def is_config_api(answer: Mapping[str, Any]) -> bool:
    """Tell whether the answer to ``GET /`` is a config API's: it links to the collection of networks."""
    links = answer.get("links")
    inner = [each.get("link") for each in links if isinstance(each, dict)] if isinstance(links, list) else []
    return any(isinstance(each, dict) and each.get("name") == "virtual-network" for each in inner)


def _words(reply: Reply) -> str:
    text = plain_text(reply.text)
    return f", {text}" if text else ""


def _user_name(kind: str, uuid: str, name_of: NameOf) -> str:
    known = name_of(uuid)
    return f"{kind} {joined(known[1]) if known else uuid}"
