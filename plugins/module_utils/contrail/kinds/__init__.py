# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of Contrail object that the collection manages, as data.

Field names, choices and defaults are those of the public schema (contrail-api-client, vnc_cfg.xsd); what the
server fills in, refuses to change or loses was seen on a running contrail-api.
"""

from __future__ import annotations

from .name_only import NAMED
from .network import NETWORK_IPAM, ROUTING_INSTANCE, VIRTUAL_NETWORK
from .parts import OWNER_KEY
from .policy import NETWORK_POLICY, RULE
from .port import INSTANCE_IP, PORT, VIRTUAL_MACHINE
from .router import BGP_ROUTER, PHYSICAL_ROUTER
from .service_instance import PORT_TUPLE, SERVICE_INSTANCE
from .service_side import (
    ATTACHED_TO_SIDES,
    INTERFACE_ROUTE_TABLE,
    ROUTE_AGGREGATE,
    ROUTE_TABLE,
    ROUTING_POLICY,
    SERVICE_HEALTH_CHECK,
)
from .service_template import SERVICE_TEMPLATE
from .system import GLOBAL_SYSTEM_CONFIG, GLOBAL_VROUTER_CONFIG, GLOBAL_VROUTER_CONFIG_NAME

__all__ = [
    "ATTACHED_TO_SIDES",
    "BGP_ROUTER",
    "ENTITIES",
    "GLOBAL_SYSTEM_CONFIG",
    "GLOBAL_VROUTER_CONFIG",
    "GLOBAL_VROUTER_CONFIG_NAME",
    "INSTANCE_IP",
    "INTERFACE_ROUTE_TABLE",
    "NETWORK_IPAM",
    "NETWORK_POLICY",
    "OWNER_KEY",
    "PHYSICAL_ROUTER",
    "PORT",
    "PORT_TUPLE",
    "ROUTE_AGGREGATE",
    "ROUTE_TABLE",
    "ROUTING_INSTANCE",
    "ROUTING_POLICY",
    "RULE",
    "SERVICE_HEALTH_CHECK",
    "SERVICE_INSTANCE",
    "SERVICE_TEMPLATE",
    "VIRTUAL_MACHINE",
    "VIRTUAL_NETWORK",
]

ENTITIES = {
    entity.kind: entity
    for entity in (
        *NAMED,
        ROUTE_TABLE,
        NETWORK_IPAM,
        VIRTUAL_NETWORK,
        NETWORK_POLICY,
        SERVICE_TEMPLATE,
        VIRTUAL_MACHINE,
        PORT,
        INSTANCE_IP,
        SERVICE_INSTANCE,
        PORT_TUPLE,
        INTERFACE_ROUTE_TABLE,
        SERVICE_HEALTH_CHECK,
        ROUTING_POLICY,
        ROUTE_AGGREGATE,
        ROUTING_INSTANCE,
        GLOBAL_SYSTEM_CONFIG,
        GLOBAL_VROUTER_CONFIG,
        BGP_ROUTER,
        PHYSICAL_ROUTER,
    )
}
"""All kinds by name."""
