# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of the data model: for each record its keys, how each is read, and what it must be.

What has a meaning in the schema but cannot be carried out is marked so, and refused when it is given.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .findings.intent import GIVEN_TWICE, NOT_SUPPORTED, ROUTE_TARGET_RESERVED
from .model import (
    Chain,
    External,
    Filter,
    HostRoute,
    Match,
    Member,
    Network,
    Pool,
    Port,
    Router,
    Server,
    Service,
    Side,
    Subnet,
    Template,
    Vrf,
    family_of,
)
from .reading import (
    NOT_YET,
    Fault,
    Field,
    IntentError,
    Reader,
    address,
    address_of,
    choice,
    fault,
    flag,
    keyed,
    listing,
    name,
    number,
    ports,
    prefix,
    protocol,
    qualified_name,
    record,
    route_target,
    text,
    texts_by_name,
)

# Junos takes up to 128 characters of these for a routing instance, and 64 for a filter or a term.
JUNOS_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
_INTERFACE = re.compile(r"^[a-z]{2,5}[0-9/:.-]*[0-9]\.[0-9]+$")
_SERVICE_INTERFACE = re.compile(r"^(management|left|right|other[0-9]+)$")

# What the schema transformer gives out itself; the API server answers a late 400 to these.
SYSTEM_ROUTE_TARGETS = range(8_000_000, 16_777_217)


def _junos_name(limit: int) -> Any:
    def read(value: Any, path: str) -> str:
        word = name(value, path)
        if not JUNOS_NAME.match(word) or len(word) > limit:
            raise fault(path, f"'{word}' is not a name on Junos (letters, digits, - _ . and up to {limit} of them)")
        return word

    return read


def _interface(value: Any, path: str) -> str:
    if not isinstance(value, str) or not _INTERFACE.match(value):
        raise fault(path, f"{value!r} is not a logical interface (such as ge-0/0/0.0)")
    return str(value)


def _service_interface(value: Any, path: str) -> str:
    if not isinstance(value, str) or not _SERVICE_INTERFACE.match(value):
        raise fault(path, f"{value!r} is not a service interface (management, left, right or otherN)")
    return str(value)


def _subnet(value: Any, path: str) -> Subnet:
    given = {"cidr": value} if isinstance(value, str) else value
    return record(_build_subnet, _SUBNET, path=path)(given, path)  # type: ignore[no-any-return]


def _build_subnet(
    cidr: str, gateway: str | None, allocate_from_start: bool, allocation_pools: Any, path: str, **rest: Any
) -> Subnet:
    network = ipaddress.ip_network(cidr)
    if gateway is None:
        # The server's own rule: the first address with addr_from_start, else the last before broadcast.
        gateway = str(network[1] if allocate_from_start else network[-2]) if network.num_addresses > 2 else None
    if gateway is None:
        raise fault(f"{path}.cidr", f"{cidr} has no room for a gateway and a port")
    for key, value in (("gateway", gateway), ("dns_server", rest["dns_server"])):
        if value is not None and value != "0.0.0.0" and ipaddress.ip_address(value) not in network:
            raise fault(f"{path}.{key}", f"{value} is not in {cidr}")
    for index, pool in enumerate(allocation_pools):
        start, end = ipaddress.ip_address(pool.start), ipaddress.ip_address(pool.end)
        if start not in network or end not in network or int(start) > int(end):
            raise fault(f"{path}.allocation_pools[{index}]", f"{pool.start} to {pool.end} is not a range in {cidr}")
    return Subnet(
        cidr=cidr,
        gateway=gateway,
        allocate_from_start=allocate_from_start,
        allocation_pools=allocation_pools,
        **rest,
    )


_POOL = {"start": Field(address, required=True), "end": Field(address, required=True)}
_HOST_ROUTE = {"prefix": Field(prefix, required=True), "next_hop": Field(address, required=True)}
_SUBNET = {
    "cidr": Field(prefix, required=True),
    "gateway": Field(address),
    "allocate_from_start": Field(flag, default=True),
    "dns_server": Field(address),
    "enable_dhcp": Field(flag),
    "allocation_pools": Field(listing(record(Pool, _POOL)), default=()),
    "host_routes": Field(listing(record(HostRoute, _HOST_ROUTE)), default=()),
    "ipam": Field(qualified_name),
}

