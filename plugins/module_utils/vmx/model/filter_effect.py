# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the terms of a firewall filter do with a packet: which packets a term takes, and what becomes of them.

Pure Python. Everything that depends on it asks here: whether a filter accepts the rest, where new terms go, which term
hides another. Sources: Juniper's YANG (``designation`` of a term: one action of several) and Juniper's documents
(terminating actions, nested filters).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

from .field import EXCEPT, Values
from .filter import Place, discarding_term, find_filter, input_filters, read_term, target_vrf, units, unmanaged_term
from .statement import Statement


class TermAction(Enum):
    """The fate of a packet that a term takes."""

    ACCEPT = "accept"
    DISCARD = "discard"
    STEER = "steer"
    """It goes into a routing instance of the router."""
    REDIRECT = "redirect"
    """It leaves the usual way: next hop or interface given, tunnel header put on or off, another logical system."""
    CONTINUE = "continue"
    """The terms that follow see it as well."""


class Reach(IntEnum):
    """The packets that a term takes."""

    NOTHING = 0
    SOME = 1
    """Those of its values that meet a condition more, which is not modelled."""
    KNOWN = 2
    """At least those of its values."""
    ALL = 3


@dataclass(frozen=True)
class TermVerdict:
    """The effect of one term: ``values`` say which packets it takes, in the shape of :func:`filter.read_term`.

    ``vrf`` is the routing instance of :attr:`TermAction.STEER`.
    """

    reach: Reach
    action: TermAction
    vrf: str | None = None
    values: Values = field(default_factory=dict)

    @property
    def ends_all(self) -> bool:
        """Return whether no packet goes on to the next term."""
        return self.reach is Reach.ALL and self.action is not TermAction.CONTINUE

    @property
    def ends_its_values(self) -> bool:
        """Return whether none of the packets that the values say goes on to the next term."""
        return self.reach >= Reach.KNOWN and self.action is not TermAction.CONTINUE


ACTIONS = {
    "accept": TermAction.ACCEPT,
    "discard": TermAction.DISCARD,
    "reject": TermAction.DISCARD,
    "next": TermAction.CONTINUE,
    "routing-instance": TermAction.STEER,
    "decapsulate": TermAction.REDIRECT,
    "encapsulate": TermAction.REDIRECT,
    "logical-system": TermAction.REDIRECT,
    "next-hop-group": TermAction.REDIRECT,
    "next-interface": TermAction.REDIRECT,
    "next-ip": TermAction.REDIRECT,
    "next-ip6": TermAction.REDIRECT,
    "topology": TermAction.REDIRECT,
}
"""The actions of a term of which it can have one; everything else in ``then`` is done beside it."""

WHOLE_RANGES = {"protocol": "0-255", "next-header": "0-255", "dscp": "0-63", "traffic-class": "0-63"}
"""Ranges that leave nothing out, by the condition that they stand in."""

ADDRESSES = {"source": "source-address", "destination": "destination-address"}
EITHER_ADDRESS = "address"
"""The condition that the source or the destination meets."""

PREFIX_LISTS = {"source-prefix-list": "source", "destination-prefix-list": "destination"}
"""Conditions that add to the prefixes of an option, rather than narrow them."""

FilterFinder = Callable[[str], "Statement | None"]
"""Finds a filter of the same family that a term refers to."""


def finder(family: str, *configurations: Statement | None) -> FilterFinder:
    """Return what finds the filters of a family, in the first of these configurations that has them."""

    def find(name: str) -> Statement | None:
        found = (find_filter(one, (family, name)) for one in configurations if one is not None)
        return next((one for one in found if one is not None), None)

    return find


def verdicts(term: Statement, family: str, find: FilterFinder) -> list[TermVerdict]:
    """Return what a term does: one verdict, or those of the terms of the filter that it refers to.

    Junos puts the terms of such a filter in the place of the term; a packet that none of them takes goes on.
    """
    return list(_verdicts(term, family, find, frozenset()))


def _verdicts(term: Statement, family: str, find: FilterFinder, above: frozenset[str]) -> Iterator[TermVerdict]:
    if not term.is_active:
        return
    active = term.in_effect()
    nested = active.value("filter")
    if nested is None:
        yield _verdict(active, family)
        return
    inner = find(nested) if nested not in above else None
    if inner is None:
        yield TermVerdict(Reach.SOME, TermAction.REDIRECT)  # it is not known, so nothing may be taken for granted
        return
    for one in inner.all("term"):
        yield from _verdicts(one, family, find, above | {nested})


def _verdict(term: Statement, family: str) -> TermVerdict:
    reach, values = _taken(term, family)
    action = _action(term.child("then"))
    return TermVerdict(reach, action, target_vrf(term) if action is TermAction.STEER else None, values)


def _action(then: Statement | None) -> TermAction:
    chosen = next((child for child in then.children if child.tag in ACTIONS), None) if then is not None else None
    if chosen is None:
        return TermAction.ACCEPT  # a term without a terminating action accepts (Junos)
    if chosen.tag == "next-interface" and chosen.child("next") is not None:
        return TermAction.CONTINUE
    return ACTIONS[chosen.tag]


