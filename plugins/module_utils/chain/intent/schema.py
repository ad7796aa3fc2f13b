# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of the data model: for each record its keys, how each is read, and what it must be.

What has a meaning in the schema but cannot be carried out is marked so, and refused when it is given.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...values import names
from ...values.bgp import RESERVED_BEHIND_TWO_BYTES
from ...values.faults import GIVEN_TWICE, NOT_SUPPORTED, VALUE_MISSING, Fault, IntentError, fault
from ...values.identifiers import VXLAN_MAX
from ...values.reading import (
    Key,
    Reader,
    address,
    address_of,
    as_number,
    choice,
    flag,
    keyed,
    listing,
    name,
    number,
    ports,
    prefix,
    protocol,
    qualified_name,
    reads,
    record,
    route_target,
    shown_key,
    spelled,
    text,
    texts_by_name,
)
from ...values.subnets import subnet_faults
from ...vmx.model.peering import ENCAPSULATIONS, FAMILIES, NEXT_HOP_FAMILIES
from ..findings.intent import ROUTE_TARGET_RESERVED
from .model import (
    BgpNeighbor,
    BgpRouter,
    Chain,
    DhcpHostRoute,
    External,
    Filter,
    Match,
    Member,
    Multihop,
    Network,
    Peering,
    Pool,
    Port,
    Router,
    Server,
    Service,
    Side,
    Subnet,
    Template,
    Tunnels,
    TunnelService,
    Vrf,
    family_of,
)

_interface = spelled("logical interface", names.logical_interface)
_service_interface = spelled("`management`, `left`, `right` or `otherN`", names.interface_type)
_instance_name = spelled("name of a routing instance", names.instance_name)
_filter_name = spelled("name of a filter or a term", names.filter_name)
_policy_name = spelled("name on Junos", names.policy_name)


def _read_subnet(value: Any, path: str) -> Subnet:
    given = {"cidr": value} if isinstance(value, str) else value
    return record(_build_subnet, _SUBNET, path=path)(given, path)


def _build_subnet(
    cidr: str, gateway: str | None, allocate_from_start: bool, allocation_pools: Any, path: str, **rest: Any
) -> Subnet:
    pools = [{"start": pool.start, "end": pool.end} for pool in allocation_pools]
    for place, reason in subnet_faults(cidr, gateway=gateway, dns_server=rest["dns_server"], pools=pools):
        raise fault(f"{path}.{place}", reason)
    network = ipaddress.ip_network(cidr)
    if gateway is None:
        # The server's own rule: the first address with addr_from_start, else the last before broadcast.
        gateway = str(network[1] if allocate_from_start else network[-2])
    return Subnet(
        cidr=cidr,
        gateway=gateway,
        allocate_from_start=allocate_from_start,
        allocation_pools=allocation_pools,
        **rest,
    )


_POOL = {
    "start": Key(address, "First address of the pool.", required=True),
    "end": Key(address, "Last address of the pool.", required=True),
}
_HOST_ROUTE = {
    "prefix": Key(prefix, "Where the route leads.", required=True),
    "next_hop": Key(address, "Address that it leads through.", required=True),
}
_SUBNET = {
    "cidr": Key(
        prefix, "The subnet's prefix. A subnet with nothing else may be written as the prefix alone.", required=True
    ),
    "gateway": Key(
        address, "Its gateway. Unless given, its first address, or its last with `allocate_from_start: false`."
    ),
    "allocate_from_start": Key(flag, "Whether Contrail gives out low addresses first.", default=True),
    "dns_server": Key(address, "Address of the DNS server that DHCP tells. Contrail chooses one unless given."),
    "enable_dhcp": Key(flag, "Whether Contrail answers DHCP."),
    "allocation_pools": Key(listing(record(Pool, _POOL)), "Addresses that Contrail may give out.", default=()),
    "host_routes": Key(listing(record(DhcpHostRoute, _HOST_ROUTE)), "Routes that DHCP tells the guests.", default=()),
    "ipam": Key(qualified_name, "IPAM of the subnet. Contrail's default IPAM unless given."),
}
_subnet = Reader(_read_subnet, "mapping, or its `cidr`", fields=_SUBNET)

