# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order the parts of services and policies are written, one request after the other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.reply import Reply
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import InvalidConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.converge import Convergence
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import (
    ENTITIES,
    NETWORK_POLICY,
    PORT,
    SERVICE_INSTANCE,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import Task, parse_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.entity import Entity

PROJECT = ["default-domain", "default-project"]
SERVICE = [*PROJECT, "s"]
READ = re.compile(r"GET [^?]*/([a-zA-Z-]+)s\?")


class Memory:
    """A transport to a server that knows some objects, and takes note of what is written.

    A read is answered with all objects of the kind; the client has to look through them.
    """

    def __init__(self, *objects: tuple[str, dict[str, Any]]) -> None:
        self._objects = objects
        self._names = {stored["uuid"]: stored["fq_name"][-1] for _unused, stored in objects}
        self.written: list[str] = []
        self.searches: list[str] = []

    def send(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> Reply:
        path = url.removeprefix("http://api")
        read = READ.match(f"{method} {path}")
        if read or path == "/list-bulk-collection":
            kind = read.group(1) if read else body["type"].replace("_", "-")
            self.searches += [path] if "filters=" in path or "obj_uuids=" in path else []
            found = [stored for known, stored in self._objects if known == kind]
            return Reply(200, json.dumps({f"{kind}s": found}).encode())
        self.written.append(self._told(method, path, body))
        if method == "DELETE" or path == "/prop-collection-update":
            return Reply(200)
        answer = {"uuid": body["uuid"]} if path == "/ref-update" else {next(iter(body)): {"uuid": "new"}}
        return Reply(200, json.dumps(answer).encode())

    def _told(self, method: str, path: str, body: Any) -> str:
        """Return a write in few words."""
        if path == "/ref-update":
            attr = f" {json.dumps(body['attr'])}" if body.get("attr") else ""
            return f"{body['operation']} {self._names[body['uuid']]} -> {body['ref-fq-name'][-1]}{attr}"
        if method == "POST":
            (new,) = body.values()
            return f"POST {new['fq_name'][-1]}"
        change = "" if body is None else " " + json.dumps(next(iter(next(iter(body.values())).values())))
        return f"{method} {self._names[path.rsplit('/', 1)[-1]]}{change}"


def port(name: str, network: str, port_tuple: str = "", side: str = "") -> tuple[str, dict[str, Any]]:
    stored: dict[str, Any] = {
        "uuid": f"u-{name}",
        "fq_name": [*PROJECT, name],
        "virtual_network_refs": [{"to": [*PROJECT, network], "uuid": f"u-{network}", "attr": None}],
    }
    if port_tuple:
        stored["port_tuple_refs"] = [{"to": [*SERVICE, port_tuple], "uuid": f"u-{port_tuple}", "attr": None}]
        stored["virtual_machine_interface_properties"] = {"service_interface_type": side}
    return PORT.kind, stored


def port_tuple(name: str, *ports: str) -> tuple[str, dict[str, Any]]:
    back = [{"to": [*PROJECT, port], "uuid": f"u-{port}", "attr": None} for port in ports]
    return "port-tuple", {
        "uuid": f"u-{name}",
        "fq_name": [*SERVICE, name],
        "parent_uuid": "u-s",
        "virtual_machine_interface_back_refs": back,
    }


INTERFACE_LIST = [{"virtual_network": ":".join([*PROJECT, f"vn{n}"])} for n in (1, 2)]
TEMPLATE = (
    "service-template",
    {
        "uuid": "u-fw",
        "fq_name": ["default-domain", "fw"],
        "service_template_properties": {
            "version": 2,
            "interface_type": [{"service_interface_type": "left"}, {"service_interface_type": "right"}],
        },
    },
)
NETWORKS = [
    (
        "virtual-network",
        {
            "uuid": f"u-vn{n}",
            "fq_name": [*PROJECT, f"vn{n}"],
            "network_ipam_refs": [
                {
                    "to": [*PROJECT, "default-network-ipam"],
                    "attr": {"ipam_subnets": [{"subnet": {"ip_prefix": f"10.0.{n}.0", "ip_prefix_len": 24}}]},
                }
            ],
        },
    )
    for n in (1, 2)
]


def service(*tuples: str, **back: Any) -> tuple[str, dict[str, Any]]:
    return SERVICE_INSTANCE.kind, {
        "uuid": "u-s",
        "fq_name": SERVICE,
        "service_instance_properties": {"interface_list": INTERFACE_LIST},
        "service_template_refs": [{"to": ["default-domain", "fw"], "uuid": "u-fw", "attr": None}],
        "port_tuples": [{"to": [*SERVICE, name], "uuid": f"u-{name}"} for name in tuples],
        **back,
    }


def converge(memory: Memory, entity: Entity, config: list[dict[str, Any]], **task: Any) -> list[str]:
    client = ApiClient(["http://api"], memory, parallel=1, sleep=lambda _: None)
    convergence = Convergence(
        client,
        entity,
        parse_config(entity, config, Scope()),
        Task(**task),
        settle=lambda: memory.written.append("settle"),
    )
    convergence.run()
    return memory.written


OLD_AND_NEW: list[tuple[str, dict[str, Any]]] = [
    *NETWORKS,
    TEMPLATE,
    service("t1"),
    port_tuple("t1", "left1", "right1"),
    port("left1", "vn1", "t1", "left"),
    port("right1", "vn2", "t1", "right"),
    port("left2", "vn1"),
    port("right2", "vn2"),
]


def test_a_member_is_exchanged_new_before_old() -> None:
    ports = {"left": "left2", "right": "right2"}

    written = converge(
        Memory(*OLD_AND_NEW),
        SERVICE_INSTANCE,
        [{"name": "s", "port_tuples": [{"name": "t2", "ports": ports}]}],
        purge=frozenset({"port_tuples"}),
    )

    assert written == [
        "POST t2",
        'PUT left2 {"service_interface_type": "left"}',
        'PUT right2 {"service_interface_type": "right"}',
        "ADD left2 -> t2",
        "ADD right2 -> t2",
        "settle",
        "DELETE left1 -> t1",
        "DELETE right1 -> t1",
        "PUT left1 null",
        "PUT right1 null",
        "DELETE t1",
    ]


def test_ports_of_a_tuple_are_exchanged_new_before_old() -> None:
    ports = {"left": "left2", "right": "right1"}

    written = converge(
        Memory(*OLD_AND_NEW), SERVICE_INSTANCE, [{"name": "s", "port_tuples": [{"name": "t1", "ports": ports}]}]
    )

    assert written == [
        'PUT left2 {"service_interface_type": "left"}',
        "ADD left2 -> t1",
        "settle",
        "DELETE left1 -> t1",
        "PUT left1 null",
    ]


def test_a_member_that_is_only_added_waits_for_nothing_between() -> None:
    written = converge(
        Memory(*OLD_AND_NEW),
        SERVICE_INSTANCE,
        [{"name": "s", "port_tuples": [{"name": "t2", "ports": {"left": "left2"}}]}],
    )

    assert written == ["POST t2", 'PUT left2 {"service_interface_type": "left"}', "ADD left2 -> t2"]


@pytest.mark.parametrize(
    ("left", "search"),
    [
        ({"address": "10.0.1.12"}, "/instance-ips?filters="),
        ({"server": "second"}, "/virtual-machines?filters="),
        ({"uuid": "00000000-0000-4000-8000-000000000001"}, "/virtual-machine-interfaces?obj_uuids="),
    ],
)
def test_a_port_is_searched_for_by_one_filtered_list(left: dict[str, str], search: str) -> None:
    kind, stored = port("left2", "vn1")
    stored["uuid"] = "00000000-0000-4000-8000-000000000001"
    reference = {"to": stored["fq_name"], "uuid": stored["uuid"], "attr": None}
    memory = Memory(
        *[entry for entry in OLD_AND_NEW if entry[1]["fq_name"][-1] != "left2"],
        (kind, stored),
        (
            "virtual-machine",
            {
                "uuid": "u-m",
                "fq_name": ["m"],
                "display_name": "second",
                "virtual_machine_interface_back_refs": [reference],
            },
        ),
        (
            "instance-ip",
            {
                "uuid": "u-i",
                "fq_name": ["i"],
                "instance_ip_address": "10.0.1.12",
                "virtual_network_refs": stored["virtual_network_refs"],
                "virtual_machine_interface_refs": [reference],
            },
        ),
    )

    written = converge(
        memory, SERVICE_INSTANCE, [{"name": "s", "port_tuples": [{"name": "t2", "ports": {"left": left}}]}]
    )

    assert written[-1] == "ADD left2 -> t2"
    assert [line.startswith(search) for line in memory.searches] == [True]


SIDES = {
    "interface_route_table_back_refs": [{"to": [*PROJECT, "irt"], "uuid": "u-irt", "attr": {"interface_type": "left"}}],
    "routing_policy_back_refs": [
        {"to": [*PROJECT, "rp"], "uuid": "u-rp", "attr": {"left_sequence": "1", "right_sequence": None}}
    ],
}
ON_SIDES = [
    (kind, {"uuid": f"u-{name}", "fq_name": [*PROJECT, name], "service_instance_refs": [{"to": SERVICE, "attr": attr}]})
    for kind, name, attr in (
        ("interface-route-table", "irt", {"interface_type": "left"}),
        ("routing-policy", "rp", {"left_sequence": "1", "right_sequence": None}),
    )
]


def test_a_service_goes_after_all_that_refers_to_it() -> None:
    memory = Memory(
        TEMPLATE,
        service("t1", **SIDES),
        *ON_SIDES,
        port_tuple("t1", "left1", "right1"),
        port("left1", "vn1", "t1", "left"),
        port("right1", "vn2", "t1", "right"),
    )

    written = converge(memory, SERVICE_INSTANCE, [{"name": "s"}], state="absent")

    assert written == [
        "DELETE irt -> s",
        "DELETE rp -> s",
        "DELETE left1 -> t1",
        "DELETE right1 -> t1",
        "PUT left1 null",
        "PUT right1 null",
        "DELETE t1",
        "DELETE s",
    ]


def test_references_of_sides_point_to_the_service() -> None:
    bare = [(kind, {**stored, "service_instance_refs": []}) for kind, stored in ON_SIDES]
    sides = [
        {"type": "left", "interface_route_tables": ["irt"], "routing_policies": [{"name": "rp"}]},
        {"type": "right", "routing_policies": [{"name": "rp", "sequence": 4}]},
    ]

    written = converge(Memory(*NETWORKS, TEMPLATE, service(), *bare), SERVICE_INSTANCE, [{"name": "s", "sides": sides}])

    assert written == [
        'ADD irt -> s {"interface_type": "left"}',
        'ADD rp -> s {"left_sequence": "1", "right_sequence": "4"}',
    ]


def test_a_policy_loses_its_place_on_one_side_only() -> None:
    attr = {"left_sequence": "1", "right_sequence": "2"}
    back = {"routing_policy_back_refs": [{"to": [*PROJECT, "rp"], "uuid": "u-rp", "attr": attr}]}
    stored = ("routing-policy", {**ON_SIDES[1][1], "service_instance_refs": [{"to": SERVICE, "attr": attr}]})
    sides = [{"type": "left", "routing_policies": []}]

    written = converge(
        Memory(*NETWORKS, TEMPLATE, service(**back), stored),
        SERVICE_INSTANCE,
        [{"name": "s", "sides": sides}],
        purge=frozenset({"sides"}),
    )

    assert written == ['ADD rp -> s {"right_sequence": "2"}']


def test_a_policy_goes_after_it_was_detached_everywhere() -> None:
    networks = [
        (
            "virtual-network",
            {
                "uuid": f"u-vn{n}",
                "fq_name": [*PROJECT, f"vn{n}"],
                "network_policy_refs": [{"to": [*PROJECT, name], "uuid": f"u-{name}"} for name in ("p", "other")],
            },
        )
        for n in (1, 2)
    ]
    back = [{"to": stored["fq_name"], "uuid": stored["uuid"]} for _unused, stored in networks]
    policy = (NETWORK_POLICY.kind, {"uuid": "u-p", "fq_name": [*PROJECT, "p"], "virtual_network_back_refs": back})

    written = converge(Memory(*networks, policy), NETWORK_POLICY, [{"name": "p"}], state="absent")

    assert written == ["DELETE vn1 -> p", "DELETE vn2 -> p", "DELETE p"]


def test_an_address_is_freed_before_another_port_gets_it() -> None:
    ips = [
        (
            "instance-ip",
            {
                "uuid": "u-ip",
                "fq_name": ["ip"],
                "instance_ip_address": "10.0.1.5",
                "virtual_machine_interface_refs": [{"to": [*PROJECT, "a"], "uuid": "u-a", "attr": None}],
            },
        )
    ]
    first, second = port("a", "vn1"), port("b", "vn1")
    first[1]["instance_ip_back_refs"] = [{"to": ["ip"], "uuid": "u-ip", "attr": None}]

    written = converge(
        Memory(*NETWORKS, first, second, *ips),
        PORT,
        [{"name": "a", "addresses": []}, {"name": "b", "addresses": ["10.0.1.5"]}],
    )

    assert written == ["DELETE ip", "POST default-domain_default-project_b_10.0.1.5"]


def test_every_kind_that_holds_what_is_there_once_is_freed_first() -> None:
    assert [kind for kind, entity in ENTITIES.items() if entity.exclusive] == ["instance-ip"]


TAKEN = {"name": "t2", "ports": {"left": "left1", "right": "right2"}}
TAKING: list[dict[str, Any]] = [{"name": "s", "port_tuples": [TAKEN]}]


@pytest.mark.parametrize("check", [True, False])
def test_a_port_is_not_taken_out_of_another_tuple_unasked(check: bool) -> None:
    memory = Memory(*OLD_AND_NEW)

    with pytest.raises(InvalidConfigError) as error:
        converge(memory, SERVICE_INSTANCE, TAKING, check=check)

    full = ":".join(SERVICE)
    assert str(error.value) == (
        f"config[0].port_tuples[0].ports.left: port {':'.join([*PROJECT, 'left1'])} is in port tuple {full}:t1, which "
        f"would lose it to port tuple {full}:t2: set move_ports to move it, or list t1 with the ports that it is to "
        "have"
    )
    assert memory.written == []


def test_a_port_is_taken_out_of_another_tuple_when_asked() -> None:
    written = converge(Memory(*OLD_AND_NEW), SERVICE_INSTANCE, TAKING, move_ports=True)

    assert "DELETE left1 -> t1" in written
    assert "ADD left1 -> t2" in written


@pytest.mark.parametrize("rest", [{"right": "right1"}, {"left": "left2", "right": "right1"}])
def test_a_task_that_says_what_the_other_tuple_has_needs_no_more_words(rest: dict[str, str]) -> None:
    (item,) = TAKING
    tuples = [*item["port_tuples"], {"name": "t1", "ports": rest}]

    written = converge(Memory(*OLD_AND_NEW), SERVICE_INSTANCE, [{**item, "port_tuples": tuples}])

    assert {"DELETE left1 -> t1", "ADD left1 -> t2"} <= set(written)


def test_a_tuple_that_is_purged_gives_its_ports_away() -> None:
    written = converge(Memory(*OLD_AND_NEW), SERVICE_INSTANCE, TAKING, purge=frozenset({"port_tuples"}))

    assert {"DELETE left1 -> t1", "ADD left1 -> t2", "DELETE t1"} <= set(written)
