# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control server: how tests count, look, reset and order faults.

| request          | answer                                                                        |
| GET /counters    | by server: how often it was asked for what (World.counted)                    |
| GET /state       | all API objects, the committed configuration, chains, counters (World.state)  |
| POST /reset      | back to the fresh state, hosts included                                       |
| POST /keep       | keep the whole state, hosts included, in a new directory: {"directory": PATH} |
| POST /restore    | let everything be as it was kept there, by this lab or another one            |
| POST /settle     | let the daemons work now instead of in a moment                               |
| POST /faults     | a JSON list of faults in addition to those that are there (lab.faults)        |
| DELETE /faults   | no faults any more                                                            |
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
from lab.core.world import World
from lab.hosts.namespaces import HostError, LabHosts

WORLD, HOSTS = "world.json", "hosts"
"""What is in the directory of a state that was kept."""


async def _nothing() -> None:
    pass


def create_control(
    world: World, hosts: LabHosts, apply_refusals: Callable[[], Awaitable[None]] = _nothing
) -> web.Application:
    """Return the control server's application.

    `hosts` are changed in a thread, for they block; `apply_refusals` opens and closes ports as the faults want it.
    """
    control = _Control(world, hosts, apply_refusals)
    app = web.Application()
    app.add_routes(
        [
            web.get("/counters", control.counters),
            web.get("/state", control.state),
            web.post("/reset", control.reset),
            web.post("/keep", control.keep),
            web.post("/restore", control.restore),
            web.post("/settle", control.settle),
            web.post("/faults", control.add_faults),
            web.delete("/faults", control.clear_faults),
        ]
    )
    return app


class _Control:
    def __init__(self, world: World, hosts: LabHosts, apply_refusals: Callable[[], Awaitable[None]]) -> None:
        self._world = world
        self._hosts = hosts
        self._apply_refusals = apply_refusals

    async def counters(self, _request: web.Request) -> web.Response:
        return web.json_response(self._world.counted())

    async def state(self, _request: web.Request) -> web.Response:
        return web.json_response(self._world.state())

    async def reset(self, _request: web.Request) -> web.Response:
        self._world.reset()
        await self._apply_refusals()
        return await _done(self._hosts.restart)

    async def keep(self, request: web.Request) -> web.Response:
        directory = Path((await request.json())["directory"])
        directory.mkdir(parents=True)
        self._world.settle()
        (directory / WORLD).write_text(json.dumps(self._world.dump()), encoding="utf-8")
        return await _done(partial(self._hosts.keep, directory / HOSTS))

    async def restore(self, request: web.Request) -> web.Response:
        directory = Path((await request.json())["directory"])
        self._world.restore(json.loads((directory / WORLD).read_text(encoding="utf-8")))
        await self._apply_refusals()
        return await _done(partial(self._hosts.put_back, directory / HOSTS))

    async def settle(self, _request: web.Request) -> web.Response:
        self._world.settle()
        return web.json_response({})

    async def add_faults(self, request: web.Request) -> web.Response:
        try:
            self._world.set_faults(_listed(await request.text()))
        except (ValueError, re.error) as error:
            return web.Response(status=400, text=f"{error}\n")
        await self._apply_refusals()
        return web.json_response({})

    async def clear_faults(self, _request: web.Request) -> web.Response:
        self._world.clear_faults()
        await self._apply_refusals()
        return web.json_response({})


async def _done(change: Callable[[], None]) -> web.Response:
    """Change the hosts in a thread, and answer when that is done."""
    try:
        await asyncio.to_thread(change)
    except (HostError, OSError) as error:
        return web.Response(status=500, text=f"{error}\n")
    return web.json_response({})


def _listed(text: str) -> list[dict[str, Any]]:
    """Return the faults that a request brings. Raises ValueError if it is not a list of mappings."""
    faults = json.loads(text)
    if not isinstance(faults, list) or not all(isinstance(one, dict) for one in faults):
        raise ValueError("a list of faults is needed")
    return faults
