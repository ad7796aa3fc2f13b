# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keystone's projects in Contrail: its OpenStack plug-in makes each of them there, with a security group `default`."""

from __future__ import annotations

import uuid

from lab.contrail.store import Store
from lab.keystone.directory import CONTRAIL_DOMAIN, DEFAULT_DOMAIN, People, Project

DEFAULT_GROUP = "default"
ANY_PORT = [{"start_port": 0, "end_port": 65535}]


def contrail_domain(project: Project) -> str:
    """Return what Contrail calls the domain of a project."""
    return CONTRAIL_DOMAIN if project.domain == DEFAULT_DOMAIN else project.domain


def adopt_projects(store: Store, people: People) -> None:
    """Make the projects of Keystone, under their own uuids, with what comes with each."""
    for project in people.projects.values():
        domain = contrail_domain(project)
        if store.find("domain", [domain]) is None:
            store.create_along("domain", {"fq_name": [domain]})
        name = [domain, project.name]
        identifier = str(uuid.UUID(project.identifier))
        store.create_along("project", {"fq_name": name, "parent_type": "domain", "uuid": identifier})
        store.create_along(
            "security-group",
            {
                "fq_name": [*name, DEFAULT_GROUP],
                "parent_type": "project",
                "security_group_entries": {"policy_rule": _rules(":".join([*name, DEFAULT_GROUP]))},
            },
        )


def _rules(group: str) -> list[dict[str, object]]:
    """Return the rules of a default group: everything out, in only from the group itself."""
    everywhere = [
        ("IPv4", {"subnet": {"ip_prefix": "0.0.0.0", "ip_prefix_len": 0}}),
        ("IPv6", {"subnet": {"ip_prefix": "::", "ip_prefix_len": 0}}),
    ]
    rules: list[dict[str, object]] = []
    for family, anywhere in everywhere:
        ends = [({"security_group": group}, {"security_group": "local"}), ({"security_group": "local"}, anywhere)]
        rules += [
            {
                "direction": ">",
                "protocol": "any",
                "ethertype": family,
                "src_addresses": [source],
                "src_ports": ANY_PORT,
                "dst_addresses": [destination],
                "dst_ports": ANY_PORT,
                "rule_uuid": str(uuid.uuid4()),
            }
            for source, destination in ends
        ]
    return rules
