# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for virtual networks."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from lab.contrail import subnets
from lab.contrail.errors import ApiError
from lab.contrail.hooks import route_targets
from lab.contrail.hooks.base import KindHooks, merged, server_error
from lab.contrail.identity import EXTERNAL_ACCESS, SHARED_ACCESS, new_uuid
from lab.contrail.schema import JsonDict

if TYPE_CHECKING:
    from lab.contrail.store import Store

ROUTE_TARGET_LISTS = ("route_target_list", "import_route_target_list", "export_route_target_list")
SYSTEM_NETWORKS = (
    ["default-domain", "default-project", "ip-fabric"],
    ["default-domain", "default-project", "__link_local__"],
)
FLAT = "flat-subnet"


class VirtualNetworkHooks(KindHooks):
    """Numbers networks, gives each its routing instance, completes subnets, checks route targets."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._numbers: set[int | None] = set()
        self._lowest = 1
        self._generation = -1

    def before_create(self, new: JsonDict) -> None:
        """Check and complete a new network."""
        _check_multi_policy(new)
        _set_sharing(new)
        if new.get("virtual_network_network_id") is not None:
            raise ApiError(403, "Cannot set the virtual network ID")
        new["virtual_network_network_id"] = self._free_number()
        if "parent_uuid" not in new:
            raise server_error("KeyError: 'parent_uuid'")
        self._check_subnets(new, new)
        for name in ROUTE_TARGET_LISTS:
            route_targets.check_list(self.store, new.get(name))
        _check_provider(new.get("provider_properties"), "create", 400)
        for subnet in _subnets(new):
            _complete(subnet, {})

    def after_create(self, new: JsonDict) -> None:
        """Make the default routing instance, of the network's own name."""
        name = [*new["fq_name"], new["fq_name"][-1]]
        body = {
            "fq_name": name,
            "parent_type": "virtual-network",
            "routing_instance_is_default": True,
            "routing_instance_has_pnf": False,
            "routing_instance_fabric_snat": bool(new.get("fabric_snat")),
        }
        self.store.create_along("routing-instance", body)

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Check an update and complete its subnets."""
        _update_sharing(stored, changes)
        for name in ROUTE_TARGET_LISTS:
            route_targets.check_list(self.store, changes.get(name))
        _check_provider(changes.get("provider_properties"), "update", 409)
        number = changes.get("virtual_network_network_id")
        if number is not None and number != stored.get("virtual_network_network_id"):
            raise ApiError(403, "Cannot update the virtual network ID")
        if any(name in changes for name in ("multi_policy_service_chains_enabled", *ROUTE_TARGET_LISTS)):
            _check_multi_policy(merged(stored, changes))
        self._check_subnets(changes, merged(stored, changes))
        if "network_ipam_refs" in changes:
            self._update_subnets(stored, changes)

    def after_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Tell the default routing instance whether addresses are translated at the fabric."""
        instance = self._default_instance(stored)
        if instance is not None and "fabric_snat" in changes:
            self.store.replace(instance["uuid"], {"routing_instance_fabric_snat": bool(changes["fabric_snat"])})

    def refuse_delete(self, stored: JsonDict) -> None:
        """Keep the networks without which no vRouter works."""
        if stored["fq_name"] in SYSTEM_NETWORKS:
            raise ApiError(409, f"Can not delete system created default virtual-network {stored['uuid']}")

    def before_delete(self, stored: JsonDict) -> None:
        """Delete the default routing instance, and what is in it, along with the network."""
        instance = self._default_instance(stored)
        if instance is None:
            return
        for router in self.store.children(instance["uuid"], "bgp-router"):
            self.store.delete(router["uuid"])
        self.store.drop(instance["uuid"])

    def _default_instance(self, stored: JsonDict) -> JsonDict | None:
        return self.store.find("routing-instance", [*stored["fq_name"], stored["fq_name"][-1]])

    def after_delete(self, stored: JsonDict) -> None:
        """Let another network have the number."""
        number = stored.get("virtual_network_network_id")
        self._numbers.discard(number)
        self._lowest = min(self._lowest, number or 1)

    def _free_number(self) -> int:
        """Return the lowest number no network has, from 1, and note it as taken.

        The numbers are counted anew only after networks came or went in another way than by requests.
        """
        networks = self.store.count("virtual-network")
        if self._generation != self.store.generation or len(self._numbers) != networks:
            found = self.store.objects("virtual-network")
            self._numbers = {network.get("virtual_network_network_id") for network in found}
            self._generation, self._lowest = self.store.generation, 1
        while self._lowest in self._numbers:
            self._lowest += 1
        self._numbers.add(self._lowest)
        return self._lowest

    def _check_subnets(self, values: JsonDict, whole: JsonDict) -> None:
        """Check the subnets of a request (`values`) for a network that will be `whole`.

        Mint missing uuids.
        """
        if "network_ipam_refs" in values and values["network_ipam_refs"] is None and values is not whole:
            raise server_error("TypeError: 'NoneType' object is not iterable")
        networks: list[subnets.Network] = []
        flat = False
        for reference in whole.get("network_ipam_refs") or () if values is not whole else _references(values):
            ipam = self.target(reference, "network-ipam")
            entries = _entries(reference)
            if ipam.get("ipam_subnet_method") == FLAT:
                flat = True
                _check_flat_entries(entries)
                pools = (ipam.get("ipam_subnets") or {}).get("subnets") or ()
                networks += [network for pool in pools if (network := subnets.network_of(pool))]
            else:
                subnets.check_subnets(entries)
            if "network_ipam_refs" in values:
                for entry in entries:
                    if not entry.get("subnet_uuid"):
                        entry["subnet_uuid"] = new_uuid()
                if flat and not entries:
                    reference["attr"]["ipam_subnets"] = [{"subnet_uuid": new_uuid()}]
        if flat and (whole.get("virtual_network_properties") or {}).get("forwarding_mode") != "l3":
            raise ApiError(400, "flat-subnet is allowed only with l3 network")
        networks += [network for subnet in _subnets(whole) if (network := subnets.network_of(subnet))]
        subnets.check_overlap(networks)

    def _update_subnets(self, stored: JsonDict, changes: JsonDict) -> None:
        """Check what becomes of the stored subnets, and complete all that will be."""
        before = {network: subnet for subnet in _subnets(stored) if (network := subnets.network_of(subnet))}
        after = {network: subnet for subnet in _subnets(changes) if (network := subnets.network_of(subnet))}
        self._check_unused(stored, before.keys() - after.keys())
        name = ":".join(stored["fq_name"])
        for network, subnet in after.items():
            _check_change(name, network, before.get(network), subnet)
            _complete(subnet, before.get(network) or {})

    def _check_unused(self, stored: JsonDict, removed: set[subnets.Network]) -> None:
        for address in sorted(used_addresses(self.store, stored["uuid"])):
            if any(ip_address(address) in network for network in removed):
                raise ApiError(409, f"Cannot Delete IP Block, IP({address}) is in use")


