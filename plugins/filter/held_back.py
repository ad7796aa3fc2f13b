# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``held_back``: VRFs without the steering that must not lead traffic into them yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.steering import held_back
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import visible

DOCUMENTATION = r"""
name: held_back
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Hold steering terms back until the chains behind them stand
description:
  - Returns VRFs as they are to be, but with the steering terms that the router has. A term that is not there is left
    out, and one that is to change stays as it is.
  - With O(terms) only these are held back.
positional: _input, standing
options:
  _input:
    description: The VRFs, C(config) of M(opencontrail.service_chain.vmx_vrf).
    type: list
    elements: dict
    required: true
  standing:
    description: What M(opencontrail.service_chain.vmx_vrf) returned as C(gathered).
    type: dict
    required: true
  terms:
    description:
      - The terms to hold back, each with C(filter), C(family) and C(name). Without it all are.
    type: list
    elements: dict
"""

EXAMPLES = r"""
- name: See what steers traffic now
  opencontrail.service_chain.vmx_vrf:
    state: gathered
  register: router

- name: Configure the VRFs, and steer no other traffic into them than before
  opencontrail.service_chain.vmx_vrf:
    config: "{{ vrfs | opencontrail.service_chain.held_back(router.gathered) }}"
"""

RETURN = r"""
_value:
  description: The C(config) for M(opencontrail.service_chain.vmx_vrf).
  type: list
  elements: dict
"""


def hold_back(
    config: Iterable[Mapping[str, Any]], standing: Mapping[str, Any], terms: Iterable[Mapping[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """Return :func:`held_back`; raise its error as a filter error."""
    try:
        return held_back(config, standing, terms)
    except ValueError as error:
        raise AnsibleFilterError(visible(str(error))) from error


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"held_back": hold_back}
