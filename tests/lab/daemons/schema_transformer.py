# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema transformer: turns networks, policies and services into routing instances with route targets.

Works by comparing what should be there with what is there, so it can begin at any moment and never writes
without need. How each chain fares is kept in `chains`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lab.core.faults import Faults
from lab.daemons.access_lists import AccessLists
from lab.daemons.bgp_mesh import BgpMesh
from lab.daemons.follow_ups import BuiltSide, FollowUps
from lab.daemons.objects import JsonDict, ObjectStore, colons, names_referred_to, primary_instance, references
from lab.daemons.policies import ServiceChain, read_policies
from lab.daemons.route_targets import RouteTargets
from lab.daemons.routing_instances import IMPORT_EXPORT, INFORMATION, ChainBuilder, WantedInstance, connect, primary
from lab.daemons.services import Service, check_services

LOG = logging.getLogger(__name__)
SERVICE_INSTANCE_NAME = re.compile(r"^service-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-")
WITHOUT_TARGETS = frozenset({"default-domain:default-project:__link_local__"})
EXTRA_INSTANCES = {  # instances that are no network's own and get an automatic target all the same
    "default-domain:default-project:dci-network:__default__": "default-domain:default-project:dci-network"
}


@dataclass(frozen=True)
class ChainState:
    """How a service chain fares.

    `error` is the schema transformer's text for the last fault it found (with `created` true: the chain
    stands on what is left); `unattached` are the networks of the chain whose policies do not ask for it,
    about which the schema transformer says nothing.
    """

    chain: ServiceChain
    created: bool
    error: str | None = None
    unattached: tuple[str, ...] = ()

    @property
    def reason(self) -> str | None:
        """Why the chain is not there or not whole, in words; None if all is well."""
        if self.unattached:
            return f"no policy with this rule is attached to {', '.join(self.unattached)}"
        return self.error


