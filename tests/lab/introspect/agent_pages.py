# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a compute node's vRouter agent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from ipaddress import ip_network

from lab.core.world import World
from lab.daemons.objects import JsonDict, references
from lab.introspect.agent_tables import INVALID, AgentTables, Table
from lab.introspect.agent_view import FABRIC, AgentView, Interface, NextHop, RoutePath
from lab.introspect.asking import Parameters, integer
from lab.introspect.serving import Page
from lab.introspect.times import stamp
from lab.introspect.writing import Answer, Message, Values

ITF, VRF, MPLS, HEALTH = "db.interface.0", "db.vrf.0", "db.mpls.0", "db.healthcheck.0"
ROUTES = {4: ".uc.route.0", 6: ".uc.route6.0"}
NONE = "--NA--"
NO_VRF = "--ERROR--"
HASHED = "l3-source-address,l3-destination-address,l4-protocol,l4-source-port,l4-destination-port,"


class AgentPages:
    """Shows the agent of one compute node; numbers of VRFs and next hops stay what they are."""

    def __init__(self, world: World, compute: str) -> None:
        self._world = world
        self._compute = compute
        self._numbers: dict[str, int] = {FABRIC: 0}
        self._hops: dict[str, int] = {}
        self._tables = AgentTables(self._table)

    def pages(self) -> Mapping[str, Page]:
        """Return the pages by request."""
        return {
            "ItfReq": lambda given: self._tables.first(ITF, given),
            "VrfListReq": lambda given: self._tables.first(VRF, given),
            "MplsReq": lambda given: self._tables.first(MPLS, given),
            "HealthCheckSandeshReq": lambda given: self._tables.first(HEALTH, given),
            "Inet4UcRouteReq": lambda given: self._routes(given, 4),
            "Inet6UcRouteReq": lambda given: self._routes(given, 6),
            "PageReq": lambda given: self._tables.part(given.get("key", "")),
            "AgentXmppConnectionStatusReq": self._sessions,
        }

    @property
    def _view(self) -> AgentView:
        return AgentView(self._world, self._compute)

    def _table(self, name: str) -> Table | None:
        fixed = {
            ITF: Table("ItfResp", "itf_list", self._interfaces),
            VRF: Table("VrfListResp", "vrf_list", self._vrfs),
            MPLS: Table("MplsResp", "mpls_list", self._labels),
            HEALTH: Table("HealthCheckSandeshResp", "hc_list", self._health_checks),
        }
        if name in fixed:
            return fixed[name]
        for version, suffix in ROUTES.items():
            vrf = name.removesuffix(suffix)
            if name.endswith(suffix) and vrf in self._view.vrfs:
                return Table(f"Inet{version}UcRouteResp", "route_list", partial(self._routes_of, vrf, version))
        return None

    # Interfaces

    def _interfaces(self, given: Parameters) -> Sequence[Values]:
        return [_interface(one) for one in self._view.interfaces if _wanted(one, given)]

    # VRFs

    def _vrfs(self, given: Parameters) -> Sequence[Values]:
        view, wanted = self._view, given.get("name", "")
        numbers = self._number_vrfs(view)
        return [self._vrf(name, network, numbers[name]) for name, network in view.vrfs.items() if wanted in name]

    def _vrf(self, name: str, network: str, number: int) -> Values:
        instance = self._world.look().routing.instances.get(name)
        indices = ("ucindex", "mcindex", "l2index", "uc6index", "evpnindex", "brindex", "mplsindex")
        return {
            "name": name,
            **dict.fromkeys(indices, number),
            "source": "Config;",
            "vn": network,
            "vxlan_id": instance.index if instance else 0,
            "RD": f"{self._view.address}:{number}",
        }

    def _number_vrfs(self, view: AgentView) -> Mapping[str, int]:
        """Give new VRFs the lowest free numbers and take those of VRFs that are gone."""
        self._numbers = {name: number for name, number in self._numbers.items() if name in view.vrfs}
        for name in view.vrfs:
            if name not in self._numbers:
                taken = set(self._numbers.values())
                self._numbers[name] = next(number for number in range(len(taken) + 1) if number not in taken)
        return self._numbers

    # Routes

    def _routes(self, given: Parameters, version: int) -> Answer:
        """Answer for the routes of a VRF by its number; one prefix is matched as a whole, not looked up."""
        wanted = integer(given.get("vrf_index"), default=-1)
        numbers = self._number_vrfs(self._view)
        vrf = next((name for name, number in numbers.items() if number == wanted), None)
        if vrf is None:
            return INVALID
        filters = {name: given[name] for name in ("src_ip", "prefix_len", "stale") if name in given}
        return self._tables.first(f"{vrf}{ROUTES[version]}", filters)

    def _routes_of(self, vrf: str, version: int, given: Parameters) -> Sequence[Values] | None:
        exact = None
        if "src_ip" in given:
            try:
                exact = ip_network(f"{given['src_ip']}/{integer(given.get('prefix_len'))}")
            except ValueError:
                return []
        found = []
        for prefix, paths in self._view.routes(vrf):
            network = ip_network(prefix)
            if network.version == version and exact in (None, network):
                found.append((network, paths))
        found.sort(key=lambda one: (int(one[0].network_address), one[0].prefixlen))
        return [
            {
                "src_ip": str(network.network_address),
                "src_plen": network.prefixlen,
                "src_vrf": vrf,
                "path_list": [self._path(path) for path in paths],
            }
            for network, paths in found
        ]

    def _path(self, path: RoutePath) -> Values:
        return {
            "nh": self._next_hop(path.next_hop),
            "label": path.label,
            "peer": path.peer,
            "dest_vn_list": [path.network] if path.network else [],
            "unresolved": "false",
            "supported_tunnel_type": "MPLSoGRE MPLSoUDP",
            "active_tunnel_type": path.next_hop.encapsulation or "MPLSoUDP",
            "path_preference_data": {"sequence": 1, "preference": path.preference, "ecmp": False},
            "active_label": path.label,
            "ecmp_hashing_fields": HASHED,
            "peer_sequence_number": 1,
            "origin_vn": path.network,
        }

    def _next_hop(self, hop: NextHop) -> Values:
        number = self._hops.setdefault(hop.key, len(self._hops) + 10)
        shown = {"ref_count": 2, "valid": "true", "nh_index": number}
        if hop.tunnel_to:
            return shown | {
                "type": "tunnel",
                "policy": "disabled",
                "sip": self._view.address,
                "dip": hop.tunnel_to,
                "vrf": FABRIC,
                "tunnel_type": hop.encapsulation,
            }
        if len(hop.interfaces) == 1:
            return shown | {
                "type": "interface",
                "policy": "enabled",
                "itf": hop.interfaces[0].name,
                "mac": [hop.interfaces[0].mac],
                "mcast": "disabled",
                "vxlan_flag": False,
            }
        if not hop.interfaces:
            return shown | {"type": "discard", "policy": "disabled"}
        members = [
            {"type": "Interface", "policy": "enabled", "itf": one.name, "label": one.label} for one in hop.interfaces
        ]
        return shown | {"type": "composite", "policy": "disabled", "mc_list": members}

    # Labels

    def _labels(self, given: Parameters) -> Sequence[Values]:
        """The labels, or one of them; a type is looked at only together with a label, as in the real one."""
        view, wanted, kind = self._view, given.get("label"), given.get("type")
        entries = [
            {"label": label, "type": "interface" if len(hop.interfaces) == 1 else "composite", "nh": hop}
            for label, hop in view.labels()
            if wanted is None or label == integer(wanted)
        ]
        return [
            {**entry, "nh": self._next_hop(entry["nh"])}  # type: ignore[arg-type]
            for entry in entries
            if wanted is None or kind in (None, entry["type"])
        ]

    # Health checks and sessions

    def _health_checks(self, given: Parameters) -> Sequence[Values]:
        view, moment = self._view, stamp(self._world.look().since)
        return [
            _health_check(item, interfaces, moment)
            for item, interfaces in view.health_checks()
            if given.get("uuid") in (None, item["uuid"])
        ]

    def _sessions(self, _given: Parameters) -> Answer:
        controller = self._world.site.controller
        up = self._view.connected
        session = {
            "controller_ip": controller,
            "state": "Established" if up else "Active",
            "peer_name": "network-control@contrailsystems.com",
            "peer_address": controller,
            "cfg_controller": "Yes" if up else "No",
            "mcast_controller": "Yes" if up else "No",
            "last_state": "OpenConfirm" if up else "Connect",
            "last_event": "xmsm::EvXmppKeepalive" if up else "xmsm::EvConnectTimerExpired",
            "last_state_at": stamp(self._world.look().since),
            "flap_count": 0 if up else 1,
        }
        return Message("AgentXmppConnectionStatus", {"peer": [session]})


