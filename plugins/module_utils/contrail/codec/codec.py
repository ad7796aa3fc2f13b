# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: D102 (the methods of a codec are described once, in Codec)

"""The three forms of a value, and the codecs of simple shapes.

A value has three forms. *Written* is what the user gave; *canonical* is the one form in which values are
compared and shown, under option names; *stored* is the API's JSON. A :class:`Codec` turns one into the
other for one shape of value. Nothing here knows a server or Ansible.

Three rules hold for all shapes (the server's behaviour forces them):

* ``null``, absence, ``[]`` and a field's default are the same value; objects made by the official client
  carry all of them.
* What an object stores and no field declares is never compared, and is sent back as it was.
* What a user left out is left alone, but for the items of a list declared ``whole``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...values.option_spec import OptionSpec
from .errors import InvalidValueError
from .scope import Json, Reference, Scope, Value
from .values import joined, prefix


def is_empty(value: Value) -> bool:
    """Tell whether a value stands for nothing: null, "", [] or {} (but not false and not 0)."""
    return value is None or (isinstance(value, (str, list, tuple, dict)) and not value)


def get_path(stored: Json, path: Iterable[str]) -> Json:
    """Return what ``path`` leads to inside nested dicts, ``None`` where it leads nowhere."""
    for key in path:
        if not isinstance(stored, dict):
            return None
        stored = stored.get(key)
    return stored


def set_path(stored: dict[str, Json], path: Sequence[str], value: Json) -> None:
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

    def spec(self) -> OptionSpec:
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

    def spec(self) -> OptionSpec:
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

    def spec(self) -> OptionSpec:
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

    def spec(self) -> OptionSpec:
        return {"type": "str"}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        return Scalar(convert=prefix).normalise(written, scope, path)

    def decode(self, stored: Json) -> Value:
        if is_empty(get_path(stored, ["ip_prefix"])):
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

    def spec(self) -> OptionSpec:
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

    def spec(self) -> OptionSpec:
        return {"type": "dict"}

    def normalise(self, written: Value, scope: Scope, path: str) -> Value:
        if written is None:
            return None
        for key, value in written.items():
            if isinstance(value, (dict, list)):
                raise InvalidValueError(f"{path}.{key}", "an annotation is a text: give a string, or value | to_json")
        return {str(key): None if value is None else str(value) for key, value in written.items()}

    def decode(self, stored: Json) -> Value:
        pairs = get_path(stored, ["key_value_pair"]) or []
        return {pair["key"]: pair.get("value") for pair in pairs}

    def clean(self, value: Value) -> Value:
        return {key: text for key, text in (value or {}).items() if text is not None}

    def merge(self, wanted: Value, before: Value) -> Value:
        return {} if wanted is None else self.clean({**(before or {}), **wanted})

    def encode(self, value: Value, stored: Json) -> Json:
        pairs = self.clean(value)
        return {"key_value_pair": [{"key": key, "value": text} for key, text in sorted(pairs.items())]}
