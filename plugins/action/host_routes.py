# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a Linux host, plans its routes and forwarding on the control node, and sets what differs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.plan import host_plan, next_hops
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.steps import StepError, StepsAction

LOOK = Path(__file__).resolve().parents[2] / "roles/service_endpoints/files/look.sh"
"""Runs on the host with /bin/sh, and tells what the plan has to know of it."""


class ActionModule(StepsAction):
    """See the module's documentation."""

    SPEC: Mapping[str, Mapping[str, Any]] = {
        "routes": {"type": "list", "elements": "raw", "default": []},
        "forwarding": {"type": "list", "elements": "str", "choices": ["ipv4", "ipv6"], "default": []},
        "sources": {"type": "list", "elements": "raw", "default": []},
        "persistence": {
            "type": "str",
            "choices": ["auto", "netplan", "systemd-networkd", "networkmanager", "ifupdown", "unit", "none"],
            "default": "auto",
        },
        "name": {"type": "str", "default": "service-chain"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    }

    def steps(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Compare the host with what is wanted, and make it so."""
        hops = next_hops(options["routes"], options["sources"])
        script = LOOK.read_text(encoding="utf-8")
        seen = self.look(["/bin/sh", "-c", script, "look", options["name"], *hops])
        plan = host_plan(seen, host=self.host, **options)
        if plan["problems"]:
            raise StepError("\n".join(plan["problems"]))
        for note in plan["notes"]:
            self.show(note.removeprefix(f"{self.host}: "))
        for command in plan["commands"]:
            self.command(command["argv"], command["says"])
        for path in plan["directories"]:
            self.file(path, state="directory", mode="0755")
        for file in plan["files"]:
            more = {"validate": file["validate"]} if file.get("validate") else {}
            self.copy(file["dest"], file["content"], owner="root", group="root", mode=file["mode"], **more)
        for path in plan["gone"]:
            self.file(path, state="absent")
        for command in plan["afterwards"]:
            self.command(command["argv"], command["says"])
        return {"managers": plan["managers"], "notes": plan["notes"]}
