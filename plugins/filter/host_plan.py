# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``host_plan``: what is to be done on a host for its routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.plan import host_plan

DOCUMENTATION = r"""
name: host_plan
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Plan the routes and the forwarding of a Linux host
description:
  - Compares a host, as the script C(look.sh) of role C(service_endpoints) has seen it, with the routes it should have,
    and returns what is to be done so that it has them, now and after each boot.
  - Connects nowhere and changes nothing.
positional: _input, routes
options:
  _input:
    description: What the script printed. It must have been given O(name) and the next hops of the routes.
    type: str
    required: true
  routes:
    description: Routes with C(prefix), C(via), and if need be C(dev) and C(state) (C(present) or C(absent)).
    type: list
    elements: dict
    required: true
  host:
    description: How messages call the host.
    type: str
    required: true
  name:
    description: Part of the names of the files.
    type: str
    default: service-chain
  state:
    description: V(absent) plans the removal of all routes.
    type: str
    choices: [present, absent]
    default: present
  persistence:
    description: What keeps the routes over a reboot.
    type: str
    choices: [auto, netplan, systemd-networkd, networkmanager, ifupdown, unit, none]
    default: auto
  forwarding:
    description: Address families that the host is to forward, V(ipv4) and V(ipv6).
    type: list
    elements: str
    default: []
  sources:
    description:
      - Prefixes, with C(prefix) and C(via), whose packets arrive by the interface that leads to C(via), though the host
        may answer them by another one. Where the kernel checks sources strictly, that interface is set to loose.
      - What the script printed must have been asked for P(opencontrail.service_chain.next_hops#filter) of these, too.
    type: list
    elements: dict
    default: []
    version_added: 1.1.0
seealso:
  - plugin: opencontrail.service_chain.next_hops
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what keeps the routes of each interface
  ansible.builtin.debug:
    msg: "{{ (seen.stdout | opencontrail.service_chain.host_plan(routes, host=inventory_hostname)).managers }}"
  vars:
    routes:
      - {prefix: 172.31.8.198/32, via: 172.31.10.57}
"""

RETURN = r"""
_value:
  description:
    - C(problems) are lines that say why nothing can be done; then all else is empty. C(notes) are lines to show.
    - C(commands) are to be run first, C(afterwards) when the C(files) stand and those of C(gone) do not. Each has
      C(argv) and C(says). C(directories) must be there for the files.
    - C(managers) tells by interface what keeps its routes.
  type: dict
"""


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"host_plan": host_plan}
