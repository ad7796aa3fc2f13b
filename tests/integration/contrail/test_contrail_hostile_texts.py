# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any text, by way of the API: it is stored as it was given, or refused in one line with its path and not written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from integration.contrail.bed import Controller
from models.hostile_texts import TEXTS
from support.examples import examples
from support.module_run import ModuleFailedError

FREE = ("display_name", "description", "annotations")


def stored(network: dict[str, Any], option: str) -> str:
    """Return the text that a network has where an option puts it."""
    if option == "annotations":
        pairs = {each["key"]: each["value"] for each in network["annotations"]["key_value_pair"]}
        return str(pairs["note"])
    return str(network["id_perms"]["description"] if option == "description" else network[option])


def is_text(word: str) -> bool:
    """Tell whether Ansible takes a text at all: it hands modules no half of a surrogate pair."""
    return not any("\ud800" <= letter <= "\udfff" for letter in word)


@pytest.mark.parametrize("option", FREE)
@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=TEXTS.filter(bool).filter(is_text))
def test_a_text_is_stored_as_it_was_given_or_refused(contrail: Controller, option: str, word: str) -> None:
    contrail.reset()
    value = {"note": word} if option == "annotations" else word
    try:
        contrail.run("contrail_vn", [{"name": "vn1", option: value}])
    except ModuleFailedError as error:
        message = error.result["msg"]
        assert message.startswith(f"config[0].{option}"), message
        assert message.isprintable()
        assert contrail.writes == 0
        assert not word.isprintable()
        return
    network = contrail.find("virtual-network", "vn1")
    assert network is not None
    assert stored(network, option) == word
    assert contrail.run("contrail_vn", [{"name": "vn1", option: value}])["changed"] is False


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=TEXTS.filter(is_text))
@example(word="../../default-domain")
@example(word="vn1\n")
def test_a_name_is_the_object_s_or_refused(contrail: Controller, word: str) -> None:
    contrail.reset()
    try:
        made = contrail.run("contrail_vn", [{"name": word}])
    except ModuleFailedError as error:
        message = error.result["msg"]
        assert message.startswith("config[0].name"), message
        assert message.isprintable()
        assert contrail.writes == 0
        return
    assert word.isprintable()
    assert made["objects"][0]["fq_name"].endswith(word)
    assert contrail.has("virtual-network", made["objects"][0]["fq_name"])
