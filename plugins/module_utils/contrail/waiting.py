# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for what Contrail's own daemons do after a change.

svc-monitor allots service addresses to a service instance once its port tuples are complete, and takes them
back when it is gone; the schema transformer makes a routing instance for each service in each network of a
chain, named ``service-<chain uuid>-<service name, parts joined by _>``.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .client import ApiClient
from .config import Item, Key
from .entities import RULE
from .entity import Json, Value, dig, is_empty
from .errors import WaitTimeoutError
from .plan import Snapshot
from .values import FqName, joined

SERVICE_SIDES = ("left", "right")
"""The interface types that get a service address."""

Pending = Callable[[], list[str]]
"""Says what is still missing, in words; nothing when the wait is over."""


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds, and how long between two looks."""

    timeout: float = 60
    interval: float = 1

    def wait(
        self,
        pending: Pending,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look until nothing is pending; raises WaitTimeoutError with what still is."""
        end = clock() + self.timeout
        while True:
            missing = pending()
            if not missing:
                return
            if clock() >= end:
                raise WaitTimeoutError(f"after {self.timeout:g} s {'; '.join(missing)}", verb="wait")
            sleep(min(self.interval, max(end - clock(), 0)))


class ServiceAddresses:
    """The wait for the addresses that svc-monitor gives to service instances."""

    def __init__(self, client: ApiClient, items: Sequence[Item], before: Snapshot) -> None:
        self._client = client
        self._items = items
        self._before = before
        self.found: dict[str, dict[str, list[str]]] = {}

    def appear(self) -> list[str]:
        """Say which side of which service instance has no address yet; notes in ``found`` those that have.

        A service instance without port tuples never gets any, so it is not waited for.
        """
        services = self._read("service-instance", [item.fq_name for item in self._items])
        references = {
            name: dig(stored, ["instance_ip_refs"]) or [] for name, stored in services.items() if stored is not None
        }
        addresses = self._read("instance-ip", [tuple(ref["to"]) for refs in references.values() for ref in refs])
        missing = []
        for item in self._items:
            found: dict[str, list[str]] = {}
            for ref in references.get(item.fq_name, []):
                side = dig(ref, ["attr", "interface_type"]) or ""
                text = dig(addresses.get(tuple(ref["to"])), ["instance_ip_address"])
                if text:
                    found.setdefault(side, []).append(text)
            self.found[joined(item.fq_name)] = {side: sorted(found[side], key=_family) for side in sorted(found)}
            expected = self._sides(item, services.get(item.fq_name))
            missing += [
                f"service-instance {joined(item.fq_name)} has no service address on its {side} interface; "
                "check that svc-monitor runs, that the port has that interface type and its network a subnet"
                for side in expected
                if side not in found
            ]
        return missing

    def vanish(self) -> list[str]:
        """Say which addresses of deleted service instances are still there."""
        stored = [self._before.look("service-instance", item.fq_name) for item in self._items]
        names = [tuple(ref["to"]) for service in stored for ref in dig(service, ["instance_ip_refs"]) or []]
        left = [name for name, found in self._read("instance-ip", names).items() if found is not None]
        return [f"service address {joined(name)} is still there; check that svc-monitor runs" for name in left]

    def _sides(self, item: Item, stored: Json) -> list[str]:
        if is_empty(dig(stored, ["port_tuples"])):
            return []
        named = {side for port_tuple in item.compound.get("port_tuples") or [] for side in port_tuple["ports"]}
        return [side for side in SERVICE_SIDES if not named or side in named]

    def _read(self, kind: str, names: Sequence[FqName]) -> dict[FqName, Json]:
        fields = {
            "service-instance": ("instance_ip_refs", "port_tuples"),
            "instance-ip": ("instance_ip_address",),
        }
        return _by_name(self._client.read([(kind, name) for name in names], fields))


