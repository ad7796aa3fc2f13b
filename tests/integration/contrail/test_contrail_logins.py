# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to log in, against the lab's Keystone and the lab's API with tokens and roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from contract.lab_server import LabServer, running_server
from support.module_run import ModuleFailedError, run_module
from unit.chain.scenario import reference
from vnc_api import vnc_api

OPERATOR_NODES = ("bgp-router", "virtual-router")
NETWORKS = [{"name": f"vn{number}", "route_targets": [f"64512:{number}"]} for number in range(1, 21)]
PASSWORD: dict[str, Any] = {"username": "admin", "password": "lab-admin-password", "project_name": "admin"}
DEMO: dict[str, Any] = {"username": "demo", "password": "lab-demo-password", "project_name": "demo"}
WAYS: dict[str, dict[str, Any]] = {
    "password of version 3": PASSWORD,
    "password of version 2": {**PASSWORD, "version": "v2.0"},
    "application credential": {
        "application_credential_id": "5e1c1d7e7a0e4d0d9d1f6b0f3c2a1b00",
        "application_credential_secret": "lab-credential-secret",
    },
    "a domain of its own": {
        "username": "operator",
        "password": "lab-operator-password",
        "project_name": "tenant",
        "user_domain_name": "customers",
        "project_domain_name": "customers",
    },
}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no environment variable log in."""
    module = "ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.sending"
    monkeypatch.setattr(f"{module}.BACK_OFF", (0.0, 0.0, 0.0))
    for name in ("USERNAME", "PASSWORD", "PROJECT_NAME", "AUTH_URL", "TOKEN"):
        monkeypatch.delenv(f"OS_{name}", raising=False)


@pytest.fixture
def guarded() -> Iterator[LabServer]:
    """A server that lets administrators in."""
    with running_server(mode="cloud-admin") as server:
        yield server


@pytest.fixture
def ruled() -> Iterator[LabServer]:
    """A server with roles, where members may do everything with networks in their project."""
    with running_server(mode="rbac") as server:
        project = {"fq_name": ["default-domain", "demo"], "parent_type": "domain"}
        server.store.create("project", {**project, "uuid": "af9ed720-6cd6-5996-8840-8e1fb6a4bff9"})
        rules = [
            {"rule_object": kind, "rule_field": None, "rule_perms": [{"role_name": "member", "role_crud": "CRUD"}]}
            for kind in ("virtual-network", "network-ipam", "project")
        ]
        access = {"fq_name": ["default-domain", "members"], "parent_type": "domain"}
        server.store.create("api-access-list", {**access, "api_access_list_entries": {"rbac_rule": rules}})
        yield server


def run(server: LabServer, config: list[dict[str, Any]] | None = None, **login: Any) -> dict[str, Any]:
    version = login.pop("version", "v3")
    options = {
        "api_url": [server.url],
        "auth": "keystone",
        "auth_url": f"{server.directory.url}/{version}",
        "config": NETWORKS if config is None else config,
        **login,
    }
    return run_module("contrail_vn", options)


def fails(server: LabServer, config: list[dict[str, Any]] | None = None, **login: Any) -> dict[str, Any]:
    with pytest.raises(ModuleFailedError) as caught:
        run(server, config, **login)
    assert "\n" not in caught.value.result["msg"]
    for name, value in login.items():
        if name in ("password", "token", "application_credential_secret"):
            assert value not in repr(caught.value.result)
    return caught.value.result


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_log_in(guarded: LabServer, way: str) -> None:
    assert run(guarded, **WAYS[way])["changed"] is True
    assert run(guarded, **WAYS[way])["changed"] is False


def test_the_project_of_an_older_openstack_rc_file(guarded: LabServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_TENANT_NAME", PASSWORD["project_name"])
    login = {name: value for name, value in PASSWORD.items() if name != "project_name"}

    assert run(guarded, version="v2.0", **login)["changed"] is True


def test_a_token_that_the_user_has(guarded: LabServer) -> None:
    guarded.directory.adopt("0123456789abcdef", "admin", "admin")

    assert run(guarded, token="0123456789abcdef")["changed"] is True


def test_one_login_serves_a_whole_task(guarded: LabServer) -> None:
    result = run(guarded, **PASSWORD)

    assert result["requests"] == 1 + sum(guarded.counters["contrail"].values())


@pytest.mark.parametrize("way", WAYS)
def test_a_token_that_expires_in_mid_run_is_replaced(guarded: LabServer, way: str) -> None:
    guarded.faults.add([{"server": "contrail", "kind": "expire", "match": {"method": "POST"}, "times": 1}])

    result = run(guarded, **WAYS[way])

    assert [item["action"] for item in result["objects"]] == ["created"] * len(NETWORKS)
    assert run(guarded, **WAYS[way])["changed"] is False


def test_a_given_token_that_expires_in_mid_run_is_said(guarded: LabServer) -> None:
    guarded.directory.adopt("0123456789abcdef", "admin", "admin")
    guarded.faults.add([{"server": "contrail", "kind": "expire", "match": {"method": "POST"}, "times": 1}])

    result = fails(guarded, token="0123456789abcdef")

    assert result["msg"].endswith("the token is not valid or has expired, give a fresh one")
    assert result["status"] == 401


@pytest.mark.parametrize(
    ("login", "cure"),
    [
        ({**PASSWORD, "password": "wrong-word"}, "username, password, project_name and the two domain names"),
        ({**PASSWORD, "project_name": "nowhere"}, "username, password, project_name and the two domain names"),
        ({**PASSWORD, "user_domain_name": "customers"}, "username, password, project_name and the two domain names"),
        ({**PASSWORD, "password": "wrong-word", "version": "v2.0"}, "username, password and project_name"),
        (
            {**WAYS["application credential"], "application_credential_secret": "wrong-word"},
            "application_credential_id and application_credential_secret",
        ),
    ],
)
def test_a_wrong_login_says_what_to_check(guarded: LabServer, login: dict[str, Any], cure: str) -> None:
    result = fails(guarded, **login)

    assert "Keystone refused the credentials (HTTP 401)" in result["msg"]
    assert result["msg"].endswith(f"check {cure}")
    assert result["requests"] == 1


def test_no_login_at_all_says_what_is_wanted(guarded: LabServer) -> None:
    with pytest.raises(ModuleFailedError, match="the server wants a login, give auth and what it needs"):
        run_module("contrail_vn", {"api_url": [guarded.url], "config": NETWORKS})


def test_a_403_that_breaks_off_before_its_body_is_understood(guarded: LabServer) -> None:
    result = fails(guarded, **DEMO)

    assert result["msg"] == (
        "cannot list virtual-network: HTTP 403; the user's role may not do this, give one that may (or project and "
        "domain that it owns)"
    )
    assert result["requests"] == 2


def test_a_member_makes_networks_in_its_own_project_alone(ruled: LabServer) -> None:
    assert run(ruled, project="demo", **DEMO)["changed"] is True
    assert run(ruled, project="demo", **DEMO)["changed"] is False
    result = fails(ruled, **DEMO)

    assert result["msg"] == (
        "config[0].name: there is no project default-domain:default-project; default-domain has demo"
    )


@pytest.fixture
def tenant(ruled: LabServer) -> dict[str, Any]:
    """Options of a member who may read what a project has, and nothing of the operator's."""
    kinds = ("network-policy", "service-instance", "service-template", "virtual-machine-interface")
    rules = [
        {"rule_object": kind, "rule_field": None, "rule_perms": [{"role_name": "member", "role_crud": "CRUD"}]}
        for kind in (*kinds, "port-tuple", "instance-ip", "service-health-check", "interface-route-table")
    ]
    access = {"fq_name": ["default-domain", "members-services"], "parent_type": "domain"}
    ruled.store.create("api-access-list", {**access, "api_access_list_entries": {"rbac_rule": rules}})
    login = {"auth": "keystone", "auth_url": f"{ruled.directory.url}/v3", "project": "demo", **DEMO}
    return {"api_url": [ruled.url], **login, "intent": reference()}


