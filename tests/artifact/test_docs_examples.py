# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plays in the documentation run on a lab with the installed artifact alone; what no lab can run is checked for its
syntax."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab.fixture import Lab, running_lab
from support.documented_examples import Example, examples
from support.module_run import run_module

from artifact.conftest import ROOT, run

COLLECTION = Path("ansible_collections/opencontrail/service_chain")
# What examples call their Contrail.
CONTROLLER = "http://contrail.example.com:8082"
CONTROLLER_OF_MODULES = "http://172.31.4.76:8082"
# Modules about chains, whose examples a lab takes, with the hosts of their play: a fresh lab, and one with a chain.
BEFORE = {"chain_preflight": "localhost"}
AFTER = {
    "chain_wait": "routers",
    "chain_verify": "routers",
    "chain_diagnose": "localhost",
    "chain_adopt": "localhost",
    "chain_removal": "localhost",
}
PLAYS = [each for each in examples("yaml") if isinstance(each.content, list)]
RUN = [each for each in PLAYS if each.is_playbook and each.is_run]
NOT_RUN = [each for each in PLAYS if each not in RUN]


def play(lab: Lab, installed: Path, *arguments: str) -> str:
    """Run playbooks with the installed collection, in a directory without a configuration; return what that printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICE_CHAIN_LAB_DIRECTORY", str(lab.directory))
        arguments = ("--inventory", str(installed / COLLECTION / "inventory" / "lab"), *arguments)
        return run("ansible-playbook", *arguments, cwd=installed.parent, collections=installed)


def written(directory: Path, number: int, example: Example, controller: str, installed: Path) -> Path:
    """Write an example as a playbook; tasks stand in a play with the variables that playbooks of ours have."""
    content: list[Any] = yaml.safe_load(example.text.replace(CONTROLLER, controller))
    if not example.is_playbook:
        variables = [str(installed / COLLECTION / "playbooks/vars/derived.yml")]
        content = [{"hosts": "localhost", "gather_facts": False, "vars_files": variables, "tasks": content}]
    file = directory / f"{number:02}-{example.page.parent.name}-{example.page.stem}-{example.line}.yml"
    file.write_text(yaml.safe_dump(content, sort_keys=False))
    return file


def written_of_modules(file: Path, modules: Mapping[str, str], lab: Lab) -> str:
    """Write the examples of modules as a playbook; where daemons are is the lab's to say."""
    plays = []
    for module, hosts in modules.items():
        code = importlib.import_module(f"ansible_collections.opencontrail.service_chain.plugins.modules.{module}")
        tasks = yaml.safe_load(code.EXAMPLES.replace(CONTROLLER_OF_MODULES, lab.contrail_url))
        for task in tasks:
            options = task.get(f"opencontrail.service_chain.{module}", {})
            if "introspect" in options:
                options["introspect"] = lab.introspect
        plays.append({"name": f"Examples of {module}", "hosts": hosts, "gather_facts": False, "tasks": tasks})
    file.write_text(json.dumps(plays))
    return str(file)


@pytest.fixture(scope="module")
def own_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab for the plays, with the project that one of them names."""
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        project = {"kind": "project", "config": [{"name": "demo"}]}
        run_module("contrail_object", {**project, "api_url": [lab.contrail_url]})
        yield lab


def test_the_plays_of_the_documentation_run_one_after_the_other(own_lab: Lab, installed: Path, tmp_path: Path) -> None:
    url = own_lab.contrail_url
    files = [str(written(tmp_path, number, each, url, installed)) for number, each in enumerate(RUN)]
    assert len(files) > 8
    first = written_of_modules(tmp_path / "before.yml", BEFORE, own_lab)
    last = written_of_modules(tmp_path / "after.yml", AFTER, own_lab)
    said = play(own_lab, installed, first, *files, last)
    for module in (*BEFORE, *AFTER):
        assert f"PLAY [Examples of {module}]" in said


@pytest.mark.parametrize("example", NOT_RUN, ids=str)
def test_what_no_lab_can_run_is_at_least_well_formed(
    own_lab: Lab, installed: Path, tmp_path: Path, example: Example
) -> None:
    play(own_lab, installed, str(written(tmp_path, 0, example, own_lab.contrail_url, installed)), "--syntax-check")


def test_every_role_is_run_alone_by_an_example_or_needs_an_openstack() -> None:
    used = {
        word.rpartition(".")[2] for each in RUN for word in re.findall(r"opencontrail\.service_chain\.\w+", each.text)
    }
    roles = {path.name for path in (ROOT / "roles").iterdir()}
    assert roles - used == {"service_machines"}
