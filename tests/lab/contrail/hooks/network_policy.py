# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for network policies."""

from __future__ import annotations

from typing import Any

from lab.contrail.errors import ApiError
from lab.contrail.hooks.base import KindHooks, server_error
from lab.contrail.identity import new_uuid
from lab.contrail.schema import JsonDict

PROTOCOLS = frozenset(
    [
        "any",
        "icmp",
        "tcp",
        "udp",
        "icmp6",
        "ah",
        "dccp",
        "egp",
        "esp",
        "gre",
        "igmp",
        "ipv6-encap",
        "ipv6-frag",
        "ipv6-icmp",
        "ipv6-nonxt",
        "ipv6-opts",
        "ipv6-route",
        "ospf",
        "pgm",
        "rsvp",
        "sctp",
        "udplite",
        "vrrp",
    ]
)
"""Protocol names that a rule may hold, in any case."""

NOT_COMPARED = frozenset({"rule_uuid", "created", "last_modified"})
"""Fields in which equal rules may differ."""


class NetworkPolicyHooks(KindHooks):
    """Checks rules and gives each a uuid."""

    def before_create(self, new: JsonDict) -> None:
        """Check and complete the rules of a new policy."""
        complete_rules(new.get("network_policy_entries"))

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Check and complete the rules of an update; rules sent without their uuid get a new one."""
        complete_rules(changes.get("network_policy_entries"))


def complete_rules(entries: Any) -> None:
    """Check the rules of a policy and give a uuid to those without. Raises ApiError 400 or 409."""
    rules: list[JsonDict] = (entries or {}).get("policy_rule") or []
    compared = [{name: rule[name] for name in rule.keys() - NOT_COMPARED} for rule in rules]
    for position, rule in enumerate(compared):
        if rule in compared[position + 1 :]:
            raise ApiError(409, f"Rule already exists : {rules[position].get('rule_uuid')}")
    for rule in rules:
        if not rule.get("rule_uuid"):
            rule["rule_uuid"] = new_uuid()
        _check_protocol(rule)
        if rule.get("action_list") is None:
            raise ApiError(400, "Action is required")
        if any(address.get("security_group") is not None for address in _addresses(rule)):
            raise ApiError(400, "Config Error: policy rule refering to security group is not allowed")


def _check_protocol(rule: JsonDict) -> None:
    if "protocol" not in rule:
        raise server_error("KeyError: 'protocol'")
    protocol = rule["protocol"]
    known = int(protocol) <= 255 if protocol.isdigit() else protocol.lower() in PROTOCOLS
    if not known:
        raise ApiError(400, f"Rule with invalid protocol : {protocol}")


def _addresses(rule: JsonDict) -> list[JsonDict]:
    return [*(rule.get("src_addresses") or ()), *(rule.get("dst_addresses") or ())]
