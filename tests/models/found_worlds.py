# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random worlds as other tools leave them: objects as vnc_api and Heat write them, routers as scripts configure them.

Nothing here knows the collection. An ordinary world has what the data model has words for; the others have oddities of
every sort, which a tool that takes them over must tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st
from lab.contrail.store import Store
from models.chain_objects import ChainObjects, full_name

JsonDict = dict[str, Any]
SHARED = ["default-domain", "shared"]
ANY = [(-1, -1)]

ORDINARY_RULES: tuple[tuple[JsonDict, ...], ...] = (
    ({"protocol": "any"},),
    ({"protocol": "any", "src_ports": [(0, 65535)], "dst_ports": [(0, 65535)]},),
    ({"protocol": "tcp", "dst_ports": [(443, 443)]},),
    ({"protocol": "tcp", "dst_ports": [(80, 80), (8000, 8080)]}, {"protocol": "udp", "dst_ports": [(53, 53)]}),
    ({"protocol": "icmp"},),
    ({"protocol": "17", "src_ports": [(500, 500)]},),
)
ODD_RULES: tuple[tuple[JsonDict, ...], ...] = (
    ({"protocol": "any", "src_ports": [(0, 4095)], "dst_ports": [(0, 4095)]},),
    ({"protocol": "any", "dst_ports": [(80, 80)]},),
    ({"protocol": "any"}, {"protocol": "tcp", "services": False}),
    ({"protocol": "any", "action": "deny"},),
    ({"protocol": "any", "mirror": True},),
)
ORDINARY_LEGS: tuple[tuple[str, ...], ...] = (
    ("left", "right"),
    ("management", "left", "right"),
    ("left", "right", "other"),
    ("management", "left", "right", "other0"),
)
ORDINARY_SERVICES: tuple[JsonDict, ...] = (
    {"mode": "in-network"},
    {"mode": "in-network-nat"},
    {"mode": "in-network", "ha": "active-active"},
    {"mode": "in-network", "type": "analyzer"},
)
ODD_SERVICES: tuple[JsonDict, ...] = (
    {"mode": "transparent"},
    {"mode": "in-network", "version": 1},
    {"mode": "in-network", "tuples": 0},
    {"mode": "in-network", "image": "vsrx", "virtualization": "network-namespace"},
)
ORDINARY_VRFS: tuple[JsonDict, ...] = (
    {},
    {"name": "_contrail_{}-l3-5"},
    {"each_way": True},
    {"description": "by hand", "distinguisher": "10.0.0.1:{number}"},
)
ODD_VRFS: tuple[JsonDict, ...] = (
    {"label": False},
    {"auto_export": False},
    {"other_export": True},
    {"policies": True},
    {"inactive": True},
    {"group": True},
    {"next_hop": True},
    {"twice": True},
)
PROPERTIES: tuple[JsonDict, ...] = (
    {},
    {"virtual_network_properties": {"rpf": "disable", "allow_transit": True}},
    {"is_shared": True, "flood_unknown_unicast": True},
    {"port_security_enabled": False, "display_name": "Left - by hand"},
)
ODD_TERMS: tuple[str, ...] = (
    *("two sources", "no source", "prefix-list", "dscp", "inactive", "group", "counter", "narrower", "no route"),
    *("part from group", "nested", "behind the end", "policer", "routed only", "host bits"),
)


@dataclass(frozen=True)
class FoundTerm:
    """A steering term of a side: the prefix behind it, what it is called, and what is odd about it."""

    prefix: str
    name: str
    odd: str = ""


@dataclass(frozen=True)
class FoundSide:
    """An end of a chain: its network's number, its VRF and the terms that feed that."""

    network: str
    number: int
    vrf: JsonDict
    terms: tuple[FoundTerm, ...]
    six: bool = False
    properties: JsonDict = field(default_factory=dict)

    @property
    def family(self) -> str:
        """The address family of what is behind it."""
        return "inet6" if self.six else "inet"

    @property
    def vrf_name(self) -> str:
        """The name of the VRF."""
        return str(self.vrf.get("name", "{}")).format(self.network)


@dataclass(frozen=True)
class FoundChain:
    """A chain through one service."""

    name: str
    left: FoundSide
    right: FoundSide
    rules: tuple[JsonDict, ...]
    direction: str
    legs: tuple[str, ...]
    service: JsonDict
    shared_legs: bool
    sequence: tuple[int, int]
    services: int = 1
    members: int = 1

    @property
    def returns(self) -> bool:
        """Whether the way back is steered, too."""
        return self.direction == "<>" and self.service["mode"] != "in-network-nat"


