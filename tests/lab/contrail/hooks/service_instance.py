# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for service instances."""

from __future__ import annotations

from lab.contrail.errors import ApiError
from lab.contrail.hooks.base import KindHooks
from lab.contrail.schema import JsonDict

PHYSICAL = "physical-device"
NEEDED = ("left-svc-vlan", "right-svc-vlan", "left-svc-asns", "right-svc-asns")
UNITS = ("left-svc-unit", "right-svc-unit")


class ServiceInstanceHooks(KindHooks):
    """Asks more of an instance whose service is a physical device."""

    def before_create(self, new: JsonDict) -> None:
        """Check the annotations of a physical device, and number its units."""
        properties = new.get("service_instance_properties") or {}
        if properties.get("service_virtualization_type") != PHYSICAL:
            return
        pairs = (new.get("annotations") or {}).get("key_value_pair") or ()
        given = {pair["key"] for pair in pairs}
        if not given.issuperset(NEEDED):
            raise ApiError(
                400,
                f"svc attributes should be defined as key_value_pairs in annotations: {', '.join(NEEDED)}",
            )
        units = [{"key": name, "value": str(number)} for number, name in enumerate(UNITS, start=1)]
        new["service_instance_bindings"] = {"key_value_pair": units}
