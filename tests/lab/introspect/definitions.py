# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the daemons' requests take and what their answers hold, read from the data files beside this module.

The files are read at the first request, so that a lab that nobody asks starts no later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

KIND = re.compile(r"(?P<shape>struct|list)<(?P<of>\w+)>|(?P<scalar>\w+)")
SCALARS = frozenset({"bool", "byte", "i16", "i32", "i64", "u16", "u32", "u64", "double", "string"})


@dataclass(frozen=True)
class Field:
    """A field of a structure or message.

    `shape` is "scalar", "list" or "struct", `of` the scalar type, that of the list's items, or the name of a
    structure ("struct" for one the lab never writes). `attributes` stand behind type and identifier.
    """

    name: str
    shape: str
    of: str
    identifier: str
    attributes: str = ""
    optional: bool = False

    @property
    def holds_structures(self) -> bool:
        """Whether what the field holds is made of fields itself."""
        return self.shape != "scalar" and self.of not in SCALARS


@dataclass(frozen=True)
class Request:
    """A request of an introspect module; `fields` maps the names of its fields to their types, in order."""

    name: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Daemon:
    """What a daemon calls itself, its modules and their requests, in the order in which its pages list them."""

    name: str
    modules: Mapping[str, tuple[Request, ...]]

    def find(self, name: str) -> Request | None:
        """Return the request of that name; None if the daemon has none such."""
        return next((one for requests in self.modules.values() for one in requests if one.name == name), None)


@cache
def structures() -> Mapping[str, tuple[Field, ...]]:
    """Return all structures and messages by name."""
    return {
        name: tuple(_field(field, text) for field, text in fields.items())
        for name, fields in _read("definitions.yml").items()
    }


@cache
def daemon(kind: str) -> Daemon:
    """Return the daemon of a kind: schema, svc_monitor, control or agent."""
    data = _read("requests.yml")
    found = data["daemons"][kind]
    return Daemon(
        found["name"],
        {
            module: tuple(_request(name, fields) for name, fields in data["modules"][module].items())
            for module in found["modules"]
        },
    )


@cache
def changing() -> frozenset[str]:
    """Return the names of the requests that change a daemon."""
    return frozenset(_read("requests.yml")["changing"])


@cache
def _read(name: str) -> dict[str, Any]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=Loader)
    return data


def _field(name: str, text: str) -> Field:
    kind, identifier, *rest = text.split(" ")
    found = KIND.fullmatch(kind)
    if found is None:
        raise ValueError(f"definitions.yml: {name}: no such type: {kind}")
    attributes = "".join(f' {key}="{value}"' for key, _equals, value in (one.partition("=") for one in rest) if value)
    return Field(
        name=name,
        shape=found["shape"] or "scalar",
        of=found["of"] or found["scalar"],
        identifier=identifier,
        attributes=attributes,
        optional="optional" in rest,
    )


def _request(name: str, fields: list[str]) -> Request:
    parted = (field.partition(" ") for field in fields)
    return Request(name, {field: kind or "string" for field, _space, kind in parted})
