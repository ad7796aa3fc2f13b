# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can stand against an intent on the Contrail controller."""

from __future__ import annotations

from ...values.finding import ERROR, WARNING, FindingKind

KINDS_HIDDEN = FindingKind(
    "kinds-hidden",
    WARNING,
    "this user has no permission to read {kinds}",
    "checks of control nodes, compute nodes and route targets of others that need these objects are left out",
    "run preflight as a user with the operator's role, or give this user permission to read them",
)
OBJECT_MISSING = FindingKind(
    "object-missing",
    ERROR,
    "Contrail has no {kind} {name}, and this run does not create it; {near}",
    "the run would fail halfway, or Contrail would silently create no chain",
    "correct the name, or let this collection create it (networks and services without existing: true, ports "
    "in contrail_objects_ports)",
)
PORT_OF_ANOTHER_NETWORK = FindingKind(
    "port-of-another-network",
    ERROR,
    "port {port} is in network {network}, the {side} side of service {service} in {wanted}",
    "the service gets no address on this side, and no chain is created",
    "use a port of {wanted}; left and right may be swapped",
)
PORT_IN_ANOTHER_TUPLE = FindingKind(
    "port-in-another-tuple",
    ERROR,
    "port {port} is already in port tuple {tuple}",
    "the other service would lose its port, or share its traffic",
    "use a different port for each member; if this is the member's tuple, use its name as the member's name",
)
PORT_WITHOUT_MACHINE = FindingKind(
    "port-without-machine",
    WARNING,
    "port {port} belongs to no virtual machine",
    "the port's addresses are not announced, so traffic in the chain is dropped until a VM has the port",
    "start the service VM with this port",
)
ROUTE_TARGET_OF_THE_CONTROLLER = FindingKind(
    "route-target-of-the-controller",
    ERROR,
    "{target} is in the range from {first} on, which this controller (AS {asn}) assigns itself",
    "the API server refuses the network, or later assigns the same route target to another one",
    "use a number below {first}, or another AS number",
)
ROUTE_TARGET_AS_TOO_LONG = FindingKind(
    "route-target-as-too-long",
    ERROR,
    "{target} has a 4-byte AS number, and the controller has enable_4byte_as off",
    "the API server refuses the network",
    "use an AS number up to 65535, or enable 4-byte AS numbers (contrail_global_config)",
)
ROUTE_TARGET_IN_USE = FindingKind(
    "route-target-in-use",
    WARNING,
    "{target} is also used by {others}",
    "the networks and the router's VRF exchange routes that bypass the services, and Contrail may not know "
    "which network the router's routes belong to",
    "choose an unused route target",
)
SUBNETS_OVERLAP_IN_VRF = FindingKind(
    "subnets-overlap-in-vrf",
    ERROR,
    "{subnet} overlaps {other} of network {network}, which also has {target}",
    "the router's VRF contains both, and traffic to one network reaches the other",
    "choose another route target, or renumber one of the two",
)
SUBNETS_IN_USE = FindingKind(
    "subnets-in-use",
    ERROR,
    "the existing network has {standing}, which is not in the data model, and its addresses are in use",
    "the API server refuses to delete the subnet, and the run would fail there",
    "add the subnet to the data model, or choose another name for the network",
)
GATEWAY_CHANGES = FindingKind(
    "gateway-changes",
    ERROR,
    "{subnet} exists with gateway {standing}, but the data model has {wanted}",
    "the API server refuses to change the gateway of a subnet, and the run would fail there",
    "set gateway: {standing}, or delete the subnet first",
)
EXISTING_SUBNET_DIFFERS = FindingKind(
    "existing-subnet-differs",
    WARNING,
    "the existing network has {standing}, not {wanted}",
    "routes of service VMs are computed from the subnets of the data model, and would be wrong",
    "write the network's real subnets into the data model",
)
EXISTING_LACKS_ROUTE_TARGET = FindingKind(
    "existing-lacks-route-target",
    ERROR,
    "the existing network does not import and export {target}",
    "the router's VRF and the network exchange no routes, so the chain is down",
    "add {target} to the network's route targets, or use one that it has",
)
TEMPLATE_DIFFERS = FindingKind(
    "template-differs",
    ERROR,
    "service template {template} has {what} {standing}, not {wanted} (used by {users})",
    "Contrail pairs interfaces by their order in the template, so the service's sides would be swapped or missing",
    "use another template, or change the service to match it",
)
INSTANCE_OF_ANOTHER_TEMPLATE = FindingKind(
    "instance-of-another-template",
    ERROR,
    "service instance {instance} exists with template {standing}, not {wanted}",
    "it belongs to somebody else, or would keep the other template's interfaces",
    "if it is yours, use that template; otherwise choose another name, or delete the instance first",
)
INSTANCE_BETWEEN_OTHER_NETWORKS = FindingKind(
    "instance-between-other-networks",
    ERROR,
    "service instance {instance} exists between {standing}, not {wanted}",
    "its present chains would be deleted",
    "choose another name, or delete the instance first",
)
POLICY_ON_ONE_SIDE = FindingKind(
    "policy-on-one-side",
    WARNING,
    "policy {policy} is attached to {attached} and not to {missing}",
    "the chain is down until a run attaches it there, too: an earlier run was interrupted, or somebody detached it",
    "run site.yml; if this happens again, find out who detaches it",
)
POLICY_ELSEWHERE = FindingKind(
    "policy-elsewhere",
    WARNING,
    "policy {policy} is also attached to {others}",
    "the rules name both networks, so it has no effect there; teardown keeps a policy that others use",
    "detach it there, or choose another name for the chain",
)
RIVAL_POLICY = FindingKind(
    "rival-policy",
    ERROR,
    "policy {policy} joins the same networks through {services}",
    "Contrail creates both chains; the router learns every prefix twice and sends all traffic into one of them",
    "give each chain its own pair of networks, or detach {policy}; to adopt it, use its name for the chain",
)
RULE_WITH_ANY = FindingKind(
    "rule-with-any",
    WARNING,
    "policy {policy} has a rule with services {services} for any network",
    "Contrail creates a chain to every network of the project, including this one",
    "name the networks in the rule",
)
SEQUENCE_IN_USE = FindingKind(
    "sequence-in-use",
    WARNING,
    "policy {policy} is attached to {network} with the same sequence {sequence}, and connects the same networks",
    "which of the two applies is undefined",
    "give the chain another sequence",
)
