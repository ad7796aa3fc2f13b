# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router's routing processes: its BGP session with the control node, and its routing tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address, ip_interface, ip_network

from lab.core.faults import Faults
from lab.core.routes import RouteDestination, RouteEntry, RouteTable
from lab.daemons.paths import BGP, Path
from lab.daemons.router_view import FAMILIES, Neighbor, RouterView, StaticRoute, Vrf

MARTIANS = tuple(  # Junos takes no route for these or anything inside them
    ip_network(prefix) for prefix in ("0.0.0.0/8", "127.0.0.0/8", "192.0.0.0/24", "240.0.0.0/4", "::1/128", "fe80::/10")
)
FIRST_TUNNEL_UNIT = 32769
FIRST_TABLE_LABEL, TABLE_LABEL_STEP = 299776, 16
DIRECT, LOCAL, TUNNEL, VPN = 0, 0, 300, 170
BGP_LOCAL_PREFERENCE = 100
VPN_FAMILIES = {4: "inet-vpn", 6: "inet6-vpn"}
DISTINGUISHED = re.compile(r"^(\d+\.\d+\.\d+\.\d+:\d+):(.+)$")  # 172.31.10.155:1:10.0.1.3/32
VPN_TABLES = {4: "bgp.l3vpn.0", 6: "bgp.l3vpn-inet6.0"}

Candidates = dict[str, dict[str, list[RouteEntry]]]


@dataclass(frozen=True)
class Session:
    """The BGP session with the control node. `fault` says why it is not up; None if it is."""

    neighbor: Neighbor | None
    fault: str | None = None

    def carries(self, path: Path) -> bool:
        """Say whether the session is up and negotiated the path's family."""
        return self.fault is None and self.neighbor is not None and VPN_FAMILIES[path.version] in self.neighbor.families


@dataclass(frozen=True)
class Speaker:
    """A router as the control node's peer: what it is configured to do, its session, and the paths that it tells."""

    view: RouterView
    session: Session
    told: tuple[Path, ...]

    @property
    def interests(self) -> frozenset[str]:
        """The route targets that the control node hears the router asks for."""
        if self.session.fault is not None:
            return frozenset()
        return frozenset(target for vrf in self.view.vrfs for target in vrf.imports)


def speaker_of(
    view: RouterView,
    controller: str,
    faults: Faults | None = None,
    router: str = "",
    admitted: frozenset[str] | None = None,
) -> Speaker:
    """Return a router as the peer of the control node at an address; `router` is the name that faults know it by.

    `admitted` are the addresses that the control node has sessions with; None: it takes what comes.
    """
    session = session_of(view, controller, faults, router, admitted)
    return Speaker(view, session, tuple(paths_to_control_node(view, session)))


def session_of(
    view: RouterView,
    controller: str,
    faults: Faults | None = None,
    router: str = "",
    admitted: frozenset[str] | None = None,
) -> Session:
    """Return the state of a router's session with the control node at an address, see `speaker_of`."""
    neighbor = next((one for one in view.neighbors if one.address == controller), None)
    if neighbor is None:
        return Session(None, f"no BGP neighbor {controller} is configured")
    if not neighbor.internal and neighbor.peer_as != view.autonomous_system:
        return Session(neighbor, f"BGP neighbor {controller} is not of our autonomous system")
    own = {str(ip_interface(one).ip) for addresses in view.interfaces.values() for one in addresses}
    if neighbor.local_address and neighbor.local_address not in own:
        return Session(neighbor, f"local address {neighbor.local_address} is on no interface")
    if not _resolve(controller, view.interfaces, view.interfaces, view.statics):
        return Session(neighbor, f"no route to {controller}")
    fault = None
    ends = {neighbor.local_address} if neighbor.local_address else own
    if admitted is not None and not admitted & ends:
        fault = f"Contrail has no BGP router at {', '.join(sorted(ends))} that {controller} peers with"
    elif not neighbor.families & set(VPN_FAMILIES.values()):
        fault = f"BGP neighbor {controller} has no family inet-vpn or inet6-vpn"
    elif faults and faults.condition("router", "session_down", router=router, peer=controller):
        fault = f"BGP neighbor {controller} does not answer"
    elif faults and faults.condition("router", "down", router=router):
        fault = "the router is down"
    return Session(neighbor, fault)


def paths_to_control_node(view: RouterView, session: Session) -> list[Path]:
    """Return what the router tells the control node: the static routes of VRFs that have a label for them."""
    own = session.neighbor.local_address if session.neighbor else None
    paths = [
        Path(
            prefix=str(ip_network(static.prefix, strict=False)),
            next_hop=own or view.router_id or "0.0.0.0",
            label=FIRST_TABLE_LABEL + TABLE_LABEL_STEP * position,
            local_preference=BGP_LOCAL_PREFERENCE,
            med=0,
            protocol=BGP,
            targets=vrf.exports,
            distinguisher=vrf.distinguisher or f"{own or view.router_id or '0.0.0.0'}:{position + 1}",
        )
        for position, vrf in enumerate(view.vrfs)
        if vrf.table_label and vrf.exports
        for static in vrf.statics
    ]
    return [path for path in paths if session.carries(path)]


