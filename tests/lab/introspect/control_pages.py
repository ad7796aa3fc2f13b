# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the control node: service chains, routes, neighbors, routing instances, route target groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from lab.core.world import World
from lab.daemons.control_node import FAMILIES, GROUPS_SINCE, Instance, Standing
from lab.daemons.objects import primary_instance
from lab.daemons.paths import CHAIN
from lab.introspect.batches import Entry, Listing, searcher
from lab.introspect.neighbors import neighbors
from lab.introspect.route_page import RoutePage
from lab.introspect.route_values import RouteValues
from lab.introspect.serving import Page
from lab.introspect.writing import Values

STATES = ("pending", "down", "deleted")


class ControlPages:
    """Shows a world's control node."""

    def __init__(self, world: World) -> None:
        self._world = world

    def pages(self) -> Mapping[str, Page]:
        """Return the pages by request."""
        return {
            **Listing("ShowServiceChainResp", "service_chain_list", self._chains).pages("ShowServiceChainReq"),
            **Listing("BgpNeighborListResp", "neighbors", self._neighbors).pages("BgpNeighborReq"),
            **Listing("ShowBgpNeighborSummaryResp", "neighbors", self._neighbors).pages("ShowBgpNeighborSummaryReq"),
            **Listing("ShowRoutingInstanceResp", "instances", partial(self._instances, whole=True)).pages(
                "ShowRoutingInstanceReq"
            ),
            **Listing("ShowRoutingInstanceSummaryResp", "instances", partial(self._instances, whole=False)).pages(
                "ShowRoutingInstanceSummaryReq"
            ),
            **Listing("ShowRtGroupResp", "rtgroup_list", self._target_groups).pages("ShowRtGroupReq"),
            **RoutePage(self._world).pages(),
        }

    def _chains(self, search: str) -> Iterator[Entry]:
        """Yield how the services stand; the words for states choose by state, other patterns by table."""
        matches = searcher(search)
        chains = ChainValues(RouteValues(self._world), self._world)
        for standing in self._world.look().routing.standings:
            table = f"{standing.information.service_instance}.{FAMILIES[standing.information.version]}.0"
            if (search in STATES and search == standing.state) or matches(table):
                yield table, partial(chains.values, standing)

    def _neighbors(self, search: str) -> Iterator[Entry]:
        matches = searcher(search)
        for neighbor in neighbors(self._world):
            if matches(neighbor.name) or matches(neighbor.address):
                yield neighbor.name, neighbor.values

    def _instances(self, search: str, *, whole: bool) -> Iterator[Entry]:
        matches = searcher(search)
        tables = RouteValues(self._world)
        subscribers = self._subscribers() if whole else {}
        for name, instance in self._world.look().routing.instances.items():
            if matches(name):
                yield name, partial(_instance, instance, tables if whole else None, subscribers.get(name, []))

    def _subscribers(self) -> Mapping[str, list[str]]:
        """Return the compute nodes that have ports in a network's own instance, by instance."""
        found: dict[str, dict[str, None]] = {}
        for port in self._world.vrouters.ports():
            if self._world.vrouters.connected(port.guest.compute):
                for network in port.networks:
                    found.setdefault(primary_instance(network), {})[port.guest.compute] = None
        return {name: list(computes) for name, computes in found.items()}

    def _target_groups(self, search: str) -> Iterator[Entry]:
        matches = searcher(search)
        found = self._world.look()
        instances = found.routing.instances.values()
        asked = {name: speaker.interests for name, speaker in found.routers.items()}
        known = set().union(*asked.values(), *(one.imports | one.exports for one in instances))
        for target in sorted(known):
            if matches(target):
                values = {
                    "rtarget": target,
                    "import_members": _members([one.name for one in instances if target in one.imports]),
                    "export_members": _members([one.name for one in instances if target in one.exports]),
                    "peers_interested": [name for name, interests in asked.items() if target in interests],
                }
                yield target, partial(dict, values)


def _members(instances: list[str]) -> list[Values]:
    return [
        {"family": family, "tables": [f"{name}.{family}.0" for name in sorted(instances)]}
        for family in FAMILIES.values()
        if instances
    ]


def _instance(instance: Instance, tables: RouteValues | None, subscribers: list[str]) -> Values:
    """Return a routing instance; without `tables` in short."""
    values: dict[str, Any] = {
        "name": instance.name,
        "virtual_network": instance.network,
        "vn_index": instance.index,
        "vxlan_id": instance.index,
        "import_target": sorted(instance.imports),
        "export_target": sorted(instance.exports),
        "allow_transit": instance.transit,
    }
    if tables:
        peers = [
            {"peer": name, "ribout_registered": True, "ribin_registered": True, "instance_id": place}
            for place, name in enumerate(subscribers, 1)
        ]
        membership = {"requests": len(peers), "walks": len(peers), "peers": peers}
        counted = ((table, tables.table_values(table, routes, ())) for table, routes in tables.tables(instance.name))
        values["tables"] = [
            {
                "name": table,
                "membership": membership,
                **{name: value for name, value in numbers.items() if name.endswith(("paths", "prefixes"))},
            }
            for table, numbers in counted
        ]
    return values


@dataclass(frozen=True)
class ChainValues:
    """Writes how services stand in their chains."""

    routes: RouteValues
    world: World

    def values(self, standing: Standing) -> Values:
        """Return what the control node shows of a service in its chain."""
        told = standing.information
        named = self.world.site.release_number >= GROUPS_SINCE
        pending = standing.state == "pending"
        return {
            "src_virtual_network": told.service_instance.rpartition(":")[0],
            "dest_virtual_network": told.destination.rpartition(":")[0],
            "service_instance": told.service,
            "family": FAMILIES[told.version],
            "src_rt_instance": told.service_instance,
            "connected_rt_instance": told.source,
            "dest_rt_instance": told.destination,
            "service_chain_addr": told.address.partition("/")[0],
            "state": standing.state,
            "pending_reason": standing.reason,
            "service_chain_id": told.chain if named else None,
            "connected_route": self._connected(standing),
            "more_specifics": [] if pending else [{"prefix": prefix} for prefix in told.prefixes],
            "ext_connecting_rt_info_list": list(self._brought(standing)),
        }

    def _connected(self, standing: Standing) -> Values | None:
        told = standing.information
        if standing.state == "pending":
            return None
        found = {"service_chain_addr": told.address.partition("/")[0]}
        if not standing.connected:
            return found
        tables = self.routes.tables(told.source)
        routes = (one for _table, listed in tables for one in listed if one.prefix == told.address)
        return {**found, "connected_rt": next(map(self.routes.route_values, routes), None)}

    def _brought(self, standing: Standing) -> Iterator[Values]:
        """Yield the routes that the service brings into its instance."""
        if standing.state != "active":
            return
        for _table, routes in self.routes.tables(standing.information.service_instance):
            for route in routes:
                own = [path for path in route.paths if path.protocol == CHAIN and self.routes.is_primary(path, route)]
                if own and own[0].version == standing.information.version:
                    yield {"ext_rt_prefix": route.prefix, "ext_rt_svc_rt": self.routes.route_values(route)}
