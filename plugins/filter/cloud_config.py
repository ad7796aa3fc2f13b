# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``cloud_config``: the routes of a guest as user data for cloud-init."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.cloud_init import cloud_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError

DOCUMENTATION = r"""
name: cloud_config
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Turn the routes of a guest into user data for cloud-init
description:
  - Returns user data (C(#cloud-config)) that writes one script, which cloud-init runs at the end of each boot. It sets
    the routes and lets the guest forward.
  - It needs C(ip) and cloud-init in the guest, no certain init system, network manager or names of interfaces. The
    image must bring up the interfaces of both sides. cirros reads no C(#cloud-config).
  - cloud-init reads user data when an instance first boots. A server that runs already does not take note of it.
positional: _input
options:
  _input:
    description:
      - Routes with C(prefix), C(via) and if need be C(dev), as M(opencontrail.service_chain.chain_design) returns them
        in C(guests).
    type: list
    elements: dict
    required: true
  forwarding:
    description: Address families that the guest is to forward, V(ipv4) and V(ipv6).
    type: list
    elements: str
    default: []
  name:
    description: Part of the name of the script.
    type: str
    default: service-chain
seealso:
  - module: opencontrail.service_chain.chain_design
"""

EXAMPLES = r"""
- name: Show the user data of each service guest that is no host of the inventory
  ansible.builtin.debug:
    msg: "{{ item.routes | opencontrail.service_chain.cloud_config(forwarding=item.forwarding) }}"
  loop: "{{ service_chain_guests | selectattr('host', 'none') }}"
  loop_control:
    label: "{{ item.member }}"
"""

RETURN = r"""
_value:
  description: The user data.
  type: str
"""


def user_data(routes: Any, **options: Any) -> str:
    """Return :func:`cloud_config`; raise its errors as one filter error."""
    try:
        return cloud_config(routes, **options)
    except IntentError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filters of this file, as Ansible finds them."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"cloud_config": user_data}
