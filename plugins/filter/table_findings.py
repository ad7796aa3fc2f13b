# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``table_findings``: what is wrong with a router's tables, with consequence and cure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.differences import (
    table_findings,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.labels import LabelNames
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.tables import (
    missing_findings,
)

LINE = "{severity}: {where}: {message}: {consequence}; {cure}"

DOCUMENTATION = r"""
name: table_findings
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Find what is wrong with a router's tables, with consequence and cure
description:
  - Compares route tables with what the chains should have brought into them (O(expected); what is missing is an error)
    and with what M(opencontrail.service_chain.chain_routes) predicts (differences are warnings). Labels are compared
    where the prediction knows them.
  - Addresses for which nobody has answered are warnings too; the routes by their ports look right all the same.
positional: _input, predicted, names
options:
  _input:
    description: The tables, as M(opencontrail.service_chain.vmx_info) returns them in C(route_tables).
    type: dict
    required: true
  predicted:
    description: The predicted tables of the router.
    type: dict
    default: {}
  names:
    description: Which tables are compared with the prediction; all predicted ones when left out.
    type: list
    elements: str
  router:
    description: Name of the router, for the place of the findings.
    type: str
    required: true
  expected:
    description: What the chains bring, as P(opencontrail.service_chain.missing_routes#filter) takes it.
    type: list
    elements: dict
    default: []
  labels:
    description: Whose labels they are, as P(opencontrail.service_chain.label_names#filter) returns it.
    type: list
    elements: dict
    default: []
seealso:
  - module: opencontrail.service_chain.chain_routes
  - plugin: opencontrail.service_chain.prediction_differences
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what is wrong with the tables
  ansible.builtin.debug:
    msg: "{{ router.route_tables
             | opencontrail.service_chain.table_findings(prediction.after.vmx1, router='vmx1', expected=expected) }}"
"""

RETURN = r"""
_value:
  description:
    - Each finding with C(code), C(severity) (V(error) or V(warning)), C(where), C(message), C(consequence), C(cure),
      and C(line), which says it all.
    - None when all is as predicted and everybody answers.
  type: list
  elements: dict
"""


def findings(
    tables: Mapping[str, Any],
    predicted: Mapping[str, Any] | None = None,
    names: Sequence[str] | None = None,
    *,
    router: str,
    expected: Iterable[Mapping[str, Any]] = (),
    labels: Iterable[Mapping[str, Any]] = (),
) -> list[dict[str, str]]:
    """Return what is wrong with the tables, errors first."""
    found = missing_findings(tables, expected, router)
    found += table_findings(tables, predicted or {}, names, router, LabelNames.read(labels))
    return [{**shown, "line": LINE.format_map(shown)} for shown in (each.shown() for each in found)]


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"table_findings": findings}
