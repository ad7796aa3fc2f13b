#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_ipam
short_description: Manage Contrail IPAMs
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes network IPAMs, which say how the networks that use them get addresses and DNS.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The IPAMs.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the IPAM.
        type: str
        required: true
      subnet_method:
        description:
          - Whether networks bring their own subnets, all networks share those of the IPAM, or the server
            gives out subnets. It cannot be changed later.
        type: str
        choices: [user-defined-subnet, flat-subnet, auto-subnet]
      subnets:
        description:
          - The IPAM's own subnets, for V(flat-subnet) and V(auto-subnet). The list is enforced exactly;
            subnets that stay keep what the server gave them.
        type: list
        elements: dict
        suboptions:
          cidr:
            description: Prefix of the subnet, IPv4 or IPv6. Host bits are cut.
            type: str
            required: true
          name:
            description: Name of the subnet.
            type: str
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
          dns_nameservers:
            description: DNS servers that DHCP gives out, in order.
            type: list
            elements: str
          enable_dhcp:
            description: Whether addresses are given out by DHCP, which they are if nothing is said.
            type: bool
          dhcp_options:
            description: Options that DHCP gives out. The list is enforced exactly.
            type: list
            elements: dict
            suboptions:
              name:
                description: Name or number of the option, as V(interface-mtu) or V(26).
                type: str
                required: true
              value:
                description: Value as text.
                type: str
              value_bytes:
                description: Value as numbers of bytes, separated by blanks.
                type: str
          dhcp_relay_servers:
            description: Servers to which DHCP is relayed.
            type: list
            elements: str
          allocate_from_start:
            description:
              - Whether addresses are allotted from the start of the subnet instead of from its end, which is
                what happens if nothing is said. The gateway that the server chooses then is the first
                address.
            type: bool
          allocation_unit:
            description: Number of addresses that are given out together.
            type: int
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
              vrouter_specific:
                description: Whether each vRouter has a pool of its own in it.
                type: bool
          host_routes:
            description: Routes that DHCP gives out. The list is enforced exactly.
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
          vlan_tag:
            description: VLAN of the subnet.
            type: int
      subnetting:
        description: Whether subnets are given out of the IPAM's own.
        type: bool
      dns_method:
        description: Who answers the DNS queries of machines.
        type: str
        choices: [none, default-dns-server, tenant-dns-server, virtual-dns-server]
      dns_servers:
        description: DNS servers in order, for V(tenant-dns-server).
        type: list
        elements: str
      virtual_dns:
        description: Virtual DNS server, as V(NAME) or V(DOMAIN:NAME), for V(virtual-dns-server).
        type: str
      dhcp_options:
        description: Options that DHCP gives out. The list is enforced exactly.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name or number of the option, as V(interface-mtu) or V(26).
            type: str
            required: true
          value:
            description: Value as text.
            type: str
          value_bytes:
            description: Value as numbers of bytes, separated by blanks.
            type: str
      host_routes:
        description: Routes that DHCP gives out. The list is enforced exactly.
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
      unset:
        description: Options to clear in this item.
        type: list
        elements: str
seealso:
  - module: opencontrail.service_chain.contrail_vn
"""

EXAMPLES = r"""
- name: An IPAM whose networks ask servers of their own
  opencontrail.service_chain.contrail_ipam:
    api_url: http://172.31.4.76:8082
    config:
      - name: ipam1
        dns_method: tenant-dns-server
        dns_servers: [10.0.0.53, 10.0.0.54]
        dhcp_options:
          - {name: domain-name, value: example.org}

- name: One subnet for many networks
  opencontrail.service_chain.contrail_ipam:
    api_url: http://172.31.4.76:8082
    config:
      - name: shared-addresses
        subnet_method: flat-subnet
        subnets:
          - cidr: 172.16.0.0/16

- name: Delete the IPAM
  opencontrail.service_chain.contrail_ipam:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: ipam1
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
      sample: network-ipam
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-domain:default-project:ipam1
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
  sample: {"network-ipam default-domain:default-project:ipam1": {"description": "old"}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"network-ipam default-domain:default-project:ipam1": {"description": "new"}}
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 3
kind:
  description: Kind of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: network-ipam
fq_name:
  description: Full name of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: default-domain:default-project:ipam1
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import NETWORK_IPAM
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(NETWORK_IPAM)


if __name__ == "__main__":
    main()
