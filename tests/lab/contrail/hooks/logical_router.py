# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for logical routers."""

from __future__ import annotations

from lab.contrail.hooks import route_targets
from lab.contrail.hooks.base import KindHooks
from lab.contrail.schema import JsonDict

INTERNAL: JsonDict = {"logical_router_virtual_network_type": "InternalVirtualNetwork"}


class LogicalRouterHooks(KindHooks):
    """Checks route targets, and gives a router for VXLAN routing its internal network."""

    def looked_up(self, values: JsonDict, *, creating: bool) -> tuple[str, ...]:
        """Name ports and BGP VPNs."""
        return ("virtual_machine_interface_refs", "bgpvpn_refs")

    def before_create(self, new: JsonDict) -> None:
        """Check a new router, and make its internal network."""
        route_targets.check_list(self.store, new.get("configured_route_target_list"))
        new["logical_router_type"] = new.get("logical_router_type") or "snat-routing"
        if new.get("logical_router_type") != "vxlan-routing" or new.get("parent_type") != "project":
            return
        name = [*new["fq_name"][:-1], f"__contrail_lr_internal_vn_{new['uuid']}__"]
        body = {
            "fq_name": name,
            "parent_type": "project",
            "id_perms": {"enable": True, "user_visible": False},
        }
        self.store.create_along("virtual-network", body)
        references = new.get("virtual_network_refs") or []
        new["virtual_network_refs"] = [*references, {"to": name, "attr": dict(INTERNAL)}]

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Check an update."""
        route_targets.check_list(self.store, changes.get("configured_route_target_list"))

    def after_delete(self, stored: JsonDict) -> None:
        """Delete the internal network along with the router."""
        for reference in stored.get("virtual_network_refs", ()):
            if reference["attr"] == INTERNAL and self.store.has(reference["uuid"]):
                self.store.delete(reference["uuid"])
