# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds that other kinds refer to and of which only the name matters here."""

from __future__ import annotations

from .entity import Entity

NAMED = tuple(
    Entity(kind, rank=0)
    for kind in (
        "domain",
        "project",
        "tag",
        "virtual-DNS",
        "service-appliance-set",
        "security-group",
        "qos-config",
        "bgpvpn",
        "security-logging-object",
        "virtual-router",
        "fabric",
    )
)
