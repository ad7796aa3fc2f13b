# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a running API knows and its schema does not say, as data.

Fields of complex types are written ``Type.field``; seen on a running contrail-api where nothing else is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..codec.values import address, autonomous_system, community, interface_type, mac_address, prefix, route_target

DEFAULT_PARENTS: Mapping[str, tuple[str, ...]] = {
    "global-system-config": ("default-global-system-config",),
    "global-analytics-config": ("default-global-system-config", "default-global-analytics-config"),
    "global-qos-config": ("default-global-system-config", "default-global-qos-config"),
    "global-vrouter-config": ("default-global-system-config", "default-global-vrouter-config"),
    "policy-management": ("default-policy-management",),
}
"""Objects that are there once, and so are meant where a short name stands under their kind."""

FABRIC_ROUTING_INSTANCE = ("default-domain", "default-project", "ip-fabric", "__default__")
"""The routing instance in which BGP routers are."""

NEEDED_REFERENCES: Mapping[str, str] = {
    "instance-ip": "virtual-network",
    "virtual-machine-interface": "virtual-network",
}
"""References without which the API cannot create an object; it answers with a status 500 or a riddle."""

FIXED_TOO = frozenset({"bgp-as-a-service.bgpaas_shared"})
"""Properties that the server lets nobody change, though the schema does."""

NEEDED_PROPERTIES: Mapping[str, str] = {"loadbalancer-healthmonitor": "loadbalancer_healthmonitor_properties"}
"""The one property that the API insists on. Of others that the schema calls required it creates objects without."""

SERVER_MADE = frozenset(
    {
        "AclRuleType.rule_uuid",
        "FirewallRuleEndpointType.tag_ids",
        "IdPermsType.created",
        "IdPermsType.creator",
        "IdPermsType.last_modified",
        "IdPermsType.permissions",
        "IdPermsType.uuid",
        "IpamSubnetType.created",
        "IpamSubnetType.last_modified",
        "IpamSubnetType.subnet_uuid",
        "LoadbalancerMemberType.status",
        "LoadbalancerMemberType.status_description",
        "LoadbalancerPoolType.status",
        "LoadbalancerPoolType.status_description",
        "PolicyRuleType.created",
        "PolicyRuleType.last_modified",
        "PolicyRuleType.rule_uuid",
        "VirtualIpType.status",
        "VirtualIpType.status_description",
        "VirtualNetworkType.network_id",
    }
)
"""Fields that the server fills in: they are kept as they are, never compared and never given."""

PROTOCOL_IDS: Mapping[str, int] = {"any": 0, "icmp": 1, "tcp": 6, "udp": 17, "sctp": 132}
"""The protocols of firewall services, each with the number that the server puts beside it."""


def _protocol_id(service: Mapping[str, Any]) -> int | None:
    return PROTOCOL_IDS.get(str(service.get("protocol")).lower())


COMPUTED: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {"FirewallServiceType.protocol_id": _protocol_id}
"""Fields that the server fills in from others of the same value. The right value may be given; it changes nothing."""

ONE_OF: Mapping[str, tuple[str, ...]] = {
    "FirewallRuleEndpointType": ("address_group", "any", "subnet", "tags", "virtual_network"),
}
"""Fields of which a value of a type has one; another one takes its place."""

MADE_PROPERTIES: Mapping[str, tuple[str, ...]] = {"tag": ("display_name",)}
"""Properties that the server makes of others: it takes none on creation, and refuses any with a status 400 later."""

EMPTIED_BY_TEXT = frozenset({"IdPermsType.description"})
"""Fields that keep their value when they are left out; an empty text empties them."""

