# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the VRF tables of the routers must hold, worked out from a description of the site.

The rules are those of Contrail's control node: a port's addresses are announced with the port's label; a VRF's
static routes reach the networks that import its route targets; the first service of a chain offers every route of
the right network to whoever imports the left one's route targets, the last service the other way round, with all
attributes of the way to the service. What a chain brings into a network may travel on through the next chain, where
the network allows transit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...vmx.replies.routes import RouteTables
from .announcements import Announcements
from .exchange import Exchange
from .router_tables import RouterTables
from .site import (
    Site,
)
from .wanted_chains import EvaluatedChain, wanted_chains


@dataclass(frozen=True)
class Prediction:
    """Tables by router and name, in the shape of ``vmx_info``'s ``route_tables``, and how each chain fares.

    A route has also ``ports`` (whose label it is), and one whose prefix nobody knows yet has no ``prefix`` but
    ``address_of``.
    """

    before: Mapping[str, RouteTables]
    after: Mapping[str, RouteTables]
    chains: tuple[EvaluatedChain, ...]


def predict(site: Site) -> Prediction:
    """Return the routers' VRF tables without any service chain (``before``) and with those that stand (``after``)."""
    wanted = wanted_chains(site)
    announced = Announcements(site)
    chains = tuple(announced.judge(judged) for judged in wanted.chains)
    standing = [judged.chain for judged in chains if judged.reason is None]
    after = Exchange(site, wanted, announced, standing)
    return Prediction(
        before=RouterTables(Exchange(site, wanted, announced, [])).all(),
        after=RouterTables(after).all(),
        chains=tuple(after.doubt(judged) for judged in chains),
    )
