# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Base of the collection's action plugins: it runs the module inside Ansible's worker where the result is the same.

Ansible's ordinary way packs a module with all that it imports into a file, starts a new Python, and imports everything
again. On the controller that is wasted work: the worker is a Python that has everything imported already.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils import in_process

COLLECTION = "opencontrail.service_chain."
MODULES = "ansible_collections.opencontrail.service_chain.plugins.modules."

SWITCH = "service_chain_in_process"
"""The variable that turns this off. Where it is not set, the environment variable with this name in capitals counts."""

HONOURED = re.compile(r"(OS|CONTRAIL|VMX)_\w+|(https?|no|all)_proxy|(HTTPS?|NO|ALL)_PROXY|(REQUESTS|CURL)_CA_BUNDLE")
"""Environment variables that are read when they are used. Others (PYTHONPATH, LANG) matter as a Python starts."""


class ModuleAction(NormalAction):  # type: ignore[misc]
    """Does what Ansible's action for ordinary modules does; only how the module is started differs.

    An action plugin names its module. As it imports the module, and Ansible loads action plugins before it forks,
    all workers find the module and its libraries loaded.
    """

    module: ClassVar[ModuleType]

    _chosen: ModuleType | None = None
    """The module that runs in this process; none while one runs in the ordinary way."""
    _variables: Mapping[str, str] = {}
    """What the task adds to the environment."""

    def _execute_module(self, *args: Any, **named: Any) -> dict[str, Any]:
        """Run a module; in this process if it is one of ours and nothing speaks against it."""
        variables = named.get("task_vars") or {}
        module = self._own_module(named.get("module_name"))
        is_async = self._task.async_val or named.get("wrap_async")
        if module and not args and not is_async and self._is_the_same_here(variables):
            self._chosen = module
        try:
            result: dict[str, Any] = super()._execute_module(*args, **named)
        finally:
            self._chosen = None
        return result

    def _own_module(self, name: str | None) -> ModuleType | None:
        """Return the collection's module of a name, the plugin's own if none is given."""
        leaf = str(name or self._task.action).removeprefix(COLLECTION)
        if "." in leaf:
            return None
        own = self.module.__name__.removeprefix(MODULES)
        return self.module if leaf == own else import_module(MODULES + leaf)

    def _is_the_same_here(self, variables: Mapping[str, Any]) -> bool:
        """Return whether the module would run as this user, with this Python, and in this environment anyway."""
        self._variables = self._added_to_environment()
        return (
            self._is_wanted(variables)
            and in_process.is_supported()
            and self._connection.transport == "local"
            and not self._connection.become
            and not constants.DEFAULT_KEEP_REMOTE_FILES
            and not constants.config.get_config_value("PYTHON_MODULE_RLIMIT_NOFILE", variables=variables)
            and all(HONOURED.fullmatch(name) for name in self._variables)
            and _is_this_python(self._interpreter(variables))
        )

    def _is_wanted(self, variables: Mapping[str, Any]) -> bool:
        given = variables.get(SWITCH, os.environ.get(SWITCH.upper(), "true"))
        try:
            return bool(boolean(self._templar.template(given)))
        except TypeError as error:
            raise AnsibleActionFail(f"{SWITCH}: {error}") from error

    def _added_to_environment(self) -> dict[str, str]:
        added: dict[str, str] = {}
        if any(self._task.environment or ()):
            self._compute_environment_string(added)
        return added

    def _interpreter(self, variables: Mapping[str, Any]) -> str:
        """Return the Python that is configured for the host, or was discovered on it; empty while it is not known."""
        if self._task.delegate_to:
            variables = variables.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        configured = constants.config.get_config_value("INTERPRETER_PYTHON", variables=variables)
        interpreter = str(self._templar.template(configured) or "auto").strip()
        if not interpreter.startswith("auto"):
            return interpreter
        return str(variables.get("ansible_facts", {}).get("discovered_interpreter_python") or "")

    def _is_pipelining_enabled(self, *args: Any, **named: Any) -> bool:
        """Say that no directory for temporary files is needed."""
        return self._chosen is not None or bool(super()._is_pipelining_enabled(*args, **named))

    def _configure_module(self, module_name: str, module_args: dict[str, Any], task_vars: dict[str, Any]) -> Any:
        """Pack the arguments, and the module only where it needs packing."""
        if self._chosen is None:
            return super()._configure_module(module_name, module_args, task_vars)
        return in_process.built(module_args, str(self._chosen.__file__))

    def _low_level_execute_command(self, *args: Any, **named: Any) -> dict[str, Any]:
        """Start what was packed."""
        if self._chosen is None:
            result: dict[str, Any] = super()._low_level_execute_command(*args, **named)
            return result
        directory = self._loader.get_basedir()
        return in_process.carry_out(self._chosen.main, named["in_data"], self._variables, directory)


def _is_this_python(path: str) -> bool:
    """Return whether a path is this interpreter, in this environment: links of one environment may differ in name."""
    own = Path(sys.executable)
    try:
        return path == sys.executable or (
            Path(path).is_absolute() and Path(path).samefile(own) and Path(path).parent.samefile(own.parent)
        )
    except OSError:
        return False
