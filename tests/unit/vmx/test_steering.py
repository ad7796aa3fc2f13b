# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steering that is kept as the router has it, and steering that is rolled back."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import ConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.gathered import gather
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import vrf_plan as planning
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan.edit import RouterPlan
from unit.vmx.scenario import FILTER, TAIL, VN1, VN2, changed, fresh, inherited, loaded, plan, reference, terms, text

T1 = {"filter": FILTER, "name": "t1"}
T3 = {"filter": FILTER, "name": "t3", "source": ["10.9.9.9/32"]}


def asked(own: Statement, state: str, config: Any = None, filters: Any = None, **steering: Any) -> RouterPlan:
    """Return the plan of a call with options about steering."""
    request = planning.parse_request(state, config, filters, None, steering)
    return request.plan(own, inherited(own))


def change(own: Statement, found: RouterPlan) -> tuple[dict[str, Any], Statement]:
    """Return what the module says of a plan, and the router when it is carried out."""
    return {"changed": True, "before": found.before, "after": found.after}, loaded(own, found.changes)


def refusal(state: str = "merged", config: Any = None, **steering: Any) -> str:
    with pytest.raises(ConfigError) as raised:
        asked(reference(), state, config, **steering)
    return str(raised.value)


# --- keep ---


def test_a_new_vrf_is_made_without_steering_and_without_the_filter() -> None:
    after = loaded(fresh(), asked(fresh(), "merged", [VN1], [TAIL], keep_existing_steering=True).changes)
    assert after.find("routing-instances", ("instance", "vn1")) is not None
    assert after.find("firewall") is None
    assert after.find("interfaces") == fresh().find("interfaces")


@pytest.mark.parametrize("state", ["merged", "replaced"])
def test_a_term_that_is_there_stays_as_it_is_at_its_place(state: str) -> None:
    moved = changed(VN1, steering=[{**T1, "source": ["10.1.1.1/32"], "priority": 500}, T3])
    found = asked(reference(), state, [moved, VN2], [TAIL], keep_existing_steering=True)
    assert found.changes is None


def test_a_term_that_goes_still_goes() -> None:
    found = asked(reference(), "replaced", [changed(VN1, steering=[T3])], keep_existing_steering=True)
    assert terms(loaded(reference(), found.changes)) == ["t11", "t2"]


def test_only_the_terms_that_are_named_are_kept() -> None:
    config = [changed(VN1, steering=[{**T1, "source": ["10.1.1.1/32"], "priority": 500}, T3]), VN2]
    found = asked(reference(), "merged", config, [TAIL], keep_existing_terms=[T1])
    after = loaded(reference(), found.changes)
    assert terms(after) == ["t11", "t3", "t1", "t2"]
    assert "10.1.1.1/32" not in text(after)
    held = asked(reference(), "merged", config, [TAIL], keep_existing_terms=[{"filter": FILTER, "name": "t3"}])
    assert terms(loaded(reference(), held.changes)) == ["t11", "t1", "t2"]


def test_a_term_that_feeds_another_vrf_is_not_moved() -> None:
    swapped = changed(VN2, steering=[VN1["steering"][0]])
    assert (
        asked(reference(), "merged", [changed(VN1, steering=None), swapped], keep_existing_steering=True).changes
        is None
    )


def test_options_without_a_meaning_are_refused() -> None:
    assert "keep_existing_steering: has no meaning with state deleted" in refusal(
        "deleted", [VN1], keep_existing_steering=True
    )
    assert "keep_existing_terms: has no meaning with keep_existing_steering" in refusal(
        config=[VN1], keep_existing_steering=True, keep_existing_terms=[T1]
    )
    assert refusal(config=[VN1], keep_existing_terms=[{"filter": FILTER, "name": "t"}]).startswith(
        f"keep_existing_terms[0]: config has no steering term t of filter {FILTER} (family inet)"
    )
    rolled_back: dict[str, Any] = {"change": {"before": {}, "after": {}}}
    assert "roll_back_steering: is a task of its own" in refusal(config=[VN1], roll_back_steering=rolled_back)
    assert "roll_back_steering: is a task of its own" in refusal("replaced", roll_back_steering=rolled_back)
    assert refusal(roll_back_steering=rolled_back).startswith(
        "roll_back_steering.change.before: is not what vmx_vrf returned"
    )


