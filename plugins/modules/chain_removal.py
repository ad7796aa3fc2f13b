#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: chain_removal
short_description: Look before service chains are removed who else uses what goes
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Finds what of a data model is there to be removed, and who else uses it; networks with ports, policies, service instances
    or BGP of others, services in policies of others, templates with other instances, policies on other networks, and VRFs
    that routes, rib-groups, terms, interfaces or policies of others need. Writes nothing anywhere.
  - Every finding has a code, the path of the value, a message, what happens if it is ignored, and a cure. The page "errors
    and cures" of the documentation lists all of them.
  - Fails where others use what goes, unless that is to be left; then what depends on it is left as well.
  - Finds on request what earlier runs made and the data model no longer has. Only what carries our annotation, or on a router
    our mark, counts.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.info
options:
  intent:
    description:
      - The data model, with the keys C(networks), C(services), C(routers), C(chains) and C(ports); they take
        the values of the variables C(service_chain_networks), C(service_chain_services),
        C(service_chain_routers), C(service_chains) and C(contrail_objects_ports).
    type: dict
    required: true
  routers:
    description:
      - What M(opencontrail.service_chain.vmx_info) returned for each router with V(configuration) in
        O(opencontrail.service_chain.vmx_info#module:gather), by its name in the data model.
      - Of O(opencontrail.service_chain.vmx_info#module:sections) V(interfaces), V(routing-options),
        V(policy-options), V(firewall) and V(routing-instances) are looked at.
      - A router that is left out is not looked at.
    type: dict
    default: {}
  remove:
    description:
      - V(data_model) is all that the data model has had made, V(orphans) what carries our annotation or mark
        and is not in the data model.
      - Orphans are looked for in the projects that the data model names. All sites that share a project and
        O(owner) find each other's objects, so give each an owner of its own.
    type: list
    elements: str
    choices: [data_model, orphans]
    default: [data_model]
  leave_used:
    description: Return what others use in RV(kept) and go on with the rest, instead of failing.
    type: bool
    default: false
  owner:
    description:
      - What the annotation of objects must say for them to be removed. Empty, all objects of the data model
        are.
      - Needed to look for orphans.
    type: str
    default: ""
  domain:
    description: Domain of every name that does not say its own.
    type: str
    default: default-domain
  project:
    description: Project of every name that does not say its own.
    type: str
    default: default-project
seealso:
  - module: opencontrail.service_chain.vmx_info
  - module: opencontrail.service_chain.chain_preflight
"""

EXAMPLES = r"""
- name: See who else uses two networks, and what was left of earlier ones
  opencontrail.service_chain.chain_removal:
    api_url: http://172.31.4.76:8082
    intent:
      networks:
        vn1: {subnets: [{cidr: 10.0.1.0/24}], route_target: "64512:1"}
        vn2: {subnets: [{cidr: 10.0.2.0/24}], route_target: "64512:2"}
    remove: [data_model, orphans]
    leave_used: true
    owner: opencontrail.service_chain
  register: removal

- name: Show what stays, and what nobody needs any more
  ansible.builtin.debug:
    msg: "{{ removal.cautions + removal.orphans }}"
"""

RETURN = r"""
findings:
  description: Everything that was found.
  returned: always
  type: list
  elements: dict
  contains:
    code: {description: Code of what was found., type: str, sample: network-has-ports}
    severity: {description: V(error) or V(warning)., type: str, sample: error}
    where:
      description: Path of the value in the data model, the object, or the place on a router.
      type: str
      sample: service_chain_networks.vn1
    message: {description: What was found., type: str, sample: ports theirs of others are in the network}
    consequence: {description: What happens if nobody acts., type: str}
    cure: {description: What to do., type: str}
errors:
  description: A line for each error; none where the module succeeds.
  returned: always
  type: list
  elements: str
cautions:
  description: A line for each warning.
  returned: always
  type: list
  elements: str
kept:
  description: What is left because others use it, with O(leave_used=true).
  returned: always
  type: list
  elements: str
  sample: ["virtual-network default-domain:default-project:vn1", "vmx1: VRF vn1"]
orphans:
  description: What was left by earlier runs.
  returned: always
  type: list
  elements: str
  sample: ["network-policy default-domain:default-project:old-chain"]
goes:
  description:
    - What of the data model goes; by list (policies, instances, templates, machines, ports, networks, bgp_routers) the places in what the
      module M(opencontrail.service_chain.chain_design) returns, those under C(absent) last.
  returned: always
  type: dict
  sample: {policies: [0], instances: [0], templates: [0], machines: [], ports: [0, 1], networks: [0, 1]}
swept:
  description: The orphans that nobody uses, by list; items of C(config).
  returned: always
  type: dict
routers:
  description:
    - By router C(vrfs), the places of the VRFs of the data model that go, C(swept), those with our mark that go besides, and
      C(replaced), the C(config) of VRFs that are left, without our steering, and C(peerings), the C(config) of
      M(opencontrail.service_chain.vmx_peering) for those with our mark that go.
  returned: always
  type: dict
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 9
kind:
  description: Kind of the objects that could not be read.
  returned: failure, where the server refused the request
  type: str
  sample: virtual-network
status:
  description: HTTP status of the refused request.
  returned: failure, where the server refused the request
  type: int
  sample: 403
verb:
  description: What could not be done.
  returned: failure, where the server refused the request
  type: str
  sample: list
handover:
  description:
    - The result as text that the masking of secrets cannot change, for the modules and filters of this
      collection. See P(opencontrail.service_chain.handed_over#filter).
  returned: when masking, or the escaping of control characters, changes the result
  type: str
  sample: ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/eJyrVkrOSMxLT1WyUkpLzClOBQAolgSu
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.removal import run_removal_module


def main() -> None:
    """Run the module."""
    run_removal_module()


if __name__ == "__main__":
    main()
