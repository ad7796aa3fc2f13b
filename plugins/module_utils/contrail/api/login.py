# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in to the Contrail API: one small class for each way.

A login knows how to send requests only through the callable it is given, so it works with any transport.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from ..codec.errors import ApiError, ContrailError
from .reply import Reply, described, redirected

Post = Callable[[str, Mapping[str, Any]], Reply]
"""Sends a JSON document to a URL."""


class Login(Protocol):
    """A way to log in."""

    renewable: ClassVar[bool]
    """Whether a fresh login may help after a 401."""

    cure: ClassVar[str]
    """What to do about a 401, as the end of a sentence."""

    def headers(self, post: Post) -> dict[str, str]:
        """Return the headers that requests carry, logging in if need be."""

    def forget(self) -> None:
        """Drop what a login gave, so that the next request logs in again."""


@dataclass
class NoLogin:
    """An API server without authentication."""

    renewable: ClassVar[bool] = False
    cure: ClassVar[str] = "; the server wants a login, give auth and what it needs"

    def headers(self, post: Post) -> dict[str, str]:
        """Return no headers."""
        return {}

    def forget(self) -> None:
        """Do nothing."""


@dataclass
class BasicLogin:
    """User and password in each request, as the local administration port of the API server takes them."""

    username: str
    password: str = field(repr=False)
    renewable: ClassVar[bool] = False
    cure: ClassVar[str] = (
        "; check username and password, and that api_url is the port for local administrators (as in http://HOST:8095)"
    )

    def headers(self, post: Post) -> dict[str, str]:
        """Return the Authorization header."""
        credentials = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {credentials}"}

    def forget(self) -> None:
        """Do nothing."""


@dataclass
class TokenLogin:
    """A Keystone token that the user has already."""

    token: str = field(repr=False)
    renewable: ClassVar[bool] = False
    cure: ClassVar[str] = "; the token is not valid or has expired, give a fresh one"

    def __post_init__(self) -> None:
        self.token = self.token.strip()
        if not _is_token(self.token):
            # Refused here, for the HTTP library would show it in its message.
            raise ContrailError("token: it has characters that no token has")

    def headers(self, post: Post) -> dict[str, str]:
        """Return the token's header."""
        return {"X-Auth-Token": self.token}

    def forget(self) -> None:
        """Do nothing."""


@dataclass
class KeystoneLogin:
    """A token from Keystone: v2.0 or v3 by the URL's last part (v3 where it has none)."""

    auth_url: str
    request: Mapping[str, Any] = field(repr=False)
    renewable: ClassVar[bool] = True
    cure: ClassVar[str] = "; a fresh token of Keystone was refused too, check that auth_url is this server's Keystone"
    catalog: Sequence[Any] = field(default=(), repr=False)
    """The services that the last answer of version 3 listed, as Keystone writes them."""
    _token: str = field(default="", repr=False)

    def headers(self, post: Post) -> dict[str, str]:
        """Return the token's header; asks Keystone the first time and after ``forget``."""
        if not self._token:
            self._token = self._ask(post)
        return {"X-Auth-Token": self._token}

    def forget(self) -> None:
        """Drop the token."""
        self._token = ""

    def _ask(self, post: Post) -> str:
        url = f"{self.auth_url}/tokens" if is_v2(self.auth_url) else f"{self.auth_url}/auth/tokens"
        reply = post(url, self.request)
        if reply.status in {401, 403}:
            raise ApiError(
                f"cannot log in at {self.auth_url}: Keystone refused the credentials (HTTP {reply.status}); "
                f"check {_checked(self.request)}",
                status=reply.status,
                verb="log in",
            )
        token = (reply.header("X-Subject-Token") or _v2_token(reply)) if reply.status < 300 else ""
        if reply.location:
            raise ApiError(
                f"cannot log in: {redirected(reply, self.auth_url, 'auth_url')}", status=reply.status, verb="log in"
            )
        if not token or not _is_token(token):
            raise ApiError(
                f"cannot log in at {self.auth_url}: it answered {described(reply)}, and no token; check auth_url "
                "(as in http://HOST:5000/v3)",
                status=reply.status,
                verb="log in",
            )
        self.catalog = _catalog(reply)
        return token


def _checked(request: Mapping[str, Any]) -> str:
    """Return the options that a refused login was made of."""
    identity = request["auth"].get("identity")
    if identity is None:
        return "username, password and project_name"
    if "application_credential" in identity:
        known = "name, username" if "name" in identity["application_credential"] else "id"
        return f"application_credential_{known} and application_credential_secret"
    return "username, password, project_name and the two domain names"


def _catalog(reply: Reply) -> Sequence[Any]:
    try:
        catalog = reply.json()["token"]["catalog"]
    except (ValueError, KeyError, TypeError):
        return ()
    return catalog if isinstance(catalog, list) else ()


def _is_token(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _v2_token(reply: Reply) -> str:
    try:
        token = reply.json()["access"]["token"]["id"]
    except (ValueError, KeyError, TypeError):
        return ""
    return token if isinstance(token, str) else ""


def is_v2(auth_url: str) -> bool:
    """Tell whether an authentication URL is one of Keystone's version 2."""
    return auth_url.rstrip("/").endswith(("/v2.0", "/v2"))


def keystone_login(
    auth_url: str,
    *,
    username: str = "",
    password: str = "",
    project_name: str = "",
    project_id: str = "",
    user_domain_name: str = "Default",
    user_domain_id: str = "",
    project_domain_name: str = "Default",
    project_domain_id: str = "",
    application_credential_id: str = "",
    application_credential_name: str = "",
    application_credential_secret: str = "",
) -> KeystoneLogin:
    """Return a login with a password (v2.0 or v3), or with an application credential (v3).

    An id is taken before a name. A credential that is given by its name belongs to ``username``.
    """
    url = auth_url.rstrip("/")
    if is_v2(url):
        credentials = {"username": username, "password": password}
        return KeystoneLogin(url, {"auth": {"tenantName": project_name, "passwordCredentials": credentials}})
    if not url.endswith("/v3"):
        url = f"{url}/v3"
    user_domain = _named(user_domain_id, user_domain_name)
    if application_credential_id or application_credential_name:
        credential: dict[str, Any] = {"secret": application_credential_secret}
        if application_credential_id:
            credential["id"] = application_credential_id
        else:
            credential |= {"name": application_credential_name, "user": {"name": username, "domain": user_domain}}
        identity = {"methods": ["application_credential"], "application_credential": credential}
        return KeystoneLogin(url, {"auth": {"identity": identity}})
    user = {"name": username, "password": password, "domain": user_domain}
    project = {"name": project_name, "domain": _named(project_domain_id, project_domain_name)}
    scope = {"project": {"id": project_id} if project_id else project}
    identity = {"methods": ["password"], "password": {"user": user}}
    return KeystoneLogin(url, {"auth": {"identity": identity, "scope": scope}})


def _named(identifier: str, name: str) -> dict[str, str]:
    return {"id": identifier} if identifier else {"name": name}
