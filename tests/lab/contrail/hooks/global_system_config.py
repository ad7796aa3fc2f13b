# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for the global system configuration, of which there is one."""

from __future__ import annotations

from lab.contrail.errors import ApiError
from lab.contrail.hooks.autonomous_systems import check_autonomous_system, global_configuration
from lab.contrail.hooks.base import KindHooks
from lab.contrail.hooks.route_targets import is_automatic
from lab.contrail.schema import JsonDict


class GlobalSystemConfigHooks(KindHooks):
    """Refuses a second configuration, and an autonomous system that would clash with route targets in use."""

    def before_create(self, new: JsonDict) -> None:
        """Refuse a second configuration."""
        present = global_configuration(self.store)
        name = ":".join(present["fq_name"])
        raise ApiError(400, f"Global System Config already exists with name {name} ({present['uuid']})")

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Check the autonomous system and the port range of BGP as a service."""
        number = changes.get("autonomous_system")
        if number:
            check_autonomous_system(self.store, number, four_byte=changes.get("enable_4byte_as"))
            self._check_route_targets(number)
        ports = changes.get("bgpaas_parameters")
        if ports and int(ports["port_start"]) > int(ports["port_end"]):
            raise ApiError(400, "Invalid Port range specified")

    def _check_route_targets(self, number: int) -> None:
        clashes = ""
        for network in self.store.objects("virtual-network"):
            for target in (network.get("route_target_list") or {}).get("route_target") or ():
                if is_automatic(target, number):
                    name = ":".join(network["fq_name"])
                    configured = f"{target.removeprefix('target:')} configured in route_target_list"
                    clashes += f"\t- {name} ({network['uuid']}) have route target {configured}\n"
        if clashes:
            raise ApiError(
                400,
                f"Virtual networks are configured with a route target with this ASN {number} and route "
                "target value in the same range as used by automatically allocated route targets:\n"
                f"{clashes}",
            )
