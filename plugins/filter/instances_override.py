# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``instances_override``: nova's options in the instances.yaml of the Contrail deployers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.nova_conf import NovaConfError, difference
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.instances_file import (
    InstancesError,
    nova_conf_in,
    with_nova_conf,
)

DOCUMENTATION = r"""
name: instances_override
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Set nova's options in an instances.yaml
description:
  - Edits C(kolla_config.customize) in the instances.yaml of contrail-ansible-deployer or tf-ansible-deployer, which
    copies each of its values to C(/etc/kolla/config/KEY). All else in the file stays byte for byte, comments too.
positional: _input, wishes
options:
  _input:
    description: The text of the file.
    type: str
    required: true
  wishes:
    description:
      - One for each compute node, with C(host), C(key) (below C(customize)) and C(options) (lists of values by option
        by section). Nodes that share a key must have the same options.
    type: list
    elements: dict
    required: true
  path:
    description: How problems call the file.
    type: str
    default: instances.yaml
"""

EXAMPLES = r"""
- name: Show an instances.yaml with nova's hypervisor
  ansible.builtin.debug:
    msg: "{{ text | opencontrail.service_chain.instances_override(wishes) }}"
  vars:
    text: "{{ lookup('ansible.builtin.file', 'instances.yaml') }}"
    wishes:
      - {host: compute1, key: nova.conf, options: {libvirt: {virt_type: [qemu]}}}
"""

RETURN = r"""
_value:
  description:
    - C(problems) are lines that say why the text cannot be edited; then there is nothing else.
    - C(text) is the new text, C(differs) whether it is another, C(difference) the options that change.
  type: dict
"""


def instances_override(text: str, wishes: Sequence[Mapping[str, Any]], path: str = "instances.yaml") -> dict[str, Any]:
    """Return the text with the options of all nodes, or why it cannot be had."""
    after = text
    try:
        for wish in _agreed(wishes):
            after = with_nova_conf(after, wish["key"], wish["options"])
    except (InstancesError, NovaConfError) as error:
        return {"problems": [f"{path}: {error}"], "differs": False}
    keys = dict.fromkeys(wish["key"] for wish in wishes)
    lines = [line for key in keys for line in difference(nova_conf_in(text, key), nova_conf_in(after, key))]
    return {"problems": [], "text": after, "differs": after != text, "difference": lines}


def _agreed(wishes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return one wish for each key. Raises InstancesError where nodes want different options under one key."""
    first: dict[str, Mapping[str, Any]] = {}
    for wish in wishes:
        other = first.setdefault(str(wish["key"]), wish)
        if other["options"] != wish["options"]:
            raise InstancesError(
                f"kolla_config.customize.{wish['key']} is for all nodes, but {other['host']} and {wish['host']} are "
                "to have different options; set compute_prep_instances_key to nova/NODE/nova.conf"
            )
    return list(first.values())


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"instances_override": instances_override}
