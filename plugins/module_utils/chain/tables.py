# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading, comparing and showing a router's route tables.

Tables come as ``vmx_info`` returns them in ``route_tables``: ``{name: {exists, destinations, routes}}`` with
routes ``{prefix, protocol, preference, active, med, local_preference, label, to_table, next_hop, ...}``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

JsonDict = Mapping[str, Any]
Tables = Mapping[str, JsonDict]

COLUMNS = ("prefix", "protocol", "MED", "localpref", "label", "next hop")


def missing_routes(tables: Tables, expected: Iterable[JsonDict]) -> list[str]:
    """Return one line for each thing that a chain should have brought into a table and that is not there.

    :param expected: entries of :func:`.derive.derive`'s ``expected``: ``table``, ``chain``, ``prefixes``
        (each must be there, learned by BGP), ``copies`` (``table``, ``within``: what that table holds within
        those prefixes must be in this one too) and ``any_within`` (at least one route within them).
    """
    missing: list[str] = []
    for entry in expected:
        table, chain = entry["table"], entry["chain"]
        learned = _prefixes(tables, table, protocol="BGP")
        wanted = list(entry.get("prefixes") or [])
        if copies := entry.get("copies"):
            subnets = [ipaddress.ip_network(each) for each in copies["within"]]
            wanted += [each for each in _prefixes(tables, copies["table"]) if _is_within(each, subnets)]
        missing += [f"{table} has no {each} by BGP (chain {chain})" for each in wanted if each not in learned]
        if within := entry.get("any_within"):
            subnets = [ipaddress.ip_network(each) for each in within]
            if not any(_is_within(each, subnets) for each in learned):
                missing.append(f"{table} has nothing of {', '.join(within)} by BGP (chain {chain})")
    return missing


def _prefixes(tables: Tables, table: str, protocol: str | None = None) -> list[str]:
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


def route_changes(before: Tables, after: Tables) -> dict[str, dict[str, list[Any]]]:
    """Return by table the routes ``added`` and ``removed``, and as ``changed`` pairs of before and after.

    Two routes are the same when prefix and protocol are; they have changed when preference, MED, local
    preference, label or next table differ. Ages and interface names do not count.
    """
    changes: dict[str, dict[str, list[Any]]] = {}
    for table in sorted({*before, *after}):
        old, new = (_by_key(tables.get(table, {}).get("routes") or []) for tables in (before, after))
        both = [key for key in new if key in old]
        changes[table] = {
            "added": [route for key in new if key not in old for route in new[key]],
            "removed": [route for key in old if key not in new for route in old[key]],
            "changed": [
                {"before": was, "after": became}
                for key in both
                for was, became in zip(old[key], new[key], strict=False)
                if _attributes(was) != _attributes(became)
            ],
        }
        for key in both:  # more or fewer paths to one prefix
            changes[table]["added"] += new[key][len(old[key]) :]
            changes[table]["removed"] += old[key][len(new[key]) :]
    return changes


def _by_key(routes: Iterable[JsonDict]) -> dict[tuple[str, str], list[JsonDict]]:
    found: dict[tuple[str, str], list[JsonDict]] = {}
    for route in sorted(routes, key=_order):
        found.setdefault((str(route["prefix"]), str(route["protocol"])), []).append(route)
    return found


def _order(route: JsonDict) -> tuple[int, int, int, str]:
    if route["prefix"] is None:  # predicted, without a known address
        return 9, 0, 0, str(route.get("address_of"))
    prefix = ipaddress.ip_network(route["prefix"])
    return prefix.version, int(prefix.network_address), prefix.prefixlen, str(_attributes(route))


def _attributes(route: JsonDict) -> tuple[Any, ...]:
    return tuple(route.get(key) for key in ("preference", "med", "local_preference", "label", "to_table"))


def table_lines(tables: Tables, names: Sequence[str] | None = None) -> list[str]:
    """Return the tables as lines to read, all columns aligned.

    :param names: which tables and in which order; all by name when left out.
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
        lines += _aligned([COLUMNS, *(_cells(route) for route in routes)])
        lines.append("")
    return lines[:-1]


def change_lines(before: Tables, after: Tables, names: Sequence[str] | None = None) -> list[str]:
    """Return the changes between two states of the tables as lines to read: + added, - removed, ~ changed."""
    lines: list[str] = []
    changes = route_changes(before, after)
    for name in names if names is not None else sorted(changes):
        change = changes.get(name) or {"added": [], "removed": [], "changed": []}
        counts = ", ".join(f"{len(routes)} {word}" for word, routes in change.items())
        lines.append(f"{name}: {counts}")
        rows = [("+", *_cells(route)) for route in change["added"]]
        rows += [("-", *_cells(route)) for route in change["removed"]]
        for pair in change["changed"]:
            rows += [("~", *_cells(pair["before"])), ("=>", *_cells(pair["after"]))]
        lines += _aligned(rows)
    return lines


def _cells(route: JsonDict) -> tuple[str, ...]:
    where = f"to table {route['to_table']}" if route.get("to_table") else route.get("via") or route.get("next_hop")
    label = route.get("label") if route.get("label") is not None else ", ".join(route.get("ports") or ()) or None
    return (
        str(route["prefix"] or f"({route.get('address_of')})"),
        f"{route['protocol']}/{route['preference']}",
        *(_cell(route.get(key)) for key in ("med", "local_preference")),
        _cell(label),
        _cell(where),
    )


def _cell(value: Any) -> str:
    return "-" if value is None else str(value)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
