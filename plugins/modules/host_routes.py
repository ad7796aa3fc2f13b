#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_routes
short_description: Sets routes and forwarding of a Linux host, now and after each boot
version_added: 1.1.0
description:
  - Reads the host first and changes only what differs. Routes are set with iproute2, and kept in a file of their own for
    what manages the interface. No file, route or setting of anybody else is touched.
  - Planned on the control node. On the host only C(/bin/sh) and Ansible's own modules run.
  - Role P(opencontrail.service_chain.service_endpoints#role) describes what keeps the routes, and what is removed.
author:
  - OpenContrail service chain maintainers (@opencontrail)
attributes:
  check_mode:
    description: Reads the host, and shows what a real run would change.
    support: full
  diff_mode:
    description: Shows the commands, and the files before and after.
    support: full
  idempotent:
    description: A second run changes nothing.
    support: full
options:
  routes:
    description:
      - All routes of the host that carry O(name). One that an earlier run set and that is not here any more is removed.
    type: list
    elements: dict
    default: []
    suboptions:
      prefix:
        description: Destination, an IPv4 or IPv6 prefix.
        type: str
        required: true
      via:
        description: The next hop, a neighbour of the host.
        type: str
        required: true
      dev:
        description: The interface; the host's kernel finds it by the next hop when left out.
        type: str
      state:
        description: V(absent) removes the route if it goes via this next hop.
        type: str
        choices: [present, absent]
        default: present
  forwarding:
    description:
      - Address families that the host forwards.
    type: list
    elements: str
    choices: [ipv4, ipv6]
    default: []
  sources:
    description:
      - Prefixes whose packets arrive by the interface that leads to O(sources[].via), though the host may answer them by
        another one. Where the kernel would drop them (C(rp_filter) is strict) that interface is set to loose.
    type: list
    elements: dict
    default: []
    suboptions:
      prefix:
        description: Source of the packets, an IPv4 or IPv6 prefix.
        type: str
        required: true
      via:
        description: A neighbour of the host on the interface by which the packets arrive.
        type: str
        required: true
      dev:
        description: The interface; the host's kernel finds it by the neighbour when left out.
        type: str
      state:
        description: Whether packets still arrive like this.
        type: str
        choices: [present, absent]
        default: present
  persistence:
    description:
      - What keeps the routes over a reboot. V(auto) takes what manages the interface.
    type: str
    choices: [auto, netplan, systemd-networkd, networkmanager, ifupdown, unit, none]
    default: auto
  name:
    description:
      - Part of the names of the files. Give another one where several plays each have some routes of a host.
    type: str
    default: service-chain
  state:
    description:
      - V(absent) removes all routes, files and settings that carry O(name).
    type: str
    choices: [present, absent]
    default: present
"""

EXAMPLES = r"""
- name: Set the route to the far side
  opencontrail.service_chain.host_routes:
    routes:
      - {prefix: 172.31.8.198/32, via: 172.31.10.57}
  become: true
"""

RETURN = r"""
managers:
  description: What keeps the routes, by interface.
  returned: success
  type: dict
  sample: {eth0: netplan}
notes:
  description: Lines about routes that do not outlive a boot, or that another tool keeps than the one that was to be expected.
  returned: success
  type: list
  elements: str
  sample: ["pc1: the routes of eth0 last until the next boot: systemd does not run"]
"""
