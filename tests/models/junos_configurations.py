# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Router configurations as Junos takes them, whoever wrote them: drawn from the types and patterns of Juniper's YANG
(18.4R1: firewall, routing-instances, routing-options, protocols, interfaces), not from this collection's options.

Most leaves of a firewall filter are plain strings there; what the CLI takes for them is in its documentation: names,
numbers, ranges, ``0x`` for hexadecimal and ``b`` for binary values. Any statement may be deactivated.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from random import Random
from typing import TypeAlias

from lxml import etree

Node: TypeAlias = etree._Element
Nodes: TypeAlias = list[Node]

INSTANCE = re.compile(r'^((__.*__)|(all)|(.*[ ].*)|("")|(.{129,}))$')
FILTER = re.compile(r"^((__.*)|(.{65,}))$")
PRINTED = [chr(code) for code in (*range(33, 127), *range(0xA1, 0x180)) if code != 0xAD]
POLICIES = ("p1", "p2", "( p1 && ! p2 )", "with space")
UNITS = ("ge-0/0/0.0", "xe-0/0/0:1.100", "lo0.3", "irb.100", "ae0.4094", "vt-0/0/0.1", "lo0")
SINKS = ("sink", "si.nk")
"""Routing instances without routes, to which next tables can lead without a loop."""


def node(tag: str, *children: Node, text: str | None = None) -> Node:
    """Return an element."""
    made = etree.Element(tag)
    made.text = text
    made.extend(children)
    return made


def entry(tag: str, name: str, *children: Node) -> Node:
    """Return an entry of a list."""
    return node(tag, node("name", text=name), *children)


