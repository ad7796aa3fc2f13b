# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading objects of any kind for users: names instead of references, no server internals, no secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...values.hints import near_misses
from ...values.secrets import HIDDEN, is_secret_property
from ..api.client import ApiClient
from ..codec.codec import Codec, get_path, is_empty
from ..codec.errors import InvalidConfigError, InvalidValueError
from ..codec.field import Records
from ..codec.scope import Json
from ..codec.values import joined
from ..kinds import ENTITIES
from ..plan.stored import stored_values
from ..schema.data import DEFAULTS, KINDS, SIMPLE_TYPES, TYPES
from ..schema.facts import SECRETS
from ..schema.kinds import SchemaScope, back_references_field, children_field, properties_of, reference_field, referrers
from .codecs import flag, number

_INTERNAL = ("href", "parent_href", "parent_uuid", "name", "fq_name", "uuid", "to")

_OF_ALL = frozenset({"name", "fq_name", "uuid", "parent_type", "parent_uuid"})
"""What every answer holds, and so needs not be asked for."""

"""Names under which people put secrets, where the schema takes any name (annotations, properties of drivers)."""


WITH_MODULE = {kind: entity for kind, entity in ENTITIES.items() if entity.fields}
"""The kinds that a module of their own manages."""


@dataclass(frozen=True)
class InfoRequest:
    """The request: what to read.

    ``names`` (short or full) and ``uuids`` that do not exist are simply not in the result; None stands for
    all. ``fields`` are properties and references, none for all; ``children`` and ``back_references`` are
    kinds. ``filters`` compare a property, a reference, or with dots a value inside a property, with a wanted
    value or a list of them. ``count`` asks for nothing but a number. With ``as_config`` each object also comes as the
    item of ``config`` that its module would leave alone.
    """

    kind: str
    scope: SchemaScope
    names: Sequence[str] | None = None
    uuids: Sequence[str] | None = None
    parent: str = ""
    fields: Sequence[str] = ()
    children: Sequence[str] = ()
    back_references: Sequence[str] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)
    count: bool = False
    as_config: bool = False


def read_objects(client: ApiClient, request: InfoRequest) -> dict[str, Any]:
    """Return ``objects`` in the form in which users see them, ordered by name, and their ``count``.

    With ``request.count`` there is only the ``count``. Raises ContrailError.
    """
    reading = _CheckedRequest(request)
    if request.count and not request.filters and request.names is None and request.uuids is None:
        return {"count": client.count_objects(request.kind, reading.selection)}
    objects = [item for item in reading.candidates(client) if reading.fits(item)]
    if request.count:
        return {"count": len(objects)}
    shown = [present(request.kind, item) for item in objects]
    if request.as_config:
        configs = [config_item(request.kind, item) for item in objects]
        shown = [{**item, "config": config} for item, config in zip(shown, configs, strict=True)]
    return {"objects": sorted(shown, key=lambda item: str(item["fq_name"])), "count": len(shown)}


