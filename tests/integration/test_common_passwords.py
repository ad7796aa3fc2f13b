# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords that occur in what is read of the systems: Ansible masks them in results, and the site must not mind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from lab.core.site import DEFAULT_SITE
from lab.fixture import Lab, running_lab
from support.held_state import held
from support.playbook_run import Run, passed, play

OF_ROUTER, OF_CONTRAIL = "unit", "1"
"""An element of every configuration; a part of names, addresses, and places in lists."""


def site_with_these(directory: Path) -> Path:
    """Return the file of a site like the lab's own, without machines, and with these passwords."""
    site = yaml.safe_load(DEFAULT_SITE.read_text(encoding="utf-8"))
    del site["hosts"]
    router = site["routers"][0]
    router |= {"users": {"lab": OF_ROUTER}, "configuration": str(DEFAULT_SITE.parent / router["configuration"])}
    site["keystone"]["users"]["admin"]["password"] = OF_CONTRAIL
    file = directory / "site.yml"
    file.write_text(yaml.safe_dump(site), encoding="utf-8")
    return file


def run(lab: Lab, playbook: str, **variables: Any) -> Run:
    connection = {
        "api_url": [lab.contrail_url],
        "auth": "keystone",
        "auth_url": lab.keystone_url,
        "username": "admin",
        "password": OF_CONTRAIL,
        "project_name": "admin",
    }
    given = {"ansible_password": OF_ROUTER, "contrail_connection": connection, "vmx_gateway_steering": "after_verify"}
    return passed(play(lab, playbook, "--limit", "localhost,routers", **given, **variables))


def test_a_second_run_changes_nothing_and_teardown_leaves_nothing(tmp_path: Path) -> None:
    options = ("--site", str(site_with_these(tmp_path)), "--no-hosts", "--auth", "keystone")
    with running_lab(tmp_path / "lab", *options) as lab:
        empty = held(lab)
        run(lab, "site.yml")
        made = held(lab)
        again = run(lab, "site.yml")
        assert set(again.changed.values()) == {0}, again.output
        assert held(lab) == made

        adopted = tmp_path / "adopted.yml"
        run(lab, "playbooks/adopt.yml", service_chain_adopt_file=str(adopted))
        chains = yaml.safe_load(adopted.read_text(encoding="utf-8"))["service_chains"]
        assert chains["vn1-to-vn2"]["left"]["external"][0]["prefix"] == "172.31.9.34/32"

        run(lab, "playbooks/teardown.yml")
        assert held(lab) == empty
