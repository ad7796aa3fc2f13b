# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests tasks make: few, and as few for many objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from bench import scale
from contract.lab_server import LabServer, running_server
from integration.contrail.bed import Controller
from support.module_run import ModuleFailedError, run_module

WAIT = {"timeout": 20, "interval": 0.02}
CLIENT = "ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail"
PREFIX = "many"
PROJECT = ["default-domain", "default-project"]


@pytest.fixture
def crowded() -> Iterator[LabServer]:
    """A server with 2,000 networks that are nobody's business."""
    with running_server() as server:
        for number in range(2000):
            body = {"fq_name": [*PROJECT, f"crowd-{number:05d}"], "parent_type": "project"}
            server.store.insert("virtual-network", body)
        yield server


def test_the_second_run_of_whole_chains_makes_few_requests_and_no_write(contrail: Controller) -> None:
    parts = scale.everything(PREFIX, 300)
    for module, config in parts:
        contrail.run(module, config)
    contrail.settle()
    writes = contrail.writes

    again = [contrail.run(module, config) for module, config in parts]

    assert not any(result["changed"] for result in again)
    assert contrail.writes == writes
    assert sum(result["requests"] for result in again) <= 14


def of_chains(contrail: Controller, count: int) -> dict[str, list[dict[str, Any]]]:
    """Make networks, and ``count`` services with policies through them; return the options of the modules that wait."""
    parts = scale.everything(f"{PREFIX}{count}", 2 * count)
    waits = ("contrail_service_instance", "contrail_policy")
    for module, config in parts:
        waiting: dict[str, Any] = {"wait": WAIT} if module in waits else {}
        contrail.run(module, config, **waiting)
    return {module: config for module, config in parts if module in waits}


@pytest.mark.parametrize("module", ["contrail_service_instance", "contrail_policy"])
def test_where_nothing_changes_a_wait_costs_no_listing_of_its_own(contrail: Controller, module: str) -> None:
    """What the task has just read is what the first look looks at; service addresses are no part of it."""
    config = of_chains(contrail, 3)[module]
    plain = contrail.run(module, config)["requests"]

    waited = contrail.run(module, config, wait=WAIT)

    assert waited["waited"]["looks"] == 1
    assert waited["requests"] - plain == (1 if module == "contrail_service_instance" else 0)


def test_looks_for_routing_instances_are_as_few_for_many_networks(contrail: Controller) -> None:
    requests = {}
    for count in (2, 12):
        policies = of_chains(contrail, count)["contrail_policy"]
        # Written anew, so that every look asks the server.
        changed = [{**one, "description": "changed"} for one in policies]
        plain = contrail.run("contrail_policy", [{**one, "description": "first"} for one in policies])
        waited = contrail.run("contrail_policy", changed, wait=WAIT)
        requests[count] = waited["requests"] - plain["requests"]
        assert waited["waited"]["looks"] == 1
    assert requests == {2: 2, 12: 2}


def test_what_a_task_has_read_counts_for_one_look_only(contrail: Controller) -> None:
    """Where something is missing the next looks ask the server, although nothing was written."""
    config = of_chains(contrail, 2)["contrail_policy"]
    plain = contrail.run("contrail_policy", config)["requests"]
    store = contrail.world.store
    for stored in store.objects("routing-instance"):
        if re.fullmatch(r"service-.*service-00001", stored["fq_name"][-1]):
            store.drop(stored["uuid"])

    with pytest.raises(ModuleFailedError) as failure:
        contrail.run("contrail_policy", config, wait={"timeout": 0.1, "interval": 0.02})

    result = failure.value.result
    assert "service-00001 has no routing instance" in result["msg"]
    looks = result["waited"]["looks"]
    assert looks > 1
    assert result["requests"] == plain + 2 * (looks - 1)


def test_requests_of_a_second_run_do_not_grow_with_the_networks(contrail: Controller) -> None:
    counts = []
    for count in (250, 500):
        wanted = scale.networks(f"{PREFIX}{count}", count)
        contrail.run("contrail_vn", wanted)
        counts.append(contrail.run("contrail_vn", wanted)["requests"])

    assert counts == [1, 1]


def test_each_network_is_created_by_one_request(contrail: Controller) -> None:
    result = contrail.run("contrail_vn", scale.networks(PREFIX, 60))

    assert contrail.writes == 60
    assert result["requests"] - 60 <= 3


def test_one_network_among_thousands_is_looked_at_alone(crowded: LabServer) -> None:
    options = {"api_url": [crowded.url], "config": scale.networks(PREFIX, 1)}
    run_module("contrail_vn", options)
    before = dict(crowded.counters["contrail"])

    result = run_module("contrail_vn", options)

    assert result["changed"] is False
    assert result["requests"] <= 3
    assert crowded.counters["contrail"]["writes"] == before["writes"]


def test_hundreds_of_networks_among_thousands_are_asked_for_by_name(
    crowded: LabServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first page of all networks shows how few of them are wanted; the others are not downloaded."""
    monkeypatch.setattr(f"{CLIENT}.api.reading.PAGE", 400)
    options = {"api_url": [crowded.url], "config": scale.networks(PREFIX, 220)}
    run_module("contrail_vn", options)
    asked: list[str] = []
    take = crowded.faults.take

    def noted(server: str, **request: str) -> Any:
        asked.append(request["path"])
        return take(server, **request)

    monkeypatch.setattr(crowded.faults, "take", noted)

    assert run_module("contrail_vn", options)["changed"] is False

    pages = [path for path in asked if "page_marker" in path]
    names = [name for path in asked for name in re.findall(r"fq_names=([^&]*)", path)]
    assert len(pages) == 1
    assert sum(len(text.split(",")) for text in names) >= 220 - 60
    assert not any("crowd" in text for text in names)


def test_no_request_line_is_longer_than_servers_take(contrail: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    take = contrail.world.faults.take

    def noted(server: str, **request: str) -> Any:
        lengths.append(len(request["path"]))
        return take(server, **request)

    monkeypatch.setattr(contrail.world.faults, "take", noted)
    names = [
        f"a network with a long name, with blanks and ünicode {number:03d}".replace(",", "") for number in range(150)
    ]

    contrail.run("contrail_vn", [{"name": name} for name in names])

    assert max(lengths) < 8000
    assert contrail.run("contrail_vn", [{"name": name} for name in names])["changed"] is False
