# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the intent to the description of a site: what stands when everything has been carried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..design.derive import derive
from ..intent.model import Intent, Network
from .read_site import SiteDescription


def describe_intent(intent: Intent) -> SiteDescription:
    """Return the description of a site that follows from ``intent``.

    What others made (networks, services that are ``existing``) is described as far as the intent tells.
    """
    derived = derive(intent)
    return {
        "networks": [_network(network) for network in intent.networks.values()],
        "ports": [
            {"name": port.name, "network": port.network, "addresses": list(port.addresses) or None}
            for port in intent.ports.values()
        ],
        "services": derived.instances,
        "templates": _templates(intent, derived.templates),
        "policies": derived.policies,
        "routers": [
            {
                "name": name,
                "address": intent.routers[name].addresses.get("inet"),
                "vrfs": described.vrfs,
            }
            for name, described in derived.routers.items()
        ],
    }


def _network(network: Network) -> Mapping[str, Any]:
    return {
        "name": network.full_name,
        "subnets": [{"cidr": subnet.cidr} for subnet in network.subnets],
        "route_targets": list(network.route_targets),
        "import_route_targets": list(network.import_route_targets),
        "export_route_targets": list(network.export_route_targets),
        "allow_transit": network.properties.get("allow_transit"),
    }


def _templates(intent: Intent, made: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the templates that are made, and of existing ones the mode that the services say they have."""
    existing = {service.template.name: service.mode for service in intent.services.values()}
    return [*({"name": name, "mode": mode} for name, mode in existing.items()), *made]
