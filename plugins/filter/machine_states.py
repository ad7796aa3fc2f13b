# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``machine_states``: how far servers have come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.openstack.servers import machine_states

DOCUMENTATION = r"""
name: machine_states
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Tell how far servers in an OpenStack have come
description:
  - Tells whether waiting for servers still helps, and what is wrong with those that do not run.
positional: _input, servers
options:
  _input:
    description: Names of servers.
    type: list
    elements: str
    required: true
  servers:
    description: The servers of the project, as C(openstack.cloud.server_info) returns them.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: opencontrail.service_chain.machine_plan
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Wait until both run
  openstack.cloud.server_info:
    cloud: mine
  register: there
  until: (['fw-1', 'fw-2'] | opencontrail.service_chain.machine_states(there.servers)).settled
"""

RETURN = r"""
_value:
  description: C(settled), C(waiting) (names of servers on the way), C(problems) (a line for each that does not run).
  type: dict
"""


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"machine_states": machine_states}
