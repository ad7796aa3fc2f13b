# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands against an intent on a router: each finding on a router prepared for it, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.findings import router as kinds
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.infrastructure import Peers
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.router import (
    RouterChecks,
    RouterFacts,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.finding import FindingKind
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from unit.chain.scenario import bent, reference
from unit.vmx import scenario as routers

Model = dict[str, Any]
CONTROL, OTHER_CONTROL, COMPUTE, OTHER_COMPUTE = "172.31.4.76", "172.31.4.77", "172.31.10.155", "172.31.10.156"
PEERS = Peers((CONTROL,), {COMPUTE: ("1-to-2",)})
UP = {"address": CONTROL, "established": True, "instance": "master"}
TUNNELS = f"""
<routing-options><dynamic-tunnels><dynamic-tunnel>
  <name>T</name><destination-networks><name>{COMPUTE}/32</name></destination-networks>
</dynamic-tunnel></dynamic-tunnels></routing-options>
"""
BEST = {"172.31.9.34/32": {"prefix": "172.31.0.0/20"}, "172.31.8.198/32": {"prefix": "0.0.0.0/0"}}


def facts(more: str = "", start: str = routers.FRESH, **values: Any) -> RouterFacts:
    """Return a router that is fit for the scenario, with more configuration merged into it."""
    own = xml.parse_configuration(start)
    for document in (TUNNELS, more):
        if document:
            own = routers.loaded(own, xml.parse_configuration(f"<configuration>{document}</configuration>"))
    defaults: dict[str, Any] = {
        "candidate": {"state": "clean", "holder": None},
        "peers": (UP,),
        "best_routes": BEST,
        "session": {"source": "192.0.2.10", "port": 830},
    }
    return RouterFacts(own, routers.inherited(own), **{**defaults, **values})


def found(model: Model, router: RouterFacts, peers: Peers = PEERS) -> list[tuple[str, str, str]]:
    """Return code, place and message of everything that is found."""
    intent = read_intent(**model)
    checks = RouterChecks(intent, "vmx1", derive(intent).routers["vmx1"], router)
    shown = [finding.shown() for finding in checks.findings(peers)]
    return [(each["code"], each["where"], each["message"]) for each in shown]


def instance(name: str, *inside: str) -> str:
    """Return the XML of a VRF."""
    content = "".join(inside)
    return (
        f"<routing-instances><instance><name>{name}</name><instance-type>vrf</instance-type>{content}</instance>"
        "</routing-instances>"
    )


def target(community: str) -> str:
    return f"<vrf-target><community>target:{community}</community></vrf-target>"


def foreign_term(conditions: str, action: str = "<discard/>") -> str:
    """Return a filter of the scenario's name with a term of others and an accept tail."""
    return (
        f"<firewall><family><inet><filter><name>{routers.FILTER}</name>"
        f"<term><name>theirs</name><from>{conditions}</from><then>{action}</then></term>"
        "<term><name>rest</name><then><accept/></then></term></filter></inet></family></firewall>"
    )


BOUND = """<interfaces><interface><name>ge-0/0/0</name><unit><name>0</name><family><inet>
<filter><input><filter-name>edge</filter-name></input></filter></inet></family></unit></interface></interfaces>"""
SOURCE = "<source-address><name>172.31.9.0/24</name></source-address>"
LEAK = """<routing-options><static><route><name>10.0.0.0/8</name><next-table>vn1.inet.0</next-table></route></static>
</routing-options>"""
PENDING = {"user": "jane", "time": "2026-01-31 12:00:00 UTC", "log": "work"}
EXISTING_FILTER = bent(
    "routers/vmx1/filters/0", {"name": routers.FILTER, "interfaces": ["ge-0/0/0.0"], "before": "rest"}
)
ROUTER, LEFT = "service_chain_routers.vmx1", "service_chains.vn1-to-vn2.left.external[0].prefix"


@dataclass(frozen=True)
class Case:
    """A fault that is prepared, and what is to be found of it."""

    name: str
    kind: FindingKind
    where: str
    message: str
    model: Model = field(default_factory=reference)
    router: RouterFacts = field(default_factory=facts)
    peers: Peers = PEERS


ADDRESS = "172.31.10.57"
BARE = f"""<configuration><interfaces><interface><name>ge-0/0/0</name><unit><name>0</name><family><inet>
  <address><name>{ADDRESS}/20</name></address></inet></family></unit></interface></interfaces></configuration>"""


def peered(**values: Any) -> Model:
    """Return the model with a peering of its router."""
    model = reference()
    model["routers"]["vmx1"]["peering"] = {
        "local_address": ADDRESS,
        "neighbors": [CONTROL],
        "autonomous_system": 64512,
        "route_distinguisher_id": ADDRESS,
        "tunnel_services": [{"fpc": 0, "pic": 0}],
        "tunnels": {"destinations": [COMPUTE]},
        **values,
    }
    return model


def bare() -> RouterFacts:
    """Return a router that has an interface and nothing else."""
    own = xml.parse_configuration(BARE)
    return RouterFacts(own, own, candidate={"state": "clean"}, peers=(), best_routes=BEST)


CASES = [
    Case(
        name="no tunnel services",
        kind=kinds.PEERING_REMARK,
        where=f"{ROUTER}.peering",
        message="dynamic tunnel contrail does not come up: no PIC of the router does tunnel services;"
        " set router.tunnel_services",
        model=peered(tunnel_services=None),
        router=bare(),
    ),
    Case(
        name="Contrail does not know the router",
        kind=kinds.PEERING_ONE_SIDED,
        where=f"{ROUTER}.peering",
        message="Contrail knows no BGP router with the address 172.31.10.57",
        model=peered(),
        router=bare(),
        peers=replace(PEERS, speakers={CONTROL: ("control1",)}),
    ),
    Case(
        name="Contrail knows the router by another name",
        kind=kinds.BGP_ROUTER_OF_ANOTHER_NAME,
        where=f"{ROUTER}.peering.bgp_router",
        message="Contrail has BGP router gateway with the address 172.31.10.57 already",
        model=peered(bgp_router={}),
        router=bare(),
        peers=replace(PEERS, speakers={ADDRESS: ("gateway",)}),
    ),
    Case(
        name="interface",
        kind=kinds.INTERFACE_MISSING,
        where=f"{ROUTER}.filters[0].interfaces[0]",
        message="the router has no logical interface ge-0/0/9.0",
        model=bent("routers/vmx1/filters/0/interfaces", ["ge-0/0/9.0"]),
    ),
    Case(
        name="family",
        kind=kinds.INTERFACE_WITHOUT_FAMILY,
        where=f"{ROUTER}.filters[0].interfaces[0]",
        message="ge-0/0/0.0 has no family inet",
        router=facts(
            start=routers.FRESH.replace("<inet><address><name>172.31.10.57/20</name></address></inet>", "<mpls/>")
        ),
    ),
    Case(
        name="another filter",
        kind=kinds.INTERFACE_HAS_ANOTHER_FILTER,
        where=f"{ROUTER}.filters[0].interfaces[0]",
        message="ge-0/0/0.0 already has input filter edge",
        router=facts(BOUND),
    ),
    Case(
        name="hidden",
        kind=kinds.STEERING_HIDDEN_BY_OTHERS,
        where=LEFT,
        message=f"term theirs of filter {routers.FILTER} is before our term t1 and matches all its traffic",
        model=EXISTING_FILTER,
        router=facts(foreign_term(SOURCE)),
    ),
    Case(
        name="hidden by a redirect",
        kind=kinds.STEERING_HIDDEN_BY_OTHERS,
        where=LEFT,
        message=f"term theirs of filter {routers.FILTER} is before our term t1 and matches all its traffic",
        model=EXISTING_FILTER,
        router=facts(foreign_term(SOURCE, "<next-ip><address>192.0.2.1/32</address></next-ip>")),
    ),
    Case(
        name="hidden by a prefix list beside the prefix",
        kind=kinds.STEERING_HIDDEN_BY_OTHERS,
        where=LEFT,
        message=f"term theirs of filter {routers.FILTER} is before our term t1 and matches all its traffic",
        model=EXISTING_FILTER,
        router=facts(foreign_term(f"{SOURCE}<source-prefix-list><name>more</name></source-prefix-list>")),
    ),
    Case(
        name="protected",
        kind=kinds.ROUTER_REFUSES,
        where=f"{ROUTER}.vrfs.vn1",
        message="routing-instances is protected on the router, which would leave that part of the change out; have its "
        "owner unprotect it (unprotect routing-instances)",
        router=facts(instance("other").replace("<routing-instances>", "<routing-instances protect='protect'>")),
    ),
    Case(
        name="no such term",
        kind=kinds.ROUTER_REFUSES,
        where=f"{ROUTER}.filters[0].before",
        message=f"filter {routers.FILTER} has no other term last",
        model=bent("routers/vmx1/filters/0", {"name": routers.FILTER, "interfaces": ["ge-0/0/0.0"], "before": "last"}),
        router=facts(foreign_term("<protocol>ospf</protocol>")),
    ),
    Case(
        name="loop",
        kind=kinds.NEXT_TABLE_LOOP,
        where="service_chains.vn1-to-vn2.left.external[0]",
        message="next_table: next-table may loop: vn1.inet.0 -> inet.0 -> vn1.inet.0",
        router=facts(LEAK),
    ),
    Case(
        name="foreign VRF",
        kind=kinds.VRF_OF_ANOTHER,
        where=f"{ROUTER}.vrfs.vn1",
        message="VRF vn1 exists on the router with route target 64999:1 and with configuration of others (protocols)",
        router=facts(instance("vn1", target("64999:1"), "<protocols><bgp/></protocols>")),
    ),
    Case(
        name="other target",
        kind=kinds.VRF_CHANGES_TARGET,
        where=f"{ROUTER}.vrfs.vn1",
        message="VRF vn1 exists on the router with route target 64999:1, which changes to 64512:1",
        router=facts(instance("vn1", target("64999:1"))),
    ),
    Case(
        name="distinguisher",
        kind=kinds.ROUTE_DISTINGUISHER_IN_USE,
        where=f"{ROUTER}.vrfs.vn2.route_distinguisher",
        message="routing instance other already has route distinguisher 64512:77",
        model=bent("routers/vmx1/vrfs", {"vn2": {"route_distinguisher": "64512:77"}}),
        router=facts(
            instance("other", "<route-distinguisher><rd-type>64512:77</rd-type></route-distinguisher>", target("1:1"))
        ),
    ),
    Case(
        name="target of another",
        kind=kinds.TARGET_OF_ANOTHER_VRF,
        where=f"{ROUTER}.vrfs.vn2",
        message="routing instance other also has route target 64512:2 of our VRF vn2",
        router=facts(instance("other", "<vrf-target><import>target:64512:2</import></vrf-target>")),
    ),
    Case(
        name="pending",
        kind=kinds.COMMIT_PENDING,
        where=ROUTER,
        message="a confirmed commit of jane is pending since 2026-01-31 12:00:00 UTC (work)",
        router=facts(pending=PENDING),
    ),
    Case(
        name="pending of ours",
        kind=kinds.OWN_COMMIT_PENDING,
        where=ROUTER,
        message="a confirmed commit of this collection is pending since 2026-01-31 12:00:00 UTC, "
        "token 3f1c0a9b-8d7e1f00",
        router=facts(pending={**PENDING, "token": "3f1c0a9b-8d7e1f00"}),
    ),
    Case(
        name="dirty",
        kind=kinds.CANDIDATE_MODIFIED,
        where=ROUTER,
        message="the shared candidate configuration contains uncommitted changes of somebody else",
        router=facts(candidate={"state": "modified", "holder": None}),
    ),
    Case(
        name="locked",
        kind=kinds.CONFIGURATION_LOCKED,
        where=ROUTER,
        message="the configuration is locked by jane terminal",
        router=facts(candidate={"state": "locked", "holder": "jane terminal"}),
    ),
    Case(
        name="no peer",
        kind=kinds.NO_BGP_PEER,
        where=ROUTER,
        message=f"the router has no established BGP session with any control node ({CONTROL})",
        router=facts(peers=({**UP, "established": False},)),
    ),
    Case(
        name="a peer of the same address in a VRF",
        kind=kinds.NO_BGP_PEER,
        where=ROUTER,
        message=f"the router has no established BGP session with any control node ({CONTROL})",
        router=facts(peers=({**UP, "instance": "vn9"}, {**UP, "established": False})),
    ),
    Case(
        name="one peer of two",
        kind=kinds.BGP_PEER_MISSING,
        where=ROUTER,
        message=f"the router has no established BGP session with control node {OTHER_CONTROL}",
        peers=replace(PEERS, control_nodes=(CONTROL, OTHER_CONTROL)),
    ),
    Case(
        name="session down with nobody known for a control node",
        kind=kinds.NO_BGP_PEER,
        where=ROUTER,
        message=f"the router has no established BGP session with any control node ({CONTROL})",
        router=facts(peers=({**UP, "established": False, "type": "internal"},)),
        peers=replace(PEERS, control_nodes=()),
    ),
    Case(
        name="no tunnel",
        kind=kinds.NO_TUNNEL,
        where=ROUTER,
        message=f"the router has no dynamic tunnel to compute node {OTHER_COMPUTE}, where 1-to-2 runs",
        peers=replace(PEERS, computes={COMPUTE: (), OTHER_COMPUTE: ("1-to-2",)}),
    ),
    Case(
        name="no tunnel elsewhere",
        kind=kinds.TUNNEL_MISSING,
        where=ROUTER,
        message=f"the router has no dynamic tunnel to compute nodes {OTHER_COMPUTE}",
        peers=replace(PEERS, computes={COMPUTE: ("1-to-2",), OTHER_COMPUTE: ()}),
    ),
    Case(
        name="control node caught",
        kind=kinds.STEERING_CATCHES_INFRASTRUCTURE,
        where=LEFT,
        message=f"term t1 of filter {routers.FILTER} takes BGP from {CONTROL} into VRF vn1",
        model=bent("chains/vn1-to-vn2/left/external/0/prefix", "172.31.4.0/24"),
        router=facts(best_routes=None),
    ),
    Case(
        name="no way back",
        kind=kinds.NO_ROUTE_BACK,
        where=LEFT,
        message="inet.0 has no route that leads to 172.31.9.34/32",
        router=facts(best_routes={**BEST, "172.31.9.34/32": None}),
    ),
]


def test_the_reference_scenario_gives_nothing_on_a_fresh_router() -> None:
    assert found(reference(), facts()) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_prepared_fault_is_found_and_nothing_else(case: Case) -> None:
    assert found(case.model, case.router, case.peers) == [(case.kind.code, case.where, case.message)]


def test_every_kind_has_a_case() -> None:
    declared = {each for each in vars(kinds).values() if isinstance(each, FindingKind)}
    assert declared == {case.kind for case in CASES}


def done(**values: Any) -> RouterFacts:
    """Return the router as the scenario leaves it."""
    own = routers.loaded(
        facts().written, routers.plan(facts().written, "merged", [routers.VN1, routers.VN2], [routers.TAIL]).changes
    )
    return replace(facts(**values), written=own, effective=routers.inherited(own))


@pytest.mark.parametrize("state", ["clean", "modified", "locked"])
def test_a_router_that_is_as_wanted_may_be_worked_on(state: str) -> None:
    assert found(reference(), done(candidate={"state": state, "holder": "jane"})) == []


def test_a_pending_commit_counts_even_where_nothing_is_to_change() -> None:
    assert [code for code, _where, _message in found(reference(), done(pending=PENDING))] == ["commit-pending"]


@pytest.mark.parametrize(
    "term",
    [
        foreign_term(SOURCE, "<count>c</count><next>term</next>"),
        foreign_term(SOURCE + "<tcp-established/>"),
        foreign_term("<source-address><name>172.31.9.34/32</name></source-address><protocol>tcp</protocol>"),
    ],
    ids=["goes on", "a condition that is not modelled", "narrower"],
)
def test_terms_of_others_that_leave_traffic_over_hide_nothing(term: str) -> None:
    assert found(EXISTING_FILTER, facts(term)) == []


def test_a_marked_vrf_is_ours_whatever_its_target() -> None:
    mark = "<apply-macro><name>opencontrail-service-chain</name></apply-macro>"
    assert found(reference(), facts(instance("vn1", mark, target("64999:1")))) == []


@pytest.mark.parametrize(
    ("prefix", "what"),
    [
        ("172.31.10.128/25", ["tunnelled packets (GRE)", "tunnelled packets (MPLS over UDP)"]),
        ("192.0.2.0/24", ["management"]),
        ("198.51.100.0/24", ["BGP"]),
    ],
)
def test_tunnels_management_and_every_bgp_peer_are_guarded(prefix: str, what: list[str]) -> None:
    model = bent("chains/vn1-to-vn2/left/external/0/prefix", prefix)
    neighbor = {"address": "198.51.100.7", "established": False, "instance": "master"}
    told = found(model, facts(best_routes=None, peers=(UP, neighbor)))
    assert [code for code, _where, _message in told] == ["steering-catches-infrastructure"] * len(what)
    assert [message.partition(" takes ")[2].partition(" from ")[0] for _code, _where, message in told] == what


def test_a_chain_for_web_traffic_leaves_bgp_alone() -> None:
    model = bent("chains/vn1-to-vn2/left/external/0/prefix", "172.31.4.0/24")
    model["chains"]["vn1-to-vn2"]["match"] = [{"protocol": "tcp", "destination_ports": [80, 443]}]
    assert [code for code, _where, _message in found(model, facts(best_routes=None))] == [
        "steering-catches-infrastructure"  # what BGP answers comes from port 179 to any port, 80 included
    ]
    model["chains"]["vn1-to-vn2"]["match"] = [{"protocol": "udp", "destination_ports": [53]}]
    assert found(model, facts(best_routes=None)) == []


def test_a_peer_in_a_vrf_does_not_come_in_through_the_filter() -> None:
    model = bent("chains/vn1-to-vn2/left/external/0/prefix", "198.51.100.0/24")
    neighbor = {"address": "198.51.100.7", "established": True, "instance": "customer"}
    assert found(model, facts(best_routes=None, peers=(UP, neighbor))) == []


def test_a_router_without_a_vrf_of_ours_is_left_in_peace() -> None:
    model = reference()
    for side in ("left", "right"):
        del model["chains"]["vn1-to-vn2"][side]["external"]
    assert found(model, facts(pending=PENDING, peers=())) == []


@pytest.mark.parametrize("standing", [True, False])
def test_what_goes_is_a_change_as_long_as_it_stands(standing: bool) -> None:
    model = bent("chains/vn1-to-vn2/state", "absent")
    router = (done if standing else facts)(candidate={"state": "modified", "holder": None})
    assert [code for code, _where, _message in found(model, router)] == ["candidate-modified"] * standing


def test_without_what_bgp_and_routes_say_neither_is_judged() -> None:
    assert found(reference(), facts(peers=None, best_routes=None)) == []


REFLECTOR: Model = {**UP, "address": "172.31.0.1", "type": "internal", "families": [], "tables": []}


class TestRouteReflector:
    """Routers that get Contrail's routes from a route reflector, and have no session with a control node."""

    @staticmethod
    def codes(*peers: Model) -> list[str]:
        return [code for code, _where, _message in found(reference(), facts(peers=peers))]

    @pytest.mark.parametrize("name", ["vn1.inet.0", "vn1.inet6.0", "a.b.inet.0", "bgp.l3vpn.0", "bgp.l3vpn-inet6.0"])
    def test_vpn_routes_by_an_internal_peer_are_as_good_as_a_session_with_control_nodes(self, name: str) -> None:
        assert self.codes({**REFLECTOR, "tables": [{"name": name, "active": 1, "received": 1}]}) == []

    @pytest.mark.parametrize(
        "other",
        [
            {"tables": [{"name": "vn1.inet.0", "active": 0, "received": 0}]},
            {"tables": [{"name": "inet.0", "active": 5}, {"name": "bgp.evpn.0", "active": 5}]},
            {"tables": [{"name": "vn1.inet.0", "active": 5}], "established": False},
            {"tables": [{"name": "vn1.inet.0", "active": 5}], "type": "external"},
            {"tables": [{"name": "vn1.inet.0", "active": 5}], "instance": "vn1"},
        ],
    )
    def test_any_other_peer_is_not(self, other: Model) -> None:
        assert self.codes({**REFLECTOR, **other}) == ["no-bgp-peer"]

    def test_a_session_that_can_bring_them_is_worth_a_warning_before_there_is_a_vrf(self) -> None:
        assert self.codes({**REFLECTOR, "families": ["inet-vpn-unicast"]}) == ["bgp-peer-missing"]

    def test_a_configured_session_with_a_control_node_that_is_down_is_told_all_the_same(self) -> None:
        reflector = {**REFLECTOR, "tables": [{"name": "vn1.inet.0", "active": 1}]}
        assert self.codes(reflector, {**UP, "established": False}) == ["bgp-peer-missing"]


class TestPeering:
    """The peering of the data model, on routers that have none, or one of Contrail's device manager."""

    def test_sessions_and_tunnels_that_the_run_makes_are_not_missed(self) -> None:
        assert found(peered(bgp_router={}), bare()) == []
        assert "no-bgp-peer" in [code for code, _where, _message in found(reference(), facts(peers=()))]

    def test_a_control_node_that_the_run_does_not_peer_with_is(self) -> None:
        nodes = Peers((CONTROL, OTHER_CONTROL), {COMPUTE: ("1-to-2",)})
        assert [each[:2] for each in found(peered(), bare(), nodes)] == [
            ("bgp-peer-missing", "service_chain_routers.vmx1")
        ]

    def test_multihop_of_the_data_model_reaches_the_router(self) -> None:
        neighbor = {"address": CONTROL, "peer_as": 64999, "multihop": {}}
        intent = read_intent(**peered(neighbors=[neighbor], multihop={"ttl": 4}))
        (given,) = derive(intent).routers["vmx1"].peering["config"]
        assert given["multihop"] == {"ttl": 4}
        assert given["neighbors"] == [neighbor]

    def test_a_router_of_the_device_manager_is_refused(self) -> None:
        owned = facts(
            "<groups><name>__contrail__</name><protocols><bgp><group><name>_contrail_asn-64512</name>"
            "<type>internal</type></group></bgp></protocols></groups>"
        )
        (refusal,) = [each for each in found(peered(), owned) if each[0] == "router-refuses"]
        assert refusal[1] == "service_chain_routers.vmx1.peering.name"
        assert "device manager does its peering" in refusal[2]

    def test_a_protected_router_is_refused_naming_what_is_protected(self) -> None:
        router = facts("<protocols protect='protect'><lldp/></protocols>")
        (refusal,) = [each for each in found(peered(), router) if each[0] == "router-refuses"]
        assert refusal[1] == "service_chain_routers.vmx1.peering"
        assert refusal[2].startswith("protocols is protected on the router")

    def test_what_contrail_knows_or_is_told_is_well(self) -> None:
        assert found(peered(bgp_router={}), bare(), replace(PEERS, speakers={CONTROL: ("control1",)})) == []
        assert found(peered(bgp_router="gateway"), bare(), replace(PEERS, speakers={ADDRESS: ("gateway",)})) == []
