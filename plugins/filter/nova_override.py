# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``nova_override``: a file of nova's options with some of them set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.nova_conf import NovaConfError, difference
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.options import prepared

DOCUMENTATION = r"""
name: nova_override
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Set options in the text of a nova.conf
description:
  - Returns the text with exactly the values given for the options named. All other lines, comments among them, stay as
    they are; options with several values are understood as nova understands them.
positional: _input, options
options:
  _input:
    description: The text, empty for a new file.
    type: str
    required: true
  options:
    description: Lists of values by option by section; an empty list takes an option out.
    type: dict
    required: true
  path:
    description: How problems call the file.
    type: str
    default: nova.conf
"""

EXAMPLES = r"""
- name: Show a nova.conf for qemu
  ansible.builtin.debug:
    msg: "{{ ('' | opencontrail.service_chain.nova_override({'libvirt': {'virt_type': ['qemu']}})).text }}"
"""

RETURN = r"""
_value:
  description:
    - C(problems) are lines that say why the text cannot be edited; then there is nothing else.
    - C(text) is the new text, C(differs) whether it is another, C(difference) the options that change.
  type: dict
"""


def nova_override(text: str, options: Mapping[str, Mapping[str, list[str]]], path: str = "nova.conf") -> dict[str, Any]:
    """Return the text with the options set, or why it cannot be had."""
    try:
        after = prepared(text, options)
        return {"problems": [], "text": after, "differs": after != text, "difference": difference(text, after)}
    except NovaConfError as error:
        return {"problems": [f"{path}: {error}; nova could not read that, mend it first"], "differs": False}


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"nova_override": nova_override}
