# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router's configuration has of VRFs, filters and steering terms, and which of it the data model cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...vmx.model import filter as steer
from ...vmx.model import filter_effect, gathered
from ...vmx.model import vrf as routing
from ...vmx.model.field import ConfigError
from ...vmx.model.statement import Statement
from ...vmx.model.values import show_route_target

INHERITED_KEYS = (*(name for mode in routing.TARGET_MODES for name in mode), "static_routes")
"""What of a VRF must be its own, and not of a configuration group: which routes it has, and to whom it gives them."""


def survey(written: Statement, effective: Statement) -> Mapping[str, Any]:
    """Return what a router has, in the shape of ``gathered`` of ``vmx_vrf``, and ``hindrances``.

    :param written: the configuration as it is written.
    :param effective: the same with its groups applied.
    :returns: ``config`` and ``filters``; in ``hindrances`` an item ``{vrf, targets, reason}`` for each VRF that the
        data model has no words for, and ``{vrf, filter, family, term, reason}`` for each such term; in
        ``asides`` items of the same shape with ``what`` for what the site leaves alone.
    """
    found = gathered.gather(written, [])
    hindrances = [*_vrf_hindrances(written, effective), *_term_hindrances(written, effective, _sayable(found))]
    return {
        "config": found["config"],
        "filters": found["filters"],
        "hindrances": hindrances,
        "asides": list(_asides(written)),
    }


TermPlace = tuple[str, str, str]
"""Where a steering term is: address family, filter and name."""


def _sayable(found: Mapping[str, Any]) -> frozenset[TermPlace]:
    """Return the terms that were gathered."""
    return frozenset(
        (term["family"], term["filter"], term["name"]) for vrf in found["config"] for term in vrf.get("steering") or ()
    )


def _asides(written: Statement) -> Iterator[Mapping[str, Any]]:
    """Yield what VRFs and terms have that nothing here models, and that the site leaves alone."""
    for found in routing.instances(written):
        rest = routing.unmanaged_vrf(found)
        if rest is not None and (what := _tags(rest)):
            yield {"vrf": found.name or "", "what": what}
    for (family, name), holder in steer.filters(written):
        for term in holder.all("term"):
            rest = steer.unmanaged_term(term, family)
            done = rest.child("then") if rest is not None else None
            what = ", ".join(filter(None, [term.value("then", "count") and "count", _tags(done)]))
            if what:
                place = {"filter": name, "family": family, "term": term.name}
                yield {"vrf": steer.target_vrf(term), **place, "what": what}


def _tags(statement: Statement | None) -> str:
    children = statement.children if statement is not None else []
    return ", ".join(dict.fromkeys(child.tag for child in children if child.tag != "name"))


# --- VRFs -------------------------------------------------------------------------------------------------------------


def _vrf_hindrances(written: Statement, effective: Statement) -> Iterator[Mapping[str, Any]]:
    # What is deactivated may be missing in the configuration with groups applied.
    every = {one.name: one for configuration in (written, effective) for one in routing.instances(configuration)}
    for found in every.values():
        if found.value("instance-type") != routing.INSTANCE_TYPE:
            continue
        reason = _vrf_hindrance(written, found)
        if reason is not None:
            yield {"vrf": found.name or "", "targets": _targets(found), "reason": reason}


def _targets(found: Statement) -> list[str]:
    values = routing.read_vrf(found)
    listed = (*values["import_route_targets"], *values["export_route_targets"])
    return [show_route_target(each) for each in (values["route_target"], *listed) if each]


def _vrf_hindrance(written: Statement, found: Statement) -> str | None:
    own = routing.instance(written, found.name or "")
    if own is None:
        return f"it comes from configuration group {found.attributes.get('group', 'another')}"
    holder = written.find("routing-instances")
    if holder is not None and "inactive" in holder.attributes:
        return "routing-instances is deactivated on the router"
    try:
        values = routing.read_vrf(own, own.name or "")
    except ConfigError as error:
        return error.reason
    inherited = routing.read_vrf(found)
    differing = [key for key in INHERITED_KEYS if values[key] != inherited[key]]
    return f"a configuration group gives it {' and '.join(differing)}" if differing else None


# --- terms ------------------------------------------------------------------------------------------------------------


def _term_hindrances(
    written: Statement, effective: Statement, sayable: frozenset[TermPlace]
) -> Iterator[Mapping[str, Any]]:
    for place, holder in _all_filters(written, effective):
        end: str | None = None
        for term in holder:
            vrf = steer.target_vrf(term)
            reason = _term_hindrance(written, place, term, end) if vrf is not None else None
            if reason is None and vrf is not None and (*place, term.name or "") not in sayable:
                reason = "it takes traffic by what the data model has no key for, or whatever comes in"
            if reason is not None:
                yield {"vrf": vrf, "filter": place[1], "family": place[0], "term": term.name, "reason": reason}
            if end is None and filter_effect.ends_all(term, place[0], filter_effect.finder(place[0], effective)):
                end = term.name


def _all_filters(written: Statement, effective: Statement) -> Iterator[tuple[steer.Place, list[Statement]]]:
    """Yield the terms of all filters in their order, those included that are deactivated."""
    known = dict(steer.filters(effective))
    own = dict(steer.filters(written))
    for place in dict.fromkeys([*own, *known]):
        terms = known[place].all("term") if place in known else []
        names = {term.name for term in terms}
        missing = [term for term in (own[place].all("term") if place in own else []) if term.name not in names]
        yield place, [*terms, *missing]


def _term_hindrance(written: Statement, place: steer.Place, term: Statement, end: str | None) -> str | None:
    steps = steer.filter_path(written, place)
    way = [found for length in range(1, len(steps) + 1) if (found := written.find(*steps[:length])) is not None]
    if len(way) < len(steps):
        return "the filter comes from a configuration group"
    own = way[-1].child(("term", term.name or ""))
    if any("inactive" in each.attributes for each in [*way, *(own.walk() if own is not None else ())]):
        return "it is deactivated on the router, in whole or in part"
    if own is None or _content(own) != _content(term):
        return "it comes from a configuration group, or has a part from one"
    if end is not None:
        return f"it stands behind term {end}, which takes all traffic"
    return _unmanaged(own, place[0])


def _unmanaged(term: Statement, family: str) -> str | None:
    """Return what a term matches or does beyond what the data model can say."""
    rest = steer.unmanaged_term(term, family)
    if rest is None:
        return None
    matched = rest.child("from")
    if matched is not None and matched.children:
        tags = ", ".join(sorted({each.tag for each in matched.children}))
        return f"it matches by {tags}, for which the data model has no key"
    done = rest.child("then")
    deeds = sorted({each.tag for each in done.children} & filter_effect.ACTIONS.keys()) if done is not None else []
    if rest.child("filter") is not None:
        deeds.append("filter")
    return f"it also has {', '.join(deeds)}" if deeds else None


def _content(statement: Statement) -> tuple[Any, ...]:
    """Return what a statement says, without where it comes from and in which order it has its parts."""
    return (statement.tag, statement.text or "", tuple(sorted(_content(each) for each in statement.children)))
