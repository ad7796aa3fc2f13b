# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chain with all that can stand on it, and BGP routers, written again while the daemons write to them as well."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail import converge
from integration.contrail.bed import Controller
from support.module_run import ModuleFailedError

FABRIC = ["default-domain", "default-project", "ip-fabric", "__default__"]
PAIRS = [{"address": "10.0.1.100/32", "mac": "02:00:00:00:01:00", "mode": "active-standby"}]
PURGED = {
    "contrail_port": ["security_groups", "interface_route_tables", "health_checks", "tags"],
    "contrail_service_instance": ["port_tuples", "sides"],
    "contrail_bgp_router": ["peers"],
    "contrail_policy": ["networks", "tags"],
    "contrail_vn": ["policies", "routing_policies", "route_tables", "bgpvpns", "tags"],
}
SITE: list[tuple[str, list[dict[str, Any]]]] = [
    (
        "contrail_vn",
        [
            {"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24"}], "route_targets": ["64512:1"]},
            {"name": "vn2", "subnets": [{"cidr": "10.0.2.0/24"}], "route_targets": ["64512:2"]},
        ],
    ),
    ("contrail_service_template", [{"name": "fw", "mode": "in-network", "interfaces": ["left", "right"]}]),
    (
        "contrail_port",
        [
            {"name": "left", "network": "vn1", "addresses": ["10.0.1.4"], "virtual_machine": "m"},
            {"name": "right", "network": "vn2", "addresses": ["10.0.2.4"], "virtual_machine": "m"},
        ],
    ),
    ("contrail_health_check", [{"name": "hc", "type": "end-to-end", "delay": 3, "timeout": 5, "max_retries": 2}]),
    ("contrail_interface_route_table", [{"name": "irt", "routes": [{"prefix": "10.77.0.0/16"}]}]),
    ("contrail_route_aggregate", [{"name": "ra", "routes": ["10.0.0.0/16"]}]),
    ("contrail_routing_policy", [{"name": "rp", "terms": [{"action": "accept", "local_preference": 200}]}]),
    (
        "contrail_service_instance",
        [
            {
                "name": "si",
                "template": "fw",
                "interfaces": [
                    {"type": "left", "network": "vn1", "allowed_address_pairs": PAIRS},
                    {"type": "right", "network": "vn2"},
                ],
                "port_tuples": [{"name": "t", "ports": {"left": "left", "right": "right"}}],
                "sides": [
                    {
                        "type": "left",
                        "health_checks": ["hc"],
                        "interface_route_tables": ["irt"],
                        "route_aggregates": ["ra"],
                        "routing_policies": [{"name": "rp", "sequence": 1}],
                    }
                ],
            }
        ],
    ),
    (
        "contrail_port",
        [
            {
                "name": "watched",
                "network": "vn1",
                "mirror": {"direction": "both", "to": {"analyzer": "si", "udp_port": 8099}},
            }
        ],
    ),
    (
        "contrail_policy",
        [{"name": "p", "rules": ["pass vn1 <> vn2 via si"], "networks": [{"name": "vn1"}, {"name": "vn2"}]}],
    ),
]


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for what daemons replace at the pace of the lab's."""
    monkeypatch.setattr(converge, "LOOK_EVERY", 0.05)


LEFT = {"name": "left", "network": "vn1"}


def build(contrail: Controller) -> None:
    for module, config in SITE:
        contrail.run(module, config)
        contrail.settle()


def stored(contrail: Controller, kind: str, *name: str) -> dict[str, Any]:
    found = contrail.find(kind, *name)
    assert found is not None
    return found


