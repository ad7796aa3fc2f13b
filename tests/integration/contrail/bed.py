# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Contrail controller of the lab for tests, and modules run inside the test's process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from lab.contrail.api import create_app
from lab.core.site import read_site
from lab.core.world import World
from support.module_run import run_module

COLLECTION = "ansible_collections.opencontrail.service_chain.plugins"
PROJECT = ("default-domain", "default-project")


class Controller:
    """The lab's Contrail on a free port, its daemons included."""

    def __init__(self, world: World, url: str, call: Callable[[Callable[[], Any]], Any]) -> None:
        self.world = world
        self.url = url
        self._call = call

    def on_loop(self, function: Callable[[], Any]) -> Any:
        """Run a function in the server's thread, where the objects may be touched."""
        return self._call(function)

    def run(self, name: str, config: list[dict[str, Any]], *, check: bool = False, **options: Any) -> dict[str, Any]:
        """Run a module that takes `config`."""
        return run_module(name, {"api_url": [self.url], "config": config, **options}, check=check)

    def info(self, kind: str, **options: Any) -> list[dict[str, Any]]:
        """Run contrail_info and return the objects."""
        objects: list[dict[str, Any]] = run_module("contrail_info", {"api_url": [self.url], "kind": kind, **options})[
            "objects"
        ]
        return objects

    def find(self, kind: str, *fq_name: str) -> dict[str, Any] | None:
        """Return a stored object; a name of one part is completed with the default project."""
        full = [*PROJECT, *fq_name] if len(fq_name) == 1 else list(fq_name)
        return self.on_loop(lambda: self.world.store.find(kind, full))  # type: ignore[no-any-return]

    def has(self, kind: str, name: str) -> bool:
        """Tell whether there is an object of a full name."""
        return self.on_loop(lambda: self.world.store.find(kind, name.split(":"))) is not None

    def reset(self) -> None:
        """Bring the controller back to its first state, without faults and with counters at zero."""
        self.on_loop(self.world.reset)

    def settle(self) -> None:
        """Let the daemons come to rest."""
        self.on_loop(self.world.settle)

    @property
    def writes(self) -> int:
        """Writes that the server saw since the last reset."""
        return self.world.counters["contrail"]["writes"]

    def fault(self, **fault: Any) -> None:
        """Order a fault."""
        self.on_loop(lambda: self.world.faults.add([{"server": "contrail", **fault}]))


def twelve_steps(
    contrail: Controller, module: str, created: list[dict[str, Any]], modified: list[dict[str, Any]], **options: Any
) -> None:
    """Create, modify and delete what a module manages, each foretold, done, and found done by two more runs.

    `created` and `modified` are what `config` is for the same objects, `options` other options of all runs.
    """
    for config, state, action in (
        (created, "present", "created"),
        (modified, "present", "updated"),
        (created, "absent", "deleted"),
    ):
        written = contrail.writes
        foretold = contrail.run(module, config, check=True, state=state, **options)
        assert contrail.writes == written, "check mode wrote"
        made = contrail.run(module, config, state=state, **options)
        assert made["changed"] is foretold["changed"] is True
        assert made["objects"][0]["action"] == action
        assert [(o["kind"], o["fq_name"], o["action"]) for o in made["objects"]] == [
            (o["kind"], o["fq_name"], o["action"]) for o in foretold["objects"]
        ]
        assert made["diff"] == foretold["diff"]
        assert made["diff"]["before"] != made["diff"]["after"]
        assert "&id" not in made["diff"]["after"], "a diff is read by people: no YAML anchors"
        contrail.settle()

        written = contrail.writes
        for check in (True, False, True, False):  # the daemons have their say after the second run too
            contrail.settle()
            again = contrail.run(module, config, check=check, state=state, **options)
            assert again["changed"] is False
            assert again["diff"] == {"before": "", "after": ""}
            assert {o["action"] for o in again["objects"]} == {"unchanged"}
        assert contrail.writes == written, "a run without a change wrote"
        for item in made["objects"][: len(config)]:
            assert contrail.has(item["kind"], item["fq_name"]) is (state == "present")


@contextmanager
def controller() -> Iterator[Controller]:
    """Run the lab's Contrail in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def call(function: Callable[[], Any]) -> Any:
        async def run() -> Any:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), loop).result(30)

    async def start() -> tuple[World, web.AppRunner, int]:
        world = World(read_site(), daemon_delay=0.005)
        runner = web.AppRunner(create_app(world.store, world.counters, world.faults))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return world, runner, runner.addresses[0][1]

    world, runner, port = asyncio.run_coroutine_threadsafe(start(), loop).result(60)
    try:
        yield Controller(world, f"http://127.0.0.1:{port}", call)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
