# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's router as PyEZ sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ncclient.transport.session
import pytest
from jnpr.junos import Device
from jnpr.junos.exception import (
    CommitError,
    ConfigLoadError,
    ConnectAuthError,
    LockError,
    RpcError,
    UnlockError,
)
from jnpr.junos.utils.config import Config
from lab.core.faults import Faults
from lab.core.routes import RouteDestination, RouteEntry, RouteTable
from lab.junos.operational import Operational
from lab.junos.running import PASSWORD, USER, Running, running
from lxml import etree
from support.recorded import RECORDED

ncclient.transport.session.TICK = 0.001

FIXTURES = RECORDED / "junos" / "fixtures"
REFERENCE = RECORDED / "seed" / "vmx-reference.xml"

TABLES = [
    RouteTable(
        "vn1.inet.0",
        (
            RouteDestination(
                "10.0.1.3/32",
                (
                    RouteEntry(
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
                        aged=lambda: 9315,
                    ),
                ),
            ),
            RouteDestination("172.31.9.34/32", (RouteEntry("Static", 5, True, to_table="inet.0"),)),
        ),
        hidden=1,
    ),
]

VRF = """<configuration><routing-instances><instance>
<name>vn1</name><instance-type>vrf</instance-type>
<vrf-target><community>target:64512:1</community></vrf-target><vrf-table-label/>
<routing-options><static><route><name>172.31.9.34/32</name><next-table>inet.0</next-table></route></static></routing-options>
</instance></routing-instances></configuration>"""

FILTER = """<configuration><firewall><family><inet><filter><name>F</name>
<term><name>t1</name><from><source-address><name>172.31.9.34</name></source-address></from>
<then><routing-instance><routing-instance-name>vn1</routing-instance-name></routing-instance></then></term>
<term><name>t2</name><then><accept/></then></term>
</filter></inet></family></firewall></configuration>"""


@pytest.fixture(scope="module")
def faults() -> Faults:
    return Faults()


@pytest.fixture(scope="module")
def served(faults: Faults) -> Iterator[Running]:
    with running(lambda: TABLES, faults=faults) as router:
        yield router


@pytest.fixture
def router(served: Running, faults: Faults) -> Running:
    served.ask(served.router.reset)
    served.ask(served.counters.clear)
    faults.clear()
    return served


@contextmanager
def session(router: Running, password: str = PASSWORD) -> Iterator[Device]:
    device = Device(
        host="127.0.0.1",
        port=router.port,
        user=USER,
        passwd=password,
        hostkey_verify=False,
        look_for_keys=False,
        allow_agent=False,
        timeout=20,
    )
    device.open()
    try:
        yield device
    finally:
        device.close()


@pytest.fixture
def device(router: Running) -> Iterator[Device]:
    with session(router) as one:
        yield one


@pytest.fixture
def candidate(device: Device) -> Iterator[Config]:
    config = Config(device)
    config.lock()
    yield config
    config.rollback()
    config.unlock()


def loaded(config: Config, document: str, **how: object) -> bool:
    return config.load(document, format="xml", **how) is not None


def terms(device: Device) -> list[str]:
    found = device.rpc.get_config(filter_xml="<firewall/>")
    return [name.text for name in found.iterfind(".//term/name")]


class TestLogin:
    def test_a_wrong_password_is_refused(self, router: Running) -> None:
        with pytest.raises(ConnectAuthError), session(router, "wrong"):
            pass

    def test_facts_describe_a_vmx(self, device: Device) -> None:
        facts = {name: device.facts[name] for name in ("hostname", "model", "version", "personality")}
        assert facts == {"hostname": "vmx1", "model": "VMX", "version": "17.2R1.13", "personality": "MX"}
        assert device.facts["current_re"] == ["master", "re0"]
        assert device.facts["RE0"]["mastership_state"] == "master"

    def test_sessions_and_rpcs_are_counted(self, router: Running) -> None:
        with session(router) as device:
            device.rpc.get_config()
        assert router.counters["sessions"] == 1
        assert router.counters["rpcs"] == 2


