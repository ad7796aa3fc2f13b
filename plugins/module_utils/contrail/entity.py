# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: D102 (the methods of a codec are described once, in Codec)

"""How a kind of Contrail object is declared, and what a declaration can do.

A value has three forms. *Written* is what the user gave; *canonical* is the one form in which values are
compared and shown, under option names; *stored* is the API's JSON. A :class:`Codec` turns one into the
other for one shape of value; a :class:`Field` says where in the object the value lives and what its nature
is; an :class:`Entity` is all fields of a kind. Nothing here knows a server or Ansible.

Three rules hold for all shapes (the server's behaviour forces them):

* ``null``, absence, ``[]`` and a field's default are the same value; objects made by the official client
  carry all of them.
* What an object stores and no field declares is never compared, and is sent back as it was.
* What a user left out is left alone, but for the items of a list declared ``whole``.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .conform import conform
from .errors import InvalidValueError
from .values import FqName, full_name, joined, prefix

Value = Any  # canonical
Json = Any  # as the API sends and takes it
Spec = dict[str, Any]  # a piece of an Ansible argument spec

Look = Callable[[str, FqName], Json]
"""Finds a stored object by kind and name; ``None`` where there is none."""

Constraint = Callable[[Value, Look, str], Iterator[InvalidValueError]]

Together = Callable[[Mapping[str, Value], str], Iterator[InvalidValueError]]
"""Yields what is wrong with the values of all fields of an object, at the path of its item."""

CONTAINERS: Mapping[str, str | None] = {
    "domain": None,
    "project": "domain",
    "network-ipam": "project",
    "virtual-network": "project",
    "network-policy": "project",
    "route-table": "project",
    "interface-route-table": "project",
    "routing-policy": "project",
    "route-aggregate": "project",
    "service-health-check": "project",
    "security-group": "project",
    "bgpvpn": "project",
    "qos-config": "project",
    "security-logging-object": "project",
    "virtual-DNS": "domain",
    "service-template": "domain",
    "service-appliance-set": "global-system-config",
    "service-instance": "project",
    "port-tuple": "service-instance",
    "virtual-machine": None,
    "virtual-machine-interface": "project",
    "instance-ip": None,
    "routing-instance": "virtual-network",
    "bgp-router": "routing-instance",
    "physical-router": "global-system-config",
    "virtual-router": "global-system-config",
    "fabric": "global-system-config",
    "global-system-config": None,
    "global-vrouter-config": "global-system-config",
    "tag": None,
}
"""The parent type of each kind that the collection names, ``None`` where it has none.

