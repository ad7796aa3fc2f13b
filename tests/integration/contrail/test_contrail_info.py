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
from integration.contrail.bed import Controller, ModuleFailedError, run_module

ROOT = Path(__file__).resolve().parents[3]


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
        ({"virtual_network_properties.forwarding_mode": "l3"}, ["vn1"]),
        ({"no_such_property": 1}, []),
        ({"name": "vn2"}, ["vn2"]),
    ],
)
def test_filters_are_never_ignored(site: Controller, filters: dict[str, Any], found: list[str]) -> None:
    for fields in ([], ["display_name"]):
        assert names(site.info("virtual-network", parent="default-project", filters=filters, fields=fields)) == found


def test_children_of_a_parent(site: Controller) -> None:
    assert names(site.info("routing-instance", parent="vn1")) == ["vn1"]
    assert names(site.info("virtual-network", parent="default-domain:nowhere")) == []


def test_an_unknown_kind_is_an_error(site: Controller) -> None:
    with pytest.raises(ModuleFailedError, match="cannot list frob: HTTP 404") as caught:
        run_module("contrail_info", {"api_url": [site.url], "kind": "frob"})
    assert caught.value.result["status"] == 404


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
