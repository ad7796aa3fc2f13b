#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: chain_design
short_description: Check the data model and compute the configuration of each system
version_added: 1.1.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Checks the whole data model, and computes from it what the roles and modules of this collection take.
  - It reads nothing but its options, and connects to nothing. M(opencontrail.service_chain.chain_preflight) checks
    the data model against Contrail and the routers.
  - Fails with one line for each bad value, which starts with the path of the value. Names of variables that are nearly
    those of the playbooks (V(service_chain_network)) are reported too.
  - The playbooks run it once, as their first task, for all hosts.
  - The results are texts in JSON, to be read by P(ansible.builtin.from_json#filter), because ansible-core before 2.19
    templates large structures again each time that a variable refers to them.
options:
  networks:
    description: The networks, by name (the variable C(service_chain_networks)).
    type: raw
  services:
    description: The services, by name (the variable C(service_chain_services)).
    type: raw
  routers:
    description: The routers, by inventory name (the variable C(service_chain_routers)).
    type: raw
  chains:
    description: The chains, by name (the variable C(service_chains)).
    type: raw
  ports:
    description: Ports that the site creates (the variable C(contrail_objects_ports)).
    type: raw
  groups:
    description:
      - The inventory's groups with their hosts. Routers must be in the group C(routers), hosts of external prefixes in
        C(endpoints), and hosts of service members in C(service_guests).
      - The groups of the inventory when left out. An empty mapping turns these checks off.
    type: dict
  steering:
    description:
      - The variable C(vmx_gateway_steering), V(with_vrf) or V(after_verify), to have its value checked.
    type: str
attributes:
  action:
    description: Runs on the controller.
    support: full
  async:
    description: Cannot run asynchronously.
    support: none
  check_mode:
    description: Changes nothing in either mode.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: N/A
  idempotent:
    description: Changes nothing.
    support: N/A
seealso:
  - module: opencontrail.service_chain.chain_preflight
"""

EXAMPLES = r"""
- name: Compute the configuration of each system
  opencontrail.service_chain.chain_design:
    networks:
      vn1: {subnets: [10.0.1.0/24], route_target: "64512:1"}
      vn2: {subnets: [10.0.2.0/24], route_target: "64512:2"}
    services:
      fw: {members: [{left: fw-left, right: fw-right}]}
    chains:
      vn1-to-vn2:
        left: {network: vn1}
        right: {network: vn2}
        services: [fw]
  register: design

- name: Show the networks as contrail_vn takes them
  ansible.builtin.debug:
    msg: "{{ design.site.networks | from_json }}"
"""

RETURN = r"""
site:
  description:
    - What Contrail and OpenStack are to have; each value is a text in JSON.
    - C(networks), C(templates), C(instances), C(policies) and C(bgp_routers) are the C(config) of the Contrail modules,
      C(machines) the servers that the role C(service_machines) boots.
    - C(absent) holds the C(policies), C(instances), C(templates) and C(machines) of chains with C(state=absent).
    - C(planned) names every object that is to exist, for check mode.
    - C(guests) lists all members of services with the C(routes) and the address families (C(forwarding)) that each
      must have, also those that are no hosts of the inventory.
  returned: success
  type: dict
routers:
  description:
    - By router a text in JSON, with C(peering) (the C(config) and C(router) of
      M(opencontrail.service_chain.vmx_peering)), C(vrfs) and C(filters) (the input of
      M(opencontrail.service_chain.vmx_vrf)), C(absent), C(tables) (names of route tables), C(expected) (what the chains
      bring into them), and in C(steering) for each chain the C(filter), C(family) and C(name) of its terms.
  returned: success
  type: dict
hosts:
  description:
    - By endpoint and service VM a text in JSON, with its C(routes), the address families that it must forward
      (C(forwarding)), and the prefixes whose packets arrive without a route back (C(sources)).
  returned: success
  type: dict
summary:
  description: A line for each chain.
  returned: success
  type: list
  elements: str
  sample: ["service_chains.vn1-to-vn2: vn1 <-> [fw] <-> vn2"]
started:
  description: When this ran, in seconds since 1970.
  returned: success
  type: float
problems:
  description: A line for each bad value, with its path.
  returned: failure
  type: list
  elements: str
  sample:
    - "service_chains.a.left.network: no network 'vn3' in service_chain_networks; did you mean vn2?"
"""