@pytest.mark.parametrize("purge", [False, True], ids=["adding", "exact"])
def test_a_site_is_found_unchanged_run_after_run(contrail: Controller, purge: bool) -> None:
    build(contrail)
    assert stored(contrail, "route-aggregate", "ra")["aggregate_route_nexthop"]
    assert stored(contrail, "routing-policy", "rp")["routing_instance_refs"]
    mirror = stored(contrail, "virtual-machine-interface", "watched")["virtual_machine_interface_properties"]
    assert mirror["interface_mirror"]["mirror_to"]["analyzer_ip_address"]
    assert any(address.get("service_health_check_ip") for address in contrail.info("instance-ip"))
    written = contrail.writes

    for _run in range(2):
        for module, config in SITE:
            options: dict[str, Any] = {"purge_references": PURGED[module]} if purge and module in PURGED else {}
            again = contrail.run(module, config, **options)
            assert again["changed"] is False, (module, again["diff"])
            contrail.settle()
    assert contrail.writes == written


def test_what_a_daemon_would_overwrite_is_refused_with_its_cure(contrail: Controller) -> None:
    build(contrail)
    written = contrail.writes
    pairs = [{"address": "10.0.1.200"}]
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("contrail_route_aggregate", {"name": "ra", "next_hop": "10.0.1.4"}, r"config\[0\]\.next_hop: the schema"),
        ("contrail_route_aggregate", {"name": "ra", "unset": ["next_hop"]}, "leave it out"),
        ("contrail_port", {**LEFT, "allowed_address_pairs": pairs}, "interfaces of contrail_service_instance"),
        ("contrail_port", {**LEFT, "unset": ["allowed_address_pairs"]}, "svc-monitor keeps"),
        ("contrail_port", {"name": "right", "network": "vn2", "health_checks": ["hc"]}, "health_checks in sides of"),
    ]
    for module, config, words in refused:
        for check in (True, False):
            with pytest.raises(ModuleFailedError, match=words):
                contrail.run(module, [config], check=check)
    assert contrail.writes == written


def router(name: str, number: int, **values: Any) -> dict[str, Any]:
    return {"name": name, "address": f"10.9.0.{number}", "autonomous_system": 64512, "vendor": "Juniper", **values}


def three_runs(contrail: Controller, config: list[dict[str, Any]], **options: Any) -> None:
    assert contrail.run("contrail_bgp_router", config, **options)["changed"] is True
    for _run in ("second", "third"):
        contrail.settle()
        again = contrail.run("contrail_bgp_router", config, **options)
        assert again["changed"] is False, again["diff"]


NODE = router("c1", 1, router_type="control-node", vendor="contrail")


def peers(contrail: Controller, name: str) -> set[str]:
    return {peer["to"][-1] for peer in stored(contrail, "bgp-router", *FABRIC, name).get("bgp_router_refs", [])}


@pytest.mark.parametrize("number", [64999, 64512])
@pytest.mark.parametrize("vendor", [None, "contrail", "Contrail"])
def test_a_router_of_contrails_own_has_the_global_autonomous_system(
    contrail: Controller, vendor: str | None, number: int
) -> None:
    config = [{"name": "nv", "address": "10.1.1.1", "autonomous_system": number, "vendor": vendor}]
    if number == 64512:
        three_runs(contrail, config)
        return
    words = "64999 would be overwritten with 64512, the global"
    for check in (True, False):
        with pytest.raises(ModuleFailedError, match=rf"config\[0\]\.autonomous_system: {words}"):
            contrail.run("contrail_bgp_router", config, check=check)
    parameters = {key: value for key, value in config[0].items() if key != "name" and value is not None}
    item = {"name": "nv", "properties": {"bgp_router_parameters": parameters}}
    with pytest.raises(ModuleFailedError, match=rf"properties\.bgp_router_parameters\.autonomous_system: {words}"):
        contrail.run("contrail_object", [item], kind="bgp-router")
    assert contrail.writes == 0


def test_peerings_that_the_mesh_makes_are_left_where_peers_are_exact(contrail: Controller) -> None:
    three_runs(contrail, [NODE, router("a", 2), router("b", 3, peers=[{"name": "c1", "hold_time": 40}])])
    three = [router("b", 3, peers=[{"name": "c1", "hold_time": 50}])]
    three_runs(contrail, three, purge_references=["peers"])
    assert peers(contrail, "b") == {"c1", "a"}


