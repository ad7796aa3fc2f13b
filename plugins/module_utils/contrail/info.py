# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading objects of any kind for users: names instead of references, no server internals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from .client import ApiClient
from .entity import CONTAINERS, Json, Scope, dig
from .errors import ContrailError
from .values import joined

_INTERNAL = ("href", "parent_href", "parent_uuid", "name", "fq_name", "uuid", "to")


def read_objects(
    client: ApiClient,
    kind: str,
    *,
    scope: Scope,
    names: Sequence[str] | None = None,
    parent: str = "",
    fields: Sequence[str] = (),
    filters: Mapping[str, Any] | None = None,
) -> list[dict[str, Json]]:
    """Return objects of ``kind`` in the form in which users see them, ordered by name.

    ``names`` (short or full) that do not exist are simply not in the result. ``filters`` compare a property,
    or with dots a value inside it, with a wanted value; this is done here, for the server ignores filters
    that it does not understand. Raises ContrailError.
    """
    kind = kind.replace("_", "-")
    compared = [path.split(".")[0] for path in filters or {}]
    parameters = {"fields": ",".join(dict.fromkeys([*fields, *compared]))} if fields else {"detail": "true"}
    try:
        wanted = [_full(kind, text, scope) for text in names or []]
        if parent:
            parameters["parent_fq_name_str"] = joined(_parent(kind, parent, scope))
    except ValueError as error:
        raise ContrailError(str(error), kind=kind, verb="read") from None
    listing = client.list_objects if names is None else partial(client.list_named, names=wanted)
    objects = listing(kind, parameters=parameters)
    if parent:
        above = parameters["parent_fq_name_str"].split(":")
        objects = [item for item in objects if item["fq_name"][:-1] == above]
    shown = [present(item) for item in objects if _passes(item, filters or {})]
    return sorted(shown, key=lambda item: str(item["fq_name"]))


def present(stored: Mapping[str, Json]) -> dict[str, Json]:
    """Return one stored object as users see it."""
    shown: dict[str, Json] = {
        "name": stored["fq_name"][-1],
        "fq_name": joined(stored["fq_name"]),
        "uuid": stored["uuid"],
    }
    for key in sorted(stored):
        if key not in _INTERNAL:
            shown[key] = _with_names(stored[key])
    return shown


def _with_names(value: Json) -> Json:
    """Turn lists of references, back-references and children into names with uuid and attribute."""
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) and "to" in item for item in value):
        return value
    return [
        {
            "name": joined(item["to"]),
            "uuid": item.get("uuid", ""),
            **({"attr": item["attr"]} if item.get("attr") is not None else {}),
        }
        for item in value
    ]


def _passes(stored: Mapping[str, Json], filters: Mapping[str, Any]) -> bool:
    stored = {**stored, "name": stored["fq_name"][-1], "fq_name": joined(stored["fq_name"])}
    return all(_same(dig(stored, path.split(".")), wanted) for path, wanted in filters.items())


def _same(value: Json, wanted: Any) -> bool:
    """Compare as users write it: ``true`` and "true", 5 and "5" are the same."""
    return value == wanted or (value is not None and str(value).lower() == str(wanted).lower())


def _full(kind: str, text: str, scope: Scope) -> tuple[str, ...]:
    if CONTAINERS.get(kind, "") in {None, "domain", "project"}:
        return scope.name(kind, text)
    return tuple(text.split(":"))


def _parent(kind: str, text: str, scope: Scope) -> tuple[str, ...]:
    container = CONTAINERS.get(kind)
    return tuple(text.split(":")) if container is None else _full(container, text, scope)
