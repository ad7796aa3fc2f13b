# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions to the schema about kinds of objects: their names, parents, properties and references.

Every function that takes what a user wrote raises ValueError with a text that names the cure.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...values.hints import near_misses
from ..codec.scope import Scope
from ..codec.values import FqName, full_name, joined, route_target, short_name
from .data import COMMON, KINDS
from .facts import DEFAULT_PARENTS, FABRIC_ROUTING_INSTANCE, MADE_PROPERTIES


def kind_named(text: str) -> str:
    """Return a kind as the API spells it: ``virtual_network`` and ``Virtual-Network`` are ``virtual-network``."""
    written = text.strip().replace("_", "-").lower()
    for kind in KINDS:
        if kind.lower() == written:
            return kind
    raise ValueError(f"there is no kind '{text}': {near_misses(text, KINDS)}")


def properties_of(kind: str) -> dict[str, str]:
    """Return the properties of a kind, each with the name of its type."""
    return {**COMMON, **KINDS[kind]["properties"]}


def made_by_server(kind: str) -> set[str]:
    """Return the properties of a kind that only the server writes."""
    return {*KINDS[kind]["read_only"], *MADE_PROPERTIES.get(kind, ())}


def reference_field(kind: str) -> str:
    """Return the field of an object that holds its references to objects of ``kind``."""
    return f"{kind.replace('-', '_')}_refs"


def children_field(kind: str) -> str:
    """Return the field of an object that lists its children of ``kind``."""
    return f"{kind.replace('-', '_')}s"


def back_references_field(kind: str) -> str:
    """Return the field of an object that lists the objects of ``kind`` that refer to it."""
    return f"{kind.replace('-', '_')}_back_refs"


def referrers(kind: str) -> list[str]:
    """Return the kinds that can refer to objects of ``kind``."""
    return sorted(other for other, declared in KINDS.items() if kind in declared["references"] and other != kind)


def wrong_reference(kind: str, target: str) -> str:
    """Say why objects of ``kind`` cannot refer to a ``target``, and how the two are brought together."""
    start = f"{kind} does not refer to {target}"
    if kind in KINDS[target]["references"]:
        return (
            f"{start}, it is the other way round: give kind: {target}, and in its references "
            f"{{kind: {kind}, name: ...}}"
        )
    if kind in KINDS[target]["parents"]:
        return f"{start}, it is its parent: give kind: {target}, and parent: {{kind: {kind}, name: ...}}"
    if target in KINDS[kind]["parents"]:
        return f"{start}, it is its child: give parent: {{kind: {target}, name: ...}}"
    return f"{start}: {near_misses(target, KINDS[kind]['references'])}"


@dataclass(frozen=True)
class SchemaScope(Scope):
    """The scope of the short names of all kinds.

    A short name stands in the task's project where its kind can be a child of a project, else in the task's
    domain, else under the one object of a kind that is there once (as the global system configuration). Any
    other is named with its parent: ``vn1:pool``. Tags and policy managements are global unless their name says
    a project.
    """

    def default_parent(self, kind: str) -> str | None:
        """Return the kind of parent that a short name means; raises ValueError where none goes without saying."""
        parents = KINDS[kind]["parents"]
        for usual in (None, "project", "domain", *DEFAULT_PARENTS):
            if usual in parents:
                return usual
        if kind == "bgp-router" or len(parents) == 1:
            return parents[0]
        raise ValueError(
            f"{kind} is a child of {' or '.join(map(str, parents))}: say of which by parent: {{kind, name}}"
        )

    def container(self, parent: str) -> FqName | None:
        """Return the name of the object of kind ``parent`` that a short name means, None where there is none."""
        containers: dict[str, FqName] = {
            "domain": (self.domain,),
            "project": (self.domain, self.project),
            "routing-instance": FABRIC_ROUTING_INSTANCE,
        }
        return containers.get(parent) or DEFAULT_PARENTS.get(parent)

    def name(self, kind: str, text: str) -> FqName:
        """Complete the name of an object of any kind."""
        return self.placed(kind, text)[0]

    def placed(self, kind: str, text: str) -> tuple[FqName, str | None]:
        """Complete a name; return it with the kind of the parent. Raises ValueError."""
        if kind == "route-target":
            return (route_target(text),), None
        if not text:
            raise ValueError("a name may not be empty")
        parents = KINDS[kind]["parents"]
        in_project = ":" in text and None in parents and "project" in parents
        parent = "project" if in_project else self.default_parent(kind)
        if parent is None:
            return (short_name(text),), None
        container = self.container(parent)
        if container is not None and (parent != "routing-instance" or kind == "bgp-router"):
            return full_name(text, container), parent
        above, colon, last = text.rpartition(":")
        if not colon:
            raise ValueError(
                f"'{text}' does not say which {parent} it is in: give {parent.upper()}:{text}, or give parent"
            )
        return (*self.name(parent, above), short_name(last)), parent

    def child(self, text: str, above: FqName) -> FqName:
        """Return the name of an object whose parent is ``above``; raises ValueError."""
        if text.startswith(f"{joined(above)}:"):
            text = text[len(joined(above)) + 1 :]
        return (*above, short_name(text))
