# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seventeen things that a module for VRFs and steering filters must get right, each over SSH against the router."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from integration.vmx_bed import Bed, bed
from jnpr.junos.utils.config import Config
from lxml import etree
from unit.vmx.scenario import FILTER, TAIL, VN1, VN2, changed, terms

UNIT = ("interfaces", ("interface", "ge-0/0/0"), ("unit", "0"), "family", "inet")
REFERENCE: dict[str, Any] = {"config": [VN1, VN2], "filters": [TAIL]}
BOUND = {"name": FILTER, "interfaces": ["ge-0/0/0.0"]}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with bed(tmp_path_factory.mktemp("router"), []) as router:
        yield router


@pytest.fixture
def router(served: Bed) -> Iterator[Bed]:
    served.reset()
    yield served
    assert not served.is_locked
    assert not served.served.ask(lambda: served.served.router.dirty)


def load(router: Bed, *sections: str) -> None:
    """Commit sections of configuration as somebody else."""
    document = etree.fromstring(f"<configuration>{''.join(sections)}</configuration>")
    with router.somebody() as device, Config(device, mode="exclusive") as candidate:
        candidate.load(document, format="xml", merge=True)
        candidate.commit()


def firewall(*parts: str, name: str = FILTER) -> str:
    inside = "".join(parts)
    return f"<firewall><family><inet><filter><name>{name}</name>{inside}</filter></inet></family></firewall>"


def unit(inside: str) -> str:
    return (
        "<interfaces><interface><name>ge-0/0/0</name><unit><name>0</name><family><inet><filter>"
        f"{inside}</filter></inet></family></unit></interface></interfaces>"
    )


SSH = "<term><name>ssh</name><from><protocol>tcp</protocol></from><then><accept/></then></term>"
REST = "<term><name>rest</name><then><accept/></then></term>"
DROP = "<term><name>drop</name><then><discard/></then></term>"


def instance(router: Bed, name: str) -> Statement:
    found = router.committed.find("routing-instances", ("instance", name))
    assert found is not None
    return found


@pytest.mark.parametrize("tail", [REST, DROP])
def test_01_terms_stand_before_the_catch_all_whatever_was_there(router: Bed, tail: str) -> None:
    load(router, firewall(SSH, tail))
    router.run("vmx_vrf", config=[VN1])
    assert terms(router.committed)[:2] == ["ssh", "t1"]
    router.run("vmx_vrf", config=[VN1, VN2])
    assert terms(router.committed)[:3] == ["ssh", "t1", "t11"]
    late = changed(VN1, steering=[{**VN1["steering"][0], "priority": 200}])
    moved = router.run("vmx_vrf", config=[late, VN2])
    assert moved["changed"]
    assert terms(router.committed)[:3] == ["ssh", "t11", "t1"]


def test_02_a_shared_filter_keeps_what_others_have_in_it(router: Bed) -> None:
    load(router, firewall(SSH, REST), firewall(REST, name="guard"))
    before = router.committed.find("firewall")
    router.run("vmx_vrf", config=[VN1, VN2])
    router.run("vmx_vrf", config=[{"name": "vn1"}], state="deleted")
    assert terms(router.committed) == ["ssh", "t11", "rest"]
    router.run("vmx_vrf", config=[{"name": "vn2"}], filters=[{"name": FILTER}], state="deleted")
    assert router.committed.find("firewall") == before


def test_03_a_filter_that_would_lack_its_accept_term_is_never_attached(router: Bed) -> None:
    load(router, firewall(SSH, DROP))
    before = router.committed
    assert "does not end in a term that accepts the rest" in router.refused("vmx_vrf", config=[VN1], filters=[BOUND])
    assert router.committed == before
    router.run("vmx_vrf", config=[changed(VN1, steering=[])], filters=[changed(TAIL, name="own")])
    assert terms(router.committed, "own") == ["t2"]
    assert router.committed.value(*UNIT, "filter", "input", "filter-name") == "own"


