# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route targets of networks, and those that a controller keeps for itself."""

from __future__ import annotations

from ..intent.model import Network

# The schema transformer's own ranges (cfgm_common), where the administrator is the controller's own AS.
FIRST_OWN_NUMBER, FIRST_OWN_NUMBER_4_BYTE, LAST_OWN_NUMBER = 8_000_000, 8_000, 16_777_216
LAST_2_BYTE_AS = 0xFFFF


def all_targets(network: Network) -> tuple[str, ...]:
    """Return the route targets of a network, whichever way they go."""
    lists = (network.route_targets, network.import_route_targets, network.export_route_targets)
    return tuple(dict.fromkeys(target for each in lists for target in each))
