# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of any kind: from what the user wrote, in the terms of the schema, to items for the plan.

The entity of a kind is made of the schema at run time, with the properties and references that a task names;
all of them where objects are deleted, so that the result shows what they held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...values.hints import near_misses
from ...values.option_spec import OptionSpecs
from ..codec.codec import is_empty
from ..codec.errors import InvalidConfigError, InvalidValueError
from ..codec.field import Field
from ..codec.scope import Json, Value
from ..codec.values import FqName, joined
from ..kinds import ENTITIES
from ..kinds.config import Item
from ..kinds.entity import Entity, ReferenceField
from ..plan.actions import HIGHEST_RANK
from ..plan.daemon_owned import ALSO_READ
from ..schema.data import KINDS, TYPES
from ..schema.facts import (
    FIRST_ATTRIBUTES,
    INTERNAL_PREFIX,
    NEEDED_PROPERTIES,
    NEEDED_REFERENCES,
    SECRETS,
    SET_INDIRECTLY,
)
from ..schema.kinds import SchemaScope, kind_named, made_by_server, properties_of, reference_field, wrong_reference
from .codecs import emptied, property_field, structure

ITEM_SPEC: OptionSpecs = {
    "name": {"type": "str", "required": True},
    "parent": {"type": "dict", "options": {"kind": {"type": "str"}, "name": {"type": "str", "required": True}}},
    "properties": {"type": "dict", "default": {}},
    "secrets": {"type": "dict", "no_log": True},
    "references": {
        "type": "list",
        "elements": "dict",
        "options": {
            "kind": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "parent": {"type": "dict", "options": {"kind": {"type": "str"}, "name": {"type": "str", "required": True}}},
            "attr": {"type": "dict"},
        },
    },
    "unset": {"type": "list", "elements": "str"},
}


@dataclass(frozen=True)
class SchemaReference(ReferenceField):
    """References of a kind as the schema declares them; those that the server makes for itself are not seen."""

    def decode(self, stored: Json) -> dict[str, Value]:
        """Turn stored references into the canonical form."""
        targets = super().decode(stored)
        return {name: attr for name, attr in targets.items() if not name.split(":")[-1].startswith(INTERNAL_PREFIX)}


@dataclass(frozen=True)
class SchemaEntity(Entity):
    """A kind as the schema declares it, for objects under one kind of parent."""

    parent_kind: str | None = None

    def __post_init__(self) -> None:
        """Check nothing: what the schema declares needs no checks."""

    @property
    def parent(self) -> str | None:
        """The kind of the parent, None for an object that has none."""
        return self.parent_kind


def schema_entity(
    kind: str, properties: Iterable[str], references: Iterable[str], *, compare_secrets: bool = False
) -> SchemaEntity:
    """Return the entity of a kind with some of its properties, and references to some kinds."""
    declared = {name: property_field(kind, name, compare_secrets) for name in sorted(properties)}
    fields = tuple(
        replace(
            each,
            place=f"properties.{name}",
            absence=replace(each.absence, needed=NEEDED_PROPERTIES.get(kind) == name),
        )
        for name, each in declared.items()
    )
    return SchemaEntity(
        kind,
        rank=ENTITIES[kind].rank if kind in ENTITIES else 0,
        composed=False,
        fields=fields,
        related=ALSO_READ.get(kind, ()),
        references=tuple(_reference(kind, target) for target in sorted(references)),
    )


def _reference(kind: str, target: str) -> SchemaReference:
    attribute = KINDS[kind]["references"][target]
    return SchemaReference(
        reference_field(target),
        reference_field(target),
        target,
        many=True,
        attr=structure(attribute) if attribute else None,
        attr_default=FIRST_ATTRIBUTES.get(attribute or "", {}) if attribute else None,
        needed=NEEDED_REFERENCES.get(kind) == target,
        place="references",
    )


