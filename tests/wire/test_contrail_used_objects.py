# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects that others use are not deleted where the API server would let them go."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.any_kind.objects import ObjectParser
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.client import ApiClient
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import InvalidConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.converge import Convergence
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import ENTITIES
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import (
    Task,
    parse_config,
    parse_planned,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.entity import Entity
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.schema.kinds import SchemaScope
from wire.test_contrail_write_order import PROJECT, Memory

Stored = tuple[str, dict[str, Any]]
PARENT = ":".join(PROJECT)


def stored(kind: str, name: str, **values: Any) -> Stored:
    return kind, {"uuid": f"u-{name}", "fq_name": [*PROJECT, name], **values}


def policy(name: str, *, mirror: str = "", qos: str = "", services: tuple[str, ...] = ()) -> Stored:
    """Return a policy from vn1 to vn2 whose first rule concerns other networks."""
    actions = {
        "simple_action": "pass",
        "apply_service": [f"{PARENT}:{service}" for service in services],
        "mirror_to": {"analyzer_name": f"{PARENT}:{mirror}"} if mirror else None,
        "qos_action": f"{PARENT}:{qos}" if qos else None,
    }
    addresses = {"src_addresses": address("vn1"), "dst_addresses": address("vn2")}
    other = {"src_addresses": address("x"), "dst_addresses": [{"network_policy": f"{PARENT}:q"}]}
    rules = {"policy_rule": [other, {**addresses, "action_list": actions}]}
    return stored("network-policy", name, network_policy_entries=rules)


def address(network: str) -> list[dict[str, Any]]:
    return [{"virtual_network": f"{PARENT}:{network}", "network_policy": None}]


ON_A_SIDE = [{"to": [*PROJECT, "fw"], "uuid": "u-fw", "attr": {"interface_type": "left"}}]
SERVICE = stored("service-instance", "fw")
USES: list[tuple[str, str, tuple[Stored, ...], str]] = [
    ("service-instance", "fw", (SERVICE, policy("p", services=("fw",))), "network-policy {}:p names it in rule 2"),
    ("service-instance", "fw", (SERVICE, policy("p", mirror="fw")), "network-policy {}:p names it in rule 2"),
    (
        "service-instance",
        "fw",
        (SERVICE, stored("route-table", "rt", routes={"route": [{"prefix": "0.0.0.0/0", "next_hop": f"{PARENT}:fw"}]})),
        "route-table {}:rt names it in route 1",
    ),
    ("virtual-network", "vn2", (stored("virtual-network", "vn2"), policy("p")), "network-policy {}:p names it in rule"),
    (
        "virtual-network",
        "vn2",
        (
            stored("virtual-network", "vn2"),
            stored(
                "service-instance",
                "fw",
                service_instance_properties={"interface_list": [{"virtual_network": f"{PARENT}:vn2"}]},
            ),
        ),
        "service-instance {}:fw names it in interface 1",
    ),
    ("network-policy", "q", (stored("network-policy", "q"), policy("p")), "network-policy {}:p names it in rule 1"),
    ("qos-config", "gold", (stored("qos-config", "gold"), policy("p", qos="gold")), "network-policy {}:p names it in"),
    (
        "virtual-machine-interface",
        "left",
        (
            SERVICE,
            stored("virtual-machine-interface", "left", port_tuple_refs=[{"to": [*PROJECT, "fw", "pt"], "uuid": "t"}]),
        ),
        "it is in port-tuple {}:fw:pt",
    ),
    *(
        (
            kind,
            "one",
            (stored(kind, "one", service_instance_refs=ON_A_SIDE), SERVICE),
            "it is on a side of service-instance {}:fw",
        )
        for kind in ("interface-route-table", "service-health-check", "routing-policy", "route-aggregate")
    ),
]


def delete(memory: Memory, kind: str, name: str, **task: Any) -> list[str]:
    """Delete an object by the collection's own declaration of its kind, else by the schema's."""
    client = ApiClient(["http://api"], memory, parallel=1, sleep=lambda _: None)
    entity: Entity
    if kind == "qos-config":
        parser = ObjectParser(kind, SchemaScope(), [], [], compare_secrets=False)
        entity, items = parser.parse([{"name": name}], "absent")
    else:
        entity = ENTITIES[kind]
        items = parse_config(entity, [{"name": name}], Scope())
    Convergence(client, entity, items, Task(state="absent", **task)).run()
    return memory.written


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(("kind", "name", "objects", "message"), USES)
def test_what_is_used_is_deleted_by_force_only(
    kind: str, name: str, objects: tuple[Stored, ...], message: str, check: bool
) -> None:
    memory = Memory(*objects)

    with pytest.raises(InvalidConfigError) as caught:
        delete(memory, kind, name, check=check)

    assert f"config[0].name: {kind} {PARENT}:{name} is still in use: " in str(caught.value)
    assert message.format(PARENT) in str(caught.value)
    assert "set force: true" in str(caught.value)
    assert memory.written == []
    assert (f"DELETE {name}" in delete(memory, kind, name, force=True)) is True


@pytest.mark.parametrize(("kind", "name", "objects", "message"), USES)
def test_what_uses_it_and_goes_earlier_in_the_same_run_counts_in_no_check(
    kind: str, name: str, objects: tuple[Stored, ...], message: str
) -> None:
    users = [other for other in objects if other[1]["fq_name"][-1] != name]
    planned = [{"kind": other[0], "name": other[1]["fq_name"][-1], "state": "absent"} for other in users]
    kinds = [other[0] for other in users]
    leaving = parse_planned(planned, Scope(), kinds)["absent"]

    assert delete(Memory(*objects), kind, name, check=True, leaving=leaving) == []
    with pytest.raises(InvalidConfigError, match="is still in use"):
        delete(Memory(*objects), kind, name, leaving=leaving)


def test_what_goes_in_the_same_task_uses_nothing() -> None:
    naming, named = policy("p"), stored("network-policy", "q")
    memory = Memory(naming, named)
    client = ApiClient(["http://api"], memory, parallel=1, sleep=lambda _: None)
    entity = ENTITIES["network-policy"]
    items = parse_config(entity, [{"name": "q"}, {"name": "p"}], Scope())

    Convergence(client, entity, items, Task(state="absent")).run()

    assert memory.written == ["DELETE q", "DELETE p"]


def test_what_belongs_to_others_is_kept_and_nobody_is_asked_who_uses_it() -> None:
    memory = Memory(SERVICE, policy("p", services=("fw",)))

    assert delete(memory, "service-instance", "fw", owner="me") == []


def test_ports_of_a_port_tuple_without_service_instance_can_go() -> None:
    left = stored("virtual-machine-interface", "left", port_tuple_refs=[{"to": [*PROJECT, "fw", "pt"], "uuid": "t"}])

    assert delete(Memory(left), "virtual-machine-interface", "left") == ["DELETE left"]
