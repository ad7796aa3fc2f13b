# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with an intent by itself: each finding on a small intent, and nothing else on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.findings import intent as kinds
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.intent import intent_findings
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.finding import (
    REASON,
    FindingKind,
)
from unit.chain.scenario import reference

Model = dict[str, Any]


def found(model: Model) -> list[tuple[str, str, str]]:
    """Return code, place and message of everything that is found."""
    intent = read_intent(**model)
    shown = [finding.shown() for finding in intent_findings(intent, derive(intent))]
    return [(each["code"], each["where"], each["message"]) for each in shown]


def codes(model: Model) -> list[str]:
    return [code for code, _where, _message in found(model)]


def externals(model: Model, side: str = "left") -> list[Any]:
    entries: list[Any] = model["chains"]["vn1-to-vn2"][side]["external"]
    return entries


def with_second_chain(model: Model, left: str = "vn2", right: str = "vn3") -> Model:
    """Add a network vn3 and a chain with a service of its own."""
    model["networks"]["vn3"] = {"subnets": ["10.0.3.0/24"], "route_target": "64512:3"}
    model["services"]["second"] = {"members": [{"left": "second-left", "right": "second-right"}]}
    model["chains"]["second"] = {"left": {"network": left}, "right": {"network": right}, "services": ["second"]}
    return model


def test_the_reference_scenario_gives_nothing() -> None:
    assert found(reference()) == []


def subnets_of_a_network(model: Model) -> None:
    model["networks"]["vn1"]["subnets"].append("10.0.1.128/25")


def subnets_of_both_sides(model: Model) -> None:
    model["networks"]["vn2"]["subnets"].append("10.0.1.0/25")


def hidden_steering(model: Model) -> None:
    externals(model)[0]["prefix"] = "172.31.9.0/24"
    externals(model)[0]["priority"] = 10
    with_second_chain(model, "vn3", "vn4")
    model["networks"]["vn4"] = {"subnets": ["10.0.4.0/24"], "route_target": "64512:4"}
    model["services"]["second"]["members"][0]["host"] = "second"
    model["chains"]["second"]["left"]["external"] = [{"prefix": "172.31.9.34/32", "term": "late"}]


def redundant_steering(model: Model) -> None:
    externals(model)[0] |= {"prefix": "172.31.9.0/24", "term": "a"}
    externals(model).append({"prefix": "172.31.9.34/32", "term": "b"})


def long_name(model: Model) -> None:
    model["chains"]["a-chain-whose-name-is-rather-long-for-a-term-of-a-filter"] = model["chains"].pop("vn1-to-vn2")
    del externals_of_only_chain(model)[0]["term"]


def externals_of_only_chain(model: Model) -> list[Any]:
    (chain,) = model["chains"].values()
    entries: list[Any] = chain["left"]["external"]
    return entries


def spaced_name(model: Model) -> None:
    model["chains"]["a chain"] = model["chains"].pop("vn1-to-vn2")
    del externals_of_only_chain(model)[0]["term"]


def asymmetric(model: Model) -> None:
    model["networks"]["vn1"]["import_route_targets"] = ["64512:9"]


def exported_only(model: Model) -> None:
    model["networks"]["vn2"] |= {"import_route_targets": ["64512:8"], "export_route_targets": ["64512:8", "64512:9"]}


def shared_target(model: Model) -> None:
    with_second_chain(model, "vn3", "vn4")
    model["networks"]["vn3"]["route_target"] = "64512:1"
    model["networks"]["vn4"] = {"subnets": ["10.0.4.0/24"], "route_target": "64512:4"}


def maybe_reserved(model: Model) -> None:
    model["networks"]["vn1"]["route_target"] = "4200000000:8000"


def transit(model: Model) -> None:
    with_second_chain(model)


def guest_alone(model: Model) -> None:
    del model["services"]["1-to-2"]["members"][0]["host"]


def holds_router(model: Model) -> None:
    externals(model)[0]["prefix"] = "172.31.10.0/24"


def no_tail(model: Model) -> None:
    filter_ = model["routers"]["vmx1"]["filters"][0]
    filter_["default"] = "none"
    del filter_["default_term"]