# Handed to the module contrail_vn as they are.
NETWORK_PROPERTIES = {
    "allow_transit": Key(flag, "Whether chains may lead through this network to a third one."),
    "forwarding_mode": Key(choice("l2_l3", "l2", "l3"), "Whether the network switches, routes, or both."),
    "rpf": Key(choice("enable", "disable"), "Reverse path forwarding check of its ports."),
    "vxlan_network_identifier": Key(number(1, VXLAN_MAX), "VXLAN network identifier."),
    "shared": Key(flag, "Whether other projects may use the network."),
    "external": Key(flag, "Whether Neutron takes it for an external network."),
    "multi_policy_service_chains": Key(
        flag,
        "Whether policies of several chains on the same networks stand beside each other. Set it on both networks.",
    ),
    "port_security": Key(flag, "Whether ports may only send from their own addresses."),
    "flood_unknown_unicast": Key(flag, "Whether unknown unicast is flooded."),
    "display_name": Key(text, "Name for people."),
    "description": Key(text, "Description."),
    "annotations": Key(texts_by_name, "Annotations, beside the owner's. Others on the object are left alone."),
}


@reads("route target")
def _own_route_target(value: Any, path: str) -> str:
    found = route_target(value, path)
    # The API server answers a late 400 to these.
    if int(found.rsplit(":", 1)[1]) in RESERVED_BEHIND_TWO_BYTES:
        first, last = RESERVED_BEHIND_TWO_BYTES[0], RESERVED_BEHIND_TWO_BYTES[-1]
        reason = f"{found} lies in the range that the controller gives out itself ({first} to {last})"
        raise fault(path, reason, ROUTE_TARGET_RESERVED)
    return found


_ROUTE_TARGETS = listing(_own_route_target, unique=True)
_NETWORK = {
    "domain": Key(name, "Domain, `contrail_objects_domain` unless given."),
    "project": Key(name, "Project, `contrail_objects_project` unless given."),
    "existing": Key(flag, "Whether somebody else made it. It is then only referred to.", default=False),
    "subnets": Key(listing(_subnet), "Its subnets. Guests' routes go through their gateways.", default=()),
    "route_target": Key(
        _own_route_target,
        "Route target that is imported and exported, and that of the router's VRF. Required where prefixes behind a "
        "router enter. In quotes: YAML takes `64512:1` for a number.",
    ),
    "route_targets": Key(_ROUTE_TARGETS, "Further route targets that go both ways.", default=()),
    "import_route_targets": Key(_ROUTE_TARGETS, "Route targets that are only imported.", default=()),
    "export_route_targets": Key(_ROUTE_TARGETS, "Route targets that are only exported.", default=()),
    "dhcp_routes": Key(
        flag,
        "Whether DHCP tells every guest of the network the IPv4 routes to the external prefixes of its chains. `false` "
        "takes such routes out again; without the key they are left alone.",
    ),
    **NETWORK_PROPERTIES,
}


def _build_network(**values: Any) -> Network:
    single = values.pop("route_target")
    targets = values.pop("route_targets")
    properties = {key: values.pop(key) for key in NETWORK_PROPERTIES}
    if single is not None and single not in targets:
        targets = (single, *targets)
    return Network(
        route_targets=targets,
        properties={key: value for key, value in properties.items() if value is not None},
        **values,
    )


def read_network(key: str) -> Reader[Network]:
    """Return the reader of the network called ``key``."""
    return record(_build_network, _NETWORK, name=key)


_TEMPLATE = {
    "name": Key(name, "Name of the service template.", required=True),
    "existing": Key(flag, "Whether somebody else made it. It is then only referred to.", default=False),
}


def _read_template(value: Any, path: str) -> Template:
    return record(Template, _TEMPLATE)({"name": value} if isinstance(value, str) else value, path)


_template = Reader(_read_template, "mapping, or its `name`", fields=_TEMPLATE)


