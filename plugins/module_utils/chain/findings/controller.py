# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can stand against an intent on the Contrail controller."""

from __future__ import annotations

from .finding import ERROR, WARNING, FindingKind

KINDS_HIDDEN = FindingKind(
    "kinds-hidden",
    WARNING,
    "this user may not read {kinds}",
    "control nodes, compute nodes, and route targets of others are not checked, as far as these tell of them",
    "let a user with the operator's role run the preflight, or have its rules let this one read them",
)
OBJECT_MISSING = FindingKind(
    "object-missing",
    ERROR,
    "Contrail has no {kind} {name}, which this run does not make; {near}",
    "the run would end halfway, or, where Contrail does not look, the chain would never come about",
    "correct the name, or let this collection make it (networks and services without existing: true, ports in "
    "contrail_objects_ports)",
)
PORT_OF_ANOTHER_NETWORK = FindingKind(
    "port-of-another-network",
    ERROR,
    "port {port} is in network {network}, the {side} side of service {service} in {wanted}",
    "the service gets no address on this side, and no chain is made",
    "name a port of {wanted}; left and right may be exchanged",
)
PORT_IN_ANOTHER_TUPLE = FindingKind(
    "port-in-another-tuple",
    ERROR,
    "port {port} is in port tuple {tuple} already",
    "the other service would lose its port, or share its traffic",
    "name a port of its own for each member; if this is the tuple of the member, give the member its name",
)
PORT_WITHOUT_MACHINE = FindingKind(
    "port-without-machine",
    WARNING,
    "no virtual machine has port {port}",
    "nobody announces the port's addresses, so the chain leads nowhere until a machine has it",
    "boot the service's machine with this port",
)
ROUTE_TARGET_OF_THE_CONTROLLER = FindingKind(
    "route-target-of-the-controller",
    ERROR,
    "{target} lies in the range that this controller (AS {asn}) gives out itself, from {first} on",
    "the API server refuses the network, or gives the same route target to another one later",
    "use a number below {first}, or another AS number",
)
ROUTE_TARGET_AS_TOO_LONG = FindingKind(
    "route-target-as-too-long",
    ERROR,
    "{target} has a 4-byte AS number, and the controller has enable_4byte_as off",
    "the API server refuses the network",
    "use an AS number up to 65535, or have 4-byte AS numbers enabled (contrail_global_config)",
)
ROUTE_TARGET_IN_USE = FindingKind(
    "route-target-in-use",
    WARNING,
    "{target} is used by {others} as well",
    "their routes enter the router's VRF and ours enter them, past the services, and Contrail may not know which "
    "network the router's routes belong to",
    "choose a route target that nobody else uses",
)
SUBNETS_OVERLAP_IN_VRF = FindingKind(
    "subnets-overlap-in-vrf",
    ERROR,
    "{subnet} overlaps {other} of network {network}, which has {target} too",
    "the router's VRF holds both, and traffic for one network reaches the other",
    "choose another route target, or renumber one of the two",
)
SUBNETS_IN_USE = FindingKind(
    "subnets-in-use",
    ERROR,
    "the network stands with {standing}, which the data model does not have, and addresses of it are in use",
    "the API server refuses to take the subnet away, and the run ends there",
    "add the subnet to the data model, or choose another name for the network",
)
GATEWAY_CHANGES = FindingKind(
    "gateway-changes",
    ERROR,
    "{subnet} stands with gateway {standing}, and the data model has {wanted}",
    "the API server refuses to change the gateway of a subnet, and the run ends there",
    "write gateway: {standing}, or remove the subnet first",
)
EXISTING_SUBNET_DIFFERS = FindingKind(
    "existing-subnet-differs",
    WARNING,
    "the existing network has {standing}, not {wanted}",
    "routes of service guests are computed from the subnets of the data model and lead nowhere",
    "describe the network as it stands",
)
EXISTING_LACKS_ROUTE_TARGET = FindingKind(
    "existing-lacks-route-target",
    ERROR,
    "the existing network does not import and export {target}",
    "the router's VRF and the network exchange no route, so the chain does not stand",
    "add {target} to the network's route targets, or name one that it has",
)
TEMPLATE_DIFFERS = FindingKind(
    "template-differs",
    ERROR,
    "service template {template} has {what} {standing}, not {wanted} (used by {users})",
    "Contrail pairs interfaces by their order in the template, so the service's sides would be exchanged or missing",
    "name another template, or describe the service as the template is",
)
INSTANCE_OF_ANOTHER_TEMPLATE = FindingKind(
    "instance-of-another-template",
    ERROR,
    "service instance {instance} stands with template {standing}, not {wanted}",
    "it is somebody else's service, or keeps the other template's interfaces",
    "if it is yours, give the service that template; else choose another name, or remove that instance first",
)
INSTANCE_BETWEEN_OTHER_NETWORKS = FindingKind(
    "instance-between-other-networks",
    ERROR,
    "service instance {instance} stands between {standing}, not {wanted}",
    "chains that it serves now would end",
    "choose another name, or remove that instance first",
)
POLICY_ON_ONE_SIDE = FindingKind(
    "policy-on-one-side",
    WARNING,
    "policy {policy} is attached to {attached} and not to {missing}",
    "no chain stands until a run attaches it there too: an earlier one was interrupted, or somebody detached it",
    "run the site; if this comes back, find out who detaches it",
)
POLICY_ELSEWHERE = FindingKind(
    "policy-elsewhere",
    WARNING,
    "policy {policy} is attached to {others} as well",
    "the rules name both networks, so it has no effect there; teardown leaves a policy that others use",
    "detach it there, or choose another name for the chain",
)
RIVAL_POLICY = FindingKind(
    "rival-policy",
    ERROR,
    "policy {policy} joins the same networks through {services}",
    "Contrail makes both chains; the router learns every prefix twice and sends all traffic into one of them",
    "give each chain a pair of networks of its own, or detach {policy}; to take it over, name the chain like it",
)
RULE_WITH_ANY = FindingKind(
    "rule-with-any",
    WARNING,
    "policy {policy} has a rule with services {services} for any network",
    "Contrail makes a chain to every network of the project, this one included",
    "have the rule name its networks",
)
SEQUENCE_IN_USE = FindingKind(
    "sequence-in-use",
    WARNING,
    "policy {policy} stands on {network} with the same sequence {sequence} and joins the same networks",
    "which of the two decides is chance",
    "give the chain a sequence of its own",
)
