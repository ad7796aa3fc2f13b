"""Predicted routes: the reference scenario, row by row, and what variants of it bring."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.from_intent import (
    describe_intent,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.prediction import (
    Prediction,
    predict,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.read_site import read_site
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from unit.chain.scenario import add_service, reference

GOLDEN = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "golden" / "reference-routes.yml").read_text(encoding="utf-8")
)
COMPUTE = "172.31.10.155"
PORTS = [
    {"name": "vm1", "compute": COMPUTE, "label": 26},
    {"name": "vm2", "compute": COMPUTE, "label": 22},
    {"name": "1-to-2-left", "compute": COMPUTE, "label": 30},
    {"name": "1-to-2-right", "compute": COMPUTE, "label": 34, "silent": ["10.0.2.4"]},
]
SERVICE_ADDRESSES = {"left": ["10.0.1.5"], "right": ["10.0.2.5"]}


def described(model: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the description of the reference site, or of what another intent makes of it."""
    site = dict[str, Any](describe_intent(read_intent(**(model or reference()))))
    site["ports"] = [*site["ports"], *copy.deepcopy(PORTS)]
    site["services"][0]["service_addresses"] = SERVICE_ADDRESSES
    return site


def rows(tables: Any) -> dict[str, dict[str, Any]]:
    """Return tables as the golden file has them."""
    return {
        name: {
            route["prefix"]: "static"
            if route["protocol"] == "Static"
            else {"med": route["med"], "localpref": route["local_preference"], "push": route["label"]}
            for route in table["routes"]
        }
        for name, table in tables.items()
    }


def predicted(site: dict[str, Any]) -> Prediction:
    """Return the prediction for a description."""
    return predict(read_site(**site))


def counts(prediction: Prediction) -> dict[str, tuple[int, int]]:
    """Return destinations and routes of each table of vmx1 after the chain."""
    return {name: (each["destinations"], len(each["routes"])) for name, each in prediction.after["vmx1"].items()}


def test_all_24_rows_of_the_reference_scenario_come_out() -> None:
    prediction = predicted(described())
    assert rows(prediction.before["vmx1"]) == GOLDEN["before"]
    assert rows(prediction.after["vmx1"]) == GOLDEN["after"]


def test_each_row_says_all_that_a_router_shows() -> None:
    prediction = predicted(described())
    found = {route["prefix"]: route for route in prediction.after["vmx1"]["vn1.inet.0"]["routes"]}
    assert found["10.0.2.3/32"] == {
        "prefix": "10.0.2.3/32",
        "address_of": None,
        "protocol": "BGP",
        "preference": 170,
        "active": True,
        "med": 100,
        "local_preference": 200,
        "label": 30,
        "ports": ["1-to-2-left"],
        "to_table": None,
        "next_hop": COMPUTE,
    }
    assert (found["172.31.9.34/32"]["preference"], found["172.31.9.34/32"]["to_table"]) == (5, "inet.0")


def test_the_intent_alone_names_ports_instead_of_labels_and_owners_instead_of_addresses() -> None:
    prediction = predicted({**describe_intent(read_intent(**reference()))})
    routes = prediction.after["vmx1"]["vn1.inet.0"]["routes"]
    known = {route["prefix"]: route["ports"] for route in routes if route["prefix"]}
    assert known["10.0.2.3/32"] == ["1-to-2-left"]
    assert [route["address_of"] for route in routes if route["prefix"] is None] == [
        "service address of 1-to-2 on its left side, inet",
        "service address of 1-to-2 on its right side, inet",
    ]
    assert counts(prediction) == {"vn1.inet.0": (8, 8), "vn2.inet.0": (8, 8)}


def test_two_services_give_the_left_label_of_the_first_and_the_right_label_of_the_last() -> None:
    model = add_service(reference(), "second")
    model["ports"] += [
        {"name": "second-left", "network": "vn1", "addresses": ["10.0.1.6"]},
        {"name": "second-right", "network": "vn2", "addresses": ["10.0.2.6"]},
    ]
    prediction = predicted(described(model))
    via = {
        name: {tuple(route["ports"]) for route in table["routes"] if route["prefix"] == prefix}
        for (name, table), prefix in zip(prediction.after["vmx1"].items(), ("10.0.2.3/32", "10.0.1.3/32"), strict=True)
    }
    assert via == {"vn1.inet.0": {("1-to-2-left",)}, "vn2.inet.0": {("second-right",)}}
    assert counts(prediction) == {"vn1.inet.0": (12, 12), "vn2.inet.0": (12, 12)}


def two_tuples(second_compute: str) -> dict[str, Any]:
    """Return the reference site with a second port tuple on a compute node."""
    model = reference()
    model["services"]["1-to-2"]["members"].append({"left": "left-2", "right": "right-2"})
    model["ports"] += [
        {"name": "left-2", "network": "vn1", "addresses": ["10.0.1.6"]},
        {"name": "right-2", "network": "vn2", "addresses": ["10.0.2.6"]},
    ]
    site = described(model)
    site["ports"] += [{"name": name, "compute": second_compute} for name in ("left-2", "right-2")]
    return site


