# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What endpoints and service guests need: every far prefix through the gateway of its side."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from unit.chain.scenario import add_service, derived, reference

JsonDict = dict[str, Any]


def ways(model: JsonDict, host: str, state: str = "present") -> dict[str, str]:
    """Return the routes of a host in one state: next hop by prefix."""
    return {each["prefix"]: each["via"] for each in derived(model)["hosts"][host] if each["state"] == state}


def guest(model: JsonDict, member: str) -> JsonDict:
    (found,) = [each for each in derived(model)["guests"] if each["member"] == member]
    return dict(found)


def third_network(model: JsonDict, *, state: str = "present") -> JsonDict:
    """Add a chain from vn2 on to vn3, with a service guest of its own."""
    model["networks"]["vn3"] = {"subnets": [{"cidr": "10.0.3.0/24"}], "route_target": "64512:3"}
    model["services"]["2-to-3"] = {"members": [{"left": "2-to-3-left", "right": "2-to-3-right", "host": "2-to-3"}]}
    model["chains"]["vn2-to-vn3"] = {
        "left": {"network": "vn2", "external": [{"prefix": "192.0.2.2/32", "term": "t21"}]},
        "right": {"network": "vn3", "external": [{"prefix": "192.0.2.3/32", "term": "t31"}]},
        "services": ["2-to-3"],
        "state": state,
    }
    return model


def test_the_guest_of_the_reference_has_the_routes_of_the_reference() -> None:
    assert ways(reference(), "1-to-2") == {"172.31.9.34/32": "10.0.1.1", "172.31.8.198/32": "10.0.2.1"}


def test_each_service_of_a_chain_has_the_same_two_sides() -> None:
    model = add_service(reference(), "dpi")
    model["services"]["dpi"]["members"][0]["host"] = "dpi"
    assert ways(model, "dpi") == ways(model, "1-to-2")


def test_a_guest_reaches_what_enters_its_networks_by_other_chains() -> None:
    assert ways(third_network(reference()), "1-to-2") == {
        "172.31.9.34/32": "10.0.1.1",
        "172.31.8.198/32": "10.0.2.1",
        "192.0.2.2/32": "10.0.2.1",
    }


def test_a_guest_reaches_what_a_transit_network_passes_on() -> None:
    model = third_network(reference())
    model["networks"]["vn2"]["allow_transit"] = True
    assert ways(model, "1-to-2") == {
        "172.31.9.34/32": "10.0.1.1",
        "172.31.8.198/32": "10.0.2.1",
        "192.0.2.2/32": "10.0.2.1",
        "10.0.3.0/24": "10.0.2.1",
        "192.0.2.3/32": "10.0.2.1",
    }
    assert ways(model, "2-to-3")["10.0.1.0/24"] == "10.0.2.1"


def test_transit_networks_in_a_ring_end_where_they_could_be_gone_round_either_way() -> None:
    model = third_network(reference())
    for network in model["networks"].values():
        network["allow_transit"] = True
    model["services"]["3-to-1"] = {"members": [{"left": "3-to-1-left", "right": "3-to-1-right", "host": "3-to-1"}]}
    model["chains"]["vn3-to-vn1"] = {
        "left": {"network": "vn3"},
        "right": {"network": "vn1"},
        "services": ["3-to-1"],
    }
    assert ways(model, "3-to-1") == {"192.0.2.3/32": "10.0.3.1", "172.31.9.34/32": "10.0.1.1"}


def test_guests_in_a_ring_take_packets_by_either_side() -> None:
    model = third_network(reference())
    for network in model["networks"].values():
        network["allow_transit"] = True
    model["services"]["3-to-1"] = {"members": [{"left": "3-to-1-left", "right": "3-to-1-right", "host": "3-to-1"}]}
    model["chains"]["vn3-to-vn1"] = {"left": {"network": "vn3"}, "right": {"network": "vn1"}, "services": ["3-to-1"]}
    found = {(each["prefix"], each["via"]) for each in derived(model)["sources"]["3-to-1"]}
    assert {("172.31.8.198/32", "10.0.3.1"), ("172.31.8.198/32", "10.0.1.1")} <= found


def test_the_far_end_of_a_chain_that_leads_one_way_takes_packets_without_a_route_back() -> None:
    model = reference()
    assert derived(model)["sources"] == {}
    model["chains"]["vn1-to-vn2"]["direction"] = "forward"
    assert derived(model)["sources"] == {"pc2": [{"prefix": "172.31.9.34/32", "via": "172.31.10.57"}]}
    assert "pc2" not in derived(model)["hosts"]


def test_the_far_end_of_nat_does_not_see_the_sources() -> None:
    model = reference()
    model["chains"]["vn1-to-vn2"]["direction"] = "forward"
    model["services"]["1-to-2"]["mode"] = "in-network-nat"
    assert derived(model)["sources"] == {}


