"""The whole site against the lab, as a user runs it: ``ansible-playbook`` on the lab's inventory."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from integration.test_teardown import Site, model
from lab.fixture import Lab, running_lab
from support.held_state import held
from support.playbook_run import ROOT, Run, passed, play
from support.standing_site import StandingSite, standing_site

GOLDEN = ROOT / "tests" / "golden"


def tables(lab: Lab, picture: str) -> dict[str, dict[str, Any]]:
    """Return the tables that a run kept, in the form of the golden ones."""
    kept = json.loads((lab.directory / "snapshots" / f"vmx1.{picture}.json").read_text())["tables"]
    return {name: {route["prefix"]: row(route) for route in table["routes"]} for name, table in kept.items()}


def row(route: dict[str, Any]) -> Any:
    """Return one route as the golden file writes it, and hold what it does not write to its header."""
    if route["protocol"] == "Static":
        assert (route["preference"], route["to_table"]) == (5, "inet.0")
        return "static"
    assert (route["protocol"], route["preference"], route["learned_from"]) == ("BGP", 170, "172.31.4.76")
    return {"med": route["med"], "localpref": route["local_preference"], "push": route["label"]}


def golden_tables() -> dict[str, Any]:
    """Return the four tables of the reference scenario."""
    found: dict[str, Any] = yaml.safe_load((GOLDEN / "reference-routes.yml").read_text())
    return found


@pytest.fixture
def fresh(lab: Lab) -> Lab:
    """The lab as it starts, with no pictures from earlier runs."""
    lab.reset()
    for kept in (lab.directory / "snapshots").glob("*"):
        kept.unlink()
    return lab


@dataclass(frozen=True)
class Look:
    """What the systems of a lab hold, and how often they were asked for what."""

    held: dict[str, Any]
    counters: dict[str, dict[str, int]]


def look(lab: Lab) -> Look:
    """Look at the systems of a lab."""
    return Look(held(lab), lab.counters())


@dataclass(frozen=True)
class Story:
    """A site on a lab of its own, told in check mode and then made; each run stands between two looks."""

    lab: Lab
    empty: Look
    foretold: Run
    untouched: Look
    made: StandingSite
    standing: Look


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The site, run once for all tests that begin with it. The test that takes it down comes last of them."""
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        empty = look(lab)
        foretold = passed(play(lab, "site.yml", "--check", "--diff"))
        untouched = look(lab)
        made = standing_site(lab, tmp_path_factory)
        yield Story(lab, empty, foretold, untouched, made, look(lab))


def test_check_mode_shows_the_whole_site_on_an_empty_lab_and_writes_nothing(story: Story) -> None:
    counters = story.untouched.counters
    assert counters["contrail"]["writes"] == counters["junos"]["locks"] == counters["junos"]["commits"] == 0
    assert story.untouched.held == story.empty.held
    for made in ("vn1", "64512:2", "1-to-2-left", "vrf-target target:64512:1", "virt_type", "172.31.8.198/32"):
        assert made in story.foretold.output, made
    assert story.foretold.changed == story.made.run.changed


def test_the_reference_scenario_gives_the_reference_tables_and_configuration(story: Story) -> None:
    golden = golden_tables()
    assert tables(story.lab, "before") == golden["before"]
    assert tables(story.lab, "after") == golden["after"]

    committed = story.lab.state()["routers"]["vmx1"]["configuration"]
    for statement in GOLDEN.joinpath("vmx-reference.conf").read_text().split("\n\n"):
        assert statement.strip() in committed
    assert story.made.counters["junos"]["commits"] == 1


def test_verification_finds_all_as_predicted_but_one_silent_guest(story: Story) -> None:
    shown = passed(play(story.lab, "playbooks/verify.yml")).output
    findings = re.findall(r"vn[12]\.inet\.0: (?!\d+ (?:destinations|added))[^\"]+", shown)
    assert len(findings) == 1, findings
    assert findings[0].startswith("vn2.inet.0: no ARP reply from 10.0.2.4/32")


