# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service monitor: gives the ports of version 2 service instances their shared service addresses.

Every side of an instance gets one address that all its ports carry, the instance-ip `<instance
uuid>-<side>-v4`. Up to release 4.0 it is an address of the ports' own network, later one of 0.0.0.0/8
(service-chain-flat-ipam).

What an instance has for a side goes onto the ports of the side: allowed address pairs, of which the first is
what the service address then follows, interface route tables and health checks. What else of these a port in a
tuple has is taken away. For an end-to-end health check a side gets an address of the ports' network too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_network

from lab.contrail.errors import ApiError
from lab.core.faults import Faults
from lab.daemons.machines import Machines, interface_types, template_version
from lab.daemons.objects import FLAT_ADDRESSES_SINCE, JsonDict, ObjectStore, colons, listed, references, subnets

LOG = logging.getLogger(__name__)
FLAT_IPAM = ["default-domain", "default-project", "service-chain-flat-ipam"]
USER_MADE = 2
CHECK_ADDRESS = "service_health_check_ip"
ON_PORTS = ("interface-route-table", "service-health-check")
SERVICE_ADDRESS_NAME = re.compile(r"^(?P<instance>[0-9a-f-]{36})-(?P<side>\w+)-(?P<family>v[46])$")


@dataclass(frozen=True)
class Side:
    """One side of a service instance: its type (left, right, management, otherN) and the ports on it."""

    instance: JsonDict
    kind: str
    ports: list[JsonDict] = field(default_factory=list)

    def name(self, family: str) -> str:
        """Return the name of the side's service address of a family, v4 or v6."""
        return f"{self.instance['uuid']}-{self.kind}-{family}"