def used_addresses(store: Any, network: str) -> set[str]:
    """Return the addresses that instance-ips have in a network, given by its uuid."""
    instances = store.back_references(network, "instance-ip")
    return {instance["instance_ip_address"] for instance in instances if instance.get("instance_ip_address")}


def _references(values: JsonDict) -> list[JsonDict]:
    return list(values.get("network_ipam_refs") or ())


def _entries(reference: JsonDict) -> list[JsonDict]:
    attribute = reference["attr"]
    if attribute is None:
        raise server_error("TypeError: 'NoneType' object is not subscriptable")
    if "ipam_subnets" not in attribute:
        raise server_error("KeyError: 'ipam_subnets'")
    return list(attribute["ipam_subnets"] or ())


def _subnets(values: JsonDict) -> list[JsonDict]:
    return [entry for reference in _references(values) for entry in _entries(reference)]


def _check_flat_entries(entries: list[JsonDict]) -> None:
    if any((entry.get("subnet") or {}).get("ip_prefix") is not None for entry in entries):
        raise ApiError(400, "with flat-subnet, network can not have user-defined subnet")


def _check_multi_policy(whole: JsonDict) -> None:
    """Refuse several chains between networks whose routes would go both ways under one target."""
    if not whole.get("multi_policy_service_chains_enabled"):
        return
    both, imported, exported = (set((whole.get(name) or {}).get("route_target") or ()) for name in ROUTE_TARGET_LISTS)
    if both or imported & exported:
        raise ApiError(
            409,
            "Multi policy service chains are not supported, with both import export external route targets",
        )


