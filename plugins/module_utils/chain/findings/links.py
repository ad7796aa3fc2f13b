# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can break a chain that was set up: its links, in the order in which a packet's way is built."""

from __future__ import annotations

from ...values.finding import ERROR, WARNING, FindingKind

NO_CHAIN = "no chain is created: traffic between the networks is dropped, or takes the same path as without a chain"
WITHDRAWN = "the routes of the far side are withdrawn, and traffic in the VRF is dropped"

# --- what Contrail is told ----------------------------------------------------------------------------------

NETWORK_NOT_THERE = FindingKind(
    "network-not-there",
    ERROR,
    "Contrail has no network {network}",
    NO_CHAIN,
    "run site.yml, or correct the name of the network",
)
POLICY_NOT_THERE = FindingKind(
    "policy-not-there",
    ERROR,
    "Contrail has no policy {policy}",
    NO_CHAIN,
    "run site.yml, which creates and attaches the policy (tag policies)",
)
POLICY_WITHOUT_CHAIN = FindingKind(
    "policy-without-chain",
    ERROR,
    "no rule of policy {policy} sends traffic between {left} and {right} through a service",
    NO_CHAIN,
    "run site.yml, which corrects the rules of the policy (tag policies)",
)
POLICY_NOT_ATTACHED = FindingKind(
    "policy-not-attached",
    ERROR,
    "policy {policy} is not attached to {network}",
    "Contrail creates a chain only if both networks have the policy, and reports no error",
    "attach the policy to the network: run site.yml (tag policies), or contrail_policy with this network in networks",
)
POLICY_WITHOUT_SEQUENCE = FindingKind(
    "policy-without-sequence",
    ERROR,
    "policy {policy} is attached to {network} without a sequence",
    "Contrail ignores a policy whose attachment has no sequence",
    "attach it with a sequence: run site.yml (tag policies)",
)
SERVICE_NAMED_IN_VAIN = FindingKind(
    "service-named-in-vain",
    ERROR,
    "the policy names service {service}, which does not exist{near}",
    "Contrail does not check apply_service: it creates no chain for the rule",
    "correct the name in the policy, or create the service instance: run site.yml (tags services, policies)",
)
OTHER_SERVICES_IN_POLICY = FindingKind(
    "other-services-in-policy",
    ERROR,
    "the policy sends traffic through {found}, not through {wanted}",
    "traffic takes another path than in the data model",
    "run site.yml, which corrects the rules of the policy (tag policies)",
)
SERVICE_WITHOUT_TEMPLATE = FindingKind(
    "service-without-template",
    ERROR,
    "service instance {service} has no service template",
    "Contrail does not find the service, although it exists, and creates no chain",
    "delete the instance and run site.yml (tag services), which creates it from its template",
)
NO_PORT_TUPLE = FindingKind(
    "no-port-tuple",
    ERROR,
    "service {service} has no port tuple with ports",
    "the service has no VM, and no chain is created",
    "add the ports to members of the service, and run site.yml (tag services)",
)
PORT_WITHOUT_INTERFACE_TYPE = FindingKind(
    "port-without-interface-type",
    ERROR,
    "port {port} of port tuple {tuple} has no interface type, so its side of the service is unknown",
    "the service gets no address on that side, and no chain is created",
    "run site.yml (tag services), or set service_interface_type of the port to left or right",
)
PORT_TUPLE_INCOMPLETE = FindingKind(
    "port-tuple-incomplete",
    ERROR,
    "port tuple {tuple} has no port on its {side} side",
    "the service is not connected on that side, and no chain is created",
    "add the port to members of the service, and run site.yml (tag services)",
)
PORT_TUPLE_LEFT_OUT = FindingKind(
    "port-tuple-left-out",
    WARNING,
    "{reason}",
    "the chain uses the other members of the service; this one gets no traffic",
    "add its ports to members of the service, and run site.yml (tag services)",
)
PORT_ON_WRONG_SIDE = FindingKind(
    "port-on-wrong-side",
    ERROR,
    "port {port} is the {side} side of service {service}, but in {found} instead of {wanted}",
    "Contrail reports a chain, but has no route to the service: left and right may be swapped",
    "correct the side of the port, or move the port to the right network; then run site.yml (tag services)",
)
NO_SERVICE_ADDRESS = FindingKind(
    "no-service-address",
    ERROR,
    "service {service} has no service address on its {side} side",
    "the schema transformer finds no address for the interface, and creates no chain",
    "check that contrail-svc-monitor runs, which creates the address, and that the network has free addresses",
)

