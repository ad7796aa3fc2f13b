# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may ask the API server for what.

A gate stands before each port: `OpenGate` lets everybody in, `TokenGate` those with a Keystone token, as the
server's `aaa_mode` says, `LocalAdminGate` those with the local administrator's password. Whoever comes in is a
`Caller`; what a caller who is no administrator may do with an object stands in the object's `perms2`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from lab.contrail import identity
from lab.contrail.errors import ApiError
from lab.contrail.schema import JsonDict
from lab.contrail.store import Store

READ, WRITE, LINK = 4, 2, 1
"""What an access number of `perms2` allows, one bit each."""

ADMIN_ROLE = "admin"
WORDS = {READ: "read", WRITE: "write", LINK: "link"}
LETTERS = {"POST": "C", "GET": "R", "HEAD": "R", "PUT": "U", "DELETE": "D"}
"""What a rule of an API access list calls a method."""

WHITE_LISTED = ("/documentation",)
ANYBODY_MAY = frozenset({"fqname-to-id", "id-to-fqname", "useragent-kv"})
"""Lookups that the rules which the server starts with allow to every role."""

FAILING_WITH_TOKENS = frozenset({("GET", "/obj-perms"), ("PUT", "/aaa-mode")})
"""What the recorded server answers with a server error once it knows Keystone."""


class UnauthorizedError(Exception):
    """A request without valid credentials: a 401 whose challenge is `challenge`.

    With `page` the refusal is a whole HTML page, else JSON.
    """

    def __init__(self, challenge: str, *, page: bool = False) -> None:
        super().__init__(challenge)
        self.challenge = challenge
        self.page = page


class BodylessDenialError(Exception):
    """A 403 that announces 21 bytes and closes the connection without sending them."""


@dataclass(frozen=True)
class Caller:
    """Who asks: names of user, project and domain, the project's uuid without dashes, and the roles."""

    user: str
    roles: tuple[str, ...]
    project: str = ""
    project_id: str = ""
    domain: str = "default-domain"

    @property
    def is_admin(self) -> bool:
        """Say whether the caller may do everything."""
        return ADMIN_ROLE in (role.lower() for role in self.roles)

    @property
    def signature(self) -> dict[str, str]:
        """Return what `id_perms` of the caller's objects say about who made them."""
        return {"owner": self.user, "group": self.roles[0] if self.roles else ""}

    def refuse(self, access: int, owner: str) -> ApiError:
        """Return the refusal of an access to an object that belongs to `owner`."""
        word = WORDS[access]
        return ApiError(
            403,
            f"Permission Denied for {list(self.roles)} to {word} operation in domain '{self.domain}' and project "
            f"'{self.project}' RBAC: {self.user} doesn't have {word} permission in project "
            f"'{owner.replace('-', '')}'",
        )


@dataclass(frozen=True)
class _Anybody(Caller):
    """Whoever comes through an open gate: an administrator without a name of his own."""

    @property
    def signature(self) -> dict[str, str]:
        return dict(identity.CLIENT)


class Gate(Protocol):
    """Lets callers in. `mode` is the server's `aaa_mode`."""

    mode: str

    def admit(self, method: str, path: str, headers: Mapping[str, str]) -> Caller:
        """Return who asks. Raises UnauthorizedError, BodylessDenialError, or ApiError 403."""

    def expire(self) -> None:
        """Let all tokens that were given out so far be invalid from now on."""


class OpenGate:
    """A server without authentication."""

    mode = "no-auth"

    def admit(self, method: str, path: str, headers: Mapping[str, str]) -> Caller:
        """Let everybody in."""
        return _Anybody(identity.OWNER, (ADMIN_ROLE,))

    def expire(self) -> None:
        """Do nothing: there are no tokens."""


