# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From Contrail's objects to chains, networks and services, as far as the data model can say what they are."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..intent.schema import NETWORK_PROPERTIES

Item = Mapping[str, Any]

DEFAULT_IPAM = "default-domain:default-project:default-network-ipam"
SIDES = ("left", "right")
MODES = ("in-network", "in-network-nat")
TYPES = ("firewall", "analyzer", "source-nat", "loadbalancer")

RULE_KEYS = frozenset(
    ("direction", "protocol", "source", "destination", "source_ports", "destination_ports", "action", "services")
)
END_KEYS = frozenset(("network", "subnet"))
"""What the data model can say of a rule, and of an end of it."""

WITH_PORTS = ("tcp", "udp", "sctp", "6", "17", "132")
ALL_PORTS = ("any", "0-65535")
HEAT_ALL_PORTS = "0-4095"
"""What Heat writes for all ports, beside a protocol that has none."""


class UndescribedError(Exception):
    """Something that the data model has no words for; the text says what."""


@dataclass
class Known:
    """The objects in Contrail, by full name, as items of the modules' ``config``.

    ``sides`` are the networks of a service instance in the order of its template's interfaces, ``tuples`` by instance
    its port tuples, each with its ports by interface.
    """

    domain: str
    project: str
    networks: Mapping[str, Item]
    templates: Mapping[str, Item]
    instances: Mapping[str, Item]
    policies: Mapping[str, Item]
    sides: Mapping[str, Sequence[str]]
    tuples: Mapping[str, Mapping[str, Mapping[str, str]]]
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, contrail: Mapping[str, Iterable[Item]], domain: str, project: str) -> Known:
        """Return what lists of objects say, as :func:`.adopt` takes them."""

        def configs(kind: str) -> dict[str, Item]:
            return {item["fq_name"]: item["config"] for item in contrail.get(kind) or ()}

        return cls(
            domain,
            project,
            networks=configs("networks"),
            templates=configs("templates"),
            instances=configs("instances"),
            policies=configs("policies"),
            sides={item["fq_name"]: _sides(item) for item in contrail.get("instances") or ()},
            tuples=_tuples(contrail.get("ports") or ()),
        )

    def key(self, full_name: str) -> str:
        """Return the name under which the data model keeps an object."""
        return full_name.rpartition(":")[2]

    def is_ours(self, full_name: str) -> bool:
        """Return whether an object is of the project that is adopted; others' are only referred to."""
        return full_name.split(":")[:2] == [self.domain, self.project]

    def place(self, full_name: str) -> Item:
        """Return the keys that say where an object stands if it is not the usual domain and project."""
        domain, project = full_name.split(":")[:2]
        found = {"domain": domain} if domain != self.domain else {}
        return {**found, "project": project} if project != self.project or found else {}

    def short(self, full_name: str) -> str:
        """Return a name as tasks of the usual domain and project write it."""
        return full_name.removeprefix(f"{self.domain}:").removeprefix(f"{self.project}:")


def _sides(instance: Item) -> list[str]:
    entries = (instance.get("service_instance_properties") or {}).get("interface_list") or ()
    return [entry.get("virtual_network") or "" for entry in entries]


def _tuples(ports: Iterable[Item]) -> dict[str, dict[str, dict[str, str]]]:
    """Return by service instance its port tuples, each with its ports by interface; all names in full.

    A port that plays no part yet is there by an empty interface.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    for port in ports:
        interface = (port.get("virtual_machine_interface_properties") or {}).get("service_interface_type") or ""
        for reference in port.get("port_tuple_refs") or ():
            instance, _colon, name = reference["name"].rpartition(":")
            found.setdefault(instance, {}).setdefault(name, {})[interface] = port["fq_name"]
    return found


# --- chains -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FoundChain:
    """A policy's chain; networks and services by full name."""

    policy: str
    left: str
    right: str
    direction: str
    services: tuple[str, ...]
    matches: tuple[Item, ...]
    sequence: Item | None

    @property
    def sides(self) -> tuple[tuple[str, str], ...]:
        """The two sides as (word, network)."""
        return (("left", self.left), ("right", self.right))

    def described(self, known: Known) -> Item:
        """Return the chain as the data model has it, without what is behind routers."""
        return given(
            {
                **known.place(self.policy),
                **{word: {"network": known.key(network)} for word, network in self.sides},
                "services": [known.key(name) for name in self.services],
                "direction": "forward" if self.direction == ">" else None,
                "match": list(self.matches),
                "sequence": self.sequence,
            }
        )


