# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out actions of the collection as ansible-playbook does: it loads the plugin, and forks for each task.

It is a process of its own (``python -m support.action_worker``), as Ansible's plugin loaders would disturb the imports
of tests. Requests and answers are lines of JSON; ``support.action_run`` writes and reads them.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from ansible.errors import AnsibleError
from ansible.module_utils import basic
from ansible.module_utils.common import warnings
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins import loader as loaders
from ansible.template import Templar
from ansible.utils.display import Display

try:
    from ansible.template import trust_as_template
except ImportError:  # before ansible-core 2.19

    def trust_as_template(value: str) -> str:
        """Return a text as it is."""
        return value


def main() -> None:
    """Answer requests until there are no more."""
    loaders.init_plugin_loader()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what is printed is no answer
    for line in sys.stdin:
        request = json.loads(line)
        loaders.action_loader.get(request["action"], class_only=True)
        pid = os.fork()
        if not pid:
            _answer(request, answers)
        os.waitpid(pid, 0)


def _answer(request: dict[str, Any], answers: IO[str]) -> None:
    """Carry out a request in this process, which ends with it."""
    try:
        os.environ.clear()
        os.environ.update(request["environment"])
        answer = carried_out(request)
    except AnsibleError as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    except BaseException:
        answer = {"error": traceback.format_exc()}
    answers.write(json.dumps(answer, default=_told) + "\n")
    answers.flush()
    os._exit(0)


def carried_out(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the last result of an action and the types in it, what was displayed and logged, and what is left behind.

    The types tell how Ansible marks values (unsafe, tagged).
    """
    displayed: list[str] = []
    log = io.StringIO()
    logging.basicConfig(stream=log, level=logging.INFO)  # as Ansible does where it has a log_path
    for said in ("warning", "deprecated", "error"):
        setattr(Display, said, lambda _self, msg, *_args, **_named: displayed.append(str(msg)))
    for _each in range(request["times"]):
        action, variables = _action(request)
        try:
            result = action.run(task_vars=variables)
        finally:
            action.cleanup()
    return {
        "result": result,
        "types": _types(result),
        "displayed": displayed,
        "logged": log.getvalue(),
        "left": _left(),
    }


def _action(request: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    loader = DataLoader()
    keywords = _trusted({"check_mode": False, "diff": True, **request["keywords"]})
    task = Task.load({request["action"]: {}, **keywords}, loader=loader)
    task.args = dict(request["options"])
    variables = {
        "inventory_hostname": "localhost",
        "ansible_python_interpreter": sys.executable,
        "ansible_playbook_python": sys.executable,
        "ansible_facts": {},
        **_trusted(request["variables"]),
    }
    context = PlayContext()
    connection = loaders.connection_loader.get(variables.get("ansible_connection", "local"), context, os.devnull)
    connection.set_options(var_options=variables)
    if variables.get("ansible_become"):
        connection.set_become_plugin(loaders.become_loader.get("ansible.builtin.su"))
    templar = Templar(loader=loader, variables=variables)
    plugin = loaders.action_loader.get(request["action"], class_only=True)
    return plugin(task, connection, context, loader, templar, loaders), variables


def _told(value: Any) -> str:
    """Return the text of a warning or an error, which have types of their own since ansible-core 2.19."""
    return str(value.event.msg if hasattr(value, "event") else value)


def _trusted(value: Any) -> Any:
    """Return data with its texts marked as templates, as those of a playbook are since ansible-core 2.19."""
    if isinstance(value, Mapping):
        return {name: _trusted(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_trusted(inner) for inner in value]
    return trust_as_template(value) if isinstance(value, str) else value


def _types(value: Any) -> Any:
    """Return the names of the types in a value, in its shape."""
    if isinstance(value, Mapping):
        return {str(key): [type(key).__name__, _types(inner)] for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(_types, value)]
    return type(value).__name__


def _left() -> dict[str, Any]:
    """Return what a module may have left behind."""
    return {
        "environment": dict(os.environ),
        "directory": str(Path.cwd()),
        "arguments": str(basic._ANSIBLE_ARGS),
        "warnings": len(warnings._global_warnings) + len(warnings._global_deprecations),
        "threads": [each.name for each in threading.enumerate()],
        "files": sorted(_open_files()),
        "log": [len(logging.getLogger().handlers), logging.getLogger().level],
        "print": [type(sys.stdout).__name__, type(sys.stderr).__name__],
    }


def _open_files() -> Iterator[str]:
    for each in Path("/proc/self/fd").iterdir():
        try:
            yield str(each.readlink())
        except OSError:  # the one that the directory was read with
            continue


if __name__ == "__main__":
    main()
