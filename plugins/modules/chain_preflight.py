#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: chain_preflight
short_description: Check service chains against Contrail and routers before anything is written
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Checks the data model by itself, against the live controller, and against routers as
    M(opencontrail.service_chain.vmx_info) has read them. Writes nothing anywhere.
  - Everything that is found has a code, a severity, the path of the value or the place, a message, what happens if it is
    ignored, and a cure. The page "errors and cures" of the documentation lists all of them.
  - Fails where an error was found; warnings are returned.
  - Objects that the run itself makes are planned, not missing. So the checks are the same on an empty controller, on one
    that has everything, and in check mode.
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
      - With C(groups), the inventory's groups, hosts that the data model names must be in them.
    type: dict
    required: true
  routers:
    description:
      - What M(opencontrail.service_chain.vmx_info) returned for each router, by its name in the data model.
      - Needed is V(configuration) in O(opencontrail.service_chain.vmx_info#module:gather). With V(commits),
        V(candidate), V(bgp), V(best_routes) (O(opencontrail.service_chain.vmx_info#module:destinations) being
        the external prefixes) and V(session) as well, everything is checked.
    type: dict
    default: {}
  managers:
    description:
      - Addresses that routers are managed from, which steering must not catch; those that the sessions in
        O(routers) came from need not be given.
    type: list
    elements: str
    default: []
  tolerate:
    description: Codes of errors that are to be warnings here.
    type: list
    elements: str
    default: []
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
  - module: opencontrail.service_chain.chain_design
"""

EXAMPLES = r"""
- name: Check two networks and a chain between them
  opencontrail.service_chain.chain_preflight:
    api_url: http://172.31.4.76:8082
    intent:
      networks:
        vn1: {subnets: [{cidr: 10.0.1.0/24}], route_target: "64512:1"}
        vn2: {subnets: [{cidr: 10.0.2.0/24}], route_target: "64512:2"}
      services:
        fw: {mode: in-network, members: [{left: fw-left, right: fw-right}]}
      chains:
        vn1-to-vn2:
          left: {network: vn1}
          right: {network: vn2}
          services: [fw]
      ports:
        - {name: fw-left, network: vn1, addresses: [10.0.1.4]}
        - {name: fw-right, network: vn2, addresses: [10.0.2.4]}
  register: preflight

- name: Show what deserves attention
  ansible.builtin.debug:
    msg: "{{ preflight.cautions }}"
"""

RETURN = r"""
findings:
  description: Everything that was found, errors first.
  returned: always
  type: list
  elements: dict
  contains:
    code: {description: Code of what was found., type: str, sample: route-target-in-use}
    severity: {description: V(error) or V(warning)., type: str, sample: warning}
    where:
      description: Path of the value in the data model.
      type: str
      sample: service_chain_networks.vn1.route_target
    message: {description: What was found., type: str, sample: "64512:1 is used by other as well"}
    consequence: {description: What happens if nobody acts., type: str}
    cure: {description: What to do., type: str, sample: choose a route target that nobody else uses}
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
summary:
  description: A line for each chain.
  returned: always
  type: list
  elements: str
  sample: ["service_chains.vn1-to-vn2: vn1 <-> [fw] <-> vn2"]
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
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.preflight import run_preflight_module


def main() -> None:
    """Run the module."""
    run_preflight_module()


if __name__ == "__main__":
    main()
