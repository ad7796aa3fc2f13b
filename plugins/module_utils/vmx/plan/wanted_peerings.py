# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task wants of peerings, and of the router as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import peering as peers
from ..model.field import Values

ROUTER_FIELDS = {one.name: one for one in peers.ROUTER_FIELDS}

DEVICE_MANAGER = "__contrail"
"""How the names of the configuration groups begin that Contrail's device manager writes."""


@dataclass(frozen=True)
class WantedPeering:
    """A peering that a task names; ``next_hop_self`` and ``tunnel`` are None when left out.

    ``mark``: what is made of it is marked as ours, and only what is marked is deleted.
    """

    path: str
    name: str
    values: Values
    next_hop_self: tuple[str, ...] | None
    tunnel: Values | None
    mark: bool = False


@dataclass(frozen=True)
class WantedPeerings:
    """A task's input, checked and in normal form; ``router`` holds what was given of the whole router."""

    state: str
    peerings: tuple[WantedPeering, ...]
    router: Values

    @property
    def names(self) -> list[str]:
        """The peerings that are named."""
        return [one.name for one in self.peerings]
