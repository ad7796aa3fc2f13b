# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""BGP routers, physical routers, the global configuration, templates in use, and the examples of these modules."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest
import yaml
from integration.contrail.bed import COLLECTION, Controller
from support.module_run import ModuleFailedError, run_module

FABRIC = ("default-domain", "default-project", "ip-fabric", "__default__")
CONTROL = {"autonomous_system": 64900, "router_type": "control-node", "vendor": "other"}
ROUTER = {"name": "vmx", "address": "10.0.0.1", "autonomous_system": 64999, "vendor": "Juniper"}
SECRET = "a-secret-of-the-router"


def peers(contrail: Controller, name: str) -> dict[str, Any]:
    router = contrail.find("bgp-router", *FABRIC, name)
    assert router is not None
    return {reference["to"][-1]: reference["attr"] for reference in router.get("bgp_router_refs", [])}


def test_the_vmx_becomes_a_peer_of_every_control_node(contrail: Controller) -> None:
    nodes = [{**CONTROL, "name": name, "address": f"10.0.0.{number}"} for number, name in enumerate("abc", 11)]
    contrail.run(
        "contrail_bgp_router", [*nodes, {**CONTROL, "name": "x", "address": "10.0.0.9", "router_type": "router"}]
    )
    router = {**ROUTER, "control_nodes": True, "peers": [{"name": "a", "hold_time": 30}]}

    contrail.run("contrail_bgp_router", [router])

    found = peers(contrail, "vmx")
    assert set(found) == {"a", "b", "c"}
    assert found["a"]["session"][0]["attributes"][0]["hold_time"] == 30
    assert set(peers(contrail, "c")) == {"vmx"}
    contrail.run("contrail_bgp_router", [{**CONTROL, "name": "d", "address": "10.0.0.20"}])
    assert contrail.run("contrail_bgp_router", [router])["changed"] is True
    assert contrail.run("contrail_bgp_router", [router])["changed"] is False
    assert set(peers(contrail, "vmx")) == {"a", "b", "c", "d"}


def test_a_session_keeps_what_is_not_given_and_loses_a_peer_only_when_purged(contrail: Controller) -> None:
    contrail.run("contrail_bgp_router", [{**CONTROL, "name": name, "address": "10.0.0.2"} for name in "ab"])
    contrail.run("contrail_bgp_router", [{**ROUTER, "peers": [{"name": "a", "hold_time": 30, "passive": True}, "b"]}])

    contrail.run("contrail_bgp_router", [{**ROUTER, "peers": [{"name": "a", "hold_time": 40}]}])
    assert peers(contrail, "vmx")["a"]["session"][0]["attributes"] == [{"hold_time": 40, "passive": True}]
    assert set(peers(contrail, "vmx")) == {"a", "b"}

    contrail.run("contrail_bgp_router", [{**ROUTER, "peers": ["a"]}], purge_references=["peers"])
    assert set(peers(contrail, "vmx")) == {"a"}


def test_two_routers_of_one_task_can_be_each_others_peers(contrail: Controller) -> None:
    routers = [{**ROUTER, "name": "r1", "peers": ["r2"]}, {**ROUTER, "name": "r2", "peers": ["r1"]}]

    contrail.run("contrail_bgp_router", routers)

    assert set(peers(contrail, "r1")) == {"r2"}
    assert contrail.run("contrail_bgp_router", routers)["changed"] is False


def test_keys_of_sessions_are_compared_and_never_shown(contrail: Controller) -> None:
    router = {**ROUTER, "authentication": {"keys": [{"id": 0, "key": SECRET}]}}
    results = [contrail.run("contrail_bgp_router", [router])]
    assert contrail.run("contrail_bgp_router", [router])["changed"] is False
    router["authentication"] = {"keys": [{"id": 0, "key": "another"}]}
    results.append(contrail.run("contrail_bgp_router", [router]))
    results.append(contrail.run("contrail_bgp_router", [{"name": router["name"]}], state="absent"))

    assert "another" not in json.dumps(results[-1])
    assert all(result["changed"] for result in results)
    assert SECRET not in json.dumps(results)


def test_a_password_is_written_once_or_when_asked(contrail: Controller) -> None:
    router = {"name": "r", "management_address": "10.0.0.1", "username": "lab", "password": SECRET}

    def cipher() -> str:
        stored = contrail.find("physical-router", "default-global-system-config", "r")
        assert stored is not None
        text: str = stored["physical_router_user_credentials"]["password"]
        return text

    results = [contrail.run("contrail_physical_router", [router])]
    first = cipher()
    assert first != SECRET
    results.append(contrail.run("contrail_physical_router", [{**router, "password": "another"}]))
    assert results[-1]["changed"] is False
    assert cipher() == first

    results.append(contrail.run("contrail_physical_router", [{**router, "update_password": "always"}]))
    assert results[-1]["changed"] is True
    assert cipher() != first
    assert SECRET not in json.dumps(results)
    assert first not in json.dumps(results)


def test_a_password_goes_along_when_the_user_name_changes(contrail: Controller) -> None:
    router = {"name": "r", "username": "lab", "password": SECRET}
    contrail.run("contrail_physical_router", [router])

    with pytest.raises(ModuleFailedError, match=r"config\[0\]\.password: is needed to change what is stored with it"):
        contrail.run("contrail_physical_router", [{"name": "r", "username": "root"}])
    contrail.run("contrail_physical_router", [{**router, "username": "root"}])

    assert contrail.run("contrail_physical_router", [{**router, "username": "root"}])["changed"] is False


