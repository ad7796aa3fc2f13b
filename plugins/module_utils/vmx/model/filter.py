# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steering terms, the filters they stand in, and the interfaces a filter is bound to.

Pure Python. A steering term sends traffic of an interface into a VRF (``then routing-instance``). It belongs
to the VRF it feeds; the filter's tail and binding belong to the filter. Terms that steer nowhere, and terms
whose VRF is not named in a task, are foreign: they keep their place and content.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...values.hints import nearest
from ...values.option_spec import OptionSpecs
from ...values.protocols import junos_protocol
from . import values as spell
from .field import (
    EXCEPT,
    ConfigError,
    Entries,
    JunosField,
    Several,
    Values,
    checked,
    combine,
    descriptions,
    offer_fields,
    parse_fields,
    present_fields,
    read_fields,
    refuse_deactivated,
    refuse_inactive,
    refuse_inactive_way,
    specifications,
    write_fields,
)
from .statement import Statement, Step, entry

FAMILIES = ("inet", "inet6")
DEFAULT_PRIORITY = 100
DEFAULT_TAIL = "default"
PRESENT_EMPTY = frozenset(FAMILIES)
"""Containers of an interface that mean something without content."""

DISCARDING_TERM = "discard"
"""The term that goes on to discard where a filter that is in use would be left without any term."""


def _prefixes(option: str, tag: str, description: str, only: str | None = None) -> Entries:
    matched = spell.matched_prefix
    return Entries(option, ("from", tag), spell.prefix, only=only, understand=matched, description=description)


def _match_fields(protocol: str, dscp: str) -> tuple[JunosField, ...]:
    return (
        _prefixes("source", "source-address", "Source prefixes."),
        _prefixes(
            "source_except",
            "source-address",
            "Source prefixes to leave out of O(config[].steering[].source).",
            EXCEPT,
        ),
        _prefixes("destination", "destination-address", "Destination prefixes."),
        _prefixes(
            "destination_except",
            "destination-address",
            "Destination prefixes to leave out of O(config[].steering[].destination).",
            EXCEPT,
        ),
        Several(
            "protocol",
            ("from", protocol),
            junos_protocol,
            description="IP protocols by name, by number, or ranges of numbers, such as V(50-51).",
        ),
        Several(
            "source_ports",
            ("from", "source-port"),
            spell.port,
            understand=spell.matched_port,
            description="Source ports and ranges of them, such as V(80) or V(1024-65535).",
        ),
        Several(
            "destination_ports",
            ("from", "destination-port"),
            spell.port,
            understand=spell.matched_port,
            description="Destination ports and ranges of them.",
        ),
        Several(
            "dscp",
            ("from", dscp),
            spell.dscp,
            description=(
                "Values of the DSCP (of the traffic class in family inet6), such as V(ef), V(af31), V(46) or V(0x2e)."
            ),
        ),
        JunosField(
            "counter",
            ("then", "count"),
            spell.filter_name,
            keep=False,
            description="Name of a counter for the packets of this term. An empty text removes it.",
        ),
    )


TERM_FIELDS: dict[str, tuple[JunosField, ...]] = {
    "inet": _match_fields("protocol", "dscp"),
    "inet6": _match_fields("next-header", "traffic-class"),
}
"""The model of a steering term by address family; protocol and DSCP have other names in family inet6."""

TARGET = JunosField("vrf", ("then", "routing-instance", "routing-instance-name"))

Place = tuple[str, str]
"""A filter: its family and name."""

HOLDERS: tuple[tuple[str, tuple[Step, ...]], ...] = (
    *((family, ("firewall", "family", family)) for family in FAMILIES),
    ("inet", ("firewall",)),
)
"""Where filters stand, with their family; those directly below ``[edit firewall]`` are of family inet (Junos YANG)."""


@dataclass(frozen=True)
class Term:
    """A steering term that a task names; ``path`` is where."""

    path: str
    vrf: str
    filter: str
    family: str
    name: str
    priority: int
    values: Values

    @property
    def place(self) -> Place:
        """The filter meant."""
        return self.family, self.filter


@dataclass(frozen=True)
class WantedFilter:
    """A filter that a task names. ``interfaces`` is None when left out, ``default`` is accept or None."""

    path: str
    name: str
    family: str
    interfaces: tuple[str, ...] | None
    default: str | None
    tail: str
    before: str | None

    @property
    def place(self) -> Place:
        """The filter meant."""
        return self.family, self.name


