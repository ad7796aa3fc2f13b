# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policies and the networks that they are attached to."""

from __future__ import annotations

from collections.abc import Sequence

from ..config import Item, Task
from ..entities import NETWORK_POLICY, VIRTUAL_NETWORK
from ..plan import Snapshot, is_owned
from ..values import FqName
from .composition import Composition, dropped, held, targets


def attach_policies(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Attach each policy to its networks with the sequence given; with purge, to no other."""
    for item in items:
        wanted: set[FqName] = set()
        for index, network in enumerate(item.compound.get("networks") or []):
            attr = {"sequence": network["sequence"]} if network.get("sequence") else None
            name = tuple(network["name"].split(":"))
            wanted.add(name)
            path = f"{item.path}.networks[{index}].name"
            result.wants.append(held(VIRTUAL_NETWORK, name, path, "policies", item.fq_name, attr=attr))
        if "networks" in task.purge and "networks" in item.compound:
            stored = snapshot.look(NETWORK_POLICY.kind, item.fq_name)
            others = [name for name in targets(stored, "virtual_network_back_refs") if name not in wanted]
            result.wants += dropped(VIRTUAL_NETWORK, others, item.path, "policies", item.fq_name)


def detach_policies(items: Sequence[Item], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Detach each policy from every network before it is deleted."""
    for item in items:
        stored = snapshot.look(NETWORK_POLICY.kind, item.fq_name)
        if is_owned(stored, task.owner):
            networks = targets(stored, "virtual_network_back_refs")
            result.wants += dropped(VIRTUAL_NETWORK, networks, item.path, "policies", item.fq_name)
