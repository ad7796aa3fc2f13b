# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router says about its BGP peers."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from lab.junos.elements import leaf, with_seconds
from lab.junos.replies import JUNOS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lab.core.routes import RouteTable
    from lab.junos.asked import Asked


MAIN_INSTANCE = "master"


@dataclass(frozen=True)
class Peer:
    """A configured neighbor of a routing instance, with what it has from its group."""

    address: str
    peer_as: str
    local_as: str
    local_address: str
    group: str
    kind: str
    instance: str
    reaches: bool
    """Whether the session can come up: an external one without multihop ends at the first router."""

    def is_up(self, asked: Asked) -> bool:
        """True where the session is established."""
        return self.reaches and asked.is_up(self.address)


def peers(asked: Asked) -> Iterator[Peer]:
    """The neighbors that are committed, inherited ones included: of all instances, or of the one asked for."""
    wanted = asked.argument("instance") or asked.argument("exact-instance")
    whole = asked.router.inherited()
    own = whole.findtext("routing-options/autonomous-system/as-number") or ""
    holders = [(MAIN_INSTANCE, whole)]
    holders += [(one.findtext("name") or "", one) for one in whole.iterfind("routing-instances/instance")]
    for instance, holder in holders:
        if wanted in ("", instance):
            yield from _peers_of(asked, instance, holder, own)


def _peers_of(asked: Asked, instance: str, holder: etree._Element, own: str) -> Iterator[Peer]:
    for group in holder.iterfind("protocols/bgp/group"):
        if asked.argument("group") not in ("", group.findtext("name")):
            continue
        for neighbor in group.iterfind("neighbor"):
            kind = group.findtext("type") or "external"
            address = neighbor.findtext("name") or ""
            multihop = any(holder.find("multihop") is not None for holder in (neighbor, *neighbor.iterancestors()))
            yield Peer(
                address=address,
                peer_as=neighbor.findtext("peer-as") or group.findtext("peer-as") or own,
                local_as=own,
                local_address=neighbor.findtext("local-address") or group.findtext("local-address") or "",
                group=group.findtext("name") or "",
                kind=kind,
                instance=instance,
                reaches=kind == "internal" or multihop or _is_direct(asked.router.inherited(), address, instance),
            )


def _is_direct(configuration: etree._Element, address: str, instance: str) -> bool:
    """True for an address on a subnet of an interface of this routing instance."""
    owners = {
        one.text: holder.findtext("name")
        for holder in configuration.iterfind("routing-instances/instance")
        for one in holder.iterfind("interface/name")
    }
    for unit in configuration.iterfind("interfaces/interface/unit"):
        holder = unit.getparent()
        assert holder is not None
        if owners.get(f"{holder.findtext('name')}.{unit.findtext('name')}", MAIN_INSTANCE) != instance:
            continue
        for own in unit.iterfind("family/*/address/name"):
            try:
                if ipaddress.ip_address(address) in ipaddress.ip_interface(own.text or "").network:
                    return True
            except ValueError:
                continue
    return False


def summary(asked: Asked) -> etree._Element:
    """get-bgp-summary-information."""
    root = etree.Element("bgp-information")
    listed = list(peers(asked))
    leaf(root, "group-count", len({peer.group for peer in listed}))
    leaf(root, "peer-count", len(listed))
    leaf(root, "down-peer-count", sum(not peer.is_up(asked) for peer in listed))
    tables = _bgp_tables(asked)
    for table in tables:
        root.append(_whole_rib(table))
    seconds = int((asked.router.clock() - asked.router.started).total_seconds())
    for peer in listed:
        element = etree.SubElement(root, "bgp-peer")
        element.set(f"{{{JUNOS}}}style", "terse")
        leaf(element, "peer-address", peer.address)
        leaf(element, "peer-as", peer.peer_as)
        for name in ("input-messages", "output-messages", "route-queue-count", "flap-count"):
            leaf(element, name, 0)
        with_seconds(leaf(element, "elapsed-time", dt.timedelta(seconds=seconds)), seconds)
        state = _state(element, asked, peer)
        if peer.is_up(asked):
            state.set(f"{{{JUNOS}}}format", "Establ")
            element.extend(_peer_rib(table, peer) for table in _tables_of(asked, peer))
    return root


