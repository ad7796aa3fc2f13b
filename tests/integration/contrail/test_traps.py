# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a naive idempotent module gets wrong about this API, one test for each."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from integration.contrail.bed import Controller
from support.module_run import ModuleFailedError

PROJECT = ["default-domain", "default-project"]
NETWORK = {
    "name": "vn1",
    "subnets": [
        {"cidr": "10.0.1.0/24", "gateway": "10.0.1.1", "allocation_pools": [{"start": "10.0.1.10", "end": "10.0.1.20"}]}
    ],
    "route_targets": ["64512:1", "64512:2"],
    "rpf": "disable",
}
RULES = ["vn1 <> vn2 tcp 80", "vn1 <> vn2"]


def stored(contrail: Controller, kind: str, name: str) -> dict[str, Any]:
    found = contrail.find(kind, name)
    assert found is not None
    return copy.deepcopy(found)


def unchanged(contrail: Controller, module: str, config: list[dict[str, Any]], **options: Any) -> None:
    """Check that a run finds everything as it is to be, and writes nothing."""
    writes = contrail.writes
    result = contrail.run(module, config, **options)
    assert result["changed"] is False, result["diff"]
    assert contrail.writes == writes


def subnet_of(network: dict[str, Any]) -> dict[str, Any]:
    subnet: dict[str, Any] = network["network_ipam_refs"][0]["attr"]["ipam_subnets"][0]
    return subnet


def test_01_what_the_server_adds_is_not_compared_and_null_absent_empty_and_default_are_one(
    contrail: Controller,
) -> None:
    contrail.run("contrail_vn", [NETWORK])
    network = stored(contrail, "virtual-network", "vn1")
    # What the official client and the web interface store beside what is meant.
    empty = {
        "flood_unknown_unicast": False,
        "mac_limit_control": {"mac_limit": None, "mac_limit_action": None},
        "import_route_target_list": {"route_target": []},
        "export_route_target_list": {},
        "provider_properties": {},
        "address_allocation_mode": None,
        "virtual_network_fat_flow_protocols": {"fat_flow_protocol": []},
        "virtual_network_properties": {**network["virtual_network_properties"], "allow_transit": None, "max_flows": 0},
    }
    contrail.on_loop(lambda: contrail.world.store.update(network["uuid"], empty))

    unchanged(contrail, "contrail_vn", [NETWORK])
    nothing = {
        "import_route_targets": [],
        "export_route_targets": [],
        "allow_transit": False,
        "fat_flows": [],
        "port_security": True,
        "max_flows": 0,
        "mac_limit": {"action": "log"},
        "unset": ["provider", "address_allocation_mode"],
    }
    unchanged(contrail, "contrail_vn", [{**NETWORK, **nothing}])


def test_02_nothing_is_put_when_nothing_changes(contrail: Controller) -> None:
    contrail.run("contrail_vn", [NETWORK])
    before = stored(contrail, "virtual-network", "vn1")["id_perms"]["last_modified"]

    unchanged(contrail, "contrail_vn", [NETWORK])

    assert stored(contrail, "virtual-network", "vn1")["id_perms"]["last_modified"] == before


def test_03_a_subnet_that_stays_keeps_its_uuid_its_gateway_and_its_pools(contrail: Controller) -> None:
    contrail.run("contrail_vn", [NETWORK])
    before = subnet_of(stored(contrail, "virtual-network", "vn1"))

    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.9.0/24"}, {"cidr": "10.0.1.0/24"}]}])
    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24", "dns_server": "10.0.1.7"}]}])

    after = subnet_of(stored(contrail, "virtual-network", "vn1"))
    assert after == {**before, "dns_server_address": "10.0.1.7"}


def test_03b_rules_that_stay_keep_their_uuid(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{"name": "vn1"}, {"name": "vn2"}])
    contrail.run("contrail_policy", [{"name": "p", "rules": RULES}])

    def uuids() -> list[str]:
        return [
            rule["rule_uuid"]
            for rule in stored(contrail, "network-policy", "p")["network_policy_entries"]["policy_rule"]
        ]

    before = uuids()
    contrail.run("contrail_policy", [{"name": "p", "rules": ["vn1 > vn2 udp 53", *reversed(RULES)]}])

    assert uuids()[1:] == before[::-1]
    assert uuids()[0] not in before