# --- what Contrail makes of it ------------------------------------------------------------------------------

SERVICE_ROUTING_INSTANCE_MISSING = FindingKind(
    "service-routing-instance-missing",
    ERROR,
    "network {network} has no routing instance for service {service}: {message}",
    NO_CHAIN,
    "correct what the schema transformer reports; if it reports nothing, check that contrail-schema runs",
)
CHAIN_NOT_CREATED = FindingKind(
    "chain-not-created",
    ERROR,
    "routing instances exist, but {message}",
    "they are left over, and the schema transformer deletes them at its next check",
    "correct what the schema transformer reports",
)
CHAIN_DEGRADED = FindingKind(
    "chain-degraded",
    WARNING,
    "the schema transformer has created the chain, but something is missing: {message}",
    "the chain uses only some of its members",
    "complete the member that the message names",
)
NETWORKS_JOINED_DIRECTLY = FindingKind(
    "networks-joined-directly",
    WARNING,
    "{left} and {right} are also connected directly, by another policy or another rule",
    "routes bypass the service, and traffic may, too",
    "delete the rule that allows traffic between the two networks without a service from their policies",
)
CHAIN_STATE_MISSING = FindingKind(
    "chain-state-missing",
    ERROR,
    "no control node knows service {service} for routes from {near} to {far}",
    WITHDRAWN,
    "check that the control nodes have their configuration: their connection to the database, and their log",
)
CHAIN_PENDING = FindingKind(
    "chain-pending",
    ERROR,
    "service {service} waits in {network}: {reason}",
    WITHDRAWN,
    "correct what the reason describes; it is part of the control node's configuration",
)
CONNECTED_ROUTE_DOWN = FindingKind(
    "connected-route-down",
    ERROR,
    "the service address of {service} in {network} is not announced: {reason}",
    WITHDRAWN,
    "check that the service VM and its port are up, its health checks pass, and its compute node is connected",
)
CHAIN_GROUP_DOWN = FindingKind(
    "chain-group-down",
    ERROR,
    "service {service} is up in {network}, but another part of its chain is down, and the control node does "
    "not report which",
    "from release 5.0 on the whole chain is withdrawn when one of its parts is down",
    "find the part that is down: other services of the chain, and its other side",
)
CONTROL_NODES_DISAGREE = FindingKind(
    "control-nodes-disagree",
    WARNING,
    "service {service} is {state} in {network} on control node {node}, but active on another",
    "routers and compute nodes that are connected only to this control node lack the routes of the chain",
    "check that the control nodes are peers of each other and have the same configuration",
)
MEMBER_NOT_FORWARDING = FindingKind(
    "member-not-forwarding",
    WARNING,
    "a member of service {service} is not in use: {reason}",
    "the chain uses the other members",
    "check that the VM and its port are up",
)

# --- what the router makes of it ------------------------------------------------------------------------------