class ServiceRoutingInstances:
    """The wait for the routing instances that the schema transformer makes for a policy's services."""

    def __init__(self, client: ApiClient, items: Sequence[Item], before: Snapshot) -> None:
        self._client = client
        self._items = items
        self._before = before

    def appear(self) -> list[str]:
        """Say in which networks a service of the policies has no routing instance yet.

        Nothing is expected where a rule's networks are not all attached to the policy: the schema transformer
        builds no chain there. With NAT, or in one direction, one network is enough.
        """
        policies = self._client.read(
            [("network-policy", item.fq_name) for item in self._items],
            {"network-policy": ("network_policy_entries", "virtual_network_back_refs")},
        )
        chains = [chain for policy in policies.values() for chain in _chains(policy)]
        built = self._built(network for chain in chains for network in chain.networks)
        nat = self._with_nat({service for chain in chains for service in chain.services})
        missing = []
        for chain in chains:
            one_is_enough = chain.one_way or bool(nat & set(chain.services))
            for service in chain.services:
                lacking = [name for name in chain.networks if not _has_service(built[name], service)]
                if lacking and (not one_is_enough or len(lacking) == len(chain.networks)):
                    missing.append(
                        f"service {service} has no routing instance in "
                        f"{', '.join(map(joined, lacking))}; check that the schema transformer "
                        "runs, and that the service instance has its service addresses"
                    )
        return missing

    def vanish(self) -> list[str]:
        """Say in which networks a service of the deleted policies still has a routing instance."""
        stored = [self._before.look("network-policy", item.fq_name) for item in self._items]
        chains = [chain for policy in stored for chain in _chains(policy)]
        built = self._built(network for chain in chains for network in chain.networks)
        left = {
            (service, name)
            for chain in chains
            for service in chain.services
            for name in chain.networks
            if _has_service(built[name], service)
        }
        return [
            f"service {service} still has a routing instance in {joined(name)}; check that the schema transformer runs"
            for service, name in sorted(left)
        ]

    def _built(self, networks: Iterable[FqName]) -> dict[FqName, list[str]]:
        """Return the names of each network's routing instances."""
        return {
            network: [
                item["fq_name"][-1]
                for item in self._client.list_objects("routing-instance", {"parent_fq_name_str": joined(network)})
                if tuple(item["fq_name"][:-1]) == network
            ]
            for network in set(networks)
        }

    def _with_nat(self, services: Iterable[str]) -> set[str]:
        """Return the services whose template is in-network-nat; they leave no trace on their right side."""
        keys: list[Key] = [("service-instance", tuple(service.split(":"))) for service in services]
        stored = _by_name(self._client.read(keys, {"service-instance": ("service_template_refs",)}))
        template_of = {
            joined(name): tuple(ref["to"])
            for name, service in stored.items()
            for ref in dig(service, ["service_template_refs"]) or []
        }
        wanted: list[Key] = [("service-template", name) for name in template_of.values()]
        fields = {"service-template": ("service_template_properties",)}
        templates = _by_name(self._client.read(wanted, fields))
        path = ["service_template_properties", "service_mode"]
        return {service for service, name in template_of.items() if dig(templates.get(name), path) == "in-network-nat"}


@dataclass(frozen=True)
class _Chain:
    """A policy rule with services: their names, and the networks between which they stand."""

    services: tuple[str, ...]
    networks: tuple[FqName, ...]
    one_way: bool


def _chains(policy: Json) -> list[_Chain]:
    """Return the rules of a stored policy that make service chains, as far as it is attached."""
    attached = {tuple(ref["to"]) for ref in dig(policy, ["virtual_network_back_refs"]) or []}
    chains = []
    for stored in dig(policy, ["network_policy_entries", "policy_rule"]) or []:
        rule = RULE.decode(stored)
        sides = [_networks(rule.get(side)) & attached for side in ("source", "destination")]
        if rule.get("services") and all(sides):
            networks = tuple(sorted(sides[0] | sides[1]))
            chains.append(_Chain(tuple(rule["services"]), networks, rule.get("direction") == ">"))
    return chains


def _networks(addresses: Value) -> set[FqName]:
    return {tuple(item["network"].split(":")) for item in addresses or [] if item.get("network")}


def _has_service(routing_instances: Iterable[str], service: str) -> bool:
    built_for = re.compile(f"service-[0-9a-f-]{{36}}-{re.escape(service.replace(':', '_'))}")
    return any(built_for.fullmatch(name) for name in routing_instances)


def _by_name(objects: Mapping[Key, Json]) -> dict[FqName, Json]:
    return {key[1]: stored for key, stored in objects.items()}


def _family(text: str) -> tuple[int, int]:
    address = ipaddress.ip_address(text)
    return address.version, int(address)
