# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks and policies against a server that normalises, replaces whole properties and mints uuids."""

from __future__ import annotations

from typing import Any

import pytest
from integration.contrail.bed import Controller
from support.module_run import ModuleFailedError

VN = "virtual-network"
POLICY = "network-policy"
TWO_NETWORKS = [{"name": "vn1"}, {"name": "vn2"}]


def stored(contrail: Controller, kind: str, name: str) -> dict[str, Any]:
    found = contrail.find(kind, name)
    assert found is not None
    return found


def subnets(contrail: Controller, name: str) -> dict[str, dict[str, Any]]:
    references = stored(contrail, VN, name)["network_ipam_refs"]
    return {subnet["subnet"]["ip_prefix"]: subnet for ref in references for subnet in ref["attr"]["ipam_subnets"]}


def fails(contrail: Controller, module: str, config: list[dict[str, Any]], **options: Any) -> dict[str, Any]:
    with pytest.raises(ModuleFailedError) as caught:
        contrail.run(module, config, **options)
    assert "\n" not in caught.value.result["msg"]
    return caught.value.result


def test_a_subnet_keeps_its_uuid_when_another_one_comes(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24"}]}])
    uuid = subnets(contrail, "vn1")["10.0.1.0"]["subnet_uuid"]

    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.2.0/24"}, {"cidr": "10.0.1.0/24"}]}])

    assert subnets(contrail, "vn1")["10.0.1.0"]["subnet_uuid"] == uuid
    assert set(subnets(contrail, "vn1")) == {"10.0.1.0", "10.0.2.0"}


def test_a_subnet_that_is_no_longer_listed_goes(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24"}, {"cidr": "10.0.2.0/24"}]}])

    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.2.0/24"}]}])
    assert set(subnets(contrail, "vn1")) == {"10.0.2.0"}

    contrail.run("contrail_vn", [{"name": "vn1", "subnets": []}])
    assert not stored(contrail, VN, "vn1").get("network_ipam_refs")
    assert contrail.run("contrail_vn", [{"name": "vn1", "subnets": []}])["changed"] is False


def test_what_a_subnet_leaves_out_is_kept(contrail: Controller) -> None:
    pools = [{"start": "10.0.1.10", "end": "10.0.1.20"}]
    full = {"cidr": "10.0.1.0/24", "gateway": "10.0.1.1", "allocation_pools": pools, "enable_dhcp": False}
    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [full]}])

    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24", "dns_server": "10.0.1.7"}]}])

    subnet = subnets(contrail, "vn1")["10.0.1.0"]
    assert subnet["default_gateway"] == "10.0.1.1"
    assert subnet["allocation_pools"] == pools
    assert subnet["enable_dhcp"] is False
    assert subnet["dns_server_address"] == "10.0.1.7"


def test_unmodelled_details_of_a_subnet_are_sent_back(contrail: Controller) -> None:
    subnet = {
        "subnet": {"ip_prefix": "10.0.1.0", "ip_prefix_len": 24},
        "subnet_name": "blue",
        "alloc_unit": 1,
    }
    ipam = {
        "to": ["default-domain", "default-project", "default-network-ipam"],
        "attr": {"ipam_subnets": [subnet]},
    }
    body = {"fq_name": ["default-domain", "default-project", "vn1"], "parent_type": "project"}
    contrail.on_loop(lambda: contrail.world.store.create(VN, {**body, "network_ipam_refs": [ipam]}))

    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24", "enable_dhcp": False}]}])

    assert subnets(contrail, "vn1")["10.0.1.0"]["subnet_name"] == "blue"


def test_a_gateway_cannot_move_and_the_error_says_the_way_out(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24", "gateway": "10.0.1.1"}]}])

    result = fails(
        contrail,
        "contrail_vn",
        [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24", "gateway": "10.0.1.9"}]}],
    )

    assert result["msg"] == (
        "config[0].subnets[0].gateway: 10.0.1.1 cannot be changed to 10.0.1.9: the server cannot move a "
        "subnet's gateway; take the subnet out, then add it anew"
    )
    assert result["changed"] is False


def test_a_pool_can_come_but_not_go(contrail: Controller) -> None:
    first, second = ({"start": f"10.0.1.{n}0", "end": f"10.0.1.{n}9"} for n in (1, 2))
    subnet = {"cidr": "10.0.1.0/24", "allocation_pools": [first]}
    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [subnet]}])
    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{**subnet, "allocation_pools": [second, first]}]}])

    result = fails(contrail, "contrail_vn", [{"name": "vn1", "subnets": [{**subnet, "allocation_pools": [second]}]}])

    assert "start 10.0.1.10, end 10.0.1.19 is stored and cannot be taken out" in result["msg"]