# --- roll back ---


def test_what_a_change_added_goes_and_the_vrf_stays() -> None:
    result, after = change(fresh(), asked(fresh(), "merged", [VN1, VN2], [TAIL]))
    back = asked(after, "merged", roll_back_steering={"change": result})
    left = loaded(after, back.changes)
    assert terms(left) == ["t2"]
    assert left.find("routing-instances") == after.find("routing-instances")
    assert left.find("interfaces") == after.find("interfaces")
    assert asked(left, "merged", roll_back_steering={"change": result}).changes is None


def test_only_the_named_terms_go_and_only_those_that_the_change_added() -> None:
    wanted = changed(VN1, steering=[*VN1["steering"], T3, {**T3, "name": "t4", "source": ["10.8.8.8/32"]}])
    result, after = change(reference(), asked(reference(), "merged", [wanted]))
    chosen = [{"filter": FILTER, "name": "t3"}, {"filter": FILTER, "name": "t11"}, T1]
    back = asked(after, "merged", roll_back_steering={"change": result, "terms": chosen})
    assert terms(loaded(after, back.changes)) == [name for name in terms(after) if name != "t3"]
    request = planning.parse_request(
        "merged", None, None, None, {"roll_back_steering": {"change": result, "terms": []}}
    )
    assert request.is_idle


def test_terms_that_the_change_replaced_are_as_before() -> None:
    narrow = {**T1, "source": ["10.1.1.1/32"], "counter": "web"}
    own = loaded(reference(), plan(reference(), "replaced", [changed(VN1, steering=[narrow, T3])]).changes)
    result, after = change(own, asked(own, "replaced", [changed(VN1, steering=[{**T3, "name": "new"}])]))
    assert terms(after) != terms(own)
    back = asked(after, "merged", roll_back_steering={"change": result})
    left = loaded(after, back.changes)
    assert [name for name in terms(left) if name != "t11"] == ["t1", "t3", "t2"]
    steering = {item["name"]: item for item in gather(left, ["vn1"])["config"][0]["steering"]}
    assert (steering["t1"]["source"], steering["t1"]["counter"]) == (["10.1.1.1/32"], "web")


def test_what_others_did_since_is_left_alone() -> None:
    result, after = change(reference(), asked(reference(), "merged", [changed(VN1, steering=[T3])]))
    since = plan(after, "merged", [changed(VN1, steering=[{**T3, "name": "theirs", "source": ["10.7.7.7/32"]}])])
    theirs = loaded(after, since.changes)
    back = asked(theirs, "merged", roll_back_steering={"change": result})
    assert terms(loaded(theirs, back.changes)) == [name for name in terms(theirs) if name != "t3"]
    elsewhere = plan(after, "replaced", [changed(VN1, steering=None), changed(VN2, steering=[*VN2["steering"], T3])])
    moved = loaded(after, elsewhere.changes)
    assert asked(moved, "merged", roll_back_steering={"change": result}).changes is None


def test_a_vrf_that_has_gone_since_is_not_made_again() -> None:
    result, after = change(fresh(), asked(fresh(), "merged", [VN1], [TAIL]))
    gone = loaded(after, plan(after, "deleted", [VN1], [TAIL]).changes)
    assert asked(gone, "merged", roll_back_steering={"change": result}).changes is None


@pytest.mark.parametrize("result", [{"changed": False, "skipped": True}, {"failed": True, "msg": "refused"}])
def test_a_task_that_did_nothing_has_nothing_to_roll_back(result: dict[str, Any]) -> None:
    assert planning.parse_request("merged", None, None, None, {"roll_back_steering": {"change": result}}).is_idle
