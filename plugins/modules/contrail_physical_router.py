#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_physical_router
short_description: Manage physical routers in Contrail
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes the physical routers that Contrail knows.
  - O(project) and O(domain) have no effect on their names.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The routers.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the router.
        type: str
        required: true
      management_address:
        description: Address at which it is managed.
        type: str
        aliases: [management_ip]
      dataplane_address:
        description: Address at which its tunnels end.
        type: str
        aliases: [dataplane_ip]
      loopback_address:
        description: Loopback address.
        type: str
        aliases: [loopback_ip]
      vendor:
        description: Vendor of the router. A new one has V(juniper) if nothing is said.
        type: str
      product:
        description: Product name. A new one has V(vmx) if nothing is said.
        type: str
      device_family:
        description: Family of the device.
        type: str
      os_version:
        description: Version of its operating system.
        type: str
      serial_number:
        description: Its serial number.
        type: str
      hostname:
        description: Its host name.
        type: str
      role:
        description: Its role in the fabric.
        type: str
        choices: [spine, leaf, e2-access, e2-provider, e2-internet, e2-vrr, pnf, superspine]
      routing_bridging_roles:
        description: Its routing and bridging roles. The list is enforced exactly.
        type: list
        elements: str
        aliases: [rb_roles]
      managed:
        description:
          - Whether Contrail's device manager configures the router. With this collection's C(vmx_) modules it
            must not.
        type: bool
        aliases: [vnc_managed]
      underlay_managed:
        description: Whether the device manager configures the underlay, too.
        type: bool
      lldp:
        description: Whether LLDP is read.
        type: bool
      snmp:
        description: Whether SNMP is read.
        type: bool
      autonomous_systems:
        description: Its autonomous systems. The list is enforced exactly.
        type: list
        elements: str
      service_ports:
        description: Interfaces for services, as V(si-0/0/0). The list is enforced exactly.
        type: list
        elements: str
      supplemental_config:
        description: Configuration that the device manager adds.
        type: str
      username:
        description: User name for the device manager. Changing it needs O(config[].password).
        type: str
      password:
        description:
          - Password for the device manager. The server encrypts it and never gives it back, so it is not
            compared.
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
      bgp_router:
        description: BGP router that it is.
        type: str
      networks:
        description: Networks that it has. They only ever add, unless O(purge_references) has V(networks).
        type: list
        elements: str
        aliases: [virtual_network_refs]
      virtual_routers:
        description:
          - Virtual routers that it stands for. They only ever add, unless O(purge_references) has
            V(virtual_routers).
        type: list
        elements: str
      fabric:
        description: Fabric that it is in.
        type: str
      update_password:
        description:
          - Whether O(config[].password) is written in every run, which is always a change, or only where none
            is stored.
        type: str
        choices: [always, on_create]
        default: on_create
      unset:
        description: Options to clear in this item.
        type: list
        elements: str
seealso:
  - module: opencontrail.service_chain.contrail_bgp_router
"""

EXAMPLES = r"""
- name: The vMX, which Ansible configures and not the device manager
  opencontrail.service_chain.contrail_physical_router:
    api_url: http://172.31.4.76:8082
    config:
      - name: vmx1
        management_address: 172.31.4.10
        dataplane_address: 172.31.4.10
        managed: false
        bgp_router: vmx1

- name: Give the device manager a new password
  opencontrail.service_chain.contrail_physical_router:
    api_url: http://172.31.4.76:8082
    config:
      - name: vmx2
        management_address: 172.31.4.11
        username: lab
        password: "{{ vmx_password }}"
        update_password: always

- name: Delete the router
  opencontrail.service_chain.contrail_physical_router:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: vmx1
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
      sample: physical-router
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-global-system-config:vmx1
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
  sample: {"physical-router default-global-system-config:vmx1": {"description": "old"}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"physical-router default-global-system-config:vmx1": {"description": "new"}}
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 3
kind:
  description: Kind of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: physical-router
fq_name:
  description: Full name of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: default-global-system-config:vmx1
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import PHYSICAL_ROUTER
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(PHYSICAL_ROUTER)


if __name__ == "__main__":
    main()
