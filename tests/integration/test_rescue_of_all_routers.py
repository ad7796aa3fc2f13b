# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the chains cannot be judged, the play rescues every router, so that each takes its steering back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.designed import inventory_of, run

ROUTERS = ["vmx1", "vmx2", "vmx3"]
READ: dict[str, Any] = {"results": [], "missing": [], "missing_chains": []}


def test_an_error_of_the_one_verdict_rescues_every_router(tmp_path: Path) -> None:
    variables = {"ansible_connection": "local", "chain_verify_read": READ, "chain_verify_intent": {"nonsense": {}}}
    role = {"name": "opencontrail.service_chain.chain_verify", "tasks_from": "compare"}
    mark = {"content": "{}", "dest": str(tmp_path / "{{ inventory_hostname }}.shown"), "mode": "0600"}
    block = {
        "block": [{"name": "Judge", "ansible.builtin.include_role": role}],
        "rescue": [{"name": "Mark the router", "ansible.builtin.copy": mark}],
    }
    done = run(
        tmp_path,
        inventory_of(variables, {"routers": ROUTERS}),
        [{"name": "Verify", "hosts": "routers", "gather_facts": False, "tasks": [block]}],
    )
    assert sorted(done.shown) == ROUTERS, done.output
    assert "the chains could not be verified: " in done.output
    assert "nonsense" in done.output
