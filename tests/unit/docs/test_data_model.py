# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page on the data model names every key with a description, and every variable that the playbooks take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.model import (
    CHAINS,
    NETWORKS,
    ROUTERS,
    SERVICES,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.variables import VARIABLES
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.reading import Key, Reader, text
from support.collected import refuse
from tools.docs_pages import generate_data_model as generator

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTED: dict[str, dict[str, str]] = {
    name: entry for group in yaml.safe_load(generator.VARIABLES.read_text()).values() for name, entry in group.items()
}
# Plays and roles set these themselves, by vars, register, set_fact, or YAML in vars/derived.yml.
SET = re.compile(r"^\s*(?:register: )?(service_chain_\w+)(?:: |:?$)", re.MULTILINE)
USED = re.compile(r"\bservice_chain_\w*[a-z]\b")


def keys(path: str, reader: Reader[Any]) -> Iterator[tuple[str, Key]]:
    """Yield every key that may stand at or below a path."""
    if reader.item:
        yield from keys(path + reader.step, reader.item)
    for key, field in (reader.fields or {}).items():
        yield f"{path}.{key}", field
        yield from keys(f"{path}.{key}", field.read)


ALL_KEYS = [each for variable, (reader, _says) in generator.ROOTS.items() for each in keys(variable, reader)]


def faults_of(path: str, field: Key, page: str) -> Iterator[str]:
    """Yield what a key lacks: a description, what it takes, its place on the page."""
    if not field.says.endswith("."):
        yield "its description is no sentence"
    if not field.read.takes:
        yield "nothing says what it takes"
    if f"`{path.rsplit('.', 1)[1]}`" not in page:
        yield "it is not on the page"


def test_every_key_says_what_it_is() -> None:
    page = generator.page()
    refuse(
        (f"{path}: {fault}" for path, field in ALL_KEYS for fault in faults_of(path, field, page)),
        looked_at=len(ALL_KEYS),
    )


def test_a_field_without_a_description_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="says"):
        Key(text, required=True)  # type: ignore[call-arg]


def test_every_variable_of_the_playbooks_is_documented_and_every_documented_one_is_used() -> None:
    files = [*ROOT.glob("playbooks/**/*.yml"), *ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("roles/*/vars/*.yml")]
    texts = [re.sub(r"(?m)(^|\s)#.*$", "", file.read_text()) for file in files]
    used = {name for content in texts for name in USED.findall(content)}
    own = {name for content in texts for name in SET.findall(content)}
    model = {NETWORKS, SERVICES, ROUTERS, CHAINS}
    ours = {name for name in DOCUMENTED if name.startswith("service_chain_")}
    assert used - own - model <= ours <= used
    assert set(VARIABLES) == ours | model


@pytest.mark.parametrize("name", [name for name in DOCUMENTED if name.startswith("service_chain_")])
def test_the_default_is_that_of_the_playbooks(name: str) -> None:
    playbooks = "\n".join(file.read_text() for file in ROOT.glob("playbooks/**/*.yml"))
    written = re.findall(rf"\b{name} \| default\((.*)", playbooks)
    assert written, name
    stated = DOCUMENTED[name].get("default", "")
    assert all(stated in each or each.startswith("omit") for each in written), written


def test_the_page_is_what_the_generator_writes() -> None:
    assert generator.TARGET.read_text() == generator.page()
