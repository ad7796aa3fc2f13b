# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in the documentation of modules do what they say."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml
from integration.contrail.bed import COLLECTION, Controller
from support.module_run import run_module

NETWORKS = [{"name": "vn1"}, {"name": "vn2"}]


@pytest.mark.parametrize("module", ["contrail_object", "contrail_info"])
def test_the_examples_of_a_module_run(contrail: Controller, module: str) -> None:
    contrail.run("contrail_vn", NETWORKS)
    contrail.run("contrail_policy", [{"name": "vn1-to-vn2", "networks": NETWORKS}])
    examples: list[dict[str, Any]] = yaml.safe_load(importlib.import_module(f"{COLLECTION}.modules.{module}").EXAMPLES)

    for example in examples:
        options = {**example[f"opencontrail.service_chain.{module}"], "api_url": [contrail.url]}
        result = run_module(module, options)
        if module == "contrail_info":
            assert result["count"] >= 0
        else:
            assert run_module(module, options, check=True)["changed"] is False, example["name"]
            assert len(result["objects"]) == len(options["config"])
