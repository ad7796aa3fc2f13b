#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_service_template
short_description: Manage Contrail service templates
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes service templates, which say what kind of service a service instance is
    and which interfaces it has.
  - Templates belong to a domain, so O(project) has no effect on their names.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The service templates.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the template, as V(NAME) or V(DOMAIN:NAME).
        type: str
        required: true
      version:
        description:
          - Version of the template. Version 2 works with port tuples; with version 1 machines are started
            from O(config[].image). A new template has 2 if nothing is said.
        type: int
        choices: [1, 2]
      mode:
        description:
          - How the service stands in the way of traffic. V(in-network) routes, V(in-network-nat) routes and
            translates addresses, V(transparent) bridges. A new template needs it.
        type: str
        choices: [transparent, in-network, in-network-nat]
        aliases: [service_mode]
      type:
        description: Type of the service. A new template is a V(firewall) if nothing is said.
        type: str
        choices: [firewall, analyzer, source-nat, loadbalancer]
        aliases: [service_type]
      virtualization:
        description: What the service runs in. A new template has V(virtual-machine) if nothing is said.
        type: str
        choices: [virtual-machine, network-namespace, vrouter-instance, physical-device]
        aliases: [service_virtualization_type]
      interfaces:
        description:
          - The interfaces in their order. An entry is a type (V(management), V(left), V(right), V(other) or
            V(otherN)), or a dict. A new template needs them.
        type: list
        elements: raw
        aliases: [interface_type]
        suboptions:
          type:
            description: Type of the interface.
            type: str
            required: true
          shared_ip:
            description: Whether all machines of a service share one address there.
            type: bool
          static_routes:
            description: Whether service instances may give static routes there.
            type: bool
            aliases: [static_route_enable]
      image:
        description: Image of the machines, for version 1.
        type: str
        aliases: [image_name]
      flavor:
        description: Flavor of the machines, for version 1.
        type: str
      scaling:
        description: Whether service instances may have several machines, for version 1.
        type: bool
        aliases: [service_scaling]
      availability_zone:
        description: Whether service instances may choose an availability zone, for version 1.
        type: bool
        aliases: [availability_zone_enable]
      ordered_interfaces:
        description: Whether the order of the interfaces counts.
        type: bool
      instance_data:
        description: Data for the instances.
        type: str
      vrouter_instance_type:
        description: How the vRouter runs instances.
        type: str
        choices: [libvirt-qemu, docker]
      managed:
        description: Whether the configuration of the service is managed.
        type: bool
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
      appliance_set:
        description: Set of service appliances, for V(physical-device) and load balancers.
        type: str
      unset:
        description: Options to clear in this item.
        type: list
        elements: str
seealso:
  - module: opencontrail.service_chain.contrail_service_instance
"""

EXAMPLES = r"""
- name: A routing firewall with two interfaces
  opencontrail.service_chain.contrail_service_template:
    api_url: http://172.31.4.76:8082
    config:
      - name: firewall
        mode: in-network
        interfaces: [left, right]

- name: Delete the template
  opencontrail.service_chain.contrail_service_template:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: firewall
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
  sample: {"service-template default-domain:firewall": {"description": "old"}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"service-template default-domain:firewall": {"description": "new"}}
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import SERVICE_TEMPLATE
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(SERVICE_TEMPLATE)


if __name__ == "__main__":
    main()
