#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vmx_info
short_description: Reads routes, BGP, instances, filters, tunnels, configuration and commits of a Juniper vMX or MX
version_added: 1.0.0
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
    description: What to read.
    type: list
    elements: str
    choices: [routes, bgp, instances, filters, tunnels, version, commits, best_routes, configuration,
      candidate, session]
    default: [routes]
  tables:
    description: Routing tables to read, such as V(vn1.inet.0). Left out, it is all of them.
    type: list
    elements: str
  details:
    description:
      - Whether to read routes in detail. Only so RV(route_tables) tells the C(communities) of a route.
    type: bool
    default: false
  filters:
    description:
      - Filters whose counters to tell, by their names in the configuration. Left out, it is all of them, by
        the names that the router shows.
      - A filter that is C(interface-specific), or that stands in an C(input-list), has a name of its own for
        each interface on the router, such as V(edge-ge-0/0/0.0-i) or V(ge-0/0/0.0-i). It is found all the
        same.
    type: list
    elements: str
  destinations:
    description:
      - Prefixes for which V(best_routes) in O(gather) tells the route that the router has for their first
        address.
    type: list
    elements: str
    default: []
  sections:
    description: Sections of the configuration that V(configuration) in O(gather) reads.
    type: list
    elements: str
    default: [interfaces, forwarding-options, routing-options, firewall, routing-instances]
seealso:
  - module: opencontrail.service_chain.vmx_vrf
  - module: opencontrail.service_chain.vmx_peering
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

- name: See whether the control nodes are connected, and whether the filter steers
  opencontrail.service_chain.vmx_info:
    gather: [bgp, filters]
    filters: [ge000_to_dcrouter]
  register: router
  failed_when: router.bgp.peers | rejectattr('established') | length > 0

- name: See whether a change could be made now, and how the router reaches two prefixes
  opencontrail.service_chain.vmx_info:
    gather: [candidate, best_routes]
    destinations: [172.31.9.34/32, 172.31.8.198/32]
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
        next_hops:
          description:
            - All next hops, where a route has several; the keys above are those of the one in use.
            - Each has C(selected), C(next_hop), C(via), C(label) and C(to_table).
          type: list
          elements: dict
          sample: [{selected: true, next_hop: null, via: gr-0/0/0.32771, label: 30, to_table: null}]
        communities:
          description: Communities; always empty without O(details).
          type: list
          elements: str
          sample: ["target:64512:1"]
  sample:
    vn1.inet.0:
      exists: true
      destinations: 1
      hidden: 0
      routes:
        - {prefix: 172.31.9.34/32, protocol: Static, preference: 5, active: true, to_table: inet.0}
bgp:
  description: The BGP peers, and the tables that BGP fills. What the router does not tell is null.
  returned: with C(bgp) in O(gather)
  type: dict
  contains:
    peers:
      description: The peers of all instances.
      type: list
      elements: dict
      contains:
        address: {description: Address of the peer., type: str, sample: 172.31.4.76}
        peer_as: {description: Its autonomous system., type: int, sample: 64512}
        local_as: {description: The router's autonomous system., type: int, sample: 64512}
        local_address: {description: Address of the router's end., type: str, sample: 172.31.10.57}
        group: {description: BGP group., type: str, sample: contrail}
        type: {description: Type of the group., type: str, sample: internal}
        instance: {description: Routing instance., type: str, sample: master}
        state: {description: State of the session., type: str, sample: Established}
        established: {description: Whether the session is up., type: bool, sample: true}
        elapsed: {description: Time since the state changed., type: str, sample: "2w3d 4:05:06"}
        flaps: {description: How often the session went down., type: int, sample: 0}
        last_error: {description: Error that ended it last., type: str, sample: Cease}
        hold_time: {description: Hold time in seconds., type: int, sample: 90}
        families: {description: Address families in use., type: list, elements: str, sample: [inet-vpn-unicast]}
        tables:
          description: What the peer brings into each table.
          type: list
          elements: dict
          sample: [{name: bgp.l3vpn.0, active: 4, received: 4, accepted: 4, suppressed: 0}]
    tables:
      description: The tables that BGP fills.
      type: list
      elements: dict
      sample: [{name: bgp.l3vpn.0, total: 4, active: 4, received: 4, accepted: 4, suppressed: 0}]
filters:
  description:
    - The firewall filters by name. A filter has a counter only where a term says C(count).
    - Of a filter that O(filters) names and that the router counts for each interface, C(counters) are the sums, and
      C(instances) has the C(name) and the C(counters) for each interface.
  returned: with C(filters) in O(gather)
  type: dict
  sample:
    ge000_to_dcrouter:
      exists: true
      counters: [{name: from-pc1, packets: 10, bytes: 840}]
tunnels:
  description: The dynamic tunnels. A network to which no tunnel leads yet has an entry whose C(destination) is null.
  returned: with C(tunnels) in O(gather)
  type: list
  elements: dict
  sample:
    - table: inet.3
      network: 172.31.10.155/32
      destination: 172.31.10.155/32
      state: Up
      references: 4
      encapsulation: gre
      source_address: 172.31.10.57
      via: gr-0/0/0.32769
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
  description:
    - The commit history, newest first; C(pending) while a confirmed commit waits for its confirmation. It is null where
      the newest commit was a confirmed one and the router does not say whether it was confirmed since (older releases).
    - C(token) is that of a commit of this collection, as M(opencontrail.service_chain.vmx_commit) takes it.
  returned: with C(commits) in O(gather)
  type: list
  elements: dict
  sample:
    - {number: 0, user: lab, client: netconf, time: "2026-01-31 12:00:00 UTC", comment: "", log: "", pending: false, token: null}
pending_commit:
  description: The entry of RV(commits) that waits for its confirmation, or may do so; null where there is none.
  returned: with C(commits) in O(gather)
  type: dict
  sample: null
best_routes:
  description:
    - By prefix of O(destinations), the most specific active route of inet.0 or inet6.0 for its first address, in the
      shape of an entry of C(routes) in RV(route_tables); null where there is none.
  returned: with C(best_routes) in O(gather)
  type: dict
  sample:
    172.31.9.34/32: {prefix: 172.31.0.0/20, protocol: Direct, preference: 0, active: true, via: ge-0/0/0.0}
configuration:
  description:
    - The sections O(sections) of the committed configuration in native Junos XML, as written, and effective with
      configuration groups applied. Secrets are masked.
  returned: with C(configuration) in O(gather)
  type: dict
  contains:
    written: {description: The configuration as written., type: str, sample: <configuration/>}
    effective: {description: The same with groups applied., type: str, sample: <configuration/>}
candidate:
  description:
    - Whether somebody works on the configuration. C(state) is C(clean), C(modified) (edits lie uncommitted in the shared
      candidate) or C(locked), with the C(holder) of the lock.
  returned: with C(candidate) in O(gather)
  type: dict
  sample: {state: clean, holder: null}
session:
  description:
    - Where the session with the router comes from; C(source) is null where it goes through a proxy command.
  returned: with C(session) in O(gather)
  type: dict
  sample: {source: 192.0.2.10, port: 830}
requests:
  description: How many requests were sent to the router.
  returned: always
  type: int
  sample: 2
handover:
  description:
    - The result as text that the masking of secrets cannot change, for the modules and filters of this
      collection. See P(opencontrail.service_chain.handed_over#filter).
  returned: when masking, or the escaping of control characters, changes the result
  type: str
  sample: ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/eJyrVkrOSMxLT1WyUkpLzClOBQAolgSu
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.module import info_main


def main() -> None:
    """Run the module."""
    info_main()


if __name__ == "__main__":
    main()
