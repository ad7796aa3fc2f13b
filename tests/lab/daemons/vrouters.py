# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vRouters: which addresses they announce for the ports on their compute nodes, with which labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from lab.core.faults import Faults
from lab.core.site import Guest, Site
from lab.daemons.objects import JsonDict, ObjectStore, colons, primary_instance, references
from lab.daemons.paths import INTERFACE, Path, host_prefix, med_of

HIGH, LOW = 200, 100
GUEST_OFF = "os-state-down"
FIRST_LABEL, LABEL_STEP = 18, 4  # a vRouter takes four labels for each port


@dataclass(frozen=True)
class Port:
    """A port on its compute node, as the vRouter has it.

    `inactive` says why the interface is down, in the vRouter's words, None if it is up; `healthy` whether its health
    checks pass. What is down or not healthy is not announced.
    """

    item: JsonDict
    guest: Guest
    label: int
    addresses: tuple[JsonDict, ...]
    networks: tuple[JsonDict, ...]
    inactive: str | None = None
    healthy: bool = True

    @property
    def name(self) -> str:
        """The last part of the port's name."""
        return str(self.item["fq_name"][-1])

    @property
    def announced(self) -> bool:
        """Whether the control node is told of the port's addresses."""
        return self.inactive is None and self.healthy


@dataclass(frozen=True)
class _Announcement:
    """An address of a port, before ports that share it on one compute node are taken together."""

    compute: str
    instance: str
    prefix: str
    port: str
    local_preference: int