class TestLock:
    def test_a_second_session_hears_who_holds_the_lock(self, router: Running, candidate: Config) -> None:
        with session(router) as other, pytest.raises(LockError) as refused:
            Config(other).lock()
        assert "configuration database locked by:" in refused.value.message
        assert f"  {USER} terminal  (pid " in refused.value.message
        assert "exclusive" in refused.value.message
        assert router.counters["locks"] == 1

    def test_a_candidate_with_changes_cannot_be_locked(self, router: Running, device: Device) -> None:
        loaded(Config(device), VRF)
        with session(router) as other, pytest.raises(LockError, match="configuration database modified"):
            Config(other).lock()

    def test_what_is_not_locked_cannot_be_unlocked(self, device: Device) -> None:
        with pytest.raises(UnlockError, match="Configuration database is not open"):
            Config(device).unlock()

    def test_another_session_cannot_load_or_commit_under_the_lock(self, router: Running, candidate: Config) -> None:
        with session(router) as other:
            with pytest.raises(ConfigLoadError, match="configuration database locked by"):
                Config(other).load(VRF, format="xml")
            with pytest.raises(CommitError, match="configuration database locked by"):
                Config(other).commit()

    def test_a_session_that_drops_leaves_no_lock_and_no_changes(self, router: Running) -> None:
        with session(router) as lost:
            Config(lost).lock()
            loaded(Config(lost), VRF)
            lost._conn._session.transport.close()
            with session(router) as other:
                config = Config(other)
                _eventually(config.lock)
                assert config.diff() is None
                config.unlock()

    def test_closing_the_session_releases_the_lock(self, router: Running) -> None:
        with session(router) as first:
            Config(first).lock()
            loaded(Config(first), VRF)
        with session(router) as second:
            _eventually(Config(second).lock)
            assert Config(second).diff() is None


def _eventually(action: object, seconds: float = 3.0) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            action()  # type: ignore[operator]
        except LockError:
            if time.monotonic() > end:
                raise
            threading.Event().wait(0.01)
        else:
            return


