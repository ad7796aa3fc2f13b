# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for BGP routers."""

from __future__ import annotations

from lab.contrail.hooks.autonomous_systems import check_autonomous_system
from lab.contrail.hooks.base import KindHooks
from lab.contrail.schema import JsonDict


class BgpRouterHooks(KindHooks):
    """Checks autonomous system numbers; addresses are not looked at."""

    def looked_up(self, values: JsonDict, *, creating: bool) -> tuple[str, ...]:
        """Name the sub-cluster."""
        return ("sub_cluster_refs",)

    def before_create(self, new: JsonDict) -> None:
        """Check a new router."""
        self._check(new)

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Check an update."""
        self._check(changes)

    def _check(self, values: JsonDict) -> None:
        parameters = values.get("bgp_router_parameters") or {}
        for name in ("autonomous_system", "local_autonomous_system"):
            if parameters.get(name):
                check_autonomous_system(self.store, parameters[name])
