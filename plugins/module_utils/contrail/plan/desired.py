# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects, and what is wanted of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..codec.codec import is_empty
from ..codec.errors import InvalidValueError
from ..codec.scope import Value
from ..codec.values import FqName, joined
from ..kinds.config import Key
from ..kinds.entity import Entity


@dataclass(frozen=True)
class DesiredObject:
    """An object and what is wanted of it.

    ``state`` is ``present``, ``absent``, or ``existing`` for an object that others own and that only has to
    be there. ``references`` are to be there, ``drops`` are not; those of ``exact`` are to be the only ones.
    ``guarded`` objects are deleted only if they carry the task's owner. ``leaving`` objects are updated after
    their references are gone. ``rewrite`` writes secrets that cannot be compared.
    ``places`` says where references were written, by ``OPTION NAME``, if not in a list of that option.
    """

    entity: Entity
    fq_name: FqName
    path: str
    state: str = "present"
    values: Mapping[str, Value] = field(default_factory=dict)
    references: Mapping[str, dict[str, Value]] = field(default_factory=dict)
    drops: Mapping[str, frozenset[str]] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    guarded: bool = True
    leaving: bool = False
    rewrite: bool = False
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """The object by kind and name."""
        return (self.entity.kind, self.fq_name)


def merge(wants: Iterable[DesiredObject], faults: list[InvalidValueError]) -> list[DesiredObject]:
    """Make one of all wants that concern the same object."""
    merged: dict[Key, DesiredObject] = {}
    for want in wants:
        known = merged.get(want.key)
        if known is None:
            merged[want.key] = want
            continue
        for option in set(known.values) & set(want.values):
            if known.values[option] != want.values[option] and known.values[option] and want.values[option]:
                faults.append(
                    InvalidValueError(
                        want.path,
                        f"{want.entity.kind} {joined(want.fq_name)} cannot have {option} "
                        f"{want.values[option]}: {known.path} gives it {known.values[option]}",
                    )
                )
        states = {known.state, want.state}
        merged[want.key] = replace(
            known,
            state=next(state for state in ("absent", "present", "existing") if state in states),
            values={**want.values, **{key: text for key, text in known.values.items() if not is_empty(text)}}
            if known.values
            else want.values,
            references=_join(known.references, want.references),
            drops={
                option: known.drops.get(option, frozenset()) | want.drops.get(option, frozenset())
                for option in {**known.drops, **want.drops}
            },
            exact=known.exact | want.exact,
            leaving=known.leaving and want.leaving,
            rewrite=known.rewrite or want.rewrite,
        )
    return list(merged.values())


def _join(first: Mapping[str, dict[str, Value]], second: Mapping[str, dict[str, Value]]) -> dict[str, dict[str, Value]]:
    return {option: {**first.get(option, {}), **second.get(option, {})} for option in {**first, **second}}
