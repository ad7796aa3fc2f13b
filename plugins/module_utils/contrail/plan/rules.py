# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of policies that can make no service chain, or match nothing.

The API server takes all of them, and the schema transformer leaves out without a word what it can do nothing
with. What it does was read in its source (virtual_network.py, service_chain.py) and seen on a running one; what
a vRouter does with ports in the agent's source (acl_entry_match.cc).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from itertools import product

from ..codec.scope import Value

Rule = Mapping[str, Value]
"""A rule in canonical form, as the entity of network policies reads it."""

TRANSPARENT, NAT = "transparent", "in-network-nat"
LEFT, RIGHT = "left", "right"
WORDS = ("any", "local")
WITH_PORTS = frozenset({"tcp", "udp", "sctp", "6", "17", "132"})
"""Protocols whose ports a vRouter looks at. (Those of SCTP in newer releases only.)"""


@dataclass(frozen=True)
class RuleService:
    """A service instance as rules see it: its template's mode, and the network of each interface, by type."""

    mode: str
    networks: Mapping[str, str]


@dataclass(frozen=True)
class Remark:
    """A fault at a place; with an ``error`` the rule can never work, else it does not in some cases."""

    path: str
    message: str
    error: bool = True


@dataclass
class Surroundings:
    """The facts about objects that rules name.

    ``services`` by full name; those that are not known are missing. ``attached`` are the networks that the policy is
    attached to, ``subnets`` those of networks by full name.
    """

    services: Mapping[str, RuleService] = field(default_factory=dict)
    attached: frozenset[str] = frozenset()
    subnets: Mapping[str, Sequence[str]] = field(default_factory=dict)


def remarks(rules: Sequence[Rule], path: str, known: Surroundings) -> Iterator[Remark]:
    """Yield what is wrong with the rules of one policy, in order."""
    for index, rule in enumerate(rules):
        place = f"{path}[{index}]"
        yield from _of_ports(rule, place)
        yield from _of_subnets(rule, place, known.subnets)
        if rule["services"]:
            yield from _of_chain(rule, place, known)
        earlier = next((number for number in range(index) if _covers(rules[number], rule)), None)
        if earlier is not None:
            yield Remark(
                place, f"matches nothing, for {path}[{earlier}] matches all of it before; change their order", False
            )


# --- what a rule matches ---


def _of_ports(rule: Rule, path: str) -> Iterator[Remark]:
    """Warn of ports that a vRouter does not look at."""
    given = [option for option in ("source_ports", "destination_ports") if rule[option]]
    if not given or rule["protocol"] in WITH_PORTS:
        return
    ports = ", ".join(rule[given[0]])
    if rule["protocol"] == "any":
        text = (
            f"{ports} holds for TCP and UDP; all other protocols match whatever their ports: give protocol tcp or udp"
        )
    else:
        text = f"{rule['protocol']} has no ports, so that all of it matches: leave {ports} out, or give tcp or udp"
    yield Remark(f"{path}.{given[0]}", text, error=False)


def _of_subnets(rule: Rule, path: str, subnets: Mapping[str, Sequence[str]]) -> Iterator[Remark]:
    """Warn of subnets that are not in the network that they are given with."""
    for end, index, address in _addresses(rule):
        own = subnets.get(address.get("network") or "", ())
        for prefix in _prefixes(address) if own else ():
            if not any(_overlap(prefix, other) for other in own):
                yield Remark(
                    f"{path}.{end}[{index}]",
                    f"{prefix} is in no subnet of {address['network']} ({', '.join(own)}): only traffic that is routed "
                    "through the network can match",
                    error=False,
                )


def _overlap(first: str, second: str) -> bool:
    one, other = ip_network(first), ip_network(second)
    return one.version == other.version and one.overlaps(other)


def _prefixes(address: Mapping[str, Value]) -> list[str]:
    return [*filter(None, [address.get("subnet")]), *(address.get("subnets") or [])]


def _addresses(rule: Rule) -> Iterator[tuple[str, int, Mapping[str, Value]]]:
    for end in ("source", "destination"):
        for index, address in enumerate(rule[end]):
            yield end, index, address


def _covers(earlier: Rule, later: Rule) -> bool:
    """Tell whether everything that a rule matches was matched before."""
    if earlier["protocol"] not in {"any", later["protocol"]} or earlier.get("ethertype") not in {
        None,
        later.get("ethertype"),
    }:
        return False
    same = _match(earlier, later, "source", "destination")
    turned = _match(earlier, later, "destination", "source")
    if earlier["direction"] == "<>":
        return same or turned
    return same and later["direction"] == earlier["direction"]


def _match(earlier: Rule, later: Rule, source: str, destination: str) -> bool:
    """Tell whether ends and ports of one rule hold those of another, whose source is ``source``."""
    ends = (("source", source), ("destination", destination))
    return all(
        _all_within(later[other], earlier[own]) and _ports_within(later[f"{other}_ports"], earlier[f"{own}_ports"])
        for own, other in ends
    )


def _all_within(inner: Sequence[Mapping[str, Value]], outer: Sequence[Mapping[str, Value]]) -> bool:
    return all(any(_within(one, other) for other in outer) for one in inner)


def _within(inner: Mapping[str, Value], outer: Mapping[str, Value]) -> bool:
    if inner == outer:
        return True
    anywhere = outer.get("network") == "any" or (outer.get("network") and outer["network"] == inner.get("network"))
    return bool(anywhere) and not _prefixes(outer)


def _ports_within(inner: Sequence[str], outer: Sequence[str]) -> bool:
    return not outer or (bool(inner) and set(inner) <= set(outer))


