# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site as the prediction of routes needs it: what Contrail and the routers know, without how they store it.

Networks are named in full (``domain:project:name``), and so are services; route targets look like ``64512:1``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

HIGH, LOW = 200, 100
FLAT_ADDRESSES_SINCE = (4, 1)  # from here on service addresses come from 0.0.0.0/8 instead of the network's subnet
FAMILIES = ("inet", "inet6")
NAT = "in-network-nat"


@dataclass(frozen=True)
class SiteNetwork:
    """A virtual network.

    ``targets`` go both ways. ``automatic`` is the route target that Contrail gave the network, where it is known.
    """

    name: str
    targets: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    exports: frozenset[str] = frozenset()
    families: tuple[str, ...] = ("inet",)
    transit: bool = False
    automatic: str | None = None

    @property
    def project(self) -> str:
        """The project that the network is in, in full."""
        return self.name.rpartition(":")[0]

    @cached_property
    def common(self) -> frozenset[str]:
        """The route targets of users that the network both imports and exports."""
        return self.targets | (self.imports & self.exports)

    @property
    def own_target(self) -> str:
        """The automatic route target, or a word that stands for it."""
        return self.automatic or f"automatic:{self.name}"

    @cached_property
    def all_exports(self) -> frozenset[str]:
        """Every route target that the network's own routes carry."""
        return self.targets | self.exports | {self.own_target}


@dataclass(frozen=True)
class Address:
    """An address of a port or a service; without ``prefix`` it is one that nobody knows yet."""

    family: str
    owner: str
    prefix: str | None = None

    @property
    def key(self) -> str:
        """The prefix, or where it is not known, words for it that begin with a question mark."""
        return self.prefix or f"?{self.owner}, {self.family}"

    @classmethod
    def of(cls, address: str, owner: str) -> Address:
        """Return a known address as the prefix of one host."""
        parsed = ipaddress.ip_address(address)
        return cls(FAMILIES[parsed.version == 6], owner, f"{parsed}/{parsed.max_prefixlen}")


@dataclass(frozen=True)
class SitePort:
    """A port, where its machine runs, and what its vRouter says of it.

    ``label`` is the MPLS label. ``silent`` are the addresses for which nobody answers (keys), which keep the low
    preference; a ``local_preference`` that was configured goes before all that. A port that is not ``up`` is
    announced by nobody.
    """

    name: str
    network: str
    addresses: tuple[Address, ...] = ()
    compute: str | None = None
    label: int | None = None
    local_preference: int | None = None
    silent: frozenset[str] = frozenset()
    up: bool = True

    @property
    def short_name(self) -> str:
        """The name without domain and project."""
        return self.name.rpartition(":")[2]


@dataclass(frozen=True)
class ServiceAddress:
    """The address that all ports of one side of a service share; ``tracking`` is the address it follows, if any."""

    address: Address
    tracking: str | None = None


@dataclass(frozen=True)
class SiteService:
    """A service instance: per port tuple the ports by side, and by side the service addresses."""

    name: str
    mode: str
    tuples: tuple[Mapping[str, str], ...]
    addresses: Mapping[str, tuple[ServiceAddress, ...]]

    def address(self, side: str, family: str) -> ServiceAddress | None:
        """Return the service address of a side in a family."""
        return next((each for each in self.addresses.get(side, ()) if each.address.family == family), None)


@dataclass(frozen=True)
class Endpoint:
    """One side of a rule: ``kind`` is ``network``, ``policy``, ``any`` (the project's networks) or ``local``."""

    kind: str
    name: str = ""


@dataclass(frozen=True)
class SiteRule:
    """A rule of a policy; two rules with the same ``traffic`` and services between two networks are one chain."""

    sources: tuple[Endpoint, ...]
    destinations: tuple[Endpoint, ...]
    both_ways: bool
    services: tuple[str, ...]
    passes: bool
    traffic: str = "any"


@dataclass(frozen=True)
class SitePolicy:
    """A policy with the networks that it is attached to (those that give it a sequence)."""

    name: str
    rules: tuple[SiteRule, ...]
    networks: tuple[str, ...]


@dataclass(frozen=True)
class SiteStatic:
    """A static route of a VRF."""

    prefix: str
    family: str
    to_table: str | None = None
    next_hops: tuple[str, ...] = ()
    preference: int = 5


@dataclass(frozen=True)
class SiteVrf:
    """A VRF of a router. Without ``table_label`` its static routes have no label and are not told to Contrail."""

    name: str
    imports: frozenset[str]
    exports: frozenset[str]
    statics: tuple[SiteStatic, ...] = ()
    table_label: bool = True
    auto_export: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SiteRouter:
    """A router; ``address`` is what it peers with, ``families`` what its BGP sessions carry."""

    name: str
    vrfs: tuple[SiteVrf, ...]
    address: str | None = None
    families: frozenset[str] = frozenset(FAMILIES)


@dataclass(frozen=True)
class Site:
    """All that decides the routes; ``release`` is Contrail's, as numbers."""

    networks: Mapping[str, SiteNetwork]
    ports: Mapping[str, SitePort]
    services: Mapping[str, SiteService]
    policies: tuple[SitePolicy, ...]
    routers: tuple[SiteRouter, ...]
    release: tuple[int, ...] = (4, 0)
