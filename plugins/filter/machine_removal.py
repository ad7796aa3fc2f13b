# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``machine_removal``: what takes servers and their ports away from an OpenStack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.openstack.servers import plan_removal

DOCUMENTATION = r"""
name: machine_removal
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Plan the removal of service machines and their ports from an OpenStack
description:
  - Looks for the servers and ports that stand and were made for an owner.
positional: _input, found
options:
  _input:
    description: The servers, as the role C(service_machines) takes them.
    type: list
    elements: dict
    required: true
  found:
    description: The lists C(ports) and C(servers) that the info modules of the collection C(openstack.cloud) return.
    type: dict
    required: true
  owner:
    description: Whose servers and ports may go; empty lets all go.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show what would go
  ansible.builtin.debug:
    msg: "{{ servers | opencontrail.service_chain.machine_removal(found, owner='firewall-team') }}"
"""

RETURN = r"""
_value:
  description: C(servers) and C(ports) to delete, with C(name) and C(id), and C(kept), a line for each that stays.
  type: dict
"""


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"machine_removal": plan_removal}
