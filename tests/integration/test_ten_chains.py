# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten chains in one run, two of them broken in different ways: these two are told and taken back, the others stand."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab.fixture import Lab, running_lab
from lxml import html
from models.many_chains import many_chains, variables_of
from support.playbook_run import Run, passed, play

CHAINS = 10
DEAD, REFUSED = "chain3", "chain7"
OBJECTS_SECONDS = 12
ROUTES_SECONDS = 6
MORE_SECONDS = OBJECTS_SECONDS + ROUTES_SECONDS + 30
"""How much longer than the run after it a run with faults may take: both waits, the other eight chains, taking steering
back, a busy machine. Ten waits one after the other would take longer."""
PROJECT = "default-domain:default-project"
REASON = "Did not find service instance's interface"
NO_INSTANCE = "service-routing-instance-missing"
FAULTS = [
    {"server": "guest", "kind": "down", "match": {"port": "fw3-2-left|fw3-left"}},
    {
        "server": "schema",
        "kind": "message",
        "match": {"service": f"{PROJECT}:fw7", "network": f"{PROJECT}:left7"},
        "reason": REASON,
    },
]


def variables() -> dict[str, Any]:
    """Return the inventory's variables for ten chains, with a short wait for those that do not come up."""
    return {
        **variables_of(many_chains(CHAINS)),
        "contrail_objects_wait_timeout": OBJECTS_SECONDS,
        "chain_verify_timeout": ROUTES_SECONDS,
        "chain_verify_interval": 1,
    }


def play_without_hosts(lab: Lab, playbook: str) -> tuple[Run, float]:
    """Run a playbook on controller and router alone; return what it said and the seconds that it took."""
    begin = time.monotonic()
    run = play(lab, playbook, "--limit", "localhost,routers", **variables())
    return run, time.monotonic() - begin


def terms(lab: Lab) -> set[str]:
    """Return the names of the steering terms on the router, without the filter's tail."""
    return set(re.findall(r"term (chain\S+) \{", lab.state()["routers"]["vmx1"]["configuration"]))


def terms_of(chain: str) -> set[str]:
    """Return the names of the terms that a chain brings."""
    number = chain.removeprefix("chain")
    return {f"{chain}-198.{second}.{number}.0-24" for second in (18, 19)}


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab without hosts."""
    with running_lab(tmp_path_factory.mktemp("lab"), "--no-hosts") as lab:
        yield lab


@pytest.fixture(scope="module")
def broken(wide: Lab) -> tuple[Run, float]:
    """A run on an empty lab that breaks two of the chains, and its seconds."""
    wide.set_faults(FAULTS)
    return play_without_hosts(wide, "site.yml")


def last_words(run: Run) -> str:
    """Return the reason that the run gives for its end."""
    return run.output[run.output.rindex("fatal: [vmx1]") :]


def chains_in(text: str) -> set[str]:
    """Return which chains a text names."""
    return set(re.findall(r"\bchain\d+\b", text))


def test_exactly_the_broken_chains_are_told_each_with_its_first_broken_link_and_cure(broken: tuple[Run, float]) -> None:
    run, _seconds = broken
    assert run.status != 0, run.output
    assert chains_in(last_words(run)) == {DEAD, REFUSED}
    told = run.output[run.output.index("fatal: [vmx1]") : run.output.rindex("fatal: [vmx1]")]
    broken_at = re.findall(r"(chain\d+): broken at (.*?) \[([a-z-]+)\]", told)
    links = {chain: (line, code) for chain, line, code in broken_at}
    assert links.keys() == {DEAD, REFUSED}
    for chain, word, code in ((DEAD, "fw3-left is", "connected-route-down"), (REFUSED, REASON, NO_INSTANCE)):
        line, found = links[chain]
        assert found == code
        assert word in line
        assert "cure: " in line


def test_steering_is_taken_back_for_the_broken_chains_only(wide: Lab, broken: tuple[Run, float]) -> None:
    healthy = {f"chain{number}" for number in range(CHAINS)} - {DEAD, REFUSED}
    assert terms(wide) == set().union(*(terms_of(chain) for chain in healthy))
    run, _seconds = broken
    assert f"the steering that this run added for {DEAD}, {REFUSED} was rolled back" in last_words(run)


def test_the_report_names_the_same_two(wide: Lab, broken: tuple[Run, float]) -> None:
    report: html.HtmlElement = html.document_fromstring(Path(wide.directory / "snapshots" / "report.html").read_text())
    assert "2 chains down" in report.text_content()


def test_when_the_causes_are_gone_the_next_run_makes_all_ten_stand(wide: Lab, broken: tuple[Run, float]) -> None:
    wide.set_faults([])
    run, healthy_seconds = play_without_hosts(wide, "site.yml")
    assert len(terms(wide)) == 2 * CHAINS, run.output
    passed(run)
    _broken, seconds = broken
    assert seconds < healthy_seconds + MORE_SECONDS
