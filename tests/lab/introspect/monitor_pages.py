# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the service monitor: service instances, of which it knows little that is not of version 1."""

from __future__ import annotations

from collections.abc import Mapping

from lab.core.world import World
from lab.daemons.machines import SELF_MADE, template_version
from lab.daemons.objects import JsonDict, colons
from lab.introspect.asking import Parameters
from lab.introspect.serving import Page
from lab.introspect.writing import Message, Values


class MonitorPages:
    """Shows a world's service monitor."""

    def __init__(self, world: World) -> None:
        self._world = world

    def pages(self) -> Mapping[str, Page]:
        """Return the pages by request."""
        return {"ServiceInstanceList": self._instances}

    def _instances(self, given: Parameters) -> Message:
        """All service instances, or those of a short name.

        Raises ValueError as soon as one has no template, over which the real page falls as well.
        """
        wanted = given.get("si_name")
        instances = self._world.store.objects("service-instance")
        shown = [self._instance(item) for item in instances if wanted in (None, item["fq_name"][-1])]
        return Message("ServiceInstanceListResp", {"si_names": shown})

    def _instance(self, item: JsonDict) -> Values:
        version = template_version(self._world.store, item)
        if version is None:
            raise ValueError(f"{colons(item['fq_name'])} has no template")
        machines = self._world.store.back_references(item["uuid"], "virtual-machine") if version == SELF_MADE else []
        return {
            "name": colons(item["fq_name"]),
            "si_type": "virtual-machine",
            "si_state": "launch",
            "vm_list": [{"name": one["fq_name"][-1], "vr_name": "", "ha": "active"} for one in machines],
        }
