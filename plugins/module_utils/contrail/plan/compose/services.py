# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service instances with their port tuples, and what is attached to their sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...codec.codec import get_path
from ...codec.scope import Json, Value
from ...codec.values import FqName, joined
from ...kinds import PORT, PORT_TUPLE, SERVICE_INSTANCE, SERVICE_TEMPLATE
from ...kinds.config import Item, Task
from ..desired import DesiredObject
from ..rules import TRANSPARENT, RuleService
from ..snapshot import Snapshot
from ..stored import is_owned
from .composition import Composition, targets
from .search import PortSearch
from .sides import compose_sides, take_sides

SELF_MADE = 1
"""The version of templates whose machines and ports svc-monitor makes; with 2 the user does."""

ONLY_SELF_MADE = ("max_instances", "auto_scale", "availability_zone")
ONLY_SELF_MADE_INTERFACE = ("address", "static_routes")


@dataclass(frozen=True)
class _Template:
    """The part of a template that its instances follow: version, interface types in order, and mode."""

    version: int
    types: tuple[str, ...]
    mode: str


@dataclass(frozen=True)
class _Member:
    """A port of a tuple: its name, the interface type it plays, the tuple, and where that is written."""

    port: FqName
    interface_type: str
    port_tuple: FqName
    path: str