def test_04_an_interface_with_another_filter_is_refused_and_one_with_a_list_joined(router: Bed) -> None:
    load(router, firewall(SSH, REST, name="guard"), unit("<input><filter-name>guard</filter-name></input>"))
    assert "already has input filter guard" in router.refused("vmx_vrf", **REFERENCE)
    router.reset()
    load(router, firewall(SSH, name="guard"), unit("<input-list>guard</input-list>"))
    router.run("vmx_vrf", **REFERENCE)
    lists = router.committed.find(*UNIT, "filter")
    assert lists is not None
    assert [one.text for one in lists.all("input-list")] == ["guard", FILTER]
    message = router.refused("vmx_vrf", config=[VN1], filters=[changed(TAIL, interfaces=["ge-0/0/9.0"])])
    assert "the router has no logical interface ge-0/0/9.0" in message


def test_04_a_list_that_never_reaches_the_filter_is_told(router: Bed) -> None:
    load(router, firewall(SSH, REST, name="guard"), unit("<input-list>guard</input-list>"))
    warnings = router.run("vmx_vrf", **REFERENCE)["warnings"]
    assert warnings[0].startswith("filter guard of the input-list of ge-0/0/0.0 ends every packet before filter")


def test_05_groups_are_read_and_never_written(router: Bed) -> None:
    load(
        router,
        "<groups><name>__contrail__</name><routing-instances><instance><name>vn1</name><instance-type>vrf"
        "</instance-type></instance></routing-instances></groups>",
    )
    groups = router.committed.all("groups")
    message = router.refused("vmx_vrf", **REFERENCE)
    assert "exists only through configuration group __contrail__" in message
    router.run("vmx_vrf", config=[VN2], filters=[TAIL])
    router.run("vmx_vrf", config=[{"name": "vn2"}], filters=[TAIL], state="deleted")
    assert router.committed.all("groups") == groups


def test_06_ways_to_say_route_targets_are_never_mixed(router: Bed) -> None:
    router.run("vmx_vrf", config=[VN1], filters=[TAIL])
    split = {"name": "vn1", "import_route_targets": ["64512:1"], "export_route_targets": ["64512:2"]}
    assert "the two do not mix; use state replaced" in router.refused("vmx_vrf", config=[split])
    assert "cannot stand beside route_target" in router.refused(
        "vmx_vrf", config=[changed(VN1, import_policies=["p"], export_policies=["p"])]
    )
    several = {"name": "vn1", "import_route_targets": ["64512:1", "64512:3"]}
    assert "name that in import_policies" in router.refused("vmx_vrf", config=[several])
    result = router.run("vmx_vrf", config=[split], state="replaced")
    assert len(result["commits"]) == 1
    assert instance(router, "vn1").value("vrf-target", "community") is None


def test_07_the_route_distinguisher_is_left_alone_unless_it_is_given(router: Bed) -> None:
    router.run("vmx_vrf", config=[changed(VN1, route_distinguisher="10.0.0.1:6")], filters=[TAIL])
    assert not router.run("vmx_vrf", config=[VN1], state="replaced")["changed"]
    router.run("vmx_vrf", config=[VN2])
    assert instance(router, "vn2").find("route-distinguisher") is None
    shared = router.run("vmx_vrf", config=[changed(VN2, route_distinguisher="172.31.10.57:9")])
    assert "shares its address with route-distinguisher-id" in shared["warnings"][0]


def test_08_a_vrf_has_a_table_label_unless_told_otherwise(router: Bed) -> None:
    router.run("vmx_vrf", config=[{"name": "vn1", "route_target": "64512:1"}])
    assert instance(router, "vn1").find("vrf-table-label") is not None
    router.run("vmx_vrf", config=[{"name": "vn1", "route_target": "64512:1", "table_label": False}])
    assert instance(router, "vn1").find("vrf-table-label") is None


