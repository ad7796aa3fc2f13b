# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: D102 (the methods of a codec are described once, in Codec)

"""The shapes of values as the schema has them: a codec for each of its types.

What the user writes has the names and the nesting of the API. Ansible knows nothing of it, so that these
codecs check everything themselves: unknown fields, wrong types, values outside of their enumeration or range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...values.hints import near_misses
from ...values.secrets import HIDDEN
from ...values.subnets import subnet_faults
from ..codec.codec import Codec, Pairs, Plural, Prefix, Scalar, is_empty, refuse_nothing, set_path
from ..codec.errors import InvalidValueError
from ..codec.field import Absence, Field, Record, Records, Secrecy, ServerRules
from ..codec.scope import Json, Scope, Value
from ..schema.data import DEFAULTS, KINDS, SIMPLE_TYPES, TYPES, SimpleType
from ..schema.facts import (
    COMPUTED,
    EMPTIED_BY_TEXT,
    ENCRYPTED,
    FIXED_TOO,
    FORMATS,
    KEYS,
    NUMBERS,
    ONE_OF,
    SECRETS,
    SERVER_MADE,
    UNORDERED,
)
from ..schema.kinds import properties_of

_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_NUMBERS = frozenset({"integer", "unsignedLong"})


def number(written: Any) -> int:
    """Return an integer, also of a text that holds one; raises ValueError."""
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    if isinstance(written, str):
        try:
            return int(written.strip())
        except ValueError:
            pass
    raise ValueError(f"{_quoted(written)} is not a whole number")


def flag(written: Any) -> bool:
    """Return a boolean, also of a word for one; raises ValueError."""
    if isinstance(written, bool):
        return written
    word = written.lower() if isinstance(written, str) else ""
    if word not in _TRUE | _FALSE:
        raise ValueError(f"{_quoted(written)} is neither true nor false")
    return word in _TRUE


def text(written: Any) -> str:
    """Return a text, also of a number; raises ValueError."""
    if isinstance(written, str):
        return written
    if isinstance(written, int) and not isinstance(written, bool):
        return str(written)
    raise ValueError(f"{_quoted(written)} is not a text: put it into quotes")


_READERS: Mapping[str, Callable[[Any], Value]] = {"boolean": flag, **dict.fromkeys(_NUMBERS, number), **NUMBERS}
"""What reads a value of a type, by the type's name or that of its base."""


def _quoted(written: Any) -> str:
    return f"'{written}'" if isinstance(written, str) else f"{written} ({_WORDS.get(type(written), 'a value')})"


_WORDS: Mapping[type, str] = {bool: "a boolean", int: "a number", float: "a fraction", list: "a list", dict: "a dict"}


@dataclass(frozen=True)
class Simple(Scalar):
    """A value of a simple type; ``place`` is ``Type.field``, for formats that the schema does not know."""

    declared: str = "string"
    place: str = ""

    @property
    def _type(self) -> SimpleType:
        return SIMPLE_TYPES.get(self.declared, {"base": self.declared})

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        if written is None or written == "":
            return written
        try:
            return self._converted(written)
        except ValueError as error:
            raise InvalidValueError(path, str(error)) from None

    def decode(self, stored: Json) -> Value:
        if is_empty(stored):
            return stored
        try:
            return self._formatted(self._read(stored))
        except ValueError:
            return stored

    def _converted(self, written: Value) -> Value:
        value = self._read(written)
        choices = self._type.get("choices")
        if choices and str(value) not in choices:
            raise ValueError(f"'{value}' is not one of {', '.join(choices)}")
        if "range" in self._type:
            low, high = self._type["range"]
            if not low <= value <= high:
                raise ValueError(f"{value} is not from {low} to {high}")
        return self._formatted(value)

    def _read(self, written: Value) -> Value:
        reader = _READERS.get(self.declared) or _READERS.get(self._type["base"], text)
        return reader(written)

    def _formatted(self, value: Value) -> Value:
        form = FORMATS.get(self.place) or FORMATS.get(self.declared)
        return form(value) if form is not None else value


@dataclass(frozen=True)
class NetworkPrefix(Prefix):
    """A prefix, written as text (``10.0.0.0/24``) or as the API does, in two fields."""

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        if isinstance(written, Mapping):
            unknown = sorted(set(written) - set(TYPES["SubnetType"]))
            if unknown:
                raise InvalidValueError(f"{path}.{unknown[0]}", f"there is no such field: {_fields('SubnetType')}")
            if is_empty(written.get("ip_prefix")) or is_empty(written.get("ip_prefix_len")):
                raise InvalidValueError(path, _fields("SubnetType"))
            written = f"{written['ip_prefix']}/{written['ip_prefix_len']}"
        if not isinstance(written, str):
            raise InvalidValueError(path, f"{_quoted(written)} is not a prefix: write it as in 10.0.1.0/24")
        return super().normalise(written, scope, path)


def _fields(type_name: str) -> str:
    return f"give {' and '.join(TYPES[type_name])}"


