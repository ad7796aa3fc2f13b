# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every declared field is one of the API's schema: its place, its type, its choices, limits and default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.codec import (
    Codec,
    Name,
    Pairs,
    Plural,
    Prefix,
    Scalar,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.field import (
    Field,
    Record,
    Records,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import CONTAINERS
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.shapes import (
    First,
    FlatIpams,
    MaxInstances,
    NumberText,
    PeeringAttributes,
    PortRanges,
    Subnets,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import ENTITIES
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.entity import Entity
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema import data as schema
from support.collected import refuse

KINDS = [kind for kind, entity in ENTITIES.items() if entity.fields or entity.references]


def property_type(kind: str, name: str) -> str:
    """Return the type of a property, or of what a reference carries."""
    properties = {**schema.COMMON, **schema.KINDS[kind]["properties"]}
    if name in properties:
        return properties[name]
    referred = name.removesuffix("_refs").replace("_", "-")
    referred = {"virtual-dns": "virtual-DNS"}.get(referred, referred)
    assert name.endswith("_refs"), f"{kind} has no property {name}"
    assert referred in schema.KINDS[kind]["references"], f"{kind} has no reference {name}"
    return schema.KINDS[kind]["references"][referred] or ""


def type_at(start: str, path: tuple[str, ...]) -> str:
    """Return the type that a path inside a complex type leads to."""
    for name in path:
        fields = schema.TYPES[start]
        assert name in fields, f"{start} has no field {name}"
        start = fields[name]
    return start


def fields_with_types(entity: Entity) -> Iterator[tuple[str, Field, str, str]]:
    """Yield every field of a kind, those inside of fields too, with its path, its type and whose default it has."""
    for field in entity.fields:
        top = property_type(entity.kind, field.api[0])
        owner = entity.kind if len(field.api) == 1 else type_at(top, field.api[1:-1])
        yield from _inner(field.option, field, type_at(top, field.api[1:]), owner)
    for reference in entity.references:
        attribute = property_type(entity.kind, reference.api)
        if reference.attr is not None:
            yield from _members(reference.option, reference.attr, attribute)


def _inner(path: str, field: Field, type_name: str, owner: str) -> Iterator[tuple[str, Field, str, str]]:
    yield path, field, type_name, owner
    codec = field.codec
    record = codec.record if isinstance(codec, Records) else codec if isinstance(codec, Record) else None
    if record is not None:
        inner = "IpamSubnetType" if isinstance(codec, Subnets) else type_name.removesuffix("[]")
        yield from _members(path, record, inner)


def _members(path: str, record: Record, type_name: str) -> Iterator[tuple[str, Field, str, str]]:
    if isinstance(record, PeeringAttributes):
        type_name = "BgpSessionAttributes"
    for field in record.fields:
        place = f"{path}.{field.option}"
        if field.api and field.api != ("ipam",):
            yield from _inner(place, field, type_at(type_name, field.api), type_at(type_name, field.api[:-1]))


def base_type(type_name: str) -> str:
    return schema.SIMPLE_TYPES.get(type_name, {}).get("base", type_name)


ALL = [(kind, *found) for kind in KINDS for found in fields_with_types(ENTITIES[kind])]


def expected_types(codec: Codec) -> set[str]:
    """Return the types of the schema that a codec can be for, as :func:`shape` says them."""
    if isinstance(codec, (Plural, First)) and not isinstance(codec, (PortRanges, FlatIpams)):
        return {f"{name}[]" for name in expected_types(codec.element)}
    for kinds, types in EXPECTED:
        if isinstance(codec, kinds):
            return types
    assert isinstance(codec, Scalar), codec
    if codec.convert is not None and codec.convert.__name__ == "as_number":
        return {"integer"}
    return {"int": {"integer"}, "bool": {"boolean"}, "str": {"string", "dateTime", "time"}}[codec.type]


EXPECTED: list[tuple[tuple[type[Codec], ...], set[str]]] = [
    ((Subnets, FlatIpams), {"VnSubnetsType"}),
    ((MaxInstances, Pairs, Record), {"complex"}),
    ((Records, PortRanges), {"complex[]"}),
    ((Prefix,), {"SubnetType"}),
    ((NumberText, Name), {"string"}),
]


def shape(type_name: str) -> set[str]:
    """Return what a type may be called: by its base, or complex."""
    name, many = type_name.removesuffix("[]"), "[]" if type_name.endswith("[]") else ""
    names = {name, "complex"} if name in schema.TYPES else {base_type(name)}
    return {f"{item}{many}" for item in names}


def faults_of(field: Field, type_name: str, owner: str) -> Iterator[str]:
    """Yield where a field differs from the schema's type, choices, range and default."""
    if not expected_types(field.codec) & shape(type_name):
        yield f"{type_name} is no {expected_types(field.codec)}"
    scalar: Any = field.codec.element if isinstance(field.codec, (Plural, First)) else field.codec
    declared = schema.SIMPLE_TYPES.get(type_name.removesuffix("[]"), {})
    if isinstance(scalar, Scalar) and scalar.convert is None:
        if declared.get("choices") and set(scalar.choices) != set(declared["choices"]):
            yield f"choices {scalar.choices}, in the schema {declared['choices']}"
        if declared.get("range") and scalar.type == "int" and scalar.limits != declared["range"]:
            yield f"limits {scalar.limits}, in the schema {declared['range']}"
    default = schema.DEFAULTS.get(owner, {}).get(field.api[-1] if owner in schema.TYPES else field.api[0])
    if default is not None and not isinstance(field.codec, (Record, MaxInstances)) and field.default != default:
        yield f"default {field.default!r}, in the schema {default!r}"


def test_every_field_is_as_the_schema_says() -> None:
    refuse(
        (
            f"{kind} {path}: {fault}"
            for kind, path, field, type_name, owner in ALL
            for fault in faults_of(field, type_name, owner)
        ),
        looked_at=len(ALL),
    )


def test_a_field_that_is_not_as_the_schema_says_is_told() -> None:
    (field,) = [field for kind, path, field, *_types in ALL if (kind, path) == ("virtual-network", "rpf")]
    wrong = replace(field, codec=Scalar("str", choices=("on", "off")))
    (fault,) = faults_of(wrong, "RpfModeType", "VirtualNetworkType")
    assert fault.startswith("choices ('on', 'off')")
    (fault,) = faults_of(field, "integer", "VirtualNetworkType")
    assert fault.startswith("integer is no ")

    stated = [one for one in ALL if one[2].default is not None and not list(faults_of(*one[2:]))]
    assert sum(bool(list(faults_of(replace(one[2], default="other"), *one[3:]))) for one in stated) > 50


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_server_keeps_as_a_collection_is_never_emptied_by_null(kind: str) -> None:
    for field in ENTITIES[kind].fields:
        if field.api[0] in schema.KINDS[kind]["collections"] and not isinstance(field.codec, Pairs):
            assert field.absence.cleared is not None, f"{field.option}: null would be answered with a status 500"


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_is_one_that_only_the_server_writes(kind: str) -> None:
    own = {field.api[0] for field in ENTITIES[kind].fields}
    assert not own & set(schema.KINDS[kind]["read_only"])


@pytest.mark.parametrize("kind", sorted(CONTAINERS))
def test_every_kind_and_its_parent_are_in_the_schema(kind: str) -> None:
    parents = schema.KINDS[kind]["parents"]
    parent = CONTAINERS[kind]
    assert parent in parents or (parent is None and (not parents or None in parents))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_is_referred_to_is_declared(kind: str) -> None:
    for reference in ENTITIES[kind].references:
        assert reference.kind in ENTITIES
        assert reference.api == f"{reference.kind.replace('-', '_')}_refs"
