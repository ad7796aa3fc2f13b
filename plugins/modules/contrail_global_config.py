#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_global_config
short_description: Manage what holds for all of Contrail
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Changes the global system configuration and the global vRouter configuration.
  - Both are there once and for all, so O(state=absent) is refused.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The configuration; one item.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the configuration. There is only this one.
        type: str
        default: default-global-system-config
      autonomous_system:
        description:
          - Autonomous system of the control nodes, as V(64512), V(4200000000) or V(1.10). BGP routers do not
            follow it by themselves.
        type: str
        aliases: [asn]
      enable_4byte_as:
        description: Whether autonomous systems above 65535 may be used.
        type: bool
      ibgp_auto_mesh:
        description: Whether routers of the same autonomous system become peers by themselves.
        type: bool
      bgp_always_compare_med:
        description: Whether the MED of routes from different autonomous systems is compared.
        type: bool
      rd_cluster_seed:
        description: Number that goes into route distinguishers.
        type: int
      graceful_restart:
        description: Graceful restart. Keys that are left out stay as they are.
        type: dict
        suboptions:
          enable:
            description: Whether it is used.
            type: bool
          restart_time:
            description: Restart time in seconds.
            type: int
          long_lived_restart_time:
            description: Long-lived restart time in seconds.
            type: int
          end_of_rib_timeout:
            description: Seconds to wait for the end of a table.
            type: int
          bgp_helper:
            description: Whether control nodes help BGP routers that restart.
            type: bool
          xmpp_helper:
            description: Whether control nodes help vRouters that restart.
            type: bool
      bgpaas_ports:
        description: Ports of BGP as a service. Keys that are left out stay as they are.
        type: dict
        suboptions:
          start:
            description: First port.
            type: int
          end:
            description: Last port.
            type: int
      ip_fabric_subnets:
        description: Subnets of the underlay. The list is enforced exactly.
        type: list
        elements: str
      mac_limit:
        description: How many MAC addresses may be learnt. Keys that are left out stay as they are.
        type: dict
        suboptions:
          limit:
            description: The number of addresses; V(0) is any number.
            type: int
          action:
            description: What happens beyond the limit.
            type: str
            choices: [log, alarm, shutdown, drop]
      mac_move_limit:
        description: How often a MAC address may move. Keys that are left out stay as they are.
        type: dict
        suboptions:
          limit:
            description: The number of moves; V(0) is any number.
            type: int
          window:
            description: Seconds in which moves are counted.
            type: int
          action:
            description: What happens beyond the limit.
            type: str
            choices: [log, alarm, shutdown, drop]
      mac_aging_time:
        description: Seconds after which a MAC address is forgotten; V(0) is never.
        type: int
      igmp:
        description: Whether IGMP is spoken.
        type: bool
        aliases: [igmp_enable]
      alarms:
        description: Whether alarms are raised.
        type: bool
        aliases: [alarm_enable]
      display_name:
        description: Name for display. An empty text makes it the object's name.
        type: str
      description:
        description: Description of the object.
        type: str
      annotations:
        description:
          - Texts by key. The given keys are enforced and all others left alone; a key whose value is null is
            deleted.
        type: dict
      encapsulation_priorities:
        description:
          - Encapsulations, the preferred one first. With a router that only knows GRE tunnels V(MPLSoGRE)
            comes first.
        type: list
        elements: str
        choices: [MPLSoGRE, MPLSoUDP, VXLAN]
        aliases: [encapsulations]
      vxlan_network_identifier_mode:
        description: Whether VXLAN network identifiers are given, or chosen by the server.
        type: str
        choices: [configured, automatic]
      forwarding_mode:
        description: Forwarding mode of networks that have none of their own.
        type: str
        choices: [l2_l3, l2, l3]
      ecmp_hashing:
        description:
          - By which fields of a packet one of several equal paths is chosen. Keys that are left out stay as
            they are.
        type: dict
        suboptions:
          configured:
            description: Whether these fields are used instead of the global ones.
            type: bool
          source_ip:
            description: Whether the source address counts.
            type: bool
          destination_ip:
            description: Whether the destination address counts.
            type: bool
          ip_protocol:
            description: Whether the protocol counts.
            type: bool
          source_port:
            description: Whether the source port counts.
            type: bool
          destination_port:
            description: Whether the destination port counts.
            type: bool
      flow_export_rate:
        description: Flows a second that a vRouter exports.
        type: int
      flow_aging_timeouts:
        description: Seconds after which idle flows end. The list is enforced exactly.
        type: list
        elements: dict
        suboptions:
          protocol:
            description: Name or number of the protocol.
            type: str
            required: true
          port:
            description: Port; V(0) is any.
            type: int
          timeout:
            description: The seconds.
            type: int
            required: true
      security_logging:
        description: Whether sessions are logged.
        type: bool
      encryption_mode:
        description: Whether traffic between vRouters is encrypted.
        type: str
        choices: [none, all]
      encryption_endpoints:
        description: Addresses of vRouters that encrypt. The list is enforced exactly.
        type: list
        elements: dict
        suboptions:
          address:
            description: The address.
            type: str
            required: true
      link_local_services:
        description: Services that machines reach at a link-local address. The list is enforced exactly.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the service.
            type: str
            required: true
          address:
            description: Link-local address.
            type: str
            required: true
          port:
            description: Port at the link-local address.
            type: int
            required: true
          fabric_addresses:
            description: Addresses of the service in the underlay.
            type: list
            elements: str
          fabric_name:
            description: DNS name of the service in the underlay.
            type: str
          fabric_port:
            description: Port of the service in the underlay.
            type: int
      unset:
        description: Options to clear in this item.
        type: list
        elements: str
seealso:
  - module: opencontrail.service_chain.contrail_bgp_router
"""

EXAMPLES = r"""
- name: An autonomous system, and GRE tunnels first
  opencontrail.service_chain.contrail_global_config:
    api_url: http://172.31.4.76:8082
    config:
      - autonomous_system: 64512
        encapsulation_priorities: [MPLSoGRE, MPLSoUDP, VXLAN]

- name: Routes outlive a restart of a control node
  opencontrail.service_chain.contrail_global_config:
    api_url: http://172.31.4.76:8082
    config:
      - graceful_restart:
          enable: true
          restart_time: 120
          bgp_helper: true
          xmpp_helper: true
"""

RETURN = r"""
objects:
  description: What became of each object that the task is about.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: Kind of the object.
      type: str
      sample: global-system-config
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-global-system-config
    uuid:
      description: Uuid of the object. Empty for one that check mode would create.
      type: str
      sample: 7bc95f09-bdad-4f74-a77a-34300af4b9b8
    action:
      description:
        - V(created), V(updated), V(deleted) or V(unchanged).
        - V(kept) is an object that O(owner) protected from deletion.
      type: str
      sample: created
before:
  description:
    - What changed objects held before, by kind and name, and only what changes. Null for one that is created.
  returned: success
  type: dict
  sample: {"global-system-config default-global-system-config": {"description": "old"}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"global-system-config default-global-system-config": {"description": "new"}}
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 3
kind:
  description: Kind of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: global-system-config
fq_name:
  description: Full name of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: default-global-system-config
status:
  description: HTTP status of the refused request.
  returned: failure, where the server refused a request
  type: int
  sample: 409
verb:
  description: What could not be done.
  returned: failure, where the server refused a request or something does not exist
  type: str
  sample: delete
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import GLOBAL_SYSTEM_CONFIG
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(GLOBAL_SYSTEM_CONFIG)


if __name__ == "__main__":
    main()