def test_the_way_back_of_nat_is_not_passed_on() -> None:
    model = third_network(reference())
    model["networks"]["vn2"]["allow_transit"] = True
    model["services"]["1-to-2"]["mode"] = "in-network-nat"
    assert "10.0.1.0/24" not in ways(model, "2-to-3")
    assert ways(model, "1-to-2")["172.31.9.34/32"] == "10.0.1.1"


def test_other_subnets_of_a_network_are_reached_through_the_gateway_of_the_ports_own() -> None:
    model = reference()
    model["networks"]["vn1"]["subnets"].insert(0, {"cidr": "10.0.9.0/24"})
    assert ways(model, "1-to-2") == {
        "172.31.9.34/32": "10.0.1.1",
        "10.0.9.0/24": "10.0.1.1",
        "172.31.8.198/32": "10.0.2.1",
    }


def test_guests_that_ansible_does_not_reach_are_described_too() -> None:
    model = add_service(reference(), "dpi")
    assert guest(model, "dpi-1") == {
        "service": "dpi",
        "member": "dpi-1",
        "host": None,
        "routes": [{"prefix": "172.31.9.34/32", "via": "10.0.1.1"}, {"prefix": "172.31.8.198/32", "via": "10.0.2.1"}],
        "forwarding": ["ipv4"],
    }
    assert derived(model)["forwarding"] == {"1-to-2": ["ipv4"]}


def test_guests_forward_the_families_of_their_networks() -> None:
    model = reference()
    model["networks"]["vn1"]["subnets"].append({"cidr": "fd00:1::/64"})
    assert derived(model)["forwarding"] == {"1-to-2": ["ipv4", "ipv6"]}


def test_an_absent_chain_takes_only_its_own_routes_along() -> None:
    model = third_network(reference(), state="absent")
    assert ways(model, "1-to-2") == {"172.31.9.34/32": "10.0.1.1", "172.31.8.198/32": "10.0.2.1"}
    assert ways(model, "1-to-2", "absent") == {"192.0.2.2/32": "10.0.2.1"}
    assert set(ways(model, "2-to-3", "absent")) == {"172.31.8.198/32", "192.0.2.2/32", "192.0.2.3/32"}
    assert "2-to-3" not in derived(model)["forwarding"]


def test_a_prefix_without_a_gateway_of_its_family_is_refused() -> None:
    model = reference()
    model["routers"]["vmx1"]["address6"] = "fd00::57"
    model["routers"]["vmx1"]["filters"].append({"name": "six", "family": "inet6"})
    model["chains"]["vn1-to-vn2"]["right"]["external"].append("2001:db8::/64")
    with pytest.raises(IntentError) as caught:
        derived(model)
    assert str(caught.value) == (
        "service_chain_services.1-to-2.members[0].host: network vn2 has no inet6 subnet, so no gateway to 2001:db8::/64"
    )


def test_one_host_cannot_reach_a_prefix_by_two_ways() -> None:
    model = reference()
    model["chains"]["vn1-to-vn2"]["left"]["external"].append(
        {"prefix": "172.31.9.35/32", "host": "pc1", "next_hop": "172.31.9.1"}
    )
    with pytest.raises(IntentError, match=r"host pc1 reaches 172.31.8.198/32 via 172.31.10.57 already, not via 172"):
        derived(model)


def told(model: JsonDict) -> list[Any]:
    """Return what DHCP tells the guests of vn1's first subnet; missing where it is left alone."""
    return [each["subnets"][0].get("host_routes", "left alone") for each in derived(model)["networks"][:1]]


def test_dhcp_tells_the_routes_only_when_asked() -> None:
    model = reference()
    assert told(model) == ["left alone"]
    model["networks"]["vn1"]["dhcp_routes"] = True
    assert told(model) == [[{"prefix": "172.31.9.34/32", "next_hop": "10.0.1.1"}]]
    model["networks"]["vn1"]["dhcp_routes"] = False
    assert told(model) == [[]]


def test_dhcp_tells_its_own_routes_first_and_those_of_absent_chains_no_more() -> None:
    model = reference()
    own = {"prefix": "172.31.9.34/32", "next_hop": "10.0.1.9"}
    model["networks"]["vn1"] |= {"dhcp_routes": True, "subnets": [{"cidr": "10.0.1.0/24", "host_routes": [own]}]}
    assert told(model) == [[own]]
    model["networks"]["vn1"]["subnets"][0].pop("host_routes")
    model["chains"]["vn1-to-vn2"]["state"] = "absent"
    assert told(model) == [[]]


def test_dhcp_tells_no_ipv6_routes() -> None:
    model = reference()
    model["networks"]["vn1"]["dhcp_routes"] = True
    model["networks"]["vn1"]["subnets"].append({"cidr": "fd00:1::/64"})
    assert derived(model)["networks"][0]["subnets"][1]["host_routes"] == []


def test_networks_of_others_are_not_told_anything() -> None:
    model = reference()
    model["networks"]["vn1"] |= {"existing": True, "dhcp_routes": True}
    with pytest.raises(IntentError, match=r"service_chain_networks\.vn1\.dhcp_routes: cannot be carried out"):
        derived(model)
