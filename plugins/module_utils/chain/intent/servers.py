# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual machines of service members that OpenStack boots: their ports, and what cannot be booted."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...values.faults import GIVEN_TWICE, VALUE_NOT_VALID, Fault
from ...values.hints import nearest
from ..findings.intent import INTERFACES_DO_NOT_FIT
from .model import SERVICES, Intent, Member, Network, Port, Server, Service
from .options import given


def booted_ports(intent: Intent) -> dict[str, Port]:
    """Return the ports that OpenStack makes, by name; an address that it chooses itself is not known."""
    return {
        port: Port(port, intent.network_of(service, interface).full_name, _address(server, interface))
        for service, member, server in _booted(intent.services.values())
        for interface, port in member.ports.items()
    }


def machines(
    intent: Intent, services: Iterable[Service], guests: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return the servers of some services as the role ``service_machines`` takes them.

    Their ports stand in the order of the template's interfaces, which is the order of the guest's network cards.

    :param guests: what :func:`.hosts.service_guests` says of members; cloud-init is to set it up.
    """
    needs = {(guest["service"], guest["member"]): guest for guest in guests}
    return [
        _machine(intent, service, member, server, needs.get((service.name, member.name), {}))
        for service, member, server in _booted(services)
    ]


def machine_faults(intent: Intent) -> Iterator[Fault]:
    """Find servers that cannot be booted as they are written. Every service must stand in a chain."""
    names: dict[str, str] = {}
    taken: dict[tuple[str, str], str] = {}
    for service in intent.services.values():
        for index, member in enumerate(service.members):
            if member.server is None:
                continue
            path = f"{SERVICES}.{service.name}.members[{index}]"
            yield from _member_faults(intent, service, member, path)
            name = member.server.name or member.name
            first = names.setdefault(name, path)
            if first != path:
                yield Fault(f"{path}.server.name", f"'{name}' is the server of {first} already", GIVEN_TWICE)
            for interface, address in member.server.addresses.items():
                here = f"{path}.server.addresses.{interface}"
                if interface not in service.interfaces:
                    reason = f"is no interface of the service{nearest(interface, service.interfaces)}"
                    yield Fault(here, reason, INTERFACES_DO_NOT_FIT)
                    continue
                network = intent.network_of(service, interface)
                yield from _address_faults(network, address, here)
                owner = taken.setdefault((network.name, address), here)
                if owner != here:
                    yield Fault(here, f"{address} is already used by {owner}", GIVEN_TWICE)


def _booted(services: Iterable[Service]) -> Iterator[tuple[Service, Member, Server]]:
    for service in services:
        for member in service.members:
            if member.server is not None:
                yield service, member, member.server


def _address(server: Server, interface: str) -> tuple[str, ...]:
    return (server.addresses[interface],) if interface in server.addresses else ()


def _machine(
    intent: Intent, service: Service, member: Member, server: Server, needs: Mapping[str, Any]
) -> Mapping[str, Any]:
    optional = {
        "key_name": server.key_name,
        "availability_zone": server.availability_zone,
        "config_drive": server.config_drive,
        "user_data": server.user_data,
        "routes": needs.get("routes"),
        "forwarding": needs.get("forwarding"),
    }
    return {
        "name": server.name or member.name,
        "image": server.image,
        "flavor": server.flavor,
        "ports": [
            _port(member.ports[interface], intent.network_of(service, interface), server, interface)
            for interface in service.interfaces
        ],
        **given(optional),
    }


def _port(name: str, network: Network, server: Server, interface: str) -> Mapping[str, Any]:
    optional = {
        "address": server.addresses.get(interface),
        "security_groups": None if server.security_groups is None else list(server.security_groups),
        "port_security": server.port_security,
    }
    return {"name": name, "network": network.name, **given(optional)}


def _member_faults(intent: Intent, service: Service, member: Member, path: str) -> Iterator[Fault]:
    if service.existing:
        yield Fault(f"{path}.server", f"service {service.name} exists already; so must the machines of its members")
    if member.host is not None:
        reason = "is booted within the run, and Ansible reaches hosts before; its routes come from cloud-init"
        yield Fault(f"{path}.host", f"{member.host} {reason}: leave host or server out", VALUE_NOT_VALID)
    for interface, port in member.ports.items():
        if ":" in port:
            yield Fault(f"{path}.{interface}", f"'{port}' names a project; OpenStack makes it in that of its login")
        elif port in intent.ports:
            yield Fault(f"{path}.{interface}", f"port '{port}' is in contrail_objects_ports as well", GIVEN_TWICE)
    server = member.server
    if server is not None and server.port_security is False and server.security_groups:
        reason = "security groups need port security; leave one of the two out"
        yield Fault(f"{path}.server.security_groups", reason)


def _address_faults(network: Network, address: str, path: str) -> Iterator[Fault]:
    cidrs = [subnet.cidr for subnet in network.subnets]
    if cidrs and not any(ipaddress.ip_address(address) in subnet.network for subnet in network.subnets):
        yield Fault(path, f"{address} is in no subnet of {network.name} ({', '.join(cidrs)})")