_SERVER = {
    "name": Key(name, "Name of the server, the member's unless given."),
    "image": Key(text, "Name or id of the image. It counts when the server is booted.", required=True),
    "flavor": Key(text, "Name or id of the flavor. It counts when the server is booted.", required=True),
    "addresses": Key(
        keyed(lambda key: address),
        "Fixed addresses of its ports by interface. OpenStack chooses unless given.",
        default={},
    ),
    "key_name": Key(text, "Name of a key pair."),
    "availability_zone": Key(text, "Availability zone."),
    "config_drive": Key(flag, "Whether user data comes from a drive rather than from the metadata service."),
    "security_groups": Key(
        listing(text, unique=True),
        "Names or ids of the security groups of its ports. The project's `default` unless given, which lets no "
        "traffic of others in; an empty list is the group without rules.",
    ),
    "port_security": Key(flag, "Whether security groups count for its ports at all. As the network says unless given."),
    "user_data": Key(
        text, "What cloud-init is given instead of the routes and forwarding that follow from the chains."
    ),
}


_MEMBER = {
    "name": Key(name, "Name of the member and of its port tuple. The service's name and a number unless given."),
    "host": Key(name, "Host of the inventory group `service_guests` that the guest is reached as, to set its routes."),
    "server": Key(
        record(Server, _SERVER), "The server that OpenStack boots on these ports. Left out where it runs already."
    ),
}
_PORT = Key(
    qualified_name, "Port of this interface (`left`, `right`, ...) by its name; one for each interface.", required=True
)


def _read_member(value: Any, path: str) -> Member:
    if not isinstance(value, Mapping):
        raise fault(path, "must be a mapping of service interfaces to ports, such as {left: PORT, right: PORT}")
    ports_of: dict[str, str] = {}
    faults: list[Fault] = []
    rest: dict[str, Any] = {}
    for key, entry in value.items():
        here = f"{path}.{shown_key(key)}"
        try:
            if key in _MEMBER:
                rest[key] = None if entry is None else _MEMBER[key].read(entry, here)
            elif isinstance(entry, Mapping) and set(entry) <= {"server", "network", "uuid"}:
                reason = f"a port given by {' and '.join(sorted(entry))} is not supported; give its name"
                raise fault(here, reason, NOT_SUPPORTED)
            else:
                ports_of[_service_interface(key, here)] = _PORT.read(entry, here)
        except IntentError as error:
            faults += error.faults
    if faults:
        raise IntentError(faults)
    return Member(name=rest.get("name") or "", ports=ports_of, host=rest.get("host"), server=rest.get("server"))


_member = Reader(_read_member, "mapping", fields={"INTERFACE": _PORT, **_MEMBER})

# What to do instead of what the data model does not carry out, because no prediction of the tables covers it.
_BY_MODULES = (
    "make it and its chains with the modules contrail_service_template, contrail_service_instance and contrail_policy"
)


def _on_sides(option: str) -> Key:
    """Return the field of what hangs on the sides of a service: ``option`` of a module, not of the data model."""
    return Key(
        text,
        "What hangs on the sides of a service instance is left to its module, and left alone by the site.",
        instead=f"use `sides[].{option}` of the module contrail_service_instance",
    )


_SERVICE = {
    "domain": Key(name, "Domain, `contrail_objects_domain` unless given."),
    "project": Key(name, "Project, `contrail_objects_project` unless given."),
    "existing": Key(
        flag, "Whether somebody else made the service instance. It is then only referred to.", default=False
    ),
    "version": Key(choice("2", refused={"1": _BY_MODULES}), "Version of the service template.", default="2"),
    "mode": Key(
        choice("in-network", "in-network-nat", refused={"transparent": _BY_MODULES}),
        "`in-network`: the service routes between its sides. `in-network-nat`: it also hides the left side's addresses "
        "behind its own, so no routes are made for the way back.",
        default="in-network",
    ),
    "type": Key(
        choice("firewall", "analyzer", "source-nat", "loadbalancer"), "What Contrail calls it.", default="firewall"
    ),
    "virtualization": Key(
        choice(
            "virtual-machine",
            refused=dict.fromkeys(("network-namespace", "vrouter-instance", "physical-device"), _BY_MODULES),
        ),
        "What it runs in.",
        default="virtual-machine",
    ),
    "template": Key(_template, "Its service template. Made as `NAME-template` unless given."),
    "interfaces": Key(
        listing(_service_interface, least=1, unique=True),
        "Its interfaces, in the order of its network cards.",
        default=("left", "right"),
    ),
    "networks": Key(
        keyed(lambda key: name),
        "Networks of the interfaces other than left and right, which the chain gives.",
        default={},
    ),
    "members": Key(
        listing(_member), "Its virtual machines; two or more share the load. Required unless `existing`.", default=()
    ),
    "ha": Key(choice("active-active", "active-standby"), "Whether members share the load, or one stands by."),
    "routes": _on_sides("interface_route_tables"),
    "health_checks": _on_sides("health_checks"),
}


