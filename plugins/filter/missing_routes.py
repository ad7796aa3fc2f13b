# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``missing_routes``: what a chain has not brought into the router's tables yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.tables import missing_routes

DOCUMENTATION = r"""
name: missing_routes
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: List what service chains have not brought into a router's tables yet
description:
  - Compares the route tables of a router with what its chains should have brought there by BGP.
positional: _input
options:
  _input:
    description: The tables as M(opencontrail.service_chain.vmx_info) returns them in C(route_tables).
    type: dict
    required: true
  expected:
    description:
      - What to look for, as M(opencontrail.service_chain.chain_design) returns it in
        C(routers.NAME.expected).
      - Each entry has C(table), C(chain) and C(prefixes) (each must be in the table, learned by BGP), and may
        have C(copies) (all that C(copies.table) holds within the prefixes C(copies.within) must be there too)
        and C(any_within) (at least one route within these prefixes must be there).
    type: list
    elements: dict
    required: true
seealso:
  - module: opencontrail.service_chain.chain_design
"""

EXAMPLES = r"""
- name: Wait for the chain
  opencontrail.service_chain.vmx_info:
    gather: [routes]
    tables: [vn1.inet.0, vn2.inet.0]
  register: result
  until: result.route_tables | opencontrail.service_chain.missing_routes(expected) | length == 0
  retries: 30
  delay: 2
  vars:
    expected:
      - {table: vn1.inet.0, chain: vn1-to-vn2, prefixes: [172.31.8.198/32]}
"""

RETURN = r"""
_value:
  description: One line for each thing that is missing, such as
    C(vn1.inet.0 has no 172.31.8.198/32 by BGP (chain vn1-to-vn2)).
  type: list
  elements: str
"""


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"missing_routes": missing_routes}
