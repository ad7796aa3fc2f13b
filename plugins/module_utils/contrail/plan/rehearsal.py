# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a task on a server that has nothing yet, for what can be found wrong without asking anybody. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ...values.faults import Fault
from ..codec.scope import Scope
from ..kinds.config import Item, Task
from ..kinds.entity import Entity
from .compose import compose
from .plan import make_plan
from .snapshot import Snapshot


def rehearse(entity: Entity, items: Sequence[Item], scope: Scope) -> list[Fault]:
    """Return what is wrong with the items of a task in check mode, names that lead nowhere aside."""
    task, snapshot = Task(scope=scope, check=True), Snapshot()
    while True:
        composition = compose(entity, items, snapshot, task)
        plan = make_plan(composition.wants, snapshot, task)
        if snapshot.complete:
            return [fault for error in (*composition.faults, *plan.faults) for fault in error.faults]
        snapshot.add_nothing()
