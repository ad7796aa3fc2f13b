# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pings that prove chains: from the hosts behind the routers to those on the other side."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypedDict

from ...values.finding import Finding
from ..design.derive import returns
from ..findings.pings import PING_FAILED, PING_GOES_AROUND
from ..intent.model import CHAINS, Chain, Intent

FORWARDING = {"inet": "net.ipv4.ip_forward", "inet6": "net.ipv6.conf.all.forwarding"}
"""The kernel's parameter that lets a guest forward, by family."""


class ChainPing(TypedDict):
    """A ping through a chain: the host of the inventory that sends it, and the address that must answer."""

    chain: str
    host: str
    address: str
    family: str


class PingProof(TypedDict):
    """The steps that prove that pings of a chain go through a service.

    While ``parameter`` is off on all ``guests`` (the members of the service, as hosts of the inventory), ``pings`` must
    fail.
    """

    chain: str
    service: str
    guests: list[str]
    parameter: str
    pings: list[ChainPing]


def pings(intent: Intent) -> list[ChainPing]:
    """Return the pings through each chain that is to stand.

    Each host behind a router pings the first single address on the far side in its own family. A chain that takes
    only some traffic may not take pings, and has none.
    """
    return [each for chain in intent.present_chains if not chain.match for each in _pings(intent, chain)]


def proofs(intent: Intent) -> list[PingProof]:
    """Return for each chain whose guests can be reached how to prove that pings go through a service."""
    found: list[PingProof] = []
    by_chain: dict[tuple[str, str], list[ChainPing]] = {}
    for each in pings(intent):
        by_chain.setdefault((each["chain"], each["family"]), []).append(each)
    for chain in intent.present_chains:
        reached = [
            (intent.services[name], [member.host for member in intent.services[name].members])
            for name in chain.services
        ]
        service = next(((each, hosts) for each, hosts in reached if hosts and all(hosts)), None)
        if service is None:
            continue
        for family, parameter in FORWARDING.items():
            if through := by_chain.get((chain.name, family)):
                found.append(
                    {
                        "chain": chain.name,
                        "service": service[0].name,
                        "guests": [host for host in service[1] if host],
                        "parameter": parameter,
                        "pings": through,
                    }
                )
    return found


def ping_findings(pinged: Iterable[Mapping[str, Any]], unproven: Iterable[Mapping[str, Any]] = ()) -> list[Finding]:
    """Return what is wrong with pings.

    :param pinged: results of pings: ``item`` (of :func:`pings`) and ``rc``, which is 0 where it was answered.
    :param unproven: results of pings while ``item.service`` did not forward.
    """
    failed = [(PING_FAILED, each["item"]) for each in pinged if each.get("rc") != 0]
    around = [(PING_GOES_AROUND, each["item"]) for each in unproven if each.get("rc") == 0]
    return [Finding(kind, f"{CHAINS}.{item['chain']}", item) for kind, item in (*failed, *around)]


def _pings(intent: Intent, chain: Chain) -> Iterator[ChainPing]:
    for word, near, far in chain.sides:
        if word == "right" and not returns(intent, chain):
            continue
        for external in near.external:
            targets = [other.prefix for other in far.external if other.family == external.family]
            single = [
                str(each.network_address) for each in map(ipaddress.ip_network, targets) if each.num_addresses == 1
            ]
            if external.host and single:
                yield {"chain": chain.name, "host": external.host, "address": single[0], "family": external.family}
