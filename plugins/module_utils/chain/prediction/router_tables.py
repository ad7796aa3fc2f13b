# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the routers' VRFs: static routes, and what the control node announces to them."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ...vmx.replies.routes import RouteRow, RouteTable
from .announcements import Way
from .exchange import Exchange, Outlet, hop_order
from .site import (
    FAMILIES,
    FLAT_ADDRESSES_SINCE,
    SiteRouter,
    SiteStatic,
    SiteVrf,
)

BGP_PREFERENCE = 170
# What Junos takes no route for, nor for anything inside.
MARTIANS = {
    "inet": [ipaddress.ip_network(each) for each in ("0.0.0.0/8", "127.0.0.0/8", "192.0.0.0/24", "240.0.0.0/4")],
    "inet6": [ipaddress.ip_network(each) for each in ("::1/128", "fe80::/10")],
}


class RouterTables:
    """Fills the routers' tables from what the networks have exchanged."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def all(self) -> dict[str, dict[str, RouteTable]]:
        """Return by router and table name the tables of its VRFs."""
        offering: dict[str, list[Outlet]] = defaultdict(list)
        for outlet in self._exchange.outlets:
            for target in outlet.targets:
                offering[target].append(outlet)
        return {router.name: self._tables_of(router, offering) for router in self._exchange.site.routers}

    def _tables_of(self, router: SiteRouter, offering: Mapping[str, list[Outlet]]) -> dict[str, RouteTable]:
        leaking: dict[str, list[SiteVrf]] = defaultdict(list)
        for vrf in router.vrfs:
            for target in vrf.exports if vrf.auto_export else ():
                leaking[target].append(vrf)
        tables: dict[str, RouteTable] = {}
        for vrf in router.vrfs:
            rows = [_static_row(static) for static in vrf.statics]
            sources = {each.name: each for target in vrf.imports for each in leaking.get(target, ())}
            for source in sources.values():
                if source is not vrf:
                    shared = source.auto_export & vrf.auto_export
                    rows += [_static_row(static) for static in source.statics if static.family in shared]
            rows += self._learned_rows(vrf)
            outlets = {id(outlet): outlet for target in vrf.imports for outlet in offering.get(target, ())}
            for outlet in outlets.values():
                for prefix in outlet.offered:
                    rows += [self._learned_row(prefix, way) for way in outlet.ways]
            tables |= self._by_table(router, vrf, rows)
        return tables

    def _learned_rows(self, vrf: SiteVrf) -> list[RouteRow]:
        exporters = dict.fromkeys(name for target in vrf.imports for name in self._exchange.exporters.get(target, ()))
        return [
            self._learned_row(prefix, way)
            for name in exporters
            for prefix, ways in self._exchange.announced.ways.get(name, {}).items()
            for way in ways
        ]

    def _learned_row(self, prefix: str, way: Way) -> RouteRow:
        known = not prefix.startswith("?")
        return {
            "prefix": prefix if known else None,
            "address_of": None if known else prefix[1:],
            "family": self._exchange.family[prefix],
            "protocol": "BGP",
            "preference": BGP_PREFERENCE,
            "active": False,
            "med": way.med,
            "local_preference": way.local_preference,
            "label": way.label,
            "ports": list(way.ports),
            "to_table": None,
            "next_hop": way.next_hop,
        }

    def _by_table(self, router: SiteRouter, vrf: SiteVrf, rows: list[RouteRow]) -> dict[str, RouteTable]:
        by_family: dict[str, dict[str, list[RouteRow]]] = {family: {} for family in FAMILIES}
        for row in rows:
            family = row["family"]
            carried = row["protocol"] != "BGP" or (family in router.families and not self._is_martian(row))
            if carried:
                key = row["prefix"] or f"?{row['address_of']}"
                by_family[family].setdefault(key, []).append(row)
        return {
            f"{vrf.name}.{family}.0": _table(destinations) for family, destinations in by_family.items() if destinations
        }

    def _is_martian(self, row: RouteRow) -> bool:
        if row["prefix"] is None:  # of what nobody knows, only service addresses of 0.0.0.0/8 are sure to be
            service = (row["address_of"] or "").startswith("service address")
            return service and row["family"] == "inet" and self._exchange.site.release >= FLAT_ADDRESSES_SINCE
        network = ipaddress.ip_network(row["prefix"])
        return any(network.subnet_of(martian) for martian in MARTIANS[row["family"]])  # type: ignore[arg-type]


def _static_row(static: SiteStatic) -> RouteRow:
    return {
        "prefix": static.prefix,
        "address_of": None,
        "family": static.family,
        "protocol": "Static",
        "preference": static.preference,
        "active": False,
        "med": None,
        "local_preference": None,
        "label": None,
        "ports": [],
        "to_table": static.to_table,
        "next_hop": ", ".join(static.next_hops) or None,
    }


def _table(destinations: dict[str, list[RouteRow]]) -> RouteTable:
    """Return a table with its routes in order, the active one of each destination first."""
    routes: list[RouteRow] = []
    for key in sorted(destinations, key=_prefix_order):
        ordered = sorted(destinations[key], key=_row_order)
        for position, row in enumerate(ordered):
            shown = row.copy()
            del shown["family"]
            shown["active"] = position == 0
            routes.append(shown)
    return {"exists": True, "destinations": len(destinations), "routes": routes}


def _prefix_order(prefix: str) -> tuple[int, int, int, str]:
    if prefix.startswith("?"):
        return 9, 0, 0, prefix
    network = ipaddress.ip_network(prefix)
    return network.version, int(network.network_address), network.prefixlen, ""


def _row_order(row: RouteRow) -> tuple[Any, ...]:
    return (
        row["preference"],
        -(row["local_preference"] or 0),
        row["med"] or 0,
        hop_order(row["next_hop"]),
        row["label"] or 0,
        row["ports"],
    )
