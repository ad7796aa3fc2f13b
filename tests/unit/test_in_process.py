# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules that run in Ansible's worker, and in a process of their own: nobody can tell from the result."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.action_run import run_action

ROOT = Path(__file__).resolve().parents[2]
SECRET = "sesame-open-99"
Probe = Callable[..., dict[str, Any]]

ACTION = """
from ansible_collections.opencontrail.service_chain.plugins.modules import probe
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.module_action import ModuleAction

class ActionModule(ModuleAction):
    module = probe
"""


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Probe:
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


def both(run: Callable[..., dict[str, Any]], *arguments: Any, **named: Any) -> dict[str, Any]:
    """Return what a run in the worker gives, having compared it with one in a process of its own."""
    ordinary = run(*arguments, in_process=False, **named)
    here = run(*arguments, in_process=True, **named)
    assert here["result"] == ordinary["result"]
    assert here["types"] == ordinary["types"]
    assert here["displayed"] == ordinary["displayed"]
    assert here["left"] == ordinary["left"]
    return here


@pytest.mark.parametrize(
    "acts",
    [
        [],
        ["warn", "deprecate"],
        ["print"],
        ["log", "warn"],
        ["leave"],
        ["values"],
        ["warn", "fail"],
        ["fail in except"],
    ],
    ids="+".join,
)
def test_a_result_is_the_same(probe: Probe, acts: list[str]) -> None:
    answer = both(probe, {"acts": acts, "secret": SECRET, "old": "x"})
    assert answer["result"].get("failed", False) is any("fail" in act for act in acts)
    assert SECRET not in str(answer)
    if "warn" in acts:
        assert "look out" in str(answer["result"]["warnings"])


@pytest.mark.parametrize(
    "act", ["raise", "raise from", "return", "exit", "exit with words", "exit quietly", "half a result"]
)
def test_a_module_without_a_result_fails_the_same(probe: Probe, act: str) -> None:
    ordinary, here = (probe({"acts": [act]}, in_process=way)["result"] for way in (False, True))
    assert here["failed"] is True
    assert _without_places(here) == _without_places(ordinary)


def _without_places(result: dict[str, Any]) -> dict[str, Any]:
    """Return a failure without the lines of its traceback that say where the code lies."""
    return {
        name: [line for line in str(value).splitlines() if not line.startswith("  ")] for name, value in result.items()
    }
