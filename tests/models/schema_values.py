# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of any property of any kind, as users may write them, drawn from Contrail's schema.

The schema is the lab's reading of it, not the collection's, so that each checks the other.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from lab.contrail.schema import Field, Kind, load_schema

SCHEMA = load_schema()
KINDS = {name: kind for name, kind in SCHEMA.kinds.items() if kind.parents}
"""All kinds but those of later releases of which nothing but the name is known."""

SERVER_MADE = {
    ("AclRuleType", "rule_uuid"),
    ("FirewallRuleEndpointType", "tag_ids"),
    ("FirewallServiceType", "protocol_id"),
    ("IdPermsType", "created"),
    ("IdPermsType", "creator"),
    ("IdPermsType", "last_modified"),
    ("IdPermsType", "permissions"),
    ("IdPermsType", "uuid"),
    ("IpamSubnetType", "created"),
    ("IpamSubnetType", "last_modified"),
    ("IpamSubnetType", "subnet_uuid"),
    ("LoadbalancerMemberType", "status"),
    ("LoadbalancerMemberType", "status_description"),
    ("LoadbalancerPoolType", "status"),
    ("LoadbalancerPoolType", "status_description"),
    ("PolicyRuleType", "created"),
    ("PolicyRuleType", "last_modified"),
    ("PolicyRuleType", "rule_uuid"),
    ("VirtualIpType", "status"),
    ("VirtualIpType", "status_description"),
    ("VirtualNetworkType", "network_id"),
}
SECRETS = {
    ("AuthenticationKeyItem", "key"),
    ("DriverInfo", "ipmi_password"),
    ("ESXIHostInfo", "password"),
    ("SNMPCredentials", "v2_community"),
    ("SNMPCredentials", "v3_authentication_password"),
    ("SNMPCredentials", "v3_privacy_password"),
    ("UserCredentials", "password"),
}

KEYS = {
    ("BgpFamilyAttributes", "address_family"),
    ("IpamSubnetType", "subnet"),
    ("KeyValuePair", "key"),
    ("LinklocalServiceEntryType", "linklocal_service_name"),
    ("QosIdForwardingClassPair", "key"),
    ("UserDefinedLogStat", "name"),
}
"""Fields that an entry of a list cannot do without."""

ONE_OF = frozenset({"FirewallRuleEndpointType"})
"""Types of which a value has one field alone."""

ADDRESSES = st.sampled_from(["10.0.0.1", "192.168.7.254", "2001:DB8::1", "2001:db8:0:0::5"])
PREFIXES = st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "2001:db8::/32", "2001:DB8:0::/64"])
TEXTS = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=12)
WORDS = {
    "CommunityAttribute": st.sampled_from(["no-export", "64512:1", "1:65535", "64512:*"]),
    "IpAddress": ADDRESSES,
    "IpAddressType": ADDRESSES,
    "ServiceInterfaceType": st.sampled_from(["management", "left", "right", "other0", "other12"]),
}
FORMATS = {
    # The server takes active-standby for small prefixes alone, and for none that is missing.
    ("AllowedAddressPair", "address_mode"): st.just("active-active"),
    ("FirewallServiceType", "protocol"): st.sampled_from(["any", "icmp", "tcp", "UDP", "sctp"]),
    ("MacAddressesType", "mac_address"): st.sampled_from(["02:00:00:00:00:aa", "02-00-00-00-00-BB", "0200.0000.00cc"]),
    ("PrefixMatchType", "prefix"): PREFIXES,
    ("RouteListType", "route"): PREFIXES,
    ("RouteTargetList", "route_target"): st.sampled_from(["64512:1", "target:64513:7", "10.1.1.1:5", "4200000000L:9"]),
    ("RouteType", "prefix"): PREFIXES,
}
"""Texts that the collection takes to be more than texts."""


