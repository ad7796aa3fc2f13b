# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of values against the schema, with the server's texts.

All functions change the values they are given where the server does: numbers in strings become numbers, host
bits of a prefix are cut. They raise `ValueError` with the part of the message that names the fault; the
caller puts in front of it which property or reference it was in.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any

from lab.contrail.schema import ComplexType, Field, JsonDict, Kind, Schema

INTEGER_TYPES = frozenset({"integer", "unsignedLong"})
INTERFACE_TYPES = frozenset({"management", "left", "right"})
COMMUNITIES = frozenset({"no-export", "accept-own", "no-advertise", "no-export-subconfed", "no-reoriginate"})
MANDATORY_PROPERTIES = frozenset({"loadbalancer_healthmonitor_properties"})
"""Properties that the schema calls required and the server really requires; the others it does not."""


def check_properties(schema: Schema, kind: Kind, values: JsonDict, *, creating: bool) -> None:
    """Check the properties among `values`, the body of a request. Empty values are not looked at."""
    for name, declared in kind.properties.items():
        value = values.get(name)
        if not value:
            if creating and declared.required and name in MANDATORY_PROPERTIES:
                raise ValueError(f"{name} property is missing")
        elif not declared.is_complex:
            values[name] = _checked_property(name, declared, value)
        elif isinstance(value, dict):
            _check_complex_property(schema, name, declared, value)
        else:
            label = schema.types[declared.type_name].label
            raise ValueError(f"Error in property {name} type {label} value of {value} ")


def check_references(schema: Schema, kind: Kind, values: JsonDict) -> None:
    """Check the attributes of the references among `values`, the body of a request."""
    for name, declared in kind.references.items():
        if declared.attribute is None:
            continue
        for reference in values.get(name) or []:
            try:
                check_complex(schema, schema.types[declared.attribute], _attribute_of(reference))
            except ValueError as error:
                raise ValueError(f"Error validating reference {name} value {reference} {error}") from error


def _attribute_of(reference: JsonDict) -> Any:
    if "attr" not in reference:
        raise ValueError("'attr'")
    return reference["attr"]


def _checked_property(name: str, declared: Field, value: Any) -> Any:
    try:
        return check_simple(name, declared, value)
    except ValueError as error:
        raise ValueError(f"Error validating property {error}") from error


def _check_complex_property(schema: Schema, name: str, declared: Field, value: JsonDict) -> None:
    try:
        check_complex(schema, schema.types[declared.type_name], value)
    except ValueError as error:
        raise ValueError(f"Error validating property {name} value {value} {error}") from error


def check_complex(schema: Schema, expected: ComplexType, value: Any) -> None:
    """Check a value of a complex type, a mapping; None passes, as do empty fields."""
    if value is None:
        return
    if not isinstance(value, dict):
        raise ValueError(f"'{type(value).__name__}' object has no attribute 'items'")  # noqa: TRY004
    for name, content in list(value.items()):
        if name not in expected.fields:
            raise ValueError(f"class {expected.label} does not have field {name}")
        if not content:
            continue
        declared = expected.fields[name]
        if declared.is_array and not isinstance(content, list):
            raise ValueError(f"Field {name} must be a list. Received value: {content}")
        if not declared.is_array:
            value[name] = _checked_entry(schema, declared, content)
            continue
        for position, entry in enumerate(content):
            content[position] = _checked_entry(schema, declared, entry)


def _checked_entry(schema: Schema, declared: Field, entry: Any) -> Any:
    if not declared.is_complex:
        return check_simple(declared.name, declared, entry)
    if declared.type_name == "AllowedAddressPair":
        _check_address_pair(entry)
    if declared.type_name == "SubnetType":
        _cut_host_bits(entry)
    check_complex(schema, schema.types[declared.type_name], entry)
    return entry


def check_simple(name: str, declared: Field, value: Any) -> Any:
    """Check a value of a simple type and return it as the server keeps it."""
    if value is None:
        return None
    if declared.type_name in INTEGER_TYPES:
        return _checked_integer(name, declared, value)
    if declared.type_name == "boolean":
        if not isinstance(value, bool):
            raise ValueError(f"{name}: true/false expected instead of {value}")
        return value
    if declared.simple_type == "CommunityAttribute":
        _check_community(str(value))
        return value
    if declared.simple_type == "ServiceInterfaceType":
        _check_interface_type(str(value))
        return value
    if not isinstance(value, str):
        raise ValueError(f"{name}: string value expected instead of {value}")  # noqa: TRY004
    if declared.choices and value not in declared.choices:
        raise ValueError(f"{name}: value must be one of {list(declared.choices)}")
    return value


def _checked_integer(name: str, declared: Field, value: Any) -> int:
    if not isinstance(value, int):
        try:
            value = int(value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name}: integer value expected instead of {value}") from error
    if declared.limits and not declared.limits[0] <= value <= declared.limits[1]:
        raise ValueError(f"{name}: value must be between {declared.limits[0]} and {declared.limits[1]}")
    return int(value) if not isinstance(value, bool) else value


def _check_interface_type(value: str) -> None:
    if value not in INTERFACE_TYPES and not re.match("other[0-9]*", value):
        raise ValueError(f"Invalid service interface type {value}. Valid values are: management|left|right|other[0-9]*")


def _check_community(value: str) -> None:
    if value in COMMUNITIES:
        return
    if not re.match(r"(\.?\*?|[0-9]+):(\.?\*?|[0-9]+)", value):
        raise ValueError(f"Invalid community format {value}. Change to 'number:number'")
    asn = value.partition(":")[0]
    if asn.isnumeric() and int(asn) > 65535:
        raise ValueError(f"Out of range ASN value {value}. ASN values cannot exceed 65535.")


def _cut_host_bits(subnet: Any) -> None:
    if not isinstance(subnet, dict):
        raise ValueError("Subnet type is invalid")  # noqa: TRY004
    for name in ("ip_prefix", "ip_prefix_len"):
        if name not in subnet:
            raise ValueError(f"'{name}'")
    prefix = f"{subnet['ip_prefix']}/{subnet['ip_prefix_len']}"
    try:
        network = ip_network(prefix, strict=False)
    except ValueError as error:
        raise ValueError(f"Subnet type '{prefix}' is invalid") from error
    subnet["ip_prefix"] = str(network.network_address)
    subnet["ip_prefix_len"] = network.prefixlen


def _check_address_pair(pair: Any) -> None:
    """Refuse address pairs for active-standby that are wider than /24, for IPv6 wider than /120."""
    if pair.get("address_mode") != "active-standby":
        return
    address, length = str(pair["ip"]["ip_prefix"]), int(pair["ip"]["ip_prefix_len"])
    version, shortest = ("IPv6", 120) if ":" in address else ("IPv4", 24)
    if length < shortest:
        raise ValueError(f"{version} Prefix length lesser than {shortest} is is not acceptable")
