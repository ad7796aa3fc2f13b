# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Full names, and what a short name stands for: the parent type of each kind, the domain and project of a task."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InvalidValueError
from .values import FqName, full_name

Value = Any  # canonical


Json = Any  # as the API sends and takes it


Look = Callable[[str, FqName], Json]
"""Finds a stored object by kind and name; ``None`` where there is none."""


Constraint = Callable[[Value, Look, str], Iterator[InvalidValueError]]


Together = Callable[[Mapping[str, Value], str], Iterator[InvalidValueError]]
"""Yields what is wrong with the values of all fields of an object, at the path of its item."""


CONTAINERS: Mapping[str, str | None] = {
    "domain": None,
    "project": "domain",
    "network-ipam": "project",
    "virtual-network": "project",
    "network-policy": "project",
    "route-table": "project",
    "interface-route-table": "project",
    "routing-policy": "project",
    "route-aggregate": "project",
    "service-health-check": "project",
    "security-group": "project",
    "bgpvpn": "project",
    "qos-config": "project",
    "security-logging-object": "project",
    "virtual-DNS": "domain",
    "service-template": "domain",
    "service-appliance-set": "global-system-config",
    "service-instance": "project",
    "port-tuple": "service-instance",
    "virtual-machine": None,
    "virtual-machine-interface": "project",
    "instance-ip": None,
    "routing-instance": "virtual-network",
    "bgp-router": "routing-instance",
    "physical-router": "global-system-config",
    "virtual-router": "global-system-config",
    "fabric": "global-system-config",
    "global-system-config": None,
    "global-vrouter-config": "global-system-config",
    "tag": None,
}
"""The parent type of each kind that the collection names, ``None`` where it has none.

Of several possible parents this is the one that a short name means.
"""


GLOBAL_SYSTEM_CONFIG_NAME = ("default-global-system-config",)


FABRIC_ROUTING_INSTANCE = ("default-domain", "default-project", "ip-fabric", "__default__")
"""The routing instance in which all BGP routers of the underlay are."""


@dataclass(frozen=True)
class Scope:
    """The domain and project of the task, which short names belong to."""

    domain: str = "default-domain"
    project: str = "default-project"

    def name(self, kind: str, text: str) -> FqName:
        """Complete the name of an object of ``kind``; raises ValueError for too many or empty parts.

        A tag is global, or a project's if its name says so: ``label=web``, ``PROJECT:label=web``.
        """
        containers: dict[str | None, tuple[str, ...]] = {
            None: (),
            "domain": (self.domain,),
            "project": (self.domain, self.project),
            "global-system-config": GLOBAL_SYSTEM_CONFIG_NAME,
            "routing-instance": FABRIC_ROUTING_INSTANCE,
        }
        parent = CONTAINERS[kind]
        if kind == "tag" and ":" in text:
            parent = "project"
        if parent not in containers:
            raise ValueError(f"'{text}' cannot be completed: name the {kind} in full")
        return full_name(text, containers[parent])


@dataclass(frozen=True)
class Reference:
    """An object that a value names, and where it names it."""

    kind: str
    fq_name: FqName
    path: str
