#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vmx_info
short_description: Reads routing tables, instances, version and commit history of a Juniper vMX or MX
version_added: 0.1.0
description:
  - Returns what the router knows as data with fixed keys and types. Nothing is changed and nothing locked.
author:
  - OpenContrail service chain maintainers (@opencontrail)
extends_documentation_fragment:
  - opencontrail.service_chain.vmx
  - opencontrail.service_chain.vmx_attributes
attributes:
  check_mode:
    description: Changes nothing in either mode.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: N/A
  idempotent:
    description: Changes nothing.
    support: N/A
options:
  gather:
    description:
      - What to read.
    type: list
    elements: str
    choices: [routes, instances, version, commits]
    default: [routes]
  tables:
    description:
      - Routing tables to read, such as V(vn1.inet.0). Left out, it is all of them.
    type: list
    elements: str
seealso:
  - module: opencontrail.service_chain.vmx_vrf
"""

EXAMPLES = r"""
- name: Read the tables of two VRFs
  opencontrail.service_chain.vmx_info:
    tables: [vn1.inet.0, vn2.inet.0]
  register: router

- name: Show where the first one leads
  ansible.builtin.debug:
    msg: "{{ item.prefix }} {{ item.protocol }} {{ item.label | default('-', true) }}"
  loop: "{{ router.route_tables['vn1.inet.0'].routes }}"
  loop_control:
    label: "{{ item.prefix }}"

- name: Read the version and the commit history
  opencontrail.service_chain.vmx_info:
    gather: [version, commits]
"""

RETURN = r"""
route_tables:
  description: The routing tables by name.
  returned: with C(routes) in O(gather)
  type: dict
  contains:
    exists:
      description: Whether the router has the table.
      type: bool
      sample: true
    destinations:
      description: How many destinations it has.
      type: int
      sample: 4
    hidden:
      description: How many routes are hidden, for instance because their next hop does not resolve.
      type: int
      sample: 0
    routes:
      description: The routes, one for each that a destination has. What does not apply is null.
      type: list
      elements: dict
      contains:
        prefix: {description: Destination; in bgp.l3vpn.0 with its route distinguisher., type: str, sample: 10.0.1.3/32}
        protocol: {description: Protocol that gave it., type: str, sample: BGP}
        preference: {description: Preference., type: int, sample: 170}
        active: {description: Whether it is the one in use., type: bool, sample: true}
        med: {description: Metric., type: int, sample: 100}
        local_preference: {description: Local preference., type: int, sample: 200}
        label: {description: MPLS label that is pushed., type: int, sample: 30}
        learned_from: {description: Peer that sent it., type: str, sample: 172.31.4.76}
        as_path: {description: AS path., type: str, sample: "?"}
        via: {description: Interface to the next hop., type: str, sample: gr-0/0/0.32771}
        to_table: {description: Table that a static route leads to., type: str, sample: inet.0}
        next_hop: {description: Address of the next hop., type: str, sample: 172.31.10.155}
  sample:
    vn1.inet.0:
      exists: true
      destinations: 1
      hidden: 0
      routes:
        - {prefix: 172.31.9.34/32, protocol: Static, preference: 5, active: true, to_table: inet.0}
instances:
  description: The routing instances with their tables and the counts of routes in each.
  returned: with C(instances) in O(gather)
  type: list
  elements: dict
  sample: [{name: vn1, type: vrf, tables: [{name: vn1.inet.0, active: 4, holddown: 0, hidden: 0}]}]
version:
  description: Host name, model and Junos version.
  returned: with C(version) in O(gather)
  type: dict
  sample: {host_name: vmx1, model: vmx, version: 17.2R1.13}
commits:
  description: The commit history, newest first; C(pending) while a confirmed commit waits for its confirmation.
  returned: with C(commits) in O(gather)
  type: list
  elements: dict
  sample:
    - {number: 0, user: lab, client: netconf, time: "2026-01-31 12:00:00 UTC", comment: "", log: "", pending: false}
requests:
  description: How many requests were sent to the router.
  returned: always
  type: int
  sample: 2
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.module import info_main


def main() -> None:
    """Run the module."""
    info_main()


if __name__ == "__main__":
    main()