@dataclass
class _Given:
    """The contents of one item of ``config``, half read."""

    path: str
    fq_name: FqName
    parent: str | None
    properties: dict[str, Value] = field(default_factory=dict)
    references: dict[str, dict[str, Value]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    exact: set[str] = field(default_factory=set)


class ObjectParser:
    """Reads the items of one task, noting everything that is wrong."""

    def __init__(
        self, kind: str, scope: SchemaScope, unset: Sequence[str], purge: Iterable[str], *, compare_secrets: bool
    ) -> None:
        self.kind = kind
        self.faults: list[InvalidValueError] = []
        self._scope = scope
        self._unset = unset
        self._purge = tuple(purge)
        self._compare_secrets = compare_secrets
        self._places: dict[FqName, str] = {}

    def parse(self, config: Sequence[Mapping[str, Any]], state: str) -> tuple[SchemaEntity, list[Item]]:
        """Return the entity that the items need, and the items; raises InvalidConfigError."""
        given = [self._item(written, f"config[{index}]") for index, written in enumerate(config)]
        if self.faults:
            raise InvalidConfigError(self.faults)
        items = [item for item in given if item is not None]
        properties = {name for item in items for name in item.properties} | {"annotations"}
        references = {target for item in items for target in item.references} & KINDS[self.kind]["references"].keys()
        references |= {NEEDED_REFERENCES[self.kind]} if self.kind in NEEDED_REFERENCES else set()
        properties |= {NEEDED_PROPERTIES[self.kind]} if self.kind in NEEDED_PROPERTIES else set()
        if state == "absent":
            hidden = {"id_perms", "perms2"}
            properties |= set(properties_of(self.kind)) - hidden
            references |= set(KINDS[self.kind]["references"])
        entity = schema_entity(self.kind, properties, references, compare_secrets=self._compare_secrets)
        ranks = _ranks({item.fq_name: _own_kind(self.kind, item) for item in items})
        entities = {
            (item.parent, ranks[item.fq_name]): replace(
                entity, parent_kind=item.parent, rank=min(entity.rank + ranks[item.fq_name], HIGHEST_RANK)
            )
            for item in items
        }
        return entity, [
            Item(
                item.path,
                item.fq_name,
                item.properties,
                {reference_field(target): attrs for target, attrs in item.references.items()},
                exact=frozenset(item.exact),
                entity=entities[item.parent, ranks[item.fq_name]],
                places=item.places,
            )
            for item in items
        ]

    # One item

    def _item(self, written: Mapping[str, Any], path: str) -> _Given | None:
        try:
            fq_name, parent = self._name(self.kind, written, path)
        except InvalidValueError as fault:
            self.faults.append(fault)
            return None
        if fq_name in self._places:
            self.faults.append(
                InvalidValueError(f"{path}.name", f"{written['name']} is already {self._places[fq_name]}")
            )
        self._places[fq_name] = path
        item = _Given(path, fq_name, parent)
        self._read_properties(written, item)
        for index, reference in enumerate(written.get("references") or []):
            try:
                self._read_reference(reference, item, f"{path}.references[{index}]")
            except InvalidValueError as fault:
                self.faults.append(fault)
        if written.get("references") is not None:
            for target in self._purge:
                item.references.setdefault(target, {})
        empty = [(option, f"unset[{index}]") for index, option in enumerate(self._unset)]
        empty += [(option, f"{path}.unset[{index}]") for index, option in enumerate(written.get("unset") or [])]
        for option, place in dict(empty).items():
            try:
                self._empty(option, item, place)
            except ValueError as error:
                self.faults.append(
                    error if isinstance(error, InvalidValueError) else InvalidValueError(place, str(error))
                )
        return item

    def _name(self, kind: str, written: Mapping[str, Any], path: str) -> tuple[FqName, str | None]:
        """Return an object's full name and its parent's kind."""
        if not written.get("parent"):
            try:
                return self._scope.placed(kind, written["name"])
            except ValueError as error:
                raise InvalidValueError(f"{path}.name", str(error)) from None
        parent = self._parent_kind(kind, written["parent"], f"{path}.parent")
        if parent is None:
            raise InvalidValueError(f"{path}.parent", f"{kind} has no parent; leave it out")
        try:
            above = self._scope.name(parent, written["parent"]["name"])
        except ValueError as error:
            raise InvalidValueError(f"{path}.parent.name", str(error)) from None
        try:
            return self._scope.child(written["name"], above), parent
        except ValueError as error:
            raise InvalidValueError(f"{path}.name", str(error)) from None

    def _parent_kind(self, kind: str, written: Mapping[str, Any], path: str) -> str | None:
        parents = KINDS[kind]["parents"]
        if not written.get("kind"):
            named = [parent for parent in parents if parent is not None]
            if len(named) > 1:
                raise InvalidValueError(f"{path}.kind", f"is needed: {kind} is a child of {_either(named)}")
            return named[0] if named else None
        try:
            parent = kind_named(written["kind"])
        except ValueError as error:
            raise InvalidValueError(f"{path}.kind", str(error)) from None
        if parent not in parents:
            known = [other for other in parents if other is not None]
            cure = f"it is a child of {_either(known)}" if known else "it has no parent; leave it out"
            raise InvalidValueError(f"{path}.kind", f"{kind} is no child of {parent}: {cure}")
        return parent

    def _read_properties(self, written: Mapping[str, Any], item: _Given) -> None:
        known = properties_of(self.kind)
        properties = written.get("properties") or {}
        secrets = written.get("secrets") or {}
        for group in (properties, secrets):
            for name in group:
                if name not in known:
                    path = f"{item.path}.{'properties' if group is properties else 'secrets'}.{name}"
                    self.faults.append(InvalidValueError(path, self._no_property(str(name))))
        for name, type_name in known.items():
            value = properties.get(name)
            path = f"{item.path}.properties.{name}"
            self.faults.extend(_open_secrets(type_name, value, path))
            value = overlaid(value, secrets.get(name))
            if value is None:
                continue
            if name in made_by_server(self.kind):
                self.faults.append(InvalidValueError(path, "the server makes this; leave it out"))
                continue
            try:
                canonical = self._field(name).normalise(value, self._scope, path)
            except InvalidValueError as fault:
                self.faults.append(fault)
                continue
            item.properties[name] = item.fq_name[-1] if name == "display_name" and is_empty(canonical) else canonical

    def _field(self, name: str) -> Field:
        return property_field(self.kind, name, self._compare_secrets)

    def _no_property(self, name: str) -> str:
        """Say what an unknown property was perhaps meant to be."""
        target = name.removesuffix("_refs").replace("_", "-")
        if name.endswith("_refs") and target in KINDS:
            return f"references stand under references, as {{kind: {target}, name: ...}}"
        return f"{self.kind} has no such property: {near_misses(name, properties_of(self.kind))}"

    def _read_reference(self, written: Mapping[str, Any], item: _Given, path: str) -> None:
        try:
            target = kind_named(written["kind"])
        except ValueError as error:
            raise InvalidValueError(f"{path}.kind", str(error)) from None
        declared = KINDS[self.kind]["references"]
        if target not in declared:
            raise InvalidValueError(f"{path}.kind", wrong_reference(self.kind, target))
        if (self.kind, target) in SET_INDIRECTLY:
            cure = SET_INDIRECTLY[self.kind, target]
            raise InvalidValueError(path, f"the server makes references of {self.kind} to {target} itself: {cure}")
        name = joined(self._name(target, written, path)[0])
        others = item.references.setdefault(target, {})
        option = reference_field(target)
        if name in others:
            raise InvalidValueError(path, f"{target} {name} is already {item.places[f'{option} {name}']}")
        attribute = declared[target]
        attr = written.get("attr")
        if attr is not None and attribute is None:
            raise InvalidValueError(f"{path}.attr", f"a reference to {target} carries nothing; leave it out")
        item.places[f"{option} {name}"] = path
        others[name] = None
        if attr is not None and attribute is not None:
            self.faults.extend(_open_secrets(attribute, attr, f"{path}.attr"))
            others[name] = structure(attribute).normalise(attr, self._scope, f"{path}.attr")

    def _empty(self, option: str, item: _Given, place: str) -> None:
        """Take in that an option, or with dots what is inside a property, is to be emptied; raises ValueError."""
        name, *inner = option.split(".")
        if name in properties_of(self.kind):
            if name in item.properties and not inner:
                raise ValueError(f"{option} is given as well; drop one of the two")
            if name in made_by_server(self.kind) or NEEDED_PROPERTIES.get(self.kind) == name:
                raise ValueError(f"{option} cannot be unset")
            value = emptied(self._field(name), inner, option)
            item.properties[name] = _with(item.properties.get(name), value, option)
            return
        target = name.removesuffix("_refs").replace("_", "-")
        if inner or target not in KINDS[self.kind]["references"]:
            raise ValueError(self._no_property(name))
        if target in item.references:
            raise ValueError(f"references to {target} are given as well; drop one of the two")
        item.references[target] = {}
        item.exact.add(reference_field(target))


def purged_kinds(kind: str, purge: Sequence[str]) -> list[str]:
    """Return the kinds whose references are made exact, of what the user gave; raises InvalidConfigError."""
    declared = KINDS[kind]["references"]
    targets = {index: option.removesuffix("_refs").replace("_", "-") for index, option in enumerate(purge)}
    faults = [
        InvalidValueError(
            f"purge_references[{index}]",
            f"{kind} does not refer to {target}: {near_misses(target, declared)}",
        )
        for index, target in targets.items()
        if target not in declared
    ]
    if faults:
        raise InvalidConfigError(faults)
    return list(targets.values())


def _with(given: Value, emptying: Value, option: str) -> Value:
    """Add what is to be emptied inside a property to what is given of it; raises ValueError."""
    if given is None or emptying is None:
        if given is not None:
            raise ValueError(f"{option} is given as well; drop one of the two")
        return emptying
    merged = dict(given)
    for name, inner in emptying.items():
        merged[name] = _with(merged.get(name), inner, option)
    return merged


def overlaid(value: Any, secrets: Any) -> Any:
    """Return a property with its secrets put in: dicts key by key, lists entry by entry."""
    if secrets is None:
        return value
    if isinstance(value, Mapping) and isinstance(secrets, Mapping):
        return {**value, **{key: overlaid(value.get(key), inner) for key, inner in secrets.items()}}
    if isinstance(value, list) and isinstance(secrets, list) and len(value) == len(secrets):
        return [overlaid(entry, inner) for entry, inner in zip(value, secrets, strict=True)]
    return secrets


def exposed_secrets(kind: str, config: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the secrets that stand in ``config`` where Ansible does not mask them; they are refused later."""
    types = properties_of(kind)
    return {
        str(value)
        for written in config
        for name, given in (written.get("properties") or {}).items()
        for _unused, value in _secrets(types.get(name, ""), given, "")
    }


def _open_secrets(type_name: str, value: Any, path: str) -> Iterator[InvalidValueError]:
    """Yield what is wrong with secrets that stand where they would be logged."""
    for place, _unused in _secrets(type_name, value, path):
        hidden = place.replace(".properties.", ".secrets.")
        cure = f"give it as {hidden}" if hidden != place else "this cannot be given here"
        yield InvalidValueError(place, f"is a secret, which would be logged: {cure}")


def _secrets(type_name: str, value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the secrets inside a value of a type, each with its place."""
    base = type_name.removesuffix("[]")
    if isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _secrets(base, entry, f"{path}[{index}]")
    if not isinstance(value, Mapping):
        return
    for name, declared in TYPES.get(base, {}).items():
        if is_empty(value.get(name)):
            continue
        if f"{base}.{name}" in SECRETS:
            yield f"{path}.{name}", value[name]
        else:
            yield from _secrets(declared, value[name], f"{path}.{name}")


def _either(kinds: Sequence[str]) -> str:
    return " or ".join(kinds)


def _own_kind(kind: str, item: _Given) -> list[FqName]:
    """Return the objects of its own kind that an item refers to."""
    return [tuple(name.split(":")) for name in item.references.get(kind, {})]


def _ranks(targets: Mapping[FqName, Sequence[FqName]]) -> dict[FqName, int]:
    """Return a rank for each object: above those of the objects in ``targets`` that it refers to.

    In a ring the ranks say nothing; references of one kind among each other are symmetric there.
    """
    ranks: dict[FqName, int] = {}

    def rank(name: FqName, seen: frozenset[FqName]) -> int:
        if name not in ranks:
            below = [other for other in targets[name] if other in targets and other not in seen]
            ranks[name] = max((1 + rank(other, seen | {name}) for other in below), default=0)
        return ranks[name]

    for name in targets:
        rank(name, frozenset({name}))
    return ranks
