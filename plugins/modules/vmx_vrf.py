#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vmx_vrf
short_description: Configures VRFs and the filters that steer traffic into them on a Juniper vMX or MX
version_added: 1.0.0
description:
  - Configures routing instances of type vrf with their route targets and static routes, the terms of a firewall filter that
    send traffic of an interface into them, and the binding of that filter. All of one call is loaded at once and goes into
    one commit.
  - Steering terms belong to the VRF that they feed (O(config[].steering)). Over all VRFs of a call the terms of a filter
    are ordered by priority, then by name, and stand before the filter's tail. Terms of other VRFs, and terms that steer
    nowhere, keep their content and their order.
  - What is to change is decided from the committed configuration, without a lock. Where nothing is to change, no lock is
    taken and no commit made. Otherwise the configuration is locked, loaded, compared, checked, committed and unlocked.
    Uncommitted changes of somebody else, and a confirmed commit that is pending, stop the module before it writes.
  - Configuration that comes from a configuration group, such as C(__contrail__) of Contrail's device manager, is
    read and respected, and never written.
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
      - V(replaced) makes each VRF that is named exactly what is given. Statements that this module does not
        model are left alone and returned in RV(unmanaged). O(config[].route_distinguisher), O(config[].mark)
        and O(config[].steering) are left alone where they are left out.
      - V(overridden) is V(replaced), and removes the VRFs that carry our mark (O(config[].mark)) and are not
        named.
      - V(deleted) removes the VRFs that are named with every term that feeds them. A filter that is named in
        O(filters) goes with its binding when only its tail is left. One that is not named and is in use stays
        when its last steering term goes, with a term C(discard) that goes on to discard what it discarded.
      - V(rendered) returns the configuration as XML, without a connection.
      - V(gathered) returns the VRFs of the router in the shape of O(config) and O(filters); all of them, or
        those named in O(config). Given back with V(merged), it changes nothing.
    type: str
    choices: [merged, replaced, overridden, deleted, rendered, gathered]
    default: merged
  config:
    description:
      - The VRFs. Needed for every state but V(gathered), and not with O(roll_back_steering); with
        V(overridden) it may be empty.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the routing instance.
          - At most 128 characters; not V(default), V(master), V(all), nor anything in double underscores.
        type: str
        required: true
      description:
        description: Description of the routing instance. An empty text removes it.
        type: str
      mark:
        description:
          - Whether the VRF carries the mark (an C(apply-macro)) by which O(state=overridden) knows it as
            ours.
        type: bool
      interfaces:
        description: Logical interfaces in the VRF, such as V(lo0.3).
        type: list
        elements: str
      route_distinguisher:
        description:
          - Route distinguisher, such as V(172.31.10.57:3).
          - Needed where the router has no C(routing-options route-distinguisher-id). A new one flaps every
            route of the VRF. An empty text removes it.
        type: str
      import_policies:
        description:
          - Policies that choose the routes to take, in order. They are not made by this module.
          - A VRF has a route target, or one for each direction, or policies; these do not mix.
        type: list
        elements: str
      export_policies:
        description: Policies that mark the routes to give, in order. They are not made by this module.
        type: list
        elements: str
      route_target:
        description:
          - Route target for both directions, such as V(64512:1); V(target:64512:1) is the same.
          - A four-byte AS number gets the suffix C(L) that Junos wants, with or without which it may be
            given.
        type: str
      import_route_targets:
        description:
          - Route target of the routes to take. C(vrf-target) takes one; use O(config[].import_policies) for
            several.
        type: list
        elements: str
      export_route_targets:
        description:
          - Route target for the routes to give. C(vrf-target) takes one; use O(config[].export_policies) for
            several.
        type: list
        elements: str
      table_label:
        description:
          - Whether the VRF has one MPLS label for its whole table (C(vrf-table-label)). A VRF without
            interfaces needs it to be reached.
          - Where V(false) is given and the statement holds others that this module does not model, it stays,
            with a warning.
        type: bool
        default: true
      static_routes:
        description:
          - Static routes of the VRF. Each needs one of O(config[].static_routes[].next_table),
            O(config[].static_routes[].next_hop) and O(config[].static_routes[].discard).
          - Next tables that lead back to where they started are refused.
        type: list
        elements: dict
        suboptions:
          prefix:
            description: Destination, such as V(172.31.9.34/32); IPv6 as well.
            type: str
            required: true
          next_table:
            description: Table in which to look on, such as V(inet.0).
            type: str
          next_hop:
            description:
              - Next hops, each an address or the logical interface of a point-to-point link, such as
                V(gr-0/0/0.1).
            type: list
            elements: str
          discard:
            description: Whether to drop the traffic silently.
            type: bool
          preference:
            description: Preference of the route; 5 where left out.
            type: int
      auto_export:
        description: Address families for which routes leak between the VRFs of this router.
        type: list
        elements: str
        choices: [inet, inet6]
      steering:
        description:
          - Terms that send traffic into this VRF.
          - With O(state=replaced) and O(state=overridden) every other term that feeds the VRF is removed;
            V([]) removes all, leaving the option out leaves them alone.
        type: list
        elements: dict
        suboptions:
          filter:
            description:
              - Filter in which the term stands. One that the router does not have must be named in
                O(filters).
            type: str
            required: true
          family:
            description: Address family of the filter.
            type: str
            choices: [inet, inet6]
            default: inet
          name:
            description: Name of the term, at most 64 characters.
            type: str
            required: true
          priority:
            description:
              - Place among the terms of this call in the same filter; the lowest comes first, the same by
                name.
              - Terms of VRFs that a call does not name keep their place.
            type: int
            default: 100
          source:
            description: Source prefixes.
            type: list
            elements: str
          source_except:
            description: Source prefixes to leave out of O(config[].steering[].source).
            type: list
            elements: str
          destination:
            description: Destination prefixes.
            type: list
            elements: str
          destination_except:
            description: Destination prefixes to leave out of O(config[].steering[].destination).
            type: list
            elements: str
          protocol:
            description: IP protocols by name, by number, or ranges of numbers, such as V(50-51).
            type: list
            elements: str
          source_ports:
            description: Source ports and ranges of them, such as V(80) or V(1024-65535).
            type: list
            elements: str
          destination_ports:
            description: Destination ports and ranges of them.
            type: list
            elements: str
          dscp:
            description:
              - Values of the DSCP (of the traffic class in family inet6), such as V(ef), V(af31), V(46) or
                V(0x2e).
            type: list
            elements: str
          counter:
            description: Name of a counter for the packets of this term. An empty text removes it.
            type: str
  keep_existing_steering:
    description:
      - Whether every steering term stays as the router has it. Terms in O(config[].steering) that the router
        does not have are not added, those that differ are not changed, and O(filters) are left alone.
      - Terms that are to go still go, with O(state=replaced) and O(state=overridden).
      - Use it to configure VRFs before traffic is sent into them; a second task without it adds the steering.
    type: bool
    default: false
    version_added: 1.1.0
  keep_existing_terms:
    description:
      - The same for these terms of O(config[].steering) only, for services that do not work yet; all others
        are configured. A term that the router has gets its place among them.
    type: list
    elements: dict
    version_added: 1.1.0
    suboptions:
      filter:
        description: Filter in which the term stands.
        type: str
        required: true
      family:
        description: Address family of the filter.
        type: str
        choices: [inet, inet6]
        default: inet
      name:
        description: Name of the term.
        type: str
        required: true
  roll_back_steering:
    description:
      - Take out again the steering terms that an earlier task of this module added. VRFs, routes, filters,
        and terms that were there before stay.
      - A term that feeds another VRF by now stays, too. Where that task added nothing the router is not
        asked.
      - This is a task of its own, without O(config), O(filters) and O(state).
    type: dict
    version_added: 1.1.0
    suboptions:
      change:
        description: Result of the earlier task, as it was registered.
        type: dict
        required: true
      terms:
        description:
          - Of the terms that the earlier task added, only these go. Left out, all of them go, and terms that
            it changed or removed in the same VRFs are as before.
        type: list
        elements: dict
        suboptions:
          filter:
            description: Filter in which the term stands.
            type: str
            required: true
          family:
            description: Address family of the filter.
            type: str
            choices: [inet, inet6]
            default: inet
          name:
            description: Name of the term.
            type: str
            required: true
  planned:
    description:
      - What an earlier step of the same run gives the router before this one. It counts in check mode, where
        that step has given nothing.
    type: dict
    suboptions:
      route_distinguisher_id:
        description:
          - Address from which the router will make route distinguishers, so that VRFs need none of their own.
        type: str
  filters:
    description: The filters themselves, what they are bound to and how they end.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the filter, at most 64 characters.
        type: str
        required: true
      family:
        description: Address family of the filter.
        type: str
        choices: [inet, inet6]
        default: inet
      interfaces:
        description:
          - Logical interfaces whose input the filter is bound to, such as V(ge-0/0/0.0). They and their
            address family must exist.
          - An interface with a filter list gets the filter added; one with another input filter is refused,
            and so are two filters of one task for an interface without a list.
          - With O(state=deleted) the filter is taken off these; left out, off all.
        type: list
        elements: str
      default:
        description:
          - V(accept) says that the filter ends in a tail of ours that accepts the rest, which is made where
            it is missing.
          - Left out, a filter that is made here gets that tail as well; in a filter that exists no tail is
            made, judged or removed.
        type: str
        choices: [accept]
      default_term:
        description: Name of the tail.
        type: str
        default: default
      before:
        description:
          - Term of a filter that is not ours before which the steering terms go. Left out, that is the first
            term that matches everything.
        type: str
