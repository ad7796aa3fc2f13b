#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_service_instance
short_description: Manage Contrail service instances and their port tuples
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes service instances with their port tuples, each of which is one virtual
    machine that does the service.
  - Everything is written in the order that svc-monitor needs. The interface type is set on each port
    before the port enters its tuple, and cleared after it left. Where members are exchanged, the new ones
    enter before the old ones leave; with O(wait) the old ones leave only when the new ones carry the service
    addresses.
  - With a service template of version 1 svc-monitor makes the virtual machines and ports itself, as many as
    O(config[].max_instances) says.
  - With O(state=absent) ports are taken out of the port tuples, these are deleted before the service
    instance, and all that is attached to its sides is detached. The API server itself would leave the port
    tuples behind.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The service instances.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the service instance.
        type: str
        required: true
      interfaces:
        description:
          - The network of each interface. A new service instance needs them. They are stored in the order of
            the template, whatever the order here.
        type: list
        elements: dict
        suboptions:
          type:
            description: Type of the interface, one of the template's.
            type: str
            required: true
          network:
            description: Virtual network that the interface is in.
            type: str
            required: true
          allowed_address_pairs:
            description:
              - Addresses that the ports of this interface share. svc-monitor puts them on all these ports,
                and takes others away from them, so they belong here and not on the ports.
              - With one of the mode V(active-standby) the service address follows that one of the machines
                which has it, so that one machine works at a time.
              - The list is enforced exactly; left out, it is left alone.
            type: list
            elements: dict
            suboptions:
              address:
                description: The address, or a prefix.
                type: str
                required: true
              mac:
                description: MAC address that goes with it. Left out, it is the port's own.
                type: str
              mode:
                description: Whether one port has the address at a time, or all share its traffic.
                type: str
                choices: [active-active, active-standby]
          address:
            description: Address that all machines share on this interface. For templates of version 1.
            type: str
          static_routes:
            description: Routes through this interface. For templates of version 1.
            type: list
            elements: dict
            suboptions:
              prefix:
                description: The destination.
                type: str
                required: true
              next_hop:
                description: The next hop.
                type: str
      ha_mode:
        description: Whether all virtual machines of the service work at a time, or one of them.
        type: str
        choices: [active-active, active-standby]
      max_instances:
        description: Number of virtual machines that svc-monitor makes. For templates of version 1.
        type: int
      auto_scale:
        description: Whether their number may change by itself. For templates of version 1.
        type: bool
      availability_zone:
        description: Availability zone in which they are started. For templates of version 1.
        type: str
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
      template:
        description:
          - Service template, as V(NAME) or V(DOMAIN:NAME). A new service instance needs it, and it cannot be
            changed.
        type: str
      port_tuples:
        description:
          - The virtual machines that do the service; two or more share the load.
          - The ports of a port tuple that is named are enforced exactly. Port tuples that are not named are
            left alone, unless V(port_tuples) is in O(purge_references).
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the port tuple within its service instance.
            type: str
            required: true
          ports:
            description:
              - A port for each interface type. A port is in the network of its interface, and in one port
                tuple only.
              - Each is the name of a port, or a dict with one of C(name), C(uuid), C(address) and C(server).
              - C(address) finds the port that has the address in the network of the interface. C(server)
                finds the port that the virtual machine has there; it is the name of the virtual machine
                object (for which OpenStack takes the server's uuid) or else its display name. Beside these
                two, C(network) names another network to look in.
              - What is not found, or fits several ports, is an error; nothing is written then.
            type: dict
            required: true
      sides:
        description:
          - What is attached to the sides of the service instance. The objects exist already, and it is they
            that refer to the service instance.
          - The lists add. With V(sides) in O(purge_references) each list that is given for a side is exact.
        type: list
        elements: dict
        suboptions:
          type:
            description: The side, one of the interface types.
            type: str
            required: true
          interface_route_tables:
            description: Interface route tables, whose routes lead to the ports of this side.
            type: list
            elements: str
          health_checks:
            description: Service health checks of the ports of this side.
            type: list
            elements: str
          routing_policies:
            description: Routing policies for the routes that the service re-originates, on left or right.
            type: list
            elements: dict
            suboptions:
              name:
                description: Name of the routing policy.
                type: str
                required: true
              sequence:
                description: Place of the routing policy on this side. Left out, it is the place in the list.
                type: int
          route_aggregates:
            description: Route aggregates, on left or right.
            type: list
            elements: str
      unset:
        description: Options to clear in this item.
        type: list
        elements: str
  sweep_orphans:
    description:
      - Before anything else, take all ports out of those port tuples of O(project) whose service instance is
        gone, and delete these. Other clients leave such behind when they delete a service instance, and their
        names stay taken.
      - With O(owner) only port tuples that carry it are deleted.
    type: bool
    default: false
  move_ports:
    description:
      - Whether a port tuple may take a port out of another port tuple of the same service instance, which
        then lacks it. Without this such a port is refused, in check mode too.
      - Not needed where the task says what becomes of the other port tuple, because O(config[].port_tuples)
        lists it without the port, or O(purge_references) has V(port_tuples) and it is not listed.
    type: bool
    default: false
  wait:
    description:
      - Wait until svc-monitor has given each service instance with port tuples its service addresses and put
        them on all its ports, and with a template of version 1 until the virtual machines are there. With
        O(state=absent) wait until the service addresses are gone.
      - Check mode does not wait. The progress goes to the system's log, and into RV(waited).
    type: dict
    suboptions:
      for:
        description: What to wait for.
        type: str
        choices: [service_addresses]
        default: service_addresses
      timeout:
        description: Seconds after which the wait is given up and the task fails.
        type: float
        default: 60
      interval:
        description: Seconds between two looks.
        type: float
        default: 1
seealso:
  - module: opencontrail.service_chain.contrail_port
  - module: opencontrail.service_chain.contrail_policy
  - module: opencontrail.service_chain.contrail_service_template
"""

EXAMPLES = r"""
- name: A service of one virtual machine, ready for a policy
  opencontrail.service_chain.contrail_service_instance:
    api_url: http://172.31.4.76:8082
    config:
      - name: 1-to-2
        template: firewall
        interfaces:
          - {type: left, network: vn1}
          - {type: right, network: vn2}
        port_tuples:
          - name: vm1
            ports: {left: 1-to-2-left, right: 1-to-2-right}
    wait:
      for: service_addresses
  register: service

- name: Exchange its virtual machine without a gap, telling the new one by server and by address
  opencontrail.service_chain.contrail_service_instance:
    api_url: http://172.31.4.76:8082
    purge_references: [port_tuples]
    config:
      - name: 1-to-2
        port_tuples:
          - name: vm2
            ports:
              left: {server: vm2, network: vn1}
              right: {address: 10.0.2.7}
    wait:
      for: service_addresses

- name: One machine works, the other one takes over, and both are looked after
  opencontrail.service_chain.contrail_service_instance:
    api_url: http://172.31.4.76:8082
    config:
      - name: firewalls
        template: firewall
        interfaces:
          - type: left
            network: vn1
            allowed_address_pairs: [{address: 10.0.1.100, mode: active-standby}]
          - type: right
            network: vn2
            allowed_address_pairs: [{address: 10.0.2.100, mode: active-standby}]
        port_tuples:
          - name: fw1
            ports: {left: fw1-left, right: fw1-right}
          - name: fw2
            ports: {left: fw2-left, right: fw2-right}
        sides:
          - {type: left, health_checks: [ping], interface_route_tables: [branches]}
          - {type: right, routing_policies: [{name: prefer-near, sequence: 1}]}

- name: Four machines that svc-monitor makes, from a template of version 1
  opencontrail.service_chain.contrail_service_instance:
    api_url: http://172.31.4.76:8082
    config:
      - name: scaled
        template: nat
        interfaces:
          - {type: left, network: vn1}
          - {type: right, network: vn2}
        max_instances: 4
        ha_mode: active-active

- name: Let a new port tuple have the port on the left that another one had until now
  opencontrail.service_chain.contrail_service_instance:
    api_url: http://172.31.4.76:8082
    move_ports: true
    config:
      - name: 1-to-2
        port_tuples:
          - name: replacement
            ports: {left: 1-to-2-left, right: 1-to-2-right}

- name: Delete the service instance although a policy still leads through it; the chain goes down
  opencontrail.service_chain.contrail_service_instance:
    api_url: http://172.31.4.76:8082
    state: absent
    force: true
    config:
      - name: firewalls

- name: Delete the service instance with its port tuples, and such that were left behind; the ports stay
  opencontrail.service_chain.contrail_service_instance:
    api_url: http://172.31.4.76:8082
    state: absent
    sweep_orphans: true
    config:
      - name: 1-to-2
    wait:
      for: service_addresses
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
      sample: virtual-network
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-domain:default-project:vn1
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
  sample: {"service-instance default-domain:default-project:fw": {"ha_mode": null}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"service-instance default-domain:default-project:fw": {"ha_mode": "active-active"}}
service_addresses:
  description: The service addresses of each service instance by interface type.
  returned: when O(wait) waited for them
  type: dict
  sample: {"default-domain:default-project:1-to-2": {"left": ["10.0.1.5"], "right": ["10.0.2.5"]}}
waited:
  description: How the wait went.
  returned: when O(wait) was given, but not in check mode
  type: dict
  contains:
    seconds:
      description: How long it took.
      type: float
      sample: 2.4
    looks:
      description: How often the server was asked.
      type: int
      sample: 3
    progress:
      description: What was still missing, and when, each time that this changed.
      type: list
      elements: dict
      sample: [{"seconds": 0.1, "missing": ["..."]}, {"seconds": 2.4, "missing": []}]
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 3
kind:
  description: Kind of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: virtual-network
fq_name:
  description: Full name of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: default-domain:default-project:vn1
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import SERVICE_INSTANCE
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import (
    TUPLES_SPEC,
    run_config_module,
)


def main() -> None:
    """Run the module."""
    run_config_module(SERVICE_INSTANCE, wait_for="service_addresses", more=TUPLES_SPEC)


if __name__ == "__main__":
    main()
