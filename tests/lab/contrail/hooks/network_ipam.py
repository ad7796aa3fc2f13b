# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does for address pools (network IPAMs)."""

from __future__ import annotations

from lab.contrail import subnets
from lab.contrail.hooks.base import KindHooks, merged
from lab.contrail.schema import JsonDict


class NetworkIpamHooks(KindHooks):
    """Checks and completes the subnets that an IPAM itself has."""

    def before_create(self, new: JsonDict) -> None:
        """Complete the subnets of a new IPAM."""
        _complete(new)

    def before_update(self, stored: JsonDict, changes: JsonDict) -> None:
        """Complete the subnets of an update."""
        if "ipam_subnets" in changes:
            _complete({**merged(stored, changes), "ipam_subnets": changes["ipam_subnets"]})


def _complete(whole: JsonDict) -> None:
    entries = (whole.get("ipam_subnets") or {}).get("subnets") or []
    subnets.check_subnets(entries)
    found = [network for entry in entries if (network := subnets.network_of(entry))]
    subnets.check_overlap(found)
    for entry in entries:
        network = subnets.network_of(entry)
        if network is not None:
            entry["default_gateway"] = subnets.gateway_of(entry, network)
            entry["dns_server_address"] = subnets.dns_server_of(entry, network)
