# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab as one thing, without its servers: objects, daemons, routers, and what they make of one another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from functools import partial
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

from lab.contrail.fresh import fresh_store
from lab.core.faults import Faults
from lab.core.routes import RouteTable
from lab.core.site import RouterData, Site
from lab.daemons.bgp_routers import admitted_speakers
from lab.daemons.control_node import ControlNode, Routing
from lab.daemons.paths import Path
from lab.daemons.router_tables import RouterTables, Speaker, paths_to_router, speaker_of
from lab.daemons.router_view import view_of
from lab.daemons.schema_transformer import SchemaTransformer
from lab.daemons.service_monitor import ServiceMonitor
from lab.daemons.vrouters import VRouters
from lab.junos.operational import Operational
from lab.junos.router import Router
from lab.openstack.cloud import Cloud
from lab.openstack.projects import adopt_projects
from lxml import etree

DAEMON_DELAY = 0.05  # seconds from a write until the daemons act on it; more writes meanwhile share the turn
TURNS = 10  # more turns than the daemons can need to come to rest
ROUTER_COUNTERS = ("sessions", "rpcs", "locks", "commits")
COUNTERS = {
    "contrail": ("reads", "writes"),
    "introspect": ("requests", "writes"),
    "openstack": ("reads", "writes"),
}


@dataclass(frozen=True)
class Findings:
    """What the routers, by name, and the control node have come to in one state of the world.

    `since` is when they came to it (UTC).
    """

    routers: Mapping[str, Speaker]
    routing: Routing
    since: datetime

    @property
    def told(self) -> list[Path]:
        """What all routers tell the control node."""
        return [path for speaker in self.routers.values() for path in speaker.told]


