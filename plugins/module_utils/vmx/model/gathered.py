# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VRFs and their steering as a router has them, in the shape of a task's input.

Pure Python. :func:`gather` holds to one law: what it returns as ``config`` and ``filters`` is taken by the module, and
given back to the same router with state merged it changes nothing. What no option can say, and what is deactivated,
is returned as ``unmanaged``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ...values import names as spelled
from . import filter as steer
from . import filter_effect
from . import vrf as routing
from .field import ConfigError
from .filter import Place
from .statement import Statement, as_data, inherited_part, mask_secrets

DEACTIVATED = "inactive: "
"""How the place of something begins that is deactivated, or stands in something that is."""

INHERITED = "inherited: "
"""How the place of something begins that a configuration group gives."""

Shape = Mapping[str, Any]
"""Something in the shape of a task's input."""

TermPlace = tuple[str, str, str]
"""Where a steering term is: address family, filter and name."""


def gather(configuration: Statement, names: Sequence[str], effective: Statement | None = None) -> Shape:
    """Return VRFs (all, where none is named) and the filters that feed them, as ``config``, ``filters`` and
    ``unmanaged``.

    ``effective`` is the configuration with groups applied, None for one without groups.
    """
    return _ConfigurationReader(configuration, names, effective).gather()


class _ConfigurationReader:
    """One reading of a configuration: of all VRFs, or of those named."""

    def __init__(self, own: Statement, names: Collection[str], effective: Statement | None) -> None:
        self._own = own
        self._live = own.in_effect()
        self._names = names
        given = inherited_part(effective.in_effect()) if effective is not None else None
        self._inherited = given or Statement("configuration")
        self._effective = effective

    def gather(self) -> Shape:
        """Return what a task can say, and the rest."""
        vrfs = self._vrfs()
        known = {vrf["name"] for vrf in vrfs}
        steering = self._steering(known)
        feeding = sorted({(family, name) for family, name, _term in steering})
        unmanaged = (
            self._rest_of_vrfs(known),
            self._rest_of_terms(steering),
            self._deactivated_bindings(feeding),
            self._given_by_groups(),
        )
        return {
            "config": [{**vrf, **_steering_of(vrf["name"], steering)} for vrf in vrfs],
            "filters": [self._filter(place) for place in feeding],
            "unmanaged": {place: data for part in unmanaged for place, data in part},
        }

    def _is_wanted(self, name: str | None) -> bool:
        return name is not None and (not self._names or name in self._names)

    # --- what a task can say ---

    def _instances(self, configuration: Statement) -> list[Statement]:
        found = [one for one in routing.instances(configuration) if self._is_wanted(one.name)]
        return [one for one in found if one.value("instance-type") == routing.INSTANCE_TYPE]

    def _vrfs(self) -> list[Shape]:
        offered = [routing.offer_vrf(routing.read_vrf(one)) for one in self._instances(self._live)]
        return [self._with_given_label(vrf) for vrf in offered if vrf]

    def _with_given_label(self, vrf: Shape) -> Shape:
        """Return a VRF that has the label where a group gives it: a task cannot leave that open."""
        holder = routing.instance(self._inherited, vrf["name"])
        given = holder is not None and routing.read_vrf(holder)["table_label"]
        return {**vrf, "table_label": vrf["table_label"] or given}

    def _finder(self, place: Place) -> filter_effect.FilterFinder:
        return filter_effect.finder(place[0], self._live, self._effective)

    def _steering(self, vrfs: Collection[str]) -> dict[TermPlace, tuple[str, Shape]]:
        """Return the VRF and the shape of each term that feeds one of these VRFs and that a task can say.

        A term behind one that ends every packet is left out: a task's terms go before that.
        """
        found: dict[TermPlace, tuple[str, Shape]] = {}
        for place, holder in steer.filters(self._live):
            if steer.find_filter(self._live, place) is not holder or not self._filter(place):
                continue
            shapes = {
                term.name or "": (fed, shape)
                for number, term in enumerate(holder.all("term"), start=1)
                if (fed := steer.target_vrf(term) or "") in vrfs
                and (shape := steer.offer_term(term, place, 10 * number))
            }
            found |= {(*place, name): shapes[name] for name in self._reached(holder, place, shapes) if name in shapes}
        return found

    def _reached(self, holder: Statement, place: Place, ours: Collection[str]) -> list[str]:
        """Return the terms before the first one that ends every packet, those in ``ours`` left aside."""
        names = [term.name or "" for term in holder.all("term")]
        end = filter_effect.first_catch_all(holder.all("term"), place[0], self._finder(place), but=frozenset(ours))
        return names[: names.index(end)] if end is not None else names

    def _filter(self, place: Place) -> Shape:
        """Return a filter in the shape of an item of ``filters``; empty where a task cannot name it."""
        family, name = place
        bound = [one for one in steer.bound_units(self._live, place) if spelled.fits(spelled.logical_interface, one)]
        offered: Shape = {"name": name, "family": family, "interfaces": bound}
        holder = steer.find_filter(self._live, place)
        last = holder.all("term")[-1:] if holder is not None else []
        accepts = bool(last) and filter_effect.accepts_all(last[0], family, self._finder(place))
        tail = {"default": "accept", "default_term": last[0].name} if accepts else {}
        return next((one for one in ({**offered, **tail}, offered) if _is_taken(one)), {})

    # --- what is left ---

    def _rest_of_vrfs(self, told: Collection[str]) -> Iterator[tuple[str, Any]]:
        """Yield what is left of VRFs, and those that a task cannot name or that are deactivated."""
        above = self._own.active("routing-instances") is not None
        for holder in self._instances(self._own):
            active = above and holder.is_active
            rest = routing.unmanaged_vrf(holder) if active and holder.name in told else holder
            if rest is not None:
                yield _marked(f"routing-instances {holder.name}", active=active), without_name(rest)

    def _rest_of_terms(self, told: Collection[TermPlace]) -> Iterator[tuple[str, Any]]:
        """Yield what is left of steering terms, and those that a task cannot say or that are deactivated."""
        for place, holder in steer.filters(self._own):
            above = steer.find_filter(self._live, place) is not None and holder.is_active
            for term in holder.all("term"):
                if not self._is_wanted(steer.target_vrf(term)):
                    continue
                known = (*place, term.name or "") in told
                rest = steer.unmanaged_term(term, place[0]) if known else term
                if rest is not None:
                    yield _marked(_place_of(place, term), active=above and term.is_active), without_name(rest)

    def _deactivated_bindings(self, feeding: Collection[Place]) -> Iterator[tuple[str, Any]]:
        """Yield bindings of filters that are deactivated, or whose interface is."""
        for place in feeding:
            live = steer.bound_units(self._live, place)
            for logical in steer.bound_units(self._own, place):
                if logical not in live:
                    yield f"{DEACTIVATED}interfaces {logical} family {place[0]} filter", place[1]

    def _given_by_groups(self) -> Iterator[tuple[str, Any]]:
        for holder in routing.instances(self._inherited):
            if self._is_wanted(holder.name):
                yield f"{INHERITED}routing-instances {holder.name}", without_name(holder)
        for place, holder in steer.filters(self._inherited):
            for term in holder.all("term"):
                if self._is_wanted(steer.target_vrf(term)):
                    yield INHERITED + _place_of(place, term), without_name(term)


def _is_taken(offered: Shape) -> bool:
    try:
        steer.parse_filter(offered, "")
    except ConfigError:
        return False
    return True


def _steering_of(name: str, steering: Mapping[TermPlace, tuple[str, Shape]]) -> Shape:
    terms = [term for fed, term in steering.values() if fed == name]
    return {"steering": terms} if terms else {}


def _place_of(place: Place, term: Statement) -> str:
    return f"firewall family {place[0]} filter {place[1]} term {term.name}"


def _marked(place: str, *, active: bool) -> str:
    return place if active else DEACTIVATED + place


def without_name(statement: Statement) -> Any:
    """Return a statement as data, without the key of its list and without secrets."""
    shown = Statement(statement.tag, children=[one.copy() for one in statement.children if one.tag != "name"])
    mask_secrets(shown)
    return as_data(shown)