def test_one_property_of_a_group_changes_without_losing_the_others(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{"name": "vn1", "forwarding_mode": "l3", "vxlan_network_identifier": 7}])

    contrail.run("contrail_vn", [{"name": "vn1", "allow_transit": True, "unset": ["vxlan_network_identifier"]}])

    assert stored(contrail, VN, "vn1")["virtual_network_properties"] == {
        "forwarding_mode": "l3",
        "allow_transit": True,
    }


def test_route_targets_are_the_same_however_they_are_written(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{"name": "vn1", "route_targets": ["64512:1", "10.0.0.1:7", "064512:02"]}])
    written = contrail.writes

    again = contrail.run(
        "contrail_vn",
        [{"name": "vn1", "route_target_list": ["target:10.0.0.1:7", "64512:2", "target:64512:1"]}],
    )

    assert again["changed"] is False
    assert contrail.writes == written


@pytest.mark.parametrize("asn", [64512, 64999])
def test_a_reserved_route_target_is_refused_in_the_system_s_own_as_only(contrail: Controller, asn: int) -> None:
    config = [{"name": "vn1", "route_targets": [f"{asn}:8000001"]}]
    if asn == 64512:
        assert "choose a number below 8000000" in fails(contrail, "contrail_vn", config)["msg"]
        assert contrail.writes == 0
    else:
        assert contrail.run("contrail_vn", config)["changed"] is True


def test_annotations_of_others_stay(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{"name": "vn1", "annotations": {"mine": "1", "theirs": "x"}}])

    contrail.run("contrail_vn", [{"name": "vn1", "annotations": {"mine": "2", "more": 3}}])
    contrail.run("contrail_vn", [{"name": "vn1", "annotations": {"more": None}}])

    pairs = stored(contrail, VN, "vn1")["annotations"]["key_value_pair"]
    assert {pair["key"]: pair["value"] for pair in pairs} == {"mine": "2", "theirs": "x"}


def test_explicit_nulls_are_nothing(contrail: Controller) -> None:
    body: dict[str, Any] = {
        "fq_name": ["default-domain", "default-project", "vn1"],
        "parent_type": "project",
        "virtual_network_properties": {"allow_transit": None, "rpf": None},
        "router_external": None,
        "route_target_list": {"route_target": []},
    }
    contrail.on_loop(lambda: contrail.world.store.create(VN, body))

    same = {
        "allow_transit": False,
        "rpf": "enable",
        "external": False,
        "route_targets": [],
        "port_security": True,
    }
    assert (
        contrail.run("contrail_vn", [{"name": "vn1", **same, "unset": ["vxlan_network_identifier"]}])["changed"]
        is False
    )
    assert contrail.writes == 0


def test_policies_add_unless_they_are_purged(contrail: Controller) -> None:
    contrail.run("contrail_policy", [{"name": name} for name in ("p1", "p2", "p3")])
    contrail.run("contrail_vn", [{"name": "vn1", "policies": [{"name": "p1", "sequence": {"major": 4}}]}])

    contrail.run("contrail_vn", [{"name": "vn1", "network_policy_refs": [{"name": "p2"}]}])
    assert [ref["to"][-1] for ref in stored(contrail, VN, "vn1")["network_policy_refs"]] == ["p1", "p2"]
    assert stored(contrail, VN, "vn1")["network_policy_refs"][0]["attr"]["sequence"] == {
        "major": 4,
        "minor": 0,
    }

    contrail.run("contrail_vn", [{"name": "vn1", "policies": [{"name": "p3"}]}], purge_references=["policies"])
    assert [ref["to"][-1] for ref in stored(contrail, VN, "vn1")["network_policy_refs"]] == ["p3"]


def test_a_policy_attached_without_a_sequence_gets_one(contrail: Controller) -> None:
    contrail.run("contrail_policy", [{"name": "p1", "networks": []}])
    body = {"fq_name": ["default-domain", "default-project", "vn1"], "parent_type": "project"}
    reference = {"to": ["default-domain", "default-project", "p1"], "attr": None}
    contrail.on_loop(lambda: contrail.world.store.create(VN, {**body, "network_policy_refs": [reference]}))

    assert contrail.run("contrail_policy", [{"name": "p1", "networks": [{"name": "vn1"}]}])["changed"] is True

    attr = stored(contrail, VN, "vn1")["network_policy_refs"][0]["attr"]
    assert attr["sequence"] == {"major": 0, "minor": 0}


def test_attaching_a_policy_touches_nobody_else_s(contrail: Controller) -> None:
    contrail.run("contrail_vn", TWO_NETWORKS)
    contrail.run("contrail_policy", [{"name": "theirs", "networks": [{"name": "vn1", "sequence": {"minor": 9}}]}])

    contrail.run("contrail_policy", [{"name": "ours", "networks": TWO_NETWORKS}])
    contrail.run("contrail_policy", [{"name": "ours"}], state="absent")

    references = stored(contrail, VN, "vn1")["network_policy_refs"]
    assert [(ref["to"][-1], ref["attr"]["sequence"]) for ref in references] == [("theirs", {"major": 0, "minor": 9})]
    assert not stored(contrail, VN, "vn2").get("network_policy_refs")


