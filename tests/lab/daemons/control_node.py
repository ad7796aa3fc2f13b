# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control node: instances that import and export by route target, service chains that re-originate.

Runs the mechanism until it settles instead of working out its result: paths are replicated between instances,
each service instance re-originates what its destination holds, and that is replicated again.

All routers are peers of internal BGP, and none is told what another one has told: split horizon, without route
reflection (BgpTable::GetUpdateInfo). What a service re-originates is the control node's own, and all of them are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_network

from lab.core.faults import Fault, Faults
from lab.daemons.objects import JsonDict, ObjectStore, colons, names_referred_to, references
from lab.daemons.paths import CHAIN, INTERFACE, Path, host_prefix
from lab.daemons.routing_instances import EXPORT, IMPORT, INFORMATION

GROUPS_SINCE = (5, 0)  # from here on a chain with one dead service withdraws as a whole
ROUNDS = 64  # more rounds than any chain of services can need to settle

ACTIVE, DOWN, GROUP_DOWN, PENDING = "active", "down", "group down", "pending"
NO_DESTINATION = "Destination routing instance does not exist"
NO_INDEX = "Destination virtual network index is unknown"
NOT_CONNECTED = "Connected routing instance does not exist"
FAMILIES = {4: "inet", 6: "inet6"}

Table = dict[str, list[Path]]


@dataclass(frozen=True)
class ChainInformation:
    """What a service routing instance is told of its chain, for one IP version; instance names with colons.

    `service` is the service instance, `prefixes` are the subnets of the destination's network.
    """

    service_instance: str
    source: str
    destination: str
    address: str
    chain: str
    version: int
    service: str = ""
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How a service stands in its chain: `state` with, where it is pending, a `reason` in the control node's words.

    `connected` are the ways to the service.
    """

    information: ChainInformation
    state: str = ACTIVE
    reason: str = ""
    connected: tuple[Path, ...] = ()


@dataclass
class Instance:
    """A routing instance as the control node sees it. `index` is its network's number, 0 if that is unknown."""

    name: str
    network: str
    transit: bool
    index: int = 0
    imports: set[str] = field(default_factory=set)
    exports: set[str] = field(default_factory=set)
    chains: list[ChainInformation] = field(default_factory=list)


@dataclass
class Routing:
    """What the control node has settled on.

    `tables` maps instances to prefixes to paths, best first; `vpn` are the paths for its BGP peers, with
    targets and route distinguisher; `standings` tell how each service stands in its chain. `infeasible` holds,
    like `tables`, the paths that are there and not used.
    """

    tables: dict[str, Table]
    vpn: list[Path]
    standings: list[Standing]
    instances: dict[str, Instance]
    infeasible: dict[str, Table]


