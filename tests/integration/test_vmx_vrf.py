# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``vmx_vrf`` against the lab's router, over SSH."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from integration.vmx_bed import Bed, bed
from jnpr.junos.utils.config import Config
from lab.junos.running import PASSWORD
from lxml import etree
from unit.vmx.scenario import FILTER, GOLDEN, TAIL, VN1, VN2, changed, terms

UNIT = ("interfaces", ("interface", "ge-0/0/0"), ("unit", "0"), "family", "inet")
REFERENCE: dict[str, Any] = {"config": [VN1, VN2], "filters": [TAIL]}
GONE: dict[str, Any] = {"config": [{"name": "vn1"}, {"name": "vn2"}], "filters": [TAIL], "state": "deleted"}


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


def load(router: Bed, text: str) -> None:
    """Commit a configuration as somebody else."""
    with router.somebody() as device, Config(device, mode="exclusive") as candidate:
        candidate.load(etree.fromstring(text), format="xml", merge=True)
        candidate.commit()


MODIFIED: dict[str, Any] = {
    "config": [changed(VN1, description="left", auto_export=["inet", "inet6"]), VN2],
    "filters": [TAIL],
}


def test_steering_is_left_out_then_added_then_rolled_back(router: Bed) -> None:
    kept = router.run("vmx_vrf", **REFERENCE, keep_existing_steering=True)
    assert kept["changed"]
    assert terms(router.committed) == []
    added = router.run("vmx_vrf", **REFERENCE)
    again = router.run("vmx_vrf", **REFERENCE, keep_existing_steering=True)
    assert not again["changed"]

    back: dict[str, Any] = {"change": added, "terms": [{"filter": FILTER, "name": "t1"}]}
    before, commits = router.committed, router.counted("commits")
    checked = router.run("vmx_vrf", check=True, roll_back_steering=back)
    assert (router.committed, router.counted("commits")) == (before, commits)
    done = router.run("vmx_vrf", roll_back_steering=back)
    assert terms(router.committed) == ["t11", "t2"]
    assert (done["changed"], done["diff"], done["after"]) == (True, checked["diff"], checked["after"])
    assert router.counted("commits") == commits + 1

    locks = router.counted("locks")
    assert not router.run("vmx_vrf", roll_back_steering=back)["changed"]
    idle = router.run("vmx_vrf", roll_back_steering={"change": again})
    assert (idle["changed"], idle["rpcs"], router.counted("locks")) == (False, [], locks)


@pytest.mark.usefixtures("both_ways")
def test_twelve_steps(router: Bed) -> None:
    fresh = router.committed
    golden = xml.parse_configuration((GOLDEN / "vmx-reference.xml").read_text())
    for options, expected in [(REFERENCE, golden), (MODIFIED, None), (GONE, fresh)]:
        router.prove("vmx_vrf", **options)
        if expected is not None:
            for section in ("routing-instances", "firewall"):
                assert router.committed.find(section) == expected.find(section)
            assert router.committed.find(*UNIT, "filter") == expected.find(*UNIT, "filter")


def test_teardown_leaves_the_configuration_as_it_was(router: Bed) -> None:
    fresh = router.committed
    router.run("vmx_vrf", **REFERENCE)
    router.run("vmx_vrf", **GONE)
    assert router.committed == fresh


def test_the_device_manager_s_group_is_untouched(router: Bed) -> None:
    before = router.committed.all("groups")
    router.run("vmx_vrf", **REFERENCE)
    router.run("vmx_vrf", state="replaced", **MODIFIED)
    assert router.committed.all("groups") == before


def test_check_mode_takes_no_lock(router: Bed) -> None:
    router.run("vmx_vrf", check=True, **REFERENCE)
    assert router.counted("locks") == 0


def test_a_second_run_takes_no_lock_and_three_requests(router: Bed) -> None:
    router.run("vmx_vrf", **REFERENCE)
    router.served.ask(router.served.counters.clear)
    result = router.run("vmx_vrf", **REFERENCE)
    assert result["requests"] == 3
    assert router.counted("locks") == router.counted("commits") == 0
    assert router.counted("sessions") == 1


def test_the_difference_is_the_router_s_own(router: Bed) -> None:
    result = router.run("vmx_vrf", **REFERENCE)
    assert result["diff"]["prepared"].startswith("[edit")
    assert "route 172.31.9.34/32 next-table inet.0;" in result["diff"]["prepared"]
    assert f"input {FILTER};" in result["diff"]["prepared"]


