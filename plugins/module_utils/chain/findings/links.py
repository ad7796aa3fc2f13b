# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can break a chain that was set up: its links, in the order in which a packet's way is built."""

from __future__ import annotations

from .finding import ERROR, WARNING, FindingKind

NO_CHAIN = "no chain is made: traffic between the networks is dropped, or takes the way that it had without one"
WITHDRAWN = "the routes of the far side are withdrawn, and traffic that is steered into the VRF is dropped"

# --- what Contrail is told ----------------------------------------------------------------------------------

NETWORK_NOT_THERE = FindingKind(
    "network-not-there",
    ERROR,
    "Contrail has no network {network}",
    NO_CHAIN,
    "run the site, or correct the name of the network",
)
POLICY_NOT_THERE = FindingKind(
    "policy-not-there",
    ERROR,
    "Contrail has no policy {policy}",
    NO_CHAIN,
    "run the site, which makes and attaches the policy (tag policies)",
)
POLICY_WITHOUT_CHAIN = FindingKind(
    "policy-without-chain",
    ERROR,
    "no rule of policy {policy} sends traffic between {left} and {right} through a service",
    NO_CHAIN,
    "run the site, which writes the rules of the policy (tag policies)",
)
POLICY_NOT_ATTACHED = FindingKind(
    "policy-not-attached",
    ERROR,
    "policy {policy} is not attached to {network}",
    "Contrail makes a chain only when both networks have the policy, and reports no error",
    "attach the policy to the network: run the site (tag policies), or contrail_policy with this network in networks",
)
POLICY_WITHOUT_SEQUENCE = FindingKind(
    "policy-without-sequence",
    ERROR,
    "policy {policy} is attached to {network} without a sequence",
    "Contrail ignores a policy whose attachment has no sequence",
    "attach it with a sequence: run the site (tag policies)",
)
SERVICE_NAMED_IN_VAIN = FindingKind(
    "service-named-in-vain",
    ERROR,
    "the policy names service {service}, which does not exist{near}",
    "apply_service is a text that nobody checks: no chain is made for the rule",
    "correct the name in the policy, or make the service instance: run the site (tags services, policies)",
)
OTHER_SERVICES_IN_POLICY = FindingKind(
    "other-services-in-policy",
    ERROR,
    "the policy sends traffic through {found}, not through {wanted}",
    "traffic takes another way than the data model says",
    "run the site, which writes the rules of the policy (tag policies)",
)
SERVICE_WITHOUT_TEMPLATE = FindingKind(
    "service-without-template",
    ERROR,
    "service instance {service} has no service template",
    "Contrail does not find the service, though it exists, and makes no chain",
    "delete the instance and run the site (tag services), which makes it of its template",
)
NO_PORT_TUPLE = FindingKind(
    "no-port-tuple",
    ERROR,
    "service {service} has no port tuple with ports",
    "the service has no machine, and no chain is made",
    "name the ports under members of the service and run the site (tag services)",
)
PORT_WITHOUT_INTERFACE_TYPE = FindingKind(
    "port-without-interface-type",
    ERROR,
    "port {port} of port tuple {tuple} does not say which side of the service it is on",
    "the service gets no address on that side, and no chain is made",
    "run the site (tag services), or set service_interface_type of the port to left or right",
)
PORT_TUPLE_INCOMPLETE = FindingKind(
    "port-tuple-incomplete",
    ERROR,
    "port tuple {tuple} has no port on its {side} side",
    "the service is not connected on that side, and no chain is made",
    "name the port under members of the service and run the site (tag services)",
)
PORT_TUPLE_LEFT_OUT = FindingKind(
    "port-tuple-left-out",
    WARNING,
    "{reason}",
    "the chain stands on the other members of the service; this one gets no traffic",
    "name its ports under members of the service and run the site (tag services)",
)
PORT_ON_WRONG_SIDE = FindingKind(
    "port-on-wrong-side",
    ERROR,
    "port {port} is the {side} side of service {service}, but in {found} instead of {wanted}",
    "Contrail says that the chain is made, but finds no way to the service: left and right may be swapped",
    "give the port its right side, or move it to its network; then run the site (tag services)",
)
NO_SERVICE_ADDRESS = FindingKind(
    "no-service-address",
    ERROR,
    "service {service} has no service address on its {side} side",
    "the schema transformer finds no address for the interface and makes no chain",
    "see that contrail-svc-monitor runs, for it makes the address, and that the network has free addresses",
)

