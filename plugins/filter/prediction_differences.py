# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``prediction_differences``: where a router's tables are not as predicted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.differences import (
    prediction_differences,
)

DOCUMENTATION = r"""
name: prediction_differences
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Tell in words where a router's tables are not as predicted
description:
  - Compares route tables with what M(opencontrail.service_chain.chain_routes) predicts for the router, and returns one
    line for each route that is missing, not predicted, or has other attributes. Labels are compared where the
    prediction knows them.
  - Addresses for which nobody has answered are told as well; the routes by their ports look right all the same.
positional: _input, predicted, names
options:
  _input:
    description: The tables, as M(opencontrail.service_chain.vmx_info) returns them in C(route_tables).
    type: dict
    required: true
  predicted:
    description: The predicted tables of the router.
    type: dict
    required: true
  names:
    description: Which tables; all predicted ones when left out.
    type: list
    elements: str
seealso:
  - module: opencontrail.service_chain.chain_routes
"""

EXAMPLES = r"""
- name: Show where the router differs from the prediction
  ansible.builtin.debug:
    msg: "{{ router.route_tables | opencontrail.service_chain.prediction_differences(prediction.after.vmx1) }}"
"""

RETURN = r"""
_value:
  description: The lines; none when all is as predicted and everybody answers.
  type: list
  elements: str
  sample:
    - "vn1.inet.0: 10.0.2.3/32 (BGP) is missing"
"""


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"prediction_differences": prediction_differences}
