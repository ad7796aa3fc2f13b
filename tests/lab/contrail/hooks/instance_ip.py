# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for instance-ips: it gives out addresses."""

from __future__ import annotations

from ipaddress import ip_address

from lab.contrail import subnets
from lab.contrail.errors import ApiError
from lab.contrail.hooks.base import KindHooks, server_error
from lab.contrail.hooks.virtual_network import SYSTEM_NETWORKS, used_addresses
from lab.contrail.schema import JsonDict

VERSIONS = {"v4": 4, "v6": 6}


class InstanceIpHooks(KindHooks):
    """Gives an instance-ip its address, out of a network's subnets or an IPAM's own."""

    def before_create(self, new: JsonDict) -> None:
        """Choose or check the address, and name the subnet it is from."""
        self._check_gateway(new)
        if new.get("virtual_network_refs"):
            self._take_from_network(new)
        elif new.get("network_ipam_refs"):
            self._take_from_ipam(new)
        else:
            raise ApiError(400, "can only join an iterable")

    def _check_gateway(self, new: JsonDict) -> None:
        """Refuse the address of a gateway to a port of a machine; the port is looked up by its uuid."""
        ports = new.get("virtual_machine_interface_refs") or []
        if not ports or not self._is_gateway(new):
            return
        if "uuid" not in ports[0]:
            raise server_error("KeyError: 'uuid'")
        port = self.store.get(ports[0]["uuid"]) or {}
        if port.get("virtual_machine_refs"):
            raise ApiError(400, "Gateway IP cannot be used by VM port")

    def _is_gateway(self, new: JsonDict) -> bool:
        asked = new.get("instance_ip_address")
        for reference in new.get("virtual_network_refs") or () if asked else ():
            if "to" not in reference:
                raise server_error("KeyError: 'to'")
            network = self.target(reference, "virtual-network")
            entries = [entry for ref in network.get("network_ipam_refs", ()) for entry in ref["attr"]["ipam_subnets"]]
            if asked in {entry.get("default_gateway") for entry in entries}:
                return True
        return False

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Refuse another address."""
        address = changes.get("instance_ip_address")
        if address and address != stored.get("instance_ip_address"):
            raise ApiError(400, "Instance IP Address can not be changed")

    def _take_from_network(self, new: JsonDict) -> None:
        network = self.target(new["virtual_network_refs"][0], "virtual-network")
        if network["fq_name"] in SYSTEM_NETWORKS:
            return
        used = used_addresses(self.store, network["uuid"])
        entries = [
            entry
            for reference in network.get("network_ipam_refs", ())
            for entry in reference["attr"]["ipam_subnets"]
            if new.get("subnet_uuid") in (None, entry.get("subnet_uuid"))
        ]
        chosen = _choose(new, entries, used)
        if chosen is None:
            tried = [str(found) for entry in entries if (found := _suitable(new, entry))]
            raise ApiError(400, f"Virtual-Network({network['fq_name']}) has exhausted subnet({tried})")
        new["instance_ip_address"], new["subnet_uuid"] = chosen

    def _take_from_ipam(self, new: JsonDict) -> None:
        if new.get("instance_ip_address"):
            raise ApiError(400, "allocation for requested IP from a network_ipam is not supported")
        (reference, *_others) = new["network_ipam_refs"]
        for name in ("to", "uuid"):
            if name not in reference:
                raise ApiError(400, f"'{name}'")
        ipam = self.target(reference, "network-ipam")
        instances = self.store.back_references(ipam["uuid"], "instance-ip")
        used = {instance["instance_ip_address"] for instance in instances if "instance_ip_address" in instance}
        entries = (ipam.get("ipam_subnets") or {}).get("subnets") or []
        chosen = _choose(new, entries, used)
        if chosen is not None:
            new["instance_ip_address"] = chosen[0]


def _suitable(new: JsonDict, entry: JsonDict) -> subnets.Network | None:
    """Return the prefix of a subnet out of which an address as asked for may come; None if it may not."""
    network = subnets.network_of(entry)
    if network is None or network.version != VERSIONS.get(new.get("instance_ip_family") or "", network.version):
        return None
    asked = new.get("instance_ip_address")
    return network if not asked or ip_address(asked) in network else None


def _choose(new: JsonDict, entries: list[JsonDict], used: set[str]) -> tuple[str, str | None] | None:
    """Return an address and the uuid of its subnet; None if there is none.

    Raises ApiError 409 if it is taken.
    """
    asked = new.get("instance_ip_address")
    if asked:
        _check_form(asked)
    for entry in entries:
        network = _suitable(new, entry)
        if network is None:
            continue
        if not asked:
            address = subnets.free_address(entry, network, used)
            if address is not None:
                return address, entry.get("subnet_uuid")
            continue
        if asked in used or subnets.is_reserved(ip_address(asked), network):
            raise ApiError(409, "IP address already in use")
        return asked, entry.get("subnet_uuid")
    return None


def _check_form(asked: str) -> None:
    """Refuse what is no address with the last line of a traceback's page: more the server does not show."""
    try:
        ip_address(asked)
    except ValueError as error:
        raise ApiError(500, "</pre>") from error
