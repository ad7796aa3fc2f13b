#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vmx_peering
short_description: Makes a Juniper vMX or MX a gateway of Contrail with BGP sessions and dynamic tunnels
version_added: 1.0.0
description:
  - Sets the router's identifiers, a BGP group to the control nodes with its address families, the policy that makes the
    router the next hop of what it gives, dynamic GRE or UDP tunnels to the compute and control nodes, and the tunnel
    services of its PICs, in one load and one commit.
  - This is for routers that Contrail's device manager does not own. Where a configuration group of it, such as
    C(__contrail__), brings a BGP group or a dynamic tunnel, the module refuses to add another.
  - What is to change is decided from the committed configuration, without a lock. Where nothing is to change, no lock is
    taken and no commit made. Otherwise it proceeds as M(opencontrail.service_chain.vmx_vrf) does.
author:
  - OpenContrail service chain maintainers (@opencontrail)
extends_documentation_fragment:
  - opencontrail.service_chain.vmx
  - opencontrail.service_chain.vmx_change
  - opencontrail.service_chain.vmx_attributes
attributes:
  check_mode:
    description: Can predict changes without making them. Takes no lock; the difference comes from a private copy of
      the configuration where the router gives one.
    support: full
  diff_mode:
    description: Returns the router's own C(show | compare), or what differs in C(before) and C(after) where check mode
      got none.
    support: full
  idempotent:
    description: A second run changes nothing, takes no lock and makes no commit.
    support: full
options:
  state:
    description:
      - V(merged) adds and changes. It never removes an entry of a list.
      - V(replaced) makes each peering that is named exactly what is given. Statements that this module does
        not model are left alone and returned in RV(unmanaged). O(config[].type), O(config[].multihop),
        O(config[].next_hop_self) and O(config[].tunnels) are left alone where they are left out.
      - V(deleted) removes the BGP groups and tunnels that are named, and a policy of nothing but
        O(config[].next_hop_self) that nothing else uses. Of O(router) it removes what is as given and is
        needed by nothing else.
      - V(rendered) returns the configuration as XML, without a connection.
      - V(gathered) returns the peerings of the router in the shape of O(config) and O(router); all of them,
        or those named in O(config).
    type: str
    choices: [merged, replaced, deleted, rendered, gathered]
    default: merged
  config:
    description: The peerings, one for each Contrail cluster.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the BGP group, and of the dynamic tunnel.
        type: str
        required: true
      mark:
        description:
          - Whether a BGP group or dynamic tunnel that this task makes is marked as ours, with an
            C(apply-macro) that also notes which facts of O(router) were added with it. What stands already
            stays unmarked.
          - With O(state=deleted) only what carries the mark is deleted, and with it the facts that it notes,
            as far as nothing else needs them.
        type: bool
      type:
        description: Type of the BGP group; V(internal) where left out of a new one.
        type: str
        choices: [internal, external]
      description:
        description: Description of the BGP group. An empty text removes it.
        type: str
      multihop:
        description:
          - Lets the sessions of an external group cross other routers.
          - Set by itself where no neighbor of an external group is on a subnet of the router's interfaces,
            for without it such a session does not come up. Where some neighbors are and others are not, these
            others get it. With O(state=merged) that goes for neighbors that the router does not have yet.
          - What the router has stays where this is left out.
        type: dict
        suboptions:
          ttl:
            description: How far packets go, from 1 to 255; Junos takes 64 where it is left out.
            type: int
      local_address:
        description: Address of the router's end of the sessions.
        type: str
      hold_time:
        description: Seconds after which a silent neighbor counts as down; 90 where left out.
        type: int
      families:
        description: Address families to exchange. Needed for a new group.
        type: list
        elements: str
        choices: [inet, inet-vpn, inet6, inet6-vpn, l2vpn, evpn, route-target]
      export_policies:
        description:
          - Policies that choose and change what is given to the neighbors, in order.
          - They must be on the router, but for the first one where O(config[].next_hop_self) is given.
          - Left out together with O(config[].next_hop_self), nothing is said; with it, it is the name of the
            peering and C(-export).
        type: list
        elements: str
      neighbors:
        description: The control nodes.
        type: list
        elements: dict
        suboptions:
          address:
            description: Address of the neighbor.
            type: str
            required: true
          description:
            description: Description of the neighbor.
            type: str
          multihop:
            description: Lets the session with this neighbor cross other routers, see O(config[].multihop).
            type: dict
            suboptions:
              ttl:
                description: How far packets go, from 1 to 255; Junos takes 64 where it is left out.
                type: int
          local_address:
            description: Address of the router's end, where it is another than that of the group.
            type: str
          hold_time:
            description: Hold time in seconds, where it is another than that of the group.
            type: int
          peer_as:
            description:
              - Number of the neighbor's autonomous system. In an internal group that is the router's own.
            type: int
      next_hop_self:
        description:
          - Address families for whose routes the router makes itself the next hop. The first of
            O(config[].export_policies) gets one term for each, and is made where it is missing.
          - Other terms of that policy are left alone; new terms stand before them.
        type: list
        elements: str
        choices: [inet, inet-vpn, inet6, inet6-vpn, evpn]
      tunnels:
        description: The dynamic tunnel of this peering.
        type: dict
        suboptions:
          source_address:
            description:
              - Address of the router's end; O(config[].local_address) where left out of a new tunnel.
            type: str
          encapsulation:
            description:
              - How packets are wrapped; V(gre) where left out of a new tunnel.
              - Steering by a filter together with routes to another table is said not to work over V(udp).
            type: str
            choices: [gre, udp]
          destinations:
            description:
              - Prefixes with the addresses of compute and control nodes; a tunnel is made to each next hop in
                them.
            type: list
            elements: str
  router:
    description:
      - Facts of the whole router. They are added or changed, in every state but V(deleted) and never removed.
    type: dict
    suboptions:
      tunnel_services:
        description: PICs that do tunnels. GRE tunnels need one.
        type: list
        elements: dict
        suboptions:
          fpc:
            description: Slot of the FPC.
            type: int
            required: true
          pic:
            description: Slot of the PIC.
            type: int
            required: true
          bandwidth:
            description: Bandwidth to reserve, such as V(10g).
            type: str
      router_id:
        description: Identifier of the router, an IPv4 address.
        type: str
      route_distinguisher_id:
        description: IPv4 address from which the router makes route distinguishers for VRFs that have none.
        type: str
      autonomous_system:
        description: Number of the router's autonomous system. A new one starts every BGP session anew.
        type: int
      ipv6_tunneling:
        description:
          - Whether IPv6 routes may use MPLS tunnels over IPv4, which C(inet6-vpn) routes over GRE need.
            V(false) turns it off.
        type: bool
