#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_port
short_description: Manage Contrail ports with their addresses and machines
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes ports (virtual machine interfaces), with their addresses (instance-ips)
    and the virtual machine that they belong to.
  - Where Nova and Neutron make the ports of virtual machines, use theirs; this module is for ports that
    nobody else makes.
  - With O(state=absent) the addresses of a port are deleted with it, and so is its virtual machine when
    that has no other port. Addresses that svc-monitor put on a port for a service instance are left to
    svc-monitor.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The ports.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the port.
        type: str
        required: true
      mac:
        description: MAC address of the port. Left out, the server chooses one when the port is made.
        type: str
      interface_type:
        description:
          - Part that the port plays in a service, V(management), V(left), V(right), V(other) or V(otherN).
          - M(opencontrail.service_chain.contrail_service_instance) sets it by itself.
        type: str
      local_preference:
        description:
          - Preference of the routes to this port, where the higher one wins. With two machines of a service
            it makes one of them the active one. Without it Contrail finds out by itself.
        type: int
      allowed_address_pairs:
        description:
          - Addresses beyond its own that the port may use. The list is enforced exactly.
          - Not for ports in a port tuple. On these svc-monitor replaces them by those of the service
            instance's interface, so any others are refused.
        type: list
        elements: dict
        suboptions:
          address:
            description: The address, or a prefix.
            type: str
            required: true
          mac:
            description: MAC address that goes with it. Left out, it is the port's own.
            type: str
          mode:
            description: Whether one port has the address at a time, or all share its traffic.
            type: str
            choices: [active-active, active-standby]
      port_security:
        description: Whether the port may only send from its own addresses.
        type: bool
        aliases: [port_security_enabled]
      disable_policy:
        description: Whether policies do not hold for the port.
        type: bool
      device_owner:
        description: What the port belongs to.
        type: str
      max_flows:
        description: Number of flows that the port may have; V(0) is any number.
        type: int
      vlan:
        description: VLAN of a sub-interface of O(config[].parent_port).
        type: int
      mirror:
        description: Where traffic of the port is copied to. Keys that are left out stay as they are.
        type: dict
        suboptions:
          direction:
            description: Which traffic is copied.
            type: str
            choices: [ingress, egress, both]
          to:
            description: Where it is copied to.
            type: dict
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
      ecmp_hashing:
        description:
          - By which fields of a packet one of several equal paths is chosen. Keys that are left out stay as
            they are.
        type: dict
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
      igmp:
        description: Whether IGMP is spoken.
        type: bool
        aliases: [igmp_enable]
      bindings:
        description:
          - Bindings by key, as V(vnic_type). The given keys are enforced and all others left alone; a key
            whose value is null is deleted.
        type: dict
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
      network:
        description: Virtual network of the port. A new port needs it, and a port cannot leave it.
        type: str
      virtual_machine:
        description: Name of the virtual machine that the port belongs to. It is created if it does not exist.
        type: str
      parent_port:
        description: Port of which this is a sub-interface.
        type: str
      security_groups:
        description:
          - Security groups of the port. They only ever add, unless O(purge_references) has
            V(security_groups).
        type: list
        elements: str
      interface_route_tables:
        description:
          - Interface route tables of the port. They only ever add, unless O(purge_references) has
            V(interface_route_tables).
          - For a port in a port tuple give them in C(sides) of the service instance. svc-monitor detaches all
            others, so they are refused.
        type: list
        elements: str
      health_checks:
        description:
          - Health checks of the port. They only ever add, unless O(purge_references) has V(health_checks).
            Port tuples as with O(config[].interface_route_tables).
        type: list
        elements: str
      qos_config:
        description: QoS configuration.
        type: str
      tags:
        description:
          - Tags of the object, V(TYPE=VALUE) for a global one and V(PROJECT:TYPE=VALUE) for one of a project.
            They only ever add, unless O(purge_references) has V(tags).
        type: list
        elements: str
        aliases: [tag_refs]
      addresses:
        description:
          - Fixed addresses of the port. The list is enforced exactly, and an empty list takes all addresses
            away.
          - Left out, a port without any address gets one that the server chooses.
        type: list
        elements: str
      unset:
        description: Options to clear in this item.
        type: list
        elements: str
seealso:
  - module: opencontrail.service_chain.contrail_service_instance
  - module: opencontrail.service_chain.contrail_vn
"""

EXAMPLES = r"""
- name: The two ports of a service's virtual machine
  opencontrail.service_chain.contrail_port:
    api_url: http://172.31.4.76:8082
    config:
      - {name: 1-to-2-left, network: vn1, addresses: [10.0.1.4], virtual_machine: 1-to-2}
      - {name: 1-to-2-right, network: vn2, addresses: [10.0.2.4], virtual_machine: 1-to-2}

- name: Two ports that share an address, of which one has it at a time
  opencontrail.service_chain.contrail_port:
    api_url: http://172.31.4.76:8082
    config:
      - {name: web1, network: vn1, local_preference: 200, allowed_address_pairs: &shared [{address: 10.0.1.50}]}
      - {name: web2, network: vn1, local_preference: 100, allowed_address_pairs: *shared}

- name: Delete them, their addresses and the virtual machine
  opencontrail.service_chain.contrail_port:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: 1-to-2-left
      - name: 1-to-2-right
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
  sample: {"virtual-machine-interface default-domain:default-project:p1": {"interface_type": null}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"virtual-machine-interface default-domain:default-project:p1": {"interface_type": "left"}}
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import PORT
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(PORT)


if __name__ == "__main__":
    main()
