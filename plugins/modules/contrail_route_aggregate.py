#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_route_aggregate
short_description: Manage route aggregates
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes route aggregates, which announce one prefix in place of many on a side of a
    service instance.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The aggregates.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the route aggregate.
        type: str
        required: true
      routes:
        description:
          - The prefixes that are announced in place of what they contain. The list is enforced exactly.
        type: list
        elements: str
      next_hop:
        description:
          - Address of the next hop.
          - Not for an aggregate on a side of a service instance. There the schema transformer sets it to the
            service address, so any other value is refused.
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
      unset:
        description: Options to clear in this item.
        type: list
        elements: str
seealso:
  - module: opencontrail.service_chain.contrail_service_instance
"""

EXAMPLES = r"""
- name: One prefix for all behind the service
  opencontrail.service_chain.contrail_route_aggregate:
    api_url: http://172.31.4.76:8082
    config:
      - name: summary
        routes: [10.0.0.0/8]
        next_hop: 10.0.1.4

- name: Delete the aggregate
  opencontrail.service_chain.contrail_route_aggregate:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: summary
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
      sample: route-aggregate
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-domain:default-project:summary
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
  sample: {"route-aggregate default-domain:default-project:summary": {"description": "old"}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"route-aggregate default-domain:default-project:summary": {"description": "new"}}
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 3
kind:
  description: Kind of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: route-aggregate
fq_name:
  description: Full name of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: default-domain:default-project:summary
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import ROUTE_AGGREGATE
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(ROUTE_AGGREGATE)


if __name__ == "__main__":
    main()
