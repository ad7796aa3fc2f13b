# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``ping_findings``: what pings through service chains found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.pings import ping_findings

DOCUMENTATION = r"""
name: ping_findings
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Tell what pings through service chains found
description:
  - Returns a finding for each ping that was not answered, and for each that was though the service did not forward.
positional: _input, unproven
options:
  _input:
    description: Results of pings, each with C(rc) and its C(item), of P(opencontrail.service_chain.chain_pings#filter).
    type: list
    elements: dict
    required: true
  unproven:
    description: Results of pings while the service C(item.service) did not forward.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show which pings were lost
  ansible.builtin.debug:
    msg: "{{ pinged.results | opencontrail.service_chain.ping_findings }}"
"""

RETURN = r"""
_value:
  description: Each finding with C(code), C(severity), C(where), C(message), C(consequence) and C(cure).
  type: list
  elements: dict
"""


def findings(pinged: Iterable[Mapping[str, Any]], unproven: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, str]]:
    """Return what the pings found."""
    return [each.shown() for each in ping_findings(pinged, unproven)]


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"ping_findings": findings}
