# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugins of the router modules, in real runs of ansible-playbook."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from integration.vmx_bed import Bed, bed
from lab.junos.running import PASSWORD, USER

COLLECTIONS = Path(__file__).resolve().parents[2] / ".cache"
ANSIBLE_PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
INFO = "opencontrail.service_chain.vmx_info"
VRF = "opencontrail.service_chain.vmx_vrf"
GROUP = "group/opencontrail.service_chain.vmx"


@pytest.fixture(scope="module")
def router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with bed(tmp_path_factory.mktemp("router"), []) as served:
        yield served


class Site:
    """A directory with an inventory of one router, from which plays are run."""

    def __init__(self, directory: Path, router: Bed) -> None:
        self.directory = directory
        self.variables: dict[str, Any] = {
            "ansible_host": "127.0.0.1",
            "ansible_port": router.served.port,
            "ansible_user": USER,
            "ansible_password": "{{ secret }}",
            "secret": PASSWORD,
            "vmx_known_hosts_file": str(router.known_hosts),
        }

    def play(self, *tasks: dict[str, Any], environment: dict[str, str] | None = None, **play: Any) -> list[Any]:
        """Run tasks against the router and return their results; what fails is a result as well."""
        inventory = {"routers": {"hosts": {"vmx1": self.variables}}}
        (self.directory / "inventory.yml").write_text(yaml.safe_dump(inventory))
        content = {
            "hosts": "routers",
            "gather_facts": False,
            "ignore_errors": True,
            **play,
            "tasks": list(tasks),
        }
        (self.directory / "play.yml").write_text(yaml.safe_dump([content]))
        done = subprocess.run(
            [ANSIBLE_PLAYBOOK, "-i", "inventory.yml", "play.yml"],
            cwd=self.directory,
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("VMX_")},
                "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
                "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
                "ANSIBLE_LOCAL_TEMP": str(self.directory / "tmp"),
                **(environment or {}),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.lstrip().startswith("{"), done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        assert PASSWORD not in done.stdout + done.stderr
        (results,) = json.loads(done.stdout)["plays"]
        return [next(iter(task["hosts"].values())) for task in results["tasks"]]


@pytest.fixture
def site(tmp_path: Path, router: Bed) -> Site:
    router.reset()
    return Site(tmp_path, router)


VERSION = {INFO: {"gather": ["version"]}}


def test_a_play_against_routers_needs_nothing_else(site: Site) -> None:
    plain, merged, again = site.play(
        VERSION,
        {VRF: {"config": [{"name": "vn1", "route_target": "64512:1"}]}},
        {VRF: {"config": [{"name": "vn1", "route_target": "64512:1"}]}},
        become=True,
    )
    assert plain["version"]["host_name"] == "vmx1"
    assert (merged["changed"], again["changed"]) == (True, False)


@pytest.mark.parametrize("connection", ["local", "ansible.netcommon.netconf"])
def test_the_connection_of_the_host_does_not_matter(site: Site, connection: str) -> None:
    site.variables["ansible_connection"] = connection
    (result,) = site.play(VERSION)
    assert result["version"]["host_name"] == "vmx1"


@pytest.mark.parametrize("module", ["vmx_vrf", "vmx_commit", "vmx_info"])
def test_the_examples_of_the_documentation_run(site: Site, module: str) -> None:
    code = importlib.import_module(f"ansible_collections.opencontrail.service_chain.plugins.modules.{module}")
    for result in site.play(*yaml.safe_load(code.EXAMPLES)):
        assert not result.get("failed"), result


def test_options_come_from_task_then_defaults_then_inventory_then_environment(site: Site, router: Bed) -> None:
    site.variables["ansible_port"] = 3
    defaults = {"module_defaults": {GROUP: {"port": 2}}}
    environment = {"VMX_PORT": "4"}
    task, default = site.play({INFO: {"port": 1}}, {INFO: {}}, environment=environment, **defaults)
    (inventory,) = site.play({INFO: {}}, environment=environment)
    del site.variables["ansible_port"]
    (from_environment,) = site.play({INFO: {}}, environment=environment)
    messages = [str(one["msg"]) for one in (task, default, inventory, from_environment)]
    assert [message.split("127.0.0.1:")[1].split(":")[0] for message in messages] == ["1", "2", "3", "4"]


def test_a_task_delegated_to_this_machine_still_means_the_router(site: Site) -> None:
    (result,) = site.play({**VERSION, "delegate_to": "localhost"})
    assert result["version"]["host_name"] == "vmx1"


def test_a_task_delegated_to_a_router_means_that_one(site: Site) -> None:
    (result,) = site.play({**VERSION, "delegate_to": "vmx1"}, hosts="localhost")
    assert result["version"]["host_name"] == "vmx1"


def test_on_localhost_the_environment_is_enough(site: Site, router: Bed) -> None:
    environment = {
        "VMX_HOST": "127.0.0.1",
        "VMX_PORT": str(router.served.port),
        "VMX_USER": USER,
        "VMX_PASSWORD": PASSWORD,
        "VMX_KNOWN_HOSTS_FILE": str(router.known_hosts),
    }
    (result,) = site.play(VERSION, hosts="localhost", environment=environment)
    assert result["version"]["host_name"] == "vmx1"


def test_host_keys_are_checked_unless_the_inventory_says_otherwise(site: Site, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("")
    site.variables["vmx_known_hosts_file"] = str(empty)
    (refused,) = site.play(VERSION)
    assert "its host key (" in refused["msg"]
    site.variables["vmx_host_key_checking"] = False
    (result,) = site.play(VERSION)
    assert result["version"]["host_name"] == "vmx1"
