# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of Contrail's objects a diagnosis needs, round by round: what was read names what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...contrail.codec.scope import Scope
from ..intent.model import Intent
from .evidence import FqName, Key, Stored

NETWORK, POLICY, SERVICE = "virtual-network", "network-policy", "service-instance"
TUPLE, PORT, ADDRESS = "port-tuple", "virtual-machine-interface", "instance-ip"

FIELDS: Mapping[str, tuple[str, ...]] = {
    NETWORK: (
        "network_policy_refs",
        "route_target_list",
        "import_route_target_list",
        "export_route_target_list",
        "routing_instances",
    ),
    POLICY: ("network_policy_entries",),
    SERVICE: ("service_template_refs", "port_tuples"),
    TUPLE: ("virtual_machine_interface_back_refs",),
    PORT: (
        "virtual_network_refs",
        "virtual_machine_refs",
        "virtual_machine_interface_properties",
        "instance_ip_back_refs",
    ),
    ADDRESS: ("instance_ip_address", "service_instance_ip"),
}
"""What is read of each kind."""

_LEADS = {SERVICE: "port_tuples", TUPLE: "virtual_machine_interface_back_refs", PORT: "instance_ip_back_refs"}
_NEXT = {SERVICE: TUPLE, TUPLE: PORT, PORT: ADDRESS}


def first_needs(intent: Intent, scope: Scope) -> set[Key]:
    """Return what the data model names: networks and services of the chains that are to stand, and their policies."""
    chains = intent.present_chains
    named: dict[str, Iterable[str]] = {
        NETWORK: [intent.networks[side.network].full_name for chain in chains for side in (chain.left, chain.right)],
        POLICY: [chain.full_name for chain in chains],
        SERVICE: [intent.services[name].full_name for chain in chains for name in chain.services],
    }
    return {(kind, scope.name(kind, name)) for kind, names in named.items() for name in names}


def further_needs(stored: Mapping[Key, Stored | None]) -> set[Key]:
    """Return what objects lead to that was not read yet: services that policies name, and what services consist of."""
    wanted: set[Key] = set()
    for (kind, _name), item in stored.items():
        if item is None:
            continue
        if kind == POLICY:
            wanted |= {(SERVICE, name) for rule in rules_of(item) for name in services_of(rule)}
        elif kind in _LEADS:
            wanted |= {(_NEXT[kind], name) for name in named_in(item, _LEADS[kind])}
    return wanted - stored.keys()


def named_in(item: Stored | None, field: str) -> list[FqName]:
    """Return the full names in a list of references or children."""
    return [tuple(each["to"]) for each in (item or {}).get(field) or ()]


def rules_of(policy: Stored | None) -> Iterator[Stored]:
    """Yield the rules of a policy."""
    entries: Any = (policy or {}).get("network_policy_entries") or {}
    yield from entries.get("policy_rule") or ()


def services_of(rule: Stored) -> list[FqName]:
    """Return the services that a rule applies, in order."""
    action: Any = rule.get("action_list") or {}
    return [tuple(str(name).split(":")) for name in action.get("apply_service") or ()]
