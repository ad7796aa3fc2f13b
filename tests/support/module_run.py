# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module of the collection inside the test's process, under any supported ansible-core.

With ``MODULES_RUN=worker`` in the environment, modules run by their action plugins in a worker of Ansible; with
``MODULES_RUN=process`` in processes of their own, as Ansible runs other modules. Tests that replace a part of a module
need the test's process.
"""

from __future__ import annotations

import importlib
import json
import os
from typing import Any
from unittest import mock

from ansible.module_utils import basic
from support.action_run import run_action
from support.leaks import refuse_leaks

MODULES = "ansible_collections.opencontrail.service_chain.plugins.modules"


class ModuleFailedError(Exception):
    """A module ended in fail_json; ``result`` is what it returned."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__(result["msg"])
        self.result = result


class _Exit(BaseException):
    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__()
        self.result = result


def run_module(name: str, options: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
    """Run a module with options, in diff mode, and return its result, warnings included.

    Nothing of that, nor of what the module logs, may show a secret that it was given, and this before Ansible masks it.
    Raises ModuleFailedError when the module fails, and AssertionError when it does so with a traceback.
    """
    if way := os.environ.get("MODULES_RUN"):
        return _run_by_action(name, options, check=check, way=way)
    warnings: list[str] = []
    logged: list[str] = []
    secrets: set[str] = set()

    def leave(module: basic.AnsibleModule, **result: Any) -> None:
        secrets.update(module.no_log_values)
        raise _Exit({**result, "warnings": [*warnings, *result.get("warnings", ())]})

    def fail(module: basic.AnsibleModule, msg: str, **result: Any) -> None:
        secrets.update(module.no_log_values)
        if "exception" in result or "unexpected error" in msg:
            raise AssertionError(f"{name} ends in an error that nobody foresaw: {msg}\n{result.get('exception', '')}")
        raise ModuleFailedError({"failed": True, "msg": msg, **result})

    def outdate(_module: basic.AnsibleModule, msg: str, *_details: Any, **_named: Any) -> None:
        raise AssertionError(f"{name} does what ansible-core deprecates: {msg}")

    def note(_module: basic.AnsibleModule, msg: str, *_details: Any, **_named: Any) -> None:
        logged.append(msg)

    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
    module = importlib.import_module(f"{MODULES}.{name}")
    with (
        # What ansible.module_utils.testing does, which ansible-core 2.16 has not yet.
        mock.patch.object(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()),
        mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy", create=True),
        mock.patch.object(basic.AnsibleModule, "exit_json", leave),
        mock.patch.object(basic.AnsibleModule, "fail_json", fail),
        mock.patch.object(basic.AnsibleModule, "warn", lambda _module, text: warnings.append(text)),
        mock.patch.object(basic.AnsibleModule, "deprecate", outdate),
        mock.patch.object(basic.AnsibleModule, "log", note),
        # The core's own line about the options, which it masks itself.
        mock.patch.object(basic.AnsibleModule, "_log_invocation", lambda _module: None),
    ):
        try:
            module.main()
        except _Exit as done:
            refuse_leaks([done.result, logged], f"what {name} returns or logs", secrets)
            return done.result
        except ModuleFailedError as failed:
            refuse_leaks([failed.result, warnings, logged], f"how {name} fails", secrets)
            raise
    raise AssertionError(f"{name} returned without a result")


def _run_by_action(name: str, options: dict[str, Any], *, check: bool, way: str) -> dict[str, Any]:
    answer = run_action(name, options, in_process={"worker": True, "process": False}[way], check_mode=check)
    assert not answer["displayed"], answer["displayed"]
    refuse_leaks([answer["result"], answer["logged"]], f"what {name} returns or logs")
    result = {"warnings": [], **answer["result"]}
    assert "Traceback" not in str(result.pop("exception", "")), result
    for key in ("invocation", "_ansible_parsed"):
        result.pop(key, None)
    if result.get("failed"):
        raise ModuleFailedError(result)
    return result
