# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What verification finds in the tables of routers."""

from __future__ import annotations

from ...values.finding import ERROR, WARNING, FindingKind

CHAIN_ROUTE_MISSING = FindingKind(
    "chain-route-missing",
    ERROR,
    "{lack} by BGP (chain {chain})",
    "traffic that is steered into the VRF does not reach the services and is dropped",
    "check the chain: the policy on both networks, the service addresses, the BGP session to the control node "
    "and the route targets of the VRF",
)
ROUTE_MISSING = FindingKind(
    "route-missing",
    WARNING,
    "{route} is missing",
    "traffic to it is dropped or takes another path",
    "check that its port is up, its compute node is connected, and the VRF imports the network's route target",
)
ROUTE_DIFFERS = FindingKind(
    "route-differs",
    WARNING,
    "{route} has {deviations}",
    "traffic to it may take another path than in the data model",
    "compare the port, or the configuration of the router, with the data model",
)
ROUTE_NOT_PREDICTED = FindingKind(
    "route-not-predicted",
    WARNING,
    "{route} exists, but was not predicted",
    "somebody else announces it; it may attract traffic of the chain",
    "add its port or static route to the data model, or find out who announces it",
)
ADDRESS_SILENT = FindingKind(
    "address-silent",
    WARNING,
    "no ARP reply from {prefix} (MED 200, local preference 100, label {label})",
    "the routes through this port are correct, but a VM whose interface is down drops the traffic",
    "set the interface with this address up in the VM, by DHCP or by hand, so that it replies to ARP",
)
