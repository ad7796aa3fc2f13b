# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each step of a diagnosis, on facts of the reference scenario that are bent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.diagnosis.evidence import (
    BoundFilter,
    Compute,
    FilterTerm,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.diagnosis.objects_to_read import (
    FIELDS,
    first_needs,
    further_needs,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.diagnosis.steps import STEPS
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.diagnosis.terms import find_terms
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.findings import links
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.introspect.records import (
    ConnectedRoute,
    KnownNetwork,
    Neighbor,
    XmppPeer,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.finding import (
    ERROR,
    WARNING,
    FindingKind,
)
from unit.chain.diagnosis_scenario import COMPUTE, CONTROL, World, bgp, full, interface, state, text, to
from unit.chain.scenario import add_service

OTHER_CONTROL = "http://172.31.4.77:8083"
NO_ROUTE = ConnectedRoute()


def test_when_all_is_well_every_step_is_ok_and_nothing_is_found() -> None:
    verdict = World().verdict()
    assert verdict.stands
    assert verdict.warnings == ()
    assert [(each.step, each.result) for each in verdict.checked] == [(step.name, "ok") for step in STEPS]
    assert verdict.line == "vn1-to-vn2: up"


# --- one thing broken -------------------------------------------------------------------------------------

Bend = Callable[[World], Any]


def put(holder: str, key: str, value: Any) -> Bend:
    """Put a value into a part of the world."""
    return lambda world: getattr(world, holder).__setitem__(key, value)


def without(text_: str, instead: str = "") -> Bend:
    """Take a part out of the router's configuration."""

    def bend(world: World) -> None:
        assert text_ in world.configuration
        world.configuration = world.configuration.replace(text_, instead, 1)

    return bend


def states(*given: Any) -> Bend:
    return put("daemons", "states", {CONTROL: list(given)})


def second_service(world: World) -> None:
    """Let the data model ask for a second service, which the policy does not name."""
    add_service(world.model, "fw2")
    world.objects["service-instance", full("fw2")] = {"service_template_refs": to(("default-domain", "in-network"))}


def rule(**values: Any) -> Bend:
    return lambda world: world.daemons.__setitem__("rules", [replace(world.daemons["rules"][0], **values)])


def tables(name: str, *routes: dict[str, Any]) -> Bend:
    return lambda world: world.router["route_tables"][name].__setitem__("routes", list(routes))


def peers(**values: Any) -> Bend:
    return lambda world: world.router["bgp"]["peers"][0].update(values)


DOWN = {"state": "down", "connected": NO_ROUTE}

BROKEN: dict[str, tuple[Bend, FindingKind, str]] = {
    "a network is not there": (
        lambda world: world.objects.__setitem__(("virtual-network", full("vn2")), None),
        links.NETWORK_NOT_THERE,
        "Contrail has no network vn2",
    ),
    "the policy is not there": (
        lambda world: world.objects.pop(("network-policy", full("vn1-to-vn2"))),
        links.POLICY_NOT_THERE,
        "Contrail has no policy vn1-to-vn2",
    ),
    "the rule is about other networks": (
        lambda world: world.rule()["dst_addresses"][0].update(virtual_network=text("vn3")),
        links.POLICY_WITHOUT_CHAIN,
        "no rule of policy vn1-to-vn2 sends traffic between vn1 and vn2 through a service",
    ),
    "the rule has no service": (
        lambda world: world.rule()["action_list"].pop("apply_service"),
        links.POLICY_WITHOUT_CHAIN,
        "no rule",
    ),
    "the policy is attached without sequence": (
        lambda world: world.network("vn1")["network_policy_refs"][0].pop("attr"),
        links.POLICY_WITHOUT_SEQUENCE,
        "attached to vn1 without a sequence",
    ),
    "apply_service has a slip of the pen": (
        lambda world: world.rule()["action_list"].update(apply_service=[text("1-to-22")]),
        links.SERVICE_NAMED_IN_VAIN,
        "1-to-22, which does not exist; did you mean default-domain:default-project:1-to-2?",
    ),
    "the policy lacks a service": (
        second_service,
        links.OTHER_SERVICES_IN_POLICY,
        "through 1-to-2, not through 1-to-2, fw2",
    ),
    "the service has no template": (
        lambda world: world.objects["service-instance", full("1-to-2")].pop("service_template_refs"),
        links.SERVICE_WITHOUT_TEMPLATE,
        "1-to-2 has no service template",
    ),
    "there is no port tuple": (
        lambda world: world.objects["service-instance", full("1-to-2")].pop("port_tuples"),
        links.NO_PORT_TUPLE,
        "has no port tuple with ports",
    ),
    "the port tuple has no ports": (
        lambda world: world.objects["port-tuple", full("1-to-2", "first")].clear(),
        links.NO_PORT_TUPLE,
        "has no port tuple with ports",
    ),
    "a port does not say its side": (
        lambda world: world.port("left").pop("virtual_machine_interface_properties"),
        links.PORT_WITHOUT_INTERFACE_TYPE,
        "port 1-to-2-left of port tuple 1-to-2:first",
    ),
    "two ports on one side": (
        lambda world: world.port("right")["virtual_machine_interface_properties"].update(service_interface_type="left"),
        links.PORT_TUPLE_INCOMPLETE,
        "has no port on its right side",
    ),
    "left and right are swapped": (
        lambda world: world.port("left").update(virtual_network_refs=to(full("vn2"))),
        links.PORT_ON_WRONG_SIDE,
        "port 1-to-2-left is the left side of service 1-to-2, but in vn2 instead of vn1",
    ),
    "a side has no service address": (
        lambda world: world.objects["instance-ip", ("1-to-2-left-shared",)].clear(),
        links.NO_SERVICE_ADDRESS,
        "no service address on its left side",
    ),
    "a routing instance is missing": (
        lambda world: world.network("vn2")["routing_instances"].pop(),
        links.SERVICE_ROUTING_INSTANCE_MISSING,
        "network vn2 has no routing instance for service 1-to-2: the schema transformer says that the chain is made",
    ),
    "a routing instance is left over": (
        rule(created=False),
        links.CHAIN_NOT_CREATED,
        "the schema transformer sees the policy on one of the networks only",
    ),
    "no control node knows the chain": (
        states(state("vn1", "vn2")),
        links.CHAIN_STATE_MISSING,
        "for routes from vn2 to vn1",
    ),
    "the chain is pending": (
        states(
            state("vn1", "vn2"), state("vn2", "vn1", state="pending", pending_reason="Service chain address is invalid")
        ),
        links.CHAIN_PENDING,
        "waits in vn2: Service chain address is invalid",
    ),
    "one side is down and the other waits for it": (
        states(state("vn1", "vn2", state="group down"), state("vn2", "vn1", **DOWN)),
        links.CONNECTED_ROUTE_DOWN,
        "in vn2 is not announced: the compute nodes that were asked see nothing wrong",
    ),
    "the group is down": (
        states(state("vn1", "vn2", state="group down"), state("vn2", "vn1", state="group down")),
        links.CHAIN_GROUP_DOWN,
        "up in vn1, but another part of its chain is down",
    ),
    "a VRF is not there": (
        without("<name>vn2</name>", "<name>other</name>"),
        links.VRF_NOT_THERE,
        "no VRF vn2 for network vn2",
    ),
    "a network has no route target": (
        lambda world: world.network("vn1").update(
            route_target_list=None, import_route_target_list={"route_target": ["target:64512:1"]}
        ),
        links.NETWORK_WITHOUT_ROUTE_TARGET,
        "network vn1 has no route target that it both imports and exports",
    ),
    "no session is configured": (
        lambda world: world.router["bgp"]["peers"].clear(),
        links.BGP_SESSION_DOWN,
        "none is configured",
    ),
    "a tunnel is down": (
        lambda world: world.router["tunnels"][0].update(state="Dn"),
        links.NEXT_HOP_UNRESOLVED,
        f"{COMPUTE} does not resolve: its tunnel is Dn",
    ),
    "a tunnel leads elsewhere": (
        lambda world: world.router["tunnels"][0].update(network="192.0.2.0/24"),
        links.NO_TUNNEL_TO_COMPUTE,
        f"no dynamic tunnel is configured to compute node {COMPUTE}",
    ),
    "a route is missing": (
        tables("vn2.inet.0", bgp("10.0.2.4/32", 34), bgp("10.0.1.4/32", 34)),
        links.ROUTE_NOT_LEARNED,
        "vn2.inet.0 has no 172.31.9.34/32 by BGP",
    ),
    "a label is another port's": (
        tables("vn1.inet.0", bgp("10.0.1.4/32", 30), bgp("10.0.2.4/32", 34), bgp("172.31.8.198/32", 30)),
        links.LABEL_MISMATCH,
        "the router sends to 10.0.2.4/32 with label 34, but the left port of service 1-to-2 has label 30",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_first_broken_link_is_named(name: str) -> None:
    bend, kind, words = BROKEN[name]
    world = World()
    bend(world)
    verdict = world.verdict()
    assert verdict.link is not None, verdict.line
    assert verdict.link.kind is kind, verdict.line
    assert words in verdict.link.shown()["message"]
    assert verdict.warnings == ()
    assert not verdict.stands
    assert verdict.line.endswith(f"cure: {verdict.link.shown()['cure']} [{kind.code}]")


def test_route_targets_that_do_not_meet_in_one_direction() -> None:
    world = World()
    asymmetric = "<vrf-target><import>target:64512:{}</import><export>target:64512:{}</export></vrf-target>"
    start, end = world.configuration.index("<vrf-target>"), world.configuration.index("</vrf-target>")
    before, after = world.configuration[:start], world.configuration[end + len("</vrf-target>") :]
    world.configuration = before + asymmetric.format(1, 11) + after
    link = world.verdict().link
    assert link is not None
    assert link.kind is links.ROUTE_TARGET_NOT_EXPORTED
    assert link.shown()["message"] == "VRF vn1 exports 64512:11, but network vn1 imports 64512:1"
    assert link.where == "vmx1: routing-instances vn1"


def test_a_session_that_is_down_is_told_with_what_both_ends_say() -> None:
    world = World()
    peers(state="Active", established=False, last_error="Hold Timer Expired Error")(world)
    world.daemons["neighbors"] = {CONTROL: [Neighbor(address="172.31.10.57", last_error="Cease:Peer De-configured")]}
    link = world.verdict().link
    assert link is not None
    assert link.kind is links.BGP_SESSION_DOWN
    told = "172.31.4.76 Active (Hold Timer Expired Error; Cease:Peer De-configured)"
    assert link.shown()["message"].endswith(f": {told}")


def test_sessions_with_others_than_control_nodes_do_not_count() -> None:
    world = World(control_nodes=["172.31.4.76"])
    stranger = {"address": "192.0.2.1", "type": "internal", "state": "Established", "established": True}
    world.router["bgp"]["peers"].append(stranger)
    peers(state="Idle", established=False)(world)
    link = world.verdict().link
    assert link is not None
    assert link.kind is links.BGP_SESSION_DOWN


def test_a_term_that_is_deactivated_does_not_steer() -> None:
    world = World()
    without("<term>", '<term inactive="inactive">')(world)
    link = world.verdict().link
    assert link is not None
    assert link.kind is links.STEERING_TERM_MISSING
    assert link.where == "vmx1: firewall family inet filter ge000_to_dcrouter term t1"


def test_a_term_of_another_name_that_does_the_work_will_do() -> None:
    world = World()
    without("<name>t1</name>", "<name>made-by-hand</name>")(world)
    assert world.verdict().stands


def test_two_filters_and_many_terms_are_each_found_in_their_place() -> None:
    def lead(name: str, source: str, vrf: str | None, *, ends: bool = True) -> FilterTerm:
        return FilterTerm(name, {"source": (source,)}, ends, vrf)

    filters = {
        ("inet", "one"): BoundFilter(
            [
                lead("wide", "10.0.0.0/8", None, ends=False),
                lead("a", "10.1.0.0/16", "vn1"),
                lead("b", "10.1.1.0/24", "vn2"),
            ],
            ["ge-0/0/0.0"],
        ),
        ("inet", "two"): BoundFilter([lead("b", "10.1.0.0/16", "vn2")], []),
    }
    wanted = {
        ("inet", "one", "a"): ({"source": ("10.1.0.0/16",)}, "vn1"),
        ("inet", "one", "b"): ({"source": ("10.1.1.0/24",)}, "vn2"),
        ("inet", "two", "b"): ({"source": ("10.1.1.0/24",)}, "vn2"),
        ("inet", "two", "c"): ({"source": ("10.0.0.0/8",)}, "vn2"),
        ("inet", "three", "d"): ({"source": ("10.1.1.0/24",)}, "vn2"),
    }
    found = find_terms(filters, wanted)
    shown = {f"{name} {term}": (each.term, each.hidden_by) for (_family, name, term), each in found.items()}
    assert shown == {
        "one a": ("a", None),
        "one b": ("b", "a"),
        "two b": ("b", None),
        "two c": (None, None),
        "three d": (None, None),
    }


# --- why a port is silent -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bend", "reason"),
    [
        (
            put("daemons", "interfaces", {"compute1": [interface("left", active="Inactive < no-dev  >")]}),
            "port 1-to-2-left is Inactive < no-dev > on compute1",
        ),
        (
            put("daemons", "interfaces", {"compute1": [interface("left", health_check_active="Inactive")]}),
            "a health check of port 1-to-2-left fails on compute1",
        ),
        (
            put("daemons", "controllers", {"compute1": [XmppPeer(state="Active")]}),
            "the agent of compute1 has no session with a control node",
        ),
        (lambda world: world.port("left").pop("virtual_machine_refs"), "port 1-to-2-left has no virtual machine"),
        (
            lambda world: world.daemons.update(interfaces={}, silent_agents={"compute1": "connection refused"}),
            "the agent of compute1 does not answer (connection refused)",
        ),
        (put("daemons", "interfaces", {}), "its compute node, which knows why, was not asked"),
    ],
)
def test_a_connected_route_that_is_down_is_told_with_its_reason(bend: Bend, reason: str) -> None:
    world = World()
    world.daemons["states"] = {CONTROL: [state("vn1", "vn2", **DOWN), state("vn2", "vn1")]}
    bend(world)
    link = world.verdict().link
    assert link is not None
    assert link.shown()["message"] == f"the service address of 1-to-2 in vn1 is not announced: {reason}"


def test_an_agent_of_another_compute_node_is_not_to_blame() -> None:
    world = World(computes=[Compute("compute2", "172.31.10.156", frozenset({("1-to-2",)}))])
    world.daemons["states"] = {CONTROL: [state("vn1", "vn2", **DOWN), state("vn2", "vn1")]}
    world.daemons.update(interfaces={}, silent_agents={"compute1": "connection refused"})
    assert "compute1" not in world.verdict().line
    world.daemons["silent_agents"] = {"172.31.10.156": "no answer within 10 s"}
    assert "the agent of 172.31.10.156 does not answer (no answer within 10 s)" in world.verdict().line


# --- warnings -------------------------------------------------------------------------------------------------


def one_sided_member(world: World) -> None:
    world.add_member("second", ("left",))
    world.daemons["interfaces"]["compute1"].append(interface("left", "second"))


def dead_member(world: World) -> None:
    world.add_member("second")
    idle = interface("left", "second", active="Inactive < os-state-down  >", label=-1)
    world.daemons["interfaces"]["compute1"] += [idle, interface("right", "second")]


def second_peer(world: World) -> None:
    peer = {"address": "172.31.4.77", "type": "internal", "state": "Connect", "established": False}
    world.router["bgp"]["peers"].append(peer)


WARNINGS: dict[str, tuple[Bend, FindingKind, str]] = {
    "a member lacks a port": (
        one_sided_member,
        links.PORT_TUPLE_LEFT_OUT,
        "port tuple 1-to-2:second has no port on its right side",
    ),
    "a member is dead": (
        dead_member,
        links.MEMBER_NOT_FORWARDING,
        "port second-left is Inactive < os-state-down > on compute1",
    ),
    "the chain is made with an error": (
        rule(error="Right interface not found for default-domain:default-project:1-to-2:second "),
        links.CHAIN_DEGRADED,
        "Right interface not found for default-domain:default-project:1-to-2:second",
    ),
    "the networks are joined directly": (
        put("daemons", "networks", [KnownNetwork(name=text("vn1"), connections=(text("vn2"),))]),
        links.NETWORKS_JOINED_DIRECTLY,
        "vn1 and vn2 are also connected directly",
    ),
    "one control node sees the chain down": (
        put(
            "daemons",
            "states",
            {
                CONTROL: [state("vn1", "vn2"), state("vn2", "vn1")],
                OTHER_CONTROL: [state("vn1", "vn2", **DOWN), state("vn2", "vn1")],
            },
        ),
        links.CONTROL_NODES_DISAGREE,
        f"is down in vn1 on control node {OTHER_CONTROL}",
    ),
    "one session is down": (second_peer, links.BGP_SESSION_PARTLY_DOWN, "172.31.4.77 Connect"),
    "a guest is silent": (
        tables(
            "vn2.inet.0",
            bgp("10.0.2.4/32", 34, med=200, local_preference=100),
            bgp("10.0.1.4/32", 34),
            bgp("172.31.9.34/32", 34),
        ),
        links.GUEST_SILENT,
        "no ARP reply from 10.0.2.4/32, the address of 1-to-2-right",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_what_leaves_the_chain_standing_is_a_warning(name: str) -> None:
    bend, kind, words = WARNINGS[name]
    world = World()
    bend(world)
    verdict = world.verdict()
    assert verdict.link is None, verdict.line
    assert [warning.kind for warning in verdict.warnings] == [kind]
    assert words in verdict.warnings[0].shown()["message"]


# --- what a chain does not need ---------------------------------------------------------------------------------


def test_a_nat_service_needs_nothing_on_its_right_and_no_routes_back() -> None:
    world = World()
    world.model["services"]["1-to-2"]["mode"] = "in-network-nat"
    world.model["chains"]["vn1-to-vn2"]["right"]["external"][0].pop("term")
    world.network("vn2")["routing_instances"].pop()
    world.daemons["states"] = {CONTROL: [state("vn1", "vn2")]}
    tables("vn2.inet.0", bgp("10.0.2.4/32", 34))(world)
    assert world.verdict().line == "vn1-to-vn2: up"


def test_a_chain_of_one_direction_needs_no_state_for_the_way_back() -> None:
    world = World()
    world.model["chains"]["vn1-to-vn2"]["direction"] = "forward"
    world.daemons["states"] = {CONTROL: [state("vn1", "vn2")]}
    tables("vn2.inet.0", bgp("10.0.2.4/32", 34))(world)
    assert world.verdict().line == "vn1-to-vn2: up"


def test_families_that_the_networks_do_not_have_do_not_count() -> None:
    world = World()
    world.daemons["states"][CONTROL].append(state("vn1", "vn2", family="inet6", **DOWN))
    assert world.verdict().stands


def test_without_prefixes_behind_a_router_no_router_is_needed() -> None:
    world = World()
    for side in ("left", "right"):
        world.model["chains"]["vn1-to-vn2"][side].pop("external")
    verdict = world.verdict()
    assert verdict.stands
    results = {each.step: each.result for each in verdict.checked}
    assert results["steering"] == results["BGP sessions"] == "not needed"


def test_labels_of_ports_that_nobody_knows_are_not_judged() -> None:
    world = World()
    world.daemons["interfaces"] = {}
    tables("vn1.inet.0", bgp("10.0.2.4/32", 77), bgp("172.31.8.198/32", 77))(world)
    tables("vn2.inet.0", bgp("10.0.2.4/32", 34), bgp("172.31.9.34/32", 34))(world)
    assert world.verdict().stands


def test_without_agents_a_ports_own_route_tells_its_label() -> None:
    world = World()
    world.daemons["interfaces"] = {}
    tables("vn1.inet.0", bgp("10.0.1.4/32", 30), bgp("10.0.2.4/32", 31), bgp("172.31.8.198/32", 30))(world)
    link = world.verdict().link
    assert link is not None
    assert link.kind is links.LABEL_MISMATCH


@pytest.mark.parametrize(("homes", "stands"), [(("compute1", "compute1"), True), (("compute1", "compute2"), False)])
def test_members_on_one_compute_node_have_a_label_in_common_besides_their_own(
    homes: tuple[str, str], stands: bool
) -> None:
    world = World()
    world.add_member("second")
    ports = {home: list(world.daemons["interfaces"]["compute1"]) if home == homes[0] else [] for home in homes}
    ports[homes[1]] += [interface("left", "second", label=31), interface("right", "second", label=35)]
    world.daemons["interfaces"] = ports
    common = [bgp(prefix, 99) for prefix in ("10.0.1.5/32", "10.0.2.4/32", "172.31.8.198/32")]
    tables("vn1.inet.0", bgp("10.0.1.4/32", 30), *common)(world)
    world.router["route_tables"]["vn2.inet.0"]["routes"].append(bgp("10.0.1.5/32", 34))
    verdict = world.verdict()
    assert verdict.stands is stands
    assert verdict.link is None or verdict.link.kind is links.LABEL_MISMATCH


def test_a_narrower_term_before_ours_does_not_hide_it() -> None:
    world = World()
    early = (
        "<term><name>early</name><from><source-address><name>172.31.9.34/32</name></source-address>"
        "<protocol>tcp</protocol></from><then><accept/></then></term>"
    )
    place = world.configuration.index("<term>")
    world.configuration = world.configuration[:place] + early + world.configuration[place:]
    assert world.verdict().stands


# --- what is read ---------------------------------------------------------------------------------------------


def test_objects_are_found_round_by_round() -> None:
    everything = World().objects
    read: dict[Any, Any] = {}
    wanted = first_needs(read_intent(**World().model), Scope())
    rounds = 0
    while wanted:
        read |= {key: everything.get(key) for key in wanted}
        wanted = further_needs(read)
        rounds += 1
    assert read == everything
    assert rounds == 4
    assert {kind for kind, _name in read} == set(FIELDS)


def test_services_that_only_the_policy_names_are_read_too() -> None:
    world = World()
    world.rule()["action_list"]["apply_service"].append(text("another"))
    assert ("service-instance", full("another")) in further_needs(world.objects)


def test_kinds_of_links_are_errors_and_warnings_of_their_own() -> None:
    kinds = [kind for kind in vars(links).values() if isinstance(kind, FindingKind)]
    named = {kind for _bend, kind, _words in (*BROKEN.values(), *WARNINGS.values())}
    assert {kind for kind in kinds if kind.severity == WARNING} <= named
    assert all(kind.severity in (ERROR, WARNING) for kind in kinds)
