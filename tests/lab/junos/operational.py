# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operational RPCs: what the router says about itself, its instances, peers and routes.

Routes come from a provider of tables; instances, peers and filters from the committed configuration. An
operation that is not known here gives None, which the session answers with a syntax error.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from . import text
from .replies import JUNOS
from .router import stamp
from .routes_reply import Query, route_information

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab.routes import RouteTable, RouteTables

    from .router import Router

NAMESPACES = {
    "route-information": "junos-routing",
    "route-summary-information": "junos-routing",
    "bgp-information": "junos-routing",
    "instance-information": "junos-routing",
    "interface-information": "junos-interface",
    "route-engine-information": "junos-chassis",
    "chassis-inventory": "junos-chassis",
    "firewall-information": "junos-filter",
}
"""The namespace in which each reply's root stands, as far as it is not the reply's own."""

BUILT_IN_INSTANCES = (
    "__juniper_private1__",
    "__juniper_private2__",
    "__juniper_private3__",
    "__juniper_private4__",
)
INTERNAL_HOSTS = (
    ("128.0.0.1", ("master",)),
    ("128.0.0.4", ("re0",)),
    ("128.0.0.5", ("re1",)),
    ("128.0.0.6", ("backup",)),
)
"""What /etc/hosts.junos says about the internal addresses of a single chassis."""

INTERNAL_ADDRESSES = ("10.0.0.4/8", "128.0.0.1/2", "128.0.0.4/2")
PACKAGES = (
    "os-kernel",
    "os-libs",
    "os-runtime",
    "junos-modules",
    "junos-libs",
    "junos-runtime",
    "junos-daemons",
)

COMMANDS = {
    "show version": "get-software-information",
    "show system uptime": "get-system-uptime-information",
    "show chassis routing-engine": "get-route-engine-information",
    "show bgp summary": "get-bgp-summary-information",
    "show route instance": "get-instance-information",
    "show route": "get-route-information",
    "show route summary": "get-route-summary-information",
    "show firewall": "get-firewall-information",
}
"""CLI commands that the `command` RPC takes and what they stand for; `show route table T` as well."""