@dataclass(frozen=True)
class FoundWorld:
    """Everything."""

    chains: tuple[FoundChain, ...]
    tail: bool
    routers: int = 1
    interface: str = "ge-0/0/0.0"

    @property
    def sides(self) -> tuple[FoundSide, ...]:
        """The ends of the chains, each once; the first chain has the terms of a network that several end in."""
        ends = [side for chain in reversed(self.chains) for side in (chain.left, chain.right)]
        return tuple({side.network: side for side in ends}.values())


# --- strategies ---------------------------------------------------------------------------------------------------


@st.composite
def _side(draw: st.DrawFn, number: int, steered: bool, odd: bool) -> FoundSide:
    vrf = draw(st.sampled_from((*ORDINARY_VRFS, *ODD_VRFS) if odd else ORDINARY_VRFS))
    count = draw(st.integers(0, 3))
    six = not odd and draw(st.booleans())
    names = draw(st.permutations([f"t{number}{letter}" for letter in "abc"]))
    terms = []
    for place in range(count):
        words = ("", "", *ODD_TERMS) if odd and steered else ("",)
        prefix = f"198.51.{100 + number}.{64 * place}/{draw(st.sampled_from([26, 28, 32]))}"
        if six:
            prefix = f"2001:db8:{number + 1:x}:{place + 1}::/64"
        terms.append(FoundTerm(prefix, names[place], draw(st.sampled_from(words))))
    return FoundSide(f"net{number}", number, vrf, tuple(terms), six, draw(st.sampled_from(PROPERTIES)))


@st.composite
def _chain(draw: st.DrawFn, index: int, odd: bool) -> FoundChain:
    service = draw(st.sampled_from((*ORDINARY_SERVICES, *ODD_SERVICES) if odd else ORDINARY_SERVICES))
    direction = draw(st.sampled_from(["<>", ">"]))
    returns = direction == "<>" and service["mode"] != "in-network-nat"
    sequences = [(0, 0), (3, 1)]
    return FoundChain(
        name=f"chain{index}",
        left=draw(_side(2 * index, True, odd)),
        right=draw(_side(2 * index + 1, returns, odd)),
        rules=draw(st.sampled_from((*ORDINARY_RULES, *ODD_RULES) if odd else ORDINARY_RULES)),
        direction=direction,
        legs=draw(st.sampled_from(ORDINARY_LEGS)),
        service=service,
        shared_legs=draw(st.booleans()),
        sequence=draw(st.sampled_from(sequences)),
        services=1 if odd or service["mode"] == "in-network-nat" else draw(st.integers(1, 2)),
        members=1 if odd else draw(st.integers(1, 2)),
    )


@st.composite
def found_worlds(draw: st.DrawFn, *, odd: bool) -> FoundWorld:
    """Draw a world; an odd one has what the data model has no words for."""
    count = draw(st.integers(1, 2))
    chains = tuple(draw(_chain(index, odd)) for index in range(count))
    if count > 1 and draw(st.booleans()):  # two chains from one network
        chains = (chains[0], replace(chains[1], left=replace(chains[0].left, terms=())))
        if draw(st.booleans()):
            chains = (replace(chains[1], name="chain0", left=chains[0].left), replace(chains[0], name="chain1"))
            chains = (chains[0], replace(chains[1], left=replace(chains[1].left, terms=())))
    return FoundWorld(
        chains,
        tail=draw(st.booleans()) if odd else True,
        routers=draw(st.integers(1, 2)),
        interface=draw(st.sampled_from(["ge-0/0/0.0", "irb.100", "vlan.8"])),
    )


# --- Contrail -----------------------------------------------------------------------------------------------------


def make_objects(store: Store, world: FoundWorld) -> None:
    """Make the objects, in the shape in which the official client and Heat send them."""
    objects = ChainObjects(store)
    store.create("project", {"fq_name": SHARED, "parent_type": "domain"})
    ipam = {"to": ["default-domain", "default-project", "default-network-ipam"]}
    subnet = {"subnet": {"ip_prefix": "10.99.0.0", "ip_prefix_len": 24}}
    body = {"fq_name": [*SHARED, "oam"], "parent_type": "project"}
    store.create("virtual-network", {**body, "network_ipam_refs": [{**ipam, "attr": {"ipam_subnets": [subnet]}}]})
    objects.network("oam0", "10.98.0.0/24")
    for side in world.sides:
        _network(objects, side)
    for chain in world.chains:
        for name in _services(chain):
            _service(objects, chain, name)
        _policy(objects, chain)


