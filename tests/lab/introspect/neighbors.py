# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the control node talks to: the routers by BGP, the vRouter agents by XMPP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_interface

from lab.core.world import World
from lab.daemons.objects import JsonDict, autonomous_system
from lab.daemons.router_tables import Speaker
from lab.introspect.route_values import MASTER
from lab.introspect.times import stamp
from lab.introspect.writing import Values

CONFIGURED = ("inet-vpn", "inet6-vpn", "e-vpn", "route-target")
JUNOS_NAMES = {"evpn": "e-vpn"}
HOLD_TIME = 90


@dataclass(frozen=True)
class Neighbor:
    """A peer of the control node; an empty `error` stands for none. `families` are those both sides have."""

    name: str
    address: str
    autonomous_system: int
    encoding: str
    router_type: str
    up: bool
    own_address: str
    own_autonomous_system: int
    families: tuple[str, ...]
    paths: int
    since: datetime
    error: str = ""

    def values(self) -> Values:
        """Return the neighbor as the page shows it."""
        internal = self.encoding == "XMPP" or self.autonomous_system == self.own_autonomous_system
        return {
            "instance_name": MASTER,
            "peer": self.name,
            "peer_address": self.address,
            "peer_id": self.address if self.up else "",
            "peer_asn": self.autonomous_system,
            "encoding": self.encoding,
            "peer_type": "internal" if internal else "external",
            "state": "Established" if self.up else "Active",
            "router_type": self.router_type,
            "send_ready": self.up,
            "local_address": self.own_address,
            "local_id": self.own_address,
            "local_asn": self.own_autonomous_system,
            "send_state": "in sync" if self.up else "not advertising",
            "last_event": "bgp::EvBgpKeepalive" if self.up else "bgp::EvConnectTimerExpired",
            "last_state": "OpenConfirm" if self.up else "Idle",
            "last_state_at": stamp(self.since),
            "last_error": self.error or None,
            "configured_address_families": CONFIGURED,
            "negotiated_address_families": self.families if self.up else [],
            "negotiated_hold_time": HOLD_TIME,
            "primary_path_count": self.paths if self.up else 0,
        }


def neighbors(world: World) -> Iterator[Neighbor]:
    """Yield the control node's peers: the site's routers, and the agents whose sessions are up."""
    found = world.look()
    for name, speaker in found.routers.items():
        yield _router(world, name, speaker, found.since)
    for name, address in world.site.computes.items():
        if world.vrouters.connected(name):
            paths = [path for path in found.routing.vpn if path.protocol == "XMPP" and path.next_hop == address]
            yield Neighbor(
                name=name,
                address=address,
                autonomous_system=0,
                encoding="XMPP",
                router_type="",
                up=True,
                own_address=world.site.controller,
                own_autonomous_system=autonomous_system(world.store),
                families=("inet", "inet6", "e-vpn"),
                paths=len(paths),
                since=found.since,
            )


def _router(world: World, name: str, speaker: Speaker, since: datetime) -> Neighbor:
    """Return a router as the control node's peer, whether or not it answers."""
    view, session = speaker.view, speaker.session
    addresses = [str(ip_interface(one).ip) for listed in view.interfaces.values() for one in listed]
    known = next((one for one in world.store.objects("bgp-router") if _address(one) in addresses), None)
    configured = session.neighbor.local_address if session.neighbor else None
    shared = {JUNOS_NAMES.get(one, one) for one in (session.neighbor.families if session.neighbor else ())}
    return Neighbor(
        name=known["fq_name"][-1] if known else name,
        address=(_address(known) if known else "") or configured or view.router_id or "",
        autonomous_system=view.autonomous_system or autonomous_system(world.store),
        encoding="BGP",
        router_type="router",
        up=session.fault is None,
        own_address=world.site.controller,
        own_autonomous_system=autonomous_system(world.store),
        families=tuple(one for one in CONFIGURED if one in shared),
        paths=len(speaker.told),
        since=since,
        error="" if session.fault is None else "Hold Timer Expired",
    )


def _address(item: JsonDict) -> str:
    return str((item.get("bgp_router_parameters") or {}).get("address") or "")
