# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``derive``: from the data model to the variables of the roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError

DOCUMENTATION = r"""
name: derive
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Turn the data model of service chains into the variables of the roles
description:
  - Checks the whole data model and returns everything that follows from it, in the shapes that the roles
    and the modules of this collection take.
  - A bad value is an error with the path of the value. The filter
    P(opencontrail.service_chain.problems#filter) returns the same errors as a list.
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
    description:
      - The inventory's groups with their hosts (the variable C(groups)).
      - When given, routers must be in the group C(routers), hosts of external prefixes in C(endpoints) and
        hosts of service members in C(service_guests).
    type: dict
seealso:
  - plugin: opencontrail.service_chain.problems
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Make the networks of the data model
  opencontrail.service_chain.contrail_vn:
    config: "{{ derived.networks }}"
  vars:
    derived: >-
      {{ service_chains | opencontrail.service_chain.derive(networks=service_chain_networks,
           services=service_chain_services, routers=service_chain_routers) }}
"""

RETURN = r"""
_value:
  description:
    - C(networks), C(templates), C(instances) and C(policies) are the C(config) of the Contrail modules.
    - C(absent) holds the C(policies), C(instances) and C(templates) of chains with C(state=absent).
    - C(planned) names every object that is to stand, for check mode; C(existing) names by kind those that others
      must have made.
    - C(bgp_routers) is the C(config) of M(opencontrail.service_chain.contrail_bgp_router).
    - C(routers) holds for each router C(peering) (the C(config) and C(router) of
      M(opencontrail.service_chain.vmx_peering)), C(vrfs) and C(filters) (the input of the module
      M(opencontrail.service_chain.vmx_vrf)), C(absent), C(tables), C(expected), and in
      C(steering) for each chain the C(filter), C(family) and C(name) of its terms.
    - C(hosts) holds for each endpoint and service guest its routes, C(forwarding) for each service guest the address
      families that it must forward, C(sources) for each host the prefixes whose packets arrive without a route back.
      C(guests) lists all members of services with both, also those that are no hosts of
      the inventory.
    - C(summary) is a line for each chain.
  type: dict
"""


def derive_variables(
    chains: Any,
    *,
    networks: Any = None,
    services: Any = None,
    routers: Any = None,
    ports: Any = None,
    groups: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return :func:`derive` of the data model; raise its errors as one filter error."""
    try:
        intent = read_intent(
            networks=networks, services=services, routers=routers, chains=chains, ports=ports, groups=groups
        )
        return derive(intent)
    except IntentError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"derive": derive_variables}
