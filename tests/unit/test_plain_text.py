# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever controllers, routers and hosts write, nothing that a terminal obeys is shown to people."""

from __future__ import annotations

import contextlib
import io
import json
import unicodedata
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.content import read_report
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.markdown import markdown
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.page import page
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.verification.judge import (
    Diagnosis,
    Pinged,
    RouterRead,
    judge,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.collection_module import CollectionModule
from ansible_collections.opencontrail.service_chain.plugins.module_utils.openstack.servers import (
    machine_states,
    plan_machines,
    plan_removal,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.finding import (
    Finding,
    FindingKind,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import on_one_line, visible
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.replies.routes import RouteRow, RouteTable
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

OBEYED = frozenset(map(chr, [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029,
                             *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000),
                             0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xE0001, 0xE0041]))  # fmt: skip
NASTY = st.one_of(
    st.sampled_from(["a\x1b[2J", "\x07", "\x9b31m", "\u202ex", "\u2066x\u2069", "a\rb", "a\u2028b", "\x85", "\ud800"]),
    st.text(st.sampled_from([*"ab \n\t", *sorted(OBEYED)[::7]]), max_size=8),
    st.text(max_size=8),
)  # fmt: skip


def obeyed(value: Any) -> list[str]:
    """Return the characters in the texts of data, keys too, that a terminal obeys."""
    return [each for text in texts(value) for each in text if each in OBEYED]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from (*texts(key), *texts(inner))
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def test_the_list_here_holds_every_control_character() -> None:
    controls = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Zl", "Zp", "Cs")}
    assert controls - {"\n", "\t"} <= OBEYED


@examples(100)
@given(value=st.recursive(NASTY, lambda inner: st.lists(inner) | st.dictionaries(NASTY, inner), max_leaves=8))
def test_what_is_shown_holds_nothing_that_a_terminal_obeys_and_is_else_as_it_was(value: Any) -> None:
    shown = visible(value)
    assert not obeyed(shown)
    assert visible(shown) == shown
    if not obeyed(value):
        assert shown == value


@examples(50)
@given(where=NASTY, name=NASTY)
def test_findings_are_one_line_each(where: str, name: str) -> None:
    found = Finding(FindingKind("x", "error", "{name} is bad", "{name} falls", "mend {name}"), where, {"name": name})
    for text in (str(found), *found.shown().values()):
        assert not obeyed(text)
        assert "\n" not in text


@examples(25)
@given(name=NASTY, fails=st.booleans())
def test_modules_show_it_in_no_message_warning_diff_or_result(name: str, fails: bool) -> None:
    printed = io.StringIO()
    with (
        mock.patch.object(basic, "_ANSIBLE_ARGS", b'{"ANSIBLE_MODULE_ARGS": {}}'),
        mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy", create=True),
        contextlib.redirect_stdout(printed),
        pytest.raises(SystemExit),
    ):
        module = CollectionModule(argument_spec={})
        module.warn(f"warning: {name}")
        result: dict[str, Any] = {"before": {name: {"name": name}}, "diff": {"prepared": name}, "findings": [name]}
        module.fail_json(msg=f"no {name}", **result) if fails else module.exit_json(**result)
    told = json.loads(printed.getvalue())
    assert not obeyed({part: value for part, value in told.items() if part != "invocation"})


ROUTE: RouteRow = {"prefix": "10.0.1.0/24", "protocol": "BGP", "preference": 170, "active": True, "ports": []}


@examples(25)
@given(name=NASTY)
def test_verdicts_show_it_in_no_line(name: str) -> None:
    route: RouteRow = {**ROUTE, "next_hop": name, "learned_from": name, "via": name}
    tables: dict[str, RouteTable] = {
        name: {"exists": True, "destinations": 1, "routes": [route]},
        "b": {"exists": False, "routes": []},
    }
    pinged = {"item": {"chain": name, "host": name, "address": name, "service": name}, "rc": 1, "stdout": name,
              "stderr": name}  # fmt: skip
    finding = Finding(FindingKind("x", "warning", "{n}", "{n}", "{n}"), name, {"n": name}).shown()
    router = RouterRead(
        name, tables, [name, "b"], missing=[name], missing_chains=[name], snapshot={"tables": {}}, no_snapshot=name
    )
    predicted = {"b": tables[name], name: tables["b"]}
    diagnosis = Diagnosis([{"name": name, "stands": False, "message": name}], [finding], [name], failure=name)
    verdict = judge(read_intent(), [router], {name: predicted}, diagnosis, Pinged([pinged]))
    assert len(verdict.lines) > len(tables)
    assert not obeyed([verdict.lines, verdict.reasons, verdict.findings])


@examples(25)
@given(name=NASTY)
def test_plans_of_machines_show_it_in_no_line(name: str) -> None:
    server = {"name": "fw", "image": name, "flavor": name, "ports": [{"name": "p", "network": name}]}
    standing = {"name": "fw", "id": "1", "status": name, "fault": {"message": name}, "metadata": {}}
    port = {"name": "p", "id": "2", "network_id": name, "device_id": name, "description": "x", "fixed_ips": []}
    image = {"name": name, "id": name}
    networks = [{"name": name, "id": "n"}, {"name": name, "id": "m"}]
    found: dict[str, Any] = {
        "servers": [standing],
        "ports": [port],
        "images": [image],
        "flavors": [],
        "networks": networks,
    }
    assert not obeyed(plan_machines([server], found)["problems"])
    assert not obeyed(machine_states(["fw"], [standing])["problems"])
    assert not obeyed(plan_removal([server], found, "me")["kept"])
    assert not obeyed(plan_removal([server], found, "")["kept"])


@examples(10)
@given(name=NASTY, form=st.sampled_from(["html", "markdown"]))
def test_reports_show_it_nowhere(name: str, form: str) -> None:
    route = {**ROUTE, "next_hop": name, "learned_from": name}
    data = {
        "intent": {},
        "made": name,
        "prediction": {},
        "routers": {name: {"tables": {name: {"exists": True, "routes": [route]}}, "expected": [], "taken": name}},
        "chains": [],
        "findings": [Finding(FindingKind("x", "error", "{n}", "{n}", "{n}"), name, {"n": name}).shown()],
        "remarks": [name],
        "timings": [],
    }
    write = {"html": page, "markdown": markdown}[form]
    assert not obeyed(write(read_report(data), 20))


def test_of_a_word_that_is_longer_than_any_name_a_message_shows_the_beginning() -> None:
    assert on_one_line(f"config[0].name: {'n' * 255} is") == f"config[0].name: {'n' * 255} is"
    assert on_one_line(f"{'n' * 300} is\n{'m' * 5000}") == (
        f"{'n' * 255}... (300 characters) is {'m' * 255}... (5000 characters)"
    )