def read_service(key: str) -> Reader[Service]:
    """Return the reader of the service called ``key``; its members get names when they have none."""

    def build(version: str, template: Template | None, members: tuple[Member, ...], **values: Any) -> Service:
        del version  # checked when read; only version 2 is left
        return Service(
            template=template or Template(f"{key}-template", existing=False),
            members=tuple(
                replace(member, name=member.name or f"{key}-{number_}")
                for number_, member in enumerate(members, start=1)
            ),
            **values,
        )

    def read(value: Any, path: str) -> Service:
        given = value
        if isinstance(value, Mapping) and isinstance(value.get("version"), int):
            given = {**value, "version": str(value["version"])}
        return record(build, _SERVICE, name=key)(given, path)

    return Reader(read, "mapping", fields=_SERVICE)


_FILTER = {
    "name": Key(_filter_name, "Name of the filter on the router.", required=True),
    "family": Key(choice("inet", "inet6"), "Its address family: IPv4 or IPv6.", default="inet"),
    "interfaces": Key(
        listing(_interface, unique=True),
        "Logical interfaces that it is bound to as input filter. Leave it out where the filter is bound already.",
        default=(),
    ),
    "default": Key(
        choice("accept", "none"),
        "Its tail: `accept` lets pass what no term steers; Junos drops that otherwise. `accept` unless given, `none` "
        "with `before`.",
    ),
    "default_term": Key(_filter_name, "Name of the term that is the tail. Chosen unless given."),
    "before": Key(
        _filter_name,
        "For a filter that stands already: name of the term that ours go in front of. Its other terms are left alone.",
    ),
}


def _read_filter(value: Any, path: str) -> Filter:
    return record(_build_filter, _FILTER, path=path)(value, path)


def _build_filter(default: str | None, default_term: str | None, before: str | None, path: str, **rest: Any) -> Filter:
    # Junos drops what no term of a filter accepts, so a filter of ours ends in accept; with a place
    # in front of somebody's term the filter, and with it the tail, is not ours.
    tail = default or ("none" if before else "accept")
    if before and tail != "none":
        raise fault(f"{path}.default", "a filter with `before` has a tail of its own; leave one of them out")
    if default_term and tail == "none":
        raise fault(f"{path}.default_term", "names a tail, but this filter gets none")
    return Filter(default=tail, default_term=default_term, before=before, **rest)


_filter = Reader(_read_filter, "mapping", fields=_FILTER)
_VRF = {
    "name": Key(_instance_name, "Name of the VRF. The network's unless given."),
    "description": Key(text, "Its description."),
    "route_distinguisher": Key(
        text, "Its route distinguisher. Needed where the router has no `routing-options route-distinguisher-id`."
    ),
    "interfaces": Key(listing(_interface, unique=True), "Logical interfaces that belong to it.", default=()),
    "table_label": Key(flag, "Whether it has one label for the whole table (`vrf-table-label`).", default=True),
}


def _vrf(key: str) -> Reader[Vrf]:
    def build(name: str | None, **values: Any) -> Vrf:
        return Vrf(network=key, name=name or key, **values)

    return record(build, _VRF)