seealso:
  - module: opencontrail.service_chain.vmx_commit
  - module: opencontrail.service_chain.vmx_info
"""

EXAMPLES = r"""
- name: Two VRFs, and a filter that sends each host's traffic into its own
  opencontrail.service_chain.vmx_vrf:
    config:
      - name: vn1
        route_target: "64512:1"
        static_routes:
          - {prefix: 172.31.9.34/32, next_table: inet.0}
        auto_export: [inet]
        steering:
          - {filter: ge000_to_dcrouter, name: t1, source: [172.31.9.34/32]}
      - name: vn2
        route_target: "64512:2"
        static_routes:
          - {prefix: 172.31.8.198/32, next_table: inet.0}
        auto_export: [inet]
        steering:
          - {filter: ge000_to_dcrouter, name: t11, source: [172.31.8.198/32]}
    filters:
      - {name: ge000_to_dcrouter, interfaces: [ge-0/0/0.0], default: accept, default_term: t2}

- name: A change that the router takes back by itself, unless BGP still stands afterwards
  opencontrail.service_chain.vmx_vrf:
    config:
      - {name: vn1, description: left side}
    commit:
      comment: change 4711
      confirmed: 5
      checks:
        bgp_established: [172.31.4.76]

- name: Take the steering out, leave the VRF
  opencontrail.service_chain.vmx_vrf:
    state: replaced
    config:
      - name: vn1
        route_target: "64512:1"
        static_routes:
          - {prefix: 172.31.9.34/32, next_table: inet.0}
        auto_export: [inet]
        steering: []

