# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The preflight against a live lab: faults prepared in its Contrail and its router, and the site that stops at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from lab.fixture import Lab
from lab.junos.running import PASSWORD, USER
from support.module_run import ModuleFailedError, run_module
from support.others import commit, post, somebody
from support.playbook_run import ROOT, passed, play

JsonDict = dict[str, Any]
PROJECT = ["default-domain", "default-project"]
FABRIC = ["default-domain", "default-project", "ip-fabric", "__default__"]
GATHERED = ["configuration", "commits", "candidate", "bgp", "best_routes", "session"]
VARIABLES = yaml.safe_load((ROOT / "inventory/lab/group_vars/all/service_chains.yml").read_text())


@pytest.fixture
def fresh(fresh_lab: Lab) -> Lab:
    return fresh_lab


def intent(**changes: Any) -> JsonDict:
    """Return the lab's data model as the module takes it, with some of its variables changed."""
    names = {
        "networks": "service_chain_networks",
        "services": "service_chain_services",
        "routers": "service_chain_routers",
        "chains": "service_chains",
        "ports": "contrail_objects_ports",
    }
    return {key: changes.get(key, VARIABLES[name]) for key, name in names.items()}


def look(lab: Lab, model: JsonDict) -> tuple[JsonDict, int]:
    """Return what the preflight says of the lab, and how many requests it made of the router."""
    externals = [
        external["prefix"]
        for chain in model["chains"].values()
        for side in ("left", "right")
        for external in chain[side].get("external", ())
    ]
    connection = {"host": "127.0.0.1", "port": lab.netconf_port, "user": USER, "password": PASSWORD}
    facts = run_module(
        "vmx_info",
        {**connection, "known_hosts_file": str(lab.known_hosts), "gather": GATHERED, "destinations": externals},
    )
    options = {"api_url": [lab.contrail_url], "intent": model, "routers": {"vmx1": facts}}
    try:
        result = run_module("chain_preflight", options)
    except ModuleFailedError as error:
        assert error.result["msg"] == "\n".join(error.result["errors"])
        return error.result, facts["requests"]
    assert result["errors"] == []
    return result, facts["requests"]


# --- faults -----------------------------------------------------------------------------------------


def network(lab: Lab, name: str, **values: Any) -> None:
    run_module("contrail_vn", {"api_url": [lab.contrail_url], "config": [{"name": name, **values}]})


def target_in_use(lab: Lab) -> None:
    network(lab, "other", route_targets=["64512:1"])
    lab.settle()


def overlap_in_vrf(lab: Lab) -> None:
    network(lab, "other", import_route_targets=["64512:2"], subnets=[{"cidr": "10.0.0.0/16"}])
    lab.settle()


def other_gateway(lab: Lab) -> None:
    network(lab, "vn1", subnets=[{"cidr": "10.0.1.0/24", "gateway": "10.0.1.99"}])


def lost_subnet(lab: Lab) -> None:
    network(lab, "vn1", subnets=[{"cidr": "10.0.1.0/24", "gateway": "10.0.1.1"}, {"cidr": "10.8.0.0/24"}])
    port = {"name": "somebody", "network": "vn1", "addresses": ["10.8.0.7"]}
    run_module("contrail_port", {"api_url": [lab.contrail_url], "config": [port]})


def port_elsewhere(lab: Lab) -> None:
    network(lab, "vn2", subnets=[{"cidr": "10.0.2.0/24", "gateway": "10.0.2.1"}])
    port = {"name": "1-to-2-left", "network": "vn2"}
    run_module("contrail_port", {"api_url": [lab.contrail_url], "config": [port]})


def template_turned(lab: Lab) -> None:
    options: JsonDict = {"api_url": [lab.contrail_url]}
    item = {"name": "1-to-2-template", "mode": "in-network", "type": "firewall", "interfaces": ["right", "left"]}
    run_module("contrail_service_template", {**options, "config": [{**item, "version": 2}]})
    post(
        lab,
        "service-instance",
        "project",
        [*PROJECT, "theirs"],
        service_template_refs=[{"to": ["default-domain", "1-to-2-template"]}],
    )


def rival(lab: Lab) -> None:
    for name in ("vn1", "vn2"):
        network(lab, name)
    rule = {"source": [{"network": "vn1"}], "destination": [{"network": "vn2"}], "services": ["dpi"]}
    post(lab, "service-instance", "project", [*PROJECT, "dpi"])
    theirs = {
        "name": "theirs",
        "rules": [rule],
        "networks": [{"name": each, "sequence": {"major": 7}} for each in ("vn1", "vn2")],
    }
    run_module("contrail_policy", {"api_url": [lab.contrail_url], "config": [theirs]})


def one_side(lab: Lab) -> None:
    for name in ("vn1", "vn2"):
        network(lab, name)
    half = {"name": "vn1-to-vn2", "rules": [{"source": [{"network": "vn1"}], "destination": [{"network": "vn2"}]}]}
    run_module("contrail_policy", {"api_url": [lab.contrail_url], "config": [{**half, "networks": [{"name": "vn1"}]}]})


