# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control node: instances that import and export by route target, service chains that re-originate.

Runs the mechanism until it settles instead of working out its result: paths are replicated between instances,
each service instance re-originates what its destination holds, and that is replicated again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_network

from .objects import JsonDict, ObjectStore, colons, names_referred_to, references
from .paths import CHAIN, INTERFACE, Path, host_prefix
from .routing_instances import EXPORT, IMPORT, INFORMATION

GROUPS_SINCE = (5, 0)  # from here on a chain with one dead service withdraws as a whole
ROUNDS = 64  # more rounds than any chain of services can need to settle

Table = dict[str, list[Path]]


@dataclass(frozen=True)
class ChainInformation:
    """What a service instance is told of its chain, for one IP version; instance names with colons."""

    service_instance: str
    source: str
    destination: str
    address: str
    chain: str
    version: int


@dataclass
class Instance:
    """A routing instance as the control node sees it."""

    name: str
    network: str
    transit: bool
    imports: set[str] = field(default_factory=set)
    exports: set[str] = field(default_factory=set)
    chains: list[ChainInformation] = field(default_factory=list)


@dataclass
class Routing:
    """What the control node has settled on.

    `tables` maps instances to prefixes to paths, best first; `vpn` are the paths for its BGP peers, with
    targets and route distinguisher; `live` the chain informations whose services answer.
    """

    tables: dict[str, Table]
    vpn: list[Path]
    live: list[ChainInformation]


class ControlNode:
    """Computes routes from the config API's routing instances, the vRouters' paths and the router's."""

    def __init__(self, store: ObjectStore, release: tuple[int, ...]) -> None:
        self._store = store
        self._grouped = release >= GROUPS_SINCE
        self._numbers: dict[str, int] = {}

    def settle(self, from_vrouters: Iterable[Path], from_router: Iterable[Path]) -> Routing:
        """Return the routes that everybody's paths lead to."""
        instances = self._instances()
        born = [path for path in from_vrouters if path.instance in instances]
        received = list(from_router)
        chained: list[Path] = []
        for _round in range(ROUNDS):
            tables = _replicate(instances, [*born, *chained], received)
            live = self._live(instances, tables)
            before, chained = chained, [path for one in live for path in _reoriginate(one, instances, tables)]
            if chained == before:
                break
        vpn = [
            replace(
                path,
                targets=frozenset(instances[path.instance].exports),
                distinguisher=f"{path.next_hop}:{self._number(path.instance)}",
            )
            for path in [*born, *chained]
        ]
        return Routing(tables, vpn, live)

    def _instances(self) -> dict[str, Instance]:
        """Read the routing instances; a connection imports what the other side exports."""
        items = {colons(item["fq_name"]): item for item in self._store.objects("routing-instance")}
        transit = {
            colons(network["fq_name"]): bool((network.get("virtual_network_properties") or {}).get("allow_transit"))
            for network in self._store.objects("virtual-network")
        }
        instances = {name: _read_instance(name, item, transit) for name, item in items.items()}
        for name, item in items.items():
            for other in names_referred_to(item, "routing-instance"):
                if other in instances:
                    instances[name].imports |= instances[other].exports
        return instances

    def _live(self, instances: Mapping[str, Instance], tables: Mapping[str, Table]) -> list[ChainInformation]:
        """Return the chain informations whose service address is announced by a vRouter."""
        everyone = [information for instance in instances.values() for information in instance.chains]
        live = [one for one in everyone if one.destination in instances and _connected(one, tables.get(one.source, {}))]
        if not self._grouped:
            return live
        dead = {(one.chain, one.version) for one in everyone if one not in live}
        return [one for one in live if (one.chain, one.version) not in dead]

    def _number(self, instance: str) -> int:
        """Return the number of an instance in route distinguishers."""
        return self._numbers.setdefault(instance, len(self._numbers) + 1)


def _read_instance(name: str, item: JsonDict, transit: Mapping[str, bool]) -> Instance:
    network = name.rpartition(":")[0]
    instance = Instance(name, network, transit.get(network, False))
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
                )
            )
    return instance


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


def _reoriginate(
    information: ChainInformation, instances: Mapping[str, Instance], tables: Mapping[str, Table]
) -> list[Path]:
    """Return what a service instance makes of its destination's routes: the prefixes, by its service."""
    source = instances[information.source].network
    destination = instances[information.destination]
    through = _connected(information, tables[information.source])
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
            for connected in through
        ]
    return made
