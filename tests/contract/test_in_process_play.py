# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One play in both ways of running modules: what ansible-playbook does around a module gives the same results."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.action_run import CHECKOUT, SWITCH
from wire.raw_api import Store, Wire, served

VN = "opencontrail.service_chain.contrail_vn"
INFO = "opencontrail.service_chain.vmx_info"
ROUTES = "opencontrail.service_chain.chain_routes"
SECRET = "sesame-open-99"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOT_COMPARED = frozenset({"ansible_job_id", "results_file", "frame", "ansible_facts"})
"""What differs from run to run: jobs of ``async``, where a timeout met the worker, when a Python was discovered."""


def silent(connection: Any) -> None:
    """Take everything and say nothing."""
    with connection, suppress(OSError):
        while connection.recv(65536):
            pass


@contextmanager
def places() -> Iterator[tuple[str, str]]:
    """Yield a config API that works, and a server that never answers."""
    with served(Wire(Store().answer).serve) as api, served(silent) as stuck:
        yield f"http://{api}", stuck


def plays(api: str, stuck: str) -> list[dict[str, Any]]:
    network: dict[str, Any] = {"config": [{"name": "a", "route_targets": ["64512:1"]}]}
    tasks: dict[str, dict[str, Any]] = {
        "in check mode": {VN: network, "check_mode": True, "diff": True},
        "for real": {VN: network, "diff": True, "register": "made"},
        "what a task registered": {VN: {"config": [{"name": "{{ made.objects[0].action }}"}]}},
        "by its short name": {"contrail_vn": network, "collections": ["opencontrail.service_chain"]},
        "several in one worker": {
            VN: {"config": [{"name": "{{ item }}", "mac_limit": {"limit": "{{ 5 if item == 'b' else 'x' }}"}}]},
            "loop": ["b", "c", "b"],
        },
        "an option that is not known": {VN: {"config": [], "nonsense": 1}},
        "in the background": {VN: network, "async": 120, "poll": 1},
        "as another user": {VN: network, "become": True, "become_method": "su"},
        "on another host": {VN: network, "delegate_to": "elsewhere"},
        "with variables of the environment": {INFO: {"host": "127.0.0.1"}, "environment": {"VMX_PORT": "9"}},
        "with those of another locale": {VN: network, "environment": {"LC_ALL": "C"}},
        "hidden": {VN: {"config": [{"name": SECRET, "state": "x"}]}, "no_log": True},
        "until it works": {VN: {"config": [{"name": "a", "max_flows": -1}]}, "until": False, "retries": 1, "delay": 0},
        "out of time": {VN: {**network, "api_url": [f"http://{stuck}"]}, "timeout": 1},
        "routers out of time": {
            INFO: {"host": "127.0.0.1", "port": int(stuck.split(":")[1]), "gather": ["version"]},
            "timeout": 1,
        },
        "without a connection": {ROUTES: {"networks": [{"name": "vn1"}], "domain": "\u2713"}},
        "with a bad value": {ROUTES: {"intent": {"service_chains": []}}},
    }
    defaults = {"group/opencontrail.service_chain.contrail": {"api_url": [api], "password": SECRET}}
    return [
        {
            "hosts": "here",
            "gather_facts": False,
            "ignore_errors": True,
            "module_defaults": defaults,
            "tasks": [{"name": name, **task} for name, task in tasks.items()],
        }
    ]


def run(directory: Path, content: list[dict[str, Any]], in_process: bool) -> dict[str, Any]:
    """Return each task's result and its seconds, by its name."""
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    hosts = {"here": local, "elsewhere": local}
    (directory / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    (directory / "play.yml").write_text(yaml.safe_dump(content, sort_keys=False))
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), "-i", "inventory.yml", "play.yml"],
        cwd=directory,
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_LOG_PATH": str(directory / "log"),
            "ANSIBLE_ASYNC_DIR": str(directory / "async"),
            "ANSIBLE_PIPELINING": "1",
            SWITCH.upper(): str(in_process),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.lstrip().startswith("{"), done.stdout + done.stderr
    assert SECRET not in done.stdout + done.stderr + (directory / "log").read_text()
    (results,) = json.loads(done.stdout)["plays"]
    return {
        each["task"]["name"]: (_comparable(next(iter(each["hosts"].values()))), _seconds(each["task"]["duration"]))
        for each in results["tasks"]
    }


def _seconds(duration: dict[str, str]) -> float:
    start, end = (datetime.datetime.fromisoformat(duration[each].rstrip("Z")) for each in ("start", "end"))
    return (end - start).total_seconds()


def _comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _comparable(inner) for name, inner in value.items() if name not in NOT_COMPARED}
    if isinstance(value, list):
        return [_comparable(inner) for inner in value]
    return UUID.sub("UUID", value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, dict[str, Any]]:
    found = {}
    for in_process in (True, False):
        with places() as (api, stuck):
            told = run(tmp_path_factory.mktemp("play"), plays(api, stuck), in_process)
            text = json.dumps(told).replace(api, "API").replace(stuck, "STUCK").replace(stuck.split(":")[1], "PORT")
            found[in_process] = json.loads(text)
    return found


def test_all_tasks_give_the_same(results: dict[bool, dict[str, Any]]) -> None:
    here, ordinary = results[True], results[False]
    assert list(here) == list(ordinary)
    differences = {name: (here[name][0], ordinary[name][0]) for name in here if here[name][0] != ordinary[name][0]}
    assert not differences, json.dumps(differences, indent=1)
    assert "127.0.0.1:9" in here["with variables of the environment"][0]["msg"]
    failed = [name for name, (result, _seconds) in here.items() if result.get("failed")]
    assert failed == [
        "several in one worker",
        "an option that is not known",
        "with variables of the environment",
        "hidden",
        "until it works",
        "out of time",
        "routers out of time",
        "with a bad value",
    ]


def test_a_task_ends_when_its_time_is_over(results: dict[bool, dict[str, Any]]) -> None:
    for name in ("out of time", "routers out of time"):
        assert results[True][name][1] < 5, "the worker waited for what it had begun"
