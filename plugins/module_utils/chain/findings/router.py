# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can stand against an intent on a router, as it is before the run."""

from __future__ import annotations

from ...values.finding import ERROR, REASON, WARNING, FindingKind

INTERFACE_MISSING = FindingKind(
    "interface-missing",
    ERROR,
    "the router has no logical interface {interface}",
    "the router rejects the configuration, after the networks have been created",
    "correct the name, or configure the interface",
)
INTERFACE_WITHOUT_FAMILY = FindingKind(
    "interface-without-family",
    ERROR,
    "{interface} has no family {family}",
    "no traffic of this family enters there, and the router rejects the filter, after the networks have been created",
    "configure the interface's address first, or use another interface",
)
INTERFACE_HAS_ANOTHER_FILTER = FindingKind(
    "interface-has-another-filter",
    ERROR,
    "{interface} already has input filter {standing}",
    "an interface can have only one input filter, so the run would fail there, after the networks have been created",
    "put the steering into that filter (name: {standing}, before: TERM), or change the interface to an input-list",
)
STEERING_HIDDEN_BY_OTHERS = FindingKind(
    "steering-hidden-by-others",
    ERROR,
    "term {other} of filter {filter} is before our term {term} and matches all its traffic",
    "traffic of this source never enters the chain",
    "make term {other} narrower, move it, or set before: {other} on the filter",
)
ROUTER_REFUSES = FindingKind(
    "router-refuses",
    ERROR,
    REASON,
    "the run would fail there, after the networks have been created",
    "correct this as described",
)
NEXT_TABLE_LOOP = FindingKind(
    "next-table-loop",
    ERROR,
    REASON,
    "the router refuses to commit static routes that form a loop",
    "delete the route that leads back, or use another VRF",
)
VRF_OF_ANOTHER = FindingKind(
    "vrf-of-another",
    ERROR,
    "VRF {vrf} exists on the router with route target {standing} and with configuration of others ({more})",
    "its route target would become {wanted}, and its users would lose their routes",
    "give the VRF another name (service_chain_routers.{router}.vrfs.{network}.name)",
)
VRF_CHANGES_TARGET = FindingKind(
    "vrf-changes-target",
    WARNING,
    "VRF {vrf} exists on the router with route target {standing}, which changes to {wanted}",
    "the VRF loses its present routes and gets those of {wanted}",
    "nothing, if you changed the network's route target; otherwise give the VRF another name "
    "(service_chain_routers.{router}.vrfs.{network}.name)",
)
ROUTE_DISTINGUISHER_IN_USE = FindingKind(
    "route-distinguisher-in-use",
    ERROR,
    "routing instance {other} already has route distinguisher {distinguisher}",
    "the router refuses to commit, or the routes of both are mixed up",
    "choose another one, or remove it if the router has a route-distinguisher-id",
)
TARGET_OF_ANOTHER_VRF = FindingKind(
    "target-of-another-vrf",
    WARNING,
    "routing instance {other} also has route target {target} of our VRF {vrf}",
    "it gets routes of the network and of the chain, and the chain gets its routes",
    "choose an unused route target",
)
COMMIT_PENDING = FindingKind(
    "commit-pending",
    ERROR,
    "a confirmed commit of {user} is pending since {time} ({log})",
    "any change, even a commit check, would confirm it; therefore the run would stop there",
    "ask the user to confirm it, or wait until the router has rolled it back",
)
OWN_COMMIT_PENDING = FindingKind(
    "own-commit-pending",
    WARNING,
    "a confirmed commit of this collection is pending since {time}, token {token}",
    "a run with the same commit options continues it; any other run waits for it, and stops if it is not "
    "confirmed or rolled back in time",
    "confirm it or roll it back with vmx_commit and the token",
)
CANDIDATE_MODIFIED = FindingKind(
    "candidate-modified",
    ERROR,
    "the shared candidate configuration contains uncommitted changes of somebody else",
    "the router cannot be locked, so the run would stop there, after the networks have been created",
    "ask the owner to commit or discard them (show | compare in configuration mode shows them)",
)
CONFIGURATION_LOCKED = FindingKind(
    "configuration-locked",
    WARNING,
    "the configuration is locked by {holder}",
    "the run waits for the lock (lock_timeout), and stops there if it is not released in time",
    "ask the holder to leave configuration mode",
)
NO_BGP_PEER = FindingKind(
    "no-bgp-peer",
    ERROR,
    "the router has no established BGP session with any control node ({nodes})",
    "no route of a virtual network reaches the router, so all chains are down",
    "configure the peering (vmx_peering, or Contrail's device manager with contrail_bgp_router), and check "
    "that it comes up",
)
BGP_PEER_MISSING = FindingKind(
    "bgp-peer-missing",
    WARNING,
    "the router has no established BGP session with control node {nodes}",
    "control nodes do not forward each other's chain routes, so routes of compute nodes that are connected "
    "there may be missing",
    "configure a BGP session with every control node",
)
NO_TUNNEL = FindingKind(
    "no-tunnel",
    ERROR,
    "the router has no dynamic tunnel to compute node {compute}, where {machines} runs",
    "routes to it stay hidden, and the chain is down",
    "add the compute node to the destination networks of a dynamic tunnel",
)
TUNNEL_MISSING = FindingKind(
    "tunnel-missing",
    WARNING,
    "the router has no dynamic tunnel to compute nodes {computes}",
    "routes to VMs there stay hidden; a chain is down if one of its VMs runs there",
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
    "use narrower prefixes for the sources, or restrict the chain with match",
)
NO_ROUTE_BACK = FindingKind(
    "no-route-back",
    WARNING,
    "{table} has no route that leads to {prefix}",
    "what comes back from the chain for this prefix is dropped, for the VRF's static route leads to that table",
    "configure a route to {prefix}, or correct the prefix",
)