@dataclass(frozen=True)
class Structure(Record):
    """A value of a complex type.

    As a property it is merged into what is stored; as an entry of a list it is ``whole``.
    """

    declared: str = ""

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        if written is None:
            return None
        if self.declared == "KeyValuePairs" and isinstance(written, Mapping) and "key_value_pair" not in written:
            written = {"key_value_pair": [{"key": key, "value": value} for key, value in written.items()]}
        if not isinstance(written, Mapping):
            raise InvalidValueError(path, f"{_quoted(written)} is not a dict: {self._known()}")
        for name in written:
            if f"{self.declared}.{name}" in SERVER_MADE:
                raise InvalidValueError(f"{path}.{name}", "the server makes this; leave it out")
            if name not in TYPES[self.declared]:
                raise InvalidValueError(
                    f"{path}.{name}", f"there is no such field: {near_misses(str(name), self._names())}"
                )
        self._check_computed(written, path)
        self._check_one_of(written, path)
        values: dict[str, Value] = super().normalise(written, scope, path)
        if self.declared == "IpamSubnetType" and values.get("subnet"):
            for _place, reason in subnet_faults(values["subnet"]):
                raise InvalidValueError(f"{path}.subnet", reason)
        return values

    def _check_computed(self, written: Mapping[str, Value], path: str) -> None:
        """Refuse a value that the server would replace by another."""
        for name, value in written.items():
            compute = COMPUTED.get(f"{self.declared}.{name}")
            if compute is not None and not is_empty(value) and str(value) != str(compute(written)):
                cure = f"the server makes it {compute(written)} here" if compute(written) is not None else "it makes it"
                raise InvalidValueError(f"{path}.{name}", f"{value} would be replaced, {cure}: leave it out")

    def _check_one_of(self, written: Mapping[str, Value], path: str) -> None:
        """Refuse two fields of which the server takes one."""
        chosen = self._chosen(written)
        if len(chosen) > 1:
            raise InvalidValueError(path, f"has {' and '.join(chosen)}: give one of {', '.join(ONE_OF[self.declared])}")

    def _chosen(self, value: Mapping[str, Value]) -> list[str]:
        """Return the fields that a value has of those of which it may have one."""
        known = ONE_OF.get(self.declared, ())
        return [name for name in known if not is_empty(value.get(name)) and value[name] is not False]

    def _names(self) -> list[str]:
        return [item.option for item in self.fields]

    def _known(self) -> str:
        return f"give {', '.join(self._names())}"

    def merge(self, wanted: Value, before: Value) -> Value:
        if wanted is None:
            return None
        if before and self._chosen(wanted):
            before = {name: None if name in ONE_OF[self.declared] else value for name, value in before.items()}
        return super().merge(wanted, before)

    def encode(self, value: Value, stored: Json) -> Json:
        encoded: dict[str, Json] = super().encode(value, stored)
        for item in self.fields:
            if item.absence.cleared is not None and item.option in value and is_empty(value[item.option]):
                set_path(encoded, item.api, item.absence.cleared)
        return encoded

    def clean(self, value: Value) -> Value:
        cleaned: dict[str, Value] = super().clean(value)
        return {
            **cleaned,
            **{item.option: HIDDEN for item in self.fields if item.is_write_only and item.option in cleaned},
        }

    def check(self, wanted: Value, before: Value, path: str) -> Iterator[InvalidValueError]:
        if wanted is None:
            return
        yield from super().check(wanted, before or {}, path)
        for item in self.fields:
            if (
                item.is_write_only
                and before
                and is_empty(wanted.get(item.option))
                and not is_empty(before.get(item.option))
            ):
                after = self.merge(wanted, before)
                if self.clean(after) != self.clean(before):
                    yield InvalidValueError(
                        f"{path}.{item.option}", "is needed, for the server would encrypt what it has stored once more"
                    )


@dataclass(frozen=True)
class Structures(Records):
    """A list of values of a complex type, enforced exactly."""

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        entries = _as_list(written, path)
        for index, entry in enumerate(entries):
            if entry is None or entry == "":
                refuse_nothing(entry, f"{path}[{index}]")
            if not isinstance(entry, Mapping):
                raise InvalidValueError(f"{path}[{index}]", f"{_quoted(entry)} is not a dict")
            for name in self.key:
                if is_empty(entry.get(name)):
                    raise InvalidValueError(f"{path}[{index}].{name}", "is needed, for entries are told apart by it")
        return super().normalise(entries, scope, path)


@dataclass(frozen=True)
class Simples(Plural):
    """A list of values of a simple type or of prefixes, enforced exactly.

    Where the order means something, a value may be there twice (as in an AS path).
    """

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        entries = _as_list(written, path)
        if not self.ordered:
            return super().normalise(entries, scope, path)
        for index, entry in enumerate(entries):
            refuse_nothing(entry, f"{path}[{index}]")
        return [self.element.normalise(item, scope, f"{path}[{index}]") for index, item in enumerate(entries)]


def _as_list(written: Value, path: str) -> list[Value]:
    if isinstance(written, (list, tuple)):
        return list(written)
    if written == "":
        return []
    raise InvalidValueError(path, f"{_quoted(written)} is not a list: put it into [ ]")