def _network(objects: ChainObjects, side: FoundSide) -> None:
    target = {"route_target": [f"target:64512:{100 + side.number}"]}
    each_way = {"import_route_target_list": target, "export_route_target_list": target}
    targets = each_way if side.vrf.get("each_way") else {"route_target_list": target}
    objects.network(side.network, f"10.0.{side.number}.0/24", (), **targets, **side.properties)


def _network_of(chain: FoundChain, leg: str) -> str:
    ends = {"left": full_name(chain.left.network), "right": full_name(chain.right.network)}
    return ends.get(leg) or (":".join([*SHARED, "oam"]) if chain.shared_legs else full_name("oam0"))


def _services(chain: FoundChain) -> list[str]:
    return [f"{chain.name}-fw{number or ''}" for number in range(chain.services)]


def _service(objects: ChainObjects, chain: FoundChain, name: str) -> None:
    template = ["default-domain", f"{name}-tpl"]
    service = chain.service
    objects.store.create(
        "service-template",
        {
            "fq_name": template,
            "parent_type": "domain",
            "service_template_properties": {
                "version": service.get("version", 2),
                "service_mode": service["mode"],
                "service_type": service.get("type", "firewall"),
                "service_virtualization_type": service.get("virtualization", "virtual-machine"),
                "interface_type": [{"service_interface_type": leg} for leg in chain.legs],
                **({"image_name": service["image"]} if "image" in service else {}),
            },
        },
    )
    interfaces = [{"virtual_network": _network_of(chain, leg)} for leg in chain.legs]
    properties = {"interface_list": interfaces, **({"ha_mode": service["ha"]} if "ha" in service else {})}
    instance = objects.store.create(
        "service-instance",
        {
            "fq_name": [*full_name(name).split(":")],
            "parent_type": "project",
            "service_template_refs": [{"to": template}],
            "service_instance_properties": properties,
        },
    )
    for number in range(service.get("tuples", chain.members)):
        port_tuple = objects.store.create(
            "port-tuple", {"fq_name": [*instance["fq_name"], f"pt{number}"], "parent_type": "service-instance"}
        )
        for leg in chain.legs:
            port = _port(objects, f"{name}-{leg}-{number}", _network_of(chain, leg), leg)
            objects.store.update_reference(port, "port-tuple", port_tuple["uuid"], "ADD")


def _port(objects: ChainObjects, name: str, network: str, leg: str) -> str:
    machine = [f"vm-{name}"]
    objects.store.create("virtual-machine", {"fq_name": machine})
    port = objects.store.create(
        "virtual-machine-interface",
        {
            "fq_name": full_name(name).split(":"),
            "parent_type": "project",
            "virtual_network_refs": [{"to": network.split(":")}],
            "virtual_machine_refs": [{"to": machine}],
            "virtual_machine_interface_properties": {"service_interface_type": leg},
        },
    )
    return str(port["uuid"])


def _ports(ports: list[tuple[int, int]]) -> list[JsonDict]:
    return [{"start_port": first, "end_port": last} for first, last in ports]


def _policy(objects: ChainObjects, chain: FoundChain) -> None:
    rules = []
    for rule in chain.rules:
        services = [full_name(name) for name in _services(chain)] if rule.get("services", True) else []
        actions: JsonDict = {"simple_action": rule.get("action", "pass"), "apply_service": services}
        if rule.get("mirror"):
            actions["mirror_to"] = {"analyzer_name": full_name(f"{chain.name}-fw")}
        rules.append(
            {
                "direction": chain.direction,
                "protocol": rule["protocol"],
                "src_addresses": [{"virtual_network": full_name(chain.left.network)}],
                "dst_addresses": [{"virtual_network": full_name(chain.right.network)}],
                "src_ports": _ports(rule.get("src_ports", ANY)),
                "dst_ports": _ports(rule.get("dst_ports", ANY)),
                "action_list": actions,
            }
        )
    body = {"network_policy_entries": {"policy_rule": rules}}
    name = full_name(chain.name).split(":")
    policy = objects.store.create("network-policy", {"fq_name": name, "parent_type": "project", **body})
    major, minor = chain.sequence
    for side in (chain.left, chain.right):
        network = objects.uuid("virtual-network", side.network)
        attr = {"sequence": {"major": major, "minor": minor}}
        objects.store.update_reference(network, "network-policy", policy["uuid"], "ADD", attr)