VRF_NOT_THERE = FindingKind(
    "vrf-not-there",
    ERROR,
    "the router has no VRF {vrf} for network {network}",
    "there is no table for the routes of the chain, and traffic cannot be steered into it",
    "run site.yml (tag routers)",
)
NETWORK_WITHOUT_ROUTE_TARGET = FindingKind(
    "network-without-route-target",
    ERROR,
    "network {network} has no route target that it both imports and exports",
    "no router can import its routes, and Contrail does not know which network the router's routes belong to",
    "run site.yml (tag networks), which sets the route target of the data model",
)
ROUTE_TARGET_NOT_IMPORTED = FindingKind(
    "route-target-not-imported",
    ERROR,
    "VRF {vrf} imports {imports}, but network {network} exports {targets}",
    "the VRF does not get the routes of the network",
    "use the same route target for VRF and network: run site.yml (tags networks, routers)",
)
ROUTE_TARGET_NOT_EXPORTED = FindingKind(
    "route-target-not-exported",
    ERROR,
    "VRF {vrf} exports {exports}, but network {network} imports {targets}",
    "Contrail does not learn the prefixes behind the router, so there is no return path",
    "use the same route target for VRF and network: run site.yml (tags networks, routers)",
)
BGP_SESSION_DOWN = FindingKind(
    "bgp-session-down",
    ERROR,
    "no BGP session with a control node is established: {sessions}",
    "the router and Contrail exchange no routes",
    "check that router and control node reach each other on TCP port 179, and that AS number, address and key match",
)
BGP_SESSION_PARTLY_DOWN = FindingKind(
    "bgp-session-partly-down",
    WARNING,
    "a BGP session with a control node is down: {sessions}",
    "routes of compute nodes that are connected only to this control node are missing",
    "check that router and control node reach each other on TCP port 179, and that AS number, address and key match",
)
NO_TUNNEL_TO_COMPUTE = FindingKind(
    "no-tunnel-to-compute",
    ERROR,
    "no dynamic tunnel is configured to compute node {compute}",
    "routes through this compute node are hidden, because their next hop cannot be reached",
    "add the compute node to the destination networks of the dynamic tunnels (vmx_peering, tunnels.destinations)",
)
NEXT_HOP_UNRESOLVED = FindingKind(
    "next-hop-unresolved",
    ERROR,
    "the next hop {compute} does not resolve: {reason}",
    "routes through this compute node are hidden, and traffic is dropped",
    "check that the router has a route to the compute node in inet.0, and that the tunnel comes up",
)
STATIC_ROUTE_MISSING = FindingKind(
    "static-route-missing",
    ERROR,
    "VRF {vrf} has no static route to {prefix}",
    "Contrail does not learn the prefix, and packets from the chain to it are dropped",
    "run site.yml (tag routers)",
)
FILTER_NOT_BOUND = FindingKind(
    "filter-not-bound",
    ERROR,
    "filter {filter} is not the input filter of {interface}",
    "no traffic of the interface is steered into the chain",
    "run site.yml (tag routers)",
)
STEERING_TERM_MISSING = FindingKind(
    "steering-term-missing",
    ERROR,
    "no term of filter {filter} sends traffic from {source} into VRF {vrf}",
    "the traffic takes its usual path and bypasses the chain",
    "run site.yml (tag routers)",
)
STEERING_TERM_HIDDEN = FindingKind(
    "steering-term-hidden",
    ERROR,
    "term {term} gets no traffic: the earlier term {by} matches all of it",
    "the traffic goes where the earlier term sends it, and bypasses the chain",
    "put the term before the other one (priority), or narrow the other one; then run site.yml (tag routers)",
)
ROUTE_NOT_LEARNED = FindingKind(
    "route-not-learned",
    ERROR,
    "{missing}, although all previous checks passed",
    "traffic to it is dropped in the VRF",
    "check the route on the control node, and the import policy and martians of the router",
)
LABEL_MISMATCH = FindingKind(
    "label-mismatch",
    ERROR,
    "the router sends to {prefix} with label {label}, but the {side} port of service {service} has label {wanted}",
    "packets arrive at another port, or are dropped",
    "restart the vRouter agent of the compute node, so that it announces its labels again",
)

# --- what only the guest knows --------------------------------------------------------------------------------

GUEST_SILENT = FindingKind(
    "guest-silent",
    WARNING,
    "no ARP reply from {prefix}, the address of {port}",
    "all routes are present, but a VM whose interface is down drops the traffic",
    "set the VM's interface up with its address; then the local preference rises to 200",
)