class TestLoad:
    def test_a_vrf_is_loaded_compared_and_committed(self, router: Running, candidate: Config) -> None:
        loaded(candidate, VRF)
        assert candidate.diff() == (
            "\n[edit]\n"
            "+  routing-instances {\n"
            "+      vn1 {\n"
            "+          instance-type vrf;\n"
            "+          vrf-target target:64512:1;\n"
            "+          vrf-table-label;\n"
            "+          routing-options {\n"
            "+              static {\n"
            "+                  route 172.31.9.34/32 next-table inet.0;\n"
            "+              }\n"
            "+          }\n"
            "+      }\n"
            "+  }\n"
        )
        assert candidate.commit_check() is True
        assert candidate.commit(comment="first vrf") is True
        assert candidate.diff() is None
        assert router.router.committed.findtext("routing-instances/instance/name") == "vn1"
        assert router.counters["commits"] == 1

    def test_loading_the_same_again_changes_nothing(self, candidate: Config) -> None:
        loaded(candidate, VRF)
        candidate.commit()
        loaded(candidate, VRF)
        assert candidate.diff() is None

    def test_new_terms_append_and_are_moved_before_the_tail(self, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF)
        loaded(candidate, FILTER)
        candidate.commit()
        loaded(
            candidate,
            """<configuration><firewall><family><inet><filter><name>F</name>
            <term><name>t12</name><then><routing-instance><routing-instance-name>vn1</routing-instance-name>
            </routing-instance></then></term>
            </filter></inet></family></firewall></configuration>""",
        )
        assert terms(device) == ["t1", "t2", "t12"]
        loaded(
            candidate,
            """<configuration><firewall><family><inet><filter><name>F</name>
            <term insert="before" name="t2"><name>t12</name></term>
            </filter></inet></family></firewall></configuration>""",
        )
        assert terms(device) == ["t1", "t12", "t2"]
        candidate.commit()
        loaded(
            candidate,
            """<configuration><firewall><family><inet><filter><name>F</name>
            <term insert="first"><name>t12</name></term>
            </filter></inet></family></firewall></configuration>""",
        )
        assert terms(device) == ["t12", "t1", "t2"]
        assert "!       term t12 { ... }" in candidate.diff()

    def test_an_unknown_place_to_insert_is_an_error(self, candidate: Config) -> None:
        with pytest.raises(ConfigLoadError, match="not found"):
            loaded(candidate, FILTER.replace("<term><name>t2", '<term insert="before" name="t9"><name>t2'))

    def test_only_what_is_tagged_is_replaced(self, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF)
        loaded(
            candidate,
            """<configuration><routing-instances><instance><name>vn1</name>
            <vrf-target replace="replace"><import>target:64512:1</import></vrf-target>
            </instance></routing-instances></configuration>""",
        )
        vrf = device.rpc.get_config(filter_xml="<routing-instances/>").find("routing-instances/instance")
        assert [child.tag for child in vrf.find("vrf-target")] == ["import"]
        assert vrf.findtext("instance-type") == "vrf"

    def test_deleting_what_is_absent_is_a_warning(self, candidate: Config) -> None:
        nothing = """<configuration><routing-instances>
        <instance delete="delete"><name>vn9</name></instance></routing-instances></configuration>"""
        with pytest.raises(ConfigLoadError) as refused:
            loaded(candidate, nothing)
        assert refused.value.errs[0]["severity"] == "warning"
        assert refused.value.errs[0]["message"] == "statement not found"
        assert loaded(candidate, nothing, ignore_warning="statement not found")

    def test_deleting_the_last_entry_leaves_no_empty_container(self, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF)
        loaded(
            candidate,
            """<configuration><routing-instances>
            <instance delete="delete"><name>vn1</name></instance></routing-instances></configuration>""",
        )
        assert device.rpc.get_config().find("routing-instances") is None

    def test_an_unknown_element_is_a_syntax_error_that_names_it(self, candidate: Config) -> None:
        with pytest.raises(ConfigLoadError) as refused:
            loaded(candidate, VRF.replace("vrf-target", "vrf-goal"))
        assert refused.value.errs[0]["message"] == "syntax error"
        assert refused.value.errs[0]["bad_element"] == "vrf-goal"

    def test_what_stood_before_an_error_stays_loaded(self, candidate: Config) -> None:
        with pytest.raises(ConfigLoadError):
            loaded(candidate, VRF.replace("vrf-table-label", "vrf-label"))
        assert "instance-type vrf" in candidate.diff()

    @pytest.mark.parametrize(
        ("good", "bad"),
        [
            ("target:64512:1", "64512:1"),
            ("<name>vn1</name>", "<name>all</name>"),
            ("<name>vn1</name>", "<name>__vn1__</name>"),
            ("<name>vn1</name>", f"<name>{'v' * 129}</name>"),
            ("172.31.9.34/32", "172.31.9.34/33"),
            ("<instance-type>vrf", "<instance-type>vrff"),
        ],
    )
    def test_a_bad_value_is_an_error(self, candidate: Config, good: str, bad: str) -> None:
        with pytest.raises(ConfigLoadError) as refused:
            loaded(candidate, VRF.replace(good, bad))
        assert refused.value.errs[0]["severity"] == "error"

    def test_values_are_kept_in_the_routers_own_form(self, device: Device, candidate: Config) -> None:
        loaded(candidate, FILTER)
        found = device.rpc.get_config(filter_xml="<firewall/>")
        assert found.findtext(".//source-address/name") == "172.31.9.34/32"

    def test_a_deactivated_statement_is_shown_so(self, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF.replace("<instance>", '<instance inactive="inactive">'))
        assert device.rpc.get_config().find("routing-instances/instance").get("inactive") == "inactive"
        assert "inactive: vn1 {" in candidate.diff()
        loaded(candidate, VRF.replace("<instance>", '<instance active="active">'))
        assert device.rpc.get_config().find("routing-instances/instance").get("inactive") is None

    @pytest.mark.parametrize("form", ["text", "set"])
    def test_text_and_set_forms_mean_the_same_as_xml(self, device: Device, candidate: Config, form: str) -> None:
        loaded(candidate, VRF)
        loaded(candidate, FILTER)
        wanted = etree.tostring(device.rpc.get_config().find("firewall"))
        filters = "<configuration><firewall/></configuration>"
        shown = device.rpc.get_config(filter_xml=etree.XML(filters), options={"format": form}).text
        candidate.rollback()
        candidate.load(shown, format=form)
        assert etree.tostring(device.rpc.get_config().find("firewall")) == wanted

    def test_bad_text_names_the_word_and_what_is_skipped(self, candidate: Config) -> None:
        with pytest.raises(ConfigLoadError) as refused:
            candidate.load("system1 {\n host-name x;\n}\n", format="text")
        assert [error["bad_element"] for error in refused.value.errs] == ["system1", "}"]
        assert refused.value.errs[1]["message"] == "error recovery ignores input until this point"


