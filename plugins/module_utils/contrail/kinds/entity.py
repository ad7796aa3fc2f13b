# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a kind of Contrail object is declared: its fields, its references, and what holds for the whole object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ...values.option_spec import OptionSpec, OptionSpecs
from ..codec.codec import Name, is_empty, refuse_nothing
from ..codec.errors import InvalidValueError
from ..codec.field import Field, Record, by_name, in_full
from ..codec.scope import CONTAINERS, Json, Scope, Together, Value
from ..codec.values import joined

UNSET = "Options to clear in this item."
"""What the documentation says of ``unset``."""


@dataclass(frozen=True)
class ReferenceField:
    """References from an object to objects of one kind, canonical as ``{full name: attribute or None}``.

    A list of references (``many``) only ever adds, unless the task purges it. ``attr`` describes what a
    reference carries, ``attr_default`` is what a new one carries when the user gives nothing. ``place`` is
    where in an item the option stands, if not under its name. ``description`` is what the module's documentation
    says of the option, a paragraph a line, ``named`` what it says of the name in an entry.
    """

    option: str
    api: str
    kind: str
    many: bool = False
    attr: Record | None = None
    attr_default: Value = None
    aliases: tuple[str, ...] = ()
    needed: bool = False
    immutable: str = ""
    internal: bool = False
    place: str = ""
    description: str = ""
    named: str = ""

    @property
    def where(self) -> str:
        """The place of the option in an item."""
        return self.place or self.option

    def __post_init__(self) -> None:
        if not self.api.endswith("_refs"):
            raise ValueError(f"{self.option}: a reference lives in a field that ends in _refs")
        if self.many and self.immutable:
            raise ValueError(f"{self.option}: a list of references is never immutable")
        if self.attr is not None and self.attr_default is None:
            raise ValueError(f"{self.option}: a reference with an attribute needs its default")

    def spec(self) -> OptionSpec:
        """Return this option's argument spec: a name, a list of names, or names with what they carry."""
        spec: OptionSpec = {"type": "str"}
        if self.many and self.attr is None:
            spec = {"type": "list", "elements": "str"}
        elif self.many:
            spec = {"type": "list", "elements": "raw", "options": self._entry.spec()["options"]}
        if self.aliases:
            spec["aliases"] = list(self.aliases)
        return spec

    @cached_property
    def _entry(self) -> Record:
        """The shape of one item of the option."""
        attr = () if self.attr is None else self.attr.fields
        return Record((Field("name", (), Name(self.kind), required=True), *attr))

    def normalise(self, written: Value, scope: Scope, path: str) -> dict[str, Value]:
        """Turn a name, or a list of ``{"name": ..., attribute...}``, into the canonical form."""
        if not self.many:
            return {} if is_empty(written) else {Name(self.kind).normalise(written, scope, path): None}
        targets: dict[str, Value] = {}
        places: dict[str, str] = {}
        for index, item in enumerate(written or []):
            place = f"{path}[{index}]"
            entry = in_full(item, by_name, self._entry, place)
            written_name = entry.pop("name")
            refuse_nothing(written_name, f"{place}.name")
            name = Name(self.kind).normalise(written_name, scope, f"{place}.name")
            if name in places:
                raise InvalidValueError(place, f"{written_name} is already {places[name]}")
            places[name] = place
            attr = {} if self.attr is None else self.attr.normalise(entry, scope, place)
            targets[name] = attr or None
        return targets

    def decode(self, stored: Json) -> dict[str, Value]:
        """Turn stored references into the canonical form."""
        return {
            joined(item["to"]): None if self.attr is None else self.attr.decode(item.get("attr"))
            for item in stored or []
        }

    def same(self, wanted: Value, before: Value) -> bool:
        """Tell whether a stored attribute already is what the user gave.

        Where the user gave nothing any stored attribute is right, but one without what the default has is
        not: a policy that is attached without a sequence is ignored by the schema transformer.
        """
        if self.attr is None:
            return True
        return bool(self.attr.clean(self.complete(wanted, before)) == self.attr.clean(before))

    def complete(self, wanted: Value, before: Value) -> Value:
        """Return what a reference is to carry, given what it carries."""
        if self.attr is None:
            return None
        return {**self.attr_default, **self.attr.merge(wanted or {}, before)}

    def encode(self, attr: Value, stored: Json) -> Json:
        """Return the ``attr`` of a reference; ``None`` for references that have none."""
        if self.attr is None:
            return None
        return self.attr.encode(self.complete(attr, self.attr.decode(stored)), stored)

    def shown(self, targets: Mapping[str, Value]) -> Value:
        """Return references as a diff shows them: one name, names, or names with what the references carry."""
        if not self.many:
            return next(iter(targets), None)
        if self.attr is None:
            return list(targets)
        return [{"name": name, **self.attr.shown(self.complete(attr, None))} for name, attr in targets.items()]


@dataclass(frozen=True)
class Entity:
    """A kind of object.

    ``rank`` orders kinds: objects of a higher rank refer to, or are children of, those of a lower one.
    ``compound`` are options of the module whose values other objects carry. ``related`` are the children
    and back-references that have to be read with an object of this kind. An ``exclusive`` object holds what
    there is once, as an address: it is deleted before another may hold it.
    ``together`` says which values cannot be had at once. Of a kind with an ``only`` object that is the name.
    An entity that is not ``composed`` wants its own object and no other. ``description`` is what the module's
    documentation says of the list of objects, ``named`` what it says of their names.
    """

    kind: str
    rank: int
    fields: tuple[Field, ...] = ()
    references: tuple[ReferenceField, ...] = ()
    compound: tuple[Field, ...] = ()
    related: tuple[str, ...] = ()
    purgeable: tuple[str, ...] = field(default=())
    composed: bool = True
    exclusive: bool = False
    together: Together | None = None
    only: str = ""
    description: str = ""
    named: str = ""

    def __post_init__(self) -> None:
        declared: list[Field | ReferenceField] = [*self.fields, *self.references, *self.compound]
        options = [item.option for item in declared]
        names = ["name", "unset", *options, *(alias for item in declared for alias in item.aliases)]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"{self.kind}: {', '.join(sorted(twice))} declared twice")
        if self.kind not in CONTAINERS:
            raise ValueError(f"{self.kind}: its parent type is not declared")
        unknown = set(self.purgeable) - set(options)
        if unknown:
            raise ValueError(f"{self.kind}: {', '.join(sorted(unknown))} cannot be purged, no such option")

    @property
    def parent(self) -> str | None:
        """The parent type, ``None`` for a kind that has none."""
        return CONTAINERS[self.kind]

    @property
    def read_fields(self) -> tuple[str, ...]:
        """The API fields that the comparison needs."""
        names = [item.api[0] for item in self.fields if item.api] + [item.api for item in self.references]
        return tuple(dict.fromkeys([*names, *self.related]))

    @property
    def options(self) -> tuple[Field | ReferenceField, ...]:
        """The options of an item of ``config`` besides its name."""
        declared: list[Field | ReferenceField] = [*self.fields, *self.references, *self.compound]
        return tuple(item for item in declared if not item.internal)

    def item_spec(self) -> OptionSpecs:
        """Return the argument spec of one item of ``config``."""
        spec: OptionSpecs = {"name": {"type": "str", **({"default": self.only} if self.only else {"required": True})}}
        spec.update({item.option: item.spec() for item in self.options})
        spec["unset"] = {"type": "list", "elements": "str"}
        return spec
