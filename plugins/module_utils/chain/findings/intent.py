# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with the data model by itself."""

from __future__ import annotations

from ...values.faults import GIVEN_TWICE, KEY_UNKNOWN, NOT_SUPPORTED, VALUE_MISSING, VALUE_NOT_VALID
from ...values.finding import ERROR, REASON, WARNING, FindingKind

# --- single values and what they say of each other: the reason is given in words, with the value ---------------------

OF_SINGLE_VALUES = (VALUE_NOT_VALID, VALUE_MISSING, KEY_UNKNOWN, NOT_SUPPORTED, GIVEN_TWICE)
"""What a single value can be, whatever reads it."""

NAME_UNKNOWN = FindingKind(
    "name-unknown",
    ERROR,
    REASON,
    "nothing is written: Contrail accepts names of services and networks that do not exist, and then creates no chain",
    "correct the name, or add the object to the data model",
)
INTERFACES_DO_NOT_FIT = FindingKind(
    "interfaces-do-not-fit",
    ERROR,
    REASON,
    "nothing is written: Contrail pairs the interfaces of template, instance and ports by their order and type",
    "name the same interfaces in interfaces, networks and members of the service",
)
SERVICE_IN_NO_CHAIN = FindingKind(
    "service-in-no-chain",
    ERROR,
    REASON,
    "nothing is written: a service gets its networks from its chain",
    "add the service to a chain, or remove it",
)
SERVICE_BETWEEN_OTHER_NETWORKS = FindingKind(
    "service-between-other-networks",
    ERROR,
    REASON,
    "nothing is written: a service instance has one network on each side",
    "define a separate service for each pair of networks",
)
PREFIXES_OVERLAP = FindingKind(
    "prefixes-overlap",
    ERROR,
    REASON,
    "nothing is written: traffic to the common addresses would bypass the services, or get no reply",
    "use different prefixes on the two sides",
)
ROUTE_TARGET_RESERVED = FindingKind(
    "route-target-reserved",
    ERROR,
    REASON,
    "nothing is written: the API server refuses it, or later assigns it to another network",
    "use a number outside that range",
)
ROUTE_TARGET_MISSING = FindingKind(
    "route-target-missing",
    ERROR,
    REASON,
    "nothing is written: the router's VRF and the network would exchange no route",
    "give the network a route_target that no other network uses",
)
ROUTE_TARGET_OF_BOTH_SIDES = FindingKind(
    "route-target-of-both-sides",
    ERROR,
    REASON,
    "nothing is written: the router would send traffic directly to the other side, bypassing the services",
    "give the two networks different route targets",
)
CHAINS_NOT_TOLD_APART = FindingKind(
    "chains-not-told-apart",
    ERROR,
    REASON,
    "nothing is written: the router learns each prefix from every chain, and sends all traffic into one of them",
    "give each chain its own pair of networks (with route targets, and therefore VRFs); without a router "
    "different sequences are enough",
)
STEERING_CONTRADICTS = FindingKind(
    "steering-contradicts",
    ERROR,
    REASON,
    "nothing is written: the router would apply only one of the two terms",
    "let each source enter only one chain on one side, and give the terms different names",
)
HOST_ROUTES_CONTRADICT = FindingKind(
    "host-routes-contradict",
    ERROR,
    REASON,
    "nothing is written: a host can use only one next hop for a prefix",
    "give the prefix one next hop on this host",
)

# --- what the checks before a run find beyond that --------------------------------------------------------------------

SUBNETS_OVERLAP = FindingKind(
    "subnets-overlap",
    ERROR,
    "{subnet} overlaps {other} of network {network}",
    "addresses in both are never reached through the chain; within one network the API server refuses them",
    "renumber one of the two",
)
STEERING_HIDDEN = FindingKind(
    "steering-hidden",
    ERROR,
    "term {term} of filter {filter} on {router} never matches: {earlier} is before it and steers all its "
    "traffic into {vrf}",
    "this traffic enters the wrong VRF and bypasses the services of this chain",
    "make the source or match of the earlier term narrower, or give this term a lower priority number than {earlier}",
)
STEERING_REDUNDANT = FindingKind(
    "steering-redundant",
    WARNING,
    "term {term} of filter {filter} on {router} never matches: {earlier} steers all its traffic into the same VRF",
    "the term is superfluous",
    "remove the narrower entry",
)
STEERING_NAME_TOO_LONG = FindingKind(
    "steering-name-too-long",
    ERROR,
    "Junos does not accept {term}, the name of its steering term",
    "the router rejects the configuration after the networks have been created",
    "give the entry a term of up to 64 letters, digits, - _ .",
)
ROUTE_TARGETS_ASYMMETRIC = FindingKind(
    "route-targets-asymmetric",
    WARNING,
    "{targets} are only imported or only exported",
    "Contrail cannot tell which network such routes come from, so chains do not re-originate them, and service "
    "instances do not export the other side's prefixes with them",
    "put route targets that a router or a chain needs into route_targets, which are imported and exported",
)
ROUTE_TARGET_SHARED = FindingKind(
    "route-target-shared",
    WARNING,
    "{target} is also the route target of {other}",
    "both VRFs of the router contain the routes of both networks, so traffic between them bypasses the services",
    "give the networks different route targets, unless the router should treat them as one",
)
ROUTE_TARGET_MAYBE_RESERVED = FindingKind(
    "route-target-maybe-reserved",
    WARNING,
    "{target} is in the range from 8000 on, which a controller with this 4-byte AS number assigns itself",
    "if this is the controller's own AS, the API server refuses the network, or assigns the route target to "
    "another one",
    "in this case use a number below 8000",
)
TRANSIT_NOT_ALLOWED = FindingKind(
    "transit-not-allowed",
    WARNING,
    "{network} is between {left} and {right} (chains {chains}), but allow_transit is not set",
    "the networks at the far ends of the two chains cannot reach each other",
    "set allow_transit of {network} to true if they should reach each other, otherwise to false",
)
GUEST_ROUTES_NOT_SET = FindingKind(
    "guest-routes-not-set",
    WARNING,
    "the service VMs of {members} get no routes to {prefixes}",
    "packets to these prefixes are lost in the service VM",
    "set the member's inventory host (host:), add host_routes to the subnets, or configure the routes in the "
    "image, via the gateway of each side",
)
EXTERNAL_HOLDS_ROUTER = FindingKind(
    "external-holds-router",
    WARNING,
    "{prefix} holds {address}, an address of router {router} itself",
    "traffic from this prefix to the router itself is steered into the VRF and lost, and neighbors of the "
    "router count as sources of the chain",
    "use narrower prefixes for the sources",
)
FILTER_WITHOUT_TAIL = FindingKind(
    "filter-without-tail",
    WARNING,
    "filter {filter} has default: none, and no existing term to insert before (before)",
    "Junos discards traffic that no term accepts, including BGP and tunnels, unless the filter on the router "
    "already ends in an accepting term",
    "remove default, or add before: TERM",
)
