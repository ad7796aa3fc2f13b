#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: chain_wait
short_description: Waits until service chains have brought their routes into a router's tables
version_added: 1.0.0
description:
  - Reads the tables of a router until they hold what its chains bring, and tells while it waits what is still missing.
    Nothing is changed and nothing locked.
  - With O(wait_timeout=0) it looks once.
author:
  - OpenContrail service chain maintainers (@opencontrail)
extends_documentation_fragment:
  - opencontrail.service_chain.vmx
  - opencontrail.service_chain.vmx_attributes
attributes:
  check_mode:
    description: Changes nothing in either mode.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: N/A
  idempotent:
    description: Changes nothing.
    support: N/A
options:
  tables:
    description:
      - Routing tables to read, such as V(vn1.inet.0).
    type: list
    elements: str
    required: true
  expected:
    description:
      - What the chains bring, as O(opencontrail.service_chain.chain_verify#module:expected) takes it.
    type: list
    elements: dict
    default: []
  wait_timeout:
    description:
      - Seconds to wait at most.
    type: float
    default: 120
  interval:
    description:
      - Seconds between two looks.
    type: float
    default: 3
seealso:
  - module: opencontrail.service_chain.vmx_info
  - module: opencontrail.service_chain.chain_verify
"""

EXAMPLES = r"""
- name: Wait for the chain
  opencontrail.service_chain.chain_wait:
    tables: [vn1.inet.0, vn2.inet.0]
    expected:
      - {table: vn1.inet.0, chain: vn1-to-vn2, prefixes: [172.31.8.198/32]}
      - {table: vn2.inet.0, chain: vn1-to-vn2, prefixes: [172.31.9.34/32]}
    wait_timeout: 60
"""

RETURN = r"""
route_tables:
  description: The tables as they were read last, in the shape of M(opencontrail.service_chain.vmx_info).
  returned: when they could be read
  type: dict
missing:
  description: What is missing when the time is over.
  returned: always
  type: list
  elements: str
  sample: ["vn1.inet.0 has no 172.31.8.198/32 by BGP (chain vn1-to-vn2)"]
missing_chains:
  description: The chains that something is missing of, each once.
  returned: always
  type: list
  elements: str
  sample: [vn1-to-vn2]
waited:
  description: Seconds, number of looks, and each time that something changed what was missing.
  returned: always
  type: dict
  sample:
    seconds: 3.2
    looks: 2
    progress:
      - {seconds: 0.6, missing: ["vn1.inet.0 has no 172.31.8.198/32 by BGP (chain vn1-to-vn2)"]}
      - {seconds: 3.2, missing: []}
handover:
  description:
    - The result as text that the masking of secrets cannot change, for the modules and filters of this
      collection. See P(opencontrail.service_chain.handed_over#filter).
  returned: when masking, or the escaping of control characters, changes the result
  type: str
  sample: ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/eJyrVkrOSMxLT1WyUkpLzClOBQAolgSu
"""
