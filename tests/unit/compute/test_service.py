# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nova and Keystone say, and the logins that an entry of a clouds.yaml gives."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.login import keystone_login
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.reply import Reply
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.service import (
    NovaService,
    UnusableCloudError,
    endpoint_in,
    login_options,
    services_in,
    words_in,
)

URL = "https://keystone.example.com:5000"
SECRET = {"auth_url": URL, "application_credential_secret": "s"}
PASSWORD = {"auth_url": f"{URL}/v3/", "username": "admin", "password": "p"}


def endpoint(interface: str, region: str, url: str) -> dict[str, Any]:
    return {"interface": interface, "region": region, "region_id": region, "url": url}


CATALOG = [
    {"type": "identity", "endpoints": [endpoint("public", "one", "http://k")]},
    {
        "type": "compute",
        "endpoints": [endpoint("admin", "one", "http://a/"), endpoint("public", "two", "http://b/v2.1/")],
    },
    {"type": "compute", "endpoints": [endpoint("public", "one", "http://c/v2.1")]},
    {"type": "compute"},
    "nonsense",
]


@pytest.mark.parametrize(
    ("interface", "region", "url"),
    [
        ("public", "", "http://b/v2.1"),
        ("public", "one", "http://c/v2.1"),
        ("admin", "one", "http://a"),
        ("admin", "two", ""),
        ("internal", "", ""),
    ],
)
def test_the_endpoint_is_that_of_interface_and_region(interface: str, region: str, url: str) -> None:
    assert endpoint_in(CATALOG, interface, region) == url


@pytest.mark.parametrize(
    ("auth", "identity", "scope"),
    [
        (
            PASSWORD | {"project_name": "admin"},
            {"name": "admin", "password": "p", "domain": {"name": "Default"}},
            {"project": {"name": "admin", "domain": {"name": "Default"}}},
        ),
        (
            PASSWORD | {"project_id": "4711", "user_domain_id": "default", "domain_name": "lost"},
            {"name": "admin", "password": "p", "domain": {"id": "default"}},
            {"project": {"id": "4711"}},
        ),
        (
            PASSWORD | {"project_name": "admin", "domain_name": "both", "project_domain_name": "other"},
            {"name": "admin", "password": "p", "domain": {"name": "both"}},
            {"project": {"name": "admin", "domain": {"name": "other"}}},
        ),
    ],
)
def test_a_password_logs_in_to_a_project(auth: dict[str, str], identity: Any, scope: Any) -> None:
    login = keystone_login(**login_options(auth))
    assert login.auth_url == f"{URL}/v3"
    assert login.request["auth"]["identity"] == {"methods": ["password"], "password": {"user": identity}}
    assert login.request["auth"]["scope"] == scope


@pytest.mark.parametrize(
    ("more", "credential"),
    [
        ({"application_credential_id": "5e1c", "username": "ignored"}, {"id": "5e1c"}),
        (
            {"application_credential_name": "drain", "username": "admin", "user_domain_name": "site"},
            {"name": "drain", "user": {"name": "admin", "domain": {"name": "site"}}},
        ),
    ],
)
def test_an_application_credential_logs_in_without_a_scope(more: dict[str, str], credential: Any) -> None:
    login = keystone_login(**login_options(SECRET | more))
    assert login.request["auth"] == {
        "identity": {"methods": ["application_credential"], "application_credential": {"secret": "s", **credential}}
    }


@pytest.mark.parametrize(
    ("auth", "line"),
    [
        ({}, "cloud.auth: needs auth_url, and either"),
        (SECRET, "cloud.auth: needs auth_url, and either"),
        (PASSWORD, "cloud.auth: needs auth_url, and either"),
        (PASSWORD | {"project_name": "", "project_id": None}, "cloud.auth: needs auth_url, and either"),
        (PASSWORD | {"project_name": "a", "auth_url": "keystone:5000"}, "cloud.auth.auth_url: is not a URL"),
        (PASSWORD | {"project_name": "a", "auth_url": f"{URL}/v2.0/"}, "cloud.auth.auth_url: is Keystone's version 2"),
    ],
)
def test_a_cloud_that_nobody_can_log_in_to_is_refused(auth: dict[str, str], line: str) -> None:
    with pytest.raises(UnusableCloudError, match=f"^{line}"):
        login_options(auth)


def answered(reply: Reply, _url: str, _document: Any) -> Reply:
    return reply


def test_the_catalogue_comes_with_the_token_and_may_be_missing() -> None:
    body = b'{"token": {"catalog": [{"type": "compute"}]}}'
    for content, catalog in ((body, [{"type": "compute"}]), (b"{}", []), (b"", []), (b'{"token": {"catalog": 5}}', [])):
        login = keystone_login(**login_options(PASSWORD | {"project_name": "admin"}))
        reply = Reply(201, content, {"X-Subject-Token": "t"})
        assert login.headers(partial(answered, reply)) == {"X-Auth-Token": "t"}
        assert list(login.catalog) == catalog


def test_a_service_is_up_only_with_a_report_since() -> None:
    before = NovaService("c1", "disabled", "up", "ours", "2026-12-01T05:00:00.000000")
    later = "2026-12-01T05:00:09.000000"
    assert not before.has_reported_since(before)
    assert NovaService("c1", "disabled", "up", "ours", later).has_reported_since(before)
    assert not NovaService("c1", "disabled", "down", "ours", later).has_reported_since(before)
    assert before.is_disabled_for("ours")
    assert not before.is_disabled_for("our")
    assert not NovaService("c1", "enabled", "up", "ours", later).is_disabled_for("ours")


def test_replies_are_read_or_refused() -> None:
    entry = {
        "binary": "nova-compute",
        "host": "c1",
        "status": "enabled",
        "state": "up",
        "disabled_reason": None,
        "id": 3,
    }
    assert services_in({"services": [entry, entry | {"binary": "nova-scheduler"}]}) == [
        NovaService("c1", "enabled", "up", "", "")
    ]
    for nonsense in ({}, {"services": None}, {"services": ["x"]}):
        with pytest.raises(ValueError, match="no list of services"):
            services_in(nonsense)
    assert words_in({"forbidden": {"code": 403, "message": "Policy doesn't allow it"}}) == "Policy doesn't allow it"
    silent: list[Any] = [{}, [], {"a": "b"}, None]
    assert [words_in(each) for each in silent] == [""] * 4
