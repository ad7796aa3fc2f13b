# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vRouters announce: the addresses of ports, and of services, each with the way to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from .site import (
    FAMILIES,
    HIGH,
    LOW,
    Address,
    Site,
    SitePort,
    SiteService,
)
from .wanted_chains import EvaluatedChain, WantedChain, sides_needed

GROUPS_SINCE = (5, 0)  # from here on a chain with one dead service withdraws as a whole


def med(local_preference: int) -> int:
    """Return the MED that Contrail derives from a local preference."""
    return {0: 0, HIGH: 100, LOW: 200}.get(local_preference, 2**32 - 1 - local_preference)


@dataclass(frozen=True)
class Way:
    """A path to a compute node or router for a prefix; ``ports`` share the label (None: not known)."""

    next_hop: str | None
    local_preference: int
    med: int
    label: int | None = None
    ports: tuple[str, ...] = ()


class Announcements:
    """The announcements of vRouters: by network, each address with one path for each compute node."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._carried: dict[str, list[tuple[Address, int]]] = defaultdict(list)
        for service in site.services.values():
            self._carry(service)
        grouped: dict[tuple[str, str, str | None], list[tuple[SitePort, int]]] = defaultdict(list)
        self.family: dict[str, str] = {}
        for port in site.ports.values():
            if not port.up or port.network not in site.networks:
                continue
            own = {address.family for address in port.addresses}
            for address, preference in [
                *((each, LOW if each.key in port.silent else HIGH) for each in port.addresses),
                *self._carried[port.name],
            ]:
                if address.family in own:  # a vRouter announces nothing of a family that the port has no address in
                    self.family[address.key] = address.family
                    fixed = port.local_preference or preference
                    grouped[port.network, address.key, port.compute].append((port, fixed))
        self.ways: dict[str, dict[str, list[Way]]] = defaultdict(lambda: defaultdict(list))
        for (network, prefix, compute), sharing in grouped.items():
            self.ways[network][prefix].append(_shared_way(compute, sharing))

    def _carry(self, service: SiteService) -> None:
        """Note which ports carry the service's addresses, with which preference."""
        for ports in service.tuples:
            for side, name in ports.items():
                port = self._site.ports.get(name)
                for each in service.addresses.get(side, ()):
                    followed = each.tracking is not None and port is not None and each.tracking in port.silent
                    self._carried[name].append((each.address, LOW if followed else HIGH))

    def judge(self, judged: EvaluatedChain) -> EvaluatedChain:
        """Add why a chain is down though it was made: one of its services is not announced, from 5.0 on."""
        if judged.reason or self._site.release < GROUPS_SINCE:
            return judged
        first = self._site.services[judged.chain.services[0]]
        served = [family for family in FAMILIES if first.address("left", family)]
        dead = [next(self._dead(judged.chain, family), None) for family in served]
        if not all(dead):
            return judged
        return EvaluatedChain(judged.chain, f"nobody announces the {dead[0]}, so the whole chain is withdrawn")

    def lives(self, chain: WantedChain, family: str) -> bool:
        """Say whether a chain may offer routes of a family at all."""
        return self._site.release < GROUPS_SINCE or next(self._dead(chain, family), None) is None

    def _dead(self, chain: WantedChain, family: str) -> Iterator[str]:
        for name in chain.services:
            service = self._site.services[name]
            for side in sides_needed(service, chain):
                address = service.address(side, family)
                network = chain.left if side == "left" else chain.right
                if address is not None and not self.ways_to(network, address.address.key):
                    yield f"service address of {name} on its {side} side"

    def ways_to(self, network: str, address: str) -> list[Way]:
        """Return the best ways to a service address in a network, one for each compute node."""
        ways = self.ways.get(network, {}).get(address, [])
        best = max((way.local_preference for way in ways), default=0)
        return [way for way in ways if way.local_preference == best]


def _shared_way(compute: str | None, sharing: list[tuple[SitePort, int]]) -> Way:
    """Return the one way to an address on a compute node; ports that share it have a label of their own."""
    preference = max(preference for _port, preference in sharing)
    ports = tuple(port.short_name for port, _preference in sharing)
    label = sharing[0][0].label if len(sharing) == 1 else None
    return Way(compute, preference, med(preference), label, ports)
