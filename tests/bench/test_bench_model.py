# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the check of the data model, and what follows from it, grow with the number of chains: as that number does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.design import design_variables, problems
from bench.conftest import Table
from bench.test_bench_preflight import site

FEW, TIMES = 500, 4
LIMIT_GROWTH = 5.5
"""For four times the chains; what grows with their square takes sixteen times as long."""

JsonDict = dict[str, Any]


def site_with_hosts(count: int) -> JsonDict:
    """Return the data model of a site whose endpoints and guests are hosts of the inventory."""
    model = site(count)
    endpoints = []
    for number, chain in enumerate(model["chains"].values()):
        for side in ("left", "right"):
            endpoints.append(f"endpoint-{side}-{number}")
            chain[side]["external"] = [{"prefix": chain[side]["external"][0], "host": endpoints[-1]}]
    guests = [f"guest-{number}" for number in range(count)]
    return {**model, "groups": {"routers": ["vmx1"], "endpoints": endpoints, "service_guests": guests}}


def seconds(function: Callable[..., Any], count: int) -> float:
    """Return how long it takes for so many chains."""
    model = site_with_hosts(count)
    began = time.process_time()
    assert function(model) is not None
    return time.process_time() - began


@pytest.mark.bench
@pytest.mark.parametrize("function", [problems, design_variables])
def test_four_times_the_chains_take_about_four_times_as_long(table: Table, function: Callable[..., Any]) -> None:
    seconds(function, 50)
    few, many = (min(seconds(function, count) for _try in range(2)) for count in (FEW, FEW * TIMES))
    name = f"{function.__name__}, ratio of {FEW * TIMES:,} chains to {FEW}"
    assert table.add(name, many / few, LIMIT_GROWTH, note=f"{few:.2f} s for {FEW}")
