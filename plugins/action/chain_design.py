# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the data model and computes from it what each system is to be configured with."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.variables import misspelt
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.design import MODEL, design_variables
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError

SPEC = {**{part: {"type": "raw"} for part in MODEL}, "groups": {"type": "dict"}, "steering": {"type": "str"}}
STEERING = ("with_vrf", "after_verify")


class ActionModule(ActionBase):  # type: ignore[misc]
    """See the module's documentation."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the variables of all systems, or fail with a line for each bad value."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        checked = ArgumentSpecValidator(SPEC).validate(dict(self._task.args))
        if checked.error_messages:
            raise AnsibleActionFail("; ".join(checked.error_messages))
        given = checked.validated_parameters
        steering = given.pop("steering") or STEERING[0]
        lines = misspelt(variables)
        if steering not in STEERING:
            lines.append(f"vmx_gateway_steering: {steering} is neither {' nor '.join(STEERING)}")
        model = {**given, "groups": _inventory(variables) if given["groups"] is None else given["groups"]}
        try:
            made = design_variables(model)
        except IntentError as error:
            lines += [str(fault) for fault in error.faults]
            made = {}
        if lines:
            return {**result, "failed": True, "msg": "\n".join(lines), "problems": lines}
        return {**result, **made, "changed": False, "started": time.time(), "_ansible_verbose_override": True}


def _inventory(variables: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the inventory's groups with their hosts."""
    return {str(group): list(hosts) for group, hosts in dict(variables.get("groups") or {}).items()}
