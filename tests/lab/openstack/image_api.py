# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Glance's HTTP surface, version 2, under /image: images to read."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from lab.openstack.cloud import Cloud
from lab.openstack.listing import selected

JsonDict = dict[str, Any]


def image_app(cloud: Cloud) -> web.Application:
    """Return the application that serves a cloud's Glance."""
    glance = _Glance(cloud)
    app = web.Application()
    app.add_routes(
        [
            web.get("/", image_versions),
            web.get("/v2/images", glance.images),
            web.get("/v2/images/{id}", glance.image),
        ]
    )
    return app


async def image_versions(request: web.Request) -> web.Response:
    """Answer which versions there are, as Glance does at its root."""
    link = {"rel": "self", "href": f"{request.url.origin()}/image/v2/"}
    return web.json_response({"versions": [{"id": "v2.5", "status": "CURRENT", "links": [link]}]}, status=300)


class _Glance:
    def __init__(self, cloud: Cloud) -> None:
        self._images = cloud.data.images

    async def images(self, request: web.Request) -> web.Response:
        shown = [_shown(name, identifier) for name, identifier in self._images.items()]
        return web.json_response(
            {"images": selected(shown, request.query), "first": "/v2/images", "schema": "/v2/schemas/images"}
        )

    async def image(self, request: web.Request) -> web.Response:
        for name, identifier in self._images.items():
            if identifier == request.match_info["id"]:
                return web.json_response(_shown(name, identifier))
        text = f"No image found with ID {request.match_info['id']}"
        return web.Response(status=404, text=f"<html><body><h1>404 Not Found</h1>{text}</body></html>")


def _shown(name: str, identifier: str) -> JsonDict:
    return {
        "id": identifier,
        "name": name,
        "status": "active",
        "visibility": "public",
        "disk_format": "qcow2",
        "container_format": "bare",
        "min_disk": 0,
        "min_ram": 0,
        "size": 13267968,
        "protected": False,
        "tags": [],
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "self": f"/v2/images/{identifier}",
        "file": f"/v2/images/{identifier}/file",
        "schema": "/v2/schemas/image",
    }
