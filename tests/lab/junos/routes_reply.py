# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`get-route-information`: tables in the router's XML, in the styles brief (default), terse and detail."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from lab.junos.elements import leaf, put_counts, with_seconds
from lab.junos.replies import JUNOS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lab.core.routes import RouteDestination, RouteEntry, RouteTable

STYLES = ("terse", "detail", "extensive", "brief")
DAY = 86400


@dataclass(frozen=True)
class Query:
    """What a request asks for; "" asks for all. `protocol` is compared without case, as the CLI does."""

    table: str = ""
    protocol: str = ""
    destination: str = ""
    exact: bool = False
    active_only: bool = False
    style: str = "brief"

    @classmethod
    def of(cls, rpc: etree._Element) -> Query:
        """The query in an RPC's arguments."""
        style = next((name for name in STYLES if rpc.find(name) is not None), "brief")
        return cls(
            table=_argument(rpc, "table"),
            protocol=_argument(rpc, "protocol"),
            destination=_argument(rpc, "destination"),
            exact=rpc.find("exact") is not None,
            active_only=rpc.find("active-path") is not None,
            style="detail" if style == "extensive" else style,
        )


def _argument(rpc: etree._Element, name: str) -> str:
    return (rpc.findtext(name) or "").strip()


Found = list[tuple["RouteDestination", list["RouteEntry"]]]


def route_information(tables: Iterable[RouteTable], query: Query) -> etree._Element:
    """The reply's root, without namespace. An unknown table gives an empty one."""
    root = etree.Element("route-information")
    for table in tables:
        found = chosen(table, query)
        if found is not None:
            root.append(_table(table, found, query.style))
    return root


def chosen(table: RouteTable, query: Query) -> Found | None:
    """The destinations of a table that a query asks for; None where the table is not to be shown at all."""
    if not _named(table.name, query.table):
        return None
    found = [(one, entries) for one in table.destinations if (entries := _entries(one, query))]
    return found if found or not (query.protocol or query.destination) else None


def _named(name: str, wanted: str) -> bool:
    """`vn1.inet.0` is its own name; `vn1` or `vn1.inet` asks for all tables that begin so."""
    return not wanted or name == wanted or name.startswith(wanted + ".")


def _entries(destination: RouteDestination, query: Query) -> list[RouteEntry]:
    if query.destination and not _within(destination.prefix, query):
        return []
    return [
        entry
        for entry in destination.entries
        if query.protocol in ("", entry.protocol.lower(), entry.protocol) and (entry.active or not query.active_only)
    ]


def _within(prefix: str, query: Query) -> bool:
    if prefix == query.destination:
        return True
    try:
        network, wanted = ipaddress.ip_network(prefix), ipaddress.ip_network(query.destination, strict=False)
    except ValueError:
        return prefix.startswith(query.destination)
    if query.exact or network.version != wanted.version:
        return network == wanted
    bare = "/" not in query.destination
    return network.supernet_of(wanted) if bare else network.subnet_of(wanted)  # type: ignore[arg-type]


def _table(table: RouteTable, found: Found, style: str) -> etree._Element:
    element = etree.Element("route-table")
    put_counts(element, table)
    for destination, entries in found:
        element.append(_route(destination, entries, style))
    return element


def _route(destination: RouteDestination, entries: list[RouteEntry], style: str) -> etree._Element:
    route = etree.Element("rt")
    route.set(f"{{{JUNOS}}}style", style)
    if style == "detail":
        address, _unused, length = destination.prefix.rpartition("/")
        leaf(route, "rt-destination", address)
        leaf(route, "rt-prefix-length", length)
        leaf(route, "rt-entry-count", len(destination.entries)).set(
            f"{{{JUNOS}}}format",
            f"{len(destination.entries)} entry"
            if len(destination.entries) == 1
            else f"{len(destination.entries)} entries",
        )
        leaf(route, "rt-announced-count", 1 if any(entry.active for entry in entries) else 0)
    else:
        leaf(route, "rt-destination", destination.prefix)
    for entry in entries:
        route.append(_detailed(entry) if style == "detail" else _brief(entry))
    return route


def _brief(entry: RouteEntry) -> etree._Element:
    element = etree.Element("rt-entry")
    _tags(element, entry)
    leaf(element, "protocol-name", entry.protocol)
    leaf(element, "preference", entry.preference)
    with_seconds(leaf(element, "age", age(entry.age_seconds)), entry.age_seconds)
    if entry.med is not None:
        leaf(element, "metric", entry.med)
    _origin(element, entry)
    element.append(_next_hop(entry))
    return element


def _detailed(entry: RouteEntry) -> etree._Element:
    element = etree.Element("rt-entry")
    _tags(element, entry)
    leaf(element, "protocol-name", entry.protocol)
    leaf(element, "preference", entry.preference)
    if entry.local_preference is not None:
        leaf(element, "preference2", -entry.local_preference - 1)
    leaf(element, "nh-type", _next_hop_type(entry))
    element.append(_next_hop(entry))
    if entry.active:
        leaf(element, "rt-entry-state", "Active")
    with_seconds(leaf(element, "age", age(entry.age_seconds)), entry.age_seconds)
    if entry.med is not None:
        leaf(element, "metric", entry.med)
    _origin(element, entry)
    if entry.communities:
        communities = etree.SubElement(element, "communities")
        for community in entry.communities:
            leaf(communities, "community", community)
    return element


def _next_hop_type(entry: RouteEntry) -> str:
    if entry.to_table is not None:
        return "Table"
    if entry.protocol == "BGP":
        return "Indirect"
    return "Interface" if entry.next_hop is None else "Router"


def _tags(element: etree._Element, entry: RouteEntry) -> None:
    if entry.active:
        leaf(element, "active-tag", "*")
        etree.SubElement(element, "current-active")
        etree.SubElement(element, "last-active")
    else:
        leaf(element, "active-tag", " ")


def _origin(element: etree._Element, entry: RouteEntry) -> None:
    """What BGP knows about a route."""
    if entry.local_preference is not None:
        leaf(element, "local-preference", entry.local_preference)
    if entry.learned_from is not None:
        leaf(element, "learned-from", entry.learned_from)
    if entry.as_path is not None:
        leaf(element, "as-path", entry.as_path + "\n")
        leaf(element, "validation-state", "unverified")


def _next_hop(entry: RouteEntry) -> etree._Element:
    hop = etree.Element("nh")
    if entry.to_table is not None:
        leaf(hop, "nh-table", entry.to_table)
        return hop
    if entry.active:
        etree.SubElement(hop, "selected-next-hop")
    if entry.next_hop is not None:
        leaf(hop, "to", entry.next_hop)
    if entry.via is not None:
        leaf(hop, "via", entry.via)
    if entry.label is not None:
        leaf(hop, "mpls-label", f"Push {entry.label}")
    return hop


def age(seconds: int) -> str:
    """An age as the router prints it."""
    days, rest = divmod(seconds, DAY)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    if days >= 7:
        return f"{days // 7}w{days % 7}d {clock}"
    return f"{days}d {clock}" if days else clock
