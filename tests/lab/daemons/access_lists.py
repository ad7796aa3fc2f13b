# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access control lists that the schema transformer makes for vRouters.

A network with a policy has one of its own name: the matches of the policies' rules, then traffic within the
network passes, traffic from it is denied, the rest passes. A security group has two, one for each direction;
those of a group without rules are empty. Groups with rules are left without: nothing in the lab reads them.
"""

from __future__ import annotations

from collections.abc import Iterator

from lab.daemons.objects import JsonDict, ObjectStore, listed, references

KIND = "access-control-list"
FABRIC = "ip-fabric"
ANY_PORT = {"start_port": 0, "end_port": 65535}
PASS_RULE, DENY_RULE = (f"00000000-0000-0000-0000-10000000000{number}" for number in (1, 2))
GROUP_LISTS = ("egress-access-control-list", "ingress-access-control-list")
EMPTY = {"dynamic": None, "acl_rule": list[JsonDict]()}


class AccessLists:
    """Keeps access control lists in step with networks, their policies, and security groups."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def reconcile(self) -> bool:
        """Make, change and remove lists; say whether anything changed."""
        wanted = {tuple(body["fq_name"]): body for body in self._wanted()}
        present = {tuple(item["fq_name"]): item for item in self._store.objects(KIND)}
        changed = False
        for name in present.keys() - wanted.keys():
            self._store.delete(present[name]["uuid"])
            changed = True
        for name, body in wanted.items():
            if name not in present:
                self._store.create(KIND, body)
                changed = True
            elif present[name].get("access_control_list_entries") != body["access_control_list_entries"]:
                entries = {"access_control_list_entries": body["access_control_list_entries"]}
                self._store.update(present[name]["uuid"], entries)
                changed = True
        return changed

    def _wanted(self) -> Iterator[JsonDict]:
        for network in self._store.objects("virtual-network"):
            name = network["fq_name"]
            if _attachments(network) or name[-1] == FABRIC:
                yield {
                    "fq_name": [*name, name[-1]],
                    "parent_type": "virtual-network",
                    "access_control_list_entries": {"dynamic": False, "acl_rule": list(self._rules(network))},
                }
        for group in self._store.objects("security-group"):
            if not listed(group, "security_group_entries", "policy_rule"):
                for name in GROUP_LISTS:
                    yield {
                        "fq_name": [*group["fq_name"], name],
                        "parent_type": "security-group",
                        "access_control_list_entries": EMPTY,
                        "access_control_list_hash": hash(name),
                    }

    def _rules(self, network: JsonDict) -> Iterator[JsonDict]:
        own = ":".join(network["fq_name"])
        for reference in _attachments(network):
            policy = self._store.get(reference["uuid"])
            for rule in listed(policy or {}, "network_policy_entries", "policy_rule"):
                yield from _matches(rule)
        yield _rule(own, own, "pass", uuid=PASS_RULE)
        yield _rule(own, "any", "deny", uuid=DENY_RULE, direction="<>")
        yield _rule("any", "any", "pass", uuid=PASS_RULE)


def _attachments(network: JsonDict) -> list[JsonDict]:
    """Return the references to policies that count: those with a sequence."""
    return [one for one in references(network, "network-policy") if (one["attr"] or {}).get("sequence")]


def _matches(rule: JsonDict) -> Iterator[JsonDict]:
    """Yield what a rule of a policy matches between networks, one for each pair of addresses."""
    action = (rule.get("action_list") or {}).get("simple_action") or "pass"
    for source in rule.get("src_addresses") or ():
        for target in rule.get("dst_addresses") or ():
            yield _rule(
                source.get("virtual_network"),
                target.get("virtual_network"),
                action,
                uuid=rule.get("rule_uuid"),
                direction=rule.get("direction"),
                protocol=str(rule.get("protocol") or "any"),
            )


def _rule(
    source: str | None,
    target: str | None,
    action: str,
    *,
    uuid: str | None,
    direction: str | None = None,
    protocol: str = "any",
) -> JsonDict:
    return {
        "match_condition": {
            "protocol": protocol,
            "src_address": _address(source),
            "src_port": dict(ANY_PORT),
            "dst_address": _address(target),
            "dst_port": dict(ANY_PORT),
            "ethertype": None,
        },
        "action_list": {
            "simple_action": action,
            "gateway_name": None,
            "apply_service": [],
            "service_properties": None,
            "mirror_to": None,
            "assign_routing_instance": None,
            "log": False,
            "alert": False,
            "qos_action": None,
            "host_based_service": False,
        },
        "rule_uuid": uuid,
        "direction": direction,
    }


def _address(network: str | None) -> JsonDict:
    return {
        "subnet": None,
        "virtual_network": network,
        "security_group": None,
        "network_policy": None,
        "subnet_list": [],
    }
