"""Bad values of the data model, each with its path."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from unit.chain.scenario import add_service, reference

GROUPS = {"routers": ["vmx1"], "endpoints": ["pc1", "pc2"], "service_guests": ["1-to-2"]}
CHAIN = ("chains", "vn1-to-vn2")
SERVICE = ("services", "1-to-2")


def bent(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Return the reference scenario with one value replaced (or added)."""
    model = reference()
    place: Any = model
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return model


def errors(model: dict[str, Any], **more: Any) -> list[str]:
    try:
        read_intent(**model, **more)
    except IntentError as error:
        return [str(each) for each in error.faults]
    return []


def test_the_reference_scenario_is_right() -> None:
    assert errors(reference(), groups=GROUPS) == []


def test_nothing_at_all_is_right() -> None:
    assert errors({}) == []


CASES: list[tuple[tuple[str | int, ...], Any, str]] = [
    (
        (*CHAIN, "left", "network"),
        "vn3",
        "service_chains.vn1-to-vn2.left.network: no network 'vn3' in service_chain_networks; did you mean vn2?",
    ),
    (
        ("networks", "vn1", "route_target"),
        "64512",
        "service_chain_networks.vn1.route_target: '64512' is not a route target: "
        "write AS:NUMBER or ADDRESS:NUMBER, such as 64512:1",
    ),
    (
        ("networks", "vn1", "route_target"),
        3870721,
        "service_chain_networks.vn1.route_target: is the number 3870721: YAML reads 64512:1 so; "
        'put it in quotes ("64512:1"?)',
    ),
    (
        ("networks", "vn1", "route_target"),
        "64512:8000001",
        "service_chain_networks.vn1.route_target: 64512:8000001 lies in the range that the controller gives "
        "out itself (8000000 to 16777216)",
    ),
    (
        ("networks", "vn1", "route_target"),
        None,
        "service_chain_networks.vn1.route_target: is required: chain vn1-to-vn2 passes a router, "
        "whose VRF imports and exports it",
    ),
    (
        ("networks", "vn2", "route_target"),
        "target:64512:1",
        "service_chain_networks.vn2.route_target: 64512:1 is also the route target of vn1",
    ),
    (
        ("networks", "vn1", "subnets", 0, "cidr"),
        "10.300.0.0/24",
        "service_chain_networks.vn1.subnets[0].cidr: '10.300.0.0/24' is not an IP prefix: "
        "write it as in 10.0.1.0/24 or 2001:db8::/64",
    ),
    (
        ("networks", "vn1", "subnets", 0, "cidr"),
        "10.0.1.5/24",
        "service_chain_networks.vn1.subnets[0].cidr: '10.0.1.5/24' has host bits set; the prefix is 10.0.1.0/24",
    ),
    (
        ("networks", "vn1", "subnets", 0, "gateway"),
        "10.0.2.1",
        "service_chain_networks.vn1.subnets[0].gateway: 10.0.2.1 is not an address of 10.0.1.0/24",
    ),
    (
        ("networks", "vn1", "subnet"),
        "10.0.1.0/24",
        "service_chain_networks.vn1.subnet: unknown key; did you mean subnets?",
    ),
    (
        ("networks", "bad:name"),
        {},
        "service_chain_networks.bad:name: 'bad:name' has a colon, which the API refuses in a name: use another "
        "character, and display_name for the text",
    ),
    ((*CHAIN, "services"), [], "service_chains.vn1-to-vn2.services: needs 1 or more entries"),
    (
        (*CHAIN, "services"),
        ["1-to-3"],
        "service_chains.vn1-to-vn2.services[0]: no service '1-to-3' in service_chain_services; did you mean 1-to-2?",
    ),
    (
        (*CHAIN, "direction"),
        "forwards",
        "service_chains.vn1-to-vn2.direction: must be one of both, forward, not 'forwards'; did you mean forward?",
    ),
    ((*CHAIN, "health_checks"), [{}], "service_chains.vn1-to-vn2.health_checks: unknown key"),
    (
        (*CHAIN, "match"),
        [{"destination_ports": [80]}],
        "service_chains.vn1-to-vn2.match[0].protocol: must be tcp, udp or sctp where ports are given, not any",
    ),
    (
        (*CHAIN, "match"),
        [{"protocol": "tcp", "destination_ports": ["80-70"]}],
        "service_chains.vn1-to-vn2.match[0].destination_ports[0]: '80-70' is not a range of ports: "
        "80 is more than 70, turn them round",
    ),
    (
        (*CHAIN, "right", "network"),
        "vn1",
        "service_chains.vn1-to-vn2.right.network: is the network of the left side as well (vn1)",
    ),
    (
        (*CHAIN, "right", "external", 0, "prefix"),
        "172.31.8.0/21",
        "service_chains.vn1-to-vn2.right.external[0].prefix: 172.31.8.0/21 overlaps 172.31.9.34/32 of the left side",
    ),
    (
        (*CHAIN, "right", "external", 0, "prefix"),
        "10.0.1.9/32",
        "service_chains.vn1-to-vn2.right.external[0].prefix: 10.0.1.9/32 overlaps 10.0.1.0/24 of network vn1",
    ),
    (
        (*CHAIN, "right", "external", 0, "host"),
        "pc3",
        "service_chains.vn1-to-vn2.right.external[0].host: no host 'pc3' in the inventory group endpoints; "
        "did you mean pc2?",
    ),
    (
        (*CHAIN, "right", "external", 0, "routers"),
        ["vmx2"],
        "service_chains.vn1-to-vn2.right.external[0].routers[0]: no router 'vmx2' in service_chain_routers; "
        "did you mean vmx1?",
    ),
    (
        (*CHAIN, "right", "external", 0, "filter"),
        "edge",
        "service_chains.vn1-to-vn2.right.external[0].filter: no filter 'edge' of family inet on router vmx1",
    ),
    (
        (*SERVICE, "health_checks"),
        [{}],
        "service_chain_services.1-to-2.health_checks: is not supported; use `sides[].health_checks` of the module "
        "contrail_service_instance",
    ),
    (
        (*SERVICE, "routes"),
        [{}],
        "service_chain_services.1-to-2.routes: is not supported; use `sides[].interface_route_tables` of the module "
        "contrail_service_instance",
    ),
    (
        (*SERVICE, "version"),
        1,
        "service_chain_services.1-to-2.version: '1' is not supported; make it and its chains with the modules "
        "contrail_service_template, contrail_service_instance and contrail_policy",
    ),
    (
        (*SERVICE, "mode"),
        "transparent",
        "service_chain_services.1-to-2.mode: 'transparent' is not supported; make it and its chains with the modules "
        "contrail_service_template, contrail_service_instance and contrail_policy",
    ),
    (
        (*SERVICE, "members"),
        [],
        "service_chain_services.1-to-2.members: is required: at least one {left: PORT, right: PORT}",
    ),
    (
        (*SERVICE, "members"),
        [{"left": "1-to-2-left"}],
        "service_chain_services.1-to-2.members[0].right: is required: the name of a port",
    ),
    (
        ("routers", "vmx2"),
        {"address": "172.31.10.57", "filters": [{"name": "f", "interfaces": ["ge-0/0/0.0"]}]},
        "service_chain_routers.vmx2: no host 'vmx2' in the inventory group routers; did you mean vmx1?",
    ),
    (
        (*SERVICE, "members", 0, "left"),
        {"server": "fw", "network": "vn1"},
        "service_chain_services.1-to-2.members[0].left: a port given by network and server is not supported; "
        "give its name",
    ),
    (
        (*SERVICE, "members", 0, "right"),
        "1-to-2-left",
        "service_chain_services.1-to-2.members[0].right: port '1-to-2-left' is already used by "
        "service_chain_services.1-to-2.members[0].left",
    ),
    (
        (*SERVICE, "members", 0, "up"),
        "x",
        "service_chain_services.1-to-2.members[0].up: 'up' is not an interface type: it is management, left, right "
        "or otherN",
    ),
    (
        (*SERVICE, "interfaces"),
        ["management", "left", "right"],
        "service_chain_services.1-to-2.networks.management: is required: the network of interface management",
    ),
    (
        ("services", "idle"),
        {"members": [{"left": "a", "right": "b"}]},
        "service_chain_services.idle: stands in no chain of service_chains; "
        "to remove it, give its chain `state: absent`",
    ),
    (
        ("routers", "vmx1", "peering"),
        {
            "name": "a.b",
            "local_address": "172.31.10.57",
            "neighbors": ["172.31.4.76"],
            "tunnels": {"destinations": ["172.31.4.0/24"]},
        },
        "service_chain_routers.vmx1.peering.name: 'a.b' cannot name a dynamic tunnel: 1 to 63 letters, digits, hyphens "
        "and underscores, and not all",
    ),
    (
        ("routers", "vmx1", "peering"),
        {"local_address": "172.31.10.57", "neighbors": ["172.31.4.76"], "multihop": {"ttl": 256}},
        "service_chain_routers.vmx1.peering.multihop.ttl: must be a number from 1 to 255, not 256",
    ),
    (("routers", "vmx1", "peering"), [], "service_chain_routers.vmx1.peering: must be a mapping, not a list"),
    (
        ("routers", "vmx1", "address"),
        None,
        "service_chain_routers.vmx1.address: is required: the next hop for the routes of pc1",
    ),
    (
        ("routers", "vmx1", "filters"),
        [],
        "service_chain_routers.vmx1.filters: has no filter of family inet, which "
        "service_chains.vn1-to-vn2.left.external[0] needs",
    ),
    (
        ("routers", "vmx1", "filters", 0, "interfaces"),
        ["ge-0/0/0"],
        "service_chain_routers.vmx1.filters[0].interfaces[0]: 'ge-0/0/0' is not a logical interface: "
        "write it with its unit, such as ge-0/0/0.0",
    ),
    (
        ("routers", "vmx1", "vrfs"),
        {"vn9": {}},
        "service_chain_routers.vmx1.vrfs.vn9: no network 'vn9' in service_chain_networks; did you mean vn2?",
    ),
    (
        ("ports", 0, "network"),
        "vn9",
        "contrail_objects_ports[0].network: no network 'vn9' in service_chain_networks; did you mean vn2?",
    ),
    (
        ("ports", 0, "addresses"),
        ["10.0.2.9"],
        "contrail_objects_ports[0].addresses[0]: 10.0.2.9 is in no subnet of vn1 (10.0.1.0/24)",
    ),
    (
        ("ports", 2, "addresses"),
        ["10.0.1.3"],
        "contrail_objects_ports[2].addresses[0]: 10.0.1.3 is the address of port vm1 already",
    ),
    (
        ("ports", 1, "name"),
        "vm1",
        "contrail_objects_ports[1].name: 'vm1' is the name of an earlier port of this list",
    ),
]


