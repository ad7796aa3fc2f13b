# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers: small functions that check one value and return it in its one normal form.

A reader takes a value as YAML gave it and the path under which the user finds it, and returns the
normalised value or raises :class:`IntentError`. Readers of lists, mappings and records combine the faults of
everything below them, so one run reports every bad value, each with its own path. Each says of itself what it
takes; the documentation of the data model is made from that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from . import addresses, bgp, names
from .faults import GIVEN_TWICE, KEY_UNKNOWN, NOT_SUPPORTED, VALUE_MISSING, Fault, IntentError, fault
from .hints import nearest
from .plain_text import unwritable
from .ports import port_range
from .protocols import policy_protocol

T = TypeVar("T")
N = TypeVar("N", str, int)

MOST_DIGITS = 40
"""No number that means something here has more; Python refuses to write out or to read one of more than 4,300."""

MOST_SHOWN = 300
"""Characters of a value that a message shows."""


def is_endless(value: Any) -> bool:
    """Return whether a value is a number that nothing can be reckoned with."""
    return isinstance(value, int) and abs(value) >= 10**MOST_DIGITS


@dataclass(frozen=True)
class Reader(Generic[T]):
    """A reader of one value; it says which values it accepts.

    ``takes`` says it in words. A record has ``fields``, the keys of the mapping that it reads. A list, or a mapping
    of names to entries, has ``item``, the reader of one entry, whose path goes on by ``step``.
    """

    read: Callable[[Any, str], T]
    takes: str
    fields: Mapping[str, Key] | None = None
    item: Reader[Any] | None = None
    step: str = ""

    def __call__(self, value: Any, path: str) -> T:
        """Return the value in its normal form. Raises IntentError with every fault that it has."""
        if is_endless(value):
            raise fault(path, f"is a number of more than {MOST_DIGITS} digits")
        return self.read(value, path)


def reads(takes: str) -> Callable[[Callable[[Any, str], T]], Reader[T]]:
    """Return the decorator that makes a function the reader of what ``takes`` says in words."""
    return lambda read: Reader(read, takes)


def checked(check: Callable[[str], Any], value: Any, path: str) -> str:
    """Return a text that a kind of value takes (:mod:`..values`); raise its complaint with the path."""
    try:
        check(str(value))
    except ValueError as error:
        raise fault(path, str(error)) from None
    return str(value)


def spelled(takes: str, check: Callable[[str], Any]) -> Reader[str]:
    """Return the reader of texts that a kind of value takes; ``takes`` says it in words."""

    @reads(takes)
    def read(value: Any, path: str) -> str:
        return checked(check, _name_like(value, path), path)

    return read


def shown(value: Any) -> str:
    """Return a value for a message: text in quotes, anything else as it is; of a long one its begin."""
    try:
        words = repr(str(value)) if isinstance(value, str) else str(value)
    except ValueError:  # Python writes out no number of more than 4,300 digits
        return "something with an endless number in it"
    return words if len(words) <= MOST_SHOWN else f"{words[:MOST_SHOWN]}... ({len(words)} characters)"


def shown_key(key: Any) -> str:
    """Return a key for a path: as it is, if that is not too long."""
    return shown(key) if is_endless(key) or len(str(key)) > MOST_SHOWN else str(key)


