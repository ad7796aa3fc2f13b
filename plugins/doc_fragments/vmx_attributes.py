# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of the router modules, as Ansible shows them."""

    DOCUMENTATION = r"""
attributes:
  action:
    description: Indicates that the module has an action plugin of the same name, which runs on the controller.
    support: full
  action_group:
    description: Use C(group/opencontrail.service_chain.vmx) in C(module_defaults) to set the connection once.
    support: full
    membership:
      - opencontrail.service_chain.vmx
  async:
    description: Supports being used with the C(async) keyword.
    support: none
  platform:
    description: Target systems.
    support: full
    platforms: Junos
"""
