# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with the data model by itself."""

from __future__ import annotations

from .finding import ERROR, REASON, WARNING, FindingKind

# --- single values and what they say of each other: the reason is given in words, with the value ---------------------

VALUE_NOT_VALID = FindingKind(
    "value-not-valid",
    ERROR,
    REASON,
    "nothing is written: the data model cannot be read",
    "write the value as the reason says; the data model's page and the example inventory show each one",
)
VALUE_MISSING = FindingKind(
    "value-missing",
    ERROR,
    REASON,
    "nothing is written: without this value the chain is not described",
    "add the value at this path",
)
KEY_UNKNOWN = FindingKind(
    "key-unknown",
    ERROR,
    REASON,
    "nothing is written: a misspelt key would have no effect",
    "correct the key, or take it out",
)
NOT_SUPPORTED = FindingKind(
    "not-supported",
    ERROR,
    REASON,
    "nothing is written: the value has a meaning that cannot be carried out",
    "take the value out, or set this up by other means",
)
NAME_UNKNOWN = FindingKind(
    "name-unknown",
    ERROR,
    REASON,
    "nothing is written: Contrail accepts names of services and networks that it does not have, and makes no chain",
    "correct the name, or describe what it names",
)
GIVEN_TWICE = FindingKind(
    "given-twice",
    ERROR,
    REASON,
    "nothing is written: the second one would replace the first",
    "give each its own",
)
INTERFACES_DO_NOT_FIT = FindingKind(
    "interfaces-do-not-fit",
    ERROR,
    REASON,
    "nothing is written: Contrail pairs the interfaces of template, instance and ports by their order and type",
    "let interfaces, networks and members of the service name the same interfaces",
)
SERVICE_IN_NO_CHAIN = FindingKind(
    "service-in-no-chain",
    ERROR,
    REASON,
    "nothing is written: a service gets its networks from its chain",
    "name the service in a chain, or take it out",
)
SERVICE_BETWEEN_OTHER_NETWORKS = FindingKind(
    "service-between-other-networks",
    ERROR,
    REASON,
    "nothing is written: a service instance has one network on each side",
    "describe a service of its own for each pair of networks",
)
PREFIXES_OVERLAP = FindingKind(
    "prefixes-overlap",
    ERROR,
    REASON,
    "nothing is written: traffic to the common addresses would not pass the services, or not come back",
    "give each side prefixes of its own",
)
ROUTE_TARGET_RESERVED = FindingKind(
    "route-target-reserved",
    ERROR,
    REASON,
    "nothing is written: the API server refuses it, or gives the same one to another network later",
    "use a number outside that range",
)
ROUTE_TARGET_MISSING = FindingKind(
    "route-target-missing",
    ERROR,
    REASON,
    "nothing is written: the router's VRF and the network would exchange no route",
    "give the network a route_target of its own",
)
ROUTE_TARGET_OF_BOTH_SIDES = FindingKind(
    "route-target-of-both-sides",
    ERROR,
    REASON,
    "nothing is written: the router would send traffic straight to the other side, past the services",
    "give each network a route target of its own",
)
CHAINS_NOT_TOLD_APART = FindingKind(
    "chains-not-told-apart",
    ERROR,
    REASON,
    "nothing is written: the router learns each prefix once for each chain and sends all traffic into one of them",
    "give each chain a pair of networks of its own, each with its route target and so its VRF, or distinct sequences "
    "where no router takes part",
)
STEERING_CONTRADICTS = FindingKind(
    "steering-contradicts",
    ERROR,
    REASON,
    "nothing is written: the router would follow one of the two terms",
    "let each source enter one chain on one side, and give terms names of their own",
)
HOST_ROUTES_CONTRADICT = FindingKind(
    "host-routes-contradict",
    ERROR,
    REASON,
    "nothing is written: a host has one way to a prefix",
    "give the prefix one next hop on this host",
)

# --- what the checks before a run find beyond that --------------------------------------------------------------------

SUBNETS_OVERLAP = FindingKind(
    "subnets-overlap",
    ERROR,
    "{subnet} overlaps {other} of network {network}",
    "addresses that both have are never reached through the chain; within one network the API server refuses them",
    "renumber one of the two",
)
STEERING_HIDDEN = FindingKind(
    "steering-hidden",
    ERROR,
    "term {term} of filter {filter} on {router} never matches: {earlier} stands before it and takes all its traffic "
    "into {vrf}",
    "this traffic enters the wrong VRF and never passes the services of this chain",
    "narrow the earlier source or match, or give this one a lower priority number than {earlier} has",
)
STEERING_REDUNDANT = FindingKind(
    "steering-redundant",
    WARNING,
    "term {term} of filter {filter} on {router} never matches: {earlier} takes all its traffic into the same VRF",
    "nothing but a term too many",
    "take the narrower entry out",
)
STEERING_NAME_TOO_LONG = FindingKind(
    "steering-name-too-long",
    ERROR,
    "the name that would be made for its steering term, {term}, is none that Junos takes",
    "the router refuses the configuration after the networks have been created",
    "give the entry a term of up to 64 letters, digits, - _ .",
)
ROUTE_TARGETS_ASYMMETRIC = FindingKind(
    "route-targets-asymmetric",
    WARNING,
    "{targets} are only imported or only exported",
    "Contrail cannot tell which network such routes come from, so chains do not re-originate them, and service "
    "instances do not export the other side's prefixes with them",
    "put route targets that a router or a chain relies on into route_targets, which go both ways",
)
ROUTE_TARGET_SHARED = FindingKind(
    "route-target-shared",
    WARNING,
    "{target} is that of {other} as well",
    "the router's VRFs of both hold the routes of both, so traffic between them passes no service",
    "give each network a route target of its own, unless they are meant to be one for the router",
)
ROUTE_TARGET_MAYBE_RESERVED = FindingKind(
    "route-target-maybe-reserved",
    WARNING,
    "{target} lies in the range that a controller with this 4-byte AS number gives out itself, from 8000 on",
    "if it is the controller's own AS, the API server refuses the network, or gives the route target to another one",
    "use a number below 8000 if it is",
)
TRANSIT_NOT_ALLOWED = FindingKind(
    "transit-not-allowed",
    WARNING,
    "{network} lies between {left} and {right} by the chains {chains}, and does not say whether it allows transit",
    "networks at the far ends of the two chains do not reach each other",
    "set allow_transit of {network} to true if they are to reach each other, else to false",
)
GUEST_ROUTES_NOT_SET = FindingKind(
    "guest-routes-not-set",
    WARNING,
    "nobody sets the routes of {members} to {prefixes}",
    "packets for these prefixes are lost in the service's guest",
    "name the inventory host of the member (host:), give the subnets host_routes to them, or build the routes into the "
    "image, via the gateway of each side",
)
EXTERNAL_HOLDS_ROUTER = FindingKind(
    "external-holds-router",
    WARNING,
    "{prefix} holds {address}, an address of router {router} itself",
    "what hosts of this prefix send to the router itself is steered into the VRF and lost, and neighbors of the router "
    "count as sources of the chain",
    "name the sources more narrowly",
)
FILTER_WITHOUT_TAIL = FindingKind(
    "filter-without-tail",
    WARNING,
    "filter {filter} is to have no tail of ours (default: none), and no place in front of somebody's term (before)",
    "Junos discards what no term of a filter accepts, BGP and tunnels included, unless the filter on the router "
    "already ends in such a term",
    "leave default out, or give before: TERM",
)