@reads("text")
def text(value: Any, path: str) -> str:
    """Read any text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise fault(path, f"must be text, not {shown(value)}")
    return _plain(value, path)


def _plain(value: Any, path: str) -> str:
    """Return a text that every system on the way can hold: line breaks and tabs, but no other control characters."""
    if not isinstance(value, (str, int, float)) or is_endless(value):
        raise fault(path, f"must be text, not {shown(value)}")
    words = str(value)
    if (wrong := unwritable(words)) is not None:
        raise fault(path, f"has the character {wrong}, which neither Contrail nor a router can keep; leave it out")
    return words


def _name_like(value: Any, path: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise fault(path, f"must be a name, not {shown(value)}")
    return str(value)


@reads("name")
def name(value: Any, path: str) -> str:
    """Read the name of an object, without the colon that parts the components of a name in Contrail."""
    return checked(names.short_name, _name_like(value, path), path)


@reads("name, `PROJECT:NAME` or `DOMAIN:PROJECT:NAME`")
def qualified_name(value: Any, path: str) -> str:
    """Read ``name``, ``project:name`` or ``domain:project:name``."""
    return checked(lambda text: names.name_parts(text, 3), _name_like(value, path), path)


@reads("`true` or `false`")
def flag(value: Any, path: str) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise fault(path, f"must be true or false, not {shown(value)}")
    return value


def number(low: int, high: int) -> Reader[int]:
    """Return the reader of a whole number from ``low`` to ``high``."""

    @reads(f"number from {low} to {high}")
    def read(value: Any, path: str) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,40}", str(value)) or not low <= int(value) <= high:
            raise fault(path, f"must be a number from {low} to {high}, not {shown(value)}")
        return int(value)

    return read


def choice(*allowed: str, refused: Mapping[str, str] | None = None) -> Reader[str]:
    """Return the reader of one of some words; the words of ``refused`` have a meaning but are not carried out.

    ``refused`` maps each of them to what to do instead.
    """

    @reads(", ".join(f"`{word}`" for word in allowed))
    def read(value: Any, path: str) -> str:
        if refused and isinstance(value, str) and value in refused:
            raise fault(path, f"{shown(value)} is not supported; {refused[value]}", NOT_SUPPORTED)
        if value not in allowed:
            near = nearest(value, allowed) if isinstance(value, str) else ""
            raise fault(path, f"must be one of {', '.join(allowed)}, not {shown(value)}{near}")
        return str(value)

    return read


@reads("IPv4 or IPv6 prefix")
def prefix(value: Any, path: str) -> str:
    """Read an IPv4 or IPv6 prefix without host bits; a bare address is the prefix of that one host."""
    return _normal(addresses.prefix, value, path, "an IP prefix")


@reads("IPv4 or IPv6 address")
def address(value: Any, path: str) -> str:
    """Read an IPv4 or IPv6 address."""
    return _normal(addresses.address, value, path, "an IP address")


def address_of(version: int) -> Reader[str]:
    """Return the reader of an address of IP version 4 or 6."""

    @reads(f"IPv{version} address")
    def read(value: Any, path: str) -> str:
        return _normal(lambda text: addresses.address_of(version, text), value, path, f"an IPv{version} address")

    return read


def _normal(normalise: Callable[[str], N], value: Any, path: str, what: str, types: tuple[type, ...] = (str,)) -> N:
    """Return the one form of a value that is of one of these types of YAML; ``what`` names the kind."""
    # To Python a flag is a number, and to ipaddress a number is an address; here neither is.
    if isinstance(value, bool) or not isinstance(value, types):
        raise fault(path, f"{shown(value)} is not {what}")
    try:
        return normalise(str(value))
    except ValueError as error:
        raise fault(path, str(error)) from None


@reads("route target")
def route_target(value: Any, path: str) -> str:
    """Read a route target in any of its spellings and return ``64512:1`` or ``10.0.0.1:1``.

    ``target:64512:1`` is the same value; a 4-byte AS may carry Junos' ``L``.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        minutes, seconds = divmod(value, 60)
        raise fault(path, f'is the number {value}: YAML reads 64512:1 so; put it in quotes ("{minutes}:{seconds}"?)')
    return _normal(bgp.route_target, value, path, "a route target")


@reads('AS number, such as `64512` or `"1.10"`')
def as_number(value: Any, path: str) -> int:
    """Read the number of an autonomous system; one with a dot is in quotes, for YAML reads 1.10 as 1.1."""
    if isinstance(value, float):
        raise fault(path, f'is the number {value}: YAML reads an AS number with a dot so; put it in quotes ("1.10")')
    return _normal(bgp.as_number, value, path, "an AS number", (str, int))


@reads("`any`, name or number of a protocol")
def protocol(value: Any, path: str) -> str:
    """Read an IP protocol that a policy takes: ``any``, a name in lower case, or a number from 0 to 255."""
    return _normal(policy_protocol, value, path, "a protocol (any, a name such as tcp, or 0 to 255)", (str, int))


