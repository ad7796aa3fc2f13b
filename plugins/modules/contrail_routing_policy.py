#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_routing_policy
short_description: Manage routing policies
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes routing policies, which accept, reject and change routes of networks and of the
    sides of service instances.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The policies.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the routing policy.
        type: str
        required: true
      terms:
        description:
          - The terms, in order. The list is enforced exactly, and what a term leaves out has its default.
        type: list
        elements: dict
        aliases: [term]
        suboptions:
          match:
            description: Which routes the term is for; all that is given has to fit.
            type: dict
            suboptions:
              protocols:
                description: Where routes come from.
                type: list
                elements: str
                choices: [xmpp, service-chain, interface, interface-static, service-interface, bgpaas, bgp,
                  static, aggregate, direct, pim, evpn, ospf, ospf3]
              prefixes:
                description: Their prefixes.
                type: list
                elements: dict
                suboptions:
                  prefix:
                    description: The prefix.
                    type: str
                    required: true
                  type:
                    description: Whether only the prefix fits, longer ones, or both.
                    type: str
                    choices: [exact, longer, orlonger]
              communities:
                description: Their communities.
                type: list
                elements: str
              match_all_communities:
                description: Whether they have to have all of the communities.
                type: bool
              extended_communities:
                description: Their extended communities.
                type: list
                elements: str
              match_all_extended_communities:
                description: Whether they have to have all of the extended communities.
                type: bool
              as_path:
                description: Their AS path, for V(network-device).
                type: list
                elements: int
              family:
                description: Their address family, for V(network-device).
                type: str
                choices: [inet, inet-vpn, evpn]
              local_preference:
                description: Their local preference, for V(network-device).
                type: int
          action:
            description: What happens to them.
            type: str
            choices: [accept, reject, next]
          local_preference:
            description: Local preference that they get.
            type: int
          med:
            description: MED that they get.
            type: int
          as_path_expand:
            description: Autonomous systems that are put in front of their AS path.
            type: list
            elements: int
          add_communities:
            description: Communities that they get.
            type: list
            elements: str
          remove_communities:
            description: Communities that they lose.
            type: list
            elements: str
          set_communities:
            description: Communities that they have instead of their own.
            type: list
            elements: str
          add_extended_communities:
            description: Extended communities that they get.
            type: list
            elements: str
          remove_extended_communities:
            description: Extended communities that they lose.
            type: list
            elements: str
          set_extended_communities:
            description: Extended communities that they have instead of their own.
            type: list
            elements: str
      term_type:
        description: Who acts on it.
        type: str
        choices: [vrouter, network-device]
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
  - module: opencontrail.service_chain.contrail_vn
  - module: opencontrail.service_chain.contrail_service_instance
"""

EXAMPLES = r"""
- name: Prefer what comes through the service
  opencontrail.service_chain.contrail_routing_policy:
    api_url: http://172.31.4.76:8082
    config:
      - name: prefer
        terms:
          - match:
              protocols: [service-chain]
              prefixes:
                - {prefix: 10.0.0.0/8, type: orlonger}
            local_preference: 150
            add_communities: ["64512:100"]
            action: accept
          - action: reject

- name: Delete the policy
  opencontrail.service_chain.contrail_routing_policy:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: prefer
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
      sample: routing-policy
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-domain:default-project:prefer
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
  sample: {"routing-policy default-domain:default-project:prefer": {"description": "old"}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"routing-policy default-domain:default-project:prefer": {"description": "new"}}
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 3
kind:
  description: Kind of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: routing-policy
fq_name:
  description: Full name of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: default-domain:default-project:prefer
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import ROUTING_POLICY
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(ROUTING_POLICY)


if __name__ == "__main__":
    main()