class Junos:
    """Makes configurations by chance; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.deactivates = self.chance.choice((0, 0.03, 0.1))
        self._units = self.chance.sample(UNITS, k=len(UNITS))
        self._numbers: list[int] = []

    # --- statements ---

    def leaf(self, tag: str, text: str) -> Node:
        """Return a leaf."""
        return self.perhaps_inactive(node(tag, text=text))

    def box(self, tag: str, *parts: Nodes) -> Node:
        """Return a container with these parts."""
        return self.perhaps_inactive(node(tag, *(one for part in parts for one in part)))

    def entry(self, tag: str, name: str, *parts: Nodes) -> Node:
        """Return an entry of a list with these parts."""
        return self.perhaps_inactive(entry(tag, name, *(one for part in parts for one in part)))

    def perhaps_inactive(self, made: Node) -> Node:
        """Deactivate a statement now and then."""
        if self.chance.random() < self.deactivates:
            made.set("inactive", "inactive")
        return made

    def maybe(self, make: Callable[[], Node], likely: float = 0.5) -> Nodes:
        """Return a statement or none."""
        return [make()] if self.chance.random() < likely else []

    def some(self, values: Callable[[], str], most: int = 3) -> list[str]:
        """Return a few values, each once."""
        return list(dict.fromkeys(values() for _each in range(self.chance.randint(0, most))))

    def leaf_list(self, tag: str, values: Callable[[], str]) -> Nodes:
        """Return values of a leaf-list."""
        return [self.leaf(tag, text) for text in self.some(values)] if self.chance.random() < 0.4 else []

    # --- values ---

    def pick(self, *values: str) -> str:
        """Return one of these."""
        return self.chance.choice(values)

    def number(self, low: int, high: int) -> str:
        """Return a number as text."""
        return str(self.chance.randint(low, high))

    def word(self, refused: re.Pattern[str], known: Sequence[str]) -> str:
        """Return a name that a pattern of the YANG does not refuse."""
        while self.chance.random() < 0.4:
            text = "".join(self.chance.choices(PRINTED, k=self.chance.randint(1, 12)))
            if not refused.match(text) and text not in SINKS:
                return text
        return self.chance.choice(known)

    def filter_name(self) -> str:
        """Return the name of a filter, term or counter."""
        return self.word(FILTER, ("edge", "default", "t1", "t2", "two words", "a.b"))

    def address(self, family: str) -> str:
        """Return an address."""
        bits = self.chance.getrandbits
        return str(ipaddress.IPv4Address(bits(32)) if family == "inet" else ipaddress.IPv6Address(bits(128)))

    def prefix(self, family: str) -> str:
        """Return a prefix, perhaps with bits behind its length."""
        if family == "inet" and self.chance.random() < 0.5:
            return self.pick("10.1.2.3/8", "10.0.0.0/8", "172.31.9.34/32", "0.0.0.0/0", "10.1.2.0/24")
        return f"{self.address(family)}/{self.chance.randint(0, 32 if family == 'inet' else 128)}"

    def route(self, family: str) -> str:
        """Return the destination of a route."""
        return self.pick("default", "0/0", self.prefix(family)) if family == "inet" else self.prefix(family)

    def target(self) -> str:
        """Return a community that the pattern of a route target takes."""
        return self.pick(
            "target:64512:1", "target:4200000000L:7", "target:10.1.1.1:5", "origin:64512:1", "target:1.2:3",
            f"target:{self.number(0, 2**33)}:{self.number(0, 2**33)}",
        )  # fmt: skip

    def distinguisher(self) -> str:
        """Return a route distinguisher; no two VRFs have the same."""
        number = len(self._numbers)
        self._numbers.append(number)
        administrator = self.pick("172.31.10.57", "64512", "4200000000L", "4200000000", "1.2.3", self.address("inet"))
        return f"{administrator}:{number}"

    def unit(self) -> str:
        """Return a logical interface, or what the YANG takes for one; each is in one VRF."""
        return self._units.pop() if self._units else f"demux0.{self.chance.getrandbits(30)}"

    def description(self) -> str:
        """Return a description."""
        return self.pick("left side", "Standort Zürich", "say \u202eno", self.word(FILTER, ("x",)))

    def port(self) -> str:
        """Return a port, a range or one of the names that the CLI knows; releases have names of their own."""
        names = ("afs", "bgp", "ftp-data", "http", "https", "kerberos-sec", "netbios-ssn", "radius", "ssh", "zephyr-hm")
        return self.pick(*names, "80", "22", "1024-65535", "0-0", "somewhere", self.number(0, 65535))

    def protocol(self) -> str:
        """Return an IP protocol."""
        names = ("tcp", "udp", "icmp6", "icmpv6", "mobility", "dstops", "vrrp", "ospf", "newer")
        return self.pick(*names, "6", "58", "1-6", "50-51", self.number(0, 255))

    def code_point(self) -> str:
        """Return a DSCP."""
        forms = ("ef", "be", "cs1", "af31", "101110", "000010", "b101110", "0x2e", "0x0A", "1-9", "unheard")
        return self.pick(*forms, self.number(0, 63))

    def as_number(self) -> str:
        """Return the number of an autonomous system."""
        return self.pick("64512", "1.10", "65000L", "4200000000", self.number(1, 2**32 - 1))

    # --- routing instances ---

    def _static_route(self, family: str) -> list[Nodes]:
        main = "inet.0" if family == "inet" else "inet6.0"
        hops = (self.address(family), self.address(family), "gr-0/0/0.1", "xe-0/0/0:1.0", "st0")
        actions: list[Callable[[], Nodes]] = [
            lambda: [self.leaf("next-table", self.pick(main, f"sink.{main}", f"si.nk.{main}", "sink.inet.3"))],
            lambda: [self.leaf("next-hop", hop) for hop in self.some(lambda: self.pick(*hops)) or hops[:1]],
            lambda: [self.box("discard")],
            lambda: [self.box("reject")],
            lambda: [self.entry("qualified-next-hop", hops[0], [self.leaf("metric", "5")])],
        ]
        action = self.chance.choice(actions)()
        preference = [self.leaf("metric-value", self.pick("0", "5", self.number(0, 2**32 - 1)))]
        more = [
            self.maybe(lambda: self.box("preference", preference), 0.3),
            self.maybe(lambda: self.box("resolve"), 0.1),
        ]
        return [action, *more]

    def static(self, family: str) -> Node:
        """Return static routes."""
        names = self.some(lambda: self.route(family))
        return self.box("static", [self.entry("route", name, *self._static_route(family)) for name in names])

    def _auto_export(self) -> Node:
        def off() -> Nodes:
            return self.maybe(lambda: self.box("disable"), 0.1)

        def family(name: str) -> Node:
            unicast = self.maybe(
                lambda: self.box("unicast", off(), self.maybe(lambda: self.leaf("rib-group", "g"), 0.1))
            )
            return self.box(name, off(), unicast)

        families = [one for name in ("inet", "inet6") for one in self.maybe(partial(family, name))]
        return self.box("auto-export", off(), self.maybe(lambda: self.box("family", families)))

    def routing_options(self, name: str) -> Node:
        """Return the routing options of an instance."""
        rib = self.maybe(lambda: self.entry("rib", f"{name}.inet6.0", [self.static("inet6")]))
        options = (self.maybe(lambda: self.static("inet")), self.maybe(self._auto_export))
        return self.box("routing-options", rib, *options, self.maybe(lambda: self.box("multipath"), 0.1))

    def vrf(self, name: str) -> Node:
        """Return a VRF."""
        tags = ("community", "import", "export")
        targets = [self.maybe(partial(self.leaf, tag, self.target()), 0.4) for tag in tags]
        label = self.maybe(lambda: self.leaf("static", "7"), 0.1)
        return self.entry(
            "instance", name,
            self.maybe(lambda: self.leaf("description", self.description())),
            [node("instance-type", text="vrf")],
            self.maybe(lambda: self.entry("apply-macro", "opencontrail-service-chain")),
            [self.entry("interface", one, self.maybe(lambda: self.box("primary"), 0.1)) for one in self.some(
                self.unit)],
            self.maybe(lambda: self.box("route-distinguisher", [self.leaf("rd-type", self.distinguisher())])),
            self.leaf_list("vrf-import", lambda: self.pick(*POLICIES)),
            self.leaf_list("vrf-export", lambda: self.pick(*POLICIES)),
            self.maybe(lambda: self.box("vrf-target", *targets), 0.7),
            self.maybe(lambda: self.box("vrf-table-label", label)),
            self.maybe(lambda: self.routing_options(name), 0.7),
            self.maybe(lambda: self.box("protocols", [self.box("ospf")]), 0.2),
        )  # fmt: skip

    # --- firewall filters ---

    def _addresses(self, tag: str, family: str) -> Nodes:
        names = self.some(lambda: self.prefix(family))
        return [self.entry(tag, name, self.maybe(lambda: self.box("except"), 0.2)) for name in names]

    def _from(self, family: str) -> Node:
        protocol, dscp = ("protocol", "dscp") if family == "inet" else ("next-header", "traffic-class")
        return self.box(
            "from",
            self._addresses("source-address", family),
            self._addresses("destination-address", family) if self.chance.random() < 0.3 else [],
            self.maybe(lambda: self.entry("source-prefix-list", "nets"), 0.1),
            self.leaf_list(protocol, self.protocol),
            self.leaf_list("source-port", self.port),
            self.leaf_list("destination-port", self.port),
            self.leaf_list(dscp, self.code_point),
            self.maybe(lambda: self.leaf("tcp-flags", "(syn & !ack)"), 0.1),
        )

    def _then(self, vrfs: Sequence[str]) -> Node:
        def steer() -> Node:
            goal = self.leaf("routing-instance-name", self.pick(*vrfs, "sink"))
            return self.box("routing-instance", [goal], self.maybe(lambda: self.leaf("topology", "voice"), 0.1))

        ends = (lambda: self.box("accept"), lambda: self.box("discard"), lambda: self.leaf("next", "term"))
        end = steer() if self.chance.random() < 0.7 else self.chance.choice(ends)()
        count = self.maybe(lambda: self.leaf("count", self.filter_name()), 0.3)
        return self.box("then", count, self.maybe(lambda: self.box("log"), 0.1), [end])

    def filter(self, name: str, family: str, vrfs: Sequence[str]) -> Node:
        """Return a firewall filter."""
        terms = [
            self.entry("term", one, self.maybe(lambda: self._from(family), 0.8), [self._then(vrfs)])
            for one in self.some(self.filter_name, 4)
        ]
        tail = self.maybe(lambda: self.entry("term", "rest", [self.box("then", [self.box("accept")])]), 0.4)
        return self.entry("filter", name, self.maybe(lambda: self.box("interface-specific"), 0.2), terms, tail)

    def firewall(self, vrfs: Sequence[str]) -> Node:
        """Return filters of both families."""
        families = [
            self.box(family, [self.filter(name, family, vrfs) for name in self.some(self.filter_name, 2)])
            for family in ("inet", "inet6")
        ]
        return self.box("firewall", [node("family", *families)])

    def _unit(self, number: str, filters: Sequence[str]) -> Node:
        def binding() -> Node:
            name = self.pick(*filters)
            if self.chance.random() < 0.5:
                return self.box("filter", [self.box("input", [self.leaf("filter-name", name)])])
            return self.box("filter", [self.leaf("input-list", one) for one in self.some(lambda: self.pick(*filters))])

        families = [self.box(family, self.maybe(binding)) for family in ("inet", "inet6")]
        return self.entry("unit", number, [node("family", *families)])

    def interfaces(self, filters: Sequence[str]) -> Node:
        """Return interfaces with the filters bound here and there."""
        names = self.some(lambda: self.pick("ge-0/0/0", "xe-0/0/0:1", "irb"))
        return self.box(
            "interfaces",
            [self.entry("interface", name, [self._unit(number, filters) for number in ("0", "100")]) for name in names],
        )

    # --- the whole ---

    def _group(self, vrfs: Sequence[str]) -> Node:
        choices: list[Callable[[], Node]] = [
            lambda: self.box("vrf-table-label"),
            lambda: self.leaf("vrf-import", "p9"),
            lambda: self.leaf("description", "of a group"),
            lambda: self.routing_options("given"),
        ]
        given = self.chance.choice(choices)()
        return entry("groups", "given", node("routing-instances", entry("instance", self.pick(*vrfs), given)))

    def vpn_gateway(self) -> Node:
        """Return a router with VRFs, filters that feed some of them, interfaces, and perhaps a group."""
        known = ("vn1", "vn2", "_contrail_a-l3-5", "left.right", "Ä")
        vrfs = self.some(lambda: self.word(INSTANCE, known)) or ["vn1"]
        firewall = self.firewall(vrfs)
        filters = _texts(firewall.iterfind("family/*/filter/name")) or ["none"]
        sinks = [entry("instance", name, node("instance-type", text="virtual-router")) for name in SINKS]
        return node(
            "configuration",
            *self.maybe(lambda: self._group(vrfs), 0.3),
            self.interfaces(filters),
            node("routing-options", node("route-distinguisher-id", text="172.31.10.57")),
            firewall,
            self.box("routing-instances", [*(self.vrf(name) for name in vrfs), *sinks]),
        )

    # --- peering ---

    def _bgp_options(self, family: str) -> list[Nodes]:
        """Return what may stand in a group and in a neighbor."""
        hold_time = self.pick("0", "3", "90", "65535")
        return [
            self.maybe(lambda: self.leaf("description", self.description()), 0.3),
            self.maybe(lambda: self.box("multihop", self.maybe(lambda: self.leaf("ttl", "64"))), 0.3),
            self.maybe(lambda: self.leaf("local-address", self.address(family)), 0.4),
            self.maybe(lambda: self.leaf("hold-time", hold_time), 0.3),
            self.maybe(lambda: self.leaf("authentication-key", "$9$secret"), 0.2),
            self.maybe(lambda: self.box("log-updown"), 0.2),
        ]

    def _families(self) -> Node:
        kinds = ("inet", "inet-vpn", "inet6", "inet6-vpn", "evpn", "route-target", "inet-mvpn", "iso-vpn")
        inside = {"evpn": "signaling", "inet-mvpn": "signaling", "route-target": "advertise-default"}
        made = [
            self.box(
                kind, self.maybe(partial(self.box, inside.get(kind, self.pick("unicast", "any", "multicast"))), 0.8)
            )
            for kind in self.some(lambda: self.pick(*kinds), 4)
        ]
        return self.box("family", made)

    def bgp_group(self, name: str) -> Node:
        """Return a BGP group."""
        external = self.chance.random() < 0.4
        kind = [node("type", text="external")] if external else self.maybe(lambda: node("type", text="internal"), 0.8)
        neighbors = [
            self.entry(
                "neighbor", address, *self._bgp_options("inet"), [self.leaf("peer-as", self.as_number())] if external
                else self.maybe(lambda: self.leaf("peer-as", self.as_number()), 0.3),
            )
            for address in self.some(lambda: self.address(self.pick("inet", "inet6")))
        ]  # fmt: skip
        return self.entry(
            "group", name, kind, *self._bgp_options("inet"),
            self.maybe(self._families, 0.7),
            self.leaf_list("export", lambda: self.pick(*POLICIES)),
            self.maybe(lambda: self.leaf("peer-as", self.as_number()), 0.2),
            self.maybe(lambda: self.entry("apply-macro", "opencontrail-service-chain"), 0.2),
            neighbors,
        )  # fmt: skip

    def dynamic_tunnel(self, name: str) -> Node:
        """Return a dynamic tunnel: of packets in GRE or UDP, or of RSVP."""
        ways: list[Callable[[], Nodes]] = [
            lambda: [self.box("gre")],
            lambda: [self.box("udp")],
            lambda: [self.entry("rsvp-te", "x")],
        ]
        targets = [entry("destination-networks", self.prefix("inet"))]
        targets += [self.entry("destination-networks", one) for one in self.some(lambda: self.prefix("inet"))]
        source = [node("source-address", text=self.address("inet"))]
        return self.entry("dynamic-tunnel", name, source, self.chance.choice(ways)(), targets)

    def policy(self, name: str) -> Node:
        """Return a policy, perhaps with terms that make the router the next hop."""
        terms = [
            self.entry(
                "term", family, [node("from", node("family", text=family))],
                [node("then", node("next-hop", node("self")), *self.maybe(lambda: node("accept"), 0.3))],
            )
            for family in self.some(lambda: self.pick("inet", "inet-vpn", "inet6-vpn", "l2vpn"))
        ]  # fmt: skip
        return self.entry("policy-statement", name, terms, self.maybe(lambda: node("then", node("accept")), 0.3))

    def _tunnel_services(self, fpc: str) -> Node:
        bandwidth = self.maybe(lambda: self.leaf("bandwidth", self.pick("1g", "10g", "400g", "100m")))
        return self.entry("fpc", fpc, [self.entry("pic", "0", [self.box("tunnel-services", bandwidth)])])

    def bgp_router(self) -> Node:
        """Return a router with BGP groups, dynamic tunnels, policies and what they need."""
        names = self.some(lambda: self.pick("contrail", "_contrail_asn-64512", "with space", "a.b", "Ä", "x" * 70), 3)
        tunnels = [self.dynamic_tunnel(one) for one in [*names, "other"] if self.chance.random() < 0.5]
        number = node("autonomous-system", self.leaf("as-number", self.as_number()))
        return node(
            "configuration",
            self.box("chassis", [self._tunnel_services(fpc) for fpc in self.some(lambda: self.pick("0", "1", "11"))]),
            node(
                "routing-options",
                *self.maybe(lambda: self.leaf("router-id", "10.0.0.1")),
                *self.maybe(lambda: self.leaf("route-distinguisher-id", "10.0.0.1")),
                number,
                *self.maybe(lambda: self.box("dynamic-tunnels", tunnels), 0.8),
            ),
            self.box(
                "protocols",
                self.maybe(lambda: self.box("mpls", self.maybe(lambda: self.box("ipv6-tunneling")))),
                [self.box("bgp", [self.bgp_group(name) for name in names])],
            ),
            self.box("policy-options", [self.policy(name) for name in POLICIES if name.startswith("p")]),
        )


def _texts(nodes: Iterable[Node]) -> list[str]:
    return [one.text or "" for one in nodes]
