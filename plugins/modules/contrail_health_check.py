#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_health_check
short_description: Manage service health checks
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes service health checks, by which a service instance or a port that fails loses
    its routes.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The health checks.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the health check.
        type: str
        required: true
      enabled:
        description: Whether it runs.
        type: bool
      type:
        description:
          - Whether the next hop, the path through the service, or each segment is checked, or with
            V(vn-ip-list) addresses in a network (in releases that have it). A new one is V(link-local) if
            nothing is said.
        type: str
        choices: [link-local, end-to-end, segment, vn-ip-list]
        aliases: [health_check_type]
      monitor:
        description: How it checks. A new one is V(PING) if nothing is said.
        type: str
        choices: [PING, HTTP, BFD]
        aliases: [monitor_type]
      target:
        description:
          - What is checked, as an address or V(local-ip). For V(HTTP) a URL is needed, as
            V(http://local-ip:8080/).
        type: str
        aliases: [url_path]
      target_addresses:
        description: Addresses that are checked, for the type V(vn-ip-list).
        type: list
        elements: str
        aliases: [target_ip_list]
        version_added: 1.1.0
      all_addresses:
        description: Whether all addresses of the network are checked, for the type V(vn-ip-list).
        type: bool
        aliases: [target_ip_all]
        version_added: 1.1.0
      http_method:
        description: HTTP method.
        type: str
      expected_codes:
        description: HTTP status that is expected.
        type: str
      delay:
        description: Seconds between two checks.
        type: int
      delay_microseconds:
        description: Microseconds that are added to it.
        type: int
      timeout:
        description: Seconds after which a check has failed.
        type: int
      timeout_microseconds:
        description: Microseconds that are added to it.
        type: int
      max_retries:
        description: Number of failures after which the port is down.
        type: int
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
- name: Ping the service every three seconds
  opencontrail.service_chain.contrail_health_check:
    api_url: http://172.31.4.76:8082
    config:
      - name: ping
        enabled: true
        monitor: PING
        target: local-ip
        delay: 3
        timeout: 5
        max_retries: 2

- name: Delete the health check
  opencontrail.service_chain.contrail_health_check:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: ping
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
      sample: service-health-check
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-domain:default-project:ping
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
  sample: {"service-health-check default-domain:default-project:ping": {"description": "old"}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"service-health-check default-domain:default-project:ping": {"description": "new"}}
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 3
kind:
  description: Kind of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: service-health-check
fq_name:
  description: Full name of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: default-domain:default-project:ping
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import SERVICE_HEALTH_CHECK
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(SERVICE_HEALTH_CHECK)


if __name__ == "__main__":
    main()
