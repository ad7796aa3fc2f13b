# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``adopted_file``: what was adopted, as a file of variables in which no text is a template."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import on_one_line

DOCUMENTATION = r"""
name: adopted_file
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Write adopted service chains as a file of variables
description:
  - Turns what the module M(opencontrail.service_chain.chain_adopt) returned into YAML, its remarks into comments.
  - What neither Contrail nor a router knows (hosts, addresses that hosts use as next hop, new ports) is asked for by
    comments, at the place where it is to be written.
  - A text that Ansible would take for a template is tagged C(!unsafe), for it was written by whoever may name or
    describe an object on the controller or the router, and is to be read back as it stands.
positional: _input
options:
  _input:
    description: What was adopted, with its C(remarks).
    type: dict
    required: true
seealso:
  - module: opencontrail.service_chain.chain_adopt
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


HEAD = """\
---
# Service chains as playbooks/adopt.yml found them. What neither Contrail nor a router knows is asked for by comments:
# take the first # of such a line away, and write what is asked for.
"""
PORTS = """
# Ports that are there are taken by their names. This is for ports that the site is to make:
# contrail_objects_ports:
#   - {name: PORT, network: NETWORK, addresses: [ADDRESS]}
"""


class _Question(str):
    """A question in the place of a value: a word for it, and behind a # what it is."""


ENDPOINT = _Question("HOST   # of the inventory group endpoints, to have its routes to the far side set")
GUEST = _Question("HOST   # of the inventory group service_guests, to have its routes set")
NEXT_HOP = _Question("ADDRESS   # of the router, that those hosts use as next hop")


def _asked(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables with questions at the places of what nobody could know."""
    asking: dict[str, Callable[[Any], Any]] = {
        "service_chains": lambda chain: {key: _asked_side(value) for key, value in chain.items()},
        "service_chain_services": lambda service: _with_questions(service, "members", GUEST),
        "service_chain_routers": lambda router: {**router, "address": NEXT_HOP} if router else router,
    }
    return {
        name: {key: asking[name](each) for key, each in value.items()} if name in asking else value
        for name, value in variables.items()
    }


def _asked_side(value: Any) -> Any:
    return _with_questions(value, "external", ENDPOINT) if isinstance(value, dict) else value


def _with_questions(holder: Mapping[str, Any], key: str, question: _Question) -> dict[str, Any]:
    """Return a mapping whose list of mappings asks for the host of each entry."""
    if not isinstance(holder.get(key), list):
        return dict(holder)
    return {**holder, key: [{**each, "host": question} for each in holder[key]]}


def adopted_file(adopted: Mapping[str, Any]) -> str:
    """Return a file of variables; see the documentation of the filter."""
    remarks = [f"# {on_one_line(str(remark))}\n" for remark in adopted.get("remarks") or ()]
    variables = _asked(_bare({name: value for name, value in adopted.items() if name != "remarks"}))
    mark = f"!ask-{secrets.token_hex(8)}"  # no text can have it, wherever the emitter breaks it

    class Dumper(_Dumper):
        """Marks the questions."""

    Dumper.add_representer(_Question, lambda dumper, text: dumper.represent_scalar(mark, text, style='"'))
    written = yaml.dump(variables, Dumper=Dumper, sort_keys=False, width=_WIDTH, allow_unicode=True)
    asked = re.sub(rf'^( *)(\w+): {mark} "(.*)"$', r"\1# \2: \3", written, flags=re.MULTILINE)
    return "".join([HEAD, *remarks, asked, PORTS])


class FilterModule:
    """The filters of this file, as Ansible finds them."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"adopted_file": adopted_file}
