# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a task wants and what a router has to the one document that is loaded.

Pure Python. :func:`parse_request` checks everything that can be checked without a router; :func:`plan` takes
the router's own configuration and the one with its groups applied, and returns the edits with the state
before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...values.hints import nearest
from ..model import filter as steer
from ..model import values as spell
from ..model import verdict
from ..model import vrf as routing
from ..model.field import ConfigError, Values, protection_error, refuse_inactive, refuse_inactive_way
from ..model.filter import Filter, Place, Term
from ..model.gathered import TermPlace, gather, without_name
from ..model.statement import Statement, difference, entry, inherited_part, protected
from .steering import (
    KEEP_ALL,
    KEEP_TERMS,
    NOTHING_KEPT,
    ROLL_BACK,
    AddedSteering,
    Kept,
    fed_by_place,
    key_of,
    parse_kept,
    parse_roll_back,
)

STATES = ("merged", "replaced", "overridden", "deleted", "rendered", "gathered")
SECTIONS = ("interfaces", "firewall", "routing-instances")
"""The sections that are written, in the order of a Junos configuration."""

READ_SECTIONS = ("interfaces", "forwarding-options", "routing-options", "firewall", "routing-instances")
"""The sections that a plan needs to see."""


@dataclass(frozen=True)
class Vrf:
    """A VRF that a task names; ``steering`` is None when left out."""

    path: str
    name: str
    values: Values
    steering: tuple[Term, ...] | None