def test_any_number_of_vrfs_is_one_commit(router: Bed) -> None:
    many = [
        {
            "name": f"many-{n}",
            "route_target": f"64512:{n}",
            "static_routes": [{"prefix": f"10.200.{n}.0/24", "next_table": "inet.0"}],
            "steering": [{"filter": FILTER, "name": f"m{n:03}", "source": [f"10.201.{n}.0/24"]}],
        }
        for n in range(60)
    ]
    result = router.run("vmx_vrf", config=many, filters=[TAIL])
    assert len(result["commits"]) == 1
    assert router.counted("commits") == 1
    assert terms(router.committed) == [*(f"m{n:03}" for n in range(60)), "t2"]
    assert not router.run("vmx_vrf", config=many, filters=[TAIL])["changed"]


FOREIGN = (
    "<configuration><firewall><family><inet>"
    "<filter><name>ge000_to_dcrouter</name>"
    "<term><name>ssh</name><from><protocol>tcp</protocol></from><then><accept/></then></term>"
    "<term><name>rest</name><then><accept/></then></term></filter>"
    "<filter><name>guard</name><term><name>rest</name><then><accept/></then></term></filter>"
    "</inet></family></firewall></configuration>"
)


def test_foreign_terms_and_filters_survive(router: Bed) -> None:
    load(router, FOREIGN)
    before = router.committed
    bound = [{"name": FILTER, "interfaces": ["ge-0/0/0.0"]}]
    router.run("vmx_vrf", config=[VN1, VN2], filters=bound)
    assert terms(router.committed) == ["ssh", "t1", "t11", "rest"]
    assert terms(router.committed, "guard") == ["rest"]
    router.run("vmx_vrf", config=[{"name": "vn1"}, {"name": "vn2"}], filters=bound, state="deleted")
    assert router.committed.find("firewall") == before.find("firewall")
    assert router.committed.value(*UNIT, "filter", "input", "filter-name") == FILTER


def test_a_term_is_moved_when_its_priority_changes(router: Bed) -> None:
    router.run("vmx_vrf", **REFERENCE)
    late = changed(VN1, steering=[{**VN1["steering"][0], "priority": 200}])
    result = router.run("vmx_vrf", config=[late, VN2])
    assert result["changed"]
    assert terms(router.committed) == ["t11", "t1", "t2"]
    assert not router.run("vmx_vrf", config=[late, VN2])["changed"]


def test_steering_is_taken_out_and_put_back_alone(router: Bed) -> None:
    router.run("vmx_vrf", **REFERENCE)
    router.run("vmx_vrf", state="replaced", config=[changed(VN1, steering=[]), changed(VN2, steering=[])])
    assert terms(router.committed) == ["t2"]
    router.run("vmx_vrf", **REFERENCE)
    assert terms(router.committed) == ["t1", "t11", "t2"]


def test_a_term_changed_from_one_filter_to_exceptions(router: Bed) -> None:
    router.run("vmx_vrf", **REFERENCE)
    wide = {"filter": FILTER, "name": "t1", "source": ["172.31.0.0/16"], "source_except": ["172.31.9.34/32"]}
    result = router.run("vmx_vrf", state="replaced", config=[changed(VN1, steering=[wide])])
    assert result["after"]["config"][0]["steering"] == [{**wide, "family": "inet"}]
    assert not router.run("vmx_vrf", state="replaced", config=[changed(VN1, steering=[wide])])["changed"]


def test_a_switch_of_route_target_modes_is_one_commit(router: Bed) -> None:
    router.run("vmx_vrf", **REFERENCE)
    split = changed(VN1, route_target=None, import_route_targets=["64512:1"], export_route_targets=["64512:9"])
    result = router.run("vmx_vrf", state="replaced", config=[split])
    assert len(result["commits"]) == 1
    assert not router.run("vmx_vrf", state="replaced", config=[split])["changed"]


def test_four_byte_numbers_are_the_same_in_every_spelling(router: Bed) -> None:
    for spelling in ("4200000000:1", "4200000000L:1", "target:4200000000:1"):
        result = router.run("vmx_vrf", config=[changed(VN1, route_target=spelling)], filters=[TAIL])
        assert result["changed"] is (spelling == "4200000000:1")
    found = router.committed.value("routing-instances", ("instance", "vn1"), "vrf-target", "community")
    assert found == "target:4200000000L:1"


def test_gathered_can_be_given_back(router: Bed) -> None:
    router.run("vmx_vrf", **REFERENCE)
    found = router.run("vmx_vrf", state="gathered")["gathered"]
    assert not router.run("vmx_vrf", state="replaced", **found)["changed"]
    router.run("vmx_vrf", **GONE)
    router.run("vmx_vrf", **found)
    golden = xml.parse_configuration((GOLDEN / "vmx-reference.xml").read_text())
    assert router.committed.find("routing-instances") == golden.find("routing-instances")