def test_a_second_run_changes_nothing_anywhere(story: Story) -> None:
    first = story.standing.counters

    second = passed(play(story.lab, "site.yml"))

    counters = story.lab.counters()
    assert set(second.changed.values()) == {0}, second.output
    assert counters["contrail"]["writes"] == first["contrail"]["writes"]
    assert counters["junos"]["locks"] == first["junos"]["locks"]
    assert counters["junos"]["commits"] == first["junos"]["commits"]
    assert held(story.lab) == story.standing.held
    assert tables(story.lab, "before") == golden_tables()["before"]


def test_teardown_leaves_the_lab_as_it_was(story: Story) -> None:
    assert held(story.lab) != story.made.empty

    passed(play(story.lab, "playbooks/teardown.yml"))

    assert held(story.lab) == story.made.empty
    again = passed(play(story.lab, "playbooks/teardown.yml"))
    assert set(again.changed.values()) == {0}, again.output
    routes = subprocess.run(
        [story.lab.shell("pc1"), "-c", "ip route"], check=True, capture_output=True, text=True
    ).stdout
    assert "172.31.8.198" not in routes


def test_a_misspelt_network_fails_in_check_mode_before_anything_is_asked(fresh: Lab) -> None:
    chains = {
        "vn1-to-vn2": {
            "left": {"network": "vn1"},
            "right": {"network": "vn22"},
            "services": ["1-to-2"],
        }
    }
    failed = play(fresh, "site.yml", "--check", "--diff", service_chains=chains)
    assert failed.status != 0
    assert "service_chains.vn1-to-vn2.right.network: no network 'vn22' in service_chain_networks" in failed.output
    counters = fresh.counters()
    assert counters["contrail"]["writes"] == counters["junos"]["sessions"] == 0


def pictures(lab: Lab, **more: Any) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Make a site by the modules, without playbooks; return the router's tables before and after the policies."""
    site = Site(lab, model(**more))

    def tables_now() -> dict[str, dict[str, Any]]:
        lab.settle()
        found = site.router("vmx_info", gather=["routes"], tables=["vn1.inet.0", "vn2.inet.0"])["route_tables"]
        return {name: {route["prefix"]: row(route) for route in table["routes"]} for name, table in found.items()}

    site.set_up_services()
    before = tables_now()
    site.lead_through_services()
    return before, tables_now()


def test_two_services_in_one_chain_lead_in_by_the_first_and_out_by_the_last(fresh: Lab) -> None:
    chain = yaml.safe_load((ROOT / "inventory/lab/group_vars/all/service_chains.yml").read_text())["service_chains"]
    before, after = pictures(
        fresh,
        services={"second": {"mode": "in-network", "members": [{"left": "second-left", "right": "second-right"}]}},
        chains={"vn1-to-vn2": {**chain["vn1-to-vn2"], "services": ["1-to-2", "second"]}},
        ports=[
            {"name": "second-left", "network": "vn1", "addresses": ["10.0.1.6"], "virtual_machine": "second"},
            {"name": "second-right", "network": "vn2", "addresses": ["10.0.2.6"], "virtual_machine": "second"},
        ],
    )
    assert {name: len(table) for name, table in after.items()} == {"vn1.inet.0": 12, "vn2.inet.0": 12}
    far = {name: {after[name][prefix]["push"] for prefix in after[name].keys() - before[name].keys()} for name in after}
    assert far["vn1.inet.0"] == {before["vn1.inet.0"]["10.0.1.4/32"]["push"]}
    assert far["vn2.inet.0"] == {before["vn2.inet.0"]["10.0.2.6/32"]["push"]}


def test_a_newer_release_serves_the_same_inventory(tmp_path: Path) -> None:
    with running_lab(tmp_path, "--release", "5.0", "--no-hosts") as lab:
        before, after = pictures(lab)
        assert [len(table) for table in before.values()] == [3, 3]
        assert [len(table) for table in after.values()] == [6, 6]
