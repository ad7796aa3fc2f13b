# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose MPLS label it is: from numbers in routers' tables to the ports of services, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...vmx.replies.routes import RouteRow, RouteTables
from ..intent.model import Intent


@dataclass(frozen=True)
class LabelName:
    """An MPLS label on the way ``via`` an interface (labels belong to a compute node), and its port in words."""

    label: int
    via: str | None
    name: str

    def __str__(self) -> str:
        return f"{self.label} is {with_article(self.name)}"


class LabelNames:
    """Looks labels of routes up."""

    def __init__(self, names: Iterable[LabelName] = ()) -> None:
        self._names = {(each.label, each.via): each.name for each in names}

    @classmethod
    def read(cls, labels: Iterable[Mapping[str, Any]]) -> LabelNames:
        """Return labels that are given as plain data."""
        return cls(LabelName(each["label"], each.get("via"), each["name"]) for each in labels)

    def __iter__(self) -> Iterator[LabelName]:
        return (LabelName(label, via, name) for (label, via), name in self._names.items())

    def of(self, route: RouteRow) -> str | None:
        """Return what the label of a route is (``left port of 1-to-2``), if that is known."""
        return self._names.get((route.get("label"), _way(route)))  # type: ignore[arg-type]

    def shown(self, route: RouteRow) -> str:
        """Return the label of a route with its name, ``-`` where it has none."""
        label, name = route.get("label"), self.of(route)
        if label is None:
            return ", ".join(route.get("ports") or ()) or "-"
        return f"{label} ({name})" if name else str(label)


def with_article(name: str) -> str:
    """Return what a port is, as it stands in a sentence: ``the left port of 1-to-2``, but ``port vm1``."""
    return name if name.startswith("port ") else f"the {name}"


def port_words(intent: Intent) -> dict[str, str]:
    """Return by name of a port what it is: ``left port of 1-to-2`` for those of services."""
    words: dict[str, str] = {name: f"port {name}" for name in intent.ports}
    for service in intent.services.values():
        for member in service.members:
            of_member = f" (member {member.name})" if len(service.members) > 1 else ""
            for side, port in member.ports.items():
                words[port] = f"{side} port of {service.name}{of_member}"
    return words


def label_names(tables: RouteTables, predicted: RouteTables, words: Mapping[str, str]) -> LabelNames:
    """Return whose label each label in a router's tables is.

    A route that is predicted tells by its prefix which port it leads to; the same label on the same way is that port's
    wherever it comes.

    :param words: what ports are, from :func:`port_words`; others are named ``port NAME``.
    """
    found: dict[tuple[int, str | None], LabelName] = {}
    for name, table in predicted.items():
        ports: dict[str, set[tuple[str, ...]]] = {}
        for route in table.get("routes") or []:
            if route["prefix"] and route.get("ports"):
                ports.setdefault(route["prefix"], set()).add(tuple(route["ports"]))
        for route in tables.get(name, {}).get("routes") or []:
            of_prefix = ports.get(str(route["prefix"]), set())
            label = route.get("label")
            if label is None or len(of_prefix) != 1:
                continue
            (names,) = of_prefix
            said = " and ".join(words.get(port, f"port {port}") for port in names)
            found.setdefault((label, _way(route)), LabelName(label, _way(route), said))
    return LabelNames(sorted(found.values(), key=lambda each: (each.label, each.via or "")))


def _way(route: RouteRow) -> str | None:
    return route.get("via") or route.get("next_hop")
