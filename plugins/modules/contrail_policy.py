#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_policy
short_description: Manage Contrail network policies and attach them to networks
version_added: 0.1.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes network policies, and attaches them to virtual networks. A rule with
    services makes a service chain between its two networks.
  - What a rule names (networks, policies, service instances) has to exist. The API server does not check
    that; a wrong name would silently make no chain.
  - A policy is attached by a request of its own for each network, so that the policies of others are
    never touched, and is detached everywhere before it is deleted.
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
        description: Name of the policy.
        type: str
        required: true
      rules:
        description:
          - The rules, in order. The list is enforced exactly, and what a rule leaves out has its default.
            Rules that stay keep their uuid.
        type: list
        elements: dict
        suboptions:
          direction:
            description: Whether the rule holds both ways or from source to destination only.
            type: str
            choices: ["<>", ">"]
            default: "<>"
          protocol:
            description: V(any), V(icmp), V(icmp6), V(tcp), V(udp) or a protocol's number.
            type: str
            default: any
          source:
            description:
              - Where traffic comes from. Each entry says one of V(network), V(policy), V(subnet), V(local),
                V(any).
            type: list
            elements: dict
            required: true
            suboptions:
              network:
                description: A virtual network, or V(any) or V(local).
                type: str
              policy:
                description: A network policy; all networks that it is attached to are meant.
                type: str
              subnet:
                description: A prefix, alone or together with O(config[].rules[].source[].network).
                type: str
              local:
                description: Whether the network that the policy is attached to is meant.
                type: bool
              any:
                description: Whether every network is meant.
                type: bool
          destination:
            description: Where traffic goes to, in the same form as the source.
            type: list
            elements: dict
            required: true
            suboptions:
              network:
                description: A virtual network, or V(any) or V(local).
                type: str
              policy:
                description: A network policy; all networks that it is attached to are meant.
                type: str
              subnet:
                description: A prefix, alone or together with O(config[].rules[].destination[].network).
                type: str
              local:
                description: Whether the network that the policy is attached to is meant.
                type: bool
              any:
                description: Whether every network is meant.
                type: bool
          source_ports:
            description: Ports, as numbers or ranges as in V(8000-8080). None means any.
            type: list
            elements: str
            default: []
          destination_ports:
            description: Ports, as numbers or ranges as in V(8000-8080). None means any.
            type: list
            elements: str
            default: []
          action:
            description: What happens to the traffic.
            type: str
            choices: [pass, deny]
            default: pass
          services:
            description: Service instances that the traffic passes, in this order from source to destination.
            type: list
            elements: str
            default: []
          ethertype:
            description: Address family that the rule is for.
            type: str
            choices: [IPv4, IPv6]
          log:
            description: Whether sessions that the rule matches are logged.
            type: bool
            default: false
      networks:
        description:
          - Virtual networks to attach the policy to. A service chain needs both of its networks. The list
            adds; with V(networks) in O(purge_references) it is exact.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the network.
            type: str
            required: true
          sequence:
            description:
              - Place of the policy among those of the network. Left out, a policy that is attached already
                keeps its place, and a new one gets 0.0.
            type: dict
            suboptions:
              major:
                description: First number. Left out it is 0.
                type: int
              minor:
                description: Second number. Left out it is 0.
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
  wait:
    description:
      - Wait until the schema transformer has made the routing instances of all services in the policies'
        networks, and until those that the policies no longer ask for are gone. With O(state=absent) wait
        until all of them are gone, but for those that another policy on the same networks keeps.
      - Check mode does not wait. The progress goes to the system's log, and into RV(waited).
    type: dict
    suboptions:
      for:
        description: What to wait for.
        type: str
        choices: [service_routing_instances]
        default: service_routing_instances
      timeout:
        description: Seconds after which the wait is given up and the task fails.
        type: float
        default: 60
      interval:
        description: Seconds between two looks.
        type: float
        default: 1
seealso:
  - module: opencontrail.service_chain.contrail_service_instance
  - module: opencontrail.service_chain.contrail_vn
"""

EXAMPLES = r"""
- name: Insert a service between two networks, and wait until the chain is there
  opencontrail.service_chain.contrail_policy:
    api_url: http://172.31.4.76:8082
    config:
      - name: vn1-to-vn2
        rules:
          - source: [{network: vn1}]
            destination: [{network: vn2}]
            services: [1-to-2]
        networks:
          - name: vn1
          - name: vn2
    wait:
      for: service_routing_instances
      timeout: 120

- name: Only web traffic passes the service, all other traffic goes straight
  opencontrail.service_chain.contrail_policy:
    api_url: http://172.31.4.76:8082
    config:
      - name: web
        rules:
          - protocol: tcp
            source: [{network: vn1}]
            destination: [{network: vn2}]
            destination_ports: ["80", "8000-8080"]
            services: [proxy]
          - source: [{network: vn1}]
            destination: [{network: vn2}]
        networks:
          - {name: vn1, sequence: {major: 1, minor: 0}}
          - {name: vn2, sequence: {major: 1, minor: 0}}

- name: Take the policy out of all networks and delete it
  opencontrail.service_chain.contrail_policy:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: vn1-to-vn2
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
  sample: {"network-policy default-domain:default-project:p1": {"description": "old"}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"network-policy default-domain:default-project:p1": {"description": "new"}}
waited:
  description: How the wait went.
  returned: when O(wait) was given, but not in check mode
  type: dict
  contains:
    seconds:
      description: How long it took.
      type: float
      sample: 2.4
    looks:
      description: How often the server was asked.
      type: int
      sample: 3
    progress:
      description: What was still missing, and when, each time that this changed.
      type: list
      elements: dict
      sample: [{"seconds": 0.1, "missing": ["..."]}, {"seconds": 2.4, "missing": []}]
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
    NETWORK_POLICY,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import (
    run_config_module,
)


def main() -> None:
    """Run the module."""
    run_config_module(NETWORK_POLICY, wait_for="service_routing_instances")


if __name__ == "__main__":
    main()
