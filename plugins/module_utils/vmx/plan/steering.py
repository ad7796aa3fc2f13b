# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a call says about steering that is there: keep it as it is, or roll back what an earlier call added.

Pure Python. The declarations are used by :mod:`.plan`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...values.hints import nearest
from ...values.option_spec import OptionSpec, OptionSpecs
from ..model import filter as steer
from ..model import values as spell
from ..model.field import ConfigError, checked
from ..model.filter import Term
from ..model.gathered import TermPlace
from ..model.statement import Statement

KEEP_ALL = "keep_existing_steering"
KEEP_TERMS = "keep_existing_terms"
ROLL_BACK = "roll_back_steering"

STATES_THAT_STEER = ("merged", "replaced", "overridden", "rendered")
"""The states in which a call adds or changes steering terms, so that there is something to keep."""


def place_options() -> OptionSpecs:
    """Return the argument specification of what names a steering term."""
    return {name: each for name, each in steer.term_options().items() if name in ("filter", "family", "name")}


def steering_options() -> OptionSpecs:
    """Return the argument specification of the options of this module."""
    listed: OptionSpec = {"type": "list", "elements": "dict", "options": place_options()}
    return {
        KEEP_ALL: {"type": "bool", "default": False},
        KEEP_TERMS: listed,
        ROLL_BACK: {"type": "dict", "options": {"change": {"type": "dict", "required": True}, "terms": listed}},
    }


# --- steering that is kept ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """Steering terms that a call neither adds nor changes: all, or those at ``places``."""

    everything: bool = False
    places: frozenset[TermPlace] = frozenset()

    def has(self, term: Term) -> bool:
        """Return whether a term is kept as the router has it."""
        return self.everything or key_of(term) in self.places


NOTHING_KEPT = Kept()


def parse_kept(given: Mapping[str, Any], state: str, terms: Iterable[Term]) -> Kept:
    """Return what a call keeps; ``terms`` are those of its ``config``. Raise :class:`ConfigError`."""
    listed = given.get(KEEP_TERMS)
    for option in (KEEP_ALL, KEEP_TERMS):
        if given.get(option) and state not in STATES_THAT_STEER:
            raise ConfigError(option, f"has no meaning with state {state}, which adds no steering terms; leave it out")
    if given.get(KEEP_ALL) and listed is not None:
        raise ConfigError(KEEP_TERMS, f"has no meaning with {KEEP_ALL}, which keeps all terms; leave one of them out")
    known = {key_of(term) for term in terms}
    for path, place in _parsed_places(listed or (), KEEP_TERMS):
        if place not in known:
            family, filter_, name = place
            raise ConfigError(
                path,
                f"config has no steering term {name} of filter {filter_} (family {family})"
                f"{nearest(name, [other for _family, _filter, other in known], most=3)}; correct it or leave it out",
            )
    return Kept(
        bool(given.get(KEEP_ALL)), frozenset(place for _path, place in _parsed_places(listed or (), KEEP_TERMS))
    )


def fed_by_place(configuration: Statement) -> dict[TermPlace, str | None]:
    """Return the VRF that each term of the filters feeds, None for those that steer into none."""
    found: dict[TermPlace, str | None] = {}
    for place, holder in steer.filters(configuration):
        for term in holder.all("term"):
            found.setdefault((*place, term.name or ""), steer.target_vrf(term))
    return found


# --- steering that is rolled back ---------------------------------------------------------------------


@dataclass(frozen=True)
class AddedSteering:
    """The terms that one change added to those that feed a VRF.

    ``added`` goes. ``before`` are the terms that fed the VRF before the change, in their order, where all that the
    change did to them is undone; empty where only chosen terms go.
    """

    path: str
    vrf: str
    added: frozenset[TermPlace]
    before: tuple[Term, ...]


def parse_roll_back(given: Mapping[str, Any]) -> tuple[AddedSteering, ...]:
    """Return by VRF what a change added, from ``change``, the result of ``vmx_vrf``, and ``terms``.

    Raise :class:`ConfigError` where ``change`` is no such result.
    """
    chosen = given.get("terms")
    places = None if chosen is None else {place for _path, place in _parsed_places(chosen, f"{ROLL_BACK}.terms")}
    change = given["change"]
    if "before" not in change and "after" not in change:  # a task that was skipped, or failed before it wrote
        return ()
    path = f"{ROLL_BACK}.change"
    before, after = (_Told.read(change.get(side), f"{path}.{side}") for side in ("before", "after"))
    found = (_added(name, before, after, places) for name in after.vrfs)
    return tuple(each for each in found if each.added)


def _added(name: str, before: _Told, after: _Told, chosen: set[TermPlace] | None) -> AddedSteering:
    old, now = before.terms(name), after.terms(name)
    added = {key_of(term) for term in now} - {key_of(term) for term in old}
    return AddedSteering(
        f"{after.path}.config[{after.vrfs.index(name)}]",
        name,
        frozenset(added if chosen is None else added & chosen),
        tuple(old) if chosen is None else (),
    )


@dataclass(frozen=True)
class _Told:
    """One side of a result, ``before`` or ``after``: ``{config, filters}`` as ``vmx_vrf`` returns it."""

    path: str
    config: Sequence[Mapping[str, Any]]
    order: Mapping[TermPlace, int]

    @classmethod
    def read(cls, given: Any, path: str) -> _Told:
        """Return a side. Raise :class:`ConfigError` where it is none."""
        if not isinstance(given, Mapping):
            raise ConfigError(path, "is not what vmx_vrf returned; give the result of the earlier task as registered")
        try:
            order = {
                (each["family"], each["name"], term): 10 * number
                for each in given["filters"]
                for number, term in enumerate(each["terms"], start=1)
            }
            config = [{"steering": [], **vrf, "name": str(vrf["name"])} for vrf in given["config"]]
        except (KeyError, TypeError):
            raise ConfigError(
                path, "is not what vmx_vrf returned; give the result of the earlier task as registered"
            ) from None
        return cls(path, config, order)

    @property
    def vrfs(self) -> list[str]:
        """The names of the VRFs."""
        return [vrf["name"] for vrf in self.config]

    def terms(self, name: str) -> list[Term]:
        """Return the terms that feed a VRF, each with the priority that gives it its place."""
        return [
            steer.parse_term(
                {**term, "priority": self.order.get((term["family"], term["filter"], term["name"]), 100)},
                name,
                f"{self.path}.config[{number}].steering[{n}]",
                must_match=False,
            )
            for number, vrf in enumerate(self.config)
            for n, term in enumerate(vrf["steering"])
            if vrf["name"] == name
        ]


# --- places -------------------------------------------------------------------------------------------


def key_of(term: Term) -> TermPlace:
    """Return where a term is: address family, filter and name."""
    return (*term.place, term.name)


def _parsed_places(given: Iterable[Mapping[str, Any]], path: str) -> Iterator[tuple[str, TermPlace]]:
    for number, each in enumerate(given):
        where = f"{path}[{number}]"
        filter_, name = (checked(spell.filter_name, each[part], f"{where}.{part}") for part in ("filter", "name"))
        yield where, (each.get("family") or "inet", filter_, name)