# Handed to the module contrail_vn as they are.
NETWORK_PROPERTIES = {
    "allow_transit": Field(flag),
    "forwarding_mode": Field(choice("l2_l3", "l2", "l3")),
    "rpf": Field(choice("enable", "disable")),
    "vxlan_network_identifier": Field(number(1, 16_777_215)),
    "shared": Field(flag),
    "external": Field(flag),
    "multi_policy_service_chains": Field(flag),
    "port_security": Field(flag),
    "flood_unknown_unicast": Field(flag),
    "display_name": Field(text),
    "description": Field(text),
    "annotations": Field(texts_by_name),
}


def _own_route_target(value: Any, path: str) -> str:
    found = route_target(value, path)
    if int(found.rsplit(":", 1)[1]) in SYSTEM_ROUTE_TARGETS:
        reason = f"{found} lies in the range that the controller gives out itself (8000000 to 16777216)"
        raise fault(path, reason, ROUTE_TARGET_RESERVED)
    return found


_ROUTE_TARGETS = Field(listing(_own_route_target, unique=True), default=())
_NETWORK = {
    "domain": Field(name),
    "project": Field(name),
    "existing": Field(flag, default=False),
    "subnets": Field(listing(_subnet), default=()),
    "route_target": Field(_own_route_target),
    "route_targets": _ROUTE_TARGETS,
    "import_route_targets": _ROUTE_TARGETS,
    "export_route_targets": _ROUTE_TARGETS,
    "dhcp_routes": Field(flag),
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


def read_network(key: str) -> Reader:
    """Return the reader of the network called ``key``."""
    return record(_build_network, _NETWORK, name=key)


_TEMPLATE = {"name": Field(name, required=True), "existing": Field(flag, default=False)}


def _template(value: Any, path: str) -> Template:
    return record(Template, _TEMPLATE)({"name": value} if isinstance(value, str) else value, path)  # type: ignore[no-any-return]


_SERVER = {
    "name": Field(name),
    "image": Field(text, required=True),
    "flavor": Field(text, required=True),
    "addresses": Field(keyed(lambda key: address), default={}),
    "key_name": Field(text),
    "availability_zone": Field(text),
    "config_drive": Field(flag),
    "security_groups": Field(listing(text, unique=True)),
    "port_security": Field(flag),
    "user_data": Field(text),
}


def _member(value: Any, path: str) -> Member:
    if not isinstance(value, Mapping):
        raise fault(path, "must be a mapping of service interfaces to ports, such as {left: PORT, right: PORT}")
    ports_of: dict[str, str] = {}
    faults: list[Fault] = []
    rest: dict[str, str | None] = {"name": None, "host": None}
    server: Server | None = None
    for key, entry in value.items():
        here = f"{path}.{key}"
        try:
            if key in rest:
                rest[key] = None if entry is None else name(entry, here)
            elif key == "server":
                server = None if entry is None else record(Server, _SERVER)(entry, here)
            elif isinstance(entry, Mapping) and set(entry) <= {"server", "network", "uuid"}:
                reason = f"a port given by {' and '.join(sorted(entry))} is not supported yet; give its name"
                raise fault(here, reason, NOT_SUPPORTED)
            else:
                ports_of[_service_interface(key, here)] = qualified_name(entry, here)
        except IntentError as error:
            faults += error.faults
    if faults:
        raise IntentError(faults)
    return Member(name=rest["name"] or "", ports=ports_of, host=rest["host"], server=server)


_SERVICE = {
    "domain": Field(name),
    "project": Field(name),
    "existing": Field(flag, default=False),
    "version": Field(choice("2", not_yet=("1",)), default="2"),
    "mode": Field(choice("in-network", "in-network-nat", not_yet=("transparent",)), default="in-network"),
    "type": Field(choice("firewall", "analyzer", "source-nat", "loadbalancer"), default="firewall"),
    "virtualization": Field(
        choice("virtual-machine", not_yet=("network-namespace", "vrouter-instance", "physical-device")),
        default="virtual-machine",
    ),
    "template": Field(_template),
    "interfaces": Field(listing(_service_interface, least=1, unique=True), default=("left", "right")),
    "networks": Field(keyed(lambda key: name), default={}),
    "members": Field(listing(_member), default=()),
    "ha": Field(choice("active-active", "active-standby")),
    "image": NOT_YET,
    "flavor": NOT_YET,
    "routes": NOT_YET,
    "health_checks": NOT_YET,
}


def read_service(key: str) -> Reader:
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

    def read(value: Any, path: str) -> Any:
        given = value
        if isinstance(value, Mapping) and isinstance(value.get("version"), int):
            given = {**value, "version": str(value["version"])}
        return record(build, _SERVICE, name=key)(given, path)

    return read


_FILTER = {
    "name": Field(_junos_name(64), required=True),
    "family": Field(choice("inet", "inet6"), default="inet"),
    "interfaces": Field(listing(_interface, unique=True), default=()),
    "default": Field(choice("accept", "none")),
    "default_term": Field(_junos_name(64)),
    "before": Field(_junos_name(64)),
}


def _filter(value: Any, path: str) -> Filter:
    return record(_build_filter, _FILTER, path=path)(value, path)  # type: ignore[no-any-return]


def _build_filter(default: str | None, default_term: str | None, before: str | None, path: str, **rest: Any) -> Filter:
    # Junos drops what no term of a filter accepts, so a filter of ours ends in accept; with a place
    # in front of somebody's term the filter, and with it the tail, is not ours.
    tail = default or ("none" if before else "accept")
    if before and tail != "none":
        raise fault(f"{path}.default", "a filter with `before` has a tail of its own; leave one of them out")
    if default_term and tail == "none":
        raise fault(f"{path}.default_term", "names a tail, but this filter gets none")
    return Filter(default=tail, default_term=default_term, before=before, **rest)


_VRF = {
    "name": Field(_junos_name(128)),
    "description": Field(text),
    "route_distinguisher": Field(text),
    "interfaces": Field(listing(_interface, unique=True), default=()),
    "table_label": Field(flag, default=True),
}


def _vrf(key: str) -> Any:
    def build(name: str | None, **values: Any) -> Vrf:
        return Vrf(network=key, name=name or key, **values)

    return record(build, _VRF)


_ROUTER = {
    "address": Field(address_of(4)),
    "address6": Field(address_of(6)),
    "filters": Field(listing(_filter), default=()),
    "vrfs": Field(keyed(_vrf), default={}),
    "mark": Field(flag),
    "peering": NOT_YET,
}


def read_router(key: str) -> Reader:
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
    "prefix": Field(prefix, required=True),
    "term": Field(_junos_name(64)),
    "priority": Field(number(0, 65535)),
    "routers": Field(listing(name, least=1, unique=True), default=()),
    "filter": Field(name),
    "host": Field(name),
    "next_hop": Field(address),
}