_HOLD_TIME = number(3, 65535)
_MULTIHOP = {"ttl": Key(number(1, 255), "How far packets of the session go; Junos takes 64 unless given.")}
_NEIGHBOR = {
    "address": Key(
        address, "Its address. A neighbor with nothing else may be written as the address alone.", required=True
    ),
    "peer_as": Key(as_number, "Its autonomous system, where that is another than the router's."),
    "description": Key(text, "Its description on the router."),
    "hold_time": Key(_HOLD_TIME, "Hold time in seconds, where it is another than that of the group."),
    "local_address": Key(address, "Address of the router's end, where it is another than that of the group."),
    "multihop": Key(record(Multihop, _MULTIHOP), "Lets this session cross other routers, see the peering's."),
}


def _read_neighbor(value: Any, path: str) -> BgpNeighbor:
    return record(BgpNeighbor, _NEIGHBOR)({"address": value} if isinstance(value, str) else value, path)


_TUNNELS = {
    "destinations": Key(
        listing(prefix, least=1, unique=True),
        "Prefixes with the addresses of compute and control nodes; a tunnel is made to each next hop in them.",
        required=True,
    ),
    "source_address": Key(address, "Address of the router's end, `local_address` unless given."),
    "encapsulation": Key(choice(*ENCAPSULATIONS), "How packets are wrapped. `gre` for a new tunnel unless given."),
}
_TUNNEL_SERVICE = {
    "fpc": Key(number(0, 255), "Slot of the FPC.", required=True),
    "pic": Key(number(0, 255), "Slot of the PIC.", required=True),
    "bandwidth": Key(text, "Bandwidth to reserve, such as `10g`."),
}
_BGP_ROUTER = {
    "name": Key(name, "Its name in Contrail, that of the router unless given."),
    "vendor": Key(text, "What Contrail calls its vendor.", default="Juniper"),
}


def _read_bgp_router(value: Any, path: str) -> BgpRouter:
    return record(BgpRouter, _BGP_ROUTER)({"name": value} if isinstance(value, str) else value, path)


_PEERING = {
    "name": Key(_policy_name, "Name of the BGP group and of the dynamic tunnel.", default="contrail"),
    "type": Key(
        choice("internal", "external"),
        "Type of the BGP group. `external` where every neighbor has a `peer_as` other than `autonomous_system`, else "
        "`internal` for a new one.",
    ),
    "multihop": Key(
        record(Multihop, _MULTIHOP),
        "Lets sessions with another autonomous system cross other routers; `{}` for Junos's own limit. Unless given, "
        "it is set where neighbors are not on a subnet of the router.",
    ),
    "local_address": Key(address, "Address of the router's end of the sessions.", required=True),
    "neighbors": Key(
        listing(Reader(_read_neighbor, "mapping, or its `address`", fields=_NEIGHBOR), least=1),
        "The control nodes; all of them, for they do not pass each other's chain routes on.",
        required=True,
    ),
    "families": Key(
        listing(choice(*FAMILIES), least=1, unique=True),
        "Address families to exchange.",
        default=("inet-vpn", "inet6-vpn", "route-target"),
    ),
    "hold_time": Key(_HOLD_TIME, "Seconds after which a silent neighbor counts as down."),
    "export_policies": Key(
        listing(_policy_name, unique=True),
        "Policies that choose and change what is given to the neighbors.",
        default=(),
    ),
    "next_hop_self": Key(
        listing(choice(*NEXT_HOP_FAMILIES), unique=True),
        "Address families for whose routes the first of `export_policies` makes the router the next hop.",
        default=(),
    ),
    "tunnels": Key(
        record(Tunnels, _TUNNELS),
        "Dynamic tunnels. Left out where others make them; routes need one to their compute node.",
    ),
    "autonomous_system": Key(
        as_number, "The router's autonomous system. Required with `bgp_router`, and where the router has none yet."
    ),
    "router_id": Key(address_of(4), "The router's identifier. Left alone unless given."),
    "route_distinguisher_id": Key(
        address_of(4), "Address from which the router makes route distinguishers of VRFs. Left alone unless given."
    ),
    "tunnel_services": Key(
        listing(record(TunnelService, _TUNNEL_SERVICE)), "PICs that do tunnels. GRE tunnels need one.", default=()
    ),
    "ipv6_tunneling": Key(flag, "Whether IPv6 routes may use tunnels over IPv4. Left alone unless given."),
    "bgp_router": Key(
        Reader(_read_bgp_router, "mapping, or its `name`", fields=_BGP_ROUTER),
        "What Contrail is told of the router, so that all its control nodes peer with it; `{}` for an object with the "
        "router's name. Left out where Contrail knows the router already.",
    ),
}


