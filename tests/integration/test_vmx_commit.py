# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Confirmed commits that another task settles: ``vmx_vrf`` with ``confirm: later``, and ``vmx_commit``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from integration.vmx_bed import Bed, bed
from jnpr.junos.utils.config import Config
from lxml import etree
from support.module_run import ModuleFailedError
from unit.vmx.scenario import TAIL, VN1, VN2, changed, terms

REFERENCE: dict[str, Any] = {"config": [VN1, VN2], "filters": [TAIL]}
LATER: dict[str, Any] = {**REFERENCE, "commit": {"confirmed": 5, "confirm": "later"}}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with bed(tmp_path_factory.mktemp("router"), []) as router:
        yield router


@pytest.fixture
def router(served: Bed, marks_pending: bool) -> Iterator[Bed]:
    served.reset()
    served.served.router.marks_pending = marks_pending
    yield served
    assert not served.is_locked
    assert not served.served.ask(lambda: served.served.router.dirty)


@pytest.fixture
def token(router: Bed) -> str:
    """Return the token of a commit that waits to be confirmed."""
    return str(router.run("vmx_vrf", **LATER)["commits"][0]["token"])


def is_pending(router: Bed) -> bool:
    return bool(router.served.ask(lambda: router.served.router.pending is not None))


def run_out(router: Bed) -> None:
    """Let the time of the pending commit be over."""
    router.served.ask(router.served.router.take_back)


def load(router: Bed, text: str, **how: Any) -> None:
    """Commit a configuration as somebody else."""
    with router.somebody() as device, Config(device, mode="exclusive") as candidate:
        candidate.load(etree.fromstring(text), format="xml", merge=True)
        candidate.commit(**how)


NOTHING_MUCH = "<configuration><snmp><location>rack 9</location></snmp></configuration>"


MARKS = pytest.mark.parametrize("marks_pending", [True, False], ids=["newer", "older"])
"""Newer releases mark a confirmed commit that waits in the history; older ones leave it at a comment that stays."""


@pytest.fixture
def marks_pending() -> bool:
    return True


@MARKS
def test_twelve_steps(router: Bed) -> None:
    fresh = router.committed
    token = str(router.run("vmx_vrf", **LATER)["commits"][0]["token"])
    for state in ("confirmed", "rolled_back"):
        before, pending = router.committed, is_pending(router)
        checked = router.run("vmx_commit", check=True, token=token, state=state)
        assert checked["changed"]
        assert (router.committed, is_pending(router)) == (before, pending)
        done = router.run("vmx_commit", token=token, state=state)
        assert done["changed"]
        assert done.get("diff") == checked.get("diff")
        assert not is_pending(router)
        for check in (True, False):
            again = router.run("vmx_commit", check=check, token=token, state=state)
            assert not again["changed"]
            assert "diff" not in again
    assert router.committed == fresh


@MARKS
def test_a_later_task_confirms(router: Bed, token: str) -> None:
    assert is_pending(router)
    result = router.run("vmx_commit", token=token)
    assert result["commit"]["log"].endswith(f"[{token}]")
    assert not result["commit"]["pending"]
    assert not is_pending(router)
    assert router.counted("commits") == 2  # its own, and the one that confirms it


@MARKS
def test_a_later_task_takes_back_what_is_pending(router: Bed) -> None:
    fresh = router.committed
    token = router.run("vmx_vrf", **LATER)["commits"][0]["token"]
    result = router.run("vmx_commit", token=token, state="rolled_back")
    assert router.committed == fresh
    assert not is_pending(router)
    assert "-    vn1 {" in result["diff"]["prepared"] or "-  routing-instances {" in result["diff"]["prepared"]
    assert result["commits"][0]["log"].startswith(f"rollback of {token} [")


@MARKS
def test_what_the_router_has_taken_back_cannot_be_confirmed(router: Bed, token: str) -> None:
    run_out(router)
    message = router.refused("vmx_commit", token=token)
    assert "cannot be confirmed: it was taken back" in message
    assert not router.run("vmx_commit", token=token, state="rolled_back")["changed"]


@MARKS
def test_what_newer_commits_stand_on_is_not_taken_back(router: Bed, token: str) -> None:
    load(router, NOTHING_MUCH)
    before = router.committed
    message = router.refused("vmx_commit", token=token, state="rolled_back")
    assert "cannot be rolled back: 1 newer commit stands on it, the last by lab at " in message
    assert router.committed == before


def test_a_token_that_no_commit_has_is_refused(router: Bed) -> None:
    message = router.refused("vmx_commit", token="00000000-00000000")
    assert message.startswith("no commit with token 00000000-00000000 is in the history of router")
    assert router.refused("vmx_commit", token="latest").startswith("token: is the token of a commit")


def test_a_dirty_candidate_is_not_rolled_back(router: Bed, token: str) -> None:
    with router.somebody() as device:
        candidate = Config(device)
        candidate.load(etree.fromstring(NOTHING_MUCH), format="xml", merge=True)
        assert "uncommitted changes lie in" in router.refused("vmx_commit", token=token, state="rolled_back")
        assert candidate.diff() is not None
        candidate.rollback()
    assert is_pending(router)


@MARKS
def test_a_second_run_resumes_the_pending_commit(router: Bed, token: str) -> None:
    before: Statement = router.committed
    again = router.run("vmx_vrf", **LATER)
    assert again["changed"]
    assert again["commits"] == [
        {"log": again["commits"][0]["log"], "token": token, "confirmed": False, "pending": True}
    ]
    assert "is still pending" in again["warnings"][0]
    assert is_pending(router)
    kept = router.run("vmx_vrf", **REFERENCE)
    assert kept["changed"]
    assert kept["commits"][0]["token"] == token
    assert kept["commits"][0]["confirmed"]
    assert not is_pending(router)
    assert router.committed == before
    assert router.counted("commits") == 2
    assert not router.run("vmx_vrf", **REFERENCE)["changed"]


