# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``machine_plan``: what makes servers and their ports stand in an OpenStack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.openstack.servers import plan_machines

DOCUMENTATION = r"""
name: machine_plan
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Plan the ports and servers of service machines in an OpenStack
description:
  - Compares wanted servers with what OpenStack has. A name that OpenStack does not know, a port that is another than
    wanted, and a server that does not run are problems, told in a line each; nothing may be done then.
positional: _input, found
options:
  _input:
    description: The servers, as the role C(service_machines) takes them.
    type: list
    elements: dict
    required: true
  found:
    description:
      - The lists C(images), C(flavors), C(networks), C(ports) and C(servers) that the info modules of the collection
        C(openstack.cloud) return.
    type: dict
    required: true
  planned:
    description: Names of networks that an earlier step of the same run makes; for check mode.
    type: list
    elements: str
    default: []
seealso:
  - plugin: opencontrail.service_chain.machine_states
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what is missing
  ansible.builtin.debug:
    msg: "{{ servers | opencontrail.service_chain.machine_plan(found) }}"
"""

RETURN = r"""
_value:
  description:
    - C(problems), a list of lines; C(ports) to make and C(servers) to boot, with the ids of what they are made of.
  type: dict
"""


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"machine_plan": plan_machines}
