# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on the controller and on the router is text to us, whatever it says: no template, no YAML, no HTML."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from jnpr.junos import Device
from jnpr.junos.utils.config import Config
from lab.fixture import Lab, running_lab
from lab.junos.running import PASSWORD, USER
from support.playbook_run import WITHOUT_HOSTS, passed, play
from support.standing_site import standing_site

EVALUATED = "evaluated-by-ansible"
TEMPLATE = "{{ lookup('ansible.builtin.pipe', 'echo evaluated-by-' ~ 'ansible') }}"
HOSTILE = f"{TEMPLATE} <script>alert(1)</script> & ]]> \"' $(id)"
REMARK = f"odd {TEMPLATE}\n- service_chains = {{}}\n<img src=x>"
"""The name of a policy that the data model cannot take over, which is told in a comment of the adopted file."""


class LoadedVariables(yaml.SafeLoader):
    """Reads variables as Ansible does: ``!unsafe`` marks a text that is never a template."""

    unsafe: list[str]


def _load(text: str) -> tuple[dict[str, Any], list[str]]:
    """Return the variables of a file, and its texts that are never templates."""
    unsafe: list[str] = []

    def construct(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
        unsafe.append(loader.construct_scalar(node))
        return unsafe[-1]

    LoadedVariables.add_constructor("!unsafe", construct)
    return yaml.load(text, LoadedVariables), unsafe


def _set(lab: Lab, kind: str, name: str, **values: Any) -> None:
    """Change an object as somebody else would."""
    full = ["default-domain", "default-project", name]
    asked = {"type": kind, "fq_name": full}
    identity = requests.post(f"{lab.contrail_url}/fqname-to-id", json=asked, timeout=10).json()
    answer = requests.put(f"{lab.contrail_url}/{kind}/{identity['uuid']}", json={kind: values}, timeout=10)
    answer.raise_for_status()


def _create(lab: Lab, kind: str, name: str, **values: Any) -> None:
    body = {"fq_name": ["default-domain", "default-project", name], "parent_type": "project", **values}
    requests.post(f"{lab.contrail_url}/{kind}s", json={kind: body}, timeout=10).raise_for_status()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab with the reference scenario, on which somebody wrote odd descriptions afterwards."""
    with running_lab(tmp_path_factory.mktemp("lab")) as running:
        standing_site(running, tmp_path_factory)
        rule = {
            "direction": "<>", "protocol": "any",
            "action_list": {"apply_service": ["default-domain:default-project:1-to-2"]},
            "src_addresses": [{"virtual_network": "any"}], "dst_addresses": [{"virtual_network": "any"}],
            "src_ports": [{"start_port": -1, "end_port": -1}], "dst_ports": [{"start_port": -1, "end_port": -1}],
        }  # fmt: skip
        _create(running, "network-policy", REMARK, network_policy_entries={"policy_rule": [rule]})
        _set(running, "virtual-network", "vn1", display_name=HOSTILE, id_perms={"description": HOSTILE})
        annotation = {"key_value_pair": [{"key": TEMPLATE, "value": HOSTILE}]}
        _set(running, "virtual-network", "vn2", annotations=annotation)
        device = Device("127.0.0.1", port=running.netconf_port, user=USER, passwd=PASSWORD, gather_facts=False)
        with device, Config(device, mode="exclusive") as candidate:
            text = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")
            instance = f"<instance><name>vn1</name><description>{text}</description></instance>"
            instances = f"<routing-instances>{instance}</routing-instances>"
            candidate.load(f"<configuration>{instances}</configuration>", format="xml")
            candidate.commit(comment=TEMPLATE)
        running.settle()
        yield running


@pytest.fixture(scope="module")
def adopted(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of variables that describes what stands in the lab."""
    file = tmp_path_factory.mktemp("adopted") / "chains.yml"
    done = passed(play(lab, "playbooks/adopt.yml", service_chain_adopt_file=str(file)))
    assert EVALUATED not in done.output
    return file


def test_adopted_variables_hold_the_texts_and_are_no_templates(adopted: Path, tmp_path: Path) -> None:
    assert EVALUATED not in adopted.read_text()
    found, unsafe = _load(adopted.read_text())
    assert found["service_chain_networks"]["vn1"]["description"] == HOSTILE
    assert found["service_chain_networks"]["vn1"]["display_name"] == HOSTILE
    assert found["service_chain_routers"]["vmx1"]["vrfs"]["vn1"]["description"] == HOSTILE
    assert found["service_chains"]
    assert unsafe.count(HOSTILE) >= 3
    shown = subprocess.run(
        [Path(sys.executable).with_name("ansible"), "localhost", "-m", "debug", "-e", f"@{adopted}",
         "-a", "msg={{ service_chain_networks }}"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert EVALUATED not in shown.stdout
    assert "lookup(" in shown.stdout


def test_a_site_with_the_adopted_variables_evaluates_nothing(lab: Lab, adopted: Path) -> None:
    before = lab.counters()["contrail"]["writes"]

    done = play(lab, "site.yml", "--diff", *WITHOUT_HOSTS, "--extra-vars", f"@{adopted}", contrail_objects_ports=[])

    assert EVALUATED not in done.output
    assert done.status == 0, done.output
    assert lab.counters()["contrail"]["writes"] == before


def test_what_a_run_leaves_on_the_control_node_nobody_else_can_write(lab: Lab, adopted: Path) -> None:
    directory = lab.directory / "snapshots"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (adopted, directory, *directory.iterdir())}
    assert modes == {
        "chains.yml": 0o644, "snapshots": 0o755, "vmx1.before.json": 0o644, "vmx1.after.json": 0o644,
        "report.html": 0o644, "report.md": 0o644,
    }  # fmt: skip


class _Page(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)


def test_preflight_verification_and_report_evaluate_nothing(lab: Lab) -> None:
    checked = play(lab, "playbooks/preflight.yml")
    verified = passed(play(lab, "playbooks/verify.yml", "-vvv"))

    written = [path for path in (lab.directory / "snapshots").iterdir() if path.is_file()]
    assert written
    for text in (checked.output, verified.output, *(path.read_text() for path in written)):
        assert EVALUATED not in text
    page = _Page()
    page.feed((lab.directory / "snapshots" / "report.html").read_text())
    assert not page.tags & {"script", "img", "iframe", "object"}
    assert not re.search(r"<script|<img", (lab.directory / "snapshots" / "report.md").read_text())
