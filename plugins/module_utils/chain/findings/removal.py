# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others still use of what a removal would take."""

from __future__ import annotations

from ...values.finding import ERROR, WARNING, FindingKind

OR_LEAVE = ", or keep it (service_chain_teardown_leave_used: true)"

NETWORK_HAS_PORTS = FindingKind(
    "network-has-ports",
    ERROR,
    "ports {users} of others are in the network",
    "the API server refuses to delete the network, after the chains and the router's VRFs have been deleted",
    f"delete these ports or their VMs first{OR_LEAVE}",
)
NETWORK_HAS_POLICIES = FindingKind(
    "network-has-policies",
    ERROR,
    "policies {users} of others are attached to the network, or refer to it",
    "their rules would silently lose the network",
    f"detach them first{OR_LEAVE}",
)
NETWORK_HAS_INSTANCES = FindingKind(
    "network-has-instances",
    ERROR,
    "service instances {users} of others are in the network",
    "Contrail does not prevent this, and their chains would be deleted",
    f"delete these service instances first{OR_LEAVE}",
)
NETWORK_HAS_BGP = FindingKind(
    "network-has-bgp",
    ERROR,
    "BGP routers {users} are in the network's routing instance",
    "their sessions would end, and the API server may keep a routing instance that nobody cleans up",
    f"delete these BGP routers first{OR_LEAVE}",
)
INSTANCE_IN_POLICIES = FindingKind(
    "instance-in-policies",
    ERROR,
    "policies {users} of others send traffic through the service, or mirror to it",
    "Contrail does not prevent this, and their chains would be deleted",
    f"remove the service from these policies first{OR_LEAVE}",
)
INSTANCE_HAS_MEMBERS = FindingKind(
    "instance-has-members",
    ERROR,
    "port tuples {users} of others are members of the service",
    "the port tuples would be deleted with the service",
    f"delete these port tuples first{OR_LEAVE}",
)
TEMPLATE_HAS_INSTANCES = FindingKind(
    "template-has-instances",
    ERROR,
    "service instances {users} of others are made from the template",
    "the API server refuses to delete the template, after the service has been deleted",
    f"delete these service instances first{OR_LEAVE}",
)
POLICY_ON_OTHER_NETWORKS = FindingKind(
    "policy-on-other-networks",
    ERROR,
    "the policy is also attached to networks {users} of others",
    "the policy would be detached there, too",
    f"detach the policy there first{OR_LEAVE}",
)
PORT_SERVES_OTHERS = FindingKind(
    "port-serves-others",
    ERROR,
    "the port is in port tuples {users} of service instances that are kept",
    "those services would lose a member",
    f"remove the port there first{OR_LEAVE}",
)
NAMED_BY_OTHERS = FindingKind(
    "named-by-others",
    ERROR,
    "{users} of others refer to it by name",
    "Contrail does not prevent this, and they would stop working",
    f"change or delete these first{OR_LEAVE}",
)
OBJECT_IN_USE = FindingKind(
    "object-in-use",
    ERROR,
    "{users} of others refer to it or are children of it",
    "the API server refuses to delete it, after other objects have been deleted",
    f"delete or detach these first{OR_LEAVE}",
)
PEERING_SERVES_VRFS = FindingKind(
    "peering-serves-vrfs",
    ERROR,
    "VRFs {users} of others are on the router",
    "they would lose the routes of the peering",
    f"delete these VRFs first{OR_LEAVE}",
)
OBJECTS_OF_OTHERS = FindingKind(
    "objects-of-others",
    WARNING,
    "{objects} are kept: they do not have the annotation of {owner}",
    "a chain that was made by hand stays in Contrail, without the router's steering",
    'with service_chain_owner: "" everything in the data model is deleted, whoever created it',
)
SERVICE_ADDRESS_LEFT = FindingKind(
    "service-address-left",
    WARNING,
    "service addresses {addresses} are left over from deleted service instances",
    "the network cannot be deleted while they exist",
    "check that contrail-svc-monitor runs, which deletes them, or delete them with service_chain_sweep: true",
)
VRF_HAS_ROUTES = FindingKind(
    "vrf-has-routes",
    ERROR,
    "routes of others point to the VRF: {users}",
    "the router refuses to commit, or their traffic is dropped",
    f"delete these routes first{OR_LEAVE}",
)
VRF_IN_RIB_GROUPS = FindingKind(
    "vrf-in-rib-groups",
    ERROR,
    "rib-groups {users} share routes with the VRF",
    "they would no longer share routes, or the router refuses to commit",
    f"remove the VRF's tables from these rib-groups first{OR_LEAVE}",
)
VRF_HAS_TERMS = FindingKind(
    "vrf-has-terms",
    ERROR,
    "terms of others steer into the VRF: {users}",
    "they would be deleted with the VRF",
    f"delete or change these terms first{OR_LEAVE}",
)
VRF_HAS_INTERFACES = FindingKind(
    "vrf-has-interfaces",
    ERROR,
    "interfaces {users}, which are not in the data model, are in the VRF",
    "the interfaces would move to the router's main routing instance",
    f"remove these interfaces first{OR_LEAVE}",
)
VRF_HAS_OTHER_ROUTES = FindingKind(
    "vrf-has-other-routes",
    ERROR,
    "static routes {users}, which are not in the data model, are in the VRF",
    "they would be deleted with the VRF",
    f"delete these routes first{OR_LEAVE}",
)
VRF_HAS_MORE = FindingKind(
    "vrf-has-more",
    ERROR,
    "the VRF contains configuration of others: {users}",
    "it would be deleted with the VRF, including BGP",
    f"delete these statements first{OR_LEAVE}",
)
VRF_IN_POLICIES = FindingKind(
    "vrf-in-policies",
    ERROR,
    "policy statements {users} refer to the VRF",
    "they would no longer match anything",
    f"change these policy statements first{OR_LEAVE}",
)
