# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether service instances can stand in a chain, and if not, why: in the schema transformer's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from .objects import JsonDict, ObjectStore, references
from .policies import ServiceChain

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


def check_services(store: ObjectStore, chain: ServiceChain) -> ChainCheck:
    """Look at the services of a chain in order, up to the first that is not ready."""
    check = ChainCheck()
    for name in chain.services:
        service = _check_service(store, name, chain, check)
        if service is None:
            check.complete = False
            return check
        check.services.append(service)
    return check


def _check_service(store: ObjectStore, name: str, chain: ServiceChain, check: ChainCheck) -> Service | None:
    instance = store.find("service-instance", name.split(":"))
    template = _template(store, instance) if instance else None
    if instance is None or template is None:
        check.error = f"Service instance {name} not found "
        return None
    mode = (template.get("service_template_properties") or {}).get("service_mode")
    tuples = store.children(instance["uuid"], "port-tuple")
    if not tuples:
        check.error = f"No vms/pts found for service instance {name}"
        return None
    if mode not in IN_NETWORK:
        check.error = f"Service instance {name}: mode {mode} is not simulated"
        return None
    needs_right = mode != NAT and chain.direction == "<>"
    found = [_check_tuple(store, one, name, mode, needs_right, check) for one in tuples]
    return next(filter(None, found), None)  # the tuples of an instance share its addresses: one is enough


def _check_tuple(
    store: ObjectStore, port_tuple: JsonDict, name: str, mode: str, needs_right: bool, check: ChainCheck
) -> Service | None:
    ports = {
        (port.get("virtual_machine_interface_properties") or {}).get("service_interface_type"): port
        for port in store.back_references(port_tuple["uuid"], "virtual-machine-interface")
    }
    addresses: dict[str, dict[int, str]] = {}
    for side in ("left", "right"):
        if side not in ports:
            if side == "right" and not needs_right:
                continue
            check.error = f"{side.capitalize()} interface not found for {':'.join(port_tuple['fq_name'])}"
            return None
        addresses[side] = _service_addresses(store, ports[side])
        if not addresses[side]:
            check.error = f"No ip address found for interface {':'.join(ports[side]['fq_name'])}"
            return None
    return Service(name, mode, addresses["left"], addresses.get("right", {}))


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