@dataclass(frozen=True)
class Request:
    """A task's input, checked and in normal form.

    ``plans_distinguisher_id``: an earlier step of the same run gives the router a ``route-distinguisher-id``.
    ``kept``: the steering that stays as the router has it. ``rolled_back``: nothing but this is done; its VRFs are
    ``vrfs`` too. None when the call is no such call.
    """

    state: str
    vrfs: tuple[Vrf, ...]
    filters: tuple[Filter, ...]
    plans_distinguisher_id: bool = False
    kept: Kept = NOTHING_KEPT
    rolled_back: tuple[AddedSteering, ...] | None = None

    @property
    def exact(self) -> bool:
        """Whether what is not given goes."""
        return self.state in ("replaced", "overridden") or self.rolled_back is not None

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to do, whatever the router has."""
        return self.rolled_back == ()

    @property
    def names(self) -> list[str]:
        """The VRFs that are named."""
        return [vrf.name for vrf in self.vrfs]

    @property
    def places(self) -> list[Place]:
        """The filters that are named, by themselves or by a term."""
        return [*(one.place for one in self.filters), *(term.place for term in self.terms)]

    @property
    def terms(self) -> list[Term]:
        """The steering terms of all VRFs."""
        return [term for vrf in self.vrfs for term in vrf.steering or ()]

    @property
    def read_sections(self) -> tuple[str, ...]:
        """The sections of the configuration that :meth:`plan` needs to see."""
        return READ_SECTIONS

    def plan(self, own: Statement, effective: Statement | None) -> Plan:
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


@dataclass(frozen=True)
class Plan:
    """What is to be done. ``changes`` is None when the router already is as wanted."""

    changes: Statement | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    unmanaged: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


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
    vrfs: list[Vrf] = []
    for place, given in enumerate(config or []):
        path = f"config[{place}]"
        values = routing.parse_vrf(given, path)
        steering = given.get("steering")
        terms = tuple(
            steer.parse_term(one, values["name"], f"{path}.steering[{n}]", must_match=must_match)
            for n, one in enumerate(steering or [])
        )
        rest = {name: value for name, value in values.items() if name != "name"}
        vrfs.append(Vrf(path, values["name"], rest, terms if steering is not None else None))
    wanted = tuple(steer.parse_filter(one, f"filters[{place}]") for place, one in enumerate(filters or []))
    request = Request(state, tuple(vrfs), wanted, bool((planned or {}).get("route_distinguisher_id")))
    request = replace(request, kept=parse_kept(options, state, request.terms))
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
    return request


def _parse_roll_back(state: str, also: Sequence[object], options: Mapping[str, Any]) -> Request:
    """Return the request of a task that takes back the steering of an earlier one, and does nothing else."""
    if state != "merged" or also or options.get(KEEP_ALL) or options.get(KEEP_TERMS):
        raise ConfigError(
            ROLL_BACK, f"is a task of its own; leave out state, config, filters, {KEEP_ALL} and {KEEP_TERMS}"
        )
    added = parse_roll_back(options[ROLL_BACK])
    return Request(state, tuple(Vrf(one.path, one.vrf, {}, one.before) for one in added), (), rolled_back=added)


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


def plan(request: Request, own: Statement, effective: Statement | None) -> Plan:
    """Return what turns the router's configuration into what the request wants.

    ``own`` is the committed configuration as it is written, ``effective`` the same with groups applied (None:
    no router was asked, so nothing is checked against it). Nothing that a group holds is ever changed.
    """
    return _Planner(_with_kept_steering(request, own), own, effective).plan()


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


class _Planner:
    """One plan in the making: ``after`` is the router's own configuration as it is to be."""

    def __init__(self, request: Request, own: Statement, effective: Statement | None) -> None:
        self.request = request
        self.own = own
        self.effective = effective.in_effect() if effective is not None else None
        self.after = own.copy()
        given = inherited_part(effective) if effective is not None else None
        self.inherited = given or Statement("configuration")
        self.removed: list[str] = []
        self.places: set[Place] = set(request.places)
        self.warnings: list[str] = []

    def plan(self) -> Plan:
        """Carry out the request on the copy and compare."""
        if self.request.rolled_back is not None:
            self._roll_back(self.request.rolled_back)
        elif self.request.state == "deleted":
            self._refuse_all_inherited()
            self._delete()
        else:
            self._refuse_all_inherited()
            self._converge()
        self._settle_emptied()
        changes = difference(self.own, self.after, frozenset(term.name for term in self.request.terms))
        if changes is not None:
            self._refuse_shared()
            self._refuse_dangling()
            self._refuse_loops()
            changes.children.sort(key=lambda section: SECTIONS.index(section.tag))
            self._refuse_protected(changes)
        names = [*self.request.names, *self.removed]
        before = overview(self.own, names, self.places)
        return Plan(
            changes=changes,
            before=before,
            after=overview(self.after, names, self.places) if changes is not None else before,
            unmanaged=self._unmanaged(),
            warnings=tuple(self.warnings),
        )

    # --- VRFs ---

    def _refuse_all_inherited(self) -> None:
        for vrf in self.request.vrfs:
            self._refuse_inherited(vrf)

    def _refuse_inherited(self, vrf: Vrf) -> None:
        if self.effective is None or routing.instance(self.own, vrf.name) is not None:
            return
        found = routing.instance(self.effective, vrf.name)
        if found is not None:
            group = found.attributes.get("group", "another")
            raise ConfigError(
                f"{vrf.path}.name",
                f"routing instance {vrf.name} exists only through configuration group {group}, whose owner would"
                " change it at will; choose another name",
            )

    def _converge(self) -> None:
        for vrf in self.request.vrfs:
            self._converge_vrf(vrf)
        kept = {
            vrf.name: {(*term.place, term.name) for term in vrf.steering}
            for vrf in self.request.vrfs
            if self.request.exact and vrf.steering is not None
        }
        if self.request.state == "overridden":
            wanted_names = frozenset(self.request.names)
            ours = [one.name or "" for one in routing.instances(self.own) if routing.MARK_FIELD.read(one)]
            left_out = [name for name in ours if name not in wanted_names]
            self._remove_vrfs(left_out)
            kept |= {name: set() for name in left_out}
        self._remove_terms(kept)
        if self.request.kept.everything:
            return
        wanted = {one.place: one for one in self.request.filters}
        for place in dict.fromkeys([*wanted, *(term.place for term in self.request.terms)]):
            self._converge_filter(place, wanted.get(place))

    def _converge_vrf(self, vrf: Vrf) -> None:
        refuse_inactive_way(self.own, ("routing-instances",), f"{vrf.path}.name")
        holder = routing.instance(self.own, vrf.name)
        before = routing.absent_vrf(vrf.name)
        if holder is not None:
            inherited = routing.instance(self.effective, vrf.name) if self.effective is not None else None
            kind = (inherited or holder).value("instance-type")
            if kind != routing.INSTANCE_TYPE:
                raise ConfigError(
                    f"{vrf.path}.name",
                    f"routing instance {vrf.name} is of type {kind or 'forwarding'}, not vrf",
                )
            before = routing.read_vrf(holder, vrf.path)
        after = routing.combine_vrf(before, {"name": vrf.name, **vrf.values}, exact=self.request.exact)
        if any(before[name] != after[name] for mode in routing.TARGET_MODES for name in mode):
            self._refuse_mixed_targets(vrf, after)
        routing.write_vrf(self.after, before, self._without_given(vrf, before, after), vrf.path)
        self._tell_kept_label(vrf, after)
        self._refuse_unbeaten_groups(vrf, after)
        self._require_distinguisher(vrf, after)
        if before["route_distinguisher"] != after["route_distinguisher"]:
            self._tell_shared_distinguisher(vrf, after)

    def _without_given(self, vrf: Vrf, before: Values, after: Values) -> Values:
        """Return the values to write: a statement without a value that a group gives already is not made again."""
        inherited = routing.instance(self.inherited, vrf.name)
        given = [
            one.name
            for one in routing.VRF_FIELDS
            if inherited is not None and after[one.name] is True and not before[one.name] and one.read(inherited)
        ]
        return {**after, **dict.fromkeys(given, False)}

    def _tell_kept_label(self, vrf: Vrf, after: Values) -> None:
        holder = routing.instance(self.after, vrf.name)
        if holder is not None and not after["table_label"] and routing.read_vrf(holder)["table_label"]:
            self.warnings.append(
                f"vrf-table-label of VRF {vrf.name} stays, because it holds statements that this module does not"
                " model; see unmanaged"
            )

    def _refuse_unbeaten_groups(self, vrf: Vrf, after: Values) -> None:
        """Raise where the task wants nothing of a statement that a group gives: what is not there beats no group."""
        inherited = routing.instance(self.inherited, vrf.name)
        if inherited is None:
            return
        for one in routing.VRF_FIELDS:
            adds = isinstance(one.empty, (tuple, dict)) and not self.request.exact
            if one.name not in vrf.values or adds or after[one.name] != one.empty:
                continue
            if given := one.read(inherited):
                group = next(part.attributes["group"] for part in inherited.walk() if "group" in part.attributes)
                raise ConfigError(
                    f"{vrf.path}.{one.name}",
                    f"VRF {vrf.name} has {one.present(given)} through a configuration group (such as {group}), which"
                    " leaving it out does not beat; change the group, or add apply-groups-except to the instance",
                )

    def _tell_shared_distinguisher(self, vrf: Vrf, after: Values) -> None:
        automatic = (
            self.effective.value("routing-options", "route-distinguisher-id") if self.effective is not None else None
        )
        given = after["route_distinguisher"]
        if automatic and given and given.partition(":")[0] == automatic:
            self.warnings.append(
                f"route distinguisher {given} of VRF {vrf.name} shares its address with route-distinguisher-id, from"
                " which the router makes distinguishers of its own; two VRFs may come to have the same"
            )

    def _refuse_mixed_targets(self, vrf: Vrf, after: Values) -> None:
        inherited = routing.instance(self.effective, vrf.name) if self.effective is not None else None
        through_groups = [
            name
            for name, value in (routing.read_vrf(inherited) if inherited is not None else {}).items()
            if any(name in mode for mode in routing.TARGET_MODES)
            and value
            and not routing.read_vrf(routing.instance(self.own, vrf.name) or Statement("instance"))[name]
        ]
        given = routing.target_modes(vrf.values)
        modes = routing.target_modes({**after, **dict.fromkeys(through_groups, True)})
        if len(modes) > 1:
            other = next(mode for mode in modes if mode not in given)
            where = "through a configuration group" if other in through_groups else "on the router"
            raise ConfigError(
                f"{vrf.path}.{given[0] if given else other}",
                f"VRF {vrf.name} has {other} {where}, and the two do not mix;"
                " use state replaced to go from one to the other",
            )

    def _require_distinguisher(self, vrf: Vrf, after: Values) -> None:
        if self.effective is None or after["route_distinguisher"]:
            return
        inherited = routing.instance(self.inherited, vrf.name)
        if inherited is not None and inherited.value("route-distinguisher", "rd-type"):
            return
        known = self.effective.value("routing-options", "route-distinguisher-id")
        if not (known or self.request.plans_distinguisher_id):
            raise ConfigError(
                f"{vrf.path}.route_distinguisher",
                f"is needed for VRF {vrf.name}: the router has no routing-options route-distinguisher-id",
            )

    def _remove_vrfs(self, names: Iterable[str]) -> None:
        there = [name for name in dict.fromkeys(names) if routing.instance(self.after, name) is not None]
        routing.remove_vrfs(self.after, there)
        self.removed += there

    def _delete(self) -> None:
        self._remove_vrfs(vrf.name for vrf in self.request.vrfs)
        self._remove_terms({name: set() for name in self.request.names})
        for one in self.request.filters:
            self._remove_filter(one.place, one.tail, one.interfaces)

    # --- filters ---

    def _roll_back(self, rolled_back: Sequence[AddedSteering]) -> None:
        """Take out the terms that a change added, where they still feed the same VRF, and undo its other changes."""
        added = {one.vrf: one.added for one in rolled_back}
        self._drop_terms(lambda vrf, term: term in added.get(vrf, ()))
        self.request = replace(
            self.request,
            vrfs=tuple(vrf for vrf in self.request.vrfs if routing.instance(self.own, vrf.name) is not None),
        )
        for place in dict.fromkeys(term.place for term in self.request.terms):
            self._converge_filter(place, None)

    def _remove_terms(self, kept: Mapping[str, set[TermPlace]]) -> None:
        """Take out the terms that feed these VRFs, but for those kept."""
        self._drop_terms(lambda vrf, term: vrf in kept and term not in kept[vrf])

    def _drop_terms(self, goes: Callable[[str, TermPlace], bool]) -> None:
        """Take out the steering terms of which ``goes`` says so, given the VRF that a term feeds and its place."""
        for place, holder in steer.filters(self.after):
            gone = {
                id(term)
                for term in holder.all("term")
                if (fed := steer.target_vrf(term)) is not None and goes(fed, (*place, term.name or ""))
            }
            if gone:
                holder.children = [child for child in holder.children if id(child) not in gone]
                self.places.add(place)

    def _settle_emptied(self) -> None:
        """Take out the filters that the plan leaves without any term; one that is in use goes on to discard."""
        wanted = {one.place for one in self.request.filters} if self.request.state != "deleted" else set()
        for place in sorted(self.places):
            holder, before = steer.find_filter(self.after, place), steer.find_filter(self.own, place)
            if holder is None or holder.all("term") or before is None or not before.all("term"):
                continue
            if place not in wanted:
                steer.leave_lists(self.after, place)
            if place not in wanted and not self._is_used(place, ()):
                steer.remove_filter(self.after, place)
                continue
            self._refuse_shared_end(place)
            holder.children.append(steer.discarding_term())
            self.warnings.append(
                f"filter {place[1]} has lost its last steering term and stays; its new term"
                f" {steer.DISCARDING_TERM} goes on to discard what no term matches. To remove the filter with its"
                " bindings, name it in filters with state deleted"
            )

    def _refuse_shared_end(self, place: Place) -> None:
        """Raise where a filter without terms is a part of something larger, whose other terms come after it."""
        for tree in (self.after, self.inherited):
            for leaf in steer.uses(tree, place):
                if leaf.tag == "filter" or steer.is_one_of_a_list(tree, leaf):
                    raise ConfigError(
                        self.request.vrfs[0].path if self.request.vrfs else "config",
                        f"filter {place[1]} would be left without any term, and another filter or a list of filters"
                        " refers to it; take it out there first",
                    )

    def _is_used(self, place: Place, unbound: Sequence[str]) -> bool:
        """Whether a filter is needed beside the inputs of the interfaces in ``unbound``, by us or through a group."""
        return steer.is_used(self.after, place, unbound) or steer.is_used(self.inherited, place)

    def _remove_filter(self, place: Place, tail: str, interfaces: tuple[str, ...] | None) -> None:
        """Take out a filter in which only our tail is left, and its bindings; leave it when anything else needs it."""
        holder = steer.find_filter(self.after, place)
        if holder is None or not self._is_ours(holder, place, tail):
            return
        bound = steer.bound_units(self.after, place) if interfaces is None else interfaces
        if self._is_used(place, bound):
            self.warnings.append(f"filter {place[1]} is still in use elsewhere and stays, with its bindings")
            return
        for logical in bound:
            steer.unbind(self.after, place, logical)
        steer.remove_filter(self.after, place)

    def _is_ours(self, holder: Statement, place: Place, tail: str) -> bool:
        """Whether a filter holds nothing but what is made here beside steering terms."""
        return all(verdict.is_ours(term, tail, place[0], self._finder(place)) for term in holder.all("term"))

    def _finder(self, place: Place) -> verdict.FilterFinder:
        """Return what finds the filters that terms refer to: as edited, or given by a group."""
        return verdict.finder(place[0], self.after, self.effective)

    def _converge_filter(self, place: Place, wanted: Filter | None) -> None:
        terms = sorted(
            (term for term in self.request.terms if term.place == place),
            key=lambda term: (term.priority, term.name),
        )
        holder, is_new = self._filter_to_write(place, wanted, terms)
        for term in terms:
            if not self.request.kept.has(term):
                steer.write_term(holder, term, exact=self.request.exact, vrfs=self.request.names)
        ours = [term.name for term in terms]
        if wanted is not None:
            self._ensure_tail(holder, wanted, ours, is_new=is_new)
        self._arrange(holder, place, wanted, ours)
        self._bind(holder, wanted)

    def _filter_to_write(self, place: Place, wanted: Filter | None, terms: list[Term]) -> tuple[Statement, bool]:
        family, name = place
        path = f"{wanted.path}.name" if wanted is not None else f"{terms[0].path}.filter"
        refuse_inactive_way(self.after, steer.filter_path(self.after, place), path)
        holder = steer.find_filter(self.after, place)
        if holder is not None:
            return holder, False
        if self.effective is not None:
            inherited = steer.find_filter(self.effective, place)
            if inherited is not None:
                group = inherited.attributes.get("group", "another")
                raise ConfigError(
                    path,
                    f"filter {name} exists only through configuration group {group}; choose another name",
                )
            if wanted is None:
                known = [other for (kind, other), _filter in steer.filters(self.own) if kind == family]
                raise ConfigError(
                    path,
                    f"the router has no filter {name}{nearest(name, known, most=3)}; name it in filters to have it made"
                    " with its accept tail",
                )
        if wanted is not None and wanted.before is not None:
            raise ConfigError(f"{wanted.path}.before", f"the router has no filter {name}")
        holder = entry("filter", name)
        self.after.ensure("firewall", "family", family).children.append(holder)
        return holder, True

    def _ensure_tail(self, holder: Statement, wanted: Filter, ours: list[str], *, is_new: bool) -> None:
        """Give a filter its accept tail: where that is asked for, and always where the filter is made here."""
        if not is_new and wanted.default is None:
            return
        found = holder.child(("term", wanted.tail))
        if found is not None:
            if not verdict.accepts_all(found, wanted.family, self._finder(wanted.place)):
                refuse_inactive(found, wanted.path)
                raise ConfigError(
                    f"{wanted.path}.default_term",
                    f"filter {wanted.name} has a term {wanted.tail} that does not accept everything;"
                    " choose another name",
                )
            return
        other = verdict.first_catch_all(
            holder.all("term"), wanted.family, self._finder(wanted.place), but=frozenset(ours)
        )
        if other is not None:
            raise ConfigError(
                f"{wanted.path}.default",
                f"filter {wanted.name} already ends in its term {other}; leave out default, or name it in default_term",
            )
        accept = Statement("then", children=[Statement("accept")])
        holder.children.append(entry("term", wanted.tail, accept))

    def _arrange(self, holder: Statement, place: Place, wanted: Filter | None, ours: list[str]) -> None:
        terms = holder.all("term")
        anchor = verdict.first_catch_all(terms, place[0], self._finder(place), but=frozenset(ours))
        if wanted is not None and wanted.before is not None:
            anchor = wanted.before
            others = [one.name or "" for one in terms if one.name not in ours]
            if anchor not in others:
                hint = nearest(anchor, others, most=3)
                raise ConfigError(f"{wanted.path}.before", f"filter {wanted.name} has no other term {anchor}{hint}")
        if ours:
            steer.reorder(holder, steer.arrange([one.name or "" for one in terms], ours, anchor))

    def _bind(self, holder: Statement, wanted: Filter | None) -> None:
        if wanted is None:
            return
        for place, logical in enumerate(wanted.interfaces or ()):
            path = f"{wanted.path}.interfaces[{place}]"
            bound = steer.bind(self.after, self.effective, wanted.place, logical, path)
            terms = holder.all("term")
            accepts = verdict.accepts_the_rest(terms, wanted.family, self._finder(wanted.place))
            discarding = (
                verdict.list_discards_the_rest(self.effective, wanted.family, logical)
                if bound and self.effective is not None
                else []
            )
            if accepts and discarding:
                self.warnings.append(
                    f"filter {wanted.name} becomes the last of the input-list of {logical} and accepts the rest of the"
                    f" traffic, which is discarded after {', '.join(discarding)} now; set default: none to go on"
                    " discarding it"
                )
            if bound and not accepts and not discarding:
                raise ConfigError(
                    path,
                    f"filter {wanted.name} does not end in a term that accepts the rest, so {logical} would lose all"
                    " other traffic; set default: accept",
                )
            self._tell_shadows(wanted, logical)

    def _tell_shadows(self, wanted: Filter, logical: str) -> None:
        for other in verdict.shadows(self.effective, wanted.place, logical) if self.effective is not None else []:
            self.warnings.append(
                f"filter {other} of the input-list of {logical} ends every packet before filter {wanted.name} is"
                f" reached; put the steering into {other} (filter: {other}, before: TERM)"
            )

    # --- checks over the whole ---

    def _links(self) -> dict[str, dict[str, str]]:
        """Return where tables lead to by static routes once the plan is carried out."""
        links = routing.next_tables(self.after)
        for table, targets in routing.next_tables(self.inherited).items():
            if spell.table_instance(table) not in self.removed:
                links[table] = {**targets, **links.get(table, {})}
        return links

    def _refuse_loops(self) -> None:
        links = self._links()
        for vrf in self.request.vrfs:
            for table in (f"{vrf.name}.inet.0", f"{vrf.name}.inet6.0"):
                for target in links.get(table, {}):
                    way = _way(links, target, table)
                    if way:
                        raise ConfigError(
                            self._route_path(vrf, target),
                            f"next-table may loop: {' -> '.join([table, *way])}",
                        )
                    self._require_table(vrf, target)

    def _require_table(self, vrf: Vrf, table: str) -> None:
        name = spell.table_instance(table)
        if self.effective is None or not name:
            return
        rest = table.removeprefix(f"{name}.")
        known = {one.name or "" for tree in (self.after, self.effective) for one in routing.instances(tree)}
        if name not in known - set(self.removed):
            hint = nearest(table, [f"{other}.{rest}" for other in known], most=3)
            raise ConfigError(self._route_path(vrf, table), f"no routing instance has the table {table}{hint}")

    @staticmethod
    def _route_path(vrf: Vrf, target: str) -> str:
        given = list(vrf.values.get("static_routes", {}).values())
        place = next((n for n, route in enumerate(given) if route["next_table"] == target), None)
        return f"{vrf.path}.static_routes[{place}].next_table" if place is not None else vrf.path

    def _refuse_protected(self, changes: Statement) -> None:
        """Raise where the document would change what the router protects: it would leave that out and take the rest."""
        way = protected(self.own, changes)
        if way:
            raise ConfigError(self._path_of(way), protection_error(way))

    def _path_of(self, way: Sequence[Statement]) -> str:
        """Return the option that leads to a change of a statement."""
        steps = [(one.tag, one.name) for one in way]
        for vrf in self.request.vrfs:
            terms = [term for term in vrf.steering or () if ("filter", term.filter) in steps]
            own = [term.path for term in terms if ("term", term.name) in steps]
            if ("instance", vrf.name) in steps or own or (terms and not self.request.filters):
                return (own or [vrf.path])[0]
        for one in self.request.filters:
            if ("filter", one.name) in steps or way[0].tag == "interfaces":
                return one.path
        return self.request.vrfs[0].path if self.request.vrfs else "config"

    def _refuse_shared(self) -> None:
        """Raise where two instances come to have what only one can have: an interface, a route distinguisher."""
        holders = [one for tree in (self.after, self.inherited) for one in routing.instances(tree)]
        interfaces: dict[str, set[str]] = {}
        distinguishers: dict[str, set[str]] = {}
        for holder in holders:
            name = holder.name or ""
            for one in holder.all("interface"):
                interfaces.setdefault(one.name or "", set()).add(name)
            distinguisher = holder.value("route-distinguisher", "rd-type")
            if distinguisher is not None:
                distinguishers.setdefault(spell.known(spell.route_distinguisher, distinguisher), set()).add(name)
        for vrf in self.request.vrfs:
            for place, logical in enumerate(vrf.values.get("interfaces", ())):
                for other in sorted(interfaces.get(logical, set()) - {vrf.name}):
                    raise ConfigError(
                        f"{vrf.path}.interfaces[{place}]",
                        f"{logical} is already in routing instance {other}, and an interface is in one; take it out"
                        " there first",
                    )
            given = vrf.values.get("route_distinguisher")
            for other in sorted(distinguishers.get(given, set()) - {vrf.name}) if given else ():
                raise ConfigError(
                    f"{vrf.path}.route_distinguisher",
                    f"{given} is already the route distinguisher of routing instance {other}; choose another one",
                )

    def _refuse_dangling(self) -> None:
        """Raise where a route, or a term that is no steering term or a group's, leads to a VRF that is removed."""
        removed = set(self.removed)
        for table, targets in self._links().items() if removed else ():
            for target, prefix in targets.items():
                if (name := spell.table_instance(target)) in removed:
                    raise self._still_needed(name, f"the route to {prefix} in {table} leads to {target}")
        for tree in (self.after, self.inherited) if removed else ():
            for place, holder in steer.filters(tree):
                for term in holder.all("term"):
                    for name in sorted(removed & steer.instances_of(term)):
                        what = f"term {term.name} of filter {place[1]} leads to it; delete that term first"
                        raise self._still_needed(name, what)

    def _still_needed(self, name: str, why: str) -> ConfigError:
        path = next((vrf.path for vrf in self.request.vrfs if vrf.name == name), "config")
        return ConfigError(path, f"VRF {name} is still needed: {why}")

    def _unmanaged(self) -> Mapping[str, Any]:
        """Return what stays on the router unjudged inside the VRFs and terms of the request, by configuration path."""
        found: dict[str, Any] = {}
        names = set(self.request.names)
        for vrf in self.request.vrfs:
            holder = routing.instance(self.after, vrf.name)
            rest = routing.unmanaged_vrf(holder) if holder is not None else None
            if rest is not None:
                found[f"routing-instances {vrf.name}"] = without_name(rest)
        for place, holder in steer.filters(self.after):
            for term in holder.all("term"):
                rest = steer.unmanaged_term(term, place[0]) if steer.target_vrf(term) in names else None
                if rest is not None:
                    found[f"firewall family {place[0]} filter {place[1]} term {term.name}"] = without_name(rest)
        return found


