# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects that the schema transformer keeps, as its page StObjectReq shows them: references and properties.

Properties are texts, JSON or as Python prints a value, and hints rather than an interface: the lab shows those that
a diagnosis needs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lab.core.world import World
from lab.daemons.objects import JsonDict, colons, listed, names_referred_to, primary_instance
from lab.daemons.policies import Ports
from lab.daemons.schema_transformer import ChainState
from lab.introspect.asking import Parameters
from lab.introspect.writing import Message, Values

Properties = Callable[[World, JsonDict], dict[str, Any]]
CHAIN = "service_chain"


@dataclass(frozen=True)
class ObjectType:
    """A type of object: what it refers to (object types), what refers to it, and how its properties are found."""

    references: tuple[str, ...]
    properties: Properties
    back_references: tuple[str, ...] = ()

    def refs(self, world: World, item: JsonDict) -> Iterator[tuple[str, list[str]]]:
        """Yield the types and names of the objects around one."""
        for kind in self.references:
            yield kind, names_referred_to(item, kind.replace("_", "-"))
        for kind in self.back_references:
            others = world.store.back_references(item["uuid"], kind.replace("_", "-"))
            yield kind, [colons(other["fq_name"]) for other in others]


def ports_text(ports: Ports) -> str:
    """Return port ranges as the schema transformer writes them: -1--1 for all."""
    return ",".join(f"{start}-{end}" for start, end in ports)


def _network(world: World, item: JsonDict) -> dict[str, Any]:
    own = world.store.find("routing-instance", primary_instance(item).split(":"))
    targets = names_referred_to(own or {}, "route-target")
    automatic = [one for one in targets if int(one.rpartition(":")[2]) >= 8_000_000]
    return {
        "route_target": automatic[0] if automatic else None,
        "rt_list": listed(item, "route_target_list", "route_target"),
        "import_rt_list": listed(item, "import_route_target_list", "route_target"),
        "export_rt_list": listed(item, "export_route_target_list", "route_target"),
        "multi_policy_service_chains_enabled": item.get("multi_policy_service_chains_enabled"),
        "allow_transit": (item.get("virtual_network_properties") or {}).get("allow_transit"),
    }


def _interface(_world: World, item: JsonDict) -> dict[str, Any]:
    properties = item.get("virtual_machine_interface_properties") or {}
    return {"service_interface_type": properties.get("service_interface_type")}


def _policy(_world: World, item: JsonDict) -> dict[str, Any]:
    return {"rules": listed(item, "network_policy_entries", "policy_rule")}


def _address(_world: World, item: JsonDict) -> dict[str, Any]:
    names = ("instance_ip_address", "service_instance_ip", "instance_ip_secondary")
    return {name: item.get(name) for name in names}


def _service_instance(_world: World, item: JsonDict) -> dict[str, Any]:
    return {"service_instance_properties": item.get("service_instance_properties")}


def _nothing(_world: World, _item: JsonDict) -> dict[str, Any]:
    return {}


TYPES: Mapping[str, ObjectType] = {
    "virtual_network": ObjectType(("network_policy",), _network, ("virtual_machine_interface",)),
    "routing_instance": ObjectType(("routing_instance",), _nothing),
    "network_policy": ObjectType((), _policy, ("virtual_network",)),
    "service_instance": ObjectType(("service_template",), _service_instance),
    "port_tuple": ObjectType((), _nothing, ("virtual_machine_interface",)),
    "virtual_machine_interface": ObjectType(
        ("virtual_network", "virtual_machine", "port_tuple"), _interface, ("instance_ip",)
    ),
    "virtual_machine": ObjectType((), _nothing, ("virtual_machine_interface",)),
    "instance_ip": ObjectType(("virtual_machine_interface",), _address),
    "route_target": ObjectType((), _nothing, ("routing_instance",)),
}


class SchemaObjects:
    """Shows the objects of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def page(self, given: Parameters) -> Message | None:
        """Return the objects of one type or of all, one of them by name or uuid; None for an unknown type."""
        wanted, one = given.get("object_type"), given.get("object_id_or_fq_name")
        if wanted not in (None, CHAIN, *TYPES):
            return None
        objects = [
            *(self._chain(state) for state in self._world.schema_transformer.chains if wanted in (None, CHAIN)),
            *(
                self._object(kind, item)
                for kind in TYPES
                if wanted in (None, kind)
                for item in self._world.store.objects(kind.replace("_", "-"))
            ),
        ]
        chosen = [item for item in objects if one in (None, item["object_fq_name"], item["object_uuid"])]
        return Message("StObjectListResp", {"objects": chosen})

    def _object(self, kind: str, item: JsonDict) -> Values:
        described = TYPES[kind]
        refs = [*described.refs(self._world, item)]
        if kind == "virtual_network":
            refs.append((CHAIN, self._other_ends(colons(item["fq_name"]))))
        return {
            "object_type": kind,
            "object_uuid": item["uuid"],
            "object_fq_name": colons(item["fq_name"]),
            "obj_refs": [{"object_type": other, "object_fq_name": names} for other, names in refs],
            "properties": [
                {"property_name": name, "property": json.dumps(value, indent=4) if value else str(value)}
                for name, value in described.properties(self._world, item).items()
            ],
        }

    def _other_ends(self, network: str) -> list[str]:
        """Return the networks at the other ends of a network's chains; they stand where chains are asked for."""
        ends = ((one.chain.left, one.chain.right) for one in self._world.schema_transformer.chains)
        return [right if left == network else left for left, right in ends if network in (left, right)]

    def _chain(self, state: ChainState) -> Values:
        chain = state.chain
        properties = {
            "left_network": chain.left,
            "right_network": chain.right,
            "protocol": chain.protocol,
            "src_ports": ports_text(chain.source_ports),
            "dst_ports": ports_text(chain.destination_ports),
            "created": state.created,
            "error_msg": state.error,
        }
        return {
            "object_type": CHAIN,
            "object_uuid": None,
            "object_fq_name": chain.identifier,
            "obj_refs": [{"object_type": "service_instance", "object_fq_name": chain.services}],
            "properties": [{"property_name": name, "property": str(value)} for name, value in properties.items()],
        }