def wanted_policies(known: Known, policies: Sequence[str]) -> Iterator[str]:
    """Yield the full names of the policies that are to be adopted: those named, else all that apply services."""
    if not policies:
        for name, policy in known.policies.items():
            if any(rule.get("services") for rule in policy.get("rules") or ()):
                yield name
        return
    full = {known.short(name): name for name in known.policies} | {name: name for name in known.policies}
    for name in dict.fromkeys(policies):
        if name in full:
            yield full[name]
        else:
            known.remarks.append(f"there is no policy {name}")


def found_chain(known: Known, policy: str) -> FoundChain:
    """Return the chain of a policy; raises UndescribedError where it is none, or one that the data model cannot say."""
    rules = known.policies[policy].get("rules") or ()
    if not rules:
        raise UndescribedError("it has no rules")
    matches = [_match(known, policy, rule, number) for number, rule in enumerate(rules, start=1)]
    first = rules[0]
    for number, rule in enumerate(rules[1:], start=2):
        for what, of in (("ends", _ends), ("direction", _direction), ("services", _services_of)):
            if of(rule) != of(first):
                raise UndescribedError(f"rule {number} has other {what} than rule 1; a chain has the same in all rules")
    (left, right), services = _ends(first), _services_of(first)
    for name in services:
        if name not in known.instances:
            raise UndescribedError(f"there is no service instance {known.short(name)}")
    return FoundChain(
        policy,
        left,
        right,
        _direction(first),
        services,
        matches=() if matches == [{}] else tuple(match or {"protocol": "any"} for match in matches),
        sequence=_sequence(known, policy, (left, right)),
    )


def _services_of(rule: Item) -> tuple[str, ...]:
    return tuple(rule.get("services") or ())


def _direction(rule: Item) -> str:
    return str(rule.get("direction") or "<>")


def _ends(rule: Item) -> tuple[str, str]:
    left, right = (str(rule[side][0]["network"]) for side in ("source", "destination"))
    return left, right


def _match(known: Known, policy: str, rule: Item, number: int) -> Item:
    """Return the traffic of a rule, nothing for all traffic; raises UndescribedError."""
    where = f"rule {number}"
    if not _services_of(rule):
        raise UndescribedError(f"{where} applies no service")
    if (rule.get("action") or "pass") != "pass":
        raise UndescribedError(f"{where} has the action {rule['action']}")
    more = sorted(key for key, value in rule.items() if key not in RULE_KEYS and value)
    if more:
        raise UndescribedError(f"{where} has {' and '.join(more)}, for which the data model has no key")
    for side in ("source", "destination"):
        _refuse_end(known, f"{where}, {side}", rule.get(side) or ())
    protocol = str(rule.get("protocol") or "any")
    return given(
        {
            "protocol": None if protocol == "any" else protocol,
            "source": rule["source"][0].get("subnet"),
            "destination": rule["destination"][0].get("subnet"),
            **{
                f"{side}_ports": _ports(known, policy, f"{where}, {side}_ports", rule.get(f"{side}_ports"), protocol)
                for side in ("source", "destination")
            },
        }
    )


def _refuse_end(known: Known, where: str, end: Sequence[Item]) -> None:
    """Raise UndescribedError for an end of a rule that is not one network by its name."""
    if len(end) != 1:
        raise UndescribedError(f"{where}: has {len(end)} addresses; a chain has one network at each end")
    more = sorted(key for key, value in end[0].items() if key not in END_KEYS and value)
    network = str(end[0].get("network") or "")
    if more or network in {"", "any", "local"}:
        word = " and ".join([*more, *([network] if network in {"any", "local"} else [])]) or "no network"
        raise UndescribedError(f"{where}: is {word}; a chain has one network at each end, by its name")
    if network not in known.networks:
        raise UndescribedError(
            f"{where}: there is no network {known.short(network)}, or this user has no permission to read it"
        )


