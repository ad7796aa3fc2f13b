"""What the server does for virtual networks."""

from __future__ import annotations

from lab.contrail.hooks.base import KindHooks
from lab.contrail.schema import JsonDict


class VirtualNetworkHooks(KindHooks):
    """Numbers networks and gives each its default routing instance."""

    def before_create(self, new: JsonDict) -> None:
        """Complete a new network."""
        new.setdefault("is_shared", False)
        new["virtual_network_network_id"] = self._free_number()

    def after_create(self, new: JsonDict) -> None:
        """Make the default routing instance, of the network's own name."""
        name = [*new["fq_name"], new["fq_name"][-1]]
        body = {
            "fq_name": name,
            "parent_type": "virtual-network",
            "display_name": name[-1],
            "routing_instance_is_default": True,
        }
        self.store.insert("routing-instance", body)

    def before_delete(self, stored: JsonDict) -> None:
        """Delete the default routing instance along with the network."""
        name = [*stored["fq_name"], stored["fq_name"][-1]]
        instance = self.store.find("routing-instance", name)
        if instance is not None:
            self.store.delete(instance["uuid"])

    def _free_number(self) -> int:
        """Return the lowest number no network has, from 1."""
        networks = self.store.objects("virtual-network")
        used = {network.get("virtual_network_network_id") for network in networks}
        return next(number for number in range(1, len(used) + 2) if number not in used)
