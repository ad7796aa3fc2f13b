#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: chain_verify
short_description: Verify service chains by the routers' tables
version_added: 1.1.0
description:
  - Waits until the tables of a router hold what its chains bring, reads them, compares them with the tables before the
    chains and with the predicted ones, finds the first broken link of each chain, and writes a report.
  - Systems are only read. Snapshots and reports are files on the control node; they never count as changes, and in check
    mode none is written.
  - Everything runs on the control node, in the Python of ansible-playbook. O(step=snapshot_before) and O(diagnose) ask
    Contrail; the connection to it is taken from C(module_defaults) of the group C(contrail).
author:
  - OpenContrail service chain maintainers (@opencontrail)
extends_documentation_fragment:
  - opencontrail.service_chain.vmx
  - opencontrail.service_chain.vmx_attributes
attributes:
  check_mode:
    description: Writes no snapshot and no report.
    support: full
  diff_mode:
    description: Changes no system, so there is no difference to show.
    support: N/A
  idempotent:
    description: Changes no system.
    support: N/A
options:
  step:
    description:
      - V(verify) reads this router, judges it, and fails where a chain is down.
      - V(read) and V(judge) do that in two steps, so that one verdict covers several routers. V(judge) never fails
        because of a chain; look at RV(stands).
      - V(snapshot_before) keeps the tables in C(ROUTER.before.json) while none of O(policies) is attached to a network.
        Without O(policies) it keeps them once.
      - V(pings) lists the pings that prove the chains.
      - V(forget) removes the snapshots of this router.
    type: str
    choices: [verify, snapshot_before, read, judge, pings, forget]
    default: verify
  tables:
    description: The routing tables to read, such as V(vn1.inet.0).
    type: list
    elements: str
    default: []
  expected:
    description:
      - What the chains bring into the tables.
      - Each entry has C(table), C(chain) and C(prefixes) (each must be in the table, learned by BGP). It may have
        C(copies) (all that C(copies.table) holds within the prefixes C(copies.within) must be there too) and
        C(any_within) (at least one route within these prefixes must be there).
    type: list
    elements: dict
    default: []
  wait_timeout:
    description: Seconds to wait for what is expected. With V(0) the tables are read once.
    type: float
    default: 0
  interval:
    description: Seconds between two looks.
    type: float
    default: 3
  policies:
    description: Names of the policies of the chains, for O(step=snapshot_before).
    type: list
    elements: str
    default: []
  directory:
    description: Directory on the control node for snapshots and reports. It is created where it does not exist.
    type: path
  keep:
    description: Whether to keep the tables that were read, in C(ROUTER.after.json).
    type: bool
    default: false
  diagnose:
    description:
      - Whether to find the first broken link of each chain, as M(opencontrail.service_chain.chain_diagnose) does. This
        needs O(intent). A Contrail that does not answer does not fail the verification.
    type: bool
    default: false
  intent:
    description:
      - The data model, as O(opencontrail.service_chain.chain_routes#module:intent) takes it. With it the tables are
        compared with the predicted ones; differences are warnings. Its routers are named as the hosts of the play.
    type: dict
    default: {}
  ports:
    description: What is known of ports, as O(opencontrail.service_chain.chain_routes#module:ports) takes it.
    type: list
    elements: dict
    default: []
  release:
    description: Contrail's release, on which the prediction depends.
    type: str
    default: "4.0"
  domain:
    description: Domain of names without one.
    type: str
    default: default-domain
  project:
    description: Project of names without one.
    type: str
    default: default-project
  introspect:
    description: Where the introspect pages are, as O(opencontrail.service_chain.chain_diagnose#module:introspect) takes it.
    type: dict
    default: {}
  routers:
    description: For O(step=judge), the results of O(step=read) by name of the router.
    type: dict
    default: {}
  pinged:
    description: Results of the pings of RV(pings), each with C(rc) and its C(item).
    type: list
    elements: dict
    default: []
  unproven:
    description: Results of pings while the service C(item.service) did not forward. These must have failed.
    type: list
    elements: dict
    default: []
  show:
    description: Whether to print the tables, the differences and how the chains fare.
    type: bool
    default: true
  report:
    description: Whether to write C(report.html) and C(report.md) into O(directory).
    type: bool
    default: false
  pictures:
    description: Of how many chains the report has a picture and the tables. Broken ones come first.
    type: int
    default: 20
  timings:
    description: What else took how long, for the report; each with C(what) and C(seconds).
    type: list
    elements: dict
    default: []
seealso:
  - module: opencontrail.service_chain.chain_wait
  - module: opencontrail.service_chain.chain_routes
  - module: opencontrail.service_chain.chain_diagnose
"""

EXAMPLES = r"""
- name: Verify a chain on one router
  opencontrail.service_chain.chain_verify:
    tables: [vn1.inet.0, vn2.inet.0]
    expected:
      - {table: vn1.inet.0, chain: vn1-to-vn2, prefixes: [172.31.8.198/32]}
      - {table: vn2.inet.0, chain: vn1-to-vn2, prefixes: [172.31.9.34/32]}
    wait_timeout: 60
"""

RETURN = r"""
stands:
  description: Whether all chains stand, as far as they were looked at.
  returned: for V(verify) and V(judge)
  type: bool
  sample: true
msg:
  description: Why they do not, with line breaks, and where the report is.
  returned: for V(verify) and V(judge)
  type: str
  sample: all chains stand
failed_chains:
  description: Names of the chains that are down.
  returned: for V(verify) and V(judge)
  type: list
  elements: str
  sample: []
chains:
  description: The verdict on each chain, as M(opencontrail.service_chain.chain_diagnose) returns it.
  returned: for V(verify) and V(judge)
  type: list
  elements: dict
  sample: []
findings:
  description: What the diagnosis, the pings and the comparison of tables found, as
    M(opencontrail.service_chain.chain_diagnose) returns findings.
  returned: for V(verify) and V(judge)
  type: list
  elements: dict
  sample: []
not_looked_at:
  description: What the diagnosis did not look at, one line each.
  returned: for V(verify) and V(judge)
  type: list
  elements: str
  sample: []
report:
  description: The files of the report; none where it was not written, as in check mode.
  returned: for V(verify) and V(judge)
  type: list
  elements: str
  sample: [/var/lib/chains/report.html, /var/lib/chains/report.md]
results:
  description: What M(opencontrail.service_chain.vmx_info) returned, for O(routers).
  returned: for V(read)
  type: list
  elements: dict
tables:
  description: The names of the tables, as in O(tables).
  returned: for V(read)
  type: list
  elements: str
  sample: [vn1.inet.0]
expected:
  description: As in O(expected).
  returned: for V(read)
  type: list
  elements: dict
  sample: []
wait_timeout:
  description: As in O(wait_timeout).
  returned: for V(read)
  type: float
  sample: 60
missing:
  description: What is missing when the time is over.
  returned: for V(read)
  type: list
  elements: str
  sample: ["vn1.inet.0 has no 172.31.8.198/32 by BGP (chain vn1-to-vn2)"]
missing_chains:
  description: The chains that something is missing of, each once.
  returned: for V(read)
  type: list
  elements: str
  sample: [vn1-to-vn2]
waited:
  description: Seconds, number of looks, and each time that something changed what was missing.
  returned: for V(read)
  type: dict
  sample: {seconds: 0.6, looks: 1, progress: [{seconds: 0.6, missing: []}]}
taken:
  description: For V(read) the time at which the tables were read, for V(snapshot_before) whether they were kept.
  returned: for V(read) and V(snapshot_before)
  type: raw
  sample: 2026-01-31 10:00:00 UTC
file:
  description: The file of the snapshot.
  returned: for V(snapshot_before), where it was kept
  type: str
  sample: /var/lib/chains/vmx1.before.json
pings:
  description: The pings, each with C(chain), C(host), C(address) and C(family).
  returned: for V(pings)
  type: list
  elements: dict
  sample: [{chain: vn1-to-vn2, host: pc1, address: 172.31.8.198, family: inet}]
proofs:
  description:
    - How to prove that pings go through a service. Each has C(chain), C(service), C(guests) that must not forward
      meanwhile, the kernel's C(parameter) for that, and the C(pings) that must fail then.
  returned: for V(pings)
  type: list
  elements: dict
  sample: []
"""
