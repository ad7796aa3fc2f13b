# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the documentation that no lab is needed for: variables, and the names in commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.preflight.intent import intent_findings
from support.documented_examples import ROOT, Example, examples
from tools.docs_pages import generate_data_model

YAML = list(examples("yaml"))
MODELS = [each for each in YAML if each.is_model]
VARIABLES = [each for each in YAML if isinstance(each.content, dict)]
COMMANDS = list(examples("console"))
# Guests whose routes somebody else sets are what most of the examples have.
EXPECTED_WARNINGS = {"guest-routes-not-set"}

DATA_MODEL = tuple(generate_data_model.ROOTS)
# Ansible's own, and those of the connection to routers.
CONNECTION = re.compile(r"^(ansible|vmx)_[a-z_]+$")


def role_options() -> set[str]:
    """Return the variables of all roles."""
    specs = [yaml.safe_load(file.read_text()) for file in ROOT.glob("roles/*/meta/argument_specs.yml")]
    return {name for spec in specs for entry in spec["argument_specs"].values() for name in entry.get("options") or {}}


KNOWN = {
    *DATA_MODEL,
    *role_options(),
    *(name for group in yaml.safe_load(generate_data_model.VARIABLES.read_text()).values() for name in group),
}


@pytest.mark.parametrize("example", MODELS, ids=str)
def test_a_data_model_in_the_documentation_is_taken_without_a_complaint(example: Example) -> None:
    given = {
        name.removeprefix("service_chain_").replace("service_chains", "chains"): example.content.get(name)
        for name in DATA_MODEL
    }
    intent = read_intent(**given)
    derived = derive(intent)
    found = [finding for finding in intent_findings(intent, derived) if finding.kind.code not in EXPECTED_WARNINGS]
    assert not found, [finding.shown() for finding in found]
    assert derived.summary


@pytest.mark.parametrize("example", VARIABLES, ids=str)
def test_every_variable_in_an_example_is_one_that_something_takes(example: Example) -> None:
    strange = [name for name in example.content if name not in KNOWN and not CONNECTION.match(name)]
    assert not strange


@pytest.mark.parametrize("example", COMMANDS, ids=str)
def test_what_commands_name_is_there(example: Example) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in example.text.splitlines():
        command = line.removeprefix("$ ").split("  #")[0]
        for target in re.findall(r"^make ((?:[a-z]+ ?)+)", command):
            assert set(target.split()) <= targets, command
        for path in re.findall(
            r"(?<![\w/.])(?:site\.yml|(?:playbooks|inventory/(?:lab|example)|tests)/[\w./-]*)", command
        ):
            assert Path(ROOT, path.split("::")[0]).exists(), command
        for name in re.findall(r"ansible-playbook .*\bopencontrail\.service_chain\.(\w+)", command):
            assert Path(ROOT, "playbooks", f"{name}.yml").exists(), command


def test_the_guides_have_examples_of_each_sort() -> None:
    pages = {each.page.name for each in MODELS}
    assert {"README.md", "scenarios.md", "first_chain.md", "data_model.md"} <= pages
    assert len(COMMANDS) > 10