class ServiceMonitor:
    """Keeps service addresses in step with service instances, port tuples and ports.

    `errors` tells what the API refused in the last look.
    """

    def __init__(self, store: ObjectStore, release: tuple[int, ...], faults: Faults | None = None) -> None:
        self._store = store
        self._faults = faults or Faults()
        self._flat = release >= FLAT_ADDRESSES_SINCE
        self._machines = Machines(store)
        self.errors: list[str] = []

    def reconcile(self) -> bool:
        """Make, change and remove service addresses as needed; say whether anything changed."""
        if self._faults.condition("monitor", "held"):
            return False
        sides = [side for side in self._sides() if not self._withheld(side)]
        wanted = {side.name(family): side for side in sides for family in self._families(side)}
        changed = self._machines.reconcile()
        changed |= self._remove(wanted.keys())
        self.errors = []
        for side in sides:
            for family in self._families(side):
                try:
                    changed |= self._ensure(side, family)
                except ApiError as error:  # the next turn tries again, the other sides need not wait
                    self.errors.append(f"service address {side.name(family)}: {error}")
                    LOG.warning(self.errors[-1])
            changed |= self._dress(side)
        return self._check_addresses(sides) or changed

    def _sides(self) -> Iterator[Side]:
        for instance in self._store.objects("service-instance"):
            if template_version(self._store, instance) != USER_MADE:
                continue
            sides: dict[str, Side] = {}
            for port in self._ports(instance):
                properties = port.get("virtual_machine_interface_properties") or {}
                kind = properties.get("service_interface_type")
                if kind:
                    sides.setdefault(kind, Side(instance, kind)).ports.append(port)
            yield from sides.values()

    def _withheld(self, side: Side) -> bool:
        """Say whether a fault keeps the addresses of a side from being made."""
        service = colons(side.instance["fq_name"])
        return self._faults.condition("monitor", "no_address", service=service, side=side.kind) is not None

    def _ports(self, instance: JsonDict) -> Iterator[JsonDict]:
        for port_tuple in self._store.children(instance["uuid"], "port-tuple"):
            yield from self._store.back_references(port_tuple["uuid"], "virtual-machine-interface")

    def _network(self, side: Side) -> JsonDict | None:
        for reference in references(side.ports[0], "virtual-network"):
            return self._store.get(reference["uuid"])
        return None

    def _families(self, side: Side) -> list[str]:
        if self._flat:
            return ["v4", "v6"]
        versions = {ip_network(subnet).version for subnet in subnets(self._network(side) or {})}
        return [f"v{version}" for version in sorted(versions)]

    def _ensure(self, side: Side, family: str) -> bool:
        """Bring one service address about; say whether anything changed."""
        name = side.name(family)
        address = self._store.find("instance-ip", [name])
        ports = [{"to": port["fq_name"], "attr": None} for port in side.ports]
        if address is None:
            self._create(side, family, ports)
            return True
        if {tuple(ref["to"]) for ref in references(address, "virtual-machine-interface")} != {
            tuple(port["to"]) for port in ports
        }:
            self._store.update(address["uuid"], {"virtual_machine_interface_refs": ports})
            self._relax(address, side)
            return True
        return False

    def _create(self, side: Side, family: str, ports: list[JsonDict]) -> None:
        body: JsonDict = {
            "fq_name": [side.name(family)],
            "id_perms": {"enable": True, "user_visible": False},
            "instance_ip_family": family,
            "instance_ip_mode": "active-active",
            "instance_ip_secondary": True,
            "service_instance_ip": True,
            "virtual_machine_interface_refs": ports,
        }
        if self._flat:
            ipam = self._store.find("network-ipam", FLAT_IPAM) or {}
            body["network_ipam_refs"] = [{"to": FLAT_IPAM, "uuid": ipam.get("uuid"), "attr": None}]
        else:
            network = self._network(side) or {}
            body["virtual_network_refs"] = [{"to": network["fq_name"], "attr": None}]
        address = self._store.create("instance-ip", body)
        self._store.update_reference(
            side.instance["uuid"], "instance-ip", address["uuid"], "ADD", {"interface_type": side.kind}
        )
        self._relax(address, side)
        LOG.info("service address %s for %s", body["fq_name"][0], side.instance["fq_name"][-1])

    def _dress(self, side: Side) -> bool:
        """Put what the instance has for a side onto its ports and addresses; say whether anything changed."""
        pairs = self._address_pairs(side)
        attached = {kind: self._attached(side, kind) for kind in ON_PORTS}
        changed = False
        for port in side.ports:
            if listed(port, "virtual_machine_interface_allowed_address_pairs", "allowed_address_pair") != pairs:
                body = {"virtual_machine_interface_allowed_address_pairs": {"allowed_address_pair": pairs}}
                self._store.update(port["uuid"], body)
                changed = True
            for kind, uuids in attached.items():
                there = {reference["uuid"] for reference in references(port, kind)}
                for uuid in uuids - there:
                    self._store.update_reference(port["uuid"], kind, uuid, "ADD")
                    self._store.relax_reference(port["uuid"], uuid)
                for uuid in there - uuids:
                    self._store.update_reference(port["uuid"], kind, uuid, "DELETE")
                changed |= there != uuids
        return self._track(side, pairs) or changed

    def _address_pairs(self, side: Side) -> list[JsonDict]:
        """Return the allowed address pairs of the interface that a side is."""
        types = interface_types(self._store, side.instance)
        entries = (side.instance.get("service_instance_properties") or {}).get("interface_list") or []
        for kind, entry in zip(types, entries, strict=False):
            if kind == side.kind:
                return listed(entry, "allowed_address_pairs", "allowed_address_pair")
        return []

    def _attached(self, side: Side, kind: str) -> set[str]:
        """Return the objects of a kind that are attached to a side, by uuid."""
        return {
            item["uuid"]
            for item in self._store.back_references(side.instance["uuid"], kind)
            for reference in references(item, "service-instance")
            if reference["uuid"] == side.instance["uuid"]
            and (reference["attr"] or {}).get("interface_type") == side.kind
        }

    def _check_addresses(self, sides: list[Side]) -> bool:
        """Give each side with an end-to-end health check an address to check from; say whether anything changed."""
        wanted: dict[str, Side] = {}
        for side in sides:
            for uuid in sorted(self._attached(side, "service-health-check")):
                check = (self._store.get(uuid) or {}).get("service_health_check_properties") or {}
                if check.get("health_check_type") == "end-to-end" and self._network(side) is not None:
                    wanted[f"{side.name('v4')}-health-check-{uuid}"] = side
        there = {item["fq_name"][-1]: item for item in self._store.objects("instance-ip") if item.get(CHECK_ADDRESS)}
        for name in there.keys() - wanted.keys():
            self._store.delete(there[name]["uuid"])
        missing = [name for name in wanted if name not in there]
        for name in missing:
            side = wanted[name]
            body: JsonDict = {
                "fq_name": [name],
                "instance_ip_family": "v4",
                CHECK_ADDRESS: True,
                "virtual_network_refs": [{"to": (self._network(side) or {})["fq_name"], "attr": None}],
                "virtual_machine_interface_refs": [{"to": port["fq_name"], "attr": None} for port in side.ports],
            }
            self._relax(self._store.create("instance-ip", body), side)
        return bool(there.keys() - wanted.keys() or missing)

    def _track(self, side: Side, pairs: list[JsonDict]) -> bool:
        """Let the service addresses of a side follow the first pair; say whether anything changed."""
        tracking = pairs[0]["ip"] if pairs else None
        mode = (pairs[0].get("address_mode") or "active-standby") if pairs else "active-active"
        changed = False
        for family in self._families(side):
            address = self._store.find("instance-ip", [side.name(family)])
            if address is not None and address.get("secondary_ip_tracking_ip") != tracking:
                body = {"secondary_ip_tracking_ip": tracking, "instance_ip_mode": mode}
                self._store.update(address["uuid"], body)
                changed = True
        return changed

    def _relax(self, address: JsonDict, side: Side) -> None:
        """Let ports be deleted though they carry a service address."""
        for port in side.ports:
            self._store.relax_reference(address["uuid"], port["uuid"])

    def _is_left_over(self, address: JsonDict) -> bool:
        """Say whether a service address that somebody else made belongs to the port of an instance that is gone."""
        for reference in references(address, "virtual-machine-interface"):
            port = self._store.get(reference["uuid"]) or {}
            for membership in references(port, "port-tuple"):
                if self._store.find("service-instance", list(membership["to"][:-1])) is None:
                    return True
        return False

    def _remove(self, wanted: Container[str]) -> bool:
        """Delete service addresses that no side wants any more; say whether there were any."""
        gone = [
            item
            for item in self._store.objects("instance-ip")
            if item.get("service_instance_ip")
            and item["fq_name"][-1] not in wanted
            and (SERVICE_ADDRESS_NAME.match(item["fq_name"][-1]) or self._is_left_over(item))
        ]
        for item in gone:
            for instance in self._store.back_references(item["uuid"], "service-instance"):
                self._store.update_reference(instance["uuid"], "instance-ip", item["uuid"], "DELETE")
            self._store.delete(item["uuid"])
            LOG.info("service address %s is gone", item["fq_name"][-1])
        return bool(gone)
