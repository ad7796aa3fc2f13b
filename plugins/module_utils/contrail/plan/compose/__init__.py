# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the items of a task to the objects that they mean.

Most items are one object. A policy is also attached to networks, a service instance has port tuples that
ports refer to, a port has addresses and a machine: these are objects of their own, wanted like any other,
and the plan puts all writes in order. Each function is pure; what it has to know of the server it asks the
snapshot, and it is called again once that has been read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...kinds import BGP_ROUTER, GLOBAL_SYSTEM_CONFIG, NETWORK_POLICY, PORT, SERVICE_INSTANCE
from ...kinds.config import Item, Task
from ...kinds.entity import Entity
from ..desired import DesiredObject
from ..snapshot import Snapshot
from .composition import Composition
from .gateway import configure_vrouters, keep_configuration, peer_with_control_nodes
from .policies import attach_policies, detach_policies
from .ports import compose_ports, take_ports
from .services import compose_services, take_services
from .users import refuse_used

Composer = Callable[[Sequence[Item], Snapshot, Task, Composition], None]

_COMPOSERS: dict[tuple[str, str], Composer] = {
    (NETWORK_POLICY.kind, "present"): attach_policies,
    (NETWORK_POLICY.kind, "absent"): detach_policies,
    (PORT.kind, "present"): compose_ports,
    (PORT.kind, "absent"): take_ports,
    (SERVICE_INSTANCE.kind, "present"): compose_services,
    (SERVICE_INSTANCE.kind, "absent"): take_services,
    (BGP_ROUTER.kind, "present"): peer_with_control_nodes,
    (GLOBAL_SYSTEM_CONFIG.kind, "present"): configure_vrouters,
    (GLOBAL_SYSTEM_CONFIG.kind, "absent"): keep_configuration,
}


def compose(entity: Entity, items: Sequence[Item], snapshot: Snapshot, task: Task) -> Composition:
    """Return all objects that ``items`` of one kind mean, the items' own objects first."""
    result = Composition([_own_want(entity, item, task) for item in items])
    composer = _COMPOSERS.get((entity.kind, task.state)) if entity.composed or task.state == "absent" else None
    if composer is not None:
        composer(items, snapshot, task, result)
    if task.state == "absent" and not task.force:
        refuse_used(entity, items, snapshot, task, result)
    return result


def is_composed(entity: Entity, state: str) -> bool:
    """Tell whether items of a kind mean other objects too in a state."""
    return (entity.kind, state) in _COMPOSERS


def _own_want(entity: Entity, item: Item, task: Task) -> DesiredObject:
    entity = item.entity or entity
    if task.state == "absent":
        return DesiredObject(entity, item.fq_name, item.path, "absent")
    references = {reference.option for reference in entity.references}
    return DesiredObject(
        entity,
        item.fq_name,
        item.path,
        values=item.values,
        references=item.references,
        exact=item.exact | (task.purge & references),
        places=item.places,
        rewrite=item.compound.get("update_password") == "always",
    )
