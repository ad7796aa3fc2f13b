#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_vn
short_description: Manage Contrail virtual networks
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes virtual networks of OpenContrail or Tungsten Fabric, with their subnets,
    route targets and attached policies.
  - All networks of a task are read with one request, compared with what is wanted, and written only where
    they differ.
  - The API knows no MTU of a network. Machines get one by DHCP, with the option V(interface-mtu) in
    O(config[].subnets[].dhcp_options).
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
          ipam:
            description:
              - Name of the network IPAM. A new subnet of which nothing is said goes into
                V(default-domain:default-project:default-network-ipam).
            type: str
      flat_ipams:
        description:
          - IPAMs with the method V(flat-subnet) whose subnets the network gets. The list is enforced exactly.
            Such a network has O(config[].forwarding_mode=l3).
        type: list
        elements: str
      address_allocation_mode:
        description:
          - Whether addresses come from the network's own subnets, from those of its flat IPAMs, or rather
            from one of them.
        type: str
        choices: [user-defined-subnet-preferred, user-defined-subnet-only, flat-subnet-preferred,
          flat-subnet-only]
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
      max_flows:
        description: Number of flows that a port of the network may have; V(0) is any number.
        type: int
      mirror_destination:
        description: Whether the network is one to which traffic is mirrored.
        type: bool
      shared:
        description: Whether all projects may use the network.
        type: bool
        aliases: [is_shared]
      external:
        description: Whether the network has floating addresses for other networks.
        type: bool
        aliases: [router_external]
      multi_policy_service_chains:
        description:
          - Whether service chains of more than one policy may meet in this network. The server does not allow
            it together with O(config[].route_targets); give O(config[].import_route_targets) and
            O(config[].export_route_targets) that have no route target in common.
        type: bool
        aliases: [multi_policy_service_chains_enabled]
      ecmp_hashing:
        description:
          - By which fields of a packet one of several equal paths is chosen. Keys that are left out stay as
            they are.
        type: dict
        aliases: [ecmp_hashing_include_fields]
        suboptions:
          configured:
            description: Whether these fields are used instead of the global ones.
            type: bool
          source_ip:
            description: Whether the source address counts.
            type: bool
          destination_ip:
            description: Whether the destination address counts.
            type: bool
          ip_protocol:
            description: Whether the protocol counts.
            type: bool
          source_port:
            description: Whether the source port counts.
            type: bool
          destination_port:
            description: Whether the destination port counts.
            type: bool
      port_security:
        description: Whether ports check addresses, which they do if nothing is said.
        type: bool
        aliases: [port_security_enabled]
      flood_unknown_unicast:
        description: Whether frames to unknown addresses are flooded.
        type: bool
      mac_learning:
        description: Whether MAC addresses are learnt from traffic.
        type: bool
        aliases: [mac_learning_enabled]
      mac_aging_time:
        description: Seconds after which a MAC address is forgotten; V(0) is never.
        type: int
      mac_limit:
        description: How many MAC addresses may be learnt. Keys that are left out stay as they are.
        type: dict
        suboptions:
          limit:
            description: The number of addresses; V(0) is any number.
            type: int
          action:
            description: What happens beyond the limit.
            type: str
            choices: [log, alarm, shutdown, drop]
      mac_move_limit:
        description: How often a MAC address may move. Keys that are left out stay as they are.
        type: dict
        suboptions:
          limit:
            description: The number of moves; V(0) is any number.
            type: int
          window:
            description: Seconds in which moves are counted.
            type: int
          action:
            description: What happens beyond the limit.
            type: str
            choices: [log, alarm, shutdown, drop]
      layer2_control_word:
        description: Whether the control word is used in MPLS.
        type: bool
      igmp:
        description: Whether IGMP is spoken.
        type: bool
        aliases: [igmp_enable]
      fabric_snat:
        description: Whether addresses are translated to that of the compute node on the way to the fabric.
        type: bool
      external_ipam:
        description: Whether something else gives out the addresses.
        type: bool
      pbb_evpn:
        description: Whether PBB-EVPN is used.
        type: bool
        aliases: [pbb_evpn_enable]
      pbb_etree:
        description: Whether PBB-ETREE is used.
        type: bool
        aliases: [pbb_etree_enable]
      category:
        description: What the network is for.
        type: str
        choices: [infra, tenant, internal, routed]
      fat_flows:
        description: Protocols whose flows are merged into one. The list is enforced exactly.
        type: list
        elements: dict
        suboptions:
          protocol:
            description: Name or number of the protocol.
            type: str
            required: true
          port:
            description: Port; V(0) is any.
            type: int
          ignore_address:
            description: The address that does not count.
            type: str
            choices: [none, source, destination]
          source_prefix:
            description: Source addresses that are merged.
            type: str
          source_aggregate_length:
            description: Prefix length to which source addresses are merged.
            type: int
          destination_prefix:
            description: Destination addresses that are merged.
            type: str
          destination_aggregate_length:
            description: Prefix length to which destination addresses are merged.
            type: int
      provider:
        description: The network of the provider that this one stands for. It needs both keys.
        type: dict
        aliases: [provider_properties]
        suboptions:
          physical_network:
            description: Name of the physical network.
            type: str
          segmentation_id:
            description: VLAN of the physical network.
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
      policies:
        description:
          - Policies that the network has. They only ever add, unless O(purge_references) has V(policies). An
            entry is a name, or a dict with its sequence.
        type: list
        elements: raw
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
      routing_policies:
        description:
          - Routing policies that the network has. They only ever add, unless O(purge_references) has
            V(routing_policies). An entry is a name, or a dict with its sequence.
        type: list
        elements: raw
        aliases: [routing_policy_refs]
        suboptions:
          name:
            description: Name of the routing policy.
            type: str
            required: true
          sequence:
            description: Place among the routing policies of the network.
            type: int
      route_tables:
        description:
          - Route tables that the network has. They only ever add, unless O(purge_references) has
            V(route_tables).
        type: list
        elements: str
        aliases: [route_table_refs]
      bgpvpns:
        description:
          - BGP VPNs that the network is in. They only ever add, unless O(purge_references) has V(bgpvpns).
        type: list
        elements: str
        aliases: [bgpvpn_refs]
      qos_config:
        description: QoS configuration.
        type: str
      security_logging_objects:
        description:
          - Security logging objects of the network. They only ever add, unless O(purge_references) has
            V(security_logging_objects).
        type: list
        elements: str
      provider_network:
        description: The network that carries this one without a tunnel, as V(ip-fabric).
        type: str
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
    - What changed objects held before, by kind and name, and only what changes. Null for one that is created.
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import VIRTUAL_NETWORK
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(VIRTUAL_NETWORK)


if __name__ == "__main__":
    main()
