"""Verification of chains that are down: what it reports while it waits, and what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lab.fixture import Lab
from lxml import html

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def verified(lab: Lab) -> str:
    """What verification prints on an empty lab, when it waits for a moment."""
    lab.reset()
    for kept in (lab.directory / "snapshots").glob("*"):
        kept.unlink()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {"SERVICE_CHAIN_LAB_DIRECTORY": str(lab.directory), "ANSIBLE_NOCOLOR": "1"}
    variables = {"chain_verify_wait": True, "chain_verify_timeout": 3, "chain_verify_interval": 1}
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")), "playbooks/verify.yml",
            "--extra-vars", json.dumps(variables),
        ],
        cwd=ROOT, env=environment, check=False, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode != 0, done.stdout
    return done.stdout


def test_what_is_missing_is_told_while_waiting_and_the_first_broken_link_at_the_end(verified: str, lab: Lab) -> None:
    missing = "vn1.inet.0 has no 172.31.8.198/32 by BGP (chain vn1-to-vn2)"
    (told,) = [line for line in verified.splitlines() if line.startswith("vmx1: after")]
    assert "still missing:" in told
    assert missing in told

    last = verified[verified.rindex("fatal:") :]
    assert "after 3 s" in last
    assert missing in last
    assert last.index("vn1-to-vn2: ") < last.index(missing)
    assert str(lab.directory / "snapshots" / "report.html") in last

    counters = lab.counters()
    assert counters["contrail"]["writes"] == counters["junos"]["locks"] == counters["junos"]["commits"] == 0
    assert counters["junos"]["sessions"] <= 2  # one for all looks of the wait, one for the diagnosis

    report: html.HtmlElement = html.document_fromstring((lab.directory / "snapshots" / "report.html").read_text())
    assert "1 chain down" in report.text_content()
    assert "network-not-there" in report.text_content()
    assert "until the tables of vmx1 held the chains" in report.text_content()
    assert "1 down" in (lab.directory / "snapshots" / "report.md").read_text()