def term_options() -> OptionSpecs:
    """Return the argument specification of an item of ``steering``."""
    return {
        "filter": {"type": "str", "required": True},
        "family": {"type": "str", "choices": list(FAMILIES), "default": "inet"},
        "name": {"type": "str", "required": True},
        "priority": {"type": "int", "default": DEFAULT_PRIORITY},
        **specifications(TERM_FIELDS["inet"]),
    }


TERM_TEXTS = {
    "filter": "Filter in which the term stands. One that the router does not have must be named in O(filters).",
    "family": "Address family of the filter.",
    "name": "Name of the term, at most 64 characters.",
    "priority": (
        "Place among the terms of this call in the same filter; the lowest comes first, the same by name.\n"
        "Terms of VRFs that a call does not name keep their place."
    ),
    **descriptions(TERM_FIELDS["inet"]),
}
"""What the documentation says of an item of ``steering``."""

PLACE_TEXTS = {
    "filter": "Filter in which the term stands.",
    "family": TERM_TEXTS["family"],
    "name": "Name of the term.",
}
"""What the documentation says of an item that names a steering term."""

FILTER_TEXTS = {
    "name": "Name of the filter, at most 64 characters.",
    "family": "Address family of the filter.",
    "interfaces": (
        "Logical interfaces whose input the filter is bound to, such as V(ge-0/0/0.0). They and their address family "
        "must exist.\n"
        "An interface with a filter list gets the filter added; one with another input filter is refused, and so are "
        "two filters of one task for an interface without a list.\n"
        "With O(state=deleted) the filter is taken off these; left out, off all."
    ),
    "default": (
        "V(accept) says that the filter ends in a tail of ours that accepts the rest, which is made where it is "
        "missing.\n"
        "Left out, a filter that is made here gets that tail as well; in a filter that exists no tail is made, judged "
        "or removed."
    ),
    "default_term": "Name of the tail.",
    "before": (
        "Term of a filter that is not ours before which the steering terms go. Left out, that is the first term that "
        "matches everything."
    ),
}
"""What the documentation says of an item of ``filters``."""


def filter_options() -> OptionSpecs:
    """Return the argument specification of an item of ``filters``."""
    return {
        "name": {"type": "str", "required": True},
        "family": {"type": "str", "choices": list(FAMILIES), "default": "inet"},
        "interfaces": {"type": "list", "elements": "str"},
        "default": {"type": "str", "choices": ["accept"]},
        "default_term": {"type": "str", "default": DEFAULT_TAIL},
        "before": {"type": "str"},
    }


def parse_term(given: Mapping[str, Any], vrf: str, path: str, *, must_match: bool) -> Term:
    """Return one item of a VRF's ``steering``, checked; ``must_match``: a term that matches all traffic is refused."""
    family = given.get("family") or "inet"
    values = parse_fields(TERM_FIELDS[family], given, path)
    for side in ("source", "destination"):
        for option in (side, f"{side}_except"):
            for place, prefix in enumerate(values.get(option, ())):
                if spell.family_of(prefix) != family:
                    raise ConfigError(
                        f"{path}.{option}[{place}]",
                        f"{prefix} is no {family} prefix; IPv6 traffic needs a filter of family inet6",
                    )
        if values.get(f"{side}_except") and not values.get(side) and must_match:
            raise ConfigError(f"{path}.{side}_except", f"needs {side} as well: exceptions alone match no address")
        both = [one for one in values.get(side, ()) if one in values.get(f"{side}_except", ())]
        if both:
            raise ConfigError(f"{path}.{side}_except", f"{both[0]} is in {side}, too")
    if must_match and not any(value for option, value in values.items() if option != "counter"):
        raise ConfigError(
            path, "matches all traffic of the interface; give source, destination, protocol, ports or dscp"
        )
    return Term(
        path=path,
        vrf=vrf,
        filter=checked(spell.filter_name, given["filter"], f"{path}.filter"),
        family=family,
        name=checked(spell.filter_name, given["name"], f"{path}.name"),
        priority=DEFAULT_PRIORITY if given.get("priority") is None else int(given["priority"]),
        values=values,
    )


