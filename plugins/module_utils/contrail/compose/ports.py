# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports with their addresses and machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..config import Item, Task
from ..entities import INSTANCE_IP, PORT, VIRTUAL_MACHINE
from ..entity import Json, Value
from ..plan import Snapshot, Want, is_owned
from ..values import FqName, address, joined
from .composition import Composition, targets

MADE_BY_SVC_MONITOR = ("service_instance_ip", "service_health_check_ip")
"""The flags of addresses that svc-monitor puts on a port, and takes away."""


def compose_ports(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Give each port its machine and its addresses.

    ``addresses`` is exact; left out, a port without any address gets one that the server chooses. Addresses
    that svc-monitor put on a port for a service are never touched.
    """
    for item in items:
        for machine in item.references.get("virtual_machine", {}):
            result.wants.append(Want(VIRTUAL_MACHINE, (machine,), f"{item.path}.virtual_machine"))
        stored = snapshot.look(PORT.kind, item.fq_name)
        held = dict(_addresses(stored, snapshot))
        wanted: list[Value] = item.compound.get("addresses", [] if held else [None])
        result.wants.extend(_address_want(item, stored, text) for text in wanted if text is None or text not in held)
        if "addresses" in item.compound:
            for text, name in held.items():
                if text not in wanted:
                    result.wants.append(Want(INSTANCE_IP, name, item.path, "absent", guarded=False))


def _addresses(stored: Json, snapshot: Snapshot) -> Iterator[tuple[str, FqName]]:
    """Yield the addresses of a stored port with the names of their instance-ips, but no service addresses."""
    for name in targets(stored, "instance_ip_back_refs"):
        instance_ip = snapshot.look(INSTANCE_IP.kind, name)
        if instance_ip is not None and not any(instance_ip.get(flag) for flag in MADE_BY_SVC_MONITOR):
            yield address(instance_ip["instance_ip_address"]), name


def _address_want(item: Item, stored: Json, text: str | None) -> Want:
    """Return the instance-ip of one address; it is named after the port, for its names are global."""
    networks = list(item.references.get("network", {})) or [
        joined(name) for name in targets(stored, "virtual_network_refs")
    ]
    parts = [*item.fq_name, *([text.replace(":", "-")] if text else [])]
    return Want(
        INSTANCE_IP,
        ("_".join(parts),),
        f"{item.path}.addresses",
        values={"address": text} if text else {},
        references={"network": dict.fromkeys(networks[:1]), "port": {joined(item.fq_name): None}},
    )


def take_ports(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Delete a port's addresses with it, and its machine when that has no other port."""
    going: set[FqName] = set()
    machines: dict[FqName, Item] = {}
    for item in items:
        stored = snapshot.look(PORT.kind, item.fq_name)
        named = [tuple(name.split(":")) for name in item.references.get("virtual_machine", {})]
        if stored is not None and not is_owned(stored, task.owner):
            continue
        going.add(item.fq_name)
        machines.update(dict.fromkeys([*named, *targets(stored, "virtual_machine_refs")], item))
        for name in dict(_addresses(stored, snapshot)).values():
            result.wants.append(Want(INSTANCE_IP, name, item.path, "absent", guarded=False))
    for name, item in machines.items():
        machine = snapshot.look(VIRTUAL_MACHINE.kind, name)
        if machine is not None and set(targets(machine, "virtual_machine_interface_back_refs")) <= going:
            result.wants.append(Want(VIRTUAL_MACHINE, name, item.path, "absent"))
