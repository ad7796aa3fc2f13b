# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reaches a router so that it can do its work at all: BGP, tunnelled packets, management."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..intent.model import family_of
from .traffic import Flow

BGP_PORT, MPLS_OVER_UDP_PORT = 179, 6635


@dataclass(frozen=True)
class Peers:
    """The senders to routers: control nodes and compute nodes (with the machines of the chains that run there), and the
    addresses that routers are managed from.

    ``speakers`` are the names of all BGP routers that Contrail knows, by address.
    """

    control_nodes: tuple[str, ...] = ()
    computes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    managers: tuple[str, ...] = ()
    speakers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def flows_to(
    router: tuple[str, ...], peers: Peers, bgp_peers: Iterable[Mapping[str, Any]], session: Mapping[str, Any]
) -> Iterator[tuple[str, Flow]]:
    """Yield what the router must not lose, in words and as a flow.

    :param router: the router's own addresses.
    :param bgp_peers: its BGP peers of the main instance, as ``vmx_info`` gives them.
    :param session: where this machine's own session comes from, and the port that it goes to.
    """
    by_family = {
        family: tuple(address for address in router if family_of(address) == family) for family in ("inet", "inet6")
    }
    speakers = [
        *peers.control_nodes,
        *(peer["address"] for peer in bgp_peers if peer.get("instance") in (None, "master")),
    ]
    for address in dict.fromkeys(speakers):
        own = by_family[family_of(address)]
        yield "BGP", Flow(address, own, "tcp", destination_port=BGP_PORT)
        yield "BGP", Flow(address, own, "tcp", source_port=BGP_PORT)
    for address in peers.computes:
        own = by_family[family_of(address)]
        yield "tunnelled packets (GRE)", Flow(address, own, "gre")
        yield "tunnelled packets (MPLS over UDP)", Flow(address, own, "udp", destination_port=MPLS_OVER_UDP_PORT)
    source = session.get("source")
    for address in dict.fromkeys([*([source] if source else []), *peers.managers]):
        own = by_family[family_of(address)]
        yield "management", Flow(address, own, "tcp", destination_port=session.get("port"))