class TestCommit:
    def test_every_complaint_is_an_error_of_its_own(self, candidate: Config) -> None:
        loaded(candidate, FILTER)
        loaded(
            candidate,
            """<configuration><interfaces><interface><name>ge-0/0/0</name><unit><name>0</name><family><inet>
            <filter><input><filter-name>G</filter-name></input></filter></inet></family></unit></interface>
            </interfaces></configuration>""",
        )
        with pytest.raises(CommitError) as refused:
            candidate.commit_check()
        errors = refused.value.errs
        assert [error["source"] for error in errors] == ["dfwd", "dfwd", None]
        assert errors[0]["edit_path"] == "[edit interfaces ge-0/0/0 unit 0 family inet]"
        assert errors[1]["edit_path"] == "[edit firewall family inet filter F term t1 then]"
        assert errors[-1]["message"] == "configuration check-out failed"

    def test_a_failed_commit_leaves_the_candidate_as_it_is(self, candidate: Config) -> None:
        loaded(candidate, FILTER)
        before = candidate.diff()
        with pytest.raises(CommitError):
            candidate.commit()
        assert candidate.diff() == before

    def test_a_next_table_loop_is_refused(self, candidate: Config) -> None:
        loaded(candidate, VRF)
        loaded(
            candidate,
            """<configuration><routing-options><static><route><name>192.168.1.0/24</name>
            <next-table>vn1.inet.0</next-table></route></static></routing-options></configuration>""",
        )
        with pytest.raises(CommitError) as refused:
            candidate.commit()
        assert {
            "edit_path": "[rib inet.0 routing-options static]",
            "message": "next-table may loop",
        }.items() <= refused.value.errs[0].items()

    def test_a_comment_stands_in_the_history(self, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF)
        candidate.commit(comment="chain vn1 <1>")
        newest = device.rpc.get_commit_information().find("commit-history")
        assert newest.findtext("sequence-number") == "0"
        assert newest.findtext("log") == "chain vn1 <1>"
        assert newest.findtext("user") == USER
        assert newest.findtext("client") == "netconf"

    def test_rollback_brings_back_earlier_configurations(self, candidate: Config) -> None:
        loaded(candidate, VRF)
        candidate.commit()
        candidate.rollback(1)
        assert "-  routing-instances {" in candidate.diff()
        assert candidate.diff(rb_id=1) is None
        candidate.rollback(0)
        assert candidate.diff() is None

    def test_a_rollback_that_is_not_there_is_an_error(self, candidate: Config) -> None:
        with pytest.raises(RpcError):
            candidate.rollback(49)

    def test_a_confirmed_commit_is_pending_until_a_check(self, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF)
        candidate.commit(confirm=5, comment="try")
        newest = device.rpc.get_commit_information().find("commit-history")
        assert newest.findtext("comment") == "commit confirmed, rollback in 5mins"
        assert newest.findtext("commit-confirmed") == "rollback pending"
        candidate.commit_check()
        newest = device.rpc.get_commit_information().find("commit-history")
        assert newest.findtext("comment") == "commit confirmed, rollback in 5mins"
        assert newest.find("commit-confirmed") is None

    def test_an_unconfirmed_commit_is_taken_back(self, router: Running, device: Device) -> None:
        config = Config(device)
        loaded(config, VRF)
        config.commit(confirm=1)
        router.ask(router.router.take_back)
        newest = device.rpc.get_commit_information().find("commit-history")
        assert (newest.findtext("user"), newest.findtext("client")) == ("root", "other")
        assert device.rpc.get_config(options={"database": "committed"}).find("routing-instances") is None
        assert config.diff() is None


