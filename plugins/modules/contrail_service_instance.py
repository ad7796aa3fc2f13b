#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_service_instance
short_description: Manage Contrail service instances and their port tuples
version_added: 0.1.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes service instances (version 2) and their port tuples, each of which is one
    virtual machine that does the service.
  - Everything is written in the order that svc-monitor needs. The interface type is set on each port
    before the port enters its tuple, and cleared after it left.
  - With O(state=absent) ports are taken out of the port tuples, and these deleted before the service
    instance. The API server itself would leave them behind.
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
      template:
        description:
          - Service template, as V(NAME) or V(DOMAIN:NAME). A new service instance needs it, and it cannot
            be changed.
        type: str
      interfaces:
        description:
          - The network of each interface. A new service instance needs them. They are stored in the order
            of the template, whatever the order here.
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
              - The name of a port for each interface type. A port is in the network of its interface, and in
                one port tuple only.
            type: dict
            required: true
      ha_mode:
        description: Whether all virtual machines of the service work at a time, or one of them.
        type: str
        choices: [active-active, active-standby]
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
      unset:
        description: Options to clear in this item.
        type: list
        elements: str
  wait:
    description:
      - Wait until svc-monitor has given each service instance with port tuples its service addresses, or
        with O(state=absent) until they are gone.
      - Check mode does not wait.
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

- name: Exchange its virtual machines, deleting all others
  opencontrail.service_chain.contrail_service_instance:
    api_url: http://172.31.4.76:8082
    purge_references: [port_tuples]
    config:
      - name: 1-to-2
        port_tuples:
          - name: vm2
            ports: {left: vm2-left, right: vm2-right}

- name: Delete the service instance with its port tuples; the ports stay
  opencontrail.service_chain.contrail_service_instance:
    api_url: http://172.31.4.76:8082
    state: absent
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
    - What changed objects held before, by kind and name, and only what changes. Null for one that is
      created.
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.entities import (
    SERVICE_INSTANCE,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import (
    run_config_module,
)


def main() -> None:
    """Run the module."""
    run_config_module(SERVICE_INSTANCE, wait_for="service_addresses")


if __name__ == "__main__":
    main()
