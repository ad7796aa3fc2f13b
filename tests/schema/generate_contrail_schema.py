"""Write plugins/module_utils/contrail/schema.py from the classes of the official client package.

The classes of ``vnc_api.gen`` are generated from Contrail's own schema, and carry it as class attributes:
parents, properties and their types, references and the types of their attributes, children. Data files do not
travel with an Ansible module, so what the collection needs of that becomes a Python file.

With ``--check`` nothing is written; the exit status says whether the file is what would be written.
"""

from __future__ import annotations

import inspect
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vnc_api.gen.resource_common as kinds
import vnc_api.gen.resource_xsd as types

TARGET = Path(__file__).resolve().parents[2] / "plugins" / "module_utils" / "contrail" / "schema.py"

HEADER = '''\
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contrail's object kinds as the API knows them; ``make schema`` makes this of contrail-api-client {version}.

``KINDS`` maps a kind (``virtual-network``) to a dict of

* ``parents``: kinds an object can stand under, empty for kinds without a parent,
* ``properties``: property name to the name of its type,
* ``references``: kind referred to, to the type of the reference's attribute (None: it has none),
* ``children``: kinds that can stand under it, to whether the server makes and removes them by itself.

``TYPES`` maps the name of a complex type to its fields, each with the name of its type; ``[]`` behind a
name says that the field is a list.
"""

from __future__ import annotations

from typing import TypedDict


class Kind(TypedDict):
    """What the schema says of one kind of object."""

    parents: list[str]
    properties: dict[str, str]
    references: dict[str, str | None]
    children: dict[str, bool]


'''


def kind_of(cls: Any) -> dict[str, Any]:
    """Return the entry of ``KINDS`` for one resource class."""
    return {
        "parents": sorted(cls.parent_types if cls.parent_types != ["config-root"] else []),
        "properties": {name: field["xsd_type"] for name, field in sorted(cls.prop_field_types.items())},
        "references": {
            target: None if attribute == "None" else attribute
            for target, attribute, *_ in sorted(cls.ref_field_types.values())
        },
        "children": {kind: derived for kind, derived, *_ in sorted(cls.children_field_types.values())},
    }


def type_of(cls: Any) -> dict[str, str]:
    """Return the entry of ``TYPES`` for one complex type."""
    return {
        name: field["attr_type"] + ("[]" if field["is_array"] else "")
        for name, field in sorted(cls.attr_field_type_vals.items())
    }


def rendered(name: str, annotation: str, entries: dict[str, Any]) -> str:
    """Return Python source of one table, an entry for each line of its own block."""
    lines = [f"{name}: {annotation} = {{"]
    for key, entry in sorted(entries.items()):
        lines.append(f'    "{key}": {{')
        for field, value in entry.items():
            if isinstance(value, dict) and value:
                lines.append(f'        "{field}": {{')
                lines.extend(f'            "{inner}": {quoted(kind)},' for inner, kind in value.items())
                lines.append("        },")
            else:
                lines.append(f'        "{field}": {quoted(value)},')
        lines.append("    },")
    return "\n".join([*lines, "}", ""])


def quoted(value: Any) -> str:
    """Return a literal in the quotes that the rest of the code uses."""
    return repr(value).replace("'", '"')


def classes(module: Any) -> list[tuple[str, Any]]:
    """Return the classes of a generated module, which say what they hold in attributes of their own."""
    return inspect.getmembers(module, inspect.isclass)


def source() -> str:
    """Return the whole file."""
    resources = {
        cls.resource_type: kind_of(cls) for _, cls in classes(kinds) if hasattr(cls, "prop_field_types")
    }
    complex_types = {
        name: type_of(cls) for name, cls in classes(types) if getattr(cls, "attr_field_type_vals", None)
    }
    return "".join([
        HEADER.format(version=version("contrail-api-client")),
        rendered("KINDS", "dict[str, Kind]", resources),
        "\n",
        rendered("TYPES", "dict[str, dict[str, str]]", complex_types),
    ])


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