class _CheckedRequest:
    """One request, checked against the schema; raises InvalidConfigError with everything that is wrong."""

    def __init__(self, request: InfoRequest) -> None:
        self._request = request
        self._faults: list[InvalidValueError] = []
        kind = request.kind
        self._names = self._complete("names", kind, request.names)
        self._parent = self._parent_name()
        relatives = self._relatives("children", request.children, KINDS[kind]["children"], children_field)
        relatives += self._relatives("back_references", request.back_references, referrers(kind), back_references_field)
        known = [*properties_of(kind), *map(reference_field, KINDS[kind]["references"])]
        readable = [
            *known,
            *map(children_field, KINDS[kind]["children"]),
            *map(back_references_field, referrers(kind)),
        ]
        self._check("fields", request.fields, readable)
        filtered = [path.split(".")[0] for path in request.filters]
        self._check("filters", filtered, [*readable, *_OF_ALL])
        if request.as_config and kind not in WITH_MODULE:
            near = near_misses(kind, WITH_MODULE)
            self._faults.append(InvalidValueError("as_config", f"no module has a config for {kind}: {near}"))
        if self._faults:
            raise InvalidConfigError(self._faults)
        compared = _declared_fields(kind) if request.as_config and request.fields else ()
        given = [*request.fields, *compared, *relatives, *filtered]
        asked = dict.fromkeys(name for name in given if name not in _OF_ALL)
        whole = not request.fields and not request.count
        self._parameters = {"detail": "true"} if whole else {}
        if whole:
            asked = {name: None for name in asked if name not in known}
        if asked:
            self._parameters["fields"] = ",".join(asked)
        elif not whole:
            self._parameters["fields"] = "display_name"

    @property
    def selection(self) -> dict[str, str]:
        """The objects that the server is to select: children of the parent, with values of properties.

        The server ignores a filter that it does not understand, so :meth:`fits` looks at each answer again.
        """
        parameters = {"parent_fq_name_str": joined(self._parent)} if self._parent else {}
        filters = ",".join(_server_filters(self._request))
        return {**parameters, "filters": filters} if filters else parameters

    def candidates(self, client: ApiClient) -> list[dict[str, Json]]:
        """Return what the server selects."""
        kind = self._request.kind
        if self._names is not None:
            return client.list_named(kind, self._names, self._parameters)
        if self._request.uuids is not None:
            return client.list_identified(kind, self._request.uuids, self._parameters)
        return client.list_objects(kind, {**self._parameters, **self.selection})

    def fits(self, stored: Mapping[str, Json]) -> bool:
        """Tell whether an object is one of those that were asked for."""
        if self._parent and joined(stored["fq_name"][:-1]) != joined(self._parent):
            return False
        if self._names is not None and self._request.uuids is not None and stored["uuid"] not in self._request.uuids:
            return False
        return all(self._passes(stored, path, wanted) for path, wanted in self._request.filters.items())

    def _passes(self, stored: Mapping[str, Json], path: str, wanted: Any) -> bool:
        value = get_path(
            {**stored, "name": stored["fq_name"][-1], "fq_name": joined(stored["fq_name"])}, path.split(".")
        )
        type_name, default = _declared(self._request.kind, path.split("."))
        values = wanted if isinstance(wanted, list) else [wanted]
        return any(_same(value, _typed(type_name, choice), default) for choice in values)

    # Checks

    def _complete(self, option: str, kind: str, names: Sequence[str] | None) -> list[tuple[str, ...]] | None:
        if names is None:
            return None
        full = []
        for index, text in enumerate(names):
            try:
                full.append(self._request.scope.name(kind, text))
            except ValueError as error:
                self._faults.append(InvalidValueError(f"{option}[{index}]", str(error)))
        return full

    def _parent_name(self) -> tuple[str, ...]:
        """Return the full name of the parent; where its kind does not go without saying it has to be given so."""
        if not self._request.parent:
            return ()
        named = [parent for parent in KINDS[self._request.kind]["parents"] if parent is not None]
        if not named:
            self._faults.append(InvalidValueError("parent", f"{self._request.kind} has no parent; leave it out"))
            return ()
        depth = self._request.parent.count(":")
        usual = "project" if "project" in named else named[0]
        if len(named) > 1 and depth > (1 if usual == "project" else 0):
            return tuple(self._request.parent.split(":"))
        try:
            return self._request.scope.name(usual, self._request.parent)
        except ValueError as error:
            self._faults.append(InvalidValueError("parent", str(error)))
            return ()

    def _relatives(self, option: str, kinds: Sequence[str], known: Any, as_field: Any) -> list[str]:
        """Return the fields of relatives of some kinds, of all for ``all``."""
        if list(kinds) == ["all"]:
            return [as_field(kind) for kind in known]
        named = [kind.replace("_", "-") for kind in kinds]
        self._check(option, named, known)
        return [as_field(kind) for kind in named]

    def _check(self, option: str, given: Sequence[str], known: Any) -> None:
        for index, name in enumerate(given):
            if name not in known:
                path = f"{option}.{name}" if option == "filters" else f"{option}[{index}]"
                self._faults.append(
                    InvalidValueError(path, f"{self._request.kind} has no {name}: {near_misses(name, known)}")
                )


