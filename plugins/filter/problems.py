# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``problems``: what is wrong with the data model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.variables import misspelt
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.acceptance import refusals
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError

DOCUMENTATION = r"""
name: problems
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: List what is wrong with the data model of service chains
description:
  - Checks the whole data model and returns one line for each bad value, with its path.
positional: _input
options:
  _input:
    description: The chains, by name (the variable C(service_chains)).
    type: dict
    required: true
  networks:
    description: The networks, by name (the variable C(service_chain_networks)).
    type: dict
  services:
    description: The services, by name (the variable C(service_chain_services)).
    type: dict
  routers:
    description: The routers, by inventory name (the variable C(service_chain_routers)).
    type: dict
  ports:
    description: Ports that no Neutron makes (the variable C(contrail_objects_ports)).
    type: list
    elements: dict
  groups:
    description: The inventory's groups with their hosts (the variable C(groups)).
    type: dict
  variables:
    description: Names of all variables, in which those that are nearly right are looked for.
    type: list
    elements: str
seealso:
  - plugin: opencontrail.service_chain.derive
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Stop at the first sign of a bad data model
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join('\n') }}"
  vars:
    problems: "{{ service_chains | opencontrail.service_chain.problems(networks=service_chain_networks) }}"
"""

RETURN = r"""
_value:
  description: One line for each bad value, with its path.
  type: list
  elements: str
  sample:
    - "service_chains.a.left.network: no network 'vn3' in service_chain_networks; did you mean vn2?"
"""


def problems(
    chains: Any,
    *,
    networks: Any = None,
    services: Any = None,
    routers: Any = None,
    ports: Any = None,
    groups: Mapping[str, Any] | None = None,
    variables: Iterable[str] = (),
) -> list[str]:
    """Return one line for each fault that :func:`misspelt`, :func:`read_intent`, :func:`derive` and modules find."""
    lines = misspelt(variables)
    try:
        derived = derive(
            read_intent(
                networks=networks,
                services=services,
                routers=routers,
                chains=chains,
                ports=ports,
                groups=groups,
            )
        )
    except IntentError as error:
        return [*lines, *(str(fault) for fault in error.faults)]
    return [*lines, *(str(fault) for fault in refusals(derived, ports))]


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"problems": problems}