class VRouters:
    """All vRouters of the site.

    A port is there when a virtual machine has it and it has an address of its own in the family; service
    addresses come on top. `down` holds the names of ports whose guest is dead: nothing is announced for them.
    """

    def __init__(self, store: ObjectStore, site: Site, faults: Faults | None = None) -> None:
        self._store = store
        self._site = site
        self._faults = faults or Faults()
        self._labels: dict[tuple[str, Hashable], int] = {}
        self.down: set[str] = set()

    def paths(self) -> list[Path]:
        """Return one path for each address, compute node and network that the control node is told of."""
        shared: dict[tuple[str, str, str], list[_Announcement]] = defaultdict(list)
        ports = self.ports()
        labels = {port.item["uuid"]: port.label for port in ports}
        kept: set[tuple[str, Hashable]] = {(port.guest.compute, port.item["uuid"]) for port in ports}
        for port in ports:
            if port.announced and self.connected(port.guest.compute):
                for one in self._announce(port):
                    shared[one.compute, one.instance, one.prefix].append(one)
        paths = []
        for (compute, instance, prefix), group in shared.items():
            label = labels[group[0].port]
            if len(group) > 1:  # ports that share an address share a composite next hop with a label of its own
                kept.add((compute, (instance, prefix)))
                label = self._label(Guest(compute), (instance, prefix))
            preference = max(one.local_preference for one in group)
            paths.append(
                Path(
                    prefix=prefix,
                    next_hop=self._site.computes[compute],
                    label=label,
                    local_preference=preference,
                    med=med_of(preference),
                    protocol=INTERFACE,
                    instance=instance,
                    origin=instance.rpartition(":")[0],
                )
            )
        self._labels = {key: label for key, label in self._labels.items() if key in kept}
        return paths

    def dump(self) -> list[list[Any]]:
        """Return the labels that were given, as JSON can hold them: compute node, what has it, label."""
        return [
            [compute, list(what) if isinstance(what, tuple) else what, label]
            for (compute, what), label in self._labels.items()
        ]

    def restore(self, dump: Iterable[Iterable[Any]]) -> None:
        """Take the labels that `dump` returned; no guest is dead any more."""
        self.down = set()
        self._labels = {
            (compute, tuple(what) if isinstance(what, list) else what): label for compute, what, label in dump
        }

    def ports(self) -> list[Port]:
        """Return the ports of all virtual machines."""
        items = {port["uuid"]: port for port in self._store.objects("virtual-machine-interface")}
        addresses = self._addresses_of_ports()
        homes = self._homes_of_machines(items.values())
        found = []
        for uuid, item in items.items():
            if references(item, "virtual-machine"):
                guest = self._guest(item, homes)
                networks = (self._store.get(reference["uuid"]) for reference in references(item, "virtual-network"))
                name = item["fq_name"][-1]
                found.append(
                    Port(
                        item=item,
                        guest=guest,
                        label=self._label(guest, uuid),
                        addresses=tuple(addresses.get(uuid, ())),
                        networks=tuple(network for network in networks if network),
                        inactive=self._inactive(item),
                        healthy=not self._faults.condition("agent", "health_check", port=name),
                    )
                )
        return found

    def connected(self, compute: str) -> bool:
        """Say whether the agent of a compute node runs and has its session with the control node."""
        return not any(self._faults.condition("agent", kind, compute=compute) for kind in ("down", "disconnected"))

    def programmed_label(self, port: Port) -> int:
        """Return the label that the compute node itself has for a port: the one it announced, if all is well."""
        fault = self._faults.condition("agent", "label", port=port.name)
        return fault.label if fault else port.label

    def _inactive(self, item: JsonDict) -> str | None:
        """Return why the interface of a port is down; None if it is up."""
        name = item["fq_name"][-1]
        if (item.get("id_perms") or {}).get("enable") is False:
            return "admin-down"
        if fault := self._faults.condition("agent", "interface", port=name):
            return fault.reason or GUEST_OFF
        return GUEST_OFF if name in self.down or self._faults.condition("guest", "down", port=name) else None

    def _addresses_of_ports(self) -> dict[str, list[JsonDict]]:
        addresses: dict[str, list[JsonDict]] = defaultdict(list)
        for item in self._store.objects("instance-ip"):
            if item.get("instance_ip_address"):
                for reference in references(item, "virtual-machine-interface"):
                    addresses[reference["uuid"]].append(item)
        return addresses

    def _announce(self, port: Port) -> Iterator[_Announcement]:
        own = {
            ip_address(item["instance_ip_address"]).version
            for item in port.addresses
            if not item.get("instance_ip_secondary")
        }
        for network in port.networks:
            for item in port.addresses:
                address = ip_address(item["instance_ip_address"])
                if address.version in own:
                    yield _Announcement(
                        compute=port.guest.compute,
                        instance=primary_instance(network),
                        prefix=host_prefix(str(address)),
                        port=port.item["uuid"],
                        local_preference=self.preference(port, item),
                    )

    def preference(self, port: Port, address: JsonDict) -> int:
        """Return the local preference of an address of a port: the port's own, or low while nobody answers for it."""
        fixed = (port.item.get("virtual_machine_interface_properties") or {}).get("local_preference")
        silent = address["instance_ip_address"] in port.guest.silent or bool(
            self._faults.condition("guest", "silent", port=port.name)
        )
        return fixed or _preference(address, silent)

    def _homes_of_machines(self, ports: Iterable[JsonDict]) -> dict[str, str]:
        """Return the compute nodes of the virtual machines that have a port the site names, by uuid."""
        return {
            reference["uuid"]: guest.compute
            for port in ports
            if (guest := self._named(port))
            for reference in references(port, "virtual-machine")
        }

    def _guest(self, port: JsonDict, homes: Mapping[str, str]) -> Guest:
        """Return what the site says of a port; one that it does not name is on its machine's node."""
        named = self._named(port)
        if named:
            return named
        for reference in references(port, "virtual-machine"):
            if reference["uuid"] in homes:
                return Guest(homes[reference["uuid"]])
        return Guest(next(iter(self._site.computes)))

    def _named(self, port: JsonDict) -> Guest | None:
        guests = self._site.guests
        return guests.get(colons(port["fq_name"])) or guests.get(port["fq_name"][-1])

    def _label(self, guest: Guest, what: Hashable) -> int:
        """Return the label of a port or a shared address: the site's, its own, or the next free one."""
        if guest.label is not None:
            return guest.label
        key = (guest.compute, what)
        if key not in self._labels:
            taken = {label for (compute, _what), label in self._labels.items() if compute == guest.compute}
            taken |= {one.label for one in self._site.guests.values() if one.label is not None}
            label = FIRST_LABEL
            while label in taken:
                label += LABEL_STEP
            self._labels[key] = label
        return self._labels[key]


def _preference(address: JsonDict, silent: bool) -> int:
    """Return the local preference of an address: low while nobody answers, unless several ports share it."""
    return HIGH if address.get("instance_ip_mode") == "active-active" or not silent else LOW
