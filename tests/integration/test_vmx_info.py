# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``vmx_info`` against the lab's router, over SSH."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.information import kept_sessions
from integration.vmx_bed import Bed, bed
from jnpr.junos.utils.config import Config
from lab.core.routes import RouteDestination, RouteEntry, RouteTable

LEARNED = RouteEntry(
    "BGP",
    170,
    True,
    med=100,
    local_preference=200,
    learned_from="172.31.4.76",
    as_path="?",
    via="gr-0/0/0.32771",
    label=30,
    to_table=None,
    next_hop=None,
    communities=("target:64512:1", "encapsulation:0L:2"),
)
STATIC = RouteEntry(
    "Static",
    5,
    True,
    med=None,
    local_preference=None,
    learned_from=None,
    as_path=None,
    via=None,
    label=None,
    to_table="inet.0",
    next_hop=None,
)
DIRECT = RouteEntry("Direct", 0, True, via="ge-0/0/0.0")
TABLES = [
    RouteTable("inet.0", (RouteDestination("172.31.0.0/20", (DIRECT,)), RouteDestination("10.0.0.0/8", (DIRECT,)))),
    RouteTable(
        "vn1.inet.0",
        (RouteDestination("10.0.2.3/32", (LEARNED,)), RouteDestination("172.31.9.34/32", (STATIC,))),
        hidden=2,
    ),
    RouteTable("vn2.inet.0", ()),
    RouteTable(
        "inet.3",
        (RouteDestination("172.31.10.155/32", (RouteEntry("Tunnel", 300, True, via="gr-0/0/0.32769"),)),),
    ),
]


@pytest.fixture(scope="module")
def router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with bed(tmp_path_factory.mktemp("router"), TABLES) as served:
        yield served


def test_named_tables_are_told_as_data(router: Bed) -> None:
    tables = router.run("vmx_info", tables=["vn1.inet.0"])["route_tables"]
    assert list(tables) == ["vn1.inet.0"]
    assert tables["vn1.inet.0"]["exists"]
    assert tables["vn1.inet.0"]["destinations"] == 2
    assert tables["vn1.inet.0"]["hidden"] == 2
    learned, static = tables["vn1.inet.0"]["routes"]
    assert learned == {
        "prefix": "10.0.2.3/32",
        "protocol": "BGP",
        "preference": 170,
        "active": True,
        "med": 100,
        "local_preference": 200,
        "label": 30,
        "learned_from": "172.31.4.76",
        "as_path": "?",
        "via": "gr-0/0/0.32771",
        "to_table": None,
        "next_hop": None,
        "next_hops": [{"selected": True, "next_hop": None, "via": "gr-0/0/0.32771", "label": 30, "to_table": None}],
        "communities": [],
    }
    assert (static["protocol"], static["to_table"], static["med"]) == ("Static", "inet.0", None)


def test_a_table_that_is_not_there_is_told_as_such(router: Bed) -> None:
    tables = router.run("vmx_info", tables=["vn9.inet.0"])["route_tables"]
    assert tables == {"vn9.inet.0": {"exists": False, "destinations": 0, "hidden": 0, "routes": []}}


def test_without_names_all_tables_are_read_in_one_request(router: Bed) -> None:
    result = router.run("vmx_info")
    assert set(result["route_tables"]) >= {"vn1.inet.0", "vn2.inet.0"}
    assert result["requests"] == 1


def test_version_instances_and_commits(router: Bed) -> None:
    result = router.run("vmx_info", gather=["version", "instances", "commits"])
    assert result["version"] == {"host_name": "vmx1", "model": "vmx", "version": "17.2R1.13"}
    assert "master" in [one["name"] for one in result["instances"]]
    assert result["commits"][0]["number"] == 0
    assert not result["changed"]
    assert "ansible_facts" not in result


def test_communities_are_told_in_detail(router: Bed) -> None:
    (learned, static) = router.run("vmx_info", tables=["vn1.inet.0"], details=True)["route_tables"]["vn1.inet.0"][
        "routes"
    ]
    assert learned["communities"] == ["target:64512:1", "encapsulation:0L:2"]
    assert (learned["prefix"], learned["local_preference"], learned["med"]) == ("10.0.2.3/32", 200, 100)
    assert static["communities"] == []


def test_bgp_peers_and_what_they_bring(router: Bed) -> None:
    bgp = router.run("vmx_info", gather=["bgp"])["bgp"]
    (peer,) = bgp["peers"]
    assert (peer["address"], peer["peer_as"], peer["local_address"]) == ("172.31.4.76", 64512, "172.31.10.57")
    assert (peer["group"], peer["type"], peer["instance"]) == ("_contrail_asn-64512", "internal", "master")
    assert peer["established"]
    assert peer["elapsed"] is not None