def test_04_a_property_with_several_fields_keeps_those_that_are_not_given(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{**NETWORK, "vxlan_network_identifier": 7}])
    contrail.run("contrail_vn", [{"name": "vn1", "allow_transit": True}])
    assert stored(contrail, "virtual-network", "vn1")["virtual_network_properties"] == {
        "rpf": "disable",
        "vxlan_network_identifier": 7,
        "allow_transit": True,
    }

    router = {"name": "r", "address": "10.0.0.1", "autonomous_system": 64512, "hold_time": 30}
    contrail.run("contrail_bgp_router", [router])
    contrail.run("contrail_bgp_router", [{"name": "r", "vendor": "Juniper"}])
    (kept,) = contrail.info("bgp-router", names=["default-domain:default-project:ip-fabric:__default__:r"])
    assert kept["bgp_router_parameters"]["hold_time"] == 30
    assert kept["bgp_router_parameters"]["vendor"] == "Juniper"


def test_05_references_of_others_stay(contrail: Controller) -> None:
    contrail.run("contrail_policy", [{"name": "theirs"}, {"name": "ours"}])
    contrail.run("contrail_vn", [{"name": "vn1", "policies": ["theirs"]}])

    contrail.run("contrail_vn", [{"name": "vn1", "policies": [{"name": "ours", "sequence": {"major": 1}}]}])

    references = stored(contrail, "virtual-network", "vn1")["network_policy_refs"]
    assert {reference["to"][-1] for reference in references} == {"theirs", "ours"}
    unchanged(contrail, "contrail_vn", [{"name": "vn1", "policies": ["ours"]}])

    control = {"name": "c", "address": "10.0.0.2", "autonomous_system": 64512, "router_type": "control-node"}
    contrail.run("contrail_bgp_router", [control, {**control, "name": "other", "address": "10.0.0.3"}])
    contrail.run("contrail_bgp_router", [{**control, "name": "r", "router_type": "router", "peers": ["c"]}])
    contrail.run("contrail_bgp_router", [{"name": "other", "peers": ["r"]}])
    unchanged(contrail, "contrail_bgp_router", [{"name": "r", "peers": ["c"]}])
    unchanged(contrail, "contrail_bgp_router", [{"name": "c", "peers": ["r"]}])


def test_06_sets_have_no_order_and_rules_have_one(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{**NETWORK, "annotations": {"b": "1", "a": "2"}}, {"name": "vn2"}])
    reordered = {**NETWORK, "route_targets": NETWORK["route_targets"][::-1], "annotations": {"a": "2", "b": "1"}}
    unchanged(contrail, "contrail_vn", [reordered])

    contrail.run("contrail_policy", [{"name": "p", "rules": RULES}])
    assert contrail.run("contrail_policy", [{"name": "p", "rules": RULES[::-1]}])["changed"] is True


@pytest.mark.parametrize("option", ["route_targts", "subnet"])
def test_07_unknown_options_are_refused_before_the_server_drops_them(contrail: Controller, option: str) -> None:
    with pytest.raises(ModuleFailedError, match=option):
        contrail.run("contrail_vn", [{"name": "vn1", option: []}])
    with pytest.raises(ModuleFailedError, match="there is no such option"):
        contrail.run("contrail_policy", [{"name": "p", "rules": [{"sources": [{"any": True}]}]}])
    assert contrail.writes == 0


def test_07_every_new_object_says_the_type_of_its_parent(contrail: Controller) -> None:
    contrail.run("contrail_policy", [{"name": "p"}])
    contrail.run("contrail_bgp_router", [{"name": "r", "address": "10.0.0.1", "autonomous_system": 64512}])

    assert stored(contrail, "network-policy", "p")["parent_uuid"]
    (router,) = contrail.info("bgp-router", parent="default-domain:default-project:ip-fabric:__default__")
    assert router["name"] == "r"


@pytest.mark.parametrize("target", ["foo", "target:64512", "64512:-1", "64512:99999999999"])
def test_08_what_the_server_answers_with_a_riddle_is_refused_in_words(contrail: Controller, target: str) -> None:
    with pytest.raises(ModuleFailedError, match=r"config\[0\]\.route_targets\[0\]: .* is not a route target"):
        contrail.run("contrail_vn", [{"name": "vn1", "route_targets": [target]}])
    with pytest.raises(ModuleFailedError, match=r"cannot go with multi_policy_service_chains: split it into"):
        contrail.run(
            "contrail_vn", [{"name": "vn1", "route_targets": ["64512:1"], "multi_policy_service_chains": True}]
        )
    assert contrail.writes == 0