def test_members_on_two_computes_give_two_routes_to_each_prefix() -> None:
    assert counts(predicted(two_tuples("172.31.10.156"))) == {"vn1.inet.0": (10, 16), "vn2.inet.0": (10, 16)}


def test_members_on_one_compute_share_a_label_that_nobody_knows() -> None:
    prediction = predicted(two_tuples(COMPUTE))
    assert counts(prediction) == {"vn1.inet.0": (10, 10), "vn2.inet.0": (10, 10)}
    (shared,) = (each for each in prediction.after["vmx1"]["vn1.inet.0"]["routes"] if each["prefix"] == "10.0.2.3/32")
    assert (shared["label"], shared["ports"]) == (None, ["1-to-2-left", "left-2"])


def test_asymmetric_route_targets_break_the_chain() -> None:
    site = described()
    vn2 = site["networks"][1]
    vn2.update(route_targets=[], import_route_targets=["64512:2"], export_route_targets=["64512:22"])
    vrf = site["routers"][0]["vrfs"][1]
    del vrf["route_target"]
    vrf.update(import_route_targets=["64512:22"], export_route_targets=["64512:2"])
    assert counts(predicted(site)) == {"vn1.inet.0": (7, 7), "vn2.inet.0": (4, 4)}


def test_a_prefix_that_both_ends_have_from_elsewhere_is_left_open() -> None:
    site = described()
    left, right = site["networks"][:2]
    site["networks"].append({**left, "name": "vn3", "subnets": [], "route_targets": ["64512:3"]})
    vrf = {
        "name": "vn3",
        "route_target": "64512:3",
        "static_routes": [{"prefix": "192.0.2.0/24", "next_table": "inet.0"}],
    }
    site["routers"][0]["vrfs"].append({**site["routers"][0]["vrfs"][0], **vrf})
    for network in (left, right):
        network.update(import_route_targets=["64512:3"], allow_transit=True)
    (judged,) = predicted(site).chains
    assert "both have 192.0.2.0/24 from elsewhere" in (judged.caution or "")
    right["allow_transit"] = left["allow_transit"] = False
    assert predicted(site).chains[0].caution is None


def test_a_policy_on_one_network_makes_no_chain_and_the_reason_is_told() -> None:
    site = described()
    site["policies"][0]["networks"] = site["policies"][0]["networks"][:1]
    prediction = predicted(site)
    assert counts(prediction) == {"vn1.inet.0": (4, 4), "vn2.inet.0": (4, 4)}
    assert [each.reason for each in prediction.chains] == [
        "no policy with this rule is attached to default-domain:default-project:vn2"
    ]


def test_later_releases_take_service_addresses_that_the_router_refuses() -> None:
    site = described()
    site["services"][0]["service_addresses"] = {"left": ["0.255.255.252"], "right": ["0.255.255.253"]}
    prediction = predicted({**site, "release": "4.1"})
    assert {name: each["destinations"] for name, each in prediction.before["vmx1"].items()} == {
        "vn1.inet.0": 3,
        "vn2.inet.0": 3,
    }
    assert counts(prediction) == {"vn1.inet.0": (6, 6), "vn2.inet.0": (6, 6)}


def test_unknown_service_addresses_of_later_releases_are_refused_as_well() -> None:
    prediction = predicted({**describe_intent(read_intent(**reference())), "release": "5.0"})
    assert counts(prediction) == {"vn1.inet.0": (6, 6), "vn2.inet.0": (6, 6)}


@pytest.mark.parametrize(
    ("release", "after"),
    [("4.0", {"vn1.inet.0": (7, 7), "vn2.inet.0": (2, 2)}), ("5.0", {"vn1.inet.0": (4, 4), "vn2.inet.0": (2, 2)})],
)
def test_one_dead_side_takes_the_other_with_it_from_5_0_on(release: str, after: Any) -> None:
    site = described()
    site["ports"].append({"name": "1-to-2-right", "up": False})
    prediction = predicted({**site, "release": release})
    assert counts(prediction)["vn2.inet.0"] == after["vn2.inet.0"]
    assert (prediction.chains[0].reason is not None) == (release == "5.0")


def test_nat_and_one_way_chains_bring_nothing_back() -> None:
    site = described()
    site["templates"] = [{**each, "mode": "in-network-nat"} for each in site["templates"]]
    assert counts(predicted(site)) == {"vn1.inet.0": (8, 8), "vn2.inet.0": (4, 4)}
    forward = described()
    forward["policies"][0]["rules"][0]["direction"] = ">"
    assert counts(predicted(forward)) == {"vn1.inet.0": (8, 8), "vn2.inet.0": (4, 4)}


def test_a_bad_value_is_named_by_its_path() -> None:
    site = described()
    site["ports"].append({"name": "vm9", "network": "vn9"})
    site["routers"][0]["vrfs"][0]["route_target"] = "one"
    with pytest.raises(IntentError) as error:
        read_site(**site)
    assert [each.path for each in error.value.faults] == [
        "ports[8].network",
        "routers[0].vrfs[0].route_target",
    ]
