# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a field of the router's model is: how it is given, found in the configuration, changed and compared.

Pure Python. A :class:`JunosField` ties one option of a module to one statement. Declaring fields (``vrf``,
``filter``) is all that it takes to have an option checked, read, written, merged, replaced and reported.
"""

# ruff: noqa: D102 - what the methods of a field do is said once, at Field

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...values.faults import BadValueError
from ...values.option_spec import OptionSpec, OptionSpecs
from ...values.plain_text import unwritable
from .statement import Statement, Step, entry, words

Values = Mapping[str, Any]
"""The values of one object by field; an option that was not given is missing or None."""

Normaliser = Callable[[str], str]

EXCEPT = "except"
"""The marker that turns a prefix to match into one that must not."""


class ConfigError(BadValueError):
    """Something that is asked of a router cannot be."""


def same(text: str) -> str:
    """Return the text as it is; the normaliser of fields whose spelling is free."""
    return text


def checked(normalise: Normaliser, value: Any, path: str) -> str:
    """Apply a normaliser and put the path in front of its complaint; refuse what no configuration can hold."""
    text = str(value)
    if (wrong := unwritable(text)) is not None:
        raise ConfigError(path, f"has the character {wrong}, which a router cannot keep; leave it out")
    try:
        return normalise(text)
    except ValueError as error:
        raise ConfigError(path, str(error)) from None


def refuse_inactive(statement: Statement | None, path: str) -> None:
    """Raise when a statement that is to be judged is deactivated on the router: it is there and not in effect."""
    for part in statement.walk() if statement is not None else ():
        if "inactive" in part.attributes:
            what = f"{part.tag} {part.name}" if part.name else part.tag
            raise ConfigError(path, f"{what} is deactivated on the router; activate or delete it there first")


def protection_error(way: Sequence[Statement]) -> str:
    """Return why a change to the last of these statements, each in the one before, would not be made."""
    return (
        f"{words(way)} is protected on the router, which would leave that part of the change out; have its owner"
        f" unprotect it (unprotect {words(way)})"
    )


def refuse_inactive_way(configuration: Statement, steps: Sequence[Step], path: str) -> None:
    """Raise when a statement, or one that it stands in, is deactivated on the router; what is in it does not count."""
    here: Statement | None = configuration
    for step in steps:
        here = here.child(step) if here is not None else None
        if here is not None:
            refuse_inactive(Statement(here.tag, children=here.all("name"), attributes=here.attributes), path)


@dataclass(frozen=True)
class JunosField:
    """A leaf: one value at one path below the entry. What is deactivated is not read, and never written.

    ``keep``: with state replaced the statement is left alone when the option is left out.
    ``option``: the rest of the argument specification beside the type.
    ``understand``: the normal form of what a router has, where it keeps spellings that a task may not use.
    ``description``: what the module's documentation says of the option, a paragraph a line.
    """

    name: str
    path: tuple[Step, ...] = ()
    normalise: Normaliser = same
    show: Callable[[str], Any] = same
    keep: bool = False
    option: OptionSpec = field(default_factory=OptionSpec)
    understand: Normaliser | None = None
    description: str = ""

    @property
    def texts(self) -> Mapping[str, str]:
        """Descriptions of the options that stand inside this one, by their path from here."""
        return {}

    @property
    def specification(self) -> OptionSpec:
        """The entry of the module's argument specification."""
        return {"type": "str", **self.option}

    @property
    def empty(self) -> Any:
        """The value that stands for a statement that is not there."""
        return None

    def parse(self, value: Any, path: str) -> Any:
        """Return a given value in normal form; an empty text clears the statement."""
        return checked(self.normalise, value, path) if value not in (None, "") else self.empty

    def read(self, holder: Statement) -> Any:
        """Return the value that is in effect in the configuration."""
        found = holder.active(*self.path)
        return self._canonical(found.text) if found is not None and found.text is not None else self.empty

    def write(self, holder: Statement, value: Any) -> None:
        """Make the configuration have this value."""
        if value is None:
            holder.remove(*self.path)
        else:
            holder.ensure(*self.path).text = value

    def strip(self, holder: Statement) -> None:
        """Take out what an option can say of this field, to see what is left that none can."""
        if self.sayable(self.read(holder)) != self.empty:
            self.write(holder, self.empty)

    def merge(self, before: Any, wanted: Any) -> Any:
        """Return the value after adding what is wanted."""
        return wanted

    def present(self, value: Any) -> Any:
        """Return the value as users spell it; None where there is nothing to tell."""
        return self.show(value) if value is not None else None

    def sayable(self, value: Any) -> Any:
        """Return the part of a router's value that a task can give; :attr:`empty` where it can give none of it."""
        return value if value != self.empty and self._is_sayable(value, self.present) else self.empty

    def _is_sayable(self, value: Any, present: Callable[[Any], Any]) -> bool:
        """Return whether a value, given back as it is presented, is taken for the same."""
        try:
            shown = present(value)
            choices = self.option.get("choices")
            known = choices is None or all(one in choices for one in (shown if isinstance(shown, list) else [shown]))
            return known and bool(self.parse(shown, "") == value)
        except (ConfigError, ValueError):
            return False

    def note(self, value: Any) -> str:
        """Return a value as one word, in which it can be noted on the router and read again."""
        return str(value)

    def noted(self, word: str) -> Any:
        """Return the value that was noted as ``word``."""
        return word

    def _canonical(self, text: str) -> str:
        """Return a router's spelling in normal form, or as it is when nothing here could have written it."""
        try:
            return (self.understand or self.normalise)(text)
        except ValueError:
            return text