@dataclass
class Operational:
    """Answers operational RPCs for a router.

    `tables` is asked for the routing tables, `established` for the addresses of the BGP peers that are up;
    without it all configured peers are.
    """

    tables: RouteTables
    established: Callable[[], frozenset[str]] | None = None

    def __call__(self, router: Router, rpc: etree._Element) -> etree._Element | None:
        """The reply's root element, without namespaces; None for an unknown operation."""
        answer = OPERATIONS.get(str(rpc.tag))
        return None if answer is None else answer(self, router, rpc)

    # The box

    def software(self, router: Router, _rpc: etree._Element) -> etree._Element:
        """get-software-information."""
        root = etree.Element("software-information")
        _leaf(root, "host-name", _host_name(router))
        _leaf(root, "product-model", "vmx")
        _leaf(root, "product-name", "vmx")
        _leaf(root, "junos-version", router.version)
        for package in PACKAGES:
            one = etree.SubElement(root, "package-information")
            _leaf(one, "name", package)
            _leaf(one, "comment", f"JUNOS {package} [{router.version}]")
        return root

    def uptime(self, router: Router, _rpc: etree._Element) -> etree._Element:
        """get-system-uptime-information."""
        moment = router.clock()
        root = etree.Element("system-uptime-information")
        _moment(etree.SubElement(root, "current-time"), moment)
        _leaf(root, "time-source", " LOCAL CLOCK ")
        for name in ("system-booted-time", "protocols-started-time"):
            _elapsed(_moment(etree.SubElement(root, name), router.started), moment - router.started)
        configured = etree.SubElement(root, "last-configured-time")
        last = router.history[0]
        _elapsed(_moment(configured, last.at), moment - last.at)
        _leaf(configured, "user", last.user)
        return root

    def engines(self, router: Router, _rpc: etree._Element) -> etree._Element:
        """get-route-engine-information: one routing engine, re0, master."""
        root = etree.Element("route-engine-information")
        engine = etree.SubElement(root, "route-engine")
        up = int((router.clock() - router.started).total_seconds())
        for name, value in (
            ("slot", "0"),
            ("mastership-state", "master"),
            ("mastership-priority", "master (default)"),
            ("status", "OK"),
            ("memory-dram-size", "1024 MB"),
            ("memory-buffer-utilization", "36"),
            ("cpu-idle", "96"),
            ("model", "RE-VMX"),
        ):
            _leaf(engine, name, value)
        _seconds(_leaf(engine, "start-time", stamp(router.started)), int(router.started.timestamp()))
        _seconds(_leaf(engine, "up-time", f"{up} seconds"), up)
        _leaf(engine, "last-reboot-reason", "Router rebooted after a normal shutdown.")
        return root

    def inventory(self, _router: Router, _rpc: etree._Element) -> etree._Element:
        """get-chassis-inventory."""
        root = etree.Element("chassis-inventory")
        chassis = etree.SubElement(root, "chassis")
        chassis.set(f"{{{JUNOS}}}style", "inventory")
        for name, value in (("name", "Chassis"), ("serial-number", "VM5A0000LAB1"), ("description", "VMX")):
            _leaf(chassis, name, value)
        return root

    def file(self, _router: Router, rpc: etree._Element) -> etree._Element | None:
        """file-show: the one file that clients ask for to find out on which routing engine they are."""
        if rpc.findtext("filename") != "/etc/hosts.junos":
            return None
        root = etree.Element("file-content")
        root.text = "\n" + "".join(f"{address}\t{' '.join(names)}\n" for address, names in INTERNAL_HOSTS)
        return root

    def interfaces(self, router: Router, rpc: etree._Element) -> etree._Element:
        """get-interface-information in terse style; of the private instance, the internal addresses."""
        root = etree.Element("interface-information")
        root.set(f"{{{JUNOS}}}style", "terse")
        instance = rpc.findtext("routing-instance")
        if instance is not None and instance.startswith("__juniper_private"):
            _logical(etree.SubElement(root, "physical-interface"), "em1.0", "inet", INTERNAL_ADDRESSES)
            return root
        for interface in router.inherited().iterfind("interfaces/interface"):
            name = interface.findtext("name") or ""
            wanted = rpc.findtext("interface-name")
            if wanted and wanted.partition(".")[0] != name:
                continue
            physical = etree.SubElement(root, "physical-interface")
            _leaf(physical, "name", name)
            _leaf(physical, "admin-status", "up")
            _leaf(physical, "oper-status", "up")
            for unit in interface.iterfind("unit"):
                for family in unit.iterfind("family/*"):
                    addresses = [one.findtext("name") or "" for one in family.iterfind("address")]
                    _logical(physical, f"{name}.{unit.findtext('name')}", str(family.tag), addresses)
        return root

    # Routes, instances, peers, filters

    def routes(self, _router: Router, rpc: etree._Element) -> etree._Element:
        """get-route-information."""
        return route_information(self.tables(), Query.of(rpc))

    def route_summary(self, router: Router, rpc: etree._Element) -> etree._Element:
        """get-route-summary-information."""
        root = etree.Element("route-summary-information")
        _leaf(root, "router-id", router.inherited().findtext("routing-options/router-id") or "0.0.0.0")
        wanted = rpc.findtext("table")
        for table in self.tables():
            if wanted and table.name != wanted:
                continue
            element = etree.SubElement(root, "route-table")
            _leaf(element, "table-name", table.name)
            for name, value in _counts(table).items():
                _leaf(element, name, value)
            protocols = Counter(entry.protocol for one in table.destinations for entry in one.entries)
            active = Counter(
                entry.protocol for one in table.destinations for entry in one.entries if entry.active
            )
            for protocol, number in sorted(protocols.items()):
                line = etree.SubElement(element, "protocols")
                _leaf(line, "protocol-name", protocol)
                _leaf(line, "protocol-route-count", number)
                _leaf(line, "active-route-count", active[protocol])
        return root

    def instances(self, router: Router, rpc: etree._Element) -> etree._Element:
        """get-instance-information: the built-in instances first, then those that are configured."""
        root = etree.Element("instance-information")
        root.set(f"{{{JUNOS}}}style", "terse")
        tables = {table.name: table for table in self.tables()}
        configured = router.inherited().findall("routing-instances/instance")
        kinds = [("master", "forwarding"), *((name, "forwarding") for name in BUILT_IN_INSTANCES)]
        kinds.append(("__master.anon__", "forwarding"))
        kinds += [
            (one.findtext("name") or "", one.findtext("instance-type") or "no-forwarding")
            for one in configured
        ]
        wanted = rpc.findtext("instance-name")
        for name, kind in kinds:
            if wanted and name != wanted:
                continue
            core = etree.SubElement(root, "instance-core")
            _leaf(core, "instance-name", name)
            _leaf(core, "instance-type", kind)
            for table in _tables_of(name, tables):
                rib = etree.SubElement(core, "instance-rib")
                counts = _counts(table)
                _leaf(rib, "irib-name", table.name)
                _leaf(rib, "irib-active-count", counts["active-route-count"])
                _leaf(rib, "irib-holddown-count", 0)
                _leaf(rib, "irib-hidden-count", table.hidden)
        return root

    def bgp_summary(self, router: Router, _rpc: etree._Element) -> etree._Element:
        """get-bgp-summary-information: the peers of the main instance."""
        root = etree.Element("bgp-information")
        groups = router.inherited().findall("protocols/bgp/group")
        peers = [(group, peer) for group in groups for peer in group.iterfind("neighbor")]
        up = [peer for _, peer in peers if self._is_up(peer.findtext("name") or "")]
        tables = [table for table in self.tables() if table.name.startswith("bgp.")]
        for name, value in (
            ("group-count", len(groups)),
            ("peer-count", len(peers)),
            ("down-peer-count", len(peers) - len(up)),
        ):
            _leaf(root, name, value)
        for table in tables:
            root.append(_bgp_table(table, None))
        elapsed = int((router.clock() - router.started).total_seconds())
        for group, peer in peers:
            root.append(self._peer(router, group, peer, tables, elapsed))
        return root

    def _peer(
        self,
        router: Router,
        group: etree._Element,
        peer: etree._Element,
        tables: list[RouteTable],
        elapsed: int,
    ) -> etree._Element:
        address = peer.findtext("name") or ""
        own = router.inherited().findtext("routing-options/autonomous-system/as-number") or ""
        element = etree.Element("bgp-peer")
        element.set(f"{{{JUNOS}}}style", "terse")
        _leaf(element, "peer-address", address)
        _leaf(element, "peer-as", peer.findtext("peer-as") or group.findtext("peer-as") or own)
        for name in ("input-messages", "output-messages", "route-queue-count", "flap-count"):
            _leaf(element, name, 0)
        clock = str(dt.timedelta(seconds=elapsed))
        _seconds(_leaf(element, "elapsed-time", clock), elapsed)
        up = self._is_up(address)
        state = _leaf(element, "peer-state", "Established" if up else "Active")
        if up:
            state.set(f"{{{JUNOS}}}format", "Establ")
            for table in tables:
                element.append(_bgp_table(table, address))
        return element

    def _is_up(self, peer: str) -> bool:
        return self.established is None or peer in self.established()

    def firewall(self, router: Router, rpc: etree._Element) -> etree._Element:
        """get-firewall-information and its kin: each filter with its counters, all of them at zero."""
        root = etree.Element("firewall-information")
        wanted = rpc.findtext("filtername") or rpc.findtext("filter")
        firewall = router.inherited()
        for one in (*firewall.iterfind("firewall/family/*/filter"), *firewall.iterfind("firewall/filter")):
            if wanted and one.findtext("name") != wanted:
                continue
            shown = etree.SubElement(root, "filter-information")
            _leaf(shown, "filter-name", one.findtext("name") or "")
            for name in dict.fromkeys(count.text or "" for count in one.iterfind("term/then/count")):
                counter = etree.SubElement(shown, "counter")
                _leaf(counter, "counter-name", name)
                _leaf(counter, "packet-count", 0)
                _leaf(counter, "byte-count", 0)
        return root

    # The CLI

    def command(self, router: Router, rpc: etree._Element) -> etree._Element | None:
        """`command`: a few CLI commands in XML, and `show configuration` in text."""
        words = (rpc.text or "").strip().removesuffix("| display xml").strip()
        if words == "show version invoke-on all-routing-engines":
            root = etree.Element("multi-routing-engine-results")
            item = etree.SubElement(root, "multi-routing-engine-item")
            _leaf(item, "re-name", "re0")
            item.append(self.software(router, rpc))
            return root
        if words == "show configuration":
            root = etree.Element("configuration-information")
            _leaf(root, "configuration-output", "\n" + text.render(router.committed))
            return root
        head, _, table = words.partition(" table ")
        operation = COMMANDS.get(head)
        if operation is None:
            return None
        asked = etree.Element(operation)
        if table:
            _leaf(asked, "table", table)
        return self(router, asked)


