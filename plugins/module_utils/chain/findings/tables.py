# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What verification finds in the tables of routers."""

from __future__ import annotations

from .finding import ERROR, WARNING, FindingKind

CHAIN_ROUTE_MISSING = FindingKind(
    "chain-route-missing",
    ERROR,
    "{lack} by BGP (chain {chain})",
    "traffic that enters the VRF does not reach the services; what was steered there leaves by no route",
    "see which link of the chain is broken: the policy on both networks, the service addresses, the BGP session to the "
    "control node and the route targets of the VRF",
)
ROUTE_MISSING = FindingKind(
    "route-missing",
    WARNING,
    "{route} is missing",
    "packets to it take no way, or another one",
    "see that its port is up and its compute node connected, and that the VRF imports the network's route target",
)
ROUTE_DIFFERS = FindingKind(
    "route-differs",
    WARNING,
    "{route} has {deviations}",
    "packets to it may take another way than the data model says",
    "compare the port, or the configuration of the router, with the data model",
)
ROUTE_NOT_PREDICTED = FindingKind(
    "route-not-predicted",
    WARNING,
    "{route} is there, but not predicted",
    "somebody else announces it; it may draw traffic that the chain was meant to have",
    "add its port or static route to the data model, or find out who announces it",
)
ADDRESS_SILENT = FindingKind(
    "address-silent",
    WARNING,
    "nobody has answered for {prefix} (MED 200, local preference 100, label {label})",
    "the routes by that port look right, but a guest that is not up drops what comes by them",
    "bring the interface with this address up in the guest, by DHCP or by hand, so that it answers ARP",
)
