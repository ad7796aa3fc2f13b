# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what with an object, and what the server answers to many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from contract.lab_server import running_server
from lab.contrail.access import LINK, READ, WRITE, Caller, has_access

MEMBER = Caller("demo", ("member",), "demo", "af9ed7206cd6599688408e1fb6a4bff9")


def stored(**perms2: Any) -> dict[str, Any]:
    return {"perms2": {"owner": "cloud-admin", "owner_access": 7, "global_access": 0, "share": [], **perms2}}


@pytest.mark.parametrize(
    ("perms2", "allowed"),
    [
        ({}, set()),
        ({"owner": MEMBER.project_id}, {READ, WRITE, LINK}),
        ({"owner": "af9ed720-6cd6-5996-8840-8e1fb6a4bff9", "owner_access": 4}, {READ}),
        ({"global_access": 5}, {READ, LINK}),
        ({"share": [{"tenant": "project:af9ed720-6cd6-5996-8840-8e1fb6a4bff9", "tenant_access": 6}]}, {READ, WRITE}),
        ({"share": [{"tenant": "project:00000000-6cd6-5996-8840-8e1fb6a4bff9", "tenant_access": 7}]}, set()),
    ],
)
def test_perms2_says_what_a_member_may_do(perms2: dict[str, Any], allowed: set[int]) -> None:
    item = stored(**perms2)

    assert {access for access in (READ, WRITE, LINK) if has_access(MEMBER, item, access)} == allowed


def test_an_administrator_may_do_everything() -> None:
    assert has_access(Caller("admin", ("Admin",)), stored(owner_access=0), WRITE)


def test_one_of_many_creations_and_deletions_at_once_succeeds() -> None:
    body = {"virtual-network": {"fq_name": ["default-domain", "default-project", "n"], "parent_type": "project"}}
    with running_server() as server, ThreadPoolExecutor(8) as pool:
        urls = [f"{server.url}/virtual-networks"] * 8
        created = list(pool.map(lambda url: requests.post(url, json=body, timeout=5), urls))
        (uuid,) = [answer.json()["virtual-network"]["uuid"] for answer in created if answer.status_code == 200]
        urls = [f"{server.url}/virtual-network/{uuid}"] * 8
        deleted = list(pool.map(lambda url: requests.delete(url, timeout=5), urls))

    assert sorted(answer.status_code for answer in created) == [200, *[409] * 7]
    assert sorted(answer.status_code for answer in deleted) == [200, *[404] * 7]