def _taken(term: Statement, family: str) -> tuple[Reach, Values]:
    """Return which packets the conditions of a term let through, with those that are modelled."""
    conditions = term.child("from")
    if conditions is None or not conditions.children:
        return Reach.ALL, {}
    bare = Statement("term", children=[*term.all("name"), _narrowing(conditions)])
    values, exact = _readable(read_term(bare, family))
    if any(values.get(f"{side}_except") and not values.get(side) for side in ADDRESSES):
        return Reach.NOTHING, values
    rest = unmanaged_term(bare, family)
    more = [child for child in _children(rest, "from") if not _only_adds(child, values)]
    if more or not exact:
        return Reach.SOME, values
    return (Reach.KNOWN, values) if any(values.values()) else (Reach.ALL, {})


def _children(holder: Statement | None, tag: str) -> Sequence[Statement]:
    found = holder.child(tag) if holder is not None else None
    return found.children if found is not None else ()


def _narrowing(conditions: Statement) -> Statement:
    """Return the conditions without those that every packet meets."""
    kept: list[Statement] = []
    for tag in dict.fromkeys(child.tag for child in conditions.children):
        alike = conditions.all(tag)
        if tag in (*ADDRESSES.values(), EITHER_ADDRESS) and _holds_every_address(alike):
            continue
        if any(one.text is not None and one.text == WHOLE_RANGES.get(tag) for one in alike):
            continue
        kept += alike
    return Statement("from", children=kept)


def _holds_every_address(prefixes: Sequence[Statement]) -> bool:
    networks = [_network(one.name or "") for one in prefixes]
    known = [network for network in networks if network is not None]
    if any(one.child(EXCEPT) is not None for one in prefixes) or len({one.version for one in known}) != 1:
        return False
    return any(one.prefixlen == 0 for one in ipaddress.collapse_addresses(known))


def _network(text: str) -> Any:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _only_adds(condition: Statement, values: Values) -> bool:
    """Return whether a condition that is not modelled widens the values, as prefix lists do beside prefixes."""
    side = PREFIX_LISTS.get(condition.tag)
    return side is not None and bool(values.get(side)) and condition.child(EXCEPT) is None


def _readable(values: Values) -> tuple[Values, bool]:
    """Return values without what cannot be compared, such as netmasks with holes, and whether they still are all taken.

    What is left out of a list makes the term take less than it does; out of exceptions, or of a list as a whole, more.
    """
    kept = {option: _comparable(option, value) for option, value in values.items() if option != "counter"}
    exact = all(
        len(kept[option]) == len(values[option]) or (bool(kept[option]) and not option.endswith("_except"))
        for option in kept
    )
    return kept, exact


def _comparable(option: str, value: Sequence[str]) -> Sequence[str]:
    if option.endswith("_ports"):
        return [one for one in value if one.replace("-", "", 1).isdigit()]
    if option.partition("_")[0] in ADDRESSES:
        return [str(network) for one in value if (network := _network(one)) is not None]
    return value


# --- filters as a whole -----------------------------------------------------------------------------


def ends_all(term: Statement, family: str, find: FilterFinder) -> bool:
    """Return whether no packet gets past the term."""
    conditions = term.child("from")
    if conditions is not None and conditions.is_active and _narrowing(conditions.in_effect()).children:
        return False  # most terms of a filter end here, thousands of them
    return any(one.ends_all for one in verdicts(term, family, find))


def accepts_all(term: Statement, family: str, find: FilterFinder) -> bool:
    """Return whether the term lets through whatever reaches it."""
    found = verdicts(term, family, find)
    end = next((place for place, one in enumerate(found) if one.ends_all), None)
    return end is not None and all(one.action in (TermAction.ACCEPT, TermAction.CONTINUE) for one in found[: end + 1])


def accepts_the_rest(terms: Iterable[Statement], family: str, find: FilterFinder) -> bool:
    """Return whether a filter of these terms accepts what none of them is about, rather than discard it."""
    found = (one for term in terms for one in verdicts(term, family, find))
    end = next((one for one in found if one.ends_all), None)
    return end is not None and end.action is TermAction.ACCEPT


def first_catch_all(
    terms: Iterable[Statement], family: str, find: FilterFinder, but: frozenset[str] = frozenset()
) -> str | None:
    """Return the name of the first term that no packet gets past, those in ``but`` left aside."""
    return next((one.name for one in terms if one.name not in but and ends_all(one, family, find)), None)


def is_ours(term: Statement, tail: str, family: str, find: FilterFinder) -> bool:
    """Return whether a term is the accept tail of that name, or the one that was left to go on discarding."""
    if term.name == tail and accepts_all(term, family, find):
        return True
    return term == discarding_term()


def list_discards_the_rest(effective: Statement, family: str, logical: str) -> list[str]:
    """Return the filters of an interface's input list if packets that no term of them matches are discarded.

    The list is empty where the interface has none, or where a term of it ends every packet before.
    """
    unit = dict(units(effective)).get(logical)
    listed = input_filters(unit, family)[1] if unit is not None else []
    find = finder(family, effective)
    filters = [find(one) for one in listed]
    ended = any(one is None or first_catch_all(one.all("term"), family, find) is not None for one in filters)
    return [] if ended else listed


def shadows(effective: Statement, place: Place, logical: str) -> list[str]:
    """Return the filters of an interface's input list that no packet gets past, and that stand before this filter."""
    family, name = place
    unit = dict(units(effective)).get(logical)
    listed = input_filters(unit, family)[1] if unit is not None else []
    earlier = listed[: listed.index(name)] if name in listed else listed
    find = finder(family, effective)
    return [
        one
        for one in earlier
        if (holder := find(one)) is not None and first_catch_all(holder.all("term"), family, find) is not None
    ]
