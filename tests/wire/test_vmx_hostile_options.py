# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is given for whichever option of a router module: one line, and no traceback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx import module as edge
from hypothesis import given
from hypothesis import strategies as st
from models.hostile_texts import HOSTILE
from support.examples import examples
from support.module_run import ModuleFailedError, run_module

OPTIONS: dict[str, Mapping[str, Mapping[str, Any]]] = {
    "vmx_vrf": edge.VRF_OPTIONS,
    "vmx_peering": edge.PEERING_OPTIONS,
    "vmx_commit": edge.DECISION_OPTIONS,
    "vmx_info": edge.INFO_OPTIONS,
}
NOWHERE = {"host": "127.0.0.1", "port": 1, "user": "lab", "password": "not-told", "connect_timeout": 2}
GOOD: dict[str, Any] = {
    "token": "00000000-00000000",
    "name": "vn1",
    "destination": "10.0.0.1",
    "address": "10.0.0.1",
    "filter": "f",
    "prefix": "10.0.0.0/8",
}
CORE = ("Elements value", "argument", "value of ")
"""What Ansible's own messages about options say, which show a value as it is."""

ENDLESS = int("9" * 4000)  # Python writes out and reads 4,300 digits
TEXTS = [text for text in HOSTILE if text.encode("utf-8", "ignore").decode() == text]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.sampled_from(["9" * 5000, "x" * 5000, ENDLESS, 1.5, "", "10.0.0.0/8", "a\x1bb", *TEXTS]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "from", "x", "1"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(options: Mapping[str, Mapping[str, Any]], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each option and suboption."""
    for name, option in options.items():
        yield (*above, name)
        yield from places(option.get("options") or {}, (*above, name))


def task(options: Mapping[str, Mapping[str, Any]], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return options with a value at a path, and good ones where they are required."""
    given: dict[str, Any] = {name: GOOD.get(name, "1") for name, option in options.items() if option.get("required")}
    name, *rest = path
    if rest:
        inner = task(options[name]["options"], tuple(rest), value)
        given[name] = [inner] if options[name]["type"] == "list" else inner
    else:
        given[name] = value
    return given


@pytest.mark.parametrize("name", OPTIONS)
@examples(120)
@given(data=st.data())
def test_any_value_of_any_option_ends_in_one_line(name: str, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(places(OPTIONS[name]))))
    value = data.draw(VALUES)
    try:
        run_module(name, {**NOWHERE, **task(OPTIONS[name], path, value)})
    except ModuleFailedError as error:
        message = str(error)
        assert message
        if not any(words in message for words in CORE):
            assert "\n" not in message
            assert max(map(len, message.split())) < 600, "a value is shown in full"
        assert "Traceback" not in message
        assert "unexpected error" not in message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tables": ["inet.0", "a\x1bb"]}, "tables[1]: has the character U+001B, which cannot be sent to a router"),
        ({"filters": ["\ud800".encode("utf-8", "replace").decode() + "\x00"]}, "filters[0]: has the character U+0000"),
        ({"host": "a\x00b"}, "cannot connect to router"),
        ({"host": "a b"}, "cannot connect to router a b:1"),
    ],
)
def test_characters_that_cannot_be_sent_are_refused_with_their_path(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ModuleFailedError) as caught:
        run_module("vmx_info", {**NOWHERE, **options})
    assert message in str(caught.value)


def test_an_error_that_nobody_thought_of_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_params: Any) -> None:
        raise KeyError("two\nlines")

    monkeypatch.setattr(edge, "connection_of", fail)
    with pytest.raises(AssertionError, match=r"unexpected error \(please report it\): KeyError: 'two\\nlines'"):
        run_module("vmx_info", NOWHERE)
