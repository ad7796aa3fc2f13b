# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a compute host, and plans on the control node how its nova-compute gets its options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.options import Asked
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.plan import (
    LAYOUTS,
    Site,
    compute_plan,
    container_units,
)
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.steps import StepsAction

LOOK = Path(__file__).resolve().parents[2] / "roles/compute_prep/files/look.sh"
"""Runs on the host with /bin/sh, and tells what the plan has to know of it."""


class ActionModule(StepsAction):
    """See the module's documentation."""

    SPEC: Mapping[str, Mapping[str, Any]] = {
        "virt_type": {"type": "str", "default": "auto"},
        "cpu_mode": {"type": "str", "default": "auto"},
        "cpu_models": {"type": "list", "elements": "str", "default": []},
        "options": {"type": "raw"},
        "layout": {"type": "str", "choices": list(LAYOUTS), "default": "auto"},
        "kolla_directory": {"type": "str", "default": Site.kolla_directory},
        "nova_directory": {"type": "str", "default": Site.nova_directory},
        "nova_conf": {"type": "str", "default": ""},
        "container": {"type": "str", "default": Site.container},
        "container_file": {"type": "str", "default": Site.container_file},
        "libvirt_container": {"type": "str", "default": "nova_libvirt"},
        "engines": {"type": "list", "elements": "str", "default": ["docker", "podman"]},
        "units": {"type": "list", "elements": "str", "default": ["nova-compute", "openstack-nova-compute"]},
        "restart": {"type": "bool", "default": True},
        "marker": {"type": "str", "required": True},
    }

    def steps(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the plan; nothing is changed."""
        asked = Asked(options["virt_type"], options["cpu_mode"], tuple(options["cpu_models"]), options["options"])
        given = {each.name: options[each.name] for each in fields(Site) if each.name in options}
        plan = compute_plan(self.look(_argv(options)), asked, Site(name=self.host, **given))
        return {"plan": plan}


def _argv(options: Mapping[str, Any]) -> list[str]:
    names = (
        "kolla_directory", "nova_directory", "nova_conf", "container", "container_file", "libvirt_container",
    )  # fmt: skip
    units = [*options["units"], *container_units(options["container"])]
    lists = [" ".join(options["engines"]), " ".join(units), options["marker"]]
    return ["/bin/sh", "-c", LOOK.read_text(encoding="utf-8"), "look", *(options[name] for name in names), *lists]
