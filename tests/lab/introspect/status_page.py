# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that every daemon has: its status, out of the cache of what it tells the analytics nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lab.introspect.asking import Parameters
from lab.introspect.serving import Page
from lab.introspect.writing import Answer, Message, Messages, Values

STATUS = "NodeStatus"


@dataclass(frozen=True)
class Connection:
    """What a daemon is connected to, and whether that is up."""

    kind: str
    name: str
    server: str
    up: bool = True
    description: str = ""


@dataclass(frozen=True)
class Process:
    """A daemon as its status shows it: the node it runs on, its name, and its connections as of now."""

    node: str
    module: str
    connections: Callable[[], Iterable[Connection]]
    native: bool = False

    def pages(self) -> Mapping[str, Page]:
        """Return the pages that tell the status."""
        return {"SandeshUVECacheReq": self._cached}

    def _cached(self, given: Parameters) -> Answer:
        if given.get("tname") != STATUS:
            return Message("SandeshUVECacheResp", {"returned": 0, "period": -1})
        period = 0 if self.native else -1
        return Messages(
            [
                Message("NodeStatusUVE", {"data": {"name": self.node, "process_status": [self._status()]}}, more=None),
                Message("SandeshUVECacheResp", {"returned": 1, "period": period}),
            ]
        )

    def _status(self) -> Values:
        connections = list(self.connections())
        down = [one.name or one.kind for one in connections if not one.up]
        return {
            "module_id": self.module,
            "instance_id": "0",
            "state": "Non-Functional" if down else "Functional",
            "connection_infos": [
                {
                    "type": one.kind,
                    "name": one.name,
                    "server_addrs": [one.server],
                    "status": "Up" if one.up else "Down",
                    "description": one.description,
                }
                for one in connections
            ],
            "flag_infos": [] if self.native else None,
            "description": f"{', '.join(down)} connection down" if down else "",
        }
