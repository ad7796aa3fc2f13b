# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's router as napalm sees it: text and commands in, getters out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ncclient.transport.session
import pytest
from lab.core.routes import RouteDestination, RouteEntry, RouteTable
from lab.junos.running import PASSWORD, USER, Running, running

napalm = pytest.importorskip("napalm")

ncclient.transport.session.TICK = 0.001

LEARNED = RouteEntry(
    "BGP",
    170,
    True,
    med=100,
    local_preference=200,
    learned_from="172.31.4.76",
    as_path="?",
    via="gr-0/0/0.32771",
    label=26,
    communities=("target:64512:1",),
    aged=lambda: 574,
)
TABLES = [
    RouteTable("bgp.l3vpn.0", (RouteDestination("172.31.10.155:1:10.0.1.3/32", (LEARNED,)),)),
    RouteTable("vn1.inet.0", (RouteDestination("10.0.1.3/32", (LEARNED,)),)),
]
VRF = "routing-instances { vn1 { instance-type vrf; vrf-target target:64512:1; } }"


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(lambda: TABLES) as router:
        yield router


@pytest.fixture
def device(served: Running) -> Iterator[Any]:
    served.ask(served.router.reset)
    options = {"port": served.port, "allow_agent": False, "config_lock": True}
    with napalm.get_network_driver("junos")("127.0.0.1", USER, PASSWORD, optional_args=options) as connected:
        yield connected


def test_facts_are_gathered(device: Any) -> None:
    facts = device.get_facts()
    wanted = {"vendor": "Juniper", "model": "VMX", "hostname": "vmx1", "os_version": "17.2R1.13"}
    assert wanted.items() <= facts.items()
    assert facts["interface_list"] == ["ge-0/0/0"]


def test_a_candidate_is_merged_compared_and_committed(device: Any) -> None:
    device.load_merge_candidate(config=VRF)
    assert "+          vrf-target target:64512:1;" in device.compare_config()
    device.commit_config(message="by napalm")
    assert device.compare_config() == ""
    assert device.get_network_instances()["vn1"]["type"] == "L3VRF"


def test_the_running_configuration_replaces_itself_without_a_change(device: Any) -> None:
    device.load_replace_candidate(config=device.get_config()["running"])
    assert device.compare_config() == ""


def test_what_cannot_be_read_is_refused(device: Any) -> None:
    with pytest.raises(napalm.base.exceptions.MergeConfigException, match="syntax error"):
        device.load_merge_candidate(config="routing-instance { vn1; }")


def test_a_confirmed_commit_is_pending_and_can_be_confirmed(device: Any) -> None:
    device.load_merge_candidate(config="set routing-instances vn2 instance-type vrf")
    device.commit_config(revert_in=300)
    assert device.has_pending_commit()
    device.confirm_commit()
    assert not device.has_pending_commit()


def test_a_confirmed_commit_can_be_rolled_back(device: Any) -> None:
    device.load_merge_candidate(config="set routing-instances vn2 instance-type virtual-router")
    device.commit_config(revert_in=300)
    device.rollback()
    assert not device.has_pending_commit()
    assert "vn2" not in device.get_network_instances()


def test_a_candidate_can_be_thrown_away(device: Any) -> None:
    device.load_merge_candidate(config=VRF)
    device.discard_config()
    assert device.compare_config() == ""


def test_a_commit_can_be_rolled_back(device: Any) -> None:
    device.load_merge_candidate(config=VRF)
    device.commit_config()
    device.rollback()
    assert "vn1" not in device.get_network_instances()


def test_two_at_once_are_told_of_the_lock(served: Running, device: Any) -> None:
    options = {"port": served.port, "allow_agent": False}
    with (
        napalm.get_network_driver("junos")("127.0.0.1", USER, PASSWORD, optional_args=options) as other,
        pytest.raises(napalm.base.exceptions.LockError, match="configuration database locked by"),
    ):
        other.load_merge_candidate(config=VRF)
    assert device.compare_config() == ""


def test_peers_and_routes_are_read(device: Any) -> None:
    peers = device.get_bgp_neighbors()["global"]["peers"]
    assert peers["172.31.4.76"]["is_up"]
    assert peers["172.31.4.76"]["remote_as"] == 64512
    (route,) = device.get_route_to("10.0.1.3/32", "bgp")["10.0.1.3/32"]
    assert route["outgoing_interface"] == "gr-0/0/0.32771"
    assert route["protocol_attributes"]["communities"] == ["target:64512:1"]
    assert route["protocol_attributes"]["metric"] == 100


def test_show_route_prints_as_people_know_it(device: Any) -> None:
    command = "show route table vn1.inet.0"
    assert device.cli([command])[command].strip() == (
        "vn1.inet.0: 1 destinations, 1 routes (1 active, 0 holddown, 0 hidden)\n"
        "+ = Active Route, - = Last Active, * = Both\n"
        "\n"
        "10.0.1.3/32        *[BGP/170] 00:09:34, MED 100, localpref 200, from 172.31.4.76\n"
        "                      AS path: ?, validation-state: unverified\n"
        "                    > via gr-0/0/0.32771, Push 26"
    )


PEERS = """
routing-options { autonomous-system 64512; router-id 172.31.10.57; }
protocols { bgp { group contrail { type internal; local-address 172.31.10.57; neighbor 172.31.4.76; } } }
routing-instances { vn1 { instance-type vrf; vrf-target target:64512:1; route-distinguisher 172.31.10.57:9;
  protocols { bgp { group ce { type external; peer-as 65001; multihop; neighbor 172.31.4.76; } } } } }
"""


def test_bgp_neighbors_are_told_by_instance(device: Any) -> None:
    device.load_merge_candidate(config=PEERS)
    device.commit_config()
    found = device.get_bgp_neighbors()
    assert set(found) == {"global", "vn1"}
    peer = found["global"]["peers"]["172.31.4.76"]
    assert (peer["remote_as"], peer["local_as"], peer["is_up"], peer["is_enabled"]) == (64512, 64512, True, True)
    assert found["global"]["router_id"] == "172.31.10.57"
    assert found["vn1"]["peers"]["172.31.4.76"]["remote_as"] == 65001
