# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site with two routers: a fault of one of them is told by its name, and does no harm to the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jnpr.junos import Device
from jnpr.junos.utils.config import Config
from lab.fixture import Lab, running_lab
from lab.junos.running import PASSWORD, USER
from support.playbook_run import ROOT, WITHOUT_HOSTS, Run, kill_when, passed, play

SEVERAL = ROOT / "extensions" / "molecule" / "several" / "inventory"
TUNNELS = "set groups __contrail__ routing-options dynamic-tunnels _contrail_asn-64512 destination-networks"
NODES = ("172.31.10.156/32", "172.31.10.157/32")
ROUTERS = ("vmx1", "vmx2")
HEALTHY = {"through-two", "balanced"}
LOST = {
    "server": "control",
    "kind": "no_route",
    "match": {"table": r"default-domain:default-project:vn6:service-.*\.inet\.0", "prefix": "198.18.5.0/24"},
}
"""With this fault chain `single` does not come up on vmx2, the only router that it is behind."""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab of the molecule scenario several."""
    site = ROOT / "tests" / "lab" / "sites" / "several.yml"
    with running_lab(tmp_path_factory.mktemp("two"), "--site", str(site)) as lab:
        yield lab


@pytest.fixture
def lab(two: Lab) -> Iterator[Lab]:
    """That lab in its fresh state, with tunnels to all compute nodes, as Contrail's device manager leads them."""
    two.reset()
    for port in two.netconf_ports.values():
        with Device("127.0.0.1", port=port, user=USER, passwd=PASSWORD, look_for_keys=False, gather_facts=False) as one:
            candidate = Config(one)
            candidate.load("\n".join(f"{TUNNELS} {node}" for node in NODES), format="set")
            candidate.commit()
    yield two
    two.set_faults([])


def run(lab: Lab, playbook: str, *arguments: str, **variables: Any) -> Run:
    return play(lab, playbook, "--inventory", "inventory/lab", "--inventory", str(SEVERAL), *arguments, **variables)


def steering(lab: Lab, router: str) -> set[str]:
    """Return the steering terms that a router has."""
    configuration = lab.state()["routers"][router]["configuration"]
    return set(re.findall(r"term ((?:through|balanced|single)\S+) \{", configuration))


def steered_chains(lab: Lab, router: str) -> set[str]:
    """Return the chains that a router steers traffic into."""
    return {re.split(r"-1\d\d\.", term)[0] for term in steering(lab, router)}


def test_one_router_that_refuses_leaves_no_steering_on_the_other(lab: Lab) -> None:
    refusal = {"match": {"router": "vmx2", "rpc": "^commit"}, "body": "licence missing"}
    lab.set_faults([{"server": "junos", "kind": "rpc_error", **refusal}])

    failed = run(lab, "site.yml", *WITHOUT_HOSTS)

    assert failed.status != 0
    told = "vmx2: Configure VRFs, filters and steering on the router: cannot check the changes (commit check)"
    assert told in failed.output
    assert "licence missing; the steering that this run added was rolled back" in failed.output
    assert {router: steering(lab, router) for router in ROUTERS} == {"vmx1": set(), "vmx2": set()}
    assert lab.counters()["junos:vmx1"]["commits"] == 3  # the tunnels, the steering, and the steering out again


def test_a_run_that_is_killed_between_two_commits_is_completed_by_the_next(lab: Lab) -> None:
    """vmx1 has committed, and vmx2, locked, is being told of the change when the run dies."""

    def commits() -> list[int]:
        return [lab.counters()[f"junos:{router}"]["commits"] for router in ROUTERS]

    routers = ("--inventory", "inventory/lab", "--inventory", str(SEVERAL), "--tags", "networks,routers")
    before = commits()
    slow = {"match": {"router": "vmx2", "rpc": "^load"}, "seconds": 5}
    lab.set_faults([{"server": "junos", "kind": "slow", **slow}])

    kill_when(lambda: commits()[0] > before[0], lab, "site.yml", *routers)
    lab.set_faults([])

    assert commits() == [before[0] + 1, before[1]]
    assert steered_chains(lab, "vmx1") == HEALTHY
    assert not steering(lab, "vmx2")
    again = passed(play(lab, "site.yml", *routers))
    assert (again.changed["vmx1"], again.changed["vmx2"]) == (0, 1)
    assert commits() == [before[0] + 1, before[1] + 1]
    assert steered_chains(lab, "vmx2") == {*HEALTHY, "single"}


def test_one_router_that_is_dead_is_found_before_anything_is_written(lab: Lab) -> None:
    before = lab.counters()
    lab.set_faults([{"server": "router", "kind": "down", "match": {"router": "vmx2"}}])

    failed = run(lab, "site.yml")

    assert failed.status != 0
    assert "fatal: [vmx2]: FAILED! => " in failed.output
    assert f"cannot connect to router 127.0.0.1:{lab.netconf_ports['vmx2']}: connection refused" in failed.output
    after = lab.counters()
    assert after["contrail"]["writes"] == before["contrail"]["writes"]
    assert after["junos:vmx1"]["commits"] == before["junos:vmx1"]["commits"]


def test_steering_goes_only_for_the_chain_that_one_router_lacks(lab: Lab) -> None:
    lab.set_faults([LOST])

    failed = run(lab, "site.yml", *WITHOUT_HOSTS, chain_verify_timeout=2)

    assert failed.status != 0
    assert {router: steered_chains(lab, router) for router in ROUTERS} == dict.fromkeys(ROUTERS, HEALTHY)
    assert lab.counters()["junos:vmx1"]["commits"] == 2  # the tunnels and the steering: nothing was taken back there


def test_steering_after_verification_leads_traffic_into_no_chain_that_lacks_routes(lab: Lab) -> None:
    def site(**more: Any) -> Run:
        skipped = ("--skip-tags", "preflight,computes,endpoints")
        return run(lab, "site.yml", *skipped, vmx_gateway_steering="after_verify", **more)

    lab.set_faults([LOST])

    failed = site(chain_verify_timeout=2)

    assert failed.status != 0
    assert "single: broken at" in failed.output
    assert {router: steered_chains(lab, router) for router in ROUTERS} == dict.fromkeys(ROUTERS, HEALTHY)
    assert [lab.counters()[f"junos:{router}"]["commits"] for router in ROUTERS] == [3, 3]  # tunnels, VRFs, steering
    refusal = {"match": {"router": "vmx2", "rpc": "^commit"}, "body": "licence missing"}
    lab.set_faults([{"server": "junos", "kind": "rpc_error", **refusal}])

    refused = site()

    assert "vmx2: Steer traffic into the VRFs: cannot check the changes (commit check)" in refused.output
    assert {router: steered_chains(lab, router) for router in ROUTERS} == dict.fromkeys(ROUTERS, HEALTHY)
    lab.set_faults([])

    passed(site())
    assert steered_chains(lab, "vmx1") == HEALTHY
    assert steered_chains(lab, "vmx2") == {*HEALTHY, "single"}
    assert [lab.counters()[f"junos:{router}"]["commits"] for router in ROUTERS] == [3, 4]

    passed(run(lab, "playbooks/teardown.yml", *WITHOUT_HOSTS))
    assert {router: steering(lab, router) for router in ROUTERS} == {"vmx1": set(), "vmx2": set()}
