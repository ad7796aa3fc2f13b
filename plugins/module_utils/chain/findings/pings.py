# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pings through the chains find."""

from __future__ import annotations

from .finding import ERROR, FindingKind

PING_FAILED = FindingKind(
    "ping-failed",
    ERROR,
    "{host} does not reach {address} through chain {chain}",
    "packets are lost on the way, though the routes may all be there",
    "see that the service's guests forward and have routes to both sides, and that the hosts have theirs",
)
PING_GOES_AROUND = FindingKind(
    "ping-goes-around",
    ERROR,
    "{host} reaches {address} though {service} does not forward",
    "traffic goes around the service",
    "see that the steering terms match this traffic and that no other route leads past the VRF",
)
