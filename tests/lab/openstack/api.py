# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nova, Neutron and Glance behind one port, and what Keystone's catalogue says of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from aiohttp import web

from lab.core.faults import Faults
from lab.keystone.directory import Directory
from lab.keystone.server import unauthorized
from lab.openstack.cloud import Cloud
from lab.openstack.compute_api import CALLER, compute_app
from lab.openstack.image_api import image_app, image_versions
from lab.openstack.network_api import network_app, network_versions

SERVICES = (("compute", "nova", "/compute/v2.1"), ("network", "neutron", "/networking"), ("image", "glance", "/image"))
VERSION_PAGES = frozenset({"/compute/", "/compute/v2.1/", "/networking", "/networking/", "/image", "/image/"})
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_openstack(
    cloud: Cloud, directory: Directory, faults: Faults, counters: MutableMapping[str, int]
) -> web.Application:
    """Return the application that serves a cloud to those with a token of `directory`.

    `counters` has `reads` and `writes`; `faults` is asked before each request.
    """

    @web.middleware
    async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count a request, let a fault strike it, and let in who has a token."""
        counters["reads" if request.method in ("GET", "HEAD") else "writes"] += 1
        fault = faults.take("openstack", method=request.method, path=request.path_qs)
        if fault is not None and fault.kind == "status":
            return web.json_response({"error": {"code": fault.status, "message": fault.body}}, status=fault.status)
        if fault is not None and fault.kind == "drop":
            return _dropped(request)
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if request.path not in VERSION_PAGES:
            caller = directory.caller(request.headers.get("X-Auth-Token", ""))
            if caller is None:
                return unauthorized(directory.url)
            request[CALLER] = caller
        return await handler(request)

    app = web.Application(middlewares=[gate])
    app.add_routes([web.get("/networking", network_versions), web.get("/image", image_versions)])
    app.add_subapp("/compute/", compute_app(cloud))
    app.add_subapp("/networking/", network_app(cloud))
    app.add_subapp("/image/", image_app(cloud))
    return app


def catalog(url: str, region: str) -> list[dict[str, Any]]:
    """Return Keystone's catalogue of the services at `url` (scheme, host and port)."""
    return [
        {
            "type": kind,
            "name": name,
            "id": f"{name}-service",
            "endpoints": [
                {
                    "id": f"{name}-{interface}",
                    "interface": interface,
                    "region": region,
                    "region_id": region,
                    "url": f"{url}{path}",
                }
                for interface in ("public", "internal", "admin")
            ],
        }
        for kind, name, path in SERVICES
    ]


def _dropped(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
