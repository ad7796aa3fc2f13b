# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading objects for users, and the modules as Ansible itself starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api import reading
from integration.contrail.bed import Controller
from support.module_run import ModuleFailedError, run_module

ROOT = Path(__file__).resolve().parents[3]
OTHER_NETWORKS = {"__link_local__", "dci-network", "default-virtual-network", "ip-fabric"}
"""Networks that a fresh server has in the default project."""


@pytest.fixture
def site(contrail: Controller) -> Controller:
    """Two networks, one of which has a policy."""
    contrail.run("contrail_policy", [{"name": "p1"}])
    contrail.run(
        "contrail_vn",
        [
            {"name": "vn1", "forwarding_mode": "l3", "policies": [{"name": "p1", "sequence": {"minor": 2}}]},
            {"name": "vn2", "route_targets": ["64512:2"], "shared": True},
        ],
    )
    return contrail


def names(objects: list[dict[str, Any]]) -> list[str]:
    return [item["name"] for item in objects]


def test_references_are_names(site: Controller) -> None:
    (network,) = site.info("virtual-network", names=["vn1"])

    assert network["fq_name"] == "default-domain:default-project:vn1"
    (reference,) = network["network_policy_refs"]
    assert reference["name"] == "default-domain:default-project:p1"
    assert reference["attr"]["sequence"] == {"major": 0, "minor": 2}
    assert not any("href" in key for key in network)


def test_what_does_not_exist_is_not_returned(site: Controller) -> None:
    assert names(site.info("virtual_network", names=["vn1", "vn9"])) == ["vn1"]
    assert site.info("virtual-network", names=[]) == []


def test_fields_bring_back_references(site: Controller) -> None:
    (policy,) = site.info("network-policy", names=["p1"], fields=["virtual_network_back_refs"])

    assert [item["name"] for item in policy["virtual_network_back_refs"]] == ["default-domain:default-project:vn1"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"is_shared": True}, ["vn2"]),
        ({"is_shared": "true"}, ["vn2"]),
        ({"is_shared": False}, ["vn1"]),
        ({"flood_unknown_unicast": False}, ["vn1", "vn2"]),
        ({"display_name": ["vn2", "vn3"]}, ["vn2"]),
        ({"display_name": "vn1,vn2"}, []),
        ({"virtual_network_properties.forwarding_mode": "l3"}, ["vn1"]),
        ({"virtual_network_properties.allow_transit": False}, ["vn1", "vn2"]),
        ({"network_policy_refs": "p1"}, ["vn1"]),
        ({"network_policy_refs": "default-domain:default-project:p1", "is_shared": True}, []),
        ({"name": "vn2"}, ["vn2"]),
    ],
)
def test_filters_are_never_ignored(site: Controller, filters: dict[str, Any], found: list[str]) -> None:
    for fields in ([], ["display_name"]):
        objects = site.info("virtual-network", parent="default-project", filters=filters, fields=fields)
        assert [name for name in names(objects) if name not in OTHER_NETWORKS] == found


def test_children_of_a_parent(site: Controller) -> None:
    assert names(site.info("routing-instance", parent="vn1")) == ["vn1"]
    assert names(site.info("virtual-network", parent="default-domain:nowhere")) == []


def test_children_and_back_references_come_on_request(site: Controller) -> None:
    (policy,) = site.info("network-policy", names=["p1"], back_references=["virtual-network"])
    assert [item["name"] for item in policy["virtual_network_back_refs"]] == ["default-domain:default-project:vn1"]
    assert policy["display_name"] == "p1"

    (network,) = site.info("virtual-network", names=["vn1"], fields=["display_name"], children=["all"])
    assert [item["name"] for item in network["routing_instances"]] == ["default-domain:default-project:vn1:vn1"]
    assert "route_target_list" not in network


def test_objects_are_read_by_uuid(site: Controller) -> None:
    (network,) = site.info("virtual-network", names=["vn2"])
    uuids = [network["uuid"], "00000000-0000-4000-8000-000000000000"]

    assert names(site.info("virtual-network", uuids=uuids)) == ["vn2"]
    assert names(site.info("virtual-network", uuids=uuids, names=["vn1"])) == []


def test_counting_takes_one_request_and_reads_no_object(site: Controller) -> None:
    def count(**options: Any) -> tuple[int, int]:
        result = run_module("contrail_info", {"api_url": [site.url], "count": True, **options})
        assert "objects" not in result
        return result["count"], result["requests"]

    everything = len(site.info("virtual-network"))
    assert count(kind="virtual-network") == (everything, 1)
    assert count(kind="virtual-network", filters={"is_shared": True}) == (1, 1)
    assert count(kind="routing-instance", parent="vn1") == (1, 1)
    assert count(kind="virtual-network", names=["vn1", "vn9"]) == (1, 1)