def _way(links: Mapping[str, Mapping[str, str]], start: str, goal: str) -> list[str]:
    """Return a way from one table to another by static routes, both included; empty where there is none."""
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop()
        if way[-1] == goal:
            return way
        for following in links.get(way[-1], {}):
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []


# --- reporting ------------------------------------------------------------------------------------


def overview(configuration: Statement, names: Iterable[str], places: Iterable[Place]) -> Mapping[str, Any]:
    """Return VRFs and filters in effect, for ``before`` and ``after``: filters with the order of their terms."""
    configuration = configuration.in_effect()
    steering = _steering_by_vrf(configuration)
    vrfs = [_gather_vrf(configuration, name, steering) for name in dict.fromkeys(names)]
    for vrf in vrfs:
        for term in vrf.get("steering", []) if vrf else []:
            del term["priority"]
    shown = [
        {
            "name": place[1],
            "family": place[0],
            "interfaces": steer.bound_units(configuration, place),
            "terms": [term.name for term in holder.all("term")],
        }
        for place in sorted(set(places))
        if (holder := steer.find_filter(configuration, place)) is not None
    ]
    return {"config": [vrf for vrf in vrfs if vrf], "filters": shown}


def config_without_terms(
    configuration: Statement, goes: Mapping[str, Collection[TermPlace]]
) -> list[Mapping[str, Any]]:
    """Return the ``config`` that, with state ``replaced``, takes steering terms out of VRFs and leaves all else.

    ``goes`` has the terms by VRF; a VRF that has none of them is not in the result.
    """
    configuration = configuration.in_effect()
    steering = _steering_by_vrf(configuration)
    found: list[Mapping[str, Any]] = []
    for name, places in goes.items():
        vrf = _gather_vrf(configuration, name, steering)
        kept = [term for term in vrf.get("steering", ()) if _place_of(term) not in places]
        if len(kept) < len(vrf.get("steering", ())):
            found.append({**vrf, "steering": kept})
    return found


def _place_of(term: Mapping[str, Any]) -> TermPlace:
    return term["family"], term["filter"], term["name"]


def _steering_by_vrf(configuration: Statement) -> dict[str, list[Mapping[str, Any]]]:
    """Return all steering terms by the VRF they feed, with a priority that says their place in the filter."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for place, holder in steer.filters(configuration):
        for n, term in enumerate(holder.all("term")):
            fed = steer.target_vrf(term)
            if fed is not None:
                found.setdefault(fed, []).append(steer.present_term(term, place, 10 * (n + 1)))
    return found


def _gather_vrf(
    configuration: Statement, name: str, steering: Mapping[str, list[Mapping[str, Any]]]
) -> Mapping[str, Any]:
    holder = routing.instance(configuration, name)
    if holder is None:
        return {}
    shown = routing.present_vrf(routing.read_vrf(holder))
    return {**shown, "steering": steering[name]} if name in steering else shown
