# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation of ``vmx_vrf`` with a router, request by request."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.commit import apply
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.commit.apply import CommitOrder
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.commit.checks import Checks, Ping
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.commit.confirmation import (
    UnconfirmedError,
    call_of,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.vrf_plan import (
    READ_SECTIONS,
    Request,
    parse_request,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.session import (
    LockedError,
    RouterError,
    Session,
)
from jnpr.junos.exception import ConnectClosedError, RpcTimeoutError
from lxml import etree
from unit.vmx.scenario import TAIL, VN1, VN2, fresh, inherited, reference
from wire.vmx_script import (
    Script,
    comparison,
    configuration,
    empty,
    failing,
    history,
    loaded,
    rpc_error,
)

OWN = '<get-configuration database="committed"><configuration><interfaces/>'
EFFECTIVE = '<get-configuration database="committed" inherit="inherit" groups="groups">'
PROOF = f"{EFFECTIVE}<configuration><system/></configuration>"
LOCK = "<lock-configuration/>"
HISTORY = "<get-commit-information/>"
COMPARE = '<get-configuration compare="rollback" rollback="0" format="text"/>'
LOAD = '<load-configuration format="xml" action="merge"><configuration>'
CHECK = "<commit-configuration><check/></commit-configuration>"
COMMIT = "<commit-configuration><log>opencontrail.service_chain.vmx_vrf ["
CONFIRM = "<commit-configuration><log>confirmation of "
CLOCK = "<get-system-uptime-information/>"
ROLLBACK = '<load-configuration compare="rollback" rollback="0"/>'
UNLOCK = "<unlock-configuration/>"
PRIVATE = "<open-configuration><private/></open-configuration>"
CLOSE = "<close-configuration/>"

QUIET = "<sequence-number>0</sequence-number><user>ops</user>"
LOCKED_BY = (
    "\nconfiguration database locked by:\n  alice terminal  (pid 50198) on since 2017-07-27 01:21:33 UTC,"
    " idle 01:00:51\n      exclusive \n"
)

READ = [
    (HISTORY, history(QUIET)),
    (OWN, configuration(fresh())),
    (EFFECTIVE, configuration(inherited(fresh()))),
]
LOCKING = [(LOCK, empty), (HISTORY, history(QUIET)), (COMPARE, comparison(""))]
LOADING = [(LOAD, loaded), (COMPARE, comparison("[edit]\n+  firewall {"))]


def merge() -> Request:
    return parse_request("merged", [VN1, VN2], [TAIL])


def converge(script: Script, order: CommitOrder | None = None, *, check: bool = False) -> apply.Outcome:
    outcome = apply.converge(script.session, merge(), order or CommitOrder(), check_mode=check)
    script.finish()
    return outcome


def failure(script: Script, order: CommitOrder | None = None) -> RouterError:
    with pytest.raises(RouterError) as caught:
        apply.converge(script.session, merge(), order or CommitOrder(), check_mode=False)
    script.finish()
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    return caught.value


def test_a_change_is_one_load_and_one_commit_under_the_lock() -> None:
    script = Script([*READ, *LOCKING, *LOADING, (CHECK, empty), (COMMIT, empty), (UNLOCK, empty)])
    outcome = converge(script)
    assert outcome.changed
    assert outcome.diff == "[edit]\n+  firewall {"
    assert outcome.commits[0]["token"] in outcome.commits[0]["log"]
    assert len(outcome.rpcs) == 11
    assert script.closed == 1


def no_change(entry: str = QUIET) -> list[Any]:
    own = reference()
    return [(HISTORY, history(entry)), (OWN, configuration(own)), (EFFECTIVE, configuration(inherited(own)))]


def test_no_change_is_three_reads() -> None:
    outcome = converge(Script(no_change()))
    assert not outcome.changed
    assert outcome.commits == []
    assert outcome.rpcs == ["get-commit-information", "get-configuration", "get-configuration"]


def test_a_commit_between_the_two_readings_is_not_taken_for_a_contradiction() -> None:
    other = "<sequence-number>0</sequence-number><user>alice</user>"
    own = reference()
    straddling = [(HISTORY, history(QUIET)), (OWN, configuration(fresh())), (EFFECTIVE, configuration(inherited(own)))]
    outcome = converge(Script([*straddling, (HISTORY, history(other)), *no_change()[1:]]))
    assert not outcome.changed


def test_check_mode_compares_in_a_private_copy_and_throws_it_away() -> None:
    warning = failing(rpc_error("uncommitted changes will be discarded on exit", "warning"))
    script = Script([*READ, (PRIVATE, warning), *LOADING, (ROLLBACK, empty), (CLOSE, empty)])
    outcome = converge(script, check=True)
    assert outcome.changed
    assert outcome.diff == "[edit]\n+  firewall {"
    assert outcome.warnings == []


def test_check_mode_does_without_a_private_copy_that_is_refused() -> None:
    script = Script([*READ, (PRIVATE, failing(rpc_error("shared configuration database modified")))])
    outcome = converge(script, check=True)
    assert outcome.changed
    assert outcome.diff is None


def test_check_only_stops_after_the_router_s_check() -> None:
    script = Script([*READ, *LOCKING, *LOADING, (CHECK, empty), (ROLLBACK, empty), (UNLOCK, empty)])
    outcome = converge(script, CommitOrder(check_only=True))
    assert outcome.changed
    assert outcome.commits == []


def test_a_lock_is_waited_for_and_its_holder_named() -> None:
    locked = (LOCK, failing(rpc_error(LOCKED_BY)))
    script = Script([*READ, locked, locked, locked])
    error = failure(script, CommitOrder(lock_timeout=2))
    assert isinstance(error, LockedError)
    assert str(error) == (
        "cannot lock the configuration of router vmx1:830: locked by alice terminal (pid 50198) on"
        " since 2017-07-27 01:21:33 UTC, idle 01:00:51; tried for 2 s (lock_timeout)"
    )


def test_a_lock_that_comes_free_is_taken() -> None:
    locked = (LOCK, failing(rpc_error(LOCKED_BY)))
    script = Script([*READ, locked, *LOCKING, *LOADING, (CHECK, empty), (COMMIT, empty), (UNLOCK, empty)])
    assert converge(script).changed


def test_a_dirty_candidate_is_refused_at_once() -> None:
    script = Script([*READ, (LOCK, failing(rpc_error("configuration database modified")))])
    assert "uncommitted changes lie in the candidate configuration" in str(failure(script))


def test_a_candidate_that_is_dirty_under_the_lock_is_not_rolled_back() -> None:
    script = Script([*READ, *LOCKING[:2], (COMPARE, comparison("[edit system]\n+ x;")), (UNLOCK, empty)])
    assert "uncommitted changes lie in the candidate configuration of router vmx1:830" in str(failure(script))


THEIRS = QUIET + (
    "<date-time>2026-10-05 22:03:43 UTC</date-time><comment>commit confirmed, rollback in 5mins</comment>"
    "<log>under test</log><commit-confirmed>rollback pending</commit-confirmed>"
)
REFUSAL = (
    "a confirmed commit of user ops is pending on router vmx1:830 since 2026-10-05 22:03:43 UTC"
    " (commit confirmed, rollback in 5mins; under test); confirm it or wait until it is rolled back"
)


def marked(token: str) -> str:
    """Return the entry of a pending commit that a run of this collection has made."""
    return THEIRS.replace("under test", f"change 42 [{token}]")


def own_token() -> str:
    return f"{call_of(merge())}-0123abcd"


@pytest.mark.parametrize("check", [True, False])
def test_a_pending_confirmed_commit_of_somebody_stops_before_anything(check: bool) -> None:
    script = Script([(HISTORY, history(THEIRS))])
    with pytest.raises(RouterError) as caught:
        apply.converge(script.session, merge(), CommitOrder(), check_mode=check)
    script.finish()
    assert str(caught.value) == REFUSAL


def test_a_confirmed_commit_that_comes_before_the_lock_stops_as_well() -> None:
    script = Script([*READ, (LOCK, empty), (HISTORY, history(THEIRS)), (UNLOCK, empty)])
    assert str(failure(script)) == REFUSAL


def test_another_run_is_given_time_to_confirm() -> None:
    waiting = (HISTORY, history(marked("aaaaaaaa-00000001")))
    confirmed = (HISTORY, history(QUIET + "<log>change 42 [aaaaaaaa-00000001]</log>"))
    now = [confirmed, *READ[1:]]
    locked = [(LOCK, empty), waiting, (UNLOCK, empty), (LOCK, empty), confirmed, LOCKING[2]]
    script = Script([waiting, waiting, *now, *locked, *LOADING, (CHECK, empty), (COMMIT, empty), (UNLOCK, empty)])
    assert converge(script).changed


def test_another_run_that_does_not_confirm_is_named_with_its_token() -> None:
    waiting = (HISTORY, history(marked("aaaaaaaa-00000001")))
    error = failure(Script([waiting, waiting]), CommitOrder(lock_timeout=1))
    assert "confirm it or roll it back with vmx_commit and token aaaaaaaa-00000001, or wait" in str(error)


def test_a_second_run_goes_on_with_its_own_pending_commit() -> None:
    entry = marked(own_token())
    kept = QUIET + f"<log>change 42 [{own_token()}]</log>"
    told = [(HISTORY, history(entry)), (LOCK, empty), (HISTORY, history(entry)), (CONFIRM, empty), (UNLOCK, empty)]
    script = Script([*no_change(entry), *told, (HISTORY, history(kept))])
    outcome = converge(script, CommitOrder(confirmed=5))
    assert outcome.changed
    assert outcome.commits == [
        {"log": f"change 42 [{own_token()}]", "token": own_token(), "confirmed": True, "pending": False}
    ]
    assert script.closed == 2


@pytest.mark.parametrize(
    ("order", "check"),
    [(CommitOrder(confirmed=5, confirm="later"), False), (CommitOrder(), True), (CommitOrder(check_only=True), False)],
)
def test_a_second_run_that_is_not_to_confirm_still_tells_of_the_pending_commit(order: CommitOrder, check: bool) -> None:
    outcome = converge(Script(no_change(marked(own_token()))), order, check=check)
    assert outcome.changed
    assert outcome.commits[0]["pending"]
    assert outcome.commits[0]["token"] == own_token()
    assert "is still pending, commit confirmed, rollback in 5mins since" in outcome.warnings[0]


def test_its_own_pending_commit_that_no_longer_is_what_is_wanted_stops_it() -> None:
    script = Script([(HISTORY, history(marked(own_token()))), *READ[1:]])
    message = str(failure(script))
    assert "and the configuration has changed since" in message
    assert f"vmx_commit and token {own_token()}" in message


def test_what_was_committed_meanwhile_is_planned_for_anew() -> None:
    now = reference()
    script = Script(
        [
            *READ,
            (LOCK, empty),
            (HISTORY, history("<sequence-number>0</sequence-number><user>alice</user>", QUIET)),
            (OWN, configuration(now)),
            (EFFECTIVE, configuration(inherited(now))),
            (UNLOCK, empty),
        ]
    )
    outcome = converge(script)
    assert not outcome.changed
    assert outcome.planned.before == outcome.planned.after


def test_a_load_error_is_rolled_back_and_unlocked() -> None:
    error = failing(rpc_error("syntax error"))
    script = Script([*READ, *LOCKING, (LOAD, error), (ROLLBACK, empty), (UNLOCK, empty)])
    assert str(failure(script)) == "cannot load the changes on router vmx1:830: syntax error"


def test_warnings_of_a_load_are_collected_and_do_not_stop_it() -> None:
    warning = failing(rpc_error("statement has no contents; ignored", "warning"))
    loading = [(LOAD, warning), LOADING[1]]
    script = Script([*READ, *LOCKING, *loading, (CHECK, empty), (COMMIT, empty), (UNLOCK, empty)])
    assert converge(script).warnings == ["statement has no contents; ignored"]


@pytest.mark.parametrize(
    "said", ["[routing-instances vn1] is protected, 'description' cannot be changed", "x is protected"]
)
def test_a_warning_that_a_part_of_the_change_was_not_made_is_an_error(said: str) -> None:
    warning = failing(rpc_error(said, "warning"))
    script = Script([*READ, *LOCKING, (LOAD, warning), (ROLLBACK, empty), (UNLOCK, empty)])
    assert str(failure(script)) == (
        f"cannot load the changes on router vmx1:830: {said}. A part of the change was not made, so nothing is"
        " committed"
    )


def test_a_difference_that_the_router_does_not_see_is_no_change() -> None:
    loading = [LOADING[0], (COMPARE, comparison(""))]
    script = Script([*READ, *LOCKING, *loading, (ROLLBACK, empty), (UNLOCK, empty)])
    assert not converge(script).changed


def test_a_failed_check_is_rolled_back_and_unlocked() -> None:
    error = failing(rpc_error("configuration check-out failed"))
    script = Script([*READ, *LOCKING, *LOADING, (CHECK, error), (ROLLBACK, empty), (UNLOCK, empty)])
    assert "cannot check the changes (commit check) on router vmx1:830: configuration" in str(failure(script))


def test_a_commit_error_that_the_library_takes_for_success_is_none() -> None:
    def overlooked(_rpc: Any) -> Any:
        return etree.fromstring(
            "<reply><commit-results><rpc-error><error-severity>error</error-severity><error-message>no"
            "</error-message></rpc-error></commit-results></reply>"
        )[0]

    steps = [(CHECK, empty), (COMMIT, overlooked), (ROLLBACK, empty), (UNLOCK, empty)]
    assert str(failure(Script([*READ, *LOCKING, *LOADING, *steps]))) == (
        "cannot commit the changes on router vmx1:830: no"
    )


def test_warnings_beside_a_commit_s_ok_are_not_lost() -> None:
    def remark(_rpc: Any) -> Any:
        return etree.fromstring(
            "<reply><rpc-error><error-severity>warning</error-severity><error-message>mind the gap"
            "</error-message></rpc-error><ok/></reply>"
        )[0]

    steps = [(CHECK, empty), (COMMIT, remark), (UNLOCK, empty)]
    assert converge(Script([*READ, *LOCKING, *LOADING, *steps])).warnings == ["mind the gap"]


def test_what_fails_after_the_commit_does_not_hide_the_change() -> None:
    error = failing(rpc_error("Configuration database is not open"))
    script = Script([*READ, *LOCKING, *LOADING, (CHECK, empty), (COMMIT, empty), (UNLOCK, error)])
    outcome = converge(script)
    assert outcome.changed
    assert outcome.warnings == [
        "cannot unlock the configuration on router vmx1:830: Configuration database is not open"
    ]


class Device:
    """What PyEZ's connection errors want to know of a device."""

    hostname = "vmx1"
    connected = True


def lost_commit(*, found: bool, lock: Any = empty) -> Script:
    script = Script([])
    token: list[str] = []

    def lose(rpc: Any) -> Any:
        token.append(str(rpc.findtext("log")))
        raise RpcTimeoutError(Device(), "commit-configuration", 5)

    def answer(_rpc: Any) -> Any:
        return history(f"{QUIET}<log>{token[0] if found else 'other'}</log>")(_rpc)

    script.steps = [*READ, *LOCKING, *LOADING, (CHECK, empty), (COMMIT, lose), (HISTORY, answer)]
    if not found and lock is empty:
        script.steps += [(LOCK, lock), (HISTORY, answer), (UNLOCK, empty)]
    elif not found:
        script.steps += [(LOCK, lock), *[(HISTORY, answer), (LOCK, lock)] * (len(apply.LOOKUP_WAITS) - 1)]
    return script


def test_a_commit_without_a_reply_is_looked_up_by_its_token() -> None:
    script = lost_commit(found=True)
    outcome = converge(script)
    assert outcome.changed
    assert "the commit history shows that it went through" in outcome.warnings[0]
    assert script.closed == 2


def test_a_lost_commit_that_is_not_in_the_history_while_the_lock_is_free_was_not_made() -> None:
    error = failure(lost_commit(found=False))
    assert not isinstance(error, apply.LostCommitError)
    assert str(error).endswith(
        "no reply within 5 s; the commit was not carried out: it is not in the history, and the lock is free"
    )


def test_a_lost_commit_of_which_nothing_can_be_told_counts_as_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply, "LOOKUP_WAITS", (0.0, 0.0, 0.0))
    error = failure(lost_commit(found=False, lock=failing(rpc_error(LOCKED_BY))))
    assert isinstance(error, apply.LostCommitError)
    assert error.changed
    assert "no reply within 5 s; no commit with" in str(error)


def test_a_connection_that_breaks_is_one_line() -> None:
    script = Script([READ[0], (OWN, failing(ConnectClosedError(Device())))])
    assert str(failure(script)) == (
        "cannot read the configuration on router vmx1:830: the router closed the connection"
    )


def confirming(*after: Any) -> Script:
    """Return the script of a confirmed commit; the steps that follow it find its log in ``logs``."""
    logs: list[str] = []

    def note(rpc: Any) -> bool:
        assert rpc.find("confirmed") is not None
        assert rpc.findtext("confirm-timeout") == "5"
        logs.append(rpc.findtext("log"))
        return True

    def told(marker: str, newer: tuple[str, ...]) -> Any:
        def answer(rpc: Any) -> Any:
            return history(*newer, f"{QUIET}<log>{logs[0]}</log>{marker}")(rpc)

        return answer

    steps = [(step[0], told(*step[1])) if isinstance(step[1], tuple) else step for step in after]
    return Script([*READ, *LOCKING, *LOADING, (CHECK, empty), (COMMIT, note), (UNLOCK, empty), *steps])


PENDING = (HISTORY, ("<commit-confirmed>rollback pending</commit-confirmed>", ()))
KEPT = (HISTORY, ("", ("<sequence-number>0</sequence-number><user>lab</user><log>confirmation</log>",)))
ROOT = "<sequence-number>0</sequence-number><user>root</user><client>other</client>"
GONE = (HISTORY, ("", (f"{ROOT}<comment>automatic rollback</comment>",)))
CONFIRMING = [(LOCK, empty), PENDING, (CONFIRM, empty), (UNLOCK, empty)]
PING = "<ping><count>3</count><source>172.31.10.57</source><routing-instance>vn1</routing-instance><host>10.0.1.3"
SUMMARY = "<get-bgp-summary-information/>"
CHECKS = Checks((Ping("10.0.1.3", "172.31.10.57", "vn1", 3),), ("172.31.4.76",), timeout=2)


def pinged(received: int) -> Any:
    summary = f"<probes-sent>3</probes-sent><responses-received>\n{received}\n</responses-received>"
    return lambda _rpc: etree.fromstring(
        f"<ping-results><probe-results-summary>{summary}</probe-results-summary></ping-results>"
    )


def bgp(state: str) -> Any:
    peer = f"<bgp-peer><peer-address>172.31.4.76+179</peer-address><peer-state>{state}</peer-state></bgp-peer>"
    return lambda _rpc: etree.fromstring(f"<bgp-information>{peer}</bgp-information>")


def test_a_confirmed_commit_is_confirmed_by_a_commit_from_a_new_session() -> None:
    script = confirming(PENDING, *CONFIRMING, KEPT)
    outcome = converge(script, CommitOrder(confirmed=5))
    assert outcome.commits[0]["confirmed"]
    assert not outcome.commits[0]["pending"]
    assert script.closed == 2


def test_a_commit_to_be_confirmed_later_is_left_pending() -> None:
    script = confirming()
    outcome = converge(script, CommitOrder(confirmed=5, confirm="later"))
    assert outcome.changed
    assert outcome.commits[0]["pending"]
    assert not outcome.commits[0]["confirmed"]


def test_the_checks_are_given_their_time_before_the_commit_is_confirmed() -> None:
    first = [(PING, pinged(0)), (SUMMARY, bgp("Active"))]
    second = [(PING, pinged(1)), (SUMMARY, bgp("Established"))]
    script = confirming(PENDING, *first, *second, *CONFIRMING, KEPT)
    assert converge(script, CommitOrder(confirmed=5, checks=CHECKS)).commits[0]["confirmed"]


def test_checks_that_fail_leave_the_commit_to_be_taken_back() -> None:
    never = [(PING, pinged(0)), (SUMMARY, bgp("Active"))]
    error = failure(confirming(PENDING, *never, *never), CommitOrder(confirmed=5, checks=CHECKS))
    assert isinstance(error, UnconfirmedError)
    assert error.changed
    assert error.commits[0]["pending"]
    assert str(error).endswith(
        "is left unconfirmed: 10.0.1.3 does not answer a ping from routing instance vn1; BGP with 172.31.4.76 is"
        " Active; the router takes it back within 5 minutes"
    )


def test_a_peer_that_the_router_does_not_have_fails_the_check() -> None:
    wanted = Checks(peers=("10.9.9.9",), timeout=0)
    error = failure(confirming(PENDING, (SUMMARY, bgp("Established"))), CommitOrder(confirmed=5, checks=wanted))
    assert "the router has no BGP peer 10.9.9.9" in str(error)


NEIGHBORS = "<get-bgp-neighbor-information/>"


def bgp_of(*peers: tuple[str, str]) -> Any:
    """Return a reply with peers of one address, by instance and state; the summary leaves the instances out."""
    summary = "".join(
        f"<bgp-peer><peer-address>10.0.0.1</peer-address>{name}<peer-state>{state}</peer-state></bgp-peer>"
        for name, state in peers
    )
    return lambda _rpc: etree.fromstring(f"<bgp-information>{summary}</bgp-information>")


def named(instance: str) -> str:
    return f"<peer-cfg-rti>{instance}</peer-cfg-rti>"


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        ("10.0.0.1", "BGP with 10.0.0.1 in routing instance vn1 is Active"),
        ("10.0.0.1@vn1", "BGP with 10.0.0.1 in routing instance vn1 is Active"),
        ("10.0.0.1@vn2", "the router has no BGP peer 10.0.0.1 in routing instance vn2"),
        ("10.0.0.1@master", None),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_peer_that_several_instances_have_is_up_where_it_is_up_in_all(
    wanted: str, complaint: str | None, turned: bool
) -> None:
    peers = [("master", "Established"), ("vn1", "Active")]
    peers = peers[::-1] if turned else peers
    asked = [
        (SUMMARY, bgp_of(*(("", state) for _name, state in peers))),
        (NEIGHBORS, bgp_of(*((named(name), state) for name, state in peers))),
    ]
    order = CommitOrder(confirmed=5, checks=Checks(peers=(wanted,), timeout=0))
    if complaint is None:
        assert converge(confirming(PENDING, *asked, *CONFIRMING, KEPT), order).commits[0]["confirmed"]
    else:
        assert complaint in str(failure(confirming(PENDING, *asked), order))


def test_a_confirmation_waits_while_somebody_holds_the_lock() -> None:
    locked = (LOCK, failing(rpc_error(LOCKED_BY)))
    script = confirming(PENDING, locked, locked, *CONFIRMING, KEPT)
    assert converge(script, CommitOrder(confirmed=5)).commits[0]["confirmed"]


def test_a_confirmation_without_a_reply_is_looked_up() -> None:
    lost = (CONFIRM, failing(RpcTimeoutError(Device(), "commit-configuration", 5)))
    script = confirming(PENDING, *CONFIRMING[:2], lost, KEPT)
    assert converge(script, CommitOrder(confirmed=5)).commits[0]["confirmed"]
    assert script.closed == 3


def test_a_commit_that_was_taken_back_meanwhile_is_no_change() -> None:
    error = failure(confirming(PENDING, (LOCK, empty), GONE, (UNLOCK, empty), GONE), CommitOrder(confirmed=5))
    assert isinstance(error, UnconfirmedError)
    assert not error.changed
    assert "and router vmx1:830 has taken it back" in str(error)


def test_a_commit_that_stays_unconfirmed_is_an_error_with_the_deadline() -> None:
    busy = (HISTORY, failing(rpc_error("busy")))
    script = confirming(busy, busy)
    error = failure(script, CommitOrder(confirmed=5))
    assert isinstance(error, UnconfirmedError)
    assert error.changed
    assert "busy; the commit" in str(error)
    assert str(error).endswith("may still be unconfirmed; the router takes it back within 5 minutes")


def test_a_commit_is_confirmed_by_a_check_where_edits_of_others_lie_in_the_candidate() -> None:
    dirty = (LOCK, failing(rpc_error("configuration database modified")))
    script = confirming(PENDING, dirty, (CHECK, empty), (HISTORY, ("", ())))
    assert converge(script, CommitOrder(confirmed=5)).commits[0]["confirmed"]


@pytest.mark.parametrize("reply", [empty, history(), lambda _rpc: etree.fromstring("<output>none</output>")])
def test_a_history_without_an_entry_is_no_proof_that_nothing_is_pending(reply: Any) -> None:
    assert "the reply has no entry" in str(failure(Script([(HISTORY, reply)])))


@pytest.mark.parametrize("reading", [1, 2])
def test_a_reply_without_a_configuration_is_not_taken_for_an_empty_one(reading: int) -> None:
    script = Script([*READ[:reading], (READ[reading][0], empty), *READ[reading + 1 :], (PROOF, empty)])
    assert "the reply holds no configuration" in str(failure(script))


@pytest.mark.parametrize("reading", [1, 2])
def test_another_reply_is_no_configuration(reading: int) -> None:
    other = etree.fromstring("<output>error: not now</output>")
    said = (READ[reading][0], lambda _rpc: other)
    assert "holds output" in str(failure(Script([*READ[:reading], said, *READ[reading + 1 :]])))


def test_a_comparison_that_is_missing_is_not_taken_for_no_difference() -> None:
    script = Script([*READ, *LOCKING, LOADING[0], (COMPARE, empty), (ROLLBACK, empty), (UNLOCK, empty)])
    assert str(failure(script)) == ("cannot compare the candidate on router vmx1:830: the reply holds no comparison")


COMMENT = "<comment>commit confirmed, rollback in 5mins</comment>"
MADE = "<date-time>2026-10-05 22:03:43 UTC</date-time>"


def test_a_commit_that_the_history_does_not_mark_is_confirmed_all_the_same() -> None:
    unmarked = (HISTORY, (COMMENT, ()))
    script = confirming(unmarked, (LOCK, empty), unmarked, (CONFIRM, empty), (UNLOCK, empty), KEPT)
    assert converge(script, CommitOrder(confirmed=5)).commits[0]["confirmed"]


def told_time(moment: str) -> Any:
    now = f"<current-time><date-time>{moment} UTC</date-time></current-time>"
    return lambda _rpc: etree.fromstring(f"<system-uptime-information>{now}</system-uptime-information>")


UNMARKED = THEIRS.replace("<commit-confirmed>rollback pending</commit-confirmed>", "")


@pytest.mark.parametrize("clock", [told_time("2026-10-05 22:10:43"), empty, failing(rpc_error("permission denied"))])
def test_a_commit_that_may_be_pending_stops_before_anything(clock: Any) -> None:
    script = Script([(HISTORY, history(UNMARKED)), (CLOCK, clock)])
    assert str(failure(script)) == REFUSAL.replace("user ops is pending", "user ops may be pending").replace(
        "under test);", "under test), and its history does not say whether it was confirmed;"
    )


def test_a_commit_whose_time_is_long_over_does_not_stop_a_run() -> None:
    read = [(HISTORY, history(UNMARKED)), (CLOCK, told_time("2026-10-05 22:10:44")), *no_change()[1:]]
    assert not converge(Script(read)).changed


def after(entry: str) -> Any:
    return (HISTORY, (COMMENT + MADE, (f"<sequence-number>0</sequence-number>{entry}",)))


ROLLBACK_AT = "<user>root</user><client>other</client><date-time>2026-10-05 {}</date-time>"
COMPARED = "<get-rollback-information><rollback>0</rollback><compare>2</compare></get-rollback-information>"


@pytest.mark.parametrize(
    ("entry", "compared", "taken_back"),
    [
        (ROLLBACK_AT.format("22:08:45 UTC"), None, True),
        (ROLLBACK_AT.format("22:09:20 UTC"), None, True),
        (ROLLBACK_AT.format("22:04:00 UTC"), "", True),
        (ROLLBACK_AT.format("22:04:00 UTC"), "[edit]", False),
        (ROLLBACK_AT.format("23:59:00 UTC"), "[edit]", False),
        (ROLLBACK_AT.format("22:08:45 UTC") + "<log>event script</log>", None, False),
        (ROLLBACK_AT.format("22:08:45 UTC") + "<comment>commit confirmed, rollback in 5mins</comment>", None, False),
        ("<user>ops</user><client>cli</client><date-time>2026-10-05 22:08:45 UTC</date-time>", None, False),
        ("<user>ops</user><client>cli</client><comment>commit was not confirmed</comment>", None, True),
    ],
)
def test_what_the_next_entry_says_tells_whether_a_commit_was_taken_back(
    entry: str, compared: str | None, taken_back: bool
) -> None:
    steps = [] if compared is None else [(COMPARED, comparison(compared))]
    script = confirming(after(entry), *steps)
    if taken_back:
        error = failure(script, CommitOrder(confirmed=5))
        assert "has taken it back" in str(error)
    else:
        assert converge(script, CommitOrder(confirmed=5)).commits[0]["confirmed"]


@pytest.mark.parametrize("how", ["synchronize", "full"])
def test_ways_to_commit_are_asked_for_on_request(how: str) -> None:
    def note(rpc: Any) -> bool:
        assert [part.tag for part in rpc] == ["log", how]
        return True

    script = Script([*READ, *LOCKING, *LOADING, (CHECK, empty), (COMMIT, note), (UNLOCK, empty)])
    converge(script, CommitOrder(synchronize=how == "synchronize", full=how == "full"))


def test_a_candidate_that_cannot_be_rolled_back_is_not_unlocked_but_left_to_the_end_of_the_session() -> None:
    error = failing(rpc_error("no"))
    script = Script([*READ, *LOCKING, (LOAD, error), (ROLLBACK, error)])
    assert str(failure(script)) == "cannot load the changes on router vmx1:830: no"
    assert script.closed == 1


def test_a_missing_permission_is_named() -> None:
    from jnpr.junos.exception import PermissionError as Denied

    reply = etree.fromstring(
        "<rpc-error><error-severity>error</error-severity><error-message>permission denied</error-message>"
        "<error-info><bad-element>lock-configuration</bad-element></error-info></rpc-error>"
    )
    script = Script([*READ, (LOCK, failing(Denied(rsp=reply)))])
    assert str(failure(script)) == (
        "cannot lock the configuration on router vmx1:830: user lab lacks the permission (lock-configuration)"
    )


def test_gathering_reads_what_is_written_and_what_groups_give() -> None:
    script = Script([(OWN, configuration(reference())), (EFFECTIVE, configuration(reference()))])
    found, rpcs = apply.gathered(script.session, parse_request("gathered", None, None))
    script.finish()
    assert [one["name"] for one in found["config"]] == ["vn1", "vn2"]
    assert rpcs == ["get-configuration", "get-configuration"]


def test_an_empty_configuration_is_an_empty_reply_of_a_router_that_can_be_read() -> None:
    script = Script([(OWN, empty), (PROOF, configuration(fresh()))])
    with script.session() as session:
        assert isinstance(session, Session)
        assert session.read_configuration(READ_SECTIONS).children == []
