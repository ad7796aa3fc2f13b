# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of this name."""

from __future__ import annotations

from ansible_collections.opencontrail.service_chain.plugins.modules import nova_service
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.module_action import ModuleAction


class ActionModule(ModuleAction):
    """See the module's documentation."""

    module = nova_service
