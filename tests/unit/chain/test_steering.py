"""Steering taken back, and steering held back."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.steering import held_back, withdrawal


def term(name: str) -> dict[str, Any]:
    return {"filter": "edge", "family": "inet", "name": name, "source": ["192.0.2.1/32"]}


def test_terms_of_a_new_vrf_all_go() -> None:
    after = {"config": [{"name": "vn1", "route_target": "64512:1", "steering": [term("t1")]}]}
    assert withdrawal({"config": [], "filters": []}, after) == [
        {"name": "vn1", "route_target": "64512:1", "steering": []}
    ]


def test_terms_from_before_stay_in_their_order() -> None:
    before = {
        "config": [{"name": "vn1", "steering": [term("z"), term("a")]}],
        "filters": [{"name": "edge", "family": "inet", "interfaces": [], "terms": ["z", "a", "default"]}],
    }
    after = {"config": [{"name": "vn1", "steering": [term("new"), term("z"), term("a")]}]}
    (vrf,) = withdrawal(before, after)
    assert [(each["name"], each["priority"]) for each in vrf["steering"]] == [("z", 10), ("a", 20)]


def test_a_vrf_without_new_terms_is_left_alone() -> None:
    same = {"config": [{"name": "vn1", "steering": [term("t1")]}], "filters": []}
    assert withdrawal(same, same) == []


def test_a_masked_name_is_not_guessed() -> None:
    after = {"config": [{"name": "********-net", "steering": [term("t1")]}]}
    with pytest.raises(ValueError, match="by hand"):
        withdrawal({"config": []}, after)


def test_only_the_named_terms_go_and_only_if_the_change_added_them() -> None:
    before = {"config": [{"name": "vn1", "steering": [term("old")]}], "filters": []}
    after = {
        "config": [
            {"name": "vn1", "steering": [term("broken"), term("old"), term("sound")]},
            {"name": "vn2", "steering": [term("other")]},
        ],
        "filters": [{"name": "edge", "family": "inet", "terms": ["sound", "old", "broken", "other"]}],
    }
    (vrf,) = withdrawal(before, after, [term("broken"), term("old")])
    assert vrf["name"] == "vn1"
    assert [(each["name"], each["priority"]) for each in vrf["steering"]] == [("old", 20), ("sound", 10)]
    assert withdrawal(before, after, []) == []


def test_terms_held_back_are_as_the_router_has_them() -> None:
    old = term("changed")
    new = {**old, "source": ["198.51.100.0/24"], "priority": 50}
    config = [{"name": "vn1", "steering": [new, term("new")]}, dict[str, Any](name="vn2", table_label=True)]
    standing = {"config": [{"name": "vn1", "steering": [old, term("foreign")]}]}
    assert held_back(config, standing) == [
        {"name": "vn1", "steering": [{**old, "priority": 50}]},
        {"name": "vn2", "table_label": True},
    ]


def test_only_the_named_terms_are_held_back() -> None:
    config = [{"name": "vn1", "steering": [term("broken"), term("sound")]}]
    assert held_back(config, {"config": []}, [term("broken")]) == [{"name": "vn1", "steering": [term("sound")]}]
    assert held_back(config, {}, []) == config


def test_a_term_that_feeds_another_vrf_is_not_moved_before_its_time() -> None:
    standing = {"config": [{"name": "old", "steering": [term("t1")]}]}
    assert held_back([{"name": "vn1", "steering": [term("t1")]}], standing) == [{"name": "vn1", "steering": []}]


def test_a_family_that_is_left_out_is_inet() -> None:
    bare = {"filter": "edge", "name": "t1"}
    standing = {"config": [{"name": "vn1", "steering": [term("t1")]}]}
    assert held_back([{"name": "vn1", "steering": [bare]}], standing) == [{"name": "vn1", "steering": [term("t1")]}]


def test_a_masked_term_is_not_written_back() -> None:
    masked = {**term("t1"), "counter": "********-net"}
    config = [{"name": "vn1", "steering": [term("t1")]}]
    with pytest.raises(ValueError, match="steering term t1"):
        held_back(config, {"config": [{"name": "vn1", "steering": [masked]}]})