# --- router -------------------------------------------------------------------------------------------------------


def configuration(world: FoundWorld) -> str:
    """Return what scripts have configured on the router, as a whole configuration."""
    grouped = [_instance(side) for side in world.sides if side.vrf.get("group")]
    instances = [_instance(side) for side in world.sides if not side.vrf.get("group")]
    grouped_terms = "".join(_group_term(term, side) for _chain_, side, term in _terms(world) if "group" in term.odd)
    terms = [(*_term(chain, side, term), side.family) for chain, side, term in _terms(world) if term.odd != "group"]
    last = "".join(text for text, behind, _family in terms if behind)
    first = "".join(text for text, behind, family in terms if not behind and family == "inet")
    sixth = "".join(text for text, _behind, family in terms if family == "inet6")
    tail = "<term><name>end</name><then><accept/></then></term>" if world.tail or last else ""
    end = "<term><name>last</name><then><accept/></then></term>"
    physical, _dot, unit = world.interface.partition(".")
    bound = "<filter><input><filter-name>{}</filter-name></input></filter>"
    group = ""
    if grouped or grouped_terms:
        inside = f"<routing-instances>{''.join(grouped)}</routing-instances>" if grouped else ""
        if grouped_terms:
            filter_ = f"<filter><name>F</name>{grouped_terms}</filter>"
            inside += f"<firewall><family><inet>{filter_}</inet></family></firewall>"
        group = f"<groups><name>tool</name>{inside}</groups><apply-groups>tool</apply-groups>"
    listed = "<prefix-list-item><name>192.0.2.0/24</name></prefix-list-item>"
    prefix_list = f"<prefix-list><name>those</name>{listed}</prefix-list>"
    return f"""<configuration>{group}
    <system><root-authentication><encrypted-password>*</encrypted-password></root-authentication></system>
    <interfaces><interface><name>{physical}</name><unit><name>{unit}</name><family>
    <inet>{bound.format("F")}<address><name>203.0.113.1/24</name></address></inet>
    <inet6>{bound.format("F6")}<address><name>2001:db8:ffff::1/64</name></address></inet6></family></unit></interface></interfaces>
    <routing-options><route-distinguisher-id>10.255.0.1</route-distinguisher-id></routing-options>
    <policy-options>{prefix_list}<policy-statement><name>take</name><then><accept/></then></policy-statement></policy-options>
    <firewall><policer><name>slow</name><if-exceeding><bandwidth-limit>1m</bandwidth-limit><burst-size-limit>15k</burst-size-limit>
    </if-exceeding><then><discard/></then></policer><family><inet>
    <filter><name>G</name><term><name>g</name><then><accept/></then></term></filter>
    <filter><name>F</name>{first}{tail}{last}{end}</filter></inet>
    <inet6><filter><name>F6</name>{sixth}{end}</filter></inet6></family></firewall>
    <routing-instances>{"".join(instances)}</routing-instances></configuration>"""


def _terms(world: FoundWorld) -> Iterator[tuple[FoundChain, FoundSide, FoundTerm]]:
    for chain in world.chains:
        for side, steered in ((chain.left, True), (chain.right, chain.returns)):
            for term in side.terms if steered else ():
                yield chain, side, term


def _matches(rule: JsonDict, mirrored: bool, six: bool) -> str:
    tag = "next-header" if six else "protocol"
    protocol = "" if rule["protocol"] == "any" else f"<{tag}>{rule['protocol']}</{tag}>"
    near, far = ("dst", "src") if mirrored else ("src", "dst")
    found = protocol
    for side, tag in ((near, "source-port"), (far, "destination-port")):
        for first, last in rule.get(f"{side}_ports", ()):
            if (first, last) not in {(0, 65535), (0, 4095)} and protocol:
                found += f"<{tag}>{first if first == last else f'{first}-{last}'}</{tag}>"
    return found


