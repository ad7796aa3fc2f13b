# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a task wants and what a router has to the one document that is loaded.

Pure Python. :func:`parse_request` checks everything that can be checked without a router; :func:`plan` takes
the router's own configuration and the one with its groups applied, and returns the edits with the state
before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..model import filter as steer
from ..model import vrf as routing
from ..model.field import ConfigError
from ..model.gathered import gather, without_name
from ..model.statement import Statement, difference
from .conflicts import Conflicts
from .edit import Edit, RouterPlan
from .filter_edits import FilterEdits
from .overview import overview
from .steering import (
    KEEP_ALL,
    KEEP_TERMS,
    NOTHING_KEPT,
    ROLL_BACK,
    AddedSteering,
    fed_by_place,
    key_of,
    parse_kept,
    parse_roll_back,
)
from .vrf_edits import VrfEdits
from .wanted_vrfs import WantedVrf, WantedVrfs

STATES = ("merged", "replaced", "overridden", "deleted", "rendered", "gathered")
SECTIONS = ("interfaces", "firewall", "routing-instances")
"""The sections that are written, in the order of a Junos configuration."""

READ_SECTIONS = ("interfaces", "forwarding-options", "routing-options", "firewall", "routing-instances")
"""The sections that a plan needs to see."""


@dataclass(frozen=True)
class Request(WantedVrfs):
    """The wish of a task, and how it is carried out."""

    @property
    def read_sections(self) -> tuple[str, ...]:
        """The sections of the configuration that :meth:`plan` needs to see."""
        return READ_SECTIONS

    def plan(self, own: Statement, effective: Statement | None) -> RouterPlan:
        """See :func:`plan`."""
        return plan(self, own, effective)

    def gather(self, own: Statement, effective: Statement | None = None) -> Mapping[str, Any]:
        """Return the VRFs and filters of a router as ``config`` and ``filters``; see :func:`gather`."""
        found = gather(own, self.names, effective)
        return {name: found[name] for name in ("config", "filters")}

    def unmanaged(self, own: Statement, effective: Statement | None = None) -> Mapping[str, Any]:
        """Return what no option can say of them or is not in effect; see :func:`gather`."""
        rest: dict[str, Any] = gather(own, self.names, effective)["unmanaged"]
        return rest


def parse_request(
    state: str,
    config: Sequence[Mapping[str, Any]] | None,
    filters: Sequence[Mapping[str, Any]] | None,
    planned: Mapping[str, Any] | None = None,
    steering: Mapping[str, Any] | None = None,
) -> Request:
    """Check a task's input; :class:`ConfigError` says the path of what is wrong.

    ``planned`` says what an earlier step of the same run gives the router before this one, ``steering`` what is kept or
    rolled back (:func:`.steering.steering_options`).
    """
    options = steering or {}
    if options.get(ROLL_BACK) is not None:
        return _parse_roll_back(state, [*(config or ()), *(filters or ())], options)
    if state == "overridden" and config is None:
        raise ConfigError("config", "is needed with state overridden; [] removes every VRF that carries our mark")
    if state not in ("overridden", "gathered") and not config and not filters:
        raise ConfigError("config", f"is needed with state {state}; nothing is taken to mean everything")
    must_match = state not in ("deleted", "gathered")
    vrfs = tuple(_parse_vrf(given, f"config[{n}]", must_match=must_match) for n, given in enumerate(config or []))
    wanted = tuple(steer.parse_filter(one, f"filters[{place}]") for place, one in enumerate(filters or []))
    request = Request(state, vrfs, wanted, bool((planned or {}).get("route_distinguisher_id")))
    request = replace(request, kept=parse_kept(options, state, request.terms))
    _refuse_contradictions(request)
    return request


def _parse_vrf(given: Mapping[str, Any], path: str, *, must_match: bool) -> WantedVrf:
    values = routing.parse_vrf(given, path)
    steering = given.get("steering")
    terms = tuple(
        steer.parse_term(one, values["name"], f"{path}.steering[{n}]", must_match=must_match)
        for n, one in enumerate(steering or [])
    )
    rest = {name: value for name, value in values.items() if name != "name"}
    return WantedVrf(path, values["name"], rest, terms if steering is not None else None)


def _refuse_contradictions(request: WantedVrfs) -> None:
    _refuse_twice((vrf.name, f"{vrf.path}.name", f"VRF {vrf.name}") for vrf in request.vrfs)
    _refuse_twice((one.place, f"{one.path}.name", f"filter {one.name}") for one in request.filters)
    _refuse_twice(
        ((*term.place, term.name), f"{term.path}.name", f"term {term.name} of filter {term.filter}")
        for term in request.terms
    )
    tails = {one.place: one.tail for one in request.filters if one.default is not None}
    for term in request.terms:
        if tails.get(term.place) == term.name:
            raise ConfigError(f"{term.path}.name", f"{term.name} is the name of the filter's tail (default_term)")


def _parse_roll_back(state: str, also: Sequence[object], options: Mapping[str, Any]) -> Request:
    """Return the request of a task that takes back the steering of an earlier one, and does nothing else."""
    if state != "merged" or also or options.get(KEEP_ALL) or options.get(KEEP_TERMS):
        raise ConfigError(
            ROLL_BACK, f"is a task of its own; leave out state, config, filters, {KEEP_ALL} and {KEEP_TERMS}"
        )
    added = parse_roll_back(options[ROLL_BACK])
    return Request(state, tuple(WantedVrf(one.path, one.vrf, {}, one.before) for one in added), (), rolled_back=added)


