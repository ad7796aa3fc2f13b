# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routing tables as data.

Pure Python. The input is what ``xml.to_data`` makes of a reply to ``get-route-information``, in brief or
detail style.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from .operational import entries, information, number, words

_PUSH = re.compile(r"Push (\d+)")


class NextHop(TypedDict):
    """A next hop of a route; ``via`` is an interface, ``to_table`` where the lookup goes on."""

    selected: bool
    next_hop: str | None
    via: str | None
    label: int | None
    to_table: str | None


class _RouteKey(TypedDict):
    prefix: str | None
    protocol: str | None


class RouteRow(_RouteKey, total=False):
    """A route as ``vmx_info`` returns it, or as it is predicted.

    A predicted one has ``family``, ``ports`` (whose label it is), and ``address_of`` where nobody knows the prefix
    yet; it has no ``learned_from``, ``as_path``, ``via``, ``next_hops`` and ``communities``.
    """

    preference: int | None
    active: bool
    med: int | None
    local_preference: int | None
    label: int | None
    learned_from: str | None
    as_path: str | None
    via: str | None
    to_table: str | None
    next_hop: str | None
    next_hops: list[NextHop]
    communities: list[str]
    address_of: str | None
    family: str
    ports: list[str]


class RouteTable(TypedDict, total=False):
    """A routing table: whether the router has it, how many destinations and hidden routes it has, and its routes."""

    exists: bool
    destinations: int
    hidden: int
    routes: list[RouteRow]


RouteTables = Mapping[str, RouteTable]
"""Routing tables by name."""


def absent_table() -> RouteTable:
    """Return what is told of a table that the router does not have."""
    return {"exists": False, "destinations": 0, "hidden": 0, "routes": []}


def parse_routes(reply: Mapping[str, Any]) -> dict[str, RouteTable]:
    """Return the tables of a reply by name, each with ``exists``, counts and its ``routes``, one for each
    next hop's entry.

    A reply without any table (empty, or nothing but its envelope) gives an empty dict.
    """
    tables = entries(information(reply, "route-information").get("route-table"))
    return {
        words(table.get("table-name")) or "": {
            "exists": True,
            "destinations": number(table.get("destination-count")) or 0,
            "hidden": number(table.get("hidden-route-count")) or 0,
            "routes": [
                _route(_prefix(destination), route)
                for destination in entries(table.get("rt"))
                for route in entries(destination.get("rt-entry"))
            ],
        }
        for table in tables
    }


def best_route(routes: Sequence[RouteRow], address: str) -> RouteRow | None:
    """Return the active route with the longest prefix that holds an address, as :func:`parse_routes` gives it."""
    wanted = ipaddress.ip_address(address)
    holding = [
        (network.prefixlen, number)
        for number, route in enumerate(routes)
        if route["active"] and wanted in (network := ipaddress.ip_network(route["prefix"] or "", strict=False))
    ]
    return routes[max(holding)[1]] if holding else None


def _prefix(destination: Mapping[str, Any]) -> str:
    """Return the destination with its length, which the detail style keeps apart."""
    prefix = words(destination.get("rt-destination")) or ""
    length = words(destination.get("rt-prefix-length"))
    return f"{prefix}/{length}" if length and "/" not in prefix else prefix


def _route(prefix: str, route: Mapping[str, Any]) -> RouteRow:
    found = entries(route.get("nh"))
    hops = [_hop(one) for one in found]
    hop = next((one for one in hops if one["selected"]), hops[0] if hops else _hop({}))
    told_apart = number(route.get("vpn-label")) if route.get("protocol-name") == "BGP" else None
    return {
        "prefix": prefix,
        "protocol": words(route.get("protocol-name")),
        "preference": number(route.get("preference")),
        "active": "current-active" in route or words(route.get("active-tag")) in ("*", "@"),
        "med": number(route.get("metric") or route.get("med")),
        "local_preference": _local_preference(route),
        "label": hop["label"] if hop["label"] is not None else told_apart,
        "learned_from": words(route.get("learned-from")) or words(route.get("gateway")),
        "as_path": _as_path(route),
        "via": hop["via"],
        "to_table": hop["to_table"],
        "next_hop": hop["next_hop"],
        "next_hops": hops,
        "communities": _texts(route.get("communities")),
    }


def _hop(hop: Mapping[str, Any]) -> NextHop:
    """Return one next hop; of several labels, the one that the far end of the tunnel reads."""
    push = _PUSH.search(words(hop.get("mpls-label")) or "")
    return {
        "selected": "selected-next-hop" in hop,
        "next_hop": words(hop.get("to")),
        "via": words(hop.get("via")) or words(hop.get("nh-local-interface")),
        "label": int(push.group(1)) if push else None,
        "to_table": words(hop.get("nh-table")),
    }


def _as_path(route: Mapping[str, Any]) -> str | None:
    """Return the AS path, which the detail style of later releases tells among the attributes of BGP, too."""
    attributes = route.get("bgp-path-attributes")
    effective = attributes.get("attr-as-path-effective") if isinstance(attributes, Mapping) else None
    told = words(route.get("as-path")) or (words(effective.get("attr-value")) if isinstance(effective, Mapping) else "")
    return re.sub(r"^AS path:\s*", "", told or "") or None


def _local_preference(route: Mapping[str, Any]) -> int | None:
    """Return the local preference; the detail style may tell it as a second preference, -1 for 0, -2 for 1, ..."""
    told = number(route.get("local-preference"))
    second = (words(route.get("preference2")) or "").strip()
    if told is None and route.get("protocol-name") == "BGP" and re.fullmatch(r"-[0-9]+", second):
        return -int(second) - 1
    return told


def _texts(value: Any) -> list[str]:
    """Return all texts in a branch of a reply, in order."""
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    text = words(value)
    return [text] if text is not None else []