def simple_values(field: Field, holder: str = "") -> st.SearchStrategy[Any]:
    """Return values of a simple type."""
    if (holder, field.name) in FORMATS:
        return FORMATS[holder, field.name]
    if field.simple_type in WORDS:
        return WORDS[field.simple_type]
    if field.choices:
        return st.sampled_from(field.choices)
    if field.type_name == "boolean":
        return st.booleans()
    if field.type_name in {"integer", "unsignedLong"}:
        low, high = field.limits or (0, 2**31)
        numbers = st.integers(low, high)
        return numbers | numbers.map(str)
    return TEXTS


def field_values(field: Field, holder: str = "") -> st.SearchStrategy[Any]:
    """Return values of a field of a complex type, or of a property."""
    if field.type_name == "SubnetType":
        one = PREFIXES | PREFIXES.map(
            lambda text: {"ip_prefix": text.split("/")[0], "ip_prefix_len": text.split("/")[1]}
        )
    elif field.is_complex:
        one = complex_values(field.type_name)
    else:
        one = simple_values(field, holder)
    return st.lists(one, max_size=3) if field.is_array else one


def complex_values(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return values of a complex type, with any of its fields."""
    fields = {
        field.name: field_values(field, name)
        for field in SCHEMA.types[name].fields.values()
        if (name, field.name) not in SERVER_MADE | SECRETS
    }
    if name in ONE_OF:
        return st.one_of([st.fixed_dictionaries({}, optional={key: values}) for key, values in fields.items()])
    needed = {key: fields.pop(key) for key in list(fields) if (name, key) in KEYS}
    return st.fixed_dictionaries(needed, optional=fields)


def property_values(kind: Kind, name: str) -> st.SearchStrategy[Any]:
    """Return values of a property of a kind."""
    if name == "annotations":
        return st.dictionaries(TEXTS, TEXTS, max_size=3)
    return field_values(kind.properties[name])


def sample_property(kind: Kind, name: str, variant: int) -> Any:
    """Return one of two values of a property that have all its fields, none of them empty, nor a secret.

    What is a default in the one is none in the other, but where there is but one value.
    """
    if name == "annotations":
        return {"a": "1"}
    return _sample(kind.properties[name], "", (), variant)


def _sample(field: Field, holder: str, above: tuple[str, ...], variant: int) -> Any:
    """Return a sample of a field; a type inside itself (``above``) is left out."""
    if field.type_name == "SubnetType":
        one: Any = "10.0.0.0/8"
    elif field.is_complex:
        within = (*above, field.type_name)
        one = {
            inner.name: _sample(inner, field.type_name, within, variant)
            for inner in SCHEMA.types[field.type_name].fields.values()
            if (field.type_name, inner.name) not in SERVER_MADE | SECRETS and inner.type_name not in within
        }
        if field.type_name in ONE_OF:
            chosen = sorted(one)[1 + variant]
            one = {chosen: one[chosen]}
    else:
        one = _simple_sample(field, holder, variant)
    return [one] if field.is_array else one


def _simple_sample(field: Field, holder: str, variant: int) -> Any:
    if (holder, field.name) in SAMPLES:
        return SAMPLES[holder, field.name]
    if field.simple_type in SAMPLES:
        return SAMPLES[field.simple_type]
    if field.choices:
        return field.choices[variant % len(field.choices)]
    if field.type_name == "boolean":
        return bool(variant)
    if field.type_name in {"integer", "unsignedLong"}:
        return (field.limits or (7, 8))[variant] or 1
    return f"text {variant}"


SAMPLES: dict[Any, Any] = {
    "CommunityAttribute": "no-export",
    "IpAddress": "10.0.0.1",
    "IpAddressType": "10.0.0.1",
    "ServiceInterfaceType": "left",
    ("AllowedAddressPair", "address_mode"): "active-active",
    ("FirewallServiceType", "protocol"): "tcp",
    ("MacAddressesType", "mac_address"): "02:00:00:00:00:aa",
    ("PrefixMatchType", "prefix"): "10.0.0.0/8",
    ("RouteListType", "route"): "10.0.0.0/8",
    ("RouteTargetList", "route_target"): "64512:1",
    ("RouteType", "prefix"): "10.0.0.0/8",
}
