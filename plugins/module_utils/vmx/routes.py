# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routing tables as data.

Pure Python. The input is what ``xml.to_data`` makes of a reply to ``get-route-information``, in brief or
detail style.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.operational import (
    entries,
    number,
    words,
)

_PUSH = re.compile(r"Push (\d+)")


def absent_table() -> dict[str, Any]:
    """Return what is told of a table that the router does not have."""
    return {"exists": False, "destinations": 0, "hidden": 0, "routes": []}


def parse_routes(reply: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the tables of a reply by name, each with ``exists``, counts and its ``routes``, one for each
    next hop's entry.

    A reply without any table (empty, or nothing but its envelope) gives an empty dict.
    """
    information = reply.get("route-information")
    tables = entries(information.get("route-table")) if isinstance(information, Mapping) else []
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


def _prefix(destination: Mapping[str, Any]) -> str:
    """Return the destination with its length, which the detail style keeps apart."""
    prefix = words(destination.get("rt-destination")) or ""
    length = words(destination.get("rt-prefix-length"))
    return f"{prefix}/{length}" if length and "/" not in prefix else prefix


def _route(prefix: str, route: Mapping[str, Any]) -> dict[str, Any]:
    hops = entries(route.get("nh"))
    hop = next((one for one in hops if "selected-next-hop" in one), hops[0] if hops else {})
    push = _PUSH.search(words(hop.get("mpls-label")) or "")
    as_path = re.sub(r"^AS path:\s*", "", words(route.get("as-path")) or "")
    return {
        "prefix": prefix,
        "protocol": words(route.get("protocol-name")),
        "preference": number(route.get("preference")),
        "active": "current-active" in route or words(route.get("active-tag")) in ("*", "@"),
        "med": number(route.get("metric") or route.get("med")),
        "local_preference": number(route.get("local-preference")),
        "label": int(push.group(1)) if push else None,
        "learned_from": words(route.get("learned-from")) or words(route.get("gateway")),
        "as_path": as_path or None,
        "via": words(hop.get("via")),
        "to_table": words(hop.get("nh-table")),
        "next_hop": words(hop.get("to")),
    }
