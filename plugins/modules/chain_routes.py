#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: chain_routes
short_description: Predict what the VRF tables of routers hold before and after service chains
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Computes from a description of a site which routes each VRF table of each router must hold without service chains
    and with them. Opens no connection and changes nothing.
  - The site is described by the data model of the collection (O(intent)), by objects that were read from Contrail
    (O(objects)), or by the lists alone. The lists complete either, an item at a time by its name; so the labels and
    compute nodes that only machines know can be added to both.
  - Predicted are in-network and NAT services, any number in a chain and members on any compute nodes, several chains
    and policies, networks that allow transit, IPv4 and IPv6. Chains that are down are returned with the reason.
  - Direct routes of VRF interfaces are not predicted, nor routes that other peers send to the router.
attributes:
  check_mode:
    description: Changes nothing in either mode.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: N/A
  idempotent:
    description: The same description gives the same tables.
    support: full
options:
  intent:
    description:
      - The data model, with the keys C(networks), C(services), C(routers), C(chains) and C(ports); they take
        the values of the variables C(service_chain_networks), C(service_chain_services),
        C(service_chain_routers), C(service_chains) and C(contrail_objects_ports).
      - Addresses that the data model does not name are predicted without prefix. The key C(address_of) says
        whose they are.
    type: dict
  objects:
    description:
      - Objects of Contrail by kind, as M(opencontrail.service_chain.contrail_info) returns them. The kinds
        C(virtual-network), C(virtual-machine-interface), C(instance-ip), C(service-template),
        C(service-instance), C(port-tuple) and C(network-policy) are needed; C(virtual-router) tells the
        compute nodes.
      - Contrail does not know what the routers are configured with; give O(routers) as well.
    type: dict
  networks:
    description:
      - Virtual networks in the shape of O(opencontrail.service_chain.contrail_vn#module:config), of which the
        route targets, the subnets and C(allow_transit) count, and C(automatic_route_target) where it is
        known.
    type: list
    elements: dict
    default: []
  ports:
    description:
      - Ports with C(name), C(network) and C(addresses), in the shape of
        O(opencontrail.service_chain.contrail_port#module:config), and with what machines know of them.
      - C(compute) is the address of the compute node, C(label) the MPLS label of the port,
        C(local_preference) one that was configured, C(silent) lists those of its addresses that do not
        answer, C(up) is V(false) for a port that nobody announces.
    type: list
    elements: dict
    default: []
  services:
    description:
      - Service instances in the shape of
        O(opencontrail.service_chain.contrail_service_instance#module:config).
      - C(mode) is the mode of its template, where O(templates) does not name that. C(service_addresses) lists
        the service addresses by side (C(left), C(right)). Left out, they are there but not known.
    type: list
    elements: dict
    default: []
  templates:
    description:
      - Service templates in the shape of
        O(opencontrail.service_chain.contrail_service_template#module:config).
    type: list
    elements: dict
    default: []
  policies:
    description:
      - Policies in the shape of O(opencontrail.service_chain.contrail_policy#module:config), rules as
        mappings.
    type: list
    elements: dict
    default: []
  routers:
    description:
      - Routers, each with its C(name), C(address) (what it peers with), C(vrfs) in the shape of
        O(opencontrail.service_chain.vmx_vrf#module:config), and C(families), the address families that its
        BGP sessions carry (V(inet) and V(inet6) when left out).
    type: list
    elements: dict
    default: []
  release:
    description:
      - Contrail's release. From 4.1 on service addresses come from 0.0.0.0/8, which routers refuse; from 5.0
        on a chain with one dead service is withdrawn as a whole.
    type: str
    default: '4.0'
  domain:
    description: Domain of every name that does not say its own.
    type: str
    default: default-domain
  project:
    description: Project of every name that does not say its own.
    type: str
    default: default-project
seealso:
  - module: opencontrail.service_chain.vmx_info
  - module: opencontrail.service_chain.contrail_info
"""

EXAMPLES = r"""
- name: Predict the tables of a site that is described here
  opencontrail.service_chain.chain_routes:
    networks:
      - {name: vn1, route_targets: ["64512:1"], subnets: [{cidr: 10.0.1.0/24}]}
      - {name: vn2, route_targets: ["64512:2"], subnets: [{cidr: 10.0.2.0/24}]}
    ports:
      - {name: fw-left, network: vn1, addresses: [10.0.1.4], label: 30, compute: 172.31.10.155}
      - {name: fw-right, network: vn2, addresses: [10.0.2.4], label: 34, compute: 172.31.10.155}
    services:
      - name: fw
        mode: in-network
        port_tuples: [{name: fw-1, ports: {left: fw-left, right: fw-right}}]
        service_addresses: {left: [10.0.1.5], right: [10.0.2.5]}
    policies:
      - name: vn1-to-vn2
        rules: [{source: [{network: vn1}], destination: [{network: vn2}], services: [fw]}]
        networks: [{name: vn1}, {name: vn2}]
    routers:
      - name: vmx1
        address: 172.31.10.57
        vrfs:
          - name: vn1
            route_target: "64512:1"
            static_routes: [{prefix: 172.31.9.34/32, next_table: inet.0}]
          - name: vn2
            route_target: "64512:2"
            static_routes: [{prefix: 172.31.8.198/32, next_table: inet.0}]
  register: prediction

- name: Show one of them
  ansible.builtin.debug:
    msg: "{{ prediction.after.vmx1['vn1.inet.0'].routes | map(attribute='prefix') }}"

- name: Predict the tables from the data model, with a label that is known
  opencontrail.service_chain.chain_routes:
    intent:
      networks:
        vn1: {subnets: [{cidr: 10.0.1.0/24}], route_target: "64512:1"}
        vn2: {subnets: [{cidr: 10.0.2.0/24}], route_target: "64512:2"}
      services:
        fw: {mode: in-network, members: [{left: fw-left, right: fw-right}]}
      routers:
        vmx1: {filters: [{name: steer, interfaces: [ge-0/0/0.0]}]}
      chains:
        vn1-to-vn2:
          left: {network: vn1, external: [{prefix: 172.31.9.34/32}]}
          right: {network: vn2, external: [{prefix: 172.31.8.198/32}]}
          services: [fw]
    ports:
      - {name: fw-left, label: 30}
"""

RETURN = r"""
before:
  description: The tables without any service chain, by router and by name of the table.
  returned: success
  type: dict
  sample:
    vmx1:
      vn1.inet.0:
        exists: true
        destinations: 1
        routes:
          - {prefix: 172.31.9.34/32, protocol: Static, preference: 5, active: true, to_table: inet.0, ports: []}
after:
  description:
    - The tables with the service chains that stand, in the shape of RV(opencontrail.service_chain.vmx_info#module:route_tables).
    - A route has besides C(ports), the ports whose label it pushes (several share one that only their vRouter knows),
      and C(address_of) in place of the prefix where the address is not known.
  returned: success
  type: dict
  sample:
    vmx1:
      vn1.inet.0:
        exists: true
        destinations: 1
        routes:
          - prefix: 172.31.8.198/32
            address_of: null
            protocol: BGP
            preference: 170
            active: true
            med: 100
            local_preference: 200
            label: 30
            ports: [fw-left]
            to_table: null
            next_hop: 172.31.10.155
chains:
  description: The service chains that policies ask for.
  returned: success
  type: list
  elements: dict
  contains:
    left: {description: The left network., type: str, sample: default-domain:default-project:vn1}
    right: {description: The right network., type: str, sample: default-domain:default-project:vn2}
    direction: {description: Both ways or one., type: str, sample: "<>"}
    services: {description: The services in order., type: list, elements: str, sample: [default-domain:default-project:fw]}
    stands: {description: Whether Contrail makes the chain., type: bool, sample: true}
    reason: {description: Why it is down., type: str, sample: there is no service instance fw}
    caution: {description: Why its routes cannot be told for sure., type: str, sample: null}
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.predict import (
    LISTS,
    predict_from,
    shown_prediction,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.collection_module import (
    CollectionModule,
    unexpected,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError


def main() -> None:
    """Run the module."""
    module = CollectionModule(
        argument_spec={
            "intent": {"type": "dict"},
            "objects": {"type": "dict"},
            **{name: {"type": "list", "elements": "dict", "default": []} for name in LISTS},
            "release": {"type": "str", "default": "4.0"},
            "domain": {"type": "str", "default": "default-domain"},
            "project": {"type": "str", "default": "default-project"},
        },
        mutually_exclusive=[("intent", "objects")],
        supports_check_mode=True,
    )
    try:
        result = shown_prediction(predict_from(module.params))
    except IntentError as error:
        module.fail_json(msg="; ".join(str(each) for each in error.faults))
    except Exception as error:
        module.fail_json(msg=unexpected(error))
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
