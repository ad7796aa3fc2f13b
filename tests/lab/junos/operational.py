# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operational RPCs: what the router says about itself, its instances, peers and routes.

Routes come from a provider of tables; instances, peers and filters from the committed configuration. An
operation that is not known here gives None, which the session answers with a syntax error.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lxml import etree

from lab.junos import bgp_reply, box_reply, forwarding_reply, ping_reply
from lab.junos.asked import Asked
from lab.junos.cli import routes, show
from lab.junos.elements import leaf
from lab.junos.routes_reply import Query, route_information

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lab.core.routes import RouteTables
    from lab.junos.router import Router

NAMESPACES = {
    "route-information": "junos-routing",
    "route-summary-information": "junos-routing",
    "bgp-information": "junos-routing",
    "instance-information": "junos-routing",
    "interface-information": "junos-interface",
    "route-engine-information": "junos-chassis",
    "chassis-inventory": "junos-chassis",
    "firewall-information": "junos-filter",
    "ping-results": "junos-probe-tests",
}
"""The namespace in which each reply's root stands, as far as it is not the reply's own."""

COMMANDS = {
    "show version": "get-software-information",
    "show system uptime": "get-system-uptime-information",
    "show chassis routing-engine": "get-route-engine-information",
    "show bgp summary": "get-bgp-summary-information",
    "show bgp neighbor": "get-bgp-neighbor-information",
    "show route instance": "get-instance-information",
    "show route": "get-route-information",
    "show route summary": "get-route-summary-information",
    "show firewall": "get-firewall-information",
}
"""CLI commands that the `command` RPC takes and what they stand for; `show route table T` as well."""


@dataclass
class Operational:
    """Answers operational RPCs for a router.

    `tables` is asked for the routing tables, `established` for the addresses of the BGP peers that are up
    (without it all configured peers are), `reachable` whether an address answers to a ping from a routing
    instance (without it all do). `counted` has packets and octets by filter and counter.
    """

    tables: RouteTables
    established: Callable[[], frozenset[str]] | None = None
    reachable: Callable[[str, str], bool] | None = None
    counted: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def __call__(self, router: Router, rpc: etree._Element) -> etree._Element | None:
        """The reply's root element, without namespaces; None for an unknown operation."""
        answer = OPERATIONS.get(str(rpc.tag))
        return (
            None
            if answer is None
            else answer(Asked(router, rpc, self.tables, self.established, self.reachable, self.counted))
        )


def _routes(asked: Asked) -> etree._Element:
    query = Query.of(asked.rpc)
    if asked.rpc.get("format") == "text":
        return _output(routes(asked.tables(), query))
    return route_information(asked.tables(), query)


def _command(asked: Asked) -> etree._Element | None:
    """A CLI command, in XML or (`format="text"`) as it prints."""
    words = " ".join((asked.rpc.text or "").split()).removesuffix("| display xml").strip()
    if asked.rpc.get("format") == "text" or words.startswith("show configuration"):
        printed = show(asked.router, asked.tables(), words)
        return None if printed is None else _output(printed)
    if words == "show version invoke-on all-routing-engines":
        root = etree.Element("multi-routing-engine-results")
        item = etree.SubElement(root, "multi-routing-engine-item")
        leaf(item, "re-name", "re0")
        item.append(box_reply.software(asked))
        return root
    head, _unused, table = words.partition(" table ")
    operation = COMMANDS.get(head)
    if operation is None:
        return None
    rpc = etree.Element(operation)
    if table:
        leaf(rpc, "table", table)
    return OPERATIONS[operation](replace(asked, rpc=rpc))


def _output(printed: str) -> etree._Element:
    element = etree.Element("output")
    element.text = "\n" + printed
    return element


OPERATIONS: dict[str, Callable[[Asked], etree._Element | None]] = {
    "get-software-information": box_reply.software,
    "get-system-uptime-information": box_reply.uptime,
    "get-route-engine-information": box_reply.engines,
    "get-chassis-inventory": box_reply.inventory,
    "get-interface-information": box_reply.interfaces,
    "file-show": box_reply.file,
    "get-route-information": _routes,
    "get-route-summary-information": forwarding_reply.route_summary,
    "get-instance-information": forwarding_reply.instances,
    "get-bgp-summary-information": bgp_reply.summary,
    "get-bgp-neighbor-information": bgp_reply.neighbors,
    "get-firewall-information": forwarding_reply.firewall,
    "get-firewall-filter-information": forwarding_reply.firewall,
    "get-firewall-counter-information": forwarding_reply.firewall,
    "ping": ping_reply.ping,
    "command": _command,
}
