# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can stand against an intent on a router, as it is before the run."""

from __future__ import annotations

from .finding import ERROR, REASON, WARNING, FindingKind

INTERFACE_MISSING = FindingKind(
    "interface-missing",
    ERROR,
    "the router has no logical interface {interface}",
    "the router refuses the configuration, after the networks have been created",
    "correct the name, or configure the interface",
)
INTERFACE_WITHOUT_FAMILY = FindingKind(
    "interface-without-family",
    ERROR,
    "{interface} has no family {family}",
    "no traffic of this family enters there, and the filter is refused, after the networks have been created",
    "configure the interface's address first, or name another interface",
)
INTERFACE_HAS_ANOTHER_FILTER = FindingKind(
    "interface-has-another-filter",
    ERROR,
    "{interface} already has the input filter {standing}",
    "an interface has one input filter, so the run would end there, after the networks have been created",
    "put the steering into that filter (name: {standing}, before: TERM), or change the interface to an input-list",
)
STEERING_HIDDEN_BY_OTHERS = FindingKind(
    "steering-hidden-by-others",
    ERROR,
    "term {other} of filter {filter} stands before our term {term} and takes all its traffic",
    "traffic of this source never enters the chain",
    "narrow or move term {other}, or give the filter before: {other}",
)
ROUTER_REFUSES = FindingKind(
    "router-refuses",
    ERROR,
    REASON,
    "the run would end there, after the networks have been created",
    "as the reason says",
)
NEXT_TABLE_LOOP = FindingKind(
    "next-table-loop",
    ERROR,
    REASON,
    "the router refuses to commit static routes that lead in a circle",
    "remove the route that leads back, or use another VRF",
)
VRF_OF_ANOTHER = FindingKind(
    "vrf-of-another",
    ERROR,
    "VRF {vrf} stands on the router with route target {standing} and with what this collection does not configure "
    "({more})",
    "its route target would become {wanted}, and its users would lose their routes",
    "give the VRF another name (service_chain_routers.{router}.vrfs.{network}.name)",
)
VRF_CHANGES_TARGET = FindingKind(
    "vrf-changes-target",
    WARNING,
    "VRF {vrf} stands on the router with route target {standing}, which becomes {wanted}",
    "its present routes go, and those of {wanted} come",
    "nothing, if you changed the network's route target; else give the VRF another name "
    "(service_chain_routers.{router}.vrfs.{network}.name)",
)
ROUTE_DISTINGUISHER_IN_USE = FindingKind(
    "route-distinguisher-in-use",
    ERROR,
    "route distinguisher {distinguisher} is that of routing instance {other} already",
    "the router refuses to commit, or routes of the two become one",
    "choose another one, or leave it out where the router has a route-distinguisher-id",
)
TARGET_OF_ANOTHER_VRF = FindingKind(
    "target-of-another-vrf",
    WARNING,
    "routing instance {other} has route target {target}, that of our VRF {vrf}, as well",
    "routes of the network and of the chain enter it too, and its routes the chain",
    "choose a route target that nobody else uses",
)
COMMIT_PENDING = FindingKind(
    "commit-pending",
    ERROR,
    "a confirmed commit of {user} is pending since {time} ({log})",
    "any change of ours, even a check of one, would confirm it; so the run would stop there",
    "have it confirmed, or wait until the router has rolled it back",
)
OWN_COMMIT_PENDING = FindingKind(
    "own-commit-pending",
    WARNING,
    "a confirmed commit of this collection is pending since {time}, token {token}",
    "a run that asks for the same goes on with it; any other waits for it, and stops if it is not settled in time",
    "settle it with vmx_commit and the token",
)
CANDIDATE_MODIFIED = FindingKind(
    "candidate-modified",
    ERROR,
    "somebody's edits lie uncommitted in the shared candidate configuration",
    "the router gives no lock while they do, so the run would stop there, after the networks have been created",
    "have whose they are commit them or roll them back (show | compare in configuration mode shows them)",
)
CONFIGURATION_LOCKED = FindingKind(
    "configuration-locked",
    WARNING,
    "the configuration is locked by {holder}",
    "the run waits for the lock (lock_timeout) and stops there if it is not given back in time",
    "have the holder leave configuration mode",
)
NO_BGP_PEER = FindingKind(
    "no-bgp-peer",
    ERROR,
    "the router has no BGP session that is up with any control node ({nodes})",
    "no route of a virtual network reaches the router, so no chain stands",
    "configure the peering (vmx_peering, or Contrail's device manager with contrail_bgp_router) and see it come up",
)
BGP_PEER_MISSING = FindingKind(
    "bgp-peer-missing",
    WARNING,
    "the router has no BGP session that is up with control node {nodes}",
    "control nodes do not pass each other's chain routes on, so routes of compute nodes that are connected there may "
    "be missing",
    "let the router peer with every control node",
)
NO_TUNNEL = FindingKind(
    "no-tunnel",
    ERROR,
    "no dynamic tunnel of the router leads to compute node {compute}, where {machines} runs",
    "routes to it stay hidden, and the chain does not stand",
    "add the compute node to the destination networks of a dynamic tunnel",
)
TUNNEL_MISSING = FindingKind(
    "tunnel-missing",
    WARNING,
    "no dynamic tunnel of the router leads to compute nodes {computes}",
    "routes to machines there stay hidden, should one of the chain's come to run there",
    "add the compute nodes to the destination networks of a dynamic tunnel",
)
PEERING_REMARK = FindingKind(
    "peering-remark",
    WARNING,
    "{reason}",
    "sessions or tunnels may not come up, or go down for a while",
    "correct the peering where that is not wanted",
)
PEERING_ONE_SIDED = FindingKind(
    "peering-one-sided",
    WARNING,
    "Contrail knows no BGP router with the address {address}",
    "its control nodes refuse the sessions, and the run stops before VRFs are made",
    "have it made (service_chain_routers.{router}.peering.bgp_router), or make it with contrail_bgp_router",
)
BGP_ROUTER_OF_ANOTHER_NAME = FindingKind(
    "bgp-router-of-another-name",
    ERROR,
    "Contrail has BGP router {other} with the address {address} already",
    "control nodes would be told of the router twice, and which session they keep is chance",
    "name it (bgp_router: {other}), or leave bgp_router out",
)
STEERING_CATCHES_INFRASTRUCTURE = FindingKind(
    "steering-catches-infrastructure",
    ERROR,
    "term {term} of filter {filter} takes {what} from {address} into VRF {vrf}",
    "{what} no longer reaches the router, and the chain, or the way to the router, breaks down",
    "name the sources more narrowly, or restrict the chain with match",
)
NO_ROUTE_BACK = FindingKind(
    "no-route-back",
    WARNING,
    "{table} has no route that leads to {prefix}",
    "what comes back from the chain for this prefix is dropped, for the VRF's static route leads to that table",
    "configure a route to {prefix}, or correct the prefix",
)
