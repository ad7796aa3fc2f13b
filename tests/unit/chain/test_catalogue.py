# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of findings, and the page that is made of it."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.findings import catalogue, intent, links
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.consistency import dangling_names
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values import faults
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.finding import (
    ERROR,
    REASON,
    Finding,
    FindingKind,
)
from support.collected import refuse
from tools.docs_pages import generate_errors_and_cures as generator
from unit.chain.scenario import reference

FIELDS = ("says", "consequence", "cure")


def words_of(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name}


def test_every_place_gives_its_kinds_and_codes_are_unique() -> None:
    assert {"intent", "controller", "router"} <= set(catalogue.places())
    codes = [kind.code for kind in catalogue.CATALOGUE]
    assert len(codes) == len(set(codes))
    assert intent.SUBNETS_OVERLAP in catalogue.CATALOGUE


def faults_of(kind: FindingKind) -> Iterator[str]:
    """Yield what is wrong with a kind's sentences: their ends, and places that a finding does not fill."""
    for name in FIELDS:
        sentence = getattr(kind, name)
        if not sentence or sentence.strip() != sentence:
            yield f"{name} is empty, or begins or ends with a space"
        if sentence.endswith(".") and not sentence.endswith((" .", "...")):
            yield f"{name} ends with a full stop"
    values = {name: f"<{name}>" for field in FIELDS for name in words_of(getattr(kind, field))}
    shown = "".join(Finding(kind, "somewhere", values).shown().values())
    if "{" in shown or "}" in shown:
        yield f"a place is not filled: {shown}"
    yield from (f"{value} is not shown" for value in values.values() if value not in shown)


def test_every_kind_is_said_in_sentences_whose_places_are_filled() -> None:
    kinds = catalogue.CATALOGUE
    refuse((f"{kind.code}: {fault}" for kind in kinds for fault in faults_of(kind)), looked_at=len(kinds))


def test_a_sentence_that_ends_wrongly_is_told() -> None:
    assert list(faults_of(FindingKind("a-kind", ERROR, "too long.", "b ", ""))) == [
        "says ends with a full stop",
        "consequence is empty, or begins or ends with a space",
        "cure is empty, or begins or ends with a space",
    ]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (
            FindingKind("other-name", ERROR, "a", "b", "c"),
            "links.EXTRA_KIND: the code other-name is not the constant's name",
        ),
        (
            FindingKind("extra-kind", "fatal", "a", "b", "c"),
            "links.EXTRA_KIND: the severity fatal is neither error nor warning",
        ),
    ],
    ids=["code", "severity"],
)
def test_a_wrong_declaration_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: FindingKind, complaint: str) -> None:
    monkeypatch.setattr(links, "EXTRA_KIND", wrong, raising=False)
    with pytest.raises(ValueError, match=complaint.replace(".", r"\.")):
        catalogue.places()


def test_a_code_that_another_kind_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "SUBNETS_OVERLAP", intent.SUBNETS_OVERLAP, raising=False)
    with pytest.raises(ValueError, match=r"links\.SUBNETS_OVERLAP: .* is that of intent\.SUBNETS_OVERLAP already"):
        catalogue.places()


FAULTS: list[tuple[str, Any, FindingKind]] = [
    ("networks.vn1.route_target", "x", faults.VALUE_NOT_VALID),
    ("networks.vn1.subnet", "10.0.1.0/24", faults.KEY_UNKNOWN),
    ("networks.vn1.route_target", None, intent.ROUTE_TARGET_MISSING),
    ("networks.vn1.route_target", "64512:8000001", intent.ROUTE_TARGET_RESERVED),
    ("networks.vn1.route_target", "64512:2", intent.ROUTE_TARGET_OF_BOTH_SIDES),
    ("services.1-to-2.mode", "transparent", faults.NOT_SUPPORTED),
    ("services.1-to-2.members", [], faults.VALUE_MISSING),
    ("services.1-to-2.interfaces", ["left"], intent.INTERFACES_DO_NOT_FIT),
    ("services.idle", {"members": [{"left": "a", "right": "b"}]}, intent.SERVICE_IN_NO_CHAIN),
    ("chains.vn1-to-vn2.left.network", "vn3", intent.NAME_UNKNOWN),
    ("chains.vn1-to-vn2.right.network", "vn1", intent.PREFIXES_OVERLAP),
    ("chains.vn1-to-vn2.services", ["1-to-2", "1-to-2"], faults.GIVEN_TWICE),
]


@pytest.mark.parametrize(("path", "value", "kind"), FAULTS, ids=[kind.code for _path, _value, kind in FAULTS])
def test_a_fault_of_the_data_model_is_a_finding_of_its_kind(path: str, value: Any, kind: FindingKind) -> None:
    model = reference()
    *steps, last = path.split(".")
    place: Any = model
    for step in steps:
        place = place[step]
    place[last] = value
    with pytest.raises(IntentError) as refused:
        read_intent(**model)
    fault = next(each for each in refused.value.faults if each.kind is kind)
    shown = fault.finding.shown()
    assert (shown["severity"], f"{shown['where']}: {shown['message']}") == (ERROR, str(fault))
    assert kind.says == REASON


def test_dangling_names_are_of_one_kind() -> None:
    model = reference()
    model["routers"]["vmx1"]["vrfs"] = {"vn1": {}}
    whole = read_intent(**model)
    bent = type(whole)({}, {}, whole.routers, whole.chains, whole.ports)
    assert {fault.kind for fault in dangling_names(bent)} == {intent.NAME_UNKNOWN}


def test_the_page_has_every_kind() -> None:
    page = generator.page()
    for kind in catalogue.CATALOGUE:
        assert f"\n### {kind.code}\n" in page
        assert f"[`{kind.code}`](#{kind.code})" in page


def test_a_page_that_is_not_fresh_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generator, "TARGET", tmp_path / "page.md")
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    assert generator.main() == 1
    assert "make pages" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["generate"])
    assert generator.main() == 0
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    assert generator.main() == 0


def test_what_markdown_takes_for_markup_is_escaped() -> None:
    assert generator.shown("a_b of {name}: <x> or [y]") == r"a\_b of *name*: \<x\> or \[y\]"