def _set_sharing(new: JsonDict) -> None:
    """Keep `is_shared` and the access that everybody has in step on a new network."""
    if new["perms2"].get("global_access") == SHARED_ACCESS:
        new["is_shared"] = True
    elif new.get("is_shared"):
        new["perms2"]["global_access"] = SHARED_ACCESS
    else:
        new["is_shared"] = False


def _update_sharing(stored: JsonDict, changes: JsonDict) -> None:
    """Keep `is_shared`, `router_external` and the access that everybody has in step on an update."""
    access = (changes.get("perms2") or {}).get("global_access")
    shared, external = changes.get("is_shared"), changes.get("router_external")
    if access is not None:
        if shared is not None and shared != (access == SHARED_ACCESS) and not external:
            raise ApiError(400, f"Inconsistent is_shared ({shared}) and global_access ({access})")
        if external is not None and external != (access == EXTERNAL_ACCESS) and not shared:
            raise ApiError(400, f"Inconsistent router_external ({external}) and global_access ({access})")
        if shared is None and external is None:
            changes["is_shared"] = access != 0
    elif shared is not None or external is not None:
        opened = SHARED_ACCESS if shared else EXTERNAL_ACCESS if external else 0
        changes["perms2"] = {**stored["perms2"], "global_access": opened}


def _check_provider(properties: JsonDict | None, verb: str, status: int) -> None:
    if not properties:
        return
    if properties.get("segmentation_id") is None:
        raise ApiError(status, f"Segmenation ID must be configured to {verb}")
    if not properties.get("physical_network"):
        raise ApiError(status, f"Physical Network must be configured to {verb}")


def _complete(subnet: JsonDict, before: JsonDict) -> None:
    """Fill in gateway and DNS address; a gateway that is left out stays what it was `before`."""
    network = subnets.network_of(subnet)
    if network is None:
        return
    if not subnet.get("default_gateway"):
        subnet["default_gateway"] = before.get("default_gateway") or subnets.gateway_of(subnet, network)
    for name in ("default_gateway", "dns_server_address"):
        if subnet.get(name):
            subnet[name] = str(ip_address(subnet[name]))
    if not subnet.get("dns_server_address"):
        subnet["dns_server_address"] = subnets.dns_server_of(subnet, network)


def _check_change(name: str, network: subnets.Network, before: JsonDict | None, after: JsonDict) -> None:
    """Refuse, with a server error, a change of a subnet's gateway or the loss of an allocation pool."""
    if before is None:
        return
    gateway = after.get("default_gateway")
    if gateway and gateway.lower() != before.get("default_gateway"):
        raise ApiError(500, f"Virtual-Network({name}) has invalid subnet({network})")
    old, new = subnets.pools_of(before), subnets.pools_of(after)
    if old and not new:
        raise ApiError(500, _lost_pool(name, network, "allocation"))
    if any(pool not in new for pool in old):
        raise ApiError(500, _lost_pool(name, network, "Allocation"))


def _lost_pool(name: str, network: subnets.Network, word: str) -> str:
    return f"Virtual-Network({name}) has invalid subnet({network}:{word} pool delete is not allowed)"
