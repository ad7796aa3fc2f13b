# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``chain_report``: the report on service chains, as a page or as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.content import Report, read_report
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.markdown import markdown
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.page import page
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import visible

DOCUMENTATION = r"""
name: chain_report
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Write the report on service chains
description:
  - Returns the report as a page of HTML that needs nothing else (no scripts, nothing from elsewhere; for screens wide
    and narrow, light and dark, and for paper), or as Markdown.
  - It shows how each chain fares, what was found and how to cure it, pictures of the chains drawn from the data model,
    the routers' tables before and after with the differences marked, and how long it took.
options:
  _input:
    description: What the report is about.
    type: dict
    required: true
    suboptions:
      intent:
        description: The data model, as O(opencontrail.service_chain.chain_routes#module:intent) takes it.
        type: dict
      routers:
        description:
          - The routers by name, each with its C(tables) now and C(before) (as M(opencontrail.service_chain.vmx_info)
            returns them in C(route_tables)), C(expected) (as P(opencontrail.service_chain.missing_routes#filter) takes
            it), and C(taken) and C(taken_before), the times of the tables.
        type: dict
      prediction:
        description:
          - The predicted tables by router, as M(opencontrail.service_chain.chain_routes) returns them in C(after).
        type: dict
      chains:
        description: How the chains fare, each with C(name), C(stands), C(link) (what is broken) and C(warnings).
        type: list
        elements: dict
      findings:
        description: Findings of other checks, such as P(opencontrail.service_chain.table_findings#filter) returns.
        type: list
        elements: dict
      timings:
        description: What took how long, each with C(what) and C(seconds).
        type: list
        elements: dict
      made:
        description: Time of the report.
        type: str
  form:
    description: What to return.
    type: str
    choices: [html, markdown]
    default: html
  pictures:
    description: Of how many chains a picture and the tables are shown. Broken ones come first.
    type: int
    default: 20
"""

EXAMPLES = r"""
- name: Keep a report
  ansible.builtin.copy:
    content: "{{ read | opencontrail.service_chain.chain_report }}"
    dest: /var/www/chains.html
    mode: "0644"
  delegate_to: localhost
  vars:
    read:
      intent: "{{ intent }}"
      routers:
        vmx1: {tables: "{{ router.route_tables }}"}
"""

RETURN = r"""
_value:
  description: The report.
  type: str
"""

_FORMS: dict[str, Callable[[Report, int], str]] = {"html": page, "markdown": markdown}


def chain_report(data: Mapping[str, Any], *, form: str = "html", pictures: int = 20) -> str:
    """Return the report in a form."""
    if form not in _FORMS:
        raise AnsibleFilterError(f"chain_report: form '{form}' is unknown; use {' or '.join(_FORMS)}")
    try:
        return _FORMS[form](read_report(visible(data)), int(pictures))
    except IntentError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"chain_report": chain_report}
