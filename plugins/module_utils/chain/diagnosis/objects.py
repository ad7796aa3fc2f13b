# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links that Contrail was told of: networks, policy, services, ports, addresses."""

from __future__ import annotations

from collections.abc import Iterator

from ...values.finding import Finding
from ...values.hints import nearest
from ..findings.links import (
    NETWORK_NOT_THERE,
    NO_PORT_TUPLE,
    NO_SERVICE_ADDRESS,
    OTHER_SERVICES_IN_POLICY,
    POLICY_NOT_ATTACHED,
    POLICY_NOT_THERE,
    POLICY_WITHOUT_CHAIN,
    POLICY_WITHOUT_SEQUENCE,
    PORT_ON_WRONG_SIDE,
    PORT_TUPLE_INCOMPLETE,
    PORT_TUPLE_LEFT_OUT,
    PORT_WITHOUT_INTERFACE_TYPE,
    SERVICE_NAMED_IN_VAIN,
    SERVICE_WITHOUT_TEMPLATE,
)
from .diagnosed_chain import DiagnosedChain, PortFacts
from .evidence import FqName, Stored
from .objects_to_read import NETWORK, POLICY, SERVICE, rules_of, services_of


def networks(case: DiagnosedChain) -> Iterator[Finding]:
    """Both networks exist."""
    for word, name in case.networks.items():
        if case.objects.get(NETWORK, name) is None:
            yield Finding(NETWORK_NOT_THERE, f"{case.path}.{word}.network", {"network": case.shown(name)})


def policy(case: DiagnosedChain) -> Iterator[Finding]:
    """The policy exists, and a rule of it sends traffic between the networks through services."""
    names = {word: case.shown(name) for word, name in case.networks.items()}
    stored = case.objects.get(POLICY, case.policy)
    if stored is None:
        yield Finding(POLICY_NOT_THERE, case.path, {"policy": case.shown(case.policy)})
    elif not _chain_rules(case, stored):
        yield Finding(POLICY_WITHOUT_CHAIN, _place(POLICY, case.policy), {"policy": case.shown(case.policy), **names})


def attachment(case: DiagnosedChain) -> Iterator[Finding]:
    """Both networks have the policy, with a sequence."""
    for name in case.networks.values():
        values = {"policy": case.shown(case.policy), "network": case.shown(name)}
        stored = case.objects.get(NETWORK, name) or {}
        attached = [each for each in stored.get("network_policy_refs") or () if tuple(each["to"]) == case.policy]
        if not attached:
            yield Finding(POLICY_NOT_ATTACHED, _place(NETWORK, name), values)
        elif not (attached[0].get("attr") or {}).get("sequence"):
            yield Finding(POLICY_WITHOUT_SEQUENCE, _place(NETWORK, name), values)


def services(case: DiagnosedChain) -> Iterator[Finding]:
    """The services that the policy names exist, have a template, and are those of the chain."""
    place = _place(POLICY, case.policy)
    for rule in _chain_rules(case, case.objects.get(POLICY, case.policy)):
        named = services_of(rule)
        for name in named:
            stored = case.objects.get(SERVICE, name)
            if stored is None:
                others = (":".join(each) for each in case.objects.names(SERVICE))
                values = {"service": case.shown(name), "near": nearest(":".join(name), others)}
                yield Finding(SERVICE_NAMED_IN_VAIN, place, values)
            elif not stored.get("service_template_refs"):
                yield Finding(SERVICE_WITHOUT_TEMPLATE, _place(SERVICE, name), {"service": case.shown(name)})
        if named != case.services:
            found, wanted = (", ".join(map(case.shown, each)) for each in (named, case.services))
            yield Finding(OTHER_SERVICES_IN_POLICY, place, {"found": found, "wanted": wanted})


def ports(case: DiagnosedChain) -> Iterator[Finding]:
    """Each service has a port tuple that is complete; what is wrong with one beside a complete one is a warning."""
    for position, service in enumerate(case.services):
        tuples = case.tuples(service)
        if not any(tuples.values()):
            yield Finding(NO_PORT_TUPLE, _place(SERVICE, service), {"service": case.shown(service)})
            continue
        lacks = {name: list(_lacks(case, name, tuples[name], case.needed_sides(position))) for name in tuples}
        complete = [name for name, lack in lacks.items() if not lack]
        for lack in (lack for name in lacks for lack in lacks[name][:1]):
            yield Finding(PORT_TUPLE_LEFT_OUT, lack.where, {"reason": lack.shown()["message"]}) if complete else lack


def _lacks(case: DiagnosedChain, name: FqName, found: list[PortFacts], sides: tuple[str, ...]) -> Iterator[Finding]:
    """Yield what keeps a port tuple from being complete; a port that does not say its side comes first."""
    shown = case.shown(name)
    for port in found:
        if port.side is None:
            values = {"port": case.shown(port.name), "tuple": shown}
            yield Finding(PORT_WITHOUT_INTERFACE_TYPE, _place("virtual-machine-interface", port.name), values)
    for side in sides:
        if not any(port.side == side for port in found):
            yield Finding(PORT_TUPLE_INCOMPLETE, _place("port-tuple", name), {"tuple": shown, "side": side})


def port_networks(case: DiagnosedChain) -> Iterator[Finding]:
    """The outer ports of the chain are in its networks; Contrail does not look, so left and right can be swapped."""
    for word, service in (("left", case.services[0]), ("right", case.services[-1])):
        if word not in case.needed_sides(0 if word == "left" else len(case.services) - 1):
            continue
        for port in case.ports(service, word):
            if port.network is not None and port.network != case.networks[word]:
                values = {
                    "port": case.shown(port.name),
                    "side": word,
                    "service": case.shown(service),
                    "found": case.shown(port.network),
                    "wanted": case.shown(case.networks[word]),
                }
                yield Finding(PORT_ON_WRONG_SIDE, _place("virtual-machine-interface", port.name), values)


def addresses(case: DiagnosedChain) -> Iterator[Finding]:
    """Each service has a service address on each side that it needs."""
    for position, service in enumerate(case.services):
        for side in case.needed_sides(position):
            if not any(port.shared for port in case.ports(service, side)):
                values = {"service": case.shown(service), "side": side}
                yield Finding(NO_SERVICE_ADDRESS, _place(SERVICE, service), values)


def _chain_rules(case: DiagnosedChain, stored: Stored | None) -> list[Stored]:
    """Return the rules of a policy that send traffic between the chain's networks through services."""
    left, right = (":".join(name) for name in case.networks.values())
    return [
        rule
        for rule in rules_of(stored)
        if services_of(rule)
        and _ends(rule, "src_addresses") & {left, "any", "local"}
        and _ends(rule, "dst_addresses") & {right, "any", "local"}
    ]


def _ends(rule: Stored, key: str) -> set[str]:
    return {str(each.get("virtual_network")) for each in rule.get(key) or ()}


def _place(kind: str, name: FqName) -> str:
    return f"{kind} {':'.join(name)}"