def test_rendered_needs_no_router(router: Bed) -> None:
    result = router.run("vmx_vrf", state="rendered", host=None, **REFERENCE)
    assert result["rendered"] == (GOLDEN / "vmx-reference.xml").read_text()
    assert router.counted("sessions") == 0


def test_overridden_removes_only_what_is_marked(router: Bed) -> None:
    router.run("vmx_vrf", config=[changed(VN1, mark=True), VN2], filters=[TAIL])
    router.run("vmx_vrf", state="overridden", config=[])
    assert [one["name"] for one in router.run("vmx_vrf", state="gathered")["gathered"]["config"]] == ["vn2"]
    assert terms(router.committed) == ["t11", "t2"]


def test_a_comment_and_a_token_stand_in_the_commit_log(router: Bed) -> None:
    result = router.run("vmx_vrf", commit={"comment": "change 42"}, **REFERENCE)
    history = router.run("vmx_info", gather=["commits"])["commits"]
    assert history[0]["log"] == result["commits"][0]["log"] == f"change 42 [{result['commits'][0]['token']}]"


def test_check_only_has_the_router_check_and_commits_nothing(router: Bed) -> None:
    fresh = router.committed
    result = router.run("vmx_vrf", commit={"check_only": True}, **REFERENCE)
    assert result["changed"]
    assert result["commits"] == []
    assert router.committed == fresh


def test_a_confirmed_commit_is_confirmed(router: Bed) -> None:
    result = router.run("vmx_vrf", commit={"confirmed": 5}, **REFERENCE)
    assert result["commits"][0]["confirmed"]
    assert not router.run("vmx_info", gather=["commits"])["commits"][0]["pending"]
    assert router.served.ask(lambda: router.served.router.pending) is None


def test_a_pending_commit_of_somebody_stops_before_writing(router: Bed) -> None:
    with router.somebody() as device:
        candidate = Config(device)
        candidate.lock()
        candidate.load(etree.fromstring(FOREIGN), format="xml", merge=True)
        candidate.commit(confirm=5, comment="theirs")
        candidate.unlock()
        before = router.committed
        message = router.refused("vmx_vrf", config=[VN1, VN2])
        assert "a confirmed commit of user lab is pending" in message
        assert "theirs" in message
        assert router.committed == before
        assert not router.is_locked
        candidate.commit_check()


def test_a_lock_of_somebody_else_is_named(router: Bed) -> None:
    with router.somebody() as device:
        candidate = Config(device)
        candidate.lock()
        message = router.refused("vmx_vrf", lock_timeout=0, **REFERENCE)
        assert message.startswith(
            f"cannot lock the configuration of router 127.0.0.1:{router.served.port}: locked by lab "
        )
        assert message.endswith("tried for 0 s (lock_timeout)")
        assert router.run("vmx_vrf", check=True, **REFERENCE)["changed"]
        candidate.unlock()


def test_a_dirty_candidate_is_refused_and_left_as_it_is(router: Bed) -> None:
    with router.somebody() as device:
        candidate = Config(device)
        candidate.load(etree.fromstring(FOREIGN), format="xml", merge=True)
        message = router.refused("vmx_vrf", **REFERENCE)
        assert "uncommitted changes lie in the candidate configuration" in message
        assert candidate.diff() is not None
        checked = router.run("vmx_vrf", check=True, **REFERENCE)
        assert checked["diff"]["before"] == {"config": [], "filters": []}
        assert [one["name"] for one in checked["diff"]["after"]["config"]] == ["vn1", "vn2"]
        candidate.rollback()


def test_a_commit_that_the_router_refuses_leaves_nothing_behind(router: Bed) -> None:
    fresh = router.committed
    lost = changed(VN1, route_target=None, import_policies=["no-such-policy"], export_policies=["nor-this"])
    message = router.refused("vmx_vrf", config=[lost], filters=[TAIL])
    assert message.startswith("cannot check the changes (commit check) on router 127.0.0.1:")
    assert router.committed == fresh


def fault(kind: str, rpc: str, **values: Any) -> dict[str, Any]:
    return {"server": "junos", "match": {"rpc": rpc}, "kind": kind, "times": 1, **values}


def test_a_lost_commit_reply_is_looked_up(router: Bed) -> None:
    the_check_passes = fault("slow", "^commit-configuration$", seconds=0)
    router.faults.add([the_check_passes, fault("drop_after", "^commit-configuration$")])
    result = router.run("vmx_vrf", **REFERENCE)
    assert result["changed"]
    assert "the commit history shows that it went through" in result["warnings"][0]
    assert terms(router.committed) == ["t1", "t11", "t2"]
    assert router.counted("sessions") == 2