Of several possible parents this is the one that a short name means.
"""

GLOBAL_SYSTEM_CONFIG_NAME = ("default-global-system-config",)
FABRIC_ROUTING_INSTANCE = ("default-domain", "default-project", "ip-fabric", "__default__")
"""The routing instance in which all BGP routers of the underlay are."""


@dataclass(frozen=True)
class Scope:
    """Where a short name belongs: the domain and project of the task."""

    domain: str = "default-domain"
    project: str = "default-project"

    def name(self, kind: str, text: str) -> FqName:
        """Complete the name of an object of ``kind``; raises ValueError for too many or empty parts.

        A tag is global, or a project's if its name says so: ``label=web``, ``PROJECT:label=web``.
        """
        containers: dict[str | None, tuple[str, ...]] = {
            None: (),
            "domain": (self.domain,),
            "project": (self.domain, self.project),
            "global-system-config": GLOBAL_SYSTEM_CONFIG_NAME,
            "routing-instance": FABRIC_ROUTING_INSTANCE,
        }
        parent = CONTAINERS[kind]
        if kind == "tag" and ":" in text:
            parent = "project"
        if parent not in containers:
            raise ValueError(f"'{text}' cannot be completed: name the {kind} in full")
        return full_name(text, containers[parent])


@dataclass(frozen=True)
class Reference:
    """An object that a value names, and where it names it."""

    kind: str
    fq_name: FqName
    path: str


def is_empty(value: Value) -> bool:
    """Tell whether a value stands for nothing: null, "", [] or {} (but not false and not 0)."""
    return value is None or (isinstance(value, (str, list, tuple, dict)) and not value)


def dig(stored: Json, path: Iterable[str]) -> Json:
    """Return what ``path`` leads to inside nested dicts, ``None`` where it leads nowhere."""
    for key in path:
        if not isinstance(stored, dict):
            return None
        stored = stored.get(key)
    return stored


def bury(stored: dict[str, Json], path: Sequence[str], value: Json) -> None:
    """Set what ``path`` leads to, making dicts on the way; ``None`` takes the last key out."""
    for key in path[:-1]:
        inner = stored.get(key)
        if not isinstance(inner, dict):
            inner = stored[key] = {}
        stored = inner
    if value is None:
        stored.pop(path[-1], None)
    else:
        stored[path[-1]] = value


def refuse_nothing(entry: Value, path: str) -> None:
    """Raise InvalidValueError for an entry of a list that is empty."""
    if is_empty(entry):
        raise InvalidValueError(path, "is empty: leave it out")


class Codec:
    """One shape of value; this base class leaves a value as it is."""

    def spec(self) -> Spec:
        """Return the argument spec of an option of this shape."""
        return {"type": "raw"}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        """Turn what the user wrote into the canonical form; raises InvalidValueError."""
        return written

    def decode(self, stored: Json) -> Value:
        """Turn what the API stores into the canonical form."""
        return stored

    def clean(self, value: Value) -> Value:
        """Return the form in which two canonical values are equal if and only if they mean the same."""
        return value

    def merge(self, wanted: Value, before: Value) -> Value:
        """Return the canonical value that results when ``wanted`` is applied to ``before``."""
        return wanted

    def encode(self, value: Value, stored: Json) -> Json:
        """Turn a canonical value into JSON, keeping what ``stored`` holds beyond it."""
        return value

    def references(self, value: Value, path: str) -> Iterator[Reference]:
        """Yield the objects that a canonical value names."""
        return iter(())

    def shown(self, value: Value) -> Value:
        """Return a clean value as diffs and results show it, without secrets."""
        return value

    def check(self, wanted: Value, before: Value, path: str) -> Iterator[InvalidValueError]:
        """Yield why ``wanted`` cannot follow on ``before``."""
        return iter(())


@dataclass(frozen=True)
class Scalar(Codec):
    """A string, number or boolean.

    ``convert`` raises ValueError for a wrong one; ``limits`` are the lowest and highest number.
    """

    type: str = "str"
    choices: tuple[Any, ...] = ()
    convert: Callable[[Any], Value] | None = None
    limits: tuple[int, int] | None = None

    def spec(self) -> Spec:
        return {"type": self.type, **({"choices": list(self.choices)} if self.choices else {})}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        value = written
        if is_empty(written):
            return written
        if self.convert is not None:
            try:
                value = self.convert(written)
            except ValueError as error:
                raise InvalidValueError(path, str(error)) from None
        if self.limits is not None and not self.limits[0] <= value <= self.limits[1]:
            raise InvalidValueError(path, f"{value} is not from {self.limits[0]} to {self.limits[1]}")
        return value

    def decode(self, stored: Json) -> Value:
        if is_empty(stored):
            return stored
        try:
            if self.type == "int" and isinstance(stored, str):
                stored = int(stored)
            return stored if self.convert is None else self.convert(stored)
        except ValueError:
            return stored


@dataclass(frozen=True)
class Name(Codec):
    """The name of another object, stored as text (``a:b:c``); the server does not check that it exists.

    ``words`` are what may stand there instead of a name.
    """

    kind: str
    words: tuple[str, ...] = ()

    def spec(self) -> Spec:
        return {"type": "str"}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        if is_empty(written) or written in self.words:
            return written
        try:
            return joined(scope.name(self.kind, written))
        except ValueError as error:
            raise InvalidValueError(path, str(error)) from None

    def references(self, value: Value, path: str) -> Iterator[Reference]:
        if not is_empty(value) and value not in self.words:
            yield Reference(self.kind, tuple(value.split(":")), path)


@dataclass(frozen=True)
class Prefix(Codec):
    """An IP prefix, which the API keeps as ``{"ip_prefix": ..., "ip_prefix_len": ...}``."""

    def spec(self) -> Spec:
        return {"type": "str"}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        return Scalar(convert=prefix).normalise(written, scope, path)

    def decode(self, stored: Json) -> Value:
        if is_empty(dig(stored, ["ip_prefix"])):
            return None
        return Scalar(convert=prefix).decode(f"{stored['ip_prefix']}/{stored.get('ip_prefix_len')}")

    def encode(self, value: Value, stored: Json) -> Json:
        network, length = value.split("/")
        return {"ip_prefix": network, "ip_prefix_len": int(length)}


@dataclass(frozen=True)
class Plural(Codec):
    """A list of simple values, enforced exactly.

    ``ordered`` where the order means something, ``repeats`` where a value may be there twice.
    """

    element: Codec
    ordered: bool = False
    repeats: bool = False

    def spec(self) -> Spec:
        element = self.element.spec()
        return {"type": "list", "elements": element.pop("type"), **element}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        values: list[Value] = []
        for index, item in enumerate(written):
            place = f"{path}[{index}]"
            refuse_nothing(item, place)
            value = self.element.normalise(item, scope, place)
            if value in values and not self.repeats:
                raise InvalidValueError(place, f"{item} is already {path}[{values.index(value)}]")
            values.append(value)
        return values

    def decode(self, stored: Json) -> Value:
        return [self.element.decode(item) for item in stored or []]

    def clean(self, value: Value) -> Value:
        return list(value or []) if self.ordered else sorted(set(value or []), key=str)

    def references(self, value: Value, path: str) -> Iterator[Reference]:
        for index, item in enumerate(value or []):
            yield from self.element.references(item, f"{path}[{index}]")

    def encode(self, value: Value, stored: Json) -> Json:
        return [self.element.encode(item, None) for item in value or []]


@dataclass(frozen=True)
class Pairs(Codec):
    """Annotations: the given keys are enforced, a key given as null goes, all others are left alone."""

    def spec(self) -> Spec:
        return {"type": "dict"}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        if written is None:
            return None
        for key, value in written.items():
            if isinstance(value, (dict, list)):
                raise InvalidValueError(f"{path}.{key}", "an annotation is a text: give a string, or value | to_json")
        return {str(key): None if value is None else str(value) for key, value in written.items()}

    def decode(self, stored: Json) -> Value:
        pairs = dig(stored, ["key_value_pair"]) or []
        return {pair["key"]: pair.get("value") for pair in pairs}

    def clean(self, value: Value) -> Value:
        return {key: text for key, text in (value or {}).items() if text is not None}

    def merge(self, wanted: Value, before: Value) -> Value:
        return {} if wanted is None else self.clean({**(before or {}), **wanted})

    def encode(self, value: Value, stored: Json) -> Json:
        pairs = self.clean(value)
        return {"key_value_pair": [{"key": key, "value": text} for key, text in sorted(pairs.items())]}


HIDDEN = "********"
"""What stands for a secret where values are shown."""


@dataclass(frozen=True)
class Field:
    """One option and where its value lives.

    ``api`` is the path inside the object (empty where another object carries the value), ``default`` what
    its absence means. ``fixed`` and ``growing`` carry the cure that an error gives where a stored value
    cannot be changed, or cannot lose an entry. ``initial`` is given to a new object when the user gives
    nothing; a new object cannot do without a ``needed`` field. ``cleared`` is what is stored in place of an
    emptied value where leaving it out would not empty it. A field that is ``named`` falls back to the
    object's own name. ``constraint`` says what only the server's state can tell against a value.
    ``frozen_by`` names the back-references (an API field) while which a value cannot change. A ``secret``
    is never shown; an ``unreadable`` one comes back from the server as something else and is not compared.
    ``internal`` fields are no option. ``place`` is where in an item the option stands, if not under its name.
    """

    option: str
    api: tuple[str, ...]
    codec: Codec
    default: Value = None
    aliases: tuple[str, ...] = ()
    required: bool = False
    needed: bool = False
    initial: Value = None
    fixed: str = ""
    growing: str = ""
    cleared: Value = None
    named: bool = False
    constraint: Constraint | None = None
    internal: bool = False
    default_in_spec: bool = False
    frozen_by: str = ""
    secret: bool = False
    unreadable: bool = False
    place: str = ""

    @property
    def where(self) -> str:
        """Where in an item the option stands."""
        return self.place or self.option

    def __post_init__(self) -> None:
        if self.unreadable and not self.secret:
            raise ValueError(f"{self.option}: what cannot be read back is a secret")
        if self.frozen_by and not self.frozen_by.endswith("_back_refs"):
            raise ValueError(f"{self.option}: back-references are in a field that ends in _back_refs")
        if self.fixed and self.growing:
            raise ValueError(f"{self.option}: a value that is fixed cannot grow")
        if self.required and self.default_in_spec:
            raise ValueError(f"{self.option}: a required option has no default")
        if self.needed and self.initial is not None:
            raise ValueError(f"{self.option}: what has an initial value is never missing")

    def spec(self) -> Spec:
        """Return this option's argument spec."""
        spec = self.codec.spec()
        if self.aliases:
            spec["aliases"] = list(self.aliases)
        if self.required:
            spec["required"] = True
        if self.default_in_spec:
            spec["default"] = self.default
        if self.secret:
            spec["no_log"] = True
        elif any(word in self.option for word in ("password", "key")):
            spec["no_log"] = False  # Ansible wants that said of an option that only sounds like a secret.
        return spec

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        """Turn what the user wrote into the canonical form, an empty text into ``None``.

        Raises InvalidValueError, also for an empty value where there must be one.
        """
        if (self.required or self.needed) and written in ("", []):
            raise InvalidValueError(path, "may not be empty")
        return None if written == "" else self.codec.normalise(written, scope, path)

    def clean(self, value: Value) -> Value:
        """Return the comparable form; ``None`` for empty and for the default."""
        cleaned = self.codec.clean(value)
        if is_empty(cleaned) or (self.default is not None and cleaned == self.codec.clean(self.default)):
            return None
        return cleaned

    def shown(self, value: Value) -> Value:
        """Return the form that a diff shows: the default where nothing is stored, ``None`` for nothing."""
        cleaned = self.codec.clean(value)
        if is_empty(cleaned):
            return None if is_empty(self.default) else self.default
        return HIDDEN if self.secret else self.codec.shown(cleaned)

    def check(self, wanted: Value, before: Value, path: str) -> Iterator[InvalidValueError]:
        """Yield why ``wanted`` cannot follow on the stored ``before``."""
        yield from self.codec.check(wanted, before, path)
        if self.fixed and not is_empty(self.codec.clean(before)) and self.clean(wanted) != self.clean(before):
            yield InvalidValueError(path, f"{before} cannot be changed to {wanted}: {self.fixed}")
        if self.growing:
            for lost in self.codec.clean(before) or []:
                if lost not in (self.codec.clean(wanted) or []):
                    yield InvalidValueError(path, f"{_plain(lost)} is stored and cannot be taken out: {self.growing}")