def test_08_what_a_table_label_holds_is_not_lost(router: Bed) -> None:
    router.run("vmx_vrf", config=[{"name": "vn1", "route_target": "64512:1"}])
    load(
        router,
        "<routing-instances><instance><name>vn1</name><vrf-table-label><source-class-usage/></vrf-table-label>"
        "</instance></routing-instances>",
    )
    before = router.committed
    bare = {"name": "vn1", "route_target": "64512:1", "table_label": False}
    result = router.run("vmx_vrf", config=[bare], state="replaced")
    assert not result["changed"]
    assert result["unmanaged"] == {"routing-instances vn1": {"vrf-table-label": {"source-class-usage": ""}}}
    assert "vrf-table-label of VRF vn1 stays" in result["warnings"][0]
    assert router.committed == before


@pytest.mark.parametrize("kind", ["static", "generate"])
def test_09_next_table_loops_are_refused(router: Bed, kind: str) -> None:
    load(
        router,
        "<routing-instances><instance><name>vn2</name><instance-type>vrf</instance-type></instance></routing-instances>",
    )
    load(
        router,
        f"<routing-options><{kind}><route><name>10.0.0.0/8</name><next-table>vn2.inet.0</next-table></route></{kind}>"
        "</routing-options>",
    )
    over = changed(VN1, steering=None, static_routes=[{"prefix": "10.9.0.0/16", "next_table": "inet.0"}])
    assert router.run("vmx_vrf", config=[over])["changed"]
    back = changed(VN2, steering=None, static_routes=[{"prefix": "10.8.0.0/16", "next_table": "vn1.inet.0"}])
    assert "next-table may loop: vn2.inet.0 -> vn1.inet.0 -> inet.0 -> vn2.inet.0" in router.refused(
        "vmx_vrf", config=[back]
    )


def test_10_ipv6_has_its_own_filter_its_own_rib_and_its_own_export(router: Bed) -> None:
    load(router, unit("").replace("<filter></filter>", "").replace("<inet>", "<inet6>").replace("</inet>", "</inet6>"))
    six = {
        "name": "vn1",
        "route_target": "64512:1",
        "static_routes": [{"prefix": "2001:db8::34", "next_table": "inet6.0"}],
        "auto_export": ["inet", "inet6"],
        "steering": [{"filter": "F6", "family": "inet6", "name": "t1", "source": ["2001:db8::34"]}],
    }
    filters = [{"name": "F6", "family": "inet6", "interfaces": ["ge-0/0/0.0"], "default": "accept"}]
    router.run("vmx_vrf", config=[six], filters=filters)
    committed = router.committed
    assert committed.find("firewall", "family", "inet6", ("filter", "F6"), ("term", "t1")) is not None
    assert committed.value(*UNIT[:-1], "inet6", "filter", "input", "filter-name") == "F6"
    options = instance(router, "vn1").find("routing-options")
    assert options is not None
    route = options.find(("rib", "vn1.inet6.0"), "static", ("route", "2001:db8::34/128"))
    assert route is not None
    assert route.value("next-table") == "inet6.0"
    assert options.find("auto-export", "family", "inet6", "unicast") is not None
    assert not router.run("vmx_vrf", config=[six], filters=filters, state="replaced")["changed"]
    assert "needs a filter of family inet6" in router.refused(
        "vmx_vrf", config=[changed(six, steering=[{"filter": FILTER, "name": "t", "source": ["2001:db8::/32"]}])]
    )


def test_11_references_go_with_the_vrf_in_one_commit(router: Bed) -> None:
    router.run("vmx_vrf", **REFERENCE)
    result = router.run("vmx_vrf", config=[{"name": "vn1"}], state="deleted")
    assert len(result["commits"]) == 1
    assert terms(router.committed) == ["t11", "t2"]
    leak = changed(VN1, static_routes=[{"prefix": "10.0.0.0/8", "next_table": "vn2.inet.0"}])
    router.run("vmx_vrf", config=[leak])
    assert "VRF vn2 is still needed" in router.refused("vmx_vrf", config=[{"name": "vn2"}], state="deleted")


