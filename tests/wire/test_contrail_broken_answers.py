# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every answer of whole conversations, broken in every way: the right result or an error, never a third."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api import sending
from support.examples import some
from support.module_run import ModuleFailedError, run_module
from wire.raw_api import PROJECT, Store, Wire, http, send_all, served

Options = dict[str, Any]
NETWORK = ("virtual-network", [*PROJECT, "vn1"])
POLICY = ("network-policy", [*PROJECT, "p"])


@dataclass(frozen=True)
class Conversation:
    """A run of a module, what the server has before, and what has to be true of it after a success."""

    module: str
    options: Options
    before: tuple[tuple[str, list[str]], ...]
    reached: Callable[[Store], bool]


CONVERSATIONS = {
    "create": Conversation(
        "contrail_vn",
        {"config": [{"name": "vn1", "route_targets": ["64512:1"]}]},
        (),
        lambda store: store.has("virtual-network", "vn1"),
    ),
    "change": Conversation(
        "contrail_vn",
        {"config": [{"name": "vn1", "route_targets": ["64512:1"], "annotations": {"a": "b"}}]},
        (NETWORK,),
        lambda store: "route_target_list" in store.objects["virtual-network", ":".join(NETWORK[1])],
    ),
    "attach": Conversation(
        "contrail_policy",
        {"config": [{"name": "p", "networks": [{"name": "vn1"}]}]},
        (NETWORK, POLICY),
        lambda store: True,
    ),
    "delete": Conversation(
        "contrail_vn",
        {"config": [{"name": "vn1"}], "state": "absent"},
        (NETWORK,),
        lambda store: not store.has("virtual-network", "vn1"),
    ),
    "delete any kind": Conversation(
        "contrail_object",
        {"kind": "virtual-network", "config": [{"name": "vn1"}], "state": "absent"},
        (NETWORK,),
        lambda store: not store.has("virtual-network", "vn1"),
    ),
    "delete what is gone": Conversation(
        "contrail_vn",
        {"config": [{"name": "vn1"}], "state": "absent"},
        (),
        lambda store: not store.has("virtual-network", "vn1"),
    ),
    "read": Conversation("contrail_info", {"kind": "virtual-network"}, (NETWORK,), lambda store: True),
    "count": Conversation("contrail_info", {"kind": "virtual-network", "count": True}, (NETWORK,), lambda store: True),
    "look before removal": Conversation(
        "chain_removal",
        {"intent": {"networks": {"vn1": {"subnets": [{"cidr": "10.0.1.0/24"}], "route_target": "64512:1"}}}},
        (NETWORK,),
        lambda store: True,
    ),
}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client wait for nothing."""
    monkeypatch.setattr(sending, "BACK_OFF", (0.0, 0.0))


def offsets(answer: bytes) -> dict[str, int]:
    """Return one place of each class at which an answer can be cut, by what is cut."""
    status = answer.index(b"\r\n")
    head = answer.index(b"\r\n\r\n")
    length = answer.index(b"Content-Length")
    places = {
        "nothing": 0,
        "inside HTTP/1.1": 4,
        "before the status": 9,
        "inside the status": 11,
        "after the status": 12,
        "after the status line": status + 2,
        "inside a header's name": length + 5,
        "before a header's value": length + 15,
        "inside a header's value": length + 17 if answer[length + 17 : length + 18].isdigit() else length + 16,
        "after a header": answer.index(b"\r\n", length) + 2,
        "before the last line of the head": head + 2,
        "inside the end of the head": head + 3,
        "after the head": head + 4,
        "inside the body": (head + 4 + len(answer)) // 2,
        "before the last byte": len(answer) - 1,
    }
    return {what: place for what, place in places.items() if place < len(answer)}


HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head></html>"
INSTEAD = {
    "empty": http(b""),
    "empty object": http(b"{}"),
    "empty list": http(b"[]"),
    "null": http(b"null"),
    "a number": http(b"7"),
    "another key": http(b'{"floating-ips": []}'),
    "null under any key": http(b'{"virtual-networks": null, "projects": null, "uuid": null, "virtual-network": null}'),
    "numbers under any key": http(b'{"virtual-networks": 7, "projects": [1], "uuid": 5, "virtual-network": 1}'),
    "html": http(HTML, kind="text/html"),
    "html called JSON": http(HTML),
    "half of the JSON": http(b'{"virtual-networks": ['),
    "deep": http(b"[" * 200_000 + b"]" * 200_000),
    "deep in the right place": http(b'{"virtual-networks": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    "digits": http(b'{"virtual-networks": [{"uuid": "u", "fq_name": ["x"], "n": ' + b"9" * 5000 + b"}]}"),
    "a number without an end": http(b'{"virtual-networks": [{"uuid": "u", "fq_name": ["x"], "n": 1e999}]}'),
    "references that name nothing": http(
        b'{"virtual-networks": [{"uuid": "u", "fq_name": ["x"], "network_policy_refs": [{"to": [1], "uuid": "u"}]}]}'
    ),
    "no length": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
    "no length, with a list": b'HTTP/1.1 200 OK\r\n\r\n{"virtual-networks": [], "projects": []}',
    "a chunk without an end": b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"vir',
    "packed, and not": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "packed in another way": b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
    "redirect that keeps the method": b"HTTP/1.1 307 x\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "busy": http(b"", "503 Service Unavailable"),
}


def run(case: Conversation, damage: Callable[[int, socket.socket, bytes], bool]) -> tuple[Options, Store, Wire]:
    """Run a conversation over a damaged wire."""
    store = Store(*case.before)
    wire = Wire(store.answer, damage)
    with served(wire.serve) as address:
        try:
            result = run_module(case.module, {"api_url": [f"http://{address}"], "timeout": 5, **case.options})
        except ModuleFailedError as failed:
            return failed.result, store, wire
    return result, store, wire


def comparable(result: Options) -> Options:
    """Return a result without what is another one each time."""
    objects = [{key: value for key, value in each.items() if key != "uuid"} for each in result.get("objects", [])]
    text = json.dumps({**result, "objects": objects, "requests": 0}, default=str)
    return json.loads(text)  # type: ignore[no-any-return]


def answers_of(case: Conversation) -> tuple[Options, list[bytes]]:
    """Return what a conversation comes to, and its answers, when nothing is broken."""
    result, store, wire = run(case, lambda _number, connection, answer: send_all(connection, answer))
    assert not result.get("failed"), result["msg"]
    assert case.reached(store)
    return comparable(result), wire.answers


def judge(case: Conversation, right: Options, what: str, outcome: tuple[Options, Store, Wire]) -> None:
    """Hold an outcome to the law."""
    result, store, wire = outcome
    if result.get("failed"):
        message = result["msg"]
        assert "\n" not in message, what
        assert "unexpected error" not in message, (what, message)
        assert "Traceback" not in json.dumps(result, default=str), what
        told = (
            " answered HTTP 30" in message
            or result["changed"]
            or "may have been done" in message
            or "is not known" in message
        )
        assert told or store.writes == 0, (what, message)
        return
    assert case.reached(store), (what, wire.asked)
    assert comparable(result) == right, (what, wire.asked)


CASES = [*((name, False) for name in CONVERSATIONS), ("create", True), ("delete", True)]


@pytest.mark.parametrize(("name", "persists"), CASES)
def test_every_answer_may_be_cut_anywhere(name: str, persists: bool) -> None:
    case = CONVERSATIONS[name]
    right, answers = answers_of(case)
    for number, whole in enumerate(answers):
        for what in some(offsets(whole), number):

            def cut(
                count: int, connection: socket.socket, answer: bytes, number: int = number, what: str = what
            ) -> bool:
                if count < number or (count > number and not persists):
                    return send_all(connection, answer)
                connection.sendall(answer[: offsets(answer).get(what, len(answer))])
                return False

            judge(case, right, f"answer {number} cut: {what}", run(case, cut))


@pytest.mark.parametrize(("name", "persists"), CASES)
def test_every_answer_may_be_another_one(name: str, persists: bool) -> None:
    case = CONVERSATIONS[name]
    right, answers = answers_of(case)
    for number in range(len(answers)):
        for what, other in some(INSTEAD.items(), number):

            def replace(
                count: int, connection: socket.socket, answer: bytes, number: int = number, other: bytes = other
            ) -> bool:
                if count < number or (count > number and not persists):
                    return send_all(connection, answer)
                connection.sendall(other)
                return False

            judge(case, right, f"answer {number} is {what}", run(case, replace))


@pytest.mark.parametrize(
    ("module", "place"),
    [
        ("contrail_vn", "contrail.module.parse_config"),
        ("contrail_object", "contrail.any_kind.module.parse_planned"),
        ("contrail_info", "contrail.any_kind.module.read_objects"),
        ("chain_preflight", "site.preflight.read_intent"),
        ("chain_removal", "site.removal.read_intent"),
        ("chain_diagnose", "site.diagnosis.read_intent"),
    ],
)
def test_an_error_that_nobody_foresaw_is_one_line(module: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any, **_named: Any) -> None:
        raise KeyError("two\nlines")

    utils = "ansible_collections.opencontrail.service_chain.plugins.module_utils"
    monkeypatch.setattr(f"{utils}.{place}", fail)
    given: Options = {"intent": {}} if module.startswith("chain") else {"config": [{"name": "x"}]}
    if module == "contrail_info":
        given = {}
    options = {**given, **({"kind": "virtual-network"} if module in {"contrail_info", "contrail_object"} else {})}
    line = r"unexpected error \(please report it\): KeyError: 'two\\nlines' \(test_contrail_broken_answers\.py, line \d"
    with pytest.raises(AssertionError, match=line):  # so it would be in every other test
        run_module(module, {"api_url": ["http://127.0.0.1:9"], **options})


PROOFS: dict[str, Options] = {
    "contrail_vn": {"config": [{"name": "vn1"}], "state": "absent"},
    "contrail_service_instance": {"config": [], "sweep_orphans": True},
    "contrail_service_template": {"config": [{"name": "fw"}], "state": "absent"},
    "contrail_object": {"kind": "virtual-machine", "config": [{"name": "vm1"}], "state": "absent"},
    "chain_removal": {"intent": {}},
}


@pytest.mark.parametrize("module", PROOFS)
def test_nothing_is_gone_where_not_even_the_project_can_be_read(module: str) -> None:
    store = Store()
    store.objects.clear()
    wire = Wire(store.answer)
    with served(wire.serve) as address, pytest.raises(ModuleFailedError) as caught:
        run_module(module, {"api_url": [f"http://{address}"], **PROOFS[module]})
    assert str(caught.value) == (
        "there is no project default-domain:default-project (or this user has no permission to read it), "
        "so its objects cannot be checked; check domain, project and api_url"
    )
    assert store.writes == 0


def test_what_was_found_proves_its_project() -> None:
    store = Store(NETWORK)
    wire = Wire(store.answer)
    with served(wire.serve) as address:
        config = [{"name": "vn1"}, {"name": "vn2"}]
        run_module("contrail_vn", {"api_url": [f"http://{address}"], "config": config, "state": "absent"})
    assert [target for _method, target in wire.asked if target.startswith("/projects")] == []