def compose_services(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Make each service instance with its port tuples and all on its sides.

    Its interfaces are put into the order of the template, by which svc-monitor reads them. The ports of a
    tuple that is named are exact; tuples that are not named stay, unless the task purges them.
    """
    tuples = _Tuples(snapshot, task, result)
    for index, item in enumerate(items):
        stored = snapshot.look(SERVICE_INSTANCE.kind, item.fq_name)
        template = _template(item, stored, snapshot)
        result.wants[index] = _ordered_interfaces(item, result.wants[index], template, result)
        _check_version(item, template, result)
        networks = _interface_networks(item, stored, template)
        tuples.compose(item, networks)
        compose_sides(item, list(networks) or list(template.types if template else ()), snapshot, task, result)


def known_service(name: FqName, snapshot: Snapshot) -> RuleService | None:
    """Return what rules have to know of a service instance, ``None`` while or where it is not known."""
    stored = snapshot.look(SERVICE_INSTANCE.kind, name)
    bare = Item("", name)
    template = _template(bare, stored, snapshot)
    return None if template is None else RuleService(template.mode, _interface_networks(bare, stored, template))


def take_services(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Take the ports out of each service instance and delete its port tuples with it.

    The API would let the service instance go and leave the tuples behind.
    """
    for item in items:
        stored = snapshot.look(SERVICE_INSTANCE.kind, item.fq_name)
        if not is_owned(stored, task.owner):
            continue
        result.wants += take_sides(item, stored)
        for name in targets(stored, "port_tuples"):
            result.wants += take_tuple(name, item.path, snapshot)


def take_tuple(name: FqName, path: str, snapshot: Snapshot) -> Iterator[DesiredObject]:
    """Yield a port tuple that goes, and its ports that leave before."""
    yield from _expelled(name, path, snapshot)
    yield DesiredObject(PORT_TUPLE, name, path, "absent", guarded=False)


class _Tuples:
    """The port tuples of one task; a port is in one of them only."""

    def __init__(self, snapshot: Snapshot, task: Task, result: Composition) -> None:
        self._snapshot = snapshot
        self._task = task
        self._result = result
        self._search = PortSearch(snapshot, task, result)
        self._places: dict[FqName, str] = {}

    def compose(self, item: Item, networks: dict[str, str]) -> None:
        """Make the port tuples of an item; ``networks`` are those of its interfaces, by type."""
        named = {(*item.fq_name, port_tuple["name"]) for port_tuple in item.compound.get("port_tuples") or []}
        told = "port_tuples" in self._task.purge and "port_tuples" in item.compound
        for number, port_tuple in enumerate(item.compound.get("port_tuples") or []):
            path = f"{item.path}.port_tuples[{number}]"
            name = (*item.fq_name, port_tuple["name"])
            self._check_parent(item, name, path)
            self._result.wants.append(DesiredObject(PORT_TUPLE, name, path))
            members = list(self._members(port_tuple["ports"], name, networks, path))
            for member in members:
                if not told:
                    self._check_sibling(member, named)
                self._place(member, networks)
            staying = {member.port for member in members}
            self._result.wants += _expelled(name, item.path, self._snapshot, staying=staying)
        if told:
            stored = self._snapshot.look(SERVICE_INSTANCE.kind, item.fq_name)
            for name in targets(stored, "port_tuples"):
                if name not in named:
                    self._result.wants += take_tuple(name, item.path, self._snapshot)

    def _members(self, ports: dict[str, Value], name: FqName, networks: dict[str, str], path: str) -> Iterator[_Member]:
        """Yield the ports of a tuple, each as it was found."""
        for kind, wanted in ports.items():
            place = f"{path}.ports.{kind}"
            port = self._search.find(wanted, networks.get(kind, ""), place)
            if port is not None:
                yield _Member(port, kind, name, place)

    def _place(self, member: _Member, networks: dict[str, str]) -> None:
        if member.port in self._places:
            where = self._places[member.port]
            self._result.fault(member.path, f"port {joined(member.port)} is already {where}")
        self._places[member.port] = member.path
        self._check_fit(member, networks)
        self._result.wants.append(self._member_want(member))

    def _check_parent(self, item: Item, name: FqName, path: str) -> None:
        """Refuse a tuple that is left over from a service instance of the same name that is gone."""
        stored = self._snapshot.look(PORT_TUPLE.kind, name)
        parent = get_path(stored, ["parent_uuid"])
        service = self._snapshot.look(SERVICE_INSTANCE.kind, item.fq_name)
        if parent is not None and parent != get_path(service, ["uuid"]):
            self._result.fault(
                path,
                f"port tuple {joined(name)} is there, but its service instance was deleted: set sweep_orphans, "
                "which removes such port tuples",
            )

    def _check_sibling(self, member: _Member, named: set[FqName]) -> None:
        """Refuse to take a port out of another tuple of its service instance of which the task says nothing."""
        stored = self._snapshot.look(PORT.kind, member.port)
        for name in targets(stored, "port_tuple_refs"):
            is_sibling = name[:-1] == member.port_tuple[:-1] and name not in named
            if is_sibling and not self._task.move_ports:
                self._result.fault(
                    member.path,
                    f"port {joined(member.port)} is in port tuple {joined(name)}, which would lose it to port tuple "
                    f"{joined(member.port_tuple)}: set move_ports to move it, or list {name[-1]} with the ports that "
                    "it is to have",
                )

    def _check_fit(self, member: _Member, networks: dict[str, str]) -> None:
        """Refuse a port in a wrong place: no such interface, or a port of another network."""
        if not networks:
            return
        network = networks.get(member.interface_type)
        if network is None:
            known = ", ".join(networks)
            self._result.fault(member.path, f"the service instance has no such interface; it has {known}")
            return
        stored = self._snapshot.look(PORT.kind, member.port)
        actual = [joined(name) for name in targets(stored, "virtual_network_refs")]
        if actual and network not in actual:
            self._result.fault(
                member.path,
                f"port {joined(member.port)} is in {actual[0]}, the interface in {network}: give a port of {network}",
            )

    def _member_want(self, member: _Member) -> DesiredObject:
        """Return the port with its interface type and its one tuple; another service's port is refused."""
        stored = self._snapshot.look(PORT.kind, member.port)
        others = [name for name in targets(stored, "port_tuple_refs") if name != member.port_tuple]
        for name in others:
            if name[:-1] != member.port_tuple[:-1]:
                self._result.fault(
                    member.path,
                    f"port {joined(member.port)} belongs to port tuple {joined(name)}: take it out there first",
                )
        return DesiredObject(
            PORT,
            member.port,
            member.path,
            "existing",
            values={"interface_type": member.interface_type},
            references={"port_tuples": {joined(member.port_tuple): None}},
            drops={"port_tuples": frozenset(joined(name) for name in others)},
        )


def _expelled(
    port_tuple: FqName, path: str, snapshot: Snapshot, staying: set[FqName] | None = None
) -> Iterator[DesiredObject]:
    """Yield the ports that leave a tuple: the reference goes, then the interface type."""
    stored = snapshot.look(PORT_TUPLE.kind, port_tuple)
    for port in sorted(targets(stored, "virtual_machine_interface_back_refs")):
        if port not in (staying or set()):
            yield DesiredObject(
                PORT,
                port,
                path,
                "existing",
                values={"interface_type": None},
                drops={"port_tuples": frozenset({joined(port_tuple)})},
                leaving=True,
            )


def _template(item: Item, stored: Json, snapshot: Snapshot) -> _Template | None:
    """Return an item's template; ``None`` while it is not known."""
    names = [tuple(name.split(":")) for name in item.references.get("template", {})]
    for name in names or targets(stored, "service_template_refs"):
        template = snapshot.look(SERVICE_TEMPLATE.kind, name)
        if template is None:
            return None
        properties = template.get("service_template_properties") or {}
        entries = properties.get("interface_type") or []
        types = tuple(entry["service_interface_type"] for entry in entries)
        mode = properties.get("service_mode") or TRANSPARENT
        return _Template(int(properties.get("version") or SELF_MADE), types, mode)
    return None


def _check_version(item: Item, template: _Template | None, result: Composition) -> None:
    """Refuse what the version of the template leaves to the other party."""
    if template is None:
        return
    if template.version == SELF_MADE:
        if item.compound.get("port_tuples"):
            result.fault(
                f"{item.path}.port_tuples",
                "the template is of version 1, for which svc-monitor makes machines and ports itself: leave "
                "port_tuples out, or take a template of version 2",
            )
        return
    places = [option for option in ONLY_SELF_MADE if item.values.get(option) is not None]
    places += [
        f"interfaces[{index}].{option}"
        for index, interface in enumerate(item.values.get("interfaces") or [])
        for option in ONLY_SELF_MADE_INTERFACE
        if interface.get(option)
    ]
    for place in places:
        result.fault(f"{item.path}.{place}", "is for templates of version 1 only; with version 2 the ports are yours")


def _ordered_interfaces(
    item: Item, want: DesiredObject, template: _Template | None, result: Composition
) -> DesiredObject:
    """Put the interfaces of an item into the template's order."""
    interfaces = item.values.get("interfaces")
    if not interfaces:
        return want
    path = f"{item.path}.interfaces"
    given = [interface["type"] for interface in interfaces]
    for index, kind in enumerate(given):
        if kind in given[:index]:
            result.fault(f"{path}[{index}].type", f"{kind} is already {path}[{given.index(kind)}]")
    if template is None or not template.types:
        return want
    if sorted(template.types) != sorted(given):
        result.fault(
            path,
            f"the template has the interfaces {', '.join(template.types)}, but {', '.join(given)} are given",
        )
        return want
    ordered = sorted(interfaces, key=lambda interface: template.types.index(interface["type"]))
    return replace(want, values={**want.values, "interfaces": ordered})


def _interface_networks(item: Item, stored: Json, template: _Template | None) -> dict[str, str]:
    """Return the network of each interface type, as given or else as stored."""
    interfaces = item.values.get("interfaces")
    if interfaces:
        return {interface["type"]: interface["network"] for interface in interfaces}
    entries = get_path(stored, ["service_instance_properties", "interface_list"]) or []
    networks = [entry.get("virtual_network") or "" for entry in entries]
    types = template.types if template is not None else ()
    return dict(zip(types, networks, strict=False)) if len(types) == len(networks) else {}
