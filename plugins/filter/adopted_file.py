# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``adopted_file``: what was adopted, as a file of variables in which no text is a template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.plain_text import on_one_line

DOCUMENTATION = r"""
name: adopted_file
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Write adopted service chains as a file of variables
description:
  - Turns what the filter P(opencontrail.service_chain.adopted#filter) returned into YAML, its remarks into comments.
  - A text that Ansible would take for a template is tagged C(!unsafe), for it was written by whoever may name or
    describe an object on the controller or the router, and is to be read back as it stands.
positional: _input
options:
  _input:
    description: What P(opencontrail.service_chain.adopted#filter) returned.
    type: dict
    required: true
seealso:
  - plugin: opencontrail.service_chain.adopted
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write the variables of the chains that stand
  ansible.builtin.copy:
    content: "{{ chains | opencontrail.service_chain.adopted_file }}"
    dest: service_chains.yml
    mode: "0644"
  vars:
    chains: {service_chains: {}, remarks: [a remark]}
"""

RETURN = r"""
_value:
  description: The content of the file.
  type: str
"""

_TEMPLATE = re.compile(r"\{[{%#]")
_WIDTH = 120


class _Dumper(yaml.SafeDumper):
    """Writes lists indented below their key, and texts that look like templates as what they are."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists too."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out: the file is read by people."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    if _TEMPLATE.search(text):
        return dumper.represent_scalar("!unsafe", text, style='"')
    if not text.isprintable():  # the emitter would write some line breaks of Unicode so that they are not read back
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    return dumper.represent_str(text)


_Dumper.add_representer(str, _text)


def _bare(value: Any) -> Any:
    """Return data without what Ansible adds to its types."""
    if isinstance(value, Mapping):
        return {_bare(key): _bare(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_bare(inner) for inner in value]
    if isinstance(value, str):
        return "".join(value)
    return value


def adopted_file(adopted: Mapping[str, Any]) -> str:
    """Return a file of variables; see the documentation of the filter."""
    remarks = [f"# {on_one_line(str(remark))}\n" for remark in adopted.get("remarks") or ()]
    variables = _bare({name: value for name, value in adopted.items() if name != "remarks"})
    written = yaml.dump(variables, Dumper=_Dumper, sort_keys=False, width=_WIDTH, allow_unicode=True)
    return "".join(["---\n", *remarks, written])


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"adopted_file": adopted_file}