UNORDERED = frozenset(
    {
        "AddressFamilies.family",
        "AllowedAddressPairs.allowed_address_pair",
        "BgpSessionAttributes.family_attributes",
        "CommunityAttributes.community_attribute",
        "CommunityListType.community",
        "EncryptionTunnelEndpointList.endpoint",
        "ExtCommunityListType.community",
        "FatFlowProtocols.fat_flow_protocol",
        "FirewallRuleMatchTagsType.tag_list",
        "IpamSubnets.subnets",
        "KeyValuePairs.key_value_pair",
        "LinklocalServicesTypes.linklocal_service_entry",
        "MacAddressesType.mac_address",
        "MulticastSourceGroups.multicast_source_group",
        "PermType2.share",
        "PortMappings.port_mappings",
        "QosIdForwardingClassPairs.qos_id_forwarding_class_pair",
        "RouteListType.route",
        "RouteTableType.route",
        "RouteTargetList.route_target",
        "StaticRouteEntriesType.route",
        "SubnetListType.subnet",
        "UserDefinedLogStatList.statlist",
        "UveKeysType.uve_key",
        "VnSubnetsType.ipam_subnets",
    }
)
"""Lists whose order means nothing, so that another order is no change; all others are ordered."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "BgpFamilyAttributes": ("address_family",),
    "IpamSubnetType": ("subnet",),
    "KeyValuePair": ("key",),
    "LinklocalServiceEntryType": ("linklocal_service_name",),
    "QosIdForwardingClassPair": ("key",),
    "UserDefinedLogStat": ("name",),
}
"""Fields by which an entry of a list is found again: what it holds beyond the given fields stays with it."""

FIRST_ATTRIBUTES: Mapping[str, Mapping[str, Any]] = {
    "VirtualNetworkPolicyType": {"sequence": {"major": 0, "minor": 0}},
}
"""What a new reference carries when nothing is given; without a sequence a policy would be ignored."""

INTERNAL_PREFIX = "__contrail_"
"""Begins the names of objects that the server refers to for its own use; they are never detached."""

SET_INDIRECTLY: Mapping[tuple[str, str], str] = {
    ("firewall-rule", "address-group"): "give address_group in endpoint_1 or endpoint_2",
    ("firewall-rule", "tag"): "give tags in endpoint_1 or endpoint_2",
    ("tag", "tag-type"): "give tag_type_name",
}
"""References that the server makes of properties, and refuses to be given (400), with what is given instead."""

MADE_BY_DAEMONS: Mapping[tuple[str, str], str] = {
    **dict.fromkeys(SET_INDIRECTLY, ""),
    ("bgp-as-a-service", "bgp-router"): "",
    ("logical-router", "route-table"): ":rt_[0-9a-f-]{36}$",
    ("logical-router", "service-instance"): ":(si|snat)_[0-9a-f-]{36}",
    ("logical-router", "route-target"): r"^target:\d+:8\d{6}$|^target:\d+:8\d{3}$",
    ("project", "application-policy-set"): ":default-application-policy-set$",
    ("qos-config", "global-system-config"): "",
    ("route-aggregate", "routing-instance"): ":service-[^:]*$",
    ("routing-instance", "route-target"): "",
    ("routing-instance", "routing-instance"): "",
    ("routing-policy", "routing-instance"): ":service-[^:]*$",
    ("service-instance", "instance-ip"): "^[0-9a-f-]{36}-",
    ("virtual-machine-interface", "bgp-router"): "",
    ("virtual-machine-interface", "routing-instance"): "",
    ("virtual-network", "route-table"): ":rt_[0-9a-f-]{36}$",
}
"""References that the server or a daemon makes and would make again, by a pattern of the target's name."""

ENCRYPTED = frozenset({"physical-router.physical_router_user_credentials"})
"""Credentials whose password the server stores encrypted, anew each time, so that it equals no other."""

_COMMUNITY_PATTERN = re.compile(r"(\.?\*|[0-9]+):(\.?\*|[0-9]+)")


def community_pattern(text: str) -> str:
    """Return a BGP community, or one with ``*`` in place of a number, which policies match by."""
    return text if "*" in text and _COMMUNITY_PATTERN.fullmatch(text) else community(text)


def firewall_protocol(text: str) -> str:
    """Return the canonical form of the protocol of a firewall service; raises ValueError."""
    if text.lower() not in PROTOCOL_IDS:
        raise ValueError(f"'{text}' is not one of {', '.join(PROTOCOL_IDS)}")
    return text.lower()


FORMATS: Mapping[str, Callable[[str], str]] = {
    "CommunityAttribute": community_pattern,
    "FirewallServiceType.protocol": firewall_protocol,
    "IpAddress": address,
    "IpAddressType": address,
    "MacAddressesType.mac_address": mac_address,
    "PrefixMatchType.prefix": prefix,
    "RouteListType.route": prefix,
    "RouteTargetList.route_target": route_target,
    "RouteType.prefix": prefix,
    "ServiceInterfaceType": interface_type,
}
"""Texts that have to be more than texts, by simple type or field; the API takes many of them unchecked."""

NUMBERS: Mapping[str, Callable[[Any], int]] = {"AutonomousSystemType": autonomous_system}
"""Numbers that have spellings of their own, by simple type."""

SECRETS = frozenset(
    {
        "AuthenticationKeyItem.key",
        "DriverInfo.ipmi_password",
        "ESXIHostInfo.password",
        "SNMPCredentials.v2_community",
        "SNMPCredentials.v3_authentication_password",
        "SNMPCredentials.v3_privacy_password",
        "UserCredentials.password",
    }
)
"""Fields that nobody may read in a log or a result."""