@reads("port or range of ports")
def ports(value: Any, path: str) -> int | str:
    """Read one TCP or UDP port (a number) or a range of them (``8000-8080``)."""
    found = _normal(port_range, value, path, "a port or a range of ports", (str, int))
    return int(found) if found.isdigit() else found


@reads("mapping of names to texts")
def texts_by_name(value: Any, path: str) -> dict[str, str]:
    """Read a flat mapping of names to texts (annotations)."""
    if not isinstance(value, Mapping):
        raise fault(path, f"must be a mapping, not {shown(value)}")
    entries = ((key, item, f"{path}.{shown_key(key)}") for key, item in value.items())
    return {_plain(key, here): _plain(item, here) for key, item, here in entries}


def listing(item: Reader[Any], *, least: int = 0, unique: bool = False) -> Reader[tuple[Any, ...]]:
    """Return the reader of a list whose items ``item`` reads; ``unique`` refuses two equal items."""

    def read(value: Any, path: str) -> tuple[Any, ...]:
        if isinstance(value, (str, bytes)) or not isinstance(value, Sequence):
            raise fault(path, f"must be a list, not {shown(value) if isinstance(value, str) else _kind(value)}")
        if len(value) < least:
            raise fault(path, f"needs {least} or more entries", VALUE_MISSING)
        read_items: list[Any] = []
        faults: list[Fault] = []
        for index, entry in enumerate(value):
            here = f"{path}[{index}]"
            try:
                found = item(entry, here)
            except IntentError as error:
                faults += error.faults
                continue
            if unique and found in read_items:
                faults.append(Fault(here, f"{shown(found)} stands in the list twice", GIVEN_TWICE))
            read_items.append(found)
        if faults:
            raise IntentError(faults)
        return tuple(read_items)

    return Reader(read, f"list: {item.takes}", item=item, step="[]")


def keyed(item: Callable[[str], Reader[Any]]) -> Reader[dict[str, Any]]:
    """Return the reader of a mapping of names to entries; ``item(name)`` gives the reader of one entry."""

    def read(value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise fault(path, f"must be a mapping of names to entries, not {_kind(value)}")
        entries: dict[str, Any] = {}
        faults: list[Fault] = []
        for key, entry in value.items():
            here = f"{path}.{shown_key(key)}"
            try:
                called = name(key, here)
                entries[called] = item(called)(entry, here)
            except IntentError as error:
                faults += error.faults
        if faults:
            raise IntentError(faults)
        return entries

    entry = item("NAME")
    return Reader(read, f"mapping by name: {entry.takes}", item=entry, step=".NAME")


@dataclass(frozen=True)
class Key:
    """One key of a record: how it is read, and what it says to users.

    ``default`` stands in when the key is left out or null. ``instead`` marks a key that has a meaning in
    the data model but is not carried out, and says what to do: giving it is an error, never ignored.
    """

    read: Reader[Any]
    says: str
    required: bool = False
    default: Any = None
    instead: str = ""


def record(build: Callable[..., T], fields: Mapping[str, Key], **known: Any) -> Reader[T]:
    """Return the reader of a mapping with fixed keys; ``build(**values, **known)`` makes the result.

    An unknown key is an error, so that a slip of the pen is never silently without effect.
    """

    def read(value: Any, path: str) -> T:
        given = {} if value is None else value
        if not isinstance(given, Mapping):
            raise fault(path, f"must be a mapping, not {_kind(value)}")
        values: dict[str, Any] = {}
        faults = [
            Fault(f"{path}.{shown_key(key)}", f"unknown key{nearest(shown_key(key), fields)}", KEY_UNKNOWN)
            for key in given
            if key not in fields
        ]
        for key, field in fields.items():
            entry = given.get(key)
            here = f"{path}.{key}"
            if entry is None:
                values[key] = field.default
                if field.required:
                    faults.append(Fault(here, "is required", VALUE_MISSING))
            elif field.instead:
                faults.append(Fault(here, f"is not supported; {field.instead}", NOT_SUPPORTED))
            else:
                try:
                    values[key] = field.read(entry, here)
                except IntentError as error:
                    faults += error.faults
        if faults:
            raise IntentError(faults)
        return build(**{key: values[key] for key in fields if not fields[key].instead}, **known)

    return Reader(read, "mapping", fields=fields)


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return shown(value)
