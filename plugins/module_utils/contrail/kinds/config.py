# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the written configuration of a task to items with canonical values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..codec.codec import is_empty
from ..codec.errors import InvalidConfigError, InvalidValueError
from ..codec.field import Field
from ..codec.scope import Scope, Value
from ..codec.values import FqName, joined, short_name
from .entity import Entity, ReferenceField

Key = tuple[str, FqName]
"""An object by kind and fully qualified name."""

Query = tuple[str, str, str]
"""The objects of a kind, by a field and the text that it holds; the uuid counts as a field."""


@dataclass(frozen=True)
class Item:
    """One item of ``config``.

    ``values``, ``references`` and ``compound`` hold what was given, by option and in canonical form; an
    emptied value is ``None`` (``{}`` for references). ``exact`` are the references that were unset.
    ``entity`` is the item's own declaration where those of a task differ (in the kind of their parent);
    ``places`` says where references were written, see :class:`~.plan.DesiredObject`.
    """

    path: str
    fq_name: FqName
    values: Mapping[str, Value] = field(default_factory=dict)
    references: Mapping[str, dict[str, Value]] = field(default_factory=dict)
    compound: Mapping[str, Value] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    entity: Entity | None = None
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """The options of a task that hold for all items.

    ``owner`` marks what is created and guards what is deleted; ``purge`` are the lists that are made exact;
    ``planned`` are objects that an earlier step of the same run would have made, which counts for a
    ``check`` only; ``leaving`` are those that it would have deleted. ``force`` deletes what others use as well.
    ``sweep_orphans`` deletes port tuples whose service instance is gone,
    ``move_ports`` lets port tuples take ports out of others of the same service instance.
    """

    state: str = "present"
    scope: Scope = field(default_factory=Scope)
    owner: str = ""
    purge: frozenset[str] = frozenset()
    planned: frozenset[Key] = frozenset()
    leaving: frozenset[Key] = frozenset()
    force: bool = False
    check: bool = False
    sweep_orphans: bool = False
    move_ports: bool = False


def parse_config(
    entity: Entity, config: Sequence[Mapping[str, Value]], scope: Scope, unset: Sequence[str] = ()
) -> list[Item]:
    """Return the items of ``config``, or raise InvalidConfigError with every fault in it.

    ``unset`` names options that are cleared in every item; an item's own ``unset`` adds to it.
    """
    parser = _Parser(entity, scope, unset)
    items = [item for index, written in enumerate(config) if (item := parser.parse(written, index)) is not None]
    if parser.faults:
        raise InvalidConfigError(parser.faults)
    return items


