# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request of a change fails in every way: no lock, no dirty candidate and no half state stay, and no lie."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx import module
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.commit import apply, confirmation
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.commit.apply import CommitOrder
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.vrf_plan import parse_request
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import session, xml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.session import (
    Connection,
    open_session,
)
from integration.vmx_bed import Bed, bed
from support.module_run import ModuleFailedError
from unit.vmx.scenario import GOLDEN, TAIL, VN1, VN2, terms

REFERENCE: dict[str, Any] = {"config": [VN1, VN2], "filters": [TAIL]}
WRITTEN = ("routing-instances", "firewall", "interfaces")

REQUESTS = [
    "get-commit-information",
    "get-configuration",
    "get-configuration",
    "lock-configuration",
    "get-commit-information",
    "get-configuration",
    "load-configuration",
    "get-configuration",
    "commit-configuration",
    "commit-configuration",
    "unlock-configuration",
    "close-session",
    "get-commit-information",
    "lock-configuration",
    "get-commit-information",
    "commit-configuration",
    "unlock-configuration",
    "get-commit-information",
    "close-session",
]
"""What a confirmed change says, in two sessions."""

COMMIT = 9
"""The place of the commit among them."""

WAYS: dict[str, dict[str, Any]] = {
    "error": {"kind": "rpc_error", "body": "the router is out of sorts"},
    "dropped": {"kind": "drop"},
    "dropped-after": {"kind": "drop_after"},
    "timeout": {"kind": "slow", "seconds": 1.2},
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with bed(tmp_path_factory.mktemp("router"), []) as router:
        yield router


@pytest.fixture
def router(served: Bed, monkeypatch: pytest.MonkeyPatch) -> Bed:
    """Return a router that is fresh, with everything that waits made short."""
    served.reset()
    monkeypatch.setattr(apply, "LOOKUP_WAITS", (0.0, 0.1, 0.2, 0.4, 0.8))
    monkeypatch.setattr(confirmation, "LOCK_RETRY_SECONDS", 0.05)
    monkeypatch.setattr(session, "LOCK_RETRY_SECONDS", 0.05)
    return served


def impatient(params: dict[str, Any]) -> Connection:
    """Return the connection of a call that waits a second for each reply."""
    known = Connection(**{name: params[name] for name in module.CONNECTION_OPTIONS})
    return dataclasses.replace(known, timeout=1)


def fault_at(router: Bed, place: int, way: str) -> None:
    """Have one request of a change fail; those of the same name before it pass."""
    name = REQUESTS[place]
    earlier = REQUESTS[:place].count(name)
    match = {"server": "junos", "match": {"rpc": f"^{name}$"}}
    if earlier:
        router.faults.add([{**match, "kind": "slow", "seconds": 0, "times": earlier}])
    router.faults.add([{**match, **WAYS[way], "times": 1}])


def rest(router: Bed) -> None:
    """Wait until every session has ended and the router is at rest."""
    deadline = time.monotonic() + 5
    while router.served.ask(lambda: router.is_locked or router.served.router.dirty):
        assert time.monotonic() < deadline, "a lock or a dirty candidate was left"
        time.sleep(0.01)


def run(router: Bed) -> dict[str, Any]:
    """Make the change with a confirmed commit; a failure is a result as well."""
    try:
        return router.run("vmx_vrf", commit={"confirmed": 5}, lock_timeout=2, **REFERENCE)
    except ModuleFailedError as error:
        assert "\n" not in str(error)
        return error.result


def written(configuration: Statement) -> list[Statement | None]:
    return [configuration.find(section) for section in WRITTEN]


def test_a_change_says_what_is_listed_here(router: Bed) -> None:
    result = run(router)
    assert result["rpcs"] == [name for name in REQUESTS if name != "close-session"]
    assert not result["warnings"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", range(len(REQUESTS)), ids=lambda place: f"{place}-{REQUESTS[place]}")
def test_a_request_that_fails(router: Bed, place: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = written(router.committed)
    fault_at(router, place, way)
    with monkeypatch.context() as patience:
        if way == "timeout":
            patience.setattr(module, "connection_of", impatient)
        result = run(router)
    router.faults.clear()
    rest(router)
    after = router.committed
    is_fresh = written(after) == fresh
    if not is_fresh:
        golden = xml.parse_configuration((GOLDEN / "vmx-reference.xml").read_text())
        for section in ("routing-instances", "firewall"):
            assert after.find(section) == golden.find(section)
    assert bool(result.get("changed")) is not is_fresh, result
    if place > COMMIT:
        assert result.get("changed"), result
    pending = router.served.ask(lambda: router.served.router.pending is not None)
    if not result.get("failed"):
        assert not pending
        assert result["commits"][0]["confirmed"]
    elif result.get("changed"):
        assert result["commits"][0]["pending"] == pending
        assert "the router takes it back within 5 minutes" in result["msg"]
    again = run(router)
    assert not again.get("failed"), again
    assert again["changed"] is (is_fresh or bool(pending))
    assert written(router.committed) != fresh
    assert router.served.ask(lambda: router.served.router.pending) is None


def test_two_runs_at_once_end_with_both_changes_in(router: Bed) -> None:
    connection = Connection(**router.connection)
    outcomes: dict[str, apply.Outcome] = {}
    ready = threading.Barrier(2)

    def change(vrf: dict[str, Any], order: CommitOrder) -> None:
        request = parse_request("merged", [vrf], [TAIL])
        ready.wait()
        outcomes[vrf["name"]] = apply.converge(lambda: open_session(connection), request, order, check_mode=False)

    runs = [
        threading.Thread(target=change, args=one) for one in ((VN1, CommitOrder(confirmed=5)), (VN2, CommitOrder()))
    ]
    for one in runs:
        one.start()
    for one in runs:
        one.join(timeout=60)
    assert sorted(outcomes) == ["vn1", "vn2"]
    assert all(outcome.changed for outcome in outcomes.values())
    rest(router)
    assert terms(router.committed) in (["t1", "t11", "t2"], ["t11", "t1", "t2"])
    found = router.committed.find("routing-instances")
    assert found is not None
    assert sorted(one.name or "" for one in found.children) == ["vn1", "vn2"]


def test_a_run_that_is_stopped_while_it_holds_the_lock_leaves_none(
    router: Bed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_session: session.Session) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(session.Session, "difference", interrupted)
    with pytest.raises(KeyboardInterrupt):
        router.run("vmx_vrf", **REFERENCE)
    rest(router)


TAKING_BACK = [
    "get-commit-information",
    "lock-configuration",
    "get-configuration",
    "load-configuration",
    "commit-configuration",
    "unlock-configuration",
    "close-session",
]


@pytest.mark.parametrize("way", ["error", "dropped", "dropped-after"])
@pytest.mark.parametrize("name", TAKING_BACK)
def test_a_request_that_fails_while_a_commit_is_taken_back(router: Bed, name: str, way: str) -> None:
    fresh = written(router.committed)
    order = {"confirmed": 5, "confirm": "later"}
    token = router.run("vmx_vrf", commit=order, **REFERENCE)["commits"][0]["token"]
    router.faults.add([{"server": "junos", "match": {"rpc": f"^{name}$"}, **WAYS[way], "times": 1}])
    try:
        result = router.run("vmx_commit", token=token, state="rolled_back")
    except ModuleFailedError as error:
        result = error.result
    router.faults.clear()
    rest(router)
    is_back = written(router.committed) == fresh
    assert bool(result.get("changed")) is is_back, result
    assert router.run("vmx_commit", token=token, state="rolled_back")["changed"] is not is_back
    assert written(router.committed) == fresh
