# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control node's page of routes: chosen by table, instance, prefix and more, 1,000 at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_network

from lab.core.world import World
from lab.introspect.asking import Parameters, flag, integer
from lab.introspect.batches import BETWEEN, searcher
from lab.introspect.route_values import MASTER, Route, RouteValues
from lab.introspect.serving import Page
from lab.introspect.writing import Message, Values

REQUEST = "ShowRouteReq"
AT_A_TIME = 1000
LINK_PARTS = 12


@dataclass(frozen=True)
class Wanted:
    """What routes are asked for; "" asks for all. `start` is where to go on: instance, table, prefix."""

    table: str = ""
    instance: str = ""
    prefix: str = ""
    longer: bool = False
    shorter: bool = False
    count: int = 0
    start: tuple[str, str, str] = ("", "", "")
    source: str = ""
    protocol: str = ""
    family: str = ""

    @classmethod
    def of(cls, given: Parameters) -> Wanted:
        """Return what the parameters of a request ask for."""
        return cls(
            table=given.get("routing_table", ""),
            instance=given.get("routing_instance", ""),
            prefix=given.get("prefix", ""),
            longer=flag(given.get("longer_match")),
            shorter=flag(given.get("shorter_match")),
            count=integer(given.get("count")),
            start=(
                given.get("start_routing_instance", ""),
                given.get("start_routing_table", ""),
                given.get("start_prefix", ""),
            ),
            source=given.get("source", ""),
            protocol=given.get("protocol", ""),
            family=given.get("family", ""),
        )

    @classmethod
    def of_link(cls, link: str) -> Wanted | None:
        """Return what a link to the next routes asks for; None if it is none."""
        parts = link.split(BETWEEN)
        if len(parts) != LINK_PARTS:
            return None
        instance, table, prefix, next_instance, next_table, next_prefix, count, source, protocol, family = parts[:10]
        return cls(
            table=table,
            instance=instance,
            prefix=prefix,
            longer=parts[10] == "true",
            shorter=parts[11] == "true",
            count=integer(count),
            start=(next_instance, next_table, next_prefix),
            source=source,
            protocol=protocol,
            family=family,
        )

    def link(self) -> str:
        """Return the link that asks for the same from `start` on."""
        ends = (str(self.longer).lower(), str(self.shorter).lower())
        parts = (self.instance, self.table, self.prefix, *self.start, str(self.count))
        return BETWEEN.join((*parts, self.source, self.protocol, self.family, *ends))

    @property
    def at_most(self) -> int:
        """How many routes one answer may hold."""
        return min(self.count, AT_A_TIME) if self.count > 0 else AT_A_TIME


class RoutePage:
    """Shows the routes of a world's control node."""

    def __init__(self, world: World) -> None:
        self._world = world

    def pages(self) -> Mapping[str, Page]:
        """Return the page, and the one that goes on where it ended."""
        return {REQUEST: self._first, f"{REQUEST}Iterate": self._further}

    def _first(self, given: Parameters) -> Message:
        return self._show(Wanted.of(given))

    def _further(self, given: Parameters) -> Message:
        wanted = Wanted.of_link(given.get("iterate_info", ""))
        return self._show(wanted) if wanted else Message("ShowRouteResp")

    def _show(self, wanted: Wanted) -> Message:
        values = RouteValues(self._world)
        left = wanted.at_most
        shown: list[Values] = []
        for table, routes in _tables(values, wanted):
            chosen = [one for one in routes if self._fits(one, wanted, values)]
            if chosen and left == 0:
                return self._ended(shown, wanted, chosen[0])
            if chosen:
                shown.append(values.table_values(table, routes, chosen[:left]))
            if len(chosen) > left:
                return self._ended(shown, wanted, chosen[left])
            left -= len(chosen)
        return Message("ShowRouteResp", {"tables": shown})

    def _ended(self, shown: list[Values], wanted: Wanted, following: Route) -> Message:
        going_on = replace(wanted, start=(following.instance, following.table, following.prefix))
        return Message("ShowRouteResp", {"tables": shown, "next_batch": going_on.link()})

    def _fits(self, route: Route, wanted: Wanted, values: RouteValues) -> bool:
        best = route.paths[0]
        if wanted.start[2] and (route.instance, route.table) == wanted.start[:2] and _before(route, wanted.start[2]):
            return False
        if wanted.source and all(values.source(path) != wanted.source for path in route.paths):
            return False
        if wanted.protocol and wanted.protocol not in {path.protocol for path in route.paths}:
            return False
        if wanted.family and wanted.family not in _families(route, best.version):
            return False
        return not wanted.prefix or _prefix_fits(route, wanted)


def _tables(values: RouteValues, wanted: Wanted) -> Iterator[tuple[str, list[Route]]]:
    """Yield the tables that a request asks for and that come not before its start."""
    for table, routes in values.all_tables(wanted.instance, wanted.table):
        if not routes or (wanted.table and table != wanted.table):
            continue
        if (routes[0].instance, table) >= wanted.start[:2]:
            yield table, routes


def _before(route: Route, prefix: str) -> bool:
    return route.rank < replace(route, prefix=prefix).rank


def _families(route: Route, version: int) -> tuple[str, ...]:
    if route.instance == MASTER:
        return ("inetvpn",) if version == 4 else ("inet6vpn",)
    return ("inet",) if version == 4 else ("inet6",)


def _prefix_fits(route: Route, wanted: Wanted) -> bool:
    """Compare prefixes: without longer or shorter match, the wanted one is searched for as a regular expression."""
    if not (wanted.longer or wanted.shorter):
        return searcher(wanted.prefix)(route.prefix)
    try:
        network = ip_network(wanted.prefix, strict=False)
    except ValueError:
        return False
    own = ip_network(route.bare)
    if own.version != network.version:
        return False
    inner, outer = (own, network) if wanted.longer else (network, own)
    return inner.subnet_of(outer)  # type: ignore[arg-type]
