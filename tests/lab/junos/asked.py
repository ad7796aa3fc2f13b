# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operational reply is made from: the request, the router, and what its control plane knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from lab.routes import RouteTables

    from .router import Router


@dataclass(frozen=True)
class Asked:
    """One operational request; `established` names the BGP peers that are up (None: all of them)."""

    router: Router
    rpc: etree._Element
    tables: RouteTables
    established: Callable[[], frozenset[str]] | None = None

    def argument(self, name: str) -> str:
        """The value of an argument, "" where it is not given."""
        return (self.rpc.findtext(name) or "").strip()

    def is_up(self, peer: str) -> bool:
        """True for a peer whose session is established."""
        return self.established is None or peer in self.established()
