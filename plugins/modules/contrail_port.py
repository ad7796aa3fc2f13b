#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_port
short_description: Manage Contrail ports with their addresses and machines
version_added: 0.1.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes ports (virtual machine interfaces), with their addresses (instance-ips)
    and the virtual machine that they belong to.
  - Where Nova and Neutron make the ports of virtual machines, use theirs; this module is for ports that
    nobody else makes.
  - With O(state=absent) the addresses of a port are deleted with it, and so is its virtual machine when
    that has no other port. Addresses that svc-monitor put on a port for a service instance are left to
    svc-monitor.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The ports.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the port.
        type: str
        required: true
      network:
        description: Virtual network of the port. A new port needs it, and a port cannot leave it.
        type: str
      addresses:
        description:
          - Fixed addresses of the port. The list is enforced exactly, and an empty list takes all addresses
            away.
          - Left out, a port without any address gets one that the server chooses.
        type: list
        elements: str
      virtual_machine:
        description: Name of the virtual machine that the port belongs to. It is created if it does not exist.
        type: str
      mac:
        description: MAC address of the port. Left out, the server chooses one when the port is made.
        type: str
      interface_type:
        description:
          - Part that the port plays in a service, V(management), V(left), V(right) or V(otherN).
          - M(opencontrail.service_chain.contrail_service_instance) sets it by itself.
        type: str
      local_preference:
        description:
          - Preference of the routes to this port, where the higher one wins. With two machines of a service it
            makes one of them the active one. Without it Contrail finds out by itself.
        type: int
      allowed_address_pairs:
        description:
          - Addresses beyond its own that the port may use. The list is enforced exactly.
          - Not for ports in a port tuple. On these svc-monitor replaces them by those of the service instance's
            interface.
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
seealso:
  - module: opencontrail.service_chain.contrail_service_instance
  - module: opencontrail.service_chain.contrail_vn
"""

EXAMPLES = r"""
- name: The two ports of a service's virtual machine
  opencontrail.service_chain.contrail_port:
    api_url: http://172.31.4.76:8082
    config:
      - {name: 1-to-2-left, network: vn1, addresses: [10.0.1.4], virtual_machine: 1-to-2}
      - {name: 1-to-2-right, network: vn2, addresses: [10.0.2.4], virtual_machine: 1-to-2}

- name: Two ports that share an address, of which one has it at a time
  opencontrail.service_chain.contrail_port:
    api_url: http://172.31.4.76:8082
    config:
      - {name: web1, network: vn1, local_preference: 200, allowed_address_pairs: &shared [{address: 10.0.1.50}]}
      - {name: web2, network: vn1, local_preference: 100, allowed_address_pairs: *shared}

- name: Delete them, their addresses and the virtual machine
  opencontrail.service_chain.contrail_port:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: 1-to-2-left
      - name: 1-to-2-right
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
  sample: {"virtual-machine-interface default-domain:default-project:p1": {"interface_type": null}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"virtual-machine-interface default-domain:default-project:p1": {"interface_type": "left"}}
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
    PORT,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import (
    run_config_module,
)


def main() -> None:
    """Run the module."""
    run_config_module(PORT)


if __name__ == "__main__":
    main()
