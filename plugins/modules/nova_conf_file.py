#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nova_conf_file
short_description: Sets nova's options in a file from which nova is deployed
version_added: 1.1.0
description:
  - With O(options), sets them in a file such as kolla-ansible's override of C(nova.conf). All other lines stay, comments too.
  - With O(wishes), sets them in C(kolla_config.customize) of the C(instances.yaml) of contrail-ansible-deployer or
    tf-ansible-deployer, which copies each of its values to C(/etc/kolla/config/KEY). All else stays byte for byte.
  - Edited on the control node. On the host only Ansible's own modules run.
author:
  - OpenContrail service chain maintainers (@opencontrail)
attributes:
  check_mode:
    description: Reads the file, and reports what a real run would change.
    support: full
  diff_mode:
    description: Shows the options that change, and no others; they may be passwords.
    support: full
  idempotent:
    description: A second run changes nothing.
    support: full
options:
  path:
    description:
      - The file. One that does not exist is made for O(options), and refused for O(wishes).
    type: str
    required: true
  options:
    description:
      - Lists of values by option by section; an empty list removes an option.
    type: dict
  wishes:
    description:
      - One for each compute node. Nodes that share a key must have the same options.
    type: list
    elements: dict
    suboptions:
      host:
        description:
          - Name of the compute node, which messages show.
        type: str
        required: true
      key:
        description:
          - Key below C(customize), such as C(nova.conf).
        type: str
        required: true
      options:
        description:
          - As O(options).
        type: dict
        required: true
  mode:
    description:
      - Mode of a new file; one that is there keeps its mode.
    type: str
    default: "0644"
  backup:
    description:
      - Whether to keep a dated copy of the file before a change.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Have kolla deploy nova-compute with qemu
  opencontrail.service_chain.nova_conf_file:
    path: /etc/kolla/config/nova/compute1/nova.conf
    options:
      libvirt: {virt_type: [qemu]}
"""

RETURN = r"""
difference:
  description: The options that change. Values that may be passwords are hidden.
  returned: success
  type: list
  elements: str
  sample: ["+[libvirt] virt_type = qemu"]
"""
