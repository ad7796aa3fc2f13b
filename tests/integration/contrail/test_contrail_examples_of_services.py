# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in the documentation of ports and service instances, carried out one after the other."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml
from integration.contrail.bed import COLLECTION, PROJECT, Controller
from support.module_run import run_module


@pytest.fixture
def site(contrail: Controller) -> Controller:
    """What the examples take for granted."""
    networks = [{"name": f"vn{n}", "subnets": [{"cidr": f"10.0.{n}.0/24"}]} for n in (1, 2)]
    contrail.run("contrail_vn", networks)
    both = {"mode": "in-network", "interfaces": ["left", "right"]}
    contrail.run("contrail_service_template", [{"name": "firewall", **both}, {"name": "nat", "version": 1, **both}])
    for kind, name in (
        ("service-health-check", "ping"),
        ("interface-route-table", "branches"),
        ("routing-policy", "prefer-near"),
    ):
        body = {"fq_name": [*PROJECT, name], "parent_type": "project"}
        contrail.on_loop(lambda kind=kind, body=body: contrail.world.store.create(kind, body))  # type: ignore[misc]
    return contrail


PORTS = [
    {"name": "1-to-2-left", "network": "vn1"},
    {"name": "1-to-2-right", "network": "vn2"},
    {"name": "vm2-left", "network": "vn1", "virtual_machine": "vm2"},
    {"name": "vm2-right", "network": "vn2", "virtual_machine": "vm2", "addresses": ["10.0.2.7"]},
    *({"name": f"fw{n}-{side}", "network": net} for n in (1, 2) for side, net in (("left", "vn1"), ("right", "vn2"))),
]


@pytest.mark.parametrize(("module", "ports"), [("contrail_port", []), ("contrail_service_instance", PORTS)])
def test_each_example_changes_something_once(site: Controller, module: str, ports: list[dict[str, Any]]) -> None:
    if ports:
        site.run("contrail_port", ports)
    text = importlib.import_module(f"{COLLECTION}.modules.{module}").EXAMPLES

    for task in yaml.safe_load(text):
        options = {**task[f"opencontrail.service_chain.{module}"], "api_url": [site.url]}
        if "wait" in options:
            options["wait"] = {**options["wait"], "timeout": 10, "interval": 0.02}

        assert run_module(module, options)["changed"] is True, task["name"]
        site.settle()
        assert run_module(module, options)["changed"] is False, task["name"]