def test_a_reflector_keeps_the_attributes_of_its_peerings(contrail: Controller) -> None:
    contrail.run("contrail_bgp_router", [NODE, router("a", 2)])
    contrail.settle()
    session = {"name": "c1", "families": ["inet-vpn"], "hold_time": 40}
    three_runs(contrail, [router("rr", 3, cluster_id=5, peers=[session])])
    three_runs(contrail, [router("rr", 3, unset=["cluster_id"], peers=[session])])


def test_beside_a_reflector_control_nodes_are_peers_by_it(contrail: Controller) -> None:
    contrail.run("contrail_bgp_router", [NODE, router("rr", 3, cluster_id=5)])
    contrail.settle()
    three_runs(contrail, [router("vmx", 4, control_nodes=True)])
    assert peers(contrail, "vmx") == {"rr"}
    with pytest.raises(ModuleFailedError, match=r"config\[0\]\.peers\[0\].*would delete the peering"):
        contrail.run("contrail_bgp_router", [router("vmx2", 5, peers=["c1"])])
    three_runs(contrail, [router("vmx3", 6, peers=["rr"])])
    three_runs(contrail, [router("elsewhere", 7, autonomous_system=64999, control_nodes=True)])
    assert peers(contrail, "elsewhere") >= {"c1"}


def test_clients_of_bgp_services_are_left_to_the_schema_transformer(contrail: Controller) -> None:
    with pytest.raises(ModuleFailedError, match=r"config\[0\]\.router_type: the schema transformer would delete"):
        contrail.run("contrail_bgp_router", [router("n", 9, router_type="bgpaas-client")])
    assert contrail.writes == 0
    contrail.run("contrail_bgp_router", [router("n", 9)])
    with pytest.raises(ModuleFailedError, match=r"config\[0\]\.router_type: the schema transformer would delete"):
        contrail.run("contrail_bgp_router", [router("n", 9, router_type="bgpaas-client")])


def test_a_port_is_in_one_port_tuple_only(contrail: Controller) -> None:
    build(contrail)
    contrail.run("contrail_object", [{"name": "si:other"}], kind="port-tuple")
    item = {"name": "left", "references": [{"kind": "port-tuple", "name": "si:other"}]}

    with pytest.raises(ModuleFailedError, match=r"references\[0\]: the port is in port tuple .*:si:t, and"):
        contrail.run("contrail_object", [item], kind="virtual-machine-interface")

    contrail.run("contrail_object", [item], kind="virtual-machine-interface", purge_references=["port-tuple"])
    tuples = stored(contrail, "virtual-machine-interface", "left")["port_tuple_refs"]
    assert [reference["to"][-1] for reference in tuples] == ["other"]


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        (
            "virtual-machine-interface",
            {"vrf_assign_table": {"vrf_assign_rule": [{"routing_instance": "x", "ignore_acl": True}]}},
            "the schema transformer replaces it",
        ),
        (
            "physical-router",
            {"physical_router_encryption_type": "none", "physical_router_user_credentials": {"username": "u"}},
            "which makes none local",
        ),
    ],
)
def test_properties_that_are_replaced_are_refused(
    contrail: Controller, kind: str, properties: dict[str, Any], words: str
) -> None:
    contrail.run("contrail_vn", [{"name": "vn1"}])
    written = contrail.writes
    item: dict[str, Any] = {"name": "n", "properties": properties}
    if kind == "physical-router":
        item["secrets"] = {"physical_router_user_credentials": {"password": "not-a-real-one"}}
    else:
        item["references"] = [{"kind": "virtual-network", "name": "vn1"}]
    with pytest.raises(ModuleFailedError, match=words):
        contrail.run("contrail_object", [item], kind=kind)
    assert contrail.writes == written
