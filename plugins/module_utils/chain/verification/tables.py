# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading, comparing and showing a router's route tables.

Tables come as ``vmx_info`` returns them in ``route_tables``: ``{name: {exists, destinations, routes}}`` with
routes ``{prefix, protocol, preference, active, med, local_preference, label, to_table, next_hop, ...}``.
"""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ...values.finding import Finding
from ...vmx.replies.routes import RouteRow, RouteTables
from ..design.design import ExpectedRoutes
from ..findings.tables import CHAIN_ROUTE_MISSING
from .labels import LabelNames

COLUMNS = ("prefix", "protocol", "MED", "localpref", "label", "next hop")


@dataclass(frozen=True)
class MissingRoute:
    """A route that a chain has not brought into a table: ``lack`` is a prefix, or ``nothing of`` some subnets."""

    table: str
    chain: str
    lack: str

    def __str__(self) -> str:
        return f"{self.table} has {self.lack} by BGP (chain {self.chain})"


def missing_by_chain(tables: RouteTables, expected: Iterable[ExpectedRoutes]) -> list[MissingRoute]:
    """Return each thing that a chain should have brought into a table and that is not there.

    :param expected: of a router's design.
    """
    missing: list[MissingRoute] = []
    for entry in expected:
        table, chain = entry["table"], entry["chain"]
        learned = _prefixes(tables, table, protocol="BGP")
        wanted = list(entry.get("prefixes") or [])
        if copies := entry.get("copies"):
            subnets = [ipaddress.ip_network(each) for each in copies["within"]]
            wanted += [each for each in _prefixes(tables, copies["table"]) if _is_within(each, subnets)]
        missing += [MissingRoute(table, chain, f"no {each}") for each in wanted if each not in learned]
        if within := entry.get("any_within"):
            subnets = [ipaddress.ip_network(each) for each in within]
            if not any(_is_within(each, subnets) for each in learned):
                missing.append(MissingRoute(table, chain, f"nothing of {', '.join(within)}"))
    return missing


def missing_routes(tables: RouteTables, expected: Iterable[ExpectedRoutes]) -> list[str]:
    """Return what :func:`missing_by_chain` finds, a line each."""
    return [str(each) for each in missing_by_chain(tables, expected)]


def missing_findings(tables: RouteTables, expected: Iterable[ExpectedRoutes], router: str) -> list[Finding]:
    """Return what :func:`missing_by_chain` finds in the tables of a router, as findings."""
    return [
        Finding(CHAIN_ROUTE_MISSING, f"{router}: {each.table}", {"lack": each.lack, "chain": each.chain})
        for each in missing_by_chain(tables, expected)
    ]


def _prefixes(tables: RouteTables, table: str, protocol: str | None = None) -> list[str]:
    return [
        str(route["prefix"])
        for route in tables.get(table, {}).get("routes") or []
        if protocol is None or route.get("protocol") == protocol
    ]


def _is_within(prefix: str, subnets: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    found = ipaddress.ip_network(prefix)
    return any(
        found.version == subnet.version and found.subnet_of(subnet)  # type: ignore[arg-type]
        for subnet in subnets
    )


@dataclass(frozen=True)
class ComparedRoute:
    """A route before and after; either is null where there was or is none."""

    before: RouteRow | None
    after: RouteRow | None

    @property
    def change(self) -> str:
        """``added``, ``removed``, ``changed`` or ``same``."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "same" if _attributes(self.before) == _attributes(self.after) else "changed"

    @property
    def route(self) -> RouteRow:
        """The route as it is now, or as it was."""
        return self.after or self.before or {"prefix": None, "protocol": None}


def compared_routes(before: Iterable[RouteRow], after: Iterable[RouteRow]) -> list[ComparedRoute]:
    """Return the routes of a table at two moments side by side, in the order of their prefixes.

    Two routes are the same when prefix and protocol are; they have changed when preference, MED, local
    preference, label or next table differ. Ages and interface names do not count.
    """
    old, new = _by_key(before), _by_key(after)
    found = [
        ComparedRoute(was, became)
        for key in {**old, **new}
        for was, became in itertools.zip_longest(old.get(key, ()), new.get(key, ()))
    ]
    return sorted(found, key=lambda each: _order(each.route))


