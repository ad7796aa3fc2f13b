# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``withdrawal``: how to take back the steering that a run has added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.steering import withdrawal
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import visible

DOCUMENTATION = r"""
name: withdrawal
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Tell how to take back the steering terms that a change has added to a router
description:
  - Compares a router's VRFs before and after a change and returns those that got steering terms, as they are
    after the change but with the terms from before.
  - With O(terms) only these are taken out, of those that the change has added; all others stay.
positional: _input, after
options:
  _input:
    description: The value C(before) that M(opencontrail.service_chain.vmx_vrf) returned.
    type: dict
    required: true
  after:
    description: The value C(after) that M(opencontrail.service_chain.vmx_vrf) returned.
    type: dict
    required: true
  terms:
    description:
      - The terms to take out, each with C(filter), C(family) and C(name). Without it all that were added go.
    type: list
    elements: dict
"""

EXAMPLES = r"""
- name: Take back the steering terms of this run
  opencontrail.service_chain.vmx_vrf:
    config: "{{ result.before | opencontrail.service_chain.withdrawal(result.after) }}"
    state: replaced

- name: Take back those of one chain
  opencontrail.service_chain.vmx_vrf:
    config: "{{ result.before | opencontrail.service_chain.withdrawal(result.after, terms=terms_of_web) }}"
    state: replaced
"""

RETURN = r"""
_value:
  description: The C(config) for M(opencontrail.service_chain.vmx_vrf) with C(state=replaced).
  type: list
  elements: dict
"""


def withdraw(
    before: Mapping[str, Any], after: Mapping[str, Any], terms: Iterable[Mapping[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """Return :func:`withdrawal`; raise its error as a filter error."""
    try:
        return withdrawal(before, after, terms)
    except ValueError as error:
        raise AnsibleFilterError(visible(str(error))) from error


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"withdrawal": withdraw}
