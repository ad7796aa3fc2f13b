# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router says about its instances, about its tables in numbers, and about its filters."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

from lab.junos.elements import counts, leaf, put_counts
from lab.junos.replies import JUNOS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lab.core.routes import RouteTable
    from lab.junos.asked import Asked
    from lab.junos.router import Router

BUILT_IN_INSTANCES = (
    "__juniper_private1__",
    "__juniper_private2__",
    "__juniper_private3__",
    "__juniper_private4__",
)


def route_summary(asked: Asked) -> etree._Element:
    """get-route-summary-information, of all tables or of `table`."""
    root = etree.Element("route-summary-information")
    leaf(root, "router-id", asked.router.inherited().findtext("routing-options/router-id") or "0.0.0.0")
    for table in asked.tables():
        if asked.argument("table") not in ("", table.name):
            continue
        element = etree.SubElement(root, "route-table")
        put_counts(element, table)
        entries = [entry for one in table.destinations for entry in one.entries]
        active = Counter(entry.protocol for entry in entries if entry.active)
        for protocol, number in sorted(Counter(entry.protocol for entry in entries).items()):
            line = etree.SubElement(element, "protocols")
            leaf(line, "protocol-name", protocol)
            leaf(line, "protocol-route-count", number)
            leaf(line, "active-route-count", active[protocol])
    return root


def instances(asked: Asked) -> etree._Element:
    """get-instance-information, of all instances or of `instance-name`; the built-in ones come first."""
    root = etree.Element("instance-information")
    root.set(f"{{{JUNOS}}}style", "terse")
    tables = asked.tables()
    for name, kind in _instances(asked.router):
        if asked.argument("instance-name") not in ("", name):
            continue
        core = etree.SubElement(root, "instance-core")
        leaf(core, "instance-name", name)
        leaf(core, "instance-type", kind)
        for table in tables:
            if _owner(table) == name:
                rib = etree.SubElement(core, "instance-rib")
                leaf(rib, "irib-name", table.name)
                leaf(rib, "irib-active-count", counts(table)["active-route-count"])
                leaf(rib, "irib-holddown-count", 0)
                leaf(rib, "irib-hidden-count", table.hidden)
    return root


def _instances(router: Router) -> Iterator[tuple[str, str]]:
    """Names and types."""
    yield from ((name, "forwarding") for name in ("master", *BUILT_IN_INSTANCES, "__master.anon__"))
    for instance in router.inherited().iterfind("routing-instances/instance"):
        yield instance.findtext("name") or "", instance.findtext("instance-type") or "no-forwarding"


def _owner(table: RouteTable) -> str:
    """The instance to which a table belongs: `vn1.inet.0` to vn1, `inet.0` and `bgp.l3vpn.0` to master."""
    owner, _unused, rest = table.name.partition(".")
    return owner if "." in rest and owner != "bgp" else "master"


def firewall(asked: Asked) -> etree._Element:
    """get-firewall-information and its kin: each filter with its counters; `counter` asks for one.

    A filter that is `interface-specific` is there once for each interface that it is bound to, and one that only
    stands in lists is there as a part of them; their names and counters end in the interface and the direction.
    """
    root = etree.Element("firewall-information")
    wanted = asked.argument("filtername") or asked.argument("filter")
    for name, counters in _instantiated(asked.router.inherited()):
        if wanted not in ("", name):
            continue
        shown = etree.SubElement(root, "filter-information")
        leaf(shown, "filter-name", name)
        for counter, (source, plain) in counters.items():
            if asked.argument("counter") not in ("", counter):
                continue
            packets, octets = asked.counted.get((source, plain), (0, 0))
            numbers = etree.SubElement(shown, "counter")
            leaf(numbers, "counter-name", counter)
            leaf(numbers, "packet-count", packets)
            leaf(numbers, "byte-count", octets)
    return root


Counters = dict[str, tuple[str, str]]
"""By the name that is shown, the filter and the counter that are configured."""


def _instantiated(whole: etree._Element) -> Iterator[tuple[str, Counters]]:
    """The filters that the forwarding engine has, with their counters."""
    bound, listed = _bindings(whole)
    known: dict[str, etree._Element] = {
        one.findtext("name") or "": one
        for one in (*whole.iterfind("firewall/family/*/filter"), *whole.iterfind("firewall/filter"))
    }
    for name, one in known.items():
        if one.find("interface-specific") is not None:
            for interface in bound.get(name, ()):
                yield f"{name}-{interface}", _counters(one, f"-{interface}")
        elif name in bound or not any(name in names for names in listed.values()):
            yield name, _counters(one, "")
    for interface, names in listed.items():
        parts = [_counters(known[name], f"-{interface}") for name in names if name in known]
        yield interface, {shown: source for part in parts for shown, source in part.items()}


def _bindings(whole: etree._Element) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """By filter where it is bound (`ge-0/0/0.0-i`), and by place the filters of a list."""
    bound: dict[str, list[str]] = {}
    listed: dict[str, list[str]] = {}
    for interface in whole.iterfind("interfaces/interface"):
        for unit in interface.iterfind("unit"):
            logical = f"{interface.findtext('name')}.{unit.findtext('name')}"
            for way, letter in (("input", "i"), ("output", "o")):
                for one in unit.iterfind(f"family/*/filter/{way}/filter-name"):
                    bound.setdefault(one.text or "", []).append(f"{logical}-{letter}")
                for one in unit.iterfind(f"family/*/filter/{way}-list"):
                    listed.setdefault(f"{logical}-{letter}", []).append(one.text or "")
    return bound, listed


def _counters(one: etree._Element, suffix: str) -> Counters:
    name = one.findtext("name") or ""
    return {f"{count.text}{suffix}": (name, count.text or "") for count in one.iterfind("term/then/count")}
