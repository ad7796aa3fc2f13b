# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters and their steering terms as a plan makes them: written, put in order, bound, taken out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...values.hints import nearest
from ..model import filter as steer
from ..model import filter_effect
from ..model.field import ConfigError, refuse_inactive, refuse_inactive_way
from ..model.filter import Place, Term, WantedFilter
from ..model.gathered import TermPlace
from ..model.statement import Statement, entry
from .edit import Edit
from .wanted_vrfs import WantedVrfs


class FilterEdits:
    """The edits of filters; ``places`` are those that a plan names or changes."""

    def __init__(self, request: WantedVrfs, edit: Edit) -> None:
        self.request = request
        self.edit = edit
        self.places: set[Place] = set(request.places)

    def remove_terms(self, kept: Mapping[str, set[TermPlace]]) -> None:
        """Take out the terms that feed these VRFs, but for those kept."""
        self.drop_terms(lambda vrf, term: vrf in kept and term not in kept[vrf])

    def drop_terms(self, goes: Callable[[str, TermPlace], bool]) -> None:
        """Take out the steering terms of which ``goes`` says so, given the VRF that a term feeds and its place."""
        for place, holder in steer.filters(self.edit.after):
            gone = {
                id(term)
                for term in holder.all("term")
                if (fed := steer.target_vrf(term)) is not None and goes(fed, (*place, term.name or ""))
            }
            if gone:
                holder.children = [child for child in holder.children if id(child) not in gone]
                self.places.add(place)

    def end_emptied(self) -> None:
        """Take out the filters that the plan leaves without any term; one that is in use goes on to discard."""
        wanted = {one.place for one in self.request.filters} if self.request.state != "deleted" else set()
        for place in sorted(self.places):
            holder, before = steer.find_filter(self.edit.after, place), steer.find_filter(self.edit.own, place)
            if holder is None or holder.all("term") or before is None or not before.all("term"):
                continue
            if place not in wanted:
                steer.leave_lists(self.edit.after, place)
            if place not in wanted and not self._is_used(place, ()):
                steer.remove_filter(self.edit.after, place)
                continue
            self._refuse_shared_end(place)
            holder.children.append(steer.discarding_term())
            self.edit.warnings.append(
                f"filter {place[1]} has lost its last steering term and stays; its new term"
                f" {steer.DISCARDING_TERM} goes on to discard what no term matches. To remove the filter with its"
                " bindings, name it in filters with state deleted"
            )

    def _refuse_shared_end(self, place: Place) -> None:
        """Raise where a filter without terms is a part of something larger, whose other terms come after it."""
        for tree in (self.edit.after, self.edit.inherited):
            for leaf in steer.uses(tree, place):
                if leaf.tag == "filter" or steer.is_one_of_a_list(tree, leaf):
                    raise ConfigError(
                        self.request.vrfs[0].path if self.request.vrfs else "config",
                        f"filter {place[1]} would be left without any term, and another filter or a list of filters"
                        " refers to it; take it out there first",
                    )

    def _is_used(self, place: Place, unbound: Sequence[str]) -> bool:
        """Return whether anything but the inputs of the interfaces in ``unbound`` needs a filter."""
        return steer.is_used(self.edit.after, place, unbound) or steer.is_used(self.edit.inherited, place)

    def remove(self, place: Place, tail: str, interfaces: tuple[str, ...] | None) -> None:
        """Take out a filter in which only our tail is left, and its bindings; leave it when anything else needs it."""
        holder = steer.find_filter(self.edit.after, place)
        if holder is None or not self._is_ours(holder, place, tail):
            return
        bound = steer.bound_units(self.edit.after, place) if interfaces is None else interfaces
        if self._is_used(place, bound):
            self.edit.warnings.append(f"filter {place[1]} is still in use elsewhere and stays, with its bindings")
            return
        for logical in bound:
            steer.unbind(self.edit.after, place, logical)
        steer.remove_filter(self.edit.after, place)

    def _is_ours(self, holder: Statement, place: Place, tail: str) -> bool:
        """Return whether a filter holds nothing but what is made here beside steering terms."""
        return all(filter_effect.is_ours(term, tail, place[0], self._finder(place)) for term in holder.all("term"))

    def _finder(self, place: Place) -> filter_effect.FilterFinder:
        """Return what finds the filters that terms refer to: as edited, or given by a group."""
        return filter_effect.finder(place[0], self.edit.after, self.edit.effective)

    def converge(self, place: Place, wanted: WantedFilter | None) -> None:
        """Write the terms of a filter, put them in order, and bind the filter; make it where it is asked for."""
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

    def _filter_to_write(self, place: Place, wanted: WantedFilter | None, terms: list[Term]) -> tuple[Statement, bool]:
        family, name = place
        path = f"{wanted.path}.name" if wanted is not None else f"{terms[0].path}.filter"
        refuse_inactive_way(self.edit.after, steer.filter_path(self.edit.after, place), path)
        holder = steer.find_filter(self.edit.after, place)
        if holder is not None:
            return holder, False
        if self.edit.effective is not None:
            inherited = steer.find_filter(self.edit.effective, place)
            if inherited is not None:
                group = inherited.attributes.get("group", "another")
                raise ConfigError(
                    path,
                    f"filter {name} exists only through configuration group {group}; choose another name",
                )
            if wanted is None:
                known = [other for (kind, other), _filter in steer.filters(self.edit.own) if kind == family]
                raise ConfigError(
                    path,
                    f"the router has no filter {name}{nearest(name, known, most=3)}; name it in filters to have it made"
                    " with its accept tail",
                )
        if wanted is not None and wanted.before is not None:
            raise ConfigError(f"{wanted.path}.before", f"the router has no filter {name}")
        holder = entry("filter", name)
        self.edit.after.ensure("firewall", "family", family).children.append(holder)
        return holder, True

    def _ensure_tail(self, holder: Statement, wanted: WantedFilter, ours: list[str], *, is_new: bool) -> None:
        """Give a filter its accept tail: where that is asked for, and always where the filter is made here."""
        if not is_new and wanted.default is None:
            return
        found = holder.child(("term", wanted.tail))
        if found is not None:
            if not filter_effect.accepts_all(found, wanted.family, self._finder(wanted.place)):
                refuse_inactive(found, wanted.path)
                raise ConfigError(
                    f"{wanted.path}.default_term",
                    f"filter {wanted.name} has a term {wanted.tail} that does not accept everything;"
                    " choose another name",
                )
            return
        other = filter_effect.first_catch_all(
            holder.all("term"), wanted.family, self._finder(wanted.place), but=frozenset(ours)
        )
        if other is not None:
            raise ConfigError(
                f"{wanted.path}.default",
                f"filter {wanted.name} already ends in its term {other}; leave out default, or name it in default_term",
            )
        accept = Statement("then", children=[Statement("accept")])
        holder.children.append(entry("term", wanted.tail, accept))

    def _arrange(self, holder: Statement, place: Place, wanted: WantedFilter | None, ours: list[str]) -> None:
        terms = holder.all("term")
        anchor = filter_effect.first_catch_all(terms, place[0], self._finder(place), but=frozenset(ours))
        if wanted is not None and wanted.before is not None:
            anchor = wanted.before
            others = [one.name or "" for one in terms if one.name not in ours]
            if anchor not in others:
                hint = nearest(anchor, others, most=3)
                raise ConfigError(f"{wanted.path}.before", f"filter {wanted.name} has no other term {anchor}{hint}")
        if ours:
            steer.reorder(holder, steer.arrange([one.name or "" for one in terms], ours, anchor))

    def _bind(self, holder: Statement, wanted: WantedFilter | None) -> None:
        if wanted is None:
            return
        for place, logical in enumerate(wanted.interfaces or ()):
            path = f"{wanted.path}.interfaces[{place}]"
            bound = steer.bind(self.edit.after, self.edit.effective, wanted.place, logical, path)
            terms = holder.all("term")
            accepts = filter_effect.accepts_the_rest(terms, wanted.family, self._finder(wanted.place))
            discarding = (
                filter_effect.list_discards_the_rest(self.edit.effective, wanted.family, logical)
                if bound and self.edit.effective is not None
                else []
            )
            if accepts and discarding:
                self.edit.warnings.append(
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

    def _tell_shadows(self, wanted: WantedFilter, logical: str) -> None:
        for other in (
            filter_effect.shadows(self.edit.effective, wanted.place, logical) if self.edit.effective is not None else []
        ):
            self.edit.warnings.append(
                f"filter {other} of the input-list of {logical} ends every packet before filter {wanted.name} is"
                f" reached; put the steering into {other} (filter: {other}, before: TERM)"
            )