def neighbors(asked: Asked) -> etree._Element:
    """get-bgp-neighbor-information, of all peers or of `neighbor-address`."""
    root = etree.Element("bgp-information")
    router_id = asked.router.inherited().findtext("routing-options/router-id") or ""
    for peer in peers(asked):
        if asked.argument("neighbor-address") not in ("", peer.address):
            continue
        up = peer.is_up(asked)
        element = etree.SubElement(root, "bgp-peer")
        leaf(element, "peer-address", f"{peer.address}+179" if up else peer.address)
        leaf(element, "peer-as", peer.peer_as)
        leaf(element, "local-address", peer.local_address)
        leaf(element, "local-as", peer.local_as)
        leaf(element, "peer-group", peer.group)
        leaf(element, "peer-cfg-rti", peer.instance)
        leaf(element, "peer-fwd-rti", peer.instance)
        leaf(element, "peer-type", peer.kind.capitalize())
        _state(element, asked, peer)
        if up:
            leaf(element, "peer-id", peer.address)
            leaf(element, "local-id", router_id)
            element.extend(_detailed(_peer_rib(table, peer)) for table in _tables_of(asked, peer))
    return root


def _detailed(rib: etree._Element) -> etree._Element:
    """A table of a neighbor, which says more than one of the summary."""
    rib.set(f"{{{JUNOS}}}style", "detail")
    for place, (name, value) in enumerate((("bgp-rib-state", "BGP restart is complete"), ("send-state", "in sync")), 1):
        rib.insert(place, leaf(etree.Element("bgp-rib"), name, value))
    leaf(rib, "advertised-prefix-count", 0)
    return rib


def _state(element: etree._Element, asked: Asked, peer: Peer) -> etree._Element:
    return leaf(element, "peer-state", "Established" if peer.is_up(asked) else "Idle" if not peer.reaches else "Active")


def _bgp_tables(asked: Asked) -> list[RouteTable]:
    """The tables that hold what peers of VPN families bring."""
    return [table for table in asked.tables() if table.name.startswith("bgp.")]


def _tables_of(asked: Asked, peer: Peer) -> list[RouteTable]:
    """The tables that a peer brings something into: one of another instance has those of its own."""
    if peer.instance == MAIN_INSTANCE:
        return _bgp_tables(asked)
    return [table for table in asked.tables() if table.name.startswith(f"{peer.instance}.inet")]


def _received(table: RouteTable, peer: str | None) -> tuple[int, int]:
    """How many routes of BGP a table has, of one peer or of all, and how many of them are active."""
    entries = [
        entry
        for one in table.destinations
        for entry in one.entries
        if entry.protocol == "BGP" and peer in (None, entry.learned_from)
    ]
    return len(entries), sum(entry.active for entry in entries)


def _whole_rib(table: RouteTable) -> etree._Element:
    received, active = _received(table, None)
    rib = etree.Element("bgp-rib")
    rib.set(f"{{{JUNOS}}}style", "brief")
    leaf(rib, "name", table.name)
    for name, value in (
        ("total-prefix-count", received),
        ("received-prefix-count", received),
        ("accepted-prefix-count", received),
        ("active-prefix-count", active),
        ("suppressed-prefix-count", 0),
        ("history-prefix-count", 0),
        ("damped-prefix-count", 0),
        ("pending-prefix-count", 0),
    ):
        leaf(rib, name, value)
    return rib


def _peer_rib(table: RouteTable, peer: Peer) -> etree._Element:
    received, active = _received(table, peer.address)
    rib = etree.Element("bgp-rib")
    rib.set(f"{{{JUNOS}}}style", "terse")
    leaf(rib, "name", table.name)
    for name, value in (
        ("active-prefix-count", active),
        ("received-prefix-count", received),
        ("accepted-prefix-count", received),
        ("suppressed-prefix-count", 0),
    ):
        leaf(rib, name, value)
    return rib