def _wanted(interface: Interface, given: Parameters) -> bool:
    """Say whether an interface passes the filters of a request: names by parts of them, the rest as a whole."""
    item = interface.port.item
    tests: dict[str, Callable[[str], bool]] = {
        "name": lambda value: value in interface.name,
        "type": lambda value: value == "vport",
        "uuid": lambda value: value == item["uuid"],
        "vn": lambda value: value in interface.network,
        "mac": lambda value: value == interface.mac,
        "ipv4_address": lambda value: value in interface.addresses(4),
        "ipv6_address": lambda value: value in interface.addresses(6),
        "parent_uuid": lambda _value: False,
        "ip_active": lambda value: (value == "yes") == (interface.inactive is None),
        "ip6_active": lambda value: (value == "yes") == (interface.inactive is None and bool(interface.addresses(6))),
        "l2_active": lambda value: (value == "yes") == (interface.inactive is None),
    }
    return all(tests[name](value) for name, value in given.items())


def _interface(interface: Interface) -> Values:
    port = interface.port
    item = port.item
    machine = next(iter(references(item, "virtual-machine")))
    own = interface.addresses(4)
    properties = item.get("virtual_machine_interface_properties") or {}
    serves = bool(properties.get("service_interface_type"))
    return {
        "index": interface.index,
        "name": interface.name,
        "uuid": item["uuid"],
        "vrf_name": interface.vrf or NO_VRF,
        "active": _state(interface.inactive, "Active", "Inactive"),
        "ipv4_active": _state(interface.inactive or ("" if own else "no-ipv4-addr") or None, "Active", "Ipv4 Inactive"),
        "l2_active": _state(interface.inactive, "L2 Active", "L2 Inactive"),
        "ip6_active": _state(
            interface.inactive or ("" if interface.addresses(6) else "no-ipv6-addr") or None, "Active", "Ipv6 Inactive"
        ),
        "health_check_active": "Active" if port.healthy else "Inactive",
        "dhcp_service": "Enable",
        "dns_service": "Enable",
        "type": "vport",
        "label": interface.label,
        "l2_label": interface.label + 1 if interface.label >= 0 else 0,
        "vxlan_id": port.networks[0].get("virtual_network_network_id") or 0 if port.networks else 0,
        "vn_name": interface.network,
        "vm_uuid": machine["uuid"],
        "vm_name": machine["to"][-1],
        "ip_addr": own[0] if own else "0.0.0.0",
        "mac_addr": interface.mac,
        "policy": "Enable",
        "mdata_ip_addr": f"169.254.0.{interface.index}",
        "os_ifindex": interface.index + 10,
        "fabric_port": "NotFabricPort",
        "alloc_linklocal_ip": "LL-Enable",
        "config_name": ":".join(item["fq_name"]),
        "admin_state": "Disabled" if interface.inactive == "admin-down" else "Enabled",
        "local_preference": properties.get("local_preference") or 0,
        "subnet": NONE,
        "sub_type": "Tap",
        "vrf_assign_acl_uuid": item["uuid"] if serves else NONE,
        "vmi_type": "Virtual Machine",
        "transport": "Ethernet",
        "fixed_ip4_list": own,
        "fixed_ip6_list": interface.addresses(6),
        "metadata_ip_active": "Active" if interface.inactive is None else "Inactive",
        "service_health_check_ip": "0.0.0.0",
    }


