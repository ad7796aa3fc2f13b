# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keystone's HTTP surface.

| POST /v3/auth/tokens | a token for methods password, token and application_credential, scoped or not |
| GET /v3/auth/tokens  | what the token in X-Subject-Token stands for                                  |
| POST /v2.0/tokens    | a token for passwordCredentials or a token, with tenantName or tenantId       |
| GET /, /v3, /v2.0    | the versions there are                                                        |
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from aiohttp import web

from lab.keystone.directory import Directory, Grant, RefusedError

JsonDict = dict[str, Any]
LIFETIME = timedelta(hours=1)
UNAUTHORIZED = {
    "error": {
        "code": 401,
        "title": "Unauthorized",
        "message": "The request you have made requires authentication.",
    }
}
MALFORMED = {"error": {"code": 400, "title": "Bad Request", "message": "Expecting to find auth in request body."}}


def create_keystone(directory: Directory) -> web.Application:
    """Return the application that gives out a directory's tokens."""
    keystone = _Keystone(directory)
    app = web.Application(middlewares=[_refusals])
    app.add_routes(
        [
            web.get("/", keystone.versions),
            web.get("/v3", keystone.versions),
            web.get("/v2.0", keystone.versions),
            web.post("/v3/auth/tokens", keystone.issue_v3),
            web.get("/v3/auth/tokens", keystone.show_v3),
            web.post("/v2.0/tokens", keystone.issue_v2),
        ]
    )
    return app


@web.middleware
async def _refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Put refusals into Keystone's words."""
    try:
        return await handler(request)
    except RefusedError:
        return unauthorized(str(request.url.origin()))
    except (AttributeError, KeyError, TypeError, ValueError):
        return web.json_response(MALFORMED, status=400)


def unauthorized(url: str) -> web.Response:
    """Return the 401 of Keystone, which its middleware in the API server answers too."""
    return web.json_response(UNAUTHORIZED, status=401, headers={"WWW-Authenticate": f'Keystone uri="{url}"'})


class _Keystone:
    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def versions(self, request: web.Request) -> web.Response:
        base = request.url.origin()
        values = [
            {"id": f"v{number}", "status": "stable", "links": [{"rel": "self", "href": f"{base}/v{path}/"}]}
            for number, path in (("3.14", "3"), ("2.0", "2.0"))
        ]
        return web.json_response({"versions": {"values": values}}, status=300)

    async def issue_v3(self, request: web.Request) -> web.Response:
        auth = (await request.json())["auth"]
        grant = self._identified(auth["identity"])
        scope = auth.get("scope")
        if isinstance(scope, dict) and "project" in scope:
            if grant.methods == ("application_credential",):
                raise RefusedError
            project = scope["project"]
            grant = self._directory.scoped(grant, project.get("id") or project["name"], _domain(project))
        token = self._directory.issue(grant)
        shown = _shown_v3(grant, self._directory.catalog)
        return web.json_response({"token": shown}, status=201, headers={"X-Subject-Token": token})

    async def show_v3(self, request: web.Request) -> web.Response:
        if self._directory.grant_of(request.headers.get("X-Auth-Token", "")) is None:
            raise RefusedError
        grant = self._directory.grant_of(request.headers.get("X-Subject-Token", ""))
        if grant is None:
            raise web.HTTPNotFound
        return web.json_response({"token": _shown_v3(grant, self._directory.catalog)})

    async def issue_v2(self, request: web.Request) -> web.Response:
        auth = (await request.json())["auth"]
        if "token" in auth:
            grant = self._directory.by_token(auth["token"]["id"])
        else:
            given = auth["passwordCredentials"]
            grant = self._directory.by_password(given["username"], given["password"], None)
        tenant = auth.get("tenantName") or auth.get("tenantId")
        if tenant:
            grant = self._directory.scoped(grant, tenant, None)
        token: JsonDict = {"id": self._directory.issue(grant), **_times("issued_at", "expires")}
        if grant.project:
            token["tenant"] = {"id": grant.project.identifier, "name": grant.project.name, "enabled": True}
        user = {"id": grant.user.name, "name": grant.user.name, "roles": [{"name": role} for role in grant.roles]}
        catalog = [_shown_service_v2(service) for service in self._directory.catalog] if grant.project else []
        return web.json_response({"access": {"token": token, "user": user, "serviceCatalog": catalog}})

    def _identified(self, identity: JsonDict) -> Grant:
        method = identity["methods"][0]
        if method == "password":
            user = identity["password"]["user"]
            return self._directory.by_password(user.get("name") or user["id"], user["password"], _domain(user))
        if method == "token":
            return self._directory.by_token(identity["token"]["id"])
        if method == "application_credential":
            given = identity["application_credential"]
            return self._directory.by_credential(given.get("id") or given["name"], given["secret"])
        raise RefusedError


def _domain(named: JsonDict) -> str | None:
    """Return the domain beside a name; None if there is none, as beside an id."""
    domain = named.get("domain")
    return str(domain.get("name") or domain["id"]) if domain else None


def _shown_v3(grant: Grant, catalog: list[JsonDict]) -> JsonDict:
    shown: JsonDict = {
        "methods": list(grant.methods),
        "user": {"id": grant.user.name, "name": grant.user.name, "domain": _shown_domain(grant.user.domain)},
        **_times("issued_at", "expires_at"),
    }
    if grant.project:
        domain = _shown_domain(grant.project.domain)
        shown["project"] = {"id": grant.project.identifier, "name": grant.project.name, "domain": domain}
        shown["roles"] = [{"id": role, "name": role} for role in grant.roles]
        shown["catalog"] = catalog
    return shown


def _shown_service_v2(service: JsonDict) -> JsonDict:
    """Return an entry of version 3's catalogue as version 2.0 writes it: one endpoint a region with all URLs."""
    regions: dict[str, JsonDict] = {}
    for endpoint in service["endpoints"]:
        region = regions.setdefault(endpoint["region"], {"region": endpoint["region"], "id": endpoint["id"]})
        region[f"{endpoint['interface']}URL"] = endpoint["url"]
    return {"type": service["type"], "name": service["name"], "endpoints": list(regions.values())}


def _shown_domain(name: str) -> JsonDict:
    return {"id": name.lower(), "name": name}


def _times(issued: str, expires: str) -> JsonDict:
    now = datetime.now(timezone.utc)
    return {
        issued: now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        expires: (now + LIFETIME).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
