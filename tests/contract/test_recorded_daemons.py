# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's server and daemons write onto objects of users what recorded ones did (filled_in.yml)."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab.contrail.errors import ApiError
from lab.core.site import Site, read_site
from lab.core.world import World
from models.chain_objects import PROJECT as OWN_PROJECT
from models.chain_objects import ChainObjects

JsonDict = dict[str, Any]
DATA: JsonDict = yaml.safe_load((Path(__file__).parent / "filled_in.yml").read_text())
PROJECT = ["default-domain", "fill"]
FABRIC = ["default-domain", "default-project", "ip-fabric", "__default__"]
UUID = "0-9a-f"


@pytest.fixture(scope="module")
def site() -> Site:
    return read_site().of_release("2011")


@pytest.fixture
def world(site: Site) -> World:
    world = World(site)
    world.store.create("project", {"fq_name": PROJECT, "parent_type": "domain"})
    return world


def _make(world: World, kind: str, body: JsonDict) -> str:
    body = copy.deepcopy(body)
    for field in [name for name in body if name.endswith("_refs")]:
        for reference in body[field]:
            reference["uuid"] = world.store.uuid_of(field.removesuffix("_refs").replace("_", "-"), reference["to"])
    return str(world.store.create(kind, body)["uuid"])


def _read(world: World, uuid: str) -> JsonDict:
    return world.store.get(uuid) or {}


def _holds(stored: Any, expected: Any, place: str) -> None:
    """Check that what was recorded is there; a text of one star stands for a value that is different each time."""
    if isinstance(expected, dict):
        for name, inner in expected.items():
            assert name in (stored or {}), f"{place} has no {name}"
            _holds(stored[name], inner, f"{place}.{name}")
    elif isinstance(expected, list):
        assert len(stored or []) == len(expected), f"{place}: {stored}"
        for index, inner in enumerate(expected):
            _holds(stored[index], inner, f"{place}[{index}]")
    elif expected != "*":
        assert stored == expected, place


@pytest.mark.parametrize("case", DATA["objects"], ids=[case["case"] for case in DATA["objects"]])
def test_what_is_filled_in(world: World, case: JsonDict) -> None:
    for kind, body in case.get("before", []):
        _make(world, kind, body)
    if "refused" in case:
        with pytest.raises(ApiError) as refusal:
            _make(world, case["kind"], case["posted"])
        assert [refusal.value.status, refusal.value.message] == case["refused"]
        return
    uuid = _make(world, case["kind"], case["posted"])
    world.settle()
    _holds(_read(world, uuid), case["holds"], case["case"])
    for step in case.get("updates", []):
        if "refused" in step:
            with pytest.raises(ApiError) as refusal:
                world.store.update(uuid, copy.deepcopy(step["put"]))
            assert [refusal.value.status, refusal.value.message] == step["refused"]
            continue
        world.store.update(uuid, copy.deepcopy(step["put"]))
        world.settle()
        _holds(_read(world, uuid), step["holds"], f"{case['case']} {step['put']}")


def _router(world: World, name: str, **values: Any) -> str:
    """Make a BGP router as the recorder did; ``peers`` are names with their attributes."""
    peers = values.pop("peers", {})
    families = {"family": ["inet-vpn", "inet6-vpn"]}
    body: JsonDict = {
        "fq_name": [*FABRIC, name],
        "parent_type": "routing-instance",
        "bgp_router_parameters": {"address": "192.0.2.1", "address_families": families, **values},
    }
    if peers:
        body["bgp_router_refs"] = [{"to": [*FABRIC, peer], "attr": attr} for peer, attr in peers.items()]
    uuid = _make(world, "bgp-router", body)
    world.settle()
    return uuid


def _peers(world: World, uuid: str) -> dict[str, JsonDict]:
    """Return the attributes of a router's peerings by the names of the peers."""
    return {
        peer["to"][-1]: peer["attr"]["session"][0]["attributes"][0]
        for peer in _read(world, uuid).get("bgp_router_refs", [])
    }


OWN = {"session": [{"attributes": [{"address_families": {"family": ["inet-vpn"]}, "hold_time": 40}]}]}


