#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: contrail_bgp_router
short_description: Manage BGP routers in Contrail
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Creates, changes and deletes the BGP routers that the control nodes know, and their sessions.
  - A router outside, as the vMX that is the gateway, is one of them.
  - O(project) and O(domain) have no effect on the names of routers.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_state
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.config
options:
  config:
    description: The routers.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the router, in the fabric's routing instance.
        type: str
        required: true
      address:
        description: Address to which the others connect. A new router needs it.
        type: str
      identifier:
        description: BGP identifier.
        type: str
      autonomous_system:
        description:
          - Its autonomous system, as V(64512), V(4200000000) or V(1.10). A new router needs it. Numbers above
            65535 are only taken with C(enable_4byte_as) in the global configuration.
          - A router without O(config[].vendor), or of the vendor C(contrail), has the global autonomous
            system and no other. The schema transformer would overwrite any other number, so it is refused.
        type: str
        aliases: [asn]
      local_autonomous_system:
        description: Autonomous system that it shows to others instead.
        type: str
      router_type:
        description: What kind of router it is. A new one is a V(router) if nothing is said.
        type: str
        choices: [control-node, external-control-node, router, bgpaas-server, bgpaas-client]
      vendor:
        description:
          - Vendor of the router. Give it for every router that is not one of Contrail's own, see
            O(config[].autonomous_system).
        type: str
      families:
        description:
          - Address families. The list is enforced exactly. A new router has V(inet-vpn), V(inet6-vpn) and
            V(route-target) if nothing is said.
        type: list
        elements: str
        choices: [inet, inet-labeled, inet-vpn, inet6, inet6-vpn, inet-mvpn, e-vpn, erm-vpn, route-target]
        aliases: [address_families]
      hold_time:
        description: Hold time in seconds; V(0) is the default of the control nodes.
        type: int
      port:
        description: TCP port.
        type: int
      source_port:
        description: TCP source port.
        type: int
      admin_down:
        description: Whether it is shut down.
        type: bool
      cluster_id:
        description:
          - Cluster identifier, of a route reflector. When it is set or cleared, the schema transformer makes
            all peerings of all routers anew. The module waits for that (a few seconds), and then writes what
            O(config[].peers) gives.
        type: int
      gateway:
        description: IPv4 gateway.
        type: str
      ipv6_gateway:
        description: IPv6 gateway.
        type: str
      authentication:
        description: How sessions are authenticated.
        type: dict
        suboptions:
          type:
            description: Kind of authentication.
            type: str
            choices: [md5]
          keys:
            description: The keys. The list is enforced exactly.
            type: list
            elements: dict
            suboptions:
              id:
                description: Number of the key.
                type: int
              key:
                description: The key itself. It is never shown.
                type: str
                required: true
      display_name:
        description: Name for display. An empty text makes it the object's name.
        type: str
      description:
        description: Description of the object.
        type: str
      annotations:
        description:
          - Texts by key. The given keys are enforced and all others left alone; a key whose value is null is
            deleted.
        type: dict
      peers:
        description:
          - Routers with which it has sessions. They only ever add, unless O(purge_references) has V(peers);
            the server notes each on both ends. Peers that are not given, as those of the automatic mesh
            inside an autonomous system, are neither compared nor touched. An entry is a name, or a dict with
            what the session needs. Keys that are left out stay as they are.
          - In the global autonomous system the schema transformer keeps the peerings while C(ibgp_auto_mesh)
            is on. A peering that it would delete, as those beside a route reflector, is refused. One that it
            would make again is not purged.
        type: list
        elements: raw
        aliases: [bgp_router_refs]
        suboptions:
          name:
            description: Name of the other router.
            type: str
            required: true
          families:
            description: Address families of the session; those that both have if nothing is said.
            type: list
            elements: str
            choices: [inet, inet-labeled, inet-vpn, inet6, inet6-vpn, inet-mvpn, e-vpn, erm-vpn, route-target]
            aliases: [address_families]
          hold_time:
            description: Hold time in seconds; V(0) is the default of the control nodes.
            type: int
          admin_down:
            description: Whether it is shut down.
            type: bool
          passive:
            description: Whether it waits for the other to connect.
            type: bool
          as_override:
            description: Whether the other's autonomous system is replaced in AS paths.
            type: bool
          loop_count:
            description: How often the own autonomous system may be in an AS path.
            type: int
          local_autonomous_system:
            description: Autonomous system that is shown in this session.
            type: str
          private_as_action:
            description: What happens to private autonomous systems in AS paths.
            type: str
            choices: [remove, remove-all, replace-all]
          family_attributes:
            description: What holds for single address families. The list is enforced exactly.
            type: list
            elements: dict
            suboptions:
              family:
                description: The address family.
                type: str
                choices: [inet, inet-labeled, inet-vpn, inet6, inet6-vpn, inet-mvpn, e-vpn, erm-vpn,
                  route-target]
                required: true
              loop_count:
                description: How often the own autonomous system may be in an AS path.
                type: int
              prefix_limit:
                description: Number of prefixes after which the session is closed.
                type: int
              idle_timeout:
                description: Seconds for which it then stays closed.
                type: int
              tunnel_encapsulations:
                description: Encapsulations of routes that say none.
                type: list
                elements: str
                choices: [gre, mpls, udp, vxlan]
          route_origin:
            description: Whether the origin of routes is replaced.
            type: dict
            suboptions:
              override:
                description: Whether it is.
                type: bool
              origin:
                description: The origin that they get.
                type: str
                choices: [IGP, EGP, INCOMPLETE]
          authentication:
            description: How sessions are authenticated.
            type: dict
            suboptions:
              type:
                description: Kind of authentication.
                type: str
                choices: [md5]
              keys:
                description: The keys. The list is enforced exactly.
                type: list
                elements: dict
                suboptions:
                  id:
                    description: Number of the key.
                    type: int
                  key:
                    description: The key itself. It is never shown.
                    type: str
                    required: true
      control_nodes:
        description:
          - Whether every control node that the server knows is a peer, too. Where a route reflector stands
            between the two, the schema transformer allows no such peering, and none is asked for.
        type: bool
        default: false
      unset:
        description: Options to clear in this item.
        type: list
        elements: str
