#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: compute_plan
short_description: Plans how nova-compute of a host gets its options
version_added: 1.1.0
description:
  - Reads a compute host, and returns the new text of its nova.conf, and whether and why nova-compute must be restarted.
    Nothing is changed. Run again after a restart it reports what is still not in effect.
  - Warnings, and how many guests keep another hypervisor, are shown as lines of the run.
  - Planned on the control node. On the host only C(/bin/sh) and Ansible's own modules run.
  - Role P(opencontrail.service_chain.compute_prep#role) carries the plan out, and describes the layouts.
author:
  - OpenContrail service chain maintainers (@opencontrail)
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
  virt_type:
    description:
      - The hypervisor, V(auto), V(qemu) or V(kvm).
    type: str
    default: auto
  cpu_mode:
    description:
      - The CPU mode, V(auto) or a value of nova's C(cpu_mode).
    type: str
    default: auto
  cpu_models:
    description:
      - CPU models for O(cpu_mode=custom).
    type: list
    elements: str
    default: []
  options:
    description:
      - Further options by section, each a value, a list of values, or null to remove it.
    type: raw
  layout:
    description:
      - How nova runs on the host.
    type: str
    choices: [auto, kolla, distribution]
    default: auto
  kolla_directory:
    description:
      - Where kolla has the configuration of nova-compute.
    type: str
    default: /etc/kolla/nova-compute
  nova_directory:
    description:
      - Where a distribution has it.
    type: str
    default: /etc/nova
  nova_conf:
    description:
      - The file to write; found where left empty.
    type: str
    default: ""
  container:
    description:
      - The container of nova-compute.
    type: str
    default: nova_compute
  container_file:
    description:
      - Where nova-compute reads its configuration in the container.
    type: str
    default: /etc/nova/nova.conf
  libvirt_container:
    description:
      - The container in which C(virsh) is run.
    type: str
    default: nova_libvirt
  engines:
    description:
      - The programs to look for containers with.
    type: list
    elements: str
    default: [docker, podman]
  units:
    description:
      - The units of systemd that may be nova-compute.
    type: list
    elements: str
    default: [nova-compute, openstack-nova-compute]
  restart:
    description:
      - Whether nova-compute may be restarted, so that what runs it must be found.
    type: bool
    default: true
  marker:
    description:
      - A file that is there while a restart is due.
    type: str
    required: true
  with_text:
    description:
      - Whether C(plan.file.text) and C(plan.options) are returned. They may have passwords in them, so give the task
        C(no_log=true).
    type: bool
    default: false
  proof_looks:
    description:
      - After a restart, read the host this many times, two seconds apart, until nothing is left to do. The task fails with
        what is not in effect. With V(0) the host is read once, and planned.
    type: int
    default: 0
"""

EXAMPLES = r"""
- name: Plan nova.conf for qemu
  opencontrail.service_chain.compute_plan:
    virt_type: qemu
    marker: /run/compute_prep-restart-nova-compute
  register: compute_host

- name: Show why nova-compute has to be restarted
  ansible.builtin.debug:
    msg: "{{ compute_host.plan.why }}"
"""

RETURN = r"""
plan:
  description:
    - C(problems) is empty, for the task fails where nothing can be done. C(warnings) are lines that were shown.
    - C(layout), C(virt_type) and C(options) (values by option by section) are what was decided.
    - C(file) has C(path), C(mode), C(differs), the new C(text) and C(difference), its options that change.
    - C(restart) says whether nova-compute has to be restarted and C(why) for which reasons; C(unit), or C(engine) and
      C(container), is what to restart. C(copies_once) says that the container must be told to copy anew.
    - Without O(with_text), C(options) is empty and C(file) has no C(text).
    - C(guests) counts running guests of another domain type.
  returned: success
  type: dict
  sample: {problems: [], warnings: [], restart: false, why: []}
"""
