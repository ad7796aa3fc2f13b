# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a compute host, and plans on the control node how its nova-compute gets its options."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.options import Asked
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.plan import (
    LAYOUTS,
    ComputePlan,
    ComputeSettings,
    compute_plan,
    container_units,
)
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.steps import StepError, StepsAction

LOOK = Path(__file__).resolve().parents[2] / "roles/compute_prep/files/look.sh"
"""Runs on the host with /bin/sh, and tells what the plan has to know of it."""

PAUSE = 2.0
"""Seconds between two looks that are to prove a restart."""


class ActionModule(StepsAction):
    """See the module's documentation."""

    SPEC: Mapping[str, Mapping[str, Any]] = {
        "virt_type": {"type": "str", "default": "auto"},
        "cpu_mode": {"type": "str", "default": "auto"},
        "cpu_models": {"type": "list", "elements": "str", "default": []},
        "options": {"type": "raw"},
        "layout": {"type": "str", "choices": list(LAYOUTS), "default": "auto"},
        "kolla_directory": {"type": "str", "default": ComputeSettings.kolla_directory},
        "nova_directory": {"type": "str", "default": ComputeSettings.nova_directory},
        "nova_conf": {"type": "str", "default": ""},
        "container": {"type": "str", "default": ComputeSettings.container},
        "container_file": {"type": "str", "default": ComputeSettings.container_file},
        "libvirt_container": {"type": "str", "default": "nova_libvirt"},
        "engines": {"type": "list", "elements": "str", "default": ["docker", "podman"]},
        "units": {"type": "list", "elements": "str", "default": ["nova-compute", "openstack-nova-compute"]},
        "restart": {"type": "bool", "default": True},
        "marker": {"type": "str", "required": True},
        "with_text": {"type": "bool", "default": False},
        "proof_looks": {"type": "int", "default": 0},
    }

    def steps(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the plan; nothing is changed. What may be a password is in it only where that is asked for."""
        plan = self._proved(options) if options["proof_looks"] > 0 else self._planned(options)
        if plan["problems"]:
            raise StepError("\n".join(plan["problems"]))
        if options["with_text"]:
            return {"plan": plan}
        if not options["proof_looks"]:
            for line in _to_be_shown(plan, self.host):
                self.show(line)
        shown = {name: value for name, value in plan["file"].items() if name != "text"}
        return {"plan": {**plan, "file": shown, "options": {}}}

    def _planned(self, options: Mapping[str, Any]) -> ComputePlan:
        asked = Asked(options["virt_type"], options["cpu_mode"], tuple(options["cpu_models"]), options["options"])
        given = {each.name: options[each.name] for each in fields(ComputeSettings) if each.name in options}
        return compute_plan(self.look(_argv(options)), asked, ComputeSettings(name=self.host, **given))

    def _proved(self, options: Mapping[str, Any]) -> ComputePlan:
        """Return the plan of a host on which nothing is left to do. Raise :class:`StepError` if that does not come."""
        left: list[str] = []
        for look in range(options["proof_looks"]):
            time.sleep(PAUSE if look else 0)
            try:
                plan = self._planned(options)
            except StepError as error:  # the host may be busy with starting what was restarted
                left = [str(error)]
                continue
            left = [*plan["problems"], *plan["why"]]
            if not left:
                return plan
        raise StepError(f"nova-compute on {self.host} was restarted and does not run as wanted: {'; '.join(left)}")


def _to_be_shown(plan: ComputePlan, host: str) -> Iterator[str]:
    yield from plan["warnings"]
    if plan["guests"]:
        yield (
            f"{plan['guests']} running guests of {host} are not of type {plan['virt_type']}; each keeps its type until"
            " it is stopped and started or hard rebooted, which this does not do"
        )


def _argv(options: Mapping[str, Any]) -> list[str]:
    names = (
        "kolla_directory", "nova_directory", "nova_conf", "container", "container_file", "libvirt_container",
    )  # fmt: skip
    units = [*options["units"], *container_units(options["container"])]
    lists = [" ".join(options["engines"]), " ".join(units), options["marker"]]
    return ["/bin/sh", "-c", LOOK.read_text(encoding="utf-8"), "look", *(options[name] for name in names), *lists]
