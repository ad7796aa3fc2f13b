# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which project proves that an object is really absent, and not merely unread. Pure.

An API server answers with an empty list to much: about a project that it does not have, about objects that the user may
not see, or because it is another controller's. Where nothing was found in a project, the project itself is to be found.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..codec.scope import CONTAINERS, Look, Scope
from ..codec.values import FqName
from ..kinds.config import Item
from ..kinds.entity import Entity


def projects_to_find(entity: Entity, items: Iterable[Item], look: Look, scope: Scope) -> list[FqName]:
    """Return the projects of items that were not found, but for those in which another item was."""
    missing: dict[FqName, None] = {}
    proven: set[FqName] = set()
    for item in items:
        kind = item.entity or entity
        project = _project_of(kind, item.fq_name, scope)
        if look(kind.kind, item.fq_name) is None:
            missing[project] = None
        else:
            proven.add(project)
    return [project for project in missing if project not in proven]


def _project_of(entity: Entity, fq_name: FqName, scope: Scope) -> FqName:
    """Return the project that an object is in; the task's where it is in none."""
    kind, name = entity.parent, fq_name[:-1]
    while kind not in {None, "project"}:
        kind, name = CONTAINERS.get(kind or ""), name[:-1]
    return name if kind == "project" and len(name) == 2 else (scope.domain, scope.project)