def _plain(value: Value) -> str:
    """Return a value as an error message shows it."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    return str(value)


@dataclass(frozen=True)
class Record(Codec):
    """A dict with declared keys.

    One that is ``whole`` replaces what was stored: a key that is left out has its default. ``fold`` may
    rewrite what was given before its keys are looked at, and refuse it.
    """

    fields: tuple[Field, ...]
    whole: bool = False
    fold: Callable[[dict[str, Value], str], dict[str, Value]] | None = None

    def spec(self) -> Spec:
        return {
            "type": "dict",
            "options": {item.option: item.spec() for item in self.fields if not item.internal},
        }

    @cached_property
    def checked_spec(self) -> Spec:
        """The argument spec that items are held to, made once."""
        return self.spec()

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        given = {key: value for key, value in written.items() if value is not None}
        if self.fold is not None:
            given = self.fold(given, path)
        values: dict[str, Value] = {}
        for item in self.fields:
            place = f"{path}.{item.option}"
            if item.required and item.option not in given:
                raise InvalidValueError(place, "is missing")
            if item.option in given:
                values[item.option] = item.normalise(given[item.option], scope, place)
            if self.whole and item.api and values.get(item.option) is None:
                values[item.option] = copy.deepcopy(item.default)
        return values

    def decode(self, stored: Json) -> Value:
        values = {item.option: item.codec.decode(dig(stored, item.api)) for item in self.fields if item.api}
        return {option: value for option, value in values.items() if not is_empty(value)}

    def clean(self, value: Value) -> Value:
        cleaned = {item.option: item.clean((value or {}).get(item.option)) for item in self.fields if item.api}
        return {option: inner for option, inner in cleaned.items() if inner is not None}

    def merge(self, wanted: Value, before: Value) -> Value:
        if self.whole or not before or wanted is None:
            return wanted
        merged = dict(before)
        for item in self.fields:
            if item.option in wanted:
                merged[item.option] = item.codec.merge(wanted[item.option], before.get(item.option))
        return merged

    def encode(self, value: Value, stored: Json) -> Json:
        encoded = copy.deepcopy(stored) if isinstance(stored, dict) else {}
        for item in self.fields:
            if item.api and item.option in value:
                inner = value[item.option]
                leaf = None if inner is None else item.codec.encode(inner, dig(stored, item.api))
                if leaf is not None or dig(encoded, item.api[:-1]) is not None:
                    bury(encoded, item.api, leaf)
            elif self.whole and item.api and dig(encoded, item.api) is not None:
                bury(encoded, item.api, None)
        return encoded

    def references(self, value: Value, path: str) -> Iterator[Reference]:
        for item in self.fields:
            if not is_empty(value.get(item.option)):
                yield from item.codec.references(value[item.option], f"{path}.{item.option}")

    def shown(self, value: Value) -> Value:
        fields = {item.option: item for item in self.fields}
        return {option: fields[option].shown(inner) if option in fields else inner for option, inner in value.items()}

    def check(self, wanted: Value, before: Value, path: str) -> Iterator[InvalidValueError]:
        for item in self.fields:
            if item.option in (wanted or {}):
                yield from item.check(wanted[item.option], (before or {}).get(item.option), f"{path}.{item.option}")


@dataclass(frozen=True)
class Records(Codec):
    """A list of dicts, enforced exactly.

    ``key`` names the fields by which a given item is found among the stored ones; without it an item is
    found by equality, else by its position. What a stored item holds beyond the declared fields (its uuid,
    first of all) stays with it. With a ``shorthand`` an item may be written as a text, which it turns into
    the dict that is meant, or raises ValueError.
    """

    record: Record
    key: tuple[str, ...] = ()
    ordered: bool = False
    unique: bool = True
    shorthand: Callable[[str], dict[str, Value]] | None = None

    def spec(self) -> Spec:
        spec = self.record.spec()
        elements = spec.pop("type")
        return {"type": "list", "elements": "raw" if self.shorthand else elements, **spec}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        values: list[Value] = []
        marks: list[Value] = []
        for index, item in enumerate(written):
            place = f"{path}[{index}]"
            long_form = in_full(item, self.shorthand, self.record, place)
            value = self.record.normalise(long_form, scope, place)
            mark = self._mark(value)
            if self.unique and mark in marks:
                what = " ".join(str(value[name]) for name in self.key) if self.key else "the same"
                raise InvalidValueError(place, f"{what} is already {path}[{marks.index(mark)}]")
            values.append(value)
            marks.append(mark)
        return values

    def _mark(self, value: Value) -> Value:
        cleaned = self.record.clean(value)
        return [value.get(name) for name in self.key] if self.key else cleaned

    def partners(self, values: Sequence[Value], stored: Sequence[Value]) -> list[int | None]:
        """Return for each canonical item the index of the stored item that it continues."""
        marks = [self._mark(item) for item in stored]
        wanted = [self._mark(item) for item in values]
        # An equal item in the same place comes first, or of two equal ones the other would get what this one holds.
        found: list[int | None] = [
            index if index < len(marks) and marks[index] == mark else None for index, mark in enumerate(wanted)
        ]
        free = set(range(len(stored))) - set(found)
        for index, mark in enumerate(wanted):
            if found[index] is None:
                found[index] = next((i for i in sorted(free) if marks[i] == mark), None)
                free.discard(-1 if found[index] is None else found[index])
        if not self.key:
            for index, match in enumerate(found):
                if match is None and index in free:
                    free.discard(index)
                    found[index] = index
        return found

    def decode(self, stored: Json) -> Value:
        return [self.record.decode(item) for item in stored or []]

    def clean(self, value: Value) -> Value:
        cleaned = [self.record.clean(item) for item in value or []]
        return cleaned if self.ordered else sorted(cleaned, key=lambda item: json.dumps(item, sort_keys=True))

    def merge(self, wanted: Value, before: Value) -> Value:
        before = before or []
        partners = self.partners(wanted or [], before)
        merged = [
            self.record.merge(item, None if match is None else before[match])
            for item, match in zip(wanted or [], partners, strict=True)
        ]
        if self.ordered:
            return merged
        order = sorted(range(len(merged)), key=lambda i: _order(partners[i], len(before)))
        return [merged[i] for i in order]

    def encode(self, value: Value, stored: Json) -> Json:
        stored = stored or []
        partners = self.partners(value or [], [self.record.decode(item) for item in stored])
        return [
            self.record.encode(item, None if match is None else stored[match])
            for item, match in zip(value or [], partners, strict=True)
        ]

    def references(self, value: Value, path: str) -> Iterator[Reference]:
        for index, item in enumerate(value or []):
            yield from self.record.references(item, f"{path}[{index}]")

    def shown(self, value: Value) -> Value:
        return [self.record.shown(item) for item in value]

    def check(self, wanted: Value, before: Value, path: str) -> Iterator[InvalidValueError]:
        before = before or []
        partners = self.partners(wanted or [], before)
        for index, (item, match) in enumerate(zip(wanted or [], partners, strict=True)):
            if match is not None:
                yield from self.record.check(item, before[match], f"{path}[{index}]")


def in_full(
    written: Value, shorthand: Callable[[str], dict[str, Value]] | None, record: Record, path: str
) -> dict[str, Value]:
    """Return an item as the dict that is meant, checked as Ansible checks dicts; raises InvalidValueError."""
    if written is None or written == "":
        refuse_nothing(written, path)
    if shorthand is None:
        return dict(written)
    if isinstance(written, str):
        try:
            written = shorthand(written)
        except ValueError as error:
            raise InvalidValueError(path, str(error)) from None
    full: dict[str, Value] = conform(written, record.checked_spec, path)
    return full


def by_name(text: str) -> dict[str, Value]:
    """Read an item that is only a name."""
    return {"name": text}


def _order(partner: int | None, end: int) -> int:
    """Stored items keep their order, new ones follow."""
    return end if partner is None else partner


@dataclass(frozen=True)
class ReferenceField:
    """References from an object to objects of one kind, canonical as ``{full name: attribute or None}``.

    A list of references (``many``) only ever adds, unless the task purges it. ``attr`` describes what a
    reference carries, ``attr_default`` is what a new one carries when the user gives nothing. ``place`` is
    where in an item the option stands, if not under its name.
    """

    option: str
    api: str
    kind: str
    many: bool = False
    attr: Record | None = None
    attr_default: Value = None
    aliases: tuple[str, ...] = ()
    needed: bool = False
    fixed: str = ""
    internal: bool = False
    place: str = ""

    @property
    def where(self) -> str:
        """Where in an item the option stands."""
        return self.place or self.option

    def __post_init__(self) -> None:
        if not self.api.endswith("_refs"):
            raise ValueError(f"{self.option}: a reference lives in a field that ends in _refs")
        if self.many and self.fixed:
            raise ValueError(f"{self.option}: a list of references is never fixed")
        if self.attr is not None and self.attr_default is None:
            raise ValueError(f"{self.option}: a reference with an attribute needs its default")

    def spec(self) -> Spec:
        """Return this option's argument spec: a name, a list of names, or names with what they carry."""
        spec: Spec = {"type": "str"}
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
    An entity that is not ``composed`` wants its own object and no other.
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
        """What a user may give in an item of ``config`` besides its name."""
        declared: list[Field | ReferenceField] = [*self.fields, *self.references, *self.compound]
        return tuple(item for item in declared if not item.internal)

    def item_spec(self) -> Spec:
        """Return the argument spec of one item of ``config``."""
        spec: Spec = {"name": {"type": "str", **({"default": self.only} if self.only else {"required": True})}}
        spec.update({item.option: item.spec() for item in self.options})
        spec["unset"] = {"type": "list", "elements": "str"}
        return spec
