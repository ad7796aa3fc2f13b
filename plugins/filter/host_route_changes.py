# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``host_route_changes``: what differs between the routes of a host and those wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.hostroutes import (
    host_route_changes,
)

DOCUMENTATION = r"""
name: host_route_changes
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 0.1.0
short_description: Compare the routes of a Linux host with those it should have
description:
  - Returns the routes to replace (to add, or to send elsewhere) and those to remove.
  - A route with C(state=absent) is only removed when it goes via the next hop that is given.
positional: _input, wanted
options:
  _input:
    description: What C(ip -j route show) printed, as a list.
    type: list
    elements: dict
    required: true
  wanted:
    description: Routes with C(prefix), C(via), and if need be C(dev) and C(state) (C(present) or C(absent)).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what is to do
  ansible.builtin.debug:
    msg: >-
      {{ current.stdout | from_json
         | opencontrail.service_chain.host_route_changes(wanted) }}
  vars:
    wanted:
      - {prefix: 172.31.8.198/32, via: 172.31.10.57}
"""

RETURN = r"""
_value:
  description: The keys C(replace) and C(remove), each a list of routes.
  type: dict
"""


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"host_route_changes": host_route_changes}
