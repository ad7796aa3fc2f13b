# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom Keystone knows, and who has which token."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lab.contrail.access import Caller

DEFAULT_DOMAIN = "Default"
CONTRAIL_DOMAIN = "default-domain"
"""What Contrail calls Keystone's default domain."""


@dataclass(frozen=True)
class Project:
    """A project; `identifier` is its uuid without dashes."""

    name: str
    identifier: str
    domain: str = DEFAULT_DOMAIN


@dataclass(frozen=True)
class User:
    """A user, and the roles by project."""

    name: str
    password: str
    roles: Mapping[str, tuple[str, ...]]
    domain: str = DEFAULT_DOMAIN


@dataclass(frozen=True)
class Credential:
    """An application credential: it lets in as a user with a project."""

    identifier: str
    name: str
    secret: str
    user: str
    project: str


@dataclass(frozen=True)
class People:
    """All that the directory knows, by name; `local_admin` is user and password of the API server's own port."""

    projects: Mapping[str, Project] = field(default_factory=dict)
    users: Mapping[str, User] = field(default_factory=dict)
    credentials: tuple[Credential, ...] = ()
    local_admin: tuple[str, str] = ("admin", "contrail123")


@dataclass(frozen=True)
class Grant:
    """What a token stands for. Without a project it is good for nothing but getting another."""

    user: User
    project: Project | None
    methods: tuple[str, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """The user's roles in the project."""
        return self.user.roles.get(self.project.name, ()) if self.project else ()


class RefusedError(Exception):
    """Credentials that are wrong; Keystone does not say what is wrong with them."""


class Directory:
    """Gives out tokens and knows them again.

    `url` is where Keystone listens, without a version; `catalog` is what it tells of other services, in the form
    of version 3.
    """

    def __init__(self, people: People, url: str = "") -> None:
        self.url = url
        self.catalog: list[dict[str, Any]] = []
        self._people = people
        self._tokens: dict[str, Grant] = {}

    def by_password(self, name: str, password: str, domain: str | None) -> Grant:
        """Return an unscoped grant for a user. Raises RefusedError."""
        user = self._people.users.get(name)
        if user is None or user.password != password or domain not in (None, user.domain, user.domain.lower()):
            raise RefusedError
        return Grant(user, None, ("password",))

    def by_token(self, token: str) -> Grant:
        """Return the grant of a token, to be scoped anew. Raises RefusedError."""
        if token not in self._tokens:
            raise RefusedError
        known = self._tokens[token]
        return replace(known, methods=("token", *(name for name in known.methods if name != "token")))

    def by_credential(self, identifier: str, secret: str) -> Grant:
        """Return the grant of an application credential, given by id or name. Raises RefusedError."""
        for credential in self._people.credentials:
            if identifier in (credential.identifier, credential.name) and secret == credential.secret:
                user = self._people.users[credential.user]
                return Grant(user, self._people.projects[credential.project], ("application_credential",))
        raise RefusedError

    def scoped(self, grant: Grant, project: str, domain: str | None) -> Grant:
        """Return a grant for a project, named or by its id, in which the user has a role. Raises RefusedError."""
        for known in self._people.projects.values():
            named = known.name == project and domain in (None, known.domain, known.domain.lower())
            if (named or known.identifier == project) and grant.user.roles.get(known.name):
                return replace(grant, project=known)
        raise RefusedError

    def issue(self, grant: Grant) -> str:
        """Return a new token for a grant."""
        token = uuid.uuid4().hex
        self._tokens[token] = grant
        return token

    def grant_of(self, token: str) -> Grant | None:
        """Return what a token stands for, None if it is not valid."""
        return self._tokens.get(token)

    def adopt(self, token: str, user: str, project: str) -> None:
        """Let a token that was not given out here stand for a user in a project."""
        self._tokens[token] = Grant(self._people.users[user], self._people.projects[project], ("password",))

    def caller(self, token: str) -> Caller | None:
        """Return who asks the API server with a token, None if it is not valid or has no project."""
        grant = self._tokens.get(token)
        if grant is None or grant.project is None:
            return None
        domain = CONTRAIL_DOMAIN if grant.project.domain == DEFAULT_DOMAIN else grant.project.domain
        return Caller(grant.user.name, grant.roles, grant.project.name, grant.project.identifier, domain)

    def expire(self) -> None:
        """Forget all tokens."""
        self._tokens.clear()
