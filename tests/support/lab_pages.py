# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the introspect servers of a world in the same process, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from lab.core.world import World
from lab.introspect.daemons import introspect_servers
from lxml import etree
from yarl import URL


@dataclass(frozen=True)
class Answered:
    """An answer: status, Content-Type and body; `chunked` tells how it was sent."""

    status: int
    content_type: str
    body: bytes
    chunked: bool

    @property
    def tree(self) -> etree._Element:
        """The body as XML."""
        return etree.fromstring(self.body)


def ask(world: World, daemon: str, *paths: str, method: str = "GET") -> list[Answered]:
    """Ask one daemon of a world (schema, svc_monitor, control, agent:compute1) for pages, one after another."""
    return asyncio.run(_ask(world, daemon, paths, method))


def page(world: World, daemon: str, path: str) -> etree._Element:
    """Return one page of a daemon as XML."""
    (answered,) = ask(world, daemon, path)
    return answered.tree


async def _ask(world: World, daemon: str, paths: Sequence[str], method: str) -> list[Answered]:
    server = next(one for one in introspect_servers(world) if one.label == daemon)
    found = []
    async with TestServer(server.application()) as running, ClientSession() as session:
        for path in paths:
            url = URL(f"http://{running.host}:{running.port}{path}", encoded=True)
            async with session.request(method, url) as response:
                found.append(
                    Answered(
                        response.status,
                        response.headers.get("Content-Type", ""),
                        await response.read(),
                        response.headers.get("Transfer-Encoding") == "chunked",
                    )
                )
    return found
