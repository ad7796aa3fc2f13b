# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether service instances can stand in a chain, and if not, why: in the schema transformer's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from lab.daemons.objects import JsonDict, ObjectStore, colons, references
from lab.daemons.policies import ServiceChain

NAT = "in-network-nat"
IN_NETWORK = ("in-network", NAT)


@dataclass(frozen=True)
class Service:
    """A service instance that is ready: its mode, and per side the service addresses by IP version."""

    name: str
    mode: str
    left: Mapping[int, str] = field(default_factory=dict)
    right: Mapping[int, str] = field(default_factory=dict)


@dataclass
class ChainCheck:
    """What a look at a chain's services gave: those that are ready, and the text of the last fault found.

    A chain can be built when `complete`; a text then tells of port tuples that had to be left out.
    """

    services: list[Service] = field(default_factory=list)
    error: str | None = None
    complete: bool = True


class NotReadyError(Exception):
    """A service, or one of its port tuples, cannot stand in the chain; the message is the transformer's."""


def check_services(store: ObjectStore, chain: ServiceChain) -> ChainCheck:
    """Look at the services of a chain in order, up to the first that is not ready."""
    check = ChainCheck()
    for name in chain.services:
        try:
            service, fault = _check_service(store, name, chain)
        except NotReadyError as error:
            check.error = str(error)
            check.complete = False
            break
        check.services.append(service)
        check.error = fault or check.error
    return check


def _check_service(store: ObjectStore, name: str, chain: ServiceChain) -> tuple[Service, str | None]:
    """Return a service and the fault of a port tuple of it that is left out. Raises NotReadyError."""
    instance = store.find("service-instance", name.split(":"))
    template = _template(store, instance) if instance else None
    if instance is None or template is None:
        raise NotReadyError(f"Service instance {name} not found ")
    mode = (template.get("service_template_properties") or {}).get("service_mode")
    tuples = store.children(instance["uuid"], "port-tuple")
    if not tuples:
        raise NotReadyError(f"No vms/pts found for service instance {name}")
    if mode not in IN_NETWORK:
        raise NotReadyError(f"Service instance {name}: mode {mode} is not simulated")
    sides = ("left",) if mode == NAT or chain.direction != "<>" else ("left", "right")
    fault, found = None, None
    for port_tuple in tuples:  # all tuples of an instance share its addresses, so one is enough
        try:
            addresses = _addresses_of_tuple(store, port_tuple, sides)
            found = found or Service(name, mode, addresses["left"], addresses.get("right", {}))
        except NotReadyError as error:
            fault = str(error)
    if found is None:
        raise NotReadyError(fault)
    return found, fault


def _addresses_of_tuple(store: ObjectStore, port_tuple: JsonDict, sides: tuple[str, ...]) -> dict[str, dict[int, str]]:
    """Return the service addresses of a tuple's ports by side. Raises NotReadyError if one is missing."""
    ports = {
        (port.get("virtual_machine_interface_properties") or {}).get("service_interface_type"): port
        for port in store.back_references(port_tuple["uuid"], "virtual-machine-interface")
    }
    addresses = {}
    for side in sides:
        if side not in ports:
            missing = f"{side.capitalize()} interface"
            raise NotReadyError(f"{missing} not found for {colons(port_tuple['fq_name'])}")
        addresses[side] = _service_addresses(store, ports[side])
        if not addresses[side]:
            raise NotReadyError(f"No ip address found for interface {colons(ports[side]['fq_name'])}")
    return addresses


def _template(store: ObjectStore, instance: JsonDict) -> JsonDict | None:
    for reference in references(instance, "service-template"):
        return store.get(reference["uuid"])
    return None


def _service_addresses(store: ObjectStore, port: JsonDict) -> dict[int, str]:
    """Return a port's service addresses by IP version."""
    return {
        ip_address(item["instance_ip_address"]).version: item["instance_ip_address"]
        for item in store.back_references(port["uuid"], "instance-ip")
        if item.get("service_instance_ip") and item.get("instance_ip_address")
    }
