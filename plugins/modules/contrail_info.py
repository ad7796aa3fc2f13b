#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_info
short_description: Read objects of Contrail
version_added: 0.1.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Reads objects of any kind that the Contrail config API has, by name, by parent or all.
  - References to other objects are returned as names.
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
        read, which may be many; give O(parent) then.
      - Objects that belong neither to a domain nor to a project are named in full.
    type: list
    elements: str
  parent:
    description: Name of the parent; only its children are read.
    type: str
  fields:
    description:
      - Properties to read. Children and back-references (as in V(virtual_network_back_refs)) are read only
        if they are named. Left out, all properties and references are read.
    type: list
    elements: str
    default: []
  filters:
    description:
      - Only objects are returned whose properties have these values. Dots lead into a property, as in
        V(virtual_network_properties.forwarding_mode).
    type: dict
    default: {}
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
    fields: [virtual_network_back_refs]

- name: Read the routing instances of a network
  opencontrail.service_chain.contrail_info:
    api_url: http://172.31.4.76:8082
    kind: routing-instance
    parent: default-domain:default-project:vn1
"""

RETURN = r"""
objects:
  description: The objects, ordered by full name. Besides these keys each has its properties and references.
  returned: success
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
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind import (
    run_info_module,
)


def main() -> None:
    """Run the module."""
    run_info_module()


if __name__ == "__main__":
    main()
