# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schema transformer does to BGP routers: their autonomous system, and the mesh of their peerings.

It looks at a router when that was written, by whomever. One without a vendor, or of the vendor contrail, gets the
global autonomous system once; what is written over that later stays until the global number changes. A router of
the global system gets a peering with every other one. Where one has a cluster id, ordinary routers keep only
peerings with such; when the first cluster id comes or the last goes, all peerings are made anew.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lab.daemons.objects import JsonDict, ObjectStore, autonomous_system, references

LOG = logging.getLogger(__name__)
KIND = "bgp-router"
OF_A_SERVICE = frozenset({"bgpaas-client", "bgpaas-server"})
CONTROL_NODE = "control-node"
ALL_PARAMETERS: JsonDict = {
    "address": None,
    "address_families": None,
    "admin_down": False,
    "auth_data": None,
    "autonomous_system": None,
    "cluster_id": None,
    "gateway_address": None,
    "hold_time": 0,
    "identifier": None,
    "ipv6_gateway_address": None,
    "local_autonomous_system": None,
    "port": None,
    "router_type": None,
    "source_port": None,
    "vendor": None,
}
"""What a router's parameters hold once the schema transformer has written them."""

EMPTY_ATTRIBUTES: JsonDict = {
    "address_families": {"family": []},
    "admin_down": False,
    "as_override": False,
    "auth_data": None,
    "bgp_router": None,
    "family_attributes": [],
    "hold_time": 0,
    "local_autonomous_system": 0,
    "loop_count": 0,
    "passive": False,
    "private_as_action": None,
    "route_origin_override": None,
}


@dataclass
class Known:
    """What the schema transformer remembers of a router: its number, whether it reflects, how often it was written."""

    asn: int | None = None
    reflects: bool = False
    writes: int = 0


class BgpMesh:
    """Keeps the autonomous systems and the peerings of the BGP routers."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._known: dict[str, Known] = {}

    def reconcile(self) -> bool:
        """Look at each router that was written since the last time; say whether anything changed."""
        own = autonomous_system(self._store)
        routers = {item["uuid"]: item for item in self._store.objects(KIND) if _type(item) not in OF_A_SERVICE}
        self._known = {uuid: known for uuid, known in self._known.items() if uuid in routers}
        written = [uuid for uuid in routers if self._memory(uuid).writes != self._store.writes_of(uuid)]
        flipped = [uuid for uuid in written if self._take_in(routers[uuid])]
        renumbered = self._follow(routers, own)
        changed = False
        for uuid in routers if flipped else dict.fromkeys([*written, *renumbered]):
            changed |= self._mesh(uuid, routers, own, anew=bool(flipped))
        for uuid in routers:
            self._memory(uuid).writes = self._store.writes_of(uuid)
        return changed or bool(renumbered)

    def _memory(self, uuid: str) -> Known:
        return self._known.setdefault(uuid, Known())

    def _take_in(self, item: JsonDict) -> bool:
        """Note the number and cluster id of a router; say whether it has become a reflector, or ceased to be one."""
        known = self._memory(item["uuid"])
        flipped = known.reflects != (_cluster(item) is not None)
        known.reflects = _cluster(item) is not None
        if not _is_of_contrail(item):
            known.asn = _number(item)
        return flipped

    def _follow(self, routers: Mapping[str, JsonDict], own: int) -> list[str]:
        """Give Contrail's own routers the global number unless they got it already; return those it was new to."""
        renumbered = []
        for uuid, item in routers.items():
            known = self._memory(uuid)
            if not _is_of_contrail(item) or known.asn == own:
                continue
            known.asn = own
            renumbered.append(uuid)
            if _number(item) != own:
                parameters = {**ALL_PARAMETERS, **_parameters(item), "autonomous_system": own}
                self._store.update(uuid, {"bgp_router_parameters": parameters})
                LOG.info("BGP router %s gets the autonomous system %s", item["fq_name"][-1], own)
        return renumbered

    def _mesh(self, uuid: str, routers: Mapping[str, JsonDict], own: int, *, anew: bool) -> bool:
        """Give a router of the global system its peerings; say whether it lacked any or had too many."""
        item = self._store.get(uuid)
        if (
            item is None
            or not self._meshes()
            or (self._memory(uuid).asn != own and not references(item, "sub-cluster"))
        ):
            return False
        others = list(self._others(item, routers))
        there = references(item, KIND)
        unwanted = {other["uuid"] for other in others if self._is_reflected(item, other, routers)}
        kept = [] if anew else [peer for peer in there if peer["uuid"] not in unwanted]
        names = {peer["uuid"] for peer in kept}
        missing = [other for other in others if other["uuid"] not in names | unwanted]
        wanted = [*kept, *(_peering(other) for other in missing)]
        if [_told(peer) for peer in wanted] == [_told(peer) for peer in there]:
            return False
        self._store.update(uuid, {"bgp_router_refs": wanted})
        return True

    def _meshes(self) -> bool:
        return all(system.get("ibgp_auto_mesh") is not False for system in self._store.objects("global-system-config"))

    def _others(self, item: JsonDict, routers: Mapping[str, JsonDict]) -> Iterator[JsonDict]:
        cluster = [reference["uuid"] for reference in references(item, "sub-cluster")]
        for uuid, other in routers.items():
            if uuid != item["uuid"] and [one["uuid"] for one in references(other, "sub-cluster")] == cluster:
                yield other

    def _is_reflected(self, item: JsonDict, other: JsonDict, routers: Mapping[str, JsonDict]) -> bool:
        """Say whether two routers hear of each other by a reflector, and so need no peering."""
        reflectors = [_type(router) == CONTROL_NODE for router in routers.values() if _cluster(router) is not None]
        if not reflectors or _cluster(item) is not None or _cluster(other) is not None:
            return False
        return any(reflectors) or not _type(item) == _type(other) == CONTROL_NODE


def _parameters(item: JsonDict) -> JsonDict:
    return item.get("bgp_router_parameters") or {}


def _type(item: JsonDict) -> str | None:
    return _parameters(item).get("router_type")


def _cluster(item: JsonDict) -> int | None:
    return _parameters(item).get("cluster_id")


def _number(item: JsonDict) -> int | None:
    number = _parameters(item).get("autonomous_system")
    return None if number is None else int(number)


def _is_of_contrail(item: JsonDict) -> bool:
    return (_parameters(item).get("vendor") or "contrail").lower() == "contrail"


def _peering(other: JsonDict) -> JsonDict:
    attr = {"session": [{"uuid": None, "attributes": [{**EMPTY_ATTRIBUTES, "address_families": {"family": []}}]}]}
    return {"to": other["fq_name"], "uuid": other["uuid"], "attr": attr}


def _told(peer: JsonDict) -> tuple[str, str]:
    return peer["uuid"], repr(peer.get("attr"))