def control_node(lab: Lab, name: str, address: str) -> None:
    parameters = {"router_type": "control-node", "address": address, "autonomous_system": 64512}
    post(lab, "bgp-router", "routing-instance", [*FABRIC, name], bgp_router_parameters=parameters)


def second_control_node(lab: Lab) -> None:
    control_node(lab, "control1", "172.31.4.76")
    control_node(lab, "control2", "172.31.4.77")
    router = {"name": "vmx1", "address": "172.31.10.57", "autonomous_system": 64512, "peers": [{"name": "control1"}]}
    run_module("contrail_bgp_router", {"api_url": [lab.contrail_url], "config": [router]})


def strange_control_node(lab: Lab) -> None:
    control_node(lab, "control2", "172.31.4.77")


def compute_without_tunnel(lab: Lab) -> None:
    post(
        lab,
        "virtual-router",
        "global-system-config",
        ["default-global-system-config", "compute2"],
        virtual_router_ip_address="172.31.10.200",
    )


def filter_of_others(lab: Lab) -> None:
    commit(
        lab,
        "firewall family inet filter edge term all then accept",
        "interfaces ge-0/0/0 unit 0 family inet filter input edge",
    )


def vrf_of_others(lab: Lab) -> None:
    commit(
        lab,
        "routing-instances vn1 instance-type vrf",
        "routing-instances vn1 vrf-target target:64999:1",
        "routing-instances vn1 protocols ospf area 0.0.0.0",
    )


def loop(lab: Lab) -> None:
    commit(
        lab,
        "routing-instances vn1 instance-type vrf",
        "routing-instances vn1 vrf-target target:64512:1",
        "routing-options static route 10.9.0.0/16 next-table vn1.inet.0",
    )


def pending(lab: Lab) -> None:
    commit(lab, "system host-name other", confirm=5)


def dirty(lab: Lab) -> None:
    with somebody(lab) as candidate:
        candidate.load("set system host-name other", format="set")


def no_default_route(lab: Lab) -> None:
    with somebody(lab) as candidate:
        candidate.load("delete apply-groups global", format="set")
        candidate.commit()


def nothing(_lab: Lab) -> None:
    """Leave the lab as it is."""


@dataclass(frozen=True)
class Case:
    """A fault, the codes of what is to be found, and where the first of them is."""

    prepare: Callable[[Lab], None]
    codes: list[str]
    where: str
    changes: JsonDict


def case(prepare: Callable[[Lab], None], where: str, *codes: str, **changes: Any) -> Case:
    return Case(prepare, list(codes), where, changes)


def chains(**left: Any) -> JsonDict:
    """Return the chain with another external prefix on the left."""
    chain = VARIABLES["service_chains"]["vn1-to-vn2"]
    external = {**chain["left"]["external"][0], **left}
    return {"vn1-to-vn2": {**chain, "left": {"network": "vn1", "external": [external]}}}


ROUTER, LEFT = "service_chain_routers.vmx1", "service_chains.vn1-to-vn2.left.external[0]"
CASES = [
    case(target_in_use, "service_chain_networks.vn1.route_target", "route-target-in-use"),
    case(overlap_in_vrf, "service_chain_networks.vn2.subnets[0].cidr", "subnets-overlap-in-vrf", "route-target-in-use"),
    case(other_gateway, "service_chain_networks.vn1.subnets[0].gateway", "gateway-changes"),
    case(lost_subnet, "service_chain_networks.vn1.subnets", "subnets-in-use"),
    case(port_elsewhere, "service_chain_services.1-to-2.members[0].left", "port-of-another-network"),
    case(template_turned, "service_chain_services.1-to-2.template", "template-differs"),
    case(rival, "service_chains.vn1-to-vn2", "rival-policy"),
    case(one_side, "service_chains.vn1-to-vn2", "policy-on-one-side"),
    case(second_control_node, ROUTER, "bgp-peer-missing"),
    case(strange_control_node, ROUTER, "no-bgp-peer"),
    case(compute_without_tunnel, ROUTER, "tunnel-missing"),
    case(filter_of_others, f"{ROUTER}.filters[0].interfaces[0]", "interface-has-another-filter"),
    case(vrf_of_others, f"{ROUTER}.vrfs.vn1", "vrf-of-another"),
    case(loop, LEFT, "next-table-loop"),
    case(pending, ROUTER, "commit-pending"),
    case(dirty, ROUTER, "candidate-modified"),
    case(no_default_route, f"{LEFT}.prefix", "no-route-back", chains=chains(prefix="198.51.100.0/24")),
    case(
        nothing,
        f"{LEFT}.prefix",
        "steering-catches-infrastructure",
        chains=chains(prefix="172.31.4.0/22"),
    ),
]


@pytest.mark.parametrize("each", CASES, ids=lambda each: each.codes[0])
def test_a_prepared_fault_is_found_and_nothing_else(fresh: Lab, each: Case) -> None:
    each.prepare(fresh)
    counted = fresh.counters()
    result, _requests = look(fresh, intent(**each.changes))
    assert [found["code"] for found in result["findings"]] == each.codes, result["findings"]
    assert result["findings"][0]["where"] == each.where
    assert written(fresh) == (counted["contrail"]["writes"], counted["junos"]["locks"], counted["junos"]["commits"])