# --- whether it can make a chain ---


def _of_chain(rule: Rule, path: str, known: Surroundings) -> Iterator[Remark]:
    """Yield why a rule with services makes no chain, or not those that it seems to."""
    if rule["action"] == "deny":
        yield Remark(f"{path}.action", "deny leads through no service: leave services out, or let the rule pass")
    wrong = list(_of_ends(rule, path))
    yield from wrong
    services = {name: known.services[name] for name in rule["services"] if name in known.services}
    yield from _of_order(rule, path, services)
    yield from _of_interfaces(rule, path, services)
    pairs = [pair for pair in product(_named(rule, "source"), _named(rule, "destination")) if pair[0] != pair[1]]
    if not pairs and not any(remark.error for remark in wrong) and _named(rule, "source"):
        yield Remark(
            f"{path}.destination", f"is the source itself, {rule['source'][0]['network']}: name another network"
        )
    for index, name in enumerate(rule["services"]):
        if pairs and name in services:
            yield from _of_place(rule, f"{path}.services[{index}]", name, services[name], pairs)
    yield from _of_attachments(path, pairs, known.attached)


def _named(rule: Rule, end: str) -> list[str]:
    """Return the networks that one end of a rule names."""
    names = [address.get("network") for address in rule[end]]
    return [name for name in names if name and name not in WORDS]


def _of_ends(rule: Rule, path: str) -> Iterator[Remark]:
    for end, index, address in _addresses(rule):
        place = f"{path}.{end}[{index}]"
        network = address.get("network")
        if address.get("policy"):
            yield Remark(f"{place}.policy", "makes no chain: name the network instead of a policy")
        elif not network:
            prefix = _prefixes(address)[0]
            yield Remark(place, f"{prefix} alone makes no chain: say in which network, as in {prefix}@NETWORK")
        elif network == "local":
            yield Remark(f"{place}.local", "makes no chain, for it is another network on either end: name the network")
        elif network == "any" and end == "destination":
            yield Remark(f"{place}.any", "makes no chain: name the network in which the last service ends")
        elif network == "any":
            text = "asks for a chain from every network of the project, most of which cannot come up: name the network"
            yield Remark(f"{place}.any", text, error=False)


def _of_order(rule: Rule, path: str, services: Mapping[str, RuleService]) -> Iterator[Remark]:
    """Look at the modes of services in a row."""
    last = len(rule["services"]) - 1
    for index, name in enumerate(rule["services"]):
        if index < last and name in services and services[name].mode == NAT:
            yield Remark(
                f"{path}.services[{index}]",
                f"{name} translates addresses ({NAT}), and nothing leads from it to a further service: put it last",
            )
    modes = {service.mode == TRANSPARENT for service in services.values()}
    if len(modes) > 1:
        names = ", ".join(name for name, service in services.items() if service.mode == TRANSPARENT)
        yield Remark(
            f"{path}.services",
            f"{names} is {TRANSPARENT} and the others are not; Contrail makes the chain, but they forward in different "
            "ways: test it, or take services of one mode",
            error=False,
        )


def _of_interfaces(rule: Rule, path: str, services: Mapping[str, RuleService]) -> Iterator[Remark]:
    """Ask for the interfaces that a chain needs of each service."""
    for index, name in enumerate(rule["services"]):
        service = services.get(name)
        if service is None or not service.networks:
            continue
        both_ways = rule["direction"] == "<>" and service.mode != NAT
        needed = [LEFT, RIGHT] if both_ways or service.mode == TRANSPARENT else [LEFT]
        for side in needed:
            if side not in service.networks:
                yield Remark(f"{path}.services[{index}]", f"{name} has no {side} interface, which its chain needs")


def _of_place(
    rule: Rule, path: str, name: str, service: RuleService, pairs: Sequence[tuple[str, str]]
) -> Iterator[Remark]:
    """Hold the networks of a service's interfaces to those of the rule.

    The ports of a transparent one are in any networks. Where traffic only enters on the left, or is translated, the
    right interface may be in another network that leads on to the destination.
    """
    left, right = service.networks.get(LEFT), service.networks.get(RIGHT)
    if service.mode == TRANSPARENT or not left:
        return
    only_left = service.mode == NAT or rule["direction"] != "<>"
    fitting = [pair for pair in pairs if left == pair[0] and (only_left or right in {None, pair[1]})]
    ends = " or ".join(f"{source} and {destination}" for source, destination in pairs)
    stands = f"{name} stands between {left} and {right}" if right else f"the left interface of {name} is in {left}"
    if not fitting and (right, left) in pairs:
        yield Remark(path, f"{stands}, the other way round than the rule: turn source and destination round")
    elif not fitting:
        yield Remark(path, f"{stands}, not between {ends}: take a service instance that does")
    elif len(fitting) < len(pairs) or (only_left and right not in {None, *(pair[1] for pair in fitting)}):
        yield Remark(path, f"{stands}, not everywhere between {ends}: only there a chain can work", error=False)


def _of_attachments(path: str, pairs: Sequence[tuple[str, str]], attached: frozenset[str]) -> Iterator[Remark]:
    """Warn of a policy that is on one network of a chain only."""
    missing = dict.fromkeys(name for pair in pairs if attached & set(pair) for name in pair if name not in attached)
    if missing:
        names = " and ".join(missing)
        text = f"makes no chain until the policy, or one with an equal rule, is attached to {names}, too"
        yield Remark(path, f"{text}; it is attached to {', '.join(sorted(attached))}", error=False)