def _ports(known: Known, policy: str, where: str, ports: Any, protocol: str) -> list[int | str]:
    """Return the ports of a rule, none for all of them."""
    written = [str(each) for each in ports or ()]
    if not written or any(each in ALL_PORTS for each in written):
        return []
    if protocol in WITH_PORTS:
        return [int(each) if each.isdigit() else each for each in written]
    if written != [HEAT_ALL_PORTS]:
        raise UndescribedError(f"{where}: has ports {', '.join(written)} beside protocol {protocol}, which has none")
    known.remarks.append(
        f"policy {known.short(policy)}: {where}: has {HEAT_ALL_PORTS} beside protocol {protocol}, as Heat writes it;"
        " the data model has no ports beside such a protocol, so the site would write all ports"
    )
    return []


def _sequence(known: Known, policy: str, ends: Sequence[str]) -> Item | None:
    """Return the sequence with which a policy is attached, and tell where that is not the same at both ends."""
    short = known.short(policy)
    attached = [
        next((each for each in known.networks[end].get("policies") or () if each["name"] == policy), None)
        for end in ends
    ]
    if not all(attached):
        known.remarks.append(f"policy {short} is not attached to both of its networks; the site will attach it")
    sequences = [each.get("sequence") or {} for each in attached if each]
    if any(sequence != sequences[0] for sequence in sequences):
        known.remarks.append(f"policy {short} has another sequence on each network; the first one is taken")
    return {part: number for part, number in sequences[0].items() if number} if sequences else None


# --- networks ---------------------------------------------------------------------------------------------------------


def targets_both_ways(network: Item) -> list[str]:
    """Return the route targets of a network that go both ways: one that is imported and exported does, too."""
    imported, exported = (
        [bare(each) for each in network.get(key) or ()] for key in ("import_route_targets", "export_route_targets")
    )
    both = [bare(each) for each in network.get("route_targets") or ()]
    return list(dict.fromkeys([*both, *(each for each in imported if each in exported)]))


def described_network(known: Known, name: str, target: str | None) -> Item:
    """Return a network as the data model has it; ``target`` is that of the routers' VRFs, if they have one."""
    network = known.networks[name]
    targets = [bare(each) for each in network.get("route_targets") or ()]
    if target in targets:
        targets.sort(key=lambda each: each != target)
    one_way = {
        option: [bare(each) for each in network.get(option) or ()]
        for option in ("import_route_targets", "export_route_targets")
    }
    ours = known.is_ours(name)
    return given(
        {
            **known.place(name),
            "existing": None if ours else True,
            "subnets": [_subnet(subnet) for subnet in network.get("subnets") or ()],
            "route_target": targets[0] if targets else None,
            "route_targets": targets if len(targets) > 1 else None,
            **one_way,
            **({key: network[key] for key in NETWORK_PROPERTIES if key in network} if ours else {}),
        }
    )


def bare(target: Any) -> str:
    """Return a route target as the data model writes it."""
    return str(target).removeprefix("target:")


def _subnet(subnet: Item) -> Item:
    """Return a subnet without what the server would choose by itself."""
    network = ipaddress.ip_network(subnet["cidr"])
    from_start = bool(subnet.get("allocate_from_start"))
    roomy = network.num_addresses > 3
    chosen = (network[1], network[2]) if from_start and roomy else (network[-2], network[-3]) if roomy else ()
    usual = {**dict(zip(("gateway", "dns_server"), map(str, chosen), strict=False)), "ipam": DEFAULT_IPAM}
    kept = ("gateway", "dns_server", "enable_dhcp", "allocation_pools", "host_routes", "ipam")
    return {
        "cidr": subnet["cidr"],
        **({} if from_start else {"allocate_from_start": False}),
        **{key: subnet[key] for key in kept if subnet.get(key) is not None and subnet[key] != usual.get(key)},
    }


# --- services ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FoundService:
    """A service as the data model has it, and the networks of interfaces other than left and right, in full."""

    described: Item
    networks: Mapping[str, str]

    @property
    def mode(self) -> str:
        """Its mode."""
        return str(self.described["mode"])


