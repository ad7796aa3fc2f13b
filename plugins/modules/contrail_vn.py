#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_vn
short_description: Manage Contrail virtual networks
version_added: 0.1.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes virtual networks of OpenContrail or Tungsten Fabric, with their subnets,
    route targets and attached policies.
  - All networks of a task are read with one request, compared with what is wanted, and written only where
    they differ.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The virtual networks.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the network.
        type: str
        required: true
      subnets:
        description:
          - The subnets of the network. The list is enforced exactly; what a subnet leaves out is left alone.
          - A subnet that stays keeps its uuid and all else that is stored with it.
        type: list
        elements: dict
        suboptions:
          cidr:
            description: Prefix of the subnet, IPv4 or IPv6.
            type: str
            required: true
          gateway:
            description:
              - Address of the gateway. Left out, the server chooses one when the subnet is made. V(0.0.0.0)
                means none.
              - The gateway of a subnet that exists cannot be changed.
            type: str
          dns_server:
            description:
              - Address under which the subnet's DNS server is seen. Left out, the server chooses one.
            type: str
          enable_dhcp:
            description: Whether addresses are given out by DHCP, which they are if nothing is said.
            type: bool
          allocate_from_start:
            description:
              - Whether addresses are allotted from the start of the subnet instead of from its end, which
                is what happens if nothing is said. The gateway that the server chooses then is the first
                address.
            type: bool
          allocation_pools:
            description:
              - Ranges that addresses are allotted from. Pools can be added to a subnet that exists, but not
                taken away.
            type: list
            elements: dict
            suboptions:
              start:
                description: First address.
                type: str
                required: true
              end:
                description: Last address.
                type: str
                required: true
          host_routes:
            description: Routes that DHCP gives to hosts. The list is enforced exactly.
            type: list
            elements: dict
            suboptions:
              prefix:
                description: Destination of the route.
                type: str
                required: true
              next_hop:
                description: Address of the next hop.
                type: str
                required: true
          ipam:
            description:
              - Name of the network IPAM. A new subnet of which nothing is said goes into
                V(default-domain:default-project:default-network-ipam).
            type: str
      route_targets:
        description:
          - Route targets that the network both imports and exports, as in V(64512:1), V(target:64512:1) or
            V(10.0.0.1:1). The list is enforced exactly, its order means nothing.
          - Numbers that Contrail allots itself, from 8000000 on in its own AS, are refused.
        type: list
        elements: str
        aliases: [route_target_list]
      import_route_targets:
        description: Route targets that the network imports only.
        type: list
        elements: str
        aliases: [import_route_target_list]
      export_route_targets:
        description: Route targets that the network exports only.
        type: list
        elements: str
        aliases: [export_route_target_list]
      allow_transit:
        description:
          - Whether routes of other networks that reached this one through a service are exported again.
        type: bool
      forwarding_mode:
        description: Whether the network bridges, routes, or both.
        type: str
        choices: [l2_l3, l2, l3]
      rpf:
        description: Whether the source of packets is checked against the routes back to it.
        type: str
        choices: [enable, disable]
      vxlan_network_identifier:
        description: VXLAN network identifier, from 1 to 16777215.
        type: int
      shared:
        description: Whether all projects may use the network.
        type: bool
      external:
        description: Whether the network has floating addresses for other networks.
        type: bool
        aliases: [router_external]
      multi_policy_service_chains:
        description:
          - Whether service chains of more than one policy may meet in this network. The server does not
            allow it together with O(config[].route_targets); give O(config[].import_route_targets) and
            O(config[].export_route_targets) that have no route target in common.
        type: bool
        aliases: [multi_policy_service_chains_enabled]
      port_security:
        description: Whether ports check addresses, which they do if nothing is said.
        type: bool
        aliases: [port_security_enabled]
      flood_unknown_unicast:
        description: Whether frames to unknown addresses are flooded.
        type: bool
      policies:
        description:
          - Network policies that are attached to the network. The list adds; with V(policies) in
            O(purge_references) it is exact.
          - M(opencontrail.service_chain.contrail_policy) attaches a policy to several networks at once.
        type: list
        elements: dict
        aliases: [network_policy_refs]
        suboptions:
          name:
            description: Name of the policy.
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
          - Texts by key. The given keys are enforced and all others left alone; a key whose value is null
            is deleted.
        type: dict
      unset:
        description: Options to clear in this item.
        type: list
        elements: str
seealso:
  - module: opencontrail.service_chain.contrail_policy
  - module: opencontrail.service_chain.contrail_info
"""

EXAMPLES = r"""
- name: Two networks whose routes the router takes over by their route targets
  opencontrail.service_chain.contrail_vn:
    api_url: http://172.31.4.76:8082
    config:
      - name: vn1
        subnets:
          - {cidr: 10.0.1.0/24, gateway: 10.0.1.1}
        route_targets: ["64512:1"]
      - name: vn2
        subnets:
          - {cidr: 10.0.2.0/24, gateway: 10.0.2.1}
        route_targets: ["64512:2"]

- name: Take the route targets from a network and its VXLAN identifier, leaving all else
  opencontrail.service_chain.contrail_vn:
    api_url: http://172.31.4.76:8082
    config:
      - name: vn1
        route_targets: []
        unset: [vxlan_network_identifier]

- name: A network of another project, by two API servers and Keystone
  opencontrail.service_chain.contrail_vn:
    api_url: [https://10.0.0.1:8082, https://10.0.0.2:8082]
    auth: keystone
    auth_url: https://10.0.0.3:5000/v3
    username: admin
    password: "{{ keystone_password }}"
    project_name: admin
    ca_file: /etc/ssl/certs/contrail-ca.pem
    project: tenant1
    config:
      - name: hub
        import_route_targets: ["64512:100"]
        export_route_targets: ["64512:101"]
        multi_policy_service_chains: true

- name: Delete networks, but only those that this chain made
  opencontrail.service_chain.contrail_vn:
    api_url: http://172.31.4.76:8082
    state: absent
    owner: vn1-to-vn2
    config:
      - name: vn1
      - name: vn2
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
  sample: {"virtual-network default-domain:default-project:vn1": {"route_targets": []}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"virtual-network default-domain:default-project:vn1": {"route_targets": ["target:64512:1"]}}
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
    VIRTUAL_NETWORK,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import (
    run_config_module,
)


def main() -> None:
    """Run the module."""
    run_config_module(VIRTUAL_NETWORK)


if __name__ == "__main__":
    main()
