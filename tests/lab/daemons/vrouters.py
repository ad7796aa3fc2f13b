# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vRouters: which addresses they announce for the ports on their compute nodes, with which labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from lab.site import Guest, Site

from .objects import JsonDict, ObjectStore, colons, primary_instance, references
from .paths import INTERFACE, Path, host_prefix, med_of

HIGH, LOW = 200, 100
FIRST_LABEL, LABEL_STEP = 18, 4  # a vRouter takes four labels for each port


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

    def __init__(self, store: ObjectStore, site: Site) -> None:
        self._store = store
        self._site = site
        self._labels: dict[tuple[str, Hashable], int] = {}
        self.down: set[str] = set()

    def paths(self) -> list[Path]:
        """Return one path for each address, compute node and network."""
        shared: dict[tuple[str, str, str], list[_Announcement]] = defaultdict(list)
        ports = {port["uuid"]: port for port in self._store.objects("virtual-machine-interface")}
        addresses = self._addresses_of_ports()
        homes = self._homes_of_machines(ports.values())
        labels: dict[str, int] = {}
        kept: set[tuple[str, Hashable]] = set()
        for uuid, port in ports.items():
            if not references(port, "virtual-machine"):
                continue
            guest = self._guest(port, homes)
            kept.add((guest.compute, uuid))
            labels[uuid] = self._label(guest, uuid)
            for one in self._announce(port, guest, addresses.get(uuid, [])):
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

    def _addresses_of_ports(self) -> dict[str, list[JsonDict]]:
        addresses: dict[str, list[JsonDict]] = defaultdict(list)
        for item in self._store.objects("instance-ip"):
            if item.get("instance_ip_address"):
                for reference in references(item, "virtual-machine-interface"):
                    addresses[reference["uuid"]].append(item)
        return addresses

    def _announce(self, port: JsonDict, guest: Guest, addresses: list[JsonDict]) -> Iterator[_Announcement]:
        if port["fq_name"][-1] in self.down or (port.get("id_perms") or {}).get("enable") is False:
            return
        own = {
            ip_address(item["instance_ip_address"]).version
            for item in addresses
            if not item.get("instance_ip_secondary")
        }
        fixed = (port.get("virtual_machine_interface_properties") or {}).get("local_preference")
        for reference in references(port, "virtual-network"):
            network = self._store.get(reference["uuid"])
            for item in addresses if network else []:
                address = ip_address(item["instance_ip_address"])
                if network and address.version in own:
                    yield _Announcement(
                        compute=guest.compute,
                        instance=primary_instance(network),
                        prefix=host_prefix(str(address)),
                        port=port["uuid"],
                        local_preference=fixed or _preference(item, str(address) in guest.silent),
                    )

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
