# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``handed_over``: a registered result as its module made it, before secrets were masked in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.handover import (
    KEY,
    HandoverError,
    handed_over,
)

DOCUMENTATION = r"""
name: handed_over
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.1.0
short_description: Return a module's result as it was before secrets were masked in it
description:
  - Ansible masks every occurrence of a secret in what a module returns. With a router password V(unit) the text
    C(<unit>) of a configuration becomes C(<********>), and a task that reads it is misled.
  - Where that changes a result, the modules of this collection return C(handover) besides, which masking cannot touch.
    This filter returns the result that is in it. A result without C(handover) is returned as it is.
  - The modules M(opencontrail.service_chain.chain_preflight), M(opencontrail.service_chain.chain_removal) and
    M(opencontrail.service_chain.chain_diagnose) do that by themselves for what is given in C(routers).
positional: _input
options:
  _input:
    description: The result of a module of this collection, as it was registered.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Read the VRFs
  opencontrail.service_chain.vmx_vrf:
    state: gathered
  register: router

- name: Configure them on another router
  opencontrail.service_chain.vmx_vrf:
    config: "{{ (router | opencontrail.service_chain.handed_over).gathered.config }}"
  delegate_to: vmx2
"""

RETURN = r"""
_value:
  description: The result.
  type: dict
"""


def result_of(registered: Any) -> Any:
    """Return :func:`handed_over`, its texts never taken for templates; raise its error as a filter error."""
    if not isinstance(registered, Mapping) or KEY not in registered:
        return registered
    try:
        opened = handed_over({KEY: registered[KEY]})
    except HandoverError as error:
        raise AnsibleFilterError(str(error)) from error
    return {**{name: value for name, value in registered.items() if name != KEY}, **wrap_var(opened)}


class FilterModule:
    """The filters of this file, as Ansible finds them."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"handed_over": result_of}
