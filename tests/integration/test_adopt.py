# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chain that was made by hand, with the official client and over NETCONF, is taken over, and nothing changes."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jnpr.junos import Device
from jnpr.junos.utils.config import Config
from lab.fixture import Lab, running_lab
from support.playbook_run import ROOT, passed, play

pytest.importorskip("vnc_api")
by_hand = importlib.import_module("support.by_hand")  # it takes the official client

EARLIER = "---\n# what somebody wrote into the file before\n"
STEPS = "networks,routers,services,policies,verify"


def configure_router(lab: Lab) -> None:
    """Load the router's part of the scenario as somebody at its prompt would."""
    device = Device("127.0.0.1", port=lab.netconf_port, user="lab", passwd="lab-router-password", gather_facts=False)
    with device, Config(device, mode="exclusive") as candidate:
        candidate.load(path=str(ROOT / "tests" / "golden" / "vmx-reference.xml"), format="xml")
        candidate.commit()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab in which somebody made the chain by hand."""
    with running_lab(tmp_path_factory.mktemp("lab")) as running:
        by_hand.make_objects(running.contrail_url)
        configure_router(running)
        running.settle()
        yield running


@pytest.fixture(scope="module")
def adopted(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the playbook wrote about it."""
    file = tmp_path_factory.mktemp("adopted") / "chains.yml"
    file.write_text(EARLIER)
    before = lab.counters()
    done = passed(play(lab, "playbooks/adopt.yml", service_chain_adopt_file=str(file)))
    after = lab.counters()
    assert done.changed == {"localhost": 1, "vmx1": 0}, done.output  # the file, and nothing else
    assert after["contrail"]["writes"] == before["contrail"]["writes"]
    assert after["junos"].get("commits", 0) == before["junos"].get("commits", 0)
    return file


def test_a_file_that_was_there_is_kept_where_ansible_does_not_read_it(adopted: Path) -> None:
    (kept,) = (each for each in adopted.parent.iterdir() if each != adopted)

    assert kept.name.startswith("chains.yml.") and kept.name.endswith("~")
    assert kept.read_text() == EARLIER


def test_the_variables_describe_the_chain(adopted: Path) -> None:
    found: dict[str, Any] = yaml.safe_load(adopted.read_text())

    assert found == {
        "service_chain_networks": {
            "vn1": {"subnets": [{"cidr": "10.0.1.0/24"}], "route_target": "64512:1"},
            "vn2": {"subnets": [{"cidr": "10.0.2.0/24"}], "route_target": "64512:2"},
        },
        "service_chain_services": {
            "1-to-2": {
                "mode": "in-network",
                "template": "in-net",
                "members": [{"left": "1-to-2-left", "right": "1-to-2-right", "name": "pt1"}],
            }
        },
        "service_chain_routers": {
            "vmx1": {
                "filters": [
                    {"name": "ge000_to_dcrouter", "interfaces": ["ge-0/0/0.0"], "default_term": "t2"},
                ],
            }
        },
        "service_chains": {
            "through-1-to-2": {
                "left": {"network": "vn1", "external": [{"prefix": "172.31.9.34/32", "term": "t1"}]},
                "right": {"network": "vn2", "external": [{"prefix": "172.31.8.198/32", "term": "t11"}]},
                "services": ["1-to-2"],
            }
        },
    }


def test_what_nobody_could_know_is_asked_for_at_its_place(adopted: Path) -> None:
    lines = [line.strip() for line in adopted.read_text().splitlines()]

    questions = {"term: t1": "# host: HOST", "name: pt1": "# host: HOST", "default_term: t2": "# address: ADDRESS"}
    for known, asked in questions.items():
        assert lines[lines.index(known) + 1].startswith(asked)


def test_the_site_changes_nothing_with_them(lab: Lab, adopted: Path) -> None:
    found = yaml.safe_load(adopted.read_text())
    before = lab.counters()

    done = passed(play(lab, "site.yml", "--tags", STEPS, **found, contrail_objects_ports=[]))

    after = lab.counters()
    assert set(done.changed.values()) == {0}, done.output
    assert after["contrail"]["writes"] == before["contrail"]["writes"]
    assert after["junos"].get("locks", 0) == before["junos"].get("locks", 0)


def test_other_names_than_those_given_by_hand_are_refused_with_those(lab: Lab) -> None:
    done = play(lab, "playbooks/preflight.yml")

    assert done.status != 0
    for told in (
        "port 1-to-2-left is already in port tuple 1-to-2:pt1; use a different port for each member; if this is the "
        "member's tuple, use its name as the member's name [port-in-another-tuple]",
        "service instance 1-to-2 exists with template in-net, not 1-to-2-template; if it is yours, use that template; "
        "otherwise choose another name, or delete the instance first [instance-of-another-template]",
        "or detach through-1-to-2; to adopt it, use its name for the chain [rival-policy]",
    ):
        assert told in done.output


def test_a_second_adoption_leaves_the_file_as_it_is(lab: Lab, adopted: Path) -> None:
    done = passed(play(lab, "playbooks/adopt.yml", service_chain_adopt_file=str(adopted)))

    assert set(done.changed.values()) == {0}, done.output


def test_a_project_without_chains_is_refused_in_one_line(lab: Lab, tmp_path: Path) -> None:
    nowhere = {"contrail_objects_project": "admin", "service_chain_adopt_file": str(tmp_path / "none.yml")}
    done = play(lab, "playbooks/adopt.yml", **nowhere)

    assert done.status != 0
    assert "no service chain was found in default-domain:admin; set contrail_objects_domain and" in done.output
    assert not (tmp_path / "none.yml").exists()
