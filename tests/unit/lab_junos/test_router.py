# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration databases: candidate, running, history, lock, confirmed commits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from lab.junos.complaints import RefusedError
from lab.junos.router import Router
from lab.junos.rpcs import Operations
from lab.junos.session import Session
from lxml import etree
from unit.lab_junos.configurations import SECURE, document, names, vrf

AUTOMATIC = "<routing-options><route-distinguisher-id>1.1.1.1</route-distinguisher-id></routing-options>"
INITIAL = f"<configuration>{SECURE}{AUTOMATIC}</configuration>"


class Clock:
    """Time that passes only when told to."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 5, 4, 12, tzinfo=dt.timezone.utc)
        self.alarms: list[tuple[dt.datetime, Callable[[], None]]] = []

    def __call__(self) -> dt.datetime:
        return self.now

    def timer(self, seconds: float, call: Callable[[], None]) -> Alarm:
        alarm = (self.now + dt.timedelta(seconds=seconds), call)
        self.alarms.append(alarm)
        return Alarm(self, alarm)

    def passes(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)
        for at, call in [alarm for alarm in self.alarms if alarm[0] <= self.now]:
            self.alarms.remove((at, call))
            call()


class Alarm:
    def __init__(self, clock: Clock, entry: tuple[dt.datetime, Callable[[], None]]) -> None:
        self.clock, self.entry = clock, entry

    def cancel(self) -> None:
        self.clock.alarms = [alarm for alarm in self.clock.alarms if alarm is not self.entry]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def router(clock: Clock) -> Router:
    made = Router(INITIAL, clock=clock)
    made.timer = clock.timer
    return made


@pytest.fixture
def session(router: Router) -> Session:
    return Session(router, 50198, "lab")


def vrfs(router: Router) -> list[str]:
    return names(router.committed, "routing-instances/instance/name")


def test_a_commit_makes_the_candidate_running_and_tells_who_listens(router: Router, session: Session) -> None:
    heard: list[list[str]] = []
    router.on_commit.append(lambda: heard.append(vrfs(router)))
    session.load(document(vrf("a")), "merge")
    assert vrfs(router) == []
    session.commit()
    assert heard == [["a"]]


def test_a_commit_without_changes_makes_a_history_entry_too(router: Router, session: Session) -> None:
    session.commit(log="again")
    assert [entry.log for entry in router.history] == ["again", None]


def test_fifty_configurations_are_kept(router: Router, session: Session) -> None:
    for number in range(60):
        session.commit(log=str(number))
    assert len(router.history) == 50
    assert router.history[0].log == "59"


def test_the_holder_of_the_lock_is_named_with_his_idle_time(router: Router, session: Session, clock: Clock) -> None:
    session.lock()
    clock.passes(3651)
    with pytest.raises(RefusedError) as refused:
        Session(router, 2, "other").lock()
    assert refused.value.complaints[0].message == (
        "\nconfiguration database locked by:\n"
        "  lab terminal  (pid 50198) on since 2026-05-04 12:00:00 UTC, idle 01:00:51\n"
        "      exclusive \n"
    )


def test_unlocking_keeps_the_changes(router: Router, session: Session) -> None:
    session.lock()
    session.load(document(vrf("a")), "merge")
    session.unlock()
    assert router.dirty


def test_the_end_of_the_session_that_holds_the_lock_takes_its_changes_along(router: Router, session: Session) -> None:
    session.lock()
    session.load(document(vrf("a")), "merge")
    session.end()
    assert router.locked_by is None
    assert not router.dirty


def test_the_end_of_another_session_leaves_shared_changes(router: Router, session: Session) -> None:
    session.load(document(vrf("a")), "merge")
    session.end()
    assert router.dirty


def test_an_unconfirmed_commit_goes_when_its_time_is_up(router: Router, session: Session, clock: Clock) -> None:
    session.load(document(vrf("a")), "merge")
    session.commit(confirm_seconds=300)
    clock.passes(299)
    assert vrfs(router) == ["a"]
    clock.passes(1)
    assert vrfs(router) == []
    assert (router.history[0].user, router.history[0].client) == ("root", "other")
    assert not router.dirty


@pytest.mark.parametrize("confirming", ["check", "commit"])
def test_a_check_or_a_commit_confirms(router: Router, session: Session, clock: Clock, confirming: str) -> None:
    session.load(document(vrf("a")), "merge")
    session.commit(confirm_seconds=300)
    getattr(Session(router, 2, "other"), confirming)()
    clock.passes(1000)
    assert vrfs(router) == ["a"]
    assert len(router.history) == (2 if confirming == "check" else 3)


def test_a_check_that_fails_confirms_nothing(router: Router, session: Session, clock: Clock) -> None:
    session.load(document(vrf("a")), "merge")
    session.commit(confirm_seconds=300)
    session.load(document('<routing-options delete="delete"/>'), "merge")
    with pytest.raises(RefusedError):
        session.check()
    clock.passes(300)
    assert vrfs(router) == []


def test_a_second_confirmed_commit_goes_back_to_before_the_first(
    router: Router, session: Session, clock: Clock
) -> None:
    session.load(document(vrf("a")), "merge")
    session.commit(confirm_seconds=300)
    session.load(document(vrf("b")), "merge")
    session.commit(confirm_seconds=300)
    clock.passes(300)
    assert vrfs(router) == []


def test_a_private_copy_without_changes_commits_nothing(router: Router, session: Session) -> None:
    session.open_private()
    assert session.commit() is False
    assert len(router.history) == 1


def test_two_private_copies_come_together(router: Router, session: Session) -> None:
    other = Session(router, 2, "other")
    session.open_private()
    other.open_private()
    session.load(document(vrf("a")), "merge")
    other.load(document(vrf("b")), "merge")
    session.commit()
    other.commit()
    assert vrfs(router) == ["a", "b"]
    assert not router.dirty


def test_private_copies_are_closed_to_who_comes_under_a_lock(router: Router, session: Session) -> None:
    session.lock()
    with pytest.raises(RefusedError, match="locked by"):
        Session(router, 2, "other").open_private()


def test_a_reset_forgets_everything(router: Router, session: Session, clock: Clock) -> None:
    session.lock()
    session.load(document(vrf("a")), "merge")
    session.commit(confirm_seconds=300)
    router.reset()
    clock.passes(1000)
    assert vrfs(router) == []
    assert len(router.history) == 1
    assert router.locked_by is None


def test_a_restored_configuration_runs_as_it_was(router: Router, session: Session) -> None:
    from lxml import etree

    session.load(document(vrf("a")), "merge")
    session.commit()
    saved = etree.tostring(router.committed, encoding="unicode")
    router.reset()
    router.restore(saved)
    assert vrfs(router) == ["a"]


def test_a_router_does_not_start_with_what_it_would_not_load() -> None:
    with pytest.raises(RefusedError, match="syntax error"):
        Router("<configuration><routing-instance/></configuration>")


def test_what_is_in_effect_follows_each_commit(router: Router, session: Session) -> None:
    assert router.inherited().find("routing-instances") is None
    session.load(document(vrf("a")), "merge")
    session.commit()
    assert router.inherited().findtext("routing-instances/instance/name") == "a"


def test_private_copies_that_say_different_things_do_not_come_together(router: Router, session: Session) -> None:
    other = Session(router, 2, "other")
    session.open_private()
    other.open_private()
    for one, name in ((session, "left"), (other, "right")):
        one.load(document(f"<system><domain-name>{name}</domain-name></system>"), "merge")
    assert session.commit()
    with pytest.raises(RefusedError) as refused:
        other.commit()
    assert "'left' != 'right'" in refused.value.complaints[0].message
    assert refused.value.complaints[0].path == "[edit system domain-name]"
    assert router.committed.findtext("system/domain-name") == "left"


def test_private_copies_that_say_the_same_come_together(router: Router, session: Session) -> None:
    other = Session(router, 2, "other")
    session.open_private()
    other.open_private()
    for one in (session, other):
        one.load(document("<system><domain-name>same</domain-name></system>"), "merge")
        assert one.commit()
    assert router.committed.findtext("system/domain-name") == "same"


@pytest.mark.parametrize("marks_pending", [True, False])
def test_a_history_may_leave_a_confirmed_commit_at_its_comment(marks_pending: bool) -> None:
    router = Router(INITIAL, marks_pending=marks_pending)
    session = Session(router, 1, "lab")
    session.commit(confirm_seconds=300)
    asked = etree.fromstring("<get-commit-information/>")
    told = Operations(session, {}).answer(asked).body
    assert ("commit-confirmed" in told) is marks_pending
    session.check()
    told = Operations(session, {}).answer(asked).body
    assert "commit-confirmed" not in told
    assert "commit confirmed, rollback in 5mins" in told
