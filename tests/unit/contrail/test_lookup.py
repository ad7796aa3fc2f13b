# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many objects are looked up in few requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.lookup import (
    MANY_NAMES,
    NAMES_PER_REQUEST,
    batches,
    lookups,
    mentioned,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.reply import Reply

PROJECT = ("default-domain", "default-project")
ADDRESSES: list[tuple[str, ...]] = [(f"an-address-with-a-name-of-some-length-{number:04d}",) for number in range(500)]
UUIDS: dict[tuple[str, tuple[str, ...]], str] = {("instance-ip", name): f"uuid-{name[0][-4:]}" for name in ADDRESSES}


def networks(count: int) -> list[tuple[str, ...]]:
    return [(*PROJECT, f"vn{number}") for number in range(count)]


def test_few_names_are_asked_for_by_name() -> None:
    (one,) = lookups("virtual-network", networks(3), {}, {})

    assert (one.parent, one.uuids, len(one.names)) == ("", (), 3)


def test_many_children_of_one_parent_are_listed() -> None:
    (one,) = lookups("virtual-network", networks(MANY_NAMES), {}, {})

    assert one.parent == "default-domain:default-project"


def test_a_name_with_a_comma_is_found_in_the_list_of_its_parent() -> None:
    (one,) = lookups("virtual-network", [(*PROJECT, "a,b")], {}, {})

    assert one.parent == "default-domain:default-project"
    assert not one.is_sparse([{"fq_name": ["x"]}])


def test_known_uuids_are_asked_for_in_bulk() -> None:
    (one,) = lookups("instance-ip", ADDRESSES, {}, UUIDS)

    assert one.uuids == tuple(UUIDS.values())


def test_only_what_has_no_known_uuid_is_asked_for_by_name() -> None:
    known = {key: uuid for key, uuid in UUIDS.items() if not key[1][0].endswith("7")}

    bulk, *named = lookups("instance-ip", ADDRESSES, {}, known)

    assert len(bulk.uuids) == 450
    assert sorted(name for one in named for name in one.names) == sorted(
        name[0] for name in ADDRESSES if name[0].endswith("7")
    )


def test_batches_fit_into_a_request_line() -> None:
    names = ["ü" * 60 for _unused in range(200)]

    made = batches(names)

    assert sum(map(len, made)) == 200
    assert all(len("%C3%BC" * 60) * len(batch) <= NAMES_PER_REQUEST + 400 for batch in made)


def test_uuids_are_learnt_from_references_back_references_and_children() -> None:
    stored = {
        "fq_name": ["a"],
        "virtual_network_refs": [{"to": ["d", "p", "vn1"], "uuid": "1", "attr": None}],
        "instance_ip_back_refs": [{"to": ["ip"], "uuid": "2"}],
        "port_tuples": [{"to": ["d", "p", "si", "1"], "uuid": "3"}],
        "annotations": {"key_value_pair": []},
        "interfaces": ["left"],
    }

    assert dict(mentioned(stored)) == {
        ("virtual-network", ("d", "p", "vn1")): "1",
        ("instance-ip", ("ip",)): "2",
        ("port-tuple", ("d", "p", "si", "1")): "3",
    }


class Server:
    """A transport that answers lists of addresses, and bulk requests unless it refuses them."""

    def __init__(self, *, bulk: bool) -> None:
        self.bulk = bulk
        self.asked: list[str] = []

    def send(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> Reply:
        parts = urlsplit(url)
        self.asked.append(f"{method} {parts.path}")
        if parts.path == "/virtual-machine-interfaces":
            refs = [{"to": list(name), "uuid": UUIDS["instance-ip", name]} for name in ADDRESSES]
            return _list("virtual-machine-interface", [{"fq_name": ["p"], "uuid": "u", "instance_ip_back_refs": refs}])
        if method == "POST" and not self.bulk:
            return Reply(403, b"Permission Denied")
        wanted = body["obj_uuids"].split(",") if body else parse_qs(parts.query)["fq_names"][0].split(",")
        found = [name for name in ADDRESSES if name[0] in wanted or UUIDS["instance-ip", name] in wanted]
        return _list("instance-ip", [{"fq_name": list(name), "uuid": "u"} for name in found])


def _list(kind: str, objects: list[dict[str, Any]]) -> Reply:
    return Reply(200, json.dumps({f"{kind}s": objects}).encode())


@pytest.mark.parametrize("bulk", [True, False])
def test_addresses_are_read_after_the_ports_that_name_them(bulk: bool) -> None:
    """Who may not send a POST reads them by name."""
    server = Server(bulk=bulk)
    client = ApiClient(["http://api:8082"], server, parallel=1)
    needs = [("virtual-machine-interface", ("p",)), *UUIDS]

    found = client.read(needs, {})

    assert all(found[key] is not None for key in needs)
    assert server.asked[:2] == ["GET /virtual-machine-interfaces", "POST /list-bulk-collection"]
    assert server.asked[2:] == ([] if bulk else ["GET /instance-ips"] * (len(server.asked) - 2))