class TestPrivate:
    def test_a_private_copy_is_committed_beside_another(self, router: Running, device: Device) -> None:
        with session(router) as other, Config(device, mode="private") as mine:
            with Config(other, mode="private") as theirs:
                loaded(theirs, VRF.replace("vn1", "vn2"))
                assert theirs.commit() is True
            loaded(mine, VRF)
            assert "vn2" not in mine.diff()
            assert mine.commit() is True
        names = device.rpc.get_config().iterfind("routing-instances/instance/name")
        assert sorted(name.text for name in names) == ["vn1", "vn2"]

    def test_private_edits_are_lost_with_the_copy(self, device: Device) -> None:
        with Config(device, mode="private") as mine:
            loaded(mine, VRF)
        assert device.rpc.get_config().find("routing-instances") is None

    def test_changes_in_the_shared_candidate_keep_it_closed(self, router: Running, device: Device) -> None:
        loaded(Config(device), VRF)
        with (
            session(router) as other,
            pytest.raises(RpcError, match="shared configuration database modified"),
            Config(other, mode="private"),
        ):
            pass

    def test_confirmed_is_refused(self, device: Device) -> None:
        with Config(device, mode="private") as mine:
            loaded(mine, VRF)
            with pytest.raises(CommitError):
                mine.commit(confirm=5)


class TestRead:
    def test_the_own_level_stands_apart_from_what_is_inherited(self, device: Device) -> None:
        asked = "<configuration><protocols/><system><host-name/></system></configuration>"
        own = device.rpc.get_config(filter_xml=etree.XML(asked))
        assert own.find("protocols") is None
        whole = device.rpc.get_config(filter_xml=etree.XML(asked), options={"inherit": "inherit", "groups": "groups"})
        assert whole.find("protocols/bgp/group").get("group") == "__contrail__"
        assert whole.find("system/host-name").get("group") == "global"
        assert whole.find("groups") is None

    def test_groups_come_together_in_one_container(self, device: Device) -> None:
        found = device.rpc.get_config(filter_xml="<routing-options/>", options={"inherit": "inherit"})
        options = found.find("routing-options")
        assert options.find("static/route") is not None
        assert options.findtext("autonomous-system/as-number") == "64512"

    def test_a_filter_document_names_one_entry(self, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF)
        loaded(candidate, VRF.replace("vn1", "vn2"))
        asked = """<configuration><routing-instances><instance><name>vn2</name><vrf-target/></instance>
        </routing-instances></configuration>"""
        found = device.rpc.get_config(filter_xml=etree.XML(asked))
        assert [child.tag for child in found.find("routing-instances/instance")] == ["name", "vrf-target"]

    def test_committed_and_candidate_differ_while_a_change_waits(self, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF)
        assert device.rpc.get_config().find("routing-instances") is not None
        assert device.rpc.get_config(options={"database": "committed"}).find("routing-instances") is None

    def test_an_empty_presence_container_is_open_on_two_lines(self, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF)
        found = device.rpc.get_config(filter_xml="<routing-instances/>", normalize=False)
        assert found.find(".//vrf-table-label").text == "\n"

    @pytest.mark.skipif(not REFERENCE.is_file(), reason="no recorded configuration here")
    def test_the_reference_configuration_comes_back_as_it_went_in(self, device: Device, candidate: Config) -> None:
        reference = etree.parse(REFERENCE).getroot()
        candidate.load(etree.tostring(reference).decode(), format="xml", overwrite=True)
        assert candidate.commit() is True
        found = device.rpc.get_config()
        assert _shape(found) == _shape(reference)

    @pytest.mark.skipif(not REFERENCE.is_file(), reason="no recorded configuration here")
    def test_the_reference_text_is_what_the_router_shows(self, device: Device, candidate: Config) -> None:
        candidate.load(REFERENCE.read_text(), format="xml", overwrite=True)
        shown = device.rpc.get_config(options={"format": "text"}).text
        recorded = REFERENCE.with_suffix(".conf").read_text()
        wanted = recorded[recorded.index("chassis {") :].strip()
        assert wanted in shown
        assert recorded[recorded.index("    __contrail__ {") : recorded.index("chassis {")].strip() in shown.replace(
            shown[shown.index("system {\n    root") : shown.index("chassis {")], ""
        )


