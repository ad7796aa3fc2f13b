# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the playbooks by name, and names that were perhaps meant for one of them."""

from __future__ import annotations

from collections.abc import Iterable

from ...values.hints import did_you_mean, like
from .model import CHAINS, NETWORKS, ROUTERS, SERVICES

VARIABLES = (
    CHAINS,
    NETWORKS,
    SERVICES,
    ROUTERS,
    "service_chain_adopt_file",
    "service_chain_adopt_policies",
    "service_chain_cloud",
    "service_chain_computes_serial",
    "service_chain_diagnose_only_report",
    "service_chain_introspect",
    "service_chain_keep_steering",
    "service_chain_managers",
    "service_chain_owner",
    "service_chain_peering_timeout",
    "service_chain_port_facts",
    "service_chain_release",
    "service_chain_routers_serial",
    "service_chain_sweep",
    "service_chain_teardown_leave_used",
    "service_chain_tolerated",
)
_LIKENESS = 0.92
"""From which likeness on a name is taken for a slip of the pen: one or two letters."""


def misspelt(names: Iterable[str]) -> list[str]:
    """Return a line for each name that no playbook takes and that is close to one that they take.

    Other names that begin like ours may be the user's own, and are left alone.
    """
    lines = []
    for name in sorted({name for name in names if name.startswith("service")} - set(VARIABLES)):
        if close := like(name, VARIABLES, 1, _LIKENESS):
            lines.append(f"{name}: is not a variable of the playbooks; {did_you_mean(close)}")
    return lines