ENTRIES = "key_value_pair"
"""The one field of a map of texts."""


@dataclass(frozen=True)
class Annotations(Pairs):
    """Texts by key, written as a dict or as the API does; keys that are not given are left alone.

    As the API writes them, no entry means that none is to be left.
    """

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        if isinstance(written, Mapping) and written.get(ENTRIES) in ("", []):
            return None
        if isinstance(written, Mapping) and isinstance(written.get(ENTRIES), list):
            pairs = Structure.normalise(structure("KeyValuePairs"), written, scope, path)[ENTRIES]
            written = {pair["key"]: pair.get("value") for pair in pairs}
        if written is not None and not isinstance(written, Mapping):
            raise InvalidValueError(path, f"{_quoted(written)} is not a dict: give {{KEY: TEXT}}")
        return super().normalise(written, scope, path)


@cache
def structure(type_name: str, whole: bool = False, unreadable: bool = False) -> Structure:
    """Return the codec of a complex type; see :class:`Structure` for ``whole``.

    The secrets of an ``unreadable`` one come back from the server as something else.
    """
    fields = tuple(
        _field(type_name, name, declared, whole, unreadable)
        for name, declared in TYPES[type_name].items()
        if f"{type_name}.{name}" not in SERVER_MADE and f"{type_name}.{name}" not in COMPUTED
    )
    return Structure(fields=fields, whole=whole, declared=type_name)


def _field(type_name: str, name: str, declared: str, whole: bool, unreadable: bool) -> Field:
    place = f"{type_name}.{name}"
    return Field(
        name,
        (name,),
        _shape(place, declared, whole),
        default=DEFAULTS.get(type_name, {}).get(name),
        secrecy=_secrecy(place, unreadable=unreadable),
        absence=Absence(cleared="" if place in EMPTIED_BY_TEXT else None),
    )


def _shape(place: str, declared: str, whole: bool) -> Codec:
    """Return the codec of one field: ``declared`` is its type, with ``[]`` for a list."""
    base = declared.removesuffix("[]")
    ordered = place not in UNORDERED
    if base == declared:
        if base == "SubnetType":
            return NetworkPrefix()
        return structure(base, whole) if base in TYPES else Simple(declared=base, place=place)
    if base == "SubnetType" or base not in TYPES:
        element = NetworkPrefix() if base in TYPES else Simple(declared=base, place=place)
        return Simples(element, ordered=ordered)
    key = KEYS.get(base, ())
    return Structures(structure(base, not key), key=key, ordered=ordered, unique=not ordered or bool(key))


@cache
def _secrecy(place: str, *, unreadable: bool) -> Secrecy:
    if place not in SECRETS:
        return Secrecy.PUBLIC
    return Secrecy.WRITE_ONLY if unreadable else Secrecy.SECRET


def property_field(kind: str, name: str, compare_secrets: bool = False) -> Field:
    """Return the declaration of a property of a kind.

    Without ``compare_secrets`` a secret that the server encrypts is written with a new object, and with
    another change to its property, but is not compared.
    """
    declared = properties_of(kind)[name]
    collections = KINDS[kind]["collections"]
    is_map = name == "annotations" or collections.get(name) is not None
    cleared: Json = None
    codec: Codec
    if is_map and declared == "KeyValuePairs":
        codec = Annotations()
    elif declared == "SubnetType":
        codec = NetworkPrefix()
    elif declared in TYPES:
        codec = structure(declared, unreadable=f"{kind}.{name}" in ENCRYPTED and not compare_secrets)
        if name in collections:
            # A null would be answered with a status 500, after the entries are gone.
            cleared = {next(iter(TYPES[declared])): []}
    else:
        codec = Simple(declared=declared)
    return Field(
        name,
        (name,),
        codec,
        default=DEFAULTS.get(kind, {}).get(name),
        absence=Absence(own_name=name == "display_name", cleared=cleared),
        rules=ServerRules(
            immutable=_FIXED if name in KINDS[kind]["created_only"] or f"{kind}.{name}" in FIXED_TOO else ""
        ),
    )


_FIXED = "it is only given when an object is created; delete the object and create it anew"


def emptied(field: Field, path: list[str], stop: str) -> Value:
    """Return the canonical value that empties what ``path`` leads to inside a property.

    Raises ValueError where it leads nowhere; ``stop`` is how the user wrote the path.
    """
    if not path:
        return None
    codec = field.codec
    if isinstance(codec, Annotations):
        return None if path == [ENTRIES] else {".".join(path): None}
    if not isinstance(codec, Structure):
        raise ValueError(f"{stop} leads nowhere: {field.option} has no fields")  # noqa: TRY004 (a text of the user)
    inner = next((item for item in codec.fields if item.option == path[0]), None)
    if inner is None:
        names = [item.option for item in codec.fields]
        raise ValueError(f"{stop} leads nowhere: {field.option} has no {path[0]}; {near_misses(path[0], names)}")
    return {inner.option: emptied(inner, path[1:], stop)}