@pytest.mark.parametrize(("path", "value", "expected"), CASES, ids=[case[2].split(":")[0] for case in CASES])
def test_a_bad_value_is_named_with_its_path(path: tuple[str | int, ...], value: Any, expected: str) -> None:
    assert expected in errors(bent(path, value), groups=GROUPS)


def test_ports_name_a_network_of_a_project_with_it() -> None:
    model = bent(("networks", "vn1", "project"), "demo")
    assert errors(model)[0] == (
        "contrail_objects_ports[0].network: network vn1 is in a project of its own; write demo:vn1"
    )


def test_every_bad_value_is_reported_at_once() -> None:
    model = bent(("networks", "vn1", "route_target"), "x")
    model["chains"]["vn1-to-vn2"]["left"]["external"][0]["prefix"] = "y"
    assert len(errors(model)) == 2


def test_chains_for_a_router_need_a_pair_of_networks_each() -> None:
    model = add_service(reference(), "dpi")
    chain = model["chains"]["vn1-to-vn2"]
    chain["services"].remove("dpi")
    model["chains"]["second"] = {**chain, "services": ["dpi"]}
    assert errors(model) == [
        "service_chains.second.left.network: vn1-to-vn2 joins the same networks; "
        "chains for a router need a pair of networks each"
    ]


