# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The prediction against the lab, which simulates the mechanism instead: both on the same sites at random.

Where the two disagreed, the rules that the collection's predictions follow were read again:

* Ports that share an address on one compute node are one route with a label of its own, which only the vRouter knows.
* A chain needs the same rule in the policies of both networks; these need not be one policy.
* A service whose address lies in another network than the one in which the chain looks for it brings nothing.
* What leaks from one VRF into another by auto-export does not leak on, so not back either.
* Of routes that are alike in preference, MED and source, the control node takes the one with the lower next hop.
* Where a network imports a route target of the one at the other end of a chain, its routes come back to it through the
  chain: two states last, and which one comes about depends on the order of events. So it is where both ends have one
  prefix from elsewhere and pass it on. The prediction says so (`caution`), and such sites are not compared.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.from_objects import (
    KINDS,
    describe_objects,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.prediction import predict
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.read_site import read_site
from hypothesis import HealthCheck, Phase, assume, given
from lab.core.site import read_site as read_lab_site
from lab.core.world import World
from models.random_sites import COMPUTES, ROUTERS, RandomSite, addresses_of, make_world, random_sites
from models.vrf_configuration import VrfStatements
from support.examples import examples

LAB = read_lab_site()
CASES = int(os.environ.get("ROUTES_CASES", "60"))  # hundreds take a minute


def description(world: World, site: RandomSite) -> dict[str, Any]:
    """Return what the collection is told: the API's objects, what machines know, and the routers' VRFs."""
    described = describe_objects({kind: world.store.objects(kind) for kind in KINDS})
    machines = [
        {
            "name": port,
            "compute": COMPUTES[compute],
            "label": site.labels[port],
            "silent": addresses_of(world, port) if port in site.low else [],
            **({"up": False} if port in site.down else {}),
        }
        for port, compute in site.ports.items()
    ]
    routers = [
        {"name": name, "address": ROUTERS[name], "vrfs": [described_vrf(vrf) for vrf in vrfs]}
        for name, vrfs in site.vrfs.items()
    ]
    ports = [*described["ports"], *machines]
    return {**described, "ports": ports, "routers": routers, "release": site.release}


def described_vrf(vrf: VrfStatements) -> dict[str, Any]:
    """Return a VRF as the collection is told of it."""
    return {
        "name": vrf.name,
        "import_route_targets": [vrf.imports],
        "export_route_targets": [vrf.exports],
        "static_routes": [{"prefix": prefix, "next_table": "inet.0"} for prefix in vrf.statics],
        "table_label": vrf.table_label,
        "auto_export": ["inet"],
    }


def predicted(world: World, site: RandomSite) -> dict[str, dict[str, Counter[Any]]]:
    """Return by router and table what the collection says, as rows with their number."""
    prediction = predict(read_site(**description(world, site)))
    assume(not any(judged.caution for judged in prediction.chains))
    return {router: rows_of(tables) for router, tables in prediction.after.items()}


def rows_of(tables: Mapping[str, Any]) -> dict[str, Counter[Any]]:
    """Return by table the predicted rows with their number."""
    return {
        name: Counter(
            (
                route["prefix"],
                route["protocol"],
                route["preference"],
                route["med"],
                route["local_preference"],
                route["label"],
                route["next_hop"],
                route["to_table"],
            )
            for route in table["routes"]
        )
        for name, table in tables.items()
    }


def simulated(world: World, site: RandomSite, router: str) -> dict[str, Counter[Any]]:
    """Return by table what a router of the lab shows; a label that no port has is that of a shared address."""
    tables = {table.name: table for table in world.route_tables(router)}
    hops = {
        entry.via: destination.prefix.removesuffix("/32")
        for destination in tables["inet.3"].destinations
        for entry in destination.entries
    }
    labels = set(site.labels.values())
    return {
        name: Counter(
            (
                destination.prefix,
                entry.protocol,
                entry.preference,
                entry.med,
                entry.local_preference,
                entry.label if entry.label in labels else None,
                hops.get(entry.via),
                entry.to_table,
            )
            for destination in table.destinations
            for entry in destination.entries
        )
        for name, table in tables.items()
        if name.startswith("vrf") and table.destinations
    }


@examples(CASES, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
@given(site=random_sites())
def test_the_prediction_agrees_with_the_lab(site: RandomSite) -> None:
    world = make_world(site, LAB)
    assert predicted(world, site) == {router: simulated(world, site, router) for router in site.vrfs}