def _read_peering(value: Any, path: str) -> Peering:
    found = record(Peering, _PEERING)(value, path)
    if found.tunnels is not None:
        try:
            names.tunnel_name(found.name)
        except ValueError as error:
            raise fault(f"{path}.name", str(error)) from None
    seen: set[str] = set()
    for index, neighbor in enumerate(found.neighbors):
        here = f"{path}.neighbors[{index}]"
        if neighbor.address in seen:
            raise fault(here, f"{neighbor.address} is the address of an earlier neighbor", GIVEN_TWICE)
        seen.add(neighbor.address)
        if family_of(neighbor.address) != family_of(neighbor.local_address or found.local_address):
            raise fault(here, f"{neighbor.address} is of another address family than local_address")
    if found.bgp_router is not None and found.autonomous_system is None:
        raise fault(f"{path}.autonomous_system", "is required: bgp_router tells Contrail what it is", VALUE_MISSING)
    return found


_ROUTER = {
    "address": Key(
        address_of(4), "IPv4 address that endpoints use as next hop. Needed where an external prefix has a host."
    ),
    "address6": Key(address_of(6), "The same for IPv6."),
    "filters": Key(
        listing(_filter), "Filters that the steering terms go into, one for each address family.", default=()
    ),
    "vrfs": Key(
        keyed(_vrf),
        "What a VRF, by the name of its network, is to be beyond what is derived. A network that stands here has a VRF "
        "even where no prefix enters it.",
        default={},
    ),
    "mark": Key(
        flag, "Whether our VRFs are marked on the router, so that `vmx_gateway_state: overridden` can tell them."
    ),
    "peering": Key(
        Reader(_read_peering, "mapping", fields=_PEERING),
        "Its BGP sessions with the control nodes and its tunnels, where nobody else does that for it. Left out where "
        "Contrail's device manager owns the router.",
    ),
}


def read_router(key: str) -> Reader[Router]:
    """Return the reader of the router called ``key``."""

    def build(address: str | None, address6: str | None, **values: Any) -> Router:
        by_family = {"inet": address, "inet6": address6}
        return Router(
            name=key,
            addresses={family: found for family, found in by_family.items() if found is not None},
            **values,
        )

    return record(build, _ROUTER)


_EXTERNAL = {
    "prefix": Key(
        prefix, "Addresses behind the router that enter here. It may be written as the prefix alone.", required=True
    ),
    "term": Key(_filter_name, "Name of its steering term. The chain's name and the prefix unless given."),
    "priority": Key(
        number(0, 65535),
        "Order of its steering terms in the filter, low ones first. 100 unless given, 50 for those with a `match`.",
    ),
    "routers": Key(
        listing(name, least=1, unique=True),
        "Routers that it lies behind. Required where there are several.",
        default=(),
    ),
    "filter": Key(_filter_name, "Filter that its terms go into. Required where the router has several of its family."),
    "host": Key(name, "Host of the inventory group `endpoints` that gets the routes to the far side."),
    "next_hop": Key(address, "Next hop of that host's routes. The router's `address` unless given."),
}


def _read_external(value: Any, path: str) -> External:
    return record(External, _EXTERNAL, path=path)({"prefix": value} if isinstance(value, str) else value, path)


_external = Reader(_read_external, "mapping, or its `prefix`", fields=_EXTERNAL)
_SIDE = {
    "network": Key(name, "Network at this end of the chain.", required=True),
    "external": Key(listing(_external), "Prefixes behind routers that enter here.", default=()),
}


@reads("port, range of ports, or a list of these")
def _ports(value: Any, path: str) -> tuple[int | str, ...]:
    return listing(ports, unique=True)([value] if isinstance(value, (int, str)) else value, path)


