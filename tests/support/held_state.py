# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lab holds, in a form in which two moments can be compared."""

from __future__ import annotations

from typing import Any

from lab.fixture import Lab


def held(lab: Lab) -> dict[str, Any]:
    """Return all API objects but for the time of their last change, and the first router's configuration."""
    lab.settle()
    state = lab.state()
    objects = {
        f"{kind} {':'.join(entry['fq_name'])}": entry
        for kind, entries in state["contrail"].items()
        for entry in entries
    }
    for entry in objects.values():
        entry["id_perms"].pop("last_modified")
    return {"objects": objects, "configuration": next(iter(state["routers"].values()))["configuration"].splitlines()}
