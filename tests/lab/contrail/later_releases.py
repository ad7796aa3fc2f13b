# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds and fields that later releases have beyond the schema of the installed client library (later_releases.yml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from lab.contrail.schema import ComplexType, Field, Kind

FILE = Path(__file__).with_suffix(".yml")


def with_later_fields(
    kinds: dict[str, Kind], types: dict[str, ComplexType]
) -> tuple[dict[str, Kind], dict[str, ComplexType]]:
    """Return kinds and types with the fields that are added to them; what is there already stays as it is."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    added = {
        name: ComplexType(name, name, {key: _field(key, given, types) for key, given in fields.items()})
        for name, fields in data["types"].items()
    }
    types = {**added, **types}
    for name, fields in data["fields"].items():
        known = types[name]
        later = {key: _field(key, given, types) for key, given in fields.items()}
        types[name] = replace(known, fields={**later, **known.fields})
    for name, choices in data["field_choices"].items():
        types[name] = replace(types[name], fields=_with_choices(types[name].fields, choices))
    bare = {name: _bare(name) for name in data["kinds"]}
    kinds = dict(sorted({**bare, **kinds}.items(), key=lambda item: item[1].object_type))
    for name, properties in data["properties"].items():
        later = {key: _field(key, given["type"], types, given["default"]) for key, given in properties.items()}
        kinds[name] = replace(kinds[name], properties={**later, **kinds[name].properties})
    for name, choices in data["choices"].items():
        kinds[name] = replace(kinds[name], properties=_with_choices(kinds[name].properties, choices))
    return kinds, types


def _with_choices(fields: Mapping[str, Field], choices: Mapping[str, list[str]]) -> dict[str, Field]:
    """Return fields with more values to choose from."""
    changed = dict(fields)
    for key, values in choices.items():
        known = changed[key].choices
        more = tuple(value for value in values if value not in known)
        changed[key] = replace(changed[key], choices=(*known, *more))
    return changed


def _bare(name: str) -> Kind:
    """Return a kind without parents, properties and relatives."""
    nothing: dict[str, Any] = {}
    return Kind(name, name.replace("-", "_"), (), nothing, nothing, nothing, nothing, nothing)


def _field(name: str, type_name: str, types: dict[str, ComplexType], default: Any = None) -> Field:
    return Field(
        name=name,
        type_name=type_name,
        simple_type=None,
        is_complex=type_name in types,
        is_array=False,
        required=False,
        default=default,
    )