def test_the_mesh_of_bgp_routers_grows_and_is_replaced_by_a_reflector() -> None:
    """The recorded order of events: six routers, one with a session of its own, then one with a cluster id."""
    world = World(read_site().of_release("2011"))
    nameless = _router(world, "no-vendor", autonomous_system=64999, router_type="router")
    contrail = _router(world, "contrail", autonomous_system=64999, router_type="router", vendor="Contrail")
    juniper = _router(world, "juniper", autonomous_system=64999, router_type="router", vendor="Juniper")
    assert _peers(world, juniper) == {}
    _router(world, "same", autonomous_system=64512, router_type="router", vendor="Juniper")
    node = _router(world, "node", autonomous_system=64512, router_type="control-node", vendor="contrail")

    for uuid, held in ((nameless, None), (contrail, "Contrail")):
        parameters = _read(world, uuid)["bgp_router_parameters"]
        assert (parameters["autonomous_system"], parameters["vendor"]) == (64512, held)
        assert DATA["nulls"].items() <= parameters.items()
    assert _read(world, juniper)["bgp_router_parameters"]["autonomous_system"] == 64999
    assert set(_peers(world, node)) == {"juniper", "contrail", "no-vendor", "same"}
    assert set(_peers(world, juniper)) == {"same", "node"}, "later routers of the global AS have it as a peer"
    assert all(attributes == DATA["session"] for attributes in _peers(world, node).values())

    own = _router(world, "own", autonomous_system=64512, router_type="router", vendor="Juniper", peers={"node": OWN})
    assert _peers(world, own)["node"]["hold_time"] == 40, "sessions that were given are kept"

    reflector = _router(
        world, "rr", autonomous_system=64512, router_type="router", vendor="Juniper", cluster_id=5, peers={"node": OWN}
    )
    assert set(_peers(world, reflector)) == {"juniper", "contrail", "no-vendor", "same", "node", "own"}
    assert _peers(world, reflector)["node"] == DATA["session"], "attributes are lost, those of the reflector too"
    assert _peers(world, own) == {"rr": DATA["session"]}

    late = _router(world, "late", autonomous_system=64512, router_type="router", vendor="Juniper", peers={"node": OWN})
    assert _peers(world, late) == {"rr": DATA["session"]}

    parameters = {**_read(world, reflector)["bgp_router_parameters"], "cluster_id": None}
    world.store.update(reflector, {"bgp_router_parameters": parameters})
    world.settle()
    assert set(_peers(world, own)) == {"juniper", "contrail", "no-vendor", "same", "node", "rr", "late"}
    assert _peers(world, own)["node"] == DATA["session"]


def test_an_autonomous_system_that_is_put_back_stays_until_the_global_one_changes() -> None:
    world = World(read_site().of_release("2011"))
    uuid = _router(world, "no-vendor", autonomous_system=64999, router_type="router")
    parameters = {**_read(world, uuid)["bgp_router_parameters"], "autonomous_system": 64999}
    world.store.update(uuid, {"bgp_router_parameters": parameters})
    world.settle()
    assert _read(world, uuid)["bgp_router_parameters"]["autonomous_system"] == 64999
    (system,) = world.store.objects("global-system-config")
    world.store.update(system["uuid"], {"autonomous_system": 64513})
    world.settle()
    assert _read(world, uuid)["bgp_router_parameters"]["autonomous_system"] == 64513


def test_what_stands_on_a_side_of_a_service_shows_on_its_ports_and_routing_instances() -> None:
    world = World(read_site().of_release("2011"))
    objects, store = ChainObjects(world.store), world.store
    objects.network("vn1", "10.0.1.0/24")
    objects.network("vn2", "10.0.2.0/24")
    objects.service("sd", "vn1", "vn2")
    objects.policy("p", "vn1", "vn2", ["sd"])
    objects.attach("p", "vn1", "vn2")
    service = store.uuid_of("service-instance", [*OWN_PROJECT, "sd"]) or ""
    attached = {
        "service-health-check": {"interface_type": "left"},
        "interface-route-table": {"interface_type": "left"},
        "route-aggregate": {"interface_type": "left"},
        "routing-policy": {"left_sequence": "1.0", "right_sequence": "2.0"},
    }
    made = {}
    for kind, attr in attached.items():
        body: JsonDict = {"fq_name": [*OWN_PROJECT, "x"], "parent_type": "project"}
        if kind == "service-health-check":
            body["service_health_check_properties"] = {"health_check_type": "end-to-end"}
        made[kind] = store.create(kind, body)["uuid"]
        store.update_reference(made[kind], "service-instance", service, "ADD", attr)
    world.settle()

    port = store.find("virtual-machine-interface", [*OWN_PROJECT, "sd-left"]) or {}
    for kind in ("service-health-check", "interface-route-table"):
        assert [reference["uuid"] for reference in port[f"{kind.replace('-', '_')}_refs"]] == [made[kind]]
    (check,) = [item for item in store.objects("instance-ip") if item.get("service_health_check_ip")]
    assert check["fq_name"] == [f"{service}-left-v4-health-check-{made['service-health-check']}"]
    assert check["instance_ip_address"].startswith("10.0.1.")
    aggregate, policy = _read(world, made["route-aggregate"]), _read(world, made["routing-policy"])
    address = (store.find("instance-ip", [f"{service}-left-v4"]) or {})["instance_ip_address"]
    assert aggregate["aggregate_route_nexthop"] == address
    assert [reference["to"][2] for reference in aggregate["routing_instance_refs"]] == ["vn1"]
    sequences = {reference["to"][2]: reference["attr"] for reference in policy["routing_instance_refs"]}
    assert sequences == {"vn1": {"sequence": "1.0"}, "vn2": {"sequence": "2.0"}}

    store.update_reference(made["route-aggregate"], "service-instance", service, "ADD", {"interface_type": "right"})
    store.update_reference(made["service-health-check"], "service-instance", service, "DELETE")
    world.settle()
    moved = _read(world, made["route-aggregate"])
    assert [reference["to"][2] for reference in moved["routing_instance_refs"]] == ["vn2"]
    assert moved["aggregate_route_nexthop"] != address
    assert not any(item.get("service_health_check_ip") for item in store.objects("instance-ip"))

    network = store.uuid_of("virtual-network", [*OWN_PROJECT, "vn1"]) or ""
    store.update(network, {"network_policy_refs": []})
    world.settle()
    gone = _read(world, made["route-aggregate"])
    assert "routing_instance_refs" not in gone
    assert gone.get("aggregate_route_nexthop") is None
    assert "routing_instance_refs" not in _read(world, made["routing-policy"])
