# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Neutron's networks, subnets and ports, as Contrail's Neutron plug-in finds and writes them in Contrail.

A port is a virtual-machine-interface of the port's name (its uuid, if it has none or the name is taken) in the project;
each address an instance-ip called by its own uuid; the device a parentless virtual-machine called by Nova's uuid.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from lab.contrail.errors import ApiError
from lab.contrail.store import Store

JsonDict = dict[str, Any]
INTERFACE = "virtual-machine-interface"
NETWORK = "virtual-network"
MACHINE = "virtual-machine"
ADDRESS = "instance-ip"
GROUP = "security-group"
NO_RULES = ["default-domain", "default-project", "__no_rule__"]
OWN_NAMES = frozenset({"ip-fabric", "__link_local__", "dci-network", "default-virtual-network"})
"""Networks that Contrail makes for itself; Neutron does not show them."""


class NetworkError(Exception):
    """What Neutron refuses; `kind` is its word for it."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message


class Ports:
    """Neutron over the objects of a Contrail. Projects are given by their uuid without dashes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # Looking

    def networks(self) -> list[JsonDict]:
        """Return all networks that people made."""
        return [_network(one) for one in self._store.objects(NETWORK) if one["fq_name"][-1] not in OWN_NAMES]

    def subnets(self) -> list[JsonDict]:
        """Return the subnets of these networks."""
        shown = {network["id"] for network in self.networks()}
        return [
            _subnet(network, entry)
            for network in self._store.objects(NETWORK)
            if network["uuid"] in shown
            for entry in _entries(network)
        ]

    def security_groups(self) -> list[JsonDict]:
        """Return the security groups of all projects."""
        return [
            {
                "id": group["uuid"],
                "name": group["fq_name"][-1],
                "description": "",
                "tenant_id": _plain(group["parent_uuid"]),
                "project_id": _plain(group["parent_uuid"]),
                "security_group_rules": [],
            }
            for group in self._store.objects(GROUP)
            if group["fq_name"] != NO_RULES
        ]

    def ports(self) -> list[JsonDict]:
        """Return all ports."""
        return [self._shown(port) for port in self._store.objects(INTERFACE) if port.get("parent_type") == "project"]

    def port(self, identifier: str) -> JsonDict:
        """Return a port. Raises NetworkError 404."""
        return self._shown(self._stored(INTERFACE, identifier, "Port"))

    # Writing

    def create(self, project: str, asked: Mapping[str, Any]) -> JsonDict:
        """Make a port in a project and return it. Raises NetworkError for what cannot be."""
        network = self._stored(NETWORK, str(asked.get("network_id")), "Network")
        owner = self._store.get(str(uuid.UUID(project)))
        if owner is None:
            raise NetworkError(404, "TenantNotFound", f"Project {project} could not be found.")
        secured = asked.get("port_security_enabled", network.get("port_security_enabled", True)) is not False
        identifier = str(uuid.uuid4())
        name = [*owner["fq_name"], asked.get("name") or identifier]
        if self._store.find(INTERFACE, name) is not None:
            name[-1] = f"{name[-1]}-{identifier}"
        body: JsonDict = {
            "fq_name": name,
            "parent_type": "project",
            "uuid": identifier,
            "display_name": asked.get("name") or identifier,
            "virtual_network_refs": [{"to": network["fq_name"], "attr": None}],
            "port_security_enabled": secured,
            "security_group_refs": self._groups(owner, asked, secured=secured),
            "id_perms": {"enable": asked.get("admin_state_up", True), "description": asked.get("description")},
            "virtual_machine_interface_bindings": {"key_value_pair": [{"key": "vnic_type", "value": "normal"}]},
        }
        if asked.get("mac_address"):
            body["virtual_machine_interface_mac_addresses"] = {"mac_address": [asked["mac_address"]]}
        try:
            port = self._store.create(INTERFACE, body)
        except ApiError as error:
            raise NetworkError(400, "BadRequest", f"Bad port request: {error.message}.") from error
        try:
            self._give_addresses(network, port, asked.get("fixed_ips"))
            self._change(port["uuid"], asked)
        except (ApiError, NetworkError) as error:
            self.delete(port["uuid"])
            raise _refusal(network, error) from error
        self._store.announce()
        return self.port(port["uuid"])

    def update(self, identifier: str, asked: Mapping[str, Any]) -> JsonDict:
        """Change a port and return it. Raises NetworkError for what cannot be."""
        port = self._stored(INTERFACE, identifier, "Port")
        addresses = {one["ip_address"] for one in self._shown(port)["fixed_ips"]}
        if not {one.get("ip_address") for one in asked.get("fixed_ips") or ()} <= addresses:
            raise NetworkError(400, "BadRequest", "Bad port request: Fixed ip cannot be updated on a port.")
        self._change(identifier, asked)
        self._store.announce()
        return self.port(identifier)

    def delete(self, identifier: str) -> None:
        """Delete a port with its addresses; of an address that others share, only the port's part in it."""
        port = self._stored(INTERFACE, identifier, "Port")
        for address in self._store.back_references(identifier, ADDRESS):
            self._store.update_reference(address["uuid"], INTERFACE, identifier, "DELETE")
            left = self._store.get(address["uuid"]) or {}
            if not left.get("virtual_machine_interface_refs"):
                self._store.delete(address["uuid"])
        try:
            self._store.delete(identifier)
        except ApiError as error:
            raise NetworkError(409, "PortInUse", f"Unable to complete operation on port {identifier}.") from error
        self._drop_machines(port)
        self._store.announce()

    # Parts of the above

    def _stored(self, kind: str, identifier: str, word: str) -> JsonDict:
        stored = self._store.get(identifier)
        if stored is None or self._store.kind_of(identifier).name != kind:
            raise NetworkError(404, f"{word}NotFound", f"{word} {identifier} could not be found.")
        return stored

    def _groups(self, owner: JsonDict, asked: Mapping[str, Any], *, secured: bool) -> list[JsonDict]:
        """Return references to a port's security groups: those asked for, the project's own, or one without rules."""
        given = asked.get("security_groups")
        if given is None:
            default = [*owner["fq_name"], "default"]
            there = secured and self._store.find(GROUP, default) is not None
            return [{"to": default, "attr": None}] if there else []
        if given and not secured:
            reason = "Port Security must be enabled in order to have security groups on a port."
            raise NetworkError(409, "PortSecurityPortHasSecurityGroup", reason)
        names = [self._stored(GROUP, str(one), "SecurityGroup")["fq_name"] for one in given]
        return [{"to": name, "attr": None} for name in names or ([NO_RULES] if secured else [])]

    def _give_addresses(self, network: JsonDict, port: JsonDict, asked: list[JsonDict] | None) -> None:
        """Give a new port the addresses asked for, or one of each family that the network has."""
        wanted = asked if asked is not None else [{"family": family} for family in _families(network)]
        for one in wanted:
            identifier = str(uuid.uuid4())
            address = one.get("ip_address")
            family = one.get("family") or ("v6" if ":" in str(address) else "v4")
            body: JsonDict = {
                "fq_name": [identifier],
                "uuid": identifier,
                "instance_ip_family": family,
                "virtual_network_refs": [{"to": network["fq_name"], "attr": None}],
                "virtual_machine_interface_refs": [{"to": port["fq_name"], "attr": None}],
            }
            if address:
                body["instance_ip_address"] = address
            if one.get("subnet_id"):
                body["subnet_uuid"] = one["subnet_id"]
            self._store.create(ADDRESS, body)

    def _change(self, identifier: str, asked: Mapping[str, Any]) -> None:
        """Write what a create or update request says of device, binding, state and address pairs."""
        port = self._stored(INTERFACE, identifier, "Port")
        changes: JsonDict = {}
        if asked.get("name"):
            changes["display_name"] = asked["name"]
        if "device_id" in asked:
            changes["virtual_machine_refs"] = self._machine(asked["device_id"])
        if "device_owner" in asked:
            changes["virtual_machine_interface_device_owner"] = asked["device_owner"]
        if "admin_state_up" in asked or "description" in asked:
            names = {"admin_state_up": "enable", "description": "description"}
            changes["id_perms"] = {names[key]: asked[key] for key in names if key in asked}
        if "allowed_address_pairs" in asked:
            changes["virtual_machine_interface_allowed_address_pairs"] = {
                "allowed_address_pair": [_pair(one) for one in asked["allowed_address_pairs"] or ()]
            }
        if "port_security_enabled" in asked:
            changes["port_security_enabled"] = asked["port_security_enabled"]
        bindings = _bindings(port) | {
            key.removeprefix("binding:"): value if isinstance(value, str) else json.dumps(value)
            for key, value in asked.items()
            if key.startswith("binding:")
        }
        if bindings != _bindings(port):
            pairs = [{"key": key, "value": value} for key, value in bindings.items()]
            changes["virtual_machine_interface_bindings"] = {"key_value_pair": pairs}
        if changes:
            self._store.update(identifier, changes)
        if "virtual_machine_refs" in changes:
            self._drop_machines(port)

    def _machine(self, device: str | None) -> list[JsonDict]:
        """Return the reference to the machine of a device, which is made if need be."""
        if not device:
            return []
        if self._store.find(MACHINE, [device]) is None:
            self._store.create(MACHINE, {"fq_name": [device], "uuid": device})
        return [{"to": [device], "attr": None}]

    def _drop_machines(self, port: JsonDict) -> None:
        """Delete the machines that a port had, if nobody has them any more."""
        for reference in port.get("virtual_machine_refs") or ():
            if self._store.has(reference["uuid"]) and not self._store.back_references(reference["uuid"], INTERFACE):
                self._store.delete(reference["uuid"])

    def _shown(self, port: JsonDict) -> JsonDict:
        """Return a port in Neutron's words; service addresses, which several ports share, are not among its own."""
        machines = port.get("virtual_machine_refs") or [{"to": [""]}]
        bindings = _bindings(port)
        project = _plain(port["parent_uuid"])
        return {
            "id": port["uuid"],
            "name": port.get("display_name") or port["fq_name"][-1],
            "network_id": port["virtual_network_refs"][0]["uuid"],
            "tenant_id": project,
            "project_id": project,
            "mac_address": port["virtual_machine_interface_mac_addresses"]["mac_address"][0],
            "fixed_ips": [
                {"subnet_id": one.get("subnet_uuid"), "ip_address": one["instance_ip_address"]}
                for one in self._store.back_references(port["uuid"], ADDRESS)
                if one.get("instance_ip_address") and not one.get("service_instance_ip")
            ],
            "device_id": machines[0]["to"][-1],
            "device_owner": port.get("virtual_machine_interface_device_owner") or "",
            "admin_state_up": port["id_perms"]["enable"],
            "status": "ACTIVE" if port.get("virtual_machine_refs") else "DOWN",
            "security_groups": [one["uuid"] for one in port.get("security_group_refs") or () if one["to"] != NO_RULES],
            "port_security_enabled": port.get("port_security_enabled") is not False,
            "allowed_address_pairs": [_shown_pair(one) for one in _pairs(port)],
            "binding:host_id": bindings.get("host_id", ""),
            "binding:vif_type": "vrouter",
            "binding:vnic_type": bindings.get("vnic_type", "normal"),
            "binding:vif_details": {"port_filter": True},
            "extra_dhcp_opts": [],
            "description": port["id_perms"].get("description") or "",
            "created_at": port["id_perms"]["created"],
            "updated_at": port["id_perms"]["last_modified"],
            "fq_name": port["fq_name"],
        }


