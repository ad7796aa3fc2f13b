# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others still use of what a removal would take."""

from __future__ import annotations

from .finding import ERROR, WARNING, FindingKind

OR_LEAVE = ", or have it left (service_chain_teardown_leave_used: true)"

NETWORK_HAS_PORTS = FindingKind(
    "network-has-ports",
    ERROR,
    "ports {users} of others are in the network",
    "the API server refuses to delete the network, after the chains and the router's VRFs are gone",
    f"delete these ports or their machines first{OR_LEAVE}",
)
NETWORK_HAS_POLICIES = FindingKind(
    "network-has-policies",
    ERROR,
    "policies {users} of others are attached to the network, or name it",
    "their rules would lose the network without a word",
    f"detach them first{OR_LEAVE}",
)
NETWORK_HAS_INSTANCES = FindingKind(
    "network-has-instances",
    ERROR,
    "service instances {users} of others stand in the network",
    "Contrail does not look, and their chains would end",
    f"remove these service instances first{OR_LEAVE}",
)
NETWORK_HAS_BGP = FindingKind(
    "network-has-bgp",
    ERROR,
    "BGP routers {users} peer in the network's routing instance",
    "their sessions would end, and the API server may keep a routing instance that nobody cleans up",
    f"delete these BGP routers first{OR_LEAVE}",
)
INSTANCE_IN_POLICIES = FindingKind(
    "instance-in-policies",
    ERROR,
    "policies {users} of others lead through the service, or mirror to it",
    "Contrail does not look, and their chains would end",
    f"take the service out of these policies first{OR_LEAVE}",
)
INSTANCE_HAS_MEMBERS = FindingKind(
    "instance-has-members",
    ERROR,
    "port tuples {users} of others are members of the service",
    "their ports would be taken out of the service and the port tuples deleted with it",
    f"remove these port tuples first{OR_LEAVE}",
)
TEMPLATE_HAS_INSTANCES = FindingKind(
    "template-has-instances",
    ERROR,
    "service instances {users} of others are made from the template",
    "the API server refuses to delete the template, after the service is gone",
    f"remove these service instances first{OR_LEAVE}",
)
POLICY_ON_OTHER_NETWORKS = FindingKind(
    "policy-on-other-networks",
    ERROR,
    "the policy is attached to networks {users} of others as well",
    "it would be detached there, too",
    f"detach it there first{OR_LEAVE}",
)
PORT_SERVES_OTHERS = FindingKind(
    "port-serves-others",
    ERROR,
    "the port is in port tuples {users} of service instances that stay",
    "those services would lose a member",
    f"take the port out there first{OR_LEAVE}",
)
NAMED_BY_OTHERS = FindingKind(
    "named-by-others",
    ERROR,
    "{users} of others name it",
    "Contrail does not look, and they would stop working",
    f"change or delete these first{OR_LEAVE}",
)
OBJECT_IN_USE = FindingKind(
    "object-in-use",
    ERROR,
    "{users} of others refer to it or stand in it",
    "the API server refuses to delete it, after what comes before it is gone",
    f"delete or detach these first{OR_LEAVE}",
)
PEERING_SERVES_VRFS = FindingKind(
    "peering-serves-vrfs",
    ERROR,
    "VRFs {users} of others are on the router",
    "they would lose the routes that the peering brings",
    f"delete these VRFs first{OR_LEAVE}",
)
OBJECTS_OF_OTHERS = FindingKind(
    "objects-of-others",
    WARNING,
    "{objects} stay, for they do not carry the annotation of {owner}",
    "a chain that was made by hand goes on in Contrail without the router's steering",
    'with service_chain_owner: "" everything goes that the data model names, whoever made it',
)
SERVICE_ADDRESS_LEFT = FindingKind(
    "service-address-left",
    WARNING,
    "service addresses {addresses} are left of service instances that are gone",
    "the network cannot be deleted while they are there",
    "see that svc-monitor runs, which takes them away, or have them swept (service_chain_sweep: true)",
)
VRF_HAS_ROUTES = FindingKind(
    "vrf-has-routes",
    ERROR,
    "routes of others lead to the VRF: {users}",
    "the router refuses to commit, or their traffic has nowhere to go",
    f"delete these routes first{OR_LEAVE}",
)
VRF_IN_RIB_GROUPS = FindingKind(
    "vrf-in-rib-groups",
    ERROR,
    "rib-groups {users} share routes with the VRF",
    "their routes would no longer come here, or the router refuses to commit",
    f"take the VRF's tables out of these rib-groups first{OR_LEAVE}",
)
VRF_HAS_TERMS = FindingKind(
    "vrf-has-terms",
    ERROR,
    "terms of others steer into the VRF: {users}",
    "they would be deleted with it",
    f"delete these terms or have them lead elsewhere first{OR_LEAVE}",
)
VRF_HAS_INTERFACES = FindingKind(
    "vrf-has-interfaces",
    ERROR,
    "interfaces {users}, which the data model does not have, are in the VRF",
    "their routes would move to the router's main tables",
    f"take these interfaces out first{OR_LEAVE}",
)
VRF_HAS_OTHER_ROUTES = FindingKind(
    "vrf-has-other-routes",
    ERROR,
    "static routes {users}, which the data model does not have, are in the VRF",
    "they would be deleted with it",
    f"delete these routes first{OR_LEAVE}",
)
VRF_HAS_MORE = FindingKind(
    "vrf-has-more",
    ERROR,
    "the VRF holds what this collection does not configure: {users}",
    "it would be deleted with the VRF, routers' BGP included",
    f"delete these statements first{OR_LEAVE}",
)
VRF_IN_POLICIES = FindingKind(
    "vrf-in-policies",
    ERROR,
    "policy statements {users} name the VRF",
    "they would match nothing any more",
    f"change these policy statements first{OR_LEAVE}",
)