def test_a_preflight_without_the_operator_s_role_tells_what_it_could_not_see(tenant: dict[str, Any]) -> None:
    result = run_module("chain_preflight", tenant)

    hidden = "global-system-config, route-target, bgp-router, virtual-router"
    assert result["errors"] == []
    assert any(f"this user has no permission to read {hidden}" in line for line in result["cautions"])


def test_a_diagnosis_without_the_operator_s_role_tells_what_it_could_not_see(tenant: dict[str, Any]) -> None:
    result = run_module("chain_diagnose", tenant)

    assert result["not_looked_at"][:2] == [f"{kind}: this user has no permission to read it" for kind in OPERATOR_NODES]
    assert result["stands"] is False


def test_a_refused_write_shows_the_server_s_words(ruled: LabServer) -> None:
    project = ruled.store.find("project", ["default-domain", "default-project"])
    assert project is not None
    ruled.store.replace(project["uuid"], {"perms2": {**project["perms2"], "global_access": 4}})

    result = fails(ruled, **DEMO)

    assert "HTTP 403, Permission Denied for ['member'] to write operation in domain 'default-domain'" in result["msg"]
    assert result["status"] == 403


def test_the_official_client_logs_in_to_the_lab_s_keystone(guarded: LabServer) -> None:
    keystone = guarded.directory.url.rpartition(":")
    client = vnc_api.VncApi(
        username="admin",
        password="lab-admin-password",
        tenant_name="admin",
        api_server_host=guarded.host,
        api_server_port=guarded.port,
        auth_host=guarded.host,
        auth_port=keystone[2],
        auth_protocol="http",
        auth_type="keystone",
        auth_url="/v3/auth/tokens",
        domain_name="Default",
    )

    assert client.project_read(["default-domain", "default-project"]).name == "default-project"


def test_keystone_gives_an_unscoped_token_that_opens_nothing(guarded: LabServer) -> None:
    user = {"name": "admin", "password": "lab-admin-password", "domain": {"id": "default"}}
    identity = {"methods": ["password"], "password": {"user": user}}
    url = f"{guarded.directory.url}/v3/auth/tokens"
    unscoped = requests.post(url, json={"auth": {"identity": identity}}, timeout=5).headers["X-Subject-Token"]

    result = fails(guarded, token=unscoped)
    scope = {"project": {"name": "admin", "domain": {"id": "default"}}}
    again = {"auth": {"identity": {"methods": ["token"], "token": {"id": unscoped}}, "scope": scope}}
    scoped = requests.post(url, json=again, timeout=5).headers["X-Subject-Token"]

    assert result["status"] == 401
    assert run(guarded, token=scoped)["changed"] is True
