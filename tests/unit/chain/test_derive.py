"""What follows from the data model."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from unit.chain.scenario import add_service, derived, reference

JsonDict = dict[str, Any]


def chain(model: JsonDict) -> JsonDict:
    found: JsonDict = model["chains"]["vn1-to-vn2"]
    return found


def test_networks_have_the_shape_of_the_module() -> None:
    first = derived(reference())["networks"][0]
    assert first == {
        "name": "vn1",
        "subnets": [{"cidr": "10.0.1.0/24", "gateway": "10.0.1.1", "allocate_from_start": True}],
        "route_targets": ["64512:1"],
    }


def test_networks_of_a_project_are_named_with_it_everywhere() -> None:
    model = reference()
    model["networks"]["vn1"]["project"] = "demo"
    for port in model["ports"]:
        port["network"] = port["network"].replace("vn1", "demo:vn1")
    result = derived(model)
    assert result["networks"][0]["name"] == "demo:vn1"
    assert result["instances"][0]["interfaces"][0] == {"type": "left", "network": "demo:vn1"}
    assert result["policies"][0]["networks"][0]["name"] == "demo:vn1"
    assert result["routers"]["vmx1"]["vrfs"][0]["name"] == "vn1"


def test_existing_networks_are_not_made_but_used() -> None:
    model = reference()
    model["networks"]["vn1"]["existing"] = True
    result = derived(model)
    assert [each["name"] for each in result["networks"]] == ["vn2"]
    assert {"kind": "virtual-network", "name": "vn1"} not in result["planned"]
    assert result["policies"][0]["networks"][0]["name"] == "vn1"


def test_services_get_a_template_and_a_tuple_for_each_member() -> None:
    result = derived(reference())
    assert result["templates"] == [
        {
            "name": "1-to-2-template",
            "version": 2,
            "mode": "in-network",
            "type": "firewall",
            "virtualization": "virtual-machine",
            "interfaces": ["left", "right"],
        }
    ]
    assert result["instances"] == [
        {
            "name": "1-to-2",
            "template": "1-to-2-template",
            "interfaces": [{"type": "left", "network": "vn1"}, {"type": "right", "network": "vn2"}],
            "port_tuples": [{"name": "1-to-2-1", "ports": {"left": "1-to-2-left", "right": "1-to-2-right"}}],
        }
    ]


def test_services_share_a_template_by_name() -> None:
    model = add_service(reference(), "dpi")
    for service in model["services"].values():
        service["template"] = "fw"
    result = derived(model)
    assert [each["name"] for each in result["templates"]] == ["fw"]
    assert {each["template"] for each in result["instances"]} == {"fw"}


def test_existing_templates_and_services_are_only_referred_to() -> None:
    model = reference()
    model["services"]["1-to-2"]["template"] = {"name": "fw", "existing": True}
    assert derived(model)["templates"] == []
    model["services"]["1-to-2"]["existing"] = True
    result = derived(model)
    assert result["instances"] == []
    assert result["policies"][0]["rules"][0]["services"] == ["1-to-2"]


def test_policy_goes_both_ways_through_the_services_in_order() -> None:
    result = derived(add_service(reference(), "dpi"))
    assert result["policies"] == [
        {
            "name": "vn1-to-vn2",
            "rules": [
                {
                    "protocol": "any",
                    "direction": "<>",
                    "source": [{"network": "vn1"}],
                    "destination": [{"network": "vn2"}],
                    "action": "pass",
                    "services": ["1-to-2", "dpi"],
                }
            ],
            "networks": [
                {"name": "vn1", "sequence": {"major": 0, "minor": 0}},
                {"name": "vn2", "sequence": {"major": 0, "minor": 0}},
            ],
        }
    ]


def test_the_router_gets_a_vrf_for_each_side() -> None:
    result = derived(reference())["routers"]["vmx1"]
    assert result["vrfs"] == [
        {
            "name": "vn1",
            "route_target": "64512:1",
            "table_label": True,
            "static_routes": [{"prefix": "172.31.9.34/32", "next_table": "inet.0"}],
            "auto_export": ["inet"],
            "steering": [
                {
                    "filter": "ge000_to_dcrouter",
                    "family": "inet",
                    "name": "t1",
                    "priority": 100,
                    "source": ["172.31.9.34/32"],
                }
            ],
        },
        {
            "name": "vn2",
            "route_target": "64512:2",
            "table_label": True,
            "static_routes": [{"prefix": "172.31.8.198/32", "next_table": "inet.0"}],
            "auto_export": ["inet"],
            "steering": [
                {
                    "filter": "ge000_to_dcrouter",
                    "family": "inet",
                    "name": "t11",
                    "priority": 100,
                    "source": ["172.31.8.198/32"],
                }
            ],
        },
    ]
    assert result["filters"] == [
        {
            "name": "ge000_to_dcrouter",
            "family": "inet",
            "interfaces": ["ge-0/0/0.0"],
            "default": "accept",
            "default_term": "t2",
        }
    ]
    assert result["tables"] == ["vn1.inet.0", "vn2.inet.0"]


def test_each_table_is_expected_to_hold_the_far_side() -> None:
    assert derived(reference())["routers"]["vmx1"]["expected"] == [
        {
            "table": "vn1.inet.0",
            "chain": "vn1-to-vn2",
            "prefixes": ["172.31.8.198/32"],
            "copies": {"table": "vn2.inet.0", "within": ["10.0.2.0/24"]},
        },
        {
            "table": "vn2.inet.0",
            "chain": "vn1-to-vn2",
            "prefixes": ["172.31.9.34/32"],
            "copies": {"table": "vn1.inet.0", "within": ["10.0.1.0/24"]},
        },
    ]


def test_host_routes_are_those_of_the_reference() -> None:
    hosts = derived(reference())["hosts"]
    assert {
        host: [(each["prefix"], each["via"], each["state"]) for each in routes] for host, routes in hosts.items()
    } == {
        "pc1": [("172.31.8.198/32", "172.31.10.57", "present")],
        "pc2": [("172.31.9.34/32", "172.31.10.57", "present")],
        "1-to-2": [
            ("172.31.9.34/32", "10.0.1.1", "present"),
            ("172.31.8.198/32", "10.0.2.1", "present"),
        ],
    }


def test_planned_names_every_object_that_will_stand() -> None:
    planned = {(each["kind"], each["name"]) for each in derived(reference())["planned"]}
    assert planned == {
        ("virtual-network", "vn1"),
        ("virtual-network", "vn2"),
        ("virtual-machine-interface", "vm1"),
        ("virtual-machine-interface", "vm2"),
        ("virtual-machine-interface", "1-to-2-left"),
        ("virtual-machine-interface", "1-to-2-right"),
        ("service-template", "1-to-2-template"),
        ("service-instance", "1-to-2"),
        ("network-policy", "vn1-to-vn2"),
    }


def test_what_nobody_makes_here_must_exist() -> None:
    model = add_service(reference(), "dpi")
    assert derived(model)["existing"] == {"virtual-machine-interface": ["dpi-left", "dpi-right"]}
    model["services"]["dpi"]["existing"] = True
    model["networks"]["vn1"]["existing"] = True
    assert derived(model)["existing"] == {"virtual-network": ["vn1"], "service-instance": ["dpi"]}


def test_forward_chains_take_the_way_there_only() -> None:
    model = reference()
    chain(model)["direction"] = "forward"
    result = derived(model)
    router = result["routers"]["vmx1"]
    assert result["policies"][0]["rules"][0]["direction"] == ">"
    assert [term["name"] for vrf in router["vrfs"] for term in vrf.get("steering", [])] == ["t1"]
    assert [each["table"] for each in router["expected"]] == ["vn1.inet.0"]
    assert "pc2" not in result["hosts"]


def test_the_way_back_of_nat_is_not_steered() -> None:
    model = reference()
    model["services"]["1-to-2"]["mode"] = "in-network-nat"
    router = derived(model)["routers"]["vmx1"]
    assert [term["name"] for vrf in router["vrfs"] for term in vrf.get("steering", [])] == ["t1"]
    assert [each["table"] for each in router["expected"]] == ["vn1.inet.0"]


def test_the_terms_of_a_chain_are_told_and_one_that_serves_two_is_told_for_both() -> None:
    model = reference()
    model["networks"]["vn3"] = {"subnets": [{"cidr": "10.0.3.0/24"}], "route_target": "64512:3"}
    model["services"]["dpi"] = {"members": [{"left": "dpi-left", "right": "dpi-right"}]}
    model["chains"]["vn1-to-vn3"] = {
        "left": {"network": "vn1", "external": [{"prefix": "172.31.9.34/32", "term": "t1"}]},
        "right": {"network": "vn3", "external": [{"prefix": "198.51.100.0/24", "term": "t21"}]},
        "services": ["dpi"],
    }
    t1, t11, t21 = ({"filter": "ge000_to_dcrouter", "family": "inet", "name": name} for name in ("t1", "t11", "t21"))
    steering = derived(model)["routers"]["vmx1"]["steering"]
    assert steering == {"vn1-to-vn2": [t1, t11], "vn1-to-vn3": [t1, t21]}


def test_a_match_goes_into_the_rule_and_mirrored_into_the_terms() -> None:
    model = reference()
    chain(model)["match"] = [{"protocol": "tcp", "destination_ports": [80, "8000-8080"]}]
    result = derived(model)
    rule = result["policies"][0]["rules"][0]
    assert (rule["protocol"], rule["destination_ports"]) == ("tcp", [80, "8000-8080"])
    there, back = (vrf["steering"][0] for vrf in result["routers"]["vmx1"]["vrfs"])
    assert there["name"] == "t1"
    assert (there["protocol"], there["destination_ports"]) == (["tcp"], [80, "8000-8080"])
    assert (back["protocol"], back["source_ports"]) == (["tcp"], [80, "8000-8080"])
    assert "destination_ports" not in back
    assert there["priority"] < 100


def test_several_matches_make_several_rules_and_terms() -> None:
    model = reference()
    chain(model)["match"] = [{"protocol": "tcp", "destination_ports": 80}, {"protocol": "udp"}]
    result = derived(model)
    assert [each["protocol"] for each in result["policies"][0]["rules"]] == ["tcp", "udp"]
    vrf = result["routers"]["vmx1"]["vrfs"][0]
    assert [term["name"] for term in vrf["steering"]] == ["t1-1", "t1-2"]


def test_a_match_on_addresses_narrows_the_terms() -> None:
    model = reference()
    left = chain(model)["left"]["external"]
    left[0]["prefix"] = "172.31.9.0/24"
    left.append({"prefix": "192.0.2.0/24", "term": "t3"})
    chain(model)["match"] = [{"source": "172.31.9.34/32", "destination": "172.31.8.0/24"}]
    result = derived(model)
    vrf = result["routers"]["vmx1"]["vrfs"][0]
    assert [(term["name"], term["source"], term["destination"]) for term in vrf["steering"]] == [
        ("t1", ["172.31.9.34/32"], ["172.31.8.0/24"])
    ]
    rule = result["policies"][0]["rules"][0]
    assert rule["source"] == [{"network": "vn1", "subnet": "172.31.9.34/32"}]
    assert rule["destination"] == [{"network": "vn2", "subnet": "172.31.8.0/24"}]


def test_ipv6_prefixes_have_tables_filters_and_routes_of_their_own() -> None:
    model = reference()
    model["networks"]["vn1"]["subnets"].append({"cidr": "fd00:1::/64"})
    model["networks"]["vn2"]["subnets"].append({"cidr": "fd00:2::/64"})
    model["routers"]["vmx1"]["address6"] = "fd00::57"
    model["routers"]["vmx1"]["filters"].append({"name": "six", "family": "inet6"})
    chain(model)["left"]["external"].append({"prefix": "2001:db8:1::1/128", "host": "pc1"})
    chain(model)["right"]["external"].append({"prefix": "2001:db8:2::/64", "host": "pc2"})
    result = derived(model)
    router = result["routers"]["vmx1"]
    vrf = router["vrfs"][0]
    assert {"prefix": "2001:db8:1::1/128", "next_table": "inet6.0"} in vrf["static_routes"]
    assert vrf["auto_export"] == ["inet", "inet6"]
    assert [(term["filter"], term["family"]) for term in vrf["steering"]][1] == ("six", "inet6")
    assert "vn1.inet6.0" in router["tables"]
    assert {"prefix": "2001:db8:2::/64", "via": "fd00::57", "state": "present"} in result["hosts"]["pc1"]
    assert {"prefix": "2001:db8:1::1/128", "via": "fd00:1::1", "state": "present"} in result["hosts"]["1-to-2"]


def test_vrfs_take_names_and_details_from_the_router() -> None:
    model = reference()
    model["routers"]["vmx1"]["vrfs"] = {"vn1": {"name": "red", "route_distinguisher": "172.31.10.57:1"}}
    model["routers"]["vmx1"]["mark"] = True
    router = derived(model)["routers"]["vmx1"]
    red = router["vrfs"][0]
    assert (red["name"], red["route_distinguisher"], red["mark"]) == ("red", "172.31.10.57:1", True)
    assert router["tables"][0] == "red.inet.0"


def test_prefixes_go_to_the_routers_they_name() -> None:
    model = reference()
    model["routers"]["vmx2"] = {"address": "172.31.10.58", "filters": [{"name": "edge"}]}
    chain(model)["left"]["external"][0]["routers"] = ["vmx1", "vmx2"]
    chain(model)["right"]["external"][0]["routers"] = ["vmx2"]
    result = derived(model)
    vrfs = {name: [vrf["name"] for vrf in each["vrfs"]] for name, each in result["routers"].items()}
    assert vrfs == {"vmx1": ["vn1"], "vmx2": ["vn1", "vn2"]}
    assert result["hosts"]["pc2"][0]["via"] == "172.31.10.58"
    assert "copies" not in result["routers"]["vmx1"]["expected"][0]


def test_a_chain_without_far_prefixes_waits_for_anything_of_the_far_network() -> None:
    model = reference()
    chain(model)["right"]["external"] = []
    router = derived(model)["routers"]["vmx1"]
    assert router["expected"] == [
        {"table": "vn1.inet.0", "chain": "vn1-to-vn2", "prefixes": [], "any_within": ["10.0.2.0/24"]}
    ]


def test_absent_chains_take_their_objects_along() -> None:
    model = reference()
    chain(model)["state"] = "absent"
    result = derived(model)
    assert result["policies"] == result["instances"] == result["templates"] == []
    assert [each["name"] for each in result["absent"]["policies"]] == ["vn1-to-vn2"]
    assert [each["name"] for each in result["absent"]["instances"]] == ["1-to-2"]
    assert [each["name"] for each in result["absent"]["templates"]] == ["1-to-2-template"]
    assert result["routers"]["vmx1"]["vrfs"] == []
    assert result["routers"]["vmx1"]["filters"] == []
    absent = result["routers"]["vmx1"]["absent"]
    assert [each["name"] for each in absent["vrfs"]] == ["vn1", "vn2"]
    assert [each["default_term"] for each in absent["filters"]] == ["t2"]
    assert {each["state"] for routes in result["hosts"].values() for each in routes} == {"absent"}


def two_chains() -> JsonDict:
    model = reference()
    model["networks"]["vn3"] = {"subnets": [{"cidr": "10.0.3.0/24"}], "route_target": "64512:3"}
    model["services"]["1-to-3"] = {"members": [{"left": "1-to-3-left", "right": "1-to-3-right"}]}
    model["chains"]["vn1-to-vn3"] = {
        "left": {
            "network": "vn1",
            "external": [{"prefix": "172.31.9.34/32", "term": "t1", "host": "pc1"}, "192.0.2.1/32"],
        },
        "right": {"network": "vn3", "external": ["172.31.7.7/32"]},
        "services": ["1-to-3"],
    }
    return model


def test_chains_share_terms_and_static_routes_of_one_network() -> None:
    router = derived(two_chains())["routers"]["vmx1"]
    vrf = router["vrfs"][0]
    assert [term["name"] for term in vrf["steering"]] == ["t1", "vn1-to-vn3-192.0.2.1-32"]
    assert [each["prefix"] for each in vrf["static_routes"]] == ["172.31.9.34/32", "192.0.2.1/32"]
    assert [each["name"] for each in router["vrfs"]] == ["vn1", "vn2", "vn3"]


def test_an_absent_chain_leaves_what_another_needs() -> None:
    model = two_chains()
    model["chains"]["vn1-to-vn3"]["state"] = "absent"
    result = derived(model)
    absent = result["routers"]["vmx1"]["absent"]
    assert [each["name"] for each in absent["vrfs"]] == ["vn3"]
    assert absent["filters"] == []
    (vrf,) = absent["replaced"]
    assert vrf["name"] == "vn1"
    assert [term["name"] for term in vrf["steering"]] == ["t1"]
    assert [each["prefix"] for each in vrf["static_routes"]] == ["172.31.9.34/32"]
    assert {"prefix": "172.31.8.198/32", "via": "172.31.10.57", "state": "present"} in result["hosts"]["pc1"]
    assert {"prefix": "172.31.7.7/32", "via": "172.31.10.57", "state": "absent"} in result["hosts"]["pc1"]


def test_one_source_cannot_enter_two_networks() -> None:
    model = two_chains()
    model["chains"]["vn1-to-vn3"]["right"]["external"] = [{"prefix": "172.31.8.198/32", "term": "t12"}]
    with pytest.raises(IntentError) as caught:
        derived(model)
    assert str(caught.value) == (
        "service_chains.vn1-to-vn3.right.external[0].prefix: "
        "router vmx1 sends the traffic of 172.31.8.198/32 into vn2 already"
    )


def test_one_term_name_cannot_have_two_meanings() -> None:
    model = reference()
    chain(model)["right"]["external"][0]["term"] = "t1"
    with pytest.raises(IntentError) as caught:
        derived(model)
    assert str(caught.value) == (
        "service_chains.vn1-to-vn2.right.external[0].term: "
        "term 't1' of filter ge000_to_dcrouter has another content elsewhere"
    )


def test_summary_shows_who_meets_whom() -> None:
    assert derived(reference())["summary"] == [
        "service_chains.vn1-to-vn2: pc1 172.31.9.34/32 <-> vn1 <-> [1-to-2] <-> vn2 <-> pc2 172.31.8.198/32"
    ]


PEERING: JsonDict = {
    "local_address": "172.31.10.57",
    "neighbors": ["172.31.4.76"],
    "autonomous_system": 64512,
    "route_distinguisher_id": "172.31.10.57",
    "tunnel_services": [{"fpc": 0, "pic": 0}],
    "tunnels": {"destinations": ["172.31.10.155", "172.31.4.76/32"]},
    "bgp_router": {},
}


def peered(**values: Any) -> JsonDict:
    model = reference()
    model["routers"]["vmx1"]["peering"] = {**PEERING, **values}
    return model


class TestPeering:
    def test_both_ends_follow_from_it(self) -> None:
        result = derived(peered())
        assert result["routers"]["vmx1"]["peering"] == {
            "config": [
                {
                    "name": "contrail",
                    "local_address": "172.31.10.57",
                    "families": ["inet-vpn", "inet6-vpn", "route-target"],
                    "neighbors": [{"address": "172.31.4.76"}],
                    "tunnels": {"destinations": ["172.31.10.155/32", "172.31.4.76/32"]},
                    "mark": True,
                }
            ],
            "router": {
                "tunnel_services": [{"fpc": 0, "pic": 0}],
                "route_distinguisher_id": "172.31.10.57",
                "autonomous_system": 64512,
            },
        }
        assert result["bgp_routers"] == [
            {
                "name": "vmx1",
                "address": "172.31.10.57",
                "identifier": "172.31.10.57",
                "autonomous_system": "64512",
                "router_type": "router",
                "vendor": "Juniper",
                "families": ["inet-vpn", "inet6-vpn", "route-target"],
                "control_nodes": True,
            }
        ]

    def test_without_it_a_router_and_contrail_are_left_alone(self) -> None:
        result = derived(reference())
        assert result["routers"]["vmx1"]["peering"] == {"config": [], "router": {}}
        assert result["bgp_routers"] == []

    @pytest.mark.parametrize(
        ("numbers", "kind"), [((64513, 64514), "external"), ((64513, 64512), None), ((64513, None), None)]
    )
    def test_a_group_is_external_only_where_no_doubt_is_left(self, numbers: tuple[Any, Any], kind: str | None) -> None:
        neighbors = [{"address": f"172.31.4.{76 + n}", "peer_as": number} for n, number in enumerate(numbers)]
        (group,) = derived(peered(neighbors=neighbors))["routers"]["vmx1"]["peering"]["config"]
        assert group.get("type") == kind

    @pytest.mark.parametrize(
        ("values", "line"),
        [
            ({"local_address": None}, "local_address: is required"),
            ({"autonomous_system": None}, "autonomous_system: is required: bgp_router tells Contrail what it is"),
            (
                {"neighbors": ["172.31.4.76", {"address": "172.31.4.76"}]},
                "neighbors[1]: 172.31.4.76 is the address of an earlier neighbor",
            ),
            (
                {"neighbors": ["2001:db8::1"]},
                "neighbors[0]: 2001:db8::1 is of another address family than local_address",
            ),
            ({"tunnels": {"destinations": []}}, "tunnels.destinations: needs 1 or more entries"),
        ],
    )
    def test_what_cannot_be_carried_out_is_refused_with_its_path(self, values: JsonDict, line: str) -> None:
        with pytest.raises(IntentError) as caught:
            derived(peered(**values))
        assert str(caught.value) == f"service_chain_routers.vmx1.peering.{line}"
