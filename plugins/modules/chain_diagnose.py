#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: chain_diagnose
short_description: Name the first broken link of service chains
version_added: 1.0.0
author: opencontrail.service_chain contributors (@opencontrail)
description:
  - Looks at a service chain link by link, in the order in which it is built, and names the first that does not hold, in
    words and with its cure. So a policy that is attached to one network only is told as that, and not as the routes that
    are missing because of it.
  - Reads Contrail's objects from the config API, the introspect pages of the daemons in O(introspect), and takes in
    O(routers) what M(opencontrail.service_chain.vmx_info) has read of routers. It opens no session with a router itself.
    What is not given is not asked and told in RV(not_looked_at); the links that need it are left out.
  - Only reads. A broken chain is a result, not a failure of the module.
extends_documentation_fragment:
  - opencontrail.service_chain.contrail
  - opencontrail.service_chain.contrail_attributes
  - opencontrail.service_chain.contrail_attributes.info
options:
  intent:
    description:
      - The data model, with the keys C(networks), C(services), C(routers), C(chains) and C(ports); they take
        the values of the variables C(service_chain_networks), C(service_chain_services),
        C(service_chain_routers), C(service_chains) and C(contrail_objects_ports).
      - With C(groups), the inventory's groups, hosts that the data model names must be in them.
      - The chains that are to stand are looked at.
    type: dict
    required: true
  routers:
    description:
      - What M(opencontrail.service_chain.vmx_info) returned for each router, by its name in the data model.
      - With V(configuration), V(bgp), V(tunnels) and V(routes) in
        O(opencontrail.service_chain.vmx_info#module:gather) every link is looked at; of V(routes), the tables
        of the chains' VRFs are needed.
    type: dict
    default: {}
  introspect:
    description:
      - Where the daemons' introspect pages are. Only pages that are known to read are asked for.
      - Introspect knows no credentials; its ports are reached from the control network.
    type: dict
    suboptions:
      schema:
        description:
          - URLs of the schema transformers, as in V(http://172.31.4.76:8087). Only the elected one listens;
            the first that answers is taken.
        type: list
        elements: str
      svc_monitor:
        description: URLs of the service monitors, as in V(http://172.31.4.76:8088). Not asked here.
        type: list
        elements: str
      control:
        description:
          - URLs of the control nodes, as in V(http://172.31.4.76:8083). All of them are asked, for each
            judges for itself.
        type: list
        elements: str
      agent:
        description:
          - URLs of the vRouter agents, as in V(http://172.31.10.155:8085), by name or address of their
            compute node.
          - Those are asked on whose compute nodes the services run. Where Contrail does not say which these
            are, the first 32 are.
        type: dict
      validate_certs:
        description: Whether the certificates of https URLs are checked.
        type: bool
        default: true
      ca_file:
        description:
          - File with the certificates of the authorities that sign the daemons' certificates. Without it
            those of the system are used.
        type: path
      client_cert:
        description: File with the certificate that this client shows to the daemons.
        type: path
      client_key:
        description: File with the key of the certificate. Without it the key is in the same file.
        type: path
      timeout:
        description: Seconds to wait for a page.
        type: float
        default: 10
  domain:
    description: Domain of every name that does not say its own.
    type: str
    default: default-domain
  project:
    description: Project of every name that does not say its own.
    type: str
    default: default-project
seealso:
  - module: opencontrail.service_chain.vmx_info
  - module: opencontrail.service_chain.chain_routes
"""

EXAMPLES = r"""
- name: Read a router
  opencontrail.service_chain.vmx_info:
    gather: [configuration, bgp, tunnels, routes]
    tables: [vn1.inet.0, vn2.inet.0]
  delegate_to: vmx1
  register: vmx1

- name: Name the first broken link of each chain
  opencontrail.service_chain.chain_diagnose:
    api_url: http://172.31.4.76:8082
    introspect:
      schema: [http://172.31.4.76:8087]
      control: [http://172.31.4.76:8083]
      agent: {compute1: "http://172.31.10.155:8085"}
    routers:
      vmx1: "{{ vmx1 }}"
    intent:
      networks: "{{ service_chain_networks }}"
      services: "{{ service_chain_services }}"
      routers: "{{ service_chain_routers }}"
      chains: "{{ service_chains }}"
  register: diagnosis

- name: Show a line for each chain
  ansible.builtin.debug:
    msg: "{{ diagnosis.chains | map(attribute='message') }}"
"""

RETURN = r"""
chains:
  description: The chains of the data model that are to stand, in its order.
  returned: success
  type: list
  elements: dict
  contains:
    name: {description: Name of the chain., type: str, sample: vn1-to-vn2}
    stands: {description: "Whether no link is broken, of those that were looked at.", type: bool, sample: false}
    link:
      description: The first broken link, in the shape of an entry of RV(findings); null for a chain that stands.
      type: dict
      sample:
        code: policy-not-attached
        severity: error
        where: virtual-network default-domain:default-project:vn2
        message: policy vn1-to-vn2 is not attached to vn2
        consequence: Contrail makes a chain only when both networks have the policy, and reports no error
        cure: >-
          attach the policy to the network: run the site (tag policies), or contrail_policy with this network in networks
    warnings:
      description: What deserves attention in the links that hold, in the shape of RV(findings).
      type: list
      elements: dict
      sample: []
    checked:
      description:
        - The links in their order, each with its C(result), which is C(ok), C(broken), C(not reached) behind the broken
          one, C(not looked at) or C(not needed), the last two with the C(reason).
      type: list
      elements: dict
      sample: [{step: networks, result: ok}, {step: policy, result: ok}, {step: attachment of the policy, result: broken}]
    message:
      description: All that in one line.
      type: str
      sample: "vn1-to-vn2: stands"
findings:
  description: The broken links and the warnings of all chains.
  returned: success
  type: list
  elements: dict
  contains:
    code: {description: Kind of the finding., type: str, sample: guest-silent}
    severity: {description: C(error) or C(warning)., type: str, sample: warning}
    where: {description: Path in the data model or object or place on a router., type: str, sample: "vmx1: vn2.inet.0"}
    message:
      description: What was found.
      type: str
      sample: no ARP reply from 10.0.2.4/32, the address of 1-to-2-right
    consequence:
      description: What happens if nobody acts.
      type: str
      sample: everything looks programmed, but a guest whose interface is not up drops what comes
    cure:
      description: What to do.
      type: str
      sample: bring the interface of the guest up, with its address; then the local preference rises to 200
stands:
  description: Whether all chains stand.
  returned: success
  type: bool
  sample: true
not_looked_at:
  description: What was not asked, or did not answer, in one line each.
  returned: success
  type: list
  elements: str
  sample: ["vRouter agent: no address given (introspect.agent)"]
requests:
  description: Number of requests to the config API.
  returned: always
  type: int
  sample: 8
introspect_requests:
  description: Number of introspect pages that were asked for.
  returned: success
  type: int
  sample: 6
handover:
  description:
    - The result as text that the masking of secrets cannot change, for the modules and filters of this
      collection. See P(opencontrail.service_chain.handed_over#filter).
  returned: when masking, or the escaping of control characters, changes the result
  type: str
  sample: ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/eJyrVkrOSMxLT1WyUkpLzClOBQAolgSu
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.diagnosis import run_diagnosis_module


def main() -> None:
    """Run the module."""
    run_diagnosis_module()


if __name__ == "__main__":
    main()