LEFT = "service_chains.vn1-to-vn2.left.external"
Case = tuple[Callable[[Model], None], FindingKind, str, str]
CASES: list[Case] = [
    (
        subnets_of_a_network,
        kinds.SUBNETS_OVERLAP,
        "service_chain_networks.vn1.subnets[1].cidr",
        "10.0.1.128/25 overlaps 10.0.1.0/24 of network vn1",
    ),
    (
        subnets_of_both_sides,
        kinds.SUBNETS_OVERLAP,
        "service_chain_networks.vn2.subnets[1].cidr",
        "10.0.1.0/25 overlaps 10.0.1.0/24 of network vn1",
    ),
    (
        hidden_steering,
        kinds.STEERING_HIDDEN,
        "service_chains.second.left.external[0].prefix",
        "term late of filter ge000_to_dcrouter on vmx1 never matches: t1 is before it and steers all its traffic "
        "into vn1",
    ),
    (
        redundant_steering,
        kinds.STEERING_REDUNDANT,
        f"{LEFT}[1].prefix",
        "term b of filter ge000_to_dcrouter on vmx1 never matches: a steers all its traffic into the same VRF",
    ),
    (
        long_name,
        kinds.STEERING_NAME_TOO_LONG,
        "service_chains.a-chain-whose-name-is-rather-long-for-a-term-of-a-filter.left.external[0].term",
        "Junos does not accept 'a-chain-whose-name-is-rather-long-for-a-term-of-a-filter-172.31.9.34-32', "
        "the name of its steering term",
    ),
    (
        spaced_name,
        kinds.STEERING_NAME_TOO_LONG,
        "service_chains.a chain.left.external[0].term",
        "Junos does not accept 'a chain-172.31.9.34-32', the name of its steering term",
    ),
    (
        asymmetric,
        kinds.ROUTE_TARGETS_ASYMMETRIC,
        "service_chain_networks.vn1.import_route_targets",
        "64512:9 are only imported or only exported",
    ),
    (
        exported_only,
        kinds.ROUTE_TARGETS_ASYMMETRIC,
        "service_chain_networks.vn2.export_route_targets",
        "64512:9 are only imported or only exported",
    ),
    (
        shared_target,
        kinds.ROUTE_TARGET_SHARED,
        "service_chain_networks.vn3.route_target",
        "64512:1 is also the route target of vn1",
    ),
    (
        maybe_reserved,
        kinds.ROUTE_TARGET_MAYBE_RESERVED,
        "service_chain_networks.vn1.route_targets",
        "4200000000:8000 is in the range from 8000 on, which a controller with this 4-byte AS number assigns itself",
    ),
    (
        transit,
        kinds.TRANSIT_NOT_ALLOWED,
        "service_chain_networks.vn2.allow_transit",
        "vn2 is between vn1 and vn3 (chains vn1-to-vn2, second), but allow_transit is not set",
    ),
    (
        guest_alone,
        kinds.GUEST_ROUTES_NOT_SET,
        "service_chain_services.1-to-2.members",
        "the service VMs of 1-to-2-1 get no routes to 172.31.9.34/32, 172.31.8.198/32",
    ),
    (
        holds_router,
        kinds.EXTERNAL_HOLDS_ROUTER,
        f"{LEFT}[0].prefix",
        "172.31.10.0/24 holds 172.31.10.57, an address of router vmx1 itself",
    ),
    (
        no_tail,
        kinds.FILTER_WITHOUT_TAIL,
        "service_chain_routers.vmx1.filters[0].default",
        "filter ge000_to_dcrouter has default: none, and no existing term to insert before (before)",
    ),
]


@pytest.mark.parametrize(("bend", "kind", "where", "message"), CASES, ids=[case[0].__name__ for case in CASES])
def test_a_prepared_fault_is_found_and_nothing_else(
    bend: Callable[[Model], None], kind: FindingKind, where: str, message: str
) -> None:
    model = reference()
    bend(model)
    assert found(model) == [(kind.code, where, message)]


def test_every_kind_has_a_case() -> None:
    declared = {each for each in vars(kinds).values() if isinstance(each, FindingKind) and each.says != REASON}
    assert declared == {case[1] for case in CASES}


def test_a_router_configuration_that_the_module_would_refuse_is_told_with_its_router() -> None:
    model = reference()
    model["routers"]["vmx1"]["vrfs"] = {"vn1": {"route_distinguisher": "nonsense"}}
    ((code, where, message),) = found(model)
    assert (code, where) == ("router-refuses", "service_chain_routers.vmx1.vrfs.vn1.route_distinguisher")
    assert "'nonsense' is not a route distinguisher" in message


@pytest.mark.parametrize("allowed", [True, False])
def test_a_network_that_says_whether_it_allows_transit_is_left_in_peace(allowed: bool) -> None:
    model = with_second_chain(reference())
    model["networks"]["vn2"]["allow_transit"] = allowed
    assert codes(model) == []


def test_guests_that_dhcp_tells_the_routes_are_left_in_peace() -> None:
    model = reference()
    guest_alone(model)
    for network in model["networks"].values():
        network["dhcp_routes"] = True
    assert codes(model) == []


def test_networks_that_no_chain_joins_may_have_the_same_addresses() -> None:
    model = with_second_chain(reference(), "vn3", "vn4")
    model["networks"]["vn4"] = {"subnets": ["10.0.1.0/24"], "route_target": "64512:4"}
    assert codes(model) == []


def test_a_narrower_term_before_a_wider_one_hides_nothing() -> None:
    model = reference()
    hidden_steering(model)
    model["chains"]["second"]["left"]["external"][0]["priority"] = 5
    assert codes(model) == []


def test_a_term_with_a_match_does_not_hide_the_rest() -> None:
    model = reference()
    hidden_steering(model)
    model["chains"]["vn1-to-vn2"]["match"] = [{"protocol": "tcp", "destination_ports": [443]}]
    assert codes(model) == []


def test_guests_that_dhcp_tells_the_routes_need_no_host() -> None:
    model = reference()
    guest_alone(model)
    for network, prefix in (("vn1", "172.31.9.0/24"), ("vn2", "172.31.8.0/24")):
        subnet = model["networks"][network]["subnets"][0]
        subnet["host_routes"] = [{"prefix": prefix, "next_hop": "10.0.1.1"}]
    assert codes(model) == []


def test_a_chain_that_goes_is_not_judged() -> None:
    model = with_second_chain(reference())
    model["chains"]["second"]["state"] = "absent"
    assert codes(model) == []
