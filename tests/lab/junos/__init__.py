# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's router: Junos configuration databases and operational replies behind NETCONF over SSH."""

from lab.junos.operational import Operational
from lab.junos.router import Router
from lab.junos.server import serve

__all__ = ["Operational", "Router", "serve"]