def _network(network: JsonDict) -> JsonDict:
    project = _plain(network["parent_uuid"])
    return {
        "id": network["uuid"],
        "name": network.get("display_name") or network["fq_name"][-1],
        "tenant_id": project,
        "project_id": project,
        "subnets": [entry["subnet_uuid"] for entry in _entries(network)],
        "admin_state_up": network["id_perms"]["enable"],
        "status": "ACTIVE",
        "shared": bool(network.get("is_shared")),
        "router:external": bool(network.get("router_external")),
        "port_security_enabled": network.get("port_security_enabled") is not False,
        "description": network["id_perms"].get("description") or "",
        "fq_name": network["fq_name"],
    }


def _subnet(network: JsonDict, entry: JsonDict) -> JsonDict:
    prefix = entry["subnet"]
    project = _plain(network["parent_uuid"])
    return {
        "id": entry["subnet_uuid"],
        "name": entry.get("subnet_name") or "",
        "network_id": network["uuid"],
        "cidr": f"{prefix['ip_prefix']}/{prefix['ip_prefix_len']}",
        "ip_version": 6 if ":" in prefix["ip_prefix"] else 4,
        "gateway_ip": entry.get("default_gateway"),
        "enable_dhcp": entry.get("enable_dhcp") is not False,
        "dns_nameservers": [],
        "allocation_pools": list(entry.get("allocation_pools") or ()),
        "host_routes": [
            {"destination": route["prefix"], "nexthop": route.get("next_hop")}
            for route in (entry.get("host_routes") or {}).get("route") or ()
        ],
        "tenant_id": project,
        "project_id": project,
    }


