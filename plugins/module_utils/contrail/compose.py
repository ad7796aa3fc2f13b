# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the items of a task to the objects that they mean.

Most items are one object. A policy is also attached to networks, a service instance has port tuples that
ports refer to, a port has addresses and a machine: these are objects of their own, wanted like any other,
and the plan puts all writes in order. Each function is pure; what it has to know of the server it asks the
snapshot, and it is called again once that has been read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from .config import Item, Task
from .entities import (
    INSTANCE_IP,
    NETWORK_POLICY,
    PORT,
    PORT_TUPLE,
    SERVICE_INSTANCE,
    VIRTUAL_MACHINE,
    VIRTUAL_NETWORK,
)
from .entity import Entity, Json, Value, dig
from .errors import InvalidValueError
from .plan import Snapshot, Want, is_owned
from .values import FqName, address, joined


@dataclass
class Composition:
    """The objects that a task is about, and what is wrong with the items."""

    wants: list[Want] = field(default_factory=list)
    faults: list[InvalidValueError] = field(default_factory=list)


Composer = Callable[[Sequence[Item], Snapshot, Task, Composition], None]


def compose(entity: Entity, items: Sequence[Item], snapshot: Snapshot, task: Task) -> Composition:
    """Return all objects that ``items`` of one kind mean, the items' own objects first."""
    result = Composition([_own_want(entity, item, task) for item in items])
    composer = _COMPOSERS.get((entity.kind, task.state))
    if composer is not None:
        composer(items, snapshot, task, result)
    return result


def _own_want(entity: Entity, item: Item, task: Task) -> Want:
    if task.state == "absent":
        return Want(entity, item.fq_name, item.path, "absent")
    references = {reference.option for reference in entity.references}
    return Want(
        entity,
        item.fq_name,
        item.path,
        values=item.values,
        references=item.references,
        exact=item.exact | (task.purge & references),
    )


def _targets(stored: Json, api: str) -> list[FqName]:
    """Return the names in a stored list of references, back-references or children."""
    return [tuple(reference["to"]) for reference in dig(stored, [api]) or []]