def _shape(element: etree._Element) -> object:
    return element.tag, (element.text or "").strip() or None, [_shape(child) for child in element]


class TestOperational:
    def test_routes_are_read_as_the_router_prints_them(self, device: Device) -> None:
        table = device.rpc.get_route_information(table="vn1.inet.0").find("route-table")
        assert table.findtext("destination-count") == "2"
        assert table.findtext("hidden-route-count") == "1"
        bgp, static = table.findall("rt")
        assert bgp.findtext("rt-destination") == "10.0.1.3/32"
        entry = bgp.find("rt-entry")
        assert entry.findtext("protocol-name") == "BGP"
        assert entry.findtext("metric") == "100"
        assert entry.findtext("local-preference") == "200"
        assert entry.findtext("nh/mpls-label") == "Push 26"
        assert entry.findtext("nh/via") == "gr-0/0/0.32771"
        assert entry.findtext("age") == "02:35:15"
        assert static.findtext("rt-entry/nh/nh-table") == "inet.0"

    def test_routes_are_asked_for_by_protocol_and_destination(self, device: Device) -> None:
        def prefixes(**query: str) -> list[str]:
            found = device.rpc.get_route_information(**query)
            return [] if found is True else [name.text for name in found.iterfind(".//rt-destination")]

        assert prefixes(protocol="static") == ["172.31.9.34/32"]
        assert prefixes(destination="10.0.1.3") == ["10.0.1.3/32"]
        assert prefixes(destination="10.0.0.0/8") == ["10.0.1.3/32"]
        assert prefixes(destination="10.9.9.9") == []

    def test_detail_splits_the_prefix_and_shows_communities(self, device: Device) -> None:
        route = device.rpc.get_route_information(table="vn1.inet.0", detail=True).find("route-table/rt")
        assert (route.findtext("rt-destination"), route.findtext("rt-prefix-length")) == ("10.0.1.3", "32")
        assert route.findtext("rt-entry/communities/community") == "target:64512:1"

    def test_an_unknown_table_has_no_tables(self, device: Device) -> None:
        found = device.rpc.get_route_information(table="vn9.inet.0")
        assert found is True or found.find("route-table") is None

    def test_an_unknown_operation_is_a_syntax_error(self, device: Device) -> None:
        with pytest.raises(RpcError, match="syntax error"):
            device.rpc.get_nothing_at_all()

    def test_peers_come_from_the_configuration(self, device: Device) -> None:
        found = device.rpc.get_bgp_summary_information()
        assert found.findtext("bgp-peer/peer-address") == "172.31.4.76"
        assert found.findtext("bgp-peer/peer-as") == "64512"
        assert found.findtext("bgp-peer/peer-state") == "Established"

    def test_a_ping_tells_each_probe_and_the_whole(self, device: Device) -> None:
        found = device.rpc.ping(host="172.31.4.76", count="2")
        assert found.tag == "ping-results"
        assert [one.find("probe-success") is not None for one in found.iterfind("probe-result")] == [True, True]
        assert found.findtext("probe-results-summary/responses-received", "").strip() == "2"
        assert found.find("ping-success") is not None

    def test_an_address_that_is_silent_does_not_answer(self, router: Running, device: Device) -> None:
        operational = router.router.operational
        assert isinstance(operational, Operational)
        operational.reachable = lambda address, instance: (address, instance) == ("10.0.1.3", "vn1")
        try:
            silent = device.rpc.ping(host="10.0.1.3", count="1")
            heard = device.rpc.ping(host="10.0.1.3", count="1", routing_instance="vn1")
        finally:
            operational.reachable = None
        assert silent.findtext("ping-failure", "").strip() == "no response"
        assert silent.findtext("probe-results-summary/packet-loss", "").strip() == "100"
        assert heard.find("ping-success") is not None

    def test_counters_are_told_by_filter_and_by_name(self, router: Running, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF)
        loaded(candidate, FILTER.replace("<then><routing", "<then><count>c1</count><routing"))
        candidate.commit()
        operational = router.router.operational
        assert isinstance(operational, Operational)
        operational.counted = {("F", "c1"): (3, 252)}
        try:
            whole = device.rpc.get_firewall_filter_information(filtername="F")
            one = device.rpc.get_firewall_counter_information(filter="F", counter="c1")
        finally:
            operational.counted = {}
        for found in (whole, one):
            counter = found.find("filter-information/counter")
            assert [child.text for child in counter] == ["c1", "3", "252"]

    def test_tunnels_are_printed_below_their_networks(self, device: Device) -> None:
        shown = device.rpc.cli("show dynamic-tunnels database", format="text").text
        assert "Destination-network: 172.31.10.155/32" in shown

    def test_instances_start_with_the_built_in_ones(self, device: Device, candidate: Config) -> None:
        loaded(candidate, VRF)
        candidate.commit()
        names = device.rpc.get_instance_information().iterfind("instance-core/instance-name")
        listed = [name.text for name in names]
        assert listed[:2] == ["master", "__juniper_private1__"]
        assert listed[-1] == "vn1"

    @pytest.mark.parametrize(
        ("operation", "recording"),
        [
            ("get_system_uptime_information", "pyez/rpc-reply__get-system-uptime-information.xml"),
            (
                "get_route_engine_information",
                "pyez/facts__rpc-reply__personality_vmx_get-route-engine-information.xml",
            ),
            ("get_software_information", "pyez/rpc-reply__get-software-information.xml"),
        ],
    )
    def test_replies_have_only_elements_that_real_ones_have(
        self, device: Device, operation: str, recording: str
    ) -> None:
        recorded = _recorded(recording)
        extra = {"junos-version"}  # 15.1 and later
        mine = getattr(device.rpc, operation)()
        assert {element.tag for element in mine.iter()} <= {*_tags(recorded), *extra}