def test_several_routers_must_be_chosen_from() -> None:
    model = reference()
    model["routers"]["vmx2"] = model["routers"]["vmx1"]
    assert errors(model)[0] == (
        "service_chains.vn1-to-vn2.left.external[0].routers: is required: there are 2 routers (vmx1, vmx2)"
    )


def test_several_filters_must_be_chosen_from() -> None:
    model = reference()
    model["routers"]["vmx1"]["filters"].append({"name": "other"})
    assert errors(model)[0] == (
        "service_chains.vn1-to-vn2.left.external[0].filter: is required: router vmx1 has ge000_to_dcrouter, other"
    )


@pytest.mark.parametrize(
    ("spelling", "meant"),
    [
        ("64512:1", "64512:1"),
        ("target:64512:1", "64512:1"),
        ("4200000000:1", "4200000000:1"),
        ("4200000000L:1", "4200000000:1"),
        ("10.0.0.1:7", "10.0.0.1:7"),
    ],
)
def test_route_targets_have_one_normal_form(spelling: str, meant: str) -> None:
    model = bent(("networks", "vn1", "route_target"), spelling)
    assert read_intent(**model).networks["vn1"].route_targets == (meant,)


@examples(100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(
        [
            ("networks",),
            ("networks", "vn1"),
            ("networks", "vn1", "subnets"),
            ("services",),
            ("services", "1-to-2", "members"),
            ("routers",),
            ("routers", "vmx1", "filters"),
            ("chains",),
            ("chains", "vn1-to-vn2", "left"),
            ("chains", "vn1-to-vn2", "match"),
            ("ports",),
        ]
    ),
)
def test_no_value_at_all_makes_the_reader_stumble(value: Any, path: tuple[str, ...]) -> None:
    for error in errors(bent(path, value), groups=GROUPS):
        assert error.startswith(("service_chain", "contrail_objects_ports"))
        assert ": " in error
