# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operational reply is made from: the request, the router, and what its control plane knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml import etree

    from lab.core.routes import RouteTables
    from lab.junos.router import Router


@dataclass(frozen=True)
class Asked:
    """One operational request.

    `established` names the BGP peers that are up (None: all of them), `reachable` whether an address answers to
    a ping from a routing instance ("" is the main one; None: all do), `counted` how many packets and octets a
    counter of a filter has seen.
    """

    router: Router
    rpc: etree._Element
    tables: RouteTables
    established: Callable[[], frozenset[str]] | None = None
    reachable: Callable[[str, str], bool] | None = None
    counted: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def argument(self, name: str) -> str:
        """The value of an argument, "" where it is not given."""
        return (self.rpc.findtext(name) or "").strip()

    def is_up(self, peer: str) -> bool:
        """True for a peer whose session is established."""
        return self.established is None or peer in self.established()

    def answers(self, address: str) -> bool:
        """True for an address that answers to a ping from the `routing-instance` that is asked for."""
        return self.reachable is None or self.reachable(address, self.argument("routing-instance"))