def test_a_thousand_objects_take_few_requests(contrail: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    def make() -> None:
        for number in range(1100):
            name = ["default-domain", "default-project", f"t{number}"]
            body = {"fq_name": name, "parent_type": "project"}
            contrail.world.store.create("interface-route-table", body)

    contrail.on_loop(make)
    options: dict[str, Any] = {"api_url": [contrail.url], "kind": "interface-route-table"}
    everything = run_module("contrail_info", options)
    assert everything["count"] == 1100
    assert everything["requests"] <= 2
    named = run_module("contrail_info", {**options, "names": [f"t{number}" for number in range(1000)]})
    assert named["count"] == 1000
    assert named["requests"] <= 2

    monkeypatch.setattr(reading, "PAGE", 300)
    paged = run_module("contrail_info", options)
    assert paged["objects"] == everything["objects"]
    assert paged["requests"] == 4


def test_secrets_are_masked_by_the_schema_and_by_telling_names(contrail: Controller) -> None:
    def make() -> None:
        contrail.world.store.create(
            "service-appliance-set",
            {
                "fq_name": ["default-global-system-config", "set"],
                "parent_type": "global-system-config",
                "service_appliance_set_properties": {
                    "key_value_pair": [{"key": "vip_password", "value": "word-1"}, {"key": "port", "value": "80"}]
                },
            },
        )
        contrail.world.store.create(
            "physical-router",
            {
                "fq_name": ["default-global-system-config", "r"],
                "parent_type": "global-system-config",
                "physical_router_user_credentials": {"username": "u", "password": "word-2"},
                "physical_router_snmp_credentials": {"version": 2, "v2_community": "word-3"},
            },
        )

    contrail.on_loop(make)
    (appliances,) = contrail.info("service-appliance-set", names=["set"])
    (router,) = contrail.info("physical-router", fields=["physical_router_user_credentials"])
    text = json.dumps([appliances, router, contrail.info("physical-router")])

    assert "word-" not in text
    assert router["physical_router_user_credentials"] == {"username": "u", "password": "********"}
    assert appliances["service_appliance_set_properties"]["key_value_pair"][1] == {"key": "port", "value": "80"}


def test_route_targets_have_one_name(contrail: Controller) -> None:
    contrail.run("contrail_object", [{"name": "64512:5"}], kind="route-target")

    for options in ({"names": ["64512:5"]}, {"fields": ["display_name"]}, {}):
        found = [item for item in contrail.info("route-target", **options) if item["name"] == "target:64512:5"]
        assert [item["fq_name"] for item in found] == ["target:64512:5"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "virtual-networks"}, "kind: there is no kind 'virtual-networks': did you mean virtual-network"),
        ({"fields": ["network_polcy_refs"]}, "fields[0]: virtual-network has no network_polcy_refs: did you mean"),
        ({"filters": {"is_share": True}}, "filters.is_share: virtual-network has no is_share: did you mean is_shared?"),
        ({"children": ["port-tuple"]}, "children[0]: virtual-network has no port-tuple: there is access-control-list"),
        ({"kind": "domain", "parent": "x"}, "parent: domain has no parent; leave it out"),
        ({"kind": "port-tuple", "names": ["t1"]}, "names[0]: 't1' does not say which service-instance it is in"),
    ],
)
def test_a_wrong_question_is_answered_before_it_is_sent(
    contrail: Controller, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ModuleFailedError) as caught:
        run_module("contrail_info", {"api_url": [contrail.url], "kind": "virtual-network", **options})

    assert message in str(caught.value)
    assert caught.value.result["requests"] == 0


def ansible(module: str, arguments: dict[str, Any], **environment: str) -> dict[str, Any]:
    """Run a module by the `ansible` command and return its result."""
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("ansible")), "localhost", "-i", "localhost,", "-c", "local"),
            *("-e", f"ansible_python_interpreter={sys.executable}"),
            *("-m", f"opencontrail.service_chain.{module}", "-a", json.dumps(arguments)),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.oneline",
            "ANSIBLE_LOAD_CALLBACK_PLUGINS": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    line = done.stdout.strip().splitlines()[-1]
    result: dict[str, Any] = json.loads(line[line.index("{") :])
    return result


def test_the_server_is_found_by_the_environment_and_a_password_is_masked(contrail: Controller) -> None:
    config = [{"name": "vn1", "description": "owned by admin"}]
    arguments = {"auth": "basic", "username": "root", "password": "admin", "config": config}

    result = ansible("contrail_vn", arguments, CONTRAIL_API_URL=f"{contrail.url},http://127.0.0.1:1")

    assert result["changed"] is True
    assert result["objects"][0]["fq_name"] == "default-domain:default-project:vn1"
    assert "admin" not in json.dumps(result)
    found = contrail.find("virtual-network", "vn1")
    assert found is not None
    assert found["id_perms"]["description"] == "owned by admin"


def test_the_secrets_of_an_object_are_masked_in_what_ansible_shows(contrail: Controller) -> None:
    def shown(where: str, word: str) -> str:
        router = {"name": "r", where: {"physical_router_user_credentials": {"password": word}}}
        arguments = {"api_url": contrail.url, "kind": "physical-router", "config": [router]}
        return json.dumps(ansible("contrail_object", arguments, ANSIBLE_VERBOSITY="3"))

    given, misplaced = shown("secrets", "hidden-word"), shown("properties", "open-word")

    assert "hidden-word" not in given
    assert "open-word" not in misplaced
    assert "is a secret, which would be logged" in misplaced
    assert contrail.find("physical-router", "default-global-system-config", "r") is not None
