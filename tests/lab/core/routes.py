# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's routing tables as data: what its control plane hands to its management plane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


def just_made() -> int:
    """Return the age of what has none of its own: 0 seconds."""
    return 0


@dataclass(frozen=True)
class RouteEntry:
    """One path to a destination, as `show route` prints one.

    `preference` is Junos's (0 direct, 5 static, 170 BGP; lower wins), `label` the MPLS label that is
    pushed, `via` the outgoing logical interface, `to_table` the table of a `next-table` static route,
    `as_path` Junos's text (`?` for an empty path of incomplete origin). What a path does not have is None.
    `aged` is asked for the age in seconds at the moment of a request, so that a table can be kept while time passes.
    """

    protocol: str
    preference: int
    active: bool
    med: int | None = None
    local_preference: int | None = None
    learned_from: str | None = None
    as_path: str | None = None
    via: str | None = None
    label: int | None = None
    to_table: str | None = None
    next_hop: str | None = None
    communities: tuple[str, ...] = ()
    aged: Callable[[], int] = field(default=just_made, compare=False, repr=False)

    @property
    def age_seconds(self) -> int:
        """How long the path has been there, in seconds."""
        return self.aged()


@dataclass(frozen=True)
class RouteDestination:
    """A prefix (`10.0.1.3/32`; in bgp.l3vpn.0 with its route distinguisher before it), best path first."""

    prefix: str
    entries: tuple[RouteEntry, ...]


@dataclass(frozen=True)
class RouteTable:
    """A table by its Junos name (`vn1.inet.0`), destinations in address order; hidden routes are counted."""

    name: str
    destinations: tuple[RouteDestination, ...]
    hidden: int = 0

    @property
    def routes(self) -> int:
        """How many paths the table holds, all destinations together."""
        return sum(len(destination.entries) for destination in self.destinations)


RouteTables = Callable[[], list[RouteTable]]
"""Asked for the tables at the moment of a request."""
