# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What network policies ask for: service chains, and networks that are joined without a service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import NAMESPACE_OID, uuid5

from lab.daemons.objects import JsonDict, ObjectStore, colons, listed, references

Ports = tuple[tuple[int, int], ...]
ANY_PORT = {"start_port": -1, "end_port": -1}


@dataclass(frozen=True)
class ServiceChain:
    """A rule that sends traffic between two networks through services, in order; names with colons."""

    left: str
    right: str
    direction: str
    protocol: str
    source_ports: Ports
    destination_ports: Ports
    services: tuple[str, ...]

    @property
    def identifier(self) -> str:
        """A uuid that stays the same while the rule says the same."""
        return str(uuid5(NAMESPACE_OID, repr(self)))


@dataclass
class Intent:
    """What all policies together ask for.

    `chains` maps each chain, and `joins` each pair of networks, to the networks whose policies ask for it: it
    comes about when both of its networks do.
    """

    chains: dict[ServiceChain, set[str]] = field(default_factory=dict)
    joins: dict[frozenset[str], set[str]] = field(default_factory=dict)


def read_policies(store: ObjectStore) -> Intent:
    """Read the rules of all policies that are attached to a network with a sequence; others do not count."""
    networks = {colons(network["fq_name"]): network for network in store.objects("virtual-network")}
    attached: dict[str, list[str]] = {}
    for name, network in networks.items():
        for policy in policies_of(store, network):
            attached.setdefault(colons(policy["fq_name"]), []).append(name)
    intent = Intent()
    for name, network in networks.items():
        for policy in policies_of(store, network):
            for rule in listed(policy, "network_policy_entries", "policy_rule"):
                _read_rule(intent, rule, name, networks, attached)
    return intent


def policies_of(store: ObjectStore, network: JsonDict) -> list[JsonDict]:
    """Return a network's policies in the order of their sequence."""
    sequenced = [
        ((sequence.get("major") or 0, sequence.get("minor") or 0), reference["uuid"])
        for reference in references(network, "network-policy")
        if (sequence := (reference.get("attr") or {}).get("sequence"))
    ]
    found = (store.get(uuid) for _order, uuid in sorted(sequenced, key=lambda entry: entry[0]))
    return [policy for policy in found if policy]


def _read_rule(
    intent: Intent,
    rule: JsonDict,
    network: str,
    networks: Mapping[str, JsonDict],
    attached: Mapping[str, list[str]],
) -> None:
    """Add to the intent what a rule asks for on behalf of one network that its policy is attached to."""
    action = rule.get("action_list") or {}
    services = tuple(action.get("apply_service") or ())
    if services:
        for left, right in _ends_of_chains(rule, network, networks):
            chain = ServiceChain(
                left=left,
                right=right,
                direction=rule.get("direction") or ">",
                protocol=rule.get("protocol") or "any",
                source_ports=_ports(rule.get("src_ports")),
                destination_ports=_ports(rule.get("dst_ports")),
                services=services,
            )
            intent.chains.setdefault(chain, set()).add(network)
        return
    for left in _networks(rule.get("src_addresses"), network, networks, attached):
        for right in _networks(rule.get("dst_addresses"), network, networks, attached):
            if left == right or network not in (left, right) or not {left, right} <= networks.keys():
                continue
            if action.get("simple_action") == "pass":
                intent.joins.setdefault(frozenset((left, right)), set()).add(network)


def _ends_of_chains(rule: JsonDict, network: str, networks: Mapping[str, JsonDict]) -> Iterator[tuple[str, str]]:
    """Yield the networks of each chain that a rule asks for on behalf of one of them, left and right.

    A network is meant by its name, by `local` and by `any`, as the destination before as the source. The other end
    has to be named, or is `any` for all of the project; a policy and a bare prefix mean none.
    """
    for source in rule.get("src_addresses") or ():
        for destination in rule.get("dst_addresses") or ():
            left, right = (
                network if end.get("virtual_network") == "local" else end.get("virtual_network")
                for end in (source, destination)
            )
            if right in (network, "any"):
                for other in _other_ends(left, network, networks):
                    yield other, network
            elif left in (network, "any"):
                for other in _other_ends(right, network, networks):
                    yield network, other


def _other_ends(name: str | None, network: str, networks: Mapping[str, JsonDict]) -> list[str]:
    """Return the networks that the other end of a chain names."""
    if name == "any":
        project = network.rpartition(":")[0]
        return [other for other in networks if other.rpartition(":")[0] == project and other != network]
    return [name] if name and name in networks and name != network else []


def _networks(
    addresses: list[JsonDict] | None,
    network: str,
    networks: Mapping[str, JsonDict],
    attached: Mapping[str, list[str]],
) -> Iterator[str]:
    """Yield the networks that a rule's addresses mean; bare prefixes mean none."""
    for address in addresses or []:
        name = address.get("virtual_network")
        if name == "local":
            yield network
        elif name == "any":
            project = network.rpartition(":")[0]
            yield from (other for other in networks if other.rpartition(":")[0] == project)
        elif name:
            yield name
        elif address.get("network_policy"):
            yield from attached.get(address["network_policy"], ())


def _ports(ports: list[JsonDict] | None) -> Ports:
    return tuple((port.get("start_port", -1), port.get("end_port", -1)) for port in ports or [ANY_PORT])
