# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict of a verification, from what was read."""

from __future__ import annotations

from typing import Any

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.prediction.predict import predict_from
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.judge import (
    MOST_SHOWN,
    Diagnosis,
    Pinged,
    RouterRead,
    judge,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.replies.routes import RouteRow
from hypothesis import given
from hypothesis import strategies as st
from models.report_sites import reference_model
from support.examples import examples

INTENT = read_intent(**reference_model())
PREDICTED = predict_from({"intent": reference_model()}).after
NAMES = ["vn1.inet.0", "vn2.inet.0"]
ANSWERED: dict[str, Any] = {"item": {"chain": "vn1-to-vn2", "host": "pc1", "address": "172.31.8.198"}, "rc": 0}


def read(name: str = "vmx1", **changed: Any) -> RouterRead:
    """A router whose tables hold what is predicted."""
    tables = {
        table: {
            "exists": True,
            "routes": [dict(each) for each in PREDICTED["vmx1"][table]["routes"] if each["prefix"] is not None],
        }
        for table in NAMES
    }
    return RouterRead(**{"name": name, "tables": tables, "names": NAMES, "no_snapshot": "no snapshot", **changed})


def foreign(number: int) -> RouteRow:
    """A route that nobody predicts; its MED is none of a service address either."""
    return {
        "prefix": f"198.51.100.{number}/32", "protocol": "BGP", "preference": 170, "active": True, "med": 150,
        "local_preference": 200, "label": 99, "to_table": None, "next_hop": "192.0.2.1",
    }  # fmt: skip


def test_a_router_that_lacks_routes_lets_the_chain_fail_on_all() -> None:
    lacking = ["vn1.inet.0 has no 172.31.8.198/32 by BGP (chain vn1-to-vn2)"]
    verdict = judge(
        INTENT,
        [read("vmx1"), read("vmx2", missing=lacking, missing_chains=["vn1-to-vn2"], waited_for=3.0)],
        {},
        Diagnosis(),
        Pinged(),
    )
    assert verdict.reasons == ["vmx2: routes of vn1-to-vn2 are missing after 3 s:", f"  {lacking[0]}"]
    assert verdict.failed_chains == ["vn1-to-vn2"]


@examples(25)
@given(
    broken=st.sets(st.sampled_from("abc")),
    missing=st.sets(st.sampled_from("abc")),
    lost=st.sets(st.sampled_from("abc")),
)
def test_a_chain_fails_where_any_proof_is_against_it_and_each_is_a_reason(
    broken: set[str], missing: set[str], lost: set[str]
) -> None:
    chains = [{"name": each, "stands": each not in broken, "message": f"{each}: link"} for each in "abc"]
    router = read(missing=[f"route of {each}" for each in sorted(missing)], missing_chains=sorted(missing))
    pinged = [
        {"item": {"chain": each, "host": "pc1", "address": "192.0.2.1"}, "rc": int(each in lost)} for each in "abc"
    ]
    verdict = judge(INTENT, [router], {}, Diagnosis(chains), Pinged(pinged))
    assert set(verdict.failed_chains) == broken | missing | lost
    assert len(verdict.failed_chains) == len(set(verdict.failed_chains))
    assert len(verdict.reasons) == len(broken) + (len(missing) + 1 if missing else 0) + len(lost)
    assert {f"{each}: up" for each in "abc" if each not in broken} <= set(verdict.lines)


def test_equal_warnings_are_told_together_and_the_result_has_all() -> None:
    router = read()
    router.tables["vn1.inet.0"]["routes"].extend(foreign(number) for number in range(26))
    verdict = judge(INTENT, [router], {"vmx1": PREDICTED["vmx1"]}, Diagnosis(), Pinged())
    found = [each for each in verdict.findings if each["code"] == "route-not-predicted"]
    assert len(found) == 26
    (place,) = [
        number for number, line in enumerate(verdict.lines) if line.endswith("26 findings [route-not-predicted]")
    ]
    told = verdict.lines[place + 1 : place + MOST_SHOWN + 4]
    assert told[:MOST_SHOWN] == [f"  {each['message']}" for each in found[:MOST_SHOWN]]
    assert told[MOST_SHOWN] == f"  and {26 - MOST_SHOWN} more"
    assert told[MOST_SHOWN + 1 :] == [f"  consequence: {found[0]['consequence']}", f"  cure: {found[0]['cure']}"]


def test_tables_are_compared_with_the_snapshot_where_there_is_one() -> None:
    before = {"tables": {name: {"exists": True, "routes": []} for name in NAMES}}
    with_one = judge(INTENT, [read(snapshot=before)], {}, Diagnosis(), Pinged()).lines
    without = judge(INTENT, [read()], {}, Diagnosis(), Pinged()).lines
    assert "vmx1: what the chains changed" in with_one
    assert any(line.startswith("  added") for line in with_one)
    assert "vmx1: no snapshot" in without
    assert "vmx1: tables before the chains" not in without


def test_a_diagnosis_that_could_not_look_is_told_and_fails_nothing() -> None:
    verdict = judge(INTENT, [read()], {}, Diagnosis(failure="no answer"), Pinged())
    assert verdict.reasons == []
    assert "not looked at: the chains were not diagnosed: no answer" in verdict.lines


def test_pings_that_were_answered_are_counted() -> None:
    around = [{"item": {**ANSWERED["item"], "service": "1-to-2"}, "rc": 1}]
    lines = judge(INTENT, [], {}, Diagnosis(), Pinged([ANSWERED], around)).lines
    assert lines == ["1 pings were answered, and 1 were not while the service did not forward"]
