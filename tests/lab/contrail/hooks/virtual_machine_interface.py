# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for virtual machine interfaces (ports)."""

from __future__ import annotations

from lab.contrail.errors import ApiError
from lab.contrail.hooks.base import KindHooks, server_error
from lab.contrail.identity import mac_address
from lab.contrail.schema import JsonDict

BOTH_DIRECTIONS: JsonDict = {
    "direction": "both",
    "vlan_tag": None,
    "src_mac": None,
    "dst_mac": None,
    "mpls_label": None,
    "service_chain_address": None,
    "ipv6_service_chain_address": None,
    "protocol": None,
}
"""The attribute with which a port refers to the default routing instance of its network."""

LAST_VLAN = 4094


class VirtualMachineInterfaceHooks(KindHooks):
    """Gives a port its MAC address and ties it to the routing instance of its network."""

    def looked_up(self, values: JsonDict, *, creating: bool) -> tuple[str, ...]:
        """Name the parent of a new port with a VLAN tag: its other ports are searched for the tag."""
        properties = values.get("virtual_machine_interface_properties") or {}
        return ("virtual_machine_interface_refs",) if creating and properties.get("sub_interface_vlan_tag") else ()

    def before_create(self, new: JsonDict) -> None:
        """Check and complete a new port."""
        if "virtual_network_refs" not in new:
            raise server_error("KeyError: 'virtual_network_refs'")
        network = self.target(new["virtual_network_refs"][0], "virtual-network")
        addresses = new.get("virtual_machine_interface_mac_addresses") or {}
        given = addresses.get("mac_address") or [mac_address(new["uuid"])]
        new["virtual_machine_interface_mac_addresses"] = {"mac_address": [mac.replace("-", ":") for mac in given]}
        _check_vlan(new)
        instance = [*network["fq_name"], network["fq_name"][-1]]
        new["routing_instance_refs"] = [{"to": instance, "attr": dict(BOTH_DIRECTIONS)}]

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Check an update."""
        _check_vlan(changes)


def _check_vlan(values: JsonDict) -> None:
    vlan = (values.get("virtual_machine_interface_properties") or {}).get("sub_interface_vlan_tag")
    if vlan is not None and not 0 <= vlan <= LAST_VLAN:
        raise ApiError(400, f"Invalid sub-interface VLAN tag ID: {vlan}")
