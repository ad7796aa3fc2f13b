# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules do when the API server or the way to it fails."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from integration.contrail.bed import Controller
from support.module_run import ModuleFailedError, run_module

CREATE = {"method": "POST", "path": "^/virtual-networks$"}
LIST = {"method": "GET", "path": "^/virtual-networks"}
NETWORK = [{"name": "vn1", "route_targets": ["64512:1"]}]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client go on at once where it would wait."""
    module = "ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.sending"
    monkeypatch.setattr(f"{module}.BACK_OFF", (0.0, 0.0, 0.0))


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fails(contrail: Controller, config: list[dict[str, Any]] | None = None, **options: Any) -> dict[str, Any]:
    with pytest.raises(ModuleFailedError) as caught:
        contrail.run("contrail_vn", NETWORK if config is None else config, **options)
    assert "\n" not in caught.value.result["msg"]
    return caught.value.result


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "drop"}])
def test_a_read_that_fails_is_repeated(contrail: Controller, fault: dict[str, Any]) -> None:
    contrail.fault(match=LIST, times=2, **fault)

    assert contrail.run("contrail_vn", NETWORK)["changed"] is True


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "drop"}])
def test_a_creation_that_did_not_happen_is_repeated(contrail: Controller, fault: dict[str, Any]) -> None:
    contrail.fault(match=CREATE, times=1, **fault)

    result = contrail.run("contrail_vn", NETWORK)

    assert result["objects"][0]["action"] == "created"
    assert contrail.find("virtual-network", "vn1") is not None


def test_a_creation_whose_answer_was_lost_is_not_repeated(contrail: Controller) -> None:
    contrail.fault(match=CREATE, kind="drop_after", times=1)

    result = contrail.run("contrail_vn", NETWORK)

    found = contrail.find("virtual-network", "vn1")
    assert found is not None
    assert result["objects"] == [
        {
            "kind": "virtual-network",
            "fq_name": "default-domain:default-project:vn1",
            "uuid": found["uuid"],
            "action": "created",
        }
    ]
    assert contrail.world.counters["contrail"]["writes"] == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_changes_and_deletions_whose_answer_was_lost_come_to_their_end(contrail: Controller, method: str) -> None:
    contrail.run("contrail_vn", NETWORK)
    contrail.fault(match={"method": method}, kind="drop_after", times=1)

    if method == "PUT":
        contrail.run("contrail_vn", [{"name": "vn1", "route_targets": ["64512:2"]}])
        assert contrail.run("contrail_vn", [{"name": "vn1", "route_targets": ["64512:2"]}])["changed"] is False
    else:
        contrail.run("contrail_vn", NETWORK, state="absent")
        assert contrail.find("virtual-network", "vn1") is None


def test_a_status_500_is_not_repeated(contrail: Controller) -> None:
    contrail.fault(match=CREATE, kind="status", status=500, body="Internal Server Error", times=1)

    result = fails(contrail)

    assert result["msg"] == (
        "cannot create virtual-network default-domain:default-project:vn1: HTTP 500, Internal Server Error"
    )
    assert (result["status"], result["verb"], result["changed"]) == (500, "create", False)


def test_a_page_of_html_becomes_its_message(contrail: Controller) -> None:
    page = "<!DOCTYPE HTML><html><title>Error: 412</title><body><pre>quota limit (1) exceeded for resource "
    page += "&#039;virtual_network&#039;</pre></body></html>"
    contrail.fault(match=CREATE, kind="status", status=412, body=page, times=1)

    assert fails(contrail)["msg"].endswith("HTTP 412, quota limit (1) exceeded for resource 'virtual_network'")


def test_the_next_server_is_asked(contrail: Controller) -> None:
    dead = f"http://127.0.0.1:{closed_port()}"

    result = run_module("contrail_vn", {"api_url": [dead, contrail.url], "config": NETWORK})

    assert result["changed"] is True


def test_no_server_at_all_is_said_in_one_line() -> None:
    dead = f"http://127.0.0.1:{closed_port()}"

    with pytest.raises(ModuleFailedError) as caught:
        run_module("contrail_vn", {"api_url": [dead], "config": NETWORK})

    assert str(caught.value) == (
        f"cannot list virtual-network: no answer from {dead} (Connection refused); check api_url, and that the "
        "config API runs there"
    )


def test_a_network_that_appears_meanwhile_is_taken_over(contrail: Controller) -> None:
    """The list does not show it, the creation meets it: everything is read and planned again."""
    contrail.run("contrail_vn", [{"name": "vn1"}])
    contrail.fault(match=LIST, kind="status", status=200, body='{"virtual-networks": []}', times=1)

    result = contrail.run("contrail_vn", NETWORK)

    assert result["objects"][0]["action"] == "updated"
    assert contrail.run("contrail_vn", NETWORK)["changed"] is False


def test_what_was_written_before_a_failure_is_reported(contrail: Controller) -> None:
    contrail.run("contrail_vn", [{"name": "vn1"}, {"name": "vn2"}])
    found = contrail.find("virtual-network", "vn2")
    assert found is not None
    path = f"^/virtual-network/{found['uuid']}$"
    contrail.fault(match={"method": "PUT", "path": path}, kind="status", status=400, body="no", times=1)

    result = fails(contrail, [{"name": name, "shared": True} for name in ("vn1", "vn2")])

    assert result["changed"] is True
    assert [(item["fq_name"][-3:], item["action"]) for item in result["objects"]] == [("vn1", "updated")]
    assert result["fq_name"] == "default-domain:default-project:vn2"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"api_url": ["controller:8082"]}, "api_url: 'controller:8082' is not a URL: write it as in http://HOST:8082"),
        (
            {"auth": "keystone"},
            "auth is keystone, which needs auth_url: give it, or set the environment variable OS_AUTH",
        ),
        (
            {"auth": "basic", "username": "x"},
            "auth is basic, which needs password: give it, or set the",
        ),
        (
            {"purge_references": ["subnets"]},
            "purge_references[0]: subnets is not a list of references of",
        ),
        ({"planned": [{"kind": "network", "name": "x"}]}, "planned[0].kind: 'network' is not one of "),
        ({"unset": ["name"]}, "unset[0]: name cannot be unset; what can is "),
    ],
)
def test_options_that_do_not_fit_are_refused(
    contrail: Controller, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], message: str
) -> None:
    for name in ("OS_AUTH_URL", "OS_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ModuleFailedError) as caught:
        run_module("contrail_vn", {"api_url": [contrail.url], "config": NETWORK, **options})
    assert str(caught.value).startswith(message)
    assert contrail.writes == 0