@MARKS
def test_a_run_after_the_time_was_over_makes_the_change_again(router: Bed, token: str) -> None:
    run_out(router)
    again = router.run("vmx_vrf", **REFERENCE)
    assert again["changed"]
    assert again["commits"][0]["token"] != token
    assert terms(router.committed) == ["t1", "t11", "t2"]


@MARKS
@pytest.mark.parametrize("check", [True, False])
def test_another_call_does_not_confirm_what_is_pending(router: Bed, token: str, check: bool) -> None:
    for config in ([VN1], [changed(VN1, description="new")]):
        message = router.refused("vmx_vrf", check=check, config=config, lock_timeout=0)
        assert f"vmx_commit and token {token}" in message
    assert is_pending(router)


@pytest.mark.parametrize("check", [True, False])
def test_somebody_else_s_pending_commit_stops_a_run_without_a_change_as_well(router: Bed, check: bool) -> None:
    router.run("vmx_vrf", **REFERENCE)
    load(router, NOTHING_MUCH, confirm=5, comment="theirs")
    requests = router.counted("rpcs")
    message = router.refused("vmx_vrf", check=check, **REFERENCE)
    assert "a confirmed commit of user lab is pending" in message
    assert is_pending(router)
    assert router.counted("rpcs") - requests == 2  # the history, and the end of the session


@pytest.mark.parametrize("marks_pending", [False])
@pytest.mark.parametrize("check", [True, False])
def test_somebody_else_s_commit_that_may_be_pending_is_never_confirmed(router: Bed, check: bool) -> None:
    load(router, NOTHING_MUCH, confirm=5, comment="theirs")
    for options in (
        REFERENCE,
        {**REFERENCE, "commit": {"check_only": True}},
        {**REFERENCE, "commit": {"confirmed": 5}},
    ):
        message = router.refused("vmx_vrf", check=check, **options)
        assert "a confirmed commit of user lab may be pending" in message
    told = router.run("vmx_info", gather=["commits"])
    assert told["pending_commit"]["log"] == "theirs"
    assert told["commits"][0]["pending"] is None
    assert is_pending(router)


@MARKS
def test_a_second_call_goes_on_after_a_confirmation(router: Bed) -> None:
    order = {"confirmed": 5}
    router.run("vmx_vrf", config=[VN1], filters=[TAIL], commit=order)
    assert not router.run("vmx_vrf", config=[VN1], filters=[TAIL], commit=order)["changed"]
    result = router.run("vmx_vrf", commit=order, **REFERENCE)
    assert result["commits"][0]["confirmed"]
    assert not is_pending(router)
    assert router.run("vmx_info", gather=["commits"])["pending_commit"] is None


@MARKS
def test_a_commit_of_root_that_follows_is_not_taken_for_the_rollback(router: Bed, token: str) -> None:
    def commit() -> None:
        box = router.served.router
        box.commit(etree.fromstring(etree.tostring(box.committed)), user="root", client="other")

    router.served.ask(commit)
    before = router.committed
    assert not router.run("vmx_commit", token=token)["changed"]
    assert router.committed == before


def test_a_confirmation_that_the_checks_refuse_is_left_to_the_router(router: Bed) -> None:
    fresh = router.committed
    order = {"confirmed": 5, "checks": {"bgp_established": ["10.9.9.9"], "timeout": 0}}
    with pytest.raises(ModuleFailedError) as caught:
        router.run("vmx_vrf", commit=order, **REFERENCE)
    result = caught.value.result
    assert result["changed"]
    assert result["commits"][0]["pending"]
    assert str(result["msg"]).endswith(
        "is left unconfirmed: the router has no BGP peer 10.9.9.9; the router takes it back within 5 minutes"
    )
    assert is_pending(router)
    refusal = router.refused("vmx_commit", token=result["commits"][0]["token"], checks=order["checks"])
    assert "the router has no BGP peer 10.9.9.9; the router takes it back (commit confirmed, rollback in" in refusal
    run_out(router)
    assert router.committed == fresh


@MARKS
def test_checks_that_hold_let_the_commit_be_confirmed(router: Bed) -> None:
    checks = {
        "ping": [{"destination": "172.31.10.57", "source": "172.31.10.57", "count": 1}],
        "bgp_established": ["172.31.4.76"],
        "timeout": 0,
    }
    result = router.run("vmx_vrf", commit={"confirmed": 5, "checks": checks}, **REFERENCE)
    assert result["commits"][0]["confirmed"]
    assert result["rpcs"][-8:-5] == ["get-commit-information", "ping", "get-bgp-summary-information"]


@pytest.mark.parametrize(
    ("commit", "message"),
    [
        ({"confirm": "later"}, "commit.confirm: later has a meaning only with confirmed"),
        ({"checks": {"bgp_established": ["10.0.0.1"]}}, "commit.checks: need confirmed"),
        (
            {"confirmed": 5, "confirm": "later", "checks": {"bgp_established": ["10.0.0.1"]}},
            "commit.checks: are run by the task that confirms",
        ),
        ({"confirmed": 5, "checks": {"ping": [{"destination": "x"}]}}, "commit.checks.ping[0].destination: 'x' is not"),
        ({"confirmed": 0}, "commit.confirmed: is a number of minutes"),
    ],
)
def test_orders_that_make_no_sense_are_refused_before_connecting(
    router: Bed, commit: dict[str, Any], message: str
) -> None:
    assert router.refused("vmx_vrf", commit=commit, **REFERENCE).startswith(message)
    assert router.counted("sessions") == 0