def paths_to_router(view: RouterView, session: Session, vpn: Iterable[Path]) -> list[Path]:
    """Return what the control node sends: with family route-target, only what a VRF of the router imports."""
    asked = {target for vrf in view.vrfs for target in vrf.imports}
    filtered = session.neighbor is not None and "route-target" in session.neighbor.families
    return [path for path in vpn if session.carries(path) and (not filtered or path.targets & asked)]


class RouterTables:
    """Builds the routing tables of a router; `clock` gives seconds, from which the ages of routes come.

    `router` is the name that faults know it by.
    """

    def __init__(
        self, controller: str, clock: Callable[[], float], faults: Faults | None = None, router: str = ""
    ) -> None:
        self._router = router
        self._controller = controller
        self._faults = faults or Faults()
        self._clock = clock
        self._since: dict[tuple[str, str, RouteEntry], float] = {}

    def build(self, view: RouterView, received: Iterable[Path]) -> list[RouteTable]:
        """Return all tables, given the configuration and what the control node has sent.

        They hold until one of the two or a fault changes; the ages of their routes go on counting.
        """
        received = list(received)
        tables: Candidates = defaultdict(lambda: defaultdict(list))
        hidden: dict[str, int] = defaultdict(int)
        in_vrfs = {name for vrf in view.vrfs for name in vrf.interfaces}
        _add_local_routes(
            tables,
            "",
            {name: one for name, one in view.interfaces.items() if name not in in_vrfs},
            view.statics,
        )
        tunnels = {
            address: interface
            for address, interface in _tunnels(view, received).items()
            if self._is_reached(view, address)
        }
        for address, interface in tunnels.items():
            tables["inet.3"][f"{address}/32"].append(RouteEntry("Tunnel", TUNNEL, active=False, via=interface))
        for vrf in view.vrfs:
            interfaces = {name: one for name, one in view.interfaces.items() if name in vrf.interfaces}
            _add_local_routes(tables, f"{vrf.name}.", interfaces, vrf.statics)
        _leak(tables, view.vrfs)
        importing = {target for vrf in view.vrfs for target in vrf.imports}
        if importing:
            tables[VPN_TABLES[4]].setdefault("", [])
        for path in received:
            names = [f"{vrf.name}.{FAMILIES[path.version]}.0" for vrf in view.vrfs if path.targets & vrf.imports]
            if not names:
                continue
            entry = self._entry(path, tunnels)
            for name in [*names, VPN_TABLES[path.version]]:
                bare = name in names
                if bare and _is_martian(path.prefix):
                    continue
                if entry.via is None:
                    hidden[name] += 1
                else:
                    tables[name][path.prefix if bare else f"{path.distinguisher}:{path.prefix}"].append(entry)
        return self._finish(tables, hidden)

    def _is_reached(self, view: RouterView, address: str) -> bool:
        """Say whether a tunnel to an address comes up: only if the main instance has a route to it."""
        if self._faults.condition("router", "unresolved", router=self._router, address=address):
            return False
        return _resolve(address, view.interfaces, view.interfaces, view.statics)

    def _entry(self, path: Path, tunnels: dict[str, str]) -> RouteEntry:
        return RouteEntry(
            protocol="BGP",
            preference=VPN,
            active=False,
            med=path.med,
            local_preference=path.local_preference,
            learned_from=self._controller,
            as_path="?",
            via=tunnels.get(path.next_hop),
            label=path.label,
            communities=tuple(sorted(path.targets)),
        )

    def _finish(self, tables: Candidates, hidden: dict[str, int]) -> list[RouteTable]:
        """Choose active routes, put everything in order, and give the routes their ages."""
        now = self._clock()
        since: dict[tuple[str, str, RouteEntry], float] = {}
        finished = []
        for name in sorted(tables.keys() | hidden.keys(), key=_table_order):
            destinations = []
            for prefix in sorted(filter(None, tables[name]), key=_prefix_order):
                entries: list[RouteEntry] = []
                for entry in sorted(tables[name][prefix], key=_entry_rank):
                    key = (name, prefix, entry)
                    since[key] = self._since.get(key, now)
                    entries.append(replace(entry, active=not entries, aged=partial(self._age, since[key])))
                destinations.append(RouteDestination(prefix, tuple(entries)))
            finished.append(RouteTable(name, tuple(destinations), hidden.get(name, 0)))
        self._since = since
        return finished

    def _age(self, since: float) -> int:
        """Return how many seconds have passed since a moment of the clock."""
        return int(self._clock() - since)


