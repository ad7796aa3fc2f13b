# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for kinds of which it only judges the references."""

from __future__ import annotations

from lab.contrail.errors import ApiError
from lab.contrail.hooks.base import KindHooks
from lab.contrail.schema import JsonDict


class BgpAsAServiceHooks(KindHooks):
    """Looks up the zones of control nodes."""

    def looked_up(self, values: JsonDict, *, creating: bool) -> tuple[str, ...]:
        """Name the zones of a new one."""
        return ("control_node_zone_refs",) if creating else ()

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Refuse another sharing."""
        if changes.get("bgpaas_shared", stored.get("bgpaas_shared")) != stored.get("bgpaas_shared"):
            raise ApiError(400, "BGPaaS sharing cannot be modified")


class QosConfigHooks(KindHooks):
    """Lets each QoS configuration refer to the configuration of the whole system."""

    def before_create(self, new: JsonDict) -> None:
        """Make the reference of a new one, whatever was sent."""
        (system,) = self.store.objects("global-system-config")
        new["global_system_config_refs"] = [{"to": system["fq_name"], "uuid": system["uuid"], "attr": None}]


class VirtualRouterHooks(KindHooks):
    """Takes IPAMs with subnets of their own only."""

    def before_create(self, new: JsonDict) -> None:
        """Check the IPAMs of a new router."""
        self._check(new)

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Check the IPAMs of an update."""
        self._check(changes)

    def _check(self, values: JsonDict) -> None:
        for reference in values.get("network_ipam_refs") or ():
            if self.target(reference, "network-ipam").get("ipam_subnet_method") != "flat-subnet":
                raise ApiError(400, "Only flat-subnet ipam can be attached to vrouter")


class VirtualPortGroupHooks(KindHooks):
    """Takes physical interfaces by an update only."""

    def before_create(self, new: JsonDict) -> None:
        """Refuse a new one that has interfaces."""
        if new.get("physical_interface_refs"):
            raise ApiError(
                400,
                "API Infra do not support allocating AE-ID when Physical Interface refs are sent in VPG create "
                "request. Workaround: Create VPG first, then add Physical Interface to VPG",
            )


class HostBasedServiceHooks(KindHooks):
    """Refuses references to networks, in whatever form they were tried."""

    def before_create(self, new: JsonDict) -> None:
        """Refuse a new one with networks."""
        for reference in new.get("virtual_network_refs") or ():
            side = (reference.get("attr") or {}).get("virtual_network_type")
            raise ApiError(400, f"default hbf-{side} Virtual network  reference cannot be created")
