# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of a module that an action runs, completed by the task's ``module_defaults``.

Ansible has no public function for this; its own actions ``package`` and ``service`` do the same.
"""

from __future__ import annotations

from typing import Any

from ansible.executor import module_common


def with_defaults(action: Any, module: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments for a module, by its full name, with the defaults of the module and of its groups.

    :param action: the action plugin that runs the module.
    """
    task, templar = action._task, action._templar
    result: dict[str, Any]
    if hasattr(module_common, "_apply_action_arg_defaults"):  # ansible-core 2.19 and newer
        result = module_common._apply_action_arg_defaults(module, task, arguments, templar)
    else:
        groups = task._parent._play._action_groups
        result = module_common.get_action_args_with_defaults(
            module, arguments, task.module_defaults, templar, action_groups=groups
        )
    return result
