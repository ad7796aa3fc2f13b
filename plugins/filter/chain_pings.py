# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``chain_pings``: which pings prove service chains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.pings import pings, proofs
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError

DOCUMENTATION = r"""
name: chain_pings
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Tell which pings prove service chains
description:
  - Returns the pings from the hosts behind the routers through each chain that is to stand, and how to prove that they
    go through a service.
options:
  _input:
    description: The data model, as O(opencontrail.service_chain.chain_routes#module:intent) takes it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show who pings whom
  ansible.builtin.debug:
    msg: "{{ (intent | opencontrail.service_chain.chain_pings).pings }}"
"""

RETURN = r"""
_value:
  description:
    - C(pings), each with C(chain), C(host), C(address) and C(family).
    - C(proofs), each with C(chain), C(service), C(guests) that must not forward meanwhile, the kernel's C(parameter)
      for that, and the C(pings) that must fail then.
  type: dict
"""


def chain_pings(intent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pings and the proofs."""
    try:
        read = read_intent(**intent)
    except IntentError as error:
        raise AnsibleFilterError(str(error)) from error
    return {"pings": pings(read), "proofs": proofs(read)}


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"chain_pings": chain_pings}
