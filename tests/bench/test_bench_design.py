# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs that 200 hosts have their variables: the design once, and the references of each host to its part."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.conftest import Table
from models.many_chains import many_chains, variables_of
from support.designed import CHECK, HOST, inventory_of, play, run

CHAINS = 100
LIMIT_SECONDS = 5.0
"""CPU, beside that of the same run without the design. Both use a filter, which each worker loads for itself."""


@pytest.mark.bench
def test_the_design_for_two_hundred_hosts(table: Table, tmp_path: Path) -> None:
    model = many_chains(CHAINS)
    endpoints = []
    for chain in model["chains"].values():
        for side in ("left", "right"):
            (external,) = chain[side]["external"]
            endpoints.append(f"{side}-{external['prefix'].replace('/', '-')}")
            chain[side]["external"] = [{**external, "host": endpoints[-1]}]
    inventory = inventory_of(variables_of(model), {"routers": ["vmx1"], "endpoints": endpoints})
    lengths = " + ".join(f"({name} | length)" for name in HOST)
    seconds = {}
    for what, plays in {
        "nothing": [play("endpoints", {"ansible.builtin.debug": {"msg": "{{ '1' | from_json }} routes"}})],
        "design": [CHECK, play("endpoints", {"ansible.builtin.debug": {"msg": "{{ " + lengths + " }} routes"}})],
    }.items():
        ran = run(tmp_path, inventory, plays)
        assert ran.status == 0, ran.output
        assert ran.output.count('"msg": "1 routes"') == len(endpoints) == 2 * CHAINS
        seconds[what] = ran.seconds
    cost = seconds["design"] - seconds["nothing"]
    assert table.add(f"the design for {len(endpoints)} hosts, CPU", cost, LIMIT_SECONDS, unit=" s")
