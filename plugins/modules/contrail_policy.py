#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_policy
short_description: Manage Contrail network policies and attach them to networks
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes network policies, and attaches them to virtual networks. A rule with
    services makes a service chain between its two networks.
  - What a rule names (networks, policies, service instances) has to exist. The API server does not check
    that; a wrong name would silently make no chain.
  - Rules that can make no chain are refused (an end without a network, a service that stands between other
    networks or the other way round, one that translates addresses before another one, a rule that denies). The
    module warns of rules that match nothing, and of those that may make no chain.
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
          - An entry is a dict, or a text as in V(vn1 <> vn2 tcp 80,443 via fw, dpi). That is C([pass|deny]
            SOURCE <>|> DESTINATION [PROTOCOL [PORTS]]) and then any of C(from PORTS) (of the source), C(via
            SERVICES), C(mirror SERVICE), C(qos NAME) and C(log). Source and destination are networks,
            subnets, C(SUBNET@NETWORK), C(policy=POLICY), C(local) or C(any), with commas between several.
        type: list
        elements: raw
        aliases: [policy_rule]
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
            aliases: [src_addresses]
            suboptions:
              network:
                description: A virtual network, or V(any) or V(local).
                type: str
              policy:
                description: A network policy; all networks that it is attached to are meant.
                type: str
              subnet:
                description: A prefix, alone or together with C(network).
                type: str
              subnets:
                description: Several prefixes.
                type: list
                elements: str
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
            aliases: [dst_addresses]
            suboptions:
              network:
                description: A virtual network, or V(any) or V(local).
                type: str
              policy:
                description: A network policy; all networks that it is attached to are meant.
                type: str
              subnet:
                description: A prefix, alone or together with C(network).
                type: str
              subnets:
                description: Several prefixes.
                type: list
                elements: str
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
            aliases: [simple_action]
          services:
            description: Service instances that the traffic passes, in this order from source to destination.
            type: list
            elements: str
            default: []
            aliases: [apply_service]
          mirror:
            description: Where traffic is copied to.
            type: dict
            aliases: [mirror_to]
            suboptions:
              analyzer:
                description: The service instance that analyzes.
                type: str
              address:
                description: Address of an analyzer outside.
                type: str
              udp_port:
                description: UDP port of the analyzer.
                type: int
              mac:
                description: MAC address of the analyzer.
                type: str
              encapsulation:
                description: Encapsulation of what is mirrored.
                type: str
              routing_instance:
                description: Routing instance in which the analyzer is.
                type: str
              juniper_header:
                description: Whether what is mirrored gets Juniper's header.
                type: bool
              next_hop_mode:
                description: Whether the analyzer is found by routes, or at a VTEP that is given.
                type: str
                choices: [dynamic, static]
              vtep_address:
                description: Address of the VTEP, for V(static).
                type: str
              vtep_mac:
                description: MAC address behind the VTEP, for V(static).
                type: str
              vni:
                description: VXLAN network identifier, for V(static).
                type: int
              nic_assisted:
                description: Whether the network card mirrors.
                type: bool
              nic_assisted_vlan:
                description: VLAN to which the network card mirrors.
                type: int
          qos:
            description: QoS configuration that marks the traffic.
            type: str
            aliases: [qos_action]
          log:
            description: Whether sessions that the rule matches are logged.
            type: bool
            default: false
          alert:
            description: Whether the session is reported as an alert.
            type: bool
            default: false
          retain_as_path:
            description:
              - Whether routes keep their AS path where the services re-originate them, so that BGP finds
                loops. Contrail takes it from the first rule of a policy. Older releases, as 2005, refuse it.
            type: bool
            version_added: 1.1.0
          host_based_service:
            description: Whether the traffic passes the service on its own compute node.
            type: bool
            default: false
          ethertype:
            description: Address family that the rule is for.
            type: str
            choices: [IPv4, IPv6]
          applications:
            description: Applications that the rule is for.
            type: list
            elements: str
            default: []
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
      tags:
        description:
          - Tags of the object, V(TYPE=VALUE) for a global one and V(PROJECT:TYPE=VALUE) for one of a project.
            They only ever add, unless O(purge_references) has V(tags).
        type: list
        elements: str
        aliases: [tag_refs]
      networks:
        description:
          - Networks that the policy is attached to. They only ever add, unless O(purge_references) has
            V(networks). An entry is a name, or a dict with its sequence.
        type: list
        elements: raw
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
          timer:
            description: When the policy holds.
            type: dict
            suboptions:
              start:
                description: Start, as V(2030-01-31T00:00:00).
                type: str
              end:
                description: End, in the same form.
                type: str
              on_interval:
                description: How long it holds in a go, as V(08:00:00).
                type: str
              off_interval:
                description: How long it then does not hold.
                type: str
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

- name: A chain between networks whose routes keep their AS path
  opencontrail.service_chain.contrail_policy:
    api_url: http://172.31.4.76:8082
    config:
      - name: web
        rules:
          - source: [{network: vn1}]
            destination: [{network: vn2}]
            services: [proxy]
            retain_as_path: true

- name: The same in words
  opencontrail.service_chain.contrail_policy:
    api_url: http://172.31.4.76:8082
    config:
      - name: web
        rules:
          - vn1 <> vn2 tcp 80,8000-8080 via proxy
          - vn1 <> vn2
        networks: [vn1, vn2]

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
    - What changed objects held before, by kind and name, and only what changes. Null for one that is created.
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import NETWORK_POLICY
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(NETWORK_POLICY, wait_for="service_routing_instances")


if __name__ == "__main__":
    main()
