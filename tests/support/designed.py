# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the first play of the playbooks, which checks the data model, and one that shows each host's variables."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLAYBOOKS = Path(__file__).resolve().parents[2] / "playbooks"
CHECKOUT = PLAYBOOKS.parent / ".cache"

ROUTER = ("vmx_gateway_vrfs", "vmx_gateway_filters", "vmx_gateway_peerings", "chain_verify_tables")
HOST = ("service_endpoints_routes", "service_endpoints_forwarding", "service_endpoints_sources")
SITE = ("contrail_objects_networks", "contrail_objects_policies", "contrail_objects_planned", "service_chain_guests")
SHOWN = {"localhost": SITE, "routers": ROUTER, "endpoints:service_guests": HOST}
"""By hosts of a play the variables that it shows."""


CHECK = {
    "name": "Check the data model",
    "hosts": "localhost:all",
    "gather_facts": False,
    "vars": {"ansible_connection": "local"},
    "tasks": [{"ansible.builtin.import_tasks": str(PLAYBOOKS / "tasks/check_intent.yml")}],
}
"""The first play of the playbooks."""


@dataclass(frozen=True)
class Designed:
    """What a run said, the CPU seconds that it took with all its processes, and by host what was shown."""

    status: int
    output: str
    seconds: float
    shown: Mapping[str, Mapping[str, Any]]


def designed(
    directory: Path, inventory: Mapping[str, Any], *arguments: str, shown: Mapping[str, Sequence[str]] | None = None
) -> Designed:
    """Run the check of the data model on an inventory, then a task for each host that writes its variables down."""
    plays = [CHECK]
    for hosts, names in (SHOWN if shown is None else shown).items():
        content = "{{ {" + ", ".join(f"'{name}': {name}" for name in names) + "} | to_json }}"
        copy = {"content": content, "dest": str(directory / "{{ inventory_hostname }}.shown"), "mode": "0600"}
        plays.append(play(hosts, {"ansible.builtin.copy": copy, "delegate_to": "localhost"}))
    return run(directory, inventory, plays, *arguments)


def play(hosts: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """Return a play of one task that has the variables of the playbooks."""
    variables = [str(PLAYBOOKS / "vars/derived.yml")]
    name = f"Show the variables of {hosts}"
    return {"name": name, "hosts": hosts, "gather_facts": False, "vars_files": variables, "tasks": [dict(task)]}


def run(directory: Path, inventory: Mapping[str, Any], plays: Sequence[Mapping[str, Any]], *arguments: str) -> Designed:
    """Run plays on an inventory."""
    (directory / "inventory.json").write_text(json.dumps(inventory), encoding="utf-8")
    (directory / "playbook.yml").write_text(json.dumps(plays), encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), "-i", "inventory.json", "playbook.yml", *arguments],
        cwd=directory,
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT), "ANSIBLE_PYTHON_INTERPRETER": sys.executable},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    read = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in directory.glob("*.shown")}
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Designed(done.returncode, done.stdout, seconds, read)


def inventory_of(variables: Mapping[str, Any], groups: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return an inventory in YAML's shape: groups with their hosts, and the data model for all."""
    children: dict[str, Any] = {group: {"hosts": {host: {} for host in hosts}} for group, hosts in groups.items()}
    return {"all": {"vars": dict(variables), "children": children}}
