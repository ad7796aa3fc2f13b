#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vmx_commit
short_description: Confirms a commit on a Juniper vMX or MX, or takes it back
version_added: 1.0.0
description:
  - Settles a commit that an earlier task of this collection has made. So a play can change a router with a confirmed
    commit, make its own checks, and only then keep the change.
  - The commit is known by the token in its log text, which the result of the task that made it holds.
  - A commit is confirmed by a commit of the unchanged configuration under the lock, whose log text is C(confirmation of)
    and the token. So the history of every release shows that it was confirmed. Where uncommitted changes of others lie
    in the candidate, a commit check confirms it, which does not activate them.
author:
  - OpenContrail service chain maintainers (@opencontrail)
extends_documentation_fragment:
  - opencontrail.service_chain.vmx
  - opencontrail.service_chain.vmx_attributes
attributes:
  check_mode:
    description: Says what would be done. Takes no lock and makes no commit check.
    support: full
  diff_mode:
    description: Returns the router's C(show | compare) of what is taken back.
    support: full
  idempotent:
    description: A commit that is confirmed, or taken back, already is left as it is.
    support: full
options:
  token:
    description: Token of the commit, such as V(3f1c0a9b-8d7e1f00).
    type: str
    required: true
  state:
    description:
      - V(confirmed) keeps the commit. It fails where the router has taken the commit back.
      - V(rolled_back) loads what was configured before the commit and commits that, whether or not the commit
        was confirmed. It fails where newer commits stand on it.
    type: str
    choices: [confirmed, rolled_back]
    default: confirmed
  checks:
    description:
      - What must hold before the commit is confirmed; where it does not, the task fails and the router takes
        the commit back when its time is over.
    type: dict
    suboptions:
      ping:
        description: Addresses that must answer the router.
        type: list
        elements: dict
        suboptions:
          destination:
            description: Address to ping.
            type: str
            required: true
          source:
            description: Address of the router to ping from.
            type: str
          routing_instance:
            description: Routing instance to ping from.
            type: str
          count:
            description: Number of requests, of which one must be answered.
            type: int
            default: 3
      bgp_established:
        description:
          - Addresses of BGP peers that must be established, in every routing instance that has the peer.
          - Write V(ADDRESS@INSTANCE), such as V(192.0.2.21@vn1), for the peer of one routing instance; the
            main one is V(master).
        type: list
        elements: str
      timeout:
        description: Seconds for all of it to come true.
        type: int
        default: 30
  lock_timeout:
    description: Seconds to wait while somebody else holds the configuration lock.
    type: int
    default: 30
seealso:
  - module: opencontrail.service_chain.vmx_vrf
"""

EXAMPLES = r"""
- name: Steer traffic into the VRF, for ten minutes to begin with
  opencontrail.service_chain.vmx_vrf:
    config:
      - name: vn1
        route_target: "64512:1"
        steering:
          - {filter: ge000_to_dcrouter, name: t1, source: [172.31.9.34/32]}
    filters:
      - {name: ge000_to_dcrouter, interfaces: [ge-0/0/0.0], default: accept}
    commit:
      confirmed: 10
      confirm: later
  register: change

- name: Keep it
  opencontrail.service_chain.vmx_commit:
    token: "{{ change.commits[0].token }}"
  when: change.commits | length > 0

- name: Or take it back before its time is over
  opencontrail.service_chain.vmx_commit:
    token: "{{ change.commits[0].token }}"
    state: rolled_back
  when: change.commits | length > 0
"""

RETURN = r"""
commit:
  description: The commit as the router's history has it, after the task.
  returned: success
  type: dict
  sample:
    number: 0
    user: lab
    client: netconf
    time: 2026-10-05 22:03:43 UTC
    comment: commit confirmed, rollback in 10mins
    log: opencontrail.service_chain.vmx_vrf [3f1c0a9b-8d7e1f00]
    pending: false
commits:
  description: The commit that took it back, with its text in the log and the token in it; at most one.
  returned: success
  type: list
  elements: dict
  sample: [{log: "rollback of 3f1c0a9b-8d7e1f00 [0c4e5f6a-7b8c9d0e]", token: 0c4e5f6a-7b8c9d0e}]
rpcs:
  description: The requests that were sent to the router, in order.
  returned: success
  type: list
  elements: str
  sample: [get-commit-information]
requests:
  description: How many requests were sent.
  returned: success
  type: int
  sample: 1
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.module import commit_main


def main() -> None:
    """Run the module."""
    commit_main()


if __name__ == "__main__":
    main()
