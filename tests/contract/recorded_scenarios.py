# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios of a real schema transformer and service monitor: the objects of each, written into the lab's store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lab.contrail.store import Store
from support.recorded import RECORDED

SCENARIOS = RECORDED / "contrail" / "introspect" / "recorded-here"
RELEASE = "5.1"  # stands for the newest
ORDER = (
    "virtual-network",
    "service-template",
    "service-instance",
    "port-tuple",
    "virtual-machine-interface",
    "instance-ip",
    "network-policy",
)
DERIVED = (
    "virtual_network_network_id",
    "uuid",
    "parent_uuid",
    "href",
    "parent_href",
    "name",
    "id_perms",
    "perms2",
    "routing_instance_refs",
)


def recorded_objects(scenario: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the objects of a scenario by kind."""
    data = json.loads((scenario / "api.json").read_text(encoding="utf-8"))
    return {kind: [item.get(kind, item) for item in items] for kind, items in data.items()}


def is_service_address(item: dict[str, Any]) -> bool:
    """Say whether an instance-ip is one that the service monitor makes."""
    return bool(item.get("service_instance_ip"))


def load(store: Store, recorded: dict[str, list[dict[str, Any]]]) -> None:
    """Write what people wrote; what daemons wrote is theirs to write again."""
    store.create("project", {"fq_name": ["default-domain", "demo"], "parent_type": "domain"})
    store.create("network-ipam", {"fq_name": ["default-domain", "demo", "ipam"], "parent_type": "project"})
    policies: list[tuple[list[str], list[dict[str, Any]]]] = []
    for kind in ORDER:
        for item in recorded.get(kind, []):
            if item["fq_name"][1:2] not in (["demo"], []) and item.get("parent_type") == "project":
                continue
            if is_service_address(item) or store.find(kind, item["fq_name"]):
                continue
            for machine in item.get("virtual_machine_refs", []):
                if not store.find("virtual-machine", machine["to"]):
                    store.create("virtual-machine", {"fq_name": machine["to"]})
            body = {key: value for key, value in item.items() if key not in DERIVED or key == "uuid"}
            body = {key: value for key, value in body.items() if not key.endswith(("back_refs", "tuples"))}
            body.pop("instance_ip_refs", None)
            for name in [key for key in body if key.endswith("_refs")]:
                body[name] = [{"to": one["to"], "attr": one.get("attr")} for one in body[name]]
            if kind == "virtual-network":
                policies.append((item["fq_name"], body.pop("network_policy_refs", [])))
            store.create(kind, body)
    for fq_name, attached in policies:
        network = store.find("virtual-network", fq_name)
        if network is None:
            raise LookupError(f"network {':'.join(fq_name)} was not made")
        store.update(network["uuid"], {"network_policy_refs": attached})