seealso:
  - module: opencontrail.service_chain.contrail_global_config
  - module: opencontrail.service_chain.contrail_physical_router
  - module: opencontrail.service_chain.vmx_peering
"""

EXAMPLES = r"""
- name: The vMX is a peer of every control node
  opencontrail.service_chain.contrail_bgp_router:
    api_url: http://172.31.4.76:8082
    config:
      - name: vmx1
        address: 172.31.4.10
        identifier: 172.31.4.10
        autonomous_system: 64512
        vendor: Juniper
        families: [inet-vpn, inet6-vpn, route-target]
        control_nodes: true

- name: A router of another autonomous system, with a session of its own kind
  opencontrail.service_chain.contrail_bgp_router:
    api_url: http://172.31.4.76:8082
    config:
      - name: vmx2
        address: 172.31.4.11
        autonomous_system: "4200000000"
        vendor: Juniper
        peers:
          - name: vmx1
            families: [inet-vpn]
            hold_time: 30

- name: Delete the routers
  opencontrail.service_chain.contrail_bgp_router:
    api_url: http://172.31.4.76:8082
    state: absent
    config:
      - name: vmx2
      - name: vmx1
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
      sample: bgp-router
    fq_name:
      description: Full name of the object.
      type: str
      sample: default-domain:default-project:ip-fabric:__default__:vmx1
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
  sample: {"bgp-router default-domain:default-project:ip-fabric:__default__:vmx1": {"description": "old"}}
after:
  description: What changed objects hold afterwards, by kind and name. Null for one that is deleted.
  returned: success
  type: dict
  sample: {"bgp-router default-domain:default-project:ip-fabric:__default__:vmx1": {"description": "new"}}
requests:
  description: Number of HTTP requests that were made.
  returned: always
  type: int
  sample: 3
kind:
  description: Kind of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: bgp-router
fq_name:
  description: Full name of the object that the failure is about.
  returned: failure, where one object is the cause
  type: str
  sample: default-domain:default-project:ip-fabric:__default__:vmx1
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

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import BGP_ROUTER
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.module import run_config_module


def main() -> None:
    """Run the module."""
    run_config_module(BGP_ROUTER)


if __name__ == "__main__":
    main()
