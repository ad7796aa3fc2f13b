# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What items of BGP routers and of the global configuration mean besides their own objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...codec.codec import get_path
from ...codec.errors import InvalidValueError
from ...codec.scope import FABRIC_ROUTING_INSTANCE
from ...codec.values import FqName, joined
from ...kinds import (
    BGP_ROUTER,
    GLOBAL_SYSTEM_CONFIG,
    GLOBAL_VROUTER_CONFIG,
    GLOBAL_VROUTER_CONFIG_NAME,
    ROUTING_INSTANCE,
)
from ...kinds.config import Item, Task
from ..daemon_owned import Subject, peers_allowed
from ..desired import DesiredObject
from ..snapshot import Snapshot
from .composition import Composition, targets


def peer_with_control_nodes(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Make each router that asks for it a peer of every control node there is.

    Where a route reflector stands between the two, the schema transformer would end the peering, so it is left out.
    """
    for index, item in enumerate(items):
        if not item.compound.get("control_nodes"):
            continue
        want = result.wants[index]
        fabric = snapshot.look(ROUTING_INSTANCE.kind, FABRIC_ROUTING_INSTANCE)
        peers = dict(want.references.get("peers", {}))
        nodes = [name for name in targets(fabric, "bgp_routers") if _is_control_node(snapshot, name)]
        subject = Subject(want, snapshot.look(*want.key), snapshot.look, result.wants, task)
        for name in peers_allowed(subject, [name for name in nodes if name != item.fq_name]):
            peers.setdefault(joined(name), None)
        result.wants[index] = replace(want, references={**want.references, "peers": peers})


def _is_control_node(snapshot: Snapshot, name: FqName) -> bool:
    router = snapshot.look(BGP_ROUTER.kind, name)
    return bool(get_path(router, ["bgp_router_parameters", "router_type"]) == "control-node")


def configure_vrouters(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Put what concerns the vRouters into the object that holds it."""
    for item in items:
        if item.compound:
            result.wants.append(
                DesiredObject(GLOBAL_VROUTER_CONFIG, GLOBAL_VROUTER_CONFIG_NAME, item.path, values=item.compound)
            )


def keep_configuration(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Refuse to delete the one configuration of the system."""
    for item in items:
        result.faults.append(
            InvalidValueError(
                f"{item.path}.name",
                f"{GLOBAL_SYSTEM_CONFIG.kind} {joined(item.fq_name)} is there once and for all: it cannot be deleted",
            )
        )
