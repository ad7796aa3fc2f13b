# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``compute_plan``: what is to be done on a compute host for nova-compute's options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.options import Asked
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.plan import Site, compute_plan

DOCUMENTATION = r"""
name: compute_plan
author: OpenContrail service chain maintainers (@opencontrail)
version_added: 1.0.0
short_description: Plan how nova-compute gets its options
description:
  - Compares a compute host, as the script C(look.sh) of role C(compute_prep) has seen it, with the options that its
    nova-compute should have, and returns the new text of its nova.conf and whether and why nova-compute must be
    restarted.
  - Connects nowhere and changes nothing. Applied to what is seen afterwards, it tells what is still not in effect.
positional: _input
options:
  _input:
    description: What the script printed.
    type: str
    required: true
  asked:
    description: C(virt_type), C(cpu_mode), C(cpu_models) and C(options), as the role's variables of these names.
    type: dict
    required: true
  site:
    description:
      - C(name) (how messages call the host), and the role's variables C(layout), C(kolla_directory), C(nova_directory),
        C(nova_conf), C(container), C(container_file), C(engines), C(units) and C(restart).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show why nova-compute has to be restarted
  ansible.builtin.debug:
    msg: "{{ (seen.stdout | opencontrail.service_chain.compute_plan(asked, site)).why }}"
  vars:
    asked: {virt_type: qemu}
    site: {name: "{{ inventory_hostname }}"}
"""

RETURN = r"""
_value:
  description:
    - C(problems) are lines that say why nothing can be done; then nothing else is of use. C(warnings) are lines
      to show.
    - C(layout), C(virt_type) and C(options) (values by option by section) are what was decided.
    - C(file) has C(path), C(mode), C(differs), the new C(text) and C(difference), its options that change.
    - C(restart) says whether nova-compute has to be restarted and C(why) for which reasons; C(unit), or C(engine) and
      C(container), is what to restart. C(copies_once) says that the container must be told to copy anew.
    - C(guests) counts running guests of another domain type.
  type: dict
"""


def plan(printed: str, asked: Mapping[str, Any], site: Mapping[str, Any]) -> dict[str, Any]:
    """Return :func:`compute_plan` for values as templates give them."""
    models: Sequence[Any] = asked.get("cpu_models") or ()
    return compute_plan(
        printed,
        Asked(
            virt_type=str(asked.get("virt_type", "auto")),
            cpu_mode=str(asked.get("cpu_mode", "auto")),
            cpu_models=tuple(str(model) for model in models),
            options=asked.get("options"),
        ),
        Site(**{str(key): value for key, value in site.items()}),
    )


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file."""
        return {"compute_plan": plan}