def test_12_the_candidate_of_others_is_never_touched(router: Bed) -> None:
    with router.somebody() as device:
        candidate = Config(device)
        candidate.load(etree.fromstring(f"<configuration>{firewall(REST, name='guard')}</configuration>"), merge=True)
        edits = candidate.diff()
        assert "uncommitted changes lie in the candidate" in router.refused("vmx_vrf", **REFERENCE)
        assert candidate.diff() == edits
        candidate.rollback()
        candidate.lock()
        message = router.refused("vmx_vrf", lock_timeout=0, **REFERENCE)
        assert "locked by lab " in message
        candidate.unlock()
    assert router.run("vmx_vrf", **REFERENCE)["changed"]


def test_13_a_confirmed_commit_is_confirmed_from_a_new_session(router: Bed) -> None:
    result = router.run("vmx_vrf", commit={"confirmed": 5, "comment": "change 42"}, **REFERENCE)
    assert router.counted("sessions") == 2
    assert result["rpcs"][-3:] == ["commit-configuration", "unlock-configuration", "get-commit-information"]
    assert router.served.ask(lambda: router.served.router.pending) is None
    router.faults.add([{"server": "junos", "match": {"rpc": "^commit-configuration$"}, "kind": "slow", "times": 2}])
    router.faults.add(
        [{"server": "junos", "match": {"rpc": "^commit-configuration$"}, "kind": "rpc_error", "times": 2}]
    )
    message = router.refused("vmx_vrf", config=[changed(VN1, description="x")], commit={"confirmed": 7})
    assert message.endswith("the router takes it back within 7 minutes")
    assert router.served.ask(lambda: router.served.router.pending) is not None


def test_14_what_a_router_spells_otherwise_is_no_change(router: Bed) -> None:
    router.run(
        "vmx_vrf",
        config=[changed(VN1, route_target="4200000000:1", static_routes=[{"prefix": "10.9.0.1", "discard": True}])],
        filters=[TAIL],
    )
    router.served.ask(router.served.counters.clear)
    again = router.run(
        "vmx_vrf",
        state="replaced",
        config=[
            changed(
                VN1,
                route_target="target:4200000000L:1",
                static_routes=[{"prefix": "10.9.0.1/32", "discard": True}],
                steering=[{**VN1["steering"][0], "source": ["172.31.9.34"]}],
            )
        ],
    )
    assert not again["changed"]
    assert router.counted("locks") == router.counted("commits") == 0


def test_15_check_mode_takes_no_lock_and_makes_no_commit_check(router: Bed) -> None:
    result = router.run("vmx_vrf", check=True, **REFERENCE)
    assert "commit-configuration" not in result["rpcs"]
    assert router.counted("locks") == router.counted("commits") == 0
    assert result["diff"]["prepared"].startswith("[edit")
    with router.somebody() as device:
        candidate = Config(device)
        candidate.lock()
        computed = router.run("vmx_vrf", check=True, **REFERENCE)
        candidate.unlock()
    assert [one["name"] for one in computed["diff"]["after"]["config"]] == ["vn1", "vn2"]


def test_16_warnings_are_returned_and_do_not_fail_the_task(router: Bed) -> None:
    from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import session

    load_as_it_is = session.Session.load

    def with_a_deletion_of_nothing(self: session.Session, changes: Statement) -> None:
        document = changes.copy()
        gone = Statement("location", attributes={"delete": "delete"})
        document.children.append(Statement("snmp", children=[gone]))
        load_as_it_is(self, document)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session.Session, "load", with_a_deletion_of_nothing)
        result = router.run("vmx_vrf", commit={"synchronize": True, "full": True}, **REFERENCE)
    assert result["changed"]
    assert any("statement not found" in one for one in result["warnings"])


def test_17_many_vrfs_are_one_load_and_one_commit(router: Bed) -> None:
    many = [
        changed(
            VN1, name=f"many-{n}", steering=[{"filter": FILTER, "name": f"m{n:03}", "source": [f"10.201.{n}.0/24"]}]
        )
        for n in range(40)
    ]
    result = router.run("vmx_vrf", config=many, filters=[TAIL])
    assert result["rpcs"].count("load-configuration") == 1
    assert router.counted("commits") == 1
