# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one task hands to another arrives whole, whatever the password is; what people see is masked all the same."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from ansible.module_utils import basic
from ansible_collections.opencontrail.service_chain.plugins.module_utils.collection_module import (
    CollectionModule,
    changes,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.handover import (
    KEY,
    HandoverError,
    handed_over,
    sealed,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.plain_text import visible
from hypothesis import example, given
from hypothesis import strategies as st
from models.hostile_texts import TEXTS
from support.examples import examples

ROOT = Path(__file__).resolve().parents[2]
OURS = "opencontrail.service_chain."

DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
CONFIGURATION = "<configuration><routing-instances><instance><name>lab</name></instance></routing-instances>"
RESULT = {
    "changed": False,
    "configuration": {"written": CONFIGURATION, "effective": CONFIGURATION},
    "route_tables": {"vn1.inet.0": {"destinations": 10, "routes": [{"prefix": "10.0.1.0/24", "label": 30}]}},
    "goes": {"policies": [0, 1, 10]},
    "session": {"source": "192.0.2.10", "port": 830},
}
WORDS = ("lab", "vrf", "unit", "set", "name", "configuration", "1", "10", "0", "a", "<", "e", "/", "*", "********",
         "ABC", "handover", "+/", " ", "True", "ü", "\x1b", "pa\x9bss", "\u202e")  # fmt: skip


def told(result: dict[str, Any], *secrets: str, fails: bool = False) -> dict[str, Any]:
    """Return what a module with these secrets prints for a result: what Ansible takes from it."""
    spec: Any = {f"secret_{place}": {"type": "str", "no_log": True} for place, _secret in enumerate(secrets)}
    arguments = {f"secret_{place}": secret for place, secret in enumerate(secrets)}
    printed = io.StringIO()
    with (
        mock.patch.object(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()),
        mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy", create=True),
        mock.patch.object(basic.AnsibleModule, "_log_invocation", lambda _module: None),
        contextlib.redirect_stdout(printed),
        pytest.raises(SystemExit),
    ):
        module = CollectionModule(argument_spec=spec)
        module.fail_json(msg="no", **result) if fails else module.exit_json(**result)
    found: dict[str, Any] = json.loads(printed.getvalue())
    found.pop("invocation", None)  # ansible-core 2.21 has none
    return found


def as_read(registered: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """Return what a later task has of the parts of a result."""
    opened = handed_over(registered)
    return {name: opened.get(name) for name in result}


@pytest.mark.parametrize("secret", WORDS)
@pytest.mark.parametrize("fails", [False, True])
def test_a_result_arrives_whole_with_a_password_that_is_a_part_of_it(secret: str, fails: bool) -> None:
    registered = told(RESULT, secret, fails=fails)
    assert as_read(registered, RESULT) == RESULT
    shown = [value for name, value in registered.items() if name != "changed"]
    assert not any(secret in text for text in values(shown) if set(secret) != {"*"})


@examples(25)
@given(result=st.dictionaries(st.sampled_from(["gathered", "objects", "goes"]), DATA, min_size=1),
       secrets=st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=3), max_size=4))  # fmt: skip
def test_any_result_arrives_whole_with_any_passwords(result: dict[str, Any], secrets: list[str]) -> None:
    assert as_read(told(result, *secrets), result) == json.loads(json.dumps(result))


@examples(100)
@given(secrets=st.lists(st.text(max_size=3) | st.sampled_from(["A", "B", "AB", "ABC", "abc", "/", "+"]), max_size=40))
@example(secrets=[chr(code) for code in range(0x20, 0x7F)])
@example(secrets=[""])
def test_no_password_is_a_part_of_what_is_handed_over(secrets: list[str]) -> None:
    text = sealed(RESULT, secrets)
    assert not any(secret in text for secret in secrets if secret)
    assert handed_over({KEY: text}) == RESULT


def test_a_result_that_nothing_is_done_to_is_as_it_was() -> None:
    assert told(RESULT, "correct horse battery staple") == RESULT
    assert handed_over(RESULT) is RESULT


def test_what_is_only_shown_is_not_handed_over() -> None:
    assert told({"changed": True, "diff": {"prepared": "+ unit 0;"}, "warnings": []}, "unit")["diff"] == {
        "prepared": "+ ******** 0;"
    }
    assert KEY not in told({"changed": True, "diff": {"prepared": "+ unit 0;"}}, "unit")


@pytest.mark.parametrize("text", ["", "x", None, 5, ["x"], sealed(RESULT, [])[:-4], sealed([1], []), "A" * 80])
def test_what_was_changed_on_its_way_is_refused(text: Any) -> None:
    with pytest.raises(HandoverError, match=r"^handover: "):
        handed_over({KEY: text})


def values(data: Any) -> Iterator[str]:
    """Yield every text in data that Ansible masks."""
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        for inner in data:
            yield from values(inner)
    elif isinstance(data, str):
        yield data


# --- every result that another task reads -------------------------------------------------------------------------

FILES = [path for folder in ("roles", "playbooks") for path in sorted((ROOT / folder).rglob("*.yml"))]
READ_BY_MODULES = {"service_chain_router_facts", "service_chain_router_state"}
"""What is given to modules that open it themselves (their option ``routers``)."""
NOT_A_RESULT_OF_A_MODULE = {"chain_design", "chain_verify", "compute_plan"}
"""Action plugins whose results no module has masked; what modules returned is in them as these returned it."""
SHOWN = {"msg", "cautions", "kept", "orphans", "attempts", "results"}
"""What is only shown, and the list of a loop."""


def registered() -> dict[str, str]:
    """Return the variables that take results of our modules, and which module's."""
    found = {}
    for path in FILES:
        for task in tasks(yaml.safe_load(path.read_text(encoding="utf-8"))):
            action = next((key for key in task if key.startswith(OURS)), None)
            if action and "register" in task:
                found[task["register"]] = action.removeprefix(OURS)
    return found


def tasks(data: Any) -> Iterator[dict[str, Any]]:
    """Yield every task below plays, blocks and lists."""
    for entry in data if isinstance(data, list) else []:
        if isinstance(entry, dict):
            yield entry
            for part in ("tasks", "pre_tasks", "post_tasks", "block", "rescue", "always"):
                yield from tasks(entry.get(part))


def test_tasks_read_the_results_of_our_modules_as_these_made_them() -> None:
    names = registered()
    assert {"service_chain_removal", "service_chain_diagnosis"} <= set(names)
    of_actions = {name for name, by in names.items() if by in NOT_A_RESULT_OF_A_MODULE}
    bare = []
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        for name in set(names) - READ_BY_MODULES - of_actions:
            for use in re.finditer(rf"\b{name}\b\.(\w+)", text):
                if use.group(1) not in SHOWN:
                    bare.append(f"{path.relative_to(ROOT)}: {use.group()}")
    assert not bare


def test_every_module_ends_as_a_module_of_the_collection() -> None:
    bare = []
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if getattr(node.func, "id", getattr(node.func, "attr", "")) == "AnsibleModule":
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not bare


@examples(300)
@given(
    st.dictionaries(TEXTS, DATA, max_size=3),
    st.sets(st.sampled_from(WORDS) | TEXTS.filter(bool), max_size=2),
)
@example({"a": True}, {"True"})
@example({"a": None}, {"on"})
@example({"a": 'say "hi"'}, {'"hi'})
@example({"a": "tab\there"}, {"x"})
@example({"a": 1.5}, {"1.5"})
def test_what_is_told_from_the_text_of_a_result_is_what_a_walk_through_it_finds(
    result: dict[str, Any], secrets: set[str]
) -> None:
    as_read = json.loads(json.dumps(result))
    walked = visible(as_read) != as_read or (secrets and basic.remove_values(as_read, secrets) != as_read)
    assert changes(result, secrets) == bool(walked)