def test_a_session_that_drops_at_the_lock_is_one_line(router: Bed) -> None:
    router.faults.add([fault("drop", "^lock-configuration$")])
    assert "the router closed the connection" in router.refused("vmx_vrf", **REFERENCE)


def test_a_load_error_is_one_line_and_rolled_back(router: Bed) -> None:
    router.faults.add([fault("rpc_error", "^load-configuration$", body="out of\nmemory")])
    assert router.refused("vmx_vrf", **REFERENCE).endswith("out of memory")


# --- the connection ---


def test_a_wrong_password_is_one_line(router: Bed) -> None:
    assert router.refused("vmx_vrf", password="not-the-one", **REFERENCE) == (
        f"cannot connect to router 127.0.0.1:{router.served.port}: login of user lab was refused with the password"
    )


def not_trusted(router: Bed, why: str) -> str:
    """Return the line for a host key that is not trusted."""
    digest = hashlib.sha256(base64.b64decode(router.served.known_hosts.split()[2])).digest()
    fingerprint = base64.b64encode(digest).decode().rstrip("=")
    return (
        f"cannot connect to router 127.0.0.1:{router.served.port}: its host key (ssh-ed25519 SHA256:{fingerprint})"
        f" {why} ssh-keyscan -p {router.served.port} 127.0.0.1"
    )


def test_an_unknown_host_key_is_refused_before_the_login(router: Bed, tmp_path: Path) -> None:
    empty = tmp_path / "known_hosts"
    empty.write_text("")
    assert router.refused("vmx_vrf", known_hosts_file=str(empty), **REFERENCE) == not_trusted(
        router, f"is not in {empty}; compare it and add it with"
    )
    assert router.counted("sessions") == 0


def test_a_changed_host_key_is_refused(router: Bed, tmp_path: Path) -> None:
    import asyncssh

    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    changed_key = tmp_path / "known_hosts"
    changed_key.write_text(f"[127.0.0.1]:{router.served.port} {other}")
    assert router.refused("vmx_vrf", known_hosts_file=str(changed_key), **REFERENCE) == not_trusted(
        router,
        f"is not the one in {changed_key}:1: the router was replaced, or something else answers in its place; compare"
        " it, and only then replace that line with the output of",
    )
    assert router.counted("sessions") == 0


def test_host_keys_are_not_asked_for_when_checking_is_off(router: Bed, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    assert router.run("vmx_vrf", check=True, host_key_checking=False, known_hosts_file=missing, **REFERENCE)
    message = router.refused("vmx_vrf", known_hosts_file=missing, **REFERENCE)
    assert f"known_hosts_file {missing} does not exist" in message


def test_a_port_that_nobody_listens_on_is_one_line(router: Bed) -> None:
    assert router.refused("vmx_vrf", port=1, **REFERENCE) == (
        "cannot connect to router 127.0.0.1:1: connection refused; is the port right, and system services netconf ssh"
        " configured?"
    )


def test_a_host_that_is_not_known_is_one_line(router: Bed) -> None:
    assert router.refused("vmx_vrf", host="no-such-router.invalid", **REFERENCE) == (
        f"cannot connect to router no-such-router.invalid:{router.served.port}: the name of the host is not known"
    )


def test_a_missing_host_names_the_ways_to_give_one(router: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VMX_HOST", raising=False)
    assert router.refused("vmx_vrf", host=None, **REFERENCE) == (
        "host: is needed: the option, ansible_host in the inventory, or VMX_HOST"
    )


def test_bad_input_is_refused_before_connecting(router: Bed) -> None:
    message = router.refused("vmx_vrf", config=[changed(VN1, route_target="64512")])
    assert message.startswith("config[0].route_target: '64512' is not a route target")
    assert router.counted("sessions") == 0


def test_the_password_is_never_told(router: Bed) -> None:
    result = router.run("vmx_vrf", **REFERENCE)
    assert PASSWORD not in str(result)


def test_statements_that_are_not_modelled_survive(router: Bed) -> None:
    router.run("vmx_vrf", **REFERENCE)
    load(
        router,
        "<configuration><routing-instances><instance><name>vn1</name><routing-options><static><route>"
        "<name>172.31.9.34/32</name><retain/></route></static></routing-options></instance></routing-instances>"
        "</configuration>",
    )
    before: Statement = router.committed
    result = router.run("vmx_vrf", state="replaced", config=[VN1, VN2])
    assert not result["changed"]
    assert "retain" in str(result["unmanaged"])
    assert router.committed == before