def _server_filters(request: InfoRequest) -> Iterator[str]:
    """Yield the filters that the server understands too: properties that are one text, number or boolean.

    A comma separates filters there, and no default is known.
    """
    types = properties_of(request.kind)
    for name, wanted in request.filters.items():
        if name not in types or types[name] in TYPES:
            continue
        values = [_typed(types[name], value) for value in (wanted if isinstance(wanted, list) else [wanted])]
        _unused, default = _declared(request.kind, [name])
        if any(is_empty(value) or value == default or value is False for value in values):
            continue
        texts = [json.dumps(value) for value in values]
        if not any("," in text or isinstance(value, (list, dict)) for text, value in zip(texts, values, strict=True)):
            yield from (f"{name}=={text}" for text in texts)


def _typed(type_name: str, wanted: Any) -> Any:
    """Return a value as the server stores it, for its comparison is strict."""
    base = SIMPLE_TYPES.get(type_name, {"base": type_name})["base"]
    try:
        if base == "boolean":
            return flag(wanted)
        return number(wanted) if base in {"integer", "unsignedLong"} else wanted
    except ValueError:
        return wanted


def _declared(kind: str, path: Sequence[str]) -> tuple[str, Any]:
    """Return the type of a property, or of a field inside it, and what its absence means."""
    holder, names = kind, properties_of(kind)
    for name in path[:-1]:
        holder = names.get(name, "").removesuffix("[]")
        names = TYPES.get(holder, {})
    return names.get(path[-1], ""), DEFAULTS.get(holder, {}).get(path[-1])


def _same(value: Json, wanted: Any, default: Any) -> bool:
    """Compare as users write it: ``true`` and "true", 5 and "5" are the same, and so are nothing and a default.

    References are compared by name, full or short.
    """
    if isinstance(value, list) and any(isinstance(item, dict) and "to" in item for item in value):
        return any(wanted in (joined(item["to"]), item["to"][-1], item.get("uuid")) for item in value)
    if is_empty(value):
        value = default
    if is_empty(value) or value is False:
        return is_empty(wanted) or str(wanted).lower() == "false"
    return bool(value == wanted) or str(value).lower() == str(wanted).lower()


def _declared_fields(kind: str) -> list[str]:
    """Return the properties and references that :func:`config_item` needs."""
    entity = WITH_MODULE[kind]
    return [*(item.api[0] for item in entity.fields if item.api), *(item.api for item in entity.references)]


def config_item(kind: str, stored: Mapping[str, Json]) -> dict[str, Json]:
    """Return a stored object as an item of its module's ``config``: its full name, and what can be written back."""
    entity = WITH_MODULE[kind]
    codecs = {item.option: item.codec for item in entity.fields}
    values = stored_values(entity, stored)
    kept = {name: value for name, value in values.items() if not _hides(value) and _is_whole(codecs.get(name), value)}
    return {"name": joined(stored["fq_name"]), **kept}


def _hides(value: Json) -> bool:
    """Tell whether something inside a value is masked."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value == HIDDEN or any(map(_hides, inner))


def _is_whole(codec: Codec | None, value: Json) -> bool:
    """Tell whether items of a list have all that a user must give; an instance keeps no types of its interfaces."""
    required = {item.option for item in codec.record.fields if item.required} if isinstance(codec, Records) else set()
    return not required or all(required <= set(item) for item in value)


def present(kind: str, stored: Mapping[str, Json]) -> dict[str, Json]:
    """Return one stored object as users see it."""
    shown: dict[str, Json] = {
        "name": joined(stored["fq_name"]) if kind == "route-target" else stored["fq_name"][-1],
        "fq_name": joined(stored["fq_name"]),
        "uuid": stored["uuid"],
    }
    types = properties_of(kind)
    for key in sorted(stored):
        if key not in _INTERNAL:
            shown[key] = masked(_with_names(stored[key]), types.get(key, ""))
    return shown


def masked(value: Json, type_name: str = "", name: str = "") -> Json:
    """Return a value without secrets: neither the fields that the schema has for them, nor telling names."""
    base = type_name.removesuffix("[]")
    if isinstance(value, list):
        return [masked(item, base, name) for item in value]
    if isinstance(value, dict):
        fields = TYPES.get(base, {})
        if set(value) == {"key", "value"} and is_secret_property(str(value["key"])):
            return {**value, "value": HIDDEN if value["value"] else value["value"]}
        return {
            key: HIDDEN if f"{base}.{key}" in SECRETS and inner else masked(inner, fields.get(key, ""), key)
            for key, inner in value.items()
        }
    return HIDDEN if isinstance(value, str) and value and is_secret_property(name) else value


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
