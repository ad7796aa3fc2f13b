# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``label_names``: whose MPLS labels a router's tables hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.labels import (
    label_names,
    port_words,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError

DOCUMENTATION = r"""
name: label_names
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Tell whose port each MPLS label in a router's tables belongs to
description:
  - Finds out from the prefixes that the data model knows which port a label leads to, and says so in words, such as
    C(left port of 1-to-2).
positional: _input, predicted
options:
  _input:
    description: The tables, as M(opencontrail.service_chain.vmx_info) returns them in C(route_tables).
    type: dict
    required: true
  predicted:
    description: The predicted tables of the router, as M(opencontrail.service_chain.chain_routes) returns them.
    type: dict
    required: true
  intent:
    description: The data model, as O(opencontrail.service_chain.chain_routes#module:intent) takes it.
    type: dict
    default: {}
seealso:
  - plugin: opencontrail.service_chain.table_lines
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the tables with the names of labels
  ansible.builtin.debug:
    msg: "{{ router.route_tables | opencontrail.service_chain.table_lines(labels=names) }}"
  vars:
    names: "{{ router.route_tables | opencontrail.service_chain.label_names(prediction.after.vmx1, intent=intent) }}"
"""

RETURN = r"""
_value:
  description: Each label with C(label), C(via) (the way to the compute node that gave it), C(name) and C(says).
  type: list
  elements: dict
  sample:
    - {label: 30, via: gr-0/0/0.32771, name: left port of 1-to-2, says: 30 is the left port of 1-to-2}
"""


def named_labels(
    tables: Mapping[str, Any], predicted: Mapping[str, Any], *, intent: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return the labels with their names."""
    try:
        words = port_words(read_intent(**(intent or {})))
    except IntentError as error:
        raise AnsibleFilterError(str(error)) from error
    return [{**asdict(each), "says": str(each)} for each in label_names(tables, predicted, words)]


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"label_names": named_labels}