@dataclass(frozen=True)
class Presence(JunosField):
    """A statement that says something by being there.

    Where it holds statements that nothing models, it stays, for they would go with it.
    """

    @property
    def specification(self) -> OptionSpec:
        return {"type": "bool", **self.option}

    @property
    def empty(self) -> Any:
        return False

    def parse(self, value: Any, path: str) -> Any:
        return bool(value)

    def read(self, holder: Statement) -> Any:
        return holder.active(*self.path) is not None

    def write(self, holder: Statement, value: Any) -> None:
        if value:
            holder.ensure(*self.path)
        else:
            self.strip(holder)

    def strip(self, holder: Statement) -> None:
        found = holder.active(*self.path)
        if found is not None and found.is_bare:
            holder.remove(*self.path)

    def present(self, value: Any) -> Any:
        return value

    def note(self, value: Any) -> str:
        return "true"

    def noted(self, word: str) -> Any:
        return True


@dataclass(frozen=True)
class Several(JunosField):
    """Values of a leaf-list: the last step of the path repeats. The order counts only where ``ordered`` says so."""

    ordered: bool = False

    @property
    def specification(self) -> OptionSpec:
        return {"type": "list", "elements": "str", **self.option}

    @property
    def empty(self) -> Any:
        return ()

    def parse(self, value: Any, path: str) -> Any:
        parsed = [checked(self.normalise, one, f"{path}[{place}]") for place, one in enumerate(value or [])]
        for place, one in enumerate(parsed):
            if one in parsed[:place]:
                raise ConfigError(f"{path}[{place}]", f"{one} is given twice, first at {path}[{parsed.index(one)}]")
        return tuple(parsed)

    def read(self, holder: Statement) -> Any:
        return tuple(dict.fromkeys(self._value(one) for one in self._entries(holder) if self._key(one)))

    def write(self, holder: Statement, value: Any) -> None:
        kept = [one for one in self._entries(holder) if self._value(one) in value]
        if self.ordered:
            kept = []
        for one in self._entries(holder):
            if one not in kept:
                self._take_out(holder, one)
        there = (*kept, *self._held_for_more(holder), *self._deactivated(holder))
        have = [self._value(one) for one in there]
        for text in value:
            if text not in have:
                holder.ensure(*self.path[:-1]).children.append(self._new(text))

    def merge(self, before: Any, wanted: Any) -> Any:
        return tuple(before) + tuple(one for one in wanted if one not in before)

    def strip(self, holder: Statement) -> None:
        sayable = self.sayable(self.read(holder))
        for one in self._entries(holder):
            if self._value(one) in sayable:
                self._take_out(holder, one)

    def present(self, value: Any) -> Any:
        return [self.show(one) for one in value]

    def sayable(self, value: Any) -> Any:
        return tuple(one for one in value if self._is_sayable((one,), lambda value: [self.show(value[0])]))

    @property
    def tag(self) -> str:
        """The element that repeats."""
        return str(self.path[-1])

    def _entries(self, holder: Statement) -> list[Statement]:
        parent = holder.active(*self.path[:-1])
        found = parent.all(self.tag) if parent is not None else []
        return [one for one in found if one.is_active and self._is_mine(one)]

    def _deactivated(self, holder: Statement) -> list[Statement]:
        """Return what is there and not in effect, so it is not made a second time."""
        parent = holder.find(*self.path[:-1])
        return [one for one in parent.all(self.tag) if not one.is_active] if parent is not None else []

    def _take_out(self, holder: Statement, one: Statement) -> None:
        parent = holder.ensure(*self.path[:-1])
        parent.drop(one)
        if not parent.children and self.path[:-1]:
            holder.remove(*self.path[:-1])

    def _held_for_more(self, holder: Statement) -> list[Statement]:
        """Return what says the same and something else that nothing models, so it is neither made nor taken out."""
        return []

    def _is_mine(self, one: Statement) -> bool:
        return not one.children

    def _key(self, one: Statement) -> str | None:
        return one.text

    def _value(self, one: Statement) -> str:
        return self._canonical(self._key(one) or "")

    def _new(self, text: str) -> Statement:
        return Statement(self.tag, text)