def _refuse_twice(named: Iterable[tuple[object, str, str]]) -> None:
    seen: dict[object, str] = {}
    for key, path, what in named:
        if key in seen:
            raise ConfigError(path, f"{what} is given twice, first at {seen[key]}")
        seen[key] = path


def render(request: Request) -> Statement:
    """Return the configuration that a router without any of it would be given."""
    for one in request.filters:
        if one.before is not None:
            raise ConfigError(
                f"{one.path}.before", "needs the filter on the router, which state rendered does not read"
            )
    planned = plan(request, Statement("configuration"), None)
    return planned.changes or Statement("configuration")


def plan(request: Request, own: Statement, effective: Statement | None) -> RouterPlan:
    """Return what turns the router's configuration into what the request wants.

    ``own`` is the committed configuration as it is written, ``effective`` the same with groups applied (None:
    no router was asked, so nothing is checked against it). Nothing that a group holds is ever changed.
    """
    return _VrfPlanner(_with_kept_steering(request, own), own, effective).plan()


def _with_kept_steering(request: Request, own: Statement) -> Request:
    """Return the request without the terms to keep that the router does not have for that VRF: they are not added."""
    if request.kept == NOTHING_KEPT:
        return request
    fed = fed_by_place(own)
    vrfs = tuple(
        replace(
            vrf,
            steering=tuple(
                term for term in vrf.steering if not request.kept.has(term) or fed.get(key_of(term)) == vrf.name
            ),
        )
        if vrf.steering is not None
        else vrf
        for vrf in request.vrfs
    )
    return replace(request, vrfs=vrfs, filters=() if request.kept.everything else request.filters)


class _VrfPlanner:
    """The order in which a plan is made."""

    def __init__(self, request: Request, own: Statement, effective: Statement | None) -> None:
        self.request: WantedVrfs = request
        self.edit = Edit(own, effective)
        self.vrfs = VrfEdits(request, self.edit)
        self.filters = FilterEdits(request, self.edit)

    def plan(self) -> RouterPlan:
        """Carry out the request on the copy and compare."""
        if self.request.rolled_back is not None:
            self._roll_back(self.request.rolled_back)
        elif self.request.state == "deleted":
            self.vrfs.refuse_all_inherited()
            self._delete()
        else:
            self.vrfs.refuse_all_inherited()
            self._converge()
        self.filters.end_emptied()
        changes = difference(self.edit.own, self.edit.after, frozenset(term.name for term in self.request.terms))
        if changes is not None:
            changes.children.sort(key=lambda section: SECTIONS.index(section.tag))
            Conflicts(self.request, self.edit, self.vrfs.removed).refuse(changes)
        names = [*self.request.names, *self.vrfs.removed]
        before = overview(self.edit.own, names, self.filters.places)
        return RouterPlan(
            changes=changes,
            before=before,
            after=overview(self.edit.after, names, self.filters.places) if changes is not None else before,
            unmanaged=self._unmanaged(),
            warnings=tuple(self.edit.warnings),
        )

    def _converge(self) -> None:
        for vrf in self.request.vrfs:
            self.vrfs.converge(vrf)
        kept = {
            vrf.name: {(*term.place, term.name) for term in vrf.steering}
            for vrf in self.request.vrfs
            if self.request.exact and vrf.steering is not None
        }
        if self.request.state == "overridden":
            wanted_names = frozenset(self.request.names)
            ours = [one.name or "" for one in routing.instances(self.edit.own) if routing.MARK_FIELD.read(one)]
            left_out = [name for name in ours if name not in wanted_names]
            self.vrfs.remove(left_out)
            kept |= {name: set() for name in left_out}
        self.filters.remove_terms(kept)
        if self.request.kept.everything:
            return
        wanted = {one.place: one for one in self.request.filters}
        for place in dict.fromkeys([*wanted, *(term.place for term in self.request.terms)]):
            self.filters.converge(place, wanted.get(place))

    def _delete(self) -> None:
        self.vrfs.remove(vrf.name for vrf in self.request.vrfs)
        self.filters.remove_terms({name: set() for name in self.request.names})
        for one in self.request.filters:
            self.filters.remove(one.place, one.tail, one.interfaces)

    def _roll_back(self, rolled_back: Sequence[AddedSteering]) -> None:
        """Take out the terms that a change added, where they still feed the same VRF, and undo its other changes."""
        added = {one.vrf: one.added for one in rolled_back}
        self.filters.drop_terms(lambda vrf, term: term in added.get(vrf, ()))
        self.request = self.filters.request = replace(
            self.request,
            vrfs=tuple(vrf for vrf in self.request.vrfs if routing.instance(self.edit.own, vrf.name) is not None),
        )
        for place in dict.fromkeys(term.place for term in self.request.terms):
            self.filters.converge(place, None)

    def _unmanaged(self) -> Mapping[str, Any]:
        """Return what stays on the router unjudged inside the VRFs and terms of the request, by configuration path."""
        found: dict[str, Any] = {}
        names = set(self.request.names)
        for vrf in self.request.vrfs:
            holder = routing.instance(self.edit.after, vrf.name)
            rest = routing.unmanaged_vrf(holder) if holder is not None else None
            if rest is not None:
                found[f"routing-instances {vrf.name}"] = without_name(rest)
        for place, holder in steer.filters(self.edit.after):
            for term in holder.all("term"):
                rest = steer.unmanaged_term(term, place[0]) if steer.target_vrf(term) in names else None
                if rest is not None:
                    found[f"firewall family {place[0]} filter {place[1]} term {term.name}"] = without_name(rest)
        return found