def test_the_global_configuration_changes_in_two_objects_and_is_never_deleted(contrail: Controller) -> None:
    config = [{"autonomous_system": 64999, "encapsulation_priorities": ["VXLAN", "MPLSoGRE"]}]
    writes = contrail.writes
    foretold = contrail.run("contrail_global_config", config, check=True)
    assert contrail.writes == writes

    made = contrail.run("contrail_global_config", config)

    assert made["diff"] == foretold["diff"]
    assert [(item["kind"], item["action"]) for item in made["objects"]] == [
        ("global-system-config", "updated"),
        ("global-vrouter-config", "updated"),
    ]
    assert contrail.run("contrail_global_config", config)["changed"] is False
    assert contrail.run("contrail_global_config", [{"encapsulation_priorities": ["MPLSoGRE", "VXLAN"]}])["changed"]
    with pytest.raises(ModuleFailedError, match="it cannot be deleted"):
        contrail.run("contrail_global_config", config, state="absent")


def test_a_template_changes_only_while_no_service_instance_uses_it(contrail: Controller) -> None:
    template = {"name": "t", "mode": "in-network", "interfaces": ["left"]}
    contrail.run("contrail_vn", [{"name": "vn1"}])
    contrail.run("contrail_service_template", [template])
    assert contrail.run("contrail_service_template", [{**template, "mode": "transparent"}])["changed"] is True
    service = {"name": "fw", "template": "t", "interfaces": [{"type": "left", "network": "vn1"}]}
    contrail.run("contrail_service_instance", [service])

    with pytest.raises(ModuleFailedError) as caught:
        contrail.run("contrail_service_template", [template], check=True)
    assert caught.value.result["msg"] == (
        "config[0].mode: transparent cannot be changed to in-network while service-instance "
        "default-domain:default-project:fw uses service-template default-domain:t: delete that first, or give the "
        "new one another name"
    )
    described = {**template, "mode": "transparent", "description": "text"}
    assert contrail.run("contrail_service_template", [described])["changed"] is True


def test_options_of_the_earlier_collection_work(contrail: Controller) -> None:
    contrail.run("contrail_policy", [{"name": "p"}])
    network = {
        "name": "vn1",
        "route_target_list": ["64512:1"],
        "import_route_target_list": ["64512:2"],
        "export_route_target_list": ["64512:3"],
        "network_policy_refs": ["p"],
        "port_security_enabled": False,
        "router_external": True,
    }

    assert contrail.run("contrail_vn", [network])["changed"] is True
    assert contrail.run("contrail_vn", [network])["changed"] is False
    contrail.run("contrail_bgp_router", [{**ROUTER, "address_families": ["inet-vpn"]}])
    contrail.run("contrail_bgp_router", [{**ROUTER, "name": "x", "bgp_router_refs": ["vmx"]}])
    template = {"name": "t", "service_mode": "in-network", "service_type": "firewall", "interface_type": ["left"]}
    assert contrail.run("contrail_service_template", [template])["changed"] is True


MODULES: dict[str, list[tuple[str, list[dict[str, Any]]]]] = {
    "contrail_vn": [],
    "contrail_ipam": [],
    "contrail_policy": [
        ("contrail_vn", [{"name": "vn1"}, {"name": "vn2"}]),
        ("contrail_service_template", [{"name": "t", "mode": "in-network", "interfaces": ["left", "right"]}]),
        (
            "contrail_service_instance",
            [
                {
                    "name": name,
                    "template": "t",
                    "interfaces": [{"type": "left", "network": "vn1"}, {"type": "right", "network": "vn2"}],
                }
                for name in ("1-to-2", "proxy")
            ],
        ),
    ],
    "contrail_bgp_router": [("contrail_global_config", [{"enable_4byte_as": True}])],
    "contrail_global_config": [],
    "contrail_service_template": [],
    "contrail_physical_router": [("contrail_bgp_router", [{**ROUTER, "name": "vmx1"}])],
    "contrail_health_check": [],
    "contrail_interface_route_table": [],
    "contrail_routing_policy": [],
    "contrail_route_aggregate": [],
}


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_run_twice(contrail: Controller, module: str) -> None:
    for earlier, config in MODULES[module]:
        contrail.run(earlier, config)
    if module == "contrail_vn":
        contrail.on_loop(
            lambda: contrail.world.store.create(
                "project", {"fq_name": ["default-domain", "tenant1"], "parent_type": "domain"}
            )
        )
    for example in yaml.safe_load(importlib.import_module(f"{COLLECTION}.modules.{module}").EXAMPLES):
        options = example[f"opencontrail.service_chain.{module}"]
        options = {key: value for key, value in options.items() if key in {"config", "state", "owner", "project"}}
        result = run_module(module, {**options, "api_url": [contrail.url]})
        assert len(result["objects"]) >= len(options["config"])
        again = run_module(module, {**options, "api_url": [contrail.url]}, check=True)
        always = any(item.get("update_password") == "always" for item in options["config"])
        assert again["changed"] is always, example["name"]