def parse_filter(given: Mapping[str, Any], path: str) -> WantedFilter:
    """Return one item of ``filters``, checked."""
    bound = given.get("interfaces")
    before = given.get("before")
    if before and given.get("default"):
        raise ConfigError(
            f"{path}.before",
            "says where terms go in a filter that is not ours; leave out default, which makes a tail of our own",
        )
    return WantedFilter(
        path=path,
        name=checked(spell.filter_name, given["name"], f"{path}.name"),
        family=given.get("family") or "inet",
        interfaces=None
        if bound is None
        else tuple(checked(spell.unit, one, f"{path}.interfaces[{n}]") for n, one in enumerate(bound)),
        default=given.get("default"),
        tail=checked(spell.filter_name, given.get("default_term") or DEFAULT_TAIL, f"{path}.default_term"),
        before=checked(spell.filter_name, before, f"{path}.before") if before else None,
    )


# --- reading and writing filters ------------------------------------------------------------------


def find_filter(configuration: Statement, place: Place) -> Statement | None:
    """Return a filter by its family and name; ``[edit firewall filter F]`` is of family inet."""
    family, name = place
    ways = (configuration.find(*steps, ("filter", name)) for known, steps in HOLDERS if known == family)
    return next((found for found in ways if found is not None), None)


def filters(configuration: Statement) -> list[tuple[Place, Statement]]:
    """Return all filters with their family and name."""
    return [
        ((family, one.name or ""), one)
        for family, steps in HOLDERS
        if (holder := configuration.find(*steps)) is not None
        for one in holder.all("filter")
    ]


def filter_path(configuration: Statement, place: Place) -> tuple[Step, ...]:
    """Return the path at which a filter stands, or at which a new one would."""
    family, name = place
    paths: list[tuple[Step, ...]] = [(*steps, ("filter", name)) for known, steps in HOLDERS if known == family]
    return next((path for path in paths if configuration.find(*path) is not None), paths[0])


def remove_filter(configuration: Statement, place: Place) -> None:
    """Take a filter out of a configuration."""
    *way, step = filter_path(configuration, place)
    holder, found = configuration.find(*way), configuration.find(*way, step)
    if holder is not None and found is not None:
        holder.drop(found)


def target_vrf(term: Statement) -> str | None:
    """Return the VRF that a term names, even where that is deactivated; None for any other term."""
    return term.value(*TARGET.path)


def instances_of(term: Statement) -> set[str]:
    """Return the routing instances that the actions of a term name, as steering, decapsulation and next hops can do."""
    then = term.child("then")
    named = {"routing-instance", "routing-instance-name"}
    return {part.text for part in then.walk() if part.tag in named and part.text} if then is not None else set()


def read_term(term: Statement, family: str) -> Values:
    """Return the values of a term on the router."""
    return read_fields(TERM_FIELDS[family], term)


def write_term(holder: Statement, wanted: Term, *, exact: bool, vrfs: Sequence[str]) -> None:
    """Make a term of the filter ``holder`` what is wanted; a new one is put at the end.

    A term of that name which steers nowhere, or into a VRF that is not among ``vrfs``, is somebody else's.
    """
    fields = TERM_FIELDS[wanted.family]
    found = holder.child(("term", wanted.name))
    if found is None:
        found = entry("term", wanted.name)
        holder.children.append(found)
    if not found.is_active:
        refuse_inactive(found, wanted.path)
    before = read_fields(fields, found)
    fed = target_vrf(found)
    if fed is None and not found.is_bare:
        raise ConfigError(
            f"{wanted.path}.name",
            f"filter {wanted.filter} has a term {wanted.name} that steers into no VRF; choose another name",
        )
    if fed is not None and fed not in vrfs:
        raise ConfigError(
            f"{wanted.path}.name",
            f"term {wanted.name} of filter {wanted.filter} steers into VRF {fed}, which this task does not name;"
            " choose another name, or name that VRF as well",
        )
    after = combine(fields, before, wanted.values, exact=exact)
    write_fields(fields, found, before, after)
    TARGET.write(found, wanted.vrf)
    refuse_deactivated((*fields, TARGET), found, {**after, TARGET.name: wanted.vrf}, wanted.path)


def discarding_term() -> Statement:
    """Return the term that stands for the end of every filter: what no term takes is discarded (Junos)."""
    return entry("term", DISCARDING_TERM, Statement("then", children=[Statement("discard")]))


def unmanaged_term(term: Statement, family: str) -> Statement | None:
    """Return what a steering term holds beyond what is modelled here; None when nothing."""
    rest = term.copy()
    for one in (*TERM_FIELDS[family], TARGET):
        one.strip(rest)
    return None if rest.is_bare else rest