def _entries(network: JsonDict) -> Iterator[JsonDict]:
    for reference in network.get("network_ipam_refs") or ():
        for entry in reference["attr"]["ipam_subnets"]:
            if entry.get("subnet"):
                yield entry


def _families(network: JsonDict) -> list[str]:
    return sorted({"v6" if ":" in entry["subnet"]["ip_prefix"] else "v4" for entry in _entries(network)})


def _bindings(port: JsonDict) -> dict[str, str]:
    pairs = (port.get("virtual_machine_interface_bindings") or {}).get("key_value_pair") or ()
    return {pair["key"]: pair["value"] for pair in pairs}


def _pair(asked: JsonDict) -> JsonDict:
    address, _slash, length = str(asked["ip_address"]).partition("/")
    bits = int(length or (128 if ":" in address else 32))
    return {
        "ip": {"ip_prefix": address, "ip_prefix_len": bits},
        "mac": asked.get("mac_address") or "",
        "address_mode": "active-standby",
    }


def _pairs(port: JsonDict) -> list[JsonDict]:
    held = port.get("virtual_machine_interface_allowed_address_pairs") or {}
    return list(held.get("allowed_address_pair") or ())


def _shown_pair(held: JsonDict) -> JsonDict:
    return {
        "ip_address": f"{held['ip']['ip_prefix']}/{held['ip']['ip_prefix_len']}",
        "mac_address": held.get("mac") or "",
    }


def _refusal(network: JsonDict, error: ApiError | NetworkError) -> NetworkError:
    """Put what Contrail refuses about a port's addresses into Neutron's words."""
    if isinstance(error, NetworkError):
        return error
    if error.status == 409:
        reason = f"Unable to complete operation for network {network['uuid']}. The IP address is in use."
        return NetworkError(409, "IpAddressInUse", reason)
    reason = f"No more IP addresses available on network {network['uuid']}."
    return NetworkError(409, "IpAddressGenerationFailure", reason)


def _plain(identifier: str) -> str:
    return identifier.replace("-", "")
