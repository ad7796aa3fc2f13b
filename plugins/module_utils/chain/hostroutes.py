# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the routes of a Linux host and those it should have."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

JsonDict = Mapping[str, Any]


def host_route_changes(current: Iterable[JsonDict], wanted: Iterable[JsonDict]) -> dict[str, list[dict[str, Any]]]:
    """Return the routes to ``replace`` (add or point elsewhere) and to ``remove``.

    :param current: what ``ip -j route show`` and ``ip -j -6 route show`` print: ``dst`` is ``default``, a
        prefix, or for one host its bare address.
    :param wanted: ``[{prefix, via, dev (may be left out), state: present or absent}]``. An absent route is
        removed only if it goes via the next hop named here; one of somebody else stays.
    """
    routes = [(_destination(each), each) for each in current if each.get("dst")]
    replace: list[dict[str, Any]] = []
    remove: list[dict[str, Any]] = []
    for route in wanted:
        prefix = str(ipaddress.ip_network(route["prefix"]))
        same = any(destination == prefix and _goes(each, route) for destination, each in routes)
        present = route.get("state", "present") == "present"
        if present and not same:
            replace.append({**route, "prefix": prefix})
        elif not present and same:
            remove.append({**route, "prefix": prefix})
    return {"replace": replace, "remove": remove}


def _destination(route: JsonDict) -> str:
    if route["dst"] == "default":
        return "::/0" if ":" in route.get("gateway", "") else "0.0.0.0/0"
    return str(ipaddress.ip_network(route["dst"]))


def _goes(route: JsonDict, wanted: JsonDict) -> bool:
    if "gateway" not in route:
        return False
    same_hop = ipaddress.ip_address(route["gateway"]) == ipaddress.ip_address(wanted["via"])
    return same_hop and (not wanted.get("dev") or route.get("dev") == wanted["dev"])
