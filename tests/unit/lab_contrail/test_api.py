# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's API counts, announces, pages and does wrong on order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from contract.lab_server import LabServer, running_server

PROJECT = ["default-domain", "default-project"]


@pytest.fixture(scope="module")
def server() -> Iterator[LabServer]:
    with running_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _as_fresh(server: LabServer) -> Iterator[None]:
    before = server.store.dump()
    yield
    server.store.restore(before)
    server.faults.clear()


def _create(server: LabServer, name: str) -> requests.Response:
    body = {"virtual-network": {"fq_name": [*PROJECT, name], "parent_type": "project"}}
    return requests.post(f"{server.url}/virtual-networks", json=body, timeout=5)


def _counted(server: LabServer, method: str, path: str, body: Any = None) -> dict[str, int]:
    before = dict(server.counters["contrail"])
    requests.request(method, server.url + path, json=body, timeout=5)
    return {name: count - before[name] for name, count in server.counters["contrail"].items()}


def test_lookups_are_reads(server: LabServer) -> None:
    body = {"type": "project", "fq_name": PROJECT}
    assert _counted(server, "POST", "/fqname-to-id", body) == {"reads": 1, "writes": 0}
    assert _counted(server, "POST", "/list-bulk-collection", {"type": "project"}) == {"reads": 1, "writes": 0}
    assert _counted(server, "GET", "/projects") == {"reads": 1, "writes": 0}


def test_refused_writes_count_as_writes(server: LabServer) -> None:
    assert _counted(server, "POST", "/virtual-networks", {"virtual-network": {}}) == {"reads": 0, "writes": 1}
    assert _counted(server, "DELETE", "/virtual-network/nothing") == {"reads": 0, "writes": 1}


def test_writes_over_http_are_announced(server: LabServer) -> None:
    heard: list[int] = []
    server.store.subscribe(lambda: heard.append(1))
    _create(server, "n")
    requests.get(f"{server.url}/virtual-networks", timeout=5)
    assert heard == [1]


def test_pages_cover_everything_once(server: LabServer) -> None:
    for name in "abcde":
        _create(server, name)
    seen: list[str] = []
    marker: str | None = ""
    while marker is not None:
        query = {"page_marker": marker, "page_limit": "2"}
        page = requests.get(f"{server.url}/virtual-networks", params=query, timeout=5).json()
        seen += [network["uuid"] for network in page["virtual-networks"]]
        marker = page["marker"]
    assert sorted(seen) == sorted(network["uuid"] for network in server.store.objects("virtual-network"))


def test_an_unchanged_object_is_not_sent_again(server: LabServer) -> None:
    url = _create(server, "n").json()["virtual-network"]["href"]
    tag = requests.get(url, timeout=5).headers["ETag"]
    again = requests.get(url, headers={"If-None-Match": tag}, timeout=5)
    assert (again.status_code, again.content) == (304, b"")


def test_links_carry_the_host_that_was_asked(server: LabServer) -> None:
    answer = requests.get(f"{server.url}/projects", headers={"Host": "api.example:8082"}, timeout=5).json()
    assert answer["projects"][0]["href"].startswith("http://api.example:8082/project/")


def test_a_fault_strikes_as_often_as_told(server: LabServer) -> None:
    match = {"method": "^POST$", "path": "^/virtual-networks$"}
    server.faults.add([{"server": "contrail", "kind": "status", "status": 503, "match": match, "times": 1}])
    assert _create(server, "n").status_code == 503
    assert server.store.find("virtual-network", [*PROJECT, "n"]) is None
    assert _create(server, "n").status_code == 200


def test_a_dropped_answer_leaves_the_work_done(server: LabServer) -> None:
    server.faults.add([{"server": "contrail", "kind": "drop_after", "match": {"method": "POST"}, "times": 1}])
    with pytest.raises(requests.ConnectionError):
        _create(server, "n")
    assert server.store.find("virtual-network", [*PROJECT, "n"]) is not None


def test_a_dropped_request_does_nothing(server: LabServer) -> None:
    server.faults.add([{"server": "contrail", "kind": "drop", "match": {"method": "POST"}, "times": 1}])
    with pytest.raises(requests.ConnectionError):
        _create(server, "n")
    assert server.store.find("virtual-network", [*PROJECT, "n"]) is None


def test_an_unknown_fault_is_refused(server: LabServer) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        server.faults.add([{"server": "contrail", "kind": "rpc_error"}])
    with pytest.raises(ValueError, match="no such attribute"):
        server.faults.add([{"server": "junos", "kind": "drop", "match": {"path": "x"}}])


def test_too_large_a_body_is_refused_with_a_page(server: LabServer) -> None:
    answer = requests.post(f"{server.url}/virtual-networks", data=b" " * 1_100_000, timeout=5)
    assert answer.status_code == 413
    assert "<pre>" in answer.text