class SchemaTransformer:
    """Keeps routing instances and route targets in step with networks, policies and services.

    `former` are the names of service routing instances that were taken out again, in that order.
    """

    def __init__(self, store: ObjectStore, faults: Faults | None = None) -> None:
        self._store = store
        self._faults = faults or Faults()
        self._targets = RouteTargets(store)
        self._access_lists = AccessLists(store)
        self._bgp_mesh = BgpMesh(store)
        self._follow_ups = FollowUps(store, self._targets)
        self.chains: list[ChainState] = []
        self.former: dict[str, None] = {}

    def reconcile(self) -> bool:
        """Bring routing instances, route targets and access lists about; say whether anything changed."""
        if self._faults.condition("schema", "held"):
            return False
        present = {colons(item["fq_name"]): item for item in self._store.objects("routing-instance")}
        wanted, automatic = self._wanted(present)
        changed = self._access_lists.reconcile() | self._bgp_mesh.reconcile() | self._remove(present, wanted)
        for instance in wanted.values():
            for target in sorted(instance.targets.keys() | {automatic[instance.name]} - {""}):
                changed |= self._targets.ensure(target)
        for name in wanted.keys() - present.keys():
            self._create(wanted[name])
            changed = True
        for instance in wanted.values():
            changed |= self._adjust(instance, automatic[instance.name])
        used = {target for instance in wanted.values() for target in instance.targets} | set(automatic.values())
        followed, theirs = self._follow_ups.reconcile(_sides(wanted), set(automatic.values()))
        return self._targets.collect((used | theirs) - {""}) or followed or changed

    def _wanted(self, present: Mapping[str, JsonDict]) -> tuple[dict[str, WantedInstance], dict[str, str]]:
        """Return the routing instances that must be there, and the automatic targets of all, by name."""
        networks = {
            colons(network["fq_name"]): network
            for network in sorted(self._store.objects("virtual-network"), key=lambda item: list(item["fq_name"]))
        }
        primaries = {
            name: primary(network) for name, network in networks.items() if primary_instance(network) in present
        }
        wanted = {instance.name: instance for instance in primaries.values()}
        for name, network in EXTRA_INSTANCES.items():
            if name in present:
                wanted[name] = WantedInstance(name, network)
        automatic: dict[str, str] = {}
        self._number(sorted(wanted.values(), key=lambda one: one.name), present, automatic)
        intent = read_policies(self._store)
        for pair, asking in intent.joins.items():
            if pair <= asking and pair <= primaries.keys():
                connect(*(primaries[name] for name in sorted(pair)))
        self.chains = []
        for chain, asking in intent.chains.items():
            state, services = self._judge(chain, asking)
            self.chains.append(state)
            if state.created and {chain.left, chain.right} <= primaries.keys():
                builder = ChainBuilder(chain, networks[chain.left], networks[chain.right], automatic)
                built = builder.build(services, primaries)
                self._number(built, present, automatic)
                wanted |= {instance.name: instance for instance in built}
        return wanted, automatic

    def _number(
        self, instances: list[WantedInstance], present: Mapping[str, JsonDict], automatic: dict[str, str]
    ) -> None:
        """Give each instance its automatic target; those that want none get an empty text."""
        taken = {target for item in present.values() for target in names_referred_to(item, "route-target")}
        for instance in instances:
            if instance.network in WITHOUT_TARGETS:
                automatic[instance.name] = ""
            else:
                automatic[instance.name] = self._targets.automatic(
                    present.get(instance.name), taken | set(automatic.values())
                )

    def _judge(self, chain: ServiceChain, asking: set[str]) -> tuple[ChainState, list[Service]]:
        unattached = tuple(name for name in (chain.left, chain.right) if name not in asking)
        if unattached:
            return ChainState(chain, created=False, unattached=unattached), []
        if text := self._message(chain):
            return ChainState(chain, created=False, error=text), []
        check = check_services(self._store, chain)
        return ChainState(chain, created=check.complete, error=check.error), check.services

    def _message(self, chain: ServiceChain) -> str | None:
        """Return what a fault lets the schema transformer find wrong with a chain."""
        for service in chain.services:
            for network in (chain.left, chain.right):
                if fault := self._faults.condition("schema", "message", service=service, network=network):
                    return fault.reason or f"Service instance {service} not found "
        return None

    def _remove(self, present: Mapping[str, JsonDict], wanted: Mapping[str, WantedInstance]) -> bool:
        """Take out service instances of chains that are no more; say whether there were any."""
        gone = {
            name: item
            for name, item in present.items()
            if name not in wanted and SERVICE_INSTANCE_NAME.match(item["fq_name"][-1])
        }
        for item in present.values():
            kept = [one for one in references(item, "routing-instance") if colons(one["to"]) not in gone]
            if len(kept) != len(references(item, "routing-instance")):
                self._store.update(
                    item["uuid"], {"routing_instance_refs": [] if colons(item["fq_name"]) in gone else kept}
                )
        for item in gone.values():
            for kind in ("routing-policy", "route-aggregate"):
                for user in self._store.back_references(item["uuid"], kind):
                    self._store.update_reference(user["uuid"], "routing-instance", item["uuid"], "DELETE")
            self._store.delete(item["uuid"])
            self.former[colons(item["fq_name"])] = None
            LOG.info("routing instance %s is gone", colons(item["fq_name"]))
        return bool(gone)

    def _create(self, instance: WantedInstance) -> None:
        self._store.create(
            "routing-instance",
            {
                "fq_name": instance.name.split(":"),
                "parent_type": "virtual-network",
                "routing_instance_has_pnf": False,
                **instance.information,
            },
        )
        LOG.info("routing instance %s", instance.name)

    def _adjust(self, wanted: WantedInstance, automatic: str) -> bool:
        """Give an instance its targets, connections and chain information; say whether it lacked any."""
        item = self._store.find("routing-instance", wanted.name.split(":"))
        if item is None:
            return False
        targets = wanted.targets | ({automatic: IMPORT_EXPORT} if automatic else {})
        body: JsonDict = {}
        if targets != {
            colons(one["to"]): (one.get("attr") or {}).get("import_export") for one in references(item, "route-target")
        }:
            body["route_target_refs"] = [
                {"to": [target], "attr": {"import_export": direction}} for target, direction in sorted(targets.items())
            ]
        if wanted.connections != set(names_referred_to(item, "routing-instance")):
            body["routing_instance_refs"] = [
                {"to": name.split(":"), "attr": {"destination_instance": None}} for name in sorted(wanted.connections)
            ]
        for name in INFORMATION.values():
            if wanted.information.get(name) != item.get(name):
                body[name] = wanted.information.get(name)
        if body:
            self._store.update(item["uuid"], body)
        return bool(body)


def _sides(wanted: Mapping[str, WantedInstance]) -> Iterator[BuiltSide]:
    """Yield the sides of services that chains stand on."""
    for instance in wanted.values():
        if instance.service:
            information = instance.information.get(INFORMATION[4]) or {}
            address = information.get("service_chain_address")
            yield BuiltSide(instance.service, instance.side, instance.name, address)