def _state(reason: str | None, up: str, down: str) -> str:
    return up if reason is None else f"{down} < {reason}  >"


def _health_check(item: JsonDict, interfaces: Sequence[Interface], moment: str) -> Values:
    properties = item.get("service_health_check_properties") or {}
    return {
        "uuid": item["uuid"],
        "name": ":".join(item["fq_name"]),
        "service_type": properties.get("health_check_type") or "",
        "monitor_type": properties.get("monitor_type") or "",
        "http_method": properties.get("http_method") or "",
        "url_path": properties.get("url_path") or "",
        "expected_codes": properties.get("expected_codes") or "",
        "delay": properties.get("delay") or 0,
        "delay_usecs": properties.get("delayUsecs") or 0,
        "timeout": properties.get("timeout") or 0,
        "timeout_usecs": properties.get("timeoutUsecs") or 0,
        "max_retries": properties.get("max_retries") or 0,
        "inst_list": [
            {
                "vm_interface": one.name,
                "metadata_ip": f"169.254.0.{one.index}",
                "service_ip": next(iter(one.addresses(4)), "0.0.0.0"),
                "health_check_ip": properties.get("url_path") or "",
                "active": one.port.healthy and one.inactive is None,
                "running": True,
                "last_update_time": moment,
            }
            for one in interfaces
        ],
    }
