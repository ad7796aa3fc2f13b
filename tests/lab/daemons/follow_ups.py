# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schema transformer writes onto objects of users besides networks and BGP routers.

A logical router gets an automatic route target. The ports of a BGP service get BGP routers in their networks'
routing instances. Route aggregates and routing policies that are attached to a side of a service follow the
routing instance of that side: they refer to it, and an aggregate takes the service address for its next hop.
A port that mirrors to an analyzer gets the address of that, and no port keeps VRF assignments of users.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lab.daemons.objects import JsonDict, ObjectStore, autonomous_system, colons, references
from lab.daemons.route_targets import RouteTargets

BGP_ROUTER = "bgp-router"
INSTANCE = "routing-instance"
PORT = "virtual-machine-interface"
SERVER = "bgpaas-server"


@dataclass(frozen=True)
class BuiltSide:
    """A side of a service as a chain stands on it: its routing instance, and the service address there, if any."""

    service: str
    side: str
    instance: str
    address: str | None


class FollowUps:
    """Keeps what follows from objects of users in step with them."""

    def __init__(self, store: ObjectStore, targets: RouteTargets) -> None:
        self._store = store
        self._targets = targets

    def reconcile(self, sides: Iterable[BuiltSide], taken: set[str]) -> tuple[bool, set[str]]:
        """Bring all of it about; return whether anything changed, and the route targets of logical routers.

        ``taken`` are the automatic targets of routing instances.
        """
        targets: dict[str, str] = {}
        for item in self._store.objects("logical-router"):
            targets[item["uuid"]] = self._targets.automatic(item, taken | set(targets.values()))
        changed = False
        for uuid, target in targets.items():
            changed |= self._targets.ensure(target)
            changed |= self._refer(uuid, "route-target", {target: None}, keep=True)
        changed |= self._services_of_bgp() | self._ports()
        built = list(sides)
        return self._policies(built) | self._aggregates(built) | changed, set(targets.values())

    # Sides of services

    def _policies(self, sides: list[BuiltSide]) -> bool:
        changed = False
        for item in self._store.objects("routing-policy"):
            wanted: dict[str, JsonDict | None] = {}
            for reference in references(item, "service-instance"):
                attr = reference.get("attr") or {}
                for side in _of(sides, colons(reference["to"])):
                    sequence = attr.get(f"{side.side}_sequence")
                    if sequence is not None:
                        wanted[side.instance] = {"sequence": sequence}
            changed |= self._refer(item["uuid"], INSTANCE, wanted)
        return changed

    def _aggregates(self, sides: list[BuiltSide]) -> bool:
        changed = False
        for item in self._store.objects("route-aggregate"):
            attached = [
                side
                for reference in references(item, "service-instance")
                for side in _of(sides, colons(reference["to"]))
                if side.side == (reference.get("attr") or {}).get("interface_type")
            ]
            follows = bool(references(item, INSTANCE) or references(item, "service-instance"))
            changed |= self._refer(item["uuid"], INSTANCE, {side.instance: None for side in attached})
            hop = next((side.address for side in attached if side.address), None)
            if follows and item.get("aggregate_route_nexthop") != hop:
                self._store.update(item["uuid"], {"aggregate_route_nexthop": hop})
                changed = True
        return changed

    # Ports

    def _ports(self) -> bool:
        changed = False
        for port in self._store.objects(PORT):
            body: JsonDict = {}
            if port.get("vrf_assign_table"):
                body["vrf_assign_table"] = None
            properties = port.get("virtual_machine_interface_properties") or {}
            mirror = properties.get("interface_mirror") or {}
            target = mirror.get("mirror_to") or {}
            address = self._analyzer_address(target.get("analyzer_name"))
            if address and target.get("analyzer_ip_address") != address:
                filled = {**mirror, "mirror_to": {**target, "analyzer_ip_address": address}}
                body["virtual_machine_interface_properties"] = {**properties, "interface_mirror": filled}
            if body:
                self._store.update(port["uuid"], body)
                changed = True
        return changed

    def _analyzer_address(self, name: str | None) -> str | None:
        """Return the service address of the left side of an analyzer, None where there is none (yet)."""
        analyzer = self._store.find("service-instance", name.split(":")) if name else None
        address = self._store.find("instance-ip", [f"{analyzer['uuid']}-left-v4"]) if analyzer else None
        return (address or {}).get("instance_ip_address")

    # BGP services

    def _services_of_bgp(self) -> bool:
        changed = False
        wanted: dict[str, dict[str, None]] = {}
        for service in self._store.objects("bgp-as-a-service"):
            clients: dict[str, None] = {}
            for reference in references(service, PORT):
                port = self._store.get(reference["uuid"]) or {}
                name = self._instance_of(port)
                if name is None:
                    continue
                changed |= self._speaker([*name, SERVER], SERVER, autonomous_system(self._store))
                client = [*name, port["fq_name"][-1]]
                changed |= self._speaker(client, "bgpaas-client", service.get("autonomous_system"))
                clients[colons(client)] = None
                wanted.setdefault(port["uuid"], {})[colons(client)] = None
            changed |= self._refer(service["uuid"], BGP_ROUTER, clients)
        for uuid, routers in wanted.items():
            changed |= self._refer(uuid, BGP_ROUTER, routers)
        return changed | self._retire({name for routers in wanted.values() for name in routers})

    def _instance_of(self, port: JsonDict) -> list[str] | None:
        for reference in references(port, "virtual-network"):
            return [*reference["to"], reference["to"][-1]]
        return None

    def _speaker(self, name: list[str], kind: str, number: int | None) -> bool:
        if self._store.find(BGP_ROUTER, name):
            return False
        parameters = {"router_type": kind, "autonomous_system": number, "vendor": "contrail"}
        body = {"fq_name": name, "parent_type": INSTANCE, "bgp_router_parameters": parameters}
        self._store.create(BGP_ROUTER, body)
        return True

    def _retire(self, wanted: set[str]) -> bool:
        """Delete the clients of services that are no more."""
        gone = [
            item
            for item in self._store.objects(BGP_ROUTER)
            if (item.get("bgp_router_parameters") or {}).get("router_type") == "bgpaas-client"
            and colons(item["fq_name"]) not in wanted
        ]
        for item in gone:
            for kind in ("bgp-as-a-service", PORT):
                for user in self._store.back_references(item["uuid"], kind):
                    self._store.update_reference(user["uuid"], BGP_ROUTER, item["uuid"], "DELETE")
            self._store.delete(item["uuid"])
        return bool(gone)

    def _refer(self, uuid: str, kind: str, wanted: Mapping[str, JsonDict | None], *, keep: bool = False) -> bool:
        """Let an object refer to these objects of a kind, and unless ``keep`` to no other of it."""
        item = self._store.get(uuid) or {}
        there = {colons(one["to"]): one.get("attr") for one in references(item, kind)}
        missing = {name: attr for name, attr in wanted.items() if name not in there or there[name] != attr}
        leaving = [] if keep else [one for one in references(item, kind) if colons(one["to"]) not in wanted]
        for name, attr in missing.items():
            target = self._store.find(kind, [name] if kind == "route-target" else name.split(":"))
            if target is not None:
                self._store.update_reference(uuid, kind, target["uuid"], "ADD", attr)
        for one in leaving:
            self._store.update_reference(uuid, kind, one["uuid"], "DELETE")
        return bool(missing or leaving)


def _of(sides: list[BuiltSide], service: str) -> Iterator[BuiltSide]:
    return (side for side in sides if side.service == service)
