#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_object
short_description: Manage Contrail objects of any kind
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes objects of any kind that the Contrail config API knows, in the API's own
    terms; interface route tables, routing policies, health checks, logical routers and some hundred more.
  - Everything is checked against Contrail's schema before the first request, for the server itself drops
    what it does not know without a word. An error says where the fault is and what was perhaps meant.
  - A kind that has a module of its own is better managed by that; there values have short forms, and what
    goes together is made together. Deleting is the same in both.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  kind:
    description: Kind of the objects, as in V(interface-route-table) or V(virtual-DNS).
    type: str
    required: true
  config:
    description: The objects.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Name of the object. A short name means an object in O(project), where objects of this kind can be
            in a project, else in O(domain), else in the one global configuration.
          - Objects of other kinds are named with their parent, as in V(vn1:pool1), or have
            O(config[].parent).
          - Route targets are named as in V(64512:1).
        type: str
        required: true
      parent:
        description: Parent of the object. O(config[].name) is then the last part of its name alone.
        type: dict
        suboptions:
          kind:
            description: Kind of the parent. It can be left out where only one is possible.
            type: str
          name:
            description: Name of the parent.
            type: str
            required: true
      properties:
        description:
          - Properties by name, as the API has them. Those that are left out are left alone, and so are fields
            that are left out inside a property.
          - A list is enforced exactly. Where the order means nothing it is none. An entry that is there
            already keeps what only the server knows of it, as its uuid.
          - What the server fills in itself may be left out, as C(protocol_id) of a firewall service. An
            endpoint of a firewall rule has one field, and another one takes its place.
          - A value that one of Contrail's daemons would overwrite is refused, with the place where to give
            it, as C(autonomous_system) of a BGP router without C(vendor).
          - V(annotations) are texts by key. The given keys are enforced and all others left alone. So are
            other maps of texts, as V(virtual_machine_interface_bindings).
          - Prefixes can be written as text, as in V(10.0.0.0/24), wherever the API has them in two fields.
          - An empty text or list empties a property; O(config[].unset) clears any.
        type: dict
        default: {}
      secrets:
        description:
          - Properties like O(config[].properties), which this is laid over. Passwords and keys have to be
            given here, for what is given there is logged. Lists are laid over entry by entry.
        type: dict
      references:
        description:
          - References to other objects. The list adds; with a kind in O(purge_references), references to that
            kind are exact.
        type: list
        elements: dict
        suboptions:
          kind:
            description: Kind of the other object.
            type: str
            required: true
          name:
            description: Name of the other object, short or full as O(config[].name).
            type: str
            required: true
          parent:
            description: Parent of the other object, as O(config[].parent).
            type: dict
            suboptions:
              kind:
                description: Kind of the parent. It can be left out where only one is possible.
                type: str
              name:
                description: Name of the parent.
                type: str
                required: true
          attr:
            description:
              - What the reference carries, as the API has it. Left out, an existing reference keeps what it
                carries.
            type: dict
      unset:
        description:
          - Properties to clear, or with dots what is inside them, as in V(bgp_router_parameters.auth_data).
            Kinds clear the references to objects of that kind.
        type: list
        elements: str
  update_password:
    description:
      - The server encrypts the password of a physical router, which therefore cannot be compared. With
        V(on_create) it is written with a new object, and again when other credentials change; with V(always)
        by every run.
    type: str
    choices: [always, on_create]
    default: on_create
seealso:
  - module: opencontrail.service_chain.contrail_vn
  - module: opencontrail.service_chain.contrail_info
"""

EXAMPLES = r"""
- name: Static routes behind an interface of a service
  opencontrail.service_chain.contrail_object:
    api_url: http://172.31.4.76:8082
    kind: interface-route-table
    config:
      - name: behind-fw1
        properties:
          interface_route_table_routes:
            route:
              - {prefix: 172.31.9.0/24, community_attributes: {community_attribute: [no-export]}}
              - {prefix: 172.31.8.0/24}

- name: A routing policy that makes routes of a network better
  opencontrail.service_chain.contrail_object:
    api_url: http://172.31.4.76:8082
    kind: routing-policy
    config:
      - name: prefer
        properties:
          routing_policy_entries:
            term:
              - term_match_condition:
                  protocol: [interface]
                  prefix: [{prefix: 10.0.1.0/24, prefix_type: orlonger}]
                term_action_list:
                  action: accept
                  update: {local_pref: 200}

- name: A project
  opencontrail.service_chain.contrail_object:
    api_url: http://172.31.4.76:8082
    kind: project
    config:
      - name: tenant1

- name: Networks that a logical router joins, and no others
  opencontrail.service_chain.contrail_object:
    api_url: http://172.31.4.76:8082
    kind: logical-router
    purge_references: [virtual-network]
    config:
      - name: lr1
        properties: {logical_router_type: snat-routing}
        references:
          - kind: virtual-network
            name: default-domain:default-project:ip-fabric
            attr: {logical_router_virtual_network_type: ExternalGateway}

- name: The credentials by which the device manager reaches a router
  opencontrail.service_chain.contrail_object:
    api_url: http://172.31.4.76:8082
    kind: physical-router
    config:
      - name: vmx1
        properties:
          physical_router_management_ip: 172.31.10.1
          physical_router_dataplane_ip: 172.31.10.2
          physical_router_vendor_name: juniper
          physical_router_product_name: vmx
          physical_router_user_credentials: {username: contrail}
        secrets:
          physical_router_user_credentials: {password: "{{ router_password }}"}

- name: Delete what a chain has made
  opencontrail.service_chain.contrail_object:
    api_url: http://172.31.4.76:8082
    kind: interface-route-table
    state: absent
    owner: vn1-to-vn2
    config:
      - name: behind-fw1
"""

RETURN = r"""
objects:
  description: What became of each object that the task is about.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: Kind of the object.
      type: str
      sample: interface-route-table
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-domain:default-project:irt1
    uuid:
      description: Uuid of the object. Empty for one that check mode would create.
      type: str
      sample: 7bc95f09-bdad-4f74-a77a-34300af4b9b8
    action:
      description:
        - V(created), V(updated), V(deleted) or V(unchanged).
        - V(kept) is an object that O(owner) protected from deletion.
      type: str
      sample: created
before:
  description:
    - What changed objects held before, by kind and name, and only what changes. Null for one that is created.
  returned: success
  type: dict
  sample: {"interface-route-table default-domain:default-project:irt1": {"interface_route_table_routes": null}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample:
    interface-route-table default-domain:default-project:irt1:
      interface_route_table_routes: {route: [{prefix: 10.9.0.0/16}]}
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 3
kind:
  description: Kind of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: interface-route-table
fq_name:
  description: Full name of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: default-domain:default-project:irt1
status:
  description: HTTP status of the refused request.
  returned: failure, where the server refused a request
  type: int
  sample: 409
verb:
  description: What could not be done.
  returned: failure, where the server refused a request or something does not exist
  type: str
  sample: delete
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.module import (
    run_object_module,
)


def main() -> None:
    """Run the module."""
    run_object_module()


if __name__ == "__main__":
    main()
