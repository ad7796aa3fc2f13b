# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are lost, late or come from the wrong server, and others who write at the same time.

Each test ends with a look at what the server holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.transport import (
    HttpSettings,
    RequestsTransport,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.converge import Convergence
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import VIRTUAL_NETWORK
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import Task, parse_config
from contract.lab_server import LabServer, running_server
from integration.contrail.bed import Controller
from support.module_run import ModuleFailedError, run_module

CREATE = {"method": "POST", "path": "^/virtual-networks$"}
NETWORK = [{"name": "vn1", "route_targets": ["64512:1"]}]
MANY = [{"name": f"vn{number}", "route_targets": [f"64512:{number}"]} for number in range(1, 41)]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client go on at once where it would wait."""
    module = "ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.sending"
    monkeypatch.setattr(f"{module}.BACK_OFF", (0.0, 0.0, 0.0))


@pytest.fixture
def other() -> Iterator[LabServer]:
    """A server of its own that drops every write."""
    with running_server() as server:
        drop = {"server": "contrail", "kind": "drop", "match": {"method": "POST|PUT|DELETE"}}
        server.faults.add([drop])
        yield server


def names(contrail: Controller) -> list[str]:
    found = contrail.on_loop(lambda: contrail.world.store.objects("virtual-network"))
    return sorted(item["fq_name"][-1] for item in found if re.match(r"vn\d", item["fq_name"][-1]))


def converge(url: str, config: list[dict[str, Any]], **task: Any) -> list[str]:
    """Converge networks without Ansible, which knows one module at a time; return the actions."""
    client = ApiClient([url], RequestsTransport(HttpSettings(timeout=10)), parallel=4)
    items = parse_config(VIRTUAL_NETWORK, config, Scope())
    return [change.action for change in Convergence(client, VIRTUAL_NETWORK, items, Task(**task)).run()]


def test_a_deletion_whose_answer_was_lost_is_ours(contrail: Controller) -> None:
    contrail.run("contrail_vn", NETWORK)
    contrail.fault(match={"method": "DELETE"}, kind="drop_after", times=1)

    result = contrail.run("contrail_vn", NETWORK, state="absent")

    assert [item["action"] for item in result["objects"]] == ["deleted"]
    assert result["changed"] is True
    assert names(contrail) == []


def test_a_deletion_that_somebody_else_was_faster_with_is_no_change(contrail: Controller) -> None:
    contrail.run("contrail_vn", NETWORK)
    contrail.fault(match={"method": "DELETE"}, kind="status", status=404, body="ID x does not exist", times=1)

    result = contrail.run("contrail_vn", NETWORK, state="absent")

    assert [item["action"] for item in result["objects"]] == ["unchanged"]


def test_a_creation_that_comes_to_its_end_after_the_look_is_ours(contrail: Controller) -> None:
    contrail.fault(match=CREATE, kind="drop_after", times=1)
    contrail.fault(match={"path": "^/fqname-to-id$"}, kind="status", status=404, body="Name not found", times=1)

    result = contrail.run("contrail_vn", NETWORK)

    assert [item["action"] for item in result["objects"]] == ["created"]
    assert names(contrail) == ["vn1"]
    assert contrail.run("contrail_vn", NETWORK)["changed"] is False


def test_lost_answers_among_many_creations(contrail: Controller) -> None:
    contrail.fault(match=CREATE, kind="drop_after", times=5)
    contrail.fault(match=CREATE, kind="status", status=503, times=5)
    contrail.fault(match=CREATE, kind="drop", times=5)

    result = contrail.run("contrail_vn", MANY)

    assert {item["action"] for item in result["objects"]} == {"created"}
    assert len(names(contrail)) == len(MANY)
    assert contrail.run("contrail_vn", MANY)["changed"] is False


def test_tasks_that_create_the_same_at_once_all_succeed(contrail: Controller) -> None:
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: converge(contrail.url, MANY), range(4)))

    assert len(names(contrail)) == len(MANY)
    assert sum(outcome.count("created") for outcome in outcomes) >= len(MANY)
    assert converge(contrail.url, MANY) == ["unchanged"] * len(MANY)


def test_tasks_that_delete_the_same_at_once_all_succeed(contrail: Controller) -> None:
    contrail.run("contrail_vn", MANY)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: converge(contrail.url, MANY, state="absent"), range(4)))

    assert names(contrail) == []
    assert sum(outcome.count("deleted") for outcome in outcomes) == len(MANY)


def test_policies_that_tasks_attach_at_once_are_all_attached(contrail: Controller) -> None:
    """A reference is added by itself; a list of references that is read and written back would lose some."""
    policies = [f"policy{number}" for number in range(8)]
    contrail.run("contrail_vn", NETWORK)
    contrail.run("contrail_policy", [{"name": name} for name in policies])

    with ThreadPoolExecutor(4) as pool:
        wanted = [[{"name": "vn1", "policies": [{"name": name}]}] for name in policies]
        list(pool.map(lambda config: converge(contrail.url, config), wanted))

    stored = contrail.find("virtual-network", "vn1")
    assert stored is not None
    assert sorted(reference["to"][-1] for reference in stored["network_policy_refs"]) == policies


@pytest.mark.parametrize("match", [CREATE, {"method": "GET"}], ids=["creation", "read"])
def test_a_slow_server_is_asked_again(contrail: Controller, match: dict[str, str]) -> None:
    contrail.fault(match=match, kind="slow", seconds=1.5, times=1)

    result = contrail.run("contrail_vn", NETWORK, timeout=1)

    assert result["changed"] is True
    assert names(contrail) == ["vn1"]
    assert contrail.run("contrail_vn", NETWORK)["changed"] is False


def test_a_server_that_dies_in_mid_run_gives_way_to_the_next(contrail: Controller, other: LabServer) -> None:
    """The first server answers reads and drops the writes; the second one takes them."""
    result = run_module("contrail_vn", {"api_url": [other.url, contrail.url], "config": MANY})

    assert {item["action"] for item in result["objects"]} == {"created"}
    assert len(names(contrail)) == len(MANY)


def test_a_second_server_that_is_down_does_no_harm(contrail: Controller) -> None:
    contrail.fault(match={"method": "GET"}, kind="drop", times=1)

    result = run_module("contrail_vn", {"api_url": [contrail.url, "http://127.0.0.1:9"], "config": NETWORK})

    assert result["changed"] is True
    assert names(contrail) == ["vn1"]


def test_a_network_that_came_into_use_after_the_look_stays(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24"}]}])
    contrail.run("contrail_port", [{"name": "port1", "network": "vn1"}])

    with pytest.raises(
        ModuleFailedError, match="still used by virtual-machine-interface default-domain:default-project"
    ):
        contrail.run("contrail_vn", NETWORK, state="absent")

    assert names(contrail) == ["vn1"]