def present_term(term: Statement, place: Place, priority: int) -> Values:
    """Return a steering term in the shape of an item of ``steering``."""
    family, name = place
    shown = present_fields(TERM_FIELDS[family], read_term(term, family))
    return {"filter": name, "family": family, "name": term.name, "priority": priority, **shown}


def offer_term(term: Statement, place: Place, priority: int) -> Values:
    """Return what a task can say of a steering term, in the shape of an item of ``steering``.

    It is empty where a task cannot name the term, or where what it could say of it would match other traffic.
    """
    family, name = place
    shown = offer_fields(TERM_FIELDS[family], read_term(term, family))
    offered = {"filter": name, "family": family, "name": term.name or "", "priority": priority, **shown}
    try:
        parse_term(offered, "", "", must_match=True)
    except ConfigError:
        return {}
    return offered


# --- order ----------------------------------------------------------------------------------------


def arrange(current: Sequence[str], ours: Sequence[str], anchor: str | None) -> list[str]:
    """Return the order of a filter's terms: ``ours`` in their order and before ``anchor``, the others as they are.

    ``current`` holds all names. One of ours that is in order and before the anchor stays where it is; every
    other one goes directly before the next of ours, or before the anchor, or to the end where there is no
    anchor.
    """
    mine = set(ours)
    limit = current.index(anchor) if anchor is not None else len(current)
    stay: list[str] = []
    place = -1
    for name in ours:
        here = current.index(name)
        if place < here < limit:
            stay.append(name)
            place = here
    arranged = [name for name in current if name not in mine or name in stay]
    following = anchor
    for name in reversed(ours):
        if name not in stay:
            arranged.insert(arranged.index(following) if following is not None else len(arranged), name)
        following = name
    return arranged


def reorder(holder: Statement, names: Sequence[str]) -> None:
    """Put the terms of a filter into this order."""
    terms = {one.name: one for one in holder.all("term")}
    others = [one for one in holder.children if one.tag != "term"]
    holder.children = others + [terms[name] for name in names]


# --- interfaces -----------------------------------------------------------------------------------


def unit_path(logical: str, family: str) -> tuple[Step, ...]:
    """Return the path of a family of a logical interface."""
    interface, _dot, number = logical.rpartition(".")
    return ("interfaces", ("interface", interface), ("unit", number), "family", family)


def units(configuration: Statement) -> list[tuple[str, Statement]]:
    """Return all logical interfaces, as ``ge-0/0/0.0``, with their statement."""
    holder = configuration.find("interfaces")
    return [
        (f"{interface.name}.{unit.name}", unit)
        for interface in (holder.all("interface") if holder is not None else [])
        for unit in interface.all("unit")
    ]


def input_filters(unit: Statement, family: str) -> tuple[str | None, list[str]]:
    """Return the input filter and the input list of a unit."""
    holder = unit.find("family", family, "filter")
    if holder is None:
        return None, []
    return holder.value("input", "filter-name"), [one.text or "" for one in holder.all("input-list")]


def filter_lists(configuration: Statement) -> dict[str, set[str]]:
    """Return the filters of the lists of each interface, by the name that Junos gives the list (``ge-0/0/0.0-i``)."""
    found: dict[str, set[str]] = {}
    for logical, unit in units(configuration):
        for family in FAMILIES:
            holder = unit.find("family", family, "filter") or Statement("filter")
            for tag, way in (("input-list", "i"), ("output-list", "o")):
                found.setdefault(f"{logical}-{way}", set()).update(one.text or "" for one in holder.all(tag))
    return found


def filter_counters(configuration: Statement, name: str) -> set[str]:
    """Return the counters of the terms of all filters of a name."""
    found = [holder for (_family, known), holder in filters(configuration) if known == name]
    return {count for holder in found for term in holder.all("term") if (count := term.value("then", "count"))}


def bound_units(configuration: Statement, place: Place) -> list[str]:
    """Return the logical interfaces whose input passes the filter."""
    family, name = place
    found = []
    for logical, unit in units(configuration):
        single, listed = input_filters(unit, family)
        if name == single or name in listed:
            found.append(logical)
    return found


