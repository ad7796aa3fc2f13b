#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: openstack_servers
short_description: Boots service VMs in OpenStack with their ports, and deletes them
version_added: 1.1.0
description:
  - Creates ports in the given order, boots the servers with them, and waits until they run. Ports and servers that are there
    are used as they are; one that does not fit is refused with the cure.
  - Reads and plans first, so nothing is created where something is wrong.
  - Uses the modules of the collection C(openstack.cloud), with the package C(openstacksdk) on the control node.
author:
  - OpenContrail service chain maintainers (@opencontrail)
requirements:
  - openstacksdk
attributes:
  check_mode:
    description: Reads what OpenStack has, and shows what a real run would create or delete.
    support: full
  diff_mode:
    description: Shows what is created or deleted.
    support: full
  idempotent:
    description: A second run changes nothing.
    support: full
options:
  servers:
    description:
      - The servers.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The server's name, by which it is known.
        type: str
        required: true
      image:
        description: Name or id of the image. An existing server keeps its own.
        type: str
        required: true
      flavor:
        description: Name or id of the flavor. An existing server keeps its own.
        type: str
        required: true
      ports:
        description: Its ports in the order of its network cards.
        type: list
        elements: dict
        required: true
        suboptions:
          name:
            description: The port's name.
            type: str
            required: true
          network:
            description: Name or id of the network.
            type: str
            required: true
          address:
            description: Its fixed address; OpenStack chooses when left out.
            type: str
          security_groups:
            description: Names or ids of its security groups. When left out, the project's C(default); an empty list lets
              nothing through.
            type: list
            elements: str
          port_security:
            description: Whether security groups count at all. When left out, as the network says.
            type: bool
      user_data:
        description: What cloud-init gets, instead of what follows from O(servers[].routes).
        type: str
      routes:
        description: Routes that cloud-init sets, C(prefix) and C(via) each.
        type: list
        elements: dict
      forwarding:
        description: Address families that the guest forwards.
        type: list
        elements: str
        choices: [ipv4, ipv6]
      key_name:
        description: Name of a key pair.
        type: str
      availability_zone:
        description: The availability zone.
        type: str
      config_drive:
        description: Whether the server gets its user data from a drive rather than from the metadata service.
        type: bool
  state:
    description:
      - V(absent) deletes the servers, waits until they are gone, and deletes their ports.
    type: str
    choices: [present, absent]
    default: present
  cloud:
    description:
      - The OpenStack, as an entry of a C(clouds.yaml) (a dict with C(auth), C(region_name), C(interface),
        C(validate_certs), C(ca_cert)), or the name of an entry of a C(clouds.yaml) on the control node.
    type: raw
    required: true
  owner:
    description:
      - Written to the metadata C(service_chain.owner) of servers and to the description of ports that are created. With an
        owner only what carries it is deleted.
    type: str
    default: ""
  planned:
    description:
      - Names of networks that check mode may take to be there, because an earlier step of the same run creates them.
    type: list
    elements: str
    default: []
  timeout:
    description:
      - Seconds to wait until the servers run, or are gone.
    type: float
    default: 300
  interval:
    description:
      - Seconds between two reads of the servers.
    type: float
    default: 3
"""

EXAMPLES = r"""
- name: Boot a firewall
  opencontrail.service_chain.openstack_servers:
    cloud: mycloud
    owner: firewall-team
    servers:
      - name: fw-1
        image: debian-12-router
        flavor: m1.small
        ports:
          - {name: fw-1-left, network: vn1, address: 10.0.1.4}
          - {name: fw-1-right, network: vn2, address: 10.0.2.4}
"""

RETURN = r"""
created:
  description: What was created, or in check mode would be.
  returned: success, with state present
  type: list
  elements: str
  sample: [port fw-1-left, port fw-1-right, server fw-1]
deleted:
  description: What was deleted, or in check mode would be.
  returned: success, with state absent
  type: list
  elements: str
  sample: [port fw-1-left, port fw-1-right, server fw-1]
kept:
  description: A line for each thing of these names that somebody else made.
  returned: success, with state absent
  type: list
  elements: str
  sample: [server fw-1 was not made for firewall-team]
"""
