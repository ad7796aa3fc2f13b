# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a diagnosis, in their order: each looks at one link, which needs all that come before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...values.finding import Finding
from . import forwarding, objects, router
from .diagnosed_chain import DiagnosedChain

OBJECTS, SCHEMA, CONTROL, AGENT = "objects", "schema transformer", "control nodes", "vRouter agents"
CONFIGURATION, BGP, TUNNELS, TABLES = (
    "configuration of routers",
    "BGP of routers",
    "tunnels of routers",
    "tables of routers",
)

ROUTER_SUBJECTS = {CONFIGURATION: "vrfs", BGP: "peers", TUNNELS: "tunnels", TABLES: "tables"}
"""Which attribute of a router's facts each source is."""


@dataclass(frozen=True)
class Step:
    """One link: its ``name``, what has to have been read to look at it (one of ``sources`` is enough), and how."""

    name: str
    sources: tuple[str, ...]
    look: Callable[[DiagnosedChain], Iterable[Finding]]


STEPS: tuple[Step, ...] = (
    Step("networks", (OBJECTS,), objects.networks),
    Step("policy", (OBJECTS,), objects.policy),
    Step("attachment of the policy", (OBJECTS,), objects.attachment),
    Step("services of the policy", (OBJECTS,), objects.services),
    Step("ports of the services", (OBJECTS,), objects.ports),
    Step("networks of the ports", (OBJECTS,), objects.port_networks),
    Step("service addresses", (OBJECTS,), objects.addresses),
    Step("routing instances of the services", (OBJECTS,), forwarding.instances),
    Step("no way past the services", (SCHEMA,), forwarding.directness),
    Step("chain on the control nodes", (CONTROL, AGENT), forwarding.states),
    Step("route targets", (CONFIGURATION,), router.route_targets),
    Step("BGP sessions", (BGP,), router.sessions),
    Step("tunnels to the compute nodes", (TUNNELS,), router.tunnels),
    Step("next hops", (TUNNELS,), router.next_hops),
    Step("steering", (CONFIGURATION,), router.steering),
    Step("static routes", (CONFIGURATION,), router.statics),
    Step("routes of the chain", (TABLES,), router.routes),
    Step("labels", (TABLES,), router.labels),
    Step("guests", (TABLES,), router.guests),
)
"""All of them."""
