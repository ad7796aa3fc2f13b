# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands on one side of a service instance: route tables, health checks, routing policies, aggregates.

All of these refer to the service instance, never the other way round: the API server answers a reference in
the wrong direction with 200 and drops it. An object has one reference to a service instance, whose attribute
says the side, so it can be on one side only; a routing policy has a place on either side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...codec.codec import get_path
from ...codec.scope import Json, Value
from ...codec.values import FqName, joined
from ...kinds import ATTACHED_TO_SIDES, ROUTING_POLICY, SERVICE_INSTANCE
from ...kinds.config import Item, Task
from ...kinds.entity import Entity
from ..desired import DesiredObject
from ..snapshot import Snapshot
from .composition import Composition, dropped, held, targets

POLICY_SIDES = ("left", "right")
"""The sides on which routing policies have a place."""


@dataclass(frozen=True)
class _Entry:
    """An object on a side, and where the configuration says so; ``place`` is a routing policy's number."""

    name: FqName
    side: str
    path: str
    place: int | None = None


def compose_sides(item: Item, types: Sequence[str], snapshot: Snapshot, task: Task, result: Composition) -> None:
    """Attach what is given for each side; with purge, and nothing else of the lists that are given.

    ``types`` are the interface types that the service instance has, none while they are not known.
    """
    sides = item.compound.get("sides") or []
    for index, side in enumerate(sides):
        path = f"{item.path}.sides[{index}]"
        if types and side["type"] not in types:
            known = ", ".join(types)
            result.fault(f"{path}.type", f"the service instance has no interface {side['type']}; it has {known}")
        for option in ("routing_policies", "route_aggregates"):
            if side.get(option) and side["type"] not in POLICY_SIDES:
                result.fault(f"{path}.{option}", f"{option} have a place on the sides left and right only")
    purge = "sides" in task.purge
    for option, entity in ATTACHED_TO_SIDES.items():
        entries = list(_entries(item, option))
        given = {side["type"] for side in sides if option in side}
        stored = snapshot.look(SERVICE_INSTANCE.kind, item.fq_name)
        attached = _attached(stored, entity)
        if entity is ROUTING_POLICY:
            result.wants += _policies(item, entries, attached, given if purge else set())
            continue
        result.wants += _on_one_side(item, entity, entries, result)
        kept = {entry.name for entry in entries}
        if purge:
            gone = [name for name, attr in attached.items() if attr.get("interface_type") in given]
            gone = [name for name in gone if name not in kept]
            result.wants += dropped(entity, gone, item.path, "service_instances", item.fq_name)


def take_sides(item: Item, stored: Json) -> Iterator[DesiredObject]:
    """Yield all that refers to a service instance, without its reference: the API would leave it dangling."""
    for entity in ATTACHED_TO_SIDES.values():
        names = targets(stored, _back_references(entity))
        yield from dropped(entity, names, item.path, "service_instances", item.fq_name)


def _entries(item: Item, option: str) -> Iterator[_Entry]:
    for index, side in enumerate(item.compound.get("sides") or []):
        for number, entry in enumerate(side.get(option) or []):
            path = f"{item.path}.sides[{index}].{option}[{number}]"
            if isinstance(entry, str):
                yield _Entry(tuple(entry.split(":")), side["type"], path)
            else:
                name = tuple(entry["name"].split(":"))
                yield _Entry(name, side["type"], f"{path}.name", entry.get("sequence", number + 1))


def _on_one_side(item: Item, entity: Entity, entries: Sequence[_Entry], result: Composition) -> Iterator[DesiredObject]:
    places: dict[FqName, str] = {}
    for entry in entries:
        if entry.name in places:
            result.fault(
                entry.path,
                f"{joined(entry.name)} is already {places[entry.name]}: Contrail knows one side of a service "
                f"instance for each {entity.kind}, so make a second one",
            )
        places[entry.name] = entry.path
        attr = {"interface_type": entry.side}
        yield held(entity, entry.name, entry.path, "service_instances", item.fq_name, attr=attr)


def _policies(
    item: Item, entries: Sequence[_Entry], attached: dict[FqName, dict[str, Value]], purged: set[str]
) -> Iterator[DesiredObject]:
    """Yield the routing policies with their places on both sides; those of ``purged`` sides lose theirs."""
    paths = {entry.name: entry.path for entry in reversed(entries)}
    for name in dict.fromkeys([*paths, *(attached if purged else ())]):
        places = {f"{entry.side}_sequence": entry.place for entry in entries if entry.name == name}
        lost = {f"{side}_sequence" for side in purged} - places.keys()
        before = attached.get(name, {})
        if any(before.get(key) is not None for key in before.keys() - lost) or places:
            attr = {**before, **dict.fromkeys(lost & before.keys()), **places}
            path = paths.get(name, item.path)
            yield held(ROUTING_POLICY, name, path, "service_instances", item.fq_name, attr=attr)
        else:
            yield from dropped(ROUTING_POLICY, [name], item.path, "service_instances", item.fq_name)


def _attached(stored: Json, entity: Entity) -> dict[FqName, dict[str, Value]]:
    """Return what refers to a stored service instance, with the attribute of each reference."""
    (reference,) = entity.references
    decode = reference.attr.decode if reference.attr is not None else dict
    back_references = get_path(stored, [_back_references(entity)]) or []
    return {tuple(item["to"]): decode(item.get("attr")) for item in back_references}


def _back_references(entity: Entity) -> str:
    return f"{entity.kind.replace('-', '_')}_back_refs"
