# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every configuration goes through JSON and through a patch unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from lab.junos.compare import compare
from lab.junos.json_form import from_json, to_json
from lab.junos.load import load
from lab.junos.reading import from_patch
from lab.junos.tree import empty, plain
from lxml import etree
from models.junos_configurations import Junos
from support.examples import examples

SEEDS = st.integers(0, 2**32 - 1)


def loaded(document: etree._Element) -> etree._Element:
    """Return a configuration as the router keeps it."""
    candidate = empty()
    load(candidate, plain(document), "merge")
    return candidate


def shown(configuration: etree._Element) -> str:
    return etree.tostring(configuration, pretty_print=True, encoding="unicode")


@examples(50)
@given(seed=SEEDS)
def test_json_says_the_same(seed: int) -> None:
    before = loaded(Junos(seed).vpn_gateway())
    note(shown(before))
    printed = to_json(before)
    note(printed)
    assert shown(loaded(from_json(printed))) == shown(before)


def with_inputs(*names: str) -> etree._Element:
    lists = "".join(f"<input-list>{name}</input-list>" for name in names)
    unit = f"<unit><name>0</name><family><inet><filter>{lists}</filter></inet></family></unit>"
    return loaded(
        etree.fromstring(
            f"<configuration><interfaces><interface><name>ge-0/0/0</name>{unit}</interface></interfaces></configuration>"
        )
    )


@pytest.mark.parametrize(
    ("names", "others"),
    [(["a", "["], ["b"]), (["["], ["b"]), (["]", "["], ["]"]), (["a"], ["[", "]"]), ([], ["["]), (["["], [])],
)
def test_a_value_that_is_a_bracket_is_no_list(names: list[str], others: list[str]) -> None:
    before, after = with_inputs(*names), with_inputs(*others)
    documents, complaints = from_patch(compare(before, after))
    assert complaints == []
    for document in documents:
        load(before, document, "patch")
    assert [line for line in compare(before, after).splitlines() if line.startswith(("+", "-"))] == []


@examples(50)
@given(seed=SEEDS)
def test_the_difference_between_two_configurations_leads_from_one_to_the_other(seed: int) -> None:
    junos = Junos(seed)
    junos.deactivates = 0  # the values of a list are shown in one line, whichever of them are deactivated
    before = loaded(junos.vpn_gateway())
    after = loaded(junos.vpn_gateway())
    patch = compare(before, after)
    note(patch)
    documents, complaints = from_patch(patch)
    assert complaints == []
    for document in documents:
        assert [one for one in load(before, document, "patch") if one.severity == "error"] == []
    left = [line for line in compare(before, after).splitlines() if line.startswith(("+", "-"))]
    assert left == []
