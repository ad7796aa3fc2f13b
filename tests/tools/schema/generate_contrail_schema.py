"""Write plugins/module_utils/contrail/schema/data.py from the classes of the official client package.

The classes of ``vnc_api.gen`` are generated from Contrail's own schema, and carry it as class attributes:
parents, properties and their types, references and the types of their attributes, children. Data files do not
travel with an Ansible module, so what the collection needs of that becomes a Python file.

With ``--check`` nothing is written; the exit status says whether the file is what would be written.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vnc_api.gen.resource_common as kinds
import vnc_api.gen.resource_xsd as types

WIDTH = 120

TARGET = Path(__file__).resolve().parents[3] / "plugins" / "module_utils" / "contrail" / "schema" / "data.py"

HEADER = '''\
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contrail's object kinds as the API knows them; ``make schema`` makes this of contrail-api-client {version}.

The few fields and values that later releases are known to have are here too.

``KINDS`` maps a kind (``virtual-network``) to a dict of

* ``parents``: kinds an object can stand under; ``None`` among them says that it can stand under none,
* ``properties``: property name to the name of its type, besides those of ``COMMON``, which all kinds have,
* ``references``: kind referred to, to the type of the reference's attribute (None: it has none),
* ``children``: kinds that can stand under it, to whether the server makes and removes them by itself,
* ``collections``: properties whose entries have operations of their own, to the field that is an entry's key
  (None: the entries are a list without keys),
* ``created_only``: properties that are given when an object is created and never changed,
* ``read_only``: properties that only the server sets.

``TYPES`` maps the name of a complex type to its fields, each with the name of its type; ``[]`` behind a
name says that the field is a list.

``SIMPLE_TYPES`` maps the name of a simple type to what it is based on and, where it is restricted, to the
values it can have or to the lowest and the highest. Types in none of the tables (``string``, ``integer``,
``boolean``, ...) are those of XML schema.

``DEFAULTS`` maps a kind or a complex type to what the absence of its properties or fields means, where that
is a value.
"""

from __future__ import annotations

from typing import TypedDict


class Kind(TypedDict):
    """The schema of one kind of object."""

    parents: list[str | None]
    properties: dict[str, str]
    references: dict[str, str | None]
    children: dict[str, bool]
    collections: dict[str, str | None]
    created_only: list[str]
    read_only: list[str]


class SimpleType(TypedDict, total=False):
    """The schema of one simple type."""

    base: str
    choices: list[str]
    range: tuple[int, int]