class ControlNode:
    """Computes routes from the config API's routing instances, the vRouters' paths and the routers'."""

    def __init__(self, store: ObjectStore, release: tuple[int, ...], faults: Faults | None = None) -> None:
        self._store = store
        self._faults = faults or Faults()
        self._grouped = release >= GROUPS_SINCE
        self._numbers: dict[str, int] = {}

    def settle(self, from_vrouters: Iterable[Path], from_routers: Iterable[Path]) -> Routing:
        """Return the routes that everybody's paths lead to."""
        instances = self._instances()
        born = [path for path in from_vrouters if path.instance in instances]
        received = list(from_routers)
        chained: list[Path] = []
        for _round in range(ROUNDS):
            tables = _replicate(instances, [*born, *chained], received)
            infeasible = self._disturb(tables)
            standings = self._standings(instances, tables)
            live = [one for one in standings if one.state == ACTIVE]
            before, chained = chained, [path for one in live for path in _reoriginate(one, instances, tables)]
            if chained == before:
                break
        vpn = [
            replace(
                path,
                targets=frozenset(instances[path.instance].exports),
                distinguisher=self.distinguisher(path),
            )
            for path in [*born, *chained]
            if not self._lost(path.instance, path.prefix)
        ]
        return Routing(tables, vpn, standings, instances, infeasible)

    def distinguisher(self, path: Path) -> str:
        """Return the route distinguisher of a path that was born in an instance here."""
        return f"{path.next_hop}:{self._number(path.instance)}"

    def _instances(self) -> dict[str, Instance]:
        """Read the routing instances; a connection imports what the other side exports."""
        items = {colons(item["fq_name"]): item for item in self._store.objects("routing-instance")}
        networks = {colons(network["fq_name"]): network for network in self._store.objects("virtual-network")}
        instances = {name: _read_instance(name, item, networks) for name, item in items.items()}
        for name, item in items.items():
            for other in names_referred_to(item, "routing-instance"):
                if other in instances:
                    instances[name].imports |= instances[other].exports
        return instances

    def _standings(self, instances: Mapping[str, Instance], tables: Mapping[str, Table]) -> list[Standing]:
        """Return how all services stand: one is active while a vRouter announces its service address."""
        everyone = [
            self._standing(information, instances, tables)
            for instance in instances.values()
            for information in instance.chains
            if not self._fault("missing", information, instance)
        ]
        if not self._grouped:
            return everyone
        dead = {(one.information.chain, one.information.version) for one in everyone if one.state != ACTIVE}
        return [
            replace(one, state=GROUP_DOWN)
            if one.state == ACTIVE and (one.information.chain, one.information.version) in dead
            else one
            for one in everyone
        ]

    def _standing(
        self, information: ChainInformation, instances: Mapping[str, Instance], tables: Mapping[str, Table]
    ) -> Standing:
        own = instances[information.service_instance]
        fault = self._fault("pending", information, own)
        reason = (fault.reason or NO_INDEX) if fault else _lacking(information, instances)
        if reason:
            return Standing(information, PENDING, reason)
        connected = tuple(_connected(information, tables[information.source]))
        if not connected or self._fault("down", information, own):
            return Standing(information, DOWN)
        if self._fault("group_down", information, own):
            return Standing(information, GROUP_DOWN, connected=connected)
        return Standing(information, connected=connected)

    def _fault(self, kind: str, information: ChainInformation, instance: Instance) -> Fault | None:
        """Return the fault that lasts for a service in its chain."""
        return self._faults.condition(
            "control",
            kind,
            instance=information.service_instance,
            service=information.service,
            network=instance.network,
            family=FAMILIES[information.version],
        )

    def _disturb(self, tables: Mapping[str, Table]) -> dict[str, Table]:
        """Take out of the tables what a fault keeps from being used; return what of it is still to be seen."""
        infeasible: dict[str, Table] = {}
        if not self._faults.disturbs("control"):
            return infeasible
        for name, table in tables.items():
            for prefix in [prefix for prefix in table if self._lost(name, prefix)]:
                paths = table.pop(prefix)
                if self.condition_of_route("infeasible", name, prefix):
                    infeasible.setdefault(name, {})[prefix] = paths
        return infeasible

    def _lost(self, instance: str, prefix: str) -> bool:
        """Say whether a fault keeps an instance's route from being used."""
        return any(self.condition_of_route(kind, instance, prefix) for kind in ("no_route", "infeasible"))

    def condition_of_route(self, kind: str, instance: str, prefix: str) -> bool:
        """Say whether a fault of a kind (no_route, infeasible, stale) lasts for an instance's route."""
        if not self._faults.disturbs("control"):
            return False
        table = f"{instance}.{FAMILIES[ip_network(prefix).version]}.0"
        return self._faults.condition("control", kind, table=table, prefix=prefix) is not None

    def _number(self, instance: str) -> int:
        """Return the number of an instance in route distinguishers."""
        return self._numbers.setdefault(instance, len(self._numbers) + 1)


