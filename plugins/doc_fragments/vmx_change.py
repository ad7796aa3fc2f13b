# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options that say how a module changes the configuration of a router."""

    DOCUMENTATION = r"""
options:
  commit:
    description:
      - How to commit.
      - While a confirmed commit of somebody else is pending, the module stops before anything, whether or not it has
        something to change; a commit, and even a commit check, would confirm that commit. Older releases do not say
        whether a confirmed commit was confirmed; there it stops as long as the commit may be pending.
    type: dict
    suboptions:
      comment:
        description:
          - Text for the commit log, at most 400 characters. A token is added by which a commit is found again.
          - Left out, it is the name of the module.
        type: str
      check_only:
        description:
          - Whether to have the router check the change and then throw it away. RV(ignore:changed) says whether there
            was something to change.
        type: bool
        default: false
      confirmed:
        description:
          - Minutes after which the router takes the change back unless it is confirmed, from 1 to 65535. So a change
            that cuts the way to the router is undone by the router itself.
          - A second run of the same task, while its commit is still pending, goes on with the confirmation. It
            reports a change.
        type: int
      confirm:
        description:
          - Who confirms. V(here) is this task, at once, from a new session and after O(commit.checks). V(later) is
            another task with M(opencontrail.service_chain.vmx_commit) and the token in RV(ignore:commits).
        type: str
        choices: [here, later]
        default: here
      checks:
        description:
          - What must hold after the change; where it does not, the commit is left unconfirmed and the task fails. That
            a new session can be opened is always checked.
        type: dict
        suboptions:
          ping:
            description:
              - Addresses that must answer the router.
            type: list
            elements: dict
            suboptions:
              destination:
                description:
                  - Address to ping.
                type: str
                required: true
              source:
                description:
                  - Address of the router to ping from.
                type: str
              routing_instance:
                description:
                  - Routing instance to ping from.
                type: str
              count:
                description:
                  - Number of requests, of which one must be answered.
                type: int
                default: 3
          bgp_established:
            description:
              - Addresses of BGP peers that must be established, in every routing instance that has the peer.
              - Write V(ADDRESS@INSTANCE), such as V(192.0.2.21@vn1), for the peer of one routing instance; the main one is
                V(master).
            type: list
            elements: str
          timeout:
            description:
              - Seconds for all of it to come true.
            type: int
            default: 30
      synchronize:
        description:
          - Whether to commit on both routing engines.
        type: bool
        default: false
      full:
        description:
          - Whether every process of the router evaluates the whole configuration (C(commit full)).
        type: bool
        default: false
  lock_timeout:
    description:
      - Seconds to wait while somebody else holds the configuration lock, or another run of this collection has a
        commit to confirm.
    type: int
    default: 30
"""
