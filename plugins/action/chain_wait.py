# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a router's tables on the controller until nothing is missing, and shows what still is."""

from __future__ import annotations

import time
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.utils.display import Display
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.tables import (
    missing_by_chain,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.handover import KEY, handed_over
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import visible
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.information import kept_sessions
from ansible_collections.opencontrail.service_chain.plugins.modules import vmx_info
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.router_action import RouterAction

READER = "opencontrail.service_chain.vmx_info"
OWN = {
    "tables": {"type": "list", "elements": "str", "required": True},
    "expected": {"type": "list", "elements": "dict", "default": []},
    "wait_timeout": {"type": "float", "default": 120},
    "interval": {"type": "float", "default": 3},
}
REMINDER = 10.0
"""Seconds after which the same is said again, so that nobody takes the wait for a hang."""
MOST_SHOWN = 4

display = Display()


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
        with kept_sessions():
            return self._waited(reading, own, variables)

    def _waited(self, reading: dict[str, Any], own: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        """Look again and again; where the module runs in this process, in one session with the router."""
        router = str(variables.get("inventory_hostname", "router"))
        start = time.monotonic()
        progress: list[dict[str, Any]] = []
        looks, said = 0, float("-inf")
        while True:
            read: dict[str, Any] = self._execute_module(
                module_name=READER, module_args=dict(reading), task_vars=variables
            )
            looks += 1
            missing, chains = _missing(read, own["expected"])
            passed = time.monotonic() - start
            is_news = not progress or missing != progress[-1]["missing"]
            if is_news:
                progress.append({"seconds": round(passed, 3), "missing": missing})
            is_over = not missing or passed >= own["wait_timeout"]
            if missing and own["wait_timeout"] and (is_news or passed - said >= REMINDER):
                display.display(f"{router}: after {passed:.1f} s still missing: {_shown(missing)}")
                said = passed
            if is_over:
                waited = {"seconds": round(passed, 3), "looks": looks, "progress": progress}
                return {**_result(read, missing, waited, own["wait_timeout"]), "missing_chains": chains}
            time.sleep(min(own["interval"], max(own["wait_timeout"] - passed, 0)))


def _missing(read: dict[str, Any], expected: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return what is missing, and of which chains; tables that cannot be read are missing altogether."""
    if "route_tables" not in read:
        return [str(read.get("msg", "the tables could not be read"))], []
    missing = missing_by_chain(handed_over(read)["route_tables"], expected)
    return [visible(str(each)) for each in missing], list(dict.fromkeys(each.chain for each in missing))


def _shown(missing: list[str]) -> str:
    more = len(missing) - MOST_SHOWN
    return "; ".join(missing[:MOST_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _result(read: dict[str, Any], missing: list[str], waited: dict[str, Any], timeout: float) -> dict[str, Any]:
    told = {"changed": False, "missing": missing, "waited": waited}
    if "route_tables" not in read:
        return {**read, **told, "failed": True}
    if missing:
        after = f"after {timeout:g} s " if timeout else ""
        told |= {"failed": True, "msg": after + "; ".join(missing)}
    return {**{name: read[name] for name in ("route_tables", "requests", KEY) if name in read}, **told}
