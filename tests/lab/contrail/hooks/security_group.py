# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for security groups."""

from __future__ import annotations

from lab.contrail.hooks.base import KindHooks
from lab.contrail.identity import new_uuid
from lab.contrail.schema import JsonDict

FIRST_NUMBER = 8_000_000


class SecurityGroupHooks(KindHooks):
    """Numbers security groups."""

    def before_create(self, new: JsonDict) -> None:
        """Give a new group its number."""
        used = {group.get("security_group_id") for group in self.store.objects("security-group")}
        numbers = range(FIRST_NUMBER + 1, FIRST_NUMBER + len(used) + 2)
        new["security_group_id"] = next(number for number in numbers if number not in used)
        new.setdefault("configured_security_group_id", 0)
        _identify_rules(new)

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Give a uuid to rules that were sent without one."""
        _identify_rules(changes)


def _identify_rules(values: JsonDict) -> None:
    for rule in (values.get("security_group_entries") or {}).get("policy_rule") or ():
        rule["rule_uuid"] = rule.get("rule_uuid") or new_uuid()
