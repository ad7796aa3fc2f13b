# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop over the official client that somebody without this collection would write."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from vnc_api import vnc_api

JsonDict = dict[str, Any]
PROJECT = ["default-domain", "default-project"]


class OfficialLoop:
    """Networks by vnc_api, one at a time; times are seconds."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._client = vnc_api.VncApi(
            api_server_host=parts.hostname,
            api_server_port=parts.port or 8082,
            api_server_use_ssl=str(parts.scheme == "https"),
            auth_type=None,
        )
        self._project = self._client.project_read(PROJECT)
        self._ipam = self._client.network_ipam_read([*PROJECT, "default-network-ipam"])

    def create(self, networks: Sequence[JsonDict]) -> float:
        """Create networks in the modules' shape."""
        began = time.perf_counter()
        for given in networks:
            self._client.virtual_network_create(self._wanted(given))
        return time.perf_counter() - began

    def compare(self, networks: Sequence[JsonDict]) -> float:
        """Read each network and compare its subnet and route target; all must agree."""
        began = time.perf_counter()
        for given in networks:
            stored = self._client.virtual_network_read([*PROJECT, given["name"]])
            targets = stored.get_route_target_list().get_route_target()
            subnet = stored.get_network_ipam_refs()[0]["attr"].get_ipam_subnets()[0].get_subnet()
            cidr = f"{subnet.get_ip_prefix()}/{subnet.get_ip_prefix_len()}"
            wanted = [f"target:{given['route_targets'][0]}"], given["subnets"][0]["cidr"]
            if (targets, cidr) != wanted:
                raise AssertionError(f"{given['name']} is not as it was made: {targets}, {cidr}")
        return time.perf_counter() - began

    def delete(self, networks: Sequence[JsonDict]) -> None:
        """Delete networks."""
        for given in networks:
            self._client.virtual_network_delete(fq_name=[*PROJECT, given["name"]])

    def _wanted(self, given: JsonDict) -> Any:
        network = vnc_api.VirtualNetwork(given["name"], parent_obj=self._project)
        prefix, _unused, length = given["subnets"][0]["cidr"].partition("/")
        subnet = vnc_api.IpamSubnetType(subnet=vnc_api.SubnetType(prefix, int(length)))
        network.add_network_ipam(self._ipam, vnc_api.VnSubnetsType([subnet]))
        network.set_route_target_list(vnc_api.RouteTargetList([f"target:{given['route_targets'][0]}"]))
        return network