class World:
    """Contrail, the routers and the guests of a site.

    Writes that come in over HTTP wake the daemons after `daemon_delay` seconds, if an event loop runs;
    whoever writes to `store` directly calls `settle`. `on_change` is called after anything may have changed.
    With `openstack` Contrail holds Keystone's projects from the start, as its OpenStack plug-in makes them.
    """

    def __init__(
        self,
        site: Site,
        *,
        daemon_delay: float = DAEMON_DELAY,
        clock: Callable[[], float] = time.monotonic,
        openstack: bool = False,
    ) -> None:
        self.site = site
        self.faults = Faults()
        self.counters: dict[str, MutableMapping[str, int]] = {
            server: dict.fromkeys(names, 0) for server, names in COUNTERS.items()
        }
        self.router_counters = {router.name: dict.fromkeys(ROUTER_COUNTERS, 0) for router in site.routers}
        self.on_change: list[Callable[[], None]] = []
        self.store = fresh_store()
        if openstack:
            adopt_projects(self.store, site.people)
        self._fresh_objects = self.store.dump()
        self.cloud = Cloud(site.openstack, site.computes, self.store, self.faults, clock)
        self.vrouters = VRouters(self.store, site, self.faults)
        self._clock = clock
        self._delay = daemon_delay
        self._turn: asyncio.TimerHandle | None = None
        self._turn_seconds = 0.0
        self._findings: Findings | None = None
        self._tables: dict[str, list[RouteTable]] = {}  # of routers, made from the findings when somebody asks
        self._start_daemons()
        self._machines = {
            site.controller,
            *site.computes.values(),
            *(str(ip_interface(each).ip) for host in site.hosts.values() for each in host.interfaces.values()),
        }
        self.routers = {one.name: self._make_router(one) for one in site.routers}
        self.store.subscribe(self.schedule)
        self.settle()

    def _make_router(self, data: RouterData) -> Router:
        name = data.name
        router = Router(
            data.configuration,
            host_name=name,
            version=data.version,
            marks_pending=data.marks_pending,
            operational=Operational(
                partial(self.route_tables, name), partial(self.established, name), partial(self.answers, name)
            ),
        )
        router.on_commit.append(self._note)
        return router

    @property
    def router(self) -> Router:
        """The first router, which is the only one of most sites."""
        return next(iter(self.routers.values()))

    def _start_daemons(self) -> None:
        """Start the daemons with empty memories."""
        release = self.site.release_number
        self.service_monitor = ServiceMonitor(self.store, release, self.faults)
        self.schema_transformer = SchemaTransformer(self.store, self.faults)
        self.control_node = ControlNode(self.store, release, self.faults)
        self._router_tables = {
            router.name: RouterTables(self.site.controller, self._clock, self.faults, router.name)
            for router in self.site.routers
        }

    # Running

    def schedule(self) -> None:
        """Let the daemons have a turn soon; calls until then make no further one."""
        self._note()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._turn is None:
            pause = max(self._delay, 2 * self._turn_seconds)  # with very many objects, leave time for requests
            self._turn = loop.call_later(pause, self.settle)

    def settle(self) -> None:
        """Let the daemons work until they have nothing left to do."""
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        began = time.perf_counter()
        for _turn in range(TURNS):
            changed = self.service_monitor.reconcile()
            if not self.schema_transformer.reconcile() and not changed:
                break
        self._turn_seconds = time.perf_counter() - began
        self._note()

    def set_faults(self, descriptions: Iterable[Mapping[str, Any]]) -> None:
        """Add faults as lab.faults describes them; what they disturb shows it from now on. Raises ValueError."""
        self.faults.add(descriptions)
        if self.faults.lasting:
            self.settle()

    def clear_faults(self) -> None:
        """Forget all faults, dead guests included; the daemons make up for what was held back."""
        lasting = self.faults.lasting
        self.faults.clear()
        self.set_guests_down(())
        if lasting:
            self.settle()

    def set_guests_down(self, ports: Iterable[str]) -> None:
        """Let the guests behind these ports, and only these, be dead."""
        self.vrouters.down = set(ports)
        self._note()

    def _note(self) -> None:
        """Forget what was computed from an earlier state, and tell who wants to know."""
        self._findings = None
        self._tables.clear()
        for listener in self.on_change:
            listener()

    # Looking

    def route_tables(self, router: str | None = None) -> list[RouteTable]:
        """Return the routing tables of a router, the first one unless it is named, as of now.

        They are built again only after a change, and nobody may change them.
        """
        name = router or self.site.routers[0].name
        if name not in self._tables:
            found = self.look()
            speaker = found.routers[name]
            received = paths_to_router(speaker.view, speaker.session, found.routing.vpn)
            self._tables[name] = self._router_tables[name].build(speaker.view, received)
        return self._tables[name]

    def established(self, router: str) -> frozenset[str]:
        """Return the addresses of a router's BGP peers whose sessions are up."""
        return frozenset() if self.look().routers[router].session.fault else frozenset({self.site.controller})

    def answers(self, router: str, address: str, instance: str) -> bool:
        """Say whether an address answers to a ping of a router: in the main instance the machines of the site,
        in a VRF whatever it has a route to that somebody announces."""
        if instance in ("", "master", "default"):
            return address in self._machines
        table = next((one for one in self.route_tables(router) if one.name == f"{instance}.inet.0"), None)
        return table is not None and any(
            entry.active and entry.protocol == "BGP" and ip_address(address) in ip_network(one.prefix)
            for one in table.destinations
            for entry in one.entries
        )

    def look(self) -> Findings:
        """Return what the routers and the control node have come to; computed again only after a change."""
        if self._findings is None:
            admitted = admitted_speakers(self.store, self.site.controller)
            speakers = {
                name: speaker_of(view_of(router.inherited()), self.site.controller, self.faults, name, admitted)
                for name, router in self.routers.items()
            }
            told = [path for speaker in speakers.values() for path in speaker.told]
            routing = self.control_node.settle(self.vrouters.paths(), told)
            self._findings = Findings(speakers, routing, datetime.now(timezone.utc))
        return self._findings

    def counted(self) -> dict[str, Mapping[str, int]]:
        """Return how often the servers were asked for what: `junos` is all routers, `junos:vmx1` one of them."""
        junos = {name: sum(one[name] for one in self.router_counters.values()) for name in ROUTER_COUNTERS}
        each = {f"junos:{router}": counters for router, counters in self.router_counters.items()}
        return {**self.counters, "junos": junos, **each}

    def state(self) -> dict[str, Any]:
        """Return everything there is to see, as JSON can hold it.

        `contrail` maps kinds to their objects; `routers` has by name the configuration as text and the fault of the
        BGP session, if any; `chains` tells how each service chain fares.
        """
        objects: dict[str, list[Any]] = {}
        for kind, item in self.store.all_objects():
            objects.setdefault(kind, []).append(item)
        return {
            "contrail": objects,
            "routers": {
                name: {"configuration": self.routers[name].text(), "bgp_fault": speaker.session.fault}
                for name, speaker in self.look().routers.items()
            },
            "chains": [
                {**asdict(one.chain), "created": one.created, "error": one.error, "reason": one.reason}
                for one in self.schema_transformer.chains
            ],
            "daemon_errors": self.service_monitor.errors,
            "counters": self.counted(),
        }

    # Keeping

    def reset(self) -> None:
        """Go back to the fresh state: objects, configuration, guests, faults and counters."""
        self.faults.clear()
        self.vrouters.down = set()
        for counters in (*self.counters.values(), *self.router_counters.values()):
            counters.update(dict.fromkeys(counters, 0))
        self.store.restore(self._fresh_objects)
        self.cloud.reset()
        self._start_daemons()
        for router in self.routers.values():
            router.reset()
        self.settle()

    def dump(self) -> dict[str, Any]:
        """Return what a restart must not lose: the API's objects, the routers' configurations, the vRouters' labels."""
        return {
            "contrail": self.store.dump(),
            "openstack": self.cloud.dump(),
            "labels": self.vrouters.dump(),
            "routers": {
                name: etree.tostring(router.committed, encoding="unicode") for name, router in self.routers.items()
            },
        }

    def restore(self, dump: dict[str, Any]) -> None:
        """Go on from what `dump` returned, here or in another lab with the same site; without faults."""
        self.faults.clear()
        self.vrouters.restore(dump.get("labels", ()))
        self.store.restore(dump["contrail"])
        self.cloud.restore(dump["openstack"])
        self._start_daemons()
        for name, router in self.routers.items():
            router.restore(dump["routers"][name])
        self.settle()
