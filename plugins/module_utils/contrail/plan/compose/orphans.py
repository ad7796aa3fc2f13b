# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Port tuples that outlived their service instance.

The API server lets a service instance go while it has port tuples, and keeps these with the ports that refer
to them. Nobody else cleans them up, and their names stay taken.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...codec.codec import set_path
from ...codec.scope import Json, Scope
from ...kinds import PORT, PORT_TUPLE
from ...kinds.config import Key, Task
from ..snapshot import Snapshot
from ..stored import is_owned
from .composition import Composition, targets
from .services import take_tuple

PATH = "sweep_orphans"
INTERFACE_TYPE = ("virtual_machine_interface_properties", "service_interface_type")


@dataclass(frozen=True)
class Orphans:
    """The port tuples of a project that have no service instance, as stored."""

    stored: Mapping[Key, Json]

    @classmethod
    def among(cls, port_tuples: Iterable[Json], services: Iterable[Json], scope: Scope) -> Orphans:
        """Return those of ``port_tuples`` in the project of ``scope`` whose parent is none of ``services``."""
        parents = {service["uuid"] for service in services}
        return cls(
            {
                (PORT_TUPLE.kind, tuple(stored["fq_name"])): stored
                for stored in port_tuples
                if stored["fq_name"][:2] == [scope.domain, scope.project] and stored.get("parent_uuid") not in parents
            }
        )

    def compose(self, snapshot: Snapshot, task: Task) -> Composition:
        """Return what is wanted: the ports out of the port tuples, and these gone, but for those of others."""
        return Composition(
            [want for _unused, name in self._going(task) for want in take_tuple(name, PATH, snapshot)],
        )

    def without(self, snapshot: Snapshot, task: Task) -> dict[Key, Json]:
        """Return the port tuples and their ports as they will be."""
        future: dict[Key, Json] = {}
        for kind, name in self._going(task):
            for port in targets(self.stored[kind, name], "virtual_machine_interface_back_refs"):
                stored = future.get((PORT.kind, port)) or copy.deepcopy(snapshot.look(PORT.kind, port))
                stored["port_tuple_refs"] = [ref for ref in stored["port_tuple_refs"] if tuple(ref["to"]) != name]
                set_path(stored, INTERFACE_TYPE, None)
                future[PORT.kind, port] = stored
            future[kind, name] = None
        return future

    def _going(self, task: Task) -> list[Key]:
        return [key for key, stored in self.stored.items() if is_owned(stored, task.owner)]
