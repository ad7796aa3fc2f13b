# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of objects and types of values, read from the classes of the `contrail-api-client` package.

`vnc_api.gen.resource_common` has a class for each kind with its properties, references, parents and children;
`vnc_api.gen.resource_xsd` has a class for each complex type with its fields. Nothing of it is repeated here;
`later_releases` adds the little that is known of newer schemas.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

JsonDict = dict[str, Any]

ROOT = "config-root"
"""What parentless kinds name as their parent."""


@dataclass(frozen=True)
class Field:
    """A field of a complex type, or a property of a kind.

    `type_name` is an XSD base type ("string", "integer", "boolean", ...) or the name of a complex type;
    `simple_type` is the name of the restricted type, where there is one; `choices` and `limits` are its
    restriction. `default` is what the client library puts into a property that is not given; the server puts
    nothing there.
    """

    name: str
    type_name: str
    simple_type: str | None
    is_complex: bool
    is_array: bool
    required: bool
    choices: tuple[str, ...] = ()
    limits: tuple[int, int] | None = None
    default: Any = None


@dataclass(frozen=True)
class ComplexType:
    """A complex type: its fields by name, and what the server calls it in messages (`label`)."""

    name: str
    label: str
    fields: Mapping[str, Field]


@dataclass(frozen=True)
class Reference:
    """A reference of a kind to another.

    `name` is the field ("network_ipam_refs"), `attribute` the type of its attribute.
    """

    name: str
    kind: str
    attribute: str | None
    derived: bool = False


@dataclass(frozen=True)
class Children:
    """Children of one kind: `name` is the field ("routing_instances").

    `derived` ones do not hinder a delete.
    """

    name: str
    kind: str
    derived: bool


@dataclass(frozen=True)
class Collection:
    """A property that is a list or a map of entries.

    `wrapper` is the field that holds them, `key` a map's key field.
    """

    name: str
    wrapper: str
    entry_type: str
    key: str | None


@dataclass(frozen=True)
class Kind:
    """A kind of objects: `name` is as in URLs ("virtual-network"), `object_type` as in fields.

    References between objects of one kind are symmetric, so a kind has no back references of its own kind.
    """

    name: str
    object_type: str
    parents: tuple[str, ...]
    properties: Mapping[str, Field]
    references: Mapping[str, Reference]
    back_references: Mapping[str, Reference]
    children: Mapping[str, Children]
    collections: Mapping[str, Collection]

    @property
    def collection_path(self) -> str:
        """Name the collection in URLs and in list answers: always the kind and an s."""
        return f"{self.name}s"

    @property
    def relatives(self) -> dict[str, str]:
        """Return the kind that each field of references, back references or children names."""
        declared: tuple[Reference | Children, ...] = (
            *self.references.values(),
            *self.back_references.values(),
            *self.children.values(),
        )
        return {field.name: field.kind for field in declared}


class Schema:
    """All kinds and all complex types."""

    def __init__(self, kinds: Mapping[str, Kind], types: Mapping[str, ComplexType]) -> None:
        self.kinds = MappingProxyType(dict(kinds))
        self.types = MappingProxyType(dict(types))

    def kind(self, name: str) -> Kind:
        """Return the kind of that name, written with dashes or underscores. Raises KeyError."""
        return self.kinds[name if name in self.kinds else name.replace("_", "-")]


@cache
def load_schema() -> Schema:
    """Return the schema that the installed `contrail-api-client` carries, and what later releases added."""
    later_releases = importlib.import_module("lab.contrail.later_releases")
    resources = importlib.import_module("vnc_api.gen.resource_common")
    types = importlib.import_module("vnc_api.gen.resource_xsd")
    known = importlib.import_module("vnc_api.gen.vnc_api_client_gen").all_resource_type_tuples
    by_kind = {
        cls.resource_type: cls
        for cls in vars(resources).values()
        if isinstance(getattr(cls, "resource_type", None), str)
    }
    kinds = {name: _kind(by_kind[name], types) for _unused, name in sorted(known) if name in by_kind}
    complex_types = {
        name: _complex_type(name, cls)
        for name, cls in vars(types).items()
        if isinstance(cls, type) and hasattr(cls, "attr_field_type_vals")
    }
    return Schema(*later_releases.with_later_fields(kinds, complex_types))


def _kind(cls: Any, types: Any) -> Kind:
    return Kind(
        name=cls.resource_type,
        object_type=cls.object_type,
        parents=tuple(cls.parent_types),
        properties={name: _property(name, declared) for name, declared in cls.prop_field_types.items()},
        references={
            name: Reference(name, declared[0], _attribute(declared[1]))
            for name, declared in cls.ref_field_types.items()
        },
        back_references={
            name: Reference(name, declared[0], _attribute(declared[1]), derived=bool(declared[2]))
            for name, declared in cls.backref_field_types.items()
            if declared[0] != cls.resource_type
        },
        children={
            name: Children(name, declared[0], derived=bool(declared[1]))
            for name, declared in cls.children_field_types.items()
        },
        collections={
            name: _collection(cls, types, name) for name in sorted(cls.prop_list_fields | cls.prop_map_fields)
        },
    )


def _attribute(declared: str) -> str | None:
    return None if declared == "None" else declared


def _property(name: str, declared: Mapping[str, Any]) -> Field:
    return _field(name, declared["xsd_type"], declared, is_array=False, required=declared["required"] == "required")


def _complex_type(name: str, cls: Any) -> ComplexType:
    fields = {
        key: _field(
            key,
            declared["attr_type"],
            declared,
            is_array=declared["is_array"],
            required=declared["required"] == "true",
        )
        for key, declared in cls.attr_field_type_vals.items()
    }
    return ComplexType(name=name, label=str(cls), fields=fields)


def _field(name: str, type_name: str, declared: Mapping[str, Any], *, is_array: bool, required: bool) -> Field:
    restrictions = declared["restrictions"] or []
    is_range = declared["restriction_type"] == "range"
    return Field(
        name=name,
        type_name=type_name,
        simple_type=declared["simple_type"],
        is_complex=bool(declared["is_complex"]),
        is_array=is_array,
        required=required,
        choices=() if is_range else tuple(str(choice) for choice in restrictions),
        limits=(int(restrictions[0]), int(restrictions[1])) if is_range else None,
        default=declared.get("default"),
    )


def _collection(cls: Any, types: Any, name: str) -> Collection:
    wrapper_type = getattr(types, cls.prop_field_types[name]["xsd_type"])
    wrapper = wrapper_type.attr_fields[0]
    is_map = name in cls.prop_map_fields
    return Collection(
        name=name,
        wrapper=wrapper,
        entry_type=wrapper_type.attr_field_type_vals[wrapper]["attr_type"],
        key=cls.prop_map_field_key_names[name] if is_map else None,
    )
