# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Neutron's HTTP surface, version 2.0, under /networking: ports whole; networks, subnets, security groups to read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from lab.openstack.cloud import Cloud
from lab.openstack.compute_api import CALLER
from lab.openstack.listing import selected
from lab.openstack.ports import NetworkError

JsonDict = dict[str, Any]
READ_ONLY = {
    "networks": ("network", "Network"),
    "subnets": ("subnet", "Subnet"),
    "security-groups": ("security_group", "SecurityGroup"),
}


def network_app(cloud: Cloud) -> web.Application:
    """Return the application that serves a cloud's Neutron."""
    neutron = _Neutron(cloud)
    app = web.Application(middlewares=[_refusals])
    base = "/v2.0"
    app.add_routes(
        [
            web.get("/", network_versions),
            web.get(f"{base}/extensions", neutron.extensions),
            web.get(f"{base}/extensions/{{alias}}", neutron.extension),
            web.get(f"{base}/ports", neutron.ports),
            web.post(f"{base}/ports", neutron.create),
            web.get(f"{base}/ports/{{id}}", neutron.port),
            web.put(f"{base}/ports/{{id}}", neutron.update),
            web.delete(f"{base}/ports/{{id}}", neutron.delete),
            web.get(f"{base}/{{kind}}", neutron.listed),
            web.get(f"{base}/{{kind}}/{{id}}", neutron.shown),
        ]
    )
    return app


@web.middleware
async def _refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Put refusals into Neutron's words."""
    try:
        return await handler(request)
    except NetworkError as error:
        return _error(error.status, error.kind, error.message)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return _error(400, "HTTPBadRequest", f"Invalid input: {error!r}")


async def network_versions(request: web.Request) -> web.Response:
    """Answer which versions there are, as Neutron does at its root."""
    link = {"rel": "self", "href": f"{request.url.origin()}/networking/v2.0/"}
    return web.json_response({"versions": [{"id": "v2.0", "status": "CURRENT", "links": [link]}]})


class _Neutron:
    def __init__(self, cloud: Cloud) -> None:
        self._ports = cloud.ports

    async def extensions(self, _request: web.Request) -> web.Response:
        aliases = ("security-group", "port-security", "allowed-address-pairs", "binding")
        return web.json_response({"extensions": [{"alias": one, "name": one} for one in aliases]})

    async def extension(self, request: web.Request) -> web.Response:
        alias = request.match_info["alias"]
        raise NetworkError(404, "ExtensionNotFound", f"Extension with alias {alias} does not exist")

    async def listed(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        found = [one for one in self._all(kind) if _may_see(request, one)]
        return web.json_response({kind.replace("-", "_"): selected(found, request.query)})

    async def shown(self, request: web.Request) -> web.Response:
        kind, identifier = request.match_info["kind"], request.match_info["id"]
        for one in self._all(kind):
            if one["id"] == identifier and _may_see(request, one):
                return web.json_response({READ_ONLY[kind][0]: one})
        word = READ_ONLY[kind][1]
        raise NetworkError(404, f"{word}NotFound", f"{word} {identifier} could not be found.")

    def _all(self, kind: str) -> list[JsonDict]:
        found = {
            "networks": self._ports.networks,
            "subnets": self._ports.subnets,
            "security-groups": self._ports.security_groups,
        }.get(kind)
        if found is None:
            raise NetworkError(404, "HTTPNotFound", "The resource could not be found.")
        return found()

    async def ports(self, request: web.Request) -> web.Response:
        found = [one for one in self._ports.ports() if _may_see(request, one)]
        return web.json_response({"ports": selected(found, request.query)})

    async def create(self, request: web.Request) -> web.Response:
        asked = (await request.json())["port"]
        caller = request[CALLER]
        project = asked.get("project_id") or asked.get("tenant_id") or caller.project_id
        return web.json_response({"port": self._ports.create(project, asked)}, status=201)

    async def port(self, request: web.Request) -> web.Response:
        return web.json_response({"port": self._found(request)})

    async def update(self, request: web.Request) -> web.Response:
        asked = (await request.json())["port"]
        return web.json_response({"port": self._ports.update(self._found(request)["id"], asked)})

    async def delete(self, request: web.Request) -> web.Response:
        self._ports.delete(self._found(request)["id"])
        return web.Response(status=204)

    def _found(self, request: web.Request) -> JsonDict:
        identifier = request.match_info["id"]
        port = self._ports.port(identifier)
        if not _may_see(request, port):
            raise NetworkError(404, "PortNotFound", f"Port {identifier} could not be found.")
        return port


def _may_see(request: web.Request, shown: JsonDict) -> bool:
    caller = request[CALLER]
    return caller.is_admin or shown["project_id"] == caller.project_id or bool(shown.get("shared"))


def _error(status: int, kind: str, message: str) -> web.Response:
    return web.json_response({"NeutronError": {"type": kind, "message": message, "detail": ""}}, status=status)
