# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's schema transformer against a real one: same objects in, same routing instances and words out."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from contract.recorded_scenarios import RELEASE, SCENARIOS, is_service_address, load, recorded_objects
from lab.core.site import read_site
from lab.core.world import World

OWNED = ("routing-instance", "route-target")
HALFWAY = {"18-transitions-a-before": "an IPv6 service address was still to come"}
NOT_SIMULATED = {
    "11-transparent": "transparent services",
    "25-v1-template": "version 1 templates",
}
pytestmark = pytest.mark.skipif(not SCENARIOS.exists(), reason="recorded truth is not here")


def scenarios() -> list[Any]:
    return [
        pytest.param(
            path.parent,
            id=path.parent.name,
            marks=[pytest.mark.skip(reason=f"{NOT_SIMULATED[path.parent.name]} are not simulated")]
            if path.parent.name in NOT_SIMULATED
            else [],
        )
        for path in sorted(SCENARIOS.glob("*/api.json"))
        if (path.parent / "schema.ServiceChainList.xml").exists()
    ]


def shape(instances: list[dict[str, Any]], addresses: list[dict[str, Any]]) -> dict[str, Any]:
    """Return routing instances so that they compare.

    Without uuids, with automatic targets all alike, in order; service addresses by what they are of, since
    which one is given to which side depends on the order in which ports were made.
    """
    shapes = {}
    owners = {item["instance_ip_address"]: item["fq_name"][0] for item in addresses if is_service_address(item)}
    for item in instances:
        if item["fq_name"][1] != "demo":
            continue
        chain = item["fq_name"][-1][8:44] if item["fq_name"][-1].startswith("service-") else None

        def text(value: Any, chain: Any = chain) -> str:
            return json.dumps(value, sort_keys=True).replace(str(chain), "CHAIN")

        information = {
            name: text(
                {key: owners[value] if key == "service_chain_address" else value for key, value in item[name].items()}
            )
            for name in ("service_chain_information", "ipv6_service_chain_information")
            if item.get(name)
        }
        shapes[unchained(":".join(item["fq_name"]))] = {
            "targets": sorted(
                (automatic_alike(one["to"][0]), str(one["attr"]["import_export"]))
                for one in item.get("route_target_refs", [])
            ),
            "connections": sorted(unchained(":".join(one["to"])) for one in item.get("routing_instance_refs", [])),
            **information,
        }
    return shapes


def unchained(name: str) -> str:
    head, separator, tail = name.partition(":service-")
    return f"{head}{separator}{tail[36:]}" if separator else name


def automatic_alike(target: str) -> str:
    number = int(target.rpartition(":")[2])
    return "automatic" if number >= 8_000_000 else target


def chains_recorded(scenario: Path) -> list[tuple[str, ...]]:
    text = (scenario / "schema.ServiceChainList.xml").read_text(encoding="utf-8")
    root = ET.fromstring(text[text.index("?>") + 2 :])
    return sorted(
        (
            chain.findtext("left_virtual_network", ""),
            chain.findtext("right_virtual_network", ""),
            chain.findtext("direction", ""),
            chain.findtext("created", ""),
            chain.findtext("error_msg", ""),
        )
        for chain in root.iter("ServiceChain")
    )


@pytest.mark.parametrize("scenario", scenarios())
def test_makes_the_routing_instances_that_were_recorded(scenario: Path) -> None:
    if scenario.name in HALFWAY:
        pytest.skip(f"recorded halfway: {HALFWAY[scenario.name]}")
    world = World(read_site().of_release(RELEASE))
    recorded = recorded_objects(scenario)
    load(world.store, recorded)
    world.settle()
    assert world.service_monitor.errors == []
    made = shape(world.store.objects("routing-instance"), world.store.objects("instance-ip"))
    assert made == shape(recorded.get("routing-instance", []), recorded.get("instance-ip", []))


@pytest.mark.parametrize("scenario", scenarios())
def test_says_of_chains_what_was_recorded(scenario: Path) -> None:
    world = World(read_site().of_release(RELEASE))
    load(world.store, recorded_objects(scenario))
    world.settle()
    said = sorted(
        (
            one.chain.left,
            one.chain.right,
            one.chain.direction,
            str(one.created).lower(),
            one.error or "",
        )
        for one in world.schema_transformer.chains
    )
    assert said == chains_recorded(scenario)


@pytest.mark.parametrize("scenario", scenarios())
def test_gives_ports_the_service_addresses_that_were_recorded(scenario: Path) -> None:
    world = World(read_site().of_release(RELEASE))
    recorded = recorded_objects(scenario)
    load(world.store, recorded)
    world.settle()

    def addresses(items: list[dict[str, Any]]) -> dict[str, set[str]]:
        return {
            item["fq_name"][0]: {one["to"][-1] for one in item.get("virtual_machine_interface_refs", [])}
            for item in items
            if is_service_address(item)
        }

    assert addresses(world.store.objects("instance-ip")) == addresses(recorded.get("instance-ip", []))
