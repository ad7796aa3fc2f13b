# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task wants of VRFs, their steering and the filters."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.field import Values
from ..model.filter import Place, Term, WantedFilter
from .steering import NOTHING_KEPT, AddedSteering, Kept


@dataclass(frozen=True)
class WantedVrf:
    """A VRF that a task names; ``steering`` is None when left out."""

    path: str
    name: str
    values: Values
    steering: tuple[Term, ...] | None


@dataclass(frozen=True)
class WantedVrfs:
    """A task's input, checked and in normal form.

    ``plans_distinguisher_id``: an earlier step of the same run gives the router a ``route-distinguisher-id``.
    ``kept``: the steering that stays as the router has it. ``rolled_back``: nothing but this is done; its VRFs are
    ``vrfs`` too. None when the call is no such call.
    """

    state: str
    vrfs: tuple[WantedVrf, ...]
    filters: tuple[WantedFilter, ...]
    plans_distinguisher_id: bool = False
    kept: Kept = NOTHING_KEPT
    rolled_back: tuple[AddedSteering, ...] | None = None

    @property
    def exact(self) -> bool:
        """Return whether what is not given goes."""
        return self.state in ("replaced", "overridden") or self.rolled_back is not None

    @property
    def is_idle(self) -> bool:
        """Return whether there is nothing to do, whatever the router has."""
        return self.rolled_back == ()

    @property
    def names(self) -> list[str]:
        """The VRFs that are named."""
        return [vrf.name for vrf in self.vrfs]

    @property
    def places(self) -> list[Place]:
        """The filters that are named, by themselves or by a term."""
        return [*(one.place for one in self.filters), *(term.place for term in self.terms)]

    @property
    def terms(self) -> list[Term]:
        """The steering terms of all VRFs."""
        return [term for vrf in self.vrfs for term in vrf.steering or ()]