def _term(chain: FoundChain, side: FoundSide, term: FoundTerm) -> tuple[str, bool]:
    """Return the terms for a prefix, one for each rule, and whether they stand behind the end of the filter."""
    text = ""
    mirrored = side is chain.right
    for number, rule in enumerate(chain.rules, start=1):
        name = term.name if len(chain.rules) == 1 else f"{term.name}-{number}"
        if term.odd == "routed only":
            continue
        sources = [term.prefix]
        if term.odd == "two sources":
            sources.append(f"203.0.{113 + side.number}.0/24")
        if term.odd == "narrower":
            sources = [f"{term.prefix.partition('/')[0]}/32"]
        if term.odd == "host bits":
            sources = [f"{term.prefix.partition('/')[0].rpartition('.')[0]}.7/24"]
        source = "".join(f"<source-address><name>{each}</name></source-address>" for each in sources)
        if term.odd in {"no source", "prefix-list"}:
            source = ""
        if term.odd == "prefix-list":
            source = "<source-prefix-list><name>those</name></source-prefix-list>"
        dscp = "<dscp>ef</dscp>" if term.odd == "dscp" else ""
        then = f"<routing-instance><routing-instance-name>{side.vrf_name}</routing-instance-name></routing-instance>"
        then += {"counter": f"<count>c{name}</count>", "policer": "<policer>slow</policer>"}.get(term.odd, "")
        nested = "<filter>G</filter>" if term.odd == "nested" else ""
        inactive = ' inactive="inactive"' if term.odd == "inactive" else ""
        match = f"{source}{dscp}{_matches(rule, mirrored, side.six)}"
        condition = f"<from>{match}</from>" if match else ""
        text += f"<term{inactive}><name>{name}</name>{nested}{condition}<then>{then}</then></term>"
    return text, term.odd == "behind the end"


def _group_term(term: FoundTerm, side: FoundSide) -> str:
    if term.odd == "part from group":
        return f"<term><name>{term.name}</name><from><dscp>ef</dscp></from></term>"
    return (
        f"<term><name>{term.name}</name><from><source-address><name>{term.prefix}</name></source-address></from>"
        f"<then><routing-instance><routing-instance-name>{side.vrf_name}</routing-instance-name></routing-instance></then></term>"
    )


def _instance(side: FoundSide) -> str:
    vrf = side.vrf
    target = f"target:64512:{100 + side.number}"
    targets = f"<vrf-target><community>{target}</community></vrf-target>"
    if vrf.get("each_way"):
        targets = f"<vrf-target><import>{target}</import><export>{target}</export></vrf-target>"
    if vrf.get("other_export"):
        targets = f"<vrf-target><import>{target}</import><export>target:64512:999</export></vrf-target>"
    if vrf.get("policies"):
        targets = "<vrf-import>take</vrf-import><vrf-export>take</vrf-export>"
    routes = ""
    for term in side.terms:
        if term.odd != "no route":
            leads = "<next-hop>203.0.113.9</next-hop>" if vrf.get("next_hop") else "<next-table>inet.0</next-table>"
            routes += f"<route><name>{term.prefix}</name>{leads}</route>"
    static = f"<static>{routes}</static>" if routes and not side.six else ""
    also = ""
    if routes and side.six:
        leading = routes.replace("inet.0", "inet6.0")
        static = f"<rib><name>{side.vrf_name}.inet6.0</name><static>{leading}</static></rib>"
        also = "<inet6><unicast/></inet6>"
    automatic = f"<auto-export><family><inet><unicast/></inet>{also}</family></auto-export>"
    export = automatic if vrf.get("auto_export", True) else ""
    options = f"<routing-options>{static}{export}</routing-options>" if static or export else ""
    distinguisher = str(vrf.get("distinguisher", "")).format(number=side.number)
    rd = f"<route-distinguisher><rd-type>{distinguisher}</rd-type></route-distinguisher>" if distinguisher else ""
    description = f"<description>{vrf['description']}</description>" if "description" in vrf else ""
    label = "<vrf-table-label/>" if vrf.get("label", True) else ""
    inactive = ' inactive="inactive"' if vrf.get("inactive") else ""

    def written(name: str) -> str:
        return (
            f"<instance{inactive}><name>{name}</name>{description}<instance-type>vrf</instance-type>{rd}{targets}"
            f"{label}{options}</instance>"
        )

    return written(side.vrf_name) + (written(f"{side.vrf_name}-too") if vrf.get("twice") else "")
