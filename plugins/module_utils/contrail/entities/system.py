# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains, projects and the configuration of the whole system."""

from __future__ import annotations

from ..entity import Entity

DOMAIN = Entity("domain", rank=0)

PROJECT = Entity("project", rank=0)

GLOBAL_SYSTEM_CONFIG = Entity("global-system-config", rank=0, related=("autonomous_system",))