class _Parser:
    """Parses the items of one task, noting what is wrong."""

    def __init__(self, entity: Entity, scope: Scope, unset: Sequence[str]) -> None:
        self.faults: list[InvalidValueError] = []
        self._entity = entity
        self._scope = scope
        self._unset = unset
        self._places: dict[FqName, str] = {}

    def parse(self, written: Mapping[str, Value], index: int) -> Item | None:
        """Return one item, ``None`` where it has no usable name."""
        path = f"config[{index}]"
        try:
            fq_name = self._name(written["name"], f"{path}.name")
        except InvalidValueError as fault:
            self.faults.append(fault)
            return None
        self._claim(fq_name, written["name"], path)
        emptied = self._emptied(written, path)
        lists = {reference.option for reference in self._entity.references}
        values: dict[str, Value] = {option: None for option in emptied if option not in lists}
        references: dict[str, dict[str, Value]] = {option: {} for option in emptied if option in lists}
        exact = frozenset(references)
        compound: dict[str, Value] = {}
        for item, canonical in self._given(written, path):
            if isinstance(item, ReferenceField):
                references[item.option] = canonical
            elif item in self._entity.compound:
                compound[item.option] = canonical
            else:
                values[item.option] = canonical
        for field_ in self._entity.fields:
            if field_.absence.own_name and field_.option in values and is_empty(values[field_.option]):
                values[field_.option] = fq_name[-1]
        return Item(path, fq_name, values, references, compound, exact)

    def _claim(self, fq_name: FqName, name: str, path: str) -> None:
        """Note where a name stands, and that it stands elsewhere already."""
        if fq_name in self._places:
            self.faults.append(InvalidValueError(f"{path}.name", f"{name} is already {self._places[fq_name]}"))
        self._places[fq_name] = path

    def _emptied(self, written: Mapping[str, Value], path: str) -> list[str]:
        """Return the options that are to be emptied."""
        emptied = []
        for option, place in self._to_unset(written, path):
            if written.get(option) is None:
                emptied.append(option)
            else:
                self.faults.append(InvalidValueError(place, f"{option} is given as well; drop one of the two"))
        return emptied

    def _name(self, text: str, path: str) -> FqName:
        try:
            if self._entity.parent is None:
                return (short_name(text),)
            return self._scope.name(self._entity.kind, text)
        except ValueError as error:
            raise InvalidValueError(path, str(error)) from None

    def _given(self, written: Mapping[str, Value], path: str) -> Iterator[tuple[Field | ReferenceField, Value]]:
        """Yield each option that was given, with its canonical value."""
        for item in self._entity.options:
            given = written.get(item.option)
            if given is None:
                continue
            try:
                yield item, item.normalise(given, self._scope, f"{path}.{item.option}")
            except InvalidValueError as fault:
                self.faults.append(fault)

    def _to_unset(self, written: Mapping[str, Value], path: str) -> Iterator[tuple[str, str]]:
        """Yield the options to clear, each with the place that says so."""
        clearable = _clearable(self._entity)
        known = {alias: item.option for item in clearable for alias in (item.option, *item.aliases)}
        named = [(option, f"unset[{index}]") for index, option in enumerate(self._unset)]
        named += [(option, f"{path}.unset[{index}]") for index, option in enumerate(written.get("unset") or [])]
        for option, place in dict(named).items():
            if option in known:
                yield known[option], place
            else:
                self.faults.append(
                    InvalidValueError(place, f"{option} cannot be unset; what can is {', '.join(sorted(known))}")
                )


def _clearable(entity: Entity) -> list[Field | ReferenceField]:
    return [item for item in entity.options if item not in entity.compound and not item.needed]


def parse_planned(
    planned: Sequence[Mapping[str, str]], scope: Scope, kinds: Sequence[str]
) -> dict[str, frozenset[Key]]:
    """Return the objects that ``planned`` names, by their state; raises InvalidConfigError."""
    keys: dict[str, set[Key]] = {"present": set(), "absent": set()}
    faults: list[InvalidValueError] = []
    for index, entry in enumerate(planned):
        kind = entry["kind"].replace("_", "-")
        if kind not in kinds:
            faults.append(
                InvalidValueError(
                    f"planned[{index}].kind", f"'{entry['kind']}' is not one of {', '.join(sorted(kinds))}"
                )
            )
            continue
        try:
            keys[entry.get("state", "present")].add((kind, _planned_name(kind, entry["name"], scope)))
        except ValueError as error:
            faults.append(InvalidValueError(f"planned[{index}].name", str(error)))
    if faults:
        raise InvalidConfigError(faults)
    return {state: frozenset(of_state) for state, of_state in keys.items()}


def _planned_name(kind: str, text: str, scope: Scope) -> FqName:
    """Return a planned object's name; children of anything but a domain or project are named in full."""
    if kind in {"port-tuple", "routing-instance"}:
        return tuple(text.split(":"))
    return scope.name(kind, text)


def check_purge(entity: Entity, purge: Sequence[str]) -> frozenset[str]:
    """Return the lists to make exact; raises InvalidConfigError for what is no such list."""
    known = {
        alias: item.option
        for item in entity.options
        if item.option in entity.purgeable
        for alias in (item.option, *item.aliases)
    }
    faults = [
        InvalidValueError(
            f"purge_references[{index}]",
            f"{option} is not a list of references of {entity.kind}; "
            + (f"give {', '.join(sorted(known))}" if known else "it has none"),
        )
        for index, option in enumerate(purge)
        if option not in known
    ]
    if faults:
        raise InvalidConfigError(faults)
    return frozenset(known[option] for option in purge)


def label(key: Key) -> str:
    """Return an object as messages and diffs name it: ``virtual-network domain:project:name``."""
    kind, fq_name = key
    return f"{kind} {joined(fq_name)}"