def _read_match(value: Any, path: str) -> Match:
    return record(_build_match, _MATCH, path=path)(value, path)


def _build_match(path: str, **values: Any) -> Match:
    match = Match(**values)
    if (match.source_ports or match.destination_ports) and match.protocol not in {
        "tcp",
        "udp",
        "sctp",
        "6",
        "17",
        "132",
    }:
        raise fault(f"{path}.protocol", f"must be tcp, udp or sctp where ports are given, not {match.protocol}")
    ends = [end for end in (match.source, match.destination) if end is not None]
    if len({family_of(end) for end in ends}) > 1:
        raise fault(f"{path}.destination", f"{match.destination} is of another address family than {match.source}")
    return match


_MATCH = {
    "protocol": Key(protocol, "IP protocol. `tcp`, `udp` or `sctp` where ports are given.", default="any"),
    "source": Key(prefix, "Source addresses, seen from the left side."),
    "destination": Key(prefix, "Destination addresses, seen from the left side."),
    "source_ports": Key(_ports, "Source ports, seen from the left side.", default=()),
    "destination_ports": Key(_ports, "Destination ports, seen from the left side.", default=()),
}
_match = Reader(_read_match, "mapping", fields=_MATCH)

_SEQUENCE = {
    "major": Key(number(0, 2**31 - 1), "Policies with a lower number come first.", default=0),
    "minor": Key(number(0, 2**31 - 1), "Order among those with the same `major`.", default=0),
}


def _build_sequence(major: int, minor: int) -> tuple[int, int]:
    return major, minor


def _build_chain(state: str, **values: Any) -> Chain:
    return Chain(present=state == "present", **values)


_CHAIN = {
    "domain": Key(name, "Domain of its policy, `contrail_objects_domain` unless given."),
    "project": Key(name, "Project of its policy, `contrail_objects_project` unless given."),
    "left": Key(record(Side, _SIDE), "The end where traffic that goes forward comes from.", required=True),
    "right": Key(record(Side, _SIDE), "The other end.", required=True),
    "services": Key(
        listing(name, least=1, unique=True), "Services that traffic passes, in order from left to right.", required=True
    ),
    "direction": Key(
        choice("both", "forward"),
        "`forward`: only from left to right; the way back does not pass the services.",
        default="both",
    ),
    "match": Key(
        listing(_match),
        "Only this traffic, read from left to right and mirrored for the way back. All traffic unless given.",
        default=(),
    ),
    "sequence": Key(
        record(_build_sequence, _SEQUENCE), "Place of its policy among those of the networks.", default=(0, 0)
    ),
    "state": Key(
        choice("present", "absent"),
        "`absent` removes the chain with its services, and leaves the networks.",
        default="present",
    ),
}


def read_chain(key: str) -> Reader[Chain]:
    """Return the reader of the chain called ``key``."""
    return record(_build_chain, _CHAIN, name=key)


def read_ports(value: Any, variable: str) -> dict[str, Port]:
    """Read the names, networks and addresses of ports; the module ``contrail_port`` checks the rest."""
    if isinstance(value, (str, Mapping)) or not hasattr(value, "__iter__"):
        raise fault(variable, "must be a list")
    found: dict[str, Port] = {}
    faults: list[Fault] = []
    for index, item in enumerate(value):
        path = f"{variable}[{index}]"
        if not isinstance(item, Mapping):
            faults.append(Fault(path, "must be a mapping"))
            continue
        try:
            port_name = qualified_name(item.get("name"), f"{path}.name")
            network = qualified_name(item.get("network"), f"{path}.network")
            addresses = listing(address, unique=True)(item.get("addresses") or [], f"{path}.addresses")
        except IntentError as error:
            faults += error.faults
            continue
        if port_name in found:
            reason = f"'{port_name}' is the name of an earlier port of this list"
            faults.append(Fault(f"{path}.name", reason, GIVEN_TWICE))
        found[port_name] = Port(port_name, network, addresses)
    if faults:
        raise IntentError(faults)
    return found
