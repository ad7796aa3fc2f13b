# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports with their addresses and machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network

from ....values.subnets import NO_GATEWAY, own_addresses
from ...codec.scope import Json, Value
from ...codec.values import FqName, address, joined
from ...kinds import INSTANCE_IP, PORT, VIRTUAL_MACHINE, VIRTUAL_NETWORK
from ...kinds.config import Item, Task
from ..desired import DesiredObject
from ..snapshot import Snapshot
from ..stored import is_owned
from .composition import Composition, targets

MADE_BY_SVC_MONITOR = ("service_instance_ip", "service_health_check_ip")
"""The flags of addresses that svc-monitor puts on a port, and takes away."""


def compose_ports(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Give each port its machine and its addresses.

    ``addresses`` is exact; left out, a port without any address gets one that the server chooses. Addresses
    that svc-monitor put on a port for a service are never touched.
    """
    taken: dict[tuple[str, Value], str] = {}
    for item in items:
        for machine in item.references.get("virtual_machine", {}):
            result.wants.append(DesiredObject(VIRTUAL_MACHINE, (machine,), f"{item.path}.virtual_machine"))
        stored = snapshot.look(PORT.kind, item.fq_name)
        held = dict(_addresses(stored, snapshot))
        wanted: list[Value] = item.compound.get("addresses", [] if held else [None])
        new = [text for text in wanted if text is None or text not in held]
        result.wants.extend(_address_want(item, stored, text) for text in new)
        _check_addresses(item, stored, new, snapshot, result)
        _refuse_shared(item, stored, wanted, taken, result)
        if "addresses" in item.compound:
            for text, name in held.items():
                if text not in wanted:
                    result.wants.append(DesiredObject(INSTANCE_IP, name, item.path, "absent", guarded=False))


def _addresses(stored: Json, snapshot: Snapshot) -> Iterator[tuple[str, FqName]]:
    """Yield the addresses of a stored port with the names of their instance-ips, but no service addresses."""
    for name in targets(stored, "instance_ip_back_refs"):
        instance_ip = snapshot.look(INSTANCE_IP.kind, name)
        if instance_ip is not None and not any(instance_ip.get(flag) for flag in MADE_BY_SVC_MONITOR):
            yield address(instance_ip["instance_ip_address"]), name


def _address_want(item: Item, stored: Json, text: str | None) -> DesiredObject:
    """Return the instance-ip of one address; it is named after the port, for its names are global."""
    network = _network(item, stored)
    parts = [*item.fq_name, *([text.replace(":", "-")] if text else [])]
    return DesiredObject(
        INSTANCE_IP,
        ("_".join(parts),),
        f"{item.path}.addresses",
        values={"address": text} if text else {},
        references={"network": {network: None} if network else {}, "port": {joined(item.fq_name): None}},
    )


def _network(item: Item, stored: Json) -> str:
    """Return the name of a port's network, "" where it is not known."""
    given = list(item.references.get("network", {}))
    return next(iter(given or map(joined, targets(stored, "virtual_network_refs"))), "")


def _refuse_shared(
    item: Item, stored: Json, wanted: Sequence[Value], taken: dict[tuple[str, Value], str], result: Composition
) -> None:
    """Note addresses that two ports of one network are to have."""
    network = _network(item, stored)
    for index, text in enumerate(wanted):
        if text is not None and (network, text) in taken:
            where = taken[network, text]
            result.fault(f"{item.path}.addresses[{index}]", f"{text} is already {where}, in the same network")
        if text is not None:
            taken.setdefault((network, text), f"{item.path}.addresses[{index}]")


def _check_addresses(item: Item, stored: Json, new: Sequence[Value], snapshot: Snapshot, result: Composition) -> None:
    """Note new addresses that the port's network cannot give; without one, that it has any to give."""
    name = _network(item, stored)
    network = snapshot.look(VIRTUAL_NETWORK.kind, tuple(name.split(":"))) if name and new else None
    if network is None:
        return
    decoded = {field.option: field.codec.decode(network.get(field.api[0])) for field in VIRTUAL_NETWORK.fields[:2]}
    if decoded["flat_ipams"]:
        return
    subnets = decoded["subnets"]
    if not subnets and None in new:
        result.fault(f"{item.path}.addresses", f"{name} has no subnet to take an address from: give addresses: []")
    served = bool(item.references.get("virtual_machine") or targets(stored, "virtual_machine_refs"))
    places = item.compound.get("addresses", [])
    for text in new:
        if text is not None:
            path = f"{item.path}.addresses[{places.index(text)}]"
            _check_address(text, subnets, name, path, served=served, result=result)


def _check_address(
    text: str, subnets: Sequence[Mapping[str, Value]], name: str, path: str, *, served: bool, result: Composition
) -> None:
    """Note what is wrong with one address; a port that is ``served`` belongs to a machine."""
    wanted = ip_address(text)
    subnet = next((each for each in subnets if wanted in ip_network(each["cidr"])), None)
    if subnet is None:
        known = ", ".join(each["cidr"] for each in subnets) or "none at all"
        result.fault(path, f"{text} is in no subnet of {name}; it has {known}")
    elif wanted in own_addresses(ip_network(subnet["cidr"])):
        result.fault(path, f"{text} is the first or last address of {subnet['cidr']}, which nobody can have")
    elif text == subnet.get("gateway") and text not in NO_GATEWAY:
        reason = f"{text} is the gateway of {subnet['cidr']}, which the port of a machine cannot have"
        if served:
            result.fault(path, reason)
        else:
            result.warnings.append(f"{path}: {reason}")
    elif int(wanted) % (subnet.get("allocation_unit") or 1):
        unit = subnet["allocation_unit"]
        result.fault(path, f"{text} does not begin a unit of {unit} addresses, which {subnet['cidr']} gives out")
    elif text == subnet.get("dns_server"):
        result.warnings.append(f"{path}: {text} is the DNS server of {subnet['cidr']}: vRouters answer for it")
    elif not _in_pools(text, subnet.get("allocation_pools") or []):
        result.warnings.append(f"{path}: {text} is in none of the allocation pools of {subnet['cidr']}")


def _in_pools(text: str, pools: Sequence[Mapping[str, str]]) -> bool:
    wanted = int(ip_address(text))
    return not pools or any(int(ip_address(one["start"])) <= wanted <= int(ip_address(one["end"])) for one in pools)


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
            result.wants.append(DesiredObject(INSTANCE_IP, name, item.path, "absent", guarded=False))
    for name, item in machines.items():
        machine = snapshot.look(VIRTUAL_MACHINE.kind, name)
        if machine is not None and set(targets(machine, "virtual_machine_interface_back_refs")) <= going:
            result.wants.append(DesiredObject(VIRTUAL_MACHINE, name, item.path, "absent"))