class LocalAdminGate:
    """The port for administrators of the machine, who give a password instead of a token."""

    def __init__(self, user: str, password: str, mode: str) -> None:
        self.mode = mode
        self._expected = f"{user}:{password}"

    def admit(self, method: str, path: str, headers: Mapping[str, str]) -> Caller:
        """Let in who knows the password."""
        scheme, _unused, credentials = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic" or _decoded(credentials) != self._expected:
            raise UnauthorizedError('Basic realm="private"', page=True)
        return _Anybody(identity.OWNER, (ADMIN_ROLE,))

    def expire(self) -> None:
        """Do nothing: there are no tokens."""


class TokenDirectory(Protocol):
    """Who has a token, as Keystone knows it."""

    url: str

    def caller(self, token: str) -> Caller | None:
        """Return who has a token, None if it is not valid."""

    def expire(self) -> None:
        """Forget all tokens."""


class TokenGate:
    """Lets in who has a token: with `cloud-admin` administrators, with `rbac` whom a rule allows what he asks."""

    def __init__(self, directory: TokenDirectory, mode: str, store: Store) -> None:
        self.mode = mode
        self._directory = directory
        self._rules: Callable[[Caller], Iterator[JsonDict]] = lambda caller: _rules(store, caller)

    def admit(self, method: str, path: str, headers: Mapping[str, str]) -> Caller:
        """Check the token, then the mode."""
        if path == "/" or path.startswith(WHITE_LISTED):
            return Caller("", ())
        caller = self._directory.caller(headers.get("X-Auth-Token", ""))
        if caller is None:
            raise UnauthorizedError(f'Keystone uri="{self._directory.url}"')
        if not caller.is_admin and self.mode == "cloud-admin":
            raise BodylessDenialError
        if not caller.is_admin:
            self._check_rules(caller, method, path)
        if (method, path) in FAILING_WITH_TOKENS:
            raise ApiError(500, "Internal Server Error")
        return caller

    def expire(self) -> None:
        """Forget all tokens."""
        self._directory.expire()

    def _check_rules(self, caller: Caller, method: str, path: str) -> None:
        asked, letter = _asked_object(path), LETTERS.get(method, "")
        if asked in ANYBODY_MAY:
            return
        for rule in self._rules(caller):
            if rule.get("rule_object") not in ("*", asked):
                continue
            for granted in rule.get("rule_perms") or ():
                if granted["role_name"] in ("*", *caller.roles) and letter in granted["role_crud"]:
                    return
        raise ApiError(
            403,
            f"Permission Denied for {caller.user} as {list(caller.roles)} to {letter} {asked} in {caller.project}",
        )


def check_access(caller: Caller, stored: JsonDict, access: int) -> None:
    """Refuse what a caller may not do with an object. Raises ApiError 403."""
    if not has_access(caller, stored, access):
        raise caller.refuse(access, str(stored["perms2"]["owner"]))


def has_access(caller: Caller, stored: JsonDict, access: int) -> bool:
    """Say whether a caller may read, write or link to an object: as its owner, as a sharer, or as anybody."""
    if caller.is_admin:
        return True
    perms2 = stored["perms2"]
    if access & int(perms2.get("global_access") or 0):
        return True
    if caller.project_id and str(perms2["owner"]).replace("-", "") == caller.project_id:
        return bool(access & int(perms2["owner_access"]))
    return any(
        str(share["tenant"]).rpartition(":")[2].replace("-", "") == caller.project_id
        and access & int(share["tenant_access"])
        for share in perms2.get("share") or ()
    )


def _rules(store: Store, caller: Caller) -> Iterator[JsonDict]:
    """Yield the rules of the access lists that concern a caller: global, of the domain, of the project."""
    concerned = (["default-global-system-config"], [caller.domain], [caller.domain, caller.project])
    for stored in store.objects("api-access-list"):
        if stored["fq_name"][:-1] in concerned:
            yield from (stored.get("api_access_list_entries") or {}).get("rbac_rule") or ()


def _asked_object(path: str) -> str:
    """Return what rules call the target of a path: the kind, or the name of the action."""
    first = path.split("/")[1]
    return first[:-1] if path.count("/") == 1 and first.endswith("s") else first


def _decoded(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
