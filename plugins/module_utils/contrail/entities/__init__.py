# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of Contrail object that the collection manages, as data.

Field names, choices and defaults are those of the public schema (contrail-api-client, vnc_cfg.xsd); what the
server fills in, refuses to change or loses was seen on a running contrail-api.
"""

from __future__ import annotations

from .network import NETWORK_IPAM, ROUTING_INSTANCE, VIRTUAL_NETWORK
from .parts import OWNER_KEY
from .policy import NETWORK_POLICY, RULE
from .port import INSTANCE_IP, PORT, VIRTUAL_MACHINE
from .service_instance import PORT_TUPLE, SERVICE_INSTANCE
from .service_template import SERVICE_TEMPLATE
from .system import DOMAIN, GLOBAL_SYSTEM_CONFIG, PROJECT

__all__ = [
    "ENTITIES",
    "GLOBAL_SYSTEM_CONFIG",
    "INSTANCE_IP",
    "NETWORK_IPAM",
    "NETWORK_POLICY",
    "OWNER_KEY",
    "PORT",
    "PORT_TUPLE",
    "RULE",
    "SERVICE_INSTANCE",
    "SERVICE_TEMPLATE",
    "VIRTUAL_MACHINE",
    "VIRTUAL_NETWORK",
]

ENTITIES = {
    entity.kind: entity
    for entity in (
        DOMAIN,
        PROJECT,
        NETWORK_IPAM,
        VIRTUAL_NETWORK,
        NETWORK_POLICY,
        SERVICE_TEMPLATE,
        VIRTUAL_MACHINE,
        PORT,
        INSTANCE_IP,
        SERVICE_INSTANCE,
        PORT_TUPLE,
        ROUTING_INSTANCE,
        GLOBAL_SYSTEM_CONFIG,
    )
}
"""All kinds by name."""
