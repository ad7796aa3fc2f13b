# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values drawn from the declarations, written by modules: the second run finds them and writes nothing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import CONTAINERS, Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import ENTITIES
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from integration.contrail.bed import Controller
from models.declared_values import items
from support.examples import examples
from support.module_run import ModuleFailedError

MODULES = {
    "contrail_vn": "virtual-network",
    "contrail_ipam": "network-ipam",
    "contrail_policy": "network-policy",
    "contrail_service_template": "service-template",
    "contrail_port": "virtual-machine-interface",
    "contrail_bgp_router": "bgp-router",
    "contrail_physical_router": "physical-router",
    "contrail_health_check": "service-health-check",
    "contrail_interface_route_table": "interface-route-table",
    "contrail_routing_policy": "routing-policy",
    "contrail_route_aggregate": "route-aggregate",
}
NAMED = sorted(
    kind
    for kind, parent in CONTAINERS.items()
    if parent in {"project", "domain", "global-system-config"} and kind not in {"project", "global-vrouter-config"}
)
PROJECT = ["default-domain", "default-project"]
SUBNET = {"ipam_subnets": [{"subnet": {"ip_prefix": "10.0.0.0", "ip_prefix_len": 16}}]}
NEEDED: dict[str, dict[str, Any]] = {
    "virtual-network": {"network_ipam_refs": [{"to": [*PROJECT, "default-network-ipam"], "attr": SUBNET}]},
    "virtual-machine-interface": {"virtual_network_refs": [{"to": [*PROJECT, "a"]}]},
}
"""What an object cannot be created, or cannot serve, without."""


def furnish(contrail: Controller) -> None:
    """Make an object called a and one called b of every kind that an item can name."""

    def create() -> None:
        store = contrail.world.store
        for kind in sorted(NAMED, key=lambda kind: ENTITIES[kind].rank if kind in ENTITIES else 0):
            for name in ("a", "b"):
                full = list(Scope().name(kind, name))
                store.create(
                    kind, {"fq_name": full, "parent_type": CONTAINERS[kind], **copy.deepcopy(NEEDED.get(kind, {}))}
                )
        for name in ("a", "b"):
            full = list(Scope().name("bgp-router", name))
            store.create("bgp-router", {"fq_name": full, "parent_type": "routing-instance"})
            store.insert("tag", {"fq_name": [name], "tag_type_name": "label", "tag_value": name})

    contrail.run("contrail_global_config", [{"enable_4byte_as": True}])
    contrail.on_loop(create)


@pytest.mark.parametrize("module", MODULES)
def test_a_second_run_finds_what_the_first_has_written(contrail: Controller, module: str) -> None:
    furnish(contrail)
    entity = ENTITIES[MODULES[module]]
    unreachable = frozenset({"flat_ipams", "virtual_machine", "parent_port"})

    @examples(8, suppress_health_check=list(HealthCheck))
    @given(st.lists(items(entity, without=unreachable), min_size=2, max_size=2))
    def check(steps: list[dict[str, Any]]) -> None:
        contrail.run(module, [{"name": "n"}], state="absent")
        for written in steps:
            try:
                contrail.run(module, [written])
            except ModuleFailedError as error:
                # The drawn values do not go together, and are refused in words.
                assume(error.result.get("status") not in {400, 409} and "config[0]" not in error.result["msg"])
                raise
            writes = contrail.writes
            for _run in ("second", "third"):
                contrail.settle()
                again = contrail.run(module, [written])
                assert again["changed"] is False, again["diff"]
            assert contrail.writes == writes

    check()