def _host_name(router: Router) -> str:
    return router.inherited().findtext("system/host-name") or router.host_name


def _leaf(parent: etree._Element, name: str, value: object) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = str(value)
    return element


def _seconds(element: etree._Element, seconds: int) -> etree._Element:
    element.set(f"{{{JUNOS}}}seconds", str(seconds))
    return element


def _moment(parent: etree._Element, at: dt.datetime) -> etree._Element:
    _seconds(_leaf(parent, "date-time", stamp(at)), int(at.timestamp()))
    return parent


def _elapsed(parent: etree._Element, span: dt.timedelta) -> None:
    seconds = int(span.total_seconds())
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    _seconds(_leaf(parent, "time-length", clock), seconds)


def _logical(parent: etree._Element, name: str, family: str, addresses: list[str] | tuple[str, ...]) -> None:
    logical = etree.SubElement(parent, "logical-interface")
    _leaf(logical, "name", name)
    _leaf(logical, "admin-status", "up")
    _leaf(logical, "oper-status", "up")
    etree.SubElement(logical, "filter-information")
    below = etree.SubElement(logical, "address-family")
    _leaf(below, "address-family-name", family)
    for address in addresses:
        one = etree.SubElement(below, "interface-address")
        _leaf(one, "ifa-local", address)