def test_tunnels_stand_below_their_networks(router: Bed) -> None:
    tunnels = router.run("vmx_info", gather=["tunnels"])["tunnels"]
    assert [(one["network"], one["destination"]) for one in tunnels] == [
        ("172.31.10.155/32", "172.31.10.155/32"),
        ("172.31.10.57/32", None),
        ("172.31.4.76/32", None),
    ]
    assert (tunnels[0]["state"], tunnels[0]["via"], tunnels[0]["encapsulation"]) == ("Up", "gr-0/0/0.32769", "gre")
    assert tunnels[0]["source_address"] == "172.31.10.57"


def test_filters_with_their_counters(router: Bed) -> None:
    router.reset()
    steering = {"filter": "F", "name": "t1", "source": ["172.31.9.34/32"], "counter": "from-pc1"}
    router.run(
        "vmx_vrf",
        config=[{"name": "vn1", "route_target": "64512:1", "steering": [steering]}],
        filters=[{"name": "F"}],
    )
    filters = router.run("vmx_info", gather=["filters"], filters=["F", "G"])["filters"]
    assert filters == {
        "F": {"exists": True, "counters": [{"name": "from-pc1", "packets": 0, "bytes": 0}]},
        "G": {"exists": False, "counters": []},
    }
    router.reset()


def test_a_pending_commit_is_told(router: Bed) -> None:
    assert router.run("vmx_info", gather=["commits"])["pending_commit"] is None
    with router.somebody() as device:
        candidate = Config(device)
        candidate.load("set system host-name other", format="set")
        candidate.commit(confirm=5, comment="theirs")
        pending = router.run("vmx_info", gather=["commits"])["pending_commit"]
    assert (pending["number"], pending["log"]) == (0, "theirs")
    router.reset()


@pytest.mark.parametrize("more", [0, 30], ids=["one by one", "the whole table"])
def test_the_best_route_to_each_prefix_is_told(router: Bed, more: int) -> None:
    others = [f"10.0.{number}.0/24" for number in range(more)]
    wanted = ["172.31.9.34/32", "192.0.2.0/24", *others]
    result = router.run("vmx_info", gather=["best_routes"], destinations=wanted)
    best = result["best_routes"]
    assert list(best) == wanted
    assert (best["172.31.9.34/32"]["prefix"], best["172.31.9.34/32"]["via"]) == ("172.31.0.0/20", "ge-0/0/0.0")
    assert best["192.0.2.0/24"] is None
    assert {best[prefix]["prefix"] for prefix in others} <= {"10.0.0.0/8"}
    assert result["requests"] == 2  # one for each, or one for the sizes of tables and one for the table


def test_a_destination_that_is_no_prefix_is_named(router: Bed) -> None:
    message = router.refused("vmx_info", gather=["best_routes"], destinations=["10.0.0.0/8", "10.1.1.1/8"])
    assert message == "destinations[1]: '10.1.1.1/8' has host bits set; the prefix is 10.0.0.0/8"


def test_the_configuration_is_told_as_written_and_as_it_is_in_effect(router: Bed) -> None:
    found = router.run("vmx_info", gather=["configuration"], sections=["routing-options", "system"])["configuration"]
    assert "dynamic-tunnels" not in found["written"]
    assert "dynamic-tunnels" in found["effective"]
    assert "<encrypted-password>********</encrypted-password>" in found["written"]
    assert "$6$" not in found["written"] + found["effective"]


def test_who_works_on_the_configuration_is_told_without_a_lock(router: Bed) -> None:
    router.reset()
    assert router.run("vmx_info", gather=["candidate"])["candidate"] == {"state": "clean", "holder": None}
    assert router.counted("locks") == 0
    with router.somebody() as device:
        candidate = Config(device)
        candidate.lock()
        locked = router.run("vmx_info", gather=["candidate"])["candidate"]
        candidate.unlock()
        candidate.load("set system host-name other", format="set")
        modified = router.run("vmx_info", gather=["candidate"])["candidate"]
    assert locked["state"] == "locked"
    assert locked["holder"].startswith("lab ")
    assert modified == {"state": "modified", "holder": None}
    router.reset()


def test_the_session_tells_where_it_comes_from(router: Bed) -> None:
    assert router.run("vmx_info", gather=["session"])["session"] == {"source": "127.0.0.1", "port": router.served.port}


def test_sessions_are_kept_over_several_runs_in_one_process(router: Bed) -> None:
    sessions = router.counted("sessions")
    with kept_sessions():
        found = [router.run("vmx_info", tables=["vn1.inet.0", "vn2.inet.0"]) for _look in range(3)]
    assert router.counted("sessions") == sessions + 1
    assert [one["requests"] for one in found] == [2, 2, 2]
    router.run("vmx_info", tables=["vn1.inet.0"])
    assert router.counted("sessions") == sessions + 2


def test_check_mode_reads_all_the_same(router: Bed) -> None:
    assert router.run("vmx_info", check=True) == router.run("vmx_info")
