# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route targets of networks."""

from __future__ import annotations

from ..intent.model import Network


def all_targets(network: Network) -> tuple[str, ...]:
    """Return the route targets of a network, whichever way they go."""
    lists = (network.route_targets, network.import_route_targets, network.export_route_targets)
    return tuple(dict.fromkeys(target for each in lists for target in each))
