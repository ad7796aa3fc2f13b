# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Base of the action plugins for routers: they run on the controller, and the inventory fills in the connection."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.module_action import ModuleAction

INVENTORY: dict[str, tuple[str, ...]] = {
    "host": ("ansible_host", "ansible_ssh_host"),
    "port": ("ansible_port", "ansible_ssh_port"),
    "user": ("ansible_user", "ansible_ssh_user"),
    "password": ("ansible_password", "ansible_ssh_pass", "ansible_ssh_password"),
    "ssh_private_key_file": ("ansible_ssh_private_key_file", "ansible_private_key_file"),
    "known_hosts_file": ("vmx_known_hosts_file",),
    "host_key_checking": ("vmx_host_key_checking",),
}
"""The inventory variables for an option that neither the task nor module_defaults give; the first that is set."""

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class RouterAction(ModuleAction):
    """Runs the module of the same name on the controller, whatever the connection of the host is.

    The modules need PyEZ, which lives in the environment that ansible-playbook itself runs in; so its Python
    runs them, as the user who started it. module_defaults are part of the task's arguments by the time this
    is called.
    """

    _play_context: Any
    _requires_connection = False
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Fill in the connection and run the module; returns the module's result."""
        result: dict[str, Any] = ActionBase.run(self, tmp, task_vars)
        variables = dict(task_vars or {})
        arguments = {**self._from_inventory(variables), **self._given()}
        self._stay_here()
        result.update(self._carry_out(arguments, self._with_own_python(variables)))
        return result

    def _carry_out(self, arguments: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        """Run the module with the connection filled in; returns its result."""
        result: dict[str, Any] = self._execute_module(module_args=arguments, task_vars=variables)
        return result

    def _given(self) -> dict[str, Any]:
        return {name: value for name, value in self._task.args.items() if value is not None}

    def _from_inventory(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the variables of the router say; of the host that the task is delegated to, if it is a router."""
        name = str(variables.get("inventory_hostname", ""))
        source = variables
        target = self._task.delegate_to
        if target and target not in THIS_MACHINE:
            name = str(target)
            source = variables.get("ansible_delegated_vars", {}).get(target, {})
        templar = self._templar.copy_with_new_env(available_variables=source)
        found: dict[str, Any] = {}
        for option, names in INVENTORY.items():
            value = next((source[one] for one in names if source.get(one) is not None), None)
            if value is not None:
                found[option] = templar.template(value)
        if self._task.remote_user:
            found.setdefault("user", self._task.remote_user)
        if self._play_context.password and "VMX_PASSWORD" not in os.environ:
            found.setdefault("password", self._play_context.password)
        if name not in THIS_MACHINE and "VMX_HOST" not in os.environ:
            found.setdefault("host", name)
        return found

    def _stay_here(self) -> None:
        """Put the local connection in place of the host's, without become."""
        context: Any = self._play_context.copy()
        context.become = False
        self._play_context = context
        self._connection = self._shared_loader_obj.connection_loader.get("ansible.builtin.local", context, os.devnull)

    def _with_own_python(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Return the variables with this very interpreter as the one that runs modules."""
        own = {"ansible_python_interpreter": sys.executable}
        target = self._task.delegate_to
        delegated = dict(variables.get("ansible_delegated_vars") or {})
        if target:
            delegated[target] = {**delegated.get(target, {}), **own}
        return {**variables, **own, "ansible_delegated_vars": delegated}