def _read_instance(name: str, item: JsonDict, networks: Mapping[str, JsonDict]) -> Instance:
    network = name.rpartition(":")[0]
    properties = networks.get(network, {})
    instance = Instance(
        name,
        network,
        transit=bool((properties.get("virtual_network_properties") or {}).get("allow_transit")),
        index=properties.get("virtual_network_network_id") or 0,
    )
    for reference in references(item, "route-target"):
        direction = (reference.get("attr") or {}).get("import_export")
        target = colons(reference["to"])
        if direction != EXPORT:
            instance.imports.add(target)
        if direction != IMPORT:
            instance.exports.add(target)
    for version, name_of_property in INFORMATION.items():
        information = item.get(name_of_property)
        if information:
            instance.chains.append(
                ChainInformation(
                    service_instance=name,
                    source=information.get("source_routing_instance") or name,
                    destination=information["routing_instance"],
                    address=host_prefix(information["service_chain_address"]),
                    chain=information.get("service_chain_id") or name,
                    version=version,
                    service=information.get("service_instance") or "",
                    prefixes=tuple(information.get("prefix") or ()),
                )
            )
    return instance


def _lacking(information: ChainInformation, instances: Mapping[str, Instance]) -> str | None:
    """Return what a service must wait for before it can take its place, in the control node's words."""
    if information.destination not in instances:
        return NO_DESTINATION
    if not instances[information.destination].index:
        return NO_INDEX
    return None if information.source in instances else NOT_CONNECTED


def _replicate(instances: Mapping[str, Instance], born: Iterable[Path], received: Iterable[Path]) -> dict[str, Table]:
    """Return every instance's table: what was born in it, and what it imports from others and the router."""
    tables: dict[str, Table] = {name: defaultdict(list) for name in instances}
    importers: dict[str, set[str]] = defaultdict(set)
    for name, instance in instances.items():
        for target in instance.imports:
            importers[target].add(name)
    for path in born:
        exports = instances[path.instance].exports
        for name in {path.instance}.union(*(importers[target] for target in exports)):
            tables[name][path.prefix].append(path)
    owners = _owners(instances.values())
    for path in received:
        known = {network for target in path.targets for network in owners.get(target, ())}
        for name in set().union(*(importers[target] for target in path.targets)):
            tables[name][path.prefix].append(replace(path, origin=_origin(path, known, instances[name])))
    for table in tables.values():
        for paths in table.values():
            paths.sort(key=lambda path: path.rank)
    return tables


def _owners(instances: Iterable[Instance]) -> dict[str, set[str]]:
    """Return, by route target, the networks with an instance that both imports and exports it."""
    owners: dict[str, set[str]] = defaultdict(set)
    for instance in instances:
        for target in instance.imports & instance.exports:
            owners[target].add(instance.network)
    return owners


def _origin(path: Path, known: set[str], importer: Instance) -> str | None:
    """Return the network that the control node takes a router's path to come from, None if it cannot tell."""
    if len(known) == 1:
        return next(iter(known))
    return importer.network if path.targets & importer.exports else None


def _connected(information: ChainInformation, table: Table) -> list[Path]:
    """Return the best ways to a service, one a compute node, as vRouters announced them."""
    announced = [path for path in table.get(information.address, []) if path.protocol == INTERFACE]
    announced = [path for path in announced if path.instance == information.source]
    best = [path for path in announced if path.local_preference == announced[0].local_preference]
    return list({path.next_hop: path for path in reversed(best)}.values())[::-1]


def _reoriginate(standing: Standing, instances: Mapping[str, Instance], tables: Mapping[str, Table]) -> list[Path]:
    """Return what a service instance makes of its destination's routes: the prefixes, by its service."""
    information = standing.information
    source = instances[information.source].network
    destination = instances[information.destination]
    made = []
    for prefix, paths in tables[information.destination].items():
        best = paths[0]
        if prefix == information.address or ip_network(prefix).version != information.version:
            continue
        if best.origin != destination.network and (best.origin == source or not destination.transit):
            continue
        if source in best.networks:
            continue
        made += [
            replace(
                connected,
                prefix=prefix,
                protocol=CHAIN,
                instance=information.service_instance,
                origin=destination.network,
                networks=(*best.networks, destination.network),
            )
            for connected in standing.connected
        ]
    return made