# --- what Contrail makes of it ------------------------------------------------------------------------------

SERVICE_ROUTING_INSTANCE_MISSING = FindingKind(
    "service-routing-instance-missing",
    ERROR,
    "network {network} has no routing instance for service {service}: {message}",
    NO_CHAIN,
    "mend what the schema transformer finds wrong; if it says nothing, see that contrail-schema runs",
)
CHAIN_NOT_CREATED = FindingKind(
    "chain-not-created",
    ERROR,
    "routing instances stand, but {message}",
    "what stands is left over and goes as soon as the schema transformer looks again",
    "mend what the schema transformer finds wrong",
)
CHAIN_DEGRADED = FindingKind(
    "chain-degraded",
    WARNING,
    "the schema transformer has made the chain, but finds something missing: {message}",
    "the chain stands on a part of its members",
    "complete the member that the message names",
)
NETWORKS_JOINED_DIRECTLY = FindingKind(
    "networks-joined-directly",
    WARNING,
    "{left} and {right} are also joined directly, by another policy or another rule",
    "routes leak past the service, and traffic may too",
    "take the rule that passes traffic between the two networks without a service out of their policies",
)
CHAIN_STATE_MISSING = FindingKind(
    "chain-state-missing",
    ERROR,
    "no control node knows service {service} for routes from {near} to {far}",
    WITHDRAWN,
    "see that the control nodes have their configuration: their connection to the database, and their log",
)
CHAIN_PENDING = FindingKind(
    "chain-pending",
    ERROR,
    "service {service} waits in {network}: {reason}",
    WITHDRAWN,
    "mend what the reason names; it is a part of the control node's configuration",
)
CONNECTED_ROUTE_DOWN = FindingKind(
    "connected-route-down",
    ERROR,
    "nobody announces the service address of {service} in {network}: {reason}",
    WITHDRAWN,
    "see that the service's machine and port are up, its health checks pass, and its compute node is connected",
)
CHAIN_GROUP_DOWN = FindingKind(
    "chain-group-down",
    ERROR,
    "service {service} is up in {network}, but another part of its chain is not, which is not told",
    "from release 5.0 on the whole chain is withdrawn when one of its parts is down",
    "look for the part that is down: other services of the chain, and its other side",
)
CONTROL_NODES_DISAGREE = FindingKind(
    "control-nodes-disagree",
    WARNING,
    "service {service} is {state} in {network} on control node {node}, but active on another",
    "routers and compute nodes that hear only this control node miss the routes of the chain",
    "see that the control nodes are peers of each other and have the same configuration",
)
MEMBER_NOT_FORWARDING = FindingKind(
    "member-not-forwarding",
    WARNING,
    "a member of service {service} does not take part: {reason}",
    "the chain stands on the other members",
    "see that the machine and its port are up",
)

# --- what the router makes of it ------------------------------------------------------------------------------