def route_changes(before: RouteTables, after: RouteTables) -> dict[str, dict[str, list[Any]]]:
    """Return by table the routes ``added`` and ``removed``, and as ``changed`` pairs of before and after."""
    changes: dict[str, dict[str, list[Any]]] = {}
    for table in sorted({*before, *after}):
        compared = compared_routes(*(tables.get(table, {}).get("routes") or [] for tables in (before, after)))
        changes[table] = {
            "added": [each.after for each in compared if each.change == "added"],
            "removed": [each.before for each in compared if each.change == "removed"],
            "changed": [{"before": each.before, "after": each.after} for each in compared if each.change == "changed"],
        }
    return changes


def _by_key(routes: Iterable[RouteRow]) -> dict[tuple[str, str], list[RouteRow]]:
    found: dict[tuple[str, str], list[RouteRow]] = {}
    for route in sorted(routes, key=_order):
        found.setdefault((str(route["prefix"]), str(route["protocol"])), []).append(route)
    return found


def _order(route: RouteRow) -> tuple[int, int, int, str]:
    if route["prefix"] is None:  # predicted, without a known address
        return 9, 0, 0, str(route.get("address_of"))
    prefix = ipaddress.ip_network(route["prefix"])
    return prefix.version, int(prefix.network_address), prefix.prefixlen, str(_attributes(route))


def _attributes(route: RouteRow) -> tuple[Any, ...]:
    return tuple(route.get(key) for key in ("preference", "med", "local_preference", "label", "to_table"))


def table_lines(tables: RouteTables, names: Sequence[str] | None = None, labels: LabelNames | None = None) -> list[str]:
    """Return the tables as lines to read, all columns aligned.

    :param names: which tables and in which order; all by name when left out.
    :param labels: whose labels they are; then the column says so.
    """
    lines: list[str] = []
    for name in names if names is not None else sorted(tables):
        table = tables.get(name) or {}
        routes = sorted(table.get("routes") or [], key=_order)
        if not table.get("exists", bool(routes)):
            lines += [f"{name}: there is no such table", ""]
            continue
        destinations = len({route["prefix"] or route.get("address_of") for route in routes})
        lines.append(f"{name}: {destinations} destinations, {len(routes)} routes")
        lines += _aligned([COLUMNS, *(route_cells(route, labels) for route in routes)])
        lines.append("")
    return lines[:-1]


def change_lines(
    before: RouteTables, after: RouteTables, names: Sequence[str] | None = None, labels: LabelNames | None = None
) -> list[str]:
    """Return the changes between two states of the tables as lines to read: added, removed, changed from and to."""
    lines: list[str] = []
    changes = route_changes(before, after)
    for name in names if names is not None else sorted(changes):
        change = changes.get(name) or {"added": [], "removed": [], "changed": []}
        counts = ", ".join(f"{len(routes)} {word}" for word, routes in change.items())
        lines.append(f"{name}: {counts}")
        rows = [(word, *route_cells(route, labels)) for word in ("added", "removed") for route in change[word]]
        for pair in change["changed"]:
            rows += [("changed", *route_cells(pair["before"], labels)), ("to", *route_cells(pair["after"], labels))]
        lines += _aligned(rows)
    return lines


def route_cells(route: RouteRow, labels: LabelNames | None = None) -> tuple[str, ...]:
    """Return what stands in :data:`COLUMNS` for a route, ``-`` for what it has not."""
    where = f"to table {route['to_table']}" if route.get("to_table") else route.get("via") or route.get("next_hop")
    return (
        str(route["prefix"] or f"({route.get('address_of')})"),
        f"{route['protocol']}/{route['preference']}",
        *(_cell(route.get(key)) for key in ("med", "local_preference")),
        (labels or LabelNames()).shown(route),
        _cell(where),
    )


def _cell(value: Any) -> str:
    return "-" if value is None else str(value)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
