# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control node's tables as its pages show them: every instance's own, and those of the VPN families."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from lab.core.world import Findings, World
from lab.daemons.control_node import FAMILIES
from lab.daemons.objects import autonomous_system
from lab.daemons.paths import BGP, CHAIN, INTERFACE, Path
from lab.introspect.times import stamp
from lab.introspect.writing import Values

MASTER = "default-domain:default-project:ip-fabric:__default__"
VPN_TABLES = {4: "bgp.l3vpn.0", 6: "bgp.l3vpn-inet6.0"}
SUFFIXED_SINCE = (1910,)
"""First release that shows how a route came to be behind its protocol: XMPP (interface)."""
ENCAPSULATIONS = ("gre", "udp")
HASHED = (
    "l3-source-address",
    "l3-destination-address",
    "l4-protocol",
    "l4-source-port",
    "l4-destination-port",
)


@dataclass(frozen=True)
class Route:
    """A prefix of a table as printed (with its distinguisher in a VPN table), and its paths, the best one first."""

    instance: str
    table: str
    prefix: str
    paths: tuple[Path, ...]
    infeasible: bool = False

    @property
    def bare(self) -> str:
        """The prefix without a distinguisher."""
        return self.prefix.split(":", 2)[2] if self.instance == MASTER else self.prefix

    @property
    def rank(self) -> tuple[str, str, int, int, str]:
        """Sorts routes by table and address."""
        network = ip_network(self.bare)
        return (self.instance, self.table, int(network.network_address), network.prefixlen, self.prefix)


