# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CONTRIBUTING.md promises: a kind and a statement are added by their declarations, which are taken from there."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail import kinds as entities
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec import field, scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import entity, parts
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx import module as vmx_module
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model import vrf
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import specifications
from integration.contrail.bed import Controller, controller, twelve_steps
from integration.vmx_bed import Bed, bed
from support.module_run import MODULES

GUIDE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
KIND, STATEMENT = (
    textwrap.dedent(code) for code in re.findall(r"^ *```python\n(.*?)^ *```", GUIDE.read_text(), re.M | re.S)
)


@pytest.fixture
def contrail() -> Iterator[Controller]:
    """A controller of the lab."""
    with controller() as running:
        yield running


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Bed]:
    """A router of the lab."""
    with bed(tmp_path, []) as running:
        yield running


def test_a_kind_of_contrail_is_added_by_its_declaration(contrail: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scope.CONTAINERS, "bgp-as-a-service", "project")
    names: dict[str, Any] = {**vars(field), **vars(entity), **vars(parts)}
    exec(KIND, names)  # the guide's own text
    declared = names["BGP_AS_A_SERVICE"]
    monkeypatch.setitem(entities.ENTITIES, declared.kind, declared)
    module = ModuleType("contrail_bgp_as_a_service")
    module.main = lambda: run_config_module(declared)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, f"{MODULES}.contrail_bgp_as_a_service", module)

    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24"}]}])
    contrail.run("contrail_port", [{"name": "p1", "network": "vn1"}, {"name": "p2", "network": "vn1"}])
    twelve_steps(
        contrail,
        "contrail_bgp_as_a_service",
        [{"name": "b", "autonomous_system": 65001, "address": "10.0.1.9", "shared": True, "ports": ["p1"]}],
        [{"name": "b", "autonomous_system": 65002, "ports": ["p2"], "description": "second"}],
    )


def test_a_statement_of_junos_is_added_by_its_field(router: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    added = eval(STATEMENT.strip(), vars(vrf))  # the guide's own text
    monkeypatch.setattr(vrf, "VRF_FIELDS", (*vrf.VRF_FIELDS, added))
    options = vmx_module.VRF_OPTIONS["config"]["options"]
    for name, specification in specifications((added,)).items():
        monkeypatch.setitem(options, name, specification)
    item = {"name": "vn1", "route_distinguisher": "172.31.10.57:1", "route_target": "64512:1"}

    made = router.run("vmx_vrf", config=[{**item, "router_id": "10.255.0.1"}])
    assert made["changed"]
    assert (
        router.committed.value("routing-instances", ("instance", "vn1"), "routing-options", "router-id") == "10.255.0.1"
    )
    assert not router.run("vmx_vrf", config=[{**item, "router_id": "10.255.0.1"}])["changed"]
    (shown,) = router.run("vmx_vrf", state="gathered", config=[{"name": "vn1"}])["gathered"]["config"]
    assert shown["router_id"] == "10.255.0.1"
    assert router.run("vmx_vrf", config=[item], state="replaced")["changed"]
    assert router.committed.find("routing-instances", ("instance", "vn1"), "routing-options") is None
