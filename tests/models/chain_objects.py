# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the objects of service chains straight into a lab's store, as tests of its daemons need them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lab.contrail.store import Store

PROJECT = ["default-domain", "default-project"]
ANY_PORT = [{"start_port": -1, "end_port": -1}]


def full_name(name: str) -> str:
    """Return a name within the default project as one string."""
    return ":".join([*PROJECT, name])


class ChainObjects:
    """Makes networks, ports, services and policies in the default project of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def network(self, name: str, prefix: str, targets: Iterable[str] = (), **properties: Any) -> str:
        """Make a network with one IPv4 subnet (10.0.1.0/24), addresses from its start; return its uuid."""
        address, length = prefix.split("/")
        subnet = {
            "subnet": {"ip_prefix": address, "ip_prefix_len": int(length)},
            "addr_from_start": True,
        }
        body = {
            "network_ipam_refs": [{"to": [*PROJECT, "default-network-ipam"], "attr": {"ipam_subnets": [subnet]}}],
            **properties,
        }
        if targets:
            body["route_target_list"] = {"route_target": [f"target:{target}" for target in targets]}
        return self._create("virtual-network", name, body)

    def port(self, name: str, network: str, machine: str, side: str | None = None) -> str:
        """Make a port of a virtual machine with an address of its own; return its uuid."""
        if not self.store.find("virtual-machine", [machine]):
            self.store.create("virtual-machine", {"fq_name": [machine]})
        body: dict[str, Any] = {
            "virtual_network_refs": [{"to": [*PROJECT, network]}],
            "virtual_machine_refs": [{"to": [machine]}],
        }
        if side:
            body["virtual_machine_interface_properties"] = {"service_interface_type": side}
        port = self._create("virtual-machine-interface", name, body)
        self.store.create(
            "instance-ip",
            {
                "fq_name": [name],
                "virtual_network_refs": [{"to": [*PROJECT, network]}],
                "virtual_machine_interface_refs": [{"to": [*PROJECT, name]}],
            },
        )
        return port

    def service(self, name: str, left: str, right: str, mode: str = "in-network", tuples: int = 1) -> None:
        """Make a service instance between two networks, with its template.

        Its ports are NAME-left and NAME-right; those of further tuples have -2, -3 behind.
        """
        if not self.store.find("service-template", ["default-domain", mode]):
            self.store.create(
                "service-template",
                {
                    "fq_name": ["default-domain", mode],
                    "parent_type": "domain",
                    "service_template_properties": {
                        "version": 2,
                        "service_mode": mode,
                        "service_type": "firewall",
                        "interface_type": [
                            {"service_interface_type": "left"},
                            {"service_interface_type": "right"},
                        ],
                    },
                },
            )
        self._create(
            "service-instance",
            name,
            {
                "service_template_refs": [{"to": ["default-domain", mode]}],
                "service_instance_properties": {
                    "interface_list": [{"virtual_network": full_name(one)} for one in (left, right)]
                },
            },
        )
        for number in range(1, tuples + 1):
            self.port_tuple(name, left, right, "" if number == 1 else f"-{number}")

    def port_tuple(self, service: str, left: str, right: str, suffix: str = "") -> None:
        """Make a port tuple of a service instance, and its two ports on a virtual machine."""
        created = self.store.create(
            "port-tuple",
            {"fq_name": [*PROJECT, service, f"tuple{suffix}"], "parent_type": "service-instance"},
        )
        for side, network in (("left", left), ("right", right)):
            port = self.port(f"{service}-{side}{suffix}", network, f"{service}{suffix}", side)
            self.store.update_reference(port, "port-tuple", created["uuid"], "ADD")

    def policy(self, name: str, left: str, right: str, services: Iterable[str], direction: str = "<>") -> str:
        """Make a policy that sends everything between two networks through services; return its uuid."""
        rule = {
            "direction": direction,
            "protocol": "any",
            "src_addresses": [{"virtual_network": full_name(left)}],
            "dst_addresses": [{"virtual_network": full_name(right)}],
            "src_ports": ANY_PORT,
            "dst_ports": ANY_PORT,
            "action_list": {
                "simple_action": "pass",
                "apply_service": [full_name(service) for service in services],
            },
        }
        return self._create("network-policy", name, {"network_policy_entries": {"policy_rule": [rule]}})

    def attach(self, policy: str, *networks: str) -> None:
        """Attach a policy to networks."""
        for network in networks:
            attr = {"sequence": {"major": 0, "minor": 0}}
            self._refer(network, policy, "ADD", attr)

    def detach(self, policy: str, *networks: str) -> None:
        """Detach a policy from networks."""
        for network in networks:
            self._refer(network, policy, "DELETE", None)

    def uuid(self, kind: str, name: str) -> str:
        """Return the uuid of an object of the default project. Raises KeyError."""
        found = self.store.find(kind, [*PROJECT, name])
        if found is None:
            raise KeyError(name)
        return str(found["uuid"])

    def _refer(self, network: str, policy: str, operation: Any, attr: Any) -> None:
        self.store.update_reference(
            self.uuid("virtual-network", network),
            "network-policy",
            self.uuid("network-policy", policy),
            operation,
            attr,
        )

    def _create(self, kind: str, name: str, body: dict[str, Any]) -> str:
        created = self.store.create(kind, {"fq_name": [*PROJECT, name], "parent_type": "project", **body})
        return str(created["uuid"])


def make_reference_objects(objects: ChainObjects) -> None:
    """Make the reference scenario up to, but without, its policy."""
    objects.network("vn1", "10.0.1.0/24", ["64512:1"])
    objects.network("vn2", "10.0.2.0/24", ["64512:2"])
    objects.port("vm1", "vn1", "vm1")
    objects.port("vm2", "vn2", "vm2")
    objects.service("1-to-2", "vn1", "vn2")