def _recorded(name: str) -> etree._Element:
    path: Path = FIXTURES / name
    if not path.is_file():
        pytest.skip("no recorded device output here")
    return etree.fromstring(path.read_bytes())


def _tags(root: etree._Element) -> set[str]:
    return {etree.QName(element).localname for element in root.iter() if isinstance(element.tag, str)}


class TestRecordedShapes:
    def test_route_entries_have_the_elements_of_a_recorded_reply(self, device: Device) -> None:
        recorded = _recorded("excerpts/route-information-16.1-push.xml")
        mine = device.rpc.get_route_information(table="vn1.inet.0", protocol="bgp")
        known = {*_tags(recorded), "metric"}
        assert _tags(mine) <= known
        order = [etree.QName(child).localname for child in recorded.iter("{*}rt-entry").__next__()]
        mine_order = [child.tag for child in mine.find(".//rt-entry") if child.tag != "metric"]
        assert mine_order == order

    def test_commit_failures_have_the_elements_of_a_recorded_one(self, router: Running, candidate: Config) -> None:
        recorded = _recorded("excerpts/commit-failure-oess.xml")
        loaded(candidate, FILTER)
        with pytest.raises(CommitError) as refused:
            candidate.commit()
        errors = refused.value.rsp.xpath("//rpc-error") or [refused.value.rsp]
        assert _tags(errors[0]) <= _tags(recorded)


class TestFaults:
    def test_an_error_on_order_reaches_the_client(self, device: Device, faults: Faults) -> None:
        faults.add([{"server": "junos", "match": {"rpc": "^commit-"}, "kind": "rpc_error", "body": "no", "times": 1}])
        config = Config(device)
        with pytest.raises(CommitError, match="no"):
            config.commit()
        assert config.commit() is True

    def test_a_commit_may_happen_without_an_answer(self, router: Running, faults: Faults) -> None:
        faults.add([{"server": "junos", "match": {"rpc": "^commit-"}, "kind": "drop_after", "times": 1}])
        with session(router) as device:
            config = Config(device)
            loaded(config, VRF)
            with pytest.raises(Exception):  # noqa: B017
                config.commit(comment="lost")
        assert router.router.history[0].log == "lost"

    def test_a_dropped_connection_before_the_commit_changes_nothing(self, router: Running, faults: Faults) -> None:
        faults.add([{"server": "junos", "match": {"rpc": "^commit-"}, "kind": "drop", "times": 1}])
        with session(router) as device:
            config = Config(device)
            loaded(config, VRF)
            with pytest.raises(Exception):  # noqa: B017
                config.commit(comment="lost")
        assert len(router.router.history) == 1
