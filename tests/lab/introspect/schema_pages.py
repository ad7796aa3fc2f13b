# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the schema transformer: what it made of policies, networks and services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lab.core.world import World
from lab.daemons.objects import JsonDict, ObjectStore, colons, names_referred_to, primary_instance
from lab.daemons.policies import policies_of
from lab.daemons.schema_transformer import ChainState
from lab.introspect.asking import Parameters
from lab.introspect.schema_objects import SchemaObjects, ports_text
from lab.introspect.serving import Page
from lab.introspect.writing import Message, Values

PROTOCOLS = {"icmp": "1", "tcp": "6", "udp": "17", "icmp6": "58"}
SERVICE = ":service-"
CHAIN_ID = slice(len("service-"), len("service-") + 36)


class SchemaPages:
    """Shows a world's schema transformer."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._objects = SchemaObjects(world)

    def pages(self) -> Mapping[str, Page]:
        """Return the pages by request."""
        return {
            "ServiceChainList": self._chains,
            "RoutingInstanceList": self._instances,
            "VnList": self._networks,
            "StObjectReq": self._objects.page,
            "SandeshLoggingParamsStatus": _logging,
        }

    @property
    def _store(self) -> ObjectStore:
        return self._world.store

    def _chains(self, given: Parameters) -> Message:
        wanted = given.get("sc_name")
        chains = [
            _chain(state) for state in self._world.schema_transformer.chains if wanted in (None, state.chain.identifier)
        ]
        return Message("ServiceChainListResp", {"service_chains": chains})

    def _instances(self, given: Parameters) -> Message:
        """The routing instances of one network or of all; `ri_name` chooses nothing, in the real one neither."""
        wanted = given.get("vn_name")
        found = [
            _instance(item)
            for item in self._store.objects("routing-instance")
            if wanted in (None, colons(item["fq_name"][:-1]))
        ]
        return Message("RoutingInstanceListResp", {"routing_instances": sorted(found, key=lambda one: one["name"])})

    def _networks(self, given: Parameters) -> Message:
        wanted = given.get("vn_name")
        found = [
            self._network(network)
            for network in self._store.objects("virtual-network")
            if wanted in (None, colons(network["fq_name"]))
        ]
        return Message("VnListResp", {"vn_names": sorted(found, key=lambda one: one["name"])})

    def _network(self, network: JsonDict) -> Values:
        name = colons(network["fq_name"])
        lists = {one["fq_name"][-1]: colons(one["fq_name"]) for one in self._lists(network)}
        return {
            "name": name,
            "policies": [colons(policy["fq_name"]) for policy in policies_of(self._store, network)],
            "connections": list(self._joined(network)),
            "routing_instances": self._instances_ever(network),
            "acl": lists.get(network["fq_name"][-1]),
            "dynamic_acl": lists.get("dynamic"),
        }

    def _lists(self, network: JsonDict) -> list[JsonDict]:
        return self._store.children(network["uuid"], "access-control-list")

    def _joined(self, network: JsonDict) -> Iterator[str]:
        """Yield the networks that are joined to one past all services."""
        own = self._store.find("routing-instance", primary_instance(network).split(":"))
        for other in names_referred_to(own or {}, "routing-instance"):
            if SERVICE not in other:
                yield other.rpartition(":")[0]

    def _instances_ever(self, network: JsonDict) -> list[str]:
        """Return the names of a network's routing instances, those that are no more included."""
        present = [colons(one["fq_name"]) for one in self._store.children(network["uuid"], "routing-instance")]
        head = colons(network["fq_name"]) + ":"
        former = [one for one in self._world.schema_transformer.former if one.startswith(head)]
        return list(dict.fromkeys([*present, *former]))


def _chain(state: ChainState) -> Values:
    chain = state.chain
    return {
        "sc_name": chain.identifier,
        "left_virtual_network": chain.left,
        "right_virtual_network": chain.right,
        "direction": chain.direction,
        "src_ports": ports_text(chain.source_ports),
        "dst_ports": ports_text(chain.destination_ports),
        "service_list": chain.services,
        "protocol": PROTOCOLS.get(chain.protocol, chain.protocol),
        "created": state.created,
        "error_msg": state.error,
    }


def _instance(item: JsonDict) -> dict[str, object]:
    short = item["fq_name"][-1]
    return {
        "name": colons(item["fq_name"]),
        "service_chain": short[CHAIN_ID] if short.startswith(SERVICE[1:]) else None,
        "connections": names_referred_to(item, "routing-instance"),
    }


def _logging(_given: Parameters) -> Message:
    return Message("SandeshLoggingParams", {"enable": True, "category": "", "log_level": "SYS_DEBUG"})
