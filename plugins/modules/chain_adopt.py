#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: chain_adopt
short_description: Describe service chains that stand already by the data model
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Reads the policies of a project that apply services, with everything that they name, takes what
    M(opencontrail.service_chain.vmx_info) has read of routers, and returns the variables that describe these chains.
    Writes nothing anywhere.
  - What the data model cannot say is left out. It is then left alone by the site, and nothing is added beside it.
  - The variables have passed the data model's checks, the checks before a run, and the planning of the modules. Whatever
    was left out, would be refused or would be changed is a line in RV(adopted.remarks), with its place and the reason.
    Without such lines the site would change nothing.
  - The playbook C(adopt) writes what is returned into a file.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.info
options:
  routers:
    description:
      - What M(opencontrail.service_chain.vmx_info) returned for each router, by its name in the inventory.
      - Needed is V(configuration) in O(opencontrail.service_chain.vmx_info#module:gather). With V(commits),
        V(candidate) and V(bgp) as well, more is checked.
    type: dict
    default: {}
  policies:
    description: Names of the policies whose chains are meant; when empty, all that apply services.
    type: list
    elements: str
    default: []
  domain:
    description: Domain of every name that does not say its own.
    type: str
    default: default-domain
  project:
    description: Project whose policies are read; what they name in other projects is only referred to.
    type: str
    default: default-project
seealso:
  - module: opencontrail.service_chain.chain_preflight
  - plugin: opencontrail.service_chain.adopted_file
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Describe all chains of the project as they stand in Contrail
  opencontrail.service_chain.chain_adopt:
    api_url: http://172.31.4.76:8082
  register: service_chain_found

- name: Show what the data model cannot say, and what the site would change
  ansible.builtin.debug:
    msg: "{{ service_chain_found.adopted.remarks }}"

- name: Read a router
  opencontrail.service_chain.vmx_info:
    gather: [configuration, commits, candidate, bgp, session]
  delegate_to: vmx1
  register: service_chain_router_facts

- name: Describe them with what is behind that router
  opencontrail.service_chain.chain_adopt:
    api_url: http://172.31.4.76:8082
    routers:
      vmx1: "{{ service_chain_router_facts }}"
"""

RETURN = r"""
adopted:
  description: The variables of the data model, and what is to be said about them.
  returned: success
  type: dict
  contains:
    service_chain_networks:
      description: The networks, by name.
      type: dict
      returned: always
    service_chain_services:
      description: The services, by name.
      type: dict
      returned: always
    service_chain_routers:
      description: The routers that the chains have something behind, by their name in the inventory.
      type: dict
      returned: always
    service_chains:
      description: The chains, by the name of their policy.
      type: dict
      returned: always
    remarks:
      description: A line for each thing that was left out, would be refused, or would be changed.
      type: list
      elements: str
      returned: always
handover:
  description:
    - The result as text that the masking of secrets cannot change, for the modules and filters of this
      collection. See P(opencontrail.service_chain.handed_over#filter).
  returned: when masking, or the escaping of control characters, changes the result
  type: str
  sample: ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/eJyrVkrOSMxLT1WyUkpLzClOBQAolgSu
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 14
kind:
  description: Kind of the objects that could not be read.
  returned: failure, where the server refused the request
  type: str
  sample: network-policy
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.adoption import run_adopt_module


def main() -> None:
    """Run the module."""
    run_adopt_module()


if __name__ == "__main__":
    main()
