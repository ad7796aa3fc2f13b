# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenStack as one thing, without its servers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lab.contrail.store import Store
from lab.core.faults import Faults
from lab.openstack.compute import Compute, Service
from lab.openstack.data import OpenStackData
from lab.openstack.ports import Ports


class Cloud:
    """Nova, Neutron and Glance over a Contrail. `nodes` are the compute nodes, by Nova's names."""

    def __init__(
        self, data: OpenStackData, nodes: Iterable[str], store: Store, faults: Faults, clock: Callable[[], float]
    ) -> None:
        self.data = data
        self.ports = Ports(store)
        self._faults = faults
        self.compute = Compute(data, nodes, self.ports, clock, self._is_down)

    def reset(self) -> None:
        """Go back to the fresh state of all that is not in Contrail."""
        self.compute.reset()

    def dump(self) -> dict[str, Any]:
        """Return what a restart must not lose, apart from what is in Contrail."""
        return self.compute.dump()

    def restore(self, dump: Mapping[str, Any]) -> None:
        """Go on from what `dump` returned."""
        self.compute.restore(dump)

    def _is_down(self, service: Service) -> bool:
        status = "disabled" if service.disabled else "enabled"
        return self._faults.condition("nova", "down", host=service.host, status=status) is not None