class RouteValues:
    """Looks at the tables of one state of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._found: Findings = world.look()
        self._autonomous_system = autonomous_system(world.store)
        self._release = world.site.release_number
        self._computes = {address: name for name, address in world.site.computes.items()}
        self._importers: dict[str, set[str]] = defaultdict(set)
        for name, instance in self._found.routing.instances.items():
            for target in instance.imports:
                self._importers[target].add(name)
        self._service_addresses = {one.information.address for one in self._found.routing.standings}

    def tables(self, instance: str) -> Iterator[tuple[str, list[Route]]]:
        """Yield the tables of an instance, IPv4 first, with their routes in order."""
        held = self._found.routing.tables.get(instance, {})
        apart = self._found.routing.infeasible.get(instance, {})
        for version, family in FAMILIES.items():
            table = f"{instance}.{family}.0"
            routes = [
                Route(instance, table, prefix, tuple(paths), infeasible)
                for some, infeasible in ((held, False), (apart, True))
                for prefix, paths in some.items()
                if paths and ip_network(prefix).version == version
            ]
            yield table, sorted(routes, key=lambda one: one.rank)

    def vpn_tables(self) -> Iterator[tuple[str, list[Route]]]:
        """Yield the tables of what the control node exchanges with its BGP peers."""
        for version, table in VPN_TABLES.items():
            routes: dict[str, list[Path]] = defaultdict(list)
            for path in (*self._found.routing.vpn, *self._found.told):
                if path.version == version:
                    routes[f"{path.distinguisher}:{path.prefix}"].append(path)
            made = (Route(MASTER, table, prefix, tuple(paths)) for prefix, paths in routes.items())
            yield table, sorted(made, key=lambda one: one.rank)

    def all_tables(self, instance: str = "", table: str = "") -> Iterator[tuple[str, list[Route]]]:
        """Yield all tables in the order of their instances, or those of an instance or of a name."""
        for name in sorted({*self._found.routing.instances, MASTER}):
            if instance in ("", name):
                if name in self._found.routing.instances and (not table or table.startswith(f"{name}.")):
                    yield from self.tables(name)
                if name == MASTER and table in ("", *VPN_TABLES.values()):
                    yield from self.vpn_tables()

    def table_values(self, table: str, routes: Sequence[Route], shown: Iterable[Route]) -> Values:
        """Return a table: numbers over all its routes, and the routes that are to be shown."""
        instance = routes[0].instance if routes else table.rpartition(".")[0].rpartition(".")[0]
        primary = sum(self.is_primary(path, one) for one in routes for path in one.paths)
        paths = sum(len(one.paths) for one in routes)
        return {
            "routing_instance": instance,
            "routing_table_name": table,
            "prefixes": len(routes),
            "paths": paths,
            "primary_paths": primary,
            "secondary_paths": paths - primary,
            "infeasible_paths": sum(len(one.paths) for one in routes if one.infeasible),
            "stale_paths": sum(len(one.paths) for one in routes if self._is_stale(one)),
            "routes": [self.route_values(one) for one in shown],
        }

    def route_values(self, route: Route) -> Values:
        """Return a route with its paths."""
        return {
            "prefix": route.prefix,
            "last_modified": stamp(self._found.since),
            "paths": [self._path_values(path, route) for path in route.paths],
        }

    def is_primary(self, path: Path, route: Route) -> bool:
        """Say whether a path is in the table where it was born; those of the router are in the VPN tables."""
        return path.instance == route.instance or (path.protocol == BGP and route.instance == MASTER)

    def source(self, path: Path) -> str:
        """Return who a path is from: a compute node by name, a BGP peer by address."""
        if path.protocol == INTERFACE:
            return self._computes.get(path.next_hop, path.next_hop)
        return path.next_hop if path.protocol == BGP else ""

    def _is_stale(self, route: Route) -> bool:
        node = self._world.control_node
        return route.instance != MASTER and node.condition_of_route("stale", route.instance, route.prefix)

    def _path_values(self, path: Path, route: Route) -> Values:
        primary = self.is_primary(path, route)
        home = VPN_TABLES[path.version] if path.protocol == BGP else f"{path.instance}.{FAMILIES[path.version]}.0"
        targets = self._targets(path)
        vrouter = path.protocol == INTERFACE
        return {
            "protocol": self._protocol(path),
            "last_modified": stamp(self._found.since),
            "local_preference": path.local_preference,
            "med": path.med,
            "local_as": self._autonomous_system if path.protocol == BGP else 0,
            "peer_as": self._autonomous_system if path.protocol == BGP else 0,
            "peer_router_id": path.next_hop if path.protocol == BGP else "",
            "source": self.source(path),
            "next_hop": path.next_hop,
            "label": path.label,
            "origin": "incomplete" if path.protocol != BGP else "igp",
            "replicated": not primary,
            "primary_table": "" if primary else home,
            "secondary_tables": self._secondary_tables(path, targets) if primary else [],
            "communities": [*sorted(targets), *self._marks(path)],
            "origin_vn": path.origin or "",
            "flags": [self._flag(route)],
            "tunnel_encap": [] if path.protocol == BGP else ENCAPSULATIONS,
            "sequence_no": "1" if vrouter else "",
            "origin_vn_path": path.networks,
            "load_balance": {"decision_type": "field-hash", "fields": HASHED},
        }

    def _protocol(self, path: Path) -> str:
        if self._release < SUFFIXED_SINCE or path.protocol == BGP:
            return path.protocol
        served = path.protocol == CHAIN or path.prefix in self._service_addresses
        return f"{path.protocol} ({'service-interface' if served else 'interface'})"

    def _targets(self, path: Path) -> set[str]:
        instance = self._found.routing.instances.get(path.instance)
        return instance.exports if instance else set(path.targets)

    def _marks(self, path: Path) -> list[str]:
        """Return the communities of a path that are no route targets."""
        instances: Mapping[str, object] = self._found.routing.instances
        if path.protocol == CHAIN and path.origin and path.instance in instances:
            origin = self._found.routing.instances.get(f"{path.origin}:{path.origin.rpartition(':')[2]}")
            return [f"originvn:{self._autonomous_system}:{origin.index}"] if origin else []
        return [f"encapsulation:{one}" for one in ENCAPSULATIONS] if path.protocol == INTERFACE else []

    def _secondary_tables(self, path: Path, targets: Iterable[str]) -> list[str]:
        importing = set().union(*(self._importers.get(target, set()) for target in targets)) - {path.instance}
        tables = [f"{name}.{FAMILIES[path.version]}.0" for name in sorted(importing)]
        return tables if path.protocol == BGP else [*tables, VPN_TABLES[path.version]]

    def _flag(self, route: Route) -> str:
        if route.infeasible:
            return "NoTunnelEncap"
        return "Stale" if self._is_stale(route) else "None"
