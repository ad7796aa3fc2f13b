# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``adopted``: the data model of service chains that stand already."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.adoption import adopt

DOCUMENTATION = r"""
name: adopted
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Write the data model of service chains that stand already
description:
  - Takes what was read of Contrail and of the routers, and returns the variables that describe the service chains
    in it, whoever made them.
  - The playbook C(adopt) reads, writes the variables into a file, and tells what the site would change.
positional: _input, routers
options:
  _input:
    description:
      - Lists of objects as M(opencontrail.service_chain.contrail_info) returns them.
      - C(networks), C(templates), C(instances) and C(policies) are read with
        O(opencontrail.service_chain.contrail_info#module:as_config), C(ports) with their references to port tuples.
    type: dict
    required: true
  routers:
    description:
      - By inventory host what M(opencontrail.service_chain.vmx_vrf) returned as
        RV(opencontrail.service_chain.vmx_vrf#module:gathered).
    type: dict
    required: true
  policies:
    description: Names of the policies whose chains are meant; when left out, all that apply services.
    type: list
    elements: str
    default: []
  domain:
    description: The domain that is left out of names.
    type: str
    default: default-domain
  project:
    description: The project that is left out of names.
    type: str
    default: default-project
"""

EXAMPLES = r"""
- name: Show the variables of the chains that stand
  ansible.builtin.debug:
    msg: "{{ found | opencontrail.service_chain.adopted({'vmx1': gathered}, policies=['web-to-db']) }}"
  vars:
    gathered: {config: [], filters: []}
    found: {networks: [], templates: [], instances: [], policies: [], ports: []}
"""

RETURN = r"""
_value:
  description:
    - The variables of the data model, C(service_chain_networks), C(service_chain_services), C(service_chain_routers)
      and C(service_chains).
    - C(remarks) has a line for each thing that the data model cannot say.
  type: dict
"""


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Return the filters of this file."""
        return {"adopted": adopt}