def test_purging_networks_detaches_a_policy_from_the_others(contrail: Controller) -> None:
    contrail.run("contrail_vn", TWO_NETWORKS)
    contrail.run("contrail_policy", [{"name": "p", "networks": TWO_NETWORKS}])

    contrail.run("contrail_policy", [{"name": "p", "networks": [{"name": "vn2"}]}], purge_references=["networks"])

    assert not stored(contrail, VN, "vn1").get("network_policy_refs")
    assert stored(contrail, VN, "vn2")["network_policy_refs"]


def test_rules_keep_their_uuids_when_their_neighbours_change(contrail: Controller) -> None:
    contrail.run("contrail_vn", TWO_NETWORKS)

    def rule(**more: Any) -> dict[str, Any]:
        return {"source": [{"network": "vn1"}], "destination": [{"network": "vn2"}], **more}

    def uuids() -> list[str]:
        return [item["rule_uuid"] for item in stored(contrail, POLICY, "p")["network_policy_entries"]["policy_rule"]]

    contrail.run("contrail_policy", [{"name": "p", "rules": [rule(protocol="tcp"), rule(protocol="udp")]}])
    tcp, udp = uuids()

    rules = [rule(protocol="icmp"), rule(protocol="udp"), rule(protocol="tcp", log=True)]
    contrail.run("contrail_policy", [{"name": "p", "rules": rules}])
    assert uuids()[1] == udp

    contrail.run("contrail_policy", [{"name": "p", "rules": [rule(protocol="udp"), rule(protocol="icmp")]}])
    assert uuids()[0] == udp
    assert tcp not in uuids() or uuids()[1] == tcp


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            {"services": ["fw9"]},
            "config[0].rules[0].services[0]: there is no service-instance default-domain:default-project:fw9",
        ),
        (
            {"source": [{"network": "vn3"}]},
            "config[0].rules[0].source[0].network: there is no virtual-network "
            "default-domain:default-project:vn3; "
            "did you mean vn2 or vn1?",
        ),
        (
            {"destination": [{"policy": "q"}]},
            "config[0].rules[0].destination[0].policy: there is no network-policy",
        ),
    ],
)
def test_names_in_rules_must_exist(contrail: Controller, rule: dict[str, Any], message: str) -> None:
    contrail.run("contrail_vn", TWO_NETWORKS)
    written = contrail.writes
    both = {"source": [{"network": "vn1"}], "destination": [{"network": "vn2"}]}

    for check in (True, False):
        result = fails(contrail, "contrail_policy", [{"name": "p", "rules": [{**both, **rule}]}], check=check)
        assert result["msg"].startswith(message)
        assert result["verb"] == "find"
    assert contrail.writes == written


def test_a_network_in_use_says_who_uses_it(contrail: Controller) -> None:
    contrail.run("contrail_vn", TWO_NETWORKS)
    contrail.run("contrail_port", [{"name": "port1", "network": "vn1", "addresses": []}])

    result = fails(contrail, "contrail_vn", TWO_NETWORKS, state="absent")

    assert result["msg"] == (
        "cannot delete virtual-network default-domain:default-project:vn1: HTTP 409, still used by "
        "virtual-machine-interface default-domain:default-project:port1; delete or detach that first"
    )
    assert (result["kind"], result["fq_name"]) == ("virtual-network", "default-domain:default-project:vn1")
    assert (result["status"], result["verb"]) == (409, "delete")
    assert result["changed"] is True, "vn2 is gone"
    assert [(item["fq_name"][-3:], item["action"]) for item in result["objects"]] == [("vn2", "deleted")]


def test_a_network_of_another_project_is_named_in_full(contrail: Controller) -> None:
    project = {"fq_name": ["default-domain", "tenant"], "parent_type": "domain"}
    contrail.on_loop(lambda: contrail.world.store.create("project", project))

    contrail.run("contrail_vn", [{"name": "vn1"}], project="tenant")
    contrail.run("contrail_vn", [{"name": "tenant:vn2"}, {"name": "default-domain:default-project:vn3"}])

    assert contrail.find(VN, "default-domain", "tenant", "vn1")
    assert contrail.find(VN, "default-domain", "tenant", "vn2")
    assert contrail.find(VN, "vn3")


def test_a_missing_project_is_found_before_anything_is_written(contrail: Controller) -> None:
    result = fails(contrail, "contrail_vn", [{"name": "vn1"}, {"name": "default-projekt:vn2"}])

    assert result["msg"] == (
        "config[1].name: there is no project default-domain:default-projekt; did you mean default-project?"
    )
    assert contrail.writes == 0


def test_three_hundred_networks_are_read_at_once(contrail: Controller) -> None:
    config = [{"name": f"vn{number}"} for number in range(300)]
    contrail.run("contrail_vn", config)

    again = contrail.run("contrail_vn", config)

    assert again["changed"] is False
    assert again["requests"] <= 2
