# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a few `show` commands print, for people and for RPCs that ask for text."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from lab.junos import text
from lab.junos.router import stamp
from lab.junos.routes_reply import Query, age, chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lab.core.routes import RouteEntry, RouteTable
    from lab.junos.router import Router

TUNNEL_TABLE = "inet.3"
COLUMN = 19
"""Where a route's paths begin; a longer prefix stands on a line of its own."""

LEGEND = "+ = Active Route, - = Last Active, * = Both"


def show(router: Router, tables: Sequence[RouteTable], command: str) -> str | None:
    """What a command prints, each line ended; None for one that is not known.

    Known are `show route [table NAME] [protocol NAME] [PREFIX]`, `show version`, `show system commit`,
    `show dynamic-tunnels database` and `show configuration [| display set]`.
    """
    words = command.split()
    if words[:2] == ["show", "route"] and (query := _query(words[2:])) is not None:
        return routes(tables, query)
    printed = COMMANDS.get(" ".join(words))
    return None if printed is None else printed(router, tables)


def _version(router: Router, _tables: Sequence[RouteTable]) -> str:
    return f"Hostname: {router.name}\nModel: vmx\nJunos: {router.version}\n"


def _history(router: Router, _tables: Sequence[RouteTable]) -> str:
    return "".join(f"{line}\n" for line in _commits(router))


def _configuration(router: Router, _tables: Sequence[RouteTable]) -> str:
    return text.render(router.committed)


def _commands(router: Router, _tables: Sequence[RouteTable]) -> str:
    return "".join(f"{line}\n" for line in text.set_lines(router.committed))


def _dynamic_tunnels(router: Router, tables: Sequence[RouteTable]) -> str:
    return "".join(f"{line}\n" for line in _tunnels(router, tables))


COMMANDS: dict[str, Callable[[Router, Sequence[RouteTable]], str]] = {
    "show version": _version,
    "show system commit": _history,
    "show dynamic-tunnels database": _dynamic_tunnels,
    "show configuration": _configuration,
    "show configuration | display set": _commands,
}


def routes(tables: Sequence[RouteTable], query: Query) -> str:
    """What `show route` prints for a query, whatever its style."""
    return "".join(f"{line}\n" for table in tables for line in _table(table, query))


def _tunnels(router: Router, tables: Sequence[RouteTable]) -> Iterator[str]:
    """The dynamic tunnels: those of inet.3, below the configured network that each is in."""
    made = {
        one.prefix: entry
        for table in tables
        if table.name == TUNNEL_TABLE
        for one in table.destinations
        for entry in one.entries
        if entry.protocol == "Tunnel"
    }
    yield "*- Signal Tunnels #- PFE-down"
    yield f"Table: {TUNNEL_TABLE}       "
    for tunnel in router.inherited().iterfind("routing-options/dynamic-tunnels/dynamic-tunnel"):
        kind = "udp" if tunnel.find("udp") is not None else "gre"
        for name in tunnel.iterfind("destination-networks/name"):
            network = ipaddress.ip_network(name.text or "")
            yield ""
            yield f"Destination-network: {network}"
            for prefix, entry in made.items():
                if ipaddress.ip_network(prefix).subnet_of(network):  # type: ignore[arg-type]
                    yield f"Tunnel to: {prefix} State: Up"
                    yield "  Reference count: 1"
                    yield f"  Next-hop type: {kind}"
                    yield f"    Source address: {tunnel.findtext('source-address')}"
                    yield f"    Next hop: {entry.via}"
                    yield "      State: Up"


def _query(words: list[str]) -> Query | None:
    """The query of a `show route` command."""
    given: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("table", "protocol"):
            if not rest:
                return None
            given[word] = rest.pop(0)
        elif "destination" in given or not word[0].isalnum() or word.isalpha():
            return None
        else:
            given["destination"] = word
    return Query(given.get("table", ""), given.get("protocol", ""), given.get("destination", ""))


def _table(table: RouteTable, query: Query) -> Iterator[str]:
    found = chosen(table, query)
    if found is None:
        return
    active = sum(entry.active for one in table.destinations for entry in one.entries)
    yield ""
    yield (
        f"{table.name}: {len(table.destinations)} destinations, {table.routes + table.hidden} routes "
        f"({active} active, 0 holddown, {table.hidden} hidden)"
    )
    yield LEGEND
    yield ""
    for destination, entries in found:
        lead = f"{destination.prefix:<{COLUMN}}"
        if len(lead) > COLUMN:
            yield lead
            lead = " " * COLUMN
        for entry in entries:
            first, *more = _path(entry)
            yield lead + first
            yield from (" " * COLUMN + line for line in more)
            lead = " " * COLUMN


def _path(entry: RouteEntry) -> Iterator[str]:
    facts = [age(entry.age_seconds)]
    if entry.med is not None:
        facts.append(f"MED {entry.med}")
    if entry.local_preference is not None:
        facts.append(f"localpref {entry.local_preference}")
    if entry.learned_from is not None:
        facts.append(f"from {entry.learned_from}")
    yield f"{'*' if entry.active else ' '}[{entry.protocol}/{entry.preference}] {', '.join(facts)}"
    if entry.as_path is not None:
        yield f"   AS path: {entry.as_path}, validation-state: unverified"
    if entry.to_table is not None:
        yield f"   to table {entry.to_table}"
        return
    hop = [f"to {entry.next_hop}"] if entry.next_hop is not None else []
    hop += [f"via {entry.via}"] if entry.via is not None else []
    label = f", Push {entry.label}" if entry.label is not None else ""
    if hop:
        yield f" {'>' if entry.active else ' '} {' '.join(hop)}{label}"


def _commits(router: Router) -> Iterator[str]:
    for number, entry in enumerate(router.history):
        yield f"{number:<4}{stamp(entry.at)} by {entry.user} via {entry.client}"
        for remark in (entry.comment, entry.log):
            if remark:
                yield f"    {remark}"