'''

ROOT = "config-root"
"""What the classes name as the parent of objects without one."""

CREATE_ONLY = {"CR"}
READ_ONLY = {"R"}
"""Operations of properties. What can be created and deleted, but not updated (CRD), the API updates."""

ANNOTATIONS = {
    "COMMON": "dict[str, str]",
    "KINDS": "dict[str, Kind]",
    "TYPES": "dict[str, dict[str, str]]",
    "SIMPLE_TYPES": "dict[str, SimpleType]",
    "DEFAULTS": "dict[str, dict[str, bool | int | str]]",
}
"""The tables of the file, with their types."""

COMMON = {
    "annotations": "KeyValuePairs",
    "display_name": "string",
    "id_perms": "IdPermsType",
    "perms2": "PermType2",
}
"""Properties of all kinds."""


def kind_of(cls: Any) -> dict[str, Any]:
    """Return the entry of ``KINDS`` for one resource class."""
    properties = dict(sorted(cls.prop_field_types.items()))
    keys = cls.prop_map_field_key_names
    collections = (cls.prop_list_fields | cls.prop_map_fields) - COMMON.keys()
    for name, common_type in COMMON.items():
        if cls.prop_field_types[name]["xsd_type"] != common_type:
            raise ValueError(f"{cls.resource_type} has another {name} than other kinds")
    parents = sorted(parent for parent in cls.parent_types if parent != ROOT)
    return {
        "parents": [*([None] if ROOT in cls.parent_types else []), *parents],
        "properties": {
            name: type_name(field, field["xsd_type"]) for name, field in properties.items() if name not in COMMON
        },
        "references": {
            target: None if attribute == "None" else attribute
            for target, attribute, *_unused in sorted(cls.ref_field_types.values())
        },
        "children": {kind: derived for kind, derived, *_unused in sorted(cls.children_field_types.values())},
        "collections": {name: keys.get(name) for name in sorted(collections)},
        "created_only": only(properties, CREATE_ONLY),
        "read_only": only(properties, READ_ONLY),
    }


def only(properties: dict[str, Any], operations: set[str]) -> list[str]:
    """Return the properties that know these operations and no other."""
    return [name for name, field in properties.items() if field["operations"] in operations and name not in COMMON]


def type_of(cls: Any) -> dict[str, str]:
    """Return the entry of ``TYPES`` for one complex type."""
    return {
        name: type_name(field, field["attr_type"]) + ("[]" if field["is_array"] else "")
        for name, field in sorted(cls.attr_field_type_vals.items())
    }


def type_name(field: dict[str, Any], base: str) -> str:
    """Return the name of a field's type: of the simple type that the schema gives a name, or of its base."""
    simple = field["simple_type"]
    return str(simple) if is_named(field) else base


def is_named(field: dict[str, Any]) -> bool:
    """Tell whether a field has a simple type with a name of its own."""
    simple = field["simple_type"]
    return not field["is_complex"] and bool(simple) and not str(simple).startswith("xsd:")


def simple_types(fields: Iterable[tuple[dict[str, Any], str]]) -> dict[str, dict[str, Any]]:
    """Return the entries of ``SIMPLE_TYPES`` that fields, each with the base of its type, ask for."""
    entries: dict[str, dict[str, Any]] = {}
    for field, base in fields:
        if not is_named(field):
            continue
        entry: dict[str, Any] = {"base": base}
        if field["restrictions"]:
            if field["restriction_type"] == "range":
                entry["range"] = tuple(int(limit) for limit in field["restrictions"])
            else:
                entry["choices"] = [str(choice) for choice in field["restrictions"]]
        if entries.setdefault(field["simple_type"], entry) != entry:
            raise ValueError(f"{field['simple_type']} means two things: {entry}, {entries[field['simple_type']]}")
    return entries


def defaults_of(cls: Any) -> dict[str, Any]:
    """Return the entry of ``DEFAULTS`` for one class."""
    if hasattr(cls, "prop_field_types"):
        found = {name: field["default"] for name, field in cls.prop_field_types.items()}
    else:
        parameters = inspect.signature(cls.__init__).parameters
        found = {name: parameters[name].default for name in cls.attr_field_type_vals}
    return {name: value for name, value in sorted(found.items()) if value is not None}


def rendered(name: str, annotation: str, entries: dict[str, Any]) -> str:
    """Return Python source of one table."""
    start = f"{name}: {annotation} = "
    return f"{start}{literal(dict(sorted(entries.items())), len(start), 0)}\n"


def literal(value: Any, column: int, depth: int) -> str:
    """Return the source of a value that starts in a column: on one line where that is long enough."""
    flat = quoted(value)
    if not isinstance(value, (dict, list)) or not value or (depth and column + len(flat) < WIDTH):
        return flat
    margin = "    " * (depth + 1)
    items = value.items() if isinstance(value, dict) else (("", inner) for inner in value)
    lines = []
    for key, inner in items:
        start = f'{margin}"{key}": ' if key else margin
        lines.append(f"{start}{literal(inner, len(start), depth + 1)},")
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return "\n".join([opening, *lines, "    " * depth + closing])


def quoted(value: Any) -> str:
    """Return a literal in the quotes that the rest of the code uses."""
    return repr(value).replace("'", '"')


def classes(module: Any) -> list[tuple[str, Any]]:
    """Return the classes of a generated module, which say what they hold in attributes of their own."""
    return inspect.getmembers(module, inspect.isclass)


LATER_FIELDS = {
    "ActionListType": {"service_properties": "ServiceProperties"},
    "ServiceChainInfo": {"retain_as_path": "boolean"},
    "ServiceHealthCheckType": {"target_ip_all": "boolean", "target_ip_list": "IpAddressesType"},
    "ServiceProperties": {"retain_as_path": "boolean"},
}
LATER_PROPERTIES = {"virtual-network": {"mac_ip_learning_enable": "boolean"}}
LATER_DEFAULTS = {"virtual-network": {"mac_ip_learning_enable": False}}
LATER_CHOICES = {"HealthCheckType": ["vn-ip-list"], "PhysicalRouterRole": ["superspine"]}
"""What a contrail-api of 2024 answered with, or accepted, that the client package does not have yet.

The checks of addresses in a network are those of the vRouter's agent (health_check.cc) and of tf-test.
"""


def add_later(tables: dict[str, dict[str, Any]]) -> None:
    """Add to the tables what is known of later releases; what is there already stays as it is."""
    for kind, properties in LATER_PROPERTIES.items():
        known = tables["KINDS"][kind]
        known["properties"] = dict(sorted({**properties, **known["properties"]}.items()))
    for name, fields in LATER_FIELDS.items():
        tables["TYPES"][name] = dict(sorted({**fields, **tables["TYPES"].get(name, {})}.items()))
    for name, choices in LATER_CHOICES.items():
        known = tables["SIMPLE_TYPES"][name]
        known["choices"] += [choice for choice in choices if choice not in known["choices"]]
    for name, defaults in LATER_DEFAULTS.items():
        tables["DEFAULTS"][name] = dict(sorted({**defaults, **tables["DEFAULTS"].get(name, {})}.items()))


def source() -> str:
    """Return the whole file."""
    resources = [cls for _unused, cls in classes(kinds) if hasattr(cls, "prop_field_types")]
    complex_types = {name: cls for name, cls in classes(types) if hasattr(cls, "attr_field_type_vals")}
    fields = [(field, field["xsd_type"]) for cls in resources for field in cls.prop_field_types.values()]
    fields += [
        (field, field["attr_type"]) for cls in complex_types.values() for field in cls.attr_field_type_vals.values()
    ]
    defaults = {cls.resource_type: defaults_of(cls) for cls in resources}
    defaults.update({name: defaults_of(cls) for name, cls in complex_types.items()})
    tables: dict[str, dict[str, Any]] = {
        "COMMON": COMMON,
        "KINDS": {cls.resource_type: kind_of(cls) for cls in resources},
        "TYPES": {name: type_of(cls) for name, cls in complex_types.items()},
        "SIMPLE_TYPES": simple_types(fields),
        "DEFAULTS": {name: values for name, values in defaults.items() if values},
    }
    add_later(tables)
    rendered_tables = [rendered(name, ANNOTATIONS[name], entries) for name, entries in tables.items()]
    return HEADER.format(version=version("contrail-api-client")) + "\n".join(rendered_tables)


def main() -> int:
    """Write the file, or with ``--check`` compare it."""
    text = source()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text() == text:
            return 0
        sys.stderr.write(f"{TARGET} is not what `make schema` writes; run it\n")
        return 1
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