def found_service(known: Known, name: str, chain: FoundChain) -> FoundService:
    """Return a service of a chain; one that the data model could not make is described as existing, with a remark.

    Raises UndescribedError where it does not fit into the chain.
    """
    template = known.templates.get(known.instances[name].get("template", ""), {})
    mode = template.get("mode")
    if mode not in MODES:
        word = f"its mode is {mode}" if mode else "its template is not known"
        raise UndescribedError(f"service {known.short(name)} cannot be described: {word}")
    try:
        return _made_service(known, name, template, chain)
    except _ForeignError as error:
        known.remarks.append(f"service {known.short(name)} is taken as existing: {error}")
    interfaces, ends = _legs(known, name, template)
    networks = {interface: network for interface, network in ends.items() if interface not in SIDES}
    whole = set(SIDES) <= set(interfaces) and all(network in known.networks for network in networks.values())
    described = {
        **known.place(name),
        "existing": True,
        "mode": mode,
        "interfaces": interfaces if whole and interfaces != list(SIDES) else None,
        "networks": {interface: known.key(network) for interface, network in networks.items()} if whole else None,
    }
    return FoundService(given(described), networks if whole else {})


def _legs(known: Known, name: str, template: Item) -> tuple[list[str], dict[str, str]]:
    """Return the interfaces of a service in their order, and the network of each that says one."""
    interfaces = list(dict.fromkeys(str(each["type"]) for each in template.get("interfaces") or ()))
    return interfaces, dict(zip(interfaces, known.sides.get(name, ()), strict=False))


class _ForeignError(Exception):
    """A service that the data model can refer to and not make; the text says why."""


def _made_service(known: Known, name: str, template: Item, chain: FoundChain) -> FoundService:
    instance = known.instances[name]
    interfaces, ends = _legs(known, name, template)
    for word, network in chain.sides:
        if ends.get(word) and ends[word] != network:
            raise UndescribedError(
                f"service {known.short(name)} has network {known.short(ends[word])} on its {word} side, not"
                f" {known.short(network)}"
            )
    _refuse_foreign(known, name, template)
    networks = {interface: network for interface, network in ends.items() if interface not in SIDES}
    for interface, network in networks.items():
        if network not in known.networks:
            shown = known.short(network) or "no network"
            raise _ForeignError(f"its interface {interface} is in {shown}, which cannot be read")
    described = {
        **known.place(name),
        "mode": template["mode"],
        "type": None if template.get("type", "firewall") == "firewall" else template["type"],
        "template": known.key(instance["template"]),
        "interfaces": None if interfaces == list(SIDES) else interfaces,
        "networks": {interface: known.key(network) for interface, network in networks.items()},
        "members": [
            {**{word: known.short(ports[word]) for word in interfaces}, "name": member}
            for member, ports in known.tuples.get(name, {}).items()
        ],
        "ha": instance.get("ha_mode"),
    }
    return FoundService(given(described), networks)


def _refuse_foreign(known: Known, name: str, template: Item) -> None:
    """Raise _ForeignError for a service that the data model cannot make as it stands."""
    instance = known.instances[name]
    interfaces = [str(each["type"]) for each in template.get("interfaces") or ()]
    if not known.is_ours(name):
        raise _ForeignError("it is of another project")
    if template.get("version", 1) != 2:
        raise _ForeignError(f"its template has version {template.get('version', 1)}; the data model makes version 2")
    if instance["template"].rpartition(":")[0] != known.domain:
        raise _ForeignError(f"its template {instance['template']} is of another domain")
    if template.get("virtualization", "virtual-machine") != "virtual-machine":
        raise _ForeignError(f"its template runs it as {template['virtualization']}")
    if template.get("type", "firewall") not in TYPES:
        raise _ForeignError(f"its template has the type {template['type']}")
    if not set(SIDES) <= set(interfaces) or len(set(interfaces)) != len(interfaces):
        raise _ForeignError(f"its template has the interfaces {', '.join(interfaces) or 'none'}")
    _refuse_foreign_ports(known, name, interfaces)


def _refuse_foreign_ports(known: Known, name: str, interfaces: Sequence[str]) -> None:
    if len(known.sides.get(name, ())) != len(interfaces) or not all(known.sides[name]):
        raise _ForeignError("it does not say the network of each interface")
    members = known.tuples.get(name, {})
    if not members:
        raise _ForeignError("it has no port tuple")
    for member, ports in members.items():
        if set(ports) != set(interfaces):
            there = ", ".join(sorted(filter(None, ports))) or "none"
            raise _ForeignError(f"port tuple {member} has ports of the interfaces {there}")


def given(values: Item) -> dict[str, Any]:
    """Leave out what has no value."""
    return {key: value for key, value in values.items() if value is not None and value not in ([], {}, ())}
