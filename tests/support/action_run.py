# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs action plugins of the collection as Ansible's workers do, without a playbook, under any supported ansible-core.

A process of its own (``python -m support.action_run``) has Ansible's plugin loaders, which would disturb the imports of the
tests. It forks for each task, as ansible-playbook does, and answers with the result and the type of each value in it: a
difference in how Ansible marks values (unsafe, tagged) shows as well.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

TESTS = Path(__file__).resolve().parents[1]
CHECKOUT = TESTS.parent / ".cache"
COLLECTION = "opencontrail.service_chain"


def run_action(
    name: str,
    options: Mapping[str, Any],
    *,
    way: bool | None = None,
    variables: Mapping[str, Any] | None = None,
    collections: Path = CHECKOUT,
    **keywords: Any,
) -> dict[str, Any]:
    """Run an action of the collection and return ``result``, its ``types``, what was ``displayed``, and the ``state`` left.

    ``way`` is whether it runs in the worker; without it that is as the environment says. Keywords are those of a task:
    ``check_mode``, ``diff``, ``environment``. The host is this one, with a local connection, unless variables say otherwise.
    """
    request = {
        "action": f"{COLLECTION}.{name}",
        "options": dict(options),
        "variables": {**(variables or {}), **({} if way is None else {"service_chain_in_process": way})},
        "keywords": keywords,
        "environment": dict(os.environ),
    }
    process = _worker(collections)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(request) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    assert "error" not in answer, answer["error"]
    return answer


@cache
def _worker(collections: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "support.action_run"],
        env={**os.environ, "PYTHONPATH": str(TESTS), "ANSIBLE_COLLECTIONS_PATH": str(collections)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.kill)
    return process


def main() -> None:
    """Answer requests, one line each, until there are no more."""
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what is printed is no answer
    for line in sys.stdin:
        request = json.loads(line)
        _action_class(request["action"])  # as the strategy does, before it forks
        pid = os.fork()
        if not pid:
            _answer(request, answers)
        os.waitpid(pid, 0)


def _answer(request: dict[str, Any], answers: IO[str]) -> None:
    """Carry out a request in this process, which ends with it."""
    try:
        os.environ.clear()
        os.environ.update(request["environment"])
        displayed: list[str] = []
        result = _carried_out(request, displayed)
        answer = {"result": result, "types": _types(result), "displayed": displayed, "state": _state()}
    except BaseException as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
        if isinstance(error, AssertionError) or "ansible" not in type(error).__module__:
            import traceback

            answer["error"] += "\n" + traceback.format_exc()
    answers.write(json.dumps(answer, default=str) + "\n")
    answers.flush()
    os._exit(0)


def _carried_out(request: dict[str, Any], displayed: list[str]) -> Any:
    from ansible.parsing.dataloader import DataLoader
    from ansible.playbook.play_context import PlayContext
    from ansible.playbook.task import Task
    from ansible.plugins import loader as loaders
    from ansible.template import Templar
    from ansible.utils.display import Display

    for said in ("warning", "deprecated", "error"):
        setattr(Display, said, lambda _self, msg, *_args, **_named: displayed.append(str(msg)))
    loader = DataLoader()
    keywords = {"check_mode": False, "diff": True, **request["keywords"]}
    task = Task.load({"action": {"module": request["action"], **request["options"]}, **keywords}, loader=loader)
    task.args = request["options"]
    variables = {
        "inventory_hostname": "localhost",
        "ansible_python_interpreter": sys.executable,
        "ansible_playbook_python": sys.executable,
        "ansible_facts": {},
        **request["variables"],
    }
    context = PlayContext()
    connection = loaders.connection_loader.get(variables.get("ansible_connection", "local"), context, os.devnull)
    connection.set_options(var_options=variables)
    templar = Templar(loader=loader, variables=variables)
    action = _action_class(request["action"])(task, connection, context, loader, templar, loaders)
    try:
        return action.run(task_vars=variables)
    finally:
        action.cleanup()


def _action_class(name: str) -> Any:
    from ansible.plugins.loader import action_loader

    return action_loader.get(name, class_only=True)


def _types(value: Any) -> Any:
    """Return the names of the types in a value, in its shape."""
    if isinstance(value, Mapping):
        return {str(key): [type(key).__name__, _types(inner)] for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(_types, value)]
    return type(value).__name__


def _state() -> dict[str, Any]:
    """Return what a module may have left behind in the process."""
    import logging
    import threading

    from ansible.module_utils import basic
    from ansible.module_utils.common import warnings

    return {
        "environment": dict(os.environ),
        "directory": os.getcwd(),
        "arguments": str(basic._ANSIBLE_ARGS),
        "warnings": len(warnings._global_warnings) + len(warnings._global_deprecations),
        "threads": [each.name for each in threading.enumerate()],
        "files": sorted(filter(None, map(_target, Path("/proc/self/fd").iterdir()))),
        "log": [len(logging.getLogger().handlers), logging.getLogger().level],
        "print": [sys.stdout.__class__.__name__, sys.stderr.__class__.__name__],
    }


def _target(path: Path) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""


if __name__ == "__main__":
    main()
