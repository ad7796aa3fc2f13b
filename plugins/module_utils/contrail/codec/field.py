# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: D102 (the methods of a codec are described once, in Codec)

"""Fields: where in an object a value lives and what its nature is; records and lists of records are made of fields."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from ...values.option_spec import OptionSpec
from ...values.secrets import HIDDEN
from .codec import Codec, get_path, is_empty, refuse_nothing, set_path
from .errors import InvalidValueError
from .scope import Constraint, Json, Reference, Scope, Value
from .spec_check import checked_by_spec

"""What stands for a secret where values are shown."""


class Secrecy(Enum):
    """The readers of a value: anybody; nobody; nobody, and the server gives it back as something else."""

    PUBLIC = "public"
    SECRET = "secret"
    WRITE_ONLY = "write only"


@dataclass(frozen=True)
class Absence:
    """The stand-ins for a value that is not there.

    A new object cannot do without a ``needed`` one; ``initial`` is given to a new object when the user gives nothing.
    ``cleared`` is what is stored in place of an emptied value where leaving it out would not empty it. With
    ``own_name`` the object's own name stands in.
    """

    needed: bool = False
    initial: Value = None
    cleared: Value = None
    own_name: bool = False


@dataclass(frozen=True)
class ServerRules:
    """The server's rules for a value.

    ``immutable`` and ``append_only`` carry the cure that an error gives where a stored value cannot be changed, or
    cannot lose an entry. ``immutable_while`` names the back-references (an API field) while which a value cannot
    change. ``constraint`` says what only the server's state can tell against a value.
    """

    immutable: str = ""
    append_only: str = ""
    immutable_while: str = ""
    constraint: Constraint | None = None

    def __post_init__(self) -> None:
        if self.immutable_while and not self.immutable_while.endswith("_back_refs"):
            raise ValueError(f"{self.immutable_while}: back-references are in a field that ends in _back_refs")
        if self.immutable and self.append_only:
            raise ValueError("a value that is immutable cannot grow")


@dataclass(frozen=True)
class Field:
    """One option and where its value lives.

    ``api`` is the path inside the object (empty where another object carries the value), ``default`` what its absence
    means. ``absence`` says what takes the place of a value that is not there, ``rules`` what the server allows,
    ``secrecy`` who sees the value. ``internal`` fields are no option. ``place`` is where in an item the option stands,
    if not under its name. ``description`` is what the module's documentation says of the option, a paragraph a line.
    """

    option: str
    api: tuple[str, ...]
    codec: Codec
    default: Value = None
    aliases: tuple[str, ...] = ()
    required: bool = False
    absence: Absence = Absence()
    rules: ServerRules = ServerRules()
    secrecy: Secrecy = Secrecy.PUBLIC
    internal: bool = False
    default_in_spec: bool = False
    place: str = ""
    description: str = ""

    @property
    def where(self) -> str:
        """The place of the option in an item."""
        return self.place or self.option

    @property
    def needed(self) -> bool:
        """Return whether a new object cannot do without it."""
        return self.absence.needed

    @property
    def is_secret(self) -> bool:
        """Return whether nobody may see the value."""
        return self.secrecy is not Secrecy.PUBLIC

    @property
    def is_write_only(self) -> bool:
        """Return whether the value comes back from the server as something else, and is not compared."""
        return self.secrecy is Secrecy.WRITE_ONLY

    def __post_init__(self) -> None:
        if self.required and self.default_in_spec:
            raise ValueError(f"{self.option}: a required option has no default")
        if self.absence.needed and self.absence.initial is not None:
            raise ValueError(f"{self.option}: what has an initial value is never missing")

    def spec(self) -> OptionSpec:
        """Return this option's argument spec."""
        spec = self.codec.spec()
        if self.aliases:
            spec["aliases"] = list(self.aliases)
        if self.required:
            spec["required"] = True
        if self.default_in_spec:
            spec["default"] = self.default
        if self.is_secret:
            spec["no_log"] = True
        elif any(word in self.option for word in ("password", "key")):
            spec["no_log"] = False  # Ansible wants that said of an option that only sounds like a secret.
        return spec

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        """Turn what the user wrote into the canonical form, an empty text into ``None``.

        Raises InvalidValueError, also for an empty value where there must be one.
        """
        if (self.required or self.absence.needed) and written in ("", []):
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
        return HIDDEN if self.is_secret else self.codec.shown(cleaned)

    def check(self, wanted: Value, before: Value, path: str) -> Iterator[InvalidValueError]:
        """Yield why ``wanted`` cannot follow on the stored ``before``."""
        yield from self.codec.check(wanted, before, path)
        rules = self.rules
        if rules.immutable and not is_empty(self.codec.clean(before)) and self.clean(wanted) != self.clean(before):
            yield InvalidValueError(path, f"{before} cannot be changed to {wanted}: {rules.immutable}")
        for lost in (self.codec.clean(before) or []) if rules.append_only else ():
            if lost not in (self.codec.clean(wanted) or []):
                yield InvalidValueError(path, f"{_plain(lost)} is stored and cannot be taken out: {rules.append_only}")


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

    def spec(self) -> OptionSpec:
        return {
            "type": "dict",
            "options": {item.option: item.spec() for item in self.fields if not item.internal},
        }

    @cached_property
    def checked_spec(self) -> OptionSpec:
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
        values = {item.option: item.codec.decode(get_path(stored, item.api)) for item in self.fields if item.api}
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
                leaf = None if inner is None else item.codec.encode(inner, get_path(stored, item.api))
                if leaf is not None or get_path(encoded, item.api[:-1]) is not None:
                    set_path(encoded, item.api, leaf)
            elif self.whole and item.api and get_path(encoded, item.api) is not None:
                set_path(encoded, item.api, None)
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
    shorthand: Callable[[str], Mapping[str, Value]] | None = None

    def spec(self) -> OptionSpec:
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
    written: Value, shorthand: Callable[[str], Mapping[str, Value]] | None, record: Record, path: str
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
    full: dict[str, Value] = checked_by_spec(written, record.checked_spec, path)
    return full


def by_name(text: str) -> dict[str, Value]:
    """Read an item that is only a name."""
    return {"name": text}


def _order(partner: int | None, end: int) -> int:
    """Stored items keep their order, new ones follow."""
    return end if partner is None else partner
