# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's routing tables for the reference scenario, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from lab.core.routes import RouteEntry, RouteTable
from lab.core.site import read_site
from lab.core.world import World
from models.chain_objects import ChainObjects, make_reference_objects
from models.vrf_configuration import REFERENCE_VRFS, commit_vrfs
from support.recorded import RECORDED

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "reference-routes.yml"
SEED = RECORDED / "seed" / "routes.yml"
TABLES = ("vn1.inet.0", "vn2.inet.0")
STATIC = RouteEntry("Static", 5, active=True, to_table="inet.0")

Expected = dict[str, dict[str, dict[str, Any]]]


def expected(path: Path) -> Expected:
    data: Expected = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def bgp(row: dict[str, int]) -> RouteEntry:
    return RouteEntry(
        "BGP",
        170,
        active=True,
        med=row["med"],
        local_preference=row["localpref"],
        learned_from="172.31.4.76",
        as_path="?",
        via="gr-0/0/0.32771",
        label=row["push"],
    )


def rows(table: RouteTable) -> dict[str, list[RouteEntry]]:
    """Return a table's entries by prefix, without what the article does not show."""
    return {
        one.prefix: [RouteEntry(**{**vars(entry), "communities": ()}) for entry in one.entries]
        for one in table.destinations
    }


def tables_of(world: World) -> dict[str, RouteTable]:
    return {table.name: table for table in world.route_tables()}


@pytest.fixture
def world() -> World:
    """The reference scenario before its policy is attached."""
    world = World(read_site())
    objects = ChainObjects(world.store)
    make_reference_objects(objects)
    commit_vrfs(world.router, REFERENCE_VRFS)
    objects.policy("vn1-to-vn2", "vn1", "vn2", ["1-to-2"])
    world.settle()
    return world


def attach(world: World) -> None:
    ChainObjects(world.store).attach("vn1-to-vn2", "vn1", "vn2")
    world.settle()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", TABLES)
def test_tables_equal_the_golden_ones(world: World, name: str, when: str) -> None:
    if when == "after":
        attach(world)
    wanted = {prefix: [STATIC if row == "static" else bgp(row)] for prefix, row in expected(GOLDEN)[when][name].items()}
    table = tables_of(world)[name]
    assert rows(table) == wanted
    assert list(rows(table)) == list(wanted)
    assert table.hidden == 0


@pytest.mark.skipif(not SEED.exists(), reason="recorded truth is not here")
def test_golden_tables_equal_the_recorded_ones() -> None:
    assert expected(GOLDEN) == expected(SEED)


def test_detaching_the_policy_brings_the_first_tables_back(world: World) -> None:
    before = {name: rows(tables_of(world)[name]) for name in TABLES}
    attach(world)
    ChainObjects(world.store).detach("vn1-to-vn2", "vn2")
    world.settle()
    assert {name: rows(tables_of(world)[name]) for name in TABLES} == before