def _attach_policies(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Attach each policy to its networks with the sequence given; with purge, to no other."""
    for item in items:
        policy = joined(item.fq_name)
        wanted: set[FqName] = set()
        for index, network in enumerate(item.compound.get("networks") or []):
            attr = {"sequence": network["sequence"]} if network.get("sequence") else None
            name = tuple(network["name"].split(":"))
            wanted.add(name)
            result.wants.append(
                Want(
                    VIRTUAL_NETWORK,
                    name,
                    f"{item.path}.networks[{index}].name",
                    "existing",
                    references={"policies": {policy: attr}},
                )
            )
        if "networks" in task.purge and "networks" in item.compound:
            stored = snapshot.look(NETWORK_POLICY.kind, item.fq_name)
            others = [name for name in _targets(stored, "virtual_network_back_refs") if name not in wanted]
            result.wants.extend(_detached(item, others, policy))


def _detach_policies(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Detach each policy from every network before it is deleted."""
    for item in items:
        stored = snapshot.look(NETWORK_POLICY.kind, item.fq_name)
        if is_owned(stored, task.owner):
            networks = _targets(stored, "virtual_network_back_refs")
            result.wants.extend(_detached(item, networks, joined(item.fq_name)))


def _detached(item: Item, networks: Sequence[FqName], policy: str) -> Iterator[Want]:
    for name in networks:
        yield Want(VIRTUAL_NETWORK, name, item.path, "existing", drops={"policies": frozenset({policy})})


def _compose_ports(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
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
    for name in _targets(stored, "instance_ip_back_refs"):
        instance_ip = snapshot.look(INSTANCE_IP.kind, name)
        if instance_ip is not None and not instance_ip.get("service_instance_ip"):
            yield address(instance_ip["instance_ip_address"]), name


def _address_want(item: Item, stored: Json, text: str | None) -> Want:
    """Return the instance-ip of one address; it is named after the port, for its names are global."""
    networks = list(item.references.get("network", {})) or [
        joined(name) for name in _targets(stored, "virtual_network_refs")
    ]
    parts = [*item.fq_name, *([text.replace(":", "-")] if text else [])]
    return Want(
        INSTANCE_IP,
        ("_".join(parts),),
        f"{item.path}.addresses",
        values={"address": text} if text else {},
        references={"network": dict.fromkeys(networks[:1]), "port": {joined(item.fq_name): None}},
    )


def _take_ports(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Delete a port's addresses with it, and its machine when that has no other port."""
    going: set[FqName] = set()
    machines: dict[FqName, Item] = {}
    for item in items:
        stored = snapshot.look(PORT.kind, item.fq_name)
        named = [tuple(name.split(":")) for name in item.references.get("virtual_machine", {})]
        if stored is not None and not is_owned(stored, task.owner):
            continue
        going.add(item.fq_name)
        machines.update(dict.fromkeys([*named, *_targets(stored, "virtual_machine_refs")], item))
        for name in dict(_addresses(stored, snapshot)).values():
            result.wants.append(Want(INSTANCE_IP, name, item.path, "absent", guarded=False))
    for name, item in machines.items():
        machine = snapshot.look(VIRTUAL_MACHINE.kind, name)
        if machine is not None and set(_targets(machine, "virtual_machine_interface_back_refs")) <= going:
            result.wants.append(Want(VIRTUAL_MACHINE, name, item.path, "absent"))


def _compose_services(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Make each service instance with its port tuples.

    Its interfaces are put into the order of the template, by which svc-monitor reads them. The ports of a
    tuple that is named are exact; tuples that are not named stay, unless the task purges them.
    """
    places: dict[str, str] = {}
    for index, item in enumerate(items):
        result.wants[index] = _ordered_interfaces(item, result.wants[index], snapshot, result.faults)
        networks = _interface_networks(item, snapshot)
        named: set[FqName] = set()
        for number, port_tuple in enumerate(item.compound.get("port_tuples") or []):
            path = f"{item.path}.port_tuples[{number}]"
            name = (*item.fq_name, port_tuple["name"])
            named.add(name)
            result.wants.append(Want(PORT_TUPLE, name, path))
            ports = {tuple(port.split(":")) for port in port_tuple["ports"].values()}
            result.wants.extend(_expelled(item, name, snapshot, staying=ports))
            for kind, port in port_tuple["ports"].items():
                place = f"{path}.ports.{kind}"
                if port in places:
                    result.faults.append(InvalidValueError(place, f"port {port} is already {places[port]}"))
                places[port] = place
                member = _Member(tuple(port.split(":")), kind, name, place)
                result.faults.extend(_misfit(member, networks, snapshot))
                result.wants.append(_member_want(member, snapshot, result.faults))
        if "port_tuples" in task.purge and "port_tuples" in item.compound:
            stored = snapshot.look(SERVICE_INSTANCE.kind, item.fq_name)
            for name in _targets(stored, "port_tuples"):
                if name not in named:
                    result.wants.extend(_expelled(item, name, snapshot))
                    result.wants.append(Want(PORT_TUPLE, name, item.path, "absent", guarded=False))


@dataclass(frozen=True)
class _Member:
    """A port of a tuple: its name, the interface type it plays, the tuple, and where that is written."""

    port: FqName
    interface_type: str
    port_tuple: FqName
    path: str


def _member_want(member: _Member, snapshot: Snapshot, faults: list[InvalidValueError]) -> Want:
    """Return the port with its interface type and its one tuple; another service's port is refused."""
    stored = snapshot.look(PORT.kind, member.port)
    others = [name for name in _targets(stored, "port_tuple_refs") if name != member.port_tuple]
    for name in others:
        if name[:-1] != member.port_tuple[:-1]:
            faults.append(
                InvalidValueError(
                    member.path,
                    f"port {joined(member.port)} belongs to port tuple {joined(name)}: take it out there first",
                )
            )
    return Want(
        PORT,
        member.port,
        member.path,
        "existing",
        values={"interface_type": member.interface_type},
        references={"port_tuples": {joined(member.port_tuple): None}},
        drops={"port_tuples": frozenset(joined(name) for name in others)},
    )


def _misfit(member: _Member, networks: dict[str, str], snapshot: Snapshot) -> Iterator[InvalidValueError]:
    """Yield what is wrong with a port in its place: no such interface, or a port of another network."""
    if not networks:
        return
    network = networks.get(member.interface_type)
    if network is None:
        known = ", ".join(networks)
        yield InvalidValueError(member.path, f"the service instance has no such interface; it has {known}")
        return
    stored = snapshot.look(PORT.kind, member.port)
    actual = [joined(name) for name in _targets(stored, "virtual_network_refs")]
    if actual and network not in actual:
        yield InvalidValueError(
            member.path,
            f"port {joined(member.port)} is in {actual[0]}, the interface in {network}: give a port of {network}",
        )


def _expelled(item: Item, port_tuple: FqName, snapshot: Snapshot, staying: set[FqName] | None = None) -> Iterator[Want]:
    """Yield the ports that leave a tuple: the reference goes, then the interface type."""
    stored = snapshot.look(PORT_TUPLE.kind, port_tuple)
    for port in _targets(stored, "virtual_machine_interface_back_refs"):
        if port not in (staying or set()):
            yield Want(
                PORT,
                port,
                item.path,
                "existing",
                values={"interface_type": None},
                drops={"port_tuples": frozenset({joined(port_tuple)})},
            )


def _template_types(item: Item, snapshot: Snapshot) -> list[str]:
    """Return the interface types of an item's template, in order; empty while they are not known."""
    stored = snapshot.look(SERVICE_INSTANCE.kind, item.fq_name)
    names = [tuple(name.split(":")) for name in item.references.get("template", {})]
    for name in names or _targets(stored, "service_template_refs"):
        template = snapshot.look("service-template", name)
        entries = dig(template, ["service_template_properties", "interface_type"]) or []
        return [entry["service_interface_type"] for entry in entries]
    return []


def _ordered_interfaces(item: Item, want: Want, snapshot: Snapshot, faults: list[InvalidValueError]) -> Want:
    """Put the interfaces of an item into the template's order."""
    interfaces = item.values.get("interfaces")
    if not interfaces:
        return want
    path = f"{item.path}.interfaces"
    given = [interface["type"] for interface in interfaces]
    for index, kind in enumerate(given):
        if kind in given[:index]:
            faults.append(InvalidValueError(f"{path}[{index}].type", f"{kind} is already {path}[{given.index(kind)}]"))
    types = _template_types(item, snapshot)
    if not types:
        return want
    if sorted(types) != sorted(given):
        faults.append(
            InvalidValueError(
                path, f"the template has the interfaces {', '.join(types)}, but {', '.join(given)} are given"
            )
        )
        return want
    ordered = sorted(interfaces, key=lambda interface: types.index(interface["type"]))
    return replace(want, values={**want.values, "interfaces": ordered})


def _interface_networks(item: Item, snapshot: Snapshot) -> dict[str, str]:
    """Return the network of each interface type, as given or else as stored."""
    interfaces = item.values.get("interfaces")
    if interfaces:
        return {interface["type"]: interface["network"] for interface in interfaces}
    stored = snapshot.look(SERVICE_INSTANCE.kind, item.fq_name)
    entries = dig(stored, ["service_instance_properties", "interface_list"]) or []
    types = _template_types(item, snapshot)
    return {kind: entry.get("virtual_network") or "" for kind, entry in zip(types, entries, strict=False)}


def _take_services(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Take the ports out of each tuple, then delete the tuples, then the service instance.

    The server would delete the service instance first without a word and leave the tuples as orphans.
    """
    for item in items:
        stored = snapshot.look(SERVICE_INSTANCE.kind, item.fq_name)
        if not is_owned(stored, task.owner):
            continue
        for name in _targets(stored, "port_tuples"):
            result.wants.extend(_expelled(item, name, snapshot))
            result.wants.append(Want(PORT_TUPLE, name, item.path, "absent", guarded=False))


_COMPOSERS: dict[tuple[str, str], Composer] = {
    (NETWORK_POLICY.kind, "present"): _attach_policies,
    (NETWORK_POLICY.kind, "absent"): _detach_policies,
    (PORT.kind, "present"): _compose_ports,
    (PORT.kind, "absent"): _take_ports,
    (SERVICE_INSTANCE.kind, "present"): _compose_services,
    (SERVICE_INSTANCE.kind, "absent"): _take_services,
}