def written(lab: Lab) -> tuple[int, int, int]:
    """Return how often the API was written to, and the router locked and committed."""
    counters = lab.counters()
    return counters["contrail"]["writes"], counters["junos"]["locks"], counters["junos"]["commits"]


def test_somebody_who_holds_the_lock_is_named(fresh: Lab) -> None:
    with somebody(fresh) as candidate:
        candidate.lock()
        result, _requests = look(fresh, intent())
        candidate.unlock()
    ((code, message),) = [(found["code"], found["message"]) for found in result["findings"]]
    assert code == "configuration-locked"
    assert message.startswith(f"the configuration is locked by {USER} ")


def test_a_misspelt_port_is_told_with_what_was_perhaps_meant(fresh: Lab) -> None:
    network(fresh, "vn1", subnets=[{"cidr": "10.0.1.0/24", "gateway": "10.0.1.1"}])
    port = {"name": "1-to-2-lefd", "network": "vn1"}
    run_module("contrail_port", {"api_url": [fresh.contrail_url], "config": [port]})
    ports = [each for each in VARIABLES["contrail_objects_ports"] if each["name"] != "1-to-2-left"]
    result, _requests = look(fresh, intent(ports=ports))
    assert result["errors"] == [
        "service_chain_services.1-to-2.members[0].left: Contrail has no virtual-machine-interface 1-to-2-left, and "
        "this run does not create it; did you mean 1-to-2-lefd?; correct the name, or let this collection create it "
        "(networks and services without existing: true, ports in contrail_objects_ports) [object-missing]"
    ]


def test_the_reference_scenario_costs_few_requests_and_gives_nothing(fresh: Lab) -> None:
    result, of_router = look(fresh, intent())
    assert result["findings"] == []
    assert result["requests"] <= 10  # one of them proves that the project is there
    assert of_router <= 10


def test_a_fault_of_the_data_model_has_its_code(fresh: Lab) -> None:
    networks = {**VARIABLES["service_chain_networks"], "vn1": {"route_target": "x"}}
    with pytest.raises(ModuleFailedError) as refused:
        run_module("chain_preflight", {"api_url": [fresh.contrail_url], "intent": intent(networks=networks)})
    (found,) = refused.value.result["findings"]
    assert (found["code"], found["where"]) == ("value-not-valid", "service_chain_networks.vn1.route_target")
    assert fresh.counters()["contrail"]["reads"] == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tolerate": ["no-bgp-pear"]}, "tolerate.no-bgp-pear: there is no such thing: did you mean no-bgp-peer?"),
        ({"managers": ["here"]}, "managers[0]: 'here' is not an IP address"),
        ({"routers": {"vmx1": {}}}, "routers.vmx1: has no configuration; gather it with vmx_info"),
        ({"intent": {"netwoks": {}}}, "intent.netwoks: there is no such thing: did you mean networks?"),
    ],
    ids=["tolerate", "managers", "routers", "intent"],
)
def test_a_bad_option_is_named(fresh: Lab, options: JsonDict, message: str) -> None:
    with pytest.raises(ModuleFailedError) as refused:
        run_module("chain_preflight", {"api_url": [fresh.contrail_url], "intent": intent(), **options})
    assert refused.value.result["msg"] == message


# --- playbooks ---------------------------------------------------------------------------------------


def test_the_site_stops_before_anything_is_written_and_tells_everything_at_once(fresh: Lab) -> None:
    filter_of_others(fresh)
    other_gateway(fresh)
    before = written(fresh)
    run = play(fresh, "site.yml")
    assert run.status != 0
    assert written(fresh) == before
    for line in (
        "service_chain_networks.vn1.subnets[0].gateway: 10.0.1.0/24 exists with gateway 10.0.1.99",
        "service_chain_routers.vmx1.filters[0].interfaces[0]: ge-0/0/0.0 already has input filter edge",
    ):
        assert line in run.output
    assert "Prepare the compute nodes" not in run.output


def test_the_playbook_alone_lists_warnings_and_what_is_tolerated_is_one(fresh: Lab) -> None:
    strange_control_node(fresh)
    before = written(fresh)
    run = passed(play(fresh, "playbooks/preflight.yml", "--check", service_chain_tolerated=["no-bgp-peer"]))
    shown = run.output[run.output.index("Show warnings") :]
    assert "the router has no established BGP session with any control node (172.31.4.77)" in shown
    assert "[no-bgp-peer]" in shown
    assert set(run.changed.values()) == {0}
    assert written(fresh) == before


def test_one_step_of_the_site_does_not_need_the_routers(fresh: Lab) -> None:
    passed(play(fresh, "site.yml", "--tags", "networks"))
    counters = fresh.counters()
    assert counters["junos"]["sessions"] == 0
    assert counters["contrail"]["writes"] > 0
