# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``table_changes``: what happened to route tables between two moments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.labels import LabelNames
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.tables import change_lines
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import visible

DOCUMENTATION = r"""
name: table_changes
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Show what changed in a router's tables as aligned lines
description:
  - Returns, table by table, the routes that were added, removed, or changed to another preference, MED, local
    preference, MPLS label or next table.
positional: _input, after, names
options:
  _input:
    description: The tables before, as M(opencontrail.service_chain.vmx_info) returns them in C(route_tables).
    type: dict
    required: true
  after:
    description: The tables after.
    type: dict
    required: true
  names:
    description: Which tables, in this order; all, by name, when left out.
    type: list
    elements: str
  labels:
    description:
      - Whose labels they are, as P(opencontrail.service_chain.label_names#filter) returns it; then that is said beside
        them.
    type: list
    elements: dict
    default: []
seealso:
  - plugin: opencontrail.service_chain.label_names
    plugin_type: filter
  - plugin: opencontrail.service_chain.table_lines
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what the chain changed
  ansible.builtin.debug:
    msg: "{{ before | opencontrail.service_chain.table_changes(after) }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
"""


def shown_changes(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    names: Sequence[str] | None = None,
    *,
    labels: Iterable[Mapping[str, Any]] = (),
) -> list[str]:
    """Return the lines of :func:`change_lines`."""
    return [visible(line) for line in change_lines(before, after, names, LabelNames.read(labels))]


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"table_changes": shown_changes}
