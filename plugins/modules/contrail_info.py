#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_info
short_description: Read objects of Contrail
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Reads objects of any kind that the Contrail config API has, by name, uuid, parent, property, or all.
  - References to other objects are returned as names. Passwords and keys are masked.
  - Lists are read in large pages, so that a thousand objects take a few requests.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.info
options:
  kind:
    description: Kind of the objects, as in V(virtual-network) or V(bgp-router).
    type: str
    required: true
  names:
    description:
      - Names of the objects. Those that do not exist are missing in the result. Left out, all objects are
        read, which may be many; give O(parent) or O(filters) then.
      - A short name means an object in O(project) or O(domain), as kinds are. Objects of other kinds are
        named with their parent, as in V(vn1:vn1) for a routing instance.
    type: list
    elements: str
  uuids:
    description: Uuids of the objects. With O(names) an object must have both.
    type: list
    elements: str
  parent:
    description: Name of the parent; only its children are read.
    type: str
  fields:
    description:
      - Properties and references to read, as in V(virtual_network_properties) and V(network_policy_refs).
        Left out, all are read.
    type: list
    elements: str
    default: []
  children:
    description: Kinds of children to read as well, as in V(routing-instance), or V(all).
    type: list
    elements: str
    default: []
  back_references:
    description:
      - Kinds of objects to read as well that refer to the objects, as in V(virtual-machine-interface), or
        V(all).
    type: list
    elements: str
    default: []
  filters:
    description:
      - Only objects are returned whose properties have these values, or one of a list of values. Dots lead
        into a property, as in V(virtual_network_properties.forwarding_mode). References are compared by name.
      - A property that is not stored counts as its default.
    type: dict
    default: {}
  count:
    description: Only the number of objects is returned. Where nothing has to be looked at, no object is read.
    type: bool
    default: false
  as_config:
    description:
      - Each object also comes as C(config), an item of the option C(config) of the module that manages its
        kind, which would find nothing to change. For kinds that have a module of their own.
      - What other objects carry is not in it, as the networks of a policy and the port tuples of a service
        instance, nor are secrets.
    type: bool
    default: false
  domain:
    description: Domain of every name that does not say its own.
    type: str
    default: default-domain
  project:
    description: Project of every name that does not say its own.
    type: str
    default: default-project
seealso:
  - module: opencontrail.service_chain.contrail_vn
"""

EXAMPLES = r"""
- name: Read two networks
  opencontrail.service_chain.contrail_info:
    api_url: http://172.31.4.76:8082
    kind: virtual-network
    names: [vn1, vn2]
  register: networks

- name: Read which networks a policy is attached to
  opencontrail.service_chain.contrail_info:
    api_url: http://172.31.4.76:8082
    kind: network-policy
    names: [vn1-to-vn2]
    fields: [display_name]
    back_references: [virtual-network]

- name: Read the routing instances of a network
  opencontrail.service_chain.contrail_info:
    api_url: http://172.31.4.76:8082
    kind: routing-instance
    parent: vn1

- name: Read the names of all shared networks that have a policy
  opencontrail.service_chain.contrail_info:
    api_url: http://172.31.4.76:8082
    kind: virtual-network
    fields: [display_name]
    filters:
      is_shared: true
      network_policy_refs: vn1-to-vn2

- name: Read networks as tasks write them, to take them into an inventory
  opencontrail.service_chain.contrail_info:
    api_url: http://172.31.4.76:8082
    kind: virtual-network
    names: [vn1, vn2]
    as_config: true

- name: Count the ports of a project
  opencontrail.service_chain.contrail_info:
    api_url: http://172.31.4.76:8082
    kind: virtual-machine-interface
    parent: default-project
    count: true
"""

RETURN = r"""
objects:
  description: The objects, ordered by full name. Besides these keys each has its properties and references.
  returned: success, without O(count)
  type: list
  elements: dict
  contains:
    name:
      description: Name of the object.
      type: str
      sample: vn1
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-domain:default-project:vn1
    uuid:
      description: Uuid of the object.
      type: str
      sample: 7bc95f09-bdad-4f74-a77a-34300af4b9b8
    config:
      description: The object as its module takes it, with O(as_config).
      type: dict
      sample: {name: "default-domain:default-project:vn1", route_targets: ["64512:1"]}
  sample:
    - name: vn1
      fq_name: default-domain:default-project:vn1
      uuid: 7bc95f09-bdad-4f74-a77a-34300af4b9b8
      parent_type: project
      route_target_list: {route_target: ["target:64512:1"]}
      network_policy_refs:
        - name: default-domain:default-project:vn1-to-vn2
          uuid: ab23da36-3b85-4730-b536-51f100da30ad
          attr: {sequence: {major: 0, minor: 0}}
count:
  description: Number of objects.
  returned: success
  type: int
  sample: 1
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 1
kind:
  description: Kind of the objects that could not be read.
  returned: failure, where the server refused the request
  type: str
  sample: virtual-network
status:
  description: HTTP status of the refused request.
  returned: failure, where the server refused the request
  type: int
  sample: 403
verb:
  description: What could not be done.
  returned: failure, where the server refused the request
  type: str
  sample: list
handover:
  description:
    - The result as text that the masking of secrets cannot change, for the modules and filters of this
      collection. See P(opencontrail.service_chain.handed_over#filter).
  returned: when masking, or the escaping of control characters, changes the result
  type: str
  sample: ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/eJyrVkrOSMxLT1WyUkpLzClOBQAolgSu
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.module import run_info_module


def main() -> None:
    """Run the module."""
    run_info_module()


if __name__ == "__main__":
    main()