def _counts(table: RouteTable) -> dict[str, int]:
    return {
        "destination-count": len(table.destinations),
        "total-route-count": table.routes + table.hidden,
        "active-route-count": sum(entry.active for one in table.destinations for entry in one.entries),
        "holddown-route-count": 0,
        "hidden-route-count": table.hidden,
    }


def _tables_of(instance: str, tables: dict[str, RouteTable]) -> list[RouteTable]:
    if instance == "master":
        return [table for name, table in tables.items() if name.count(".") == 1 or name.startswith("bgp.")]
    return [table for name, table in tables.items() if name.startswith(f"{instance}.")]


def _bgp_table(table: RouteTable, peer: str | None) -> etree._Element:
    """Prefix counts of one table, of all peers or of one."""
    entries = [
        entry
        for one in table.destinations
        for entry in one.entries
        if entry.protocol == "BGP" and peer in (None, entry.learned_from)
    ]
    active = sum(entry.active for entry in entries)
    rib = etree.Element("bgp-rib")
    rib.set(f"{{{JUNOS}}}style", "terse" if peer else "brief")
    _leaf(rib, "name", table.name)
    if peer is None:
        _leaf(rib, "total-prefix-count", len(entries))
        _leaf(rib, "received-prefix-count", len(entries))
        _leaf(rib, "accepted-prefix-count", len(entries))
        _leaf(rib, "active-prefix-count", active)
    else:
        _leaf(rib, "active-prefix-count", active)
        _leaf(rib, "received-prefix-count", len(entries))
        _leaf(rib, "accepted-prefix-count", len(entries))
    _leaf(rib, "suppressed-prefix-count", 0)
    if peer is None:
        for name in ("history-prefix-count", "damped-prefix-count", "total-external-prefix-count"):
            _leaf(rib, name, 0)
        _leaf(rib, "pending-prefix-count", 0)
    return rib


OPERATIONS: dict[str, Callable[[Operational, Router, etree._Element], etree._Element | None]] = {
    "get-software-information": Operational.software,
    "get-system-uptime-information": Operational.uptime,
    "get-route-engine-information": Operational.engines,
    "get-chassis-inventory": Operational.inventory,
    "get-interface-information": Operational.interfaces,
    "file-show": Operational.file,
    "get-route-information": Operational.routes,
    "get-route-summary-information": Operational.route_summary,
    "get-instance-information": Operational.instances,
    "get-bgp-summary-information": Operational.bgp_summary,
    "get-firewall-information": Operational.firewall,
    "get-firewall-filter-information": Operational.firewall,
    "get-firewall-counter-information": Operational.firewall,
    "command": Operational.command,
}
