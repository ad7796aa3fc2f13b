# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pings through the chains find."""

from __future__ import annotations

from ...values.finding import ERROR, FindingKind

PING_FAILED = FindingKind(
    "ping-failed",
    ERROR,
    "{host} does not reach {address} through chain {chain}",
    "packets are lost, although all routes may be present",
    "check that the service VMs forward and have routes to both sides, and that the hosts have their routes",
)
PING_GOES_AROUND = FindingKind(
    "ping-goes-around",
    ERROR,
    "{host} reaches {address} although {service} does not forward",
    "traffic bypasses the service",
    "check that the steering terms match this traffic, and that no other route bypasses the VRF",
)
