"""Route tables: what is missing, what changed, how they look."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.design import ExpectedRoutes
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.snapshot import (
    read_snapshot,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.tables import (
    change_lines,
    missing_routes,
    route_changes,
    table_lines,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.replies.routes import RouteRow, RouteTable


def bgp(prefix: str, label: int, med: int = 100, local_preference: int = 200) -> RouteRow:
    return {
        "prefix": prefix,
        "protocol": "BGP",
        "preference": 170,
        "med": med,
        "local_preference": local_preference,
        "label": label,
        "via": "gr-0/0/0.32771",
    }


def static(prefix: str) -> RouteRow:
    return {"prefix": prefix, "protocol": "Static", "preference": 5, "to_table": "inet.0"}


def table(*routes: RouteRow) -> RouteTable:
    return {"exists": True, "routes": list(routes)}


BEFORE = {
    "vn1.inet.0": table(bgp("10.0.1.3/32", 26), static("172.31.9.34/32")),
    "vn2.inet.0": table(bgp("10.0.2.4/32", 34, 200, 100), static("172.31.8.198/32")),
}
AFTER = {
    "vn1.inet.0": table(
        bgp("10.0.1.3/32", 26), bgp("10.0.2.4/32", 30), bgp("172.31.8.198/32", 30), static("172.31.9.34/32")
    ),
    "vn2.inet.0": BEFORE["vn2.inet.0"],
}
EXPECTED: list[ExpectedRoutes] = [
    {
        "table": "vn1.inet.0",
        "chain": "c",
        "prefixes": ["172.31.8.198/32"],
        "copies": {"table": "vn2.inet.0", "within": ["10.0.2.0/24"]},
    }
]


def test_a_chain_is_missed_until_it_is_there() -> None:
    assert missing_routes(BEFORE, EXPECTED) == [
        "vn1.inet.0 has no 172.31.8.198/32 by BGP (chain c)",
        "vn1.inet.0 has no 10.0.2.4/32 by BGP (chain c)",
    ]
    assert missing_routes(AFTER, EXPECTED) == []


def test_a_static_route_is_not_one_learned() -> None:
    expected: list[ExpectedRoutes] = [{"table": "vn1.inet.0", "chain": "c", "prefixes": ["172.31.9.34/32"]}]
    assert missing_routes(AFTER, expected) == ["vn1.inet.0 has no 172.31.9.34/32 by BGP (chain c)"]


def test_anything_of_a_network_will_do_where_nothing_is_named() -> None:
    expected: list[ExpectedRoutes] = [
        {"table": "vn1.inet.0", "chain": "c", "prefixes": [], "any_within": ["10.0.2.0/24"]}
    ]
    assert missing_routes(BEFORE, expected) == ["vn1.inet.0 has nothing of 10.0.2.0/24 by BGP (chain c)"]
    assert missing_routes(AFTER, expected) == []


def test_a_table_that_is_not_there_misses_everything() -> None:
    assert len(missing_routes({}, EXPECTED)) == 1


def test_changes_are_told_apart() -> None:
    changes = route_changes(BEFORE, AFTER)
    assert [route["prefix"] for route in changes["vn1.inet.0"]["added"]] == ["10.0.2.4/32", "172.31.8.198/32"]
    assert changes["vn2.inet.0"] == {"added": [], "removed": [], "changed": []}
    back = route_changes(AFTER, BEFORE)
    assert [route["prefix"] for route in back["vn1.inet.0"]["removed"]] == ["10.0.2.4/32", "172.31.8.198/32"]


def test_a_new_label_is_a_change() -> None:
    after = {**BEFORE, "vn1.inet.0": table(bgp("10.0.1.3/32", 27), static("172.31.9.34/32"))}
    (change,) = route_changes(BEFORE, after)["vn1.inet.0"]["changed"]
    assert (change["before"]["label"], change["after"]["label"]) == (26, 27)


def test_a_second_path_to_a_prefix_is_an_addition() -> None:
    after = {"t": table(bgp("10.0.1.3/32", 26), bgp("10.0.1.3/32", 40))}
    changes = route_changes({"t": table(bgp("10.0.1.3/32", 26))}, after)
    assert [route["label"] for route in changes["t"]["added"]] == [40]


def test_tables_are_shown_in_columns() -> None:
    assert table_lines(BEFORE, ["vn1.inet.0"]) == [
        "vn1.inet.0: 2 destinations, 2 routes",
        "  prefix          protocol  MED  localpref  label  next hop",
        "  10.0.1.3/32     BGP/170   100  200        26     gr-0/0/0.32771",
        "  172.31.9.34/32  Static/5  -    -          -      to table inet.0",
    ]


def test_tables_that_do_not_exist_are_said_so() -> None:
    assert table_lines({"x.inet.0": {"exists": False, "routes": []}}) == ["x.inet.0: there is no such table"]


def test_changes_are_told_in_words() -> None:
    lines = change_lines(BEFORE, AFTER)
    assert lines[0] == "vn1.inet.0: 2 added, 0 removed, 0 changed"
    assert lines[1].split()[:2] == ["added", "10.0.2.4/32"]
    assert lines[-1] == "vn2.inet.0: 0 added, 0 removed, 0 changed"


KEPT: dict[str, Any] = {"router": "vmx1", "taken": "2026-01-31T10:00:00+00:00", "tables": BEFORE}


def test_tables_that_were_kept_are_read_back() -> None:
    assert read_snapshot(json.dumps(KEPT)) == KEPT


@pytest.mark.parametrize(
    "text",
    [
        "",
        json.dumps(KEPT)[:200],
        "[]",
        "null",
        json.dumps(BEFORE),
        json.dumps(KEPT | {"taken": "yesterday"}),
        json.dumps(KEPT | {"taken": None}),
        json.dumps(KEPT | {"tables": []}),
        json.dumps(KEPT | {"tables": {"vn1.inet.0": [static("172.31.9.34/32")]}}),
        json.dumps(KEPT | {"tables": {"vn1.inet.0": {"routes": [{"prefix": "172.31.9.34/32"}]}}}),
        json.dumps(KEPT | {"tables": {"vn1.inet.0": table(static("pc1"))}}),
    ],
)
def test_what_is_no_read_snapshot_is_as_good_as_none(text: str) -> None:
    assert read_snapshot(text) == {}
