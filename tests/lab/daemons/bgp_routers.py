# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a control node peers with: the BGP routers that the API has beside its own."""

from __future__ import annotations

from typing import Any

from lab.contrail.store import Store

JsonDict = dict[str, Any]


def admitted_speakers(store: Store, controller: str) -> frozenset[str] | None:
    """Return the addresses that the control node at an address has sessions with.

    None where the API has no BGP router for the control node itself, as on a fresh server: then the lab's control node
    takes what comes.
    """
    routers = {item["uuid"]: item for item in store.objects("bgp-router")}
    own = next((item for item in routers.values() if _of_control_node(item, controller)), None)
    if own is None:
        return None
    peers = {ref["uuid"] for ref in own.get("bgp_router_refs") or ()}
    peers |= {
        uuid
        for uuid, item in routers.items()
        if any(ref["uuid"] == own["uuid"] for ref in item.get("bgp_router_refs") or ())
    }
    return frozenset(_parameters(routers[uuid]).get("address") or "" for uuid in peers if uuid in routers)


def _of_control_node(item: JsonDict, address: str) -> bool:
    parameters = _parameters(item)
    return parameters.get("router_type") == "control-node" and parameters.get("address") == address


def _parameters(item: JsonDict) -> JsonDict:
    return item.get("bgp_router_parameters") or {}