seealso:
  - module: opencontrail.service_chain.vmx_vrf
  - module: opencontrail.service_chain.vmx_info
"""

EXAMPLES = r"""
- name: Peer with one control node, and reach one compute node through GRE
  opencontrail.service_chain.vmx_peering:
    router:
      router_id: 172.31.10.57
      route_distinguisher_id: 172.31.10.57
      autonomous_system: 64512
      tunnel_services:
        - {fpc: 0, pic: 0}
    config:
      - name: contrail
        local_address: 172.31.10.57
        hold_time: 90
        families: [inet-vpn, inet6-vpn, evpn, route-target]
        export_policies: [contrail-export]
        next_hop_self: [inet-vpn, inet6-vpn]
        neighbors:
          - {address: 172.31.4.76, peer_as: 64512}
        tunnels:
          destinations: [172.31.10.155/32, 172.31.4.76/32]

- name: Add a compute node
  opencontrail.service_chain.vmx_peering:
    config:
      - name: contrail
        tunnels:
          destinations: [172.31.10.156/32]

- name: Peer with control nodes of another autonomous system that are three routers away
  opencontrail.service_chain.vmx_peering:
    config:
      - name: contrail-remote
        type: external
        local_address: 172.31.10.57
        multihop: {ttl: 4}
        families: [inet-vpn]
        neighbors:
          - {address: 198.51.100.76, peer_as: 64999}

- name: End the peering, and leave the router's identifiers
  opencontrail.service_chain.vmx_peering:
    state: deleted
    config:
      - {name: contrail}
"""

RETURN = r"""
before:
  description: The peerings that the call names, and the facts of the router that it gives, as they were.
  returned: for every state but rendered and gathered
  type: dict
  sample: {config: [], router: {}}
after:
  description: The same as they are, or in check mode would be.
  returned: for every state but rendered and gathered
  type: dict
  sample:
    config:
      - name: contrail
        type: internal
        families: [inet-vpn]
        neighbors: [{address: 172.31.4.76, peer_as: 64512}]
    router: {autonomous_system: 64512}
unmanaged:
  description:
    - By their place, statements inside the groups and tunnels that no option can say, such as a tunnel without a BGP
      group of its name. They were left alone.
    - What is deactivated on the router is there as well; the key of such a statement begins with C(inactive).
    - With state V(gathered), what configuration groups give is there, too; its place begins with C(inherited).
  returned: for states merged, replaced and gathered
  type: dict
  sample: {"protocols bgp group contrail": {"log-updown": ""}}
rendered:
  description: The configuration in native Junos XML.
  returned: for state rendered
  type: str
gathered:
  description: The peerings of the router that are in effect, to be given back as O(config) and O(router).
  returned: for state gathered
  type: dict
  sample: {config: [{name: contrail, type: internal, families: [inet-vpn]}], router: {autonomous_system: 64512}}
commits:
  description: The commit that was made, with its text in the log and the token in it; at most one.
  returned: for every state but rendered and gathered
  type: list
  elements: dict
  sample: [{log: "opencontrail.service_chain.vmx_peering [3f1c0a9b8d7e]", token: 3f1c0a9b8d7e, confirmed: false}]
rpcs:
  description: The requests that were sent to the router, in order.
  returned: for every state but rendered
  type: list
  elements: str
  sample: [get-configuration, get-configuration]
requests:
  description: How many requests were sent.
  returned: for every state but rendered
  type: int
  sample: 2
path:
  description: The place in the module's options that an error is about.
  returned: when an option is at fault
  type: str
  sample: config[0].neighbors[0].peer_as
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.module import peering_main


def main() -> None:
    """Run the module."""
    peering_main()


if __name__ == "__main__":
    main()
