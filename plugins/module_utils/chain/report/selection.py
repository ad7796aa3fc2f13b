# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a large site a report shows in full: chains that are broken first, and a bounded number of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..design.derive import vrf_of
from .content import ChainHealth, Report, routers_behind


@dataclass(frozen=True)
class Selection:
    """The chains that are drawn, how many are not, and the tables shown by router."""

    chains: tuple[ChainHealth, ...]
    left_out: int
    tables: Mapping[str, tuple[str, ...]]


def select(report: Report, most: int) -> Selection:
    """Return what to show in full, of at most so many chains.

    All tables of a router are shown if all chains are, else those of the chains that are shown.
    """
    chains = report.chains[:most]
    left_out = len(report.chains) - len(chains)
    wanted: dict[str, set[str]] = {name: set() for name in report.routers}
    for state in chains:
        for router in routers_behind(report.intent, state.chain):
            for _word, side, _far in state.chain.sides:
                vrf = vrf_of(router, side.network).name
                wanted.setdefault(router.name, set()).update(f"{vrf}.{family}.0" for family in ("inet", "inet6"))
    tables = {
        name: tuple(table for table in router.tables if not left_out or table in wanted[name])
        for name, router in report.routers.items()
    }
    return Selection(chains, left_out, tables)
