# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a router's tables on the controller until nothing is missing, and shows what still is."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.handover import KEY
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.information import kept_sessions
from ansible_collections.opencontrail.service_chain.plugins.modules import vmx_info
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.route_wait import RouteWait, Wait
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.router_action import RouterAction

READER = "opencontrail.service_chain.vmx_info"
OWN = {
    "tables": {"type": "list", "elements": "str", "required": True},
    "expected": {"type": "list", "elements": "dict", "default": []},
    "wait_timeout": {"type": "float", "default": 120},
    "interval": {"type": "float", "default": 3},
}


class ActionModule(RouterAction):
    """See the module's documentation."""

    module = vmx_info

    def _carry_out(self, arguments: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        """Look until nothing is missing or the time is over."""
        given = {name: arguments.pop(name) for name in OWN if name in arguments}
        checked = ArgumentSpecValidator(OWN).validate(given)
        if checked.error_messages:
            raise AnsibleActionFail("; ".join(checked.error_messages))
        own = checked.validated_parameters
        reading = {**arguments, "gather": ["routes"], "tables": own["tables"]}

        def look(_number: int) -> dict[str, Any]:
            read: dict[str, Any] = self._execute_module(
                module_name=READER, module_args=dict(reading), task_vars=variables
            )
            return read

        router = str(variables.get("inventory_hostname", "router"))
        with kept_sessions():
            wait = RouteWait(router, look, own["expected"], own["wait_timeout"], own["interval"]).carry_out()
        return _result(wait, own["wait_timeout"])


def _result(wait: Wait, timeout: float) -> dict[str, Any]:
    told: dict[str, Any] = {
        "changed": False, "missing": wait.missing, "missing_chains": wait.chains, "waited": wait.shown(),
    }  # fmt: skip
    if not wait.could_read:
        return {**wait.read, **told, "failed": True}
    if wait.missing:
        after = f"after {timeout:g} s " if timeout else ""
        told |= {"failed": True, "msg": after + "; ".join(wait.missing)}
    return {**{name: wait.read[name] for name in ("route_tables", "requests", KEY) if name in wait.read}, **told}