def _add_local_routes(
    tables: Candidates, instance: str, interfaces: dict[str, tuple[str, ...]], statics: Iterable[StaticRoute]
) -> None:
    """Add the direct, local and static routes of a VRF (`vn1.`) or of the main instance (empty name)."""
    for name, addresses in interfaces.items():
        for address in addresses:
            interface = ip_interface(address)
            table = tables[f"{instance}{FAMILIES[interface.version]}.0"]
            table[str(interface.network)].append(RouteEntry("Direct", DIRECT, active=False, via=name))
            if interface.network.prefixlen < interface.max_prefixlen:
                own = f"{interface.ip}/{interface.max_prefixlen}"
                table[own].append(RouteEntry("Local", LOCAL, active=False, via=name))
    for static in statics:
        prefix = ip_network(static.prefix, strict=False)
        table = tables[f"{instance}{FAMILIES[prefix.version]}.0"]
        table[str(prefix)] += _static_entries(static, interfaces)


def _static_entries(static: StaticRoute, interfaces: dict[str, tuple[str, ...]]) -> list[RouteEntry]:
    """Return the route that a static statement gives; none while no next hop can be reached."""
    plain = RouteEntry("Static", static.preference, active=False)
    if static.next_table or static.discard:
        return [replace(plain, to_table=static.next_table)]
    for hop in static.next_hops:
        via = _interface_towards(hop, interfaces)
        if via:
            return [replace(plain, next_hop=hop, via=via)]
    return []


def _leak(tables: Candidates, vrfs: Iterable[Vrf]) -> None:
    """Copy static routes between the router's own VRFs where auto-export and route targets allow it."""
    vrfs = list(vrfs)
    leaked: list[tuple[str, str, list[RouteEntry]]] = []  # added at the end: what was leaked is not leaked on
    for source in vrfs:
        for target in vrfs:
            if source is target or not source.exports & target.imports:
                continue
            for family in source.auto_export & target.auto_export:
                for prefix, entries in list(tables[f"{source.name}.{family}.0"].items()):
                    own = [one for one in source.statics if str(ip_network(one.prefix, strict=False)) == prefix]
                    if own:
                        static = [entry for entry in entries if entry.protocol == "Static"]
                        leaked.append((f"{target.name}.{family}.0", prefix, static))
    for table, prefix, entries in leaked:
        tables[table][prefix] += entries


def _tunnels(view: RouterView, received: Iterable[Path]) -> dict[str, str]:
    """Return the tunnel interface towards each end point: units count up over the addresses in order."""
    if view.tunnel_interface is None:
        return {}
    networks = [ip_network(one) for one in view.tunnels]
    ends = {network.network_address for network in networks if network.num_addresses == 1}
    for path in received:
        address = ip_address(path.next_hop)
        if any(address in network for network in networks):
            ends.add(address)
    return {
        str(address): f"{view.tunnel_interface}.{FIRST_TUNNEL_UNIT + position}"
        for position, address in enumerate(sorted(ends, key=int))
    }


def _resolve(
    address: str,
    interfaces: dict[str, tuple[str, ...]],
    connected: dict[str, tuple[str, ...]],
    statics: Iterable[StaticRoute],
) -> bool:
    """Say whether an address can be reached, directly or by a static route."""
    if _interface_towards(address, interfaces):
        return True
    return any(
        ip_address(address) in ip_network(static.prefix, strict=False)
        and any(_interface_towards(hop, connected) for hop in static.next_hops)
        for static in statics
    )


def _interface_towards(address: str, interfaces: dict[str, tuple[str, ...]]) -> str | None:
    wanted = ip_address(address)
    for name, addresses in interfaces.items():
        if any(wanted in ip_interface(one).network for one in addresses):
            return name
    return None


def _is_martian(prefix: str) -> bool:
    network = ip_network(prefix)
    return any(
        network.version == martian.version and network.subnet_of(martian)  # type: ignore[arg-type]
        for martian in MARTIANS
    )


def _entry_rank(entry: RouteEntry) -> tuple[int, int, int, str, int]:
    """Sorts the best route first, as Junos chooses."""
    return (
        entry.preference,
        -(entry.local_preference or 0),
        entry.med or 0,
        entry.via or "",
        entry.label or 0,
    )


def _table_order(name: str) -> tuple[int, str]:
    """Sorts inet.0 first and the VPN tables last, as Junos lists its tables."""
    return (
        ("inet.0", "inet6.0", "inet.3").index(name) if name in ("inet.0", "inet6.0", "inet.3") else 3,
        name,
    )


def _prefix_order(prefix: str) -> tuple[int, int, int, str]:
    distinguished = DISTINGUISHED.match(prefix)
    distinguisher, bare = distinguished.groups() if distinguished else ("", prefix)
    network = ip_network(bare)
    return (network.version, int(network.network_address), network.prefixlen, distinguisher)
