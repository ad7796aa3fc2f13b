# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All checks together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...values.finding import ERROR, Finding
from ..design.design import Design
from ..findings.intent import ROUTE_TARGET_MAYBE_RESERVED, STEERING_NAME_TOO_LONG
from ..findings.router import ROUTER_REFUSES
from ..intent.model import Intent
from .controller import SYSTEM_NAME, ControllerChecks, ControllerFacts
from .infrastructure import Peers
from .intent import intent_findings
from .router import RouterChecks, RouterFacts


@dataclass(frozen=True)
class LiveState:
    """The systems as they were read: the controller and the routers, by the name that the intent has for them.

    ``managers`` are addresses that routers are managed from, besides those of the sessions themselves.
    """

    controller: ControllerFacts
    routers: Mapping[str, RouterFacts]
    managers: Sequence[str] = ()


def judge(intent: Intent, derived: Design, checks: ControllerChecks, live: LiveState) -> list[Finding]:
    """Return everything that was found, errors first.

    :param derived: what follows from the intent.
    """
    found = list(intent_findings(intent, derived))
    if live.controller.objects.get(SYSTEM_NAME) is not None:
        # A controller that tells its AS tells exactly which route targets it gives out itself.
        found = [each for each in found if each.kind is not ROUTE_TARGET_MAYBE_RESERVED]
    unusable = any(each.kind in (STEERING_NAME_TOO_LONG, ROUTER_REFUSES) for each in found)
    found += checks.findings(live.controller)
    peers = Peers(
        live.controller.control_nodes,
        checks.machines_at(live.controller),
        tuple(live.managers),
        live.controller.speakers,
    )
    for name, facts in live.routers.items():
        if name in intent.routers and not unusable:
            found += RouterChecks(intent, name, derived.routers[name], facts).findings(peers)
    return sorted(found, key=lambda each: each.kind.severity != ERROR)
