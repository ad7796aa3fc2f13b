# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact conversations with the API: what is asked, in which order, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.login import (
    Login,
    TokenLogin,
    keystone_login,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.lookup import PAGE
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.reply import Reply, plain_text
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.transport import (
    ConnectionBrokenError,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import (
    ApiError,
    StillInUseError,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.converge import Convergence
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import (
    NETWORK_IPAM,
    NETWORK_POLICY,
    PORT,
    SERVICE_INSTANCE,
    VIRTUAL_NETWORK,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import Task, parse_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.entity import Entity
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.plan.actions import Change

API = "http://api:8082"
PROJECT = ["default-domain", "default-project"]
PARENT = "default-domain:default-project"
IPAM = [*PROJECT, "default-network-ipam"]
Exchange = tuple[str, Any, Any]


class Script:
    """A transport that plays a conversation.

    Each exchange is (request line, body, answer); an answer is JSON for a 200, a Reply, or an exception.
    """

    def __init__(self, *exchanges: Exchange) -> None:
        self._exchanges = list(exchanges)
        self.headers: list[Mapping[str, str]] = []

    def send(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> Reply:
        self.headers.append(headers)
        line = f"{method} {url.removeprefix(API)}"
        assert self._exchanges, f"nothing more was to be said, but: {line} {body}"
        expected, expected_body, answer = self._exchanges.pop(0)
        assert (line, body) == (expected, expected_body)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Reply) else Reply(200, json.dumps(answer).encode())

    def spoken(self) -> bool:
        return not self._exchanges


def run(
    script: Script, entity: Entity, config: list[dict[str, Any]], *, client: ApiClient | None = None, **task: Any
) -> list[Change]:
    client = client or ApiClient([API], script, parallel=1, sleep=lambda _: None)
    convergence = Convergence(client, entity, parse_config(entity, config, Scope()), Task(**task))
    changes = convergence.run()
    assert script.spoken(), f"not asked: {script._exchanges}"
    return changes


NETWORK_FIELDS = ",".join(VIRTUAL_NETWORK.read_fields)
FIND_VN1 = f"GET /virtual-networks?fq_names={PARENT}:vn1&fields={NETWORK_FIELDS}&exclude_hrefs=true"
IPAM_FIELDS = ",".join(NETWORK_IPAM.read_fields)
FIND_IPAM = f"GET /network-ipams?fq_names={PARENT}:default-network-ipam&fields={IPAM_FIELDS}&exclude_hrefs=true"
FIND_PROJECT = f"GET /projects?fq_names={PARENT}&exclude_hrefs=true"
VN1 = {"uuid": "u1", "fq_name": [*PROJECT, "vn1"], "parent_type": "project", "parent_uuid": "p1"}
STORED_SUBNET = {
    "subnet": {"ip_prefix": "10.0.1.0", "ip_prefix_len": 24},
    "default_gateway": "10.0.1.1",
    "dns_server_address": "10.0.1.253",
    "subnet_uuid": "s1",
}


def found(kind: str, *objects: dict[str, Any]) -> dict[str, Any]:
    return {f"{kind}s": list(objects)}


def nobody(kind: str, field: str) -> Exchange:
    """Return how all objects of a kind are asked for by which one might be named, of which there are none."""
    listed = f"GET /{kind}s?fields={field}&exclude_hrefs=true&page_marker=&page_limit={PAGE}"
    return listed, None, {**found(kind), "marker": None}


def test_a_network_is_created() -> None:
    script = Script(
        (FIND_VN1, None, found("virtual-network")),
        (FIND_IPAM, None, found("network-ipam", {"uuid": "i1", "fq_name": IPAM})),
        (FIND_PROJECT, None, found("project", {"uuid": "p1", "fq_name": PROJECT})),
        (
            "POST /virtual-networks",
            {
                "virtual-network": {
                    "fq_name": [*PROJECT, "vn1"],
                    "parent_type": "project",
                    "network_ipam_refs": [
                        {
                            "to": IPAM,
                            "uuid": "i1",
                            "attr": {
                                "ipam_subnets": [
                                    {
                                        "subnet": {"ip_prefix": "10.0.1.0", "ip_prefix_len": 24},
                                        "default_gateway": "10.0.1.1",
                                    }
                                ]
                            },
                        }
                    ],
                    "route_target_list": {"route_target": ["target:64512:1"]},
                    "annotations": {"key_value_pair": [{"key": "service_chain.owner", "value": "chain"}]},
                }
            },
            {"virtual-network": VN1},
        ),
    )

    (change,) = run(
        script,
        VIRTUAL_NETWORK,
        [
            {
                "name": "vn1",
                "subnets": [{"cidr": "10.0.1.0/24", "gateway": "10.0.1.1"}],
                "route_targets": ["64512:1"],
            }
        ],
        owner="chain",
    )

    assert (change.action, change.uuid) == ("created", "u1")


def test_no_change_is_one_read() -> None:
    reference = {"to": IPAM, "attr": {"ipam_subnets": [STORED_SUBNET]}, "uuid": "i1"}
    stored = {**VN1, "network_ipam_refs": [reference], "route_target_list": {"route_target": ["target:64512:1"]}}
    script = Script((FIND_VN1, None, found("virtual-network", stored)))

    (change,) = run(
        script,
        VIRTUAL_NETWORK,
        [{"name": "vn1", "subnets": [{"cidr": "10.0.1.0/24"}], "route_targets": ["64512:1"], "shared": False}],
    )

    assert (change.action, change.uuid) == ("unchanged", "u1")


def test_an_update_sends_what_differs_and_all_that_is_stored_beside_it() -> None:
    reference = {"to": IPAM, "attr": {"ipam_subnets": [STORED_SUBNET]}, "uuid": "i1"}
    stored = {
        **VN1,
        "network_ipam_refs": [reference],
        "virtual_network_properties": {"forwarding_mode": "l3", "max_flows": 0},
        "route_target_list": {"route_target": ["target:64512:1"]},
        "annotations": {"key_value_pair": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]},
    }
    annotations = [
        {"field": "annotations", "operation": "set", "value": {"key": "c", "value": "3"}, "position": "c"},
        {"field": "annotations", "operation": "delete", "position": "a"},
    ]
    script = Script(
        (FIND_VN1, None, found("virtual-network", stored)),
        (
            "PUT /virtual-network/u1",
            {
                "virtual-network": {
                    "network_ipam_refs": [
                        {
                            "to": IPAM,
                            "uuid": "i1",
                            "attr": {
                                "ipam_subnets": [
                                    STORED_SUBNET,
                                    {"subnet": {"ip_prefix": "10.0.9.0", "ip_prefix_len": 24}},
                                ]
                            },
                        }
                    ],
                    "virtual_network_properties": {"forwarding_mode": "l3", "max_flows": 0, "rpf": "disable"},
                    "route_target_list": None,
                }
            },
            {"virtual-network": {"uuid": "u1"}},
        ),
        ("POST /prop-collection-update", {"uuid": "u1", "updates": annotations}, Reply(200)),
    )

    (change,) = run(
        script,
        VIRTUAL_NETWORK,
        [
            {
                "name": "vn1",
                "subnets": [{"cidr": "10.0.9.0/24"}, {"cidr": "10.0.1.0/24"}],
                "rpf": "disable",
                "route_targets": [],
                "annotations": {"c": "3", "a": None},
            }
        ],
    )

    assert change.action == "updated"
    assert change.after["route_targets"] is None


def test_a_policy_is_attached_by_reference_updates() -> None:
    policy = {"uuid": "u-p", "fq_name": [*PROJECT, "p"]}
    fields = ",".join(NETWORK_POLICY.read_fields)
    networks: list[dict[str, Any]] = [{**VN1, "fq_name": [*PROJECT, f"vn{n}"], "uuid": f"u{n}"} for n in (1, 2)]
    networks[0]["network_policy_refs"] = [
        {"to": [*PROJECT, "p"], "attr": {"sequence": {"major": 1, "minor": 0}, "timer": {"start_time": "1"}}}
    ]

    def attach(uuid: str, attr: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "virtual-network",
            "uuid": uuid,
            "ref-type": "network-policy",
            "ref-fq-name": [*PROJECT, "p"],
            "ref-uuid": "u-p",
            "operation": "ADD",
            "attr": attr,
        }

    script = Script(
        (
            f"GET /network-policys?fq_names={PARENT}:p&fields={fields}&exclude_hrefs=true",
            None,
            found("network-policy", policy),
        ),
        (
            f"GET /virtual-networks?fq_names={PARENT}:vn1,{PARENT}:vn2&fields={NETWORK_FIELDS}&exclude_hrefs=true",
            None,
            found("virtual-network", *networks),
        ),
        (
            "POST /ref-update",
            attach("u1", {"sequence": {"major": 2, "minor": 0}, "timer": {"start_time": "1"}}),
            {"uuid": "u1"},
        ),
        ("POST /ref-update", attach("u2", {"sequence": {"major": 0, "minor": 0}}), {"uuid": "u2"}),
    )

    # Policy and networks are read side by side; the order of the two lists is that of their kinds.
    run(
        script,
        NETWORK_POLICY,
        [{"name": "p", "networks": [{"name": "vn1", "sequence": {"major": 2}}, {"name": "vn2"}]}],
    )


def test_a_service_is_taken_apart_in_the_order_that_leaves_nothing_behind() -> None:
    service = {"uuid": "u-s", "fq_name": [*PROJECT, "s"], "port_tuples": [{"to": [*PROJECT, "s", "t"], "uuid": "u-t"}]}
    back = {"to": [*PROJECT, "left"], "uuid": "u-l"}
    port = {
        "uuid": "u-l",
        "fq_name": [*PROJECT, "left"],
        "virtual_machine_interface_properties": {"service_interface_type": "left", "local_preference": 200},
        "port_tuple_refs": [{"to": [*PROJECT, "s", "t"], "uuid": "u-t", "attr": None}],
    }

    def find(kind: str, name: str, entity_fields: Sequence[str]) -> str:
        return f"GET /{kind}s?fq_names={PARENT}:{name}&fields={','.join(entity_fields)}&exclude_hrefs=true"

    tuple_fields = ("annotations", "virtual_machine_interface_back_refs")
    detach = {
        "type": "virtual-machine-interface",
        "uuid": "u-l",
        "ref-type": "port-tuple",
        "ref-fq-name": [*PROJECT, "s", "t"],
        "ref-uuid": "u-t",
        "operation": "DELETE",
    }
    script = Script(
        (find("service-instance", "s", SERVICE_INSTANCE.read_fields), None, found("service-instance", service)),
        (
            find("port-tuple", "s:t", tuple_fields),
            None,
            found(
                "port-tuple",
                {"uuid": "u-t", "fq_name": [*PROJECT, "s", "t"], f"{PORT.kind}_back_refs": []}
                | {"virtual_machine_interface_back_refs": [back]},
            ),
        ),
        nobody("network-policy", "network_policy_entries"),
        nobody("route-table", "routes"),
        (find(PORT.kind, "left", PORT.read_fields), None, found(PORT.kind, port)),
        ("POST /ref-update", detach, {"uuid": "u-l"}),
        (
            f"PUT /{PORT.kind}/u-l",
            {PORT.kind: {"virtual_machine_interface_properties": {"local_preference": 200}}},
            {PORT.kind: {"uuid": "u-l"}},
        ),
        ("DELETE /port-tuple/u-t", None, Reply(200)),
        ("DELETE /service-instance/u-s", None, Reply(200)),
    )

    changes = run(script, SERVICE_INSTANCE, [{"name": "s"}], state="absent")

    assert [change.action for change in changes] == ["deleted", "updated", "deleted"]


def test_a_creation_without_an_answer_is_looked_up_before_it_is_repeated() -> None:
    create = {"virtual-network": {"fq_name": [*PROJECT, "vn1"], "parent_type": "project"}}
    lookup = {"type": "virtual-network", "fq_name": [*PROJECT, "vn1"]}
    script = Script(
        (FIND_VN1, None, found("virtual-network")),
        (FIND_PROJECT, None, found("project", {"uuid": "p1", "fq_name": PROJECT})),
        ("POST /virtual-networks", create, ConnectionBrokenError("reset", sent=True)),
        ("POST /fqname-to-id", lookup, Reply(404, b"Name ['x'] not found")),
        ("POST /virtual-networks", create, Reply(503)),
        ("POST /fqname-to-id", lookup, {"uuid": "u9"}),
    )

    (change,) = run(script, VIRTUAL_NETWORK, [{"name": "vn1"}])

    assert (change.action, change.uuid) == ("created", "u9")


def test_a_deletion_that_somebody_else_did_is_no_change() -> None:
    script = Script(
        (FIND_VN1, None, found("virtual-network", VN1)),
        nobody("network-policy", "network_policy_entries"),
        nobody("service-instance", "service_instance_properties"),
        ("DELETE /virtual-network/u1", None, Reply(404, b"ID u1 does not exist")),
    )

    (change,) = run(script, VIRTUAL_NETWORK, [{"name": "vn1"}], state="absent")

    assert change.action == "unchanged"


def test_a_deletion_that_is_refused_names_the_users() -> None:
    uuid = "07f9aa43-caa6-4799-aef0-be776bbbf604"
    text = f"Delete when resource still referred: ['http://api:8082/virtual-machine-interface/{uuid}']"
    script = Script(
        (FIND_VN1, None, found("virtual-network", VN1)),
        nobody("network-policy", "network_policy_entries"),
        nobody("service-instance", "service_instance_properties"),
        ("DELETE /virtual-network/u1", None, Reply(409, text.encode())),
        ("POST /id-to-fqname", {"uuid": uuid}, {"type": "virtual-machine-interface", "fq_name": [*PROJECT, "port1"]}),
    )

    with pytest.raises(StillInUseError, match=f"still used by virtual-machine-interface {PARENT}:port1"):
        run(script, VIRTUAL_NETWORK, [{"name": "vn1"}], state="absent")


def conversation(script: Script, login: Login, *urls: str) -> ApiClient:
    return ApiClient(urls or [API], script, login, parallel=1, sleep=lambda _: None)


KEYSTONE_V3 = {
    "auth": {
        "identity": {
            "methods": ["password"],
            "password": {"user": {"name": "admin", "password": "secret", "domain": {"name": "Default"}}},
        },
        "scope": {"project": {"name": "demo", "domain": {"name": "Default"}}},
    }
}


def test_an_expired_token_is_renewed_once() -> None:
    def token(text: str) -> Reply:
        return Reply(201, b"{}", {"X-Subject-Token": text})

    script = Script(
        ("POST http://keystone:5000/v3/auth/tokens", KEYSTONE_V3, token("first")),
        (FIND_VN1, None, Reply(401)),
        ("POST http://keystone:5000/v3/auth/tokens", KEYSTONE_V3, token("second")),
        (FIND_VN1, None, found("virtual-network", VN1)),
    )
    login = keystone_login("http://keystone:5000", username="admin", password="secret", project_name="demo")

    run(script, VIRTUAL_NETWORK, [{"name": "vn1"}], client=conversation(script, login))

    assert [headers.get("X-Auth-Token") for headers in script.headers] == [None, "first", None, "second"]


def test_a_token_that_is_refused_twice_is_given_up() -> None:
    token = Reply(201, b"{}", {"X-Subject-Token": "t"})
    refused = Reply(401, b'{"error": {"code": 401, "title": "Unauthorized", "message": "Requires authentication."}}')
    script = Script(
        ("POST http://keystone:5000/v3/auth/tokens", KEYSTONE_V3, token),
        (FIND_VN1, None, refused),
        ("POST http://keystone:5000/v3/auth/tokens", KEYSTONE_V3, token),
        (FIND_VN1, None, refused),
    )
    login = keystone_login("http://keystone:5000/v3/", username="admin", password="secret", project_name="demo")

    with pytest.raises(ApiError) as caught:
        run(script, VIRTUAL_NETWORK, [{"name": "vn1"}], client=conversation(script, login))

    assert str(caught.value) == (
        "cannot list virtual-network: HTTP 401, Requires authentication; a fresh token of Keystone was refused "
        "too, check that auth_url is this server's Keystone"
    )


def test_version_two_of_keystone() -> None:
    body = {"auth": {"tenantName": "demo", "passwordCredentials": {"username": "admin", "password": "secret"}}}
    script = Script(
        ("POST http://keystone:5000/v2.0/tokens", body, {"access": {"token": {"id": "old"}}}),
        (FIND_VN1, None, found("virtual-network", VN1)),
    )
    login = keystone_login("http://keystone:5000/v2.0", username="admin", password="secret", project_name="demo")

    run(script, VIRTUAL_NETWORK, [{"name": "vn1"}], client=conversation(script, login))

    assert script.headers[1]["X-Auth-Token"] == "old"


def test_an_application_credential() -> None:
    identity = {"methods": ["application_credential"], "application_credential": {"id": "a", "secret": "s"}}
    script = Script(
        (
            "POST http://keystone:5000/v3/auth/tokens",
            {"auth": {"identity": identity}},
            Reply(201, b"{}", {"X-Subject-Token": "t"}),
        ),
        (FIND_VN1, None, found("virtual-network", VN1)),
    )
    login = keystone_login("http://keystone:5000/v3", application_credential_id="a", application_credential_secret="s")

    run(script, VIRTUAL_NETWORK, [{"name": "vn1"}], client=conversation(script, login))


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refused_login_says_so_without_the_password(status: int) -> None:
    script = Script(("POST http://keystone:5000/v3/auth/tokens", KEYSTONE_V3, Reply(status, b"secret secret")))
    login = keystone_login("http://keystone:5000/v3", username="admin", password="secret", project_name="demo")

    with pytest.raises(ApiError, match="cannot log in at http://keystone:5000/v3") as caught:
        run(script, VIRTUAL_NETWORK, [{"name": "vn1"}], client=conversation(script, login))

    assert "secret" not in str(caught.value)
    assert caught.value.status == status
    assert "secret" not in repr(login)


def test_a_token_that_is_given_is_not_renewed() -> None:
    script = Script((FIND_VN1, None, Reply(401)))

    with pytest.raises(ApiError, match="HTTP 401"):
        run(script, VIRTUAL_NETWORK, [{"name": "vn1"}], client=conversation(script, TokenLogin("t")))


def test_the_server_that_answers_is_kept() -> None:
    other = "http://other:8082"
    create = {"virtual-network": {"fq_name": [*PROJECT, "vn1"], "parent_type": "project"}}
    script = Script(
        (FIND_VN1, None, ConnectionBrokenError("refused", sent=False)),
        (FIND_VN1.replace("GET ", f"GET {other}"), None, found("virtual-network")),
        (FIND_PROJECT.replace("GET ", f"GET {other}"), None, found("project", {"uuid": "p1", "fq_name": PROJECT})),
        (f"POST {other}/virtual-networks", create, {"virtual-network": VN1}),
    )

    run(script, VIRTUAL_NETWORK, [{"name": "vn1"}], client=conversation(script, TokenLogin("t"), API, other))


def test_a_refusal_without_a_body_still_says_what_to_do() -> None:
    script = Script((FIND_VN1, None, Reply(403)))

    with pytest.raises(ApiError) as caught:
        run(script, VIRTUAL_NETWORK, [{"name": "vn1"}])

    assert str(caught.value) == (
        "cannot list virtual-network: HTTP 403; the user's role may not do this, give one that may (or project and "
        "domain that it owns)"
    )


def test_a_server_of_another_kind_is_recognised() -> None:
    script = Script((FIND_VN1, None, Reply(200, b"<html>Web UI</html>")))

    with pytest.raises(
        ApiError, match=r"answered with a page of HTML; is api_url the config API \(as in http://HOST:8082\)"
    ):
        run(script, VIRTUAL_NETWORK, [{"name": "vn1"}])


def test_many_networks_are_listed_page_by_page() -> None:
    config = [{"name": f"vn{n}"} for n in range(200)]
    stored = [{**VN1, "fq_name": [*PROJECT, item["name"]]} for item in config]
    page = f"GET /virtual-networks?parent_fq_name_str={PARENT}&fields={NETWORK_FIELDS}&exclude_hrefs=true"
    script = Script(
        (f"{page}&page_marker=&page_limit=2500", None, {**found("virtual-network", *stored[:150]), "marker": "m:1"}),
        (f"{page}&page_marker=m:1&page_limit=2500", None, {**found("virtual-network", *stored[150:]), "marker": None}),
    )

    assert {change.action for change in run(script, VIRTUAL_NETWORK, config)} == {"unchanged"}


def test_the_next_server_is_asked_for_the_rest_where_one_fails_between_two_pages() -> None:
    other = "http://other:8082"
    first, second = ({**VN1, "fq_name": [*PROJECT, name]} for name in ("vn1", "vn2"))
    page = "/virtual-networks?exclude_hrefs=true&page_marker={}&page_limit=2500"
    script = Script(
        (f"GET {page.format('')}", None, {**found("virtual-network", first), "marker": "m:1"}),
        (f"GET {page.format('m:1')}", None, ConnectionBrokenError("the connection was closed", sent=True)),
        (f"GET {other}{page.format('m:1')}", None, {**found("virtual-network", second), "marker": None}),
    )

    assert conversation(script, TokenLogin("t"), API, other).list_objects("virtual-network", {}) == [first, second]


@pytest.mark.parametrize("answer", [{}, {"virtual-networks": None}, Reply(503), ConnectionBrokenError("x", sent=True)])
def test_no_part_of_a_list_is_taken_for_all_of_it(answer: Any) -> None:
    page = "GET /virtual-networks?exclude_hrefs=true&page_marker={}&page_limit=2500"
    script = Script(
        (page.format(""), None, {**found("virtual-network", VN1), "marker": "m:1"}),
        *[(page.format("m:1"), None, answer)] * 4,
    )

    with pytest.raises(ApiError):
        conversation(script, TokenLogin("t")).list_objects("virtual-network", {})


def test_names_are_split_over_requests_that_the_server_takes() -> None:
    names = [f"{'n' * 150}{number}" for number in range(40)]
    client = ApiClient([API], Lengths(), parallel=1)

    client.read([("virtual-network", (*PROJECT, name)) for name in names], {})

    assert client.requests > 1


class Lengths:
    """A transport that finds nothing and refuses lines that are too long."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> Reply:
        assert len(url) < 8000
        return Reply(200, b'{"virtual-networks": []}')


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("plain\ntext ", "plain text"),
        ("<html><body><pre>a &lt; b</pre></body></html>", "a < b"),
        ("<!DOCTYPE html><title>x</title><h1>Bad Gateway</h1>", "Bad Gateway"),
        ('{"error": {"message": "denied"}}', "denied"),
        ("Traceback (most recent call last):\n  File x\nKeyError: 'to'", "KeyError: 'to'"),
        ("['a', 'b'] already exists with uuid: u < v", "['a', 'b'] already exists with uuid: u < v"),
        ("x" * 500, "x" * 400 + "..."),
    ],
)
def test_the_server_s_words_are_one_line(body: str, text: str) -> None:
    assert plain_text(body) == text
