# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes on their way: what vRouters, the control node and the router tell one another."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

INTERFACE, CHAIN, BGP = "XMPP", "ServiceChain", "BGP"
_PREFERRED = (INTERFACE, CHAIN, BGP)
MEDS = {0: 0, 100: 200, 200: 100}


def med_of(local_preference: int) -> int:
    """Return the MED that the control node derives from a local preference."""
    return MEDS.get(local_preference, 2**32 - 1 - local_preference)


@dataclass(frozen=True)
class Path:
    """One way to a prefix.

    `instance` is the routing instance where the path was born, empty for one that a router sent; `targets`
    are the route targets it travels with. `origin` is the network it comes from as far as the control node
    can tell, and `networks` the networks whose chains have passed it on, oldest first.
    """

    prefix: str
    next_hop: str
    label: int
    local_preference: int
    med: int
    protocol: str
    instance: str = ""
    targets: frozenset[str] = frozenset()
    origin: str | None = None
    networks: tuple[str, ...] = ()
    distinguisher: str = ""

    @property
    def version(self) -> int:
        """4 or 6."""
        return ip_network(self.prefix).version

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Sorts the best path first."""
        return (
            -self.local_preference,
            self.med,
            _PREFERRED.index(self.protocol),
            int(ip_address(self.next_hop)),
        )


def host_prefix(address: str) -> str:
    """Return an address as a prefix of its own: 10.0.1.3/32."""
    parsed = ip_address(address)
    return f"{parsed}/{parsed.max_prefixlen}"
