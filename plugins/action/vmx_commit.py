# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of this name."""

from __future__ import annotations

from ansible_collections.opencontrail.service_chain.plugins.modules import vmx_commit
from ansible_collections.opencontrail.service_chain.plugins.plugin_utils.router_action import RouterAction


class ActionModule(RouterAction):
    """See the module's documentation."""

    module = vmx_commit