def bind(configuration: Statement, effective: Statement | None, place: Place, logical: str, path: str) -> bool:
    """Bind a filter to the input of a logical interface; return whether that changed anything.

    An interface whose input already passes another filter is refused, one with a filter list gets ours added
    to it. ``effective`` is the configuration with groups applied, None when no router was asked.
    """
    family, name = place
    steps = unit_path(logical, family)
    refuse_inactive_way(configuration, steps, path)
    if effective is not None:
        known = dict(units(effective))
        if logical not in known:
            raise ConfigError(path, f"the router has no logical interface {logical}{nearest(logical, known, most=3)}")
        if known[logical].find("family", family) is None:
            raise ConfigError(path, f"{logical} has no family {family}; configure its address first")
        single, listed = input_filters(known[logical], family)
        if name == single or name in listed:
            return False
        refuse_inactive(configuration.find(*steps, "filter"), path)
        if single is not None:
            raise ConfigError(
                path,
                f"{logical} already has input filter {single}; put the steering into that one"
                f" (filter: {single}, before: TERM), or change the interface to an input-list first",
            )
        if listed:
            configuration.ensure(*steps, "filter").children.append(Statement("input-list", name))
            return True
    edited = configuration.value(*steps, "filter", "input", "filter-name")
    if edited not in (None, name):
        raise ConfigError(
            path,
            f"{logical} gets the input filter {edited} in the same task, and an interface takes one; put all steering"
            " terms of the interface into one filter, or change the interface to an input-list first",
        )
    configuration.ensure(*steps, "filter", "input", "filter-name").text = name
    return True


def unbind(configuration: Statement, place: Place, logical: str) -> None:
    """Take a filter off the input of a logical interface."""
    family, name = place
    steps = unit_path(logical, family)
    if configuration.value(*steps, "filter", "input", "filter-name") == name:
        configuration.remove(*steps, "filter", "input", keep=PRESENT_EMPTY)
    holder = configuration.find(*steps, "filter")
    for one in holder.all("input-list") if holder is not None else []:
        if holder is not None and one.text == name:
            holder.drop(one)
            if not holder.children:
                configuration.remove(*steps, "filter", keep=PRESENT_EMPTY)


LISTS = ("input-list", "output-list")


def leave_lists(configuration: Statement, place: Place) -> None:
    """Take a filter without terms out of lists of interfaces that hold others: all terms of a list are one filter."""
    family, name = place
    for _logical, unit in units(configuration):
        holder = unit.find("family", family, "filter") or Statement("filter")
        for tag in LISTS:
            listed = holder.all(tag)
            for one in listed if len(listed) > 1 else ():
                if one.text == name:
                    holder.drop(one)


def is_one_of_a_list(configuration: Statement, leaf: Statement) -> bool:
    """Return whether a leaf is an entry of a filter list that holds others."""
    if leaf.tag not in LISTS:
        return False
    holders = (unit.find("family", family, "filter") for _name, unit in units(configuration) for family in FAMILIES)
    lists = (holder.all(leaf.tag) for holder in holders if holder is not None)
    return any(len(listed) > 1 and any(one is leaf for one in listed) for listed in lists)


def is_used(configuration: Statement, place: Place, unbound: Collection[str] = ()) -> bool:
    """Return whether anything names the filter beside the inputs of the logical interfaces in ``unbound``."""
    inputs = [configuration.find(*unit_path(logical, place[0]), "filter") for logical in unbound]
    spared = {
        id(leaf)
        for holder in inputs
        if holder is not None
        for leaf in (*holder.all("input-list"), holder.find("input", "filter-name"))
    }
    return any(id(leaf) not in spared for leaf in uses(configuration, place))


def uses(configuration: Statement, place: Place) -> Iterator[Statement]:
    """Yield the leaves that name a filter, but for its own definition: of interfaces, terms and forwarding options."""
    for section in configuration.children:
        yield from (_uses_in_terms if section.tag == "firewall" else _uses_outside)(section, place, None)


def _uses_in_terms(holder: Statement, place: Place, family: str | None) -> Iterator[Statement]:
    for child in holder.children:
        if child.tag == "filter" and child.text == place[1] and family in (None, place[0]):
            yield child
        yield from _uses_in_terms(child, place, _family_below(holder, child, family))


def _uses_outside(holder: Statement, place: Place, family: str | None) -> Iterator[Statement]:
    for child in holder.children:
        if child.tag == "filter" and family in (None, place[0]):
            yield from (leaf for leaf in child.walk() if leaf.text == place[1] and leaf.tag != "name")
        yield from _uses_outside(child, place, _family_below(holder, child, family))


def _family_below(holder: Statement, child: Statement, family: str | None) -> str | None:
    """Return the address family that the statements in ``child`` are about, None where none is said."""
    if holder.tag == "family":
        return child.tag
    return "inet" if holder.tag == "firewall" and child.tag == "filter" else family