def test_08_the_server_s_rule_about_several_policies_is_held_against_what_is_stored(contrail: Controller) -> None:
    contrail.run("contrail_vn", [NETWORK])
    with pytest.raises(ModuleFailedError, match=r"config\[0\]\.route_targets: target:64512:1, target:64512:2 cannot"):
        contrail.run("contrail_vn", [{"name": "vn1", "multi_policy_service_chains": True}], check=True)
    both = {"import_route_targets": ["64512:3"], "export_route_targets": ["64512:3"], "route_targets": []}
    with pytest.raises(ModuleFailedError, match=r"target:64512:3 is exported too"):
        contrail.run("contrail_vn", [{"name": "vn1", "multi_policy_service_chains": True, **both}])
    contrail.run(
        "contrail_vn",
        [{"name": "vn1", "multi_policy_service_chains": True, **both, "export_route_targets": ["64512:4"]}],
    )


def test_09_what_is_cleared_is_gone_and_stays_gone(contrail: Controller) -> None:
    full = {
        **NETWORK,
        "annotations": {"a": "1"},
        "fat_flows": [{"protocol": "tcp", "port": 80}],
        "provider": {"physical_network": "p", "segmentation_id": 1},
        "description": "text",
    }
    contrail.run("contrail_vn", [full])
    cleared = {
        "name": "vn1",
        "annotations": {"a": None},
        "fat_flows": [],
        "unset": ["provider", "description", "rpf", "vxlan_network_identifier"],
    }

    assert contrail.run("contrail_vn", [cleared])["changed"] is True

    unchanged(contrail, "contrail_vn", [cleared])
    network = stored(contrail, "virtual-network", "vn1")
    assert network.get("provider_properties") is None
    assert "provider_properties" not in network or network["provider_properties"] is not None
    assert not (network.get("annotations") or {}).get("key_value_pair")


def test_10_port_tuples_go_before_their_service_instance(contrail: Controller) -> None:
    contrail.run("contrail_vn", [NETWORK])
    contrail.run("contrail_port", [{"name": "left", "network": "vn1"}])
    contrail.run("contrail_service_template", [{"name": "t", "mode": "in-network", "interfaces": ["left"]}])
    service = {
        "name": "fw",
        "template": "t",
        "interfaces": [{"type": "left", "network": "vn1"}],
        "port_tuples": [{"name": "one", "ports": {"left": "left"}}],
    }
    contrail.run("contrail_service_instance", [service])
    contrail.settle()

    contrail.run("contrail_service_instance", [service], state="absent")

    assert contrail.info("port-tuple") == []


def test_11_different_spellings_of_a_value_are_the_same(contrail: Controller) -> None:
    contrail.run("contrail_global_config", [{"enable_4byte_as": True}])
    first = {"name": "vn1", "subnets": [{"cidr": "2001:DB8:0::/64"}], "route_targets": ["4200000000L:1", "064512:01"]}
    contrail.run("contrail_vn", [first, {"name": "vn2"}])
    other = {"subnets": [{"cidr": "2001:db8::/64"}], "route_targets": ["target:64512:1", "target:4200000000:1"]}
    unchanged(contrail, "contrail_vn", [{"name": "vn1", **other}])

    contrail.run("contrail_policy", [{"name": "p", "rules": ["vn1 <> 10.0.0.0/8 TCP 80"]}])
    policy = stored(contrail, "network-policy", "p")
    entries = copy.deepcopy(policy["network_policy_entries"])
    entries["policy_rule"][0]["protocol"] = "TCP"
    entries["policy_rule"][0]["src_ports"] = [{"start_port": 0, "end_port": 65535}]
    contrail.on_loop(lambda: contrail.world.store.update(policy["uuid"], {"network_policy_entries": entries}))
    unchanged(contrail, "contrail_policy", [{"name": "p", "rules": ["vn1 <> 10.0.0.0/8 tcp 80-80"]}])

    router = {"name": "r", "address": "2001:DB8::0:1", "autonomous_system": "64086.59904", "vendor": "Juniper"}
    contrail.run("contrail_bgp_router", [router])
    unchanged(contrail, "contrail_bgp_router", [{"name": "r", "address": "2001:db8::1", "asn": 4200000000}])


def test_12_a_thousand_objects_are_read_by_list(contrail: Controller) -> None:
    networks = [{"name": f"n{number}", "route_targets": [f"64512:{number + 1}"]} for number in range(100)]
    contrail.run("contrail_vn", networks)

    assert contrail.run("contrail_vn", networks)["requests"] <= 2


def test_13_what_the_server_will_choose_is_not_compared(contrail: Controller) -> None:
    network = {"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24"}]}
    foretold = contrail.run("contrail_vn", [network], check=True)
    made = contrail.run("contrail_vn", [network])

    assert foretold["diff"] == made["diff"]
    assert foretold["objects"][0]["uuid"] == ""
    unchanged(contrail, "contrail_vn", [network])
