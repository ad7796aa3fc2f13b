# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules that run inside Ansible's worker, and in a process of their own: nobody can tell from the result."""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible import release
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils import in_process
from support.action_run import run_action

ROOT = Path(__file__).resolve().parents[2]
SECRET = "sesame-open-99"
Run = Callable[..., dict[str, Any]]

ACTION = """
from ansible_collections.opencontrail.service_chain.plugins.modules import probe
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.module_action import ModuleAction

class ActionModule(ModuleAction):
    module = probe
"""


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return what runs the module ``probe``, which stands in a copy of the collection."""
    collections = tmp_path_factory.mktemp("collections")
    copy = collections / "ansible_collections" / "opencontrail" / "service_chain"
    copy.mkdir(parents=True)
    for name in ("meta", "galaxy.yml"):
        (copy / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "plugins", copy / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests" / "support" / "probe.py", copy / "plugins" / "modules" / "probe.py")
    (copy / "plugins" / "action" / "probe.py").write_text(ACTION)
    return functools.partial(run_action, "probe", collections=collections)


def both(run: Run, *arguments: Any, **named: Any) -> dict[str, Any]:
    """Return what a run in the worker gives, having compared it with one in a process of its own."""
    ordinary, here = (run(*arguments, in_process=way, **named) for way in (False, True))
    for answer, is_program in ((ordinary, True), (here, False)):
        assert answer["result"].pop("started as a program", is_program) is is_program
    assert here == ordinary
    return here


@pytest.mark.parametrize(
    "acts", [["warn", "deprecate", "print", "log", "leave", "values"], ["warn", "fail"], ["fail in except"]], ids=str
)
def test_a_result_is_the_same(probe: Run, acts: list[str]) -> None:
    answer = both(probe, {"acts": acts, "secret": SECRET, "old": "x"})
    assert answer["result"].get("failed", False) is any("fail" in act for act in acts)
    assert SECRET not in str(answer)
    if "warn" in acts:
        assert "look out" in str(answer["result"]["warnings"])


@pytest.mark.parametrize(
    "act", ["raise", "raise from", "return", "exit", "exit with words", "exit quietly", "half a result"]
)
def test_a_module_without_a_result_fails_the_same(probe: Run, act: str) -> None:
    ordinary, here = (probe({"acts": [act]}, in_process=way)["result"] for way in (False, True))
    assert here["failed"] is True
    assert _without_places(here) == _without_places(ordinary)


def _without_places(result: dict[str, Any]) -> dict[str, Any]:
    """Return a failure without the lines of its traceback that say where the code lies."""
    return {
        name: [line for line in str(value).splitlines() if not line.startswith("  ")] for name, value in result.items()
    }


@pytest.mark.parametrize(
    "task",
    [
        {"check_mode": True, "no_log": True, "diff": False},
        {"environment": [{"OS_PROBE": "one"}, {"OS_PROBE": "{{ two }}", "VMX_PORT": 3}]},
        {"check_mode": True, "environment": {"OS_WITHOUT_CHECK_MODE": "1"}},
    ],
    ids=str,
)
def test_keywords_of_a_task_mean_the_same(probe: Run, task: dict[str, Any]) -> None:
    both(probe, {"acts": ["warn", "leave"]}, variables={"two": "2", "ansible_syslog_facility": "LOG_LOCAL1"}, **task)


@pytest.mark.parametrize(
    "options", [{"nonsense": 1}, {"number": "many"}, {"acts": {"a": 1}}, {"file": "~/a/$HOME"}], ids=str
)
def test_options_are_judged_the_same(probe: Run, options: dict[str, Any]) -> None:
    both(probe, {**options, "secret": SECRET})


def test_a_run_leaves_nothing_for_the_next_in_the_same_worker(probe: Run) -> None:
    answer = probe({"acts": ["warn", "deprecate", "leave", "log"]}, in_process=True, times=2)
    once = probe({"acts": ["warn", "deprecate", "leave", "log"]}, in_process=False)
    assert answer["result"].pop("runs") == 2, "the module itself keeps what it keeps"
    for each in (answer, once):
        each["result"].pop("runs", None)
        each["result"].pop("started as a program")
    assert answer == once


INTERPRETER = "ansible_python_interpreter"


@pytest.mark.parametrize(
    ("task", "variables", "environment"),
    [
        ({"environment": {"PYTHONPATH": "/nowhere"}}, {}, {}),
        ({"environment": {"LC_ALL": "C"}}, {}, {}),
        ({}, {"ansible_become": True}, {}),
        ({}, {INTERPRETER: str(Path(sys.executable).resolve())}, {}),
        ({}, {"service_chain_in_process": "{{ not true }}"}, {}),
        ({}, {}, {"ANSIBLE_KEEP_REMOTE_FILES": "1"}),
        ({}, {}, {"ANSIBLE_PYTHON_MODULE_RLIMIT_NOFILE": "512"}),
    ],
    ids=str,
)
def test_what_an_own_process_makes_a_difference_for_gets_one(
    probe: Run, task: dict[str, Any], variables: dict[str, Any], environment: dict[str, str]
) -> None:
    result = probe({}, in_process=True, variables=variables, process_environment=environment, **task)["result"]
    assert result["started as a program"] is True


def test_another_python_runs_the_module_even_if_it_is_this_one_in_the_end(probe: Run, tmp_path: Path) -> None:
    wrapper = tmp_path / "python"
    wrapper.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    wrapper.chmod(0o755)
    result = probe({}, in_process=True, variables={INTERPRETER: str(wrapper)})["result"]
    assert result["started as a program"] is True


@pytest.mark.parametrize(
    ("variables", "environment"),
    [
        ({INTERPRETER: "auto", "ansible_facts": {"discovered_interpreter_python": sys.executable}}, {}),
        ({INTERPRETER: "{{ ansible_playbook_python }}"}, {}),
        ({}, {"SERVICE_CHAIN_IN_PROCESS": "no"}),
    ],
    ids=["discovered", "template", "variable before environment"],
)
def test_otherwise_a_module_runs_in_the_worker(
    probe: Run, variables: dict[str, Any], environment: dict[str, str]
) -> None:
    answer = probe({}, in_process=True, variables=variables, process_environment=environment)
    assert answer["result"]["started as a program"] is False


@pytest.mark.parametrize("way", [True, False])
def test_the_environment_switches_where_no_variable_does(probe: Run, way: bool) -> None:
    answer = probe({}, in_process=None, process_environment={"SERVICE_CHAIN_IN_PROCESS": str(way)})
    assert answer["result"]["started as a program"] is not way


def test_a_switch_that_is_neither_on_nor_off_is_refused(probe: Run) -> None:
    with pytest.raises(AssertionError, match=r"service_chain_in_process: .*sometimes"):
        probe({}, in_process=None, variables={"service_chain_in_process": "sometimes"})


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("chain_routes", {"networks": [{"name": "vn1"}], "policies": [{"name": "p"}]}),
        ("chain_routes", {"intent": {"nonsense": {}}}),
        ("contrail_vn", {"api_url": ["http://h"], "password": SECRET, "config": [{"name": "a", "max_flows": -1}]}),
        ("chain_preflight", {"api_url": ["http://h"], "password": SECRET, "intent": {"nonsense": 1}}),
        ("vmx_vrf", {"state": "rendered", "config": [{"name": "vn1", "route_target": "64512:1"}]}),
        ("vmx_info", {"host": "127.0.0.1", "port": 9, "password": SECRET, "gather": ["version"]}),
    ],
)
def test_modules_of_each_family_give_the_same(name: str, options: dict[str, Any]) -> None:
    assert SECRET not in str(both(run_action, name, options))


def test_every_module_has_an_action_that_runs_it() -> None:
    """All but chain_wait, which is an action alone, and reads by vmx_info."""
    groups = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]
    grouped = {name for names in groups.values() for name in names}
    for path in sorted((ROOT / "plugins" / "modules").glob("*.py")):
        action = (ROOT / "plugins" / "action" / path.name).read_text()
        if "main()" in path.read_text():
            assert f"    module = {path.stem}\n" in action, f"{path.stem} does not run in the worker"
        if "doc_fragments" in path.read_text() or "extends_documentation_fragment" in path.read_text():
            assert path.stem in grouped, f"module_defaults of groups do not reach {path.stem}"


def test_the_core_that_runs_is_one_that_this_is_proven_with() -> None:
    assert in_process.is_supported()


@pytest.mark.parametrize(("version", "supported"), [("2.16.0", True), ("2.21.99", True), ("2.22.0.dev0", False)])
def test_a_newer_core_runs_modules_in_the_ordinary_way(
    monkeypatch: pytest.MonkeyPatch, version: str, supported: bool
) -> None:
    monkeypatch.setattr(release, "__version__", version)
    assert in_process.is_supported() is supported


def test_what_a_timeout_raises_passes_the_module_and_leaves_nothing(tmp_path: Path) -> None:
    class OutOfTime(BaseException):
        pass

    def main() -> None:
        raise OutOfTime

    before = (dict(os.environ), Path.cwd(), sys.stdout, sys.stderr)
    with pytest.raises(OutOfTime):
        in_process.carry_out(main, b"{}", {"OS_PROBE": "1"}, str(tmp_path))
    assert (dict(os.environ), Path.cwd(), sys.stdout, sys.stderr) == before
