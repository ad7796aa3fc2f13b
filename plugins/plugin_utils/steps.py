# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of actions that plan on the control node and carry the plan out on the host by Ansible's own modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import visible

display = Display()


class StepError(Exception):
    """A step that failed, or must not be taken; the message is for the user."""


class StepsAction(ActionBase):  # type: ignore[misc]
    """An action that takes several steps on a host; the first that fails ends it.

    ``changed`` and ``differences`` grow with the steps. In check mode a step writes nothing and reports the same.
    """

    _supports_check_mode = True
    _supports_diff = True
    SPEC: Mapping[str, Mapping[str, Any]] = {}
    RULES: Mapping[str, Any] = {}
    """What holds between options, as AnsibleModule takes it: ``required_one_of`` and the like."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Check the options and take the steps."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        if self._task.async_val:
            raise AnsibleActionFail(f"{self._task.action} does not support async")
        self._variables = dict(task_vars or {})
        self._changed = False
        self._differences: list[dict[str, Any]] = []
        try:
            result.update(self.steps(self._options()))
        except StepError as error:
            result.update(failed=True, msg=str(error))
        except AnsibleConnectionFailure:
            raise  # Ansible reports the host as unreachable
        except AnsibleError as error:
            if not self._changed:
                raise
            result.update(failed=True, msg=f"{self.host}: {visible(str(error))}")  # with what was done until then
        result["changed"] = self._changed
        if self._differences:
            result["diff"] = self._differences
        return result

    def _options(self) -> dict[str, Any]:
        validated = ArgumentSpecValidator(dict(self.SPEC), **self.RULES).validate(dict(self._task.args))
        if validated.error_messages:
            raise StepError("; ".join(validated.error_messages))
        return dict(validated.validated_parameters)

    def steps(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Take the steps and return what the result has besides ``changed`` and ``diff``. Raise :class:`StepError`."""
        raise NotImplementedError

    @property
    def host(self) -> str:
        """The name of the host in the inventory."""
        return str(self._variables.get("inventory_hostname", "host"))

    def show(self, line: str) -> None:
        """Show a line of the run, with the name of the host."""
        display.display(f"{self.host}: {visible(line)}")

    def look(self, argv: Sequence[str]) -> str:
        """Return what a command that only reads prints; it runs in check mode too."""
        checking, self._task.check_mode = self._task.check_mode, False
        try:
            return str(self._module("ansible.builtin.command", _as_written(argv), "read the host")["stdout"])
        finally:
            self._task.check_mode = checking

    def command(self, argv: Sequence[str], says: str) -> None:
        """Run a command that changes the host; in check mode it is only shown."""
        self.show(says)
        self._changed = True
        self._differences.append({"prepared": f"{visible(says)}\n"})
        if not self._task.check_mode:
            self._module("ansible.builtin.command", _as_written(argv), says)

    def file(self, path: str, **values: Any) -> None:
        """Set the state of a path by the module ``file``."""
        self._take_over(self._module("ansible.builtin.file", {"path": path, **values}, f"change {path}"))

    def copy(self, path: str, content: str, *, shows_diff: bool = True, **values: Any) -> None:
        """Write a file, if it differs, by the action ``copy``."""
        task = self._task.copy()
        task.args = {"dest": path, "content": content, **values}
        task.diff = self._task.diff and shows_diff
        action = self._shared_loader_obj.action_loader.get(
            "ansible.builtin.copy",
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        done = self._checked(action.run(task_vars=self._variables), f"write {path}")
        self._take_over(done if shows_diff else {**done, "diff": []})

    def _module(self, name: str, options: Mapping[str, Any], purpose: str) -> dict[str, Any]:
        done = self._execute_module(module_name=name, module_args=dict(options), task_vars=self._variables)
        return self._checked(done, purpose)

    def _checked(self, done: dict[str, Any], purpose: str) -> dict[str, Any]:
        if done.get("failed") or done.get("unreachable") or done.get("rc"):
            reason = done.get("stderr") or done.get("module_stderr") or done.get("msg") or "failed"
            raise StepError(f"{self.host}: {visible(purpose)}: {str(reason).strip()}")
        return done

    def _take_over(self, done: Mapping[str, Any]) -> None:
        self._changed |= bool(done.get("changed"))
        shown = done.get("diff") if done.get("changed") else None
        self._differences += shown if isinstance(shown, list) else [shown] if shown else []


def _as_written(argv: Sequence[str]) -> dict[str, Any]:
    """Return the options of the module ``command``; it would put the host's environment into the text of a script."""
    return {"argv": list(argv), "expand_argument_vars": False}