def _external(value: Any, path: str) -> External:
    found: External = record(External, _EXTERNAL, path=path)(
        {"prefix": value} if isinstance(value, str) else value, path
    )
    return found


_SIDE = {"network": Field(name, required=True), "external": Field(listing(_external), default=())}


def _ports(value: Any, path: str) -> Any:
    return listing(ports, unique=True)([value] if isinstance(value, (int, str)) else value, path)


def _match(value: Any, path: str) -> Match:
    return record(_build_match, _MATCH, path=path)(value, path)  # type: ignore[no-any-return]


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
    "protocol": Field(protocol, default="any"),
    "source": Field(prefix),
    "destination": Field(prefix),
    "source_ports": Field(_ports, default=()),
    "destination_ports": Field(_ports, default=()),
}

_SEQUENCE = {"major": Field(number(0, 2**31 - 1), default=0), "minor": Field(number(0, 2**31 - 1), default=0)}


def _build_sequence(major: int, minor: int) -> tuple[int, int]:
    return major, minor


def _build_chain(state: str, **values: Any) -> Chain:
    return Chain(present=state == "present", **values)


_CHAIN = {
    "domain": Field(name),
    "project": Field(name),
    "left": Field(record(Side, _SIDE), required=True),
    "right": Field(record(Side, _SIDE), required=True),
    "services": Field(listing(name, least=1, unique=True), required=True),
    "direction": Field(choice("both", "forward"), default="both"),
    "match": Field(listing(_match), default=()),
    "sequence": Field(record(_build_sequence, _SEQUENCE), default=(0, 0)),
    "state": Field(choice("present", "absent"), default="present"),
    "health_checks": NOT_YET,
}


def read_chain(key: str) -> Reader:
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
