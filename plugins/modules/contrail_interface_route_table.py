#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_interface_route_table
short_description: Manage interface route tables
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes interface route tables, the static routes to what is behind a port or behind a
    side of a service instance.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The tables.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the interface route table.
        type: str
        required: true
      routes:
        description: The routes. The list is enforced exactly.
        type: list
        elements: dict
        suboptions:
          prefix:
            description: Destination of the route.
            type: str
            required: true
          next_hop:
            description: Next hop, in the form that its type wants.
            type: str
          next_hop_type:
            description: What the next hop is.
            type: str
            choices: [service-instance, ip-address]
          communities:
            description: Communities of the route, as V(64512:10) or V(no-export).
            type: list
            elements: str
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
  - module: opencontrail.service_chain.contrail_port
"""

EXAMPLES = r"""
- name: A prefix behind the right side of the service
  opencontrail.service_chain.contrail_interface_route_table:
    api_url: http://172.31.4.76:8082
    config:
      - name: behind-fw
        routes:
          - prefix: 192.168.0.0/16
            communities: [no-export]

- name: Delete the table
  opencontrail.service_chain.contrail_interface_route_table:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: behind-fw
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
      sample: interface-route-table
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-domain:default-project:behind-fw
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
  sample: {"interface-route-table default-domain:default-project:behind-fw": {"description": "old"}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"interface-route-table default-domain:default-project:behind-fw": {"description": "new"}}
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 3
kind:
  description: Kind of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: interface-route-table
fq_name:
  description: Full name of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: default-domain:default-project:behind-fw
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import INTERFACE_ROUTE_TABLE
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(INTERFACE_ROUTE_TABLE)


if __name__ == "__main__":
    main()