- name: Configure a VRF before the service behind it works, without sending traffic into it
  opencontrail.service_chain.vmx_vrf:
    keep_existing_steering: true
    config: &vrfs
      - name: vn1
        route_target: "64512:1"
        steering:
          - {filter: ge000_to_dcrouter, name: t1, source: [172.31.9.34/32]}
          - {filter: ge000_to_dcrouter, name: t3, source: [172.31.9.35/32]}
    filters: &filters
      - {name: ge000_to_dcrouter, interfaces: [ge-0/0/0.0], default: accept, default_term: t2}

- name: Send traffic into it, but for that of a service that does not work
  opencontrail.service_chain.vmx_vrf:
    config: *vrfs
    filters: *filters
    keep_existing_terms:
      - {filter: ge000_to_dcrouter, name: t3}
  register: steered

- name: Roll back the steering that the task before added
  opencontrail.service_chain.vmx_vrf:
    roll_back_steering:
      change: "{{ steered }}"

- name: See what that configuration is, without a router
  opencontrail.service_chain.vmx_vrf:
    state: rendered
    config:
      - {name: vn1, route_target: "64512:1"}
  register: configuration

- name: Remove the VRFs, their terms, and the filter when nobody else uses it
  opencontrail.service_chain.vmx_vrf:
    state: deleted
    config:
      - {name: vn1}
      - {name: vn2}
    filters:
      - {name: ge000_to_dcrouter, default_term: t2}
"""

RETURN = r"""
before:
  description: The VRFs and filters that the call names, or removes, as they were; filters with the order of their terms.
  returned: for every state but rendered and gathered
  type: dict
  sample: {config: [], filters: []}
after:
  description: The same as they are, or in check mode would be.
  returned: for every state but rendered and gathered
  type: dict
  sample: {config: [{name: vn1, route_target: "64512:1", table_label: true}], filters: []}
unmanaged:
  description:
    - By their place, statements inside the VRFs and the terms that feed them that no option can say, such as a term whose
      only condition is a prefix list. They were left alone.
    - What is deactivated on the router is there as well; the key of such a statement begins with C(inactive).
    - With state V(gathered), what configuration groups give is there, too; its place begins with C(inherited).
  returned: for states merged, replaced, overridden and gathered
  type: dict
  sample: {"routing-instances vn1": {"protocols": {"ospf": ""}}}
rendered:
  description: The configuration in native Junos XML.
  returned: for state rendered
  type: str
gathered:
  description: The VRFs and filters of the router that are in effect, to be given back as O(config) and O(filters).
  returned: for state gathered
  type: dict
  sample: {config: [{name: vn1, route_target: "64512:1", table_label: true}], filters: []}
commits:
  description: The commit that was made, with its text in the log and the token in it; at most one. V(confirmed) says
    whether it was a confirmed commit and has been confirmed, V(pending) whether it still waits for that.
  returned: for every state but rendered and gathered
  type: list
  elements: dict
  sample:
    - log: opencontrail.service_chain.vmx_vrf [3f1c0a9b-8d7e1f00]
      token: 3f1c0a9b-8d7e1f00
      confirmed: false
      pending: false
rpcs:
  description: The requests that were sent to the router, in order.
  returned: for every state but rendered
  type: list
  elements: str
  sample: [get-commit-information, get-configuration, get-configuration]
requests:
  description: How many requests were sent.
  returned: for every state but rendered
  type: int
  sample: 3
path:
  description: The place in the module's options that an error is about.
  returned: when an option is at fault
  type: str
  sample: config[0].steering[1].source[0]
handover:
  description:
    - The result as text that the masking of secrets cannot change, for the modules and filters of this
      collection. See P(opencontrail.service_chain.handed_over#filter).
  returned: when masking, or the escaping of control characters, changes the result
  type: str
  sample: ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/eJyrVkrOSMxLT1WyUkpLzClOBQAolgSu
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.module import vrf_main


def main() -> None:
    """Run the module."""
    vrf_main()


if __name__ == "__main__":
    main()
