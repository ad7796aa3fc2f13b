# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machines that the service monitor starts for service instances of version 1.

Names are as recorded: machine `<instance's name, parts joined by __>__<number>`, port
`<machine>__<interface type>__<index>`, address `<machine>-<interface type>-<port's uuid>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lab.daemons.objects import JsonDict, ObjectStore, references

SELF_MADE = 1
MACHINE = "virtual-machine"
PORT = "virtual-machine-interface"
OF_A_MACHINE = re.compile(r".+__.+__.+__[0-9]+")


@dataclass(frozen=True)
class Interface:
    """An interface of a service: its type, its place from 1 on, and the network it is in."""

    kind: str
    place: int
    network: list[str]


class Machines:
    """Keeps the machines of version 1 service instances as many as they should be."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def reconcile(self) -> bool:
        """Start and stop machines as needed; say whether there was a change."""
        wanted: dict[str, JsonDict] = {}
        for instance in self._store.objects("service-instance"):
            if template_version(self._store, instance) == SELF_MADE:
                properties = instance.get("service_instance_properties") or {}
                number = (properties.get("scale_out") or {}).get("max_instances") or 1
                name = "__".join(instance["fq_name"])
                wanted.update({f"{name}__{place}": instance for place in range(1, number + 1)})
        there = {machine["fq_name"][-1] for machine in self._store.objects(MACHINE)}
        missing = [name for name in wanted if name not in there]
        left = [name for name in there if name not in wanted and OF_A_MACHINE.fullmatch(name)]
        for name in missing:
            self._start(name, wanted[name])
        for name in left:
            self._stop(name)
        return bool(missing or left)

    def _start(self, name: str, instance: JsonDict) -> None:
        reference = {"to": instance["fq_name"], "attr": None}
        self._store.create(MACHINE, {"fq_name": [name], "service_instance_refs": [reference]})
        for interface in self._interfaces(instance):
            body = {
                "fq_name": [*instance["fq_name"][:-1], f"{name}__{interface.kind}__{interface.place}"],
                "parent_type": "project",
                "virtual_network_refs": [{"to": interface.network, "attr": None}],
                "virtual_machine_refs": [{"to": [name], "attr": None}],
                "virtual_machine_interface_properties": {"service_interface_type": interface.kind},
            }
            port = self._store.create(PORT, body)
            self._store.create(
                "instance-ip",
                {
                    "fq_name": [f"{name}-{interface.kind}-{port['uuid']}"],
                    "instance_ip_family": "v4",
                    "service_instance_ip": True,
                    "instance_ip_mode": "active-active",
                    "virtual_network_refs": [{"to": interface.network, "attr": None}],
                    "virtual_machine_interface_refs": [{"to": body["fq_name"], "attr": None}],
                },
            )

    def _interfaces(self, instance: JsonDict) -> Iterator[Interface]:
        """Yield the interfaces of an instance; the lists of template and instance go side by side."""
        given = (instance.get("service_instance_properties") or {}).get("interface_list") or []
        for place, (kind, entry) in enumerate(zip(interface_types(self._store, instance), given, strict=False), 1):
            yield Interface(kind, place, entry["virtual_network"].split(":"))

    def _stop(self, name: str) -> None:
        machine = self._store.find(MACHINE, [name])
        if machine is None:
            return
        for port in self._store.back_references(machine["uuid"], PORT):
            for address in self._store.back_references(port["uuid"], "instance-ip"):
                self._store.delete(address["uuid"])
            self._store.delete(port["uuid"])
        self._store.delete(machine["uuid"])


def template_version(store: ObjectStore, instance: JsonDict) -> int | None:
    """Return the version of an instance's template, None for an instance without one."""
    properties = _template(store, instance)
    return None if properties is None else int(properties.get("version") or SELF_MADE)


def interface_types(store: ObjectStore, instance: JsonDict) -> list[str]:
    """Return the interface types of an instance's template in order."""
    entries = (_template(store, instance) or {}).get("interface_type") or []
    return [entry["service_interface_type"] for entry in entries]


def _template(store: ObjectStore, instance: JsonDict) -> JsonDict | None:
    for reference in references(instance, "service-template"):
        template = store.get(reference["uuid"]) or {}
        properties: JsonDict = template.get("service_template_properties") or {}
        return properties
    return None