@dataclass(frozen=True)
class Entries(Several):
    """Names of a list whose entries hold nothing but their key, and perhaps the marker ``only``."""

    only: str | None = None

    def _held_for_more(self, holder: Statement) -> list[Statement]:
        parent = holder.find(*self.path[:-1])
        found = parent.all(self.tag) if parent is not None and self.only is None else []
        return [one for one in found if self._inside(one) not in ([], [EXCEPT])]

    def _is_mine(self, one: Statement) -> bool:
        return self._inside(one) == ([self.only] if self.only else [])

    @staticmethod
    def _inside(one: Statement) -> list[str]:
        """Return the tags of what stands in an entry; one that is deactivated is like nothing that is modelled."""
        return [child.tag if child.is_active else "" for child in one.children if child.tag != "name"]

    def _key(self, one: Statement) -> str | None:
        return one.name

    def _new(self, text: str) -> Statement:
        return entry(self.tag, text, *([Statement(self.only)] if self.only else []))


def parse_fields(fields: Sequence[JunosField], given: Mapping[str, Any], path: str) -> Values:
    """Return the fields that were given (None counts as left out), each in normal form."""
    return {
        one.name: one.parse(given[one.name], f"{path}.{one.name}") for one in fields if given.get(one.name) is not None
    }


def read_fields(fields: Sequence[JunosField], holder: Statement) -> Values:
    """Return the values of all fields."""
    return {one.name: one.read(holder) for one in fields}


def combine(fields: Sequence[JunosField], before: Values, wanted: Values, *, exact: bool) -> dict[str, Any]:
    """Return the values that an object has afterwards.

    ``exact`` (state replaced): what is not wanted is empty, except where a field keeps itself; otherwise
    (merged) what is not wanted stays, and lists grow.
    """
    after: dict[str, Any] = {}
    for one in fields:
        have = before[one.name]
        if one.name in wanted:
            after[one.name] = wanted[one.name] if exact else one.merge(have, wanted[one.name])
        else:
            after[one.name] = one.empty if exact and not one.keep else have
    return after


def write_fields(fields: Sequence[JunosField], holder: Statement, before: Values, after: Values) -> None:
    """Write the fields that differ."""
    for one in fields:
        if before[one.name] != after[one.name]:
            one.write(holder, after[one.name])


def refuse_deactivated(fields: Sequence[JunosField], holder: Statement, after: Values, path: str) -> None:
    """Raise where what was written is not in effect, because a statement was there already and is deactivated."""
    for one in fields:
        found = _in_the_way(one, holder, after[one.name])
        if found is not None:
            refuse_inactive(found, path)


def _in_the_way(one: JunosField, holder: Statement, wanted: Any) -> Statement | None:
    """Return the deactivated statement that keeps a value, or a part of it, from being in effect."""
    missing = _missing(wanted, one.read(holder))
    if not missing:
        return None
    trial = holder.copy()
    for part, twin in zip(holder.walk(), trial.walk(), strict=True):
        dormant = part is not holder and twin.attributes.pop("inactive", None) is not None
        if dormant and _missing(wanted, one.read(trial)) != missing:
            return part
    return None


def _missing(wanted: Any, have: Any) -> list[Any]:
    """Return the parts of a value that another one does not have."""
    if isinstance(wanted, dict):
        return [key for key, value in wanted.items() if have.get(key) != value]
    if isinstance(wanted, tuple):
        return [one for one in wanted if one not in have]
    return [wanted] if wanted not in (None, False) and wanted != have else []


def offer_fields(fields: Sequence[JunosField], values: Values) -> Values:
    """Return what a task can say of values, as :func:`present_fields` presents it."""
    return present_fields(fields, {one.name: one.sayable(values[one.name]) for one in fields})


def present_fields(fields: Sequence[JunosField], values: Values) -> Values:
    """Return values in the shape and spelling of the module's options, without what is empty."""
    shown = {one.name: one.present(values[one.name]) for one in fields}
    return {name: value for name, value in shown.items() if value not in (None, [], ())}


def descriptions(fields: Sequence[JunosField]) -> dict[str, str]:
    """Return what the documentation says of fields and of what stands inside them, by path (``multihop.ttl``)."""
    return {
        path: text
        for one in fields
        for path, text in [(one.name, one.description), *below(one.name, one.texts).items()]
    }


def below(path: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return descriptions by their path from where ``path`` begins."""
    return {f"{path}.{name}": text for name, text in texts.items()}


def specifications(fields: Sequence[JunosField]) -> OptionSpecs:
    """Return the argument specification of the fields."""
    return {one.name: one.specification for one in fields}
