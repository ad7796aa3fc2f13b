# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of a Linux host: what ``ip route show`` prints, and what differs between it and the routes wanted."""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Who a route is from, by `proto`: what people and tools set by hand has none (boot) or static. Routes of others
# (kernel, dhcp, ra, bird, ...) go as they came.
_SET_BY_HAND = frozenset({"", "boot", "static"})


@dataclass(frozen=True)
class HostRoute:
    """A route of a host; ``metric`` and ``protocol`` are texts, empty where the kernel shows none.

    Where ``dev`` is empty the kernel finds the interface by the next hop.
    """

    prefix: str
    via: str
    dev: str
    metric: str = ""
    protocol: str = ""

    @property
    def family(self) -> str:
        """``4`` or ``6``, as ``ip -4`` and ``ip -6`` take it."""
        return "6" if ":" in self.prefix else "4"

    @property
    def way(self) -> tuple[str, str, str]:
        """The key of a route: where it leads, and how."""
        return self.prefix, self.via, self.dev

    def __str__(self) -> str:
        return " ".join([self.prefix, "via", self.via, *(("dev", self.dev) if self.dev else ())])

    def command(self, verb: str) -> tuple[str, ...]:
        """Return the command line that adds (``replace``) or deletes (``del``) this route."""
        metric = ("metric", self.metric) if self.metric else ()
        origin = ("proto", "static") if verb == "replace" else ()
        return ("ip", f"-{self.family}", "route", verb, *str(self).split(" "), *metric, *origin)


def shown_routes(lines: Iterable[str]) -> Iterator[HostRoute]:
    """Yield the routes through one next hop each from lines of ``ip route show``; other routes are passed over."""
    for line in lines:
        words = line.split()
        prefix = _prefix(words[0], line) if words else None
        said = dict(itertools.pairwise(words))
        via = _address(said.get("via", ""))
        if prefix and via and "dev" in said:
            yield HostRoute(prefix, via, said["dev"], said.get("metric", ""), said.get("proto", ""))


def _prefix(word: str, line: str) -> str | None:
    if word == "default":
        return "::/0" if "via" in line and ":" in line.partition("via ")[2].split(" ")[0] else "0.0.0.0/0"
    try:
        return str(ipaddress.ip_network(word))
    except ValueError:  # unreachable 10.0.0.0/8, nexthop via 10.0.0.1, ...
        return None


def _address(word: str) -> str | None:
    try:
        return str(ipaddress.ip_address(word))
    except ValueError:  # none, or "via inet6 ADDRESS" of a route that spans families
        return None


@dataclass(frozen=True)
class HostRouteChanges:
    """Routes to add or to point elsewhere, and routes to delete, these with the metric they have."""

    replace: tuple[HostRoute, ...]
    remove: tuple[HostRoute, ...]


def host_route_changes(
    current: Iterable[HostRoute], wanted: Iterable[HostRoute], unwanted: Iterable[HostRoute]
) -> HostRouteChanges:
    """Return what differs.

    :param wanted: what is to stand. A route that stands, from whomever, is left alone.
    :param unwanted: what is to go, where it goes the way named here (an empty ``dev`` is any) and was set by hand.
    """
    standing, goal, going = list(current), list(wanted), list(unwanted)
    ways = {route.way for route in standing}
    replace = [route for route in goal if route.way not in ways]
    # Adding a route takes out the one with its prefix and the kernel's usual metric (1024 for IPv6).
    replaced = {route.prefix for route in replace}
    kept = {route.way for route in goal}
    remove = [
        route
        for route in standing
        if route.way not in kept
        and route.protocol in _SET_BY_HAND
        and not (route.prefix in replaced and route.metric in {"", "1024"})
        and any(route.way == (each.prefix, each.via, each.dev or route.dev) for each in going)
    ]
    return HostRouteChanges(tuple(dict.fromkeys(replace)), tuple(remove))
