# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``kept_picture``: a router's tables from a file that an earlier run kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.tables import kept_picture

DOCUMENTATION = r"""
name: kept_picture
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Read a router's tables that a run has kept
description:
  - Returns what role P(opencontrail.service_chain.chain_verify#role) has kept in a file.
  - Empty for a text that is not such, for a picture that cannot be read is as good as none.
positional: _input
options:
  _input:
    description: What stands in the file.
    type: str
    required: true
seealso:
  - plugin: opencontrail.service_chain.table_lines
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the tables from before the chains
  ansible.builtin.debug:
    msg: "{{ picture.tables | default({}) | opencontrail.service_chain.table_lines }}"
  vars:
    picture: >-
      {{ lookup('ansible.builtin.file', '.service_chain/vmx1.before.json')
         | opencontrail.service_chain.kept_picture }}
"""

RETURN = r"""
_value:
  description: The picture, with C(router), C(taken) and C(tables); or nothing.
  type: dict
"""


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"kept_picture": kept_picture}
