# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``next_hops``: whom a host must be able to reach for its routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.plan import next_hops

DOCUMENTATION = r"""
name: next_hops
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: List the addresses that a host is asked for
description:
  - Returns the next hops of the routes that are to stand, each once, with C(%INTERFACE) where the route has one, and
    for each of the O(sources) its next hop and an address of its prefix.
  - Routes that cannot be read have none; the filter P(opencontrail.service_chain.host_plan#filter) tells what is wrong.
positional: _input, sources
options:
  _input:
    description: Routes with C(prefix), C(via), and if need be C(dev) and C(state).
    type: list
    elements: dict
    required: true
  sources:
    description: Prefixes whose packets arrive at the host, with C(prefix) and C(via), as for the filter C(host_plan).
    type: list
    elements: dict
    default: []
    version_added: 1.1.0
seealso:
  - plugin: opencontrail.service_chain.host_plan
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Ask the kernel for each next hop
  ansible.builtin.command:
    argv: [ip, route, get, "{{ item }}"]
  loop: "{{ routes | opencontrail.service_chain.next_hops }}"
  changed_when: false
"""

RETURN = r"""
_value:
  description: The addresses.
  type: list
  elements: str
"""


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"next_hops": next_hops}