VRF_NOT_THERE = FindingKind(
    "vrf-not-there",
    ERROR,
    "the router has no VRF {vrf} for network {network}",
    "the routes of the chain have no table, and traffic cannot be steered into it",
    "run the site (tag routers)",
)
NETWORK_WITHOUT_ROUTE_TARGET = FindingKind(
    "network-without-route-target",
    ERROR,
    "network {network} has no route target that it both imports and exports",
    "no router can take its routes, and Contrail does not know whose routes come from the router",
    "run the site (tag networks), which sets the route target of the data model",
)
ROUTE_TARGET_NOT_IMPORTED = FindingKind(
    "route-target-not-imported",
    ERROR,
    "VRF {vrf} imports {imports}, but network {network} gives {targets}",
    "the routes of the network do not get into the VRF",
    "give VRF and network the same route target: run the site (tags networks, routers)",
)
ROUTE_TARGET_NOT_EXPORTED = FindingKind(
    "route-target-not-exported",
    ERROR,
    "VRF {vrf} exports {exports}, but network {network} takes {targets}",
    "Contrail does not learn the prefixes behind the router, and nothing comes back",
    "give VRF and network the same route target: run the site (tags networks, routers)",
)
BGP_SESSION_DOWN = FindingKind(
    "bgp-session-down",
    ERROR,
    "no BGP session with a control node stands: {sessions}",
    "the router learns no route of Contrail's, and Contrail none of the router's",
    "see that router and control node reach each other on TCP port 179 and agree on AS number, address and key",
)
BGP_SESSION_PARTLY_DOWN = FindingKind(
    "bgp-session-partly-down",
    WARNING,
    "a BGP session with a control node is down: {sessions}",
    "routes of compute nodes that only this control node serves are missing",
    "see that router and control node reach each other on TCP port 179 and agree on AS number, address and key",
)
NO_TUNNEL_TO_COMPUTE = FindingKind(
    "no-tunnel-to-compute",
    ERROR,
    "no dynamic tunnel is configured to compute node {compute}",
    "routes by this compute node are hidden, for their next hop cannot be reached",
    "add the compute node to the destination networks of the dynamic tunnels (vmx_peering, tunnels.destinations)",
)
NEXT_HOP_UNRESOLVED = FindingKind(
    "next-hop-unresolved",
    ERROR,
    "the next hop {compute} does not resolve: {reason}",
    "routes by this compute node are hidden, and traffic is dropped",
    "see that the router has a route to the compute node in inet.0, and that the tunnel comes up",
)
STATIC_ROUTE_MISSING = FindingKind(
    "static-route-missing",
    ERROR,
    "VRF {vrf} has no static route to {prefix}",
    "Contrail does not learn the prefix, and packets that come out of the chain do not find it",
    "run the site (tag routers)",
)
FILTER_NOT_BOUND = FindingKind(
    "filter-not-bound",
    ERROR,
    "filter {filter} is not the input filter of {interface}",
    "no traffic of the interface is steered into the chain",
    "run the site (tag routers)",
)
STEERING_TERM_MISSING = FindingKind(
    "steering-term-missing",
    ERROR,
    "no term of filter {filter} sends traffic from {source} into VRF {vrf}",
    "the traffic goes its usual way, past the chain",
    "run the site (tag routers)",
)
STEERING_TERM_HIDDEN = FindingKind(
    "steering-term-hidden",
    ERROR,
    "term {term} never sees its traffic: the earlier term {by} takes all of it",
    "the traffic goes where the earlier term sends it, past the chain",
    "put the term before the other one (priority), or narrow the other one; then run the site (tag routers)",
)
ROUTE_NOT_LEARNED = FindingKind(
    "route-not-learned",
    ERROR,
    "{missing}, though every link up to here stands",
    "traffic to it that is steered into the VRF is dropped",
    "look at the route on the control node, and at the import policy and the martians of the router",
)
LABEL_MISMATCH = FindingKind(
    "label-mismatch",
    ERROR,
    "the router sends to {prefix} with label {label}, but the {side} port of service {service} has label {wanted}",
    "packets come out at another port, or nowhere",
    "restart the vRouter agent of the compute node, so that it announces its labels anew",
)

# --- what only the guest knows --------------------------------------------------------------------------------

GUEST_SILENT = FindingKind(
    "guest-silent",
    WARNING,
    "nobody has answered for {prefix}, the address of {port}",
    "everything looks programmed, but a guest whose interface is not up drops what comes",
    "bring the interface of the guest up, with its address; then the local preference rises to 200",
)
