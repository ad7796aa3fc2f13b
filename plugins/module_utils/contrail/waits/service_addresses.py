# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait for the addresses of service instances.

svc-monitor allots service addresses to a service instance once its port tuples are complete, and takes them back when
it is gone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..codec.codec import get_path
from ..codec.scope import Json, Value
from ..codec.values import FqName, joined
from ..kinds import PORT, PORT_TUPLE, SERVICE_INSTANCE
from ..kinds.config import Item, Key
from ..plan.snapshot import Snapshot
from .object_reader import ObjectReader, by_name, names_in

SERVICE_SIDES = ("left", "right")
"""The interface types that get a service address."""


class ServiceAddresses:
    """The wait for the addresses that svc-monitor gives to service instances.

    With a template of version 1 svc-monitor makes the machines too, and these are waited for.
    """

    FIELDS: Mapping[str, Sequence[str]] = {
        SERVICE_INSTANCE.kind: (
            "instance_ip_refs",
            "port_tuples",
            "service_instance_properties",
            "virtual_machine_back_refs",
        ),
        PORT_TUPLE.kind: ("virtual_machine_interface_back_refs",),
        PORT.kind: ("virtual_machine_interface_properties",),
        "instance-ip": ("instance_ip_address", "virtual_machine_interface_refs"),
    }
    """What is read, by kind."""

    def __init__(self, reader: ObjectReader, items: Sequence[Item], before: Snapshot) -> None:
        self._reader = reader
        self._items = items
        self._before = before
        self.found: dict[str, dict[str, list[str]]] = {}

    def appear(self) -> list[str]:
        """Say which service instance, and which of its ports, has no address yet; notes in ``found`` those there are.

        A service instance of version 2 without port tuples never gets any, so it is not waited for.
        """
        services = self._read(SERVICE_INSTANCE.kind, [item.fq_name for item in self._items])
        addresses, tuples = self._addresses_and_tuples(services.values())
        ports = self._read(PORT.kind, [name for stored in tuples.values() for name in _members(stored)])
        missing: list[str] = []
        for item in self._items:
            service = services.get(item.fq_name)
            found = _found(service, addresses)
            self.found[joined(item.fq_name)] = {side: sorted(found[side], key=_family) for side in sorted(found)}
            members = {
                port: ports.get(port)
                for name in names_in(service, "port_tuples")
                for port in _members(tuples.get(name))
            }
            carriers = {
                port
                for name in names_in(service, "instance_ip_refs")
                for port in names_in(addresses.get(name), "virtual_machine_interface_refs")
            }
            missing += _without_address(item, found, members)
            missing += _not_carrying(item, found, members, carriers)
            missing += _machines_lacking(item, service)
        return missing

    def vanish(self) -> list[str]:
        """Say which addresses of deleted service instances are still there."""
        stored = [self._before.look(SERVICE_INSTANCE.kind, item.fq_name) for item in self._items]
        addresses = [name for service in stored for name in names_in(service, "instance_ip_refs")]
        left = [name for name, found in self._read("instance-ip", addresses).items() if found is not None]
        return [f"service address {joined(name)} is still there; check that svc-monitor runs" for name in left]

    def _addresses_and_tuples(self, services: Iterable[Json]) -> tuple[dict[FqName, Json], dict[FqName, Json]]:
        """Return the service addresses and the port tuples of service instances, which are read side by side."""
        needs: list[Key] = []
        for stored in services:
            needs += [("instance-ip", name) for name in names_in(stored, "instance_ip_refs")]
            needs += [(PORT_TUPLE.kind, name) for name in names_in(stored, "port_tuples")]
        found = self._reader.read(needs, self.FIELDS)
        return (
            {name: stored for (kind, name), stored in found.items() if kind == "instance-ip"},
            {name: stored for (kind, name), stored in found.items() if kind == PORT_TUPLE.kind},
        )

    def _read(self, kind: str, names: Sequence[FqName]) -> dict[FqName, Json]:
        return by_name(self._reader.read([(kind, name) for name in names], self.FIELDS))


def _members(port_tuple: Json) -> list[FqName]:
    return names_in(port_tuple, "virtual_machine_interface_back_refs")


def _found(service: Json, addresses: Mapping[FqName, Json]) -> dict[str, list[str]]:
    """Return the addresses that a service instance has, by interface type."""
    found: dict[str, list[str]] = {}
    for reference in get_path(service, ["instance_ip_refs"]) or []:
        text = get_path(addresses.get(tuple(reference["to"])), ["instance_ip_address"])
        if text:
            found.setdefault(get_path(reference, ["attr", "interface_type"]) or "", []).append(text)
    return found


def _without_address(item: Item, found: Mapping[str, Value], members: Mapping[FqName, Json]) -> Iterator[str]:
    """Yield the sides of a service instance that have ports and no address at all."""
    sides = {_side(port) for port in members.values()}
    for side in SERVICE_SIDES:
        if side in sides and side not in found:
            yield (
                f"service-instance {joined(item.fq_name)} has no service address on its {side} interface; "
                "check that svc-monitor runs, that the port has that interface type and its network a subnet"
            )


def _not_carrying(
    item: Item, found: Mapping[str, Value], members: Mapping[FqName, Json], carriers: set[FqName]
) -> Iterator[str]:
    """Yield the ports on which a service address that is there has not been put yet."""
    for port, stored in sorted(members.items()):
        if _side(stored) in found and port not in carriers:
            yield (
                f"port {joined(port)} does not carry the {_side(stored)} service address of service-instance "
                f"{joined(item.fq_name)}; check that svc-monitor runs"
            )


def _machines_lacking(item: Item, service: Json) -> Iterator[str]:
    """Yield how many machines svc-monitor has still to make, with a template of version 1."""
    wanted = get_path(service, ["service_instance_properties", "scale_out", "max_instances"]) or 0
    there = len(names_in(service, "virtual_machine_back_refs"))
    if there < wanted and not names_in(service, "port_tuples"):
        yield (
            f"service-instance {joined(item.fq_name)} has {there} of {wanted} virtual machines; check that "
            "svc-monitor runs, and the image, flavor and version of the template"
        )


def _side(port: Json) -> str:
    return get_path(port, ["virtual_machine_interface_properties", "service_interface_type"]) or ""


def _family(text: str) -> tuple[int, int]:
    address = ipaddress.ip_address(text)
    return address.version, int(address)
